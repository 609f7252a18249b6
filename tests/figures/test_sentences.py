"""Each figure in one sentence."""

from dataclasses import replace
from datetime import date

from sandkasse import figures, i18n
from sandkasse.database import Database
from sandkasse.figures import Choice, sentence
from sandkasse.figures.sentences import basis
from tests.figures.ledgers import LEAD, day, history, put

ROAD = Choice("road")
JANUARY = replace(ROAD, since=date(2020, 1, 1), until=date(2020, 1, 31))


def test_a_cohort_is_said_with_its_rate_and_interval(db: Database) -> None:
    for _ in range(6):
        put(db, history("1 enter a", "5 move b"))
    for _ in range(3):
        put(db, history("1 enter a"))
    put(db, history("1 enter a", "5 exit declined"))
    assert sentence(figures.cohort(db, LEAD, JANUARY)) == (
        "Of the 10 ideas that came in from 1 January to 31 January 2020, 6 have reached "
        "stage b (60%, 31–83%), 3 are still in stage a and 1 has left from there."
    )


def test_a_cohort_of_less_than_five_is_said_without_a_rate(db: Database) -> None:
    put(db, history("1 enter a"))
    put(db, history("1 enter a"))
    assert sentence(figures.cohort(db, LEAD, replace(ROAD, since=date(2020, 1, 1)))) == (
        "2 ideas came in since 1 January 2020, too few to give a rate: none has reached stage b "
        "and 2 are still in stage a."
    )


def test_an_empty_figure_says_so(db: Database) -> None:
    assert sentence(figures.cohort(db, LEAD, ROAD)) == "No ideas came in so far."
    then = replace(ROAD, as_of=day(5))
    assert sentence(figures.snapshot(db, LEAD, then)) == (
        "On 5 January 2020, no ideas have come in."
    )
    assert sentence(figures.activity(db, LEAD, replace(ROAD, until=date(2020, 2, 1)))) == (
        "Nothing moved up to 1 February 2020."
    )


def test_a_snapshot_says_where_most_are(db: Database) -> None:
    put(db, history("1 enter a"))
    put(db, history("1 enter a", "2 move b"))
    put(db, history("1 enter a", "2 move b", "3 hold"))
    put(db, history("1 enter a", "2 exit closed"))
    assert sentence(figures.snapshot(db, LEAD, replace(ROAD, as_of=day(9)))) == (
        "On 9 January 2020, 3 ideas are in the journey (most in stage b: 2), 1 of them is on hold "
        "and 1 has left."
    )


def test_an_activity_says_what_moved(db: Database) -> None:
    put(db, history("1 enter a", "3 move b", "5 move c", "6 move b"))
    put(db, history("1 enter a", "5 exit closed"))
    assert sentence(figures.activity(db, LEAD, JANUARY)) == (
        "What happened from 1 January to 31 January 2020: 2 ideas came in, 2 steps forward, "
        "1 step back and 1 exit."
    )


def test_a_period_over_two_years_names_both(db: Database) -> None:
    winter = replace(ROAD, since=date(2019, 12, 1), until=date(2020, 2, 29))
    assert sentence(figures.cohort(db, LEAD, winter)) == (
        "No ideas came in from 1 December 2019 to 29 February 2020."
    )


def test_days_that_had_not_come_are_named_as_they_were_chosen(db: Database) -> None:
    spring = replace(ROAD, since=date(2020, 3, 1), until=date(2020, 5, 31))
    for as_of, told in ((day(40), "1 March to 31 May"), (day(70), "1 March to 10 March")):
        said = sentence(figures.cohort(db, LEAD, replace(spring, as_of=as_of)))
        assert said == f"No ideas came in from {told} 2020."


def test_numbers_and_dates_are_written_as_in_norwegian(db: Database) -> None:
    for _ in range(5):
        put(db, history("1 enter a", "5 move b"))
    with i18n.in_language("nb"):
        said = sentence(figures.cohort(db, LEAD, JANUARY))
    assert "100\N{NO-BREAK SPACE}%" in said
    assert "1. januar " in said
    assert "31. januar 2020" in said
    assert "steg b" in said


def test_the_basis_says_what_it_counts(db: Database) -> None:
    put(db, history("1 enter a", "3 move b"))
    activity = figures.activity(db, LEAD, JANUARY)
    assert basis("activity", activity.n, activity).startswith("n = 2 steps · as of ")
    assert basis("cohort", 1, activity).startswith("n = 1 idea · ")
    assert basis("cohort", "fewer than 5", activity).startswith("n = fewer than 5 ideas · ")
    with i18n.in_language("nb"):
        assert basis("activity", activity.n, activity).startswith("n = 2 flyttinger · per ")
