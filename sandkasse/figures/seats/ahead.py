"""The seats that will be empty before a day: the last day agreed comes, or the studies end.

The last day agreed is that of the job, or that of the seat where none was agreed. That somebody
stops on graduating is an assumption, and is told apart.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures.seats.choice import SeatsChoice, ask, read
from sandkasse.i18n import _
from sandkasse.journeys import Text
from sandkasse.people import Actor

#: Why a seat is expected to become empty.
CONTRACT, GRADUATION = "contract", "graduation"
#: How many days ahead is looked unless a day is chosen: half a year.
DAYS_AHEAD = 182


@dataclass(frozen=True)
class Emptying:
    """A seat that is held, with the last day on which it is expected to be, and why."""

    position_id: int
    agency_id: str
    title: Text
    seat_no: int
    hours: float
    application_id: int
    name: str
    last_day: date
    why: str


@dataclass(frozen=True)
class Ahead:
    """The seats, the earliest first, whose last day is before ``before``; ``held`` are held now."""

    choice: SeatsChoice
    as_of: datetime
    known_at: datetime
    before: date
    held: int
    seats: tuple[Emptying, ...]


_FOUND = f""",
held AS (
    SELECT s.position_id, s.agency_id, s.title_nb, s.title_en, s.seat_no, s.hours,
           c.application_id, coalesce(nullif(c.name, ''), w.name, '') AS name,
           coalesce(c.until_on, s.ends_on) AS contract,
           least(coalesce(c.until_on, s.ends_on), coalesce(c.graduation, DATE '9999-12-31'))
               AS last_day
    FROM candidate AS c
    JOIN chosen_seat AS s ON s.position_id = c.position_id AND s.seat_no = c.seat_no
    LEFT JOIN person AS w ON w.person_id = c.person_id
    WHERE c.started_on <= $day AND (c.ended_on IS NULL OR c.ended_on > $day)
)
SELECT h.position_id, h.agency_id, h.title_nb, h.title_en, h.seat_no, h.hours, h.application_id,
       h.name, h.last_day,
       CASE WHEN h.last_day = h.contract THEN '{CONTRACT}' ELSE '{GRADUATION}' END
FROM held AS h
WHERE h.last_day < $before
ORDER BY h.last_day, h.position_id, h.seat_no
"""  # noqa: S608
_HELD = """
SELECT count(*) FROM candidate AS c
JOIN chosen_seat AS s ON s.position_id = c.position_id AND s.seat_no = c.seat_no
WHERE c.started_on <= $day AND (c.ended_on IS NULL OR c.ended_on >= $day)
"""


def ahead(db: Database, actor: Actor, choice: SeatsChoice, before: date) -> Ahead:
    """The chosen seats that will be empty before the day ``before``.

    :raises Invalid: a day that is not to come; else as for
        :func:`sandkasse.figures.seats.choice.ask`.
    """
    question = ask(db, actor, choice)
    if before <= question.day:
        raise Invalid(_("Choose a day that is to come."), "before")
    ((held,),) = read(db, question, _HELD)
    found = tuple(
        Emptying(key, agency_id, Text(nb, en), *rest)
        for key, agency_id, nb, en, *rest in read(db, question, _FOUND, before=before)
    )
    return Ahead(choice, question.as_of, question.known_at, before, int(held), found)
