"""Positions: what an agency offers students, how many seats it has, and whether one can apply.

A position describes; its seats, and whether it is open, are decided by events that are appended, so
that what was planned at any earlier time can be read again. A new plan takes the place of the one
before for the whole period: it says how many seats there were to be, from the first day on.
"""

from sandkasse.recruitment.positions.changes import (
    bring_in,
    close,
    create,
    edit,
    open_position,
    plan_seats,
)
from sandkasse.recruitment.positions.description import MOST_HOURS, NO_WORDS, Description, checked
from sandkasse.recruitment.positions.plans import (
    MOST_SEATS,
    check_plan,
    common_days,
    current_seats,
    of_their_own,
    replanned,
    seats,
    with_days,
)
from sandkasse.recruitment.positions.register import (
    CLOSED,
    DRAFT,
    OPEN,
    PAGE_SIZE,
    Filter,
    Page,
    Position,
    find,
    get,
    places,
    planned,
    to_calendar,
    vacant,
)

__all__ = [
    "CLOSED",
    "DRAFT",
    "MOST_HOURS",
    "MOST_SEATS",
    "NO_WORDS",
    "OPEN",
    "PAGE_SIZE",
    "Description",
    "Filter",
    "Page",
    "Position",
    "bring_in",
    "check_plan",
    "checked",
    "close",
    "common_days",
    "create",
    "current_seats",
    "edit",
    "find",
    "get",
    "of_their_own",
    "open_position",
    "places",
    "plan_seats",
    "planned",
    "replanned",
    "seats",
    "to_calendar",
    "vacant",
    "with_days",
]
