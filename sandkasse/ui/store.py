"""The open database of this process, and reads that are remembered until a write."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

import streamlit as st

from sandkasse import clock, config
from sandkasse.database import Database
from sandkasse.i18n import language
from sandkasse.start import prepare

P = ParamSpec("P")
T = TypeVar("T")

#: Ages are worked out from the clock, so what is remembered is at most this old.
_MINUTES = 5


@st.cache_resource(show_spinner=False)
def database() -> Database:
    """The database of this process, opened and prepared the first time."""
    return prepare(config.settings())


@lru_cache(maxsize=2_048)
def _remembered(
    _version: tuple[int, int],
    _language: str,
    _slot: int,
    read: Callable[..., Any],
    db: Database,
    args: tuple[Any, ...],
    options: tuple[tuple[str, Any], ...],
) -> Any:
    return read(db, *args, **dict(options))


def remembered(read: Callable[..., T], db: Database, *args: Any, **options: Any) -> T:
    """``read(db, *args, **options)``, worked out once for each state of the data.

    All that the answer depends on is in the key: the data's version, the language, the time to
    five minutes, and the arguments, with the actor among them. Arguments must be hashable, and
    nobody may change the answer.
    """
    slot = int(clock.now().timestamp() // (60 * _MINUTES))
    answer: T = _remembered(
        db.version, language(), slot, read, db, args, tuple(sorted(options.items()))
    )
    return answer


def hits_and_misses() -> tuple[int, int]:
    """How many reads were at hand, and how many were read anew, since the process began."""
    told = _remembered.cache_info()
    return told.hits, told.misses
