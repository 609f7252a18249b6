"""What a waiting figure is about: which ideas and agencies, which days, and two moments.

As for the other figures (:mod:`sandkasse.figures.choice`), what ideas and touchpoints keep answers
for now, and the ledger and the events answer for other moments, as one relation with the same
columns.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sandkasse import agencies, clock, journeys
from sandkasse.access import Action, require
from sandkasse.agencies import Agency
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures.choice import (
    Choice,
    check_level,
    check_moment,
    check_period,
    described,
    is_present,
    known_journey,
)
from sandkasse.i18n import _
from sandkasse.journeys import Journey
from sandkasse.people import Actor

_KEPT_TURNS = """(
    SELECT idea_id, stage_id, party, begins_at, ends_at FROM turn
    UNION ALL
    SELECT idea_id, stage_id, CASE WHEN held_at IS NULL THEN ball ELSE 'parked' END, turn_at, NULL
    FROM idea
    WHERE exit_id IS NULL AND turn_at IS NOT NULL
)"""
_TURNS = "turn_of($as_of, $known_at)"

_KEPT_MATTERS = "touchpoint"
_MATTERS = """(
    SELECT t.touchpoint_id, t.idea_id, t.agency_id, t.purpose_id, t.title, m.state, m.state_at,
           m.sent_at, m.agency_days, m.decided_days, m.questions
    FROM matter($as_of, $known_at) AS m
    JOIN touchpoint AS t ON t.touchpoint_id = m.touchpoint_id
)"""


@dataclass(frozen=True)
class WaitingChoice:
    """What somebody wants to see; None leaves each open.

    ``agency_id`` takes the matters with one agency, and of the ideas those that have sent it one.
    ``since`` and ``until`` are days in Europe/Oslo, both included: time is divided within them, and
    matters are those first sent on them. ``as_of`` and ``known_at`` are aware datetimes; None is
    now.
    """

    journey_id: str | None = None
    level: str | None = None
    agency_id: str | None = None
    since: date | None = None
    until: date | None = None
    as_of: datetime | None = None
    known_at: datetime | None = None
    theme: str | None = None

    @classmethod
    def of(cls, choice: Choice) -> "WaitingChoice":
        """The choice of other figures, as the waiting figures take it."""
        return cls(
            journey_id=choice.journey_id, level=choice.level, theme=choice.theme,
            since=choice.since, until=choice.until, as_of=choice.as_of, known_at=choice.known_at,
        )  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A choice found valid, with its moments (aware UTC), and where SQL finds the answer.

    ``turns`` is a relation of ``idea_id, stage_id, party, begins_at, ends_at`` (NULL: it lasts);
    ``matters`` one of ``touchpoint_id, idea_id, agency_id, purpose_id, title, state, state_at,
    sent_at, agency_days, decided_days, questions``. ``parameters`` are the values of both, with
    ``as_of`` only where they read the past.
    """

    choice: WaitingChoice
    journeys: tuple[Journey, ...]
    agencies: tuple[Agency, ...]
    as_of: datetime
    known_at: datetime
    turns: str = _TURNS
    matters: str = _MATTERS
    parameters: dict[str, Any] = field(default_factory=dict)

    def narrowed(self, to: str) -> tuple[str, dict[str, Any]]:
        """The condition, with its values, that the idea ``to`` has the chosen journey, level and
        theme."""
        condition, values = described(
            to, self.choice.level, self.choice.theme, self.choice.known_at
        )
        if self.choice.journey_id is not None:
            condition += f" AND {to}.journey_id = $journey_id"
            values["journey_id"] = self.choice.journey_id
        return condition, values

    def bounds(self) -> dict[str, datetime]:
        """The first moment of the period and the first after it, where they are chosen."""
        found = {}
        if self.choice.since is not None:
            found["since"] = clock.start_of(self.choice.since)
        if self.choice.until is not None:
            found["until"] = clock.start_of(self.choice.until + timedelta(days=1))
        return found


def ask(
    db: Database, actor: Actor, choice: WaitingChoice, action: Action = Action.SEE_WAITING
) -> Question:
    """Check that ``actor`` may see waiting figures and that ``choice`` can be answered.

    :raises NotAllowed: without the right.
    :raises Invalid: with the field that is wrong: an unknown journey, level or agency, a day before
        1900, a period that ends before it begins, a moment in the future.
    """
    require(actor, action)
    now = clock.now()
    asked_for = (
        tuple(journeys.all_journeys(db))
        if choice.journey_id is None
        else (known_journey(db, choice.journey_id),)
    )
    check_level(db, choice.journey_id, choice.level)
    check_period(choice.since, choice.until)
    check_moment("as_of", choice.as_of, now)
    check_moment("known_at", choice.known_at, now)
    known = tuple(agencies.listed(db))
    if choice.agency_id is not None and choice.agency_id not in {one.id for one in known}:
        raise Invalid(_("Choose one of the agencies in the list."), "agency_id")
    as_of, known_at = choice.as_of or now, choice.known_at or now
    if is_present(db, choice.as_of, choice.known_at):
        return Question(choice, asked_for, known, as_of, known_at, _KEPT_TURNS, _KEPT_MATTERS)
    moments = {"as_of": as_of, "known_at": known_at}
    return Question(choice, asked_for, known, as_of, known_at, parameters=moments)
