"""Hidden small counts: nobody can work them out from what is shown."""

import itertools
from collections.abc import Iterator, Sequence
from time import perf_counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from sandkasse.figures.small_cells import (
    HIDDEN,
    K,
    differs_by_small,
    hidden,
    hidden_row,
    published,
    shown,
    with_totals,
)
from sandkasse.i18n import in_language

Table = list[list[int]]


def tables(rows: int, columns: int, highest: int) -> st.SearchStrategy[Table]:
    """Tables of up to so many rows and columns."""
    counts = st.one_of(st.integers(0, K), st.integers(0, highest))
    return st.integers(1, columns).flatmap(
        lambda width: st.lists(
            st.lists(counts, min_size=width, max_size=width), min_size=1, max_size=rows
        )
    )


def candidates(text: str, k: int, highest: int, zero_is_possible: bool) -> list[int]:
    """The counts, none above ``highest``, that an inner cell may hold by what is written there."""
    if text == HIDDEN:
        return list(range(k, highest + 1))
    if text.startswith("<"):
        return list(range(0 if zero_is_possible else 1, k))
    return [int(text)]


def all_that_fit(texts: list[list[str]], k: int, highest: int, zeros: bool = False) -> np.ndarray:
    """Every table with counts of at most ``highest`` that agrees with a published one: the
    attacker by brute force, who uses nothing of how the cells were chosen.

    A row of the result for each such table, a column for each of its cells and totals.
    """
    height, width = len(texts) - 1, len(texts[0]) - 1
    cells = [candidates(text, k, highest, zeros) for line in texts[:-1] for text in line[:-1]]
    grids = np.array(list(itertools.product(*cells))).reshape(-1, height, width)
    grids = np.concatenate([grids, grids.sum(axis=2, keepdims=True)], axis=2)
    grids = np.concatenate([grids, grids.sum(axis=1, keepdims=True)], axis=1)
    fits = np.ones(len(grids), dtype=bool)
    for row, column in places(texts):
        if texts[row][column] != HIDDEN and (row == height or column == width):
            fits &= grids[:, row, column] == int(texts[row][column])
    return grids[fits]


def places(table: Sequence[Sequence[object]]) -> Iterator[tuple[int, int]]:
    """The rows and columns of every cell."""
    return itertools.product(range(len(table)), range(len(table[0])))


def bounds(text: str, is_total: bool) -> tuple[int, int | None]:
    """The least and the most that a cell may hold by what is written there."""
    if text == HIDDEN:
        return (1 if is_total else K), None
    return (1, K - 1) if text.startswith("<") else (int(text), int(text))


def sums_to_zero(height: int, width: int) -> np.ndarray:
    """What every table with totals fulfils: each row and column less its total is 0."""
    numbers = np.arange(height * width).reshape(height, width)
    conditions = np.zeros((height + width, height * width))
    for line, cells in enumerate([*numbers, *numbers.T]):
        conditions[line, cells[:-1]] = 1
        conditions[line, cells[-1]] = -1
    return conditions


def feasible_range(texts: list[list[str]], row: int, column: int) -> tuple[float, float]:
    """The least and the most that a cell may hold, by linear programming."""
    height, width = len(texts), len(texts[0])
    limits = [
        bounds(texts[i][j], i == height - 1 or j == width - 1) for i, j in places(texts)
    ]  # fmt: skip
    aim = np.zeros(height * width)
    aim[row * width + column] = 1
    conditions = sums_to_zero(height, width)
    ends = []
    for sign in (1, -1):
        answer = linprog(sign * aim, A_eq=conditions, b_eq=np.zeros(len(conditions)), bounds=limits)
        ends.append(sign * answer.fun if answer.status == 0 else np.inf)
    return ends[0], ends[1]


def is_small(n: int) -> bool:
    return 0 < n < K


def assert_nobody_finds_out(table: Table, k: int, zeros_are_safe: bool = True) -> None:
    texts = published(table, k, zeros_are_safe=zeros_are_safe)
    hide = hidden(table, k, zeros_are_safe=zeros_are_safe)
    highest = max(map(max, table)) + k
    possible = all_that_fit(texts, k, highest, not zeros_are_safe)
    for row, column in places(hide):
        if hide[row][column]:
            assert len(set(possible[:, row, column])) > 1, (table, texts, row, column)


def test_nobody_finds_out_a_hidden_count_of_any_table_of_two_by_two_up_to_five() -> None:
    for counts in itertools.product(range(6), repeat=4):
        assert_nobody_finds_out([list(counts[:2]), list(counts[2:])], 3)


@settings(deadline=None)
@given(
    st.sampled_from([(1, 1), (1, 4), (2, 2), (2, 3), (3, 2), (4, 1)]).flatmap(
        lambda shape: st.lists(
            st.lists(st.integers(0, 6), min_size=shape[1], max_size=shape[1]),
            min_size=shape[0], max_size=shape[0],
        )
    ),
    st.booleans(),
)  # fmt: skip
def test_nobody_finds_out_a_hidden_count_by_brute_force(table: Table, zeros_are_safe: bool) -> None:
    assert_nobody_finds_out(table, 3, zeros_are_safe)


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=4))
@example([1, 1, 1, 1])
@example([1, 1, 1, 1, 1])
@example([4, 4])
@example([1, 5])
def test_nobody_finds_out_a_hidden_count_of_a_row(counts: list[int]) -> None:
    *cells, total = hidden_row(counts)
    assert all(hide for n, hide in zip(counts, cells, strict=True) if is_small(n))
    texts = [shown(n, hide) for n, hide in zip(counts, cells, strict=True)]
    options = [candidates(text, K, max(counts) + K, False) for text in texts]
    possible = [
        each for each in itertools.product(*options) if total or sum(each) == sum(counts)
    ]  # fmt: skip
    for place, hide in enumerate(cells):
        assert not hide or len({each[place] for each in possible}) > 1
    if total:
        assert len({sum(each) for each in possible}) > 1


@settings(deadline=None, max_examples=50)
@given(tables(5, 4, 60))
def test_every_hidden_count_has_a_range_by_linear_programming(table: Table) -> None:
    texts, hide = published(table), hidden(table)
    for row, column in places(hide):
        if hide[row][column]:
            least, most = feasible_range(texts, row, column)
            assert most - least >= 1 - 1e-6, (table, texts, row, column)


@given(tables(6, 5, 60))
def test_every_small_count_and_total_is_hidden_and_no_zero(table: Table) -> None:
    hide = hidden(table)
    for row, column in places(hide):
        n = with_totals(table)[row][column]
        assert not (is_small(n) and not hide[row][column])
        assert not (n == 0 and hide[row][column])


@given(tables(6, 5, 60))
def test_no_row_or_column_leaves_a_small_rest_when_the_shown_is_taken_from_its_total(
    table: Table,
) -> None:
    counts, hide = np.array(with_totals(table)), np.array(hidden(table))
    for numbers, marks in ((counts, hide), (counts.T, hide.T)):
        for line, away in zip(numbers, marks, strict=True):
            if not away[-1]:
                assert not is_small(int(line[-1] - line[:-1][~away[:-1]].sum()))
                assert away.sum() != 1


@given(tables(6, 5, 60))
def test_nothing_is_hidden_when_no_count_is_small(table: Table) -> None:
    big = [[n if n == 0 else n + K for n in row] for row in table]
    assert not any(map(any, hidden(big)))


@given(tables(5, 5, 60))
def test_the_same_table_is_hidden_the_same_way(table: Table) -> None:
    assert hidden(table) == hidden([list(row) for row in table])


@given(tables(6, 6, 60), st.integers(1, K - 1), st.data())
def test_one_small_count_hides_at_most_four_cells(
    table: Table, small: int, data: st.DataObject
) -> None:
    big = [[n if n == 0 else n + K for n in row] for row in table]
    row = data.draw(st.integers(0, len(big) - 1))
    column = data.draw(st.integers(0, len(big[0]) - 1))
    big[row][column] = small
    assert sum(map(sum, hidden(big))) <= 4


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12))
def test_a_row_without_its_total_hides_small_counts_alone(counts: list[int]) -> None:
    assert hidden_row(counts, total_shown=False) == [is_small(n) for n in counts]


def test_a_square_is_hidden_around_a_small_count() -> None:
    # The three others are the smallest that make a square with it.
    table = [[3, 9, 30], [12, 40, 50], [7, 8, 60]]
    assert hidden(table) == [
        [True, True, False, False],
        [False, False, False, False],
        [True, True, False, False],
        [False, False, False, False],
    ]


def test_totals_are_hidden_where_the_other_counts_are_zero() -> None:
    # The row's total is as small as its one count; hiding 7 alone would leave 16 - 9.
    table = [[3, 0], [7, 9]]
    with in_language("en"):
        assert published(table) == [["<5", "0", "…"], ["…", "9", "…"], ["10", "9", "19"]]


def test_what_proved_needless_is_shown_again() -> None:
    # What goes with 2 and what goes with 1, each found alone, is one cell more than both need.
    with in_language("en"):
        assert published([[5, 2], [1, 0]]) == [["5", "<5", "…"], ["<5", "0", "…"], ["…", "…", "8"]]


@pytest.mark.parametrize(
    ("counts", "hide"),
    [
        ([], [False]),
        ([0, 0], [False, False, False]),
        ([9, 20], [False, False, False]),
        ([3, 9, 20], [True, True, False, False]),
        ([3, 0, 0], [True, False, False, True]),
        # 2 and 2 would leave 4 as their sum: a third count goes with them.
        ([2, 2, 9, 20], [True, True, True, False, False]),
        # Both are at most 4, so 8 would mean 4 each; and 6 is only 1 with 5.
        ([4, 4, 9], [True, True, True, False]),
        ([4, 4], [True, True, True]),
        ([1, 5], [True, False, True]),
        ([1, 1, 1, 1, 1], [True, True, True, True, True, True]),
    ],
)
def test_a_row_hides_what_its_total_would_give_away(counts: list[int], hide: list[bool]) -> None:
    assert hidden_row(counts) == hide


def test_zeros_are_hidden_as_small_where_they_are_not_safe() -> None:
    assert hidden_row([0, 9, 20], zeros_are_safe=False) == [True, True, False, False]
    assert hidden_row([0, 9, 20]) == [False, False, False, False]


def test_a_hidden_total_is_never_marked_as_small() -> None:
    # Four cells of at least 1 with a total of at most 4 would all be 1.
    assert published([[1, 1, 1, 1]]) == [["<5"] * 4 + [HIDDEN], [HIDDEN] * 5]


def test_shown_writes_numbers_as_the_language_does() -> None:
    with in_language("en"):
        assert shown(1234, hide=False) == "1,234"
    assert shown(0, hide=False) == "0"
    assert shown(3, hide=True) == "<5"
    assert shown(3, hide=True, k=10) == "<10"
    assert shown(5, hide=True) == HIDDEN
    assert shown(3, hide=True, total=True) == HIDDEN


@pytest.mark.parametrize(
    ("before", "after", "small"),
    [
        ([12, 7], [12, 7], False),
        ([12, 7], [13, 7], True),
        ([12, 7], [8, 7], True),
        ([12, 7], [17, 2], False),
        ([12, 7], [17, 3], True),
        ([], [], False),
    ],
)
def test_two_versions_differ_by_small(before: list[int], after: list[int], small: bool) -> None:
    assert differs_by_small(before, after) == small
    assert differs_by_small(after, before) == small


def test_two_versions_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        differs_by_small([1], [1, 2])


def test_faulty_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        hidden([[1], [1, 2]])
    with pytest.raises(ValueError, match="below 0"):
        hidden([[1, -1]])
    for k in (2, 0):
        with pytest.raises(ValueError, match="limit of 3"):
            hidden([[1]], k)
    with pytest.raises(ValueError, match="below 0"):
        hidden_row([-1])


def test_a_table_without_rows_hides_nothing() -> None:
    assert hidden([]) == [[False]]
    assert hidden([[], []]) == [[False], [False], [False]]


def test_a_table_as_large_as_a_screen_is_quick() -> None:
    random = np.random.default_rng(1)
    table = random.poisson(6, (10, 8)).tolist()
    began = perf_counter()
    hidden(table)
    assert perf_counter() - began < 2
