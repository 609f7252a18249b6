"""Forecasts and graduation chances that can be worked out by hand."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from sandkasse import figures, number_receipts
from sandkasse.database import Database
from sandkasse.documents import tables
from sandkasse.errors import Invalid, NotAllowed
from sandkasse.figures import Choice
from sandkasse.figures.flow import forecast, graduation
from sandkasse.people import Actor, Role
from tests.figures.ledgers import LEAD, Told, day, history, next_id, put, put_all

WEEKS = 20
NOW = day(1 + 7 * WEEKS)
ROAD = Choice("road", as_of=NOW, known_at=NOW)
TODAY = (NOW + timedelta(hours=1)).date()
MEMBER = Actor(8, "Mona Member", frozenset({Role.MEMBER}))


def steady(db: Database, a_week: int, until: int = WEEKS) -> None:
    """So many ideas go on to b in the middle of every week."""
    told = [history("1 enter a")]
    for week in range(until):
        told += [history(f"{1 + 7 * week} enter a", f"{4 + 7 * week} move b")] * a_week
    put_all(db, [Told(next_id(db), "road", "MSc", "ocean", tuple(rows)) for rows in told])


def test_where_every_week_is_alike_the_forecast_is_certain(db: Database) -> None:
    steady(db, 2)
    figure = forecast.forecast(db, LEAD, ROAD, "b", TODAY + timedelta(weeks=5), 46)
    assert figure.so_far == 2 * WEEKS
    assert set(figure.weekly) == {2}
    assert figure.at_least == {0.5: 50, 0.85: 50, 0.95: 50}
    assert set(figure.when.values()) == {TODAY + timedelta(weeks=3)}
    test = figure.back_test
    assert test.n == WEEKS - forecast.TESTED_AHEAD - forecast.FEWEST_WEEKS + 1
    assert test.kept == dict.fromkeys(forecast.CHANCES, test.n)


def test_the_same_seed_gives_the_same_forecast_and_another_one_much_the_same(
    db: Database,
) -> None:
    for week in range(WEEKS):
        for _ in range(week % 4):
            put(db, history(f"{1 + 7 * week} enter a", f"{4 + 7 * week} move b"))
    by = TODAY + timedelta(weeks=10)
    first = forecast.forecast(db, LEAD, ROAD, "b", by, 40)
    assert forecast.forecast(db, LEAD, ROAD, "b", by, 40) == first
    other = forecast.forecast(db, LEAD, ROAD, "b", by, 40, seed=2)
    for chance in forecast.CHANCES:
        assert abs(other.at_least[chance] - first.at_least[chance]) <= 1
    assert first.at_least[0.5] >= first.at_least[0.85] >= first.at_least[0.95]
    assert first.when[0.5] <= first.when[0.85] <= first.when[0.95]  # type: ignore[operator]


def test_the_seed_stands_apart_after_all_that_is_said_of_the_trials(db: Database) -> None:
    steady(db, 2)
    figure = forecast.forecast(db, LEAD, ROAD, "b", TODAY + timedelta(weeks=5), 46)
    told = tables.forecast(figure).note.split(". ")
    assert told[-1] == f"The seed {forecast.SEED} gives the same trials again."
    assert not any(str(forecast.SEED) in sentence for sentence in told[:-1])


def test_drawing_four_weeks_at_a_time_agrees_with_every_way_of_drawing(db: Database) -> None:
    weekly = np.array([0, 0, 0, 0, 4, 4, 4, 4])
    drawn = forecast._drawn(weekly, seed=1, trials=40_000, ahead=4)[:, -1]
    # Each of the eight places a block can begin at is as likely: worked out by hand.
    exact = sorted(sum(weekly[(begin + np.arange(4)) % 8]) for begin in range(8))
    assert exact == [0, 4, 4, 8, 8, 12, 12, 16]
    counts = {total: exact.count(total) / 8 for total in set(exact)}
    for total, share in counts.items():
        assert np.mean(drawn == total) == pytest.approx(share, abs=0.01)


def test_too_little_and_nothing_more_are_two_answers(db: Database) -> None:
    put(db, history("1 enter a"))
    by = TODAY + timedelta(weeks=5)
    nothing = forecast.forecast(db, LEAD, ROAD, "b", by, 5)
    assert nothing.ground == "cannot_be_forecast"
    assert "cannot be forecast" in figures.sentence(nothing)
    put(db, history("1 enter a", "4 move b"))
    little = forecast.forecast(db, LEAD, ROAD, "b", by, 5)
    assert little.ground == "not_enough_data"
    assert "not enough data" in figures.sentence(little)
    assert not little.at_least
    early = replace(ROAD, as_of=day(20), known_at=day(20))
    short = forecast.forecast(db, LEAD, early, "b", date(2020, 3, 1), 5)
    assert short.ground == "not_enough_data"


@pytest.mark.parametrize("by", [TODAY, TODAY - timedelta(days=1), TODAY + timedelta(weeks=300)])
def test_a_day_that_is_not_ahead_is_refused(db: Database, by: date) -> None:
    with pytest.raises(Invalid):
        forecast.forecast(db, LEAD, ROAD, "b", by, 5)
    with pytest.raises(Invalid):
        forecast.forecast(db, LEAD, ROAD, "b", TODAY + timedelta(weeks=1), 0)


def test_the_chance_before_graduation_is_worked_out_stage_by_stage(db: Database) -> None:
    # Of those who came to a, half go on after 10 days and half leave after 5; b, c and d take 10,
    # 10 and 10 days and all go on: with 40 days half are through, with 39 none.
    for number in range(12):
        if number % 2:
            put(db, history("1 enter a", "6 exit declined"))
        else:
            put(
                db,
                history("1 enter a", "11 move b", "21 move c", "31 move d", "41 exit done"),
            )
    for left, expected in ((41, 0.5), (38, 0.0)):
        idea = put(
            db, history("141 enter a"), graduation=(TODAY + timedelta(days=left)),
        )  # fmt: skip
        rows = {one.idea_id: one for one in graduation.risks(db, LEAD, ROAD, limit=50).rows}
        assert rows[idea.idea_id].chance == pytest.approx(expected, abs=1e-9)
    # Who has been in a for seven days is past the leaving of day 5, so all of them go on.
    idea = put(db, history("134 enter a"), graduation=TODAY + timedelta(days=40))
    rows = {one.idea_id: one for one in graduation.risks(db, LEAD, ROAD, limit=50).rows}
    assert rows[idea.idea_id].chance == pytest.approx(1.0, abs=1e-9)


def test_chances_are_for_mentors_and_leads_and_listed_by_day(db: Database) -> None:
    late = put(db, history("141 enter a"), graduation=TODAY + timedelta(days=90))
    soon = put(db, history("141 enter a"), graduation=TODAY + timedelta(days=9))
    put(db, history("1 enter a", "5 exit declined"), graduation=TODAY + timedelta(days=9))
    found = graduation.risks(db, LEAD, ROAD)
    assert [one.idea_id for one in found.rows] == [soon.idea_id, late.idea_id]
    assert found.total == 2
    assert [one.chance for one in found.rows] == [None, None]
    with pytest.raises(NotAllowed):
        graduation.risks(db, MEMBER, ROAD)


def test_the_trials_agree_with_the_exact_distribution_of_their_blocks() -> None:
    # Independent of the trials: twelve weeks are three blocks, so their sum has the distribution of
    # the eleven block sums convolved three times, and it takes until week w for so many to come as
    # often as w weeks bring fewer.
    weekly = np.array([0, 3, 1, 0, 2, 5, 0, 0, 1, 4, 2])
    after = {
        weeks: [int(weekly[(begin + np.arange(weeks)) % 11].sum()) for begin in range(11)]
        for weeks in range(1, 5)
    }
    drawn = forecast._drawn(weekly, seed=3, trials=60_000)

    def exact(weeks: int) -> np.ndarray:
        blocks = [4] * (weeks // 4) + ([weeks % 4] if weeks % 4 else [])
        whole = np.ones(1)
        for block in blocks:
            whole = np.convolve(whole, np.bincount(after[block]) / 11)
        return whole

    for weeks in (3, 8, 12):
        at_least = np.cumsum(exact(weeks)[::-1])[::-1]
        told = forecast._by_then(drawn, weeks)
        for chance in forecast.CHANCES:
            assert at_least[told[chance]] >= chance - 0.01
            assert at_least[told[chance] + 1] <= chance + 0.01
    waits = forecast._until_so_many(drawn, 20)
    for chance in forecast.CHANCES:
        wait = int(waits[chance] or 0)
        assert exact(wait)[20:].sum() >= chance - 0.01
        assert exact(wait - 1)[20:].sum() <= chance + 0.01


def test_the_fan_ends_where_the_sentence_does(db: Database) -> None:
    steady(db, 3)
    figure = forecast.forecast(db, LEAD, ROAD, "b", TODAY + timedelta(days=38), 90)
    assert figure.fan[-1] == (figure.by, figure.at_least)


def test_without_an_earlier_forecast_nothing_is_said_of_how_it_did(db: Database) -> None:
    steady(db, 1, until=9)
    early = replace(ROAD, as_of=day(1 + 7 * 9), known_at=day(1 + 7 * 9))
    figure = forecast.forecast(db, LEAD, early, "b", TODAY, 20)
    assert figure.ground == "enough"
    assert figure.back_test.n == 0


def test_a_receipt_keeps_a_forecast_with_its_stage_day_number_and_seed(db: Database) -> None:
    steady(db, 2)
    by = TODAY + timedelta(weeks=5)
    asked = replace(ROAD, stage_id="b", by=by, target=46)
    code = number_receipts.issue(db, LEAD, "forecast", asked)
    receipt = number_receipts.find(db, LEAD, code)
    assert receipt.choice == asked
    assert receipt.numbers == {
        "so_far": 40, "at_least_50%": 50, "at_least_85%": 50, "at_least_95%": 50, "target": 46,
        "days_50%": 21, "days_85%": 21, "days_95%": 21, "seed": forecast.SEED,
        "trials": forecast.TRIALS,
    }  # fmt: skip
    changes = {one.key: one for one in number_receipts.compare(db, LEAD, code)}
    assert changes["so_far"].then == changes["so_far"].now == 40
    assert changes["at_least_50%"].known == 50
    # Years later its day is past: all that is left to say is how many came.
    assert changes["at_least_50%"].now is None


def test_a_receipt_without_stage_or_day_gets_them_and_keeps_them(db: Database) -> None:
    steady(db, 2)
    code = number_receipts.issue(db, LEAD, "forecast", ROAD)
    kept = number_receipts.find(db, LEAD, code).choice
    assert kept.by == TODAY + timedelta(weeks=forecast.WEEKS_AHEAD)
    assert kept.stage_id == forecast.of_choice(db, LEAD, ROAD).stage.id
    assert kept.target is not None
    assert number_receipts.issue(db, LEAD, "forecast", kept) == code


def test_a_student_gets_no_receipt_for_a_forecast(db: Database) -> None:
    with pytest.raises(NotAllowed):
        number_receipts.issue(db, Actor(9, "S", frozenset({Role.STUDENT})), "forecast", ROAD)
