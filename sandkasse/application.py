"""The law of an application for a position: what its events mean, and which may be.

Pure, as :mod:`sandkasse.matter` is for touchpoints: no database, no clock. The same definitions
stand in SQL beside the tables; tests hold the two together.

An event counts unless a later one voids it; events are read in the order in which they happened,
``(occurred_at, seq)``. Steps may be skipped, but not taken twice, except that there can be several
interviews.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sandkasse import clock
from sandkasse.happenings import Broken as Broken
from sandkasse.happenings import effective as effective
from sandkasse.i18n import N_


class Kind(StrEnum):
    """What happened to an application."""

    RECEIVED = "received"
    SCREENED = "screened"
    INTERVIEW = "interview"
    OFFER = "offer"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    STARTED = "started"
    ENDED = "ended"
    NEXT = "next"
    NOTE = "note"
    VOID = "void"


class NextStep(StrEnum):
    """What came after a job."""

    AGENCY = "agency"
    JOB = "job"
    COMPANY = "company"
    MOVED = "moved"
    UNKNOWN = "unknown"


KIND_NAMES = {
    Kind.RECEIVED: N_("Received"),
    Kind.SCREENED: N_("Screened"),
    Kind.INTERVIEW: N_("Interview"),
    Kind.OFFER: N_("Offer"),
    Kind.ACCEPTED: N_("Accepted"),
    Kind.DECLINED: N_("Declined by the applicant"),
    Kind.REJECTED: N_("Rejected"),
    Kind.WITHDRAWN: N_("Withdrawn"),
    Kind.STARTED: N_("Started"),
    Kind.ENDED: N_("Ended"),
    Kind.NEXT: N_("What came after"),
    Kind.NOTE: N_("Internal note"),
    Kind.VOID: N_("A correction"),
}

NEXT_STEP_NAMES = {
    NextStep.AGENCY: N_("Another agency in the region"),
    NextStep.JOB: N_("Another job in the region"),
    NextStep.COMPANY: N_("Own company in the region"),
    NextStep.MOVED: N_("Moved away"),
    NextStep.UNKNOWN: N_("Not known"),
}

#: What came after a job and means that the student stayed.
STAYED = (NextStep.AGENCY, NextStep.JOB, NextStep.COMPANY)

#: The steps from application to first day, in order; an application counts once a step.
STEPS = (
    Kind.RECEIVED, Kind.SCREENED, Kind.INTERVIEW, Kind.OFFER, Kind.ACCEPTED, Kind.STARTED,
)  # fmt: skip

#: How an application can leave before its first day.
LEFT = (Kind.REJECTED, Kind.DECLINED, Kind.WITHDRAWN)

#: Events that leave the state as it is.
ASIDE = (Kind.NEXT, Kind.NOTE)

#: What the applicant says; the agency may record it when told by telephone.
APPLICANT_KINDS = (Kind.ACCEPTED, Kind.DECLINED, Kind.WITHDRAWN, Kind.NEXT)

_LOOKED_AT = (Kind.RECEIVED, Kind.SCREENED, Kind.INTERVIEW)

#: The states in which an application is still under way; a job that has begun is not among them.
OPEN = (*_LOOKED_AT, Kind.OFFER, Kind.ACCEPTED)

#: In which states an event of each kind may happen; None is before the application came in.
ALLOWED: dict[Kind, tuple[Kind | None, ...]] = {
    Kind.RECEIVED: (None,),
    Kind.SCREENED: (Kind.RECEIVED,),
    Kind.INTERVIEW: _LOOKED_AT,
    Kind.OFFER: _LOOKED_AT,
    Kind.ACCEPTED: (Kind.OFFER,),
    Kind.DECLINED: (Kind.OFFER,),
    Kind.REJECTED: (*_LOOKED_AT, Kind.OFFER),
    Kind.WITHDRAWN: (*_LOOKED_AT, Kind.OFFER, Kind.ACCEPTED),
    Kind.STARTED: (Kind.ACCEPTED,),
    Kind.ENDED: (Kind.STARTED,),
    Kind.NEXT: (Kind.ENDED,),
    Kind.NOTE: (*STEPS, *LEFT, Kind.ENDED),
}

RULES = {
    "received": N_("The application had not come in yet at that time. Choose a later time."),
    "received_once": N_("The application has come in already."),
    "screened": N_("Only an application that has just come in is screened."),
    "over": N_("The application has been answered or taken back, so this cannot follow."),
    "no_offer": N_("No offer is waiting for an answer."),
    "not_accepted": N_("Nobody starts before an offer is accepted."),
    "not_started": N_("The job has not begun at that time, so it cannot end. Check the dates."),
    "not_ended": N_("This is asked after the job has ended."),
    "asked_once": N_("What came after is recorded already."),
    "nothing": N_("What is to be corrected is not there, or is corrected already."),
}

_RULE_OF = {
    Kind.RECEIVED: "received_once",
    Kind.ACCEPTED: "no_offer",
    Kind.DECLINED: "no_offer",
    Kind.STARTED: "not_accepted",
    Kind.ENDED: "not_started",
    Kind.NEXT: "not_ended",
}


@dataclass(frozen=True)
class Event:
    """One event of an application. Times are aware UTC; ``until_on`` is the last day agreed."""

    seq: int
    kind: Kind
    occurred_at: datetime
    recorded_at: datetime
    reason: str | None = None
    seat_no: int | None = None
    until_on: date | None = None
    next_step: NextStep | None = None
    voids_seq: int | None = None
    note: str | None = None
    actor_id: int | None = None
    timing: str = "exact"
    actor_name: str | None = None


@dataclass(frozen=True)
class Standing:
    """How an application stands after its events: times aware UTC, days in Europe/Oslo.

    ``furthest`` is the place in :data:`STEPS` of the furthest step it ever came to; ``started_on``
    and ``ended_on`` are the first and the last day at work.
    """

    state: Kind
    state_at: datetime
    received_at: datetime
    furthest: int
    seat_no: int | None = None
    started_on: date | None = None
    until_on: date | None = None
    ended_on: date | None = None
    next_step: NextStep | None = None


def replay(events: Sequence[Event]) -> Standing:
    """How the application stands after ``events``.

    :raises Broken: when the events that count cannot follow each other.
    """
    counting = effective(events)
    if not counting:
        raise Broken(0, "received")
    state: Kind | None = None
    last: dict[Kind, Event] = {}
    for event in counting:
        _check(event, state, last)
        last[event.kind] = event
        if event.kind not in ASIDE:
            state = event.kind
    turning = [event for event in counting if event.kind not in ASIDE]
    started, ended, after = (last.get(kind) for kind in (Kind.STARTED, Kind.ENDED, Kind.NEXT))
    return Standing(
        state=turning[-1].kind,
        state_at=turning[-1].occurred_at,
        received_at=last[Kind.RECEIVED].occurred_at,
        furthest=max(STEPS.index(kind) for kind in last if kind in STEPS),
        seat_no=started.seat_no if started else None,
        started_on=clock.local(started.occurred_at).date() if started else None,
        until_on=started.until_on if started else None,
        ended_on=clock.local(ended.occurred_at).date() if ended else None,
        next_step=after.next_step if after else None,
    )


def _check(event: Event, state: Kind | None, last: dict[Kind, Event]) -> None:
    if event.kind is Kind.NEXT and Kind.NEXT in last:
        raise Broken(event.seq, "asked_once")
    if state in ALLOWED[event.kind]:
        return
    if state is None and event.kind is not Kind.ENDED:
        raise Broken(event.seq, "received")
    if event.kind in _RULE_OF:
        raise Broken(event.seq, _RULE_OF[event.kind])
    if event.kind is Kind.SCREENED and state in OPEN:
        raise Broken(event.seq, "screened")
    raise Broken(event.seq, "over")


@dataclass(frozen=True)
class Occupation:
    """Somebody in a seat from ``first`` to ``last``, both included; None: it lasts."""

    application_id: int
    seat_no: int
    first: date
    last: date | None

    def meets(self, other: "Occupation") -> bool:
        """Whether both hold the same seat on some day."""
        return (
            self.seat_no == other.seat_no
            and self.first <= (other.last or date.max)
            and other.first <= (self.last or date.max)
        )


@dataclass(frozen=True)
class Seat:
    """A seat of a position: the days, both included, on which somebody is to work there."""

    seat_no: int
    begins_on: date
    ends_on: date


def free_seat(
    seats: Iterable[Seat], taken: Sequence[Occupation], first: date, last: date | None = None
) -> int | None:
    """The lowest seat in which somebody can work from ``first`` to ``last`` (None: for good); None:
    there is none."""
    for seat in sorted(seats, key=lambda one: one.seat_no):
        wanted = Occupation(0, seat.seat_no, first, last)
        if seat.begins_on <= first <= seat.ends_on and not any(map(wanted.meets, taken)):
            return seat.seat_no
    return None
