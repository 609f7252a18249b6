"""All papers of a meeting: agenda, minutes, slides, spreadsheet and calendar; one by one, in one
zip, or in a folder. They are for one audience, so that a zip can be handed on as it is."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from sandkasse import limits
from sandkasse.database import Database
from sandkasse.documents import agenda, appointments, minutes, reviewed, slides, spreadsheet
from sandkasse.documents.audience import Audience
from sandkasse.documents.reviewed import Review
from sandkasse.errors import Invalid
from sandkasse.figures import Choice
from sandkasse.i18n import N_, _, language, time_text
from sandkasse.meetings import Meeting
from sandkasse.meetings import get as get_meeting
from sandkasse.people import Actor

#: The papers, by the ending of their files' names.
PAPERS: Mapping[str, str] = {
    "agenda.docx": N_("Agenda"),
    "minutes.docx": N_("Minutes"),
    "figures.pptx": N_("Slides"),
    "figures.xlsx": N_("Spreadsheet"),
    "meeting.ics": N_("Calendar"),
}
MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ics": "text/calendar",
    "zip": "application/zip",
}
_WITH_FIGURES = {"minutes.docx", "figures.pptx", "figures.xlsx"}


def papers(
    db: Database,
    actor: Actor,
    meeting_id: int,
    audience: Audience = Audience.OUTSIDE,
    only: Iterable[str] = PAPERS,
) -> dict[str, bytes]:
    """The papers ``only`` (of :data:`PAPERS`) by the names of their files, in the language of the
    moment.

    :raises NotAllowed: without the right to see meetings and figures. :raises NotFound: when there
        is no such meeting. :raises Invalid: an unknown paper.
    """
    meeting = get_meeting(db, actor, meeting_id)
    limits.count("downloads", actor)
    asked = list(only)
    if not set(asked) <= PAPERS.keys():
        raise Invalid(_("Choose from the list."), "only")
    review = None
    if _WITH_FIGURES & set(asked):
        review = reviewed.of_meeting(db, actor, meeting, audience)
    beginning = file_name(meeting, audience)
    return {
        f"{beginning}-{kind}": _made(db, actor, meeting, audience, kind, review) for kind in asked
    }


def packed(files: Mapping[str, bytes]) -> bytes:
    """The files in one zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def written(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Write the files into a folder, which is made where it is not there.

    :raises Invalid: when it cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise Invalid(f"{error.filename or folder}: {error.strerror}") from error
    return [folder / name for name in files]


def of_view(
    db: Database, actor: Actor, kind: str, choice: Choice, audience: Audience, form: str
) -> bytes:
    """One figure as slides (``pptx``) or as a spreadsheet (``xlsx``), in the language of the
    moment. Errors as for :func:`sandkasse.documents.reviewed.of_view`."""
    exhibits = reviewed.of_view(db, actor, kind, choice, audience)
    limits.count("downloads", actor)
    write = slides.slides if form == "pptx" else spreadsheet.spreadsheet
    return write(exhibits[0].title, exhibits[0].basis, exhibits, audience)


def file_name(meeting: Meeting, audience: Audience) -> str:
    """How the names of a meeting's files begin: what, when, for whom and in which language."""
    title = re.sub(r"[\W_]+", "-", meeting.title.lower())[:40].strip("-") or "meeting"
    return f"{title}-{meeting.starts_at:%Y-%m-%d}-{audience}-{language()}"


def _made(
    db: Database,
    actor: Actor,
    meeting: Meeting,
    audience: Audience,
    kind: str,
    review: Review | None,
) -> bytes:
    if kind == "agenda.docx":
        return agenda.agenda(db, actor, meeting.meeting_id, audience)
    if kind == "meeting.ics":
        return appointments.appointments(db, actor, meeting.meeting_id, audience)
    assert review is not None  # noqa: S101
    if kind == "minutes.docx":
        return minutes.minutes(db, actor, meeting.meeting_id, audience, review)
    under = "\n".join([review.journey.name.in_(language()), time_text(meeting.starts_at)])
    write = slides.slides if kind == "figures.pptx" else spreadsheet.spreadsheet
    return write(meeting.title, under, review.exhibits, audience)
