"""What flows, on the screen: stock and throughput, cohort after cohort, and the paths taken."""

from datetime import date

import streamlit as st

from sandkasse import figures
from sandkasse.charts import flow as flow_charts
from sandkasse.figures import Choice
from sandkasse.figures.flow import paths as path_figures
from sandkasse.figures.flow import stock as stock_figures
from sandkasse.figures.flow import trend as trend_figures
from sandkasse.figures.flow.numbers import Exited, InPeriod, OfQuarter, OnPath
from sandkasse.figures.flow.sentences import EXIT_WORDS, place_text
from sandkasse.figures.movement import Unit
from sandkasse.i18n import (
    N_,
    _,
    date_text,
    language,
    number_text,
    percent_text,
    quarter_text,
)
from sandkasse.reasons import REASONS, Occasion
from sandkasse.ui import behind_view, choices, states
from sandkasse.ui.drawing import basis, chart
from sandkasse.ui.page import Visit

_NO_REASON = N_("No reason")


def flow(visit: Visit, choice: Choice) -> None:
    """What came and went: stock, throughput, rework, and where ideas leave and why."""
    units = {"month": _("By month"), "week": _("By week")}
    by = choices.one_of("by", _("Periods"), list(units), units.__getitem__)
    unit: Unit = "week" if by == "week" else "month"
    figure = visit.read(stock_figures.stock, choice, unit)
    basis(figure.n, figure.as_of, figure.known_at)
    st.markdown(figures.sentence(figure))
    if not figure.n:
        return
    chart(
        visit, flow_charts.stock, stock_figures.stock, choice, unit,
        key="stock", alt=figures.sentence(figure), picks=False,
    )  # fmt: skip
    chart(
        visit, flow_charts.arrivals, stock_figures.stock, choice, unit,
        key="arrivals", picks=False,
        alt=_("How many came in, completed and left in each period; the table has the numbers."),
    )  # fmt: skip
    latest = figure.periods.iloc[::-1]
    st.dataframe(
        {
            _("Period that begins"): [date_text(day.date()) for day in latest["period"]],
            _("In the journey at its end"): latest[
                [stage.id for stage in figure.journey.stages]
            ].sum(axis=1),
            _("Came in"): latest["entered"],
            _("Went on"): latest["forward"],
            _("Went back"): latest["back"],
            _("Completed"): latest["completed_now"],
            _("Left otherwise"): latest["left_now"],
            _("Reopened"): latest["reopened"],
        },
        hide_index=True,
        height=300,
        alt=_("What came and went, as a table"),
    )
    st.caption(
        _(
            "Each area is what was in a stage, or had left, at the end of a period: the height of "
            "all is what had come in by then. A step forward, back or out counts each time."
        )
    )
    exits = _leaving(visit, choice)
    _behind_flow(visit, choice, [day.date() for day in latest["period"]], unit, exits)


def _behind_flow(
    visit: Visit, choice: Choice, periods: list[date], unit: Unit, exits: dict[str, str]
) -> None:
    """The ideas behind a number of a period, or behind a way out."""
    if not behind_view.heading(visit):
        return
    tables = {"period": _("A period"), **({"exit": _("A way out")} if exits else {})}
    days = {choices.ALL: _("All the days chosen")}
    days |= {day.isoformat(): date_text(day) for day in periods}
    moves = {one: _(words) for one, words in _MOVES.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        table = choices.one_of("of", _("Number of"), list(tables), tables.__getitem__)
        if table == "exit":
            picked = choices.one_of("exit", _("Exits"), list(exits), exits.__getitem__, width=420)
        else:
            picked = choices.one_of("move", _("Which"), list(moves), moves.__getitem__, width=200)
            begins = choices.one_of("period", _("Period that begins"), list(days),
                                    days.__getitem__)  # fmt: skip
    if table == "exit":
        stage_id, exit_kind, reason = picked.split(" ")
        behind_view.number(
            visit, exits[picked] + ": {n}", choice, Exited(stage_id, exit_kind, reason)
        )
        return
    told = _("{part} – {stage}: {n}").format(part=moves[picked], stage=days[begins], n="{n}")
    first = date.fromisoformat(begins) if begins else None
    behind_view.number(visit, told, choice, InPeriod(picked, first, unit))


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
    found = visit.read(stock_figures.leaving, choice)
    if not found:
        st.markdown(_("No idea left on the days chosen."))
        return {}
    reasons = REASONS[Occasion.EXIT]
    names = {
        stage.id: stage.name.in_(language())
        for stage in states.journeys_by_id(visit)[choice.journey_id].stages
    }
    ways = [
        (names[one.stage_id], _(EXIT_WORDS[one.exit_kind]), _(reasons.get(one.reason, _NO_REASON)))
        for one in found
    ]
    st.dataframe(
        {
            _("Stage"): [stage for stage, _how, _why in ways],
            _("How"): [how for _stage, how, _why in ways],
            _("Why"): [why for _stage, _how, why in ways],
            _("Exits"): [one.n for one in found],
        },
        hide_index=True,
        height=300,
        alt=_("Where ideas leave and why, as a table"),
    )
    return {
        f"{one.stage_id} {one.exit_kind} {one.reason}": " · ".join(way)
        for one, way in zip(found, ways, strict=True)
    }


def trend(visit: Visit, choice: Choice) -> None:
    """Cohort after cohort, with those on their way kept apart."""
    stage_id = choices.stage_of(states.journeys_by_id(visit)[choice.journey_id], "target", skip=1)
    figure = visit.read(trend_figures.trend, choice, stage_id)
    basis(figure.n, figure.as_of, figure.known_at)
    st.markdown(figures.sentence(figure))
    if not figure.n:
        return
    chart(
        visit, flow_charts.trend, trend_figures.trend, choice, stage_id,
        key="trend", alt=figures.sentence(figure), picks=False,
    )  # fmt: skip
    quarters = [one for one in figure.quarters if one.n]
    st.dataframe(
        {
            _("Quarter"): [quarter_text(one.first_day) for one in quarters],
            "n": [one.n for one in quarters],
            _("Reached it"): [_share(one) for one in quarters],
            _("Still on the way"): [one.open for one in quarters],
            _("Left before"): [one.left for one in quarters],
        },
        hide_index=True,
        alt=_("The cohorts as a table"),
    )
    st.caption(
        _(
            "Hatched: those still on their way, who may reach it yet. A cohort is settled when "
            "none is left. Shares with 95 % Wilson intervals."
        )
    )
    _behind_trend(visit, choice, figure)


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


def _share(one: trend_figures.Quarter) -> str:
    n_of_all = f"{number_text(one.reached)}/{number_text(one.n)}"
    if one.n < figures.ENOUGH or one.interval is None:
        return n_of_all
    low, high = one.interval
    return (
        f"{n_of_all} · {percent_text(one.reached / one.n)} "
        f"({number_text(low * 100)}–{percent_text(high)})"
    )


def paths(visit: Visit, choice: Choice) -> None:
    """The ways that ideas took between stages, each with its ideas."""
    figure = visit.read(path_figures.paths, choice)
    basis(figure.n, figure.as_of, figure.known_at)
    st.markdown(figures.sentence(figure))
    if not figure.n:
        return
    picked = chart(
        visit, flow_charts.paths, path_figures.paths, choice,
        key="paths", alt=figures.sentence(figure),
    )  # fmt: skip
    named = {
        f"{one.origin} {one.target}": _("{origin} → {target}").format(
            origin=place_text(figure.journey, one.origin),
            target=place_text(figure.journey, one.target),
        )
        for one in figure.paths
    }
    st.dataframe(
        {
            _("Path"): list(named.values()),
            _("Moves"): [one.n for one in figure.paths],
            _("Ideas"): [one.ideas for one in figure.paths],
        },
        hide_index=True,
        height=300,
        alt=_("The paths as a table"),
    )
    st.caption(
        _(
            "The wider, the more steps. Arcs above the line go forward, those below it go back. "
            "Strokes down from a stage are exits, one for each way out."
        )
    )
    if not behind_view.heading(visit):
        return
    if picked and st.session_state.get("paths-picked") != picked:
        st.query_params["path"] = " ".join(picked)
        st.session_state["paths-picked"] = picked
    path = choices.one_of("path", _("Path"), list(named), named.__getitem__, width=320)
    behind_view.number(visit, named[path] + ": {n}", choice, OnPath(*path.split(" ")))
