"""The notices that the people of a demonstration find on their own pages."""

from datetime import UTC, datetime, timedelta

from sandkasse.database import Transaction

_DAYS, _UNREAD_DAYS = 42, 7

# As pipeline and touchpoints tell of what happens: to the team and the mentors, but for who did it.
_TELL = """
INSERT INTO notice (person_id, kind, idea_id, touchpoint_id, created_at, read_at)
WITH persona AS (
    SELECT person_id FROM person WHERE person_id = ANY ($people)
),
concerned AS (
    SELECT idea_id, person_id, 'team' AS part FROM team_of SEMI JOIN persona USING (person_id)
    UNION
    SELECT idea_id, mentor_id, 'mentor' FROM mentor_of
    SEMI JOIN persona ON persona.person_id = mentor_of.mentor_id
),
happened AS (
    SELECT idea_id, CASE kind WHEN 'handover' THEN 'ball' ELSE 'move' END AS kind,
           NULL AS touchpoint_id, recorded_at, actor_id, ball
    FROM ledger
    WHERE kind IN ('move', 'handover', 'exit', 'reopen') AND recorded_at > $since
    UNION ALL
    SELECT t.idea_id,
           CASE e.kind WHEN 'question' THEN 'question' WHEN 'answer' THEN 'answer'
                       ELSE 'decided' END,
           e.touchpoint_id, e.recorded_at, e.actor_id, NULL
    FROM touchpoint_event AS e JOIN touchpoint AS t USING (touchpoint_id)
    WHERE e.kind IN ('question', 'answer', 'decided') AND e.recorded_at > $since
)
SELECT c.person_id, h.kind, h.idea_id, h.touchpoint_id, h.recorded_at,
       CASE WHEN h.recorded_at < $read THEN h.recorded_at + INTERVAL 5 HOUR END
FROM happened AS h
JOIN concerned AS c USING (idea_id)
WHERE c.person_id IS DISTINCT FROM h.actor_id
  AND (h.kind <> 'ball' OR (c.part = 'team') = (h.ball = 'student'))
ORDER BY h.recorded_at, h.idea_id, c.person_id
"""


def tell_personas(tx: Transaction, person_ids: list[int], now: int) -> None:
    """Tell these people what concerned them in the last six weeks; a week of it is unread.

    ``now`` is in whole seconds since 1970.
    """
    today = datetime.fromtimestamp(now, UTC)
    tx.execute(
        _TELL,
        {
            "people": person_ids,
            "since": today - timedelta(days=_DAYS),
            "read": today - timedelta(days=_UNREAD_DAYS),
        },
    )
