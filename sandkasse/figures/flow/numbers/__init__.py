"""The numbers of the flow figures, each with the ideas behind it and the rule it counts by.

A number answers three things: which ideas of a history it counts, by what rule, and what of one
idea's history that rests on. The list of ideas behind it and the answer to «why is this idea
counted here?» come from the same test, so they cannot disagree.
"""

from sandkasse.figures.flow.numbers.asked import Asked, Number, records, why
from sandkasse.figures.flow.numbers.of_stages import AgeIn, InDoubt, OfQuarter, TimeIn
from sandkasse.figures.flow.numbers.of_steps import MOVES, Arrived, Exited, InPeriod, OnPath

__all__ = [
    "MOVES",
    "AgeIn",
    "Arrived",
    "Asked",
    "Exited",
    "InDoubt",
    "InPeriod",
    "Number",
    "OfQuarter",
    "OnPath",
    "TimeIn",
    "records",
    "why",
]
