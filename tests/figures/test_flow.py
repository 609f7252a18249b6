"""The flow figures on worked examples: times, ages, stock, doubt, and why an idea is counted."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight

from sandkasse import figures, journeys
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from sandkasse.errors import Invalid, NotAllowed, NotFound
from sandkasse.figures import Choice, why
from sandkasse.figures.flow import ageing, doubt, numbers, stock, times, trend
from sandkasse.figures.flow.numbers import AgeIn, InDoubt
from sandkasse.figures.statistics import incidence
from sandkasse.people import Actor, Role
from sandkasse.terms import calendars
from tests.figures.ledgers import LEAD, day, history, put

ROAD = Choice("road")
THEN = replace(ROAD, as_of=day(40), known_at=day(40))
MEMBER = Actor(8, "Mona Member", frozenset({Role.MEMBER}))


def test_the_bands_of_a_curve_are_those_of_choudhury(rng: np.random.Generator) -> None:
    lasted = rng.exponential(30, 400).round(1)
    endings = rng.choice([0, 1, 2], 400, p=[0.3, 0.5, 0.2])
    found = incidence(lasted, endings)
    days, share, low, high = found.drawn(1, most=10_000)
    expected = CumIncidenceRight(lasted, endings)
    np.testing.assert_allclose(days[1:], expected.times)
    np.testing.assert_allclose(share[1:], expected.cinc[0])
    # Choudhury (2002), formula (3): F^exp(±z·se / (F·log F)).
    estimate, error = expected.cinc[0], expected.cinc_se[0]
    inner = (estimate > 0) & (estimate < 1) & np.isfinite(error)
    power = np.exp(1.959963984540054 * error[inner] / (estimate[inner] * np.log(estimate[inner])))
    np.testing.assert_allclose(high[1:][inner], estimate[inner] ** power)
    np.testing.assert_allclose(low[1:][inner], estimate[inner] ** (1 / power))
    assert np.all((low <= share) & (share <= high))


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.fixture
def road(db: Database) -> Database:
    """Ten ideas: after 1, 2, …, 6 days in a six go on; two leave after 3 and 8; two are there."""
    for days in range(1, 7):
        put(db, history("1 enter a", f"{1 + days} move b"), level="BSc" if days % 2 else "MSc")
    put(db, history("1 enter a", "4 exit declined"))
    put(db, history("1 enter a", "9 exit withdrawn"))
    put(db, history("1 enter a"))
    put(db, history("21 enter a"))
    return db


def test_times_tell_half_and_who_had_left_before(road: Database) -> None:
    stage = times.times(road, LEAD, THEN).stage("a")
    assert (stage.n, stage.advanced, stage.open) == (10, 6, 2)
    assert stage.left == {"declined": 1, "withdrawn": 1}
    # Nobody is censored before day 19, so the incidence is a share of ten: 5 of 10 by day 5.
    assert stage.half.time == 5
    assert stage.left_before_half == {"declined": pytest.approx(1 / 10), "withdrawn": 0}
    assert [curve.ending for curve in stage.curves] == ["advanced", "declined", "withdrawn"]
    said = figures.sentence(stage)
    assert said.startswith("Half of the ideas go on from stage a within 5 days (95% interval: ")
    # The one that was withdrawn left on the eighth day, when half had gone on.
    assert said.endswith("; one in ten is declined before that; 2 are still there.")


def test_times_say_so_when_there_is_too_little(db: Database) -> None:
    assert "No idea has come" in figures.sentence(times.times(db, LEAD, THEN).stage("a"))
    put(db, history("1 enter a", "3 move b"))
    said = figures.sentence(times.times(db, LEAD, THEN).stage("a"))
    assert said == "1 idea came to stage a, too few to say how long it takes; 0 are still there."


def test_times_are_compared_by_level(road: Database) -> None:
    by_level = times.times_by(road, LEAD, THEN, "level")
    assert {level: one.stage("a").advanced for level, one in by_level.items()} == {
        "BSc": 3, "MSc": 3,
    }  # fmt: skip


def test_ages_are_the_sum_of_visits_and_bands_come_from_those_who_left(db: Database) -> None:
    for days in range(1, 21):
        put(db, history("1 enter a", f"{1 + days} move b"))
    back = put(db, history("1 enter a", "11 move b", "31 move a"))
    held = put(db, history("35 enter a", "36 hold"))
    figure = ageing.ageing(db, LEAD, THEN)
    ages = figure.ages.set_index("idea_id")
    # 10 days until b, and 9 since it came back.
    assert ages.loc[back.idea_id, "days"] == 19
    assert ages.loc[back.idea_id, "visits"] == 2
    assert ages.loc[held.idea_id, "condition"] == "on_hold"
    a = figure.stages[0]
    assert a.bands.source == "observed"
    assert a.bands.left == 20
    assert a.again == 1
    # Kaplan–Meier of 1, …, 20 with two censored at 5 and 19.
    assert a.bands.days[0] == 11
    found = numbers.records(db, LEAD, THEN, AgeIn("a", "again"))
    assert found.rows["idea_id"].tolist() == [back.idea_id]


def test_an_open_idea_gets_older_between_two_moments_with_the_same_history(db: Database) -> None:
    put(db, history("1 enter a", "11 move b"))
    for moment in (21, 27):
        ages = ageing.ageing(db, LEAD, replace(THEN, as_of=day(moment), known_at=None)).ages
        assert ages["days"].tolist() == [moment - 11]


def test_too_few_ends_give_no_bands_and_a_journey_without_expectations_says_so(
    road: Database,
) -> None:
    b = ageing.ageing(road, LEAD, THEN).stages[1]
    assert (b.bands.source, b.bands.days, b.n) == ("none", (None, None, None), 6)
    assert set(ageing.ageing(road, LEAD, THEN).ages["band"]) <= {"within_50"}


def test_ages_in_study_weeks_leave_out_what_is_no_study_time(db: Database) -> None:
    # 6 January 2020 was a Monday: three whole weeks to Monday 27, with no holiday.
    put(db, history("6 enter a"))
    weeks = ageing.ageing(db, LEAD, replace(ROAD, as_of=day(27), known_at=day(27)), "uit")
    assert weeks.ages["days"].tolist() == [3.0]
    with pytest.raises(Invalid):
        ageing.ageing(db, LEAD, ROAD, "hogwarts")


def test_expected_days_become_study_weeks_by_the_studys_own_year(
    db: Database,
) -> None:
    shipped = journeys.load_file(PROJECT_FOLDER / "data" / "journeys" / "student-startup.toml")
    journeys.sync(db, [shipped], source="test")
    put(db, history("1 enter growth"), journey="student-startup")
    choice = Choice("student-startup", as_of=day(400), known_at=day(400))
    assert shipped.stages[-1].expected_days == 365
    bands = ageing.ageing(db, LEAD, choice).stages[-1].bands
    assert (bands.source, bands.days) == ("expected", (None, 365, None))
    # A whole year of study, counted day by day.
    calendar = calendars()["uit"]
    last = day(400).date()
    studied = [calendar.off(last - timedelta(days=ago)) is None for ago in range(1, 366)]
    bands = ageing.ageing(db, LEAD, choice, "uit").stages[-1].bands
    assert bands.days[1] == pytest.approx(sum(studied) / 5)
    assert 30 < (bands.days[1] or 0) < 45


def test_the_expected_days_are_those_of_the_level_chosen(db: Database) -> None:
    shipped = journeys.load_file(PROJECT_FOLDER / "data" / "journeys" / "student-startup.toml")
    journeys.sync(db, [shipped], source="test")
    put(db, history("1 enter need-test"), journey="student-startup", level="BSc")
    choice = Choice("student-startup", as_of=day(100), known_at=day(100))
    for level, expected in ((None, 45), ("BSc", 40), ("PhD", 45)):
        stages = ageing.ageing(db, LEAD, replace(choice, level=level)).stages
        assert stages[2].bands.days[1] == expected


def test_stock_and_rework(road: Database) -> None:
    put(road, history("2 enter a", "3 move b", "5 move a", "6 exit declined", "30 reopen b"))
    figure = stock.stock(road, LEAD, THEN, "month")
    january, february = figure.periods.to_dict("records")
    assert (january["a"], january["b"], january["left"]) == (2, 7, 2)
    assert (january["entered"], january["forward"], january["back"]) == (11, 7, 1)
    assert (january["left_now"], january["reopened"]) == (3, 1)
    assert february["entered"] == february["forward"] == 0
    assert figure.in_progress == 9
    assert figure.rework == (2, 12)
    whys = {(one.stage_id, one.exit_kind, one.n) for one in stock.leaving(road, LEAD, THEN)}
    assert whys == {("a", "declined", 2), ("a", "withdrawn", 1)}


def test_steps_before_the_chosen_days_are_in_the_stock_alone(road: Database) -> None:
    put(road, history("25 enter a", "28 exit done"))
    choice = replace(THEN, since=date(2020, 1, 5))
    figure = stock.stock(road, LEAD, choice, "month")
    january, february = figure.periods.to_dict("records")
    # Ideas came in on days 1, 21 and 25, and went on on days 2 to 7, three of them by day 4.
    assert (january["entered"], january["forward"], january["left_now"]) == (2, 3, 1)
    assert (january["completed_now"], january["a"], january["b"]) == (1, 2, 6)
    assert figure.n == 7
    # From the first hour of 5 January in Oslo to noon UTC of day 40, which is 9 February; a month
    # has 365.2425 / 12 days.
    assert figure.a_period("entered") == pytest.approx(2 * 30.436875 / (35 + 13 / 24))
    assert february["entered"] == 0
    assert "In a month, on average, 1.7 come in" in figures.sentence(figure)


def test_fewer_days_than_a_month_are_told_as_they_are(road: Database) -> None:
    choice = replace(THEN, since=date(2020, 1, 5), until=date(2020, 1, 9))
    figure = stock.stock(road, LEAD, choice, "month")
    assert figure.a_period("entered") is None
    said = figures.sentence(figure)
    assert "On the days chosen 0 came in, 0 completed and 1 left otherwise" in said


def test_trend_keeps_those_on_their_way_apart(road: Database) -> None:
    figure = trend.trend(road, LEAD, THEN, "b")
    (quarter,) = figure.quarters
    assert (quarter.first_day, quarter.n) == (date(2020, 1, 1), 10)
    assert (quarter.reached, quarter.left, quarter.open) == (6, 2, 2)
    assert "2 ideas are still on their way to stage b" in figures.sentence(figure)


def test_doubt_counts_what_a_correction_could_move(db: Database) -> None:
    sure = [put(db, history("20 enter a", "22 move b")) for _ in range(3)]
    silent = put(db, history("20 enter a"))
    edge = put(db, history("2 enter a", "3 move b"))
    outside = put(db, history("1 enter a"))
    assert sure
    with db.transaction() as tx:
        tx.execute(
            "UPDATE ledger SET timing = 'estimated' WHERE seq = 1 AND idea_id IN (?, ?)",
            [edge.idea_id, outside.idea_id],
        )
        # As when a row arrives: the last thing recorded is new.
        tx.execute("UPDATE ledger SET recorded_at = recorded_at + INTERVAL 1 SECOND")
    choice = Choice("road", since=date(2020, 1, 2), as_of=day(400), known_at=day(400))
    figure = doubt.doubt(db, LEAD, choice, "b")
    assert (figure.reached, figure.previous) == (4, 5)
    assert figure.timings == {"exact": 8, "estimated": 1, "imported": 0}
    assert figure.causes == {"edge": 2, "quiet": 1}
    # Least: the estimated one that went on came in before, and the one before belongs in.
    assert figure.low == pytest.approx(3 / 5)
    # Most: the silent one went on.
    assert figure.high == pytest.approx(5 / 5)
    assert "Correcting 3 records could move the share of 80% to 60–100%." in figures.sentence(
        figure
    )
    assert numbers.records(db, LEAD, choice, InDoubt("b", "edge")).total == 2
    quiet = numbers.records(db, LEAD, choice, InDoubt("b", "quiet"))
    assert quiet.rows["idea_id"].tolist() == [silent.idea_id]


WHYS = [
    ("cohort", "a", "reached", True, ""),
    ("cohort", "b", "advanced", False, "It has neither gone on nor left."),
    ("cohort", "b", "open", True, ""),
    ("cohort", "c", "reached", False, "There is no move to Stage c or a later stage."),
    ("snapshot", "b", "active", False, "It is on hold."),
    ("snapshot", "b", "on_hold", True, ""),
    ("snapshot", "a", "open", False, "It is, or was when it left, in Stage b."),
    ("activity", "a", "forward", True, ""),
    ("activity", "b", "forward", False, "No such step happened on the days chosen."),
]


@pytest.mark.parametrize(("figure", "stage", "part", "counted", "missing"), WHYS)
def test_why_an_idea_is_counted(
    db: Database, figure: str, stage: str, part: str, counted: bool, missing: str
) -> None:
    idea = put(db, history("1 enter a", "5 move b", "6 hold"))
    answer = why.why(db, LEAD, THEN, figure, stage, part, idea.idea_id)  # type: ignore[arg-type]
    assert (answer.counted, answer.missing) == (counted, missing)
    found = figures.records(db, LEAD, THEN, stage, part, figure=figure)  # type: ignore[arg-type]
    assert (idea.idea_id in found.rows["idea_id"].tolist()) == counted


def test_why_names_what_was_used_and_what_keeps_an_idea_out(db: Database) -> None:
    idea = put(db, history("1 enter a", "5 move b", "9 exit declined"))
    answer = why.why(db, LEAD, THEN, "cohort", "b", "left", idea.idea_id)
    assert [one.seq for one in answer.used] == [1, 2, 3]
    assert [one.words for one in answer.used] == [
        "came to Stage a", "went from Stage a to Stage b", "left the journey",
    ]  # fmt: skip
    outside = replace(THEN, since=date(2020, 1, 3))
    assert (
        "outside the days"
        in why.why(db, LEAD, outside, "cohort", "a", "reached", idea.idea_id).missing
    )
    other = replace(THEN, level="PhD")
    assert (
        "another level" in why.why(db, LEAD, other, "cohort", "a", "reached", idea.idea_id).missing
    )
    early = replace(THEN, as_of=day(0.5), known_at=day(40))
    assert (
        "Nothing had happened"
        in why.why(db, LEAD, early, "cohort", "a", "reached", idea.idea_id).missing
    )
    with pytest.raises(Invalid):
        why.why(db, LEAD, THEN, "cohort", "z", "reached", idea.idea_id)
    with pytest.raises(NotFound):
        why.why(db, LEAD, THEN, "cohort", "a", "reached", 10**9)
    with pytest.raises((NotAllowed, NotFound)):
        why.why(db, MEMBER, THEN, "cohort", "a", "reached", idea.idea_id)
