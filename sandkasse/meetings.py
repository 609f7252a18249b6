"""Sub-project meetings: when and where the next one is."""

from dataclasses import dataclass
from datetime import datetime

from sandkasse import access, clock
from sandkasse.access import Action, writing
from sandkasse.database import Database
from sandkasse.errors import InvalidFields
from sandkasse.i18n import _
from sandkasse.people import Actor
from sandkasse.texts import problem_with, tidy


@dataclass(frozen=True)
class Meeting:
    """A meeting. ``starts_at`` is aware UTC."""

    meeting_id: int
    title: str
    starts_at: datetime
    place: str


def upcoming(db: Database, actor: Actor) -> list[Meeting]:
    """The meetings that have not begun, soonest first. :raises NotAllowed: without the right."""
    access.require(actor, Action.SEE_MEETINGS)
    rows = db.rows(
        """
        SELECT meeting_id, title, starts_at, place FROM meeting
        WHERE starts_at >= ? AND cancelled_at IS NULL ORDER BY starts_at, meeting_id
        """,
        [clock.now()],
    )
    return [Meeting(*row) for row in rows]


def plan(db: Database, actor: Actor, title: str, starts_at: datetime, place: str) -> int:
    """Plan a meeting and return its id.

    :raises InvalidFields: a missing or faulty title, place or time. :raises NotAllowed: for others
        than leads.
    """
    texts = {"title": tidy(title), "place": tidy(place)}
    problems = {
        field: fault for field, text in texts.items() if (fault := problem_with(text, field))
    }
    if not texts["title"]:
        problems["title"] = _("Give the meeting a name.")
    if starts_at <= clock.now():
        problems["starts_at"] = _("Choose a time that is still to come.")
    access.require(actor, Action.PLAN_MEETING)
    if problems:
        raise InvalidFields(problems)
    with writing(db, actor, Action.PLAN_MEETING) as write:
        meeting_id = int(
            write.tx.value(
                """
                INSERT INTO meeting (title, starts_at, place, created_at)
                VALUES (?, ?, ?, ?) RETURNING meeting_id
                """,
                [texts["title"], starts_at, texts["place"], clock.now()],
            )
        )
        write.subject = f"meeting:{meeting_id}"
    return meeting_id


def cancel(db: Database, actor: Actor, meeting_id: int) -> None:
    """Cancel a meeting that was planned. :raises NotAllowed: for others than leads."""
    with writing(db, actor, Action.PLAN_MEETING, subject=f"meeting:{meeting_id}") as write:
        write.tx.execute(
            "UPDATE meeting SET cancelled_at = ? WHERE meeting_id = ? AND cancelled_at IS NULL",
            [clock.now(), meeting_id],
        )
        write.detail["cancelled"] = True
