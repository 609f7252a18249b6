"""Agencies: whom to call there, and what each does for a founder."""

from sandkasse.access import Action
from sandkasse.i18n import N_
from sandkasse.ui import directory_view, page, views
from sandkasse.ui.views import View

VIEWS = {
    "directory": View(N_("Directory"), Action.SEE_AGENCIES, directory_view.draw),
}

visit = page.begin(N_("Agencies"), Action.SEE_AGENCIES)
views.draw(visit, VIEWS)
