"""Meetings on the screen: the lists, planning, and the head of one meeting."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import streamlit as st

from sandkasse import clock, freezes, meetings, subprojects
from sandkasse.access import Action
from sandkasse.i18n import _, dated_text, language, ngettext_, number_text, time_text
from sandkasse.meetings import Meeting, receipts
from sandkasse.subprojects import Subproject
from sandkasse.texts import LIMITS
from sandkasse.ui import choices, forms, listing, number_receipt_view, page, states
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import link, plain

_SOON = 3


def listed(visit: Visit) -> None:
    """The meetings that are planned or under way, those that were held, and a way to plan one."""
    if visit.may(Action.PLAN_MEETING) and st.button(
        _("Plan a meeting"), key="plan", icon=":material/add:"
    ):
        st.dialog(_("Plan a meeting"))(form)(visit, None)
    st.header(_("Planned and under way"), anchor=False)
    planned = visit.read(meetings.upcoming)
    if not planned:
        st.caption(_("No meeting is planned."))
    _draw(planned, _("Planned and under way"), "planned")
    st.header(_("Earlier meetings"), anchor=False)
    number = choices.page_number()
    held = visit.read(meetings.past, number)
    if not held.total:
        st.caption(_("No meeting has been held yet."))
    _draw(list(held.rows), _("Earlier meetings"), "held")
    choices.pager(held.total, meetings.PAGE_SIZE, number)
    if visit.may(Action.SEE_FUNNEL):
        st.header(_("A number from a meeting"), anchor=False)
        st.caption(_("Every frozen figure has a code. It opens the view as it was then."))
        number_receipt_view.look_up()


def _draw(found: list[Meeting], label: str, key: str) -> None:
    if not found:
        return
    rows = [
        Row(one.meeting_id, one.title, f"meetings?meeting={one.meeting_id}", _facts(one),
            _marks(one))
        for one in found
    ]  # fmt: skip
    opened = listing.draw(label, rows, key)
    if opened is not None:
        st.switch_page("pages/meetings.py", query_params={"meeting": str(opened)})


def _facts(one: Meeting) -> tuple[str, ...]:
    return tuple(
        filter(None, [time_text(one.starts_at), one.place, *_subproject_beside_title(one)])
    )


def _subproject_beside_title(one: Meeting) -> list[str]:
    subproject = subprojects_in_words(one)
    return [subproject] if subproject != one.title else []


def soon(visit: Visit) -> None:
    """The next meetings, for one's own page."""
    st.header(_("Next meetings"), anchor=False)
    planned = visit.read(meetings.upcoming)
    if not planned:
        st.caption(_("No meeting is planned."))
    _draw(planned[:_SOON], _("Next meetings"), "next-meetings")
    if visit.may(Action.PLAN_MEETING) and st.button(_("Plan a meeting"), key="plan"):
        st.dialog(_("Plan a meeting"))(form)(visit, None)


def _marks(one: Meeting) -> tuple[Mark, ...]:
    if one.under_way:
        return (Mark(_("Under way"), strong=True),)
    if one.closed_at:
        return ()
    if one.cancelled_at:
        return (Mark(_("Cancelled")),)
    over = one.starts_at < clock.start_of(clock.today())
    return (Mark(_("Was not held")),) if over else ()


def subprojects_in_words(one: Meeting) -> str:
    """The sub-project of a meeting, if it has one."""
    found = subprojects.find(one.subproject_id) if one.subproject_id else None
    return found.name.in_(language()) if found else ""


def way_back() -> None:
    """Back to the list. A link to the page that one is on leads nowhere, so it is a button."""
    if st.button(_("All meetings"), key="all-meetings", icon=":material/arrow_back:"):
        st.switch_page("pages/meetings.py")


def heading(visit: Visit, meeting: Meeting) -> None:
    """What, when and where; beginning, closing, changing or cancelling it."""
    st.title(plain(meeting.title), anchor=False)
    place = link(meeting.place) if meeting.link else plain(meeting.place)
    facts = [time_text(meeting.starts_at), *_subproject_beside_title(meeting)]
    st.markdown(" · ".join(filter(None, [*(plain(fact) for fact in facts), place])))
    if meeting.closed_at:
        st.caption(_("Closed {time}.").format(time=time_text(meeting.closed_at)))
    elif meeting.began_at:
        st.caption(_("Under way since {time}.").format(time=time_text(meeting.began_at)))
    elif meeting.cancelled_at:
        st.caption(_("Cancelled {time}.").format(time=time_text(meeting.cancelled_at)))
    if meeting.closed_at or meeting.cancelled_at:
        return
    with st.container(horizontal=True):
        if visit.may(Action.HOLD_MEETING):
            _hold(visit, meeting)
        if visit.may(Action.PLAN_MEETING):
            if st.button(_("Change"), key="change", icon=":material/edit:"):
                st.dialog(_("Change the meeting"))(form)(visit, meeting)
            if not meeting.began_at and st.button(_("Cancel the meeting"), key="cancel"):
                _sure(visit, meeting, Ending.CANCEL)


def _hold(visit: Visit, meeting: Meeting) -> None:
    if meeting.began_at is None:
        if st.button(_("Begin the meeting"), type="primary", key="begin"):
            # A meeting opens with the figures: the bridge from the last one.
            st.query_params["view"] = "figures"
            _do(visit, meetings.begin, meeting, _("The meeting has begun."))
    elif st.button(_("Close the meeting"), key="close"):
        _sure(visit, meeting, Ending.CLOSE)


class Ending(Enum):
    """How a meeting ends, which is not taken back."""

    CLOSE = "close"
    CANCEL = "cancel"


def _sure(visit: Visit, meeting: Meeting, ending: Ending) -> None:
    """Ask before what cannot be taken back."""
    heading = _("Close the meeting") if ending is Ending.CLOSE else _("Cancel the meeting")
    st.dialog(heading)(end)(visit, meeting, ending)


def end(visit: Visit, meeting: Meeting, ending: Ending) -> None:
    """What it means to close or cancel a meeting, and the button that does it."""
    if ending is Ending.CANCEL:
        st.markdown(_("It is taken off everybody's list of coming meetings. Nothing undoes that."))
        if st.button(_("Yes, cancel it"), type="primary", key="cancel-do"):
            _do(visit, meetings.cancel, meeting, _("The meeting is cancelled."))
        return
    found = visit.read(receipts.of_meeting, meeting.meeting_id)
    told = ngettext_("{n} result is recorded.", "{n} results are recorded.", len(found))
    st.markdown(told.format(n=number_text(len(found))))
    if not visit.read(freezes.of_meeting, meeting.meeting_id):
        st.markdown(_("No figures are frozen. The next meeting will have no bridge from this one."))
    st.caption(
        _(
            "The agenda, who came, and the list of results then stand as they are. Decisions can "
            "still be published and carried out, and actions done."
        )
    )
    if st.button(_("Yes, close it"), type="primary", key="close-do"):
        _do(visit, meetings.close, meeting, _("The meeting is closed."))


def _do(visit: Visit, write: Callable[..., None], meeting: Meeting, told: str) -> None:
    answer = visit.write(write, meeting.meeting_id)
    if isinstance(answer, Refused):
        st.error(plain(answer.message), icon=":material/error:")
        return
    page.toast_next(told)
    st.rerun()


def form(visit: Visit, meeting: Meeting | None) -> None:
    """Plan a meeting, or say one anew."""
    faults = Faults()
    key = f"meeting-{meeting.meeting_id if meeting else 'new'}"
    title = st.text_input(
        _("Name (must be filled in)"), meeting.title if meeting else "",
        key=f"{key}-title", max_chars=LIMITS["title"],
    )  # fmt: skip
    faults.beside("title")
    local = st.datetime_input(
        _("Time (must be filled in)"),
        value=clock.local(meeting.starts_at).replace(tzinfo=None) if meeting else None,
        format=forms.date_format(), key=f"{key}-time",
    )  # fmt: skip
    faults.beside("starts_at")
    place = st.text_input(
        _("Place or link (optional)"), meeting.place if meeting else "", key=f"{key}-place",
        max_chars=LIMITS["title"],
    )  # fmt: skip
    faults.beside("place")
    known = {one.id: one.name.in_(language()) for one in subprojects.current(clock.today())}
    journeys = {one: j.name.in_(language()) for one, j in states.journeys_by_id(visit).items()}
    subproject_id = _one(
        _("Sub-project"), known, meeting.subproject_id if meeting else None, f"{key}-sub"
    )
    faults.beside("subproject_id")
    journey_id = _one(
        _("Sandbox"), journeys, meeting.journey_id if meeting else None, f"{key}-journey"
    )
    faults.beside("journey_id")
    if not st.button(_("Save"), type="primary", key=f"{key}-do"):
        return
    starts_at = _aware(local) if local else clock.now()
    words: dict[str, Any] = {
        "title": title or "", "starts_at": starts_at, "place": place or "",
        "subproject_id": subproject_id, "journey_id": journey_id,
    }  # fmt: skip
    answer = (
        visit.write(meetings.change, meeting.meeting_id, **words)
        if meeting
        else visit.write(meetings.plan, **words)
    )
    forms.finish(answer, faults, _("Saved.") if meeting else _("The meeting is planned."))


def _one(label: str, known: dict[str, str], chosen: str | None, key: str) -> str | None:
    options = [choices.ALL, *known]
    words = {choices.ALL: _("None in particular"), **known}
    picked = st.selectbox(
        label, options, index=options.index(chosen) if chosen in options else 0,
        format_func=words.__getitem__, key=key,
    )  # fmt: skip
    return picked or None


def _aware(local: datetime) -> datetime:
    return local.replace(tzinfo=clock.OSLO).astimezone(UTC)


def subprojects_and_goals(visit: Visit) -> None:
    """The pilot's sub-projects with what they were to do and the meetings they held, and the goals
    they serve."""
    held = visit.read(meetings.held_by_subproject)
    running = {one.id for one in subprojects.current(clock.today())}
    for heading, is_running in ((_("Sub-projects now"), True), (_("Earlier sub-projects"), False)):
        st.header(heading, anchor=False)
        for one in subprojects.all_subprojects():
            if (one.id in running) is is_running:
                _subproject(one, held.get(one.id, 0))
    st.header(_("Goals"), anchor=False)
    for scope, heading in (("national", _("The pilots' goals")), ("local", _("Narvik's own"))):
        goals = [goal for goal in subprojects.goals() if goal.scope == scope]
        lines = [f"- **{plain(goal.id)}** {plain(goal.text.in_(language()))}" for goal in goals]
        st.markdown("\n".join([f"**{heading}**\n", *lines]))


def _subproject(one: Subproject, held_here: int) -> None:
    years = str(one.first_year)
    if one.last_year != one.first_year:
        years = f"{years}–{one.last_year or ''}"
    st.subheader(plain(f"{one.name.in_(language())} ({years})"), anchor=False)
    results = "\n".join(f"- {plain(result.in_(language()))}" for result in one.results)
    st.markdown(f"{plain(one.task.in_(language()))}\n\n{results}")
    told = []
    if one.meetings is not None:
        said = ngettext_(
            "{n} working meeting was held.", "{n} working meetings were held.", one.meetings
        )
        told.append(said.format(n=number_text(one.meetings)))
    told.append(
        _("Source: {source} ({dated})").format(source=one.source, dated=dated_text(one.dated))
    )
    st.caption(plain(" ".join(told)))
    if held_here:
        said = ngettext_("{n} meeting held here.", "{n} meetings held here.", held_here)
        st.markdown(said.format(n=number_text(held_here)))
