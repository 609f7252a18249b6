"""A meeting's agenda on the screen: what the data proposes, and what each item led to."""

from collections.abc import Callable, Mapping

import streamlit as st

from sandkasse import freezes
from sandkasse.access import Action
from sandkasse.documents import wording
from sandkasse.documents.audience import Audience
from sandkasse.figures import Choice
from sandkasse.i18n import _, number_text
from sandkasse.meetings import Meeting, agenda, grounds, receipts
from sandkasse.meetings.agenda import SOURCE_NAMES, SOURCE_NAMES_THEN, Item, Proposal, Source
from sandkasse.meetings.receipts import KIND_NAMES, Resolution
from sandkasse.texts import LIMITS
from sandkasse.ui import bridge_view, forms, freeze_view, holder, listing, page, result_form
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain


def draw(visit: Visit, meeting: Meeting) -> None:
    """What has changed since last time, the agenda in its order, and what could be taken up."""
    _since_last_time(visit, meeting)
    found = visit.read(agenda.items, meeting.meeting_id)
    over = meeting.closed_at is not None or meeting.cancelled_at is not None
    st.header(_("Agenda"), anchor=False)
    if not found:
        st.caption(_("Nothing is on the agenda yet."))
    changes = visit.may(Action.HOLD_MEETING) and not over
    led_to = visit.read(receipts.of_meeting, meeting.meeting_id)
    action = (_("Record a result") if meeting.under_way else _("Change")) if changes else ""
    due = {} if over else _seats_due(visit, found)
    sources = SOURCE_NAMES_THEN if over else SOURCE_NAMES
    rows = [
        _row(one, sources, [r for r in led_to if r.item_id == one.item_id], action, due)
        for one in found
    ]
    opened, acted = listing.draw_with_actions(_("Agenda"), rows, "agenda") if rows else (None, None)
    if opened is not None:
        idea_id = next(one.idea_id for one in found if one.item_id == opened)
        st.switch_page("pages/idea.py", query_params={"idea": str(idea_id)})
    if not changes:
        return
    if acted is not None:
        item = next(one for one in found if one.item_id == acted)
        st.dialog(plain(title_of(item)), width="medium")(_item)(visit, meeting, item, len(found))
    if st.button(_("Add an item"), key="add-item", icon=":material/add:"):
        st.dialog(_("Add an item"))(_add)(visit, meeting)
    _proposals(visit, meeting)


def _since_last_time(visit: Visit, meeting: Meeting) -> None:
    """The bridge in a sentence, where an earlier meeting has frozen the journey's figures."""
    if meeting.journey_id is None:
        return
    choice = Choice(meeting.journey_id)
    earlier = visit.read(freezes.before, meeting.meeting_id, choice)
    if earlier is not None:
        st.header(_("Since the last meeting"), anchor=False)
        found = visit.read(freezes.of_meeting, meeting.meeting_id)
        own = [one.choice for one in found if not (one.choice.level or one.choice.theme)]
        until = own[-1] if own else freeze_view.as_of_meeting(meeting, choice)
        bridge_view.in_brief(visit, earlier, until)


def title_of(item: Item) -> str:
    """What an item is called: what was written, or what it is about."""
    about = item.idea_title or item.matter or item.action or item.seats or ""
    if not about and item.idea_id is not None:
        about = result_form.not_published(item.idea_id)
    return " – ".join(filter(None, [item.title, about])) or _(SOURCE_NAMES[item.source])


def _seats_due(visit: Visit, found: list[Item]) -> dict[str, str]:
    """What is to be said now of the seats that the agenda is about, by agency, for who sees it."""
    if not any(item.source is Source.SEAT for item in found):
        return {}
    return {one.agency_id: grounds.of_seats(one) for one in visit.read(agenda.seats_due)}


def _row(
    item: Item,
    sources: Mapping[Source, str],
    led_to: list[Resolution],
    action: str,
    due: dict[str, str],
) -> Row:
    href = f"idea?idea={item.idea_id}" if item.whole else None
    about = [item.matter, item.action] if item.idea_title else [due.get(item.agency_id or "")]
    then = wording.proposed_then(item, Audience.PROJECT)
    facts = tuple(filter(None, [_(sources[item.source]), then, *about]))
    marks = tuple(Mark(_(KIND_NAMES[one.kind])) for one in led_to if not one.superseded_by)
    return Row(
        item.item_id, f"{item.position}. {title_of(item)}", href, facts, marks, text=item.note,
        action=action,
    )  # fmt: skip


def _proposals(visit: Visit, meeting: Meeting) -> None:
    proposed = visit.read(agenda.proposed, meeting.meeting_id)
    if not proposed:
        return
    st.header(_("Proposed by the data ({n})").format(n=number_text(len(proposed))), anchor=False)
    st.caption(
        _(
            "Open actions first, then what waits for a decision, what has been long in its stage, "
            "what is due at an agency, what has moved, and seats for students. Take up what the "
            "meeting should look at."
        )
    )
    if st.button(_("Take up everything"), key="take-all", icon=":material/playlist_add:"):
        _done(visit, agenda.prepare, meeting.meeting_id)
    names = holder.agency_names(visit)
    rows = [
        Row(number, _proposal_title(one, names), None, (grounds.told(one.source, one.why, names),),
            (Mark(_(SOURCE_NAMES[one.source])),), action=_("Take it up"))
        for number, one in enumerate(proposed)
    ]  # fmt: skip
    _opened, taken = listing.draw_with_actions(_("Proposed by the data"), rows, "proposed")
    if taken is not None and taken < len(proposed):
        _done(visit, agenda.take_up, meeting.meeting_id, proposed[taken])


def _proposal_title(one: Proposal, names: dict[str, str]) -> str:
    if one.agency_id is not None:
        return agenda.seats_of(names.get(one.agency_id, one.agency_id))
    if one.source is Source.ACTION and one.why.words:
        return one.why.words
    if one.title is None and one.idea_id is not None:
        return result_form.not_published(one.idea_id)
    return one.title or ""


def _done(visit: Visit, write: Callable[..., object], *asked: object) -> None:
    answer = visit.write(write, *asked)
    if isinstance(answer, Refused):
        st.error(plain(answer.message), icon=":material/error:")
        return
    page.toast_next(_("The agenda is saved."))
    st.rerun()


def _add(visit: Visit, meeting: Meeting) -> None:
    faults = Faults()
    title = st.text_input(
        _("What it is about (must be filled in)"), key="item-title", max_chars=LIMITS["title"]
    )
    faults.beside("title")
    note = forms.note_field(faults, "item")
    if st.button(_("Save"), type="primary", key="item-do"):
        answer = visit.write(agenda.add_own, meeting.meeting_id, title or "", note)
        forms.finish(answer, faults, _("The agenda is saved."))


def _item(visit: Visit, meeting: Meeting, item: Item, last: int) -> None:
    """One item: what it led to while the meeting is under way, and its words and place."""
    if meeting.under_way:
        result_form.draw(visit, meeting, item)
    with st.expander(_("Words and place on the agenda"), expanded=not meeting.under_way):
        _words_and_place(visit, item, last)


def _words_and_place(visit: Visit, item: Item, last: int) -> None:
    faults = Faults()
    key = f"item-{item.item_id}"
    title, note = item.title, item.note
    if not item.withheld:
        label = _("Heading (must be filled in)") if item.source is Source.OWN else _("Heading")
        title = st.text_input(label, title, key=f"{key}-title", max_chars=LIMITS["title"])
        faults.beside("title")
        note = st.text_area(
            _("In words (optional)"), note, key=f"{key}-note", height=90, max_chars=LIMITS["note"]
        )
        faults.beside("note")
    place = st.number_input(
        _("Place"), min_value=1, max_value=last, value=item.position, key=f"{key}-place"
    )
    faults.beside("to_position")
    if st.button(_("Save the item"), key=f"{key}-do"):
        answer: object = None
        if (title, note) != (item.title, item.note):
            answer = visit.write(agenda.edit_item, item.item_id, title=title or "", note=note or "")
        if not isinstance(answer, Refused) and place != item.position:
            answer = visit.write(agenda.move_item, item.item_id, int(place or item.position))
        forms.finish(answer, faults, _("The agenda is saved."))
    if st.button(_("Take it off the agenda"), key=f"{key}-off", type="tertiary"):
        _done(visit, agenda.remove_item, item.item_id)
