"""Sub-project meetings: planned and past ones, and one of them from its agenda to its minutes."""

import streamlit as st

from sandkasse import meetings
from sandkasse.access import Action
from sandkasse.i18n import N_, _
from sandkasse.ui import (
    agenda_view,
    attendance_view,
    choices,
    freeze_view,
    meeting_view,
    page,
    papers_view,
    results_view,
)

asked = choices.asked_id("meeting")
visit = page.begin(N_("Meetings"), Action.SEE_MEETINGS, heading=asked is None)

if asked is None:
    view = choices.view({"meetings": _("Meetings"), "subprojects": _("Sub-projects and goals")})
    if view == "subprojects":
        meeting_view.subprojects_and_goals(visit)
    else:
        meeting_view.listed(visit)
    st.stop()

meeting_view.way_back()
meeting = visit.read(meetings.get, asked)
meeting_view.heading(visit, meeting)
views = {
    "agenda": (_("Agenda"), agenda_view.draw),
    "figures": (_("Figures"), freeze_view.draw),
    "results": (_("Results"), results_view.draw),
    "people": (_("People"), attendance_view.draw),
    "papers": (_("Papers"), papers_view.draw),
}
view = choices.view({name: words for name, (words, _draw) in views.items()})
views[view][1](visit, meeting)
