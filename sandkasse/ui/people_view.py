"""The people on the screen, and the dialog in which a lead changes somebody's roles."""

from collections.abc import Sequence
from urllib.parse import quote

import streamlit as st

from sandkasse import agencies, membership
from sandkasse.i18n import _, language
from sandkasse.people import ROLE_NAMES, Person, Role
from sandkasse.ui import listing, page
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Refused, Visit


def table(visit: Visit, found: Sequence[Person]) -> None:
    """The people with their roles; one that is chosen opens in a dialog."""
    agency = {one.id: one.name.in_(language()) for one in visit.know(agencies.listed)}
    rows = [
        Row(
            person.person_id,
            person.name,
            f"people?search={quote(person.name)}",
            tuple(
                fact
                for fact in (person.email, agency.get(person.agency_id or ""))
                if fact is not None
            ),
            tuple(_marks(person)),
        )
        for person in found
    ]
    opened = listing.draw(_("People"), rows, key="people")
    if opened is not None:
        person = next((one for one in found if one.person_id == opened), None)
        if person is not None:
            st.dialog(_("Roles and access"))(_change)(visit, person)


def _marks(person: Person) -> list[Mark]:
    roles = [Mark(_(ROLE_NAMES[role])) for role in Role if role in person.roles]
    if not roles:
        roles = [Mark(_("No role yet"))]
    return [*roles, Mark(_("Access closed"), strong=True)] if person.blocked else roles


def _change(visit: Visit, person: Person) -> None:
    st.text(person.name)
    faults = Faults()
    key = f"person-{person.person_id}"
    roles = st.multiselect(
        _("Roles"),
        list(Role),
        default=[role for role in Role if role in person.roles],
        format_func=lambda role: _(ROLE_NAMES[role]),
        key=f"{key}-roles",
    )
    faults.beside("roles")
    known = {one.id: one.name.in_(language()) for one in visit.know(agencies.listed)}
    agency_id = st.selectbox(
        _("Agency (for members)"),
        list(known),
        index=list(known).index(person.agency_id) if person.agency_id in known else None,
        format_func=known.__getitem__,
        placeholder=_("None"),
        key=f"{key}-agency",
    )
    faults.beside("agency")
    with st.container(horizontal=True):
        save = st.button(_("Save"), type="primary", key=f"{key}-save")
        label = _("Open the access again") if person.blocked else _("Close the access")
        block = st.button(label, key=f"{key}-block")
    answer: object = None
    if save:
        answer = visit.write(
            membership.change_roles, person.person_id, [Role(role) for role in roles], agency_id
        )
    elif block:
        answer = visit.write(membership.block, person.person_id, blocked=not person.blocked)
    if isinstance(answer, Refused):
        faults.show(answer)
    elif save or block:
        page.toast_next(_("Saved."))
        st.rerun()
