"""The people on the screen, and the dialog in which a lead changes somebody's roles and access."""

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import quote

import streamlit as st

from sandkasse import affiliation, agencies, clock, membership, sessions
from sandkasse.affiliation import MOST_DAYS, Belonging
from sandkasse.i18n import _, date_text, language, list_text, ngettext_, number_text, time_text
from sandkasse.people import ROLE_NAMES, Person, Role
from sandkasse.ui import identity, listing, page
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain


def awaiting(visit: Visit) -> Sequence[Person]:
    """Draw who has signed in and waits for a lead to give them a role; nothing when nobody does.
    Their looking up is for the page to keep."""
    found = visit.read(membership.awaiting)
    if not found:
        return found
    words = ngettext_(
        "{n} person waits for a role", "{n} people wait for a role", len(found)
    ).format(n=number_text(len(found)))
    st.header(words, anchor=False)
    st.caption(
        _(
            "They have signed in, and no rule said what they are to do here. They see nothing "
            "until you give them a role. Choose one to do so, or to close the access."
        )
    )
    _table(visit, words, found, key="awaiting")
    st.header(_("Everybody"), anchor=False)
    return found


def table(visit: Visit, found: Sequence[Person]) -> None:
    """The people with their roles; one that is chosen opens in a dialog."""
    _table(visit, _("People"), found, key="people")


def _table(visit: Visit, label: str, found: Sequence[Person], key: str) -> None:
    agency = {one.id: one.name.in_(language()) for one in visit.know(agencies.listed)}
    known = _belonging(visit, found)
    rows = [
        Row(
            person.person_id,
            person.name,
            f"people?search={quote(person.name)}",
            tuple(
                fact
                for fact in (
                    person.email,
                    agency.get(person.agency_id or ""),
                    _signed_in(known.get(person.person_id)),
                )
                if fact is not None
            ),
            tuple(_marks(person, known.get(person.person_id))),
        )
        for person in found
    ]
    opened = listing.draw(label, rows, key=key)
    if opened is not None:
        person = next((one for one in found if one.person_id == opened), None)
        if person is not None:
            st.dialog(_("Roles and access"))(_change)(visit, person)


def _belonging(visit: Visit, found: Sequence[Person]) -> dict[int, Belonging]:
    """What sign-ins said of these people; nothing in the demonstration, where nobody signs in."""
    if identity.demo_mode():
        return {}
    ids = tuple(person.person_id for person in found)
    return visit.read(affiliation.about, ids, identity.rules().grace_days)


def _signed_in(known: Belonging | None) -> str | None:
    if known is None:
        return None
    return _("signed in {time} with {provider}").format(
        time=time_text(known.read_at), provider=identity.rules().label(known.provider)
    )


def _marks(person: Person, known: Belonging | None) -> list[Mark]:
    roles = [Mark(_(ROLE_NAMES[role])) for role in Role if role in person.roles]
    if not roles:
        roles = [Mark(_("No role yet"))]
    if person.blocked:
        return [*roles, Mark(_("Access closed"), strong=True)]
    if known is not None and known.ends_at is not None:
        day = date_text(known.ends_at - timedelta(seconds=1))
        words = _("Access ended {date}") if known.has_ended else _("Access ends {date}")
        return [*roles, Mark(words.format(date=day), strong=True)]
    return roles


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
        out = not identity.demo_mode() and st.button(
            _("End all sign-ins"), key=f"{key}-out",
            help=_("They have to sign in again, wherever they are signed in."),
        )  # fmt: skip
    days, extend = _access(visit, person, faults, key)
    answer: object = None
    if save:
        answer = visit.write(
            membership.change_roles, person.person_id, [Role(role) for role in roles], agency_id
        )
    elif block:
        answer = visit.write(membership.block, person.person_id, blocked=not person.blocked)
    elif out:
        answer = visit.write(sessions.end_all, person.person_id)
    elif extend:
        answer = visit.write(affiliation.extend, person.person_id, days)
    if isinstance(answer, Refused):
        faults.show(answer)
    elif save or block or out or extend:
        page.toast_next(_("Saved."))
        st.rerun()


def _access(visit: Visit, person: Person, faults: Faults, key: str) -> tuple[date | None, bool]:
    """What the latest sign-in said, and until when the access lasts: the day asked for, and whether
    it is to be kept."""
    known = _belonging(visit, [person]).get(person.person_id)
    if known is None:
        return None, False
    st.subheader(_("Affiliation"), anchor=False)
    st.markdown(plain(_told(known)))
    if known.ends_at is None and known.extended_until is None:
        return None, False
    today, extended = clock.today(), known.extended_until
    until = st.date_input(
        _("Keep the access until this day"),
        value=extended if extended is not None and extended >= today else None,
        min_value=today,
        max_value=today + timedelta(days=MOST_DAYS),
        format="DD.MM.YYYY" if language() == "nb" else "DD/MM/YYYY",
        help=_("Leave it empty to let the access end by itself."),
        key=f"{key}-until",
    )
    faults.beside("until")
    pressed = st.button(_("Keep until then"), key=f"{key}-extend")
    return until if isinstance(until, date) else None, pressed


def _told(known: Belonging) -> str:
    """What the latest sign-in said, in sentences."""
    if known.affiliations is None:
        said = _("{time}: {provider} was not asked for an affiliation.")
    elif not known.affiliations:
        said = _("{time}: {provider} told no affiliation.")
    else:
        said = _("{time}: {provider} said «{affiliations}».")
    sentences = [
        said.format(
            provider=identity.rules().label(known.provider),
            affiliations=list_text(known.affiliations or ()),
            time=time_text(known.read_at),
        )
    ]
    if known.ends_at is not None:
        day = date_text(known.ends_at - timedelta(seconds=1), "long")
        ends = _("The access ended {date}.") if known.has_ended else _("The access ends {date}.")
        sentences.append(ends.format(date=day))
    return " ".join(sentences)
