"""The figures about seats as plain values for JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandkasse.figures.seats.ahead import Ahead
from sandkasse.figures.seats.coverage import Coverage, Filled
from sandkasse.figures.seats.needed import Needed
from sandkasse.figures.seats.passing import Part, Passing
from sandkasse.figures.seats.staying import Staying
from sandkasse.figures.seats.times import Empty, EmptyTimes
from sandkasse.figures.statistics import days_of


@dataclass(frozen=True)
class SeatFigures:
    """All figures about seats of one choice."""

    coverage: Coverage
    times: EmptyTimes
    ahead: Ahead
    passing: Passing
    needed: Needed
    staying: Staying


def to_json(figures: SeatFigures) -> dict[str, Any]:
    """The figures of one choice: times in ISO 8601 UTC, days and weeks as numbers, shares from 0 to
    1, and null for what cannot be said. Nobody is named."""
    coverage, choice = figures.coverage, figures.coverage.choice
    return {
        "agency": choice.agency_id,
        "position": choice.position_id,
        "from": choice.since.isoformat() if choice.since else None,
        "to": choice.until.isoformat() if choice.until else None,
        "as_of": coverage.as_of.isoformat(),
        "known_at": coverage.known_at.isoformat(),
        "coverage": {
            **_filled(coverage.whole),
            "positions": [
                {"position": one.position_id, "agency": one.agency_id, **_filled(one.filled)}
                for one in coverage.positions
            ],
        },
        "time_to_fill": _empty(figures.times.first),
        "time_to_refill": _empty(figures.times.again),
        "emptying": {
            "before": figures.ahead.before.isoformat(),
            "held": figures.ahead.held,
            "seats": [
                {
                    "position": one.position_id, "seat": one.seat_no, "hours": one.hours,
                    "last_day": one.last_day.isoformat(), "why": one.why,
                }
                for one in figures.ahead.seats
            ],
        },
        "applications": _passing(figures.passing),
        "needed": {
            "hires": figures.needed.wanted, "low": figures.needed.low,
            "middle": figures.needed.middle, "high": figures.needed.high,
        },
        "staying": {
            "n": figures.staying.n,
            "after": {step.value: n for step, n in figures.staying.after.items()},
            "unasked": figures.staying.unasked,
            "stayed": _part(figures.staying.stayed),
            "bounds": figures.staying.bounds,
        },
    }  # fmt: skip


def _filled(filled: Filled) -> dict[str, Any]:
    return {
        "seats": filled.seats,
        "planned_weeks": filled.planned_weeks,
        "filled_weeks": filled.filled_weeks,
        "coverage": filled.coverage,
        "planned_now": filled.planned_now,
        "filled_now": filled.filled_now,
    }


def _empty(empty: Empty) -> dict[str, Any]:
    return {
        "n": empty.n,
        "filled": empty.filled,
        "open": empty.open,
        "median_days": days_of(empty.median),
        "days_for_85_percent": days_of(empty.most),
    }


def _passing(passing: Passing) -> dict[str, Any]:
    steps: list[Mapping[str, Any]] = [
        {
            "step": step.kind.value,
            "reached": step.reached,
            "left": {kind.value: n for kind, n in step.left.items()},
            **_part(step.passed),
        }
        for step in passing.steps
    ]
    return {
        "n": passing.n,
        "steps": steps,
        "hired": _part(passing.hired),
        "offers": _part(passing.offers),
        "sources": [
            {"source": one.source, "applications": one.applications, **_part(one.hired)}
            for one in passing.sources
        ],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "n": part.n, "of": part.of, "open": part.open, "share": part.share,
        "interval": part.interval,
    }  # fmt: skip
