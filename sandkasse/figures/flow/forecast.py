"""How many ideas will have come to a stage by a date, and when so many will have: Monte Carlo.

Each trial draws the weeks to come, with replacement, from how many ideas came to the stage for the
first time in each week of the last year (throughput forecasting: Magennis, *Forecasting and
Simulating Software Development Projects*, 2011; Vacanti, *Actionable Agile Metrics for
Predictability*, 2015). Four weeks in a row are drawn at a time, because good weeks and poor ones
come together: drawn one by one they would promise too much (moving blocks: Künsch, Annals of
Statistics 17, 1989). The trials of a seed are the same every time. The weeks ahead are taken to be
like those behind: nothing is known of new ideas or agreements to come.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt

from sandkasse import clock
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures import history
from sandkasse.figures.choice import Choice, ask
from sandkasse.figures.flow.trend import stage_of
from sandkasse.figures.history import MICROSECONDS_A_DAY, History, Whole
from sandkasse.i18n import _
from sandkasse.journeys import Journey, Stage
from sandkasse.people import Actor

SEED = 20_221_222
TRIALS = 10_000
#: The chances that are told: half, 85 % and 95 % of the trials do at least so well.
CHANCES = (0.5, 0.85, 0.95)
#: Weeks that are drawn from, and the fewest that say something.
LOOKED_BACK, FEWEST_WEEKS = 52, 8
_TOGETHER = 4
_FAN = 30
#: So many ideas must have come to the stage in those weeks.
FEWEST_ARRIVALS = 5
#: How far ahead a forecast reaches.
MOST_WEEKS = 260
#: How far ahead it is told where no day is chosen.
WEEKS_AHEAD = 16
#: How many weeks ahead each forecast of the back-test looks, and how many forecasts it makes.
TESTED_AHEAD, TESTS = 8, 40
_WEEK = 7 * MICROSECONDS_A_DAY

#: ``enough``, or why there is no forecast: too short a record, or nothing that comes any more.
Ground = Literal["enough", "not_enough_data", "cannot_be_forecast"]


@dataclass(frozen=True)
class BackTest:
    """The forecast made at ``n`` past moments from what had happened by then, against what came:
    how often the number forecast with each chance, or more, did come. A forecast that keeps its
    word has ``kept[0.85]`` near 85 % of ``n``."""

    n: int
    weeks_ahead: int
    kept: dict[float, int]


@dataclass(frozen=True)
class Forecast:
    """How many will have come to ``stage`` by ``by``, and when ``target`` will have.

    ``weekly`` are the arrivals of the last whole weeks, oldest first, ending at ``as_of``.
    ``so_far`` have come already. ``at_least[c]`` is the number reached with chance c, ``when[c]``
    the day by which ``target`` is reached with chance c; None: not within five years. ``fan`` has
    the number reached with each chance by the end of some of the weeks until ``by``.
    """

    choice: Choice
    journey: Journey
    as_of: datetime
    known_at: datetime
    stage: Stage
    by: date
    target: int
    n: int
    so_far: int
    weekly: tuple[int, ...]
    ground: Ground
    seed: int
    trials: int
    at_least: dict[float, int]
    when: dict[float, date | None]
    fan: tuple[tuple[date, dict[float, int]], ...]
    back_test: BackTest


def forecast(
    db: Database,
    actor: Actor,
    choice: Choice,
    stage_id: str | None,
    by: date,
    target: int,
    seed: int = SEED,
) -> Forecast:
    """The forecast for a stage (None: the middle one) from the moments of ``choice``; its period
    plays no part.

    ``target`` counts all that will ever have come, those of today included.

    :raises Invalid: a day that is not ahead or too far ahead, or a target below one; an unknown
        stage; else as for :func:`sandkasse.figures.choice.ask`.
    """
    question = ask(db, actor, choice)
    stage = stage_of(question, stage_id)
    today = clock.local(question.as_of).date()
    if not today < by <= today + timedelta(weeks=MOST_WEEKS):
        raise Invalid(_("Choose a day ahead, within five years."), "by")
    if target < 1:
        raise Invalid(_("Choose a number from 1 up."), "target")
    told = history.read(db, question)
    arrivals = arrived(told, stage.position)
    weekly = by_week(arrivals, told)
    ground = _ground(weekly)
    ahead = _Ahead()
    if ground == "enough":
        drawn = _drawn(weekly[-LOOKED_BACK:], seed)
        ahead = _Ahead.of(drawn, today, by, len(arrivals), target)
    return Forecast(
        choice, question.journey, question.as_of, question.known_at, stage, by, target, told.n,
        len(arrivals), tuple(weekly[-LOOKED_BACK:].tolist()), ground, seed, TRIALS,
        ahead.at_least, ahead.when, ahead.fan, back_test(weekly, seed),
    )  # fmt: skip


def settled(db: Database, actor: Actor, choice: Choice) -> Choice:
    """The choice with what a forecast of it is about where it does not say: the middle stage,
    sixteen weeks ahead, and as many as will have come by then with even chances. Errors as for
    :func:`forecast`."""
    question = ask(db, actor, choice)
    stage_id = stage_of(question, choice.stage_id).id
    today = clock.local(question.as_of).date()
    by = choice.by or today + timedelta(weeks=WEEKS_AHEAD)
    target = choice.target
    if target is None:
        even = forecast(db, actor, choice, stage_id, by, 1).at_least
        target = max(even.get(CHANCES[0], 1), 1)
    return replace(choice, stage_id=stage_id, by=by, target=target)


def of_choice(db: Database, actor: Actor, choice: Choice) -> Forecast:
    """The forecast that :func:`settled` tells of. Errors as for :func:`forecast`."""
    exact = settled(db, actor, choice)
    assert exact.by is not None  # noqa: S101
    assert exact.target is not None  # noqa: S101
    return forecast(db, actor, exact, exact.stage_id, exact.by, exact.target)


def so_far(db: Database, actor: Actor, choice: Choice) -> int:
    """How many have ever come to the stage of ``choice``. Errors as for :func:`forecast`."""
    question = ask(db, actor, choice)
    told = history.read(db, question)
    return len(arrived(told, stage_of(question, choice.stage_id).position))


@dataclass(frozen=True)
class _Ahead:
    """What the trials say; nothing where there are none."""

    at_least: dict[float, int] = field(default_factory=dict)
    when: dict[float, date | None] = field(default_factory=dict)
    fan: tuple[tuple[date, dict[float, int]], ...] = ()

    @classmethod
    def of(
        cls, drawn: npt.NDArray[np.int32], today: date, by: date, so_far: int, target: int
    ) -> "_Ahead":
        def then(weeks: float) -> dict[float, int]:
            return {chance: so_far + n for chance, n in _by_then(drawn, weeks).items()}

        weeks = (by - today).days / 7
        some = {*np.linspace(0, weeks, _FAN).astype(int).tolist(), weeks}
        waits = _until_so_many(drawn, target - so_far)
        return cls(
            at_least=then(weeks),
            when={
                chance: None if wait is None else today + timedelta(days=round(wait * 7))
                for chance, wait in waits.items()
            },
            fan=tuple((today + timedelta(weeks=week), then(week)) for week in sorted(some)),
        )


def arrived(told: History, position: int) -> Whole:
    """When each idea that ever reached the stage did so first, in order; having skipped it counts
    from when it came past it. Microseconds since 1970, UTC."""
    rows = told.first_from[:, position]
    return np.sort(told.at[rows[rows < len(told.at)]])


def by_week(arrivals: Whole, told: History) -> Whole:
    """How many arrived in each whole week before the history's moment, oldest first, from the week
    in which the first idea entered the journey."""
    if not told.n:
        return np.empty(0, np.int64)
    weeks = int((told.as_of - told.entered_at.min()) // _WEEK)
    since = ago(arrivals, told)
    return np.bincount(since[since < weeks], minlength=weeks)[::-1]


def ago(at: Whole, told: History) -> Whole:
    """How many whole weeks before the history's moment each moment was."""
    weeks: Whole = (told.as_of - at) // _WEEK
    return weeks


def _ground(weekly: Whole) -> Ground:
    if len(weekly) < FEWEST_WEEKS or 0 < weekly[-LOOKED_BACK:].sum() < FEWEST_ARRIVALS:
        return "not_enough_data"
    return "enough" if weekly[-LOOKED_BACK:].any() else "cannot_be_forecast"


def _drawn(
    weekly: Whole, seed: int, trials: int = TRIALS, ahead: int = MOST_WEEKS
) -> npt.NDArray[np.int32]:
    """Arrivals to come in each trial (down) by the end of each week ahead (across)."""
    chance = np.random.default_rng(seed)
    blocks = chance.integers(0, len(weekly), (trials, -(-ahead // _TOGETHER)), dtype=np.int16)
    weeks = (blocks[:, :, None] + np.arange(_TOGETHER, dtype=np.int16)) % len(weekly)
    drawn = weekly.astype(np.int32)[weeks.reshape(trials, -1)[:, :ahead]]
    return np.cumsum(drawn, axis=1, dtype=np.int32)


def _by_then(drawn: npt.NDArray[np.int32], weeks: float) -> dict[float, int]:
    """How many more arrive within so many weeks, with each chance. Part of a week counts as its
    part of what arrives in it."""
    whole = int(weeks)
    before = drawn[:, whole - 1] if whole else np.zeros(len(drawn), np.int32)
    then = drawn[:, min(whole, MOST_WEEKS - 1)]
    arrived = before + (weeks - whole) * (then - before)
    return {chance: int(np.floor(np.quantile(arrived, 1 - chance))) for chance in CHANCES}


def _until_so_many(drawn: npt.NDArray[np.int32], missing: int) -> dict[float, float | None]:
    """The weeks until so many more have arrived, with each chance; None: not in the weeks drawn."""
    if missing <= 0:
        return dict.fromkeys(CHANCES, 0.0)
    waits = np.sort((drawn < missing).sum(axis=1) + 1.0)
    found: dict[float, float | None] = {}
    for chance in CHANCES:
        wait = waits[int(np.ceil(chance * len(waits))) - 1]
        found[chance] = float(wait) if wait <= MOST_WEEKS else None
    return found


def back_test(weekly: Whole, seed: int = SEED, ahead: int = TESTED_AHEAD) -> BackTest:
    """The forecast ``ahead`` weeks at past moments a week apart, against what came."""
    kept = dict.fromkeys(CHANCES, 0)
    ends = range(len(weekly) - ahead, FEWEST_WEEKS - 1, -1)[:TESTS]
    n = 0
    for end in ends:
        known = weekly[max(0, end - LOOKED_BACK) : end]
        if _ground(known) != "enough":
            continue
        n += 1
        trials = _drawn(known, seed, 1_000, ahead)[:, -1]
        came = weekly[end : end + ahead].sum()
        for chance in CHANCES:
            kept[chance] += int(came >= np.floor(np.quantile(trials, 1 - chance)))
    return BackTest(n, ahead, kept)
