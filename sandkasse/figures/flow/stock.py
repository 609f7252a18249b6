"""What was where, period by period: cumulative flow, arrivals and departures, and rework."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from sandkasse import clock
from sandkasse.database import Database
from sandkasse.figures import history
from sandkasse.figures.choice import Choice, ask
from sandkasse.figures.funnel import COMPLETED
from sandkasse.figures.history import OUTSIDE, REASON_CODES, History, Small, Truth, Whole
from sandkasse.figures.movement import CHANGES, Steps, Unit, beginnings, every_period, steps
from sandkasse.journeys import EXIT_KINDS, Journey
from sandkasse.people import Actor
from sandkasse.reasons import OTHER


@dataclass(frozen=True)
class Stock:
    """What was where at the end of each period, and what came and went in it on the days chosen:
    ``days`` days from the first chosen (or the first step) to the last.

    ``periods`` has one row a period: ``period`` (its first day, naive), a column a stage id with
    the ideas in it at its end, ``completed`` and ``left`` (how many were out by then), and the
    steps within it: ``entered``, ``forward``, ``back``, ``left_now``, ``completed_now``,
    ``reopened``. ``in_progress`` is how many are in the journey at the end of the last.
    """

    choice: Choice
    journey: Journey
    as_of: datetime
    known_at: datetime
    unit: Unit
    days: float
    periods: pd.DataFrame

    @property
    def n(self) -> int:
        """How many steps there are on the days chosen."""
        return 0 if self.periods.empty else int(self.periods[list(_STEPS)].to_numpy().sum())

    @property
    def in_progress(self) -> int:
        """How many ideas are in the journey at the end of the last period."""
        if self.periods.empty:
            return 0
        return int(self.periods[[stage.id for stage in self.journey.stages]].iloc[-1].sum())

    @property
    def rework(self) -> tuple[int, int]:
        """Back-steps and re-openings, of all steps but entering."""
        sums = self.periods[list(_STEPS)].sum() if len(self.periods) else Counter[str]()
        again = int(sums["back"] + sums["reopened"])
        return again, again + int(sums["forward"] + sums["left_now"] + sums["completed_now"])

    def a_period(self, step: str) -> float | None:
        """How many of a kind of step there are in a period of usual length, on average over the
        days; None where they are fewer than that."""
        usual = _USUAL_DAYS[self.unit]
        return float(self.periods[step].sum()) * usual / self.days if self.days >= usual else None


_STEPS = ("entered", "forward", "back", "left_now", "completed_now", "reopened")
#: Days of a week, and of a month on average (of the Gregorian calendar).
_USUAL_DAYS: dict[Unit, float] = {"week": 7.0, "month": 30.436875}


@dataclass(frozen=True)
class Leaving:
    """``n`` exits of one kind from one stage for one reason; '' where none was given."""

    stage_id: str
    exit_kind: str
    reason: str
    n: int


def stock(db: Database, actor: Actor, choice: Choice, unit: Unit = "month") -> Stock:
    """The cumulative flow on the days of ``choice``, in weeks or months of Europe/Oslo. Errors as
    for :func:`sandkasse.figures.choice.ask`."""
    question = ask(db, actor, choice)
    told = history.read(db, question)
    moved = steps(told, replace(choice, since=None))
    periods, days = pd.DataFrame(), 0.0
    if len(moved.row):
        first = choice.since or clock.local(history.moment(told.at[moved.row].min())).date()
        starts = every_period(first, question.as_of, choice, unit)
        begins = clock.start_of(first)
        periods = _periods(told, moved, starts, history.micros(begins))
        days = max((question.last_moment(choice) - begins) / timedelta(days=1), 0.0)
    return Stock(choice, question.journey, question.as_of, question.known_at, unit, days, periods)


def _periods(told: History, moved: Steps, starts: pd.DatetimeIndex, begins: int) -> pd.DataFrame:
    """A row a period, the first from where the days begin (microseconds since 1970). What moved
    before counts in what was there, not in its steps."""
    edges = np.maximum(beginnings(starts), begins)
    place = np.searchsorted(edges, told.at[moved.row], side="right")
    completed = moved.exit_kind == 1 + EXIT_KINDS.index(COMPLETED)
    rows = len(starts) + 1
    columns: dict[str, object] = {"period": starts}
    stages = len(told.journey.stages)
    there = np.cumsum(
        _by_stage(place, moved.after, rows, stages) - _by_stage(place, moved.before, rows, stages),
        axis=0,
    )[1:]
    columns |= {stage.id: there[:, stage.position] for stage in told.journey.stages}
    for name, which in (("completed", completed), ("left", ~completed)):
        gone = np.bincount(place[(moved.after == OUTSIDE) & which], minlength=rows)
        back = np.bincount(place[_came_back(moved, which)], minlength=rows)
        columns[name] = np.cumsum(gone - back)[1:]
    for change in CHANGES:
        made = moved.change == CHANGES.index(change)
        parts = {f"{change}_now": made & ~completed, "completed_now": made & completed}
        for name, which in parts.items() if change == "left" else ((change, made),):
            columns[name] = np.bincount(place[which], minlength=rows)[1:]
    return pd.DataFrame(columns)


def _by_stage(place: Whole, positions: Small, rows: int, stages: int) -> Whole:
    """How many steps of each period (down) have each stage (across) on one side."""
    inside = positions >= 0
    cell = place[inside] * stages + positions[inside]
    return np.bincount(cell, minlength=rows * stages).reshape(rows, stages)


def _came_back(moved: Steps, which: Truth) -> Truth:
    """Which steps end an absence that began by one of the exits ``which``."""
    out_before = np.append(False, which[:-1])[: len(which)]
    came_back: Truth = (moved.change == CHANGES.index("reopened")) & out_before
    return came_back


def leaving(db: Database, actor: Actor, choice: Choice) -> list[Leaving]:
    """Where ideas left on the chosen days, how and why, most first. Errors as for :func:`stock`."""
    question = ask(db, actor, choice)
    told = history.read(db, question)
    moved = steps(told, choice)
    left = moved.only(moved.change == CHANGES.index("left"))
    reasons = reason_names()
    tally = Counter(
        zip(left.before.tolist(), left.exit_kind.tolist(), (told.reason[left.row] + 1).tolist(),
            strict=True)
    )  # fmt: skip
    return [
        Leaving(question.journey.stages[at].id, ("", *EXIT_KINDS)[kind], reasons[reason], n)
        for (at, kind, reason), n in sorted(tally.items(), key=lambda one: (-one[1], one[0]))
    ]


def reason_names() -> tuple[str, ...]:
    """The reasons by 1 + the number that a history has for them; '' where none was given."""
    return ("", OTHER, *REASON_CODES)
