"""Waiting figures: whose time the ideas' days are, and how long agencies take."""

from sandkasse.figures.waiting.as_json import to_json
from sandkasse.figures.waiting.behind import PARTS, ideas, records
from sandkasse.figures.waiting.choice import WaitingChoice
from sandkasse.figures.waiting.division import PARTIES, Division, Shares, StageShares, division
from sandkasse.figures.waiting.sentences import PARTY_WORDS, days_of, quantile_text
from sandkasse.figures.waiting.waits import (
    AgencyWaits,
    Longest,
    PurposeWaits,
    Quarter,
    Trend,
    WaitingTimes,
    Waits,
    trend,
    waits,
)
from sandkasse.figures.waiting.why import why

__all__ = [
    "PARTIES",
    "PARTS",
    "PARTY_WORDS",
    "AgencyWaits",
    "Division",
    "Longest",
    "PurposeWaits",
    "Quarter",
    "Shares",
    "StageShares",
    "Trend",
    "WaitingChoice",
    "WaitingTimes",
    "Waits",
    "days_of",
    "division",
    "ideas",
    "quantile_text",
    "records",
    "to_json",
    "trend",
    "waits",
    "why",
]
