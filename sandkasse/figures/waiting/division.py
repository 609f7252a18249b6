"""The elapsed time of ideas, divided between those who owed the next step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandkasse.ball import PARKED
from sandkasse.database import Database
from sandkasse.figures.statistics import share
from sandkasse.figures.waiting.choice import Question, WaitingChoice, ask
from sandkasse.journeys import Text
from sandkasse.ledger import Party
from sandkasse.people import Actor

#: Those between whom time is divided, in the order in which they are shown.
PARTIES = (Party.STUDENT.value, Party.MENTOR.value, Party.PROJECT.value, Party.AGENCY.value, PARKED)
_MICROSECONDS_A_DAY = 86_400_000_000


@dataclass(frozen=True)
class Shares:
    """Days of ``n`` ideas, by party (each of :data:`PARTIES`). Days have decimals."""

    n: int
    days: Mapping[str, float]

    @property
    def total(self) -> float:
        """All days together: the time that the ideas were in the journey."""
        return sum(self.days.values())

    def share(self, party: str) -> float | None:
        """A party's part of all days, from 0 to 1; None where there are none."""
        return share(self.days[party], self.total)


@dataclass(frozen=True)
class StageShares:
    """The days spent in one stage of a journey."""

    journey_id: str
    stage_id: str
    position: int
    name: Text
    shares: Shares


@dataclass(frozen=True)
class Division:
    """The elapsed time of ideas in their journeys, divided between parties, in all and by stage.

    However many agencies have an idea at once, its days count once. ``stages`` are all stages of
    the journeys asked about, in order.
    """

    choice: WaitingChoice
    as_of: datetime
    known_at: datetime
    whole: Shares
    stages: tuple[StageShares, ...]


_SUMS = ", ".join(
    f"coalesce(sum(micros) FILTER (party = '{party}'), 0)::BIGINT" for party in PARTIES
)

_SPENT = """
WITH spent AS (             -- one row a turn that lies in the period, with how much of it does
    SELECT t.idea_id, i.journey_id, t.stage_id, t.party, greatest({begins}) AS begins,
           epoch_us(least({ends})) - epoch_us(greatest({begins})) AS micros
    FROM {turns} AS t
    JOIN idea AS i ON i.idea_id = t.idea_id
    WHERE {narrowed} AND least({ends}) > greatest({begins})
)"""

# Two aggregates rather than grouping sets: counting ideas once is the dear part of it.
_DIVIDED = f"""
SELECT journey_id, stage_id, count(DISTINCT idea_id), {_SUMS}
FROM spent
GROUP BY ALL
UNION ALL
SELECT NULL, NULL, count(DISTINCT idea_id), {_SUMS}
FROM spent
"""  # noqa: S608


def division(db: Database, actor: Actor, choice: WaitingChoice) -> Division:
    """How the time of the ideas of ``choice`` is divided; a period cuts off what lies outside.

    Errors as for :func:`sandkasse.figures.waiting.choice.ask`.
    """
    question = ask(db, actor, choice)
    sql, values = spent(question)
    found = {
        (journey_id, stage_id): Shares(n, dict(zip(PARTIES, map(_days, micros), strict=True)))
        for journey_id, stage_id, n, *micros in db.rows(sql + _DIVIDED, values)
    }
    nothing = Shares(0, dict.fromkeys(PARTIES, 0.0))
    return Division(
        choice=choice,
        as_of=question.as_of,
        known_at=question.known_at,
        whole=found.get((None, None), nothing),
        stages=tuple(
            StageShares(
                journey.id, stage.id, stage.position, stage.name,
                found.get((journey.id, stage.id), nothing),
            )
            for journey in question.journeys
            for stage in journey.stages
        ),
    )  # fmt: skip


def spent(question: Question) -> tuple[str, dict[str, Any]]:
    """The relation ``spent``, to be followed by a SELECT, with its values: a row a turn with
    its idea, stage, party, beginning (within the period) and microseconds."""
    condition, narrowed = question.narrowed("i")
    bounds = question.bounds()
    if question.choice.agency_id is not None:
        condition += f""" AND t.idea_id IN (
            SELECT idea_id FROM {question.matters} AS m
            WHERE m.agency_id = $agency_id AND m.sent_at IS NOT NULL)"""  # noqa: S608
        narrowed["agency_id"] = question.choice.agency_id
    sql = _SPENT.format(
        turns=question.turns,
        narrowed=condition,
        begins=", ".join(["t.begins_at", *(f"${name}" for name in bounds if name == "since")]),
        ends=", ".join(
            ["coalesce(t.ends_at, $as_of)", "$as_of"]
            + [f"${name}" for name in bounds if name == "until"]
        ),
    )
    return sql, {**question.parameters, **narrowed, **bounds, "as_of": question.as_of}


def _days(micros: int) -> float:
    return micros / _MICROSECONDS_A_DAY
