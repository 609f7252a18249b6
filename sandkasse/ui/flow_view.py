"""The flow figures on the screen: a sentence, a chart, a table, and the ideas behind."""

import streamlit as st

from sandkasse import figures
from sandkasse.access import Action
from sandkasse.database import Database
from sandkasse.figures import Choice
from sandkasse.figures.flow import ageing as age_figures
from sandkasse.figures.flow import paths as path_figures
from sandkasse.figures.flow import stock as stock_figures
from sandkasse.figures.flow import times as time_figures
from sandkasse.figures.flow import trend as trend_figures
from sandkasse.figures.flow.ageing import Ageing, StageAges
from sandkasse.figures.flow.sentences import EXIT_WORDS, place_text
from sandkasse.figures.flow.times import StageTimes, Times
from sandkasse.figures.waiting import quantile_text
from sandkasse.i18n import N_, _, date_text, language, number_text, percent_text, quarter_text
from sandkasse.people import LEVEL_NAMES, Actor
from sandkasse.reasons import REASONS, Occasion
from sandkasse.themes import THEMES
from sandkasse.ui import behind_view, choices, flow_charts, states, terms_view
from sandkasse.ui.drawing import basis, chart
from sandkasse.ui.flow_charts import BAND_WORDS, CONDITION_WORDS
from sandkasse.ui.page import Visit
from sandkasse.ui.store import remembered

_NO_REASON = N_("No reason")
_GROUPS = {choices.ALL: N_("Do not compare"), "level": N_("By level"), "theme": N_("By theme")}


def times(visit: Visit, choice: Choice) -> None:
    """How long ideas take to go on from a stage, and to leave."""
    figure = visit.read(time_figures.times, choice)
    basis(figure.n, figure.as_of, figure.known_at)
    if not figure.n:
        st.markdown(_("No ideas came in on the days chosen."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage_id = _stage(visit, choice, "of-stage")
        groups = {one: _(words) for one, words in _GROUPS.items()}
        by = choices.one_of("by", _("Compare"), list(groups), groups.__getitem__)
    stage = figure.stage(stage_id)
    st.markdown(figures.sentence(stage))
    if stage.curves and stage.n >= figures.ENOUGH:
        chart(
            visit, flow_charts.times, _times_of_stage, choice, stage_id,
            key="times", alt=figures.sentence(stage), picks=False,
        )  # fmt: skip
    _times_table(figure)
    if by:
        _compared(visit, choice, stage_id, by)


def _times_of_stage(db: Database, actor: Actor, choice: Choice, stage_id: str) -> StageTimes:
    return remembered(time_figures.times, db, actor, choice).stage(stage_id)


def _times_table(figure: Times) -> None:
    stages = figure.stages
    st.dataframe(
        {
            _("Stage"): [one.name.in_(language()) for one in stages],
            "n": [one.n for one in stages],
            _("Went on"): [one.advanced for one in stages],
            _("Left"): [sum(one.left.values()) for one in stages],
            _("Still there"): [one.open for one in stages],
            _("Half have gone on after days"): [quantile_text(one.half) for one in stages],
            _("85 % after days"): [quantile_text(one.most) for one in stages],
        },
        hide_index=True,
        alt=_("How long each stage takes, as a table"),
    )
    st.caption(
        _(
            "Aalen–Johansen curves: going on and each way out compete, and ideas still open count "
            "for as long as they have been there. Time runs from first coming to a stage to first "
            "coming further; 95 % intervals. An idea that skipped a stage has no time there."
        )
    )


def _compared(visit: Visit, choice: Choice, stage_id: str, by: str) -> None:
    words = LEVEL_NAMES if by == "level" else THEMES
    found = visit.read(time_figures.times_by, choice, by)
    stages = {group: one.stage(stage_id) for group, one in found.items()}
    st.dataframe(
        {
            _("Level") if by == "level" else _("Theme"): [
                _(words.get(group, group)) for group in stages
            ],
            "n": [one.n for one in stages.values()],
            _("Went on"): [one.advanced for one in stages.values()],
            _("Left"): [sum(one.left.values()) for one in stages.values()],
            _("Still there"): [one.open for one in stages.values()],
            _("Half have gone on after days"): [
                quantile_text(one.half if one.n >= figures.ENOUGH else None)
                for one in stages.values()
            ],
        },
        hide_index=True,
        alt=_("The stage's times side by side, as a table"),
    )


def ages(visit: Visit, choice: Choice) -> None:
    """How old the open ideas are in their stages."""
    terms = terms_view.choose()
    figure = visit.read(age_figures.ageing, choice, terms)
    basis(figure.n, figure.as_of, figure.known_at)
    st.markdown(figures.sentence(figure))
    if not figure.n:
        return
    chart(
        visit, flow_charts.ageing, age_figures.ageing, choice, terms,
        key="ages", alt=figures.sentence(figure), picks=False,
    )  # fmt: skip
    _ages_table(figure)
    if not visit.may(Action.SEE_FUNNEL_RECORDS):
        return
    st.header(_("The ideas behind a number"), anchor=False)
    parts = {"all": _("All open ideas"), **{one: _(BAND_WORDS[one]) for one in BAND_WORDS}}
    parts |= {one: _(CONDITION_WORDS[one]) for one in CONDITION_WORDS}
    parts["again"] = _("In the stage again")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage_id = _stage(visit, choice, "of-stage", every=True)
        part = choices.one_of("part", _("Which"), list(parts), parts.__getitem__, width=236)
    told = parts[part] + ": {n}"
    behind_view.draw(visit, told, age_figures.records, choice, stage_id or None, part, terms)


def _ages_table(figure: Ageing) -> None:
    stages = figure.stages
    st.dataframe(
        {
            _("Stage"): [one.bands.name.in_(language()) for one in stages],
            _("Open"): [one.n for one in stages],
            _("50, 85 and 95 % within"): [_bands(one) for one in stages],
            **{words: [one.by_band[band] for one in stages] for band, words in _SHORT.items()},
            _("Again"): [one.again for one in stages],
        },
        hide_index=True,
        alt=_("The ages as a table"),
    )
    expected = [one.bands.name.in_(language()) for one in stages if one.bands.source == "expected"]
    told = _(
        "Age is the sum of an idea's stays in its stage. The bands are the days within which 50, "
        "85 and 95 % of all who were in the stage had left it, those still there censored. Stale: "
        "nothing has happened for 60 days, and no agency has the ball."
    )
    if expected:
        told += " " + _(
            "Too few have left {stages}: the journey's expected days stand in for the 85 %."
        ).format(stages=", ".join(expected))
    st.caption(told)
    if figure.calendar is not None:
        terms_view.explain(figure.calendar)


_SHORT = {"within_50": "≤ 50 %", "within_85": "≤ 85 %", "within_95": "≤ 95 %", "past": "> 95 %"}


def _bands(one: StageAges) -> str:
    return " · ".join(
        "–" if days is None else number_text(days, 1 if days < 10 else 0) for days in one.bands.days
    )


def flow(visit: Visit, choice: Choice) -> None:
    """What came and went: stock, throughput, rework, and where ideas leave and why."""
    units = {"month": _("By month"), "week": _("By week")}
    unit = choices.one_of("by", _("Periods"), list(units), units.__getitem__)
    figure = visit.read(stock_figures.stock, choice, unit)
    basis(figure.n, figure.as_of, figure.known_at)
    st.markdown(figures.sentence(figure))
    if not figure.n:
        return
    chart(
        visit, flow_charts.stock, stock_figures.stock, choice, unit,
        key="stock", alt=figures.sentence(figure), picks=False,
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
    _leaving(visit, choice)


def _leaving(visit: Visit, choice: Choice) -> None:
    st.header(_("Where ideas leave, and why"), anchor=False)
    found = visit.read(stock_figures.leaving, choice)
    if not found:
        st.markdown(_("No idea left on the days chosen."))
        return
    reasons = REASONS[Occasion.EXIT]
    names = {
        stage.id: stage.name.in_(language())
        for stage in states.journeys_by_id(visit)[choice.journey_id].stages
    }
    st.dataframe(
        {
            _("Stage"): [names[one.stage_id] for one in found],
            _("How"): [_(EXIT_WORDS[one.exit_kind]) for one in found],
            _("Why"): [_(reasons.get(one.reason, _NO_REASON)) for one in found],
            _("Exits"): [one.n for one in found],
        },
        hide_index=True,
        height=300,
        alt=_("Where ideas leave and why, as a table"),
    )


def trend(visit: Visit, choice: Choice) -> None:
    """Cohort after cohort, with those on their way kept apart."""
    stage_id = _stage(visit, choice, "target", skip=1)
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
    if not visit.may(Action.SEE_FUNNEL_RECORDS):
        return
    st.header(_("The ideas behind a number"), anchor=False)
    if picked and st.session_state.get("paths-picked") != picked:
        st.query_params["path"] = " ".join(picked)
        st.session_state["paths-picked"] = picked
    path = choices.one_of("path", _("Path"), list(named), named.__getitem__, width=320)
    behind_view.draw(visit, named[path] + ": {n}", path_figures.records, choice, *path.split(" "))


def _stage(visit: Visit, choice: Choice, name: str, *, skip: int = 0, every: bool = False) -> str:
    """Which stage of the journey."""
    stages = states.journeys_by_id(visit)[choice.journey_id].stages[skip:]
    words = {choices.ALL: _("All stages")} if every else {}
    words |= {stage.id: stage.name.in_(language()) for stage in stages}
    return choices.one_of(name, _("Stage"), list(words), words.__getitem__, width=200)
