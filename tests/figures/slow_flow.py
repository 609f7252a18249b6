"""The flow figures again, slowly: plain Python from the definitions, one idea at a time."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.figures.ledgers import STAGES, Told
from tests.figures.slow_funnel import OUT, Place, furthest, places

OSLO = ZoneInfo("Europe/Oslo")


def moves(visited: Sequence[Place]) -> list[Place]:
    """The places without those that repeat the one before, and without an exit before entering."""
    found: list[Place] = []
    for place in visited:
        if found and found[-1].stage == place.stage:
            continue
        if not found and place.stage == OUT:
            continue
        found.append(place)
    return found


def ages(
    ideas: Sequence[Told], journey: str, as_of: datetime, known_at: datetime
) -> dict[int, tuple[str, float, int]]:
    """For each open idea its stage, the days of all its stays there, and how many there were."""
    found = {}
    for idea in ideas:
        visited = moves(places(idea, as_of, known_at)) if idea.journey == journey else []
        if not visited or visited[-1].stage == OUT:
            continue
        here = visited[-1].stage
        stays = [
            (after.since if after else as_of) - place.since
            for place, after in zip(visited, [*visited, None][1:], strict=True)
            if place.stage == here
        ]
        days = sum(stay.total_seconds() for stay in stays) / 86_400
        found[idea.idea_id] = (here, days, len(stays))
    return found


def time_in_stage(
    ideas: Sequence[Told], journey: str, stage: str, as_of: datetime, known_at: datetime
) -> list[tuple[float, bool]]:
    """The days that each idea that was ever in the stage spent there, and whether it has left."""
    found = []
    for idea in ideas:
        visited = moves(places(idea, as_of, known_at)) if idea.journey == journey else []
        pairs = list(zip(visited, [*visited, None][1:], strict=True))
        stays = [(b.since if b else as_of) - a.since for a, b in pairs if a.stage == stage]
        if stays:
            days = sum(stay.total_seconds() for stay in stays) / 86_400
            found.append((days, visited[-1].stage != stage))
    return found


def kaplan_meier(times: Sequence[tuple[float, bool]], part: Fraction) -> float | None:
    """The first time by which at least ``part`` have ended, or None."""
    still = Fraction(1)
    for moment in sorted({time for time, _ended in times}):
        at_risk = sum(1 for time, _ended in times if time >= moment)
        still *= 1 - Fraction(sum(1 for time, end in times if end and time == moment), at_risk)
        if 1 - still >= part:
            return moment
    return None


def where(idea: Told, moment: datetime, known_at: datetime) -> str:
    """The stage of an idea at a moment, or its kind of exit; empty before it came."""
    visited = moves(places(idea, moment, known_at))
    if not visited:
        return ""
    return visited[-1].exit_kind or visited[-1].stage


def stocks(
    ideas: Sequence[Told], journey: str, ends: Sequence[datetime], known_at: datetime
) -> list[Counter[str]]:
    """How many ideas are at each place at each moment."""
    return [
        Counter(where(idea, end, known_at) for idea in ideas if idea.journey == journey)
        for end in ends
    ]


def paths(
    ideas: Sequence[Told],
    journey: str,
    since: datetime,
    until: datetime,
    as_of: datetime,
    known_at: datetime,
) -> Counter[tuple[str, str]]:
    """Steps by where they began and ended: a stage, a kind of exit, or "in"."""
    found: Counter[tuple[str, str]] = Counter()
    for idea in ideas:
        visited = moves(places(idea, as_of, known_at)) if idea.journey == journey else []
        for before, place in zip([None, *visited], visited, strict=False):
            if since <= place.since <= until:
                origin = "in" if before is None or before.stage == OUT else before.stage
                found[origin, place.exit_kind or place.stage] += 1
    return found


def quarters(
    ideas: Sequence[Told],
    journey: str,
    stage: str,
    as_of: datetime,
    known_at: datetime,
) -> dict[tuple[int, int], tuple[int, int, int]]:
    """(reached, left, open) by the year and quarter in which ideas came in."""
    found: dict[tuple[int, int], list[int]] = {}
    position = STAGES[journey].index(stage)
    for idea in ideas:
        visited = places(idea, as_of, known_at) if idea.journey == journey else []
        if not visited:
            continue
        day = visited[0].since.astimezone(OSLO)
        counts = found.setdefault((day.year, (day.month - 1) // 3), [0, 0, 0])
        if furthest(journey, visited) >= position:
            counts[0] += 1
        else:
            counts[1 if visited[-1].exit_kind else 2] += 1
    return {quarter: (a, b, c) for quarter, (a, b, c) in found.items()}


def end_of_month(year: int, month: int) -> datetime:
    """The last microsecond of a month in Europe/Oslo, as UTC."""
    year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    begins = datetime(year, month, 1, tzinfo=OSLO).astimezone(UTC)
    return datetime.fromtimestamp(begins.timestamp() - 1e-6, UTC)
