"""What a sequence of events in a matter means, and which may be."""

from datetime import UTC, datetime, timedelta

import pytest

from sandkasse.matter import Broken, Event, Kind, Outcome, State, replay, waits

START = datetime(2026, 1, 1, tzinfo=UTC)


def on(day: float) -> datetime:
    """The moment ``day`` days after the start."""
    return START + timedelta(days=day)


def told(*steps: tuple[Kind, float], **last: object) -> list[Event]:
    """Events of these kinds on these days; ``last`` are particulars of the last one."""
    events = [Event(n, kind, on(day), on(day)) for n, (kind, day) in enumerate(steps, 1)]
    if last:
        events[-1] = Event(len(events), steps[-1][0], on(steps[-1][1]), on(steps[-1][1]), **last)  # type: ignore[arg-type]
    return events


def test_a_prepared_matter_is_with_nobody_else_yet():
    standing = replay(told((Kind.PREPARED, 0)))
    assert (standing.state, standing.sent_at, standing.agency_days) == (State.PREPARED, None, 0)


def test_the_agency_has_it_from_sending_to_deciding():
    standing = replay(
        told((Kind.PREPARED, 0), (Kind.SENT, 2), (Kind.DECIDED, 12), outcome=Outcome.APPROVED)
    )
    assert standing.state is State.DECIDED
    assert (standing.agency_days, standing.decided_days) == (10, 10)
    assert standing.outcome is Outcome.APPROVED


def test_the_time_of_an_answer_is_the_students_when_the_agency_has_asked():
    standing = replay(
        told((Kind.SENT, 0), (Kind.QUESTION, 3), (Kind.ANSWER, 8), (Kind.DECIDED, 10))
    )
    assert standing.agency_days == 3 + 2
    assert standing.questions == 1


def test_a_receipt_and_a_note_change_nothing():
    with_them = replay(told((Kind.SENT, 0), (Kind.RECEIPT, 1), (Kind.NOTE, 2)))
    assert (with_them.state, with_them.state_at) == (State.AGENCY, on(0))


def test_a_matter_closed_without_a_decision_has_waited_but_is_not_decided():
    standing = replay(told((Kind.SENT, 0), (Kind.CLOSED, 5)))
    assert (standing.agency_days, standing.decided_days) == (5, None)


def test_a_matter_taken_up_again_keeps_the_days_of_its_first_decision():
    standing = replay(
        told((Kind.SENT, 0), (Kind.DECIDED, 4), (Kind.REOPENED, 6), (Kind.SENT, 7),
             (Kind.DECIDED, 17))
    )  # fmt: skip
    assert (standing.agency_days, standing.decided_days) == (14, 4)


def test_a_corrected_event_never_was():
    events = [*told((Kind.SENT, 0), (Kind.DECIDED, 4)),
              Event(3, Kind.VOID, on(5), on(5), voids_seq=2)]  # fmt: skip
    assert replay(events).state is State.AGENCY
    assert waits(events)[-1].ends is None


@pytest.mark.parametrize(
    ("steps", "rule"),
    [
        ([(Kind.ANSWER, 0)], "opened"),
        ([(Kind.SENT, 0), (Kind.SENT, 1)], "sent"),
        ([(Kind.SENT, 0), (Kind.PREPARED, 1)], "opened_once"),
        ([(Kind.SENT, 0), (Kind.ANSWER, 1)], "no_question"),
        ([(Kind.PREPARED, 0), (Kind.QUESTION, 1)], "not_sent"),
        ([(Kind.PREPARED, 0), (Kind.DECIDED, 1)], "not_sent"),
        ([(Kind.SENT, 0), (Kind.DECIDED, 1), (Kind.DECIDED, 2)], "ended"),
        ([(Kind.SENT, 0), (Kind.REOPENED, 1)], "not_ended"),
        ([(Kind.SENT, 0), (Kind.CLOSED, 1), (Kind.CLOSED, 2)], "ended"),
    ],
)
def test_what_cannot_follow_is_refused(steps, rule):
    with pytest.raises(Broken) as refused:
        replay(told(*steps))
    assert refused.value.rule == rule


def test_an_event_before_the_matter_was_opened_is_refused():
    events = [*told((Kind.SENT, 5)), Event(2, Kind.NOTE, on(1), on(6))]
    with pytest.raises(Broken) as refused:
        replay(events)
    assert refused.value.rule == "opened"
