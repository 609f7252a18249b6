"""Whose turn it has been, and how long agencies take: worked examples, and a slow twin."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from sandkasse import access, ball, clock, figures, matter
from sandkasse.errors import Invalid, NotAllowed
from sandkasse.figures import Choice, WaitChoice
from sandkasse.figures.statistics import time_until
from sandkasse.matter import Kind
from sandkasse.people import Actor, Role
from tests.figures import ledgers
from tests.figures.ledgers import LEAD, Told, day
from tests.figures.test_ball import (
    FEW,
    a_matter,
    cut,
    days_by_party,
    history,
    ideas,
    put,
    put_matters,
    replayable,
)

SENT, QUESTION, ANSWER, DECIDED, CLOSED, REOPENED = (
    Kind.SENT, Kind.QUESTION, Kind.ANSWER, Kind.DECIDED, Kind.CLOSED, Kind.REOPENED,
)  # fmt: skip
NOW = datetime(2020, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now():
    """The first of June 2020, after all that these histories tell."""
    with time_machine.travel(NOW, tick=False):
        yield


def told(db, *steps: str, matters=(), level: str = "MSc") -> int:
    """One idea with these steps and matters; its id."""
    first = ledgers.next_id(db)
    idea = Told(first, "road", level, "ocean", tuple(history(*steps)))
    ledgers.put_all(db, [idea])
    put_matters(db, {first: list(matters)})
    return first


def shares(figure: figures.Division) -> dict[str, float]:
    """The days of each party that had any."""
    return {part.party: round(part.days, 6) for part in figure.parts if part.days}


# ── the division of the elapsed time ────────────────────────────────────────────────────────


def test_two_agencies_at_once_count_once_for_the_idea(db):
    told(
        db, "1 enter a", "3 move b", "31 exit closed",
        matters=[a_matter(1, "skatteetaten", (SENT, 5), (DECIDED, 15)),
                 a_matter(2, "udi", (SENT, 10), (DECIDED, 20))],
    )  # fmt: skip
    figure = figures.division(db, LEAD, Choice("road"))
    assert shares(figure) == {"mentor": 2, "student": 2 + 11, "agency": 15}
    assert (figure.n, figure.days) == (1, 30)


def test_the_stages_divide_the_same_days(db):
    told(
        db, "1 enter a", "3 move b", "11 hold", "21 resume", "31 exit closed",
        matters=[a_matter(1, "udi", (SENT, 5), (QUESTION, 8), (ANSWER, 9), (DECIDED, 25))],
    )  # fmt: skip
    figure = figures.division(db, LEAD, Choice("road"))
    in_b = {part.party: part.days for part in figure.stages[1].parts if part.days}
    assert in_b == {"student": 2 + 1 + 6, "agency": 3 + 2 + 4, "parked": 10}
    assert figure.stages[0].days + figure.stages[1].days == figure.days == 30


def test_a_period_counts_the_part_of_each_turn_within_it(db):
    told(db, "1 enter a", "11 move b", "31 exit closed")
    figure = figures.division(
        db, LEAD, Choice("road", since=date(2020, 1, 6), until=date(2020, 1, 15))
    )
    # Ten days of Oslo: from 5 January 23:00 UTC to 15 January 23:00 UTC.
    assert figure.days == pytest.approx(10)
    assert shares(figure)["mentor"] == pytest.approx(5 + 13 / 24, abs=1e-4)


def test_what_was_corrected_later_still_stands_in_the_figure_of_then(db):
    first = told(db, "1 enter a", "3 move b", "31 exit closed")
    events = [*a_matter(1, "udi", (SENT, 5), (DECIDED, 15)).events]
    events.append(matter.Event(3, Kind.VOID, day(40), day(40), voids_seq=2))
    put_matters(db, {first: [ball.Matter(1, "udi", tuple(events))]})
    then = Choice("road", as_of=day(35), known_at=day(35))
    assert shares(figures.division(db, LEAD, then))["agency"] == 10
    assert shares(figures.division(db, LEAD, Choice("road")))["agency"] == 26


def test_members_see_the_division_and_students_do_not(db):
    figures.division(db, Actor(2, "Mona", frozenset({Role.MEMBER})), Choice("road"))
    with pytest.raises(NotAllowed):
        figures.division(db, Actor(2, "Sara", frozenset({Role.STUDENT})), Choice("road"))


@FEW
@given(ideas, st.integers(10, 60))
def test_the_division_agrees_with_the_slow_one_now_and_then(db, many, known_day):
    kept = put(db, many)
    for as_of, known_at in ((None, None), (day(known_day), day(known_day))):
        figure = figures.division(db, LEAD, Choice("road", as_of=as_of, known_at=known_at))
        until, expected = as_of or NOW, defaultdict(float)
        for idea_id, (rows, matters) in kept.items():
            known = known_at or NOW
            seen = [row for row in rows if row.recorded_at <= known]
            seen = [row for row in seen if row.occurred_at <= until or row.voids_seq]
            if db.value("SELECT journey_id FROM idea WHERE idea_id = ?", [idea_id]) != "road":
                continue
            if replayable(seen):
                turns = ball.replay(seen, [cut(one, until, known) for one in matters]).turns
                for party, days in days_by_party(turns, until).items():
                    expected[party] += days
        assert {p.party: p.days for p in figure.parts if p.days} == pytest.approx(
            {party: days for party, days in expected.items() if days}
        )
        assert sum(part.days for part in figure.parts) == pytest.approx(figure.days)


# ── how long agencies take ──────────────────────────────────────────────────────────────────


def of_lengths(db, lengths, agency_id: str = "udi") -> None:
    """Matters that took so many days; (days, False) are still unanswered, sent so long ago."""
    first = ledgers.next_id(db)
    ledgers.put_all(db, [Told(first, "road", "MSc", "ocean", tuple(history("1 enter a")))])
    matters = []
    for key, (days, decided) in enumerate(lengths, 1):
        sent = NOW - timedelta(days=days) if not decided else day(2)
        events = [matter.Event(1, SENT, sent, sent)]
        if decided:
            at = sent + timedelta(days=days)
            events.append(matter.Event(2, DECIDED, at, at))
        matters.append(ball.Matter(key, agency_id, tuple(events)))
    put_matters(db, {first: matters})


def test_the_median_and_the_85th_percentile_of_a_worked_table(db):
    # Kaplan–Meier by hand, at risk 10: decided on 2, 4, 4, 6, 8, 10, 12; unanswered since 5, 9, 20.
    # S(2) = 9/10, S(4) = 7/10, S(6) = 7/10 · 5/6 = .5833, S(8) = .5833 · 4/5 = .4667,
    # S(10) = .4667 · 2/3 = .3111, S(12) = .3111 · 1/2 = .1556. The median is 8; 85 % never.
    decided = [(2, True), (4, True), (4, True), (6, True), (8, True), (10, True), (12, True)]
    of_lengths(db, [*decided, (5, False), (9, False), (20, False)])
    (found,) = figures.waits(db, LEAD, WaitChoice())
    assert (found.sent, found.answered, found.open, found.withdrawn) == (10, 7, 3, 0)
    assert found.median is not None
    assert found.median.value == 8
    assert found.p85 is None
    assert (found.longest_days, found.longest_id) == (20, 10)


def test_the_interval_is_that_of_statsmodels_on_each_matter(db):
    lengths = [(n % 17 + 1, n % 5 > 0) for n in range(60)]
    of_lengths(db, lengths)
    (found,) = figures.waits(db, LEAD, WaitChoice())
    times, done = np.array(lengths).T
    curve = SurvfuncRight(times, done)
    assert found.median is not None
    assert found.median.value == curve.quantile(0.5)
    assert (found.median.low, found.median.high) == curve.quantile_ci(0.5)


def test_the_time_of_a_students_answer_is_not_the_agencys(db):
    asked = a_matter(1, "udi", (SENT, 2), (QUESTION, 5), (ANSWER, 30), (DECIDED, 32))
    told(db, "1 enter a", matters=[asked])
    (found,) = figures.waits(db, LEAD, WaitChoice())
    assert (found.questions, found.answered, found.median) == (1, 1, None)
    assert db.value("SELECT decided_days FROM touchpoint") == 5


def test_two_agencies_at_once_count_fully_for_each(db):
    told(db, "1 enter a",
         matters=[a_matter(1, "udi", (SENT, 2)), a_matter(2, "nav", (SENT, 3))])  # fmt: skip
    found = {one.agency_id: one.longest_days for one in figures.waits(db, LEAD, WaitChoice())}
    assert found == {"udi": (NOW - day(2)).days, "nav": (NOW - day(3)).days}


def test_a_matter_closed_without_a_decision_is_withdrawn(db):
    told(db, "1 enter a", matters=[a_matter(1, "udi", (SENT, 2), (CLOSED, 9))])
    (found,) = figures.waits(db, LEAD, WaitChoice())
    assert (found.sent, found.withdrawn, found.open) == (1, 1, 0)


def test_a_prepared_matter_is_not_counted(db):
    told(db, "1 enter a", matters=[a_matter(1, "udi", (Kind.PREPARED, 2))])
    assert figures.waits(db, LEAD, WaitChoice()) == []


def test_as_of_a_day_a_later_decision_is_unanswered(db):
    told(db, "1 enter a", matters=[a_matter(1, "udi", (SENT, 2), (DECIDED, 9))])
    (then,) = figures.waits(db, LEAD, WaitChoice(as_of=day(5)))
    assert (then.open, then.answered, then.longest_days) == (1, 0, 3)


def test_the_quarters_are_those_in_which_matters_were_sent(db):
    of_lengths(db, [(3, True)] * 6 + [(10, False)] * 2)
    first, second = figures.trend(db, LEAD, WaitChoice())
    assert (first.first_day, first.sent, first.answered) == (date(2020, 1, 1), 6, 6)
    assert first.median is not None
    assert first.median.value == 3
    assert (second.first_day, second.sent, second.median) == (date(2020, 4, 1), 2, None)


def test_a_member_is_shown_the_own_agencys_matters_and_told_how_many_more(db):
    told(db, "1 enter a",
         matters=[a_matter(1, "udi", (SENT, 2)), a_matter(2, "nav", (SENT, 3))])  # fmt: skip
    member = Actor(2, "Mona", frozenset({Role.MEMBER}), "udi")
    found = figures.wait_records(db, member, WaitChoice(), "open")
    assert (found.total, found.shown) == (2, 1)
    assert list(found.rows["touchpoint_id"]) == [1]


def test_a_time_to_come_is_refused(db):
    with pytest.raises(Invalid):
        figures.waits(db, LEAD, WaitChoice(as_of=clock.now() + timedelta(days=1)))
    with pytest.raises(NotAllowed):
        figures.waits(db, Actor(3, "Nils", frozenset()), WaitChoice())
    assert access.may(LEAD, access.Action.SEE_WAITING)


@FEW
@given(ideas, st.integers(10, 60))
def test_the_counts_agree_with_the_slow_ones_now_and_then(db, many, known_day):
    kept = put(db, many)
    for as_of, known_at in ((None, None), (day(known_day), day(known_day))):
        until, known = as_of or NOW, known_at or NOW
        expected = defaultdict(lambda: [0, 0, 0, 0, 0])
        for _rows, matters in kept.values():
            for one in matters:
                then = cut(one, until, known)
                if not any(event.kind is not Kind.VOID for event in then.events):
                    continue
                stands = matter.replay(then.events)
                if stands.sent_at is None:
                    continue
                row = expected[one.agency_id]
                decided = stands.decided_days is not None
                closed = not decided and stands.state is matter.State.CLOSED
                row[0] += 1
                row[1] += not decided and not closed
                row[2] += decided
                row[3] += closed
                row[4] += stands.questions
        choice = WaitChoice(as_of=as_of, known_at=known_at)
        found = {
            one.agency_id: [one.sent, one.open, one.answered, one.withdrawn, one.questions]
            for one in figures.waits(db, LEAD, choice)
        }
        assert found == dict(expected)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=40),
    st.sampled_from([0.5, 0.85]),
)
def test_a_quantile_is_the_first_day_by_which_so_many_are_done(pairs, part):
    times, done = np.array([t for t, _ in pairs]), np.array([d for _, d in pairs])
    found = time_until(part, times, done, np.ones(len(pairs), dtype=int))
    survival, at_most, below = 1.0, None, None  # at exactly 1 − part, either day will do
    for moment in sorted(set(times)):
        at_risk = int((times >= moment).sum())
        survival *= 1 - int(((times == moment) & done).sum()) / at_risk
        if at_most is None and survival <= 1 - part + 1e-9:
            at_most = moment
        if below is None and survival < 1 - part - 1e-9:
            below = moment
    assert (found.value if found else None) in (at_most, below)
