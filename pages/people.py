"""The people: who is here, and what each may do."""

import streamlit as st

from sandkasse import membership
from sandkasse.access import Action
from sandkasse.i18n import N_, _, ngettext_, number_text
from sandkasse.people import PAGE_SIZE, ROLE_NAMES, Role
from sandkasse.ui import choices, page, people_view, states

visit = page.begin(N_("People"), Action.SEE_PEOPLE)
st.caption(
    _(
        "Rules give some people a role when they first sign in; the others wait here until you "
        "give them one."
    )
)
waiting = people_view.awaiting(visit)
with st.container(horizontal=True, vertical_alignment="bottom"):
    search = choices.search(_("Search by name or e-mail"))
    words = {"": _("All roles"), **{role.value: _(ROLE_NAMES[role]) for role in Role}}
    chosen = choices.one_of("role", _("Role"), list(words), words.__getitem__)

number = choices.page_number()
found = visit.read(membership.everybody, search, Role(chosen) if chosen else None, number)
st.markdown(ngettext_("{n} person", "{n} people", found.total).format(n=number_text(found.total)))
seen = sorted({one.person_id for one in (*waiting, *found.rows)})
visit.looked_up(Action.SEE_PEOPLE, "people", seen)
if found.rows:
    people_view.table(visit, found.rows)
    choices.pager(found.total, PAGE_SIZE, number)
else:
    states.nothing(_("Nobody fits these choices."))
