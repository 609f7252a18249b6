"""Opening, reading, and writing in turns."""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Self, TypeAlias

import duckdb
import pandas as pd

from sandkasse.database import migrations
from sandkasse.errors import Conflict, DatabaseHeld, DatabaseUnusable
from sandkasse.i18n import _

Parameters: TypeAlias = Sequence[Any] | Mapping[str, Any]

_opened = count(1)


def _into(value: Any) -> Any:
    """A value as the file keeps it: an aware datetime becomes naive UTC."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def _out(value: Any) -> Any:
    """A value as the program uses it: a naive datetime from the file is UTC."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


def _bound(parameters: Parameters) -> Any:
    if isinstance(parameters, Mapping):
        return {name: _into(value) for name, value in parameters.items()}
    return [_into(value) for value in parameters]


class Reader:
    """Reads through one cursor. Rows are tuples; times are aware UTC datetimes."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """All rows of ``sql``."""
        found = self._cursor.execute(sql, _bound(parameters)).fetchall()
        return [tuple(map(_out, row)) for row in found]

    def one(self, sql: str, parameters: Parameters = ()) -> tuple[Any, ...] | None:
        """The first row of ``sql``, or None."""
        row = self._cursor.execute(sql, _bound(parameters)).fetchone()
        return None if row is None else tuple(map(_out, row))

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first column of the first row of ``sql``, or None."""
        row = self.one(sql, parameters)
        return None if row is None else row[0]

    def frame(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
        """The rows of ``sql`` as a frame; its times are naive UTC."""
        return self._cursor.execute(sql, _bound(parameters)).df()


class Transaction(Reader):
    """Reads and writes that take effect together or not at all."""

    def execute(self, sql: str, parameters: Parameters = ()) -> None:
        """Run one statement."""
        self._cursor.execute(sql, _bound(parameters))

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each of ``rows`` (for many rows use :meth:`insert_frame`)."""
        if rows:
            self._cursor.executemany(sql, [_bound(row) for row in rows])

    def insert_frame(self, table: str, frame: pd.DataFrame) -> None:
        """Append a frame whose column names are the table's; its times are naive UTC."""
        if not re.fullmatch(r"[a-z_]+", table):
            raise ValueError(table)
        columns = ", ".join(f'"{name}"' for name in frame.columns)
        self._cursor.register("incoming", frame)
        try:
            self._cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {columns} FROM incoming"  # noqa: S608
            )
        finally:
            self._cursor.unregister("incoming")


class Database:
    """The open file. Make one with :meth:`open`, and close it when the process ends."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._connection = connection
        self._turn = threading.RLock()
        self._number = next(_opened)
        self._commits = 0
        self.path = path

    @classmethod
    def open(cls, path: Path, *, memory: str = "256MB", threads: int = 2) -> Self:
        """Open the file at ``path``, making and migrating it where needed.

        :raises DatabaseHeld: when another process has it, saying which.
        :raises DatabaseUnusable: when it is not a database, is damaged, or its migrations are not
            a beginning of ours; the file is left as it was.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(path, memory, threads)
        try:
            migrations.apply(connection, path)
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
        except BaseException:
            connection.close()
            raise
        return cls(connection, path)

    @property
    def version(self) -> tuple[int, int]:
        """Changes with each commit: a key for whatever is worked out from the data."""
        return (self._number, self._commits)

    def close(self) -> None:
        """Write everything into the file itself and let go of it."""
        with self._turn:
            with suppress(duckdb.Error):
                self._connection.execute("CHECKPOINT")
            self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """A cursor of one's own, all of whose reads see one moment of the data."""
        cursor = self._connection.cursor()
        try:
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            yield Reader(cursor)
        finally:
            cursor.close()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Write in turn with others; commits at the end of the block, or undoes all of it.

        :raises Conflict: when the same key was written meanwhile.
        """
        with self._turn:
            cursor = self._connection.cursor()
            try:
                cursor.execute("BEGIN")
                yield Transaction(cursor)
                cursor.execute("COMMIT")
                self._commits += 1
            except (duckdb.ConstraintException, duckdb.TransactionException) as error:
                raise Conflict(
                    _("Somebody else changed this at the same time. Look again and retry.")
                ) from error
            finally:
                cursor.close()

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """All rows of ``sql``."""
        with self._cursor() as reader:
            return reader.rows(sql, parameters)

    def one(self, sql: str, parameters: Parameters = ()) -> tuple[Any, ...] | None:
        """The first row of ``sql``, or None."""
        with self._cursor() as reader:
            return reader.one(sql, parameters)

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first column of the first row of ``sql``, or None."""
        with self._cursor() as reader:
            return reader.value(sql, parameters)

    def frame(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
        """The rows of ``sql`` as a frame; its times are naive UTC."""
        with self._cursor() as reader:
            return reader.frame(sql, parameters)

    @contextmanager
    def _cursor(self) -> Iterator[Reader]:
        cursor = self._connection.cursor()
        try:
            yield Reader(cursor)
        finally:
            cursor.close()


def _connect(path: Path, memory: str, threads: int) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(
            str(path),
            config={
                "memory_limit": memory,
                "threads": threads,
                "python_enable_replacements": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
    except duckdb.IOException as error:
        holder = re.search(r"PID (\d+)", str(error))
        if holder or "lock" in str(error).lower():
            raise DatabaseHeld(
                _(
                    "{file} is in use by another process ({holder}). Stop it, or use a command "
                    "that asks the running app: funnel, export or check."
                ).format(file=path, holder=holder.group(0) if holder else "?")
            ) from error
        raise DatabaseUnusable(_unusable(path, error)) from error
    except duckdb.Error as error:
        raise DatabaseUnusable(_unusable(path, error)) from error


def _unusable(path: Path, error: Exception) -> str:
    reason = str(error).splitlines()[0]
    return _(
        "{file} cannot be opened as a Sandkasse database ({reason}). It was left as it is. "
        "Restore it from a backup, or name another file in SANDKASSE_DATABASE."
    ).format(file=path, reason=reason)
