"""Reading every value there is. DuckDB compares a block with its checksum only when it reads the
block, so that damage in a text nobody opens would stay unseen until the backups have it too."""

from collections.abc import Iterator

from sandkasse.database import Database
from sandkasse.errors import DatabaseDamaged
from sandkasse.i18n import _
from sandkasse.integrity.finding import Finding


def rows_read(db: Database) -> dict[str, int]:
    """The number of rows of each table, every value of which was read.

    :raises DatabaseDamaged: when a value cannot be read.
    """
    return {table: _rows_read(db, table) for table in _tables(db)}


def damaged_tables(db: Database) -> Iterator[Finding]:
    """The tables that cannot be read from end to end."""
    for table in _tables(db):
        try:
            _rows_read(db, table)
        except DatabaseDamaged as damaged:
            sentence = _("Table {table}: {damage}").format(table=table, damage=damaged.message)
            yield Finding("damage", None, None, sentence)


def _tables(db: Database) -> list[str]:
    found = db.rows("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY table_name")
    return [table for (table,) in found]


def _rows_read(db: Database, table: str) -> int:
    read = db.one(f'SELECT count(*), bit_xor(hash(whole)) FROM "{table}" AS whole')  # noqa: S608
    return int(read[0]) if read else 0
