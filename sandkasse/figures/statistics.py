"""The statistics that figures share: shares with their uncertainty, and times to an event.

Wilson's interval for a proportion, the Aalen–Johansen estimate of how many have advanced by a time
when others leave first and some are still under way, and the survival curve (Kaplan–Meier) of times
of which some have not ended; all as statsmodels computes them.
"""

from collections.abc import Sequence
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


@dataclass(frozen=True)
class Quantile:
    """A time by which a given part has ended, with the ends of its 95 % interval.

    None for what the data cannot say yet: the curve does not come down that far.
    """

    time: float | None
    low: float | None
    high: float | None


def share(part: float, whole: float | None) -> float | None:
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


class Survival:
    """The curve of how many times have not ended; made by :func:`survival`."""

    def __init__(self, curve: SurvfuncRight) -> None:
        self._curve = curve

    def quantile(self, part: float) -> Quantile:
        """The first time by which at least ``part`` of all have ended.

        The interval inverts tests on the complementary log-log scale, as statsmodels and SAS do.
        """
        asked = part - _ROUNDING
        # The scale has no value where the curve is at 0; statsmodels leaves those times out.
        with np.errstate(divide="ignore", invalid="ignore"):
            low, high = self._curve.quantile_ci(asked)
        return Quantile(*(_finite(one) for one in (self._curve.quantile(asked), low, high)))


def survival(times: Sequence[int], ended: Sequence[bool], counts: Sequence[int]) -> Survival:
    """The Kaplan–Meier curve of times, each held by so many (``counts``), that ended or, censored,
    have not: those count as at risk up to and including their time."""
    curve = SurvfuncRight(np.asarray(times), np.asarray(ended, dtype=int), freq_weights=counts)
    # With weights, statsmodels gives the error of the cumulative hazard, which its quantile_ci then
    # takes for that of the curve. Greenwood's is what it gives for the same data one by one.
    at_risk, events = (np.asarray(one, dtype=float) for one in (curve.n_risk, curve.n_events))
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events)))
        curve.surv_prob_se = np.where(
            curve.surv_prob > 0, curve.surv_prob * np.sqrt(variance), np.nan
        )
    return Survival(curve)


def _finite(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None
