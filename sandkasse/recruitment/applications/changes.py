"""Applying, and appending what happens: each change is checked as a whole, and told of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sandkasse import access, application, clock, moments, people, reasons
from sandkasse.access import Action, Writing, writing
from sandkasse.application import (
    APPLICANT_KINDS,
    OPEN,
    RULES,
    Broken,
    Event,
    Kind,
    NextStep,
    Occupation,
    Seat,
    Standing,
    free_seat,
)
from sandkasse.database import Database, Transaction
from sandkasse.errors import Conflict, Invalid, InvalidFields
from sandkasse.i18n import _, date_text, number_text
from sandkasse.notices import Notice, tell
from sandkasse.people import Actor
from sandkasse.reasons import Occasion
from sandkasse.recruitment import papers, positions, workload
from sandkasse.recruitment.applications.register import SOURCES, Applying, events, occupations
from sandkasse.recruitment.applications.storage import append, insert, keep_paper, store
from sandkasse.texts import problem_with, tidy

_OCCASIONS = {Kind.REJECTED: Occasion.REJECTION, Kind.ENDED: Occasion.JOB_END}
_LATEST = date(2200, 1, 1)


@dataclass(frozen=True)
class Recorded:
    """What a write did: the application, the event's number, and how it stands now."""

    application_id: int
    seq: int
    standing: Standing


def apply(db: Database, actor: Actor, position_id: int, applying: Applying) -> int:
    """Apply for a position, and return the application's id.

    :raises InvalidFields, Invalid: text that is missing or too long, a file that is not a PDF to
        be kept, a position that is not open, or an application of one's own that is under way.
    :raises NotFound: no such position. :raises NotAllowed: for others than students.
    """
    access.require(actor, Action.APPLY)
    position = positions.get(db, actor, position_id)
    words = _checked(applying)
    kept = papers.checked(*applying.paper) if applying.paper else None
    if not position.takes_applications(clock.today()):
        raise Invalid(_("The position does not take applications now."))
    with writing(db, actor, Action.APPLY) as write:
        if write.tx.value(
            "SELECT count(*) FROM application WHERE position_id = ? AND person_id = ? "
            "AND state IN (SELECT unnest(?))",
            [position_id, actor.person_id, [*OPEN, Kind.STARTED]],
        ):
            raise Invalid(_("You have applied for this position already. See your own page."))
        now = clock.now()
        event = Event(1, Kind.RECEIVED, now, now, actor_id=actor.person_id)
        application_id = insert(write.tx, position_id, actor, applying, words, now)
        append(write.tx, application_id, event)
        if kept is not None:
            keep_paper(write.tx, application_id, kept, now)
        about = f"application {application_id}"
        _tell_agency(write.tx, Notice.APPLICATION_CAME, application_id, actor, about)
        write.subject = f"application:{application_id}"
        write.detail.update(position=position_id, paper=kept is not None)
    return application_id


def record(
    db: Database,
    actor: Actor,
    application_id: int,
    kind: Kind,
    *,
    expected_seq: int,
    reason: str | None = None,
    note: str = "",
    occurred_at: datetime | None = None,
    seat_no: int | None = None,
    until_on: date | None = None,
    next_step: NextStep | None = None,
) -> Recorded:
    """Append an event to an application, and bring what follows from it up to date.

    A rejection and an end need a reason, a note needs words. A start takes seat ``seat_no``, or the
    lowest that is free, and ``until_on`` is the last day agreed (None: that of the seat).
    ``occurred_at`` is aware; None is now. What :data:`sandkasse.application.APPLICANT_KINDS` names
    the applicant records, or the agency when it was told.

    :raises Invalid, InvalidFields: an event that cannot follow what is there, that is to come, or
        that lacks what it needs; a start for which no seat is free. :raises NotAllowed: without
        the right. :raises NotFound: out of reach. :raises Conflict: when somebody changed the
        application meanwhile.
    """
    action = Action.ANSWER_OFFER if kind in APPLICANT_KINDS else Action.HANDLE_APPLICATION
    with _changing(db, actor, action, application_id, expected_seq) as change:
        words = tidy(note)
        _check(kind, words, reason, next_step)
        what: dict[str, Any] = {"reason": reason, "note": words or None, "next_step": next_step}
        moment = moments.possible(occurred_at, change.now)
        if kind is Kind.STARTED:
            what |= change.seat_for(moment, seat_no, until_on)
        return change.append(kind, moment, **what)


def correct(
    db: Database,
    actor: Actor,
    application_id: int,
    *,
    seq: int,
    expected_seq: int,
    note: str = "",
) -> Recorded:
    """Declare an event never to have been; what is left must still make a history.

    :raises Invalid: when the event is gone, or the rest would not hold together, or somebody else
        holds the seat. Other errors as for :func:`record`.
    """
    with _changing(db, actor, Action.CORRECT_APPLICATION, application_id, expected_seq) as change:
        words = tidy(note)
        if fault := problem_with(words, "note"):
            raise Invalid(fault, "note")
        if seq not in {event.seq for event in application.effective(change.events)}:
            raise Invalid(_(RULES["nothing"]))
        return change.append(Kind.VOID, change.now, voids_seq=seq, note=words or None)


class _Change:
    """An application under change: read, found to be the one expected, and appended to."""

    def __init__(self, write: Writing, actor: Actor, application_id: int) -> None:
        row = write.tx.one(
            "SELECT position_id, person_id FROM application WHERE application_id = ?",
            [application_id],
        )
        assert row is not None  # noqa: S101  (its reach was just checked)
        self.write, self.actor, self.application_id = write, actor, application_id
        self.position_id, self.person_id = row
        self.events = events(write.tx, [application_id])[application_id]
        self.now = moments.recorded(one.recorded_at for one in self.events)

    def expect(self, seq: int) -> None:
        """:raises Conflict: when events were added after ``seq``, naming who added the last."""
        last = self.events[-1]
        if last.seq != seq:
            who = people.names(self.write.tx, [last.actor_id]).get(last.actor_id or 0)
            said = _("{name} changed this application meanwhile. Look at it again first.")
            raise Conflict(said.format(name=who or _("Somebody else")))

    def seat_for(
        self, moment: datetime, seat_no: int | None, until_on: date | None
    ) -> dict[str, Any]:
        """The seat in which somebody starts. :raises Invalid: when there is none for the day."""
        first = clock.local(moment).date()
        seats = positions.current_seats(self.write.tx, self.position_id)
        taken = occupations(self.write.tx, self.position_id, but=self.application_id)
        chosen = seat_no if seat_no is not None else free_seat(seats, taken, first)
        if chosen is None:
            said = _("On {day} none of the {n} seats is free. End a job first, or plan more seats.")
            day = date_text(first)
            raise Invalid(said.format(day=day, n=number_text(len(seats))), "seat_no")
        return {"seat_no": chosen, "until_on": until_on}

    def append(self, kind: Kind, occurred_at: datetime, **what: Any) -> Recorded:
        """Append an event, and store how the application stands after it."""
        event = Event(
            seq=self.events[-1].seq + 1,
            kind=kind,
            occurred_at=occurred_at,
            recorded_at=self.now,
            actor_id=self.actor.person_id,
            **what,
        )
        try:
            standing = application.replay([*self.events, event])
        except Broken as broken:
            raise Invalid(_(RULES[broken.rule]), "kind") from None
        self._check_seat(standing)
        append(self.write.tx, self.application_id, event)
        store(self.write.tx, self.application_id, event.seq, standing)
        self._tell(event)
        self.write.detail.update(seq=event.seq, kind=kind.value, position=self.position_id)
        return Recorded(self.application_id, event.seq, standing)

    def _check_seat(self, standing: Standing) -> None:
        """:raises Invalid: when the seat is not there on those days, or somebody else's."""
        if standing.started_on is None or standing.seat_no is None:
            return
        seats = positions.current_seats(self.write.tx, self.position_id)
        seat = next((one for one in seats if one.seat_no == standing.seat_no), None)
        if fault := seat_fault(seat, standing):
            raise Invalid(*fault)
        held = Occupation(
            self.application_id, standing.seat_no, standing.started_on, standing.ended_on
        )
        taken = occupations(self.write.tx, self.position_id, but=self.application_id)
        if any(map(held.meets, taken)):
            said = _("Somebody else holds seat {n} on those days. Choose another seat or day.")
            raise Invalid(said.format(n=standing.seat_no), "seat_no")

    def _tell(self, event: Event) -> None:
        """Tell the applicant of what the agency did and the agency of what the applicant did."""
        if event.kind in (Kind.NOTE, Kind.VOID):
            return
        about = f"application {self.application_id} {event.seq}"
        if self.actor.person_id == self.person_id:
            _tell_agency(
                self.write.tx, Notice.APPLICATION_MOVED, self.application_id, self.actor, about
            )
        elif self.person_id is not None:
            tell(
                self.write.tx, Notice.APPLICATION_MOVED, (), idea_id=None,
                application_id=self.application_id, by=self.actor.person_id,
                person_ids=[self.person_id], about=about,
            )  # fmt: skip
        if event.kind in (Kind.ACCEPTED, Kind.STARTED) and self.person_id is not None:
            workload.tell_of(self.write.tx, self.person_id)


def seat_fault(seat: Seat | None, standing: Standing) -> tuple[str, str] | None:
    """What is wrong with working in a seat on those days, and the field that says it."""
    first, until_on = standing.started_on, standing.until_on
    if seat is None or first is None:
        return _("The position has no seat of that number."), "seat_no"
    if not seat.begins_on <= first <= seat.ends_on:
        said = _("Seat {n} is planned from {first} to {last}. Choose a day within it.")
        days = {"first": date_text(seat.begins_on), "last": date_text(seat.ends_on)}
        return said.format(n=seat.seat_no, **days), "occurred_at"
    if until_on is not None and until_on < first:
        return _("The last day agreed is before the first. Change one of the dates."), "until_on"
    if until_on is not None and until_on > seat.ends_on:
        said = _("The seat is planned to {last}. Choose that day or an earlier one.")
        return said.format(last=date_text(seat.ends_on)), "until_on"
    return None


@contextmanager
def _changing(
    db: Database, actor: Actor, action: Action, application_id: int, expected_seq: int
) -> Iterator[_Change]:
    with writing(db, actor, action, application_id=application_id) as write:
        change = _Change(write, actor, application_id)
        change.expect(expected_seq)
        yield change


def _tell_agency(tx: Transaction, kind: Notice, application_id: int, by: Actor, about: str) -> None:
    """Tell the agency's members, or the leads where it has none."""
    members = [
        key
        for (key,) in tx.rows(
            """
            SELECT w.person_id
            FROM application AS a
            JOIN position AS p ON p.position_id = a.position_id
            JOIN person AS w ON w.agency_id = p.agency_id
            WHERE a.application_id = ?
              AND w.person_id IN (SELECT person_id FROM current_role_of WHERE role = 'member')
            ORDER BY w.person_id
            """,
            [application_id],
        )
    ]
    tell(
        tx, kind, () if members else ("leads",), idea_id=None, application_id=application_id,
        by=by.person_id, person_ids=members, about=about,
    )  # fmt: skip


def _check(kind: Kind, words: str, reason: str | None, next_step: NextStep | None) -> None:
    """:raises Invalid, InvalidFields: for what an event of this kind lacks, or may not have."""
    problems = {}
    if kind in (Kind.VOID, Kind.RECEIVED):
        problems["kind"] = _("Choose what happened from the list.")
    if (kind is Kind.NEXT) != (next_step is not None):
        problems["next_step"] = _("Choose what came after from the list.")
    if kind is Kind.NOTE and not words:
        problems["note"] = _("Write what is to be noted.")
    if fault := problem_with(words, "note"):
        problems["note"] = fault
    if problems:
        raise InvalidFields(problems)
    if kind in _OCCASIONS:
        reasons.check(_OCCASIONS[kind], reason, words)
    elif reason is not None:
        raise Invalid(_("Only a rejection and an end have a reason."), "reason")


def _checked(applying: Applying) -> str:
    """The words tidied. :raises InvalidFields: for what is wrong with what is said."""
    words = tidy(applying.words)
    problems = {}
    if not words:
        problems["words"] = _("Write in a few words why you apply.")
    elif fault := problem_with(words, "words"):
        problems["words"] = fault
    if applying.source not in SOURCES:
        problems["source"] = _("Choose from the list.")
    graduation = applying.graduation
    if graduation is not None and not clock.today() <= graduation < _LATEST:
        problems["graduation"] = _("Choose a day that is to come.")
    if problems:
        raise InvalidFields(problems)
    return words
