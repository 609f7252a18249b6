"""Opening a matter, recording what happens in it, and saying what it is about."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sandkasse import (
    access,
    agencies,
    ball,
    impartiality,
    matter,
    moments,
    people,
    purposes,
)
from sandkasse.access import Action, Writing, refused, writing
from sandkasse.ball import Ball, Matter
from sandkasse.database import Database, Transaction
from sandkasse.errors import Conflict, Invalid, InvalidFields
from sandkasse.i18n import _
from sandkasse.ledger import RULES as LEDGER_RULES
from sandkasse.matter import RULES, Broken, Event, Kind, Outcome, Standing
from sandkasse.notices import Notice, tell
from sandkasse.people import Actor
from sandkasse.pipeline import history
from sandkasse.standing import matters, store_ball, store_matter
from sandkasse.texts import checked, problem_with, tidy

#: What an agency's own member can record in a matter; the rest is for the team and the mentors.
AGENCY_KINDS = (Kind.RECEIPT, Kind.QUESTION, Kind.DECIDED, Kind.NOTE)


@dataclass(frozen=True)
class Opening:
    """What a new matter is about: a purpose of the catalogue, or a title in one's own words.

    ``sent`` opens it as sent already; else it is being prepared. ``occurred_at`` None: now.
    """

    agency_id: str
    purpose_id: str | None = None
    title: str = ""
    contact_id: int | None = None
    note: str = ""
    sent: bool = False
    occurred_at: datetime | None = None
    follow_up: date | None = None


@dataclass(frozen=True)
class Recorded:
    """What a write did: the touchpoint, the event's number, and how the matter stands now."""

    touchpoint_id: int
    seq: int
    standing: Standing


def open_matter(db: Database, actor: Actor, idea_id: int, opening: Opening) -> int:
    """Open a touchpoint of an idea and return its id. Sent, it gives the agency the ball.

    :raises InvalidFields, Invalid: an unknown agency, purpose or contact, a missing title, a time
        to come or before the idea came in, or an idea that has left.
    :raises NotAllowed: without the right. :raises NotFound: when the idea is out of reach.
    """
    with writing(db, actor, Action.OPEN_TOUCHPOINT, idea_id=idea_id) as write:
        return open_within(db, write, actor, idea_id, opening)


def open_within(db: Database, write: Writing, actor: Actor, idea_id: int, opening: Opening) -> int:
    """As :func:`open_matter`, as part of a write that has checked the right."""
    opening = _checked(db, opening)
    idea = write.tx.one("SELECT exit_id, first_at FROM idea WHERE idea_id = ?", [idea_id])
    assert idea is not None  # noqa: S101  (its reach was just checked)
    if idea[0] is not None:
        raise Invalid(_(LEDGER_RULES["left"]))
    now = moments.recorded([idea[1]])
    occurred_at = moments.possible(opening.occurred_at, now)
    if occurred_at < idea[1]:
        raise Invalid(_("That is before the idea came in. Choose a later time."), "occurred_at")
    kind = Kind.SENT if opening.sent else Kind.PREPARED
    event = Event(1, kind, occurred_at, now, note=opening.note or None, actor_id=actor.person_id)
    touchpoint_id = _insert(write.tx, actor, idea_id, opening, matter.replay([event]), now)
    _append(write.tx, touchpoint_id, event)
    before = matters(write.tx, idea_id)
    others = [one for one in before if one.touchpoint_id != touchpoint_id]
    opened = Matter(touchpoint_id, opening.agency_id, (event,))
    _store_ball(write.tx, idea_id, others, [*others, opened])
    impartiality.tell_of(write.tx, idea_id, opening.agency_id, touchpoint_id)
    write.detail.update(touchpoint=touchpoint_id, agency=opening.agency_id, kind=kind.value)
    return touchpoint_id


def record(
    db: Database,
    actor: Actor,
    touchpoint_id: int,
    kind: Kind,
    *,
    expected_seq: int,
    outcome: Outcome | None = None,
    note: str = "",
    occurred_at: datetime | None = None,
) -> Recorded:
    """Append an event to a touchpoint, and bring what follows from it up to date.

    A decision needs an outcome; a question and a note need words. An agency's own member records
    what the agency does (:data:`AGENCY_KINDS`).

    :raises Invalid, InvalidFields: an event that cannot follow what is there, before the matter
        was opened or to come, or without what it needs. :raises NotAllowed: without the right.
    :raises NotFound: out of reach. :raises Conflict: when somebody changed the matter meanwhile.
    """
    with _changing(db, actor, Action.RECORD_EVENT, touchpoint_id, expected_seq) as change:
        if change.is_agency and kind not in AGENCY_KINDS:
            raise refused(Action.RECORD_EVENT, f"touchpoint:{touchpoint_id}")
        words = tidy(note)
        if problems := _problems(kind, outcome, words):
            raise InvalidFields(problems)
        return change.append(kind, outcome=outcome, note=words, occurred_at=occurred_at)


def correct(
    db: Database, actor: Actor, touchpoint_id: int, *, seq: int, expected_seq: int, note: str = ""
) -> Recorded:
    """Declare an event never to have been; what is left must still make a history.

    :raises Invalid: when the event is gone, is the opening, or the rest would not hold together.
        Other errors as for :func:`record`.
    """
    with _changing(db, actor, Action.CORRECT_EVENT, touchpoint_id, expected_seq) as change:
        if seq not in {event.seq for event in matter.effective(change.events)}:
            raise Invalid(_(RULES["nothing"]))
        return change.append(Kind.VOID, voids_seq=seq, note=checked(note, "note"))


def describe(
    db: Database,
    actor: Actor,
    touchpoint_id: int,
    *,
    contact_id: int | None,
    follow_up: date | None,
    barrier_id: int | None,
) -> None:
    """Say whom the matter is with, when to ask again, and which barrier it meets.

    :raises InvalidFields: an unknown contact or barrier. Other errors as for :func:`record`.
    """
    with writing(db, actor, Action.DESCRIBE_TOUCHPOINT, touchpoint_id=touchpoint_id) as write:
        agency_id = write.tx.value(
            "SELECT agency_id FROM touchpoint WHERE touchpoint_id = ?", [touchpoint_id]
        )
        problems = {}
        if contact_id is not None and not _is_contact(write.tx, contact_id, agency_id):
            problems["contact_id"] = _("Choose a contact person of this agency.")
        if barrier_id is not None and not write.tx.value(
            "SELECT count(*) FROM barrier WHERE barrier_id = ?", [barrier_id]
        ):
            problems["barrier_id"] = _("Choose a barrier from the list.")
        if problems:
            raise InvalidFields(problems)
        write.tx.execute(
            "UPDATE touchpoint SET contact_id = ?, follow_up = ?, barrier_id = ? "
            "WHERE touchpoint_id = ?",
            [contact_id, follow_up, barrier_id, touchpoint_id],
        )
        write.detail.update(contact=contact_id, follow_up=follow_up, barrier=barrier_id)


class _Change:
    """A touchpoint under change: read, found to be the one expected, and appended to."""

    def __init__(self, write: Writing, actor: Actor, touchpoint_id: int) -> None:
        row = write.tx.one(
            "SELECT idea_id, agency_id FROM touchpoint WHERE touchpoint_id = ?", [touchpoint_id]
        )
        assert row is not None  # noqa: S101  (its reach was just checked)
        self.write, self.actor, self.touchpoint_id = write, actor, touchpoint_id
        self.idea_id, self.agency_id = int(row[0]), str(row[1])
        self.matters = matters(write.tx, self.idea_id)
        self.events = next(one.events for one in self.matters if one.touchpoint_id == touchpoint_id)
        of_idea = access.reach(actor, Action.RECORD_EVENT)
        self.is_agency = not write.tx.value(
            f"SELECT ({of_idea.sql}) FROM idea AS i WHERE i.idea_id = $idea_id",  # noqa: S608
            {"idea_id": self.idea_id, **of_idea.parameters},
        )

    def expect(self, seq: int) -> None:
        """:raises Conflict: when events were added after ``seq``, naming who added the last."""
        last = self.events[-1]
        if last.seq != seq:
            who = people.names(self.write.tx, [last.actor_id]).get(last.actor_id or 0)
            raise Conflict(
                _(
                    "{name} changed this matter meanwhile. Look at it again before you go on."
                ).format(name=who or _("Somebody else"))
            )

    def append(
        self, kind: Kind, *, occurred_at: datetime | None = None, note: str = "", **what: Any
    ) -> Recorded:
        """Append an event, and store how the matter and the ball stand after it."""
        now = moments.recorded(one.recorded_at for one in self.events)
        event = Event(
            seq=self.events[-1].seq + 1,
            kind=kind,
            occurred_at=moments.possible(occurred_at, now),
            recorded_at=now,
            note=note or None,
            actor_id=self.actor.person_id,
            **what,
        )
        after = (*self.events, event)
        try:
            standing = matter.replay(after)
        except Broken as broken:
            raise Invalid(_(RULES[broken.rule]), "kind") from None
        _append(self.write.tx, self.touchpoint_id, event)
        store_matter(self.write.tx, self.touchpoint_id, event.seq, standing)
        changed = [
            replace(one, events=after) if one.touchpoint_id == self.touchpoint_id else one
            for one in self.matters
        ]
        _store_ball(self.write.tx, self.idea_id, self.matters, changed)
        self._tell(event)
        self.write.detail.update(seq=event.seq, kind=kind.value, idea=self.idea_id)
        return Recorded(self.touchpoint_id, event.seq, standing)

    def _tell(self, event: Event) -> None:
        """Tell the team and the mentors of a question and a decision, and of an answer whoever
        took part in the matter."""
        if event.kind not in _TOLD:
            return
        took_part = {one.actor_id for one in self.events if one.actor_id}
        tell(
            self.write.tx,
            _TOLD[event.kind],
            ("mentors",) if event.kind is Kind.ANSWER else ("team", "mentors"),
            idea_id=self.idea_id,
            touchpoint_id=self.touchpoint_id,
            by=self.actor.person_id,
            person_ids=took_part if event.kind is Kind.ANSWER else (),
        )


_TOLD = {
    Kind.QUESTION: Notice.QUESTION,
    Kind.ANSWER: Notice.ANSWER,
    Kind.DECIDED: Notice.DECIDED,
}


@contextmanager
def _changing(
    db: Database, actor: Actor, action: Action, touchpoint_id: int, expected_seq: int
) -> Iterator[_Change]:
    with writing(db, actor, action, touchpoint_id=touchpoint_id) as write:
        change = _Change(write, actor, touchpoint_id)
        change.expect(expected_seq)
        yield change


def _store_ball(
    tx: Transaction, idea_id: int, before: Sequence[Matter], after: Sequence[Matter]
) -> None:
    rows = history(tx, idea_id)
    was: Ball = ball.replay(rows, before)
    store_ball(tx, idea_id, was, ball.replay(rows, after))


def _problems(kind: Kind, outcome: Outcome | None, words: str) -> dict[str, str]:
    problems = {}
    if kind is Kind.VOID or kind is Kind.PREPARED:
        problems["kind"] = _("Choose what happened from the list.")
    if kind is Kind.DECIDED and outcome is None:
        problems["outcome"] = _("Say what the agency decided.")
    if kind is not Kind.DECIDED and outcome is not None:
        problems["outcome"] = _("Only a decision has an outcome.")
    if kind in (Kind.QUESTION, Kind.NOTE) and not words:
        problems["note"] = _("Write what was asked or noted.")
    if fault := problem_with(words, "note"):
        problems["note"] = fault
    return problems


def _checked(db: Database, opening: Opening) -> Opening:
    """The opening tidied. :raises InvalidFields: for what is wrong with it."""
    opening = replace(opening, title=tidy(opening.title), note=tidy(opening.note))
    problems = {}
    if opening.agency_id not in {one.id for one in agencies.listed(db)}:
        problems["agency_id"] = _("Choose one of the agencies in the list.")
    purpose = purposes.find(opening.purpose_id)
    if opening.purpose_id is not None and purpose is None:
        problems["purpose_id"] = _("Choose what it is about from the list.")
    elif purpose is not None and purpose.agency_id != opening.agency_id:
        problems["purpose_id"] = _("This is a matter for another agency.")
    elif purpose is None and not opening.title:
        problems["title"] = _("Choose what it is about, or say it in a few words.")
    for field in ("title", "note"):
        if fault := problem_with(getattr(opening, field), field):
            problems[field] = fault
    if opening.contact_id is not None and not _is_contact(
        db, opening.contact_id, opening.agency_id
    ):
        problems["contact_id"] = _("Choose a contact person of this agency.")
    if problems:
        raise InvalidFields(problems)
    return opening


def _is_contact(reader: Database | Transaction, contact_id: int, agency_id: str) -> bool:
    return bool(
        reader.value(
            "SELECT count(*) FROM contact WHERE contact_id = ? AND agency_id = ?",
            [contact_id, agency_id],
        )
    )


def _insert(
    tx: Transaction, actor: Actor, idea_id: int, opening: Opening, standing: Standing, now: datetime
) -> int:
    return int(
        tx.value(
            """
            INSERT INTO touchpoint (idea_id, agency_id, purpose_id, title, contact_id, follow_up,
                                    opened_by, created_at, last_seq, state, state_at, opened_at,
                                    sent_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)
            RETURNING touchpoint_id
            """,
            [
                idea_id, opening.agency_id, opening.purpose_id, opening.title, opening.contact_id,
                opening.follow_up, actor.person_id, now, standing.state, standing.state_at,
                standing.opened_at, standing.sent_at,
            ],
        )
    )  # fmt: skip


def _append(tx: Transaction, touchpoint_id: int, event: Event) -> None:
    tx.execute(
        """
        INSERT INTO touchpoint_event (touchpoint_id, seq, kind, outcome, voids_seq, note, timing,
                                      occurred_at, recorded_at, actor_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            touchpoint_id, event.seq, event.kind, event.outcome, event.voids_seq, event.note,
            event.timing, event.occurred_at, event.recorded_at, event.actor_id,
        ],
    )  # fmt: skip
