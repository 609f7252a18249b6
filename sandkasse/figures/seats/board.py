"""The seat board: one row a seat, with who has held it and when it stood empty.

A seat is *planned* until it is advertised; then *advertised* until somebody works in it, *filled*
while the first one does, *ended* when nobody does any more, and *refilled* while a later one does.
Names are those of people whose applications the actor may see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sandkasse import clock
from sandkasse.access import Action, reach_application
from sandkasse.database import Database
from sandkasse.figures.seats.choice import SeatsChoice, ask, read
from sandkasse.i18n import N_
from sandkasse.journeys import Text
from sandkasse.people import Actor

PAGE_SIZE = 30


class SeatState(StrEnum):
    """How a seat stands."""

    PLANNED = "planned"
    ADVERTISED = "advertised"
    FILLED = "filled"
    ENDED = "ended"
    REFILLED = "refilled"


SEAT_STATE_NAMES = {
    SeatState.PLANNED: N_("Planned"),
    SeatState.ADVERTISED: N_("Advertised"),
    SeatState.FILLED: N_("Filled"),
    SeatState.ENDED: N_("Ended"),
    SeatState.REFILLED: N_("Filled again"),
}


@dataclass(frozen=True)
class Held:
    """A time in which somebody holds a seat; ``last`` None while it lasts, ``until`` is then the
    last day agreed. ``name`` is empty for who may not see it."""

    application_id: int
    name: str
    first: date
    last: date | None
    until: date
    graduation: date | None


@dataclass(frozen=True)
class Gap:
    """Days, both included, on which the seat was to be held and was not, up to the as-of day."""

    first: date
    last: date


@dataclass(frozen=True)
class SeatRow:
    """A seat with its times, in order."""

    position_id: int
    title: Text
    agency_id: str
    hours: float
    seat_no: int
    begins_on: date
    ends_on: date
    state: SeatState
    held: tuple[Held, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Board:
    """A page of seats, and how many there are in all."""

    choice: SeatsChoice
    as_of: datetime
    known_at: datetime
    rows: tuple[SeatRow, ...]
    total: int

    @property
    def day(self) -> date:
        """The last day that is looked at."""
        return clock.local(self.as_of).date()


_SEATS = """
SELECT position_id, title_nb, title_en, agency_id, hours, seat_no, begins_on, ends_on, status,
       opened_on, count(*) OVER ()
FROM chosen_seat
ORDER BY agency_id, position_id, seat_no
LIMIT $size OFFSET $offset
"""

_HELD = """
SELECT a.position_id, a.seat_no, a.application_id,
       CASE WHEN {reach} THEN coalesce(nullif(a.name, ''), w.name, '') ELSE '' END,
       a.started_on, a.ended_on, a.until_on, a.graduation
FROM candidate AS a
JOIN position AS p ON p.position_id = a.position_id
LEFT JOIN person AS w ON w.person_id = a.person_id
WHERE a.started_on IS NOT NULL AND a.position_id IN (SELECT unnest($shown::BIGINT[]))
ORDER BY a.started_on
"""


def board(
    db: Database, actor: Actor, choice: SeatsChoice, page: int = 1, size: int = PAGE_SIZE
) -> Board:
    """A page (from 1) of the chosen seats, by position and number. Errors as for
    :func:`sandkasse.figures.seats.choice.ask`."""
    question = ask(db, actor, choice)
    seats = read(db, question, _SEATS, size=size, offset=(max(page, 1) - 1) * size)
    reach = reach_application(actor, Action.SEE_APPLICATION)
    held: dict[tuple[int, int], list[tuple[Any, ...]]] = {}
    for key, seat_no, *rest in read(
        db,
        question,
        _HELD.format(reach=f"({reach.sql})"),
        shown=sorted({row[0] for row in seats}),
        **reach.parameters,
    ):
        held.setdefault((key, seat_no), []).append(tuple(rest))
    rows = tuple(_row(row, held.get((row[0], row[5]), []), question.day) for row in seats)
    return Board(choice, question.as_of, question.known_at, rows, int(seats[0][-1]) if seats else 0)


def _row(seat: tuple[Any, ...], told: Sequence[tuple[Any, ...]], day: date) -> SeatRow:
    key, nb, en, agency_id, hours, seat_no, begins_on, ends_on, _status, opened_on, _total = seat
    held = tuple(
        Held(application_id, name, first, last, until or ends_on, graduation)
        for application_id, name, first, last, until, graduation in told
    )
    state = _state(held, opened_on, day)
    gaps = gaps_between(begins_on, min(ends_on, day), held)
    return SeatRow(
        key, Text(nb, en), agency_id, hours, seat_no, begins_on, ends_on, state, held, gaps
    )


def _state(held: Sequence[Held], opened_on: date | None, day: date) -> SeatState:
    if not held:
        return SeatState.PLANNED if opened_on is None else SeatState.ADVERTISED
    if held[-1].last is not None and held[-1].last < day:
        return SeatState.ENDED
    return SeatState.FILLED if len(held) == 1 else SeatState.REFILLED


def gaps_between(first: date, last: date, held: Sequence[Held]) -> tuple[Gap, ...]:
    """The days from ``first`` to ``last``, both included, on which nobody held the seat; ``held``
    is in order of time."""
    gaps = []
    for one in held:
        if one.first > first:
            gaps.append(Gap(first, min(one.first - timedelta(days=1), last)))
        if one.last is None:
            return tuple(gap for gap in gaps if gap.first <= gap.last)
        first = max(first, one.last + timedelta(days=1))
    gaps.append(Gap(first, last))
    return tuple(gap for gap in gaps if gap.first <= gap.last)
