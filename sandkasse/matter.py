"""The law of a matter between an idea and an agency: what its events mean, and which may be.

Pure, as :mod:`sandkasse.ledger` is for ideas: no database, no clock. The same definitions stand in
SQL beside the tables; tests hold the two together.

A matter is with the agency from when it is sent, or a question is answered, until the agency asks
or decides, or the matter is closed. An event counts unless a later one voids it; events are read in
the order in which they happened, ``(occurred_at, seq)``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sandkasse.happenings import Broken as Broken
from sandkasse.happenings import effective as effective
from sandkasse.i18n import N_

DAY_SECONDS = 86_400


class Kind(StrEnum):
    """What happened in a matter."""

    PREPARED = "prepared"
    SENT = "sent"
    RECEIPT = "receipt"
    QUESTION = "question"
    ANSWER = "answer"
    DECIDED = "decided"
    CLOSED = "closed"
    REOPENED = "reopened"
    NOTE = "note"
    VOID = "void"


class State(StrEnum):
    """How a matter stands."""

    PREPARED = "prepared"
    AGENCY = "agency"
    STUDENT = "student"
    DECIDED = "decided"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What an agency decided."""

    APPROVED = "approved"
    PARTLY = "partly"
    REFUSED = "refused"
    ANSWERED = "answered"


KIND_NAMES = {
    Kind.PREPARED: N_("Prepared"),
    Kind.SENT: N_("Sent to the agency"),
    Kind.RECEIPT: N_("The agency has received it"),
    Kind.QUESTION: N_("The agency asks"),
    Kind.ANSWER: N_("Answered, back to the agency"),
    Kind.DECIDED: N_("The agency has decided"),
    Kind.CLOSED: N_("Closed without a decision"),
    Kind.REOPENED: N_("Taken up again"),
    Kind.NOTE: N_("Note"),
    Kind.VOID: N_("A correction"),
}

STATE_NAMES = {
    State.PREPARED: N_("Being prepared"),
    State.AGENCY: N_("With the agency"),
    State.STUDENT: N_("The agency has asked"),
    State.DECIDED: N_("Decided"),
    State.CLOSED: N_("Closed without a decision"),
}

OUTCOME_NAMES = {
    Outcome.APPROVED: N_("Approved"),
    Outcome.PARTLY: N_("Approved in part"),
    Outcome.REFUSED: N_("Refused"),
    Outcome.ANSWERED: N_("Answered"),
}

#: The state after an event of each kind; the others leave it as it is.
STATE_AFTER = {
    Kind.PREPARED: State.PREPARED,
    Kind.SENT: State.AGENCY,
    Kind.QUESTION: State.STUDENT,
    Kind.ANSWER: State.AGENCY,
    Kind.DECIDED: State.DECIDED,
    Kind.CLOSED: State.CLOSED,
    Kind.REOPENED: State.PREPARED,
}

_OPEN = (State.PREPARED, State.AGENCY, State.STUDENT)

#: In which states an event of each kind may happen; None is before the matter is opened.
ALLOWED: dict[Kind, tuple[State | None, ...]] = {
    Kind.PREPARED: (None,),
    Kind.SENT: (None, State.PREPARED),
    Kind.RECEIPT: (State.AGENCY,),
    Kind.QUESTION: (State.AGENCY, State.STUDENT),
    Kind.ANSWER: (State.STUDENT,),
    Kind.DECIDED: (State.AGENCY, State.STUDENT),
    Kind.CLOSED: _OPEN,
    Kind.REOPENED: (State.DECIDED, State.CLOSED),
    Kind.NOTE: tuple(State),
}

RULES = {
    "opened": N_("The matter was not opened yet at that time. Choose a later time."),
    "opened_once": N_("The matter is open already."),
    "sent": N_("The matter is with the agency already, or has ended."),
    "not_sent": N_("The agency does not have the matter: send it first."),
    "no_question": N_("The agency has not asked anything, so there is nothing to answer."),
    "ended": N_("The matter has ended. Take it up again first."),
    "not_ended": N_("The matter has not ended, so it cannot be taken up again."),
    "nothing": N_("What is to be corrected is not there, or is corrected already."),
}

_RULE_OF = {
    Kind.PREPARED: "opened_once",
    Kind.SENT: "sent",
    Kind.RECEIPT: "not_sent",
    Kind.QUESTION: "not_sent",
    Kind.ANSWER: "no_question",
    Kind.DECIDED: "not_sent",
    Kind.CLOSED: "ended",
    Kind.REOPENED: "not_ended",
}


@dataclass(frozen=True)
class Event:
    """One event of a matter. Times are aware UTC."""

    seq: int
    kind: Kind
    occurred_at: datetime
    recorded_at: datetime
    outcome: Outcome | None = None
    voids_seq: int | None = None
    note: str | None = None
    actor_id: int | None = None
    timing: str = "exact"
    actor_name: str | None = None


@dataclass(frozen=True)
class Wait:
    """A time with the agency. ``ends`` is None while it lasts."""

    begins: Event
    ends: Event | None = None


@dataclass(frozen=True)
class Standing:
    """How a matter stands after its events. Times are aware UTC.

    ``agency_days`` are the days with the agency before ``state_at``, and ``decided_days`` those
    before its first decision (None: it has not decided).
    """

    state: State
    state_at: datetime
    opened_at: datetime
    sent_at: datetime | None = None
    agency_days: float = 0.0
    decided_days: float | None = None
    questions: int = 0
    outcome: Outcome | None = None


def waits(events: Iterable[Event]) -> list[Wait]:
    """The times with the agency, in order."""
    found: list[Wait] = []
    for event in effective(events):
        state = STATE_AFTER.get(event.kind)
        if state is None:
            continue
        if found and found[-1].ends is None:
            found[-1] = Wait(found[-1].begins, event)
        if state is State.AGENCY:
            found.append(Wait(event))
    return found


def replay(events: Sequence[Event]) -> Standing:
    """How the matter stands after ``events``.

    :raises Broken: when the events that count cannot follow each other.
    """
    counting = effective(events)
    state: State | None = None
    for event in counting:
        _check(event, state)
        state = STATE_AFTER.get(event.kind, state)
    if state is None:
        raise Broken(0, "opened")
    times = waits(events)
    ended = [wait for wait in times if wait.ends is not None]
    decision = next((event for event in counting if event.kind is Kind.DECIDED), None)
    decisions = [event for event in counting if event.kind is Kind.DECIDED]
    return Standing(
        state=state,
        state_at=[event for event in counting if event.kind in STATE_AFTER][-1].occurred_at,
        opened_at=counting[0].occurred_at,
        sent_at=times[0].begins.occurred_at if times else None,
        agency_days=days(ended),
        decided_days=None if decision is None else days(_before(ended, decision)),
        questions=sum(event.kind is Kind.QUESTION for event in counting),
        outcome=decisions[-1].outcome if decisions and state is State.DECIDED else None,
    )


def days(ended: Iterable[Wait]) -> float:
    """The days of waits that have ended."""
    return sum(
        (wait.ends.occurred_at - wait.begins.occurred_at).total_seconds() / DAY_SECONDS
        for wait in ended
        if wait.ends is not None
    )


def _before(ended: Iterable[Wait], decision: Event) -> list[Wait]:
    last = (decision.occurred_at, decision.seq)
    return [wait for wait in ended if wait.ends and (wait.ends.occurred_at, wait.ends.seq) <= last]


def _check(event: Event, state: State | None) -> None:
    if state in ALLOWED[event.kind]:
        return
    if state is None:
        raise Broken(event.seq, "opened")
    if event.kind in (Kind.QUESTION, Kind.ANSWER, Kind.DECIDED) and state not in _OPEN:
        raise Broken(event.seq, "ended")
    raise Broken(event.seq, _RULE_OF.get(event.kind, "opened"))
