"""The agencies whose seats somebody should look at: seats that will soon be empty
(:mod:`sandkasse.figures.seats.ahead`), and seats that have been empty for long.

A seat is empty from the first day on which it was both planned and advertised, or from the day
after the last job in it, as in :mod:`sandkasse.figures.seats.times`.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sandkasse.database import Database
from sandkasse.figures.seats.ahead import ahead
from sandkasse.figures.seats.choice import SeatsChoice, ask, read
from sandkasse.figures.seats.coverage import coverage
from sandkasse.people import Actor

#: How many days ahead is soon, and after how many days a seat has been empty for long.
SOON_DAYS, LONG_DAYS = 56, 28


@dataclass(frozen=True)
class SeatsDue:
    """An agency's seats on a day: of ``seats`` to be held, ``filled`` are. ``emptying`` of them
    will be empty within :data:`SOON_DAYS`, the first after the day ``first_last`` (None: none
    will), and ``empty`` have been empty for more than :data:`LONG_DAYS`."""

    agency_id: str
    seats: int
    filled: int
    emptying: int
    first_last: date | None
    empty: int


_EMPTY = """,
held AS (
    SELECT position_id, seat_no, max(started_on) AS began,
           max(coalesce(ended_on, DATE '9999-12-31')) AS last
    FROM candidate
    WHERE started_on <= $day
    GROUP BY ALL
)
SELECT s.agency_id, count(*)
FROM chosen_seat AS s
LEFT JOIN held AS h ON h.position_id = s.position_id AND h.seat_no = s.seat_no
WHERE $day BETWEEN s.begins_on AND s.ends_on
  AND (h.last IS NULL OR h.last < $day)
  AND $day - coalesce(h.last + 1, greatest(s.begins_on, s.opened_on)) >= $days
GROUP BY s.agency_id
"""


def due(db: Database, actor: Actor, choice: SeatsChoice | None = None) -> tuple[SeatsDue, ...]:
    """The agencies with such seats, by id. Errors as for
    :func:`sandkasse.figures.seats.choice.ask`."""
    choice = choice or SeatsChoice()
    question = ask(db, actor, choice)
    soon = question.day + timedelta(days=SOON_DAYS)
    emptying: dict[str, list[date]] = {}
    for one in ahead(db, actor, choice, soon).seats:
        emptying.setdefault(one.agency_id, []).append(one.last_day)
    empty = dict(read(db, question, _EMPTY, days=LONG_DAYS))
    seats: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    for position in coverage(db, actor, choice).positions:
        seats[position.agency_id] += position.filled.planned_now
        filled[position.agency_id] += position.filled.filled_now
    return tuple(
        SeatsDue(
            agency_id, seats[agency_id], filled[agency_id], len(emptying.get(agency_id, ())),
            min(emptying.get(agency_id, ()), default=None), empty.get(agency_id, 0),
        )
        for agency_id in sorted({*emptying, *empty})
    )  # fmt: skip
