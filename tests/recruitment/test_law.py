"""What may happen to an application, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandkasse.application import (
    ALLOWED,
    Broken,
    Event,
    Kind,
    NextStep,
    Occupation,
    Seat,
    free_seat,
    replay,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def events(*kinds: Kind, days: int = 1) -> list[Event]:
    return [
        Event(seq, kind, NOON + timedelta(days=days * seq), NOON, seat_no=3)
        for seq, kind in enumerate(kinds, 1)
    ]


WORKED = (Kind.RECEIVED, Kind.OFFER, Kind.ACCEPTED, Kind.STARTED, Kind.ENDED)


def test_a_job_from_application_to_end():
    standing = replay(events(*WORKED))
    assert standing.state is Kind.ENDED
    assert (standing.started_on, standing.ended_on) == (date(2026, 3, 6), date(2026, 3, 7))
    assert standing.seat_no == 3


@pytest.mark.parametrize(
    ("kinds", "rule"),
    [
        ((Kind.OFFER,), "received"),
        ((Kind.RECEIVED, Kind.RECEIVED), "received_once"),
        ((Kind.RECEIVED, Kind.INTERVIEW, Kind.SCREENED), "screened"),
        ((Kind.RECEIVED, Kind.ACCEPTED), "no_offer"),
        ((Kind.RECEIVED, Kind.OFFER, Kind.STARTED), "not_accepted"),
        ((Kind.RECEIVED, Kind.OFFER, Kind.ACCEPTED, Kind.ENDED), "not_started"),
        ((Kind.RECEIVED, Kind.REJECTED, Kind.OFFER), "over"),
        ((Kind.RECEIVED, Kind.NEXT), "not_ended"),
        ((*WORKED, Kind.NEXT, Kind.NEXT), "asked_once"),
    ],
)
def test_what_cannot_follow_is_named(kinds, rule):
    with pytest.raises(Broken) as refused:
        replay(events(*kinds))
    assert (refused.value.rule, refused.value.seq) == (rule, len(kinds))


def test_an_end_dated_before_its_start_is_no_history():
    told = events(*WORKED)
    early = Event(5, Kind.ENDED, NOON, NOON)
    with pytest.raises(Broken) as refused:
        replay([*told[:4], early])
    assert refused.value.seq == 5


def test_a_voided_event_never_was():
    told = [*events(*WORKED), Event(6, Kind.VOID, NOON, NOON, voids_seq=5)]
    standing = replay(told)
    assert (standing.state, standing.ended_on) == (Kind.STARTED, None)


def test_what_came_after_leaves_the_state():
    after = Event(6, Kind.NEXT, NOON + timedelta(days=9), NOON, next_step=NextStep.COMPANY)
    standing = replay([*events(*WORKED), after])
    assert (standing.state, standing.next_step) == (Kind.ENDED, NextStep.COMPANY)


@given(st.lists(st.sampled_from([kind for kind in Kind if kind is not Kind.VOID]), max_size=8))
@settings(max_examples=300)
def test_a_history_holds_exactly_when_each_event_may_follow(kinds):
    """Against the rule in words, one event after another."""
    state, asked, lawful = None, False, bool(kinds)
    for kind in kinds:
        lawful &= state in ALLOWED[kind] and not (kind is Kind.NEXT and asked)
        asked |= kind is Kind.NEXT
        state = state if kind in (Kind.NOTE, Kind.NEXT) else kind
    try:
        replay(events(*kinds))
        held = True
    except Broken:
        held = False
    assert held == lawful


FIRST = date(2026, 1, 1)
SEATS = [Seat(1, FIRST, date(2026, 6, 30)), Seat(2, date(2026, 3, 1), date(2026, 12, 31))]


def test_the_lowest_free_seat_is_given():
    taken = [Occupation(7, 1, FIRST, date(2026, 4, 30))]
    assert free_seat(SEATS, taken, date(2026, 4, 30)) == 2
    assert free_seat(SEATS, taken, date(2026, 5, 1)) == 1
    assert free_seat(SEATS, taken, date(2026, 2, 1)) is None
    assert free_seat(SEATS, [], date(2027, 1, 1)) is None


def test_a_seat_is_not_given_before_somebody_who_begins_there_later():
    later = [Occupation(7, 1, date(2026, 5, 1), None)]
    assert free_seat(SEATS[:1], later, date(2026, 2, 1)) is None
