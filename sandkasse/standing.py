"""Bringing the standing of many ideas in step with the ledger at once, in SQL.

A single write keeps the standing with :func:`sandkasse.ledger.replay`; loads of many ideas use
this. Tests hold the two together.
"""

from collections.abc import Collection

from sandkasse.database import Transaction

_REFRESH = """
UPDATE idea
SET last_seq = s.last_seq, stage_id = s.stage_id, furthest = s.furthest, first_at = s.first_at,
    stage_at = s.stage_at, earlier_days = s.earlier_days, visits = s.visits, exit_id = s.exit_id,
    exit_kind = s.exit_kind, exit_at = s.exit_at, held_at = s.held_at, ball = s.ball,
    ball_at = s.ball_at, merged_into = s.merged_into
FROM standing_of_ledger AS s
WHERE s.idea_id = idea.idea_id
"""


def refresh_standing(tx: Transaction, idea_ids: Collection[int] | None = None) -> None:
    """Recompute the standing of these ideas, or of all when None."""
    if idea_ids is None:
        tx.execute(_REFRESH)
    else:
        tx.execute(_REFRESH + " AND idea.idea_id IN (SELECT unnest(?::BIGINT[]))", [list(idea_ids)])
