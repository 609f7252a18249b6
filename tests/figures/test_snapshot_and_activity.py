"""What is where, what moved, and how the two fit together."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from sandkasse import figures
from sandkasse.database import Database
from sandkasse.figures import Choice
from tests.figures.ledgers import LEAD, day, history, put

ROAD = Choice("road")


@pytest.fixture
def busy(db: Database) -> Database:
    """Five ideas, of which one is on hold and two have left."""
    put(db, history("1 enter a"))
    put(db, history("1 enter a", "6 hold"))
    put(db, history("2 enter a", "7 move b", "9 move b", "16 move a"))
    put(db, history("3 enter a", "8 move c", "20 exit closed", "24 reopen b", "26 exit done"))
    put(db, history("4 enter a", "5 exit declined"))
    return db


def test_snapshot_says_what_is_where_now(busy: Database) -> None:
    snapshot = figures.snapshot(busy, LEAD, ROAD)
    assert [(stage.stage_id, stage.active, stage.on_hold) for stage in snapshot.stages] == [
        ("a", 2, 1), ("b", 0, 0), ("c", 0, 0), ("d", 0, 0),
    ]  # fmt: skip
    assert snapshot.left == {"completed": 1, "declined": 1}
    assert (snapshot.n, snapshot.open) == (5, 3)


def test_snapshot_says_what_was_where_and_takes_no_notice_of_the_period(busy: Database) -> None:
    then = replace(ROAD, as_of=day(10), since=date(2020, 1, 9))
    snapshot = figures.snapshot(busy, LEAD, then)
    assert [(stage.active, stage.on_hold) for stage in snapshot.stages] == [
        (1, 1), (1, 0), (1, 0), (0, 0),
    ]  # fmt: skip
    assert snapshot.left == {"declined": 1}


def test_activity_counts_steps_in_the_period(busy: Database) -> None:
    activity = figures.activity(
        busy, LEAD, replace(ROAD, since=date(2020, 1, 7), until=date(2020, 1, 24))
    )
    # 7: a to b. 8: a to c. 9: b again, no step. 16: b back to a. 20: out of c. 24: back into b.
    assert (activity.came_in, activity.forward, activity.back, activity.reopened) == (0, 2, 1, 1)
    assert activity.left == {"closed": 1}
    assert activity.n == 5
    a, b, c, _d = activity.stages
    assert (a.entered, a.forward, a.back, a.left, a.reopened) == (1, 2, 0, {}, 0)
    assert (b.entered, b.forward, b.back, b.left, b.reopened) == (1, 0, 1, {}, 1)
    assert (c.entered, c.forward, c.back, c.left, c.reopened) == (1, 0, 0, {"closed": 1}, 0)


def test_steps_of_the_same_moment_are_taken_in_the_order_they_were_written(db: Database) -> None:
    put(db, history("1 enter a", "2 move c", "2 move b"))
    moved = figures.activity(db, LEAD, ROAD)
    assert (moved.forward, moved.back) == (1, 1)
    assert moved.stages[1].entered == 1  # b, from c


def test_activity_begins_with_all_that_ever_moved_when_no_days_are_chosen(busy: Database) -> None:
    activity = figures.activity(busy, LEAD, ROAD)
    assert (activity.came_in, sum(activity.left.values()), activity.reopened) == (5, 3, 1)


def test_stages_hold_at_the_end_what_they_held_plus_what_came_minus_what_went(
    busy: Database,
) -> None:
    before = figures.snapshot(busy, LEAD, replace(ROAD, as_of=figures.end_of(date(2020, 1, 6))))
    after = figures.snapshot(busy, LEAD, replace(ROAD, as_of=figures.end_of(date(2020, 1, 22))))
    moved = figures.activity(
        busy, LEAD, replace(ROAD, since=date(2020, 1, 7), until=date(2020, 1, 22))
    )
    for was, now, step in zip(before.stages, after.stages, moved.stages, strict=True):
        came = step.entered + step.reopened
        went = step.forward + step.back + sum(step.left.values())
        assert now.active + now.on_hold == was.active + was.on_hold + came - went


def test_series_counts_by_week_in_oslo_with_the_empty_weeks(busy: Database) -> None:
    series = figures.activity_series(
        busy, LEAD, replace(ROAD, since=date(2020, 1, 1), until=date(2020, 2, 2))
    )
    assert list(series.columns) == ["period", "entered", "forward", "back", "left", "reopened"]
    assert series.astype({"period": "str"}).to_numpy().tolist() == [
        ["2019-12-30", 5, 0, 0, 1, 0],  # 1 to 5 January
        ["2020-01-06", 0, 2, 0, 0, 0],
        ["2020-01-13", 0, 0, 1, 0, 0],
        ["2020-01-20", 0, 0, 0, 2, 1],
        ["2020-01-27", 0, 0, 0, 0, 0],
    ]


def test_a_step_just_after_midnight_in_oslo_belongs_to_the_new_month(db: Database) -> None:
    rows = history("31.48 enter a")  # 31 January 23:31 UTC is 1 February in Oslo
    put(db, rows)
    series = figures.activity_series(db, LEAD, replace(ROAD, until=date(2020, 2, 29)), "month")
    assert series["period"].tolist() == [pd.Timestamp("2020-02-01")]


def test_series_is_all_zeros_when_nothing_moved_in_the_days(db: Database) -> None:
    january = replace(ROAD, since=date(2020, 1, 1), until=date(2020, 3, 31))
    series = figures.activity_series(db, LEAD, january, "month")
    assert len(series) == 3
    assert series.drop(columns="period").to_numpy().sum() == 0
    assert figures.activity_series(db, LEAD, ROAD).empty
