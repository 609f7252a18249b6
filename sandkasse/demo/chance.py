"""Chance for synthetic data: every draw from one seeded generator, in batches for speed."""

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from math import exp
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")
_BATCH = 4_096


class Odds(Generic[T]):
    """Outcomes with their weights, ready to be drawn from."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.outcomes = list(weights)
        self.bounds = list(accumulate(weights.values()))


class Chance:
    """Draws that are the same for the same seed and the same order of asking."""

    def __init__(self, seed: int) -> None:
        self.generator = np.random.default_rng(seed)
        self._shares = self._uniform()
        self._deviations = self._normal()

    def _uniform(self) -> Iterator[float]:
        while True:
            yield from self.generator.random(_BATCH).tolist()

    def _normal(self) -> Iterator[float]:
        while True:
            yield from self.generator.standard_normal(_BATCH).tolist()

    def share(self) -> float:
        """A number from 0 up to 1."""
        return next(self._shares)

    def happens(self, probability: float) -> bool:
        """Whether something of this probability comes to pass."""
        return next(self._shares) < probability

    def between(self, low: float, high: float) -> float:
        """A number from ``low`` up to ``high``."""
        return low + (high - low) * next(self._shares)

    def below(self, n: int) -> int:
        """A whole number from 0 up to, not including, ``n``."""
        return int(next(self._shares) * n)

    def one(self, items: Sequence[T]) -> T:
        """One of the items, each as likely."""
        return items[int(next(self._shares) * len(items))]

    def of(self, odds: Odds[T]) -> T:
        """One of the outcomes, by their weights."""
        return odds.outcomes[bisect(odds.bounds, next(self._shares) * odds.bounds[-1])]

    def around(self, middle: float, spread: float) -> float:
        """A positive number whose median is ``middle``; log-normal, ``spread`` its sigma."""
        return middle * exp(spread * next(self._deviations))

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in an order of chance."""
        return [items[place] for place in self.generator.permutation(len(items)).tolist()]
