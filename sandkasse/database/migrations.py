"""Numbered, forward-only migrations, each applied in one transaction with its record.

A migration is recorded by name and checksum. One that has landed is never edited: a changed one,
or a record of one that we do not have (a file from a newer version), stops the start.
"""

import hashlib
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import duckdb

from sandkasse import clock
from sandkasse.errors import DatabaseUnusable
from sandkasse.i18n import _


class Migration(NamedTuple):
    """One numbered file of SQL."""

    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, line ends made equal."""
        return hashlib.sha256(self.sql.replace("\r\n", "\n").encode()).hexdigest()


def shipped() -> list[Migration]:
    """The migrations of this version, in order."""
    folder = resources.files("sandkasse") / "migrations"
    files = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".sql")),
        key=lambda entry: entry.name,
    )
    return [Migration(entry.name.removesuffix(".sql"), entry.read_text("utf-8")) for entry in files]


def pending(connection: duckdb.DuckDBPyConnection, path: Path) -> list[Migration]:
    """The migrations the file lacks. Writes nothing.

    :raises DatabaseUnusable: see :func:`apply`.
    """
    ours = shipped()
    recorded = _recorded(connection, path)
    unknown = sorted(recorded.keys() - {migration.name for migration in ours})
    if unknown:
        raise DatabaseUnusable(
            _(
                "{file} was made by a newer version of Sandkasse (it has {name}). It was left as "
                "it is. Install that version or a later one."
            ).format(file=path, name=", ".join(unknown))
        )
    for migration in ours:
        if migration.name in recorded and recorded[migration.name] != migration.checksum:
            raise DatabaseUnusable(
                _(
                    "The migration {name} differs from the one {file} was made with. The file was "
                    "left as it is. Put the original migration back."
                ).format(name=migration.name, file=path)
            )
    return [migration for migration in ours if migration.name not in recorded]


def apply(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bring the file up to date.

    :raises DatabaseUnusable: when a recorded migration is unknown or changed, when the file holds
        another program's tables, or when a migration fails; nothing of it is kept then.
    """
    for migration in pending(connection, path):
        try:
            _apply_one(connection, migration)
        except duckdb.Error as error:
            # A commit that failed has ended its transaction already.
            with suppress(duckdb.Error):
                connection.execute("ROLLBACK")
            raise DatabaseUnusable(
                _("The migration {name} failed on {file}: {reason}").format(
                    name=migration.name, file=path, reason=str(error).splitlines()[0]
                )
            ) from error
        connection.execute("CHECKPOINT")


def _apply_one(connection: duckdb.DuckDBPyConnection, migration: Migration) -> None:
    connection.execute("BEGIN")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migration "
        "(name VARCHAR NOT NULL, checksum VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)"
    )
    connection.execute(migration.sql)
    connection.execute(
        "INSERT INTO migration VALUES (?, ?, ?)",
        [migration.name, migration.checksum, clock.now().replace(tzinfo=None)],
    )
    connection.execute("COMMIT")


def _recorded(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    """The migrations that the file says it has had, by name; none for an empty database."""
    try:
        found = connection.execute("SELECT name, checksum, applied_at FROM main.migration")
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        if connection.execute("SELECT 1 FROM duckdb_columns() WHERE NOT internal").fetchone():
            raise DatabaseUnusable(
                _("{file} holds another program's tables. Name another file.").format(file=path)
            ) from error
        return {}
    return {name: checksum for name, checksum, _applied_at in found.fetchall()}
