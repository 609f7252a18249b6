"""What meetings led to, read back: the results of a meeting, the receipts of an idea, and the
actions that somebody has.

A receipt says what was decided, why, what can be done now and by when. A decision is a draft until
it is published: the team of the idea reads it from then on, mentors and leads before. Of an idea
that a reader may not know, no word is told but what the reader wrote, or is to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sandkasse import access
from sandkasse.access import Action, Scope, require_for_idea
from sandkasse.database import Database, Reader
from sandkasse.i18n import N_
from sandkasse.meetings import calling
from sandkasse.meetings.calling import SERIES
from sandkasse.people import Actor


class Kind(StrEnum):
    """What a meeting led to."""

    INFORMATION = "information"
    DECISION = "decision"
    ACTION = "action"


KIND_NAMES = {
    Kind.INFORMATION: N_("Information"),
    Kind.DECISION: N_("Decision"),
    Kind.ACTION: N_("Action"),
}


@dataclass(frozen=True)
class Resolution:
    """A result of a meeting, and what came of it. Times are aware UTC.

    ``idea_title`` is None where the reader may not know it, and where it is about no idea (then
    ``idea_id`` is None as well). Where the reader may not know what it says about the idea, it is
    ``withheld``: its texts and reason are empty, and so is where the idea goes.
    ``superseded_by`` is the later resolution that
    took its place, and ``carried_seq`` the row of the idea's ledger that made the move it decided.
    ``supersedes_in`` and ``superseded_in`` are the meetings of what it took the place of, and of
    what took its place.
    """

    resolution_id: int
    meeting_id: int
    meeting_title: str
    meeting_at: datetime
    item_id: int | None
    kind: Kind
    idea_id: int | None
    idea_title: str | None
    body: str
    reason: str
    next_step: str
    due: date | None
    owner_id: int | None
    owner: str
    move_to: str | None
    exit_id: str | None
    reason_code: str | None
    supersedes: int | None
    superseded_by: int | None
    recorded_by: str
    recorded_at: datetime
    published_at: datetime | None
    carried_seq: int | None
    carried_at: datetime | None
    done_at: datetime | None
    withheld: bool
    supersedes_in: int | None = None
    superseded_in: int | None = None

    @property
    def moves(self) -> bool:
        """Whether it decides that the idea moves on, back, or out."""
        return self.move_to is not None or self.exit_id is not None

    @property
    def is_open(self) -> bool:
        """Whether it is an action that is not done and still stands."""
        return self.kind is Kind.ACTION and self.done_at is None and self.superseded_by is None

    def overdue(self, today: date) -> bool:
        """Whether it is an open action whose day has passed."""
        return self.is_open and self.due is not None and self.due < today


#: One row a resolution: what came of it. `superseded_by` is the resolution that took its place.
OUTCOME = """
SELECT r.resolution_id,
       min(e.recorded_at) FILTER (e.kind = 'published')    AS published_at,
       min(e.recorded_at) FILTER (e.kind = 'carried')      AS carried_at,
       min(e.ledger_seq) FILTER (e.kind = 'carried')       AS carried_seq,
       CASE WHEN arg_max(e.kind, e.seq) FILTER (e.kind IN ('done', 'reopened')) = 'done'
            THEN max(e.recorded_at) FILTER (e.kind = 'done') END AS done_at,
       min(l.resolution_id)                                AS superseded_by
FROM resolution AS r
LEFT JOIN resolution_event AS e ON e.resolution_id = r.resolution_id
LEFT JOIN resolution AS l ON l.supersedes = r.resolution_id
GROUP BY r.resolution_id
"""


def of_meeting(db: Database, actor: Actor, meeting_id: int) -> list[Resolution]:
    """The results of a meeting, in the order in which they were recorded.

    :raises NotAllowed: without the right. :raises NotFound: when there is no such meeting.
    """
    calling.get(db, actor, meeting_id)
    return _read(
        db, actor, "r.meeting_id = $meeting_id ORDER BY r.resolution_id", meeting_id=meeting_id
    )


def of_idea(db: Database, actor: Actor, idea_id: int) -> list[Resolution]:
    """The results of meetings about an idea, latest first: to its team the decisions that are
    published, to mentors and leads all.

    :raises NotFound: when the idea is out of the actor's reach.
    """
    require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    everything = Scope.ANY in access.scopes(actor, Action.SEE_IDEA)
    return _read(
        db,
        actor,
        """
        r.idea_id = $idea_id AND ($everything OR o.published_at IS NOT NULL)
        ORDER BY r.resolution_id DESC
        """,
        idea_id=idea_id,
        everything=everything,
    )


def due(db: Database, actor: Actor, idea_ids: Sequence[int]) -> list[Resolution]:
    """What meetings decided about these open ideas that has a day and still stands, soonest first:
    to the teams the decisions that are published, to mentors and leads the open actions as well.
    Of ideas out of the actor's reach nothing is told."""
    whole = access.reach(actor, Action.SEE_IDEA)
    everything = Scope.ANY in access.scopes(actor, Action.SEE_IDEA)
    if not idea_ids:
        return []
    found = _read(
        db,
        actor,
        f"""
        r.idea_id IN (SELECT unnest($idea_ids::BIGINT[])) AND i.exit_id IS NULL AND ({whole.sql})
        AND r.due IS NOT NULL
        AND (o.published_at IS NOT NULL OR ($everything AND r.kind = 'action'))
        ORDER BY r.due, r.resolution_id
        """,
        **whole.parameters,
        idea_ids=list(idea_ids),
        everything=everything,
    )
    return [one for one in found if one.superseded_by is None and one.done_at is None]


def standing_before(
    db: Database, actor: Actor, meeting_id: int, idea_id: int | None
) -> list[Resolution]:
    """What a result of this meeting could take the place of, latest first: what still stands about
    the idea, or (``idea_id`` None) about no idea in the same series of meetings.

    :raises NotAllowed: without the right. :raises NotFound: when there is no such meeting.
    """
    calling.get(db, actor, meeting_id)
    found = _read(
        db,
        actor,
        f"""
        r.idea_id IS NOT DISTINCT FROM $idea_id AND o.superseded_by IS NULL AND o.done_at IS NULL
        AND r.kind <> 'information'
        AND (r.idea_id IS NOT NULL OR {SERIES} = (
            SELECT {SERIES} FROM meeting AS m WHERE m.meeting_id = $meeting_id))
        ORDER BY r.resolution_id DESC
        """,  # noqa: S608
        idea_id=idea_id,
        meeting_id=meeting_id,
    )
    return [one for one in found if not one.withheld]


def own_actions(db: Database, actor: Actor) -> list[Resolution]:
    """The open actions that are the actor's, soonest due first. :raises NotAllowed: for somebody
    without a role."""
    access.require(actor, Action.DO_ACTION)
    return _read(
        db,
        actor,
        """
        r.owner_id = $owner_id AND r.kind = 'action'
        AND o.done_at IS NULL AND o.superseded_by IS NULL
        ORDER BY r.due, r.resolution_id
        """,
        owner_id=actor.person_id,
    )


def place_of(db: Database, actor: Actor, idea_id: int) -> tuple[str, str]:
    """The journey that an idea is in, and the stage where it is, for the choices of a decision.
    Whoever takes part in meetings may know the journey of any; the stage is empty for those who do
    not find the idea in the idea bank.

    :raises NotFound: when there is no such idea, or it is out of the actor's reach.
    """
    seen = access.in_idea_bank(actor)
    row = db.one(
        f"""
        SELECT i.journey_id, CASE WHEN ({seen.sql}) THEN i.stage_id ELSE '' END
        FROM idea AS i
        WHERE i.idea_id = $idea_id AND ($meetings OR ({seen.sql}))
        """,  # noqa: S608
        {
            **seen.parameters, "idea_id": idea_id,
            "meetings": access.may(actor, Action.SEE_MEETINGS),
        },
    )  # fmt: skip
    if row is None:
        raise access.out_of_reach(Action.SEE_IDEA, "idea", idea_id)
    return row[0], row[1]


def found(reader: Database | Reader, actor: Actor, resolution_id: int) -> Resolution | None:
    """A resolution, or None; the caller checks the right."""
    rows = _read(reader, actor, "r.resolution_id = $resolution_id", resolution_id=resolution_id)
    return rows[0] if rows else None


# What follows a decision that is not published is a draft too: to those who do not take part in
# meetings, neither it nor what it took the place of is named.
_RESOLUTIONS = """
WITH outcome_of AS ({outcome})
SELECT r.resolution_id, r.meeting_id, m.title, m.starts_at, r.item_id, r.kind, r.idea_id,
       CASE WHEN ({seen}) THEN i.title END,
       CASE WHEN {told} THEN r.body ELSE '' END,
       CASE WHEN {told} THEN r.reason ELSE '' END,
       CASE WHEN {told} THEN r.next_step ELSE '' END,
       r.due, r.owner_id, coalesce(w.name, ''),
       CASE WHEN {told} THEN r.move_to END, CASE WHEN {told} THEN r.exit_id END,
       CASE WHEN {told} THEN r.reason_code END,
       CASE WHEN $meetings OR b.published_at IS NOT NULL THEN r.supersedes END,
       CASE WHEN $meetings OR a.published_at IS NOT NULL OR r.kind = 'action'
            THEN o.superseded_by END,
       coalesce(p.name, ''), r.recorded_at, o.published_at,
       CASE WHEN {told} THEN o.carried_seq END, CASE WHEN {told} THEN o.carried_at END, o.done_at,
       NOT ({told}),
       CASE WHEN $meetings THEN
           (SELECT x.meeting_id FROM resolution AS x WHERE x.resolution_id = r.supersedes) END,
       CASE WHEN $meetings THEN
           (SELECT x.meeting_id FROM resolution AS x WHERE x.resolution_id = o.superseded_by) END
FROM resolution AS r
JOIN meeting AS m ON m.meeting_id = r.meeting_id
JOIN outcome_of AS o ON o.resolution_id = r.resolution_id
LEFT JOIN outcome_of AS a ON a.resolution_id = o.superseded_by
LEFT JOIN outcome_of AS b ON b.resolution_id = r.supersedes
LEFT JOIN idea AS i ON i.idea_id = r.idea_id
LEFT JOIN person AS w ON w.person_id = r.owner_id
LEFT JOIN person AS p ON p.person_id = r.actor_id
WHERE {where}
"""


def told(seen: str) -> str:
    """The condition that what a resolution (as ``r``) says may be told to ``$reader``, who finds in
    the idea bank the ideas (as ``i``) that ``seen`` holds for."""
    mine = "coalesce(r.actor_id = $reader OR r.owner_id = $reader, FALSE)"
    return f"(r.idea_id IS NULL OR ({seen}) OR {mine})"


def _read(reader: Database | Reader, actor: Actor, where: str, **values: Any) -> list[Resolution]:
    seen = access.in_idea_bank(actor)
    rows = reader.rows(
        _RESOLUTIONS.format(outcome=OUTCOME, seen=seen.sql, told=told(seen.sql), where=where),
        {
            **seen.parameters, **values, "reader": actor.person_id,
            "meetings": access.may(actor, Action.SEE_MEETINGS),
        },
    )  # fmt: skip
    return [_resolution(row) for row in rows]


def _resolution(row: tuple[Any, ...]) -> Resolution:
    values = list(row)
    values[5] = Kind(row[5])
    return Resolution(*values)
