"""Gates: the criteria for leaving a stage, each met, not met, or waived with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sandkasse import clock, journeys
from sandkasse.access import Action, Writing, refused, require_for_idea, writing
from sandkasse.database import Database, Transaction
from sandkasse.errors import Invalid
from sandkasse.i18n import N_, _
from sandkasse.journeys import Gate, Journey
from sandkasse.people import Actor, Role
from sandkasse.texts import checked


class Outcome(StrEnum):
    """How a gate stands."""

    MET = "met"
    NOT_MET = "not_met"
    WAIVED = "waived"


OUTCOME_NAMES = {
    Outcome.MET: N_("Met"),
    Outcome.NOT_MET: N_("Not met"),
    Outcome.WAIVED: N_("Waived"),
}


@dataclass(frozen=True)
class GateState:
    """A gate of the stage an idea is in, and how it stands."""

    gate: Gate
    outcome: Outcome
    note: str | None


def states(db: Database, actor: Actor, idea_id: int) -> list[GateState]:
    """The gates of the stage the idea is in, for its level, in the journey's order.

    :raises NotFound: when the idea is out of the actor's reach.
    """
    require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    row = db.one("SELECT journey_id, level, stage_id FROM idea WHERE idea_id = ?", [idea_id])
    assert row is not None  # noqa: S101  (its reach was just checked)
    stage = journeys.get(db, row[0]).for_level(row[1]).stage(row[2])
    marks = _marks(db, idea_id, stage.id)
    return [GateState(gate, *marks.get(gate.id, (Outcome.NOT_MET, None))) for gate in stage.gates]


def mark_gate(
    db: Database,
    actor: Actor,
    idea_id: int,
    gate_id: str,
    outcome: Outcome,
    note: str | None = None,
) -> None:
    """Mark a gate of the stage the idea is in.

    :raises Invalid: an unknown gate, or a waiver without a note.
    :raises NotAllowed: when the gate is for others to attest. :raises NotFound: out of reach.
    """
    with writing(db, actor, Action.MARK_GATE, idea_id=idea_id) as write:
        row = write.tx.one(
            "SELECT journey_id, level, stage_id FROM idea WHERE idea_id = ?", [idea_id]
        )
        assert row is not None  # noqa: S101  (its reach was just checked)
        stage = journeys.get(db, row[0]).for_level(row[1]).stage(row[2])
        gate = next((gate for gate in stage.gates if gate.id == gate_id), None)
        if gate is None:
            raise Invalid(_("This is not a gate of the stage the idea is in."), "gates")
        _mark(write, actor, idea_id, stage.id, gate, outcome, note)


def pass_gates(
    write: Writing,
    actor: Actor,
    journey: Journey,
    idea_id: int,
    marked: Mapping[str, Outcome],
    note: str | None,
) -> None:
    """Mark the gates of the stage an idea is about to leave forward, and refuse while one is open.

    :raises Invalid: naming the gates that are neither met nor waived.
    """
    row = write.tx.one("SELECT level, stage_id FROM idea WHERE idea_id = ?", [idea_id])
    assert row is not None  # noqa: S101  (its reach was just checked)
    stage = journey.for_level(row[0]).stage(row[1])
    known = _marks(write.tx, idea_id, stage.id)
    open_gates = []
    for gate in stage.gates:
        before = known.get(gate.id, (Outcome.NOT_MET, None))[0]
        outcome = marked.get(gate.id, before)
        if outcome is not before:
            _mark(write, actor, idea_id, stage.id, gate, outcome, note)
        if outcome is Outcome.NOT_MET:
            open_gates.append(gate)
    if open_gates:
        raise Invalid(
            _("Before the idea can go on, say for each gate that it is met, or waive it."), "gates"
        )


def _mark(
    write: Writing,
    actor: Actor,
    idea_id: int,
    stage_id: str,
    gate: Gate,
    outcome: Outcome,
    note: str | None,
) -> None:
    words = checked(note, "note")
    if outcome is Outcome.WAIVED:
        if not actor.has(Role.MENTOR, Role.LEAD):
            told = _("Only a mentor or a lead can waive a gate.")
            raise refused(Action.MARK_GATE, f"idea:{idea_id}", told)
        if not words:
            raise Invalid(_("Say in a few words why the gate is waived."), "note")
    elif gate.attested_by and not actor.has(Role.LEAD, *map(Role, gate.attested_by)):
        told = _("This gate is for others to attest.")
        raise refused(Action.MARK_GATE, f"idea:{idea_id}", told)
    write.tx.execute(
        """
        INSERT INTO gate_mark
            (idea_id, seq, stage_id, gate_id, outcome, note, actor_id, recorded_at)
        SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ?, ?, ? FROM gate_mark WHERE idea_id = ?
        """,
        [
            idea_id, stage_id, gate.id, outcome, words or None,
            actor.person_id, clock.now(), idea_id,
        ],
    )  # fmt: skip
    write.detail.setdefault("gates", {})[gate.id] = outcome.value


def _marks(
    reader: Database | Transaction, idea_id: int, stage_id: str
) -> dict[str, tuple[Outcome, str | None]]:
    rows = reader.rows(
        """
        SELECT gate_id, arg_max(outcome, seq), arg_max(coalesce(note, ''), seq)
        FROM gate_mark WHERE idea_id = ? AND stage_id = ? GROUP BY gate_id
        """,
        [idea_id, stage_id],
    )
    return {gate_id: (Outcome(outcome), note or None) for gate_id, outcome, note in rows}
