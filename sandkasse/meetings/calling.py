"""Calling meetings, beginning and closing them, and finding them again.

A meeting is planned, begins, and is closed; or it is cancelled before it begins. Meetings of one
sub-project (or, without one, of one journey) are a series: each goes on from the one before it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sandkasse import access, clock, journeys, subprojects
from sandkasse.access import Action, Writing, writing
from sandkasse.database import Database, Reader
from sandkasse.errors import Invalid, InvalidFields, NotFound
from sandkasse.i18n import _
from sandkasse.people import Actor
from sandkasse.texts import problem_with, tidy

PAGE_SIZE = 20

#: What tells the meetings (as ``m``) of one series from those of another.
SERIES = "coalesce('subproject ' || m.subproject_id, 'journey ' || m.journey_id, '')"

_COLUMNS = """
m.meeting_id, m.title, m.starts_at, m.place, m.subproject_id, m.journey_id, m.began_at, m.closed_at,
m.cancelled_at
"""

# An address of another kind than a web page's, such as file: or javascript:.
_OTHER_ADDRESS = re.compile(
    r"(?!https?:)([a-z][a-z0-9+.-]*://|(javascript|data|vbscript|mailto|file|tel):)", re.IGNORECASE
)
_WEB_ADDRESS = re.compile(r"https?:", re.IGNORECASE)


@dataclass(frozen=True)
class Meeting:
    """A meeting. Times are aware UTC. ``subproject_id`` is as in ``data/subprojects.toml``, and
    ``journey_id`` the journey whose ideas it is about (None: all)."""

    meeting_id: int
    title: str
    starts_at: datetime
    place: str
    subproject_id: str | None = None
    journey_id: str | None = None
    began_at: datetime | None = None
    closed_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def link(self) -> str:
        """The place's address, where the place is a web page; else nothing."""
        return self.place if _is_link(self.place) else ""

    @property
    def under_way(self) -> bool:
        """Whether it has begun and is not closed."""
        return self.began_at is not None and self.closed_at is None


@dataclass(frozen=True)
class Page:
    """A page of meetings, and how many there are in all."""

    rows: tuple[Meeting, ...]
    total: int


def upcoming(db: Database, actor: Actor) -> list[Meeting]:
    """The meetings of today and later, and those that have begun, until they are closed or
    cancelled; soonest first. :raises NotAllowed: without the right."""
    access.require(actor, Action.SEE_MEETINGS)
    rows = db.rows(
        f"""
        SELECT {_COLUMNS} FROM meeting AS m
        WHERE m.cancelled_at IS NULL AND m.closed_at IS NULL
          AND (m.starts_at >= ? OR m.began_at IS NOT NULL)
        ORDER BY m.starts_at, m.meeting_id
        """,  # noqa: S608
        [clock.start_of(clock.today())],
    )
    return [Meeting(*row) for row in rows]


def past(db: Database, actor: Actor, page: int = 1, size: int = PAGE_SIZE) -> Page:
    """A page (from 1) of the meetings that are closed, or whose day went by without them, latest
    first. :raises NotAllowed: without the right."""
    access.require(actor, Action.SEE_MEETINGS)
    where = """
        FROM meeting AS m
        WHERE m.cancelled_at IS NULL
          AND (m.closed_at IS NOT NULL OR (m.starts_at < $today AND m.began_at IS NULL))
    """
    today = {"today": clock.start_of(clock.today())}
    total = db.value(f"SELECT count(*) {where}", today)
    rows = db.rows(
        f"""
        SELECT {_COLUMNS} {where}
        ORDER BY m.starts_at DESC, m.meeting_id DESC LIMIT $size OFFSET $offset
        """,
        {**today, "size": size, "offset": (max(page, 1) - 1) * size},
    )
    return Page(tuple(Meeting(*row) for row in rows), int(total))


def held_by_subproject(db: Database, actor: Actor) -> dict[str, int]:
    """How many meetings of each sub-project were held here. :raises NotAllowed: without the
    right."""
    access.require(actor, Action.SEE_MEETINGS)
    return dict(
        db.rows(
            """
            SELECT subproject_id, count(*) FROM meeting
            WHERE subproject_id IS NOT NULL AND closed_at IS NOT NULL
            GROUP BY subproject_id
            """
        )
    )


def get(db: Database, actor: Actor, meeting_id: int) -> Meeting:
    """A meeting. :raises NotAllowed: without the right. :raises NotFound: when there is none."""
    access.require(actor, Action.SEE_MEETINGS)
    return found(db, meeting_id)


def previous(db: Database, actor: Actor, meeting_id: int) -> Meeting | None:
    """The latest closed meeting of the same series before this one, or None.

    :raises NotAllowed, NotFound: as for :func:`get`.
    """
    return before(db, get(db, actor, meeting_id))


def plan(
    db: Database,
    actor: Actor,
    title: str,
    starts_at: datetime,
    place: str,
    *,
    subproject_id: str | None = None,
    journey_id: str | None = None,
) -> int:
    """Plan a meeting and return its id.

    :raises InvalidFields: a missing or faulty title, a place that is another kind of address than a
        web page's, a time that is past, an unknown sub-project or journey.
    :raises NotAllowed: for others than leads.
    """
    access.require(actor, Action.PLAN_MEETING)
    meeting = Meeting(0, tidy(title), starts_at, tidy(place), subproject_id, journey_id)
    problems = _problems(db, meeting)
    if starts_at <= clock.now():
        problems["starts_at"] = _("Choose a time that is still to come.")
    if problems:
        raise InvalidFields(problems)
    with writing(db, actor, Action.PLAN_MEETING) as write:
        meeting_id = int(
            write.tx.value(
                """
                INSERT INTO meeting (title, starts_at, place, subproject_id, journey_id, created_at)
                VALUES (?, ?, ?, ?, ?, ?) RETURNING meeting_id
                """,
                [meeting.title, starts_at, meeting.place, subproject_id, journey_id, clock.now()],
            )
        )
        write.subject = f"meeting:{meeting_id}"
    return meeting_id


def change(
    db: Database,
    actor: Actor,
    meeting_id: int,
    *,
    title: str,
    starts_at: datetime,
    place: str,
    subproject_id: str | None,
    journey_id: str | None,
) -> None:
    """Say anew what a meeting is called, when and where it is, and what it is about, before it is
    closed. What it said before is kept in the audit record.

    :raises InvalidFields: as for :func:`plan`, and another time once it has begun.
    :raises Invalid: when it is closed or cancelled. :raises NotAllowed: for others than leads.
    :raises NotFound: when there is none.
    """
    with writing(db, actor, Action.PLAN_MEETING, subject=f"meeting:{meeting_id}") as write:
        was = not_over(write.tx, meeting_id)
        now = Meeting(meeting_id, tidy(title), starts_at, tidy(place), subproject_id, journey_id)
        problems = _problems(db, now)
        if starts_at != was.starts_at and was.began_at is not None:
            problems["starts_at"] = _("The meeting has begun, so its time stands.")
        elif starts_at != was.starts_at and starts_at <= clock.now():
            problems["starts_at"] = _("Choose a time that is still to come.")
        if problems:
            raise InvalidFields(problems)
        write.tx.execute(
            """
            UPDATE meeting
            SET title = ?, starts_at = ?, place = ?, subproject_id = ?, journey_id = ?
            WHERE meeting_id = ?
            """,
            [now.title, starts_at, now.place, subproject_id, journey_id, meeting_id],
        )
        _note_changes(write, was, now)


def cancel(db: Database, actor: Actor, meeting_id: int) -> None:
    """Cancel a meeting that was planned and has not begun.

    :raises Invalid: when it has begun, or is cancelled already. :raises NotAllowed: for others than
        leads. :raises NotFound: when there is none.
    """
    with writing(db, actor, Action.PLAN_MEETING, subject=f"meeting:{meeting_id}") as write:
        if not_over(write.tx, meeting_id).began_at is not None:
            raise Invalid(_("The meeting has begun. Close it when it is over."))
        write.tx.execute(
            "UPDATE meeting SET cancelled_at = ? WHERE meeting_id = ?", [clock.now(), meeting_id]
        )
        write.detail["cancelled"] = True


def begin(db: Database, actor: Actor, meeting_id: int) -> None:
    """Begin a meeting: from now on its results can be recorded.

    :raises Invalid: when it has begun already, is closed or cancelled. :raises NotAllowed: without
        the right. :raises NotFound: when there is none.
    """
    with writing(db, actor, Action.HOLD_MEETING, subject=f"meeting:{meeting_id}") as write:
        if not_over(write.tx, meeting_id).began_at is not None:
            raise Invalid(_("The meeting has begun already."))
        write.tx.execute(
            "UPDATE meeting SET began_at = ? WHERE meeting_id = ?", [clock.now(), meeting_id]
        )
        write.detail["began"] = True


def close(db: Database, actor: Actor, meeting_id: int) -> None:
    """Close a meeting: its agenda, its attendance and its list of results then stand as they are.

    :raises Invalid: when it has not begun, is closed already or cancelled. Others as for
        :func:`begin`.
    """
    with writing(db, actor, Action.HOLD_MEETING, subject=f"meeting:{meeting_id}") as write:
        begun(write.tx, meeting_id)
        write.tx.execute(
            "UPDATE meeting SET closed_at = ? WHERE meeting_id = ?", [clock.now(), meeting_id]
        )
        write.detail["closed"] = True


def found(reader: Database | Reader, meeting_id: int) -> Meeting:
    """The meeting with this id; the caller checks the right.

    :raises NotFound: when there is none.
    """
    row = reader.one(
        f"SELECT {_COLUMNS} FROM meeting AS m WHERE m.meeting_id = ?",  # noqa: S608
        [meeting_id],
    )
    if row is None:
        raise NotFound(_("There is no such meeting."))
    return Meeting(*row)


def not_over(reader: Database | Reader, meeting_id: int) -> Meeting:
    """The meeting, while something can still be changed about it.

    :raises Invalid: when it is closed or cancelled. :raises NotFound: when there is none.
    """
    meeting = found(reader, meeting_id)
    if meeting.cancelled_at is not None:
        raise Invalid(_("The meeting is cancelled."))
    if meeting.closed_at is not None:
        raise Invalid(_("The meeting is closed. What it left undone belongs in the next one."))
    return meeting


def begun(reader: Database | Reader, meeting_id: int) -> Meeting:
    """The meeting, while it is under way.

    :raises Invalid: when it has not begun, is closed or cancelled. :raises NotFound: when there is
        none.
    """
    meeting = not_over(reader, meeting_id)
    if meeting.began_at is None:
        raise Invalid(_("The meeting has not begun. Begin it first."))
    return meeting


def before(reader: Database | Reader, meeting: Meeting) -> Meeting | None:
    """As :func:`previous`, for a caller that has checked the right."""
    row = reader.one(
        f"""
        SELECT {_COLUMNS}
        FROM meeting AS m
        WHERE m.closed_at IS NOT NULL AND m.cancelled_at IS NULL
          AND (m.starts_at, m.meeting_id) < ($starts_at::TIMESTAMP, $meeting_id::BIGINT)
          AND {SERIES} = (SELECT {SERIES} FROM meeting AS m WHERE m.meeting_id = $meeting_id)
        ORDER BY m.starts_at DESC, m.meeting_id DESC LIMIT 1
        """,  # noqa: S608
        {"starts_at": meeting.starts_at, "meeting_id": meeting.meeting_id},
    )
    return Meeting(*row) if row else None


def _problems(db: Database, meeting: Meeting) -> dict[str, str]:
    problems = {
        field: fault
        for field in ("title", "place")
        if (fault := problem_with(getattr(meeting, field), field))
    }
    if not meeting.title:
        problems["title"] = _("Give the meeting a name.")
    if _OTHER_ADDRESS.match(meeting.place) or (
        _WEB_ADDRESS.match(meeting.place) and not _is_link(meeting.place)
    ):
        problems["place"] = _("Write a room, or a link that begins with https:// or http://.")
    if meeting.subproject_id is not None and subprojects.find(meeting.subproject_id) is None:
        problems["subproject_id"] = _("Choose one of the sub-projects in the list.")
    if meeting.journey_id is not None and meeting.journey_id not in {
        journey.id for journey in journeys.all_journeys(db)
    }:
        problems["journey_id"] = _("Choose one of the sandboxes in the list.")
    return problems


def _is_link(place: str) -> bool:
    if any(letter.isspace() for letter in place):
        return False
    try:
        address = urlsplit(place)
        return address.scheme in ("http", "https") and bool(address.hostname)
    except ValueError:
        return False


def _note_changes(write: Writing, was: Meeting, now: Meeting) -> None:
    for field in ("title", "starts_at", "place", "subproject_id", "journey_id"):
        if getattr(was, field) != getattr(now, field):
            write.detail[field] = [getattr(was, field), getattr(now, field)]
