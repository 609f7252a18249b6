"""The shared statistics against published and hand-worked examples."""

import numpy as np
import pytest

from sandkasse.figures.statistics import incidence, share, wilson
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
