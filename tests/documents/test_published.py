"""What one paper for people outside tells together: no hidden count can be worked out of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sandkasse.documents import outside, published
from sandkasse.documents.exhibit import Cell
from sandkasse.documents.published import ENOUGH, Published
from sandkasse.figures import Choice, CohortFunnel, Snapshot, StageCount, StagePresence
from sandkasse.figures.flow.ageing import BANDS, CONDITIONS, Ageing, StageAges, StageBands
from sandkasse.figures.flow.trend import CohortTrend, Quarter
from sandkasse.figures.small_cells import HIDDEN, K
from sandkasse.journeys import Journey, Stage, Text
from tests.documents.attacker import Attacker

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CHOICE = Choice("road")
ROAD = Journey("road", Text("Vei", "Road"), stages=(), exits=(), levels=())
DAYS = (1.0, 2.0, 3.0)


@dataclass(frozen=True)
class Bank:
    """Ideas by furthest stage, ``still`` open and ``left``, and ``completed`` from the last; those
    open by the stage they are in ``now`` and by band of age, ``on_hold`` among them; and all by the
    year they came."""

    still: tuple[int, ...]
    left: tuple[int, ...]
    completed: int
    now: tuple[int, ...]
    ages: tuple[int, ...]
    years: tuple[int, ...]
    on_hold: int = 0


def bank(
    still: tuple[int, ...],
    left: tuple[int, ...] | None = None,
    completed: int = 0,
    now: tuple[int, ...] | None = None,
    ages: tuple[int, ...] | None = None,
    years: tuple[int, ...] | None = None,
) -> Bank:
    """One in which nobody left or went back, none is old, and all came in one year, unless said."""
    left = left or (0,) * len(still)
    whole = sum(still) + sum(left) + completed
    return Bank(
        still, left, completed, now or still, ages or (sum(still), 0, 0, 0), years or (whole,)
    )


_counts = st.one_of(st.integers(0, K), st.integers(0, 30))


@st.composite
def banks(draw: st.DrawFn) -> Bank:
    """Banks of up to four stages in which some may have gone back."""
    places = draw(st.integers(1, 4))
    each = st.lists(_counts, min_size=places, max_size=places)
    still, left, completed = draw(each), draw(each), draw(_counts)
    now = list(still)
    for origin in range(1, places):
        back = min(draw(st.sampled_from((0, 0, 1, 2, 7))), still[origin])
        now[origin] -= back
        now[draw(st.integers(0, origin - 1))] += back
    return Bank(
        tuple(still), tuple(left), completed, tuple(now),
        draw(_split(sum(still), len(BANDS))),
        draw(_split(sum(still) + sum(left) + completed, draw(st.integers(1, 3)))),
        draw(st.integers(0, sum(still))),
    )  # fmt: skip


def _split(whole: int, parts: int) -> st.SearchStrategy[tuple[int, ...]]:
    cuts = st.lists(st.integers(0, whole), min_size=parts - 1, max_size=parts - 1).map(sorted)
    return cuts.map(
        lambda at: tuple(
            last - first for first, last in zip([0, *at], [*at, whole], strict=True)
        )
    )  # fmt: skip


def known(of: Bank, days: tuple[float | None, ...] = DAYS) -> Published:
    """What may be known of a bank, whose stages have bands of so many ``days``."""
    last = len(of.still) - 1
    ended = [sum(pair) for pair in zip(of.still, of.left, strict=True)]
    ended[last] += of.completed
    stages = tuple(
        StageCount(f"s{at}", at, Text(en=f"Stage {at}"), sum(ended[at:]),
                   sum(ended[at + 1 :]) + (of.completed if at == last else 0),
                   {"declined": left} if left else {}, still, None, None, None, None)
        for at, (still, left) in enumerate(zip(of.still, of.left, strict=True))
    )  # fmt: skip
    there, waits = [], of.on_hold
    for one, n in zip(stages, of.now, strict=True):
        held = min(waits, n)
        there.append(StagePresence(one.stage_id, one.position, one.name, n - held, held))
        waits -= held
    bands: dict[str, Any] = {"source": "observed", "left": 30, "days": days}
    old = StageAges(
        StageBands("s0", 0, stages[0].name, **bands), sum(of.ages),
        dict(zip(BANDS, of.ages, strict=True)), dict.fromkeys(CONDITIONS, 0), 0,
    )  # fmt: skip
    return published.hiding(
        CohortFunnel(CHOICE, ROAD, NOW, NOW, sum(ended), stages),
        Snapshot(CHOICE, ROAD, NOW, NOW, sum(ended), tuple(there), {}),
        Ageing(CHOICE, ROAD, NOW, NOW, None, sum(of.ages), (old,), pd.DataFrame()),
    )


def by_year(of: Bank) -> CohortTrend:
    """The bank's ideas by quarter, all in the first of each year."""
    quarters = tuple(
        Quarter(date(2024 + at, 1, 1), n, n, 0, 0) for at, n in enumerate(of.years)
    )  # fmt: skip
    stage = Stage("s0", 0, Text(en="Stage 0"), None)
    return CohortTrend(CHOICE, ROAD, NOW, NOW, stage, sum(of.years), quarters)


class Paper:
    """One paper about a bank, and who has read it: the cells of each thing that is counted, by the
    number of the unknown they are."""

    def __init__(self, of: Bank) -> None:
        self.found = known(of)
        stages = len(of.still)
        self.still = list(range(stages))
        self.left = list(range(stages, 2 * stages))
        self.completed = 2 * stages
        self.now = list(range(2 * stages + 1, 3 * stages + 1))
        self.ages = list(range(3 * stages + 1, 3 * stages + 1 + len(BANDS)))
        self.years = list(range(self.ages[-1] + 1, self.ages[-1] + 1 + len(of.years)))
        self.attacker = Attacker(self.years[-1] + 1)
        self.cells: dict[int, Cell] = {}
        self._hangs_together()
        self._cohort()
        self._snapshot()
        self._row(self.ages, outside._ages(None, None, CHOICE, self.found))  # type: ignore[arg-type]
        self._row(self.years, outside._by_year(by_year(of), self.found))
        self._enough()

    def _hangs_together(self) -> None:
        know = self.attacker.knows
        know(dict.fromkeys(self.still, 1) | dict.fromkeys(self.now, -1), 0)
        know(dict.fromkeys(self.still, 1) | dict.fromkeys(self.ages, -1), 0)
        every = dict.fromkeys([*self.still, *self.left, self.completed], 1)
        know(every | dict.fromkeys(self.years, -1), 0)
        for at in range(1, len(self.still)):
            self.attacker.knows_at_most(
                dict.fromkeys(self.still[:at], 1) | dict.fromkeys(self.now[:at], -1), 0
            )

    def _beyond(self, at: int) -> list[int]:
        """All that reached a stage."""
        if at == len(self.still):
            return [self.completed]
        return [*self.still[at:], *self.left[at:], self.completed]

    def _tell(self, cell: Cell, at: int) -> None:
        self.cells[at] = cell
        self.attacker.told(cell, at)

    def _cohort(self) -> None:
        shown = outside._cohort(None, None, CHOICE, self.found)  # type: ignore[arg-type]
        reached, on, still, left = (shown.columns[place].cells for place in (1, 3, 4, 5))
        for at in range(len(self.still)):
            self.attacker.told(reached[at], *self._beyond(at), total=True)
            self.attacker.told(on[at], *self._beyond(at + 1), total=at < len(self.still) - 1)
            self._tell(still[at], self.still[at])
            self._tell(left[at], self.left[at])
        self._tell(on[-1], self.completed)

    def _snapshot(self) -> None:
        shown = outside._snapshot(None, None, CHOICE, self.found)  # type: ignore[arg-type]
        self._row(self.now, shown)
        on_hold = self.found.doing.known(0, 1)
        if shown.columns and on_hold is not None:
            self.attacker.knows_at_most(dict.fromkeys(self.now, -1), -on_hold)

    def _row(self, unknowns: list[int], shown: Any) -> None:
        if not shown.columns:
            assert "left out" in shown.sentence
            return
        *cells, total = shown.columns[1].cells
        for cell, at in zip(cells, unknowns, strict=True):
            self._tell(cell, at)
        self.attacker.told(total, *unknowns, total=True)

    def _enough(self) -> None:
        """What is told of how long it takes says whether five came to a stage."""
        for at, one in enumerate(self.found.funnel.stages):
            if self.found.tells_enough(at):
                sign, limit = (1, K - 1) if one.reached < K else (-1, -K)
                self.attacker.knows_at_most(dict.fromkeys(self._beyond(at), sign), limit)

    def hidden(self) -> list[int]:
        """The unknowns that stand as a mark."""
        return [at for at, cell in self.cells.items() if isinstance(cell, str)]


@settings(max_examples=60, deadline=None)
@example(bank((1, 0), (5, 0)))
@example(bank((5, 1)))
@example(bank((4, 4), years=(4, 4)))
@example(bank((30,), years=(1, 1, 28)))
@example(bank((8,), years=(4, 4)))
@example(bank((1, 1, 1, 1)))
@example(bank((6, 3, 8), (0, 0, 1), 1, ages=(1, 14, 1, 1), years=(9, 10)))
@example(bank((0, 0, 0, 0, 0, 13, 0), (4, 0, 0, 0, 0, 0, 0), 4, ages=(1, 3, 8, 1)))
@example(bank((14, 20, 30), now=(15, 19, 30)))
@example(bank((14, 20, 30), now=(15, 26, 23)))
@example(bank((13, 7, 15, 9), (20, 20, 20, 20), now=(20, 11, 13, 0)))
@example(bank((20, 1, 1), (30, 1, 1)))
@given(banks())
def test_nothing_hidden_in_a_paper_can_be_worked_out(of: Bank) -> None:
    paper = Paper(of)
    for at, cell in paper.cells.items():
        assert isinstance(cell, str) or cell == 0 or (cell or 0) >= K
        assert not isinstance(cell, str) or paper.attacker.room(at) >= 1 - 1e-6, (at, cell)
    for then, now in zip(paper.still, paper.now, strict=True):
        least, most = paper.attacker.ends({now: 1, then: -1})
        assert most - least >= 1 - 1e-6 or not 0 < abs(round(least)) < K, (then, now)


def test_how_many_came_is_not_told_by_year_where_the_cohort_hides_it() -> None:
    # Five left and one is open: the total, 6, is hidden, as it would tell the one.
    shown = outside._by_year(by_year(bank((1, 0), (5, 0))), known(bank((1, 0), (5, 0))))
    assert (shown.n, shown.columns, shown.chart) == (HIDDEN, (), None)
    assert "left out" in shown.sentence
    assert "6" not in shown.sentence


def test_years_that_cannot_be_hidden_beside_the_cohorts_total_are_left_out() -> None:
    # 4 and 4 are the only two below 5 that make 8, and the cohort tells 8.
    of = bank((8,), years=(4, 4))
    assert known(of).came.cell(-1, -1) == 8
    assert outside._by_year(by_year(of), known(of)).columns == ()


def test_years_count_ideas() -> None:
    of = bank((20, 30), years=(20, 30))
    shown = outside._by_year(by_year(of), known(of))
    assert shown.columns[0].cells == ("2024", "2025", "In all")
    assert shown.columns[1].cells == (20, 30, 50)
    assert shown.basis.startswith("n = 50 ideas · ")


def test_ages_are_left_out_where_they_bound_what_is_hidden_elsewhere() -> None:
    # One in each of four stages, and all four of one age: at least four, and at most four.
    found = known(bank((1, 1, 1, 1)))
    shown = outside._ages(None, None, CHOICE, found)  # type: ignore[arg-type]
    assert (shown.n, shown.columns, shown.chart) == (HIDDEN, (), None)
    apart = known(bank((1, 1, 1, 1), ages=(2, 2, 0, 0)))
    assert "ages" not in apart.held_back


def test_that_few_came_to_a_stage_is_not_said_where_it_would_tell_the_few() -> None:
    # One of each in two stages is "<5" four times: fewer than five in all are one each.
    found = known(bank((20, 1, 1), (30, 1, 1)))
    assert ENOUGH in found.held_back
    assert found.reached(1) == HIDDEN
    assert [found.tells_enough(at) for at in range(3)] == [True, False, False]
    assert ENOUGH not in known(bank((20, 9, 7), (30, 8, 6))).held_back


@pytest.mark.parametrize(
    ("still", "now", "shown"),
    [
        # One went back, as in the demonstration: 14 and 15 would tell of that one.
        ((14, 20, 30), (15, 19, 30), (HIDDEN, HIDDEN, 30)),
        # Seven went back; nothing small can be told.
        ((14, 20, 30), (21, 13, 30), (21, 13, 30)),
        # One net came to the first stage and six to the second: the last hides with the first.
        ((14, 20, 30), (15, 26, 23), (HIDDEN, 26, HIDDEN)),
        # A zero is always shown.
        ((14, 7, 30), (21, 0, 30), (21, 0, 30)),
    ],
)
def test_where_ideas_are_does_not_tell_of_few_who_went_back(
    still: tuple[int, ...], now: tuple[int, ...], shown: tuple[Cell, ...]
) -> None:
    found = known(bank(still, (20,) * len(still), now=now))
    assert tuple(found.there.cell(row, 0) for row in range(len(still))) == shown
    assert found.there.cell(-1, 0) == sum(still)


def test_the_stages_that_are_shown_do_not_tell_of_few_in_those_that_are_not() -> None:
    # +7, +4, −2 and −9: without the second and third, the others would tell +2 of those together.
    found = known(bank((13, 7, 15, 9), (20,) * 4, now=(20, 11, 13, 0)))
    assert [found.there.cell(row, 0) for row in range(4)] == [HIDDEN, HIDDEN, HIDDEN, 0]
    assert found.came.cell(3, 0) == 9
    # +16, +2, −3 and −15: none is left in the last, so how many had come so far is hidden there.
    found = known(bank((30, 10, 24, 15), (20,) * 4, now=(46, 12, 21, 0)))
    assert [found.there.cell(row, 0) for row in range(4)] == [46, HIDDEN, HIDDEN, 0]
    assert found.came.cell(3, 0) == HIDDEN
