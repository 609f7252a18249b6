"""How long it takes to go on from a stage, and to leave from it: Aalen–Johansen curves.

Time runs from an idea's first visit to the stage to its first visit to any later one (in the last
stage, to completing). Going on and each way out compete, and ideas still open are censored at the
moment asked about. An idea that skipped the stage was never in it on its way forward: it counts as
having reached the stage, but has no time here, not even if it later went back to it. An idea that
left and came back is taken as it stands at the end, its time away included.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import numpy as np

from sandkasse import clock
from sandkasse.database import Database
from sandkasse.figures import history
from sandkasse.figures.choice import Choice, ask, levels, themes
from sandkasse.figures.funnel import COMPLETED
from sandkasse.figures.history import MICROSECONDS_A_DAY, History, Truth, Whole
from sandkasse.figures.statistics import Incidence, Quantile, incidence
from sandkasse.journeys import EXIT_KINDS, Journey, Text
from sandkasse.people import Actor

ADVANCED = "advanced"
#: What can end a time in a stage, in the order of the codes that :func:`stays` gives.
ENDINGS = (ADVANCED, *EXIT_KINDS)

By = Literal["level", "theme"]


@dataclass(frozen=True)
class Stays:
    """The times of ideas in one stage: their index in the history, how long (microseconds), and
    how it ended: 0 still open, else 1 + an index in :data:`ENDINGS`."""

    idea: Whole
    lasted: Whole
    ending: Whole


@dataclass(frozen=True)
class Curve:
    """The part of those who came to a stage for whom it had ended in one way by a number of days.

    Columns of the same length; ``low`` and ``high`` bound each share with 95 % confidence.
    """

    ending: str
    days: tuple[float, ...]
    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class StageTimes:
    """The times in one stage. Always ``n = advanced + left + open``.

    ``half`` and ``most`` are the days by which 50 % and 85 % have gone on. ``left_before_half`` are
    the shares that had left by the day ``half``, by how; None where there is no such day.
    """

    stage_id: str
    position: int
    name: Text
    n: int
    advanced: int
    left: Mapping[str, int]
    open: int
    half: Quantile
    most: Quantile
    left_before_half: Mapping[str, float] | None
    curves: tuple[Curve, ...]


@dataclass(frozen=True)
class Times:
    """The times in each stage of the ``n`` ideas whose first entry fell in the chosen days."""

    choice: Choice
    journey: Journey
    as_of: datetime
    known_at: datetime
    n: int
    stages: tuple[StageTimes, ...]

    def stage(self, stage_id: str) -> StageTimes:
        """The times in one stage. :raises KeyError: for another journey's."""
        return {stage.stage_id: stage for stage in self.stages}[stage_id]


def times(db: Database, actor: Actor, choice: Choice) -> Times:
    """How long ideas take in each stage. Errors as for :func:`sandkasse.figures.choice.ask`."""
    question = ask(db, actor, choice)
    told = history.read(db, question)
    among = cohort(told, choice)
    return Times(
        choice=choice,
        journey=question.journey,
        as_of=question.as_of,
        known_at=question.known_at,
        n=int(among.sum()),
        stages=tuple(
            _stage(question.journey, stage.position, stays(told, stage.position, among))
            for stage in question.journey.stages
        ),
    )


def times_by(db: Database, actor: Actor, choice: Choice, by: By) -> dict[str, Times]:
    """The times of each level or theme that there is, in their order. Errors as for
    :func:`times`."""
    if by == "level":
        known = levels(db, actor, choice.journey_id)
        return {level: times(db, actor, replace(choice, level=level)) for level in known}
    known = themes(db, actor, choice.journey_id)
    return {theme: times(db, actor, replace(choice, theme=theme)) for theme in known}


def median_days_to_advance(db: Database, actor: Actor, choice: Choice) -> dict[str, float | None]:
    """For each stage, the days after which half of those who came to it have gone further; None
    where that is never reached. Errors as for :func:`times`."""
    return {stage.stage_id: stage.half.time for stage in times(db, actor, choice).stages}


def cohort(told: History, choice: Choice) -> Truth:
    """Which ideas entered the journey on the chosen days."""
    entered = told.entered_at
    among = np.ones(told.n, dtype=bool)
    if choice.since is not None:
        among &= entered >= history.micros(clock.start_of(choice.since))
    if choice.until is not None:
        among &= entered <= history.micros(clock.end_of(choice.until))
    return among


def stays(told: History, position: int, among: Truth | None = None) -> Stays:
    """The times in the stage at ``position`` of the ideas ``among`` those of the history."""
    came = told.first_in[:, position]
    later = told.first_from[:, position + 1]
    # The row of what never was is the number of rows, and no row is later.
    counted = came < later
    if among is not None:
        counted &= among
    idea = np.flatnonzero(counted)
    came, later, left = came[idea], later[idea], told.ended[idea]
    on = later < len(told.at)
    last = position == len(told.journey.stages) - 1
    completed = last & (left == 1 + EXIT_KINDS.index(COMPLETED))
    end = np.where(left > 0, told.left_at[idea], told.as_of)
    end[on] = told.at[later[on]]
    ending = np.where(left > 0, 1 + left.astype(np.int64), 0)
    ending[on | completed] = 1
    return Stays(idea=idea, lasted=end - told.at[came], ending=ending)


def _stage(journey: Journey, position: int, found: Stays) -> StageTimes:
    stage = journey.stages[position]
    counts = np.bincount(found.ending, minlength=len(ENDINGS) + 1)
    curve = incidence(found.lasted / MICROSECONDS_A_DAY, found.ending)
    half = curve.quantile(1, 0.5)
    left = {kind: int(n) for kind, n in zip(EXIT_KINDS, counts[2:], strict=True) if n}
    return StageTimes(
        stage_id=stage.id,
        position=position,
        name=stage.name,
        n=len(found.idea),
        advanced=int(counts[1]),
        left=left,
        open=int(counts[0]),
        half=half,
        most=curve.quantile(1, 0.85),
        left_before_half=None
        if half.time is None
        else {kind: curve.at(1 + ENDINGS.index(kind), half.time) for kind in left},
        curves=tuple(
            _curve(curve, code, ending)
            for code, ending in enumerate(ENDINGS, start=1)
            if counts[code]
        ),
    )


def _curve(curve: Incidence, code: int, ending: str) -> Curve:
    days, share, low, high = curve.drawn(code)
    return Curve(ending, *(tuple(column.tolist()) for column in (days, share, low, high)))
