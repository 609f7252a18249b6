"""How sure a share is: what its times rest on, and how far the doubtful records could move it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from sandkasse import clock
from sandkasse.database import Database
from sandkasse.figures import history
from sandkasse.figures.choice import Choice, Question, ask
from sandkasse.figures.flow.times import cohort
from sandkasse.figures.flow.trend import stage_of
from sandkasse.figures.history import OUTSIDE, TIMINGS, History, Truth
from sandkasse.figures.statistics import share
from sandkasse.journeys import Journey, Stage
from sandkasse.people import Actor

#: A time that is not exact may be wrong by so much.
LEEWAY = timedelta(days=31)
#: An open idea of which nothing was recorded for so long may have gone on without our knowing.
QUIET = timedelta(days=180)
#: Why a record is in doubt.
CAUSES = ("edge", "quiet")


@dataclass(frozen=True)
class Doubt:
    """What the share of those who came to the stage before and went on to ``stage`` rests on.

    ``timings``: how many of the happenings behind it are exact, estimated and imported.
    ``unexplained`` of ``to_explain`` steps back and exits have no reason. ``causes``: how many
    ideas are in doubt, and why: ``edge``: their time of entering is not exact and lies within a
    month of the first or the last day chosen; ``quiet``: open in the stage before, without a
    happening for half a year. With all of them counted one way the share is ``low``, the other way
    ``high``.
    """

    choice: Choice
    journey: Journey
    as_of: datetime
    known_at: datetime
    stage: Stage
    n: int
    timings: Mapping[str, int]
    unexplained: int
    to_explain: int
    reached: int
    previous: int
    causes: Mapping[str, int]
    low: float | None
    high: float | None

    @property
    def in_doubt(self) -> int:
        """How many ideas are in doubt."""
        return sum(self.causes.values())


def doubt(db: Database, actor: Actor, choice: Choice, stage_id: str | None = None) -> Doubt:
    """The doubt about the share that reached a stage (None: the middle one). Errors as for
    :func:`sandkasse.figures.flow.trend.trend`."""
    question = ask(db, actor, choice)
    stage = stage_of(question, stage_id)
    told = history.read(db, question)
    among = cohort(told, choice)
    rows = among[told.idea]
    back = told.moves & rows & (told.before >= 0) & (told.position < told.before)
    before = told.furthest >= max(stage.position - 1, 0)
    on = told.furthest >= stage.position
    edge, quiet = _edge(told, question), _quiet(told, stage)
    counted = np.bincount(told.timing[rows], minlength=len(TIMINGS) + 1)[1:]
    low, high = _range(among & before, on, ~among & before & edge, among & edge, quiet)
    return Doubt(
        choice=choice,
        journey=question.journey,
        as_of=question.as_of,
        known_at=question.known_at,
        stage=stage,
        n=int(among.sum()),
        timings=dict(zip(TIMINGS, counted.tolist(), strict=True)),
        unexplained=int((unexplained(told) & rows).sum()),
        to_explain=int(back.sum()),
        reached=int((among & on).sum()),
        previous=int((among & before).sum()),
        causes={
            "edge": int((edge & before).sum()),
            "quiet": int((quiet & among & ~edge).sum()),
        },
        low=low,
        high=high,
    )


def in_doubt(told: History, question: Question, stage: Stage, cause: str) -> Truth:
    """The ideas in doubt for one cause (see :data:`CAUSES`), or ``unexplained``: with a step back
    or an exit without a reason."""
    among = cohort(told, question.choice)
    edge = _edge(told, question)
    if cause == "edge":
        return edge & (told.furthest >= max(stage.position - 1, 0))
    if cause == "quiet":
        return _quiet(told, stage) & among & ~edge
    chosen = np.zeros(told.n, dtype=bool)
    chosen[told.idea[unexplained(told)]] = True
    return chosen & among


def unexplained(told: History) -> Truth:
    """The rows that are a step back or an exit without a reason."""
    found: Truth = (
        told.moves & (told.before >= 0) & (told.position < told.before) & (told.reason == -1)
    )
    return found


def _edge(told: History, question: Question) -> Truth:
    """The ideas that a small error in their time of entering puts on the other side of an edge of
    the chosen days."""
    near = np.zeros(told.n, dtype=bool)
    leeway = LEEWAY // timedelta(microseconds=1)
    for day in (question.choice.since, question.choice.until):
        if day is not None:
            near |= np.abs(told.entered_at - _moment(day, question.choice)) <= leeway
    return near & (told.timing[told.first] > 1 + TIMINGS.index("exact"))


def _moment(day: date, choice: Choice) -> int:
    return history.micros(clock.start_of(day) if day == choice.since else clock.end_of(day))


def _quiet(told: History, stage: Stage) -> Truth:
    """The open ideas that came as far as the stage before, and have long been silent."""
    long_ago = told.as_of - QUIET // timedelta(microseconds=1)
    quiet: Truth = (
        (told.ended == 0)
        & (told.furthest == stage.position - 1)
        & (told.at[told.last] < long_ago)
        & (told.position[told.last] != OUTSIDE)
    )
    return quiet


def _range(
    inside: Truth, on: Truth, outside_edge: Truth, inside_edge: Truth, quiet: Truth
) -> tuple[float | None, float | None]:
    """The least and the greatest share when those in doubt are counted either way."""
    k, n = int((inside & on).sum()), int(inside.sum())
    on_out = int((inside & inside_edge & on).sum())
    off_out = int((inside & inside_edge & ~on).sum())
    on_in, off_in = int((outside_edge & on).sum()), int((outside_edge & ~on).sum())
    silent = int((inside & quiet & ~inside_edge).sum())
    return (
        share(k - on_out, n - on_out + off_in),
        share(k + on_in + silent, n - off_out + on_in),
    )
