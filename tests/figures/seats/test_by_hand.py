"""The figures about seats on an example worked out by hand."""

from datetime import UTC, date, datetime

import pytest

from sandkasse import agencies, exchange, figures, start
from sandkasse.errors import Invalid
from sandkasse.figures import seats
from sandkasse.figures.seats import SeatsChoice, SeatState
from sandkasse.figures.statistics import Quantile
from sandkasse.people import OPERATOR

# Two seats for the four weeks from Monday 5 January 2026 to Sunday 1 February, advertised on
# 1 December. Ada works in seat 1 the first two weeks, Cy in it from Monday of the fourth; Bo in
# seat 2 from Monday of the second week. Di is rejected, Eve declines an offer, Flo waits.
TABLE = b"""\
position,agency,title,seats,hours,from,to,occurred_at
T,skatteetaten,T,2,7.5,2026-01-05,2026-02-01,2025-12-01
"""
LOG = b"""\
position,application,event,occurred_at,source,reason,seat,next_step,graduation
T,Ada,received,2025-12-05,university,,,,
T,Ada,offer,2025-12-10,,,,,
T,Ada,accepted,2025-12-11,,,,,
T,Ada,started,2026-01-05,,,1,,
T,Ada,ended,2026-01-18,,agreed,,,
T,Ada,next,2026-01-20,,,,job,
T,Bo,received,2025-12-06,university,,,,2026-01-30
T,Bo,offer,2025-12-10,,,,,
T,Bo,accepted,2025-12-11,,,,,
T,Bo,started,2026-01-12,,,2,,
T,Cy,received,2025-12-07,friend,,,,
T,Cy,interview,2025-12-09,,,,,
T,Cy,offer,2026-01-20,,,,,
T,Cy,accepted,2026-01-21,,,,,
T,Cy,started,2026-01-26,,,1,,
T,Di,received,2025-12-07,friend,,,,
T,Di,rejected,2025-12-08,,filled,,,
T,Eve,received,2025-12-07,friend,,,,
T,Eve,offer,2025-12-10,,,,,
T,Eve,declined,2025-12-12,,,,,
T,Flo,received,2025-12-07,friend,,,,
"""
END = datetime(2026, 2, 1, 22, tzinfo=UTC)
ENDED = SeatsChoice(as_of=END)
MIDDLE = SeatsChoice(as_of=datetime(2026, 1, 25, 22, tzinfo=UTC))


@pytest.fixture
def db(db):
    agencies.sync(db, start.AGENCIES_FILE)
    with db.transaction() as tx:
        for table in ("position", "position_event", "planned_seat", "application",
                      "application_event"):  # fmt: skip
            tx.execute(f"DELETE FROM {table}")
    exchange.import_positions(db, OPERATOR, TABLE)
    exchange.import_applications(db, OPERATOR, LOG)
    return db


def test_coverage_is_filled_of_planned_seat_weeks(db):
    """Planned 2 × 4 weeks; filled 2 + 1 in seat 1, and 3 in seat 2."""
    figure = seats.coverage(db, OPERATOR, ENDED)
    whole = figure.whole
    assert (whole.planned_weeks, whole.filled_weeks, whole.coverage) == (8, 6, 0.75)
    assert (whole.planned_now, whole.filled_now) == (2, 2)
    assert figures.sentence(figure) == (
        "6.0 of 8.0 planned seat-weeks were filled: a coverage of 75%. On 1 Feb 2026 2 of 2 seats "
        "are filled."
    )


def test_coverage_as_of_an_earlier_day_counts_up_to_it(db):
    """After three weeks: 2 × 3 planned; 2 in seat 1, which is empty that day, and 2 in seat 2."""
    whole = seats.coverage(db, OPERATOR, MIDDLE).whole
    assert (whole.planned_weeks, whole.filled_weeks) == (6, 4)
    assert (whole.planned_now, whole.filled_now) == (2, 1)


def test_seats_that_begin_later_are_told_apart_from_those_to_be_held_now(db):
    """Seat 2 is not to be held before 26 January: on the 25th one seat is, and it is empty."""
    with db.transaction() as tx:
        tx.execute("UPDATE planned_seat SET begins_on = DATE '2026-01-26' WHERE seat_no = 2")
    figure = seats.coverage(db, OPERATOR, MIDDLE)
    assert (figure.whole.planned_now, figure.whole.begin_later) == (1, 1)
    assert figures.sentence(figure).endswith(
        "On 25 Jan 2026 0 of 1 seats are filled. 1 more begins later."
    )


def test_a_time_without_an_upper_end_is_said_as_at_least():
    assert seats.days_text(Quantile(34, 7, 80)) == "34 days (7 to 80)"
    assert seats.days_text(Quantile(34, 7, None)) == "34 days (at least 7)"


def test_what_was_not_recorded_yet_is_not_known(db):
    early = SeatsChoice(as_of=END, known_at=datetime(2026, 2, 2, tzinfo=UTC))
    assert seats.coverage(db, OPERATOR, early).whole.planned_days == 0


def test_empty_times(db):
    """Filled for the first time after 0 and 7 days; seat 1 again after 7 days."""
    times = seats.empty_times(db, OPERATOR, ENDED)
    assert (times.first.n, times.first.filled) == (2, 2)
    assert (times.again.n, times.again.filled) == (1, 1)
    middle = seats.empty_times(db, OPERATOR, MIDDLE)
    assert (middle.again.n, middle.again.open) == (1, 1)


def test_seats_that_somebody_should_look_at(db):
    """On 25 January Bo's studies end in 5 days; seat 1 is empty since the 19th, not for long."""
    assert seats.due(db, OPERATOR, MIDDLE) == (
        seats.SeatsDue("skatteetaten", 2, 1, 1, date(2026, 1, 30), 0),
    )


def test_how_applications_pass(db):
    figure = seats.passing(db, OPERATOR, ENDED)
    assert figure.n == 6
    by_kind = {step.kind.value: step for step in figure.steps}
    assert (by_kind["received"].reached, by_kind["received"].open) == (6, 1)
    assert (by_kind["received"].passed.n, by_kind["received"].passed.of) == (4, 5)
    assert (by_kind["offer"].passed.n, by_kind["offer"].passed.of) == (3, 4)
    assert (figure.offers.n, figure.offers.of) == (3, 4)
    assert (figure.hired.n, figure.hired.of, figure.hired.open) == (3, 5, 1)
    # Wilson's interval for 3 of 5, by Newcombe's formula by hand.
    assert figure.hired.interval == pytest.approx((0.2307, 0.8824), abs=1e-4)
    assert [(one.source, one.applications) for one in figure.sources] == [
        ("friend", 4), ("university", 2),
    ]  # fmt: skip


def test_seats_that_will_be_empty(db):
    found = seats.ahead(db, OPERATOR, MIDDLE, date(2026, 2, 1))
    assert [(one.seat_no, one.last_day, one.why) for one in found.seats] == [
        (2, date(2026, 1, 30), "graduation")
    ]
    assert found.held == 1
    later = seats.ahead(db, OPERATOR, ENDED, date(2026, 2, 2))
    assert [(one.seat_no, one.why) for one in later.seats] == [(2, "graduation"), (1, "contract")]
    with pytest.raises(Invalid):
        seats.ahead(db, OPERATOR, ENDED, date(2026, 2, 1))


def test_a_seat_is_held_on_its_holders_last_day_too(db):
    """18 January is Ada's last day in seat 1; Bo works in seat 2."""
    choice = SeatsChoice(as_of=datetime(2026, 1, 18, 21, tzinfo=UTC))
    held = seats.ahead(db, OPERATOR, choice, date(2026, 6, 1)).held
    assert held == seats.coverage(db, OPERATOR, choice).whole.filled_now == 2


def test_who_stayed(db):
    staying = seats.staying(db, OPERATOR, ENDED)
    assert (staying.n, staying.stayed.n, staying.stayed.of) == (1, 1, 1)
    assert staying.bounds == (1, 1)


def test_the_board_tells_of_each_seat(db):
    first, second = seats.board(db, OPERATOR, ENDED).rows
    assert (first.state, second.state) == (SeatState.REFILLED, SeatState.FILLED)
    assert [one.name for one in first.held] == ["Ada", "Cy"]
    assert [(gap.first, gap.last) for gap in first.gaps] == [(date(2026, 1, 19), date(2026, 1, 25))]
    assert [(gap.first, gap.last) for gap in second.gaps] == [(date(2026, 1, 5), date(2026, 1, 11))]
    assert seats.board(db, OPERATOR, MIDDLE).rows[0].state is SeatState.ENDED


def test_how_many_applicants_hires_need(db):
    """After 3 hires of 5, the chance of a hire is Beta(4, 3): one hire needs 1 applicant with
    probability 4/7, so with 10 and 50 %, and with 90 % as many as leave less than 10 % without."""
    figure = seats.needed(db, OPERATOR, ENDED, 1)
    # P(none of n) = (3·4·5…) / (7·8·9…): 3/7, 3·4/(7·8) = .21, ·5/9 = .119, ·6/10 = .071
    assert (figure.low, figure.middle, figure.high) == (1, 1, 4)
    assert figures.sentence(figure) == (
        "To hire 1, plan for 1 to 4 applicants (8 times of 10), since 3/5 of those settled were "
        "hired."
    )
    for wanted in (0, 501):
        with pytest.raises(Invalid):
            seats.needed(db, OPERATOR, ENDED, wanted)


def test_a_member_gets_the_own_agencys_seats(db):
    from sandkasse.people import Actor, Role

    mine = Actor(7, "", frozenset({Role.MEMBER}), "skatteetaten")
    others = Actor(8, "", frozenset({Role.MEMBER}), "udi")
    assert seats.coverage(db, mine, ENDED).whole.seats == 2
    assert seats.coverage(db, others, ENDED).whole.seats == 0
    assert seats.board(db, others, ENDED).rows == ()
