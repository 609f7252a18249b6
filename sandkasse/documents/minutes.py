"""The minutes of a meeting as a Word document: who came, what each item led to, and the figures
with their receipts."""

from sandkasse.database import Database
from sandkasse.documents import agenda, wording
from sandkasse.documents.audience import MARKS, Audience, reader
from sandkasse.documents.reviewed import Review
from sandkasse.documents.word import Word
from sandkasse.i18n import _, language, time_text
from sandkasse.meetings import Meeting, attendance, receipts
from sandkasse.meetings import agenda as agendas
from sandkasse.meetings import get as get_meeting
from sandkasse.meetings.attendance import Standing
from sandkasse.meetings.receipts import KIND_NAMES, Resolution
from sandkasse.people import Actor


def minutes(
    db: Database, actor: Actor, meeting_id: int, audience: Audience, review: Review
) -> bytes:
    """The minutes as a .docx file in the language of the moment; until the meeting is closed they
    say that they are a draft.

    :raises NotAllowed: without the right. :raises NotFound: when there is no such meeting.
    """
    meeting = get_meeting(db, actor, meeting_id)
    paper = Word(_("Minutes: {title}").format(title=meeting.title), _(MARKS[audience]))
    agenda.head(paper, meeting)
    _standing(paper, meeting)
    _people(paper, db, actor, meeting_id, audience)
    _results(paper, db, actor, meeting_id, audience)
    _figures(paper, review)
    return paper.saved()


def _standing(paper: Word, meeting: Meeting) -> None:
    if meeting.closed_at is not None:
        paper.paragraph(_("Closed {time}.").format(time=time_text(meeting.closed_at)), quiet=True)
    else:
        paper.paragraph(_("Draft: the meeting is not closed."), quiet=True)


def _people(paper: Word, db: Database, actor: Actor, meeting_id: int, audience: Audience) -> None:
    listed = attendance.listed(db, actor, meeting_id)
    headings = {
        Standing.PRESENT: _("Present"),
        Standing.ABSENT: _("Absent"),
        Standing.INVITED: _("Called, not marked as present or absent"),
    }
    for which, words in headings.items():
        found = agenda.standing(listed, which)
        if found or which is Standing.PRESENT:
            paper.heading(words)
            if found:
                agenda.people(paper, db, found, audience)
            else:
                paper.paragraph(_("Nobody is marked as present."))


def _results(paper: Word, db: Database, actor: Actor, meeting_id: int, audience: Audience) -> None:
    items = agendas.items(db, reader(actor, audience), meeting_id)
    found = receipts.of_meeting(db, reader(actor, audience), meeting_id)
    paper.heading(_("What was taken up"))
    if not items and not found:
        paper.paragraph(_("Nothing has been recorded yet."))
    for item in items:
        paper.heading(f"{item.position}. {wording.item_title(item, audience)}", 2)
        if item.note and wording.may_tell(item, audience):
            paper.paragraph(item.note)
        under = [one for one in found if one.item_id == item.item_id]
        for one in under:
            _result(paper, one, audience, about=item.idea_id is None)
        if not under:
            paper.paragraph(_("No result was recorded."), quiet=True)
    shown = {item.item_id for item in items}
    if rest := [one for one in found if one.item_id not in shown]:
        paper.heading(_("Other results"), 2)
        for one in rest:
            _result(paper, one, audience, about=True)


def _result(paper: Word, one: Resolution, audience: Audience, *, about: bool) -> None:
    """What a result says, whose it is and by when; ``about`` names its idea."""
    kind = f"{_(KIND_NAMES[one.kind])}:"
    if not wording.resolution_told(one, audience):
        paper.named(kind, _("Not published."))
        return
    idea = f"{one.idea_title or wording.unnamed()}: " if about and one.idea_id is not None else ""
    gone = one.superseded_by is not None
    paper.named(kind, idea + one.body, struck=gone)
    if one.reason:
        paper.named(_("Why:"), one.reason)
    if one.next_step:
        paper.named(_("What can be done now:"), one.next_step)
    if facts := wording.resolution_facts(one, audience):
        paper.paragraph(" · ".join(facts), quiet=True)


def _figures(paper: Word, review: Review) -> None:
    paper.page_break()
    paper.heading(_("Figures"))
    told = _("Sandbox: {name}. ").format(name=review.journey.name.in_(language()))
    if review.frozen is None:
        told += _("Nothing was frozen in the meeting: these are the figures as the minutes were "
                  "made.")  # fmt: skip
    else:
        told += _("Frozen in the meeting, as of and as known {time}. Definitions version {n}.")
        told = told.format(time=time_text(review.frozen.as_of), n=review.frozen.definition)
    paper.paragraph(told)
    paper.paragraph(
        _("Enter a number receipt in the app to open the view, and to see whether it would differ "
          "today."),
        quiet=True,
    )  # fmt: skip
    for shown in review.exhibits:
        paper.exhibit(shown)
