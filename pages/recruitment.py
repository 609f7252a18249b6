"""Student positions: what is open, who has applied, and whether the seats are filled."""

from sandkasse.access import Action
from sandkasse.i18n import N_
from sandkasse.ui import page, recruitment_view, views
from sandkasse.ui.views import View

VIEWS = {
    "open": View(N_("Open positions"), Action.SEE_POSITIONS, recruitment_view.open_positions),
    "kept": View(N_("Our positions"), Action.KEEP_POSITION, recruitment_view.kept_positions),
    "board": View(N_("Board"), Action.HANDLE_APPLICATION, recruitment_view.board),
    "applications": View(N_("Applications"), Action.HANDLE_APPLICATION, recruitment_view.listed),
    "seats": View(N_("Seats"), Action.SEE_SEATS, recruitment_view.seats),
}

visit = page.begin(N_("Student positions"), Action.SEE_POSITIONS)
views.draw(visit, VIEWS)
