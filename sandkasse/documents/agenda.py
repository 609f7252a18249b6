"""The agenda of a meeting as a Word document: when, where, who is called, and what is to be taken
up, with why it was proposed."""

from collections import Counter

from sandkasse import agencies, subprojects
from sandkasse.database import Database
from sandkasse.documents import wording
from sandkasse.documents.audience import MARKS, Audience, reader
from sandkasse.documents.word import Word
from sandkasse.i18n import _, language, ngettext_, number_text, time_text
from sandkasse.meetings import Meeting, attendance
from sandkasse.meetings import agenda as agendas
from sandkasse.meetings import get as get_meeting
from sandkasse.meetings.agenda import SOURCE_NAMES, Item, Source
from sandkasse.meetings.attendance import Attendee, Standing
from sandkasse.people import Actor


def agenda(db: Database, actor: Actor, meeting_id: int, audience: Audience) -> bytes:
    """The agenda as a .docx file in the language of the moment.

    :raises NotAllowed: without the right. :raises NotFound: when there is no such meeting.
    """
    meeting = get_meeting(db, actor, meeting_id)
    paper = Word(_("Agenda: {title}").format(title=meeting.title), _(MARKS[audience]))
    head(paper, meeting)
    paper.heading(_("Called"))
    people(paper, db, attendance.listed(db, actor, meeting_id), audience)
    items = agendas.items(db, reader(actor, audience), meeting_id)
    paper.heading(_("Agenda"))
    ordinary = [one for one in items if one.source is not Source.ACTION]
    _list(paper, ordinary, audience)
    if not ordinary:
        paper.paragraph(_("Nothing is on the agenda yet."))
    if actions := [one for one in items if one.source is Source.ACTION]:
        paper.heading(_("Open actions from earlier meetings"))
        _list(paper, actions, audience)
    return paper.saved()


def head(paper: Word, meeting: Meeting) -> None:
    """When and where a meeting is, and of which sub-project."""
    facts = [(_("Time:"), time_text(meeting.starts_at))]
    if meeting.place:
        facts.append((_("Place:"), meeting.place))
    subproject = subprojects.find(meeting.subproject_id)
    if subproject is not None:
        facts.append((_("Sub-project:"), subproject.name.in_(language())))
    for name, text in facts:
        paper.named(name, text)


def people(paper: Word, db: Database, listed: list[Attendee], audience: Audience) -> None:
    """Who is on a list: by name, or for people outside how many from where."""
    if not listed:
        paper.paragraph(_("Nobody is on the list yet."))
        return
    names = {one.id: one.name.in_(language()) for one in agencies.listed(db)}
    if audience is Audience.PROJECT:
        paper.listed(
            [", ".join(filter(None, [one.name, names.get(one.agency_id or "")])) for one in listed]
        )
        return
    told = ngettext_("{n} person", "{n} people", len(listed)).format(n=number_text(len(listed)))
    where = sorted(Counter(names[one.agency_id] for one in listed if one.agency_id in names))
    paper.paragraph(f"{told}: {', '.join(where)}" if where else told)


def standing(listed: list[Attendee], which: Standing) -> list[Attendee]:
    """Those on a list who came, did not come, or are only called."""
    return [one for one in listed if one.standing is which]


def _list(paper: Word, items: list[Item], audience: Audience) -> None:
    for item in items:
        paper.heading(f"{item.position}. {wording.item_title(item, audience)}", 2)
        if item.source is not Source.OWN:
            because = _("Proposed because: {why}").format(why=_(SOURCE_NAMES[item.source]))
            then = wording.proposed_then(item, audience)
            paper.paragraph(f"{because} ({then})" if then else because, quiet=True)
        if item.note and wording.may_tell(item, audience):
            paper.paragraph(item.note)
