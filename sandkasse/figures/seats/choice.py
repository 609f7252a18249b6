"""What a figure about seats is of: an agency or a position, some days, and two moments.

As for the other figures (:mod:`sandkasse.figures.choice`), what applications keep answers for now,
and their events answer for other moments, as one relation with the same columns
(:mod:`sandkasse.figures.seats.past`). Seats are read from the plans at both. A day is one in
Europe/Oslo; as of a moment means up to its day, included.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sandkasse import clock
from sandkasse.access import Action, reach_agency, require
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures.choice import check_moment, check_period
from sandkasse.figures.seats.past import standings
from sandkasse.i18n import _
from sandkasse.people import Actor

_KEPT = "(SELECT * FROM application)"
_TOLD = """(
    SELECT a.application_id, a.position_id, a.person_id, a.name, a.source, a.graduation,
           c.* EXCLUDE (application_id)
    FROM standing AS c
    JOIN application AS a ON a.application_id = c.application_id
)"""
_EVER = (date(1900, 1, 1), date(9999, 12, 31))


@dataclass(frozen=True)
class SeatsChoice:
    """What somebody wants to see; None leaves each open.

    ``since`` and ``until`` are days, both included: seat-weeks are counted on them, applications
    are those that came in on them, empty times those that began, and jobs those that ended on them.
    ``as_of`` and ``known_at`` are aware datetimes; None is now.
    """

    agency_id: str | None = None
    position_id: int | None = None
    since: date | None = None
    until: date | None = None
    as_of: datetime | None = None
    known_at: datetime | None = None


@dataclass(frozen=True)
class Question:
    """A choice found valid, with its moments (aware UTC), and where SQL finds the answer.

    ``with_`` begins a query: ``chosen_seat`` (position_id, title_nb, title_en, agency_id, hours,
    seat_no, begins_on, ends_on, opened_on, status) are the seats of positions that are no drafts,
    ``candidate`` the applications for those positions. ``values`` are its parameters, with ``day``
    of ``as_of`` and ``since`` and ``until`` made definite.
    """

    choice: SeatsChoice
    as_of: datetime
    known_at: datetime
    with_: str
    values: dict[str, Any]

    @property
    def day(self) -> date:
        """The last day that is looked at."""
        return clock.local(self.as_of).date()

    @property
    def is_of_now(self) -> bool:
        """Whether what applications keep answers it."""
        return _is_of_now(self.choice)


_WITH = """
WITH chosen_seat AS (
    SELECT s.position_id, p.title_nb, p.title_en, p.agency_id, p.hours, s.seat_no, s.begins_on,
           s.ends_on, s.opened_on, s.status
    FROM seat($as_of, $known_at) AS s
    JOIN position AS p ON p.position_id = s.position_id
    WHERE s.status <> 'draft' AND {condition}
),
candidate AS (
    SELECT a.*
    FROM {applications} AS a
    JOIN position AS p ON p.position_id = a.position_id
    WHERE {condition}
)"""


def ask(db: Database, actor: Actor, choice: SeatsChoice) -> Question:
    """Check that ``actor`` may see figures about seats and that ``choice`` can be answered. A
    member gets the own agency's.

    :raises NotAllowed: without the right.
    :raises Invalid: with the field that is wrong: an unknown agency or position, a day before 1900,
        a period that ends before it begins, a moment in the future.
    """
    require(actor, Action.SEE_SEATS)
    now = clock.now()
    check_period(choice.since, choice.until)
    check_moment("as_of", choice.as_of, now)
    check_moment("known_at", choice.known_at, now)
    reach = reach_agency(actor, Action.SEE_SEATS, "p.agency_id")
    parts, chosen = [f"({reach.sql})"], dict(reach.parameters)
    if choice.agency_id is not None:
        _check_known(db, "agency", choice.agency_id, _("Choose one of the agencies in the list."))
        parts.append("p.agency_id = $agency_id")
        chosen["agency_id"] = choice.agency_id
    if choice.position_id is not None:
        _check_known(
            db, "position", choice.position_id, _("Choose one of the positions in the list.")
        )
        parts.append("p.position_id = $position_id")
        chosen["position_id"] = choice.position_id
    as_of, known_at = choice.as_of or now, choice.known_at or now
    return Question(
        choice,
        as_of,
        known_at,
        _WITH.format(
            applications=_KEPT if _is_of_now(choice) else _TOLD, condition=" AND ".join(parts)
        ),
        {
            **chosen, "as_of": as_of, "known_at": known_at, "day": clock.local(as_of).date(),
            "since": choice.since or _EVER[0], "until": choice.until or _EVER[1],
        },
    )  # fmt: skip


def _is_of_now(choice: SeatsChoice) -> bool:
    return choice.as_of is None and choice.known_at is None


def read(db: Database, question: Question, sql: str, **more: Any) -> list[tuple[Any, ...]]:
    """The rows of ``question.with_`` followed by ``sql``, given those values that it names."""
    text = question.with_ + sql
    values = {**question.values, **more}
    given = {name: value for name, value in values.items() if f"${name}" in text}
    if question.is_of_now:
        return db.rows(text, given)
    choice = question.choice
    return db.rows(text, given, {"standing": standings(db, choice.as_of, choice.known_at)})


def _check_known(db: Database, table: str, key: object, sentence: str) -> None:
    if not db.value(f"SELECT count(*) FROM {table} WHERE {table}_id = ?", [key]):  # noqa: S608
        raise Invalid(sentence, f"{table}_id")
