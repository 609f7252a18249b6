"""Random ledgers: the flow figures and the slow ones in plain Python say the same."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from sandkasse import clock
from sandkasse.database import Database
from sandkasse.figures import Choice, bridge
from sandkasse.figures.flow import ageing, numbers, paths, stock, trend
from sandkasse.figures.flow.ageing import ENOUGH_LEFT, SHARES
from sandkasse.figures.flow.numbers import OnPath
from tests.figures import ledgers, slow_flow
from tests.figures.ledgers import EXITS, LEAD, STAGES, Told
from tests.figures.test_funnel_against_slow import among, choices, days, many_ideas, moments, told


def agree_on_ages(db: Database, ideas: Sequence[Told], choice: Choice) -> None:
    figure = ageing.ageing(db, LEAD, choice)
    # Two readings of the clock differ, so the slow figure takes the moment of the quick one.
    slow = slow_flow.ages(among(ideas, choice), choice.journey_id, figure.as_of, figure.known_at)
    assert {row.idea_id for row in figure.ages.itertuples()} == set(slow)
    for row in figure.ages.itertuples():
        stage, age, visits = slow[row.idea_id]
        assert STAGES[choice.journey_id][row.position] == stage
        assert row.visits == visits
        assert row.days == pytest.approx(age, abs=1e-6)
    for one in figure.stages:
        spent = slow_flow.time_in_stage(
            among(ideas, choice), choice.journey_id, one.bands.stage_id,
            figure.as_of, figure.known_at,
        )  # fmt: skip
        assert one.bands.left == sum(left for _days, left in spent)
        if one.bands.left >= ENOUGH_LEFT:
            for level, band in zip(SHARES, one.bands.days, strict=True):
                slow_band = slow_flow.kaplan_meier(spent, Fraction(str(level)))
                assert band == (None if slow_band is None else pytest.approx(slow_band, abs=1e-6))


def agree_on_stock(db: Database, ideas: Sequence[Told], choice: Choice) -> None:
    figure = stock.stock(db, LEAD, choice, "month")
    _since, until, as_of, known_at = moments(choice)
    slow = slow_flow.paths(among(ideas, choice), choice.journey_id, *moments(choice))
    came = sum(n for (origin, _target), n in slow.items() if origin == "in")
    assert figure.n == sum(slow.values())
    if figure.n:
        assert came == figure.periods[["entered", "reopened"]].to_numpy().sum()
    for row in figure.periods.itertuples():
        end = min(slow_flow.end_of_month(row.period.year, row.period.month), as_of, until)
        slow = slow_flow.stocks(among(ideas, choice), choice.journey_id, [end], known_at)[0]
        for stage in STAGES[choice.journey_id]:
            assert getattr(row, stage) == slow[stage]
        assert row.completed == slow["completed"]
        assert row.left == sum(slow[kind] for kind in EXITS.values() if kind != "completed")


def agree_on_paths(db: Database, ideas: Sequence[Told], choice: Choice) -> None:
    figure = paths.paths(db, LEAD, choice)
    slow = slow_flow.paths(among(ideas, choice), choice.journey_id, *moments(choice))
    assert Counter({(one.origin, one.target): one.n for one in figure.paths}) == slow
    for one in figure.paths:
        found = numbers.records(db, LEAD, choice, OnPath(one.origin, one.target))
        assert found.total == one.ideas <= one.n


def agree_on_trend(db: Database, ideas: Sequence[Told], choice: Choice) -> None:
    whole = replace(choice, since=None, until=None)
    for stage in STAGES[choice.journey_id]:
        figure = trend.trend(db, LEAD, whole, stage)
        slow = slow_flow.quarters(
            among(ideas, whole), choice.journey_id, stage, *moments(whole)[2:]
        )
        found = {
            (one.first_day.year, (one.first_day.month - 1) // 3): (one.reached, one.left, one.open)
            for one in figure.quarters
            if one.n
        }
        assert found == slow


def open_at(ideas: Sequence[Told], choice: Choice, at: datetime, known_at: datetime) -> set[int]:
    stages = set(STAGES[choice.journey_id])
    return {
        idea.idea_id
        for idea in among(ideas, choice)
        if idea.journey == choice.journey_id and slow_flow.where(idea, at, known_at) in stages
    }


def agree_on_bridge(
    db: Database, ideas: Sequence[Told], choice: Choice, first: int, known: int
) -> None:
    opened_at, opening_known_at = ledgers.day(first), ledgers.day(max(first, known))
    _since, _until, as_of, known_at = moments(choice)
    if opened_at > as_of or opening_known_at > known_at:
        return
    drawn = bridge.bridge(db, LEAD, choice, opened_at, opening_known_at)
    assert drawn.opening == len(open_at(ideas, choice, opened_at, opening_known_at))
    closing = open_at(ideas, choice, drawn.as_of, drawn.known_at)
    assert drawn.closing == len(closing)
    assert drawn.opening + sum(line.sign * line.n for line in drawn.lines) == drawn.closing
    lines = {line.kind: line for line in drawn.lines}
    frozen = open_at(ideas, choice, opened_at, opening_known_at)
    then = open_at(ideas, choice, opened_at, drawn.known_at)
    assert lines["found_in"].idea_ids == then - frozen
    assert lines["found_out"].idea_ids == frozen - then
    for line in drawn.lines:
        assert bridge.records(db, LEAD, drawn, line.kind).total == len(line.idea_ids) <= line.n


@settings(
    max_examples=24,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(many_ideas, days, days, days)
def test_flow_figures_agree_with_plain_python_on_any_ledger(
    db: Database, attempts: list[list[int]], first: int, as_of: int, known: int
) -> None:
    ledgers.clear(db)
    start = ledgers.next_id(db)
    ideas = [told(number, start + number, each) for number, each in enumerate(attempts)]
    with db.transaction() as tx:
        tx.execute("SELECT nextval('idea_ids') FROM range(?)", [len(ideas)])
    ledgers.put_all(db, ideas)
    for choice in choices("lane" if first % 4 == 0 else "road", first, as_of, known):
        agree_on_ages(db, ideas, choice)
        agree_on_stock(db, ideas, choice)
        agree_on_paths(db, ideas, choice)
        agree_on_trend(db, ideas, choice)
        agree_on_bridge(db, ideas, choice, as_of, known)
    assert clock.now() > ledgers.day(45)
