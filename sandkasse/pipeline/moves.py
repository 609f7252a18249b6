"""Moves, holds, exits, handovers and corrections: each appended to the ledger as a whole."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sandkasse import ball, journeys, moments, reasons
from sandkasse.access import Action, Writing, out_of_reach, require_for_idea, writing
from sandkasse.database import Database, Transaction
from sandkasse.errors import Conflict, Invalid
from sandkasse.gates import Outcome, pass_gates
from sandkasse.i18n import _
from sandkasse.journeys import Journey, Stage
from sandkasse.ledger import (
    BALL_AFTER,
    RULES,
    Broken,
    Kind,
    Party,
    Row,
    Standing,
    effective,
    replay,
    stage_before,
)
from sandkasse.notices import Notice, tell
from sandkasse.people import Actor
from sandkasse.pipeline.reading import history
from sandkasse.reasons import Occasion
from sandkasse.standing import matters, store_ball
from sandkasse.texts import checked


@dataclass(frozen=True)
class Move:
    """What a write did: the idea, the row's number, and where the idea stands now."""

    idea_id: int
    seq: int
    standing: Standing


class Change:
    """An idea's history under change: read, found to be the one expected, and appended to."""

    def __init__(self, db: Database, write: Writing, actor: Actor, idea_id: int) -> None:
        found = write.tx.value("SELECT journey_id FROM idea WHERE idea_id = ?", [idea_id])
        if found is None:
            raise out_of_reach(Action.SEE_IDEA, "idea", idea_id)
        self.write, self.actor, self.idea_id = write, actor, idea_id
        self.journey: Journey = journeys.get(db, found)
        self.positions = {stage.id: stage.position for stage in self.journey.stages}
        self.rows = history(write.tx, idea_id)
        self.matters = matters(write.tx, idea_id)
        self.ball = ball.replay(self.rows, self.matters)
        self.standing = ball.with_ball(replay(self.rows, self.positions), self.ball)

    def expect(self, seq: int) -> None:
        """Refuse to go on when rows were added after ``seq``.

        :raises Conflict: naming who added the last one.
        """
        last = self.rows[-1]
        if last.seq != seq:
            who = self.write.tx.value(
                "SELECT name FROM person WHERE person_id = ?", [last.actor_id]
            )
            raise Conflict(
                _("{name} changed this idea meanwhile. Look at it again before you go on.").format(
                    name=who or _("Somebody else")
                )
            )

    def stage(self, stage_id: str) -> Stage:
        """The journey's stage of this id. :raises Invalid: when there is none."""
        if stage_id not in self.positions:
            raise Invalid(_("Choose one of the stages in the list."), "to")
        return self.journey.stage(stage_id)

    def way_out(self, kind: str) -> str:
        """The id of the journey's exit of this kind. :raises Invalid: when there is none."""
        for way in self.journey.exits:
            if way.kind == kind:
                return way.id
        raise Invalid(_("This journey has no such way out. Ask the project lead."), "exit_id")

    def append(
        self,
        kind: Kind,
        *,
        note: str | None = None,
        occurred_at: datetime | None = None,
        **what: Any,
    ) -> Move:
        """Append a row of ``kind`` with its particulars, and bring the standing up to date.

        :raises Invalid: when it cannot follow what is there, or its time is not possible.
        :raises InvalidFields: a faulty note.
        """
        recorded_at = moments.recorded(one.recorded_at for one in self.rows)
        row = Row(
            seq=self.rows[-1].seq + 1,
            kind=kind,
            note=checked(note, "note") or None,
            occurred_at=moments.possible(occurred_at, recorded_at),
            recorded_at=recorded_at,
            actor_id=self.actor.person_id,
            **{"ball": BALL_AFTER.get(kind), **what},
        )
        row = replace(row, from_stage=stage_before(self.rows, row))
        rows = [*self.rows, row]
        try:
            standing = replay(rows, self.positions)
        except Broken as broken:
            raise Invalid(_(RULES[broken.rule])) from None
        after = ball.replay(rows, self.matters)
        standing = ball.with_ball(standing, after)
        insert_row(self.write.tx, self.idea_id, row)
        _store_standing(self.write.tx, self.idea_id, row.seq, standing, self.journey)
        store_ball(self.write.tx, self.idea_id, self.ball, after)
        self._tell(row)
        self.write.detail.update(seq=row.seq, kind=kind.value)
        return Move(self.idea_id, row.seq, standing)

    def _tell(self, row: Row) -> None:
        """Tell those concerned what has just happened."""
        if row.kind is Kind.HANDOVER and row.ball is not None:
            notice, to = Notice.BALL, _TOLD_OF_THE_BALL[row.ball]
        elif row.kind in (Kind.MOVE, Kind.EXIT, Kind.REOPEN):
            notice, to = Notice.MOVE, ("team", "mentors")
        else:
            return
        by = self.actor.person_id
        tell(self.write.tx, notice, to, idea_id=self.idea_id, by=by)


_TOLD_OF_THE_BALL = {
    Party.STUDENT: ("team",),
    Party.MENTOR: ("mentors",),
    Party.PROJECT: ("leads",),
    Party.AGENCY: (),
}


@contextmanager
def changing(
    db: Database, actor: Actor, action: Action, idea_id: int, expected_seq: int | None
) -> Iterator[Change]:
    """A write to an idea's ledger that was decided on its row ``expected_seq`` (None: on whatever
    its last row is).

    :raises NotAllowed: without the right. :raises NotFound: when the idea is out of reach.
    :raises Conflict: when somebody changed the idea meanwhile, naming who.
    """
    with writing(db, actor, action, idea_id=idea_id) as write:
        change = Change(db, write, actor, idea_id)
        if expected_seq is not None:
            change.expect(expected_seq)
        yield change


def move_idea(
    db: Database,
    actor: Actor,
    idea_id: int,
    *,
    to: str,
    expected_seq: int,
    reason: str | None = None,
    note: str | None = None,
    gates: Mapping[str, Outcome] | None = None,
    occurred_at: datetime | None = None,
) -> Move:
    """Move an open idea to another stage, forward or back; this takes it off hold.

    Forward, every gate of the stage it leaves must be met, or waived with a note; ``gates`` marks
    them in the same write. Back, a reason is needed.

    :raises Invalid: an unknown stage, the same stage, gates left open, a missing reason, or a time
        in the future or before 1900. Other errors as for :func:`changing`.
    """
    with changing(db, actor, Action.MOVE_IDEA, idea_id, expected_seq) as change:
        return move_within(
            change, to=to, reason=reason, note=note, gates=gates, occurred_at=occurred_at
        )


def move_within(
    change: Change,
    *,
    to: str,
    reason: str | None,
    note: str | None,
    gates: Mapping[str, Outcome] | None = None,
    occurred_at: datetime | None = None,
) -> Move:
    """As :func:`move_idea`, as part of a change that has checked the right."""
    target = change.stage(to)
    if not change.standing.is_open:
        raise Invalid(_(RULES["left"]), "to")
    if target.id == change.standing.stage_id:
        raise Invalid(_("The idea is in that stage already."), "to")
    if target.position < change.positions[change.standing.stage_id]:
        reasons.check(Occasion.BACK, reason, note)
    else:
        pass_gates(change.write, change.actor, change.journey, change.idea_id, gates or {}, note)
    return change.append(Kind.MOVE, stage_id=to, reason=reason, note=note, occurred_at=occurred_at)


def hold_idea(
    db: Database,
    actor: Actor,
    idea_id: int,
    *,
    expected_seq: int,
    reason: str,
    note: str | None = None,
) -> Move:
    """Put an idea on hold, with a reason. Errors as for :func:`move_idea`."""
    with changing(db, actor, Action.MOVE_IDEA, idea_id, expected_seq) as change:
        reasons.check(Occasion.HOLD, reason, note)
        return change.append(Kind.HOLD, reason=reason, note=note)


def resume_idea(db: Database, actor: Actor, idea_id: int, *, expected_seq: int) -> Move:
    """Take an idea off hold. Errors as for :func:`move_idea`."""
    with changing(db, actor, Action.MOVE_IDEA, idea_id, expected_seq) as change:
        return change.append(Kind.RESUME)


def exit_idea(
    db: Database,
    actor: Actor,
    idea_id: int,
    *,
    exit_id: str,
    expected_seq: int,
    reason: str,
    note: str | None = None,
    occurred_at: datetime | None = None,
) -> Move:
    """Let an idea leave the journey, with a reason. A merge has its own write.

    :raises Invalid: an unknown exit or a missing reason; else as for :func:`move_idea`.
    """
    with changing(db, actor, Action.MOVE_IDEA, idea_id, expected_seq) as change:
        return leave_within(
            change, exit_id=exit_id, reason=reason, note=note, occurred_at=occurred_at
        )


def leave_within(
    change: Change,
    *,
    exit_id: str,
    reason: str,
    note: str | None,
    occurred_at: datetime | None = None,
) -> Move:
    """As :func:`exit_idea`, as part of a change that has checked the right."""
    reasons.check(Occasion.EXIT, reason, note)
    if exit_id not in {way.id for way in change.journey.exits if way.kind != "merged"}:
        raise Invalid(_("Choose one of the exits in the list."), "exit_id")
    return change.append(
        Kind.EXIT, exit_id=exit_id, reason=reason, note=note, occurred_at=occurred_at
    )


def withdraw_idea(
    db: Database,
    actor: Actor,
    idea_id: int,
    *,
    expected_seq: int,
    reason: str,
    note: str | None = None,
) -> Move:
    """The team takes its idea back, with a reason. Errors as for :func:`exit_idea`."""
    with changing(db, actor, Action.WITHDRAW_IDEA, idea_id, expected_seq) as change:
        reasons.check(Occasion.EXIT, reason, note)
        return change.append(
            Kind.EXIT, exit_id=change.way_out("withdrawn"), reason=reason, note=note
        )


def reopen_idea(
    db: Database,
    actor: Actor,
    idea_id: int,
    *,
    to: str,
    expected_seq: int,
    reason: str,
    note: str | None = None,
) -> Move:
    """Bring an idea that has left back, with a reason. Errors as for :func:`move_idea`."""
    with changing(db, actor, Action.MOVE_IDEA, idea_id, expected_seq) as change:
        reasons.check(Occasion.REOPEN, reason, note)
        return change.append(Kind.REOPEN, stage_id=change.stage(to).id, reason=reason, note=note)


def hand_over(
    db: Database,
    actor: Actor,
    idea_id: int,
    *,
    to: Party,
    expected_seq: int,
    note: str | None = None,
) -> Move:
    """Give the next step to the student, the mentors («ready for review», «back to you») or the
    project. An agency gets it when a matter is sent (see :mod:`sandkasse.touchpoints`).

    :raises Invalid: when that party has it already. Other errors as for :func:`changing`.
    """
    with changing(db, actor, Action.HAND_OVER, idea_id, expected_seq) as change:
        if to is Party.AGENCY:
            raise Invalid(_("An agency has the ball when a matter is sent to it."))
        if change.standing.ball is to:
            raise Invalid(_("They have the next step already."))
        return change.append(Kind.HANDOVER, ball=to, note=note)


def undo(
    db: Database,
    actor: Actor,
    idea_id: int,
    *,
    seq: int,
    expected_seq: int,
    reason: str = "mistake",
    note: str | None = None,
) -> Move:
    """Declare a row never to have been; what is left must still make a history.

    :raises Invalid: when the row is gone or the rest would not hold together.
        Other errors as for :func:`changing`.
    """
    with changing(db, actor, Action.UNDO, idea_id, expected_seq) as change:
        reasons.check(Occasion.CORRECTION, reason, note)
        if seq not in {row.seq for row in effective(change.rows)}:
            raise Invalid(_(RULES["nothing"]))
        return change.append(Kind.VOID, voids_seq=seq, reason=reason, note=note)


def merge_ideas(
    db: Database,
    actor: Actor,
    idea_id: int,
    *,
    into: int,
    expected_seq: int,
    note: str | None = None,
) -> Move:
    """Let an idea leave as the same as another, which goes on; :func:`undo` takes it back.

    :raises Invalid: when both are one, are of different journeys, or the other has itself left.
        Other errors as for :func:`changing`.
    """
    with changing(db, actor, Action.MERGE_IDEAS, idea_id, expected_seq) as change:
        require_for_idea(change.write.tx, actor, Action.MERGE_IDEAS, into)
        other = change.write.tx.one(
            "SELECT journey_id, exit_id FROM idea WHERE idea_id = ?", [into]
        )
        if into == idea_id:
            raise Invalid(_("An idea cannot be merged into itself."), "into")
        if other is None or other[0] != change.journey.id:
            raise Invalid(_("Only ideas of the same sandbox can be merged."), "into")
        if other[1] is not None:
            raise Invalid(
                _("The other idea has left the journey. Choose one that goes on."), "into"
            )
        return change.append(
            Kind.EXIT,
            exit_id=change.way_out("merged"),
            merged_into=into,
            reason="duplicate",
            note=note,
        )


def insert_row(tx: Transaction, idea_id: int, row: Row) -> None:
    """Append one row to an idea's ledger; the caller keeps the standing in step."""
    tx.execute(
        """
        INSERT INTO ledger (idea_id, seq, kind, from_stage, stage_id, exit_id, ball, merged_into,
                            voids_seq, reason, note, timing, occurred_at, recorded_at, actor_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            idea_id, row.seq, row.kind, row.from_stage, row.stage_id, row.exit_id, row.ball,
            row.merged_into, row.voids_seq, row.reason, row.note, row.timing, row.occurred_at,
            row.recorded_at, row.actor_id,
        ],
    )  # fmt: skip


def _store_standing(
    tx: Transaction, idea_id: int, seq: int, standing: Standing, journey: Journey
) -> None:
    tx.execute(
        """
        UPDATE idea
        SET last_seq = ?, stage_id = ?, furthest = ?, first_at = ?, stage_at = ?, earlier_days = ?,
            visits = ?, exit_id = ?, exit_kind = ?, exit_at = ?, held_at = ?, merged_into = ?
        WHERE idea_id = ?
        """,
        [
            seq, standing.stage_id, standing.furthest, standing.first_at, standing.stage_at,
            standing.earlier_days, standing.visits, standing.exit_id,
            journey.exit(standing.exit_id).kind if standing.exit_id else None,
            standing.exit_at, standing.held_at, standing.merged_into, idea_id,
        ],
    )  # fmt: skip
