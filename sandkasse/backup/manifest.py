"""What a backup says of itself, in a JSON file beside it.

A backup is the file ``sandkasse-<UTC time>.duckdb`` and its manifest ``sandkasse-<UTC time>.json``.
The manifest takes its name first and the file last: a file without a manifest is no backup.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandkasse.errors import BackupUnusable
from sandkasse.i18n import _

FORM = 1
_NAME = re.compile(r"sandkasse-\d{8}T\d{6}Z(-\d+)?")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What is in a backup, and how to see that it is what was written."""

    form: int
    file: str
    made_at: datetime
    """The moment that the backup shows."""
    app_version: str
    duckdb_version: str
    migrations: list[str]
    rows: dict[str, int]
    """The number of rows of each table."""
    last_recorded_at: datetime | None
    """When the last thing in its ledger was recorded."""
    wrong: int
    """How many things ``check`` found wrong in it."""
    bytes: int
    sha256: str
    audit_head: str = ""
    """The end of the audit's chain: kept elsewhere, it shows whether the audit was written anew."""

    def to_json(self) -> dict[str, Any]:
        """As JSON says it: times in ISO form with their offset."""
        told = asdict(self)
        told["made_at"] = self.made_at.isoformat()
        told["last_recorded_at"] = self.last_recorded_at and self.last_recorded_at.isoformat()
        return told


def name_of(moment: datetime, folder: Path) -> str:
    """The name, without an ending, of a backup of this moment that is free in the folder."""
    name = f"sandkasse-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    taken, number = name, 1
    while any((folder / f"{taken}{ending}").exists() for ending in (".duckdb", ".json")):
        number += 1
        taken = f"{name}-{number}"
    return taken


def is_ours(path: Path) -> bool:
    """Whether a file or a manifest has a name that only a backup has."""
    return path.suffix in (".duckdb", ".json") and bool(_NAME.fullmatch(path.stem))


def manifest_path(backup: Path) -> Path:
    """Where the manifest of a backup is."""
    return backup.with_suffix(".json")


def read(backup: Path) -> Manifest:
    """The manifest of a backup, given as either of its two files.

    :raises BackupUnusable: when there is none, or it cannot be read.
    """
    path = manifest_path(backup)
    try:
        told = json.loads(path.read_text("utf-8"))
        if told["form"] != FORM:
            raise BackupUnusable(
                _("{file} was written by a newer version of Sandkasse. Install that one.").format(
                    file=path
                )
            )
        told["made_at"] = datetime.fromisoformat(told["made_at"]).astimezone(UTC)
        if told["last_recorded_at"] is not None:
            told["last_recorded_at"] = datetime.fromisoformat(told["last_recorded_at"])
        return Manifest(**told)
    except FileNotFoundError:
        raise BackupUnusable(
            _(
                "{file} has no manifest {manifest}, so nobody knows whether it is whole. Choose "
                "another backup: sandkasse backups lists them."
            ).format(file=backup, manifest=path.name)
        ) from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BackupUnusable(
            _(
                "The manifest {file} cannot be read ({reason}). Choose another backup: sandkasse "
                "backups lists them."
            ).format(file=path, reason=type(error).__name__)
        ) from error


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
