"""The chance that an idea is through before its student graduates, from the curves of the stages.

An idea that has been so long in a stage goes on, leaves or stays as those did who had been there
as long (Aalen–Johansen); each stage after it takes as long as it took others, whatever the stages
before (a semi-Markov chain). Times that none has been seen to end count as not through: the chance
told is the least that the curves allow. Whole days; ahead at most four years.
"""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt

from sandkasse import clock
from sandkasse.access import Action, reach, require
from sandkasse.database import Database
from sandkasse.figures import history
from sandkasse.figures.choice import Choice, ask
from sandkasse.figures.flow.times import ADVANCED, ENDINGS, Stays, stays
from sandkasse.figures.history import MICROSECONDS_A_DAY, History
from sandkasse.figures.statistics import ENOUGH
from sandkasse.journeys import Journey
from sandkasse.people import Actor

HORIZON_DAYS = 4 * 365
Daily = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Risk:
    """One open idea: the days left until graduation, and the ``chance`` (0 to 1) that it is
    through by then; None where too few have been through a stage that it has ahead."""

    idea_id: int
    title: str
    stage_id: str
    graduation: date
    days_left: int
    chance: float | None


@dataclass(frozen=True)
class Risks:
    """A page of the ``total`` open ideas with a graduation ahead, soonest graduation first."""

    choice: Choice
    journey: Journey
    as_of: datetime
    known_at: datetime
    rows: tuple[Risk, ...]
    total: int


def risks(
    db: Database, actor: Actor, choice: Choice, *, mentor_id: int | None = None,
    limit: int = 20, offset: int = 0,
) -> Risks:  # fmt: skip
    """The open ideas with an expected graduation, by that day: a list, not a ranking.

    Only for those who see each idea. With ``mentor_id`` only what that person mentors.

    :raises NotAllowed: for others than mentors and leads; else as for
        :func:`sandkasse.figures.choice.ask`.
    """
    require(actor, Action.SEE_BOARD)
    question = ask(db, actor, choice)
    told = history.read(db, question)
    seen = reach(actor, Action.SEE_IDEA)
    mentored = (
        ""
        if mentor_id is None
        else ("AND i.idea_id IN (SELECT idea_id FROM mentor_of WHERE mentor_id = $mentor_id)")
    )
    today = clock.local(question.as_of).date()
    narrowed, values = question.narrowed("i")
    open_then = "i.exit_id IS NULL"
    if choice.as_of is not None or choice.known_at is not None:
        open_then = "i.idea_id = ANY ($open)"
        values = {**values, "open": told.idea_ids[told.ended == 0].tolist()}
    rows = db.rows(
        f"""
        SELECT i.idea_id, i.title, i.graduation, count(*) OVER () AS total
        FROM idea AS i
        WHERE i.journey_id = $journey AND {open_then} AND i.graduation > $today
          AND {narrowed} AND ({seen.sql}) {mentored}
        ORDER BY i.graduation, i.idea_id LIMIT $limit OFFSET $offset
        """,  # noqa: S608
        {
            "journey": question.journey.id, "today": today, "limit": limit, "offset": offset,
            **values, **seen.parameters,
            **({} if mentor_id is None else {"mentor_id": mentor_id}),
        },
    )  # fmt: skip
    curves = Curves(told)
    found = []
    for idea_id, title, graduation, _total in rows:
        at = int(np.searchsorted(told.idea_ids, idea_id))
        if at >= told.n or told.idea_ids[at] != idea_id or told.ended[at]:
            continue
        left = (graduation - today).days
        stage = question.journey.stages[int(told.furthest[at])]
        found.append(
            Risk(idea_id, title, stage.id, graduation, left, curves.chance(told, at, left))
        )
    total = rows[0][-1] if rows else 0
    return Risks(choice, question.journey, question.as_of, question.known_at, tuple(found), total)


class Curves:
    """For each stage how likely each length of stay is, and what comes of it."""

    def __init__(self, told: History) -> None:
        stages = len(told.journey.stages)
        found = [stays(told, position) for position in range(stages)]
        self._goes_on, self._stays = zip(*map(_daily, found), strict=True)
        self._next = [_shares_of_next(told, position) for position in range(stages)]
        self._enough = [len(one.idea) >= ENOUGH for one in found]
        self._through = self._convolved(stages)

    def _convolved(self, stages: int) -> list[Daily]:
        """For each stage the chance to be through within 0, 1, … days of first coming to it."""
        through: list[Daily] = [np.zeros(HORIZON_DAYS + 1)] * stages + [np.ones(HORIZON_DAYS + 1)]
        for position in reversed(range(stages)):
            after = self._after(position, through)
            through[position] = np.convolve(self._goes_on[position], after)[: HORIZON_DAYS + 1]
        return through

    def _after(self, position: int, through: list[Daily]) -> Daily:
        """The chance to be through within so many days of going on from a stage."""
        found = np.zeros(HORIZON_DAYS + 1)
        for to, part in self._next[position].items():
            found += part * through[to]
        return found

    def chance(self, told: History, idea: int, days_left: int) -> float | None:
        """The chance that an idea of the history is through within so many days."""
        position = int(told.furthest[idea])
        if not all(self._enough[position:]):
            return None
        came = told.first_in[idea, position:].min()
        spent = int((told.as_of - told.at[came]) // MICROSECONDS_A_DAY)
        still = self._stays[position][min(spent, HORIZON_DAYS)]
        if still <= 0 or spent > HORIZON_DAYS:
            return None
        left = min(days_left, HORIZON_DAYS)
        goes_on = self._goes_on[position][spent + 1 : spent + 1 + left] / still
        after = self._after(position, self._through)[left - np.arange(1, len(goes_on) + 1)]
        return float(min(1.0, goes_on @ after))


def _daily(found: Stays) -> tuple[Daily, Daily]:
    """The chance to go on from a stage after 0, 1, … days there, and to be there still by the end
    of each of those days."""
    days = np.minimum(found.lasted // MICROSECONDS_A_DAY, HORIZON_DAYS + 1)
    size = HORIZON_DAYS + 2
    ended = np.bincount(days[found.ending > 0], minlength=size)
    gone_on = np.bincount(days[found.ending == 1 + ENDINGS.index(ADVANCED)], minlength=size)
    at_risk = len(days) - np.append(0, np.cumsum(np.bincount(days, minlength=size))[:-1])
    known = np.maximum(at_risk, 1)
    still = np.cumprod(1 - ended / known)
    before = np.append(1.0, still[:-1])
    return (before * gone_on / known)[:-1], still[:-1]


def _shares_of_next(told: History, position: int) -> dict[int, float]:
    """Where those who went on from a stage went: the share for each later stage, and for the end
    (the number of stages), which the last stage goes on to by completing."""
    stages = len(told.journey.stages)
    if position == stages - 1:
        return {stages: 1.0}
    later = told.first_in[:, position + 1 :]
    here = told.first_in[:, position]
    on = (here < len(told.at)) & (later.min(axis=1) < len(told.at)) & (here < later.min(axis=1))
    if not on.any():
        return {position + 1: 1.0}
    counts = np.bincount(later[on].argmin(axis=1), minlength=stages - position - 1)
    return {
        position + 1 + step: float(n) / float(counts.sum())
        for step, n in enumerate(counts.tolist())
        if n
    }
