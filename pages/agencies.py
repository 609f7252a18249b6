"""Agencies: whom to call there, what ideas have with them, and what stands in the way."""

from sandkasse.access import Action
from sandkasse.i18n import N_
from sandkasse.ui import barrier_view, directory_view, page, touchpoint_view, views, waiting_view
from sandkasse.ui.views import View

VIEWS = {
    "directory": View(N_("Directory"), Action.SEE_AGENCIES, directory_view.draw),
    "waiting": View(N_("Waiting times"), Action.SEE_WAITING, waiting_view.agencies),
    "matters": View(N_("Matters"), Action.SEE_TOUCHPOINT, touchpoint_view.register),
    "barriers": View(N_("Barriers"), Action.SEE_BARRIERS, barrier_view.register),
}

visit = page.begin(N_("Agencies"), Action.SEE_AGENCIES)
views.draw(visit, VIEWS)
