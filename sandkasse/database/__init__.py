"""The one gateway to the database file.

One process owns the file; each use takes its own short-lived cursor; writes take turns. Times
go in and come out as aware UTC datetimes and rest in the file as TIMESTAMP in UTC.
"""

from sandkasse.database.gateway import (
    Columns,
    Database,
    Reader,
    Transaction,
    fold,
    locked,
    refuse_if_held,
)
from sandkasse.database.migrations import pending

__all__ = [
    "Columns",
    "Database",
    "Reader",
    "Transaction",
    "fold",
    "locked",
    "pending",
    "refuse_if_held",
]
