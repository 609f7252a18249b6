"""How old the open ideas are in their stages, against how long others took.

Age is the sum of an idea's visits to the stage that it is in. The bands of a stage are the days
within which 50, 85 and 95 % of the ideas that were ever in it had left it, whatever for, with those
still there censored (Kaplan–Meier). Until enough have left, the expected days of the journey stand
in for the 85 % band. Times are days, or study weeks of a calendar of :mod:`sandkasse.terms`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from sandkasse import clock
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures import history
from sandkasse.figures.choice import Choice, Question, ask
from sandkasse.figures.history import (
    MICROSECONDS_A_DAY,
    History,
    Small,
    Truth,
    Whole,
    worked_out,
)
from sandkasse.figures.statistics import incidence
from sandkasse.i18n import _
from sandkasse.journeys import Journey, Text
from sandkasse.people import Actor
from sandkasse.terms import FIRST, Calendar, calendars

#: So many must have left a stage before its own times are its bands: fewer say nothing of 95 %.
ENOUGH_LEFT = 20
SHARES = (0.5, 0.85, 0.95)
#: An idea is stale when the ball has been in the same hands for so long, and not in an agency's.
STALE = timedelta(days=60)

#: What an open idea is doing.
CONDITIONS = ("moving", "agency", "on_hold", "stale")
#: Where an age lies: within the band, or past the last one that is known.
BANDS = ("within_50", "within_85", "within_95", "past")
Source = Literal["observed", "expected", "none"]


@dataclass(frozen=True)
class StageBands:
    """The days within which 50, 85 and 95 % leave a stage; None: not known. ``source`` says where
    they come from, and ``left`` how many times that have ended stand behind observed ones."""

    stage_id: str
    position: int
    name: Text
    days: tuple[float | None, float | None, float | None]
    source: Source
    left: int


@dataclass(frozen=True)
class StageAges:
    """The ``n`` open ideas in a stage: by band and by condition, and how many visit it again."""

    bands: StageBands
    n: int
    by_band: dict[str, int]
    by_condition: dict[str, int]
    again: int


@dataclass(frozen=True)
class Ageing:
    """The ages of the ``n`` open ideas.

    ``ages``: one row an open idea with ``idea_id``, ``position``, ``days`` (age), ``visits``,
    ``condition`` (one of :data:`CONDITIONS`) and ``band`` (one of :data:`BANDS`).
    """

    choice: Choice
    journey: Journey
    as_of: datetime
    known_at: datetime
    calendar: Calendar | None
    n: int
    stages: tuple[StageAges, ...]
    ages: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Visits:
    """One row a stay in a stage: the ``idea``'s index, the ``position``, when it began and ended
    (microseconds; the moment asked about while it lasts) and whether it lasts."""

    idea: Whole
    position: Small
    begins: Whole
    ends: Whole
    lasts: Truth


@dataclass(frozen=True, eq=False)
class Whereabouts:
    """One row an idea and ``position`` of a stage that it was in, by idea and then by stage: how
    many ``visits``, and whether it ``lasts``. ``cell`` is the number of the two together (the
    idea's index times the number of stages, and the position), and ``of_visit`` that of each
    visit."""

    position: Small
    visits: Whole
    lasts: Truth
    cell: Whole
    of_visit: Whole


@dataclass(frozen=True, eq=False)
class Spent:
    """How long an idea was in each stage that it was in: ``days``, or study weeks, a row of
    ``where``."""

    where: Whereabouts
    days: npt.NDArray[np.float64]


def ageing(db: Database, actor: Actor, choice: Choice, calendar_id: str | None = None) -> Ageing:
    """The ages of open ideas; the period plays no part. With a calendar, ``days`` and bands are
    study weeks. Errors as for :func:`sandkasse.figures.choice.ask`; :raises Invalid: too for an
    unknown calendar."""
    question = ask(db, actor, choice)
    calendar = _calendar(calendar_id)
    told = history.read(db, question)
    spent = _time_in_stages(told, calendar)
    pace = 1.0 if calendar is None else _study_weeks_a_day(calendar, question.as_of)
    bands = _bands_of_all(question.journey.for_level(choice.level), spent, pace)
    ages = _ages(db, question, told, spent, bands)
    return Ageing(
        choice=choice,
        journey=question.journey,
        as_of=question.as_of,
        known_at=question.known_at,
        calendar=calendar,
        n=len(ages),
        stages=tuple(_stage(one, ages[ages["position"] == one.position]) for one in bands),
        ages=ages,
    )


def bands(db: Database, actor: Actor, choice: Choice) -> tuple[StageBands, ...]:
    """The bands of each stage in days, in journey order. Errors as for :func:`ageing`."""
    question = ask(db, actor, choice)
    told = history.read(db, question)
    journey = question.journey.for_level(choice.level)
    return _bands_of_all(journey, _time_in_stages(told, None), 1.0)


def visits(told: History) -> Visits:
    """Every stay in a stage: consecutive happenings in one stage are one stay."""
    found = _visits_whenever(told)
    return replace(found, ends=np.where(found.lasts, told.as_of, found.ends))


@worked_out
def _visits_whenever(told: History) -> Visits:
    """The same without the moment asked about, which histories with the same rows differ in: what
    lasts has no end."""
    moved = told.moves
    idea, position, at = told.idea[moved], told.position[moved], told.at[moved]
    lasts = np.ones(len(at), dtype=bool)
    np.not_equal(idea[1:], idea[:-1], out=lasts[:-1])
    ends = np.zeros(len(at), dtype=np.int64)
    np.copyto(ends[:-1], at[1:], where=~lasts[:-1])
    inside = position >= 0
    return Visits(idea[inside], position[inside], at[inside], ends[inside], lasts[inside])


def _calendar(calendar_id: str | None) -> Calendar | None:
    if calendar_id is None:
        return None
    try:
        return calendars()[calendar_id]
    except KeyError:
        raise Invalid(_("Choose one of the calendars in the list."), "calendar") from None


@worked_out
def whereabouts(told: History) -> Whereabouts:
    """Every stage that each idea was in."""
    found, stages = _visits_whenever(told), len(told.journey.stages)
    of_visit = found.idea * stages + found.position
    many = np.bincount(of_visit, minlength=told.n * stages)
    lasts = np.zeros(told.n * stages, dtype=bool)
    lasts[of_visit[found.lasts]] = True
    cell = np.flatnonzero(many)
    position = (cell % stages).astype(np.int8)
    return Whereabouts(position, many[cell], lasts[cell], cell, of_visit)


def _time_in_stages(told: History, calendar: Calendar | None) -> Spent:
    """How long each idea was in each stage: the sum of its visits."""
    found, where = visits(told), whereabouts(told)
    if calendar is None:
        lasted = (found.ends - found.begins) / MICROSECONDS_A_DAY
    else:
        moments = (found.begins.view("datetime64[us]"), found.ends.view("datetime64[us]"))
        lasted = calendar.weeks_between(*moments)
    cells = told.n * len(told.journey.stages)
    days = np.bincount(where.of_visit, weights=lasted, minlength=cells).astype(float, copy=False)
    return Spent(where, days[where.cell])


def _bands_of_all(journey: Journey, spent: Spent, pace: float) -> tuple[StageBands, ...]:
    """``pace`` is how much of the unit that times are told in a day is."""
    return tuple(_bands(journey, stage.position, spent, pace) for stage in journey.stages)


def _study_weeks_a_day(calendar: Calendar, as_of: datetime) -> float:
    """How many study weeks a day is on average, by the year that ends at a moment: the journey's
    expected days are days of the calendar."""
    today = max(clock.local(as_of).date(), FIRST + _YEAR)
    return calendar.study_weeks(today - _YEAR, today) / _YEAR.days


_YEAR = timedelta(days=365)


def _bands(journey: Journey, position: int, spent: Spent, pace: float) -> StageBands:
    stage = journey.stages[position]
    here = np.flatnonzero(spent.where.position == position)
    ended = (~spent.where.lasts[here]).astype(np.int64)
    left = int(ended.sum())
    source: Source = "none"
    half = most = nearly = None
    if left >= ENOUGH_LEFT:
        curve = incidence(spent.days[here], ended)
        half, most, nearly = (curve.quantile(1, part).time for part in SHARES)
        source = "observed"
    elif stage.expected_days:
        most, source = stage.expected_days * pace, "expected"
    return StageBands(stage.id, position, stage.name, (half, most, nearly), source, left)


def _ages(
    db: Database,
    question: Question,
    told: History,
    spent: Spent,
    bands: tuple[StageBands, ...],
) -> pd.DataFrame:
    here = np.flatnonzero(spent.where.lasts)
    ids = told.idea_ids[spent.where.cell[here] // len(told.journey.stages)]
    position, days = spent.where.position[here], spent.days[here]
    limits = np.array([[np.inf if one is None else one for one in band.days] for band in bands])
    over = days[:, None] > limits[position].reshape(-1, len(SHARES))
    # A band that is not known is passed over: its age belongs to the next one that is.
    known = np.isfinite(limits)[position].reshape(-1, len(SHARES))
    place = np.where((~over & known).any(axis=1), (~over & known).argmax(axis=1), len(SHARES))
    place = np.where(known.any(axis=1), place, 0)
    return pd.DataFrame({
        "idea_id": ids,
        "position": position,
        "days": days,
        "visits": spent.where.visits[here],
        "condition": _conditions(db, question, ids),
        "band": pd.Categorical.from_codes(place, pd.Index(BANDS)),
    })  # fmt: skip


_NOW = """
SELECT idea_id, held_at IS NOT NULL AS parked, ball = 'agency' AS with_agency,
       epoch_us(coalesce(turn_at, stage_at)) AS since
FROM idea
WHERE journey_id = $journey AND exit_id IS NULL
"""
_THEN = """
SELECT t.idea_id, arg_max(t.party, t.begins_at) = 'parked' AS parked,
       arg_max(t.party, t.begins_at) = 'agency' AS with_agency, epoch_us(max(t.begins_at)) AS since
FROM turn_of($as_of, $known_at) AS t
SEMI JOIN (SELECT idea_id FROM idea WHERE journey_id = $journey) AS i ON i.idea_id = t.idea_id
WHERE t.ends_at IS NULL
GROUP BY t.idea_id
"""


def _conditions(db: Database, question: Question, ids: Whole) -> "pd.Categorical[str]":
    """What each open idea is doing: whose turn it is, and whether it has lasted too long."""
    values = {"journey": question.journey.id} if question.present else question.moments()
    found = db.frame(_NOW if question.present else _THEN, values)
    turns = found.set_index("idea_id").reindex(ids)
    stale_before = history.micros(question.as_of - STALE)
    codes = np.select(
        [turns["parked"].eq(1), turns["with_agency"].eq(1), turns["since"].lt(stale_before)],
        [CONDITIONS.index(one) for one in ("on_hold", "agency", "stale")],
        CONDITIONS.index("moving"),
    )
    return pd.Categorical.from_codes(codes, pd.Index(CONDITIONS))


def _stage(bands: StageBands, ages: pd.DataFrame) -> StageAges:
    by_band, by_condition = ages["band"].value_counts(), ages["condition"].value_counts()
    return StageAges(
        bands=bands,
        n=len(ages),
        by_band={band: int(by_band.get(band, 0)) for band in BANDS},
        by_condition={one: int(by_condition.get(one, 0)) for one in CONDITIONS},
        again=int((ages["visits"] > 1).sum()),
    )
