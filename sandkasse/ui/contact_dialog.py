"""The dialogs of a contact person: looking, adding, changing, leaving, and what was changed."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, timedelta
from urllib.parse import quote

import streamlit as st

from sandkasse import access, contacts
from sandkasse.access import Action
from sandkasse.addresses import phone_shown
from sandkasse.clock import today
from sandkasse.contacts import FIELD_NAMES, Card, Change, Contact, Depending
from sandkasse.i18n import _, date_text, ngettext_, number_text, time_text
from sandkasse.texts import LIMITS
from sandkasse.ui import forms, listing
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Row
from sandkasse.ui.page import Visit
from sandkasse.ui.text import plain

_EARLIEST = date(1970, 1, 1)


def show(visit: Visit, contact: Contact, named: Mapping[str, str]) -> None:
    """A contact person as read when the dialog was opened, which is what a change is based on;
    whoever may edit chooses between looking, changing, leaving and what was changed."""
    parts = {
        "look": (_("Contact"), _look),
        "change": (_("Change"), _change),
        "leaving": (_("Leaving"), _leaving),
        "history": (_("Earlier"), _history),
    }
    chosen: str | None = "look"
    if access.may_for_agency(visit.actor, Action.EDIT_DIRECTORY, contact.agency_id):
        chosen = st.radio(
            _("What to do"), list(parts), format_func=lambda one: parts[one][0], horizontal=True,
            label_visibility="collapsed", key=f"contact-{contact.contact_id}-part",
        )  # fmt: skip
    if chosen == "look":
        _look(visit, contact, named)
    else:
        parts[str(chosen)][1](visit, contact, named)


def _look(visit: Visit, contact: Contact, named: Mapping[str, str]) -> None:
    card = contact.card
    st.text(", ".join(filter(None, (card.title, named.get(contact.agency_id)))))
    if card.subject:
        st.caption(_("Ask about"))
        st.text(card.subject)
    with st.container(horizontal=True):
        if card.phone:
            st.link_button(
                plain(phone_shown(card.phone)), f"tel:{card.phone}", icon=":material/call:"
            )
        if card.email:
            address = f"mailto:{quote(card.email, safe='@')}"
            st.link_button(plain(card.email), address, icon=":material/mail:")
    if period := _period(card):
        st.caption(period)
    if card.valid_to is not None:
        _dependents(visit, contact)


def _period(card: Card) -> str:
    said = []
    if card.valid_from:
        said.append(_("First day {date}").format(date=date_text(card.valid_from, "long")))
    if card.valid_to:
        said.append(_("Last day {date}").format(date=date_text(card.valid_to, "long")))
    return " · ".join(said)


def _dependents(visit: Visit, contact: Contact) -> None:
    """The ideas that have an open matter through somebody who has left or is about to."""
    depends = visit.read(contacts.depending, (contact.contact_id,)).get(contact.contact_id)
    if contact.left:
        st.warning(
            _("This person has left. Ask the agency who has taken over."), icon=":material/logout:"
        )
    if depends is None:
        st.caption(_("No idea that you see has an open matter through this person."))
        return
    st.markdown(depending_text(depends))
    rows = [Row(key, title, f"idea?idea={key}") for key, title in depends.ideas]
    opened = listing.draw(_("Ideas"), rows, key=f"contact-{contact.contact_id}-ideas")
    if opened is not None:
        st.switch_page("pages/idea.py", query_params={"idea": str(opened)})


def depending_text(depends: Depending) -> str:
    """How many ideas have an open matter through somebody."""
    return ngettext_(
        "{n} idea has an open matter through this person.",
        "{n} ideas have an open matter through this person.",
        depends.total,
    ).format(n=number_text(depends.total))


def add(visit: Visit, named: Mapping[str, str], chosen: str | None) -> None:
    """A form for somebody new; a member adds to the own agency, a lead to any."""
    faults = Faults()
    open_to = [
        one for one in named if access.may_for_agency(visit.actor, Action.EDIT_DIRECTORY, one)
    ]
    if not open_to:
        st.markdown(_("You do not belong to an agency yet. Ask the project lead."))
        return
    start = chosen if chosen in open_to else open_to[0] if len(open_to) == 1 else None
    agency_id = st.selectbox(
        _required(_("Agency")), open_to, format_func=named.__getitem__,
        index=None if start is None else open_to.index(start),
        placeholder=_("Choose an agency"), key="contact-new-agency",
    )  # fmt: skip
    faults.beside("agency")
    card = _fields(Card(), faults, "contact-new")
    if st.button(_("Save"), type="primary", key="contact-new-save"):
        answer = visit.write(contacts.add, agency_id or "", card)
        forms.finish(answer, faults, _("Saved."))


def _change(visit: Visit, contact: Contact, _named: Mapping[str, str]) -> None:
    key = _key(contact, "change")
    faults = Faults()
    card = _fields(contact.card, faults, key)
    if st.button(_("Save"), type="primary", key=f"{key}-save"):
        answer = visit.write(contacts.change, contact.contact_id, card, contact.version)
        forms.finish(answer, faults, _("Saved."))


def _fields(start: Card, faults: Faults, key: str) -> Card:
    """Ask for all that is written about a contact person but the last day."""
    word = {field: _(called) for field, called in FIELD_NAMES.items()}
    name = st.text_input(
        _required(word["name"]), start.name, max_chars=LIMITS["name"], key=f"{key}-name"
    )
    faults.beside("name")
    title = st.text_input(
        _optional(word["title"]), start.title, max_chars=LIMITS["title"],
        key=f"{key}-title",
    )  # fmt: skip
    faults.beside("title")
    st.caption(_("Write a phone number or an e-mail address, or both."))
    phone = st.text_input(word["phone"], phone_shown(start.phone), max_chars=40, key=f"{key}-phone")
    faults.beside("phone")
    email = st.text_input(word["email"], start.email, max_chars=254, key=f"{key}-email")
    faults.beside("email")
    subject = st.text_area(
        _optional(_("What to ask this person about")), start.subject,
        max_chars=LIMITS["subject"], height=90, key=f"{key}-subject",
    )  # fmt: skip
    faults.beside("subject")
    first = st.date_input(
        _optional(word["valid_from"]), start.valid_from, min_value=_EARLIEST,
        format=forms.date_format(), key=f"{key}-from", width=200,
    )  # fmt: skip
    faults.beside("valid_from")
    return Card(name, title, phone, email, subject, _day(first), start.valid_to)


def _leaving(visit: Visit, contact: Contact, _named: Mapping[str, str]) -> None:
    """Say which day was the last one, or take it back."""
    key = _key(contact, "leaving")
    faults = Faults()
    st.markdown(
        _("After the last day this person is shown among those who have left, together with the "
          "ideas that have an open matter there.")
    )  # fmt: skip
    last_day = st.date_input(
        _("Last day at the agency"), contact.card.valid_to or today() - timedelta(days=1),
        min_value=_EARLIEST, format=forms.date_format(), key=f"{key}-day", width=200,
    )  # fmt: skip
    faults.beside("valid_to")
    with st.container(horizontal=True):
        save = st.button(_("Save"), type="primary", key=f"{key}-save")
        stays = contact.card.valid_to is not None and st.button(
            _("Has not left after all"), key=f"{key}-stays"
        )
    if save or stays:
        chosen = None if stays else _day(last_day)
        answer = visit.write(contacts.mark_left, contact.contact_id, chosen, contact.version)
        forms.finish(answer, faults, _("Saved."))


def _history(visit: Visit, contact: Contact, _named: Mapping[str, str]) -> None:
    changes = visit.read(contacts.history, contact.contact_id)
    rows = [
        Row(
            number,
            _(FIELD_NAMES[one.field]),
            None,
            tuple(filter(None, (time_text(one.recorded_at), one.actor))),
            text=_said(one, one.after)
            if one.version == 1
            else f"{_said(one, one.before)} → {_said(one, one.after)}",
        )
        for number, one in enumerate(changes)
    ]
    label = _("What was written and changed about this person, latest first")
    listing.draw(label, rows, key=_key(contact, "history"))


def _said(change: Change, written: str | None) -> str:
    if written is None:
        return "–"
    if change.field == "phone":
        return phone_shown(written)
    if change.field in _DAYS:
        return date_text(date.fromisoformat(written))
    return written


_DAYS = {one.name for one in fields(Card) if one.name.startswith("valid_")}


def _key(contact: Contact, part: str) -> str:
    # With its version, so that what somebody else has changed is shown anew.
    return f"contact-{contact.contact_id}-{contact.version}-{part}"


def _day(picked: object) -> date | None:
    return picked if isinstance(picked, date) else None


def _required(label: str) -> str:
    return _("{label} (must be filled in)").format(label=label)


def _optional(label: str) -> str:
    return _("{label} (optional)").format(label=label)
