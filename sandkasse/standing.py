"""Keeping in step what is worked out from the ledger and the touchpoints' events: where each idea
and each matter stands, and whose turn it has been.

A single write keeps them with :mod:`sandkasse.ledger`, :mod:`sandkasse.matter` and
:mod:`sandkasse.ball`; loads of many do it in SQL. Tests hold the two together.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sandkasse.ball import PARKED, Ball, Matter, Turn
from sandkasse.database import Database, Reader, Transaction
from sandkasse.matter import Event, Kind, Outcome, Standing

_REFRESH = """
UPDATE idea
SET last_seq = s.last_seq, stage_id = s.stage_id, furthest = s.furthest, first_at = s.first_at,
    stage_at = s.stage_at, earlier_days = s.earlier_days, visits = s.visits, exit_id = s.exit_id,
    exit_kind = s.exit_kind, exit_at = s.exit_at, held_at = s.held_at,
    merged_into = s.merged_into
FROM standing_of_ledger AS s
WHERE s.idea_id = idea.idea_id AND s.idea_id BETWEEN $first AND $last
"""

_REFRESH_BALL = """
UPDATE idea
SET ball = b.ball, ball_at = b.ball_at, ball_agencies = b.ball_agencies, turn_at = b.turn_at
FROM ball_of_ledger AS b
WHERE b.idea_id = idea.idea_id AND b.idea_id BETWEEN $first AND $last
"""

_REFRESH_MATTERS = """
UPDATE touchpoint
SET state = m.state, state_at = m.state_at, opened_at = m.opened_at, sent_at = m.sent_at,
    agency_days = m.agency_days, decided_days = m.decided_days, questions = m.questions,
    outcome = m.outcome, last_seq = n.last_seq
FROM matter('infinity'::TIMESTAMP, 'infinity'::TIMESTAMP) AS m,
     (SELECT touchpoint_id, max(seq) AS last_seq FROM touchpoint_event GROUP BY ALL) AS n
WHERE m.touchpoint_id = touchpoint.touchpoint_id AND n.touchpoint_id = touchpoint.touchpoint_id
  AND m.touchpoint_id BETWEEN $first AND $last AND n.touchpoint_id BETWEEN $first AND $last
"""

_ENDED_TURNS = """
INSERT INTO turn (idea_id, stage_id, party, begins_at, ends_at)
SELECT idea_id, stage_id, party, begins_at, ends_at
FROM turn_of('infinity'::TIMESTAMP, 'infinity'::TIMESTAMP) AS told
WHERE ends_at IS NOT NULL AND idea_id BETWEEN $first AND $last
"""

_FORGET_TURNS = "DELETE FROM turn WHERE idea_id BETWEEN $first AND $last"

_THESE = " AND {table}.idea_id IN (SELECT unnest($these::BIGINT[]))"

#: Loads are worked out for so many ideas, or matters, at a time, so that the memory they take does
#: not grow with the bank. The ends of a chunk are bounds in the SQL, which DuckDB pushes down.
CHUNK = 20_000


def refresh_standing(tx: Transaction, idea_ids: Collection[int] | None = None) -> None:
    """Recompute the standing and the turns of these ideas, or of all when None, and of all
    matters."""
    for first, last in _spans(tx, "touchpoint"):
        tx.execute(_REFRESH_MATTERS, {"first": first, "last": last})
    if idea_ids is None:
        for first, last in _spans(tx, "idea"):
            _refresh_ideas(tx, {"first": first, "last": last})
        return
    wanted = sorted(set(idea_ids))
    for start in range(0, len(wanted), CHUNK):
        these = wanted[start : start + CHUNK]
        _refresh_ideas(tx, {"first": these[0], "last": these[-1], "these": these})


def _spans(tx: Transaction, table: str) -> Iterator[tuple[int, int]]:
    """The first and last id of each chunk of a table that has its ids in the order of its rows."""
    found = tx.one(f"SELECT min({table}_id), max({table}_id) FROM {table}")  # noqa: S608
    if found is not None and found[0] is not None:
        for first in range(found[0], found[1] + 1, CHUNK):
            yield first, first + CHUNK - 1


def _refresh_ideas(tx: Transaction, chunk: dict[str, Any]) -> None:
    for sql, table in (
        (_REFRESH, "idea"),
        (_REFRESH_BALL, "idea"),
        (_FORGET_TURNS, "turn"),
        (_ENDED_TURNS, "told"),
    ):
        tx.execute(sql + (_THESE.format(table=table) if "these" in chunk else ""), chunk)


def matters(reader: Database | Reader, idea_id: int) -> list[Matter]:
    """The touchpoints of an idea with their events; the caller checks the right to see them."""
    owners = reader.rows(
        "SELECT touchpoint_id, agency_id FROM touchpoint WHERE idea_id = ?", [idea_id]
    )
    if not owners:
        return []
    told = events(reader, [touchpoint_id for touchpoint_id, _ in owners])
    return [Matter(key, agency_id, tuple(told.get(key, ()))) for key, agency_id in owners]


def events(reader: Database | Reader, touchpoint_ids: Sequence[int]) -> dict[int, list[Event]]:
    """The events of these touchpoints by number; those without one are left out."""
    found: dict[int, list[Event]] = {}
    for touchpoint_id, seq, kind, occurred_at, recorded_at, outcome, *rest in reader.rows(
        """
        SELECT touchpoint_id, seq, kind, occurred_at, recorded_at, outcome, voids_seq, note,
               actor_id, timing, actor_name
        FROM touchpoint_event
        WHERE touchpoint_id IN (SELECT unnest(?::BIGINT[]))
        ORDER BY touchpoint_id, seq
        """,
        [list(touchpoint_ids)],
    ):
        event = Event(
            seq, Kind(kind), occurred_at, recorded_at, Outcome(outcome) if outcome else None, *rest
        )
        found.setdefault(touchpoint_id, []).append(event)
    return found


def store_ball(tx: Transaction, idea_id: int, before: Ball | None, after: Ball) -> None:
    """Keep who has the ball now, and the turns that have ended; ``before`` is what is kept."""
    lasting = after.turns[-1] if after.turns and after.turns[-1].ends_at is None else None
    tx.execute(
        "UPDATE idea SET ball = ?, ball_at = ?, ball_agencies = ?, turn_at = ? WHERE idea_id = ?",
        [
            after.party, after.since, " ".join(after.agencies),
            lasting.begins_at if lasting else None, idea_id,
        ],
    )  # fmt: skip
    kept = _ended(before.turns) if before else []
    ended = _ended(after.turns)
    if ended[: len(kept)] != kept:
        tx.execute("DELETE FROM turn WHERE idea_id = ?", [idea_id])
        kept = []
    tx.executemany(
        "INSERT INTO turn (idea_id, stage_id, party, begins_at, ends_at) VALUES (?, ?, ?, ?, ?)",
        [
            [idea_id, turn.stage_id, turn.party, turn.begins_at, turn.ends_at]
            for turn in ended[len(kept) :]
        ],
    )


def held_by(holder: str) -> tuple[str, dict[str, str]]:
    """The condition, with its values, that the ball of an open idea (as ``i``) is with ``holder``:
    a party, ``parked`` for those on hold, or ``agency:<id>`` for one agency."""
    party, _colon, agency_id = holder.partition(":")
    if party == PARKED:
        return "i.exit_id IS NULL AND i.held_at IS NOT NULL", {}
    parts = ["i.exit_id IS NULL AND i.held_at IS NULL AND i.ball = $holder"]
    values = {"holder": party}
    if agency_id:
        parts.append("list_contains(string_split(i.ball_agencies, ' '), $holder_agency)")
        values["holder_agency"] = agency_id
    return " AND ".join(parts), values


def store_matter(tx: Transaction, touchpoint_id: int, seq: int, standing: Standing) -> None:
    """Keep where a matter stands after its event number ``seq``."""
    tx.execute(
        """
        UPDATE touchpoint
        SET last_seq = ?, state = ?, state_at = ?, opened_at = ?, sent_at = ?, agency_days = ?,
            decided_days = ?, questions = ?, outcome = ?
        WHERE touchpoint_id = ?
        """,
        [
            seq, standing.state, standing.state_at, standing.opened_at, standing.sent_at,
            standing.agency_days, standing.decided_days, standing.questions, standing.outcome,
            touchpoint_id,
        ],
    )  # fmt: skip


def _ended(turns: Sequence[Turn]) -> list[Turn]:
    return [turn for turn in turns if turn.ends_at is not None]
