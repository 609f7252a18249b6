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
from sandkasse.figures.statistics import median_time, share, wilson
from sandkasse.journeys import Journey, Text
from sandkasse.people import Actor

COMPLETED = "completed"
_MICROSECONDS_A_DAY = 86_400_000_000


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


_STAYS = """
WITH first_reached AS (     -- one row an idea and stage that it was in
    SELECT l.idea_id, s.position,
           min(happened(l.occurred_at, l.seq)) AS turn,
           min(l.occurred_at)                  AS reached_at
    FROM effective($as_of, $known_at) AS l
    JOIN stage AS s ON s.journey_id = $journey AND s.stage_id = l.stage_id
    WHERE l.kind IN ('enter', 'move', 'reopen')
    GROUP BY ALL
),
followed AS (               -- the same, with the first time that a later stage was reached
    SELECT idea_id, position, turn, reached_at,
           min(turn) OVER later       AS later_turn,
           min(reached_at) OVER later AS later_at
    FROM first_reached
    WINDOW later AS (PARTITION BY idea_id ORDER BY position
                     ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
)
SELECT f.position,
       epoch_us(coalesce(f.later_at, o.exit_at, $as_of)) - epoch_us(f.reached_at) AS lasted,
       CASE WHEN f.later_at IS NOT NULL THEN 1
            WHEN o.exit_kind = 'completed' AND f.position = $last THEN 1
            WHEN o.exit_kind IS NOT NULL THEN 2
            ELSE 0 END AS ending
FROM followed AS f
JOIN {outcomes} AS o ON o.idea_id = f.idea_id
WHERE (f.later_turn IS NULL OR f.turn < f.later_turn) AND {condition}
"""


def median_days_to_advance(db: Database, actor: Actor, choice: Choice) -> dict[str, float | None]:
    """For each stage, the days after which half of those who came to it have gone further.

    Time runs from an idea's first visit to the stage to its first visit to any later one (in the
    last stage, to completing). Leaving competes, and ideas still open are censored at ``as_of``:
    the first time at which the Aalen–Johansen incidence of advancing reaches one half, None where
    it does not. An idea that skipped the stage was never in it on its way forward: it counts in
    ``reached``, but has no time here, not even if it later went back to the stage. An idea that
    left and came back is taken as it stands at the end, its time away included.

    Reads the ledger whatever the moments: for when somebody asks. Errors as for
    :func:`sandkasse.figures.choice.ask`.
    """
    question = ask(db, actor, choice)
    condition, values = chosen(question)
    stays = db.frame(
        _STAYS.format(outcomes=question.outcomes, condition=condition),
        {**question.moments(), **values, "last": len(question.journey.stages) - 1},
    )
    medians: dict[str, float | None] = {}
    for stage in question.journey.stages:
        here = stays[stays["position"] == stage.position]
        lasted = median_time(here["lasted"].to_numpy(), here["ending"].to_numpy())
        medians[stage.id] = None if lasted is None else lasted / _MICROSECONDS_A_DAY
    return medians


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
