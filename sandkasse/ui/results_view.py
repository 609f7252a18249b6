"""What meetings led to, on the screen: publishing it, following it up, and an idea's receipts."""

from dataclasses import replace
from typing import Any

import streamlit as st

from sandkasse import clock, ideas, journeys, reasons
from sandkasse.access import Action
from sandkasse.i18n import _, date_text, language, number_text, time_text
from sandkasse.ideas import Idea
from sandkasse.meetings import Meeting, receipts, resolutions
from sandkasse.meetings.receipts import KIND_NAMES, Kind, Resolution
from sandkasse.ui import forms, listing, moving, result_form
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Lead, Mark, Row
from sandkasse.ui.page import Visit
from sandkasse.ui.text import paragraphs, plain


def draw(visit: Visit, meeting: Meeting) -> None:
    """All results of a meeting, and a way to record another."""
    found = visit.read(receipts.of_meeting, meeting.meeting_id)
    if meeting.under_way and visit.may(Action.HOLD_MEETING):
        if st.button(_("Record a result"), key="record", icon=":material/add:"):
            st.dialog(_("Record a result"), width="medium")(result_form.draw)(visit, meeting)
    elif meeting.began_at is None:
        st.caption(_("Results are recorded once the meeting has begun."))
    if not found:
        st.caption(_("Nothing has been recorded yet."))
        return
    rows = [row(visit, one, _action(visit, meeting, one)) for one in found]
    chosen = listing.draw_with_leads(_("Results"), rows, "results")
    _follow(found, chosen.followed)
    if chosen.acted is not None:
        one = next(one for one in found if one.resolution_id == chosen.acted)
        st.dialog(_("What comes of it"), width="medium")(_follow_up)(visit, meeting, one)


def row(visit: Visit, one: Resolution, action: str = "") -> Row:
    """A result as a record of a list."""
    facts = [_(KIND_NAMES[one.kind])]
    if one.idea_id is not None:
        facts.append(one.idea_title or result_form.not_published(one.idea_id))
    if one.owner:
        facts.append(one.owner)
    if one.due:
        facts.append(_("by {day}").format(day=date_text(one.due)))
    said = one.body
    if one.withheld:
        said = _("Told to those who see the idea")
    return Row(
        one.resolution_id, said, None, tuple(facts), _marks(one), _told(visit, one),
        action=action, gone=one.superseded_by is not None, leads=_leads(one),
        here=st.query_params.get("result") == str(one.resolution_id),
    )  # fmt: skip


def _leads(one: Resolution) -> tuple[Lead, ...]:
    """The ways from what is superseded to what took its place, and back."""
    leads = []
    if one.superseded_by is not None:
        leads.append(Lead(_("See what took its place"), one.superseded_by))
    if one.supersedes is not None:
        leads.append(Lead(_("See what it took the place of"), one.supersedes))
    return tuple(leads)


def _follow(found: list[Resolution], to: int | None) -> None:
    """Open the meeting of what one of these results leads to, with that in sight."""
    for one in found if to is not None else ():
        ways = ((one.superseded_by, one.superseded_in), (one.supersedes, one.supersedes_in))
        meeting_id = next((meeting for result, meeting in ways if result == to), None)
        if meeting_id is not None:
            st.switch_page(
                "pages/meetings.py",
                query_params={"meeting": str(meeting_id), "view": "results", "result": str(to)},
            )


def _marks(one: Resolution, *, whether_published: bool = True) -> tuple[Mark, ...]:
    marks = []
    if one.superseded_by:
        marks.append(Mark(_("Superseded")))
    elif one.moves and not one.carried_at:
        marks.append(Mark(_("The move is not made yet"), strong=True))
    if one.carried_at:
        marks.append(Mark(_("The move is made")))
    if whether_published and one.kind is Kind.DECISION and one.idea_id is not None:
        published = one.published_at is not None
        words = _("Published") if published else _("Not published")
        marks.append(Mark(words, strong=not published))
    if one.done_at:
        marks.append(Mark(_("Done")))
    elif one.overdue(clock.today()):
        marks.append(Mark(_("Overdue"), strong=True))
    return tuple(marks)


def _action(visit: Visit, meeting: Meeting, one: Resolution) -> str:
    if one.superseded_by or one.withheld:
        return ""
    if one.kind is Kind.ACTION and _may_follow(visit, one):
        return _("Done or not done")
    publishes = one.kind is Kind.DECISION and one.idea_id is not None
    if publishes and visit.may(Action.PUBLISH_DECISION) and (
        not one.published_at or (one.moves and not one.carried_at)
    ):  # fmt: skip
        return _("Publish or carry out") if one.moves else _("Publish")
    return _("Replace it") if _replaceable(visit, meeting) else ""


def _may_follow(visit: Visit, one: Resolution) -> bool:
    return one.owner_id == visit.actor.person_id or visit.may(Action.PLAN_MEETING)


def _replaceable(visit: Visit, meeting: Meeting | None) -> bool:
    return meeting is not None and meeting.under_way and visit.may(Action.HOLD_MEETING)


def _follow_up(visit: Visit, meeting: Meeting | None, one: Resolution) -> None:
    st.markdown(f"**{plain(one.body)}**")
    if said := _told(visit, one):
        st.markdown(paragraphs(said))
    faults = Faults()
    if one.kind is Kind.ACTION:
        if _may_follow(visit, one):
            _done_or_not(visit, one, faults)
    elif one.kind is Kind.DECISION and visit.may(Action.PUBLISH_DECISION):
        _publish_or_carry_out(visit, one, faults)
    if meeting is not None and _replaceable(visit, meeting):
        with st.expander(_("Put something else in its place"), on_change="rerun") as opened:
            if opened.open:
                result_form.draw(visit, meeting, replaces=one)


def _publish_or_carry_out(visit: Visit, one: Resolution, faults: Faults) -> None:
    if one.idea_id is not None and not one.published_at:
        st.caption(_("The team reads what is decided, why and what comes next once it is sent."))
        if st.button(
            _("Publish to the team"), key="publish", type="primary", icon=":material/send:"
        ):
            _write(visit, faults, resolutions.publish, one.resolution_id)
    if one.idea_id is None or not one.moves or one.carried_at:
        return
    st.caption(_("The decided move is made in the idea's history, and points to this decision."))
    idea = visit.read(ideas.get, one.idea_id)
    marks, note = _gates(visit, idea, one, faults)
    if st.button(_("Make the move"), key="carry-out", icon=":material/arrow_forward:"):
        _write(
            visit, faults, resolutions.carry_out, one.resolution_id, idea.last_seq,
            gates=marks, note=note,
        )  # fmt: skip


def _gates(visit: Visit, idea: Idea, one: Resolution, faults: Faults) -> tuple[Any, str]:
    """What a move forward must pass: its gates, and why without those that are not met."""
    journey = visit.know(journeys.get, idea.journey_id).for_level(idea.description.level)
    forward = one.move_to is not None and idea.exit_id is None and (
        journey.position(one.move_to) > journey.position(idea.stage_id)
    )  # fmt: skip
    if not forward:
        faults.beside("note")
        return None, ""
    return moving.gate_fields(visit, idea, faults, f"carry-{one.resolution_id}")


def _done_or_not(visit: Visit, one: Resolution, faults: Faults) -> None:
    note = forms.note_field(faults, "done")
    if one.done_at is None:
        if st.button(_("It is done"), key="done", type="primary", icon=":material/check:"):
            _write(visit, faults, resolutions.mark_done, one.resolution_id, note)
    elif st.button(_("It is not done after all"), key="reopen"):
        _write(visit, faults, resolutions.reopen, one.resolution_id, note)


def _write(visit: Visit, faults: Faults, write: Any, *asked: Any, **given: Any) -> None:
    answer = visit.write(write, *asked, **given)
    forms.finish(answer, faults, _("Saved."))


def own_actions(visit: Visit) -> None:
    """The actions that the reader has after meetings, until they are done."""
    found = visit.read(receipts.own_actions)
    if not found:
        return
    told = _("To do after meetings")
    st.header(f"{told} ({number_text(len(found))})", anchor=False)
    opens = visit.may(Action.SEE_MEETINGS)
    rows = [
        replace(
            row(visit, one, _("Done")),
            href=f"meetings?meeting={one.meeting_id}&view=results" if opens else None,
            facts=_own_facts(one),
        )
        for one in found
    ]
    opened, acted = listing.draw_with_actions(told, rows, "own-actions")
    if opened is not None:
        one = next(one for one in found if one.resolution_id == opened)
        st.switch_page(
            "pages/meetings.py", query_params={"meeting": str(one.meeting_id), "view": "results"}
        )
    if acted is not None:
        one = next(one for one in found if one.resolution_id == acted)
        st.dialog(_("What comes of it"))(_follow_up)(visit, None, one)


def _own_facts(one: Resolution) -> tuple[str, ...]:
    due = _("by {day}").format(day=date_text(one.due)) if one.due else ""
    return tuple(filter(None, [one.meeting_title, one.idea_title or "", due]))


def of_idea(visit: Visit, idea_id: int) -> None:
    """The receipts of an idea: what meetings decided about it, why, and what can be done now."""
    found = visit.read(receipts.of_idea, idea_id)
    if not found:
        return
    st.header(_("What meetings decided"), anchor=False)
    opens = visit.may(Action.SEE_MEETINGS)
    shown = {one.resolution_id for one in found}
    rows = [
        Row(
            one.resolution_id,
            one.body,
            f"meetings?meeting={one.meeting_id}&view=results" if opens else None,
            (_(KIND_NAMES[one.kind]), one.meeting_title, time_text(one.meeting_at)),
            _marks(one, whether_published=opens),
            _told(visit, one, due=True),
            gone=one.superseded_by is not None,
            leads=tuple(lead for lead in _leads(one) if lead.to in shown),
        )
        for one in found
    ]
    opened = listing.draw(_("What meetings decided"), rows, "receipts")
    if opened is not None:
        one = next(one for one in found if one.resolution_id == opened)
        st.switch_page(
            "pages/meetings.py", query_params={"meeting": str(one.meeting_id), "view": "results"}
        )


def _told(visit: Visit, one: Resolution, *, due: bool = False) -> str:
    """What a result says beyond its heading: the move, why, and what can be done now by when."""
    if one.withheld:
        return ""
    parts = [_move_words(visit, one)]
    why = ". ".join(filter(None, [reasons.text(one.reason_code or ""), one.reason]))
    if why:
        parts.append(_("Why: {reason}").format(reason=why))
    if one.next_step:
        parts.append(_("What can be done now: {step}").format(step=one.next_step))
    if one.supersedes is not None:
        parts.append(_("It takes the place of what was decided before."))
    if due and one.due:
        parts.append(_("By {day} at the latest.").format(day=date_text(one.due)))
    if one.carried_at is not None:
        parts.append(_("It was carried out {day}.").format(day=date_text(one.carried_at)))
    return "\n".join(filter(None, parts))


def _move_words(visit: Visit, one: Resolution) -> str:
    if not one.moves or one.idea_id is None:
        return ""
    journey_id, _stage_id = visit.read(receipts.place_of, one.idea_id)
    journey = visit.know(journeys.get, journey_id)
    if one.exit_id is not None:
        return _("The idea leaves: {exit}.").format(
            exit=journey.exit(one.exit_id).name.in_(language()).lower()
        )
    return _("The idea moves to {stage}.").format(
        stage=journey.stage(one.move_to or "").name.in_(language())
    )
