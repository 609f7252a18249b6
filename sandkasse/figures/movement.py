"""The activity: what moved in a period, whenever the ideas came in.

Each step from one place to another counts, so an idea can count many times. Repeating the stage
that an idea is in is no step; neither is a hold. So for each stage, what is in it at the end of a
period is what was in it at the beginning, plus ``entered`` and ``reopened``, minus ``forward``,
``back`` and ``left``.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import numpy as np
import pandas as pd

from sandkasse import clock
from sandkasse.database import Database
from sandkasse.figures import history
from sandkasse.figures.choice import Choice, ask
from sandkasse.figures.history import NOWHERE, OUTSIDE, History, Small, Truth, Whole
from sandkasse.journeys import EXIT_KINDS, Journey, Text
from sandkasse.people import Actor

#: What a step can be: ``entered`` the journey, ``forward``, ``back``, ``left``, ``reopened``.
CHANGES = ("entered", "forward", "back", "left", "reopened")
SERIES_COLUMNS = ("period", *CHANGES)

Unit = Literal["week", "month"]


@dataclass(frozen=True, eq=False)
class Steps:
    """The steps in a period, as columns of the same length: the index of the ``idea`` in the
    history, the ``row`` there, the ``change`` (an index in :data:`CHANGES`), the positions
    ``before`` and ``after`` (see :class:`sandkasse.figures.history.History`), and ``exit_kind``."""

    idea: Whole
    row: Whole
    change: Small
    before: Small
    after: Small
    exit_kind: Small

    def only(self, which: Truth) -> "Steps":
        """Some of the steps."""
        return Steps(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


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
    found = steps(history.read(db, question), choice)
    totals: Counter[str] = Counter()
    into: Counter[tuple[str, int]] = Counter()
    out: Counter[tuple[str, int]] = Counter()
    left: Counter[tuple[str, int]] = Counter()
    for (change, before, after, exit_kind), n in counted(found).items():
        totals[change] += n
        if change == "left":
            left[exit_kind, before] += n
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
    told = history.read(db, question)
    found = steps(told, choice)
    if not len(found.row) and choice.since is None:
        return pd.DataFrame(columns=list(SERIES_COLUMNS))
    at = told.at[found.row]
    first = choice.since or clock.local(history.moment(at.min())).date()
    periods = every_period(first, question.as_of, choice, unit)
    place = np.searchsorted(beginnings(periods), at, side="right") - 1
    counts = np.bincount(place * len(CHANGES) + found.change, minlength=len(periods) * len(CHANGES))
    series = pd.DataFrame(counts.reshape(-1, len(CHANGES)), columns=list(CHANGES))
    series.insert(0, "period", periods)
    return series


def steps(told: History, choice: Choice) -> Steps:
    """The steps of the history on the chosen days. Repeating the place that an idea is in is no
    step."""
    within = told.moves.copy()
    if choice.since is not None:
        within &= told.at >= history.micros(clock.start_of(choice.since))
    if choice.until is not None:
        within &= told.at <= history.micros(clock.end_of(choice.until))
    row = np.flatnonzero(within)
    before, after = told.before[row], told.position[row]
    return Steps(told.idea[row], row, _change(before, after), before, after, told.exit_kind[row])


def _change(before: Small, after: Small) -> Small:
    change = np.full(len(after), CHANGES.index("back"), dtype=np.int8)
    change[after > before] = CHANGES.index("forward")
    change[before == OUTSIDE] = CHANGES.index("reopened")
    change[before == NOWHERE] = CHANGES.index("entered")
    change[after == OUTSIDE] = CHANGES.index("left")
    return change


def counted(found: Steps) -> Counter[tuple[str, int, int, str]]:
    """How many steps there are of each (change, position before, position after, exit kind)."""
    columns = (found.change, found.before + 2, found.after + 2, found.exit_kind)
    keys = [np.asarray(column, dtype=np.int64) for column in columns]
    sizes = [int(key.max(initial=0)) + 1 for key in keys]
    tally = np.bincount(np.ravel_multi_index(keys, sizes))
    kinds = ("", *EXIT_KINDS)
    return Counter({
        (CHANGES[change], int(before) - 2, int(after) - 2, kinds[kind]): int(tally[cell])
        for cell in np.flatnonzero(tally)
        for change, before, after, kind in [np.unravel_index(cell, sizes)]
    })  # fmt: skip


def every_period(first: date, as_of: datetime, choice: Choice, unit: Unit) -> pd.DatetimeIndex:
    """The first days of all weeks or months from ``first`` to the last day chosen."""
    today = clock.local(as_of).date()
    last = min(choice.until or today, today)
    rule = "W-MON" if unit == "week" else "MS"
    return pd.date_range(_beginning(first, unit), last, freq=rule, unit="us", name="period")


def beginnings(periods: pd.DatetimeIndex) -> Whole:
    """When each period begins in Europe/Oslo, in microseconds since 1970, UTC."""
    starts = periods.tz_localize(clock.OSLO).tz_convert(None)
    return starts.to_numpy(dtype="datetime64[us]").view(np.int64)


def _beginning(day: Any, unit: Unit) -> pd.Timestamp:
    start = pd.Timestamp(day)
    return start.to_period("W-SUN" if unit == "week" else "M").start_time


def _by_kind(left: Counter[tuple[str, int]], position: int | None = None) -> dict[str, int]:
    kinds: Counter[str] = Counter()
    for (kind, before), n in left.items():
        if position is None or before == position:
            kinds[kind] += n
    return dict(sorted(kinds.items()))
