"""The waiting figures as a person would work them out: histories replayed one by one in plain
Python, and every matter a row of its own for statsmodels."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from statsmodels.duration.survfunc import SurvfuncRight

from sandkasse import ball, matter
from sandkasse.ball import Matter, Turn
from sandkasse.ledger import Kind, Row
from sandkasse.matter import Standing, State
from tests.figures.test_ball import cut

Kept = Mapping[int, tuple[list[Row], list[Matter]]]
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Waited:
    """A matter that was sent: with whom, what became of it, and the days the agency had it."""

    agency_id: str
    part: str
    days: float
    sent_at: datetime
    questions: int


def turns(kept: Kept, as_of: datetime, known_at: datetime) -> dict[int, tuple[Turn, ...]]:
    """The turns of each idea that had come in, at these moments."""
    found = {}
    for idea_id, (rows, matters) in kept.items():
        seen = [row for row in rows if row.recorded_at <= known_at]
        seen = [row for row in seen if row.kind is Kind.VOID or row.occurred_at <= as_of]
        if any(row.kind is Kind.ENTER for row in seen):
            then = [cut(one, as_of, known_at) for one in matters]
            found[idea_id] = ball.replay(seen, then).turns
    return found


def division(
    kept: Kept, as_of: datetime, known_at: datetime, since: datetime, until: datetime
) -> tuple[dict[tuple[str, str], float], dict[str, int], int]:
    """Days by stage and party, ideas by stage, and ideas in all, between two moments."""
    days: dict[tuple[str, str], float] = defaultdict(float)
    ideas: dict[str, set[int]] = defaultdict(set)
    for idea_id, told in turns(kept, as_of, known_at).items():
        for turn in told:
            begins = max(turn.begins_at, since)
            ends = min(turn.ends_at or as_of, as_of, until)
            if ends > begins:
                days[turn.stage_id, turn.party] += (ends - begins) / A_DAY
                ideas[turn.stage_id].add(idea_id)
    everywhere = set().union(*ideas.values())
    return dict(days), {stage: len(of) for stage, of in ideas.items()}, len(everywhere)


def waited(kept: Kept, as_of: datetime, known_at: datetime) -> list[Waited]:
    """Every matter that had been sent at these moments."""
    found = []
    for _rows, matters in kept.values():
        for one in matters:
            then = cut(one, as_of, known_at)
            if not matter.effective(then.events):
                continue
            told = matter.replay(then.events)
            if told.sent_at is not None:
                part, days = _fate(told, as_of)
                found.append(Waited(one.agency_id, part, days, told.sent_at, told.questions))
    return found


def _fate(told: Standing, as_of: datetime) -> tuple[str, float]:
    if told.decided_days is not None:
        return "answered", told.decided_days
    lasting = (as_of - told.state_at) / A_DAY if told.state is State.AGENCY else 0.0
    return ("withdrawn" if told.state is State.CLOSED else "open"), told.agency_days + lasting


def parts(those: Sequence[Waited]) -> Counter[str]:
    """How many of each part."""
    return Counter(one.part for one in those)


def quantile(those: Sequence[Waited], part: float) -> tuple[float | None, ...]:
    """The time and the ends of its interval, from data with a row for each matter."""
    decided = [one.part == "answered" for one in those]
    times = [
        math.ceil(one.days - 1e-8) if ended else math.floor(one.days + 1e-8)
        for one, ended in zip(those, decided, strict=True)
    ]
    curve = SurvfuncRight(np.array(times), np.array(decided, dtype=int))
    with np.errstate(all="ignore"):
        found = (curve.quantile(part - 1e-9), *curve.quantile_ci(part - 1e-9))
    return tuple(float(one) if np.isfinite(one) else None for one in found)
