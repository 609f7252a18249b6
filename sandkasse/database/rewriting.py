"""Writing the file anew after an erasure.

What is scrubbed is out of every table at once, but DuckDB leaves the bytes of freed blocks in the
file (measured with 2.0.0: after a checkpoint all of them are there still). A copy of the live rows
into a new file has none of them. That is done when the file is opened next, before anybody uses it.
"""

import logging
import os
from contextlib import closing, suppress
from pathlib import Path

import duckdb

from sandkasse.database import files

log = logging.getLogger("sandkasse")

WANTED = "SELECT count(*) FROM fact WHERE name = 'rewrite'"


def is_wanted(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether something was erased since the file was last written anew."""
    try:
        found = connection.execute(WANTED).fetchone()
    except duckdb.CatalogException:
        return False
    return bool(found and found[0])


def rewrite(path: Path) -> bool:
    """Copy all that the file holds into a new one, and put that in its place; whether it was done.

    The old file stays where it is until the new one is whole and on the disk. Where there is no
    room for both, it is left as it is, and tried again at the next opening.
    """
    made = path.with_name(f".{path.name}.new")
    try:
        files.remove(made)
        _copy(path, made)
        made.chmod(path.stat().st_mode & 0o777)
        made.replace(path)
        files.sync_folder(path.parent)
    except (duckdb.Error, OSError) as error:
        with suppress(OSError):
            files.remove(made)
        log.warning("The file could not be written anew after an erasure: %s", error)
        return False
    return True


def _copy(path: Path, made: Path) -> None:
    with closing(duckdb.connect(str(made))) as connection:
        # Names of files cannot be parameters of ATTACH.
        source = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{source}' AS kept")
        connection.execute("CHECKPOINT kept")
        target = connection.execute("SELECT current_database()").fetchone()
        quoted = str(target[0] if target else "").replace('"', '""')
        connection.execute(f'COPY FROM DATABASE kept TO "{quoted}"')
        _require_same(connection, quoted)
        connection.execute("DELETE FROM fact WHERE name = 'rewrite'")
        connection.execute("DETACH kept")
        connection.execute("CHECKPOINT")
    with made.open("rb+") as file:
        os.fsync(file.fileno())


def _require_same(connection: duckdb.DuckDBPyConnection, made: str) -> None:
    """:raises OSError: when a table has another number of rows, or a definition is missing."""
    tables = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'kept' ORDER BY ALL"
    ).fetchall()
    for (table,) in tables:
        kept, copied = (
            connection.execute(f'SELECT count(*) FROM "{base}"."{table}"').fetchone()  # noqa: S608
            for base in ("kept", made)
        )
        if kept != copied:
            raise OSError(f"{table}: {kept} rows, copied {copied}")
