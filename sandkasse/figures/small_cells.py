"""Small cells: counts that are hidden from people outside the project.

A table that says "1" among the ideas of one stage and level may tell who it is. Counts from 1 to
``k - 1`` are therefore hidden, and with them as many others as it takes for nobody to work them out
from the totals: complementary cell suppression, as in Hundepool et al., *Statistical Disclosure
Control* (Wiley, 2012), chapter 4, with the threshold rule for frequency tables. The complementary
cells are found one hidden cell at a time as the cheapest cycle through it (the network method of
that chapter), and those that proved needless are shown again.

**The reader who must not find out** knows every count that is shown, that rows and columns add up,
that a cell marked "<5" is 1 to 4, that a cell marked "…" is 5 or more, and that a total marked "…"
is at least 1. For each hidden count at least two values fit all that; and no row or column that
shows its total leaves 1 to ``k - 1`` for its hidden cells together. As every condition is a sum
along a row or a column, a hidden count has a second value exactly when a cycle of cells runs
through it along which 1 can be added and taken away in turn; so this needs no linear program.

**Zeros are shown** (unless ``zeros_are_safe=False``): that nobody is in a cell points at nobody.

**What this does not protect:**

- *Groups that all share one thing.* When all twelve of a row stand in one column, the reader knows
  it of each of the twelve, whatever is hidden.
- *Those who are counted.* One of two in a cell of 2 knows of the other.
- *Sums across rows and columns.* The grand total less all that is shown may be small: that is a
  count of several hidden cells together, in rows and columns apart.
- *The rule itself.* Who redoes the choice of cells may at times exclude values. All that is
  promised is a second value that fits the shown counts, not that it is likely.
- *Parts of the same ideas published at the same time.* By stage and, apart, by level: each alone is
  a row for :func:`hidden_row`, and they share nothing but their total. A total that is hidden in
  one must be hidden in all. Where stage by level is published too, the rows are the totals of that
  table: publish the table through :func:`hidden` and take the rows from its totals. Tables that
  share more than one total (three ways of dividing, crossed in pairs) are not protected.
- *Choices within one another, and time.* A figure for all and one for all but a few differ by those
  few, and so do yesterday's and today's. Ask :func:`differs_by_small` of every version that is
  still known, not of the newest alone, and publish nothing new while it says yes.
"""

import heapq
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sandkasse.i18n import _, number_text

#: Counts below this are hidden.
K = 5
HIDDEN = "…"

# What it costs to hide: the number of cells first, then the grand total, then other totals, then
# the counts themselves, so that large ones stay.
_PER_CELL, _PER_GRAND_TOTAL, _PER_TOTAL = 10**18, 10**16, 10**13


@dataclass
class _Cell:
    """A count, or a total, and what a reader can tell of it when it is hidden: from ``low`` to
    ``high`` (None: no bound)."""

    n: int
    low: int | None
    high: int | None
    cost: int
    hidden: bool = False
    #: False for what is in no published table, and so needs no protection.
    ours: bool = True
    #: Totals enter the sum of their row or column with the other sign.
    sign: int = 1

    def can_move(self, step: int) -> bool:
        """Whether ``step`` (1 or -1), in its row's sum, leaves it a value that a reader allows."""
        moved = self.n + step * self.sign
        return (self.low is None or moved >= self.low) and (self.high is None or moved <= self.high)

    @property
    def price(self) -> int:
        """What it costs to have it hidden."""
        return 0 if self.hidden else self.cost


_Grid = list[list[_Cell]]


def hidden(
    table: Sequence[Sequence[int]],
    k: int = K,
    *,
    zeros_are_safe: bool = True,
    also: Collection[tuple[int, int]] = (),
) -> list[list[bool]]:
    """Which cells of a table of counts are hidden, and which of its totals.

    :param table: rows of counts, all of the same length, without totals.
    :param k: counts of 1 to ``k - 1`` are hidden; totals too.
    :param zeros_are_safe: whether zeros are shown; else they are hidden as small.
    :param also: places (row and column, those of totals too) that are hidden for another reason;
        a zero there stays shown, since a mark would contradict it.
    :returns: as :func:`with_totals` lays it out: a last column for the totals of the rows, a last
        row for those of the columns, and the grand total last in both.
    :raises ValueError: for rows of different lengths, counts below 0, or ``k`` below 3 (with 2,
        the mark itself says 1).
    """
    least = 1 if zeros_are_safe else 0
    counts = with_totals(table)
    _check(counts, k)
    last_row, last_column = len(counts) - 1, len(counts[0]) - 1
    grid = [
        [
            _cell(n, k, least, (row == last_row) + (column == last_column))
            for column, n in enumerate(line)
        ]
        for row, line in enumerate(counts)
    ]
    for row, column in also:
        cell = grid[row][column]
        cell.hidden = cell.hidden or _hideable(cell)
    return [[cell.hidden for cell in line] for line in _protect(grid, k)]


def hidden_together(
    tables: Sequence[Sequence[Sequence[int]]],
    same: Iterable[Collection[tuple[int, int, int]]],
    k: int = K,
    *,
    also: Iterable[tuple[int, int, int]] = (),
) -> list[list[list[bool]]]:
    """As :func:`hidden` for each of several tables, published together, that show the same ideas.

    :param same: groups of places (table, row, column) whose counts are equal, or nearly so: where
        one of a group is hidden, all are. What two tables tell together is no further looked into.
    :param also: places that are hidden for another reason.
    :raises ValueError: as :func:`hidden`.
    """
    groups = [list(group) for group in same]
    more: list[set[tuple[int, int]]] = [set() for _table in tables]
    for number, row, column in also:
        more[number].add((row, column))
    while True:
        found = [hidden(table, k, also=places) for table, places in zip(tables, more, strict=True)]
        grown = False
        for group in groups:
            if any(found[number][row][column] for number, row, column in group):
                for number, row, column in group:
                    grown |= (row, column) not in more[number]
                    more[number].add((row, column))
        if not grown:
            return found


def change_hidden(came: int, went: int, k: int = K) -> bool:
    """Whether what came and what went between two published stocks are hidden, both together.

    Each is the other and the difference of the stocks. The stocks themselves must not differ by a
    small number (:func:`differs_by_small`): then nothing of the change can be told.
    """
    _check([[came, went]], k)
    return any(0 < n < k for n in (came, went))


def hidden_row(
    counts: Sequence[int], total_shown: bool = True, k: int = K, *, zeros_are_safe: bool = True
) -> list[bool]:
    """Which of a row of counts are hidden; last, where ``total_shown``, whether their total is.

    Without a published total nothing but the small counts is hidden.

    :raises ValueError: as :func:`hidden`.
    """
    least = 1 if zeros_are_safe else 0
    _check([counts], k)
    row = [_cell(n, k, least, 0) for n in counts]
    if not total_shown:
        return [cell.hidden for cell in row]
    row.append(_cell(sum(counts), k, least, 1))
    # What a count gains, nobody sees lost: a second row that is never published.
    unseen = [_Cell(0, None, None, 0, hidden=True, ours=False) for _each in row]
    return [cell.hidden for cell in _protect([row, unseen], k)[0]]


def with_totals(table: Sequence[Sequence[int]]) -> list[list[int]]:
    """The table with a column of row totals and a row of column totals.

    :raises ValueError: for rows of different lengths.
    """
    if len({len(row) for row in table}) > 1:
        raise ValueError(_("The rows of a table must be of one length."))
    rows = [[*row, sum(row)] for row in table]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)] or [0]]


def published(
    table: Sequence[Sequence[int]], k: int = K, *, zeros_are_safe: bool = True
) -> list[list[str]]:
    """The table with its totals as people outside may see it; raises as :func:`hidden`."""
    hide = hidden(table, k, zeros_are_safe=zeros_are_safe)
    last_row, last_column = len(hide) - 1, len(hide[0]) - 1
    return [
        [
            shown(n, hide[row][column], k, total=row == last_row or column == last_column)
            for column, n in enumerate(line)
        ]
        for row, line in enumerate(with_totals(table))
    ]


def shown(n: int, hide: bool, k: int = K, *, total: bool = False) -> str:
    """A count as text: itself, "<5" for a small one that is hidden, "…" for another.

    A hidden ``total`` is always "…": that four cells share a total below 5 would give them away.
    """
    if not hide:
        return number_text(n)
    return f"<{number_text(k)}" if n < k and not total else HIDDEN


def differs_by_small(before: Sequence[int], after: Sequence[int], k: int = K) -> bool:
    """Whether two versions of the same cells differ in one by 1 to ``k - 1``, either way.

    Then who has seen ``before`` learns a small count from ``after``. Give cells and totals alike,
    as true counts; also for a choice of ideas (``before``) within a wider one (``after``).

    :raises ValueError: where they are not equally many.
    """
    return any(0 < abs(new - old) < k for old, new in zip(before, after, strict=True))


def _check(counts: Sequence[Sequence[int]], k: int) -> None:
    if k < 3:
        raise ValueError(_("Small counts cannot be hidden below a limit of 3."))
    if any(n < 0 for row in counts for n in row):
        raise ValueError(_("A count cannot be below 0."))


def _cell(n: int, k: int, least: int, totals: int) -> _Cell:
    """A count that is no total (``totals`` 0), one of a row or column (1), or the grand total (2);
    hidden from the outset if it is small."""
    small = least <= n < k
    cost = _PER_CELL + n + (0, _PER_TOTAL, _PER_GRAND_TOTAL)[totals]
    sign = -1 if totals == 1 else 1
    if totals:
        return _Cell(n, least, None, cost, small, sign=sign)
    return _Cell(n, least if small else k, k - 1 if small else None, cost, small)


def _protect(grid: _Grid, k: int) -> _Grid:
    """Hide what it takes for no hidden cell to be worked out, then show what proved needless."""
    small = {id(cell) for line in grid for cell in line if cell.hidden}
    while True:
        for row, line in enumerate(grid):
            for column, cell in enumerate(line):
                if cell.hidden and cell.ours:
                    _hide_cycle(grid, row, column)
        bare = next((line for line in _lines(grid) if _leaves_small(line, k)), None)
        if bare is None:
            break
        min((cell for cell in bare if _hideable(cell)), key=lambda cell: cell.cost).hidden = True
    added = [cell for line in grid for cell in line if cell.hidden and id(cell) not in small]
    for cell in sorted(added, key=lambda cell: -cell.cost):
        cell.hidden = False
        cell.hidden = not _safe(grid, k)
    return grid


def _hideable(cell: _Cell) -> bool:
    """Whether it is shown and may be hidden: not a zero, which a mark would contradict."""
    return not cell.hidden and cell.can_move(0)


def _safe(grid: _Grid, k: int) -> bool:
    """Whether no hidden cell can be worked out, and no row or column leaves a small rest."""
    return not any(_leaves_small(line, k) for line in _lines(grid)) and all(
        _price(_cheapest_cycle(grid, row, column)) == 0
        for row, line in enumerate(grid)
        for column, cell in enumerate(line)
        if cell.hidden and cell.ours
    )


def _lines(grid: _Grid) -> Iterator[Sequence[_Cell]]:
    """The rows and the columns, the total last in each."""
    yield from grid
    yield from zip(*grid, strict=True)


def _leaves_small(line: Sequence[_Cell], k: int) -> bool:
    """Whether a row or column shows its total, which leaves its hidden cells 1 to k - 1 in all."""
    *cells, total = line
    return not total.hidden and 0 < sum(cell.n for cell in cells if cell.hidden) < k


def _hide_cycle(grid: _Grid, row: int, column: int) -> None:
    """Hide what it takes for the hidden cell there to have a second value."""
    for cell in _cheapest_cycle(grid, row, column):
        cell.hidden = True


def _cheapest_cycle(grid: _Grid, row: int, column: int) -> list[_Cell]:
    """The cells that cost least to hide for the cell there to be able to be 1 more or 1 less.

    There always is such a cycle: by way of its row's total, the grand total and its column's.
    """
    cell = grid[row][column]
    found = [_path(grid, row, column, step) for step in (1, -1) if cell.can_move(step)]
    return min((path for path in found if path is not None), key=_price)


def _price(cells: Sequence[_Cell]) -> int:
    return sum(cell.price for cell in cells)


def _path(grid: _Grid, row: int, column: int, step: int) -> list[_Cell] | None:
    """The cheapest way to even out ``step`` at a cell: from its row to its column, by cells that
    lose it in a row and gain it in a column in turn (Dijkstra's algorithm)."""
    start, goal = ("row", row), ("column", column)
    queue: list[tuple[int, int, tuple[str, int], list[_Cell]]] = [(0, 0, start, [])]
    done: set[tuple[str, int]] = set()
    tie = 0
    while queue:
        price, _order, node, path = heapq.heappop(queue)
        if node == goal:
            return path
        if node in done:
            continue
        done.add(node)
        for following, cell in _steps(grid, node):
            lost = -step if node[0] == "row" else step
            if cell is not grid[row][column] and _may_take(cell, lost):
                tie += 1
                heapq.heappush(queue, (price + cell.price, tie, following, [*path, cell]))
    return None


def _may_take(cell: _Cell, step: int) -> bool:
    return (cell.hidden or _hideable(cell)) and cell.can_move(step)


def _steps(grid: _Grid, node: tuple[str, int]) -> Iterator[tuple[tuple[str, int], _Cell]]:
    """From a row to the columns, or from a column to the rows, by the cell where they cross."""
    kind, place = node
    if kind == "row":
        yield from ((("column", column), cell) for column, cell in enumerate(grid[place]))
    else:
        yield from ((("row", row), line[place]) for row, line in enumerate(grid))
