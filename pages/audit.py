"""The audit: who did, looked up and was refused what, for leads. Looking at it is itself kept."""

import streamlit as st

from sandkasse.access import Action
from sandkasse.i18n import N_, _, ngettext_, number_text
from sandkasse.privacy import trail
from sandkasse.ui import audit_view, choices, page, states

visit = page.begin(N_("Audit"), Action.SEE_AUDIT)
st.caption(
    _(
        "Who wrote what, who looked up what of others, and who was refused what. Nothing here can "
        "be changed: each row is bound to the one before, and «sandkasse check» finds a row that "
        "was changed, moved or removed. That you look at this is kept as well."
    )
)
visit.looked_up(Action.SEE_AUDIT, "audit")
wanted = audit_view.chosen(visit)
number = choices.page_number()
found = visit.fetch(trail.listed, wanted, number)
st.markdown(ngettext_("{n} row", "{n} rows", found.total).format(n=number_text(found.total)))
if found.rows:
    audit_view.listed(visit, found.rows)
    choices.pager(found.total, trail.PAGE_SIZE, number)
    audit_view.take_along(visit, wanted)
else:
    states.nothing(_("No row fits these choices. Remove one of them."))
audit_view.head(visit)
