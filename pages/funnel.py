"""The funnel: how far a cohort came, what is where now, and what moved in a period."""

import streamlit as st

from sandkasse.access import Action
from sandkasse.i18n import N_, _
from sandkasse.ui import (
    choices,
    company_view,
    drawing,
    freeze_view,
    funnel_view,
    page,
    states,
)

visit = page.begin(N_("Funnel"), Action.SEE_FUNNEL)

if "receipt" in st.query_params:
    freeze_view.receipt(visit)
    st.stop()

st.caption(
    _(
        "How far the ideas of a sandbox come, how long that takes, and what they wait for. Each "
        "figure says of how many ideas it speaks, and of which time."
    )
)
known = states.journeys_by_id(visit)
with st.container(horizontal=True, vertical_alignment="bottom"):
    kind = choices.one_of(
        "kind", _("Kind of figure"), list(funnel_view.KINDS), funnel_view.kind_name, width=240
    )
    journey_id = choices.journey(known)
    level = choices.level(known[journey_id])
    theme = choices.theme()
with st.container(horizontal=True, vertical_alignment="bottom"):
    since = until = None
    if funnel_view.has_period(kind):
        since = choices.day("from", _("From"), None)
        until = choices.day("to", _("To"), None)
    as_of = choices.day("as-of", _("As of"), None, hint=drawing.as_of_hint())
    known_at = choices.day("known-at", _("As known on"), None, hint=drawing.known_at_hint())

choice = funnel_view.chosen(journey_id, level, theme, since, until, as_of, known_at)
drawn = funnel_view.KINDS[kind](visit, choice) or choice
if kind == "snapshot":
    company_view.living(visit)
freeze_view.take_along(visit, kind, drawn)
