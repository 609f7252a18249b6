"""The intruder: who reads several tables together, and works out what is hidden in them.

Each table by itself is made safe by :mod:`sandkasse.figures.small_cells`. Tables that share a total
can tell more together than each alone, where that total is hidden: each then says between which
numbers it lies. What the intruder knows is a set of sums and bounds, so the least and the most that
a hidden count can be are found by linear programming.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from sandkasse.figures.small_cells import K, with_totals

Grid = list[list[int]]


class Intruder:
    """What is known of counts, each by its number, and what follows from it."""

    def __init__(self) -> None:
        self._bounds: list[tuple[int, int]] = []
        self._equal: list[tuple[Mapping[int, int], int]] = []
        self._at_most: list[tuple[Mapping[int, int], int]] = []
        self._hidden: list[int] = []

    def reads(self, table: Sequence[Sequence[int]], hides: Sequence[Sequence[bool]]) -> Grid:
        """Read a table with its totals; the numbers of its cells, laid out as they are."""
        counts = with_totals(table)
        last_row, last_column = len(counts) - 1, len(counts[0]) - 1
        grid = [
            [
                self._cell(n, hides[row][column], total=row == last_row or column == last_column)
                for column, n in enumerate(line)
            ]
            for row, line in enumerate(counts)
        ]
        for *cells, total in [*grid, *zip(*grid, strict=True)]:
            self.knows({**dict.fromkeys(cells, 1), total: -1})
        return grid

    def _cell(self, n: int, hide: bool, *, total: bool) -> int:
        if not hide:
            self._bounds.append((n, n))
        elif total:
            self._bounds.append((1, _MANY))
        else:
            self._bounds.append((1, K - 1) if n < K else (K, _MANY))
        number = len(self._bounds) - 1
        if hide:
            self._hidden.append(number)
        return number

    def knows(self, parts: Mapping[int, int], total: int = 0) -> None:
        """That these counts, each so many times, are ``total`` together."""
        self._equal.append((parts, total))

    def knows_at_most(self, parts: Mapping[int, int], total: int = 0) -> None:
        """That these counts, each so many times, are at most ``total`` together."""
        self._at_most.append((parts, total))

    def finds_out(self) -> bool:
        """Whether any hidden count can be one number alone."""
        return any(self._room(number) < 1 - _NEARLY for number in self._hidden)

    def _room(self, number: int) -> float:
        """From the least to the most that a count can be. 0 where nothing fits what is known: then
        it is not known what an intruder can know."""
        from scipy.optimize import linprog  # takes long to load, which others need not wait for

        aim = np.zeros(len(self._bounds))
        ends = []
        for sign in (1, -1):
            aim[number] = sign
            found = linprog(
                aim, bounds=self._bounds,
                **self._conditions("eq", self._equal), **self._conditions("ub", self._at_most),
            )  # fmt: skip
            if not found.success:
                return 0
            ends.append(sign * float(found.fun))
        return ends[1] - ends[0]

    def _conditions(
        self, kind: str, known: list[tuple[Mapping[int, int], int]]
    ) -> dict[str, np.ndarray]:
        if not known:
            return {}
        sums = np.zeros((len(known), len(self._bounds)))
        for row, (parts, _total) in enumerate(known):
            sums[row, list(parts)] = list(parts.values())
        return {f"A_{kind}": sums, f"b_{kind}": np.array([total for _parts, total in known])}


_NEARLY = 1e-6
#: More than any count: what has no bound may be so many.
_MANY = 10**6
