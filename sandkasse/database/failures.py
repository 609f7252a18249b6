"""What DuckDB reports, as our own errors: told apart by its exception types and, where one type
stands for several things, by its words."""

import re
from pathlib import Path

import duckdb

from sandkasse.errors import (
    Conflict,
    DatabaseDamaged,
    DatabaseFailed,
    DatabaseHeld,
    DatabaseUnusable,
    SandkasseError,
)
from sandkasse.i18n import _

_SAME_KEY = ("duplicate key", "unique constraint", "conflict")
_FULL = ("no space left", "file too large", "disk quota", "out of disk")
_DAMAGED = ("corrupt database file", "does not match stored checksum", "could not read enough")


def is_durable(error: duckdb.Error) -> bool:
    """Whether a commit that reported a failure has kept what was written all the same."""
    return "COMMIT succeeded and is durable" in str(error)


def in_our_words(error: duckdb.Error) -> SandkasseError | None:
    """Our error for what went wrong in a read or write; None for a fault in the program."""
    words = str(error).lower()
    if isinstance(error, duckdb.ConstraintException | duckdb.TransactionException) and any(
        sign in words for sign in _SAME_KEY
    ):
        return Conflict(_("Somebody else changed this at the same time. Look again and retry."))
    if any(sign in words for sign in _FULL):
        return _full()
    if any(sign in words for sign in _DAMAGED):
        return _damaged(error)
    if isinstance(error, duckdb.OutOfMemoryException):
        return DatabaseFailed(
            _("This needs more memory than the database may use. Raise SANDKASSE_MEMORY.")
        )
    if isinstance(error, duckdb.IOException | duckdb.FatalException):
        return DatabaseFailed(
            _("The database could not be read or written ({reason}). Nothing was changed.").format(
                reason=_first_line(error)
            )
        )
    return None


def on_opening(path: Path, error: duckdb.Error) -> SandkasseError:
    """Our error for a file that could not be opened."""
    words = str(error)
    if "lock on file" in words:
        holder = re.search(r"PID \d+", words)
        return held(path, holder.group(0) if holder else _("unknown"))
    if any(sign in words.lower() for sign in _FULL):
        return _full()
    return DatabaseUnusable(unusable(path, _first_line(error)))


def unusable(path: Path, reason: str) -> str:
    """The sentence for a file that is not, or no longer, a database of ours."""
    return _(
        "{file} cannot be opened as a Sandkasse database ({reason}). It was left as it is. "
        "Restore it from a backup (sandkasse restore), or name another file in "
        "SANDKASSE_DATABASE."
    ).format(file=path, reason=reason)


def held(path: Path, holder: str) -> DatabaseHeld:
    """Our error for a file that another process has open."""
    return DatabaseHeld(
        _(
            "{file} is in use by another process ({holder}). Stop it, or use a command "
            "that asks the running app: all but import, restore and demo."
        ).format(file=path, holder=holder)
    )


def open_already(path: Path) -> DatabaseHeld:
    """Our error for a file that this very process has open."""
    return DatabaseHeld(_("This process has {file} open already.").format(file=path))


def _damaged(error: duckdb.Error) -> DatabaseDamaged:
    return DatabaseDamaged(
        _(
            "A part of the database file is damaged ({reason}). Nothing was changed. Stop the app "
            "and restore the latest backup (sandkasse restore)."
        ).format(reason=_first_line(error))
    )


def _full() -> DatabaseFailed:
    return DatabaseFailed(_("The disk is full, so nothing was written. Make room and try again."))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
