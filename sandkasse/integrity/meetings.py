"""What meetings keep: the rules of its rows beyond those that every table has."""

from sandkasse.i18n import N_
from sandkasse.integrity.rules import Rule

MEETING_RULES = (
    Rule(
        "shape",
        """
        SELECT NULL, NULL, 'meeting ' || meeting_id
        FROM meeting
        WHERE closed_at < began_at
           OR (closed_at IS NOT NULL AND began_at IS NULL)
           OR (began_at IS NOT NULL AND cancelled_at IS NOT NULL)
        ORDER BY ALL
        """,
        N_("{what} was closed without having begun, or cancelled after it began."),
    ),
    Rule(
        "shape",
        """
        SELECT NULL, NULL, 'attendance ' || meeting_id || ', row ' || seq
        FROM attendance
        WHERE (person_id IS NULL) = (name IS NULL) OR name = ''
        ORDER BY ALL
        """,
        N_("{what} names neither a person nor a name, or both."),
    ),
    Rule(
        "sequence",
        """
        SELECT NULL, NULL, 'meeting ' || meeting_id
        FROM agenda_item
        WHERE removed_at IS NULL
        GROUP BY meeting_id
        HAVING min(position) <> 1 OR max(position) <> count(*)
            OR count(DISTINCT position) <> count(*)
        ORDER BY ALL
        """,
        N_("The agenda of {what} is not numbered from 1 without holes."),
    ),
    Rule(
        "shape",
        """
        SELECT idea_id, NULL, 'agenda item ' || item_id
        FROM agenda_item
        WHERE (source = 'seat') <> (agency_id IS NOT NULL)
        ORDER BY ALL
        """,
        N_("{what} lacks what it is about, or says too much."),
    ),
    Rule(
        "shape",
        """
        SELECT idea_id, NULL, 'resolution ' || resolution_id
        FROM resolution
        WHERE body = ''
           OR (kind = 'action') <> (owner_id IS NOT NULL)
           OR (kind = 'action' AND due IS NULL)
           OR (kind = 'information' AND due IS NOT NULL)
           OR (move_to IS NOT NULL AND exit_id IS NOT NULL)
           OR (coalesce(move_to, exit_id) IS NOT NULL
               AND (kind <> 'decision' OR idea_id IS NULL))
           OR (reason_code IS NOT NULL AND coalesce(move_to, exit_id) IS NULL)
           OR supersedes >= resolution_id
        ORDER BY ALL
        """,
        N_("{what} lacks what it is about, or says too much."),
    ),
    Rule(
        "reference",
        """
        SELECT r.idea_id, NULL, 'resolution ' || r.resolution_id
        FROM resolution AS r
        JOIN resolution AS e ON e.resolution_id = r.supersedes
        WHERE r.idea_id IS DISTINCT FROM e.idea_id
        ORDER BY ALL
        """,
        N_("{what} takes the place of one about something else."),
    ),
    Rule(
        "shape",
        """
        SELECT r.idea_id, NULL, 'resolution ' || e.resolution_id || ', event ' || e.seq
        FROM resolution_event AS e
        JOIN resolution AS r ON r.resolution_id = e.resolution_id
        WHERE (e.kind = 'carried') <> (e.ledger_seq IS NOT NULL)
           OR (e.kind IN ('done', 'reopened')) <> (r.kind = 'action')
           OR (e.kind = 'published' AND r.idea_id IS NULL)
           OR (e.kind = 'carried' AND coalesce(r.move_to, r.exit_id) IS NULL)
        ORDER BY ALL
        """,
        N_("{what} does not fit what it is about."),
    ),
    Rule(
        "reference",
        """
        SELECT r.idea_id, e.ledger_seq, 'resolution ' || e.resolution_id
        FROM resolution_event AS e
        JOIN resolution AS r ON r.resolution_id = e.resolution_id
        LEFT JOIN ledger AS l ON l.idea_id = r.idea_id AND l.seq = e.ledger_seq
        WHERE e.kind = 'carried'
          AND (l.stage_id IS DISTINCT FROM r.move_to OR l.exit_id IS DISTINCT FROM r.exit_id)
        ORDER BY ALL
        """,
        N_("{what} was carried out by a row that is not there, or that makes another move."),
    ),
)
