"""Who reads all that is published and adds it up, for tests that nothing hidden can be worked out.

It knows nothing of how the cells were chosen, and shares no code with what it attacks.
"""

from collections.abc import Mapping

import numpy as np
from scipy.optimize import linprog

from sandkasse.documents.exhibit import Cell
from sandkasse.figures.small_cells import K


class Attacker:
    """Who knows what stands in tables, and that they add up: the least and the most that each
    count can be (linear programming)."""

    def __init__(self, unknowns: int) -> None:
        self.bounds: list[tuple[float, float | None]] = [(0, None)] * unknowns
        self.sums: list[list[float]] = []
        self.totals: list[float] = []
        self.lesser: list[list[float]] = []
        self.limits: list[float] = []

    def told(self, cell: Cell, *which: int, total: bool = False) -> None:
        """A cell that is the sum of these unknowns; a mark in place of a total says nothing."""
        if isinstance(cell, int):
            self.knows(dict.fromkeys(which, 1), cell)
        elif len(which) == 1 and not total:
            self.bounds[which[0]] = (1, K - 1) if str(cell).startswith("<") else (K, None)

    def knows(self, parts: Mapping[int, float], total: float) -> None:
        """What these unknowns, each so many times, are together."""
        self.sums.append(self._row(parts))
        self.totals.append(total)

    def knows_at_most(self, parts: Mapping[int, float], limit: float) -> None:
        """What these unknowns, each so many times, are together at most."""
        self.lesser.append(self._row(parts))
        self.limits.append(limit)

    def _row(self, parts: Mapping[int, float]) -> list[float]:
        return [float(parts.get(at, 0)) for at in range(len(self.bounds))]

    def ends(self, parts: Mapping[int, float]) -> tuple[float, float]:
        """The least and the most that these unknowns, each so many times, can be together."""
        goal, ends = np.array(self._row(parts)), []
        for sign in (1, -1):
            found = linprog(
                sign * goal, A_eq=self.sums or None, b_eq=self.totals or None,
                A_ub=self.lesser or None, b_ub=self.limits or None, bounds=self.bounds,
            )  # fmt: skip
            assert found.status in (0, 3), found.message
            ends.append(sign * (-np.inf if found.status == 3 else found.fun))
        return ends[0], ends[1]

    def room(self, at: int) -> float:
        """Between how many values an unknown can be."""
        least, most = self.ends({at: 1})
        return most - least
