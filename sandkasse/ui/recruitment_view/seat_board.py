"""Seats on the screen: a sentence, the timeline, the table, and the figures around them."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from sandkasse import clock, figures
from sandkasse.access import Action
from sandkasse.application import KIND_NAMES
from sandkasse.charts.flow.axes import month_label
from sandkasse.charts.funnel import legend
from sandkasse.charts.seats import told_apart
from sandkasse.documents.exhibit import Column, Table, in_words
from sandkasse.figures import end_of
from sandkasse.figures import seats as seat_figures
from sandkasse.figures.frozen import SEATS
from sandkasse.figures.seats import (
    CONTRACT,
    DAYS_AHEAD,
    GRADUATION,
    HIRES,
    SEAT_STATE_NAMES,
    Board,
    Passing,
    SeatRow,
    SeatsChoice,
    SeatState,
)
from sandkasse.i18n import N_, _, date_text, language, percent_text
from sandkasse.recruitment.applications import SOURCES
from sandkasse.ui import choices, drawing, number_receipt_view, states, table
from sandkasse.ui.page import Visit
from sandkasse.ui.recruitment_view.who import position_choice
from sandkasse.ui.text import plain

PAGE_SIZE = 30
_PARTS = {"held": N_("Filled"), "empty": N_("Empty"), "ahead": N_("Agreed ahead")}
_COLOURS = {"held": "#2a78b5", "empty": "#e0a83e", "ahead": "#9cc3e0"}
_ROW_HEIGHT = 22
#: Pixels that the legend and the axis take beside the rows.
_AROUND = 90


def before_day(days: int) -> date:
    """The day so many days after today."""
    return clock.today() + timedelta(days=days)


def seats(visit: Visit) -> None:
    """Whether seats are filled, will stay filled, and what it takes to fill them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        position_id = position_choice(visit)
        as_of = choices.day("as-of", _("As of"), None, hint=drawing.as_of_hint())
        known_at = choices.day("known-at", _("As known on"), None, hint=drawing.known_at_hint())
        hires = choices.number("hires", _("Hires wanted"), HIRES) or HIRES
    choice = SeatsChoice(position_id=position_id, as_of=end_of(as_of), known_at=end_of(known_at))
    if seats_of(visit, choice, hires):
        number_receipt_view.receipts(visit, SEATS, choice)


def seats_of(visit: Visit, choice: SeatsChoice, hires: int = HIRES) -> bool:
    """The figures about the chosen seats; False, and what to do, where there are none."""
    covered = visit.read(seat_figures.coverage, choice)
    st.markdown(plain(figures.sentence(covered)))
    if not covered.whole.seats:
        states.nothing(_("No seat is planned in an open position. Plan seats, and open it."))
        return False
    number = choices.page_number()
    board = visit.read(seat_figures.board, choice, number, PAGE_SIZE)
    named = (held.application_id for row in board.rows for held in row.held if held.name)
    visit.looked_up(Action.SEE_SEATS, "applications", named)
    drawing.basis("seats", board.total, board)
    spec = timeline(board, drawing.ink(), language())
    st.vega_lite_chart(
        spec, key="chart-seats", height=spec["height"] + _AROUND,
        alt=_("When each seat was held and when it stood empty; the table below says the same."),
    )  # fmt: skip
    _table(board)
    choices.pager(board.total, PAGE_SIZE, number)
    _ahead(visit, choice, board.day + timedelta(days=DAYS_AHEAD))
    _flow(visit, choice, hires)
    return True


#: Pixels for the names of seats: on a narrow screen the time needs the room.
_MOST_OF_A_NAME = "containerSize()[0] < 500 ? 130 : 300"


def timeline(board: Board, ink: str, tongue: str) -> dict[str, Any]:
    """The chart: a row a seat, with who held it, the gaps, and what is agreed ahead."""
    short = len({row.position_id for row in board.rows}) == 1
    names = told_apart(_seat_name(row, short=short) for row in board.rows)
    frame = pd.DataFrame(
        [
            stretch
            for row, name in zip(board.rows, names, strict=True)
            for stretch in _stretches(row, board.day, name)
        ],
        columns=["seat", "part", "first", "last", "told"],
    )
    spec = dict(_layout(ink, tongue))
    spec["height"] = max(len(board.rows), 1) * _ROW_HEIGHT
    spec["data"] = {"values": frame.to_dict("records")}
    # A seat that nobody was to hold yet has a row too: the table and n count it.
    seat = {**spec["encoding"]["y"], "scale": {"domain": names}}
    spec["encoding"] = {**spec["encoding"], "y": seat}
    return spec


def _stretches(row: SeatRow, day: date, name: str) -> list[tuple[str, str, str, str, str]]:
    found = []
    for held in row.held:
        last = min(held.last or day, day)
        found.append((name, "held", held.first, last, held.name))
        if held.last is None and held.until > day:
            found.append((name, "ahead", day + timedelta(days=1), held.until, held.name))
    found += [(name, "empty", gap.first, gap.last, "") for gap in row.gaps]
    return [
        (seat, _(_PARTS[part]), first.isoformat(), (last + timedelta(days=1)).isoformat(), told)
        for seat, part, first, last, told in found
    ]


def _seat_name(row: SeatRow, *, short: bool = False) -> str:
    if short:
        return _("Seat {n}").format(n=row.seat_no)
    # The number first, for on a narrow screen the end is cut off.
    return f"{row.seat_no} · {row.title.in_(language())}"


@lru_cache
def _layout(ink: str, tongue: str) -> dict[str, Any]:
    """The chart without its data; ``tongue`` is the language that it is cached for."""
    del tongue
    parts = [_(name) for name in _PARTS.values()]
    axis = alt.Axis(labelColor=ink, title=None, grid=True, labelOverlap=False)
    months = alt.Axis(labelColor=ink, title=None, labelExpr=month_label(), tickCount=6)
    chart = (
        alt.Chart(pd.DataFrame({"seat": [], "part": [], "first": [], "last": [], "told": []}))
        .mark_bar(height=14)
        .encode(
            x=alt.X("first:T", scale=alt.Scale(type="utc"), axis=months),
            x2="last:T",
            y=alt.Y("seat:N", sort=None, axis=axis.copy()),
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=parts, range=list(_COLOURS.values())),
                legend=legend(title=None, labelColor=ink),
            ),
            tooltip=[
                alt.Tooltip("seat:N", title=_("Seat")),
                alt.Tooltip("part:N", title=_("How it stood")),
                alt.Tooltip("told:N", title=_("Who")),
            ],
        )
        .configure(background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelLimit=alt.ExprRef(_MOST_OF_A_NAME))
    )
    spec: dict[str, Any] = chart.to_dict()
    for key in ("datasets", "data"):
        spec.pop(key, None)
    spec["width"] = "container"
    return spec


def _table(board: Board) -> None:
    held = [row.held[-1] if row.held else None for row in board.rows]
    still = [one if one and (one.last is None or one.last >= board.day) else None for one in held]
    empty = (sum((gap.last - gap.first).days + 1 for gap in row.gaps) for row in board.rows)
    columns = (
        Column(_("Seat"), tuple(map(_seat_name, board.rows)), "words"),
        Column(_("How it stands"), tuple(_stands(row, board.day) for row in board.rows), "words"),
        Column(_("Who"), tuple(one.name if one else "" for one in still), "words"),
        Column(_("Hours a week"), tuple(row.hours for row in board.rows), "amount"),
        Column(
            _("Contract ends"), tuple(_day(one.until if one else None) for one in still), "words"
        ),
        Column(
            _("Studies end"), tuple(_day(one.graduation if one else None) for one in still), "words"
        ),
        Column(_("Days empty"), tuple(empty)),
    )
    told = Table(columns, _("Each seat with who holds it, and how long it has stood empty"))
    table.show(told, key="table-seats")


def _stands(row: SeatRow, day: date) -> str:
    """How a seat stands: one that is to be held again, though nobody does, has not ended."""
    if row.state is SeatState.ENDED and day <= row.ends_on:
        return _("Empty again")
    return _(SEAT_STATE_NAMES[row.state])


def _day(day: date | None) -> str:
    return date_text(day) if day else ""


def _ahead(visit: Visit, choice: SeatsChoice, before: date) -> None:
    st.header(_("Ahead"), anchor=False)
    found = visit.read(seat_figures.ahead, choice, before)
    st.markdown(plain(figures.sentence(found)))
    if found.seats:
        why = {CONTRACT: _("The contract ends"), GRADUATION: _("The studies end")}
        names = (
            _("{title}, seat {n}").format(title=one.title.in_(language()), n=one.seat_no)
            for one in found.seats
        )
        cells = {
            _("Seat"): names,
            _("Who"): (one.name for one in found.seats),
            _("Last day expected"): (date_text(one.last_day) for one in found.seats),
            _("Why"): (why[one.why] for one in found.seats),
        }
        told = Table(in_words(cells), _("Seats that will be empty, with the last day expected"))
        table.show(told, key="table-ahead")


def _flow(visit: Visit, choice: SeatsChoice, hires: int) -> None:
    st.header(_("Filling the seats"), anchor=False)
    st.markdown(plain(figures.sentence(visit.read(seat_figures.empty_times, choice))))
    passing = visit.read(seat_figures.passing, choice)
    st.markdown(plain(figures.sentence(passing)))
    st.markdown(plain(figures.sentence(visit.read(seat_figures.needed, choice, hires))))
    if passing.n:
        _steps(passing)
        offers = _("Offers accepted, of those answered: {part}").format(
            part=seat_figures.part_text(passing.offers)
        )
        st.markdown(plain(offers))
        _sources(passing)
    st.header(_("Staying"), anchor=False)
    staying = visit.read(seat_figures.staying, choice)
    st.markdown(plain(figures.sentence(staying)))
    if staying.bounds and staying.stayed.open:
        low, high = (percent_text(bound) for bound in staying.bounds)
        said = _("Whatever became of them, between {low} and {high} of all stayed.")
        st.markdown(plain(said.format(low=low, high=high)))


def _steps(passing: Passing) -> None:
    steps = passing.steps[:-1]
    passed = (seat_figures.part_text(step.passed) for step in steps)
    columns = (
        Column(_("Step"), tuple(_(KIND_NAMES[step.kind]) for step in steps), "words"),
        Column(_("Reached"), tuple(step.reached for step in steps)),
        Column(_("Went on, of those settled"), tuple(passed), "words"),
        Column(_("Still open"), tuple(step.open for step in steps)),
    )
    told = Table(columns, _("How applications pass from step to step"))
    table.show(told, key="table-steps")


def _sources(passing: Passing) -> None:
    sources = passing.sources
    hired = (seat_figures.part_text(one.hired) for one in sources)
    columns = (
        Column(_("Heard of it"), tuple(_(SOURCES.get(one.source, "")) for one in sources), "words"),
        Column(_("Applications"), tuple(one.applications for one in sources)),
        Column(_("Hired, of those settled"), tuple(hired), "words"),
    )
    told = Table(columns, _("Where applicants come from, and how many were hired"))
    table.show(told, key="table-sources")
