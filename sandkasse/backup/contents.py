"""Looking a copy of the database over: every value read, every table counted, every rule asked."""

import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sandkasse import audit, integrity
from sandkasse.database import Database, files


@dataclass(frozen=True)
class Contents:
    """What is in a database file."""

    duckdb_version: str
    migrations: list[str]
    rows: dict[str, int]
    last_recorded_at: datetime | None
    wrong: list[str]
    """The sentences on what breaks a rule."""
    audit_head: str = ""
    """The end of the audit's chain; empty for a file of an earlier version."""


def contents(path: Path, memory: str) -> Contents:
    """What is in a closed file, of which not a byte changes. Every value is read, so that a block
    that is damaged is found.

    A file of an earlier version is checked in a copy that is brought up to date, for our rules are
    about our tables.

    :raises DatabaseUnusable: when it cannot be opened, or is from a newer version.
    :raises DatabaseFailed: when a part of it is damaged.
    """
    with closing(Database.open_to_read(path, memory=memory)) as db:
        rows = integrity.rows_read(db)
        migrations = [name for (name,) in db.rows("SELECT name FROM migration ORDER BY name")]
        found = Contents(
            db.value("SELECT version()"),
            migrations,
            rows,
            db.value("SELECT max(recorded_at) FROM ledger"),
            [],
            "" if db.pending else str(audit.head(db)),
        )
        if not db.pending:
            found.wrong.extend(finding.line for finding in integrity.check(db))
            return found
    found.wrong.extend(_checked_up_to_date(path, memory))
    return found


def _checked_up_to_date(path: Path, memory: str) -> list[str]:
    copy = path.with_name(f"{path.name}.upgraded")
    try:
        shutil.copyfile(path, copy)
        copy.chmod(0o600)
        with closing(Database.open(copy, memory=memory)) as db:
            return [finding.line for finding in integrity.check(db)]
    finally:
        files.remove(copy)
