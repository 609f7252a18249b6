"""One application: how it stands, what happens next, and for the agency what was made of it."""

import streamlit as st

from sandkasse.access import Action
from sandkasse.i18n import N_, _
from sandkasse.recruitment import applications
from sandkasse.ui import choices, page, recruitment_view, states

visit = page.begin(N_("Application"), Action.SEE_APPLICATION, heading=False)
asked = choices.asked_id("application")
if asked is None:
    states.choose_first(
        _("Application"),
        _("Choose an application on your page or in the list."),
        page="home",
        label=_("To my page"),
    )

application = visit.read(applications.get, asked)
visit.looked_up(Action.SEE_APPLICATION, f"application:{application.application_id}")
recruitment_view.application_heading(visit, application)
left, right = st.columns([3, 2], gap="large")
with left:
    recruitment_view.record(visit, application)
    recruitment_view.history(visit, application)
with right:
    recruitment_view.said(visit, application)
    recruitment_view.whose(visit, application)
    recruitment_view.assess(visit, application)
