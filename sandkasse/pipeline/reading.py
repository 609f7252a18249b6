"""Reading the ledger back: the history of an idea, for rules and for screens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sandkasse import people
from sandkasse.access import Action, require_for_idea
from sandkasse.database import Database, Reader
from sandkasse.ledger import (
    Kind,
    Party,
    Row,
)
from sandkasse.people import Actor


@dataclass(frozen=True)
class Happening:
    """One row of an idea's history as a screen shows it."""

    row: Row
    actor: str
    voided_by: int | None


def history(reader: Database | Reader, idea_id: int) -> list[Row]:
    """All rows of an idea's ledger by number; the caller checks the right to see the idea."""
    return histories(reader, [idea_id]).get(idea_id, [])


def histories(reader: Database | Reader, idea_ids: Sequence[int]) -> dict[int, list[Row]]:
    """The rows of these ideas' ledgers by number; ideas without one are left out."""
    found: dict[int, list[Row]] = {}
    for (
        idea_id, seq, kind, from_stage, stage_id, exit_id, handed_to, merged_into, voids_seq,
        reason, note, timing, occurred_at, recorded_at, actor_id, actor_name,
    ) in reader.rows(
        """
        SELECT idea_id, seq, kind, from_stage, stage_id, exit_id, ball, merged_into, voids_seq,
               reason, note, timing, occurred_at, recorded_at, actor_id, actor_name
        FROM ledger
        WHERE idea_id IN (SELECT unnest(?::BIGINT[]))
        ORDER BY idea_id, seq
        """,
        [list(idea_ids)],
    ):  # fmt: skip
        row = Row(
            seq=seq,
            kind=Kind(kind),
            from_stage=from_stage,
            stage_id=stage_id,
            exit_id=exit_id,
            ball=Party(handed_to) if handed_to else None,
            merged_into=merged_into,
            voids_seq=voids_seq,
            reason=reason,
            note=note,
            timing=timing,
            occurred_at=occurred_at,
            recorded_at=recorded_at,
            actor_id=actor_id,
            actor_name=actor_name,
        )
        found.setdefault(idea_id, []).append(row)
    return found


def timeline(db: Database, actor: Actor, idea_id: int) -> list[Happening]:
    """What happened to an idea, latest first, corrections included.

    :raises NotFound: when the idea is out of the actor's reach.
    """
    require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    rows = history(db, idea_id)
    voids = {row.voids_seq: row.seq for row in rows if row.kind is Kind.VOID}
    names = people.names(db, [row.actor_id for row in rows])
    latest_first = sorted(rows, key=lambda row: (row.occurred_at, row.seq), reverse=True)
    return [
        Happening(row, row.actor_name or names.get(row.actor_id or 0, ""), voids.get(row.seq))
        for row in latest_first
    ]


def gave_ball(happenings: Sequence[Happening], party: Party, since: datetime) -> Happening | None:
    """What last gave the ball to ``party``, who has had it ``since``, out of an idea's happenings,
    latest first; None when an agency's answer gave it back."""
    for one in happenings:
        if one.row.ball is not None and one.voided_by is None:
            return one if one.row.ball is party and one.row.occurred_at >= since else None
    return None
