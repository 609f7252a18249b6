"""The statistics that figures share: shares with their uncertainty, and times to an event.

Wilson's interval for a proportion, and the Aalen–Johansen estimate of how many have advanced by a
time when others leave first and some are still under way; both as statsmodels computes them.
"""

from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from statsmodels.duration.survfunc import CumIncidenceRight
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
