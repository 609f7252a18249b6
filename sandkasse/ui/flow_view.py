"""What flows, on the screen: stock and throughput, cohort after cohort, and the paths taken."""

from dataclasses import replace
from datetime import date

import streamlit as st

from sandkasse import journeys
from sandkasse.charts import flow as flow_charts
from sandkasse.database import Database
from sandkasse.documents import tables
from sandkasse.documents.exhibit import Column, Table
from sandkasse.figures import Choice
from sandkasse.figures.flow import paths as path_figures
from sandkasse.figures.flow import stock as stock_figures
from sandkasse.figures.flow import trend as trend_figures
from sandkasse.figures.flow.numbers import Exited, InPeriod, OfQuarter, OnPath
from sandkasse.figures.flow.sentences import EXIT_WORDS
from sandkasse.figures.movement import Unit
from sandkasse.i18n import N_, _, date_text, language, quarter_text
from sandkasse.people import Actor
from sandkasse.reasons import REASONS, Occasion
from sandkasse.ui import behind_view, choices, drawing, states
from sandkasse.ui.drawing import basis, chart
from sandkasse.ui.page import Visit
from sandkasse.ui.store import remembered

_NO_REASON = N_("No reason")


def flow(visit: Visit, choice: Choice) -> None:
    """What came and went: stock, throughput, rework, and where ideas leave and why."""
    units = {"month": _("By month"), "week": _("By week")}
    by = choices.one_of("by", _("Periods"), list(units), units.__getitem__)
    unit: Unit = "week" if by == "week" else "month"
    figure = visit.read(stock_figures.stock, choice, unit)
    basis("flow", figure.n, figure)
    told = drawing.said(visit, stock_figures.stock, choice, unit)
    if figure.periods.empty:
        return
    chart(
        visit, flow_charts.stock, stock_figures.stock, choice, unit,
        key="stock", alt=told, picks=False,
    )  # fmt: skip
    chart(
        visit, flow_charts.arrivals, stock_figures.stock, choice, unit,
        key="arrivals", picks=False,
        alt=_("How many came in, completed and left in each period; the table has the numbers."),
    )  # fmt: skip
    drawing.table(visit, tables.flow, stock_figures.stock, choice, unit, key="stock", tall=True)
    exits = _leaving(visit, choice)
    latest = [day.date() for day in reversed(list(figure.periods["period"]))]
    _behind_flow(visit, choice, latest, unit, exits)


def _behind_flow(
    visit: Visit, choice: Choice, periods: list[date], unit: Unit, exits: dict[str, str]
) -> None:
    """The ideas behind a number of a period, or behind a way out."""
    if not behind_view.heading(visit):
        return
    of = {one: _(words) for one, words in _MOVES.items()}
    if exits:
        of[_EXIT] = _("A way out")
    days = {choices.ALL: _("All the days chosen")}
    days |= {day.isoformat(): date_text(day) for day in periods}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = choices.one_of("of", _("Number of"), list(of), of.__getitem__, width=200)
        if picked == _EXIT:
            way = choices.one_of("exit", _("Exits"), list(exits), exits.__getitem__, width=420)
        else:
            begins = choices.one_of("period", _("Period that begins"), list(days),
                                    days.__getitem__)  # fmt: skip
    if picked == _EXIT:
        behind_view.number(visit, exits[way] + ": {n}", choice, Exited(*way.split(" ")))
        return
    told = _("{part} – {stage}: {n}").format(part=of[picked], stage=days[begins], n="{n}")
    first = date.fromisoformat(begins) if begins else None
    behind_view.number(visit, told, choice, InPeriod(picked, first, unit))


_EXIT = "exit"
_MOVES = {
    "stock": N_("In the journey at its end"),
    "entered": N_("Came in"),
    "forward": N_("Went on"),
    "back": N_("Went back"),
    "completed": N_("Completed"),
    "left": N_("Left otherwise"),
    "reopened": N_("Reopened"),
}


def _leaving(visit: Visit, choice: Choice) -> dict[str, str]:
    """Where ideas leave, how and why; what each way out is called."""
    st.header(_("Where ideas leave, and why"), anchor=False)
    found = visit.read(_ways_out, choice)
    if not found:
        st.markdown(_("No idea left on the days chosen."))
        return {}
    drawing.table(visit, _leaving_table, _ways_out, choice, key="leaving", tall=True)
    return {way: " · ".join(words) for way, (words, _n) in found.items()}


def _ways_out(
    db: Database, actor: Actor, choice: Choice
) -> dict[str, tuple[tuple[str, str, str], int]]:
    """Each way out, by its stage, kind and reason: what these are called, and how many took it."""
    names = {one.id: one.name.in_(language()) for one in journeys.get(db, choice.journey_id).stages}
    reasons = REASONS[Occasion.EXIT]
    return {
        f"{one.stage_id} {one.exit_kind} {one.reason}": (
            (
                names[one.stage_id],
                _(EXIT_WORDS[one.exit_kind]),
                _(reasons.get(one.reason, _NO_REASON)),
            ),
            one.n,
        )
        for one in remembered(stock_figures.leaving, db, actor, choice)
    }


def _leaving_table(found: dict[str, tuple[tuple[str, str, str], int]]) -> Table:
    headings = (_("Stage"), _("How"), _("Why"))
    ways = zip(*(words for words, _n in found.values()), strict=True)
    return Table(
        (
            *(Column(head, cells, "words") for head, cells in zip(headings, ways, strict=True)),
            Column(_("Exits"), tuple(n for _words, n in found.values())),
        ),
        _("Where ideas leave and why, as a table"),
    )


def trend(visit: Visit, choice: Choice) -> Choice:
    """Cohort after cohort, with those on their way kept apart; the choice with its stage."""
    journey = states.journeys_by_id(visit)[choice.journey_id]
    stage_id = choices.stage_of(journey, "target", skip=1, default=choice.stage_id)
    drawn = replace(choice, stage_id=stage_id)
    figure = visit.read(trend_figures.trend, choice, stage_id)
    basis("trend", figure.n, figure)
    told = drawing.said(visit, trend_figures.trend, choice, stage_id)
    if not figure.n:
        return drawn
    chart(
        visit, flow_charts.trend, trend_figures.trend, choice, stage_id,
        key="trend", alt=told, picks=False,
    )  # fmt: skip
    drawing.table(visit, tables.trend, trend_figures.trend, choice, stage_id, key="trend")
    _behind_trend(visit, choice, figure)
    return drawn


def _behind_trend(visit: Visit, choice: Choice, figure: trend_figures.CohortTrend) -> None:
    if not behind_view.heading(visit):
        return
    names = {
        one.first_day.isoformat(): quarter_text(one.first_day)
        for one in reversed(figure.quarters)
        if one.n
    }
    parts = {"all": _("The whole cohort"), "reached": _("Reached it"),
             "open": _("Still on the way"), "left": _("Left before")}  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        quarter = choices.one_of("quarter", _("Quarter"), list(names), names.__getitem__)
        part = choices.one_of("part", _("Which"), list(parts), parts.__getitem__, width=200)
    told = _("{part} – {stage}: {n}").format(part=parts[part], stage=names[quarter], n="{n}")
    first = date.fromisoformat(quarter)
    behind_view.number(visit, told, choice, OfQuarter(first, figure.stage.id, part))


def paths(visit: Visit, choice: Choice) -> None:
    """The ways that ideas took between stages, each with its ideas."""
    figure = visit.read(path_figures.paths, choice)
    basis("paths", figure.n, figure)
    told = drawing.said(visit, path_figures.paths, choice)
    if not figure.n:
        return
    picked = chart(
        visit, flow_charts.paths, path_figures.paths, choice,
        key="paths", alt=told,
    )  # fmt: skip
    drawing.table(visit, tables.paths, path_figures.paths, choice, key="paths", tall=True)
    if not behind_view.heading(visit):
        return
    if picked and st.session_state.get("paths-picked") != picked:
        st.query_params["path"] = " ".join(picked)
        st.session_state["paths-picked"] = picked
    named = {
        f"{one.origin} {one.target}": tables.path_name(figure.journey, one) for one in figure.paths
    }
    path = choices.one_of("path", _("Path"), list(named), named.__getitem__, width=320)
    behind_view.number(visit, named[path] + ": {n}", choice, OnPath(*path.split(" ")))
