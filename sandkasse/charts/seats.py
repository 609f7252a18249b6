"""How many seats each position has and how many of them are filled, as documents show it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sandkasse.charts import summary
from sandkasse.charts.funnel import Spec
from sandkasse.charts.summary import BLUE, PALE, SAND, Part
from sandkasse.i18n import _

#: More positions than these are told in the table alone.
MOST_BARS = 12


@dataclass(frozen=True)
class Bar:
    """A position: of ``planned`` seats ``filled`` are, or None where that is hidden; ``end`` are
    the words at its end."""

    name: str
    agency: str
    planned: int
    filled: int | None
    end: str


def filled(positions: Sequence[Bar], ink: str) -> Spec | None:
    """A bar for each of the positions with most seats, of those that have any; None: none has."""
    # The order is that of numbers that everybody may know.
    shown = sorted(positions, key=lambda one: (-one.planned, one.name, one.agency))
    shown = [one for one in shown if one.planned][:MOST_BARS]
    if not shown:
        return None
    parts = [Part(_("Filled"), BLUE), Part(_("Empty"), SAND), Part(_("Hidden"), PALE)]
    counts = [
        [None, None, one.planned]
        if one.filled is None
        else [one.filled, one.planned - one.filled, None]
        for one in shown
    ]
    return summary.bars(
        _names(shown), parts, counts, [one.end for one in shown], _("Number of seats"), ink
    )


def _names(shown: Sequence[Bar]) -> list[str]:
    often = Counter(one.name for one in shown)
    return told_apart(
        [f"{one.name}, {one.agency}" if often[one.name] > 1 else one.name for one in shown]
    )


def told_apart(names: Iterable[str]) -> list[str]:
    """Names of which no two are the same, where a chart has a row a name."""
    seen: Counter[str] = Counter()
    apart = []
    for name in names:
        seen[name] += 1
        apart.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    return apart
