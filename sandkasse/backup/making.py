"""Making a backup: a copy of one moment, looked over before it counts as a backup."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeAlias

import sandkasse
from sandkasse.backup import folder as folders
from sandkasse.backup import manifest
from sandkasse.backup.contents import Contents, contents
from sandkasse.backup.folder import Keep, erasures_path
from sandkasse.backup.manifest import FORM, Manifest
from sandkasse.database import files, fold, locked
from sandkasse.errors import BackupFailed, DatabaseFailed, DatabaseUnusable, NotFound
from sandkasse.i18n import _, number_text

_SPARE_BYTES = 16 << 20


class Taken(NamedTuple):
    """The moment that a copy shows, and the version of the program that took it."""

    moment: datetime
    app_version: str


@dataclass(frozen=True)
class Made:
    """A backup that was made, and the earlier ones that rotation removed."""

    path: Path
    manifest: Manifest
    wrong: list[str]
    removed: list[Path]


Take: TypeAlias = Callable[[Path], Taken]


def take_while_nobody_has_it(database: Path, target: Path) -> Taken:
    """Copy a database that no app has open. Not a byte of it is changed, and no app can open it
    meanwhile.

    :raises DatabaseHeld: when a process has it. :raises OSError: when it cannot be copied.
    """
    return Taken(files.copy(database, target, locked(database)), sandkasse.__version__)


def make(database: Path, folder: Path, take: Take, *, keep: Keep, memory: str) -> Made:
    """Back a database up into a folder, and let go of earlier backups that need not be kept.

    ``take`` copies the database to a path: the running app does, or
    :func:`take_while_nobody_has_it`. A backup in which something is wrong is kept and says so;
    nothing is removed then.

    :raises NotFound: when there is no database.
    :raises BackupFailed: when the disk is full, the folder cannot be written to, another backup is
        being made, or the copy cannot be read. No part of a backup is left.
    :raises SandkasseError: what ``take`` raises.
    """
    if not database.exists():
        raise NotFound(_("There is no database at {file}.").format(file=database))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with folders.alone_in(folder):
            folders.remove_unfinished(folder)
            _refuse_without_room(database, folder)
            return _made(database, folder, take, keep, memory)
    except OSError as error:
        raise failed(error, folder) from error


def failed(error: OSError, folder: Path) -> BackupFailed:
    """Our error for a copy that could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return BackupFailed(
            _("The disk of {folder} is full. No backup was made; make room and try again.").format(
                folder=folder
            )
        )
    return BackupFailed(
        _("No backup was made: {file}: {reason}").format(
            file=error.filename or folder, reason=error.strerror or error
        )
    )


def _refuse_without_room(database: Path, folder: Path) -> None:
    needed = files.size(database) + _SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BackupFailed(
            _(
                "A backup needs {needed} MB and {folder} has {free} MB free. No backup was made; "
                "make room and try again."
            ).format(
                needed=number_text(-(-needed >> 20)), folder=folder, free=number_text(free >> 20)
            )
        )


def _made(database: Path, folder: Path, take: Take, keep: Keep, memory: str) -> Made:
    copy = folder / f"{folders.UNFINISHED}{os.getpid()}.duckdb"
    try:
        taken = take(copy)
        found = _looked_over(copy, memory)
        name = manifest.name_of(taken.moment, folder)
        told = Manifest(
            form=FORM,
            file=f"{name}.duckdb",
            made_at=taken.moment,
            app_version=taken.app_version,
            duckdb_version=found.duckdb_version,
            migrations=found.migrations,
            rows=found.rows,
            last_recorded_at=found.last_recorded_at,
            wrong=len(found.wrong),
            bytes=copy.stat().st_size,
            sha256=manifest.sha256(copy),
            audit_head=found.audit_head,
        )
        path = _put_in_place(copy, folder / told.file, told, database)
    finally:
        with suppress(OSError):
            files.remove(copy)
            copy.with_suffix(".json").unlink(missing_ok=True)
    removed = [] if found.wrong else folders.rotate(folder, keep, path)
    return Made(path, told, found.wrong, removed)


def _looked_over(copy: Path, memory: str) -> Contents:
    try:
        fold(copy)
        return contents(copy, memory)
    except (DatabaseUnusable, DatabaseFailed) as error:
        raise BackupFailed(
            _("What was copied cannot be used, so no backup was made. {reason}").format(
                reason=error.message
            )
        ) from error


def _put_in_place(copy: Path, path: Path, told: Manifest, database: Path) -> Path:
    """Give the copy its name. The manifest gets its own first, so that no file with the name of a
    backup is ever without one."""
    folder = path.parent
    log = erasures_path(database)
    if log.exists():
        _written(erasures_path(path), log.read_bytes())
    written = copy.with_suffix(".json")
    text = json.dumps(told.to_json(), ensure_ascii=False, indent=2) + "\n"
    _written(written, text.encode())
    _synced(copy)
    written.rename(manifest.manifest_path(path))
    copy.rename(path)
    files.sync_folder(folder)
    return path


def _written(path: Path, content: bytes) -> None:
    """Write a file for its owner's eyes, safely onto the disk."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _synced(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
