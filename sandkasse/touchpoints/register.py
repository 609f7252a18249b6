"""Touchpoints as they stand, and what happened in them, for those who may know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sandkasse import (
    access,
    clock,
    people,
    purposes,
)
from sandkasse.access import Action, Condition
from sandkasse.database import Database
from sandkasse.i18n import language
from sandkasse.matter import Event, Kind, Outcome, State
from sandkasse.people import Actor
from sandkasse.standing import events

PAGE_SIZE = 20


@dataclass(frozen=True)
class Touchpoint:
    """A touchpoint as it stands. Times are aware UTC; ``idea_title`` is its idea's."""

    touchpoint_id: int
    idea_id: int
    idea_title: str
    agency_id: str
    purpose_id: str | None
    own_title: str
    contact_id: int | None
    barrier_id: int | None
    follow_up: date | None
    last_seq: int
    state: State
    state_at: datetime
    opened_at: datetime
    sent_at: datetime | None
    agency_days: float
    decided_days: float | None
    questions: int
    outcome: Outcome | None

    @property
    def title(self) -> str:
        """What it is about, in the language of the moment."""
        return title_of(self.purpose_id, self.own_title)

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.state in (State.PREPARED, State.AGENCY, State.STUDENT)

    def days_with_agency(self, now: datetime) -> float:
        """Days with the agency so far, all its times together."""
        present = (now - self.state_at).total_seconds() / 86_400
        return self.agency_days + (present if self.state is State.AGENCY else 0.0)

    def overdue(self, now: datetime) -> bool:
        """Whether the agency has had it for longer than it has published that it takes."""
        purpose = purposes.find(self.purpose_id)
        typical = purpose.typical_days if purpose else None
        return (
            self.state is State.AGENCY
            and typical is not None
            and self.days_with_agency(now) > typical
        )


def title_of(purpose_id: str | None, own_title: str) -> str:
    """What a touchpoint is about, in the language of the moment."""
    purpose = purposes.find(purpose_id)
    return purpose.name.in_(language()) if purpose else own_title


@dataclass(frozen=True)
class Told:
    """One event as a screen shows it, with who recorded it and the event that corrected it."""

    event: Event
    actor: str
    voided_by: int | None


_COLUMNS = """
t.touchpoint_id, t.idea_id, i.title, t.agency_id, t.purpose_id, t.title, t.contact_id,
t.barrier_id, t.follow_up, t.last_seq, t.state, t.state_at, t.opened_at, t.sent_at, t.agency_days,
t.decided_days, t.questions, t.outcome
"""


def get(db: Database, actor: Actor, touchpoint_id: int) -> Touchpoint:
    """A touchpoint. :raises NotFound: when it is missing or out of the actor's reach."""
    access.require_for_touchpoint(db, actor, Action.SEE_TOUCHPOINT, touchpoint_id)
    row = db.one(
        f"SELECT {_COLUMNS} FROM touchpoint AS t JOIN idea AS i ON i.idea_id = t.idea_id "  # noqa: S608
        "WHERE t.touchpoint_id = ?",
        [touchpoint_id],
    )
    assert row is not None  # noqa: S101  (its reach was just checked)
    return _touchpoint(row)


def of_idea(db: Database, actor: Actor, idea_id: int) -> list[Touchpoint]:
    """The touchpoints of an idea that the actor may see, open ones first, then the latest."""
    reach = access.reach_touchpoint(actor, Action.SEE_TOUCHPOINT)
    rows = db.rows(
        f"""
        SELECT {_COLUMNS}
        FROM touchpoint AS t JOIN idea AS i ON i.idea_id = t.idea_id
        WHERE t.idea_id = $idea_id AND ({reach.sql})
        ORDER BY t.state IN ('decided', 'closed'), t.state_at DESC, t.touchpoint_id
        """,  # noqa: S608
        {"idea_id": idea_id, **reach.parameters},
    )
    return [_touchpoint(row) for row in rows]


@dataclass(frozen=True)
class Filter:
    """Which touchpoints are looked for. ``due`` are the open ones whose follow-up day has come, or
    which the agency has had longer than it says; ``mine`` those of the ideas that the actor is in
    the team of or mentors, or of the actor's own agency; ``contact_id`` those with one person."""

    agency_id: str | None = None
    open_only: bool = True
    with_agency: bool = False
    due: bool = False
    mine: bool = False
    contact_id: int | None = None


@dataclass(frozen=True)
class Page:
    """A page of touchpoints, and how many there are in all."""

    rows: tuple[Touchpoint, ...]
    total: int


def find(db: Database, actor: Actor, wanted: Filter, page: int = 1, size: int = PAGE_SIZE) -> Page:
    """A page (from 1) of the touchpoints that the actor may see, longest without a change first."""
    reach = access.reach_touchpoint(actor, Action.SEE_TOUCHPOINT)
    parts, values = [f"({reach.sql})"], dict(reach.parameters)
    if wanted.agency_id:
        parts.append("t.agency_id = $agency_id")
        values["agency_id"] = wanted.agency_id
    if wanted.contact_id is not None:
        parts.append("t.contact_id = $contact_id")
        values["contact_id"] = wanted.contact_id
    if wanted.open_only:
        parts.append("t.state IN ('prepared', 'agency', 'student')")
    if wanted.with_agency:
        parts.append("t.state = 'agency'")
    if wanted.due:
        condition = due()
        parts.append(condition.sql)
        values |= condition.parameters
    if wanted.mine:
        parts.append(_MINE)
        values |= {"actor_id": actor.person_id, "own_agency": actor.agency_id}
    rows = db.rows(
        f"""
        SELECT {_COLUMNS}, count(*) OVER ()
        FROM touchpoint AS t JOIN idea AS i ON i.idea_id = t.idea_id
        WHERE {" AND ".join(parts)}
        ORDER BY t.state_at, t.touchpoint_id
        LIMIT $size OFFSET $offset
        """,  # noqa: S608
        {**values, "size": size, "offset": (max(page, 1) - 1) * size},
    )
    found = tuple(_touchpoint(row[:-1]) for row in rows)
    return Page(found, int(rows[0][-1]) if rows else 0)


_MINE = """(
    t.idea_id IN (
        SELECT idea_id FROM team_of WHERE person_id = $actor_id
        UNION ALL
        SELECT idea_id FROM mentor_of WHERE mentor_id = $actor_id
    )
    OR t.agency_id = $own_agency
)"""

_DUE = """(
    t.state IN ('prepared', 'agency', 'student') AND t.follow_up <= $today
    OR t.state = 'agency' AND t.agency_days + epoch($now - t.state_at) / 86400 >
        list_extract($typical_days::DOUBLE[], list_position($purpose_ids::VARCHAR[], t.purpose_id))
)"""


def due() -> Condition:
    """The touchpoints (as ``t``) that are due: the follow-up day has come, or the agency has had it
    longer than it publishes that it takes."""
    known = [one for one in purposes.listed() if one.typical_days is not None]
    return Condition(
        _DUE,
        {
            "today": clock.today(),
            "now": clock.now(),
            "purpose_ids": [one.id for one in known],
            "typical_days": [float(one.typical_days or 0) for one in known],
        },
    )


def told(db: Database, actor: Actor, touchpoint_id: int) -> list[Told]:
    """What happened in a touchpoint, latest first, corrections included.

    :raises NotFound: when it is out of the actor's reach.
    """
    access.require_for_touchpoint(db, actor, Action.SEE_TOUCHPOINT, touchpoint_id)
    return _told(db, [touchpoint_id]).get(touchpoint_id, [])


def told_of_idea(db: Database, actor: Actor, idea_id: int) -> list[tuple[Touchpoint, Told]]:
    """What happened in all touchpoints of an idea that the actor may see."""
    found = of_idea(db, actor, idea_id)
    by_id = _told(db, [one.touchpoint_id for one in found])
    return [(one, event) for one in found for event in by_id.get(one.touchpoint_id, [])]


def _told(db: Database, touchpoint_ids: Sequence[int]) -> dict[int, list[Told]]:
    found = events(db, touchpoint_ids) if touchpoint_ids else {}
    names = people.names(db, [event.actor_id for its in found.values() for event in its])
    shown: dict[int, list[Told]] = {}
    for touchpoint_id, its in found.items():
        voids = {event.voids_seq: event.seq for event in its if event.kind is Kind.VOID}
        latest_first = sorted(its, key=lambda event: (event.occurred_at, event.seq), reverse=True)
        for event in latest_first:
            who = event.actor_name or names.get(event.actor_id or 0, "")
            shown.setdefault(touchpoint_id, []).append(Told(event, who, voids.get(event.seq)))
    return shown


def _touchpoint(row: tuple[Any, ...]) -> Touchpoint:
    values = list(row)
    values[10] = State(row[10])
    values[17] = Outcome(row[17]) if row[17] else None
    return Touchpoint(*values)
