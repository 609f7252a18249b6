"""The statistics that figures share: shares with their uncertainty, and times to an event.

Wilson's interval for a proportion, the Aalen–Johansen estimate of how many have advanced by a time
when others leave first and some are still under way, and the survival curve (Kaplan–Meier) of times
of which some have not ended; all as statsmodels computes them. It takes half a second to load, for
which a command without statistics need not wait: it is loaded where it is used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from statsmodels.duration.survfunc import SurvfuncRight

#: Below this many, records are listed and no rate is given.
ENOUGH = 5

# Sums of floating-point steps to one half may fall short of it by rounding alone.
_ROUNDING = 1e-9
_Z = 1.959963984540054
_DRAWN = 120

Numbers = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Quantile:
    """A time by which a given part has ended, with the ends of its 95 % interval.

    None for what the data cannot say yet: the curve does not come down that far.
    """

    time: float | None
    low: float | None
    high: float | None


def days_of(quantile: Quantile | None) -> dict[str, float | None] | None:
    """A quantile in days for JSON: null where there is too little data, with null inside for what
    the curve cannot say yet."""
    if quantile is None:
        return None
    return {"days": quantile.time, "low": quantile.low, "high": quantile.high}


def share(part: float, whole: float | None) -> float | None:
    """``part`` of ``whole`` as a number from 0 to 1; None where there is no whole."""
    return part / whole if whole else None


def wilson(part: int, whole: int | None) -> tuple[float, float] | None:
    """Wilson's 95 % interval for ``part`` of ``whole``, from 0 to 1; None without a whole."""
    if not whole:
        return None
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(part, whole, method="wilson")
    return float(low), float(high)


class Incidence:
    """How many have ended in each way by a time, when the ways compete; by :func:`incidence`."""

    def __init__(
        self, times: Numbers, shares: Mapping[int, Numbers], errors: Mapping[int, Numbers]
    ):
        self._times, self._shares, self._errors = times, shares, errors
        self._known_bounds: dict[int, tuple[Numbers, Numbers]] = {}

    def at(self, code: int, time: float) -> float:
        """The share that had ended in this way by ``time``, that moment included."""
        if code not in self._shares:
            return 0.0
        before = int(np.searchsorted(self._times, time, side="right"))
        return float(self._shares[code][before - 1]) if before else 0.0

    def quantile(self, code: int, part: float) -> Quantile:
        """The first time by which ``part`` of all have ended in this way, with its 95 % interval:
        the times at which the bounds of the curve come to it."""
        if code not in self._shares:
            return Quantile(None, None, None)
        low, high = self._bounds(code)
        return Quantile(*(self._reaches(one, part) for one in (self._shares[code], high, low)))

    def drawn(self, code: int, most: int = _DRAWN) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Times, shares and their bounds, from time 0, thinned out to ``most`` points."""
        times, shares = self._times, self._shares[code]
        low, high = self._bounds(code)
        some = np.unique(np.linspace(0, len(times) - 1, min(most, len(times))).round().astype(int))
        start = np.zeros(1)
        return (
            np.append(start, times[some]), np.append(start, shares[some]),
            np.append(start, low[some]), np.append(start, high[some]),
        )  # fmt: skip

    def _reaches(self, curve: Numbers, part: float) -> float | None:
        reached = np.flatnonzero(curve >= part - _ROUNDING)
        return float(self._times[reached[0]]) if reached.size else None

    def _bounds(self, code: int) -> tuple[Numbers, Numbers]:
        """95 % bounds on the complementary log-log scale, which keeps them between 0 and 1
        (Choudhury 2002, Statistics in Medicine 21, 1129–1144)."""
        if code not in self._known_bounds:
            shares, errors = self._shares[code], self._errors[code]
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                spread = np.exp(_Z * errors / (shares * np.log(shares)))
                low, high = shares ** (1 / spread), shares**spread
            known = np.isfinite(low) & np.isfinite(high)
            bounds = np.where(known, low, shares), np.where(known, high, shares)
            self._known_bounds[code] = bounds
        return self._known_bounds[code]


def incidence(times: Numbers, endings: npt.NDArray[np.integer[Any]]) -> Incidence:
    """The Aalen–Johansen estimate of how many have ended in each way by a time.

    :param times: one time an individual, in any unit, not negative; 0 is a time like others.
    :param endings: for each 0 (not ended: censored) or the number, from 1, of the way it ended in.
        Who has ended in one way never ends in another. The censored count as at risk up to and
        including their time.
    """
    from statsmodels.duration.survfunc import CumIncidenceRight

    if not np.any(endings):
        return Incidence(np.empty(0), {}, {})
    # Where the last of all have ended nobody is left at risk, and the error has no value.
    with np.errstate(divide="ignore", invalid="ignore"):
        curve = CumIncidenceRight(times, endings)
    codes = np.flatnonzero(np.bincount(endings))
    return Incidence(
        curve.times,
        {int(code): curve.cinc[code - 1] for code in codes if code},
        {int(code): _carried(curve.cinc_se[code - 1]) for code in codes if code},
    )


def _carried(errors: Numbers) -> Numbers:
    """Errors with the last known one where there is none."""
    known = np.flatnonzero(np.isfinite(errors))
    if not known.size:
        return np.zeros_like(errors)
    last = np.maximum.accumulate(np.where(np.isfinite(errors), np.arange(len(errors)), 0))
    return np.asarray(errors[last])


class Survival:
    """The curve of how many times have not ended; made by :func:`survival`."""

    def __init__(self, curve: "SurvfuncRight") -> None:
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
    from statsmodels.duration.survfunc import SurvfuncRight

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
