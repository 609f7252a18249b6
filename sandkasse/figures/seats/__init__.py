"""Figures about seats: whether they are filled and will stay filled, and what it takes to fill
them."""

from datetime import date, timedelta

from sandkasse.database import Database
from sandkasse.figures.seats import sentences as _sentences  # noqa: F401  (they register)
from sandkasse.figures.seats.ahead import CONTRACT, DAYS_AHEAD, GRADUATION, Ahead, Emptying, ahead
from sandkasse.figures.seats.as_json import SeatFigures, to_json
from sandkasse.figures.seats.as_numbers import narrowed, numbers
from sandkasse.figures.seats.board import (
    SEAT_STATE_NAMES,
    Board,
    Gap,
    Held,
    SeatRow,
    SeatState,
    board,
)
from sandkasse.figures.seats.choice import SeatsChoice, ask
from sandkasse.figures.seats.coverage import Coverage, Filled, PositionFilled, coverage
from sandkasse.figures.seats.due import LONG_DAYS, SOON_DAYS, SeatsDue, due
from sandkasse.figures.seats.needed import Needed, needed
from sandkasse.figures.seats.passing import Part, Passing, Source, Step, passing
from sandkasse.figures.seats.sentences import days_text, part_text
from sandkasse.figures.seats.staying import Staying, staying
from sandkasse.figures.seats.times import Empty, EmptyTimes, empty_times
from sandkasse.people import Actor

HIRES = 5


def all_figures(
    db: Database,
    actor: Actor,
    choice: SeatsChoice,
    *,
    before: date | None = None,
    hires: int = HIRES,
) -> SeatFigures:
    """All figures of one choice. ``before`` None is half a year ahead of the as-of day.

    Errors as for each of them.
    """
    day = ask(db, actor, choice).day
    return SeatFigures(
        coverage(db, actor, choice),
        empty_times(db, actor, choice),
        ahead(db, actor, choice, before or day + timedelta(days=DAYS_AHEAD)),
        passing(db, actor, choice),
        needed(db, actor, choice, hires),
        staying(db, actor, choice),
    )


__all__ = [
    "CONTRACT",
    "DAYS_AHEAD",
    "GRADUATION",
    "HIRES",
    "LONG_DAYS",
    "SEAT_STATE_NAMES",
    "SOON_DAYS",
    "Ahead",
    "Board",
    "Coverage",
    "Empty",
    "EmptyTimes",
    "Emptying",
    "Filled",
    "Gap",
    "Held",
    "Needed",
    "Part",
    "Passing",
    "PositionFilled",
    "SeatFigures",
    "SeatRow",
    "SeatState",
    "SeatsChoice",
    "SeatsDue",
    "Source",
    "Staying",
    "Step",
    "ahead",
    "all_figures",
    "board",
    "coverage",
    "days_text",
    "due",
    "empty_times",
    "narrowed",
    "needed",
    "numbers",
    "part_text",
    "passing",
    "staying",
    "to_json",
]
