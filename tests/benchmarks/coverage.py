"""Whether forecasts keep their word: the back-test of many simulated banks.

Each bank is 156 weeks of arrivals at a stage, drawn as arrivals come in one of the ways below. At
40 moments a week apart the number to come within eight weeks is forecast from the weeks until then,
and compared with what came. A forecast given with 85 % is kept when at least so many came: that
should happen about 85 times in 100, or more often, as numbers are whole.
"""

from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from sandkasse.figures.flow import forecast
from sandkasse.figures.history import Whole
from tests.benchmarks import table

WEEKS = 156
#: How far under its chance the share kept may fall.
SLACK = 0.05
Chance = np.random.Generator


def show(banks: int) -> None:
    """Work out and print the shares kept."""
    rows = []
    every = {chance: [] for chance in forecast.CHANCES}
    total = 0
    for name, drawn in _WAYS.items():
        tests = [
            forecast.back_test(drawn(np.random.default_rng(seed)), seed) for seed in range(banks)
        ]
        n = sum(test.n for test in tests)
        total += n
        shares = {
            chance: [test.kept[chance] / test.n for test in tests if test.n]
            for chance in forecast.CHANCES
        }
        for chance, found in shares.items():
            every[chance] += found
        rows.append([name, f"{n:,}", *(_kept(found, chance) for chance, found in shares.items())])
    rows.append(["all", f"{total:,}", *(_kept(found, chance) for chance, found in every.items())])
    aimed = [f"≥ {chance - SLACK:.0%}" for chance in forecast.CHANCES]
    table.show(
        f"Forecasts kept, {banks} simulated banks of each way to arrive, "
        f"{forecast.TESTED_AHEAD} weeks ahead (± 95 %, banks as units)",
        ["", "forecasts", *(f"given with {chance:.0%}" for chance in forecast.CHANCES)],
        [*rows, ["  aimed at", "", *aimed]],
    )


def _kept(shares: list[float], chance: float) -> str:
    """The mean share kept, and its interval: the forecasts of one bank overlap, so banks count."""
    mean = float(np.mean(shares))
    spread = NormalDist().inv_cdf(0.975) * float(np.std(shares, ddof=1)) / len(shares) ** 0.5
    mark = "!" if mean < chance - SLACK else " "
    return f"{mean:.1%} ± {spread:.1%}{mark}"


def _steady(chance: Chance) -> Whole:
    """Ideas come one by one, whatever the week."""
    return chance.poisson(3.0, WEEKS)


def _few(chance: Chance) -> Whole:
    """The same in a small bank: one in three weeks."""
    return chance.poisson(0.33, WEEKS)


def _uneven(chance: Chance) -> Whole:
    """Good weeks and poor ones, each by itself."""
    return chance.negative_binomial(1.0, 0.25, WEEKS)


def _spells(chance: Chance) -> Whole:
    """Good weeks follow good ones: the logarithm of the rate remembers half of the week before."""
    rate = np.zeros(WEEKS)
    for week in range(1, WEEKS):
        rate[week] = 0.5 * rate[week - 1] + chance.normal(0, 0.6)
    return chance.poisson(2.0 * np.exp(rate))


def _terms(chance: Chance) -> Whole:
    """Half as many again in the terms, few in the summer, hardly any at Christmas."""
    week = (np.arange(WEEKS) + chance.integers(52)) % 52
    rate = np.where((week >= 25) & (week < 33), 0.6, np.where(week < 2, 0.3, 4.0))
    return chance.poisson(rate)


def _growing(chance: Chance) -> Whole:
    """A third more every year."""
    return chance.poisson(2.0 * 1.33 ** (np.arange(WEEKS) / 52))


def _shrinking(chance: Chance) -> Whole:
    """A third fewer every year."""
    return chance.poisson(5.0 * 0.67 ** (np.arange(WEEKS) / 52))


_WAYS: dict[str, Callable[[Chance], Whole]] = {
    "steady": _steady,
    "few": _few,
    "uneven": _uneven,
    "in spells": _spells,
    "by term": _terms,
    "growing": _growing,
    "shrinking": _shrinking,
}
