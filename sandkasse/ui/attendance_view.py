"""Who is called to a meeting, and who came."""

import streamlit as st

from sandkasse.access import Action
from sandkasse.i18n import _
from sandkasse.meetings import Meeting, attendance
from sandkasse.meetings.attendance import Attendee, Standing
from sandkasse.texts import LIMITS
from sandkasse.ui import forms, holder, listing
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain


def draw(visit: Visit, meeting: Meeting) -> None:
    """The list, marking who came, and calling more."""
    found = visit.read(attendance.listed, meeting.meeting_id)
    over = meeting.closed_at is not None or meeting.cancelled_at is not None
    changes = visit.may(Action.HOLD_MEETING) and not over
    names = holder.agency_names(visit)
    words = {
        Standing.INVITED: _("Invited"),
        Standing.PRESENT: _("Present"),
        Standing.ABSENT: _("Absent"),
    }
    if not found:
        st.caption(_("Nobody is on the list yet."))
    rows = [
        Row(number, one.name, None, tuple(filter(None, [names.get(one.agency_id or "")])),
            (Mark(words[one.standing], strong=one.standing is Standing.PRESENT),),
            action=(_("Not here") if one.standing is Standing.PRESENT else _("Here"))
            if changes else "")
        for number, one in enumerate(found)
    ]  # fmt: skip
    acted = listing.draw_with_actions(_("People"), rows, "people")[1] if rows else None
    if acted is not None and acted < len(found):
        one = found[acted]
        there = one.standing is Standing.PRESENT
        answer = visit.write(
            attendance.mark, meeting.meeting_id, Standing.ABSENT if there else Standing.PRESENT,
            person_id=one.person_id, name="" if one.person_id else one.name,
        )  # fmt: skip
        _told(answer)
    if not changes:
        return
    if any(one.standing is Standing.INVITED for one in found) and st.button(
        _("All the others are here"), key="all-here", icon=":material/done_all:"
    ):
        _told(visit.write(attendance.all_present, meeting.meeting_id))
    _invite(visit, meeting, {one.person_id for one in found})
    _take_off(visit, meeting, found)


def _told(answer: object) -> None:
    """Say why it was refused, or draw the list anew."""
    if isinstance(answer, Refused):
        st.error(plain(answer.message), icon=":material/error:")
    else:
        st.rerun()


def _take_off(visit: Visit, meeting: Meeting, found: list[Attendee]) -> None:
    if not found:
        return
    with st.expander(_("Take somebody off the list"), on_change="rerun") as opened:
        if not opened.open:
            return
        chosen = st.selectbox(
            _("Who"), range(len(found)), index=None, key="take-off",
            format_func=lambda place: found[place].name, placeholder=_("Choose a person"),
        )  # fmt: skip
        if st.button(_("Take off the list"), key="take-off-do") and chosen is not None:
            one = found[chosen]
            _told(visit.write(
                attendance.remove, meeting.meeting_id, person_id=one.person_id,
                name="" if one.person_id else one.name,
            ))  # fmt: skip


def _invite(visit: Visit, meeting: Meeting, there: set[int | None]) -> None:
    faults = Faults()
    names = holder.agency_names(visit)
    people = {
        one.person_id: " · ".join(filter(None, [one.name, names.get(one.agency_id or "")]))
        for one in visit.read(attendance.people_to_invite)
        if one.person_id not in there
    }
    chosen = st.multiselect(
        _("Call these"), list(people), format_func=people.__getitem__, key="invite-people",
        placeholder=_("Choose people"),
    )  # fmt: skip
    faults.beside("person_ids")
    name = st.text_input(
        _("Somebody who has not signed in here"), key="invite-name", max_chars=LIMITS["name"]
    )
    faults.beside("names")
    if st.button(_("Put on the list"), key="invite-do", icon=":material/person_add:"):
        answer = visit.write(
            attendance.invite, meeting.meeting_id, person_ids=chosen,
            names=[name] if name else [],
        )  # fmt: skip
        forms.finish(answer, faults, _("Saved."))
