"""What people outside get: no number below 5, and none that can be worked out."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sandkasse import clock, freezes, journeys, meetings, pipeline
from sandkasse.database import Database
from sandkasse.documents import inside, outside, published, reviewed, tables
from sandkasse.documents.audience import Audience
from sandkasse.documents.exhibit import Cell, Exhibit
from sandkasse.figures import Choice, CohortFunnel, Snapshot, StageCount, StagePresence, cohort
from sandkasse.figures.bridge import Bridge, Line
from sandkasse.figures.flow import forecast
from sandkasse.figures.flow.ageing import BANDS, CONDITIONS, Ageing, StageAges, StageBands
from sandkasse.figures.small_cells import HIDDEN, K, hidden, hidden_together, with_totals
from sandkasse.gates import Outcome
from sandkasse.journeys import Journey, Text
from tests.builders import JOURNEY, Cast, begun, seq, submitted
from tests.documents.attacker import Attacker
from tests.documents.conftest import Held

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CHOICE = Choice("road")
ROAD = Journey("road", Text("Vei", "Road"), stages=(), exits=(), levels=())

# For each stage: open, left; and in the end those that completed.
_counts = st.one_of(st.integers(0, K), st.integers(0, 30))
banks = st.tuples(
    st.lists(st.tuples(_counts, _counts), min_size=1, max_size=5), _counts,
)  # fmt: skip


def funnel(rows: Sequence[tuple[int, int]], completed: int) -> CohortFunnel:
    """The cohort whose ideas stand so, by furthest stage."""
    ended = [sum(row) for row in rows]
    ended[-1] += completed
    stages = []
    for at, (still, left) in enumerate(rows):
        reached = sum(ended[at:])
        on = sum(ended[at + 1 :]) + (completed if at == len(rows) - 1 else 0)
        stages.append(
            StageCount(f"s{at}", at, Text(en=f"Stage {at}"), reached, on,
                       {"declined": left} if left else {}, still, None, None, None, None)
        )  # fmt: skip
    return CohortFunnel(CHOICE, ROAD, NOW, NOW, sum(ended), tuple(stages))


Days = tuple[float | None, float | None, float | None]


def known(
    rows: Sequence[tuple[int, int]], completed: int, days: Days = (1.0, 2.0, 3.0)
) -> published.Published:
    """What may be known of a bank in which nobody ever went back and nobody is on hold."""
    came = funnel(rows, completed)
    there = tuple(
        StagePresence(one.stage_id, one.position, one.name, one.open, 0) for one in came.stages
    )
    ages = tuple(
        StageAges(
            StageBands(one.stage_id, one.position, one.name, days, "observed", 30),
            one.open, {**dict.fromkeys(BANDS, 0), BANDS[0]: one.open},
            dict.fromkeys(CONDITIONS, 0), 0,
        )
        for one in came.stages
    )  # fmt: skip
    still = sum(one.open for one in came.stages)
    return published.hiding(
        came,
        Snapshot(CHOICE, ROAD, NOW, NOW, came.n, there, {}),
        Ageing(CHOICE, ROAD, NOW, NOW, None, still, ages, pd.DataFrame()),
    )


@settings(max_examples=40, deadline=None)
@example(([(3, 0), (0, 0)], 0))
@example(([(9, 20), (12, 19), (12, 19), (8, 13), (6, 6), (7, 2), (7, 6)], 7))
@given(banks)
def test_what_is_hidden_in_the_funnel_and_the_snapshot_cannot_be_worked_out(
    bank: tuple[list[tuple[int, int]], int],
) -> None:
    found = known(*bank)
    shown = outside._cohort(None, None, CHOICE, found)  # type: ignore[arg-type]
    stages = len(bank[0])
    attacker = Attacker(2 * stages + 1)
    reached, on, still, left = (shown.columns[at].cells for at in (1, 3, 4, 5))
    for at in range(stages):
        beyond = range(2 * at, 2 * stages + 1)
        attacker.told(reached[at], *beyond, total=True)
        attacker.told(on[at], *([2 * stages] if at == stages - 1 else beyond[2:]))
        attacker.told(still[at], 2 * at)
        attacker.told(left[at], 2 * at + 1)
    now = outside._snapshot(None, None, CHOICE, found)  # type: ignore[arg-type]
    *places, whole = now.columns[1].cells
    for at, cell in enumerate(places):
        attacker.told(cell, 2 * at)
    attacker.told(whole, *range(0, 2 * stages, 2), total=True)
    for at in range(stages):
        for cell, unknown in ((still[at], 2 * at), (left[at], 2 * at + 1)):
            assert isinstance(cell, str) or cell == 0 or cell >= K
            if isinstance(cell, str):
                assert attacker.room(unknown) >= 1


@settings(max_examples=30, deadline=None)
@given(banks)
def test_no_chart_holds_a_number_that_is_hidden(bank: tuple[list[tuple[int, int]], int]) -> None:
    found = known(*bank)
    for made in (outside._cohort, outside._snapshot, outside._ages):
        shown = made(None, None, CHOICE, found)  # type: ignore[arg-type]
        assert shown.chart is not None
        bars = shown.chart["layer"][0]["data"]["values"]
        for bar in bars:
            assert bar["to"] - bar["from"] >= K, shown.kind
        assert_told_by_shown_numbers(shown)


def assert_told_by_shown_numbers(shown: Exhibit) -> None:
    """No number below 5 stands anywhere in an exhibit but in what it is called."""
    for column in shown.columns:
        assert not [cell for cell in column.cells if isinstance(cell, int) and 0 < cell < K]
    assert not isinstance(shown.n, int) or shown.n == 0 or shown.n >= K


def test_the_same_is_hidden_whichever_figure_is_asked_for() -> None:
    found = known([(9, 20), (3, 7), (8, 2)], 6)
    cohort = outside._cohort(None, None, CHOICE, found)  # type: ignore[arg-type]
    now = outside._snapshot(None, None, CHOICE, found)  # type: ignore[arg-type]
    still, there = cohort.columns[4].cells, now.columns[1].cells[:-1]
    assert [isinstance(cell, str) for cell in still] == [isinstance(cell, str) for cell in there]
    assert still[1] == there[1] == "<5"


def test_longer_than_95_percent_is_said_only_where_that_is_known() -> None:
    rows = [(9, 20), (30, 7)]
    found = outside._ages(None, None, CHOICE, known(rows, 6))  # type: ignore[arg-type]
    assert "longer in their stage than 95 % were" in found.sentence
    assert found.columns[0].cells[-2] == "Longer than that"
    for days in ((None, 60.0, None), (12.0, None, None)):
        found = outside._ages(None, None, CHOICE, known(rows, 6, days))  # type: ignore[arg-type]
        assert "95 %" not in found.sentence
        assert "longer in their stage than the last band that is known" in found.sentence
        assert found.columns[0].cells[-2] == "Longer than the last band that is known"
        assert "expected days stand in" in found.definition


def test_the_last_band_of_the_table_is_named_by_what_is_known() -> None:
    for days, heading in (
        ((1.0, 2.0, 3.0), "> 95 %"),
        ((None, 60.0, None), "Longer than the last"),
    ):
        table = tables.ages(known([(9, 20), (30, 7)], 6, days).ageing)
        assert any(one.heading.startswith(heading) for one in table.columns)
        assert ("> 95 %" in [one.heading for one in table.columns]) == (heading == "> 95 %")
        assert "expected days stand in" in table.note


def test_only_stages_with_open_ideas_need_their_bands_known() -> None:
    full, unknown = (known([(9, 20)], 6, days).ageing.stages[0] for days in (
        (1.0, 2.0, 3.0), (None, 60.0, None)))  # fmt: skip
    figure = known([(9, 20)], 6).ageing
    assert tables.knows_all_bands(replace(figure, stages=(full, replace(unknown, n=0))))
    assert not tables.knows_all_bands(replace(figure, stages=(full, unknown)))


@pytest.mark.parametrize(
    ("opening", "came", "went", "closing", "said"),
    [
        (46, 32, 17, 61, [46, 32, 17, 61]),
        (46, 7, 2, 51, [46, HIDDEN, "<5", 51]),
        (46, 3, 3, 46, [46, "<5", "<5", 46]),
        (46, 3, 0, 49, None),
        (46, 0, 0, 46, [46, 0, 0, 46]),
        (3, 20, 0, 23, None),
    ],
)
def test_the_bridge_is_left_out_where_the_stocks_would_tell_of_few(
    opening: int, came: int, went: int, closing: int, said: list[Cell] | None
) -> None:
    lines = (Line("new", 1, came, frozenset()), Line("declined", -1, went, frozenset()))
    every = {"opening": opening, "closing": closing, "lines": lines}
    drawn = _bridge(**every)
    before, now = (known([(still, 20)], 0) for still in (opening, closing))
    shown = outside.bridge(drawn, before, now)
    if said is None:
        assert "left out" in shown.sentence
        assert (shown.columns, shown.chart, shown.n) == ((), None, HIDDEN)
        assert not any(char.isdigit() and char != str(K) for char in shown.sentence)
    else:
        assert list(shown.columns[1].cells) == said


def test_the_bridge_is_left_out_where_an_earlier_paper_hid_what_it_begins_with() -> None:
    # Six were open then: five in the first stage and one in the second.
    before, now = known([(5, 0), (1, 0)], 0), known([(36, 20)], 0)
    assert before.open_now is None
    lines = (Line("new", 1, 30, frozenset()), Line("declined", -1, 0, frozenset()))
    drawn = _bridge(6, 36, lines)
    shown = outside.bridge(drawn, before, now)
    assert (shown.columns, shown.chart) == ((), None)
    assert "6" not in shown.sentence
    assert outside.bridge(drawn, known([(6, 20)], 0), now).columns


def brought(db: Database, cast: Cast, *places: int) -> None:
    """Bring one idea to each of these stages, straight from the first."""
    stages = journeys.get(db, JOURNEY).stages
    gates = {one.id: Outcome.MET for one in stages[0].gates}
    for place in places:
        idea_id = submitted(db, cast.student)
        if place:
            pipeline.move_idea(
                db, cast.lead, idea_id, to=stages[place].id, expected_seq=seq(db, idea_id),
                gates=gates,
            )  # fmt: skip


def test_that_too_few_came_is_not_said_where_it_would_tell_how_many(
    db: Database, cast: Cast
) -> None:
    # "<5" in each of four stages: fewer than five in all would be one in each.
    brought(db, cast, 0, 1, 2, 3)
    told = {
        kind: outside.exhibit(db, cast.lead, kind, Choice(JOURNEY)) for kind in ("times", "waiting")
    }
    half, most = (told["times"].columns[at].cells for at in (2, 3))
    assert half[:4] == most[:4] == (HIDDEN,) * 4
    assert (half[4], most[4]) == ("too few", "too few")
    for shown in told.values():
        assert shown.sentence.startswith("Too few ideas have come to tell people outside")
        assert shown.chart is None


def test_enough_is_still_said_of_hidden_numbers_where_it_tells_nothing(
    db: Database, cast: Cast
) -> None:
    brought(db, cast, 0, 0, 0, 0, 0, 1)
    shown = outside.exhibit(db, cast.lead, "times", Choice(JOURNEY))
    assert shown.columns[1].cells[:2] == (HIDDEN, HIDDEN)
    assert [shown.columns[2].cells[at] for at in (0, 1)] == ["cannot say yet", "too few"]


def test_the_papers_of_a_second_meeting_do_not_tell_what_the_first_ones_hid(
    db: Database, cast: Cast
) -> None:
    first = begun(db, cast.lead)
    brought(db, cast, 0, 0, 0, 0, 0, 1)
    freezes.freeze(db, cast.lead, first, Choice(JOURNEY))
    for _each in range(30):
        submitted(db, cast.student)
    second = begun(db, cast.lead, 2)
    freezes.freeze(db, cast.lead, second, Choice(JOURNEY))
    told = {}
    for audience in Audience:
        meeting = meetings.get(db, cast.lead, second)
        review = reviewed.of_meeting(db, cast.lead, meeting, audience)
        told[audience] = next(one for one in review.exhibits if one.kind == "bridge")
    assert "From 6 open ideas" in told[Audience.PROJECT].sentence
    assert "left out" in told[Audience.OUTSIDE].sentence
    assert told[Audience.OUTSIDE].columns == ()


def _bridge(opening: int, closing: int, lines: tuple[Line, ...]) -> Bridge:
    kinds = ("found_in", "found_out", "returned", "completed", "withdrawn", "closed", "merged")
    rest = tuple(Line(kind, 1, 0, frozenset()) for kind in kinds)
    values = {
        "choice": CHOICE, "journey": ROAD, "opened_at": datetime(2026, 9, 1, tzinfo=UTC),
        "as_of": NOW, "known_at": NOW, "opening": opening,
        "lines": lines + rest, "closing": closing, "opening_ids": frozenset(),
        "closing_ids": frozenset(),
    }  # fmt: skip
    return Bridge(**values)  # type: ignore[arg-type]


def test_cells_that_are_hidden_for_another_reason_draw_others_with_them() -> None:
    table = [[20, 30], [40, 50]]
    assert not np.array(hidden(table)).any()
    assert np.array(hidden(table, also={(0, 0)})).sum() == 4
    assert not np.array(hidden([[0, 30], [40, 50]], also={(0, 0)}))[0, 0]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), min_size=2, max_size=2), min_size=2, max_size=4))
def test_linked_counts_are_hidden_in_all_tables_or_in_none(table: list[list[int]]) -> None:
    totals = [[sum(row)] for row in table]
    same = [[(0, row, 2), (1, row, 0)] for row in range(len(table) + 1)]
    first, second = hidden_together([table, totals], same)
    for row in range(len(table) + 1):
        assert first[row][2] == second[row][0]
    for row, line in enumerate(with_totals(table)):
        for column, n in enumerate(line):
            assert first[row][column] or n == 0 or n >= K


def test_no_exhibit_of_a_real_bank_tells_a_small_number(held: Held) -> None:
    for kind in ("cohort", "snapshot", "ages", "flow", "activity", "trend", "paths"):
        shown = outside.exhibit(held.db, held.cast.lead, kind, Choice("student-startup"))
        assert_told_by_shown_numbers(shown)
        told = json.dumps([shown.sentence, shown.basis, shown.described])
        assert "None" not in told


def test_what_came_by_year_is_the_cohort_also_when_the_period_begins_within_a_month(
    held: Held,
) -> None:
    since = clock.today() - timedelta(days=400)
    choice = Choice("student-startup", since=since.replace(day=17))
    shown = outside.exhibit(held.db, held.cast.lead, "flow", choice)
    *years, whole = shown.columns[1].cells
    assert whole == sum(years) == cohort(held.db, held.cast.lead, choice).n
    assert shown.basis.startswith(f"n = {whole} ideas · ")
    inner = inside.exhibit(held.db, held.cast.lead, "flow", choice)
    assert " steps · " in inner.basis


def test_a_forecast_for_people_outside_tells_no_small_number(held: Held) -> None:
    stages = journeys.get(held.db, "student-startup").stages
    for stage in stages:
        choice = Choice("student-startup", stage_id=stage.id)
        shown = outside.exhibit(held.db, held.cast.lead, "forecast", choice)
        reached = cohort(held.db, held.cast.lead, choice).stages[stage.position].reached
        assert shown.chart is None
        if shown.columns:
            assert reached >= K
            assert f"{forecast.SEED}" in shown.definition
        else:
            assert "people outside" in shown.sentence
            assert str(reached) not in shown.sentence
    few = outside.exhibit(
        held.db, held.cast.lead, "forecast", Choice("student-startup", level="PhD")
    )
    assert not few.columns
