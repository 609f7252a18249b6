"""The one gateway to the database file.

One process owns the file; each use takes its own short-lived cursor; writes take turns. Times
go in and come out as aware UTC datetimes and rest in the file as TIMESTAMP in UTC.
"""

from sandkasse.database.gateway import Columns, Database, Reader, Transaction
from sandkasse.database.migrations import pending

__all__ = ["Columns", "Database", "Reader", "Transaction", "pending"]
