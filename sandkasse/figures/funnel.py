"""The cohort funnel: how far the ideas that came in during a period have got.

An idea counts once a stage, by the furthest stage that it ever reached: going back takes nothing
away, and skipping a stage counts as having reached it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sandkasse.database import Database
from sandkasse.figures.choice import Choice, Question, ask
from sandkasse.figures.statistics import share, wilson
from sandkasse.journeys import Journey, Text
from sandkasse.people import Actor

COMPLETED = "completed"


@dataclass(frozen=True)
class StageCount:
    """One stage of a cohort funnel. Always ``reached = advanced + left + open``.

    ``left`` holds the ways out that occurred, by kind. In the last stage those who completed count
    as advanced, and are not in ``left``. Shares run from 0 to 1; ``interval`` is Wilson's 95 %
    interval of ``share_of_previous``. They are None where there is nothing to divide by; the first
    stage has no previous.
    """

    stage_id: str
    position: int
    name: Text
    reached: int
    advanced: int
    left: Mapping[str, int]
    open: int
    previous: int | None
    share_of_first: float | None
    share_of_previous: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class CohortFunnel:
    """The ideas (``n``) whose first entry fell in the chosen days, by the stages they reached."""

    choice: Choice
    journey: Journey
    as_of: datetime
    known_at: datetime
    n: int
    stages: tuple[StageCount, ...]
    kind: Literal["cohort"] = "cohort"


def cohort(db: Database, actor: Actor, choice: Choice) -> CohortFunnel:
    """The cohort funnel of ``choice``. Errors as for :func:`sandkasse.figures.choice.ask`."""
    question = ask(db, actor, choice)
    condition, values = chosen(question)
    found = db.rows(
        f"""
        SELECT o.furthest, o.exit_kind, count(*)
        FROM {question.outcomes} AS o
        WHERE {condition}
        GROUP BY ALL
        ORDER BY ALL
        """,  # noqa: S608
        {**question.parameters, **values},
    )
    counts = {(furthest, exit_kind): n for furthest, exit_kind, n in found}
    return CohortFunnel(
        choice=choice,
        journey=question.journey,
        as_of=question.as_of,
        known_at=question.known_at,
        n=sum(counts.values()),
        stages=_stages(question.journey, counts),
    )


def chosen(question: Question) -> tuple[str, dict[str, Any]]:
    """The condition, with its values, that an idea's outcome ``o`` belongs to the cohort."""
    narrowed, values = question.narrowed("o")
    period, days = question.within_period("o.first_at")
    return f"{narrowed} AND {period}", {**values, **days}


def _stages(
    journey: Journey, counts: Mapping[tuple[int, str | None], int]
) -> tuple[StageCount, ...]:
    last = len(journey.stages) - 1
    stages: list[StageCount] = []
    for stage in journey.stages:
        at = stage.position
        reached = sum(n for (furthest, _kind), n in counts.items() if furthest >= at)
        left = {kind: n for (furthest, kind), n in counts.items() if furthest == at and kind}
        completed = left.pop(COMPLETED, 0) if at == last else 0
        beyond = sum(n for (furthest, _kind), n in counts.items() if furthest > at)
        previous = stages[-1].reached if stages else None
        stages.append(
            StageCount(
                stage_id=stage.id,
                position=at,
                name=stage.name,
                reached=reached,
                advanced=beyond + completed,
                left=left,
                open=counts.get((at, None), 0),
                previous=previous,
                share_of_first=share(reached, stages[0].reached if stages else reached),
                share_of_previous=share(reached, previous),
                interval=wilson(reached, previous),
            )
        )
    return tuple(stages)


def to_json(funnel: CohortFunnel, medians: Mapping[str, float | None]) -> dict[str, Any]:
    """The funnel with its medians as plain values for JSON; times in ISO 8601, UTC."""
    return {
        "journey": funnel.journey.id,
        "kind": funnel.kind,
        "as_of": funnel.as_of.isoformat(),
        "known_at": funnel.known_at.isoformat(),
        "n": funnel.n,
        "stages": [_stage_json(stage, medians) for stage in funnel.stages],
    }


def _stage_json(stage: StageCount, medians: Mapping[str, float | None]) -> dict[str, Any]:
    interval: Sequence[float] | None = stage.interval
    return {
        "stage": stage.stage_id,
        "reached": stage.reached,
        "advanced": stage.advanced,
        "left": dict(stage.left),
        "open": stage.open,
        "share_of_first": stage.share_of_first,
        "share_of_previous": stage.share_of_previous,
        "interval": None if interval is None else list(interval),
        "median_days_to_advance": medians.get(stage.stage_id),
    }
