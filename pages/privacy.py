"""Privacy: the notice, for anybody; one's own data; and for leads erasure and retention."""

import streamlit as st

from sandkasse.access import Action
from sandkasse.i18n import N_
from sandkasse.ui import page, privacy_view, views
from sandkasse.ui.page import Visit
from sandkasse.ui.views import View

visit = page.begin_public(N_("Privacy"))
if visit is None:
    privacy_view.notice()
    st.stop()


def _notice(visit: Visit) -> None:
    privacy_view.notice(for_operator=visit.may(Action.APPLY_RETENTION))


VIEWS = {
    "notice": View(N_("Notice"), Action.SEE_OWN_DATA, _notice),
    "mine": View(N_("My data"), Action.SEE_OWN_DATA, privacy_view.mine),
    "erasure": View(N_("Erasure"), Action.ERASE, privacy_view.erasing),
    "retention": View(N_("How long"), Action.APPLY_RETENTION, privacy_view.retaining),
}
views.draw(visit, VIEWS)
