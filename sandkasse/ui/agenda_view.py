"""A meeting's agenda on the screen: what the data proposes, and what each item led to."""

from collections.abc import Callable

import streamlit as st

from sandkasse.access import Action
from sandkasse.i18n import _, date_text, days_text, number_text
from sandkasse.meetings import Meeting, agenda
from sandkasse.meetings.agenda import SOURCE_NAMES, Item, Proposal, Source
from sandkasse.texts import LIMITS
from sandkasse.ui import forms, holder, listing, page, results_view
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain


def draw(visit: Visit, meeting: Meeting) -> None:
    """The agenda in its order, and what could be taken up."""
    found = visit.read(agenda.items, meeting.meeting_id)
    over = meeting.closed_at is not None or meeting.cancelled_at is not None
    if not found:
        st.caption(_("Nothing is on the agenda yet."))
    changes = visit.may(Action.HOLD_MEETING) and not over
    rows = [_row(one, _("Open the item") if changes else "") for one in found]
    opened, acted = listing.draw_with_actions(_("Agenda"), rows, "agenda") if rows else (None, None)
    if opened is not None:
        idea_id = next(one.idea_id for one in found if one.item_id == opened)
        st.switch_page("pages/idea.py", query_params={"idea": str(idea_id)})
    if not changes:
        return
    if acted is not None:
        item = next(one for one in found if one.item_id == acted)
        st.dialog(title_of(item), width="large")(_item)(visit, meeting, item, len(found))
    if st.button(_("Add an item"), key="add-item", icon=":material/add:"):
        st.dialog(_("Add an item"))(_add)(visit, meeting)
    _proposals(visit, meeting)


def title_of(item: Item) -> str:
    """What an item is called: what was written, or what it is about."""
    about = item.idea_title or item.matter or item.action or ""
    if not about and item.idea_id is not None:
        about = _("An idea that is not published")
    return " – ".join(filter(None, [item.title, about])) or _(SOURCE_NAMES[item.source])


def _row(item: Item, action: str) -> Row:
    href = f"idea?idea={item.idea_id}" if item.whole else None
    facts = tuple(filter(None, [_(SOURCE_NAMES[item.source]), item.matter]))
    return Row(
        item.item_id, f"{item.position}. {title_of(item)}", href, facts, text=item.note,
        action=action,
    )  # fmt: skip


def _proposals(visit: Visit, meeting: Meeting) -> None:
    proposed = visit.read(agenda.proposed, meeting.meeting_id)
    if not proposed:
        return
    st.header(_("Proposed by the data ({n})").format(n=number_text(len(proposed))), anchor=False)
    if st.button(_("Take up everything"), key="take-all", icon=":material/playlist_add:"):
        _done(visit, agenda.prepare, meeting.meeting_id)
    names = holder.agency_names(visit)
    rows = [
        Row(number, _proposal_title(one), None, (_why(one, names),),
            (Mark(_(SOURCE_NAMES[one.source])),), action=_("Take it up"))
        for number, one in enumerate(proposed)
    ]  # fmt: skip
    _opened, taken = listing.draw_with_actions(_("Proposed by the data"), rows, "proposed")
    if taken is not None and taken < len(proposed):
        _done(visit, agenda.take_up, meeting.meeting_id, proposed[taken])


def _proposal_title(one: Proposal) -> str:
    if one.source is Source.ACTION:
        return one.why.words
    return one.title or _("An idea that is not published")


def _why(one: Proposal, names: dict[str, str]) -> str:
    why = one.why
    if one.source is Source.ACTION:
        due = date_text(why.due) if why.due else ""
        return _("{owner}, by {day}").format(owner=why.owner, day=due)
    if one.source is Source.DECISION_DUE:
        return _("with the mentors for {days}").format(days=days_text(why.days))
    if one.source is Source.PAST_BAND:
        return _("{days} in its stage, {expected} expected").format(
            days=days_text(why.days), expected=number_text(why.expected)
        )
    if one.source is Source.OVERDUE_MATTER:
        return _("{agency}: {days} with the agency").format(
            agency=names.get(why.agency_id or "", ""), days=days_text(why.days)
        )
    return _("{moves} moves and {exits} exits since the last meeting").format(
        moves=number_text(why.moves + why.entered), exits=number_text(why.exits)
    )


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
        if isinstance(answer, Refused):
            faults.show(answer)
        else:
            page.toast_next(_("The agenda is saved."))
            st.rerun()


def _item(visit: Visit, meeting: Meeting, item: Item, last: int) -> None:
    """One item: what it led to while the meeting is under way, and its words and place."""
    if meeting.under_way:
        results_view.form(visit, meeting, item)
    with st.expander(_("Words and place on the agenda"), expanded=not meeting.under_way):
        faults = Faults()
        key = f"item-{item.item_id}"
        title = st.text_input(
            _("Heading"), item.title, key=f"{key}-title", max_chars=LIMITS["title"]
        )
        faults.beside("title")
        note = st.text_area(_("In words (optional)"), item.note, key=f"{key}-note", height=90)
        faults.beside("note")
        place = st.number_input(
            _("Place"), min_value=1, max_value=last, value=item.position, key=f"{key}-place"
        )
        faults.beside("to_position")
        if st.button(_("Save the item"), key=f"{key}-do"):
            answer = visit.write(agenda.edit_item, item.item_id, title=title or "", note=note or "")
            if not isinstance(answer, Refused) and place != item.position:
                answer = visit.write(agenda.move_item, item.item_id, int(place))
            if isinstance(answer, Refused):
                faults.show(answer)
            else:
                page.toast_next(_("The agenda is saved."))
                st.rerun()
        if st.button(_("Take it off the agenda"), key=f"{key}-off", type="tertiary"):
            _done(visit, agenda.remove_item, item.item_id)
