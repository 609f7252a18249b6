"""Opening, reading, and writing in turns."""

import logging
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

from sandkasse.database import failures, migrations
from sandkasse.errors import DatabaseFailed, DatabaseUnusable
from sandkasse.i18n import _

Parameters: TypeAlias = Sequence[Any] | Mapping[str, Any]

log = logging.getLogger("sandkasse")

_opened = count(1)

#: Where a DuckDB file says that it is one.
_MAGIC, _MAGIC_AT = b"DUCK", 8


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

    #: Whether it changes journeys, which are read by nearly every write and hardly ever change.
    redefines = False

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
    """The open file. Make one with :meth:`open`, and close it when the process ends.

    Every read and write may raise :class:`~sandkasse.errors.DatabaseFailed` when the disk or the
    memory does not suffice. DuckDB gives up on an open file after some of these; the next use
    opens it anew, so that the app goes on by itself once there is room.
    """

    def __init__(self, path: Path, memory: str, threads: int) -> None:
        self._memory, self._threads = memory, threads
        self._connection = _ready(path, memory, threads)
        self._turn = threading.RLock()
        self._number = next(_opened)
        self._commits = 0
        self._redefinitions = 0
        self._given_up = False
        self.path = path

    @classmethod
    def open(cls, path: Path, *, memory: str = "256MB", threads: int = 2) -> Self:
        """Open the file at ``path``, making and migrating it where needed.

        :raises DatabaseHeld: when another process has it, saying which.
        :raises DatabaseUnusable: when it is not a database, is damaged, or its migrations are not
            a beginning of ours; the file is left as it was.
        :raises DatabaseFailed: when the disk is full.
        """
        return cls(path, memory, threads)

    @property
    def version(self) -> tuple[int, int]:
        """Changes with each commit: a key for whatever is worked out from the data."""
        return (self._number, self._commits)

    @property
    def definitions_version(self) -> tuple[int, int]:
        """Changes with each commit that ``redefines``."""
        return (self._number, self._redefinitions)

    def sizes(self) -> dict[str, int]:
        """Bytes on the disk: of the ``database``, and of the ``log`` of what is not in it yet."""
        files = {"database": self.path, "log": self.path.with_name(self.path.name + ".wal")}
        return {name: file.stat().st_size if file.exists() else 0 for name, file in files.items()}

    def close(self) -> None:
        """Write everything into the file itself and let go of it."""
        with self._turn:
            with suppress(duckdb.Error):
                self._connection.execute("CHECKPOINT")
            self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """A cursor of one's own, all of whose reads see one moment of the data."""
        with self._cursor() as cursor:
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            yield Reader(cursor)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Write in turn with others; commits at the end of the block, or undoes all of it.

        :raises Conflict: when the same key was written meanwhile.
        :raises DatabaseFailed: when it could not be written; nothing of it was.
        """
        with self._turn, self._cursor() as cursor:
            cursor.execute("BEGIN")
            tx = Transaction(cursor)
            yield tx
            self._commit(cursor)
            self._commits += 1
            self._redefinitions += tx.redefines

    def _commit(self, cursor: duckdb.DuckDBPyConnection) -> None:
        try:
            cursor.execute("COMMIT")
        except duckdb.FatalException as error:
            if not failures.is_durable(error):
                raise
            # What was written is safe; moving it from the log into the file was what failed.
            self._given_up = True
            log.warning("The file was not brought up to date after a commit", exc_info=error)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """All rows of ``sql``."""
        with self._cursor() as cursor:
            return Reader(cursor).rows(sql, parameters)

    def one(self, sql: str, parameters: Parameters = ()) -> tuple[Any, ...] | None:
        """The first row of ``sql``, or None."""
        with self._cursor() as cursor:
            return Reader(cursor).one(sql, parameters)

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first column of the first row of ``sql``, or None."""
        with self._cursor() as cursor:
            return Reader(cursor).value(sql, parameters)

    def frame(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
        """The rows of ``sql`` as a frame; its times are naive UTC."""
        with self._cursor() as cursor:
            return Reader(cursor).frame(sql, parameters)

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A short-lived cursor; what DuckDB reports inside the block becomes our own errors."""
        if self._given_up:
            self._open_anew()
        cursor = self._connection.cursor()
        try:
            yield cursor
        except duckdb.Error as error:
            if isinstance(error, duckdb.FatalException):
                self._given_up = True
            ours = failures.in_our_words(error)
            if ours is None:
                raise
            raise ours from error
        finally:
            cursor.close()

    def _open_anew(self) -> None:
        """Let go of a file that DuckDB gave up on and open it again.

        While another thread still holds a cursor, DuckDB hands out the old one: a later use
        succeeds.
        """
        with self._turn:
            if not self._given_up:
                return
            self._connection.close()
            try:
                self._connection = _ready(self.path, self._memory, self._threads)
            except DatabaseUnusable as error:
                raise DatabaseFailed(error.message) from error
            self._given_up = False


def _ready(path: Path, memory: str, threads: int) -> duckdb.DuckDBPyConnection:
    """The file opened for writing, up to date, and shut off from the rest of the machine."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            _refuse_unless_ours(path)
        connection = _connect(path, memory, threads)
    except OSError as error:
        raise DatabaseUnusable(failures.unusable(path, error.strerror or str(error))) from error
    try:
        migrations.apply(connection, path)
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        connection.close()
        raise failures.on_opening(path, error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_unless_ours(path: Path) -> None:
    """Look at an existing file without changing a byte: opening it for writing would already
    bring its write-ahead log into it."""
    with path.open("rb") as file:
        beginning = file.read(_MAGIC_AT + len(_MAGIC))
    if beginning[_MAGIC_AT:] != _MAGIC:
        reason = _("it is empty") if not beginning else _("it is another kind of file")
        raise DatabaseUnusable(failures.unusable(path, reason))
    connection = _connect(path, read_only=True)
    try:
        migrations.pending(connection, path)
    except duckdb.Error as error:
        raise failures.on_opening(path, error) from error
    finally:
        connection.close()


def _connect(
    path: Path, memory: str = "256MB", threads: int = 2, *, read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(
            str(path),
            read_only=read_only,
            config={
                "memory_limit": memory,
                "threads": threads,
                "python_enable_replacements": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
    except duckdb.Error as error:
        raise failures.on_opening(path, error) from error
