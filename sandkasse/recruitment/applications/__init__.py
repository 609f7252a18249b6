"""Applications: students apply for a position, and what happens is appended as events.

See :mod:`sandkasse.application` for what an event means and when it may be. A start takes a seat:
the lowest that is free on the first day, unless another is chosen; on no day are there two in one
seat. Each write says which event it was decided on (``expected_seq``).
"""

from sandkasse.recruitment.applications.changes import Recorded, apply, correct, record, seat_fault
from sandkasse.recruitment.applications.joining import at_sign_in, join, kept_address, part
from sandkasse.recruitment.applications.register import (
    COLUMNS,
    FROM,
    SOURCES,
    Application,
    Applying,
    Told,
    earlier,
    events,
    get,
    mine,
    occupations,
    of_row,
    paper,
    sees_within,
    told,
)
from sandkasse.recruitment.applications.storage import store

__all__ = [
    "COLUMNS",
    "FROM",
    "SOURCES",
    "Application",
    "Applying",
    "Recorded",
    "Told",
    "apply",
    "at_sign_in",
    "correct",
    "earlier",
    "events",
    "get",
    "join",
    "kept_address",
    "mine",
    "occupations",
    "of_row",
    "paper",
    "part",
    "record",
    "seat_fault",
    "sees_within",
    "store",
    "told",
]
