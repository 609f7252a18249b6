"""One idea: where it is, what it waits for, what it says, and all that happened to it."""

import streamlit as st

from sandkasse import ideas
from sandkasse.access import Action
from sandkasse.i18n import N_, _
from sandkasse.ui import (
    checklist_view,
    choices,
    company_view,
    deadline_view,
    idea_view,
    page,
    receipt,
    results_view,
    states,
    touchpoint_view,
)

visit = page.begin(N_("Idea"), Action.SEE_IDEA_BANK, heading=False)
idea_id = choices.asked_id("idea")
if idea_id is None:
    states.choose_first(
        _("Idea"),
        _("Choose an idea in the idea bank."),
        page="idea_bank",
        label=_("To the idea bank"),
    )

if not visit.may_for(Action.SEE_IDEA, idea_id):
    idea_view.published(visit, visit.read(ideas.get_published, idea_id))
    st.stop()

idea = visit.read(ideas.get, idea_id)
visit.looked_up(Action.SEE_IDEA, f"idea:{idea_id}")
idea_view.heading(visit, idea)
idea_view.actions(visit, idea)
receipt.draw(visit)
idea_view.next_step(visit, idea)

left, right = st.columns([3, 2], gap="large")
with left:
    idea_view.text(idea)
    results_view.of_idea(visit, idea_id)
    touchpoint_view.of_idea(visit, idea)
    checklist_view.draw(visit, idea)
    idea_view.conversation(visit, idea)
with right:
    deadline_view.of_idea(visit, idea)
    company_view.box(visit, idea)
    idea_view.people(visit, idea)
    idea_view.publication(visit, idea)
idea_view.timeline(visit, idea)
