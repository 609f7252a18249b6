"""What a meeting should look at, found in the data: each proposal says where it comes from and why.

Proposed are, in this order: open actions of earlier meetings; ideas whose next step has been the
mentors' for long; ideas that have been in their stage for longer than 85 % of all who left it (or,
until enough have left, longer than the journey expects); ideas with matters at agencies that
somebody should ask about; ideas that have moved since the last meeting; and agencies with student
seats that will soon be empty, or have been for long. What is on the agenda already is not proposed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sandkasse import access, clock, journeys, subprojects, touchpoints
from sandkasse.access import Action
from sandkasse.database import Database, Reader
from sandkasse.figures import seats
from sandkasse.figures.choice import Choice
from sandkasse.figures.flow.ageing import SHARES, bands
from sandkasse.figures.seats import SeatsDue
from sandkasse.i18n import N_
from sandkasse.meetings import calling, receipts
from sandkasse.meetings.calling import SERIES, Meeting
from sandkasse.meetings.receipts import OUTCOME
from sandkasse.people import Actor

#: A decision is due when the mentors have had the ball for longer than this.
DUE_DAYS = 14
AT_MOST = 20


class Source(StrEnum):
    """Where an item of an agenda comes from."""

    OWN = "own"
    ACTION = "action"
    DECISION_DUE = "decision_due"
    PAST_BAND = "past_band"
    OVERDUE_MATTER = "overdue_matter"
    CHANGED = "changed"
    SEAT = "seat"


SOURCE_NAMES = {
    Source.OWN: N_("Added by hand"),
    Source.ACTION: N_("Open action"),
    Source.DECISION_DUE: N_("A decision is due"),
    Source.PAST_BAND: N_("Long in its stage"),
    Source.OVERDUE_MATTER: N_("A matter at an agency is due"),
    Source.CHANGED: N_("Has moved since the last meeting"),
    Source.SEAT: N_("Student seats to fill"),
}


#: The same once the meeting has been: what was due then may be done now.
SOURCE_NAMES_THEN = {
    **SOURCE_NAMES,
    Source.ACTION: N_("An action that was open"),
    Source.DECISION_DUE: N_("A decision was due"),
    Source.PAST_BAND: N_("Had been long in its stage"),
    Source.OVERDUE_MATTER: N_("A matter at an agency was due"),
    Source.CHANGED: N_("Had moved since the meeting before"),
    Source.SEAT: N_("There were student seats to fill"),
}


@dataclass(frozen=True)
class Why:
    """The numbers and words behind a proposal; which are given depends on its source.

    ``action``: ``words`` (what is to be done; empty where it is about an idea that the reader may
    not know), ``owner`` and ``due``. ``decision_due``: ``days``
    that the mentors have had the ball. ``past_band``: ``days`` in the stage, and the ``limit``: the
    days within which 85 % have left it where that is ``observed``, else those that are expected.
    ``overdue_matter``: ``words`` (what the matter is about), ``agency_id``, ``days`` with the
    agency, ``due`` (the follow-up day) and ``matters``, how many of the idea's are due.
    ``changed``: ``since`` (the last meeting was closed), ``entered``, ``moves`` and ``exits``.
    ``seat``: ``agency_id``, whose ``seats`` they are.
    """

    days: float = 0.0
    limit: float = 0.0
    observed: bool = False
    words: str = ""
    owner: str = ""
    due: date | None = None
    agency_id: str | None = None
    matters: int = 0
    since: datetime | None = None
    entered: int = 0
    moves: int = 0
    exits: int = 0
    seats: SeatsDue | None = None


@dataclass(frozen=True)
class Limit:
    """The ``days`` within which 85 % have left a stage, as the ageing figure has them."""

    journey_id: str
    stage_id: str
    days: float


@dataclass(frozen=True)
class Proposal:
    """Something that the data says a meeting should look at. ``title`` is the idea's: None where
    the reader may not know it, and where it is about no idea (then ``idea_id`` is None as well)."""

    source: Source
    idea_id: int | None
    title: str | None
    touchpoint_id: int | None
    resolution_id: int | None
    why: Why

    def same_as(self, other: "Proposal") -> bool:
        """Whether both would be the same item of an agenda."""
        mine, theirs = (
            (one.source, one.idea_id, one.resolution_id, one.agency_id) for one in (self, other)
        )
        return mine == theirs

    @property
    def agency_id(self) -> str | None:
        """The agency that it is about, where it is about an agency's seats."""
        return self.why.agency_id if self.source is Source.SEAT else None


def proposed(db: Database, actor: Actor, meeting_id: int) -> list[Proposal]:
    """What the meeting should look at, at most twenty of each source.

    :raises NotAllowed: without the right. :raises NotFound: when there is no such meeting.
    """
    return found(db, actor, calling.get(db, actor, meeting_id), known(db, actor, meeting_id))


@dataclass(frozen=True)
class Known:
    """What figures tell of, read before a transaction: the limits of stages, and seats."""

    limits: tuple[Limit, ...]
    seats: tuple[SeatsDue, ...]


def known(db: Database, actor: Actor, meeting_id: int) -> Known:
    """What the figures tell for a meeting. Errors as for :func:`proposed`."""
    meeting = calling.get(db, actor, meeting_id)
    return Known(
        tuple(limits(db, actor, meeting_id)), seats_due(db, actor) if on_seats(meeting) else ()
    )


def on_seats(meeting: Meeting) -> bool:
    """Whether a meeting looks at student seats: one of a sub-project whose task is recruitment, or
    of none and about no sandbox in particular."""
    subproject = subprojects.find(meeting.subproject_id)
    return subproject.recruits if subproject else meeting.journey_id is None


def seats_due(db: Database, actor: Actor) -> tuple[SeatsDue, ...]:
    """The seats that somebody should look at, of the agencies whose seats the actor sees."""
    return seats.due(db, actor) if access.may(actor, Action.SEE_SEATS) else ()


def limits(db: Database, actor: Actor, meeting_id: int) -> list[Limit]:
    """The limits of the stages that a meeting is about, where enough ideas have left the stage.

    Errors as for :func:`proposed`.
    """
    about = calling.get(db, actor, meeting_id).journey_id
    return [
        Limit(journey.id, band.stage_id, days)
        for journey in journeys.all_journeys(db)
        if about in (None, journey.id)
        for band in bands(db, actor, Choice(journey.id))
        if band.source == "observed" and (days := band.days[SHARES.index(0.85)]) is not None
    ]


def found(reader: Database | Reader, actor: Actor, meeting: Meeting, told: Known) -> list[Proposal]:
    """As :func:`proposed`, for a caller that has checked the right and read what is
    :func:`known`."""
    return [
        *_open_actions(reader, actor, meeting),
        *_decisions_due(reader, actor, meeting),
        *_past_band(reader, actor, meeting, told.limits),
        *_overdue_matters(reader, actor, meeting),
        *_changed(reader, actor, meeting),
        *_seats(reader, meeting, told.seats),
    ]


# An idea is proposed once of each source; `i` is the idea, of the meeting's journey if it has one.
_NEW = """
($journey_id IS NULL OR i.journey_id = $journey_id)
AND i.idea_id NOT IN (
    SELECT a.idea_id FROM agenda_item AS a
    WHERE a.meeting_id = $meeting_id AND a.source = $source AND a.removed_at IS NULL
      AND a.idea_id IS NOT NULL)
"""


def _ask(
    reader: Database | Reader,
    actor: Actor,
    meeting: Meeting,
    source: Source,
    sql: str,
    **values: Any,
) -> list[tuple[Any, ...]]:
    """The rows of a source's query, in which ``{title}`` is the title as the reader may see it and
    ``{new}`` leaves out what is on the agenda."""
    seen = access.in_idea_bank(actor)
    return reader.rows(
        sql.format(
            title=f"CASE WHEN ({seen.sql}) THEN i.title END", new=_NEW,
            told=receipts.told(seen.sql),
        ),
        {
            **({"reader": actor.person_id} if source is Source.ACTION else {}),
            **seen.parameters, **values, "source": str(source), "meeting_id": meeting.meeting_id,
            "journey_id": meeting.journey_id, "most": AT_MOST,
        },
    )  # fmt: skip


_OPEN_ACTIONS = f"""
WITH outcome_of AS ({OUTCOME}),
this AS (
    SELECT {SERIES} AS series FROM meeting AS m WHERE m.meeting_id = $meeting_id
)
SELECT r.resolution_id, r.idea_id, {{title}}, CASE WHEN {{told}} THEN r.body ELSE '' END,
       coalesce(p.name, ''), r.due
FROM resolution AS r
JOIN outcome_of AS o ON o.resolution_id = r.resolution_id
JOIN meeting AS m ON m.meeting_id = r.meeting_id
CROSS JOIN this
LEFT JOIN idea AS i ON i.idea_id = r.idea_id
LEFT JOIN person AS p ON p.person_id = r.owner_id
WHERE r.kind = 'action' AND o.done_at IS NULL AND o.superseded_by IS NULL
  AND r.meeting_id <> $meeting_id
  AND (this.series = '' OR {SERIES} = this.series)
  AND ($journey_id IS NULL OR i.journey_id IS NULL OR i.journey_id = $journey_id)
  AND r.resolution_id NOT IN (
      SELECT a.resolution_id FROM agenda_item AS a
      WHERE a.meeting_id = $meeting_id AND a.source = $source AND a.removed_at IS NULL
        AND a.resolution_id IS NOT NULL)
ORDER BY r.due, r.resolution_id
LIMIT $most
"""  # noqa: S608


def _open_actions(reader: Database | Reader, actor: Actor, meeting: Meeting) -> list[Proposal]:
    return [
        Proposal(
            Source.ACTION, idea_id, title, None, resolution_id,
            Why(words=body, owner=owner, due=due),
        )
        for resolution_id, idea_id, title, body, owner, due in _ask(
            reader, actor, meeting, Source.ACTION, _OPEN_ACTIONS
        )
    ]  # fmt: skip


_DECISIONS_DUE = """
SELECT i.idea_id, {title}, epoch($now - i.ball_at) / 86400 AS days
FROM idea AS i
WHERE i.exit_id IS NULL AND i.held_at IS NULL AND i.ball = 'mentor'
  AND epoch($now - i.ball_at) / 86400 > $due_days AND {new}
ORDER BY i.ball_at, i.idea_id
LIMIT $most
"""


def _decisions_due(reader: Database | Reader, actor: Actor, meeting: Meeting) -> list[Proposal]:
    return [
        Proposal(Source.DECISION_DUE, idea_id, title, None, None, Why(days=days))
        for idea_id, title, days in _ask(
            reader, actor, meeting, Source.DECISION_DUE, _DECISIONS_DUE,
            now=clock.now(), due_days=DUE_DAYS,
        )
    ]  # fmt: skip


# What a level is expected to take stands in only where nobody knows what it takes.
_PAST_BAND = """
WITH observed AS (
    SELECT unnest($journeys) AS journey_id, unnest($stages) AS stage_id, unnest($days) AS days
),
staying AS (
    SELECT i.idea_id, i.earlier_days + epoch($now - i.stage_at) / 86400 AS days,
           coalesce(o.days, x.expected_days, s.expected_days) AS most,
           o.days IS NOT NULL AS observed
    FROM idea AS i
    JOIN stage AS s ON s.journey_id = i.journey_id AND s.stage_id = i.stage_id
    LEFT JOIN observed AS o ON o.journey_id = i.journey_id AND o.stage_id = i.stage_id
    LEFT JOIN expected_at_level AS x
        ON x.journey_id = i.journey_id AND x.stage_id = i.stage_id AND x.level = i.level
    WHERE i.exit_id IS NULL AND i.held_at IS NULL AND i.ball <> 'agency' AND {new}
)
SELECT i.idea_id, {title}, y.days, y.most, y.observed
FROM staying AS y
JOIN idea AS i ON i.idea_id = y.idea_id
WHERE y.days > y.most
ORDER BY y.days - y.most DESC, i.idea_id
LIMIT $most
"""


def _past_band(
    reader: Database | Reader, actor: Actor, meeting: Meeting, known: Sequence[Limit]
) -> list[Proposal]:
    return [
        Proposal(
            Source.PAST_BAND, idea_id, title, None, None,
            Why(days=days, limit=limit, observed=observed),
        )
        for idea_id, title, days, limit, observed in _ask(
            reader, actor, meeting, Source.PAST_BAND, _PAST_BAND, now=clock.now(),
            journeys=[one.journey_id for one in known], stages=[one.stage_id for one in known],
            days=[one.days for one in known],
        )
    ]  # fmt: skip


# The matter named is the one longest without a change; of an idea with several, one item is made.
_OVERDUE_MATTERS = """
WITH due AS (
    SELECT t.idea_id, arg_min(t.touchpoint_id, (t.state_at, t.touchpoint_id)) AS touchpoint_id,
           min(t.state_at) AS state_at, count(*) AS matters
    FROM touchpoint AS t
    JOIN idea AS i ON i.idea_id = t.idea_id
    WHERE {due} AND ({reach}) AND {{new}}
    GROUP BY t.idea_id
    ORDER BY state_at, t.idea_id
    LIMIT $most
)
SELECT i.idea_id, {{title}}, t.touchpoint_id, t.purpose_id, t.title, t.agency_id, d.matters,
       t.follow_up,
       t.agency_days
           + CASE WHEN t.state = 'agency' THEN epoch($now - t.state_at) / 86400 ELSE 0 END
FROM due AS d
JOIN touchpoint AS t ON t.touchpoint_id = d.touchpoint_id
JOIN idea AS i ON i.idea_id = d.idea_id
ORDER BY d.state_at, i.idea_id
"""


def _overdue_matters(reader: Database | Reader, actor: Actor, meeting: Meeting) -> list[Proposal]:
    due = touchpoints.due()
    reach = access.reach_touchpoint(actor, Action.SEE_TOUCHPOINT)
    rows = _ask(
        reader, actor, meeting, Source.OVERDUE_MATTER,
        _OVERDUE_MATTERS.format(due=due.sql, reach=reach.sql),
        **{**due.parameters, **reach.parameters},
    )  # fmt: skip
    return [
        Proposal(
            Source.OVERDUE_MATTER, idea_id, title, touchpoint_id, None,
            Why(
                words=touchpoints.title_of(purpose_id, own_title), agency_id=agency_id,
                matters=int(matters), due=follow_up, days=days,
            ),
        )
        for idea_id, title, touchpoint_id, purpose_id, own_title, agency_id, matters, follow_up,
            days in rows
    ]  # fmt: skip


# What was recorded after the last meeting: it could not be known there, whenever it happened.
_CHANGED = """
WITH step AS (
    SELECT l.idea_id,
           count(*) FILTER (l.kind = 'enter')              AS entered,
           count(*) FILTER (l.kind IN ('move', 'reopen'))  AS moves,
           count(*) FILTER (l.kind = 'exit')               AS exits,
           max(l.recorded_at)                              AS last_at
    FROM effective('infinity'::TIMESTAMP, 'infinity'::TIMESTAMP) AS l
    WHERE l.recorded_at > $since AND l.kind IN ('enter', 'move', 'reopen', 'exit')
    GROUP BY l.idea_id
)
SELECT i.idea_id, {title}, n.entered, n.moves, n.exits
FROM step AS n
JOIN idea AS i ON i.idea_id = n.idea_id
WHERE {new}
ORDER BY n.last_at DESC, i.idea_id DESC
LIMIT $most
"""


def _changed(reader: Database | Reader, actor: Actor, meeting: Meeting) -> list[Proposal]:
    last = calling.before(reader, meeting)
    if last is None:
        return []
    return [
        Proposal(
            Source.CHANGED, idea_id, title, None, None,
            Why(since=last.closed_at, entered=entered, moves=moves, exits=exits),
        )
        for idea_id, title, entered, moves, exits in _ask(
            reader, actor, meeting, Source.CHANGED, _CHANGED, since=last.closed_at
        )
    ]  # fmt: skip


def _seats(reader: Database | Reader, meeting: Meeting, due: Sequence[SeatsDue]) -> list[Proposal]:
    rows = reader.rows(
        "SELECT agency_id FROM agenda_item WHERE meeting_id = ? AND source = ? "
        "AND removed_at IS NULL",
        [meeting.meeting_id, str(Source.SEAT)],
    )
    there = {agency_id for (agency_id,) in rows}
    fresh = [one for one in due if one.agency_id not in there]
    return [
        Proposal(Source.SEAT, None, None, None, None, Why(agency_id=one.agency_id, seats=one))
        for one in fresh[:AT_MOST]
    ]
