"""A meeting, and the days by which its actions are due, as a file for the calendar."""

from sandkasse import calendar_file
from sandkasse.calendar_file import Entry
from sandkasse.database import Database
from sandkasse.documents import wording
from sandkasse.documents.audience import Audience, reader
from sandkasse.documents.wording import printable
from sandkasse.i18n import _
from sandkasse.meetings import get as get_meeting
from sandkasse.meetings import receipts
from sandkasse.people import Actor

_LONGEST = 120


def appointments(db: Database, actor: Actor, meeting_id: int, audience: Audience) -> bytes:
    """The meeting at its time, and each action that is still open on its last day.

    :raises NotAllowed: without the right. :raises NotFound: when there is no such meeting.
    """
    meeting = get_meeting(db, actor, meeting_id)
    entries = [
        Entry(
            f"meeting-{meeting_id}", printable(meeting.title), meeting.starts_at,
            printable(meeting.place), meeting.link,
        )
    ]  # fmt: skip
    for one in receipts.of_meeting(db, reader(actor, audience), meeting_id):
        if one.is_open and one.due is not None and wording.resolution_told(one, audience):
            what = printable(one.body).splitlines()[0][:_LONGEST]
            if one.owner and audience is Audience.PROJECT:
                what = f"{what} ({printable(one.owner)})"
            told = _("At the latest: {what}").format(what=what)
            entries.append(Entry(f"action-{one.resolution_id}", told, one.due))
    return calendar_file.written(entries, "Meetings")
