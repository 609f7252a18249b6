"""The figures again, slowly: plain Python from the definitions, sharing no code with the SQL.

One loop an idea, one loop a stage, exact fractions for the Aalen–Johansen curve.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from tests.figures.ledgers import EXITS, STAGES, Told

OUT = "(out)"


@dataclass(frozen=True)
class Place:
    """Where an idea was from a moment on: in a stage, or out by a kind of exit."""

    since: datetime
    stage: str
    exit_kind: str = ""


def happenings(idea: Told, as_of: datetime, known_at: datetime) -> list[tuple[datetime, int, str]]:
    """(when, number, kind) of what counts, in the order in which it happened."""
    known = [row for row in idea.rows if row.recorded_at <= known_at]
    taken_back = [row.voids_seq for row in known if row.kind == "void"]
    return sorted(
        (row.occurred_at, row.seq, str(row.kind))
        for row in known
        if row.kind != "void" and row.seq not in taken_back and row.occurred_at <= as_of
    )


def places(idea: Told, as_of: datetime, known_at: datetime) -> list[Place]:
    """Every place that the idea was in, one after the other; repeats of a place are kept."""
    by_number = {row.seq: row for row in idea.rows}
    found = []
    for when, number, kind in happenings(idea, as_of, known_at):
        row = by_number[number]
        if kind in ("enter", "move", "reopen"):
            found.append(Place(when, row.stage_id or ""))
        elif kind == "exit":
            found.append(Place(when, OUT, EXITS[row.exit_id or ""]))
    return found


def is_held(idea: Told, as_of: datetime, known_at: datetime) -> bool:
    """Whether the last thing that happened, handing over apart, is a hold."""
    kinds = [kind for *_when, kind in happenings(idea, as_of, known_at) if kind != "handover"]
    return bool(kinds) and kinds[-1] == "hold"


def furthest(journey: str, visited: Sequence[Place]) -> int:
    """The position of the furthest stage among the places."""
    return max(STAGES[journey].index(place.stage) for place in visited if place.stage != OUT)


def cohort(
    ideas: Sequence[Told],
    journey: str,
    since: datetime,
    until: datetime,
    as_of: datetime,
    known_at: datetime,
) -> list[dict[str, object]]:
    """For each stage: reached, advanced, left by kind, open. The period is in moments, included."""
    members = _members(ideas, journey, since, until, as_of, known_at)
    last = len(STAGES[journey]) - 1
    stages = []
    for position, stage in enumerate(STAGES[journey]):
        reached = advanced = still = 0
        left: Counter[str] = Counter()
        for visited in members.values():
            got = furthest(journey, visited)
            end = visited[-1].exit_kind
            if got < position:
                continue
            reached += 1
            if got > position or (position == last and end == "completed"):
                advanced += 1
            elif end:
                left[end] += 1
            else:
                still += 1
        stages.append(
            {
                "stage": stage,
                "reached": reached,
                "advanced": advanced,
                "left": dict(left),
                "open": still,
            }
        )
    return stages


def medians(
    ideas: Sequence[Told],
    journey: str,
    since: datetime,
    until: datetime,
    as_of: datetime,
    known_at: datetime,
) -> dict[str, float | None]:
    """Days until half of those who came to a stage had gone further, by Aalen–Johansen."""
    members = _members(ideas, journey, since, until, as_of, known_at)
    return {
        stage: aalen_johansen_median(
            [time for visited in members.values() for time in _time_in(visited, journey, at, as_of)]
        )
        for at, stage in enumerate(STAGES[journey])
    }


def _time_in(
    visited: Sequence[Place], journey: str, at: int, as_of: datetime
) -> list[tuple[float, str]]:
    """The idea's (days, ending) at the stage: one, or none when it never came there going on."""
    order = STAGES[journey]
    came: datetime | None = None
    for place in visited:
        position = -1 if place.stage == OUT else order.index(place.stage)
        if position > at:
            return [] if came is None else [(_days(came, place.since), "advanced")]
        if position == at and came is None:
            came = place.since
    if came is None:
        return []
    end = visited[-1]
    if not end.exit_kind:
        return [(_days(came, as_of), "open")]
    completed = end.exit_kind == "completed" and at == len(order) - 1
    return [(_days(came, end.since), "advanced" if completed else "left")]


def aalen_johansen_median(times: Sequence[tuple[float, str]]) -> float | None:
    """The first time at which the incidence of advancing is at least one half, or None."""
    still_there, incidence = Fraction(1), Fraction(0)
    for moment in sorted({time for time, _ending in times}):
        at_risk = sum(1 for time, _ending in times if time >= moment)
        advanced = sum(1 for time, ending in times if time == moment and ending == "advanced")
        left = sum(1 for time, ending in times if time == moment and ending == "left")
        incidence += still_there * Fraction(advanced, at_risk)
        still_there *= 1 - Fraction(advanced + left, at_risk)
        if incidence >= Fraction(1, 2):
            return moment
    return None


def snapshot(
    ideas: Sequence[Told], journey: str, as_of: datetime, known_at: datetime
) -> tuple[Counter[tuple[str, bool]], Counter[str]]:
    """Open ideas by (stage, on hold), and those that left by kind."""
    inside: Counter[tuple[str, bool]] = Counter()
    left: Counter[str] = Counter()
    for idea in ideas:
        visited = places(idea, as_of, known_at) if idea.journey == journey else []
        if visited and visited[-1].exit_kind:
            left[visited[-1].exit_kind] += 1
        elif visited:
            inside[visited[-1].stage, is_held(idea, as_of, known_at)] += 1
    return inside, left


def steps(
    ideas: Sequence[Told],
    journey: str,
    since: datetime,
    until: datetime,
    as_of: datetime,
    known_at: datetime,
) -> Counter[tuple[str, str, str, str]]:
    """Steps in the period by (change, from stage, to stage, exit kind); "" where there is none."""
    order = STAGES[journey]
    found: Counter[tuple[str, str, str, str]] = Counter()
    for idea in ideas:
        visited = places(idea, as_of, known_at) if idea.journey == journey else []
        before = Place(since, "")
        for place in visited:
            if place.stage != before.stage and since <= place.since <= until:
                if before.stage == "":
                    step = ("entered", "", place.stage, "")
                elif place.stage == OUT:
                    step = ("left", before.stage, "", place.exit_kind)
                elif before.stage == OUT:
                    step = ("reopened", "", place.stage, "")
                elif order.index(place.stage) > order.index(before.stage):
                    step = ("forward", before.stage, place.stage, "")
                else:
                    step = ("back", before.stage, place.stage, "")
                found[step] += 1
            before = place
    return found


def _members(
    ideas: Sequence[Told],
    journey: str,
    since: datetime,
    until: datetime,
    as_of: datetime,
    known_at: datetime,
) -> dict[int, list[Place]]:
    """The places of the ideas whose first entry lies in the period."""
    found = {}
    for idea in ideas:
        visited = places(idea, as_of, known_at) if idea.journey == journey else []
        if visited and since <= visited[0].since <= until:
            found[idea.idea_id] = visited
    return found


def _days(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 86_400
