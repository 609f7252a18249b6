"""What the rules propose to ask of agencies, as a check list on the idea's page."""

import streamlit as st

from sandkasse import checklist
from sandkasse.access import Action
from sandkasse.checklist import DONE, OPEN, OUTCOME_NAMES, SET_ASIDE, TAKEN_UP, Proposal
from sandkasse.i18n import _, date_text, language
from sandkasse.ideas import Idea
from sandkasse.needs import NEEDS
from sandkasse.ui import forms, holder, listing
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Visit
from sandkasse.ui.text import link, plain


def draw(visit: Visit, idea: Idea) -> None:
    """The check list of the stage the idea is in."""
    if idea.exit_id is not None:
        return
    found = visit.read(checklist.proposals, idea.idea_id)
    may_use = visit.may_for(Action.USE_CHECKLIST, idea.idea_id)
    st.header(_("Whom to ask now"), anchor=False)
    st.caption(
        _("Proposed by what stage the idea is in. Guidance, not a decision: ask the agency.")
    )
    rows = [_row(visit, number, one, may_use) for number, one in enumerate(found)]
    if rows:
        _opened, acted = listing.draw_with_actions(_("Whom to ask now"), rows, "checklist")
        if acted is not None:
            st.dialog(_("What will you do about it?"))(_decide)(visit, idea, found[acted])
    else:
        st.caption(_("Nothing is proposed here now."))
    if may_use and st.button(
        _("Say what your idea involves"), key="needs", icon=":material/checklist:"
    ):
        st.dialog(_("What does your idea involve?"))(_needs)(visit, idea)


def _row(visit: Visit, number: int, one: Proposal, may_use: bool) -> Row:
    facts = [holder.agency_names(visit).get(one.purpose.agency_id, one.purpose.agency_id)]
    if not one.rule.for_all:
        facts.append(_("if it concerns you"))
    if one.earlier:
        facts.append(_("from an earlier stage"))
    marks = [Mark(_(OUTCOME_NAMES[one.outcome]), strong=one.outcome == OPEN and one.rule.for_all)]
    if one.stale:
        marks.append(Mark(_("Old source")))
    reason = one.note if one.outcome == SET_ASIDE else one.rule.why.in_(language())
    return Row(
        number, one.purpose.name.in_(language()), None, tuple(facts), tuple(marks), reason,
        action=_("Look at it") if may_use else "", faint=one.stale,
    )  # fmt: skip


def _decide(visit: Visit, idea: Idea, one: Proposal) -> None:
    purpose = one.purpose
    st.text(purpose.name.in_(language()))
    st.markdown(plain(one.rule.why.in_(language())))
    st.markdown(plain(purpose.text.in_(language())))
    if purpose.typical_note is not None:
        st.caption(plain(purpose.typical_note.in_(language())))
    st.caption(
        _("Guidance, not a decision: ask the agency. Source: {source}, read {date}.").format(
            source=link(purpose.source), date=date_text(purpose.checked)
        )
    )
    if one.stale:
        st.warning(_("The source was last read over a year ago."), icon=":material/history:")
    faults = Faults()
    key = f"rule-{one.rule.id}"
    with st.container(horizontal=True):
        take = (
            not one.rule.self_check
            and one.outcome != TAKEN_UP
            and st.button(_("Take it up as a matter"), type="primary", key=f"{key}-take")
        )
        done = one.outcome != DONE and st.button(_("It is done"), key=f"{key}-done")
        again = one.outcome in (DONE, SET_ASIDE) and st.button(
            _("Open it again"), key=f"{key}-again"
        )
    note, aside = "", False
    if one.outcome == OPEN:
        label = _("Why it does not concern you")
        note = "" if one.rule.self_check else forms.note_field(faults, key, label)
        aside = st.button(_("Set it aside"), key=f"{key}-aside")
    if take:
        answer: object = visit.write(checklist.take_up, idea.idea_id, one.rule.id)
        forms.finish(answer, faults, _("Saved."))
    for pressed, outcome in ((done, DONE), (aside, SET_ASIDE), (again, OPEN)):
        if pressed:
            answer = visit.write(checklist.mark, idea.idea_id, one.rule.id, outcome, note)
            forms.finish(answer, faults, _("Saved."))


def _needs(visit: Visit, idea: Idea) -> None:
    st.caption(_("Tick what is so. It decides what is proposed to you, and can be changed."))
    before = visit.read(checklist.declared, idea.idea_id)
    ticked = {
        need
        for need, words in NEEDS.items()
        if st.checkbox(_(words), value=need in before, key=f"need-{idea.idea_id}-{need}")
    }
    if st.button(_("Save"), type="primary", key="needs-do"):
        answer = visit.write(checklist.declare, idea.idea_id, frozenset(ticked))
        forms.finish(answer, Faults(), _("Saved."))
