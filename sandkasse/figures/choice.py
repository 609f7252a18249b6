"""What a figure is about: a journey, a part of its ideas, a period, and two moments.

*As of* a moment leaves out what happened later; *as known at* a moment leaves out what was
recorded later. Both are now unless chosen. Now, and at any moments since which nothing has happened
or been recorded, the standing that each idea keeps answers, without reading the ledger; at other
moments the ledger answers. The two are one relation with the same columns, so that a figure is one
query whatever the moments.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sandkasse import clock, journeys
from sandkasse.access import Action, require
from sandkasse.database import Database
from sandkasse.errors import Invalid, NotFound
from sandkasse.i18n import _
from sandkasse.journeys import Journey
from sandkasse.people import LEVELS, Actor

EARLIEST = date(1900, 1, 1)

_STANDING = """(
    SELECT idea_id, level, theme, first_at, furthest, stage_id, exit_kind, exit_at,
           held_at IS NOT NULL AS on_hold
    FROM idea
    WHERE journey_id = $journey
)"""
_OUTCOME = "outcome($journey, $as_of, $known_at)"


@dataclass(frozen=True)
class Choice:
    """What somebody wants to see.

    ``since`` and ``until`` are days in Europe/Oslo, both included; None leaves the period open.
    ``as_of`` and ``known_at`` are aware datetimes; None is now. A trend or a forecast is of one
    stage, and a forecast until a day (``by``) and of so many (``target``); other figures take no
    notice of these.
    """

    journey_id: str
    level: str | None = None
    theme: str | None = None
    since: date | None = None
    until: date | None = None
    as_of: datetime | None = None
    known_at: datetime | None = None
    stage_id: str | None = None
    by: date | None = None
    target: int | None = None


@dataclass(frozen=True)
class Question:
    """A choice found valid, with its moments (aware UTC), and where SQL finds the answer.

    ``outcomes`` is a relation with one row an idea of the journey: ``idea_id, level, theme,
    first_at, furthest, stage_id, exit_kind, exit_at, on_hold``; ``parameters`` are its values.
    ``present``: all that is recorded counts, so that what ideas keep is the answer.
    """

    choice: Choice
    journey: Journey
    as_of: datetime
    known_at: datetime
    outcomes: str
    parameters: dict[str, Any] = field(default_factory=dict)
    present: bool = True

    def moments(self) -> dict[str, Any]:
        """The values that a query of the ledger needs."""
        return {"journey": self.journey.id, "as_of": self.as_of, "known_at": self.known_at}

    def last_moment(self, choice: Choice) -> datetime:
        """The end of the last day of ``choice``, and no later than what is counted."""
        return self.as_of if choice.until is None else min(clock.end_of(choice.until), self.as_of)

    def narrowed(self, to: str) -> tuple[str, dict[str, Any]]:
        """The condition, with its values, that ``to`` has the chosen level and theme."""
        return described(to, self.choice.level, self.choice.theme, self.choice.known_at)

    def within_period(self, time: str) -> tuple[str, dict[str, Any]]:
        """The condition, with its values, that the column ``time`` lies in the chosen days."""
        parts, values = ["TRUE"], {}
        if self.choice.since is not None:
            parts.append(f"{time} >= $since")
            values["since"] = clock.start_of(self.choice.since)
        if self.choice.until is not None:
            parts.append(f"{time} <= $until")
            values["until"] = clock.end_of(self.choice.until)
        return " AND ".join(parts), values


#: What an idea's column said at a moment: what the first edit after it found.
_AS_KNOWN = """
coalesce((SELECT arg_min(coalesce(e.before, ''), e.version) FROM idea_edit AS e
          WHERE e.idea_id = {to}.idea_id AND e.field = '{name}' AND e.recorded_at > $known_at),
         {to}.{name})
"""


def described(
    to: str, level: str | None, theme: str | None, known_at: datetime | None
) -> tuple[str, dict[str, Any]]:
    """The condition, with its values, that the idea ``to`` has this level and theme (None: any),
    as its description was known at an aware moment (None: now)."""
    chosen = {"level": level, "theme": theme}
    given = {name: value for name, value in chosen.items() if value is not None}
    column = "{to}.{name}" if known_at is None else _AS_KNOWN
    parts = [f"{column.format(to=to, name=name)} = ${name}" for name in given]
    values: dict[str, Any] = {**given}
    if given and known_at is not None:
        values["known_at"] = known_at
    return " AND ".join(["TRUE", *parts]), values


def ask(db: Database, actor: Actor, choice: Choice, action: Action = Action.SEE_FUNNEL) -> Question:
    """Check that ``actor`` may see figures and that ``choice`` can be answered.

    :raises NotAllowed: without the right.
    :raises Invalid: with the field that is wrong: an unknown journey or level, a day before 1900,
        a period that ends before it begins, a moment in the future.
    """
    require(actor, action)
    now = clock.now()
    journey = known_journey(db, choice.journey_id)
    check_level(db, choice.journey_id, choice.level)
    check_period(choice.since, choice.until)
    check_moment("as_of", choice.as_of, now)
    check_moment("known_at", choice.known_at, now)
    as_of, known_at = choice.as_of or now, choice.known_at or now
    if is_present(db, choice.as_of, choice.known_at):
        return Question(choice, journey, as_of, known_at, _STANDING, {"journey": journey.id})
    question = Question(choice, journey, as_of, known_at, _OUTCOME, present=False)
    question.parameters.update(question.moments())
    return question


_LATER = """
SELECT EXISTS (FROM ledger WHERE recorded_at > $known_at OR occurred_at > $as_of)
    OR EXISTS (FROM touchpoint_event WHERE recorded_at > $known_at OR occurred_at > $as_of)
"""


def is_present(db: Database, as_of: datetime | None, known_at: datetime | None) -> bool:
    """Whether these moments (None: now) tell all that is recorded: nothing happened after the one,
    or was recorded after the other. Then what ideas and matters keep answers for them."""
    if as_of is None and known_at is None:
        return True
    now = clock.now()
    return not db.value(_LATER, {"as_of": as_of or now, "known_at": known_at or now})


def end_of(day: date | None) -> datetime | None:
    """The moment to choose for a day: its end in Europe/Oslo; None, which is now, for today."""
    return None if day is None or day == clock.today() else clock.end_of(day)


def levels(db: Database, actor: Actor, journey_id: str) -> list[str]:
    """The levels that ideas of the journey have, from bachelor up, then others by name."""
    present = _present(db, actor, journey_id, "level")
    return [level for level in LEVELS if level in present] + [
        level for level in present if level not in LEVELS
    ]


def themes(db: Database, actor: Actor, journey_id: str) -> list[str]:
    """The themes that ideas of the journey have, by id."""
    return _present(db, actor, journey_id, "theme")


def _present(db: Database, actor: Actor, journey_id: str, column: str) -> list[str]:
    require(actor, Action.SEE_FUNNEL)
    found = db.rows(
        f"SELECT DISTINCT {column} FROM idea WHERE journey_id = ? AND {column} <> ''",  # noqa: S608
        [journey_id],
    )
    return sorted(value for (value,) in found)


def known_journey(db: Database, journey_id: str) -> Journey:
    """The journey. :raises Invalid: naming the field, when there is none."""
    try:
        return journeys.get(db, journey_id)
    except NotFound:
        raise Invalid(_("Choose one of the sandboxes in the list."), "journey_id") from None


def check_level(db: Database, journey_id: str | None, level: str | None) -> None:
    """Refuse a level that neither the app nor any idea of the journey (None: of any) knows.

    :raises Invalid: naming the field.
    """
    if level is None or level in LEVELS:
        return
    narrowed, values = ("TRUE", []) if journey_id is None else ("journey_id = ?", [journey_id])
    if not db.value(
        f"SELECT count(*) FROM idea WHERE {narrowed} AND level = ?",  # noqa: S608
        [*values, level],
    ):
        raise Invalid(_("Choose one of the levels in the list."), "level")


def check_period(since: date | None, until: date | None) -> None:
    """Refuse days before 1900, and a period that ends before it begins.

    :raises Invalid: naming the field.
    """
    for name, day in (("since", since), ("until", until)):
        if day is not None and day < EARLIEST:
            raise Invalid(_("The date is before 1900. Check the year."), name)
    if since and until and since > until:
        raise Invalid(_("The period ends before it begins. Change one of the dates."), "since")


def check_moment(name: str, moment: datetime | None, now: datetime) -> None:
    """Refuse a moment in the future or before 1900. :raises Invalid: for the field ``name``."""
    if moment is None:
        return
    if moment > now:
        raise Invalid(_("The time is in the future. Choose now or earlier."), name)
    if moment.date() < EARLIEST:
        raise Invalid(_("The date is before 1900. Check the year."), name)
