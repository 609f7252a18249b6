"""The figures about seats held against plain Python on random histories."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sandkasse import agencies, integrity, start
from sandkasse.database import Database
from sandkasse.figures import seats
from sandkasse.figures.seats import SeatsChoice
from sandkasse.figures.seats.needed import applicants
from sandkasse.people import OPERATOR
from tests.figures.seats.histories import BEGAN, DAYS, History, history, store
from tests.figures.seats.slow import GONE, STEPS, Slow, furthest, median, needed

RANDOM = settings(
    max_examples=12,
    deadline=None,
    # A history is one number, from which nothing smaller can be made.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MOMENTS = st.integers(0, DAYS * 24).map(lambda hours: BEGAN + timedelta(hours=hours))
EVER = (date(1900, 1, 1), date(9999, 12, 31))


def compare(db: Database, told: History, choice: SeatsChoice, slow: Slow) -> None:
    since, until = choice.since or EVER[0], choice.until or EVER[1]
    whole = seats.coverage(db, OPERATOR, choice).whole
    assert (
        whole.planned_days, whole.filled_days, whole.planned_now, whole.filled_now,
    ) == slow.seat_days(since, until)  # fmt: skip
    assert whole.filled_days <= whole.planned_days
    _compare_empty(db, choice, slow.empty_times(since, until))
    _compare_passing(db, choice, slow, since, until)
    empty = sum(one.empty for one in seats.due(db, OPERATOR, choice))
    assert empty == slow.empty_for_more_than(seats.LONG_DAYS)
    staying = seats.staying(db, OPERATOR, choice)
    ended = [case for case in slow.cases if case.last and since <= case.last <= until]
    assert staying.n == len(ended)
    stayed = sum(case.after in ("agency", "job", "company") for case in ended)
    known = sum(case.after not in (None, "unknown") for case in ended)
    assert (staying.stayed.n, staying.stayed.of) == (stayed, known)


def _compare_empty(db, choice, expected) -> None:
    times = seats.empty_times(db, OPERATOR, choice)
    for kind, figure in (("first", times.first), ("again", times.again)):
        found = expected[kind]
        assert (figure.n, figure.filled) == (len(found), sum(done for _days, done in found))
        if figure.median is not None:
            assert figure.median.time == median(found)


def _compare_passing(db, choice, slow, since, until) -> None:
    figure = seats.passing(db, OPERATOR, choice)
    cases = slow.counts(since, until)
    counts = furthest(cases)
    assert figure.n == len(cases)
    for place, step in enumerate(figure.steps):
        assert step.reached == sum(n for (far, _state), n in counts.items() if far >= place)
        left = {state: counts[place, state] for state in GONE if counts[place, state]}
        assert {str(kind): n for kind, n in step.left.items()} == left
        assert step.reached == step.advanced + sum(step.left.values()) + step.open
    hired = [case for case in cases if case.furthest == len(STEPS) - 1]
    settled = [case for case in cases if case.state in (*GONE, "started", "ended")]
    assert (figure.hired.n, figure.hired.of) == (len(hired), len(settled))
    assert sum(one.applications for one in figure.sources) == figure.n


@RANDOM
@given(st.integers(0, 2**32), MOMENTS, MOMENTS)
def test_figures_at_two_moments_agree_with_plain_python(db, seed, as_of, known_at):
    told = history(Random(seed))
    _all_advertised(told)
    store(db, told)
    choice = SeatsChoice(as_of=as_of, known_at=known_at)
    compare(db, told, choice, Slow(told, as_of, known_at))


@RANDOM
@given(st.integers(0, 2**32), st.integers(0, DAYS), st.integers(0, DAYS))
def test_figures_of_a_period_now_agree_with_plain_python(db, seed, first, length):
    told = history(Random(seed))
    _all_advertised(told)
    store(db, told)
    since = (BEGAN + timedelta(days=first)).date()
    now = datetime.now(BEGAN.tzinfo)
    choice = SeatsChoice(since=since, until=since + timedelta(days=length))
    compare(db, told, choice, Slow(told, now, now))


def _all_advertised(told: History) -> None:
    """Every position is open from the first, so that all seats and applications count."""
    for position in told.positions:
        first = position.decided[0]
        opened = type(first)(0, "opened", first.occurred_at, first.recorded_at)
        position.decided.insert(0, opened)
        for seq, one in enumerate(position.decided, 1):
            one.seq = seq


@RANDOM
@given(st.integers(0, 2**32))
def test_a_history_breaks_no_rule_and_now_is_what_is_kept(db, seed):
    told = history(Random(seed))
    agencies.sync(db, start.AGENCIES_FILE)
    store(db, told)
    assert [one.sentence for one in integrity.check(db)] == []
    now = datetime.now(BEGAN.tzinfo)
    kept = seats.all_figures(db, OPERATOR, SeatsChoice())
    told_then = seats.all_figures(db, OPERATOR, SeatsChoice(as_of=now, known_at=now))
    assert kept.passing.steps == told_then.passing.steps
    assert kept.coverage.positions == told_then.coverage.positions
    assert kept.staying.after == told_then.staying.after


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.9])
@pytest.mark.parametrize(("wanted", "hires", "settled"), [(1, 0, 5), (5, 8, 30), (15, 40, 100)])
def test_applicants_needed_agree_with_exact_fractions(wanted, hires, settled, probability):
    exact = needed(wanted, hires, settled, Fraction(str(probability)))
    assert applicants(wanted, hires, settled, probability) == exact
