"""Where an idea is, whose turn it is, and what can be done now."""

import streamlit as st

from sandkasse import gates, ideas, journeys, mentoring, pipeline
from sandkasse.access import Action
from sandkasse.gates import OUTCOME_NAMES, Outcome
from sandkasse.i18n import _, date_text, days_text, language, since_days
from sandkasse.ideas import Idea
from sandkasse.people import LEVEL_NAMES
from sandkasse.reasons import Occasion
from sandkasse.themes import THEMES
from sandkasse.ui import (
    company_view,
    describing,
    forms,
    journey_line,
    merging,
    moving,
    page,
)
from sandkasse.ui.forms import Faults
from sandkasse.ui.idea_view import turn
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain


def heading(visit: Visit, idea: Idea) -> None:
    """The idea's name, what kind it is, and where it is on its journey."""
    journey = visit.know(journeys.get, idea.journey_id)
    st.title(plain(idea.description.title), anchor=False)
    told = [journey.name.in_(language())]
    if idea.description.level:
        told.append(_(LEVEL_NAMES.get(idea.description.level, idea.description.level)))
    if idea.description.theme:
        told.append(_(THEMES.get(idea.description.theme, idea.description.theme)))
    told.append(_("came in {date}").format(date=date_text(idea.first_at)))
    st.caption(plain(" · ".join(told)))
    days = idea.earlier_days + since_days(idea.stage_at, idea.exit_at)
    journey_line.draw(
        journey, idea.stage_id, idea.furthest, idea.exit_id is not None, days, key="line"
    )
    _standing(visit, idea)


def _standing(visit: Visit, idea: Idea) -> None:
    journey = visit.know(journeys.get, idea.journey_id)
    if idea.exit_id is not None and idea.exit_at is not None:
        way = journey.exit(idea.exit_id).name.in_(language())
        st.info(
            _("This idea left the journey on {date}: {exit}.").format(
                date=date_text(idea.exit_at, "long"), exit=way.lower()
            ),
            icon=":material/flag:",
        )
        if idea.merged_into is not None:
            st.page_link(
                "pages/idea.py",
                label=_("Go to the idea it was merged into"),
                icon=":material/merge:",
                query_params={"idea": str(idea.merged_into)},
            )
    elif idea.held_at is not None:
        st.info(
            _("On hold since {date}: nobody is waited for.").format(
                date=date_text(idea.held_at, "long")
            ),
            icon=":material/pause_circle:",
        )
    else:
        turn.banner(visit, idea)


def actions(visit: Visit, idea: Idea) -> None:
    """The buttons for what this person may do with this idea now."""
    journey = visit.know(journeys.get, idea.journey_id)

    def can(action: Action) -> bool:
        return visit.may_for(action, idea.idea_id)

    is_open = idea.exit_id is None
    with st.container(horizontal=True):
        if can(Action.MOVE_IDEA) and st.button(
            _("Move") if is_open else _("Reopen"), type="primary", key="move",
            icon=":material/moving:",
        ):  # fmt: skip
            moving.dialog(visit, idea, journey)
        if is_open and idea.held_at is None and can(Action.HAND_OVER):
            turn.buttons(visit, idea, as_mentor=can(Action.MOVE_IDEA))
        if can(Action.EDIT_IDEA) and st.button(_("Edit"), key="edit", icon=":material/edit:"):
            _edit_dialog(visit, idea)
        if (
            is_open
            and can(Action.MERGE_IDEAS)
            and st.button(_("Merge"), key="merge", icon=":material/merge:")
        ):
            merging.dialog(visit, idea)
        if (
            is_open
            and can(Action.WITHDRAW_IDEA)
            and st.button(_("Withdraw"), key="withdraw", icon=":material/undo:")
        ):
            _withdraw_dialog(visit, idea)


def _edit_dialog(visit: Visit, idea: Idea) -> None:
    version = ideas.version(visit.db, idea.idea_id)
    st.dialog(_("Edit the idea"), width="large")(_edit)(visit, idea, version)


def _edit(visit: Visit, idea: Idea, version: int) -> None:
    faults = Faults()
    journey = visit.know(journeys.get, idea.journey_id)
    written = describing.fields(
        visit, journey, idea.description, faults, key=f"edit-{idea.idea_id}-{version}"
    )
    save = st.button(_("Save"), type="primary", key="edit-save")
    if forms.careful(save, describing.texts(written), f"edit-{idea.idea_id}-{version}"):
        answer = visit.write(ideas.edit, idea.idea_id, written, version)
        forms.finish(answer, faults, _("Saved. What it said before is kept in the history."))


def _withdraw_dialog(visit: Visit, idea: Idea) -> None:
    st.dialog(_("Withdraw the idea"))(_withdraw)(visit, idea)


def _withdraw(visit: Visit, idea: Idea) -> None:
    st.markdown(_("The idea leaves the journey. What happened so far is kept."))
    faults = Faults()
    reason, note = forms.reason_fields(Occasion.EXIT, faults, f"withdraw-{idea.idea_id}")
    if st.button(_("Withdraw"), type="primary", key="withdraw-do"):
        answer = visit.write(
            pipeline.withdraw_idea, idea.idea_id, reason=reason, note=note,
            expected_seq=idea.last_seq,
        )  # fmt: skip
        forms.finish(answer, faults, _("The idea is withdrawn."))


def next_step(visit: Visit, idea: Idea) -> None:
    """What the stage asks of the student now, its gates, and how long it is expected to take."""
    if idea.exit_id is not None:
        return
    journey = visit.know(journeys.get, idea.journey_id).for_level(idea.description.level)
    stage = journey.stage(idea.stage_id)
    with st.container(border=True):
        st.header(_("Now: {stage}").format(stage=stage.name.in_(language())), anchor=False)
        asked, needed = st.columns([3, 2], gap="medium")
        told = [stage.help.in_(language()), stage.advice.in_(language())]
        if stage.expected_days is not None:
            told.append(
                _("Expected here: {days}. An assumption, until there is enough history.").format(
                    days=days_text(stage.expected_days)
                )
            )
        asked.markdown("\n\n".join(plain(one) for one in told if one))
        # Streamlit cuts a long label off where a checkbox stands in a column by itself.
        with needed, st.container():
            for state in visit.read(gates.states, idea.idea_id):
                _gate(visit, idea, state)
            _mentors(visit, idea)


def _gate(visit: Visit, idea: Idea, state: gates.GateState) -> None:
    name = plain(state.gate.name.in_(language()))
    told = company_view.evidence(visit, idea) if state.gate.evidence else None
    if told:
        st.caption(plain(told))
    may_mark = visit.may_for(Action.MARK_GATE, idea.idea_id)
    attests = state.gate.attested_by
    mine = not attests or visit.actor.roles & {"lead", *attests}
    if may_mark and mine and state.outcome is not Outcome.WAIVED:
        key = f"gate-{idea.idea_id}-{state.gate.id}-{state.outcome}"
        met = st.checkbox(name, value=state.outcome is Outcome.MET, key=key)
        wanted = Outcome.MET if met else Outcome.NOT_MET
        if wanted is not state.outcome:
            answer = visit.write(gates.mark_gate, idea.idea_id, state.gate.id, wanted)
            if isinstance(answer, Refused):
                page.toast_next(answer.message)
            st.rerun()
        return
    icons = {Outcome.MET: "check_box", Outcome.NOT_MET: "check_box_outline_blank"}
    icon = icons.get(state.outcome, "remove_circle_outline")
    st.markdown(f":material/{icon}: {name} ({_(OUTCOME_NAMES[state.outcome]).lower()})")


def _mentors(visit: Visit, idea: Idea) -> None:
    found = visit.know(mentoring.mentors_of, (idea.idea_id,)).get(idea.idea_id, [])
    names = ", ".join(plain(name) for _id, name in found) or _("Nobody yet")
    st.markdown(_("**Mentors:** {names}").format(names=names))
    if idea.exit_id is not None or not visit.may(Action.MENTOR_IDEA):
        return
    is_mine = visit.actor.person_id in {mentor_id for mentor_id, _name in found}
    with st.container(horizontal=True):
        if not is_mine and st.button(_("Take this idea"), key="take"):
            forms.tell(visit.write(mentoring.take, idea.idea_id), _("You mentor this idea now."))
        if is_mine and st.button(_("Stop mentoring"), key="leave"):
            forms.tell(visit.write(mentoring.leave, idea.idea_id), _("You no longer mentor it."))
        if st.button(_("Share or hand over"), key="share"):
            merging.share_dialog(visit, idea, is_mine)
