"""The statistics that figures share: shares with their uncertainty, and times to an event.

Wilson's interval for a proportion, and the Aalen–Johansen estimate of how many have advanced by a
time when others leave first and some are still under way; both as statsmodels computes them.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight
from statsmodels.stats.proportion import proportion_confint

#: Below this many, records are listed and no rate is given.
ENOUGH = 5

# Sums of floating-point steps to one half may fall short of it by rounding alone.
_ROUNDING = 1e-9


class Ending(IntEnum):
    """How a time under observation ended."""

    CENSORED = 0
    ADVANCED = 1
    LEFT = 2


def share(part: int, whole: int | None) -> float | None:
    """``part`` of ``whole`` as a number from 0 to 1; None where there is no whole."""
    return part / whole if whole else None


def wilson(part: int, whole: int | None) -> tuple[float, float] | None:
    """Wilson's 95 % interval for ``part`` of ``whole``, from 0 to 1; None without a whole."""
    if not whole:
        return None
    low, high = proportion_confint(part, whole, method="wilson")
    return float(low), float(high)


@dataclass(frozen=True)
class Time:
    """A time with its 95 % interval; ``high`` None: it cannot be said how long at most."""

    value: float
    low: float
    high: float | None


def time_until(
    part: float, times: npt.NDArray[Any], done: npt.NDArray[Any], counts: npt.NDArray[Any]
) -> Time | None:
    """The time within which ``part`` (0–1) of all is done, when some are not done yet.

    The quantile of the Kaplan–Meier estimate with Greenwood's variance, its interval by inverting
    tests on the complementary log-log scale: statsmodels' ``quantile`` and ``quantile_ci``.

    :param times: times in any unit; ``done`` whether each ended by being done, or was last seen
        undone; ``counts`` how many there are of each.
    :returns: None where so many are undone that it cannot be said.
    """
    if not np.any(done):
        return None
    # Given weights, statsmodels would take another variance; so each is written out.
    curve = SurvfuncRight(np.repeat(times, counts), np.repeat(done, counts).astype(int))
    value = float(curve.quantile(part))
    if np.isnan(value):
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = curve.quantile_ci(part)
    return Time(
        value,
        value if np.isnan(low) else float(low),
        float(high) if np.isfinite(high) else None,
    )


def median_time(times: npt.NDArray[Any], endings: npt.NDArray[Any]) -> float | None:
    """The first time at which the cumulative incidence of advancing reaches one half.

    :param times: one time an individual, in any unit, not negative; 0 is a time like others.
        Whole numbers keep simultaneous endings simultaneous.
    :param endings: an :class:`Ending` for each. Leaving competes with advancing: who has left
        never advances. The censored count as at risk up to and including their time.
    :returns: the time in the same unit; None where one half is never reached.
    """
    if not np.any(endings == Ending.ADVANCED):
        return None
    # With weights, statsmodels leaves out the standard errors, which nobody reads here.
    curve = CumIncidenceRight(times, endings, freq_weights=np.ones(len(times)))
    reached = np.flatnonzero(curve.cinc[Ending.ADVANCED - 1] >= 0.5 - _ROUNDING)
    return float(curve.times[reached[0]]) if reached.size else None
