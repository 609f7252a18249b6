"""Applications as they stand, and what happened to them, for those who may know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sandkasse import access, application, people
from sandkasse.access import Action
from sandkasse.application import (
    OPEN,
    Event,
    Kind,
    NextStep,
    Occupation,
)
from sandkasse.database import Database, Reader
from sandkasse.errors import NotAllowed
from sandkasse.i18n import N_
from sandkasse.people import Actor
from sandkasse.recruitment.papers import Paper

#: How an applicant heard of the position.
SOURCES = {
    "unknown": N_("Not said"),
    "university": N_("From the university"),
    "friend": N_("From a friend or fellow student"),
    "agency": N_("From the agency"),
    "sandbox": N_("From the sandbox"),
    "advertisement": N_("From an advertisement"),
    "social_media": N_("From social media"),
    "other": N_("In another way"),
}


@dataclass(frozen=True)
class Applying:
    """What a student says on applying. ``paper`` is a file's name and content, or None;
    ``graduation`` the day on which the studies are expected to end."""

    words: str
    source: str = "unknown"
    graduation: date | None = None
    paper: tuple[str, bytes] | None = None


@dataclass(frozen=True)
class Application:
    """An application as it stands; days are in Europe/Oslo, times aware UTC."""

    application_id: int
    position_id: int
    person_id: int | None
    name: str
    words: str
    source: str
    graduation: date | None
    last_seq: int
    state: Kind
    state_at: datetime
    received_at: datetime
    seat_no: int | None
    started_on: date | None
    until_on: date | None
    ended_on: date | None
    next_step: NextStep | None
    has_paper: bool
    #: Whether it has a name of its own, as what came by a log has.
    came_by_log: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is still under way."""
        return self.state in OPEN


@dataclass(frozen=True)
class Told:
    """One event as a screen shows it; the applicant gets neither names nor internal words."""

    event: Event
    actor: str
    voided_by: int | None


COLUMNS = """
a.application_id, a.position_id, a.person_id, coalesce(nullif(a.name, ''), w.name, ''), a.words,
a.source, a.graduation, a.last_seq, a.state, a.state_at, a.received_at, a.seat_no, a.started_on,
a.until_on, a.ended_on, a.next_step,
a.application_id IN (SELECT application_id FROM application_paper), a.name <> ''
"""
FROM = """
application AS a
JOIN position AS p ON p.position_id = a.position_id
LEFT JOIN person AS w ON w.person_id = a.person_id
"""


def get(db: Database, actor: Actor, application_id: int) -> Application:
    """An application. :raises NotFound: when it is missing or out of the actor's reach."""
    access.require_for_application(db, actor, Action.SEE_APPLICATION, application_id)
    row = db.one(
        f"SELECT {COLUMNS} FROM {FROM} WHERE a.application_id = ?",  # noqa: S608
        [application_id],
    )
    assert row is not None  # noqa: S101  (its reach was just checked)
    return of_row(row)


def mine(db: Database, actor: Actor) -> list[Application]:
    """The actor's own applications, the latest first."""
    access.require(actor, Action.CHANGE_OWN_SETTINGS)
    rows = db.rows(
        f"SELECT {COLUMNS} FROM {FROM} WHERE a.person_id = ? "  # noqa: S608
        "ORDER BY a.received_at DESC, a.application_id DESC",
        [actor.person_id],
    )
    return [of_row(row) for row in rows]


def earlier(db: Database, actor: Actor, application_id: int) -> list[Application]:
    """What else the same person has applied for, as far as the actor sees it, the latest first: a
    fact to know of, which stands in the way of nothing.

    :raises NotFound: when the application is out of the actor's reach.
    """
    one = get(db, actor, application_id)
    if one.person_id is None:
        return []
    reach = access.reach_application(actor, Action.SEE_APPLICATION)
    rows = db.rows(
        f"""
        SELECT {COLUMNS} FROM {FROM}
        WHERE a.person_id = $person_id AND a.application_id <> $application_id AND ({reach.sql})
        ORDER BY a.received_at DESC, a.application_id DESC
        """,  # noqa: S608
        {"person_id": one.person_id, "application_id": application_id, **reach.parameters},
    )
    return [of_row(row) for row in rows]


def sees_within(db: Database, actor: Actor, application_id: int) -> bool:
    """Whether the actor sees what the agency keeps to itself. Nobody does of the own application.

    :raises NotFound: when it is out of the actor's reach.
    """
    access.require_for_application(db, actor, Action.SEE_APPLICATION, application_id)
    try:
        access.require_for_application(db, actor, Action.HANDLE_APPLICATION, application_id)
    except NotAllowed:
        return False
    return True


def told(db: Database, actor: Actor, application_id: int) -> list[Told]:
    """What happened to an application, the latest first. The agency gets all of it, corrections
    included; the applicant what counts, without internal words.

    :raises NotFound: when it is out of the actor's reach.
    """
    within = sees_within(db, actor, application_id)
    found = events(db, [application_id]).get(application_id, [])
    latest_first = sorted(found, key=lambda event: (event.occurred_at, event.seq), reverse=True)
    if not within:
        counting = {event.seq for event in application.effective(found)}
        return [
            Told(_without_words(event), "", None)
            for event in latest_first
            if event.seq in counting and event.kind is not Kind.NOTE
        ]
    names = people.names(db, [event.actor_id for event in found])
    voids = {event.voids_seq: event.seq for event in found if event.kind is Kind.VOID}
    return [
        Told(event, event.actor_name or names.get(event.actor_id or 0, ""), voids.get(event.seq))
        for event in latest_first
    ]


def _without_words(event: Event) -> Event:
    return Event(
        event.seq, event.kind, event.occurred_at, event.recorded_at, event.reason, event.seat_no,
        event.until_on, event.next_step,
    )  # fmt: skip


def paper(db: Database, actor: Actor, application_id: int) -> Paper | None:
    """The PDF that came with an application, or None.

    :raises NotFound: when the application is out of the actor's reach.
    """
    access.require_for_application(db, actor, Action.SEE_APPLICATION, application_id)
    row = db.one(
        "SELECT name, content, pages FROM application_paper WHERE application_id = ?",
        [application_id],
    )
    return None if row is None else Paper(row[0], bytes(row[1]), row[2])


def occupations(
    reader: Database | Reader, position_id: int, but: int | None = None
) -> list[Occupation]:
    """Who has held which seat of a position, without application ``but``; the caller checks the
    right to see it."""
    rows = reader.rows(
        """
        SELECT application_id, seat_no, started_on, ended_on FROM application
        WHERE position_id = ? AND started_on IS NOT NULL AND application_id IS DISTINCT FROM ?
        ORDER BY seat_no, started_on
        """,
        [position_id, but],
    )
    return [Occupation(*row) for row in rows]


def events(reader: Database | Reader, application_ids: Sequence[int]) -> dict[int, list[Event]]:
    """The events of these applications by number; those without one are left out."""
    found: dict[int, list[Event]] = {}
    for (
        key,
        seq,
        kind,
        occurred_at,
        recorded_at,
        reason,
        seat_no,
        until_on,
        after,
        *rest,
    ) in reader.rows(
        """
            SELECT application_id, seq, kind, occurred_at, recorded_at, reason, seat_no, until_on,
                   next_step, voids_seq, note, actor_id, timing, actor_name
            FROM application_event
            WHERE application_id IN (SELECT unnest(?::BIGINT[]))
            ORDER BY application_id, seq
            """,
        [list(application_ids)],
    ):
        event = Event(
            seq, Kind(kind), occurred_at, recorded_at, reason, seat_no, until_on,
            NextStep(after) if after else None, *rest,
        )  # fmt: skip
        found.setdefault(key, []).append(event)
    return found


def of_row(row: tuple[Any, ...]) -> Application:
    """An application from a row of :data:`COLUMNS`."""
    values = list(row)
    values[8] = Kind(row[8])
    values[15] = NextStep(row[15]) if row[15] else None
    return Application(*values)
