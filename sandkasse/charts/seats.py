"""How many seats each position has and how many of them are filled, as documents show it."""

from collections import Counter
from collections.abc import Sequence
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
        _told_apart(shown), parts, counts, [one.end for one in shown], _("Number of seats"), ink
    )


def _told_apart(shown: Sequence[Bar]) -> list[str]:
    """Names of which no two are the same, since the chart has a row a name."""
    often = Counter(one.name for one in shown)
    names = [f"{one.name}, {one.agency}" if often[one.name] > 1 else one.name for one in shown]
    seen: Counter[str] = Counter()
    for place, name in enumerate(names):
        seen[name] += 1
        if seen[name] > 1:
            names[place] = f"{name} ({seen[name]})"
    return names
