"""Staying: what came after a job, and how many of those who ended stayed in the region.

Stayed has whoever went on to another agency, another job or an own company here. The share is of
those of whom it is known, with Wilson's 95 % interval; those of whom it is not known, or who have
not been asked, are counted beside it, and tell between which bounds the share of all lies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sandkasse.application import STAYED, NextStep
from sandkasse.database import Database
from sandkasse.figures.seats.choice import SeatsChoice, ask, read
from sandkasse.figures.seats.passing import Part
from sandkasse.people import Actor


@dataclass(frozen=True)
class Staying:
    """The jobs (``n``) that ended on the chosen days, by what came after (those without an answer
    under ``UNKNOWN``). ``stayed`` is of those known, with the unknown as open."""

    choice: SeatsChoice
    as_of: datetime
    known_at: datetime
    n: int
    after: Mapping[NextStep, int]
    unasked: int
    stayed: Part

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The share of all that stayed, if none of the unknown did, and if all did."""
        if not self.n:
            return None
        return self.stayed.n / self.n, (self.stayed.n + self.stayed.open) / self.n


_COUNTED = """
SELECT next_step, count(*) FROM candidate
WHERE ended_on BETWEEN $since AND $until AND ended_on <= $day
GROUP BY next_step
"""


def staying(db: Database, actor: Actor, choice: SeatsChoice) -> Staying:
    """What came after the chosen jobs. Errors as for
    :func:`sandkasse.figures.seats.choice.ask`."""
    question = ask(db, actor, choice)
    counts = dict(read(db, question, _COUNTED))
    unasked = counts.pop(None, 0)
    after = {step: counts.get(step, 0) for step in NextStep}
    after[NextStep.UNKNOWN] += unasked
    n = sum(after.values())
    stayed = sum(after[step] for step in STAYED)
    unknown = after[NextStep.UNKNOWN]
    return Staying(
        choice, question.as_of, question.known_at, n, after, unasked,
        Part(stayed, n - unknown, unknown),
    )  # fmt: skip
