"""What meetings led to, on the screen: recording it, publishing it, and following it up."""

from typing import Any

import streamlit as st

from sandkasse import clock, journeys
from sandkasse.access import Action
from sandkasse.i18n import _, date_text, language, time_text
from sandkasse.meetings import Meeting, attendance, receipts, resolutions
from sandkasse.meetings.agenda import Item
from sandkasse.meetings.receipts import KIND_NAMES, Kind, Resolution
from sandkasse.reasons import REASONS, Occasion
from sandkasse.ui import forms, listing, page
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain

_STAYS = ""


def draw(visit: Visit, meeting: Meeting) -> None:
    """All results of a meeting, and a way to record another."""
    found = visit.read(receipts.of_meeting, meeting.meeting_id)
    if meeting.under_way and visit.may(Action.HOLD_MEETING):
        if st.button(_("Record a result"), key="record", icon=":material/add:"):
            st.dialog(_("Record a result"), width="large")(form)(visit, meeting, None)
    elif meeting.began_at is None:
        st.caption(_("Results are recorded once the meeting has begun."))
    if not found:
        st.caption(_("Nothing has been recorded yet."))
        return
    rows = [row(one, _action(visit, one)) for one in found]
    _opened, acted = listing.draw_with_actions(_("Results"), rows, "results")
    if acted is not None:
        one = next(one for one in found if one.resolution_id == acted)
        st.dialog(_("What comes of it"))(_follow_up)(visit, one)


def row(one: Resolution, action: str = "") -> Row:
    """A result as a record of a list."""
    facts = [_(KIND_NAMES[one.kind])]
    if one.idea_id is not None:
        facts.append(one.idea_title or _("An idea that is not published"))
    if one.owner:
        facts.append(one.owner)
    if one.due:
        facts.append(_("by {day}").format(day=date_text(one.due)))
    text = "\n".join(filter(None, [one.reason, one.next_step]))
    return Row(
        one.resolution_id, one.body, None, tuple(facts), _marks(one), text, action=action,
        gone=one.superseded_by is not None,
    )  # fmt: skip


def _marks(one: Resolution) -> tuple[Mark, ...]:
    marks = []
    if one.superseded_by:
        marks.append(Mark(_("Superseded")))
    if one.carried_at:
        marks.append(Mark(_("The move is made")))
    elif one.moves:
        marks.append(Mark(_("The move is not made yet"), strong=True))
    if one.published_at:
        marks.append(Mark(_("Published")))
    if one.done_at:
        marks.append(Mark(_("Done")))
    elif one.overdue(clock.today()):
        marks.append(Mark(_("Overdue"), strong=True))
    return tuple(marks)


def _action(visit: Visit, one: Resolution) -> str:
    if one.superseded_by:
        return ""
    if one.kind is Kind.ACTION:
        return _("Done or not done")
    publishes = one.kind is Kind.DECISION and one.idea_id is not None
    return _("Publish or carry out") if publishes and visit.may(Action.PUBLISH_DECISION) else ""


def _follow_up(visit: Visit, one: Resolution) -> None:
    st.markdown(plain(one.body))
    faults = Faults()
    if one.kind is Kind.ACTION:
        _done_or_not(visit, one, faults)
        return
    if not one.published_at and st.button(
        _("Publish to the team"), key="publish", type="primary", icon=":material/send:"
    ):
        _write(visit, faults, resolutions.publish, one.resolution_id)
    if one.moves and not one.carried_at:
        st.caption(
            _("The decided move is made in the idea's history, and points to this decision.")
        )
        if st.button(_("Make the move"), key="carry-out", icon=":material/arrow_forward:"):
            _write(visit, faults, resolutions.carry_out, one.resolution_id)


def _done_or_not(visit: Visit, one: Resolution, faults: Faults) -> None:
    note = forms.note_field(faults, "done")
    if one.done_at is None:
        if st.button(_("It is done"), key="done", type="primary", icon=":material/check:"):
            _write(visit, faults, resolutions.mark_done, one.resolution_id, note)
    elif st.button(_("It is not done after all"), key="reopen"):
        _write(visit, faults, resolutions.reopen, one.resolution_id, note)


def _write(visit: Visit, faults: Faults, write: Any, *asked: Any, **given: Any) -> None:
    answer = visit.write(write, *asked, **given)
    if isinstance(answer, Refused):
        faults.show(answer)
    else:
        page.toast_next(_("Saved."))
        st.rerun()


def form(visit: Visit, meeting: Meeting, item: Item | None) -> None:
    """Record what an item, or the meeting, led to."""
    faults = Faults()
    key = f"result-{item.item_id if item else 'own'}"
    kinds = {kind: _(KIND_NAMES[kind]) for kind in Kind}
    kind = st.radio(
        _("What it led to"), list(kinds), format_func=kinds.__getitem__, horizontal=True,
        key=f"{key}-kind",
    )  # fmt: skip
    body = st.text_area(_("What (must be filled in)"), key=f"{key}-body", height=80)
    faults.beside("body")
    given: dict[str, Any] = {"item_id": item.item_id if item else None}
    if kind is Kind.DECISION:
        given["reason"] = st.text_area(_("Why (optional)"), key=f"{key}-reason", height=80) or ""
        faults.beside("reason")
        label = _("What can be done now (optional)")
        given["next_step"] = st.text_area(label, key=f"{key}-next", height=80) or ""
        faults.beside("next_step")
        if item is not None and item.idea_id is not None and meeting.journey_id:
            given |= _move(visit, meeting.journey_id, faults, key)
    if kind is Kind.ACTION:
        people = {one.person_id: one.name for one in visit.read(attendance.people_to_invite)}
        given["owner_id"] = st.selectbox(
            _("Who does it (must be filled in)"), list(people), index=None,
            format_func=people.__getitem__, placeholder=_("Choose a person"), key=f"{key}-owner",
        )  # fmt: skip
        faults.beside("owner_id")
    if kind is not Kind.INFORMATION:
        must = _("By (must be filled in)") if kind is Kind.ACTION else _("By (optional)")
        given["due"] = st.date_input(must, value=None, format=forms.date_format(), key=f"{key}-due")
        faults.beside("due")
    if st.button(_("Record it"), type="primary", key=f"{key}-do"):
        _write(
            visit, faults, resolutions.record, meeting.meeting_id, str(kind), body or "", **given
        )


def _move(visit: Visit, journey_id: str, faults: Faults, key: str) -> dict[str, str | None]:
    """Which move a decision carries, if any."""
    journey = visit.know(journeys.get, journey_id)
    words = {_STAYS: _("No move")}
    words |= {f"to {one.id}": one.name.in_(language()) for one in journey.stages}
    words |= {
        f"by {one.id}": _("Leaves: {exit}").format(exit=one.name.in_(language()).lower())
        for one in journey.exits
        if one.kind != "merged"
    }
    chosen = st.selectbox(
        _("The move it decides"), list(words), format_func=words.__getitem__, key=f"{key}-move"
    )
    faults.beside("move_to")
    faults.beside("exit_id")
    if chosen == _STAYS:
        return {}
    way, _space, target = str(chosen).partition(" ")
    codes = REASONS[Occasion.EXIT if way == "by" else Occasion.BACK]
    reason = st.selectbox(
        _("Reason, for a move back or out"), list(codes), index=None, key=f"{key}-code",
        format_func=lambda code: _(codes[code]), placeholder=_("Choose a reason"),
    )  # fmt: skip
    faults.beside("reason_code")
    return {"move_to" if way == "to" else "exit_id": target, "reason_code": reason}


def own_actions(visit: Visit) -> None:
    """The actions that the reader has after meetings, until they are done."""
    found = visit.read(receipts.own_actions)
    if not found:
        return
    st.header(_("To do after meetings ({n})").format(n=len(found)), anchor=False)
    rows = [row(one, _("Done")) for one in found]
    _opened, acted = listing.draw_with_actions(_("To do after meetings"), rows, "own-actions")
    if acted is not None:
        one = next(one for one in found if one.resolution_id == acted)
        st.dialog(_("What comes of it"))(_follow_up)(visit, one)


def of_idea(visit: Visit, idea_id: int) -> None:
    """The receipts of an idea: what meetings decided about it, why, and what can be done now."""
    found = visit.read(receipts.of_idea, idea_id)
    if not found:
        return
    st.header(_("What meetings decided"), anchor=False)
    rows = [
        Row(one.resolution_id, one.body, None,
            (one.meeting_title, time_text(one.meeting_at),
             *((_("by {day}").format(day=date_text(one.due)),) if one.due else ())),
            _marks(one), _receipt(one), gone=one.superseded_by is not None)
        for one in found
    ]  # fmt: skip
    listing.draw(_("What meetings decided"), rows, "receipts")


def _receipt(one: Resolution) -> str:
    parts = []
    if one.reason:
        parts.append(_("Why: {reason}").format(reason=one.reason))
    if one.next_step:
        parts.append(_("What can be done now: {step}").format(step=one.next_step))
    if one.carried_seq is not None:
        parts.append(_("The move is entry no. {seq} below.").format(seq=one.carried_seq))
    return "\n".join(parts)
