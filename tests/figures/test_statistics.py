"""The shared statistics against published and hand-worked examples."""

import numpy as np
import pytest

from sandkasse.figures.statistics import Quantile, incidence, share, survival, wilson
from tests.figures.slow_funnel import aalen_johansen_median

OPEN, ADVANCED, LEFT = range(3)


# Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17
# (1998), table I, method 3 (Wilson's score without continuity correction).
@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_interval(
    part: int, whole: int, low: float, high: float
) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=0.00005)


def test_wilson_and_share_are_undefined_when_there_is_nothing_to_divide_by() -> None:
    assert wilson(0, 0) is None
    assert wilson(0, None) is None
    assert share(0, 0) is None
    assert share(1, 4) == 0.25


def median(*observed: tuple[float, int]) -> float | None:
    times = np.array([time for time, _ending in observed], dtype=float)
    endings = np.array([ending for _time, ending in observed], dtype=int)
    return incidence(times, endings).quantile(ADVANCED, 0.5).time


def test_median_is_when_the_incidence_reaches_one_half_with_leavers_and_open_ideas() -> None:
    # day  at risk  advanced  left  still there after  incidence of advancing
    #   2        8         1     0          7/8                  1/8
    #   3        7         0     1          6/8                  1/8
    #   4        6         2     0          4/8                  3/8
    #   5        4         one open: at risk no more from here
    #   6        3         1     0          4/8 * 2/3            3/8 + 4/8 * 1/3 = 13/24
    # Among those who made it the median would be 4 days, and leaving out the open one gives 3/7
    # at day 4 and 4/7 at day 6 as well, but for the wrong reason.
    observed = (
        (2, ADVANCED), (3, LEFT), (4, ADVANCED), (4, ADVANCED),
        (5, OPEN), (6, ADVANCED), (7, LEFT), (9, OPEN),
    )  # fmt: skip
    assert median(*observed) == 6


def test_median_does_not_exist_when_more_than_half_leave_first() -> None:
    assert median((1, LEFT), (1, LEFT), (2, LEFT), (3, ADVANCED), (4, ADVANCED)) is None


def test_median_does_not_exist_when_nobody_advances_or_nobody_came() -> None:
    assert median((1, LEFT), (2, OPEN)) is None
    assert median((1, OPEN)) is None
    assert median() is None


def test_median_is_zero_when_half_advance_at_once() -> None:
    assert median((0, ADVANCED), (0, LEFT), (5, OPEN), (0, ADVANCED)) == 0


def test_an_idea_is_at_risk_at_the_very_time_it_is_censored() -> None:
    assert median((3, OPEN), (3, ADVANCED)) == 3  # 1/2, not 1/1 and not 0


@pytest.mark.parametrize("n", range(2, 60, 2))
def test_median_is_found_when_the_incidence_is_one_half_but_for_rounding(n: int) -> None:
    times = [(float(time), "advanced") for time in range(n // 2)] + [(n, "open")] * (n // 2)
    observed = [(time, ADVANCED if ending == "advanced" else OPEN) for time, ending in times]
    assert median(*observed) == aalen_johansen_median(times) == n // 2 - 1


def test_the_incidence_and_its_errors_are_those_of_r_and_stata() -> None:
    # Three competing ends. The shares are what R's cmprsk::cuminc gives and the standard errors
    # what Stata's stcompet gives (Coviello and Boggess, Stata Journal 4, 2004), both as printed in
    # statsmodels' own tests (statsmodels/duration/tests/test_survfunc.py, test_incidence).
    times = np.array([1, 1, 2, 4, 4, 4, 6, 6, 7, 8, 9, 9, 9, 1, 2, 2, 4, 4], dtype=float)
    endings = np.array([1, 1, 1, 2, 2, 2, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    published = {
        1: ((0.11111111, 0.07407407), (0.17037037, 0.08976251)),
        2: ((0.20740741, 0.10610391),),
        3: ((0.17777778, 0.11196147), (0.26666667, 0.12787781)),
    }
    found = incidence(times, endings)
    for code, steps in published.items():
        _days, shares, low, high = found.drawn(code)
        for share_, error in steps:
            at = int(np.flatnonzero(np.isclose(shares, share_, atol=1e-8))[0])
            # stcompet's bounds are those of ln(-ln F), with the error by the delta method.
            spread = 1.959963984540054 * error / (share_ * np.log(share_))
            assert high[at] == pytest.approx(share_ ** np.exp(spread), abs=1e-7)
            assert low[at] == pytest.approx(share_ ** np.exp(-spread), abs=1e-7)


# The 38 patients with acute lymphoblastic leukaemia of the bone marrow transplant data of Klein and
# Moeschberger, Survival Analysis (1997): days without disease; and what SAS/STAT's User's Guide
# prints for them (The LIFETEST Procedure, BMT example: product-limit estimates; 25th percentile
# with the limits of the log-log transformation).
CENSORED = (226, 530, 996, 1111, 1167, 1182, 1199, 1330, 1377, 1433, 1462, 1496, 1602, 2081)
ENDED = (
    1, 55, 74, 86, 104, 107, 109, 110, 122, 122, 129, 172, 192, 194, 230, 276, 332, 383, 418, 466,
    487, 526, 609, 662,
)  # fmt: skip
SAS = {
    1: 0.97368, 110: 0.78947, 122: 0.73684, 194: 0.63158, 230: 0.60412, 418: 0.49428, 662: 0.35306,
}  # fmt: skip


def test_without_competing_ends_the_incidence_is_the_published_product_limit() -> None:
    times = np.array([*CENSORED, *ENDED], dtype=float)
    endings = np.array([0] * len(CENSORED) + [1] * len(ENDED))
    found = incidence(times, endings)
    for day, still in SAS.items():
        assert 1 - found.at(1, day) == pytest.approx(still, abs=0.000005)
    assert found.quantile(1, 0.25).time == 122
    assert found.quantile(1, 0.5).time == 418


def test_the_survival_curve_gives_the_published_quartile_with_its_limits() -> None:
    times = [*CENSORED, *ENDED]
    ended = [False] * len(CENSORED) + [True] * len(ENDED)
    assert survival(times, ended, [1] * len(times)).quantile(0.25) == Quantile(122, 86, 230)
