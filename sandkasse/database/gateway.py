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
import pyarrow as pa

from sandkasse.database import failures, files, migrations, rewriting
from sandkasse.errors import DatabaseFailed, DatabaseUnusable
from sandkasse.i18n import _

Parameters: TypeAlias = Sequence[Any] | Mapping[str, Any]
#: Rows read to be kept in memory, which later reads may use as a table.
Columns: TypeAlias = pa.Table

log = logging.getLogger("sandkasse")

_opened = count(1)

#: The files that this process has open. Looking at one of them again would let go of its lock.
_open_here: set[Path] = set()
_open_here_turn = threading.Lock()

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
    #: Whether what it writes is part of no figure and no list, so that what is remembered of the
    #: data stays right. Whoever reads it reads it anew.
    aside = False
    #: The hash of the audit's last row once this transaction has written one.
    tail: str | None = None

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

    def __init__(self, path: Path, memory: str, threads: int, *, read_only: bool = False) -> None:
        self._memory, self._threads, self._read_only = memory, threads, read_only
        self._key = path.resolve()
        with _open_here_turn:
            if self._key in _open_here:
                raise failures.open_already(path)
            self._connection = _ready(path, memory, threads, read_only=read_only)
            _open_here.add(self._key)
        self._turn = threading.RLock()
        self._number = next(_opened)
        self._commits = 0
        self._redefinitions = 0
        self._given_up = False
        self.path = path
        #: The hash of the audit's last row as of the last commit; None: to be read.
        self.tail: str | None = None

    @classmethod
    def open(cls, path: Path, *, memory: str = "256MB", threads: int = 2) -> Self:
        """Open the file at ``path``, making and migrating it where needed.

        :raises DatabaseHeld: when another process has it, saying which.
        :raises DatabaseUnusable: when it is not a database, is damaged, or its migrations are not
            a beginning of ours; the file is left as it was.
        :raises DatabaseFailed: when the disk is full.
        """
        return cls(path, memory, threads)

    @classmethod
    def open_to_read(cls, path: Path, *, memory: str = "256MB", threads: int = 2) -> Self:
        """Open an existing file only to read it: not a byte of it changes. It may lack migrations
        of ours (see :attr:`pending`), and then not all that we read is in it.

        Errors as for :meth:`open`.
        """
        return cls(path, memory, threads, read_only=True)

    @property
    def pending(self) -> list[str]:
        """The names of the migrations that a file opened to be read lacks."""
        with self._cursor() as cursor:
            return [migration.name for migration in migrations.pending(cursor, self.path)]

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
        with self._turn, _open_here_turn:
            if not self._read_only:
                with suppress(duckdb.Error):
                    self._connection.execute("CHECKPOINT")
            self._connection.close()
            _open_here.discard(self._key)

    def copy_to(self, target: Path) -> datetime:
        """Copy the file as it is at one moment to a name that is free, with what its log holds
        beside it. Writers wait while bytes are copied; readers do not. Returns the moment.

        :raises OSError: when it cannot be copied; no part of a copy is left.
        """
        return files.copy(self.path, target, self._turn)

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
            tail, self.tail = self.tail, None
            self._commit(cursor)
            self.tail = tx.tail or tail
            self._commits += not tx.aside
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

    def rows(
        self,
        sql: str,
        parameters: Parameters = (),
        beside: Mapping[str, Columns] | None = None,
    ) -> list[tuple[Any, ...]]:
        """All rows of ``sql``, which may name the tables ``beside`` as well."""
        with self._cursor() as cursor:
            for name, columns in (beside or {}).items():
                cursor.register(name, columns)
            return Reader(cursor).rows(sql, parameters)

    def columns(self, sql: str, parameters: Parameters = ()) -> Columns:
        """The rows of ``sql``, to be kept and laid beside later reads (see :meth:`rows`)."""
        with self._cursor() as cursor:
            return cursor.sql(sql, params=_bound(parameters)).to_arrow_table()

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
                self._connection = _ready(
                    self.path, self._memory, self._threads, read_only=self._read_only
                )
            except DatabaseUnusable as error:
                raise DatabaseFailed(error.message) from error
            self._given_up = False


def fold(path: Path) -> None:
    """Bring what stands in the logs beside a file into the file itself, and migrate nothing.

    :raises DatabaseHeld: when another process has it. :raises DatabaseUnusable: when it is damaged.
    :raises DatabaseFailed: when the disk is full.
    """
    _refuse_if_open_here(path)
    connection = _connect(path)
    try:
        connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        raise failures.on_opening(path, error) from error
    finally:
        connection.close()


def refuse_if_held(path: Path) -> None:
    """Try the lock on a file.

    :raises DatabaseHeld: when a process has it, saying which. Whatever else may be wrong with the
        file is not told.
    """
    _refuse_if_open_here(path)
    with suppress(DatabaseUnusable, DatabaseFailed):
        _connect(path, read_only=True).close()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock on a file, so that no process opens it as a database. Inside the block
    this process must not open and close the file: that would let go of the lock.

    :raises DatabaseHeld: when a process has it, saying which. :raises OSError: when it cannot be
        opened.
    """
    _refuse_if_open_here(path)
    try:
        with files.locked(path):
            yield
    except BlockingIOError as error:
        refuse_if_held(path)
        raise failures.held(path, _("unknown")) from error


def _refuse_if_open_here(path: Path) -> None:
    with _open_here_turn:
        if path.resolve() in _open_here:
            raise failures.open_already(path)


def _ready(path: Path, memory: str, threads: int, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """The file opened, for writing up to date, and shut off from the rest of the machine."""
    try:
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and _refuse_unless_ours(path) and not read_only:
            rewriting.rewrite(path)
        connection = _connect(path, memory, threads, read_only=read_only)
    except OSError as error:
        raise DatabaseUnusable(failures.unusable(path, error.strerror or str(error))) from error
    try:
        if not read_only:
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


def _refuse_unless_ours(path: Path) -> bool:
    """Look at an existing file without changing a byte: opening it for writing would already
    bring its write-ahead log into it. Tells whether it is to be written anew."""
    with path.open("rb") as file:
        beginning = file.read(_MAGIC_AT + len(_MAGIC))
    if beginning[_MAGIC_AT:] != _MAGIC:
        reason = _("it is empty") if not beginning else _("it is another kind of file")
        raise DatabaseUnusable(failures.unusable(path, reason))
    connection = _connect(path, read_only=True)
    try:
        migrations.pending(connection, path)
        return rewriting.is_wanted(connection)
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
