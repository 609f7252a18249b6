"""Keeping an agency's positions: drafting, planning seats, opening and closing."""

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from sandkasse import access, clock, contacts
from sandkasse.access import Action
from sandkasse.application import Seat
from sandkasse.i18n import _, date_text, language, list_text, ngettext_, number_text
from sandkasse.journeys import Text
from sandkasse.people import LEVEL_NAMES, LEVELS
from sandkasse.recruitment import positions, reference
from sandkasse.recruitment.positions import (
    MOST_HOURS,
    MOST_SEATS,
    PAGE_SIZE,
    Description,
    Filter,
    Position,
)
from sandkasse.texts import LIMITS
from sandkasse.ui import choices, forms, holder, page, states
from sandkasse.ui.forms import Faults
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.recruitment_view.offered import draw_positions
from sandkasse.ui.text import plain

_MOST_CONTACTS = 100


def kept_positions(visit: Visit) -> None:
    """The positions that one may change, and drafting a new one."""
    if st.button(_("New position"), key="position-new", icon=":material/add:"):
        st.dialog(_("New position"), width="large")(_create)(visit)
    number = choices.page_number()
    found = visit.read(positions.find, Filter(open_only=False, kept=True), number)
    if not found.rows:
        states.nothing(_("No position is made yet. Begin with «New position»."))
        return
    told = ngettext_("{n} position", "{n} positions", found.total)
    st.markdown(told.format(n=number_text(found.total)))
    draw_positions(visit, _("Our positions"), found.rows, "kept-positions")
    choices.pager(found.total, PAGE_SIZE, number)


def _create(visit: Visit) -> None:
    faults = Faults()
    names = holder.agency_names(visit)
    mine = {
        key: name for key, name in names.items()
        if access.may_for_agency(visit.actor, Action.KEEP_POSITION, key)
    }  # fmt: skip
    agency_id = st.selectbox(
        _("Agency (must be filled in)"), list(mine), format_func=mine.__getitem__,
        index=0 if len(mine) == 1 else None, placeholder=_("Choose an agency"),
        key="position-agency",
    )  # fmt: skip
    faults.beside("agency_id")
    described = _fields(visit, Description(agency_id or "", Text()), faults, "position-create")
    today = clock.today()
    seats, begins_on, ends_on = _seat_fields(
        faults, "position-create", 1, today, today + timedelta(days=300)
    )
    if st.button(_("Save as a draft"), type="primary", key="position-create-do"):
        plan = positions.seats(seats, begins_on, ends_on)
        answer = visit.write(positions.create, described, plan)
        if isinstance(answer, Refused):
            faults.show(answer)
        else:
            page.toast_next(_("The draft is saved. Open it when students can apply."))
            st.switch_page("pages/position.py", query_params={"position": str(answer)})


def _fields(visit: Visit, start: Description, faults: Faults, key: str) -> Description:
    said = {}
    labels = {
        "title_nb": _("Title in Norwegian (must be filled in)"),
        "title_en": _("Title in English (must be filled in before it is opened)"),
        "text_nb": _("Text in Norwegian (must be filled in before it is opened)"),
        "text_en": _("Text in English (must be filled in before it is opened)"),
    }
    for name, label in labels.items():
        part, tongue = name.split("_")
        value = getattr(getattr(start, part), tongue)
        if part == "title":
            said[name] = st.text_input(label, value, max_chars=LIMITS["title"], key=f"{key}-{name}")
        else:
            said[name] = st.text_area(
                label, value, max_chars=LIMITS["position_text"], key=f"{key}-{name}", height=110
            )
        faults.beside(name)
    with st.container(horizontal=True):
        hours = st.number_input(
            _("Hours a week"), 0.5, MOST_HOURS, start.hours, 0.5, key=f"{key}-hours", width=160
        )
        place = st.text_input(
            _("Place (optional)"), start.place, max_chars=LIMITS["place"], key=f"{key}-place",
            width=220,
        )  # fmt: skip
        level = st.selectbox(
            _("Level (optional)"), list(LEVELS), format_func=lambda one: _(LEVEL_NAMES[one]),
            index=LEVELS.index(start.level) if start.level else None, placeholder=_("Any"),
            key=f"{key}-level", width=200,
        )  # fmt: skip
    for field in ("hours", "place", "level"):
        faults.beside(field)
    programmes = st.text_input(
        _("Wanted studies (optional)"), start.programmes, max_chars=LIMITS["programmes"],
        key=f"{key}-programmes",
    )  # fmt: skip
    faults.beside("programmes")
    contact_id = _contact_field(visit, start, faults, key)
    agreed = {
        one.id: one.name.in_(language())
        for one in reference.shipped().agreements
        if one.agency_id == start.agency_id
    }
    agreement_id = start.agreement_id
    if agreed:
        agreement_id = st.selectbox(
            _("Part of an agreement (optional)"), list(agreed), format_func=agreed.__getitem__,
            index=list(agreed).index(agreement_id) if agreement_id in agreed else None,
            placeholder=_("None"), key=f"{key}-agreement",
        )  # fmt: skip
        faults.beside("agreement_id")
    return Description(
        start.agency_id, Text(said["title_nb"] or "", said["title_en"] or ""),
        Text(said["text_nb"] or "", said["text_en"] or ""), hours, place or "", contact_id,
        level, programmes or "", agreement_id,
    )  # fmt: skip


def _contact_field(visit: Visit, start: Description, faults: Faults, key: str) -> int | None:
    """Whom students can ask: somebody of the agency's in the directory."""
    if not start.agency_id:
        return None
    wanted = contacts.Filter(agency_id=start.agency_id)
    found = visit.read(contacts.find, wanted, 1, _MOST_CONTACTS).rows
    words = {
        one.contact_id: ", ".join(filter(None, [one.card.name, one.card.title])) for one in found
    }
    chosen = start.contact_id
    if chosen is not None and chosen not in words:
        words[chosen] = visit.read(contacts.get, chosen).card.name
    if not words:
        st.caption(_("The agency has nobody in the list of contact people yet."))
        return None
    contact_id = st.selectbox(
        _("Contact person (optional)"), list(words), format_func=words.__getitem__,
        index=list(words).index(chosen) if chosen in words else None, placeholder=_("Nobody"),
        key=f"{key}-contact-{start.agency_id}",
    )  # fmt: skip
    faults.beside("contact_id")
    return contact_id


def _seat_fields(
    faults: Faults, key: str, n: int, first: date, last: date
) -> tuple[int, date, date]:
    with st.container(horizontal=True):
        seats = st.number_input(
            _("Number of seats"), 1, MOST_SEATS, n, key=f"{key}-seats", width=160
        )
        begins_on, ends_on = _day_fields(key, first, last)
    for field in ("seats", "begins_on", "ends_on"):
        faults.beside(field)
    return int(seats), begins_on, ends_on


def _day_fields(key: str, first: date, last: date) -> tuple[date, date]:
    begins_on = st.date_input(
        _("First day"), first, format=forms.date_format(), key=f"{key}-begins", width=180
    )
    ends_on = st.date_input(
        _("Last day"), last, format=forms.date_format(), key=f"{key}-ends", width=180
    )
    return _chosen(begins_on, first), _chosen(ends_on, last)


def _chosen(picked: object, otherwise: date) -> date:
    """The day picked; an emptied field gives none."""
    return picked if isinstance(picked, date) else otherwise


def keep(visit: Visit, one: Position) -> None:
    """What the agency can do with the position."""
    agency_id = one.description.agency_id
    if not access.may_for_agency(visit.actor, Action.KEEP_POSITION, agency_id):
        return
    st.header(_("Keep the position"), anchor=False)
    with st.container(horizontal=True):
        st.page_link(
            "pages/recruitment.py", label=_("Applications on the board"),
            icon=":material/view_kanban:",
            query_params={"view": "board", "position": str(one.position_id)},
        )  # fmt: skip
        st.page_link(
            "pages/recruitment.py", label=_("Seats and coverage"), icon=":material/event_seat:",
            query_params={"view": "seats", "position": str(one.position_id)},
        )  # fmt: skip
    with st.container(horizontal=True):
        if st.button(_("Change the text"), key="position-edit", icon=":material/edit:"):
            st.dialog(_("Change the text"), width="large")(_edit)(visit, one)
        if st.button(_("Plan the seats"), key="position-plan", icon=":material/event_seat:"):
            st.dialog(_("Plan the seats"), width="medium")(_plan)(visit, one)
        if st.button(_("Days of one seat"), key="position-seat", icon=":material/edit_calendar:"):
            st.dialog(_("Days of one seat"), width="medium")(_one_seat)(visit, one)
        label = _("Open for applications") if one.status != positions.OPEN else _("New deadline")
        if st.button(label, key="position-open", icon=":material/campaign:", type="primary"):
            st.dialog(label)(_open)(visit, one)
        if one.status == positions.OPEN and st.button(
            _("Close for applications"), key="position-close", icon=":material/lock:"
        ):
            answer = visit.write(positions.close, one.position_id, expected_seq=one.last_seq)
            done = _("The position is closed. Those who have applied keep their place.")
            page.toast_next(answer.message if isinstance(answer, Refused) else done)
            st.rerun()


def _edit(visit: Visit, one: Position) -> None:
    faults = Faults()
    described = _fields(visit, one.description, faults, f"position-edit-{one.position_id}")
    if st.button(_("Save"), type="primary", key="position-edit-do"):
        answer = visit.write(positions.edit, one.position_id, described)
        forms.finish(answer, faults, _("Saved."))


def _plan(visit: Visit, one: Position) -> None:
    st.caption(_("The plan takes the place of the earlier one from the first day on."))
    faults = Faults()
    planned = visit.read(positions.planned, one.position_id)
    first, last = positions.common_days(planned)
    seats, begins_on, ends_on = _seat_fields(
        faults, f"position-plan-{one.last_seq}", len(planned), first, last
    )
    own = positions.of_their_own(planned)
    if own:
        told = _("These have days of their own and keep them: {seats}.")
        st.caption(plain(told.format(seats=list_text([_seat_text(seat) for seat in own]))))
    if st.button(_("Save"), type="primary", key="position-plan-do"):
        plan = positions.replanned(planned, seats, begins_on, ends_on)
        answer = visit.write(positions.plan_seats, one.position_id, plan, expected_seq=one.last_seq)
        forms.finish(answer, faults, _("Saved."))


def _seat_text(seat: Seat) -> str:
    said = _("seat {n} ({first} to {last})")
    days = {"first": date_text(seat.begins_on), "last": date_text(seat.ends_on)}
    return said.format(n=number_text(seat.seat_no), **days)


def _one_seat(visit: Visit, one: Position) -> None:
    """The days of a single seat, which later plans for all leave alone."""
    st.caption(_("When you plan all seats later, a seat with days of its own keeps them."))
    faults = Faults()
    planned = visit.read(positions.planned, one.position_id)
    words = {seat.seat_no: _seat_label(seat, planned) for seat in planned}
    chosen = st.selectbox(
        _("Seat (must be filled in)"), list(words), format_func=words.__getitem__, index=None,
        placeholder=_("Choose a seat"), key=f"position-seat-{one.last_seq}",
    )  # fmt: skip
    if chosen is None:
        return
    seat = planned[chosen - 1]
    with st.container(horizontal=True):
        begins_on, ends_on = _day_fields(
            f"position-seat-{one.last_seq}-{chosen}", seat.begins_on, seat.ends_on
        )
    for field in ("seats", "begins_on", "ends_on"):
        faults.beside(field)
    if st.button(_("Save"), type="primary", key="position-seat-do"):
        plan = positions.with_days(planned, chosen, begins_on, ends_on)
        answer = visit.write(positions.plan_seats, one.position_id, plan, expected_seq=one.last_seq)
        forms.finish(answer, faults, _("Saved."))


def _seat_label(seat: Seat, planned: Sequence[Seat]) -> str:
    said = _("Seat {n}: {first} to {last}")
    if seat in positions.of_their_own(planned):
        said = _("Seat {n}: {first} to {last}, days of its own")
    days = {"first": date_text(seat.begins_on), "last": date_text(seat.ends_on)}
    return said.format(n=number_text(seat.seat_no), **days)


def _open(visit: Visit, one: Position) -> None:
    faults = Faults()
    deadline = st.date_input(
        _("Last day to apply (optional)"), value=None, format=forms.date_format(),
        key=f"position-deadline-{one.last_seq}",
    )  # fmt: skip
    for field in ("deadline", "title_nb", "title_en", "text_nb", "text_en"):
        faults.beside(field)
    if st.button(_("Open"), type="primary", key="position-open-do"):
        answer = visit.write(
            positions.open_position, one.position_id, deadline or None, expected_seq=one.last_seq
        )
        forms.finish(answer, faults, _("Saved."))
