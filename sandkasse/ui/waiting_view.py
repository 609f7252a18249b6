"""The waiting figures on the screen: whose time it was, and how long agencies take."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from sandkasse import figures, purposes
from sandkasse.access import Action
from sandkasse.charts import waiting as waiting_charts
from sandkasse.documents import tables
from sandkasse.documents.exhibit import Column, Table
from sandkasse.figures import ENOUGH, Choice, waiting
from sandkasse.figures.statistics import Quantile
from sandkasse.figures.waiting import (
    PARTIES,
    PARTY_WORDS,
    AgencyWaits,
    WaitingChoice,
    WaitingTimes,
    Waits,
)
from sandkasse.i18n import (
    N_,
    _,
    days_text,
    language,
    ngettext_,
    number_text,
    quarter_text,
)
from sandkasse.matter import STATE_NAMES, State
from sandkasse.ui import behind_view, choices, drawing, listing, states, table
from sandkasse.ui.drawing import basis, chart
from sandkasse.ui.listing import Row
from sandkasse.ui.page import Visit
from sandkasse.ui.text import plain

PAGE_SIZE = 20
_PART_WORDS = {
    "open": N_("Unanswered"),
    "answered": N_("Answered"),
    "withdrawn": N_("Closed without a decision"),
}


# ── whose time it was ───────────────────────────────────────────────────────────────────────


def division(visit: Visit, asked: Choice) -> None:
    """How the time of a journey's ideas is divided between parties, as the funnel's choices ask."""
    choice = WaitingChoice.of(asked)
    figure = visit.read(waiting.division, choice)
    basis("waiting", figure.whole.n, figure)
    told = drawing.said(visit, waiting.division, choice)
    if not figure.whole.n:
        return
    picked = chart(
        visit, waiting_charts.division, waiting.division, choice,
        key="division", alt=told,
    )  # fmt: skip
    drawing.table(visit, tables.waiting, waiting.division, choice, key="division")
    _ideas_behind(visit, choice, picked)


def _ideas_behind(visit: Visit, choice: WaitingChoice, picked: tuple[str, str] | None) -> None:
    if not behind_view.heading(visit):
        return
    journey = states.journeys_by_id(visit)[choice.journey_id or ""]
    stages = {choices.ALL: _("All stages")}
    stages |= {stage.id: stage.name.in_(language()) for stage in journey.stages}
    parties = {party: _(PARTY_WORDS[party]) for party in PARTIES}
    if picked and st.session_state.get("division-picked") != picked:
        st.query_params["of-stage"], st.query_params["part"] = picked
        st.session_state["division-picked"] = picked
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage_id = choices.one_of("of-stage", _("Stage"), list(stages), stages.__getitem__) or None
        party = choices.one_of("part", _("Whose time"), list(parties), parties.__getitem__)
    told = _("{part} – {stage}: {n}").format(
        part=parties[party], stage=stages[stage_id or choices.ALL], n="{n}"
    )
    behind_view.draw(
        visit, told, waiting.ideas, choice, stage_id, party, fact=_days_of,
        why=lambda idea_id: visit.read(waiting.why, choice, stage_id, party, idea_id),
    )  # fmt: skip


def _days_of(idea: Mapping[Hashable, Any]) -> str:
    return days_text(idea["days"])


# ── how long agencies take ──────────────────────────────────────────────────────────────────


def agencies(visit: Visit) -> None:
    """How long each agency takes, for everybody who may see it, with the choices above it."""
    choice = _chosen(visit)
    times = visit.read(waiting.waits, choice)
    basis("waits", times.n, times)
    st.markdown(figures.sentence(times))
    if not times.n:
        return
    _waits_table(
        "agencies",
        _("Agency"),
        [(one.name.in_(language()), one.waits) for one in times.agencies],
        _("How long each agency takes, as a table"),
    )
    _how_it_is_counted()
    agency = _one_agency(times, visit.actor.agency_id)
    st.markdown(plain(figures.sentence(agency)))
    named = {one.purpose_id: _purpose_name(one.purpose_id) for one in agency.purposes}
    _waits_table(
        "purposes",
        _("Purpose"),
        [(named[one.purpose_id], one.waits) for one in agency.purposes],
        _("How long each purpose takes, as a table"),
    )
    _trend(visit, choice, agency)
    _matters_behind(visit, choice, agency, named)


def _chosen(visit: Visit) -> WaitingChoice:
    known = states.journeys_by_id(visit)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        journey_id = choices.any_journey(known)
        level = choices.level(known[journey_id] if journey_id else None)
        since = choices.day("from", _("Sent from"), None)
        until = choices.day("to", _("Sent to"), None)
        as_of = choices.day("as-of", _("As of"), None, hint=drawing.as_of_hint())
        known_at = choices.day("known-at", _("As known on"), None, hint=drawing.known_at_hint())
    return WaitingChoice(
        journey_id=journey_id, level=level, since=since, until=until,
        as_of=figures.end_of(as_of), known_at=figures.end_of(known_at),
    )  # fmt: skip


def _waits_table(name: str, heading: str, rows: Sequence[tuple[str, Waits]], alt: str) -> None:
    found = [waits for _name, waits in rows]
    longest = [days_text(one.longest.days) if one.longest else None for one in found]
    columns = (
        Column(heading, tuple(name for name, _waits in rows), "words"),
        Column("n", tuple(one.n for one in found)),
        Column(_("Answered"), tuple(one.answered for one in found)),
        Column(_("Unanswered"), tuple(one.open for one in found)),
        Column(_("Closed without a decision"), tuple(one.withdrawn for one in found)),
        Column(_("Half within days"), _quantiles(one.median for one in found), "words"),
        Column(_("85 % within days"), _quantiles(one.most for one in found), "words"),
        Column(_("Longest open"), tuple(longest), "words"),
        Column(_("Questions"), tuple(one.questions_a_matter or 0 for one in found), "days"),
    )
    table.show(Table(columns, alt), key=f"table-{name}")


def _quantiles(found: Iterable[Quantile | None]) -> tuple[str, ...]:
    return tuple(map(waiting.quantile_text, found))


def _how_it_is_counted() -> None:
    st.caption(
        _(
            "An agency's days run from when a matter is sent until it is first decided, without "
            "the time in which the agency had asked something. Matters that are unanswered or "
            "were closed without a decision count for as long as they have waited (survival curve, "
            "with 95 % intervals). With fewer than {n} matters the time is not given: they are "
            "listed below. Matters with several agencies at once count for each. Questions are the "
            "agency's, on average for each matter."
        ).format(n=ENOUGH)
    )


def _one_agency(times: WaitingTimes, own: str | None) -> AgencyWaits:
    """The agency chosen; a member's own comes first."""
    st.header(_("One agency"), anchor=False)
    own_first = sorted(times.agencies, key=lambda one: one.agency_id != own)
    known = {one.agency_id: one for one in own_first}
    chosen = choices.one_of(
        "of-agency", _("Agency"), list(known), lambda one: known[one].name.in_(language()),
        width=300,
    )  # fmt: skip
    return known[chosen]


def _purpose_name(purpose_id: str) -> str:
    purpose = purposes.find(purpose_id or None)
    return purpose.name.in_(language()) if purpose else purpose_id or _("In own words")


def _trend(visit: Visit, choice: WaitingChoice, agency: AgencyWaits) -> None:
    with st.expander(_("By quarter"), on_change="rerun") as opened:
        if not opened.open:
            return
        of_agency = WaitingChoice(**{**vars(choice), "agency_id": agency.agency_id})
        quarters = visit.read(waiting.trend, of_agency).quarters
        said = _("How long {agency} takes, by the quarter in which matters were sent").format(
            agency=agency.name.in_(language())
        )
        if any(one.median and one.median.time is not None for one in quarters):
            chart(
                visit, waiting_charts.trend, waiting.trend, of_agency,
                key="trend", alt=said, picks=False,
            )  # fmt: skip
        halves = (waiting.quantile_text(one.median) if one.n else None for one in quarters)
        columns = (
            Column(_("Quarter"), tuple(quarter_text(one.begins) for one in quarters), "words"),
            Column(_("Matters"), tuple(one.n for one in quarters)),
            Column(_("Answered"), tuple(one.answered for one in quarters)),
            Column(_("Half within days"), tuple(halves), "words"),
        )
        table.show(Table(columns, said), key="table-trend")


def _matters_behind(
    visit: Visit, choice: WaitingChoice, agency: AgencyWaits, named: Mapping[str, str]
) -> None:
    if not visit.may(Action.SEE_WAITING_RECORDS):
        return
    st.header(_("The matters behind a number"), anchor=False)
    purposes_of = {"all": _("All purposes"), **named}
    parts = {choices.ALL: _("All"), **{one: _(_PART_WORDS[one]) for one in waiting.PARTS}}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        purpose = choices.one_of(
            "of-purpose", _("Purpose"), list(purposes_of), purposes_of.__getitem__, width=300
        )
        part = choices.one_of("part", _("Which"), list(parts), parts.__getitem__)
    number = choices.page_number()
    found = visit.read(
        waiting.records, choice, agency.agency_id, None if purpose == "all" else purpose,
        part or None, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE,
    )  # fmt: skip
    rows = [
        Row(
            one["touchpoint_id"],
            one["title"] or _purpose_name(one["purpose_id"]),
            f"touchpoint?touchpoint={one['touchpoint_id']}",
            (
                one["idea_title"],
                _(STATE_NAMES[State(one["state"])]),
                _("{days} with the agency").format(days=days_text(one["days"])),
            ),
        )
        for one in found.rows.to_dict("records")
    ]
    told = _("{part} – {stage}: {n}").format(
        part=parts[part], stage=purposes_of[purpose], n=number_text(found.total)
    )
    st.caption(plain(told))
    if rows:
        opened = listing.draw(_("The matters behind a number"), rows, "records")
        if opened is not None:
            st.switch_page("pages/touchpoint.py", query_params={"touchpoint": str(opened)})
        choices.pager(found.shown, PAGE_SIZE, number)
    if found.hidden:
        st.caption(
            ngettext_(
                "{n} of them is another agency's, so it is counted but not shown.",
                "{n} of them are another agency's, so they are counted but not shown.",
                found.hidden,
            ).format(n=number_text(found.hidden))
        )
