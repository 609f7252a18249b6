"""Submitting an idea: a short form whose draft is kept, and what is like it already."""

from functools import partial

import streamlit as st

from sandkasse import drafts, ideas
from sandkasse.access import Action
from sandkasse.descriptions import Description
from sandkasse.i18n import N_, _, language
from sandkasse.ui import barrier_view, describing, draft, forms, page, states
from sandkasse.ui.forms import Faults
from sandkasse.ui.page import Refused

visit = page.begin(N_("New idea"), Action.SUBMIT_IDEA)
st.caption(
    _(
        "A title, a level and a sentence about the problem are enough to begin. Your team, the "
        "mentors and the project leads can read it."
    )
)
kept = visit.fetch(drafts.find)
known = states.journeys_by_id(visit)
faults = Faults()
first = kept[0] if kept and kept[0] in known else next(iter(known))
sandbox = forms.worded("submit-sandbox", list(known), first)
changed = partial(draft.keep, visit, "submit-sandbox", "submit")
journey_id = st.selectbox(
    _("Sandbox"),
    list(known),
    format_func={one: known[one].name.in_(language()) for one in known}.__getitem__,
    key=sandbox,
    width=360,
    on_change=changed,
)
start = kept[1] if kept else Description()
written = describing.fields(visit, known[journey_id], start, faults, "submit", changed)
st.caption(
    _(
        "Do not write national identity numbers, health details or other people's secrets. Anybody "
        "may ask a public body to see its documents, and what you write here can be among them."
    )
)
describing.similar(visit, written)
barrier_view.similar(visit, f"{written.title} {written.problem} {written.needs}")

with st.container(horizontal=True):
    send = st.button(_("Submit the idea"), type="primary", key="submit-send")
    st.button(_("Save the draft"), key="submit-keep", on_click=changed)
draft.told(there=kept is not None)

if forms.careful(send, describing.texts(written), "submit"):
    answer = visit.write(ideas.submit, journey_id, written)
    if isinstance(answer, Refused):
        faults.show(answer)
    else:
        page.toast_next(_("The idea is in the idea bank. A mentor reads it next."))
        draft.forget("submit")
        st.switch_page("pages/idea.py", query_params={"idea": str(answer)})
