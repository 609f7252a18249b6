"""The directory: contact people, those who have left, and what the agencies do for a founder."""

from collections.abc import Callable, Sequence

import streamlit as st

from sandkasse import agencies, contacts, exchange, orgnr
from sandkasse.access import Action
from sandkasse.addresses import phone_shown
from sandkasse.agencies import Agency
from sandkasse.clock import today
from sandkasse.contacts import PAGE_SIZE, Contact, Depending, Filter, Page
from sandkasse.i18n import _, date_text, language, number_text
from sandkasse.ui import agency_dialog, choices, contact_dialog, downloads, listing, states
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Visit
from sandkasse.ui.text import plain

_TITLES = 3


def draw(visit: Visit) -> None:
    """The whole view, with a search over all of it."""
    known = visit.know(agencies.listed)
    named = {one.id: one.name.in_(language()) for one in known}
    st.caption(_("Whom to ask at each agency, and what it does for a founder."))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = choices.search(_("Search by name, subject or agency"))
        agency_id = choices.agency(named)
        if visit.may(Action.EDIT_DIRECTORY) and st.button(
            _("New contact person"), icon=":material/person_add:", key="contact-new"
        ):
            st.dialog(_("New contact person"))(contact_dialog.add)(visit, named, agency_id)
    wanted = Filter(search, agency_id)
    _contacts(visit, wanted, named)
    _left(visit, wanted, named)
    _agencies(visit, [one for one in known if agency_id in (None, one.id)], search)
    _open_from_address(visit, named)


def _contacts(visit: Visit, wanted: Filter, named: dict[str, str]) -> None:
    number = choices.page_number()
    found = visit.read(contacts.find, wanted, number)
    st.header(_headed(_("Contact people"), found), anchor=False)
    if found.rows:
        _list(visit, _("Contact people"), found.rows, named, "contacts")
        choices.pager(found.total, PAGE_SIZE, number)
        _downloads(visit, wanted)
    elif wanted == Filter():
        states.nothing(
            _("No contact people have been written down yet. The leads and each agency's members "
              "can add them.")
        )  # fmt: skip
    elif not wanted.search:
        states.nothing(_("No contact person at this agency has been written down yet."))
    else:
        states.nothing(_("No contact person fits. Write the beginning of a name, or less of it."))


def _left(visit: Visit, wanted: Filter, named: dict[str, str]) -> None:
    gone = Filter(wanted.search, wanted.agency_id, left=True)
    found = visit.read(contacts.find, gone)
    if not found.rows:
        return
    st.header(_headed(_("Who has left"), found), anchor=False)
    ids = tuple(one.contact_id for one in found.rows)
    depending = visit.read(contacts.depending, ids)
    _list(visit, _("Who has left"), found.rows, named, "left", depending)
    if found.total > len(found.rows):
        st.caption(
            _("The last {n} to leave are shown. Search for a name to find the others.").format(
                n=number_text(len(found.rows))
            )
        )


def _headed(heading: str, found: Page) -> str:
    return f"{heading} ({number_text(found.total)})"


def _list(
    visit: Visit,
    label: str,
    found: Sequence[Contact],
    named: dict[str, str],
    key: str,
    depending: dict[int, Depending] | None = None,
) -> None:
    """Contact people as a list; one that is chosen opens in a dialog."""
    rows = [_row(one, named, (depending or {}).get(one.contact_id)) for one in found]
    opened = listing.draw(label, rows, key=key)
    if opened is not None:
        _open(visit, opened, named)


def _open(visit: Visit, contact_id: int, named: dict[str, str]) -> None:
    contact = visit.read(contacts.get, contact_id)
    st.dialog(plain(contact.card.name))(contact_dialog.show)(visit, contact, named)


def _open_from_address(visit: Visit, named: dict[str, str]) -> None:
    """Open the contact person that a link asked for, once."""
    asked = choices.asked_id("contact")
    st.query_params.pop("contact", None)
    if asked is not None:
        _open(visit, asked, named)


def _row(contact: Contact, named: dict[str, str], depends: Depending | None) -> Row:
    card = contact.card
    phone = phone_shown(card.phone).replace(" ", "\N{NO-BREAK SPACE}")
    facts = (named.get(contact.agency_id, ""), card.title, phone, card.email)
    return Row(
        contact.contact_id,
        card.name,
        f"agencies?contact={contact.contact_id}",
        tuple(filter(None, facts)),
        tuple(_marks(contact, depends)),
        _depending(depends) if depends else card.subject,
    )


def _depending(depends: Depending) -> str:
    titles = [title for _id, title in depends.ideas[:_TITLES]]
    if depends.total > len(titles):
        titles.append("…")
    return f"{contact_dialog.depending_text(depends)} {' · '.join(titles)}"


def _marks(contact: Contact, depends: Depending | None) -> list[Mark]:
    card, marks = contact.card, []
    if depends:
        marks.append(Mark(_("Ideas depend on this person"), strong=True))
    if contact.left and card.valid_to:
        marks.append(Mark(_("Left {date}").format(date=date_text(card.valid_to))))
    elif card.valid_to:
        marks.append(Mark(_("Last day {date}").format(date=date_text(card.valid_to))))
    elif card.valid_from and card.valid_from > today():
        marks.append(Mark(_("From {date}").format(date=date_text(card.valid_from))))
    return marks


def _downloads(visit: Visit, wanted: Filter) -> None:
    """What is listed, to take along; made when it is asked for."""
    chosen_language = language()

    def made(make: Callable[..., bytes]) -> Callable[[], bytes]:
        return downloads.when_asked(lambda: make(visit.db, visit.still(), wanted, chosen_language))

    with st.container(horizontal=True):
        st.download_button(
            _("Download as a table (CSV)"), made(exchange.contacts_csv), "contacts.csv",
            "text/csv", key="contacts-csv", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            _("Download for phone and mail (vCard)"), made(exchange.contacts_vcards),
            "contacts.vcf", "text/vcard", key="contacts-vcf", icon=":material/contact_phone:",
            on_click="ignore",
        )  # fmt: skip


def _agencies(visit: Visit, known: Sequence[Agency], search: str) -> None:
    found = agencies.matching(known, search)
    if not found:
        return
    st.header(_("What the agencies do for a founder"), anchor=False)
    st.caption(
        _("Guidance, as far as we know. Open an agency for the sources, and ask it before you "
          "rely on this.")
    )  # fmt: skip
    opened = listing.draw(_("Agencies"), [_agency_row(n, one) for n, one in enumerate(found)],
                          key="agencies")  # fmt: skip
    if opened is not None and opened < len(found):
        agency = found[opened]
        st.dialog(plain(agency.name.in_(language())))(agency_dialog.show)(visit, agency)


def _agency_row(number: int, agency: Agency) -> Row:
    facts = []
    if agency.orgnr:
        facts.append(_("org. no. {orgnr}").format(orgnr=orgnr.shown(agency.orgnr)))
    helped = [one.text.in_(language()) for one in agency.help] or [agency_dialog.nothing_known()]
    return Row(
        number,
        agency.name.in_(language()),
        f"agencies?agency={agency.id}",
        tuple(facts),
        () if agency.active else (Mark(_("Not active in the pilot")),),
        " ".join([*helped, agency.note.in_(language())]).strip(),
    )
