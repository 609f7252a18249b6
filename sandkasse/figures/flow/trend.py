"""Cohort after cohort: how many of those who came in during a quarter have got to a stage, with
those still on their way kept apart, so that a recent cohort is not read as a failure."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd

from sandkasse import clock
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures import history
from sandkasse.figures.choice import Choice, Question, ask
from sandkasse.figures.flow.times import cohort
from sandkasse.figures.history import History
from sandkasse.figures.movement import beginnings
from sandkasse.figures.statistics import wilson
from sandkasse.i18n import _
from sandkasse.journeys import Journey, Stage
from sandkasse.people import Actor


@dataclass(frozen=True)
class Quarter:
    """The ``n`` ideas that came in during the quarter that begins on ``first_day``: those that
    reached the stage, those that left before it, and those ``open`` before it, who still may.
    Always ``n = reached + left + open``."""

    first_day: date
    n: int
    reached: int
    left: int
    open: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the share that has reached the stage; None without ideas."""
        return wilson(self.reached, self.n)


@dataclass(frozen=True)
class CohortTrend:
    """How many of each quarter's ideas have reached ``stage``, by quarter."""

    choice: Choice
    journey: Journey
    as_of: datetime
    known_at: datetime
    stage: Stage
    n: int
    quarters: tuple[Quarter, ...]


def trend(db: Database, actor: Actor, choice: Choice, stage_id: str | None = None) -> CohortTrend:
    """The cohorts of the chosen days by the quarter in which they came in, in Europe/Oslo.

    ``stage_id`` None means the middle stage of the journey. Errors as for
    :func:`sandkasse.figures.choice.ask`; :raises Invalid: too for an unknown stage.
    """
    question = ask(db, actor, choice)
    stage = stage_of(question, stage_id)
    told = history.read(db, question)
    told = told.kept(cohort(told, choice))
    return CohortTrend(
        choice, question.journey, question.as_of, question.known_at, stage, told.n,
        _quarters(told, stage.position),
    )  # fmt: skip


def stage_of(question: Question, stage_id: str | None) -> Stage:
    """The stage asked about; the middle one when none is. :raises Invalid: for another's."""
    stages = question.journey.stages
    if stage_id is None:
        return stages[len(stages) // 2]
    for stage in stages:
        if stage.id == stage_id:
            return stage
    raise Invalid(_("Choose one of the stages in the list."), "stage_id")


def _quarters(told: History, position: int) -> tuple[Quarter, ...]:
    if not told.n:
        return ()
    first, last = (
        clock.local(history.moment(at)).date()
        for at in (told.entered_at.min(), told.entered_at.max())
    )
    starts = pd.date_range(
        pd.Timestamp(first).to_period("Q").start_time, pd.Timestamp(last), freq="QS", unit="us"
    )
    place = np.searchsorted(beginnings(starts), told.entered_at, side="right") - 1
    reached = told.furthest >= position
    parts = [reached, ~reached & (told.ended > 0), ~reached & (told.ended == 0)]
    counts = [np.bincount(place[part], minlength=len(starts)).tolist() for part in parts]
    return tuple(
        Quarter(day.date(), sum(numbers), *numbers)
        for day, *numbers in zip(starts, *counts, strict=True)
    )
