"""The file of a database as a file: its logs, whether somebody holds it, and taking a copy.

DuckDB's lock on a file is the process's, and POSIX lets go of it as soon as that process closes
*any* descriptor of the file. So a process that has a database open never opens the file a second
time, not even to read: a copy is made by a child.
"""

import errno
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sandkasse import clock
from sandkasse.database import copier
from sandkasse.i18n import _

#: What DuckDB keeps beside a file: what is committed and not yet in it.
LOG_ENDINGS = (".wal", ".wal.checkpoint", ".wal.recovery")


def logs(path: Path) -> list[Path]:
    """The logs that are beside a database file."""
    beside = (path.with_name(path.name + ending) for ending in LOG_ENDINGS)
    return [log for log in beside if log.exists()]


def size(path: Path) -> int:
    """The bytes of a database file with its logs."""
    return sum(part.stat().st_size for part in (path, *logs(path)))


def remove(path: Path) -> None:
    """Remove a database file with its logs, if it is there."""
    for ending in ("", *LOG_ENDINGS):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder outlast a loss of power."""
    copier.keep(str(folder))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold DuckDB's lock on a file that this process has not open.

    :raises BlockingIOError: when another process holds it. :raises OSError: when the file cannot
        be opened.
    """
    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except PermissionError as error:  # what some systems call a lock that is taken
            raise BlockingIOError(error.errno, error.strerror) from error
        yield


def copy(path: Path, target: Path, still: AbstractContextManager[object]) -> datetime:
    """Copy a database file with its logs to a name that is free, readable for its owner alone and
    safely on the disk. Returns the moment that the copy shows.

    ``still`` is entered for as long as nobody may write; in it, bytes are copied and nothing else.

    :raises OSError: when it cannot be copied; no part of a copy is left.
    """
    if target.exists() or logs(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    try:
        with _copier(path, target) as child:
            _expect(child, "ready", target)
            with still:
                moment = clock.now()
                child.stdin.write("go\n")
                child.stdin.flush()
                _expect(child, "copied", target)
            _expect(child, "kept", target)
    except BaseException:
        remove(target)
        raise
    return moment


@contextmanager
def _copier(path: Path, target: Path) -> Iterator[Any]:
    """The child that copies; it ends with the block, whatever it is doing."""
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-S", copier.__file__, str(path), str(target), *LOG_ENDINGS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.kill()
        with suppress(OSError):  # a word that it did not hear
            child.communicate()


def _expect(child: Any, word: str, target: Path) -> None:
    said = child.stdout.readline().split()
    if said == [word]:
        return
    number = int(said[1]) if said[:1] == ["failed"] else 0
    reason = os.strerror(number) if number else _("the copying was broken off")
    raise OSError(number, reason, str(target))
