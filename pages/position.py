"""One position: what it is, applying for it, and for the agency keeping it."""

from sandkasse.access import Action
from sandkasse.i18n import N_, _
from sandkasse.recruitment import positions
from sandkasse.ui import choices, page, recruitment_view, states

visit = page.begin(N_("Position"), Action.SEE_POSITIONS, heading=False)
asked = choices.asked_id("position")
if asked is None:
    states.choose_first(
        _("Position"),
        _("Choose a position in the list."),
        page="recruitment",
        label=_("Student positions"),
    )

position = visit.read(positions.get, asked)
recruitment_view.position_heading(visit, position)
recruitment_view.apply(visit, position)
recruitment_view.keep(visit, position)
