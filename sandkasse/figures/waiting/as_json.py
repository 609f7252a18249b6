"""The waiting figures as plain values for JSON."""

from typing import Any

from sandkasse.figures.statistics import days_of
from sandkasse.figures.waiting.division import PARTIES, Division, Shares
from sandkasse.figures.waiting.waits import Quarter, Trend, WaitingTimes, Waits


def to_json(division: Division, times: WaitingTimes, trend: Trend) -> dict[str, Any]:
    """The three figures of one choice: times in ISO 8601 UTC, days as numbers, shares from 0 to 1,
    and null for what cannot be said."""
    choice = division.choice
    return {
        "journey": choice.journey_id,
        "level": choice.level,
        "agency": choice.agency_id,
        "from": choice.since.isoformat() if choice.since else None,
        "to": choice.until.isoformat() if choice.until else None,
        "as_of": division.as_of.isoformat(),
        "known_at": division.known_at.isoformat(),
        "division": {
            **_shares(division.whole),
            "stages": [
                {"journey": one.journey_id, "stage": one.stage_id, **_shares(one.shares)}
                for one in division.stages
            ],
        },
        "agencies": [
            {
                "agency": agency.agency_id,
                **_waits(agency.waits),
                "purposes": [
                    {"purpose": one.purpose_id or None, **_waits(one.waits)}
                    for one in agency.purposes
                ],
            }
            for agency in times.agencies
        ],
        "quarters": [_quarter(one) for one in trend.quarters],
    }


def _shares(shares: Shares) -> dict[str, Any]:
    return {
        "n": shares.n,
        "days": shares.total,
        "parties": {
            party: {"days": shares.days[party], "share": shares.share(party)} for party in PARTIES
        },
    }


def _waits(waits: Waits) -> dict[str, Any]:
    return {
        "n": waits.n,
        "answered": waits.answered,
        "open": waits.open,
        "withdrawn": waits.withdrawn,
        "questions": waits.questions,
        "median_days": days_of(waits.median),
        "days_for_85_percent": days_of(waits.most),
        "longest_open_days": waits.longest.days if waits.longest else None,
        "longest_open_touchpoint": waits.longest.touchpoint_id if waits.longest else None,
    }


def _quarter(quarter: Quarter) -> dict[str, Any]:
    return {
        "begins": quarter.begins.isoformat(),
        "n": quarter.n,
        "answered": quarter.answered,
        "median_days": days_of(quarter.median),
    }
