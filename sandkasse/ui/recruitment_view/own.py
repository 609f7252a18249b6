"""What the own page tells of positions: applications and hours for students, seats for members, and
for leads whom to look after."""

import streamlit as st

from sandkasse import figures
from sandkasse.access import Action
from sandkasse.application import KIND_NAMES, Kind
from sandkasse.figures import seats
from sandkasse.figures.seats import DAYS_AHEAD, SeatsChoice
from sandkasse.i18n import _, date_text, number_text
from sandkasse.recruitment import applications, positions, reference, workload
from sandkasse.recruitment.applications import Application
from sandkasse.ui import forms, holder, listing
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Visit
from sandkasse.ui.recruitment_view.offered import hours_text
from sandkasse.ui.recruitment_view.seat_board import before_day
from sandkasse.ui.text import plain

_SHOWN = 10


def own_applications(visit: Visit) -> None:
    """A student's applications, and the hours of job and idea."""
    st.header(_("Your applications"), anchor=False)
    found = visit.read(applications.mine)
    if found:
        rows = [_row(visit, one) for one in found[:_SHOWN]]
        opened = listing.draw(_("Your applications"), rows, "own-applications")
        if opened is not None:
            query = {"application": str(opened)}
            st.switch_page("pages/application.py", query_params=query)
    else:
        st.caption(_("You have not applied for a position."))
        st.page_link("pages/recruitment.py", label=_("See open positions"), icon=":material/work:")
    _hours(visit)


def _row(visit: Visit, one: Application) -> Row:
    title = visit.read(positions.get, one.position_id).title
    asked = one.state is Kind.ENDED and one.next_step is None
    marks = [Mark(_(KIND_NAMES[one.state]), strong=one.is_open)]
    if one.state is Kind.OFFER or asked:
        marks.insert(0, Mark(_("Your turn"), strong=True))
    text = _("Tell us what came after the job.") if asked else ""
    came = _("sent {date}").format(date=date_text(one.received_at))
    href = f"application?application={one.application_id}"
    return Row(one.application_id, title, href, (came,), tuple(marks), text)


def _hours(visit: Visit) -> None:
    hours = visit.read(workload.own_hours)
    if hours.over:
        said = _(
            "Job ({job} hours) and idea ({idea}) take more than the {most} hours a week that you "
            "set. Only you and the project leads see this."
        )
        told = said.format(
            job=hours_text(hours.job), idea=hours_text(hours.idea),
            most=hours_text(hours.most or 0),
        )  # fmt: skip
        st.warning(plain(told), icon=":material/schedule:")
    names = holder.agency_names(visit)
    for tie in visit.read(workload.own_ties):
        said = _(
            "You have a job at {agency}, which your idea «{title}» deals with. Leave what concerns "
            "the idea there to others. Only you and the project leads see this."
        )
        agency = names.get(tie.agency_id, tie.agency_id)
        st.warning(plain(said.format(agency=agency, title=tie.idea_title)))
    with st.expander(_("Hours a week for job and idea"), on_change="rerun") as opened:
        if opened.open:
            _hours_form(visit, hours)


def _hours_form(visit: Visit, hours: workload.Hours) -> None:
    faults = Faults()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        most = st.number_input(
            _("At most in all (optional)"), 0.0, 168.0, hours.most, 0.5, key="hours-most",
            width=220,
        )  # fmt: skip
        idea = st.number_input(
            _("Of which the idea takes"), 0.0, 168.0, hours.idea, 0.5, key="hours-idea", width=220
        )
    for field in ("most", "idea"):
        faults.beside(field)
    for one in reference.shipped().guidance:
        said = _("Students with a study permit: see the published limit of {n} hours ({source}).")
        st.caption(plain(said.format(n=hours_text(one.hours), source=one.source)))
    if st.button(_("Save"), key="hours-do"):
        answer = visit.write(workload.say_hours, most, idea or 0.0)
        forms.finish(answer, faults, _("Saved."))


def own_seats(visit: Visit) -> None:
    """The seats of a member's own agency, in two sentences."""
    agency_id = visit.actor.agency_id
    if agency_id is None or not visit.may(Action.SEE_SEATS):
        return
    st.header(_("Your agency's seats"), anchor=False)
    choice = SeatsChoice(agency_id=agency_id)
    st.markdown(plain(figures.sentence(visit.read(seats.coverage, choice))))
    ahead = visit.read(seats.ahead, choice, before_day(DAYS_AHEAD))
    st.markdown(plain(figures.sentence(ahead)))
    st.page_link(
        "pages/recruitment.py", label=_("Open the seat board"), icon=":material/event_seat:",
        query_params={"view": "seats"},
    )  # fmt: skip


def warned(visit: Visit) -> None:
    """Students whose job and idea pass the limit they set, or touch the same agency; for leads."""
    found = visit.read(workload.warnings)
    if not found:
        return
    st.header(_("Students to look after ({n})").format(n=number_text(len(found))), anchor=False)
    names = holder.agency_names(visit)
    for one in found[:_SHOWN]:
        facts = []
        if one.hours.over:
            said = _("{total} hours a week, limit {most}")
            total = hours_text(one.hours.job + one.hours.idea)
            facts.append(said.format(total=total, most=hours_text(one.hours.most or 0)))
        for tie in one.ties:
            said = _("job at {agency}, which the idea «{title}» deals with")
            agency = names.get(tie.agency_id, tie.agency_id)
            facts.append(said.format(agency=agency, title=tie.idea_title))
        st.text(f"{one.name}: {'; '.join(facts)}")
