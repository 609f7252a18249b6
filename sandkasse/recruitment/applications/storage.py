"""Writing applications and their events, in a transaction of the caller's."""

from datetime import datetime

from sandkasse.application import (
    Event,
    Standing,
)
from sandkasse.database import Transaction
from sandkasse.people import Actor
from sandkasse.recruitment.applications.register import Applying
from sandkasse.recruitment.papers import Paper


def insert(
    tx: Transaction, position_id: int, actor: Actor, applying: Applying, words: str, now: datetime
) -> int:
    return int(
        tx.value(
            """
            INSERT INTO application (position_id, person_id, words, source, graduation, created_at,
                                     last_seq, state, state_at, received_at, furthest)
            VALUES (?, ?, ?, ?, ?, ?, 1, 'received', ?, ?, 0)
            RETURNING application_id
            """,
            [
                position_id, actor.person_id, words, applying.source, applying.graduation, now,
                now, now,
            ],
        )
    )  # fmt: skip


def append(tx: Transaction, application_id: int, event: Event) -> None:
    tx.execute(
        """
        INSERT INTO application_event (application_id, seq, kind, reason, seat_no, until_on,
                                       next_step, voids_seq, note, timing, occurred_at,
                                       recorded_at, actor_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            application_id, event.seq, event.kind, event.reason, event.seat_no, event.until_on,
            event.next_step, event.voids_seq, event.note, event.timing, event.occurred_at,
            event.recorded_at, event.actor_id,
        ],
    )  # fmt: skip


def store(tx: Transaction, application_id: int, seq: int, standing: Standing) -> None:
    """Keep where an application stands after its event number ``seq``."""
    tx.execute(
        """
        UPDATE application
        SET last_seq = ?, state = ?, state_at = ?, received_at = ?, furthest = ?, seat_no = ?,
            started_on = ?, until_on = ?, ended_on = ?, next_step = ?
        WHERE application_id = ?
        """,
        [
            seq, standing.state, standing.state_at, standing.received_at, standing.furthest,
            standing.seat_no, standing.started_on, standing.until_on, standing.ended_on,
            standing.next_step, application_id,
        ],
    )  # fmt: skip


def keep_paper(tx: Transaction, application_id: int, kept: Paper, now: datetime) -> None:
    tx.execute(
        """
        INSERT INTO application_paper (application_id, name, pages, size, content, added_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        [application_id, kept.name, kept.pages, len(kept.content), kept.content, now],
    )
