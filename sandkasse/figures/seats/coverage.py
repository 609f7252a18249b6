"""Coverage: how much of what was planned was filled.

A seat-day is a day on which a seat was to be held; it is filled when somebody's job in the seat had
begun and not ended on it, both those days included. Seven seat-days are a seat-week. Coverage is
the filled seat-weeks divided by the planned ones, on the chosen days and up to the as-of day. It is
counted, not sampled, so it has no interval: the days of one seat are anything but independent.
"""

from dataclasses import dataclass, fields
from datetime import datetime

from sandkasse.database import Database
from sandkasse.figures.seats.choice import SeatsChoice, ask, read
from sandkasse.figures.statistics import share
from sandkasse.journeys import Text
from sandkasse.people import Actor

WEEK = 7


@dataclass(frozen=True)
class Filled:
    """Seat-days of some seats, and how it is on the as-of day: of ``planned_now`` seats that are to
    be held on it ``filled_now`` are, and ``begin_later`` are to be held only after it."""

    seats: int
    planned_days: int
    filled_days: int
    planned_now: int
    filled_now: int
    begin_later: int

    @property
    def planned_weeks(self) -> float:
        """Planned seat-weeks."""
        return self.planned_days / WEEK

    @property
    def filled_weeks(self) -> float:
        """Filled seat-weeks."""
        return self.filled_days / WEEK

    @property
    def coverage(self) -> float | None:
        """From 0 to 1; None where nothing was planned."""
        return share(self.filled_days, self.planned_days)


@dataclass(frozen=True)
class PositionFilled:
    """The seats of one position."""

    position_id: int
    agency_id: str
    title: Text
    filled: Filled


@dataclass(frozen=True)
class Coverage:
    """All chosen seats, and those of each position, the least covered first."""

    choice: SeatsChoice
    as_of: datetime
    known_at: datetime
    whole: Filled
    positions: tuple[PositionFilled, ...]


_COUNTED = """,
within AS (
    SELECT *, greatest(begins_on, $since::DATE) AS first, least(ends_on, $until::DATE, $day) AS last
    FROM chosen_seat
),
held AS (
    SELECT w.position_id, w.seat_no,
           sum(greatest(least(coalesce(c.ended_on, w.last), w.last)
                        - greatest(c.started_on, w.first) + 1, 0)) AS days,
           count(*) FILTER ($day BETWEEN c.started_on AND coalesce(c.ended_on, $day)) AS now
    FROM within AS w
    JOIN candidate AS c ON c.position_id = w.position_id AND c.seat_no = w.seat_no
    WHERE c.started_on IS NOT NULL
    GROUP BY ALL
)
SELECT w.position_id, w.agency_id, w.title_nb, w.title_en, count(*),
       sum(greatest(w.last - w.first + 1, 0))::BIGINT, coalesce(sum(h.days), 0)::BIGINT,
       count(*) FILTER ($day BETWEEN w.begins_on AND w.ends_on),
       count(*) FILTER ($day BETWEEN w.begins_on AND w.ends_on AND h.now > 0),
       count(*) FILTER ($day < w.begins_on)
FROM within AS w
LEFT JOIN held AS h ON h.position_id = w.position_id AND h.seat_no = w.seat_no
GROUP BY ALL
ORDER BY w.position_id
"""


def coverage(db: Database, actor: Actor, choice: SeatsChoice) -> Coverage:
    """The coverage of the chosen seats. Errors as for
    :func:`sandkasse.figures.seats.choice.ask`."""
    question = ask(db, actor, choice)
    found = [
        PositionFilled(key, agency_id, Text(nb, en), Filled(*counts))
        for key, agency_id, nb, en, *counts in read(db, question, _COUNTED)
    ]
    sums = (sum(getattr(one.filled, each.name) for one in found) for each in fields(Filled))
    found.sort(key=lambda one: (one.filled.coverage or 0.0, one.position_id))
    return Coverage(choice, question.as_of, question.known_at, Filled(*sums), tuple(found))
