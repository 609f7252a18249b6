"""Recording what a meeting led to, and what came of it afterwards.

A resolution is an information, a decision or an action with an owner. None is ever changed: a later
one takes the place of an earlier one, and what came of it (published, carried out, done) is
appended. A decision about an idea can say where the idea is to move; carrying it out makes the move
in the ledger and keeps the row's number.
"""

from collections.abc import Mapping
from datetime import date

from sandkasse import access, clock, pipeline
from sandkasse.access import Action, Scope, Writing, require_for_idea, writing
from sandkasse.database import Database, Transaction
from sandkasse.errors import Invalid, NotFound
from sandkasse.gates import Outcome
from sandkasse.i18n import _
from sandkasse.meetings import calling, receipts
from sandkasse.meetings.receipts import Kind, Resolution
from sandkasse.meetings.wording import Draft, check
from sandkasse.notices import Notice, tell
from sandkasse.people import Actor
from sandkasse.texts import problem_with, tidy


def record(
    db: Database,
    actor: Actor,
    meeting_id: int,
    kind: Kind,
    body: str,
    *,
    item_id: int | None = None,
    idea_id: int | None = None,
    reason: str = "",
    next_step: str = "",
    due: date | None = None,
    owner_id: int | None = None,
    move_to: str | None = None,
    exit_id: str | None = None,
    reason_code: str | None = None,
    supersedes: int | None = None,
) -> int:
    """Record a result of a meeting that is under way, and return its id. Under an item about an
    idea it is about that idea. The owner of an action is told.

    :raises InvalidFields, Invalid: what :func:`sandkasse.meetings.wording.check` refuses, and a
        meeting that has not begun or is over. :raises Conflict: when another resolution has taken
        the place of the same one. :raises NotAllowed: without the right. :raises NotFound: no such
        meeting, or an idea that is neither on its agenda nor shared with the actor.
    """
    draft = Draft(
        kind, tidy(body), item_id, idea_id, tidy(reason), tidy(next_step), due, owner_id,
        move_to, exit_id, reason_code, supersedes,
    )  # fmt: skip
    with writing(db, actor, Action.HOLD_MEETING, subject=f"meeting:{meeting_id}") as write:
        meeting = calling.begun(write.tx, meeting_id)
        draft = check(db, write.tx, actor, meeting, draft)
        resolution_id = _insert(write.tx, actor, meeting_id, draft)
        if draft.owner_id is not None:
            tell(
                write.tx,
                Notice.ACTION,
                (),
                idea_id=None,
                by=actor.person_id,
                person_ids=[draft.owner_id],
                about=f"resolution {resolution_id}",
            )
        write.detail.update(resolution=resolution_id, kind=str(kind), idea=draft.idea_id)
    return resolution_id


def publish(db: Database, actor: Actor, resolution_id: int) -> None:
    """Let the team of the idea read a decision about it, and tell the team.

    :raises Invalid: when it is no decision about an idea, is published already, or another has
        taken its place. :raises NotAllowed: without the right.
    :raises NotFound: when there is none.
    """
    with writing(db, actor, Action.PUBLISH_DECISION) as write:
        decision = _standing(write, actor, resolution_id)
        if decision.kind is not Kind.DECISION or decision.idea_id is None:
            raise Invalid(_("Only a decision about an idea is published to its team."))
        require_for_idea(write.tx, actor, Action.PUBLISH_DECISION, decision.idea_id)
        if decision.published_at is not None:
            raise Invalid(_("The decision is published already."))
        _append(write, actor, resolution_id, "published")
        tell(
            write.tx,
            Notice.RECEIPT,
            ("team",),
            idea_id=decision.idea_id,
            by=actor.person_id,
            about=f"resolution {resolution_id}",
        )


def carry_out(
    db: Database,
    actor: Actor,
    resolution_id: int,
    expected_seq: int | None = None,
    *,
    gates: Mapping[str, Outcome] | None = None,
    note: str = "",
) -> pipeline.Move:
    """Make the move that a decision says, and keep which row of the ledger it became.

    ``gates`` marks those of the stage that is left, as for :func:`sandkasse.pipeline.move_idea`.
    The team reads ``note`` with the move; without one it says in which meeting it was decided.

    :raises Invalid, InvalidFields: when it decides no move, is carried out already, another has
        taken its place, or the move cannot be made. :raises NotAllowed, NotFound: without the right
        to move the idea. :raises Conflict: when somebody changed the idea after ``expected_seq``.
    """
    access.require(actor, Action.MOVE_IDEA)
    idea_id = db.value("SELECT idea_id FROM resolution WHERE resolution_id = ?", [resolution_id])
    if idea_id is None:
        known = receipts.found(db, actor, resolution_id)
        raise Invalid(_no_move()) if known else _not_there()
    with pipeline.changing(db, actor, Action.MOVE_IDEA, int(idea_id), expected_seq) as change:
        decision = _standing(change.write, actor, resolution_id, subject=False)
        if not decision.moves:
            raise Invalid(_no_move())
        if decision.carried_seq is not None:
            raise Invalid(_("The decision is carried out already."))
        words = tidy(note) or _("Decided in the meeting «{title}».").format(
            title=decision.meeting_title
        )
        move = _make(change, decision, words, gates)
        _append(change.write, actor, resolution_id, "carried", ledger_seq=move.seq)
        return move


def mark_done(db: Database, actor: Actor, resolution_id: int, note: str = "") -> None:
    """Say that an action is done: its owner, or a lead.

    :raises Invalid: when it is no action, is done already, or another has taken its place.
    :raises NotAllowed: for others. :raises NotFound: when there is none.
    """
    with writing(db, actor, Action.DO_ACTION) as write:
        action = _own_action(write, actor, resolution_id)
        if action.done_at is not None:
            raise Invalid(_("It is done already."))
        _append(write, actor, resolution_id, "done", note=note)


def reopen(db: Database, actor: Actor, resolution_id: int, note: str = "") -> None:
    """Say that an action is not done after all: its owner, or a lead.

    :raises Invalid: when it is no action, is not done, or another has taken its place.
    :raises NotAllowed: for others. :raises NotFound: when there is none.
    """
    with writing(db, actor, Action.DO_ACTION) as write:
        action = _own_action(write, actor, resolution_id)
        if action.done_at is None:
            raise Invalid(_("It is not done."))
        _append(write, actor, resolution_id, "reopened", note=note)


def _make(
    change: pipeline.Change,
    decision: Resolution,
    words: str,
    gates: Mapping[str, Outcome] | None,
) -> pipeline.Move:
    if decision.exit_id is not None:
        return pipeline.leave_within(
            change, exit_id=decision.exit_id, reason=decision.reason_code or "", note=words
        )
    return pipeline.move_within(
        change, to=decision.move_to or "", reason=decision.reason_code, note=words, gates=gates
    )


def _standing(
    write: Writing, actor: Actor, resolution_id: int, *, subject: bool = True
) -> Resolution:
    """The resolution that is written about, while it stands.

    :raises NotFound: when there is none. :raises Invalid: when another has taken its place.
    """
    found = receipts.found(write.tx, actor, resolution_id)
    if found is None:
        raise _not_there()
    if found.superseded_by is not None:
        raise Invalid(_("A later one has taken its place. Use that one."))
    if subject:
        write.subject = f"resolution:{resolution_id}"
    return found


def _own_action(write: Writing, actor: Actor, resolution_id: int) -> Resolution:
    found = receipts.found(write.tx, actor, resolution_id)
    owned = found is not None and found.owner_id == actor.person_id
    if not owned and Scope.ANY not in access.scopes(actor, Action.DO_ACTION):
        if found is not None and access.may(actor, Action.SEE_MEETINGS):
            raise access.refused(Action.DO_ACTION)
        raise _not_there()
    found = _standing(write, actor, resolution_id)
    if found.kind is not Kind.ACTION:
        raise Invalid(_("Only an action can be done."))
    return found


def _not_there() -> NotFound:
    return NotFound(_("There is no such result of a meeting."))


def _no_move() -> str:
    return _("The decision does not say where the idea is to move.")


def _insert(tx: Transaction, actor: Actor, meeting_id: int, draft: Draft) -> int:
    return int(
        tx.value(
            """
            INSERT INTO resolution (meeting_id, item_id, kind, idea_id, body, reason, next_step,
                                    due, owner_id, move_to, exit_id, reason_code, supersedes,
                                    actor_id, recorded_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            RETURNING resolution_id
            """,
            [
                meeting_id, draft.item_id, str(draft.kind), draft.idea_id, draft.body,
                draft.reason, draft.next_step, draft.due, draft.owner_id, draft.move_to,
                draft.exit_id, draft.reason_code, draft.supersedes, actor.person_id, clock.now(),
            ],
        )
    )  # fmt: skip


def _append(
    write: Writing,
    actor: Actor,
    resolution_id: int,
    kind: str,
    *,
    ledger_seq: int | None = None,
    note: str = "",
) -> None:
    words = tidy(note)
    if fault := problem_with(words, "note"):
        raise Invalid(fault, "note")
    write.tx.execute(
        """
        INSERT INTO resolution_event
            (resolution_id, seq, kind, ledger_seq, note, actor_id, recorded_at)
        SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ?, ? FROM resolution_event
        WHERE resolution_id = ?
        """,
        [resolution_id, kind, ledger_seq, words, actor.person_id, clock.now(), resolution_id],
    )
    write.detail.update(resolution=resolution_id, event=kind)
