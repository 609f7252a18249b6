"""One matter between an idea and an agency: how it stands, and what happens in it."""

import streamlit as st

from sandkasse import touchpoints
from sandkasse.access import Action
from sandkasse.i18n import N_, _
from sandkasse.ui import choices, page, states, touchpoint_view

visit = page.begin(N_("Matter"), Action.SEE_TOUCHPOINT, heading=False)
asked = choices.asked_id("touchpoint")
if asked is None:
    states.choose_first(
        _("Matter"), _("Choose a matter on an idea's page."), page="home", label=_("To my page")
    )

matter = visit.read(touchpoints.get, asked)
visit.looked_up(Action.SEE_TOUCHPOINT, f"touchpoint:{matter.touchpoint_id}")
touchpoint_view.heading(visit, matter)
left, right = st.columns([3, 2], gap="large")
with left:
    touchpoint_view.record(visit, matter)
    touchpoint_view.history(visit, matter)
with right:
    touchpoint_view.purpose(matter)
    touchpoint_view.details(visit, matter)
