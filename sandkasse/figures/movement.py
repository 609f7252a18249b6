"""The activity: what moved in a period, whenever the ideas came in.

Each step from one place to another counts, so an idea can count many times. Repeating the stage
that an idea is in is no step; neither is a hold. So for each stage, what is in it at the end of a
period is what was in it at the beginning, plus ``entered`` and ``reopened``, minus ``forward``,
``back`` and ``left``.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pandas as pd

from sandkasse import clock
from sandkasse.database import Database
from sandkasse.figures.choice import Choice, Question, ask
from sandkasse.journeys import Journey, Text
from sandkasse.people import Actor

#: What a step can be: ``entered`` the journey, ``forward``, ``back``, ``left``, ``reopened``.
CHANGES = ("entered", "forward", "back", "left", "reopened")
SERIES_COLUMNS = ("period", *CHANGES)

Unit = Literal["week", "month"]

#: One row a step in the period, for ideas with one: ``idea_id, change, from_position (NULL on
#: entering and reopening), to_position (NULL on leaving), exit_kind, occurred_at``.
STEPS = """
WITH happening AS (
    SELECT l.idea_id, l.seq, l.occurred_at, l.kind, l.stage_id, l.exit_id
    FROM effective($as_of, $known_at) AS l
    {moved}
    WHERE l.kind IN ('enter', 'move', 'reopen', 'exit')
),
place AS (                  -- -1 stands for outside, after an exit
    SELECT h.idea_id, h.occurred_at, e.kind AS exit_kind,
           CASE WHEN h.kind = 'exit' THEN -1 ELSE s.position END AS position,
           lag(CASE WHEN h.kind = 'exit' THEN -1 ELSE s.position END) OVER one_idea AS before
    FROM happening AS h
    JOIN idea AS i ON i.idea_id = h.idea_id AND i.journey_id = $journey
    LEFT JOIN stage AS s ON s.journey_id = $journey AND s.stage_id = h.stage_id
    LEFT JOIN exit AS e ON e.journey_id = $journey AND e.exit_id = h.exit_id
    WHERE {narrowed}
    WINDOW one_idea AS (PARTITION BY h.idea_id ORDER BY h.occurred_at, h.seq)
),
step AS (
    SELECT h.idea_id, h.occurred_at,
           CASE WHEN h.position = -1 THEN CASE WHEN h.before >= 0 THEN 'left' END
                WHEN h.before IS NULL THEN 'entered'
                WHEN h.before = -1 THEN 'reopened'
                WHEN h.position > h.before THEN 'forward'
                WHEN h.position < h.before THEN 'back' END    AS change,
           CASE WHEN h.before >= 0 THEN h.before END          AS from_position,
           CASE WHEN h.position >= 0 THEN h.position END      AS to_position,
           h.exit_kind
    FROM place AS h
    WHERE {period}
)
"""

# Only ideas with a row in the period are put in order: it is mostly short beside the ledger.
_MOVED = """SEMI JOIN (
        SELECT h.idea_id FROM ledger AS h WHERE {period}
    ) AS m ON m.idea_id = l.idea_id"""

_COUNTED = """
SELECT change, from_position, to_position, exit_kind, count(*)
FROM step
WHERE change IS NOT NULL
GROUP BY ALL
ORDER BY ALL
"""

_COUNTED_IN_TIME = """
SELECT date_trunc($unit, timezone('Europe/Oslo', timezone('UTC', occurred_at)))::TIMESTAMP
           AS period,
       change, count(*) AS steps
FROM step
WHERE change IS NOT NULL
GROUP BY ALL
"""


@dataclass(frozen=True)
class StageActivity:
    """The steps into and out of one stage.

    ``entered`` counts steps into it from another stage or from outside, ``reopened`` those after
    an exit; ``forward`` and ``back`` count steps out of it to another stage, ``left`` those out of
    the journey by kind.
    """

    stage_id: str
    position: int
    name: Text
    entered: int
    forward: int
    back: int
    left: Mapping[str, int]
    reopened: int


@dataclass(frozen=True)
class Activity:
    """The ``n`` steps in a period: how many ``came_in``, went ``forward`` or ``back``, ``left`` by
    kind, and were ``reopened``; and the same for each stage."""

    choice: Choice
    journey: Journey
    as_of: datetime
    known_at: datetime
    n: int
    came_in: int
    forward: int
    back: int
    left: Mapping[str, int]
    reopened: int
    stages: tuple[StageActivity, ...]
    kind: Literal["activity"] = "activity"


def activity(db: Database, actor: Actor, choice: Choice) -> Activity:
    """What moved on the days of ``choice``. Errors as for :func:`sandkasse.figures.choice.ask`."""
    question = ask(db, actor, choice)
    sql, values = steps(question)
    found = db.rows(sql + _COUNTED, values)
    totals: Counter[str] = Counter()
    into: Counter[tuple[str, int]] = Counter()
    out: Counter[tuple[str, int]] = Counter()
    left: Counter[tuple[str, int]] = Counter()
    for change, before, after, exit_kind, n in found:
        totals[change] += n
        if change == "left":
            left[exit_kind or "", before] += n
        else:
            into["reopened" if change == "reopened" else "entered", after] += n
            out[change, before] += n
    return Activity(
        choice=choice,
        journey=question.journey,
        as_of=question.as_of,
        known_at=question.known_at,
        n=totals.total(),
        came_in=totals["entered"],
        forward=totals["forward"],
        back=totals["back"],
        left=_by_kind(left),
        reopened=totals["reopened"],
        stages=tuple(
            StageActivity(
                stage_id=stage.id,
                position=stage.position,
                name=stage.name,
                entered=into["entered", stage.position],
                forward=out["forward", stage.position],
                back=out["back", stage.position],
                left=_by_kind(left, stage.position),
                reopened=into["reopened", stage.position],
            )
            for stage in question.journey.stages
        ),
    )


def activity_series(
    db: Database, actor: Actor, choice: Choice, unit: Unit = "week"
) -> pd.DataFrame:
    """What moved, week by week or month by month, in the time of Europe/Oslo.

    Columns: ``period`` (its first day, a date as naive timestamp; weeks begin on Monday), and the
    number of steps of each kind: ``entered`` (the journey), ``forward``, ``back``, ``left``,
    ``reopened``. Periods without a step are there with zeros, from the first day chosen (or the
    first step) to the last day chosen (or ``as_of``). Errors as for
    :func:`sandkasse.figures.choice.ask`.
    """
    question = ask(db, actor, choice)
    sql, values = steps(question)
    found = db.frame(sql + _COUNTED_IN_TIME, {**values, "unit": unit})
    if found.empty and choice.since is None:
        return pd.DataFrame(columns=list(SERIES_COLUMNS))
    series = found.pivot_table(
        index="period", columns="change", values="steps", aggfunc="sum", fill_value=0
    )
    first = choice.since if choice.since is not None else found["period"].min()
    last = min(choice.until or clock.local(question.as_of).date(),
               clock.local(question.as_of).date())  # fmt: skip
    rule = "W-MON" if unit == "week" else "MS"
    every = pd.date_range(_beginning(first, unit), last, freq=rule, unit="us", name="period")
    filled = series.reindex(index=every, columns=list(CHANGES), fill_value=0).astype("int64")
    return filled.rename_axis(columns=None).reset_index()


def steps(question: Question) -> tuple[str, dict[str, Any]]:
    """:data:`STEPS` for the question, to be followed by a SELECT, with its values."""
    period, days = question.within_period("h.occurred_at")
    narrowed, values = question.narrowed("i")
    moved = _MOVED.format(period=period) if days else ""
    sql = STEPS.format(period=period, narrowed=narrowed, moved=moved)
    return sql, {**question.moments(), **values, **days}


def _beginning(day: Any, unit: Unit) -> pd.Timestamp:
    start = pd.Timestamp(day)
    return start.to_period("W-SUN" if unit == "week" else "M").start_time


def _by_kind(left: Counter[tuple[str, int]], position: int | None = None) -> dict[str, int]:
    kinds: Counter[str] = Counter()
    for (kind, before), n in left.items():
        if position is None or before == position:
            kinds[kind] += n
    return dict(sorted(kinds.items()))
