"""What is open, and applying for it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from sandkasse import access, clock, contacts
from sandkasse.access import Action
from sandkasse.addresses import phone_shown
from sandkasse.i18n import N_, _, date_text, dated_text, language, ngettext_, number_text
from sandkasse.people import LEVEL_NAMES
from sandkasse.recruitment import applications, papers, positions, reference
from sandkasse.recruitment.applications import SOURCES, Applying
from sandkasse.recruitment.positions import PAGE_SIZE, Filter, Position
from sandkasse.texts import LIMITS
from sandkasse.ui import choices, forms, holder, listing, page, states
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import link, paragraphs, plain

STATUS_NAMES = {
    positions.DRAFT: N_("Draft"),
    positions.OPEN: N_("Accepting applications"),
    positions.CLOSED: N_("Closed"),
}


def open_positions(visit: Visit) -> None:
    """The positions that can be applied for today."""
    st.caption(_("Part-time jobs beside your studies, at the agencies in the region."))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = choices.search()
        agency_id = choices.agency(holder.agency_names(visit))
        level = choices.level()
        words = {choices.ALL: _("All places")}
        words |= {one: one for one in visit.read(positions.places)}
        place = choices.one_of("place", _("Place of work"), list(words), words.__getitem__)
    wanted = Filter(search, agency_id, level, place)
    number = choices.page_number()
    found = visit.read(positions.find, wanted, number)
    if not found.rows:
        fits = _("No open position fits these choices. Remove one of them.")
        none = _("No position is open just now. Come back later.")
        states.nothing(none if wanted == Filter() else fits)
        return
    told = ngettext_("{n} open position", "{n} open positions", found.total)
    st.markdown(told.format(n=number_text(found.total)))
    draw_positions(visit, _("Open positions"), found.rows, "open-positions")
    choices.pager(found.total, PAGE_SIZE, number)


def draw_positions(visit: Visit, label: str, found: Sequence[Position], key: str) -> None:
    """Draw a list of positions; one that is chosen opens."""
    free = visit.read(positions.vacant, tuple(one.position_id for one in found))
    opened = listing.draw(label, [_row(visit, one, free) for one in found], key)
    if opened is not None:
        st.switch_page("pages/position.py", query_params={"position": str(opened)})


def _row(visit: Visit, one: Position, free: Mapping[int, int]) -> Row:
    marks = [Mark(_(STATUS_NAMES[one.status]), strong=one.status == positions.OPEN)]
    if one.status == positions.OPEN and not one.takes_applications(clock.today()):
        marks = [Mark(_("The deadline has passed"))]
    href = f"position?position={one.position_id}"
    return Row(one.position_id, one.title, href, tuple(_facts(visit, one, free)), tuple(marks))


def _facts(visit: Visit, one: Position, free: Mapping[int, int]) -> list[str]:
    described = one.description
    agency = holder.agency_names(visit).get(described.agency_id, described.agency_id)
    hours = _("{n} hours a week").format(n=hours_text(described.hours))
    facts = [agency, described.place, _seats(one, free), hours]
    if described.level:
        facts.append(_(LEVEL_NAMES[described.level]))
    if one.deadline is not None:
        facts.append(_("apply by {day}").format(day=date_text(one.deadline)))
    return [fact for fact in facts if fact]


def _seats(one: Position, free: Mapping[int, int]) -> str:
    """How many seats a student can have; for all others, how many there are."""
    if not one.takes_applications(clock.today()):
        return ngettext_("{n} seat", "{n} seats", one.seats).format(n=number_text(one.seats))
    told = ngettext_("{free} of {n} seat free", "{free} of {n} seats free", one.seats)
    vacant = free.get(one.position_id, one.seats)
    return told.format(free=number_text(vacant), n=number_text(one.seats))


def hours_text(hours: float) -> str:
    """Hours with as many decimals as they have, at most one."""
    return number_text(hours, 0 if hours == round(hours) else 1)


def position_heading(visit: Visit, one: Position) -> None:
    """What the position is."""
    st.title(plain(one.title), anchor=False)
    days = _("{first} to {last}").format(
        first=date_text(one.begins_on), last=date_text(one.ends_on)
    )
    free = visit.read(positions.vacant, (one.position_id,))
    st.caption(plain(" · ".join([_(STATUS_NAMES[one.status]), *_facts(visit, one, free), days])))
    if one.text:
        st.markdown(paragraphs(one.text))
    if one.description.programmes:
        wanted = _("Wanted studies: {programmes}").format(programmes=one.description.programmes)
        st.markdown(plain(wanted))
    _contact(visit, one)
    agreed = reference.agreement(one.description.agreement_id)
    if agreed is not None:
        st.caption(
            plain(f"{agreed.text.in_(language())} ({agreed.source}, {dated_text(agreed.dated)})")
        )
    if one.deadline is not None and one.takes_applications(clock.today()):
        st.download_button(
            _("Put the deadline in my calendar"), positions.to_calendar(one),
            file_name="sandkasse.ics", mime="text/calendar", icon=":material/event:",
            key="position-calendar",
        )  # fmt: skip


def _contact(visit: Visit, one: Position) -> None:
    """Whom one can ask about the position."""
    if one.description.contact_id is None:
        return
    contact = visit.read(contacts.get, one.description.contact_id)
    card = contact.card
    if contact.left:
        told = _("{name} has left. Choose somebody else.").format(name=card.name)
        if access.may_for_agency(visit.actor, Action.KEEP_POSITION, one.description.agency_id):
            st.warning(plain(told), icon=":material/person_off:")
        return
    facts = [card.title, phone_shown(card.phone) if card.phone else "", card.email]
    said = _("Ask {name}").format(name=card.name)
    st.markdown(plain(": ".join(filter(None, [said, ", ".join(filter(None, facts))]))))


def apply(visit: Visit, one: Position) -> None:
    """Applying, for students, and the published limit for student permits."""
    if not visit.may(Action.APPLY):
        return
    if not one.takes_applications(clock.today()):
        st.info(_("The position does not take applications now."), icon=":material/info:")
        return
    st.header(_("Apply"), anchor=False)
    _guidance()
    faults = Faults()
    key = f"apply-{one.position_id}"
    words = st.text_area(
        _("Why you apply (must be filled in)"), max_chars=LIMITS["words"], key=f"{key}-words",
        height=140,
    )  # fmt: skip
    faults.beside("words")
    with st.container(horizontal=True):
        source = st.selectbox(
            _("How you heard of it (optional)"), list(SOURCES),
            format_func=lambda code: _(SOURCES[code]), width=280,
            key=forms.worded(f"{key}-source", list(SOURCES), "unknown"),
        )  # fmt: skip
        graduation = st.date_input(
            _("Expected end of your studies (optional)"), value=None, min_value="today",
            format=forms.date_format(), key=f"{key}-graduation", width=280,
        )  # fmt: skip
    faults.beside("graduation")
    said = _("A PDF with more about you (optional, at most {n} MB)")
    file = st.file_uploader(
        said.format(n=papers.MOST_BYTES // 1_000_000),
        type="pdf",
        key=f"{key}-paper",
        max_upload_size=papers.MOST_BYTES // 1_000_000,
    )
    faults.beside("paper")
    st.caption(_("The agency's members and the project leads read it, nobody else."))
    send = st.button(_("Send the application"), type="primary", key=f"{key}-do")
    if forms.careful(send, [words or ""], key):
        paper = None if file is None else (file.name, file.getvalue())
        applying = Applying(words or "", source or "unknown", graduation or None, paper)
        answer = visit.write(applications.apply, one.position_id, applying)
        if isinstance(answer, Refused):
            faults.show(answer)
        else:
            page.toast_next(_("Your application is sent. You can follow it here."))
            st.switch_page("pages/application.py", query_params={"application": str(answer)})


def _guidance() -> None:
    for one in reference.shipped().guidance:
        said = _("Guidance, not a decision: ask the agency. Source: {source}, read {date}.")
        source = said.format(source=link(one.source), date=date_text(one.checked))
        st.markdown(f"{plain(one.text.in_(language()))} {source}")
