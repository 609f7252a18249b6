"""What is behind the numbers of the flow figures, and why an idea is counted there."""

from dataclasses import replace
from datetime import date

import pytest

from sandkasse.database import Database
from sandkasse.errors import Invalid, NotAllowed, NotFound
from sandkasse.figures import Choice
from sandkasse.figures.flow import ageing, forecast, graduation, numbers, stock, times, trend
from sandkasse.figures.flow.numbers import (
    AgeIn,
    Arrived,
    Exited,
    InDoubt,
    InPeriod,
    Number,
    OfQuarter,
    OnPath,
    TimeIn,
)
from sandkasse.people import Actor, Role
from tests.figures.ledgers import LEAD, STAGES, Told, day, history, next_id, put, put_all

THEN = Choice("road", as_of=day(120), known_at=day(120))
MEMBER = Actor(8, "Mona Member", frozenset({Role.MEMBER}))
JANUARY = date(2020, 1, 1)


@pytest.fixture
def road(db: Database) -> Database:
    """Ideas that go on, skip, come back, leave, are reopened, are held, and only just came."""
    told = [
        ("MSc", "1 enter a", "5 move b", "12 move c", "30 move d", "60 exit done"),
        ("MSc", "1 enter a", "9 move c", "20 move b", "40 move c"),
        ("MSc", "2 enter a", "20 exit declined", "70 reopen b"),
        ("BSc", "3 enter a", "33 move b", "50 exit withdrawn"),
        ("BSc", "40 enter a", "44 hold"),
        ("MSc", "70 enter a", "80 move d"),
        ("MSc", "115 enter b"),
        ("MSc", "20 exit closed"),
    ]
    put_all(
        db,
        [
            Told(next_id(db), "road", level, "ocean", tuple(history(*steps)))
            for level, *steps in told
        ],
    )
    return db


def found(db: Database, number: Number, choice: Choice = THEN) -> int:
    return numbers.records(db, LEAD, choice, number, limit=99).total


def test_the_numbers_of_a_stages_times_have_as_many_ideas_behind_them(road: Database) -> None:
    for stage in times.times(road, LEAD, THEN).stages:
        assert found(road, TimeIn(stage.stage_id)) == stage.n
        assert found(road, TimeIn(stage.stage_id, "advanced")) == stage.advanced
        assert found(road, TimeIn(stage.stage_id, "open")) == stage.open
        assert found(road, TimeIn(stage.stage_id, "left")) == sum(stage.left.values())
        for kind, n in stage.left.items():
            assert found(road, TimeIn(stage.stage_id, f"left:{kind}")) == n


def test_the_numbers_of_ages_have_as_many_ideas_behind_them(road: Database) -> None:
    figure = ageing.ageing(road, LEAD, THEN)
    assert found(road, AgeIn()) == figure.n
    for stage in figure.stages:
        at = stage.bands.stage_id
        assert found(road, AgeIn(at)) == stage.n
        assert found(road, AgeIn(at, "again")) == stage.again
        for part, n in (stage.by_band | stage.by_condition).items():
            assert found(road, AgeIn(at, part)) == n


@pytest.mark.parametrize("unit", ["week", "month"])
def test_the_numbers_of_a_period_have_as_many_ideas_behind_them(road: Database, unit: str) -> None:
    figure = stock.stock(road, LEAD, THEN, unit)  # type: ignore[arg-type]
    columns = {"left": "left_now", "completed": "completed_now"}
    for row in figure.periods.to_dict("records")[:: 3 if unit == "week" else 1]:
        first = row["period"].date()
        there = sum(row[stage] for stage in STAGES["road"])
        assert found(road, InPeriod("stock", first, unit)) == there  # type: ignore[arg-type]
        for move in numbers.MOVES[1:]:
            n = row[columns.get(move, move)]
            ideas = found(road, InPeriod(move, first, unit))  # type: ignore[arg-type]
            # In January one idea goes on three times; in no week does one make a step twice.
            assert ideas == n - 2 * (unit == "month" and move == "forward" and first == JANUARY)


def test_a_period_ends_with_the_chosen_days(road: Database) -> None:
    choice = replace(THEN, until=date(2020, 1, 10))
    row = stock.stock(road, LEAD, choice).periods.iloc[-1]
    assert found(road, InPeriod("forward", JANUARY), choice) == row["forward"] == 2
    assert found(road, InPeriod("stock", JANUARY), choice) == 4


def test_every_way_out_has_as_many_ideas_behind_it(road: Database) -> None:
    ways = stock.leaving(road, LEAD, THEN)
    assert sum(one.n for one in ways) == 3
    for one in ways:
        assert found(road, Exited(one.stage_id, one.exit_kind, one.reason)) == one.n


def test_the_numbers_of_a_cohort_have_as_many_ideas_behind_them(road: Database) -> None:
    for quarter in trend.trend(road, LEAD, THEN, "c").quarters:
        first = quarter.first_day
        assert found(road, OfQuarter(first, "c")) == quarter.n
        assert found(road, OfQuarter(first, "c", "reached")) == quarter.reached
        assert found(road, OfQuarter(first, "c", "left")) == quarter.left
        assert found(road, OfQuarter(first, "c", "open")) == quarter.open


def test_the_weeks_of_a_forecast_have_as_many_ideas_behind_them(road: Database) -> None:
    by = date(2020, 12, 1)
    figure = forecast.forecast(road, LEAD, THEN, "b", by, 5)
    assert found(road, Arrived("b")) == figure.so_far
    weekly = [found(road, Arrived("b", ago)) for ago in range(len(figure.weekly))]
    assert weekly[::-1] == list(figure.weekly)


NUMBERS: list[Number] = [
    *(TimeIn("a", part) for part in ("all", "advanced", "open", "left", "left:declined")),
    *(TimeIn("b", part) for part in ("all", "left", "left:completed")),
    *(AgeIn(None, part) for part in ("again", "within_50", *ageing.CONDITIONS)),
    AgeIn("c"),
    AgeIn("b", "past", "uit"),
    *(InPeriod(move, JANUARY) for move in numbers.MOVES),
    *(InPeriod(move) for move in numbers.MOVES),
    Exited("a", "declined", ""),
    *(OfQuarter(JANUARY, "c", part) for part in ("all", "reached", "left", "open")),
    OnPath("a", "b"),
    OnPath("c", "b"),
    OnPath("in", "a"),
    Arrived("b"),
    Arrived("b", 16),
    InDoubt("b", "edge"),
    InDoubt("b", "quiet"),
    InDoubt("b", "unexplained"),
]


@pytest.mark.parametrize(
    ("choice", "asked"),
    [(THEN, NUMBERS), (replace(THEN, since=date(2020, 1, 2), level="MSc"), NUMBERS[::4])],
)
def test_why_agrees_with_the_list_behind_every_number_for_idea_after_idea(
    road: Database, choice: Choice, asked: list[Number]
) -> None:
    ideas = [idea_id for (idea_id,) in road.rows("SELECT idea_id FROM idea")]
    for place, number in enumerate(asked):
        listed = numbers.records(road, LEAD, choice, number, limit=99).rows["idea_id"].tolist()
        for idea_id in ideas[place % 2 :: 2]:
            answer = numbers.why(road, LEAD, choice, number, idea_id)
            assert answer.counted == (idea_id in listed)
            assert answer.rule.endswith(".")
            # What counts an idea is shown, and what keeps it out is said.
            assert answer.used if answer.counted else answer.missing.endswith(".")


def test_why_names_the_events_and_the_one_that_is_missing(road: Database) -> None:
    first, back, *_rest = [idea for (idea,) in road.rows("SELECT idea_id FROM idea ORDER BY 1")]
    answer = numbers.why(road, LEAD, THEN, TimeIn("b", "advanced"), first)
    assert [one.words for one in answer.used] == [
        "came to Stage a", "went from Stage a to Stage b", "went from Stage b to Stage c",
        "left the journey",
    ]  # fmt: skip
    answer = numbers.why(road, LEAD, THEN, TimeIn("b"), back)
    assert answer.missing == "It came to a later stage first, so it has no time in Stage b."
    answer = numbers.why(road, LEAD, THEN, AgeIn("c", "past"), back)
    # 9 to 20 January and from 40 to 120: two stays of 91 days.
    assert answer.missing == "It has been 91.0 days in Stage c, whose bands end at – · – · –."
    assert len(answer.used) == 2
    answer = numbers.why(road, LEAD, THEN, Arrived("c", 3), back)
    assert answer.missing == "It came there at another time."
    answer = numbers.why(road, LEAD, replace(THEN, level="PhD"), TimeIn("b"), back)
    assert answer.missing == "It is of another level than the one chosen."


@pytest.mark.parametrize(
    "number",
    [
        TimeIn("z"), TimeIn("a", "left:gone"), TimeIn("a", "zzz"), AgeIn("z"), AgeIn(None, "zzz"),
        AgeIn(None, "all", "hogwarts"), InPeriod("zzz"), Exited("z", "declined", ""),
        Exited("a", "zzz", ""), OfQuarter(JANUARY, "z"), OfQuarter(JANUARY, "a", "zzz"),
        OnPath("z", "a"), OnPath("a", "zzz"), Arrived("z"), InDoubt("b", "zzz"),
    ],
)  # fmt: skip
def test_a_number_that_there_is_not_is_refused(road: Database, number: Number) -> None:
    with pytest.raises(Invalid):
        numbers.records(road, LEAD, THEN, number)


@pytest.mark.parametrize("number", NUMBERS[::6])
def test_it_checks_access(road: Database, number: Number) -> None:
    idea_id = road.value("SELECT min(idea_id) FROM idea")
    student = Actor(9, "Sara Student", frozenset({Role.STUDENT}))
    with pytest.raises(NotAllowed):
        numbers.records(road, student, THEN, number)
    for actor in (student, MEMBER):
        with pytest.raises((NotAllowed, NotFound)):
            numbers.why(road, actor, THEN, number, idea_id)


def test_a_member_is_listed_published_ideas_only(db: Database) -> None:
    shown = put(db, history("1 enter a"), publication="published", public_text="Words.")
    put(db, history("1 enter a"))
    behind = numbers.records(db, MEMBER, THEN, TimeIn("a"))
    assert behind.rows["idea_id"].tolist() == [shown.idea_id]
    assert (behind.total, behind.hidden) == (2, 1)


def test_a_risk_is_told_as_it_was_then(db: Database) -> None:
    gone = put(db, history("1 enter a", "50 exit declined"), graduation=date(2020, 6, 1))
    early = Choice("road", as_of=day(20), known_at=day(20))
    assert [one.idea_id for one in graduation.risks(db, LEAD, early).rows] == [gone.idea_id]
    assert not graduation.risks(db, LEAD, THEN).rows
