"""Random histories with matters: the waiting figures in SQL and the slow ones say the same."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from sandkasse import clock
from sandkasse.agencies import sync
from sandkasse.database import Database
from sandkasse.figures import ENOUGH, waiting
from sandkasse.figures.statistics import Quantile, survival
from sandkasse.figures.waiting import WaitingChoice
from tests.figures import slow_waiting
from tests.figures.ledgers import LEAD, day
from tests.figures.test_ball import days_inside, ideas, put
from tests.figures.test_waiting import AGENCIES

EARLY, LATE = datetime(1900, 1, 1, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC)
law = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
days = st.integers(0, 70)


@pytest.fixture(autouse=True)
def _agencies(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "agencies.toml"
    path.write_text(AGENCIES, encoding="utf-8")
    sync(db, path)


def choices(since: int, length: int, as_of: int, known: int) -> list[WaitingChoice]:
    """The present twice (from what is kept, and from the histories), the past, and a period."""
    now = clock.now()
    first = date(2020, 1, 1) + timedelta(days=since)
    then = {"as_of": day(as_of), "known_at": day(known)}
    return [
        WaitingChoice(),
        WaitingChoice(as_of=now, known_at=now),
        WaitingChoice(**then),
        WaitingChoice(since=first, until=first + timedelta(days=length), **then),
        WaitingChoice(since=first, until=first + timedelta(days=length)),
    ]


def bounds(choice: WaitingChoice) -> tuple[datetime, datetime]:
    """The first moment of the period, and the first after it."""
    return (
        clock.start_of(choice.since) if choice.since else EARLY,
        clock.start_of(choice.until + timedelta(days=1)) if choice.until else LATE,
    )


@law
@given(ideas, days, st.integers(0, 20), days, days)
def test_time_is_divided_as_the_slow_figure_divides_it(db, many, since, length, as_of, known):
    kept = put(db, many)
    for choice in choices(since, length, as_of, known):
        figure = waiting.division(db, LEAD, choice)
        by_party, by_stage, n = slow_waiting.division(
            kept, figure.as_of, figure.known_at, *bounds(choice)
        )
        found: dict[Any, float] = {}
        counted: dict[str, int] = {}
        for one in figure.stages:
            counted[one.stage_id] = counted.get(one.stage_id, 0) + one.shares.n
            for party, spent in one.shares.days.items():
                key = (one.stage_id, party)
                found[key] = found.get(key, 0) + spent
        assert {key: spent for key, spent in found.items() if spent} == pytest.approx(by_party)
        assert {stage: n for stage, n in counted.items() if n} == by_stage
        assert figure.whole.n == n
        assert figure.whole.total == pytest.approx(sum(by_party.values()))


@law
@given(ideas)
def test_the_divided_time_is_the_time_in_the_journey(db, many):
    kept = put(db, many)
    figure = waiting.division(db, LEAD, WaitingChoice())
    elapsed = sum(days_inside(rows, figure.as_of) for rows, _matters in kept.values())
    assert figure.whole.total == pytest.approx(elapsed)
    assert sum(one.shares.total for one in figure.stages) == pytest.approx(elapsed)


@law
@given(ideas, days, st.integers(0, 20), days, days)
def test_agencies_take_as_long_as_the_slow_figure_says(db, many, since, length, as_of, known):
    kept = put(db, many)
    for choice in choices(since, length, as_of, known):
        figure = waiting.waits(db, LEAD, choice)
        first, after = bounds(choice)
        those = [
            one
            for one in slow_waiting.waited(kept, figure.as_of, figure.known_at)
            if first <= one.sent_at < after
        ]
        assert figure.n == len(those)
        assert {one.agency_id for one in figure.agencies} == {one.agency_id for one in those}
        for agency in figure.agencies:
            of_it = [one for one in those if one.agency_id == agency.agency_id]
            compare(agency.waits, of_it)
            assert sum(one.waits.n for one in agency.purposes) == len(of_it)


def compare(waits: waiting.Waits, those: list[slow_waiting.Waited]) -> None:
    """Hold one agency's waits to its matters."""
    parts = slow_waiting.parts(those)
    assert (waits.answered, waits.open, waits.withdrawn) == (
        parts["answered"], parts["open"], parts["withdrawn"]
    )  # fmt: skip
    assert waits.questions == sum(one.questions for one in those)
    open_days = [one.days for one in those if one.part == "open"]
    assert (waits.longest.days if waits.longest else None) == (
        pytest.approx(max(open_days)) if open_days else None
    )
    for found, part in ((waits.median, 0.5), (waits.most, 0.85)):
        if len(those) < ENOUGH:
            assert found is None
        else:
            assert found == Quantile(*slow_waiting.quantile(those, part))


@law
@given(ideas, days)
def test_the_quarters_hold_every_matter(db, many, as_of):
    put(db, many)
    choice = WaitingChoice(as_of=day(as_of + 60))
    quarters = waiting.trend(db, LEAD, choice).quarters
    agencies = waiting.waits(db, LEAD, choice).agencies
    assert sum(one.n for one in quarters) == sum(one.waits.n for one in agencies)
    assert sum(one.answered for one in quarters) == sum(one.waits.answered for one in agencies)


@law
@given(ideas, days)
def test_the_matters_behind_a_number_are_as_many_as_it_says(db, many, as_of):
    put(db, many)
    choice = WaitingChoice(as_of=day(as_of + 30), known_at=day(as_of + 30))
    for agency in waiting.waits(db, LEAD, choice).agencies:
        for part in waiting.PARTS:
            found = waiting.records(db, LEAD, choice, agency.agency_id, part=part)
            assert found.total == len(found.rows) == getattr(agency.waits, part)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=60))
def test_counted_times_give_what_statsmodels_gives_for_each_by_itself(pairs):
    counted = {pair: pairs.count(pair) for pair in pairs}
    curve = survival(
        [time for time, _ended in counted], [ended for _time, ended in counted], [*counted.values()]
    )
    times, ended = (np.array(one) for one in zip(*pairs, strict=True))
    alone = SurvfuncRight(times, ended.astype(int))
    for part in (0.5, 0.85):
        with np.errstate(all="ignore"):
            expected = (alone.quantile(part - 1e-9), *alone.quantile_ci(part - 1e-9))
        finite = [float(one) if np.isfinite(one) else None for one in expected]
        assert curve.quantile(part) == Quantile(*finite)
