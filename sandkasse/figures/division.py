"""Whose turn it has been: the elapsed time of ideas, divided between the parties.

Each moment of an idea between coming in and leaving belongs to one party (see
:mod:`sandkasse.ball`), so the parties' days add up to the ideas' elapsed days. A period counts the
part of each turn that lies within it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sandkasse import clock
from sandkasse.access import Action
from sandkasse.ball import PARKED
from sandkasse.database import Database
from sandkasse.figures.choice import EARLIEST, Choice, Question, ask
from sandkasse.i18n import N_
from sandkasse.journeys import Journey, Text
from sandkasse.ledger import Party
from sandkasse.people import Actor

#: The parties in the order in which they are shown.
PARTIES = (*(party.value for party in Party), PARKED)

PARTY_TITLES = {
    Party.STUDENT.value: N_("The student"),
    Party.MENTOR.value: N_("A mentor"),
    Party.PROJECT.value: N_("The project"),
    Party.AGENCY.value: N_("Agencies"),
    PARKED: N_("On hold"),
}

#: The turns that are kept and the present ones; like ``turn_of`` at (now, now).
KEPT_TURNS = """(
    SELECT idea_id, stage_id, party, begins_at, ends_at FROM turn
    UNION ALL
    SELECT idea_id, stage_id, CASE WHEN held_at IS NULL THEN ball ELSE 'parked' END, turn_at, NULL
    FROM idea
    WHERE exit_id IS NULL
)"""
_TURNS_THEN = "turn_of($as_of, $known_at)"

_DIVIDED = """
WITH within AS (
    SELECT t.idea_id, t.stage_id, t.party,
           greatest(t.begins_at, $from_time)                  AS begins_at,
           least(coalesce(t.ends_at, $as_of), $to_time)       AS ends_at
    FROM {turns} AS t
    JOIN idea AS i ON i.idea_id = t.idea_id
    WHERE i.journey_id = $journey AND {narrowed}
)
SELECT stage_id, party, count(DISTINCT idea_id), sum(epoch(ends_at - begins_at)) / 86400
FROM within
WHERE ends_at > begins_at
GROUP BY GROUPING SETS ((stage_id, party), (stage_id), (party), ())
"""


@dataclass(frozen=True)
class Part:
    """A party's part of the elapsed time: its days, their share (None without days), and the ideas
    of which it has had the ball."""

    party: str
    days: float
    share: float | None
    ideas: int


@dataclass(frozen=True)
class StageDivision:
    """The days that ideas spent in a stage, ``n`` of them, by party."""

    stage_id: str
    name: Text
    n: int
    days: float
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Division:
    """The elapsed days of ``n`` ideas, by party, in all and by stage."""

    choice: Choice
    journey: Journey
    as_of: datetime
    known_at: datetime
    n: int
    days: float
    parts: tuple[Part, ...]
    stages: tuple[StageDivision, ...]
    kind: Literal["division"] = "division"

    def part(self, party: str) -> Part:
        """The part of one party."""
        return next(part for part in self.parts if part.party == party)


def division(db: Database, actor: Actor, choice: Choice) -> Division:
    """The elapsed time of the ideas of ``choice``, within its days, by party.

    Errors as for :func:`sandkasse.figures.choice.ask`.
    """
    question = ask(db, actor, choice, Action.SEE_WAITING)
    found = {
        (stage_id, party): (int(ideas), float(days or 0))
        for stage_id, party, ideas, days in db.rows(*_asked(question))
    }
    n, days = found.get((None, None), (0, 0.0))
    return Division(
        choice=choice,
        journey=question.journey,
        as_of=question.as_of,
        known_at=question.known_at,
        n=n,
        days=days,
        parts=_parts(found, None),
        stages=tuple(
            StageDivision(
                stage.id, stage.name, *found.get((stage.id, None), (0, 0.0)),
                _parts(found, stage.id),
            )
            for stage in question.journey.stages
        ),
    )  # fmt: skip


def division_to_json(figure: Division) -> dict[str, Any]:
    """The figure as JSON can say it; days as they are, shares from 0 to 1."""

    def parts(several: Sequence[Part]) -> list[dict[str, Any]]:
        return [
            {"party": one.party, "days": one.days, "share": one.share, "ideas": one.ideas}
            for one in several
        ]

    return {
        "kind": figure.kind,
        "journey": figure.journey.id,
        "as_of": figure.as_of.isoformat(),
        "known_at": figure.known_at.isoformat(),
        "n": figure.n,
        "days": figure.days,
        "parts": parts(figure.parts),
        "stages": [
            {"stage": one.stage_id, "n": one.n, "days": one.days, "parts": parts(one.parts)}
            for one in figure.stages
        ],
    }


def _asked(question: Question) -> tuple[str, dict[str, Any]]:
    choice = question.choice
    narrowed, values = question.narrowed("i")
    kept = choice.as_of is None and choice.known_at is None
    moments = question.moments() if not kept else {
        "journey": question.journey.id, "as_of": question.as_of,
    }  # fmt: skip
    begin = clock.start_of(choice.since or EARLIEST)
    end = clock.end_of(choice.until) if choice.until else question.as_of
    sql = _DIVIDED.format(turns=KEPT_TURNS if kept else _TURNS_THEN, narrowed=narrowed)
    return sql, {**moments, **values, "from_time": begin, "to_time": end}


def _parts(
    found: dict[tuple[str | None, str | None], tuple[int, float]], stage_id: str | None
) -> tuple[Part, ...]:
    _n, whole = found.get((stage_id, None), (0, 0.0))
    parts = []
    for party in PARTIES:
        ideas, days = found.get((stage_id, party), (0, 0.0))
        parts.append(Part(party, days, days / whole if whole else None, ideas))
    return tuple(parts)
