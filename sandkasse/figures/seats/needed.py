"""How many applicants a wanted number of hires needs.

The chance that an application ends in a job is not known, but what has settled tells of it: after
``h`` hires of ``n`` settled applications it is held for distributed as Beta(h + 1, n − h + 1), the
posterior from a flat prior. The hires among ``m`` new applicants are then beta-binomial, and the
number needed with probability q is the smallest m of which the wanted number is hired with at least
that probability (Gelman and others 2013, Bayesian Data Analysis, 3rd edition, sections 2.1–2.4;
Johnson, Kemp and Kotz 2005, Univariate Discrete Distributions, 3rd edition, section 6.2.2). The
interval is from q = 10 % to q = 90 %: in one of ten cases fewer would do, in one of ten more are
needed.
"""

from dataclasses import dataclass
from datetime import datetime

from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures.seats.choice import SeatsChoice, ask
from sandkasse.figures.seats.passing import Part, counted, hired
from sandkasse.figures.statistics import ENOUGH
from sandkasse.i18n import _
from sandkasse.people import Actor

LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
MOST_WANTED = 500
#: No more applicants than this are told of.
MOST = 1_000_000
# A probability that is one half exactly may come out a little below it.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Needed:
    """Applicants needed for ``wanted`` hires, by what ``hired`` tells. All three are None below
    :data:`sandkasse.figures.statistics.ENOUGH` settled applications, and each that would be above
    :data:`MOST`."""

    choice: SeatsChoice
    as_of: datetime
    known_at: datetime
    wanted: int
    hired: Part
    low: int | None
    middle: int | None
    high: int | None


def needed(db: Database, actor: Actor, choice: SeatsChoice, wanted: int) -> Needed:
    """How many applicants ``wanted`` hires need, by the chosen applications that have settled.

    :raises Invalid: a number that is not from 1 to :data:`MOST_WANTED`; else as for
        :func:`sandkasse.figures.seats.choice.ask`.
    """
    if not 1 <= wanted <= MOST_WANTED:
        raise Invalid(_("Choose a number from 1 to {n}.").format(n=MOST_WANTED), "wanted")
    question = ask(db, actor, choice)
    part = hired(counted(db, question))
    low, middle, high = (
        applicants(wanted, part.n, part.of, q) if part.of >= ENOUGH else None
        for q in (LOW, MIDDLE, HIGH)
    )
    return Needed(choice, question.as_of, question.known_at, wanted, part, low, middle, high)


def applicants(wanted: int, hires: int, settled: int, probability: float) -> int | None:
    """The smallest number of applicants of whom ``wanted`` are hired with this probability; None
    above :data:`MOST`."""
    from scipy.stats import betabinom  # takes half a second to load, which others need not wait

    a, b = hires + 1, settled - hires + 1

    def enough(n: int) -> bool:
        return bool(betabinom.sf(wanted - 1, n, a, b) >= probability - _ROUNDING)

    above = wanted
    while not enough(above):
        if above >= MOST:
            return None
        above = min(above * 2, MOST)
    below = wanted - 1
    while above - below > 1:
        between = (above + below) // 2
        below, above = (below, between) if enough(between) else (between, above)
    return above
