"""Touchpoints: the matters that ideas have with agencies, and what happens in them.

A touchpoint is one matter between an idea and an agency. What happens is appended as events (see
:mod:`sandkasse.matter`); how it stands, how long the agency has had it and who has the ball follow
from them. Each write says which event it was decided on (``expected_seq``).
"""

from sandkasse.touchpoints.changes import (
    AGENCY_KINDS,
    Opening,
    Recorded,
    correct,
    describe,
    open_matter,
    open_within,
    record,
)
from sandkasse.touchpoints.register import (
    PAGE_SIZE,
    Filter,
    Page,
    Told,
    Touchpoint,
    due,
    find,
    get,
    of_idea,
    title_of,
    told,
    told_of_idea,
)

__all__ = [
    "AGENCY_KINDS",
    "PAGE_SIZE",
    "Filter",
    "Opening",
    "Page",
    "Recorded",
    "Told",
    "Touchpoint",
    "correct",
    "describe",
    "due",
    "find",
    "get",
    "of_idea",
    "open_matter",
    "open_within",
    "record",
    "title_of",
    "told",
    "told_of_idea",
]
