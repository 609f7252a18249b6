"""Who reads several tables together."""

from sandkasse.documents.intruder import Intruder
from sandkasse.figures.small_cells import hidden_together

FOUR_PLACES = [[1], [1], [1], [1]]


def read_together(*tables: list[list[int]]) -> Intruder:
    """Who has read tables of the same ideas, which share their whole total."""
    totals = [[(at, len(table), len(table[0])) for at, table in enumerate(tables)]]
    hides = hidden_together(tables, totals)
    intruder = Intruder()
    first, *rest = (
        intruder.reads(table, hide)[-1][-1] for table, hide in zip(tables, hides, strict=True)
    )
    for one in rest:
        intruder.knows({first: 1, one: -1})
    return intruder


def test_four_places_with_some_in_each_are_one_each_when_all_together_are_fewer_than_five() -> None:
    assert not read_together(FOUR_PLACES).finds_out()
    assert read_together(FOUR_PLACES, [[4, 0]]).finds_out()


def test_what_may_be_many_tells_nothing_of_a_hidden_total() -> None:
    assert not read_together([[1], [1], [1], [1], [1]], [[5, 0]]).finds_out()


def test_where_nothing_is_hidden_nothing_can_be_found_out() -> None:
    assert not read_together([[9, 0], [12, 30]], [[20, 31]]).finds_out()


def test_a_limit_from_elsewhere_is_reckoned_with() -> None:
    intruder = Intruder()
    *cells, _total = (line[0] for line in intruder.reads([[2], [2]], [[True, True]] * 3))
    assert not intruder.finds_out()
    intruder.knows_at_most(dict.fromkeys(cells, 1), 2)
    assert intruder.finds_out()


def test_who_knows_what_cannot_be_is_taken_to_know_all() -> None:
    intruder = Intruder()
    grid = intruder.reads([[2], [2]], [[True, True]] * 3)
    intruder.knows({grid[0][0]: 1}, 99)
    assert intruder.finds_out()
