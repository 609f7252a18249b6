"""The kinds of figure on the screen: a sentence, a chart, a table, and the ideas behind."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from sandkasse import figures
from sandkasse.charts import funnel as charts
from sandkasse.charts.funnel import ACTIVITY_PARTS, NOW_PARTS, PARTS
from sandkasse.documents import tables
from sandkasse.documents.exhibit import TITLES
from sandkasse.figures import Choice, Figure
from sandkasse.i18n import _, language
from sandkasse.ui import (
    behind_view,
    choices,
    doubt_view,
    drawing,
    flow_view,
    forecast_view,
    states,
    times_view,
    waiting_view,
)
from sandkasse.ui.drawing import basis, chart
from sandkasse.ui.page import Visit


def chosen(
    journey_id: str,
    level: str | None,
    theme: str | None,
    since: date | None,
    until: date | None,
    as_of: date | None,
    known_at: date | None,
) -> Choice:
    """The choices of the page as the figures take them; today's date means now."""
    return Choice(
        journey_id, level, theme, since, until, figures.end_of(as_of), figures.end_of(known_at)
    )


def kind_name(kind: str) -> str:
    """What a kind of figure is called."""
    return _(TITLES[kind])


def has_period(kind: str) -> bool:
    """Whether a kind of figure is about a period."""
    return kind not in ("snapshot", "ages", "forecast")


def cohort(visit: Visit, choice: Choice) -> None:
    """How far the ideas that came in within a period have come."""
    figure = visit.read(figures.cohort, choice)
    basis("cohort", figure.n, figure)
    told = drawing.said(visit, figures.cohort, choice)
    if not figure.n:
        return
    picked = chart(visit, charts.cohort, figures.cohort, choice, key="cohort", alt=told)
    drawing.table(visit, tables.cohort, figures.cohort, choice, key="cohort")
    with st.expander(_("How sure the shares are"), on_change="rerun") as opened:
        if opened.open:
            doubt_view.draw(visit, choice)
    parts = {"reached": _("Reached the stage"), **{one: _(PARTS[one]) for one in PARTS}}
    _records(visit, choice, "cohort", parts, picked)


def snapshot(visit: Visit, choice: Choice) -> None:
    """What is where at a time."""
    figure = visit.read(figures.snapshot, choice)
    basis("snapshot", figure.n, figure)
    told = drawing.said(visit, figures.snapshot, choice)
    if not figure.n:
        return
    picked = chart(
        visit,
        charts.snapshot,
        figures.snapshot,
        choice,
        key="snapshot",
        alt=told,
    )
    drawing.table(visit, tables.snapshot, figures.snapshot, choice, key="snapshot")
    _records(visit, choice, "snapshot", {one: _(NOW_PARTS[one]) for one in NOW_PARTS}, picked)


def activity(visit: Visit, choice: Choice) -> None:
    """What moved in a period."""
    figure = visit.read(figures.activity, choice)
    basis("activity", figure.n, figure)
    told = drawing.said(visit, figures.activity, choice)
    if not figure.n:
        return
    chart(
        visit, charts.activity, figures.activity_series, choice, "month",
        key="activity", alt=told, picks=False,
    )  # fmt: skip
    drawing.table(visit, tables.activity, figures.activity, choice, key="activity")
    _records(
        visit, choice, "activity", {one: _(ACTIVITY_PARTS[one]) for one in ACTIVITY_PARTS}, None
    )


#: What draws each kind; the choice that it drew where that says more.
KINDS: dict[str, Callable[[Visit, Choice], Choice | None]] = {
    "cohort": cohort,
    "snapshot": snapshot,
    "activity": activity,
    "waiting": waiting_view.division,
    "times": times_view.times,
    "ages": times_view.ages,
    "flow": flow_view.flow,
    "trend": flow_view.trend,
    "paths": flow_view.paths,
    "forecast": forecast_view.draw,
}


def _records(
    visit: Visit,
    choice: Choice,
    kind: Figure,
    parts: dict[str, str],
    picked: tuple[str, str] | None,
) -> None:
    """The ideas behind a number: the bar that was chosen, or a stage and a part from the lists."""
    if not behind_view.heading(visit):
        return
    stages = {
        stage.id: stage.name.in_(language())
        for stage in states.journeys_by_id(visit)[choice.journey_id].stages
    }
    if picked and st.session_state.get("funnel-picked") != picked:
        st.query_params["of-stage"], st.query_params["part"] = picked
        st.session_state["funnel-picked"] = picked
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage_id = choices.one_of("of-stage", _("Stage"), list(stages), stages.__getitem__)
        part = choices.one_of("part", _("Which"), list(parts), parts.__getitem__)
    told = _("{part} – {stage}: {n}").format(part=parts[part], stage=stages[stage_id], n="{n}")
    behind_view.draw(
        visit, told, figures.records, choice, stage_id, part, figure=kind,
        why=lambda idea_id: visit.read(figures.why.why, choice, kind, stage_id, part, idea_id),
    )  # fmt: skip
