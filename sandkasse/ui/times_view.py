"""Times and ages on the screen: how long each stage takes, and how old the open ideas are."""

from collections.abc import Iterable
from dataclasses import replace

import streamlit as st

from sandkasse import figures
from sandkasse.charts import flow as flow_charts
from sandkasse.charts.flow import BAND_WORDS, CONDITION_WORDS
from sandkasse.database import Database
from sandkasse.documents import tables
from sandkasse.documents.exhibit import Table
from sandkasse.figures import Choice
from sandkasse.figures.flow import ageing as age_figures
from sandkasse.figures.flow import times as time_figures
from sandkasse.figures.flow.numbers import AgeIn, TimeIn
from sandkasse.figures.flow.sentences import EXIT_WORDS
from sandkasse.figures.flow.times import ADVANCED, By, StageTimes
from sandkasse.i18n import N_, _, language
from sandkasse.people import LEVEL_NAMES, Actor
from sandkasse.themes import THEMES
from sandkasse.ui import behind_view, choices, drawing, states, terms_view
from sandkasse.ui.drawing import basis, chart
from sandkasse.ui.page import Visit
from sandkasse.ui.store import remembered

_GROUPS = {choices.ALL: N_("Do not compare"), "level": N_("By level"), "theme": N_("By theme")}


def times(visit: Visit, choice: Choice) -> None:
    """How long ideas take to go on from a stage, and to leave."""
    figure = visit.read(time_figures.times, choice)
    basis("times", figure.n, figure)
    if not figure.n:
        st.markdown(_("No ideas came in on the days chosen."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage_id = choices.stage_of(states.journeys_by_id(visit)[choice.journey_id], "of-stage")
        groups = {one: _(words) for one, words in _GROUPS.items()}
        by = choices.one_of("by", _("Compare"), list(groups), groups.__getitem__)
    stage = figure.stage(stage_id)
    told = drawing.said(visit, _times_of_stage, choice, stage_id)
    if stage.curves and stage.n >= figures.ENOUGH:
        chart(
            visit, flow_charts.times, _times_of_stage, choice, stage_id,
            key="times", alt=told, picks=False,
        )  # fmt: skip
    drawing.table(visit, tables.times, time_figures.times, choice, key="times")
    groups = _compared(visit, choice, stage_id, by) if by else {}
    _behind_times(visit, choice, stage, by, groups)


def _times_of_stage(db: Database, actor: Actor, choice: Choice, stage_id: str) -> StageTimes:
    return remembered(time_figures.times, db, actor, choice).stage(stage_id)


def _compared(visit: Visit, choice: Choice, stage_id: str, by: str) -> dict[str, str]:
    """The stage's times of each level or theme beside each other; what the groups are called."""
    stages = visit.read(_groups_of_stage, choice, by, stage_id)
    names = _group_names(stages, by)
    st.header(_("By level") if by == "level" else _("By theme"), anchor=False)
    if sum(one.n >= figures.ENOUGH for one in stages.values()) > 1:
        chart(
            visit, flow_charts.times_by, _groups_of_stage, choice, by, stage_id,
            key="times-by", picks=False,
            alt=_("The share that has gone on by days, a curve for each; the table has the times."),
        )  # fmt: skip
        st.caption(
            _("A row for each, from 0 to 100 %. Under {n} ideas none is drawn.").format(
                n=figures.ENOUGH
            )
        )
    drawing.table(visit, _groups_table, _named_groups, choice, by, stage_id, key="times-by")
    return names


def _group_names(groups: Iterable[str], by: str) -> dict[str, str]:
    words = LEVEL_NAMES if by == "level" else THEMES
    return {group: _(words.get(group, group)) for group in groups}


def _named_groups(
    db: Database, actor: Actor, choice: Choice, by: By, stage_id: str
) -> tuple[By, dict[str, StageTimes]]:
    return by, remembered(_groups_of_stage, db, actor, choice, by, stage_id)


def _groups_table(found: tuple[By, dict[str, StageTimes]]) -> Table:
    by, stages = found
    heading = _("Level") if by == "level" else _("Theme")
    return tables.times_by(stages, heading, _group_names(stages, by))


def _groups_of_stage(
    db: Database, actor: Actor, choice: Choice, by: By, stage_id: str
) -> dict[str, StageTimes]:
    found = time_figures.times_by(db, actor, choice, by)
    return {group: one.stage(stage_id) for group, one in found.items()}


def _behind_times(
    visit: Visit, choice: Choice, stage: StageTimes, by: str, groups: dict[str, str]
) -> None:
    if not behind_view.heading(visit):
        return
    parts = {
        "all": _("Came to the stage"), ADVANCED: _("Went on"), "open": _("Still there"),
        "left": _("Left"), **{f"left:{kind}": _(EXIT_WORDS[kind]) for kind in stage.left},
    }  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part = choices.one_of("part", _("Which"), list(parts), parts.__getitem__, width=200)
        if groups:
            every = {choices.ALL: _("All levels") if by == "level" else _("All themes"), **groups}
            group = choices.one_of("group", _("Of"), list(every), every.__getitem__, width=236)
            if group:
                is_level = by == "level"
                choice = replace(choice, level=group) if is_level else replace(choice, theme=group)
    told = _("{part} – {stage}: {n}").format(
        part=parts[part], stage=stage.name.in_(language()), n="{n}"
    )
    behind_view.number(visit, told, choice, TimeIn(stage.stage_id, part))


def ages(visit: Visit, choice: Choice) -> None:
    """How old the open ideas are in their stages."""
    terms = terms_view.choose()
    figure = visit.read(age_figures.ageing, choice, terms)
    basis("ages", figure.n, figure)
    told = drawing.said(visit, age_figures.ageing, choice, terms)
    if not figure.n:
        return
    chart(
        visit, flow_charts.ageing, age_figures.ageing, choice, terms,
        key="ages", alt=told, picks=False,
    )  # fmt: skip
    drawing.table(visit, tables.ages, age_figures.ageing, choice, terms, key="ages")
    if figure.calendar is not None:
        terms_view.explain(figure.calendar)
    if not behind_view.heading(visit):
        return
    parts = {"all": _("All open ideas"), **{one: _(BAND_WORDS[one]) for one in BAND_WORDS}}
    parts |= {one: _(CONDITION_WORDS[one]) for one in CONDITION_WORDS}
    parts["again"] = _("In the stage again")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage_id = choices.stage_of(
            states.journeys_by_id(visit)[choice.journey_id], "of-stage", every=True
        )
        part = choices.one_of("part", _("Which"), list(parts), parts.__getitem__, width=236)
    told = parts[part] + ": {n}"
    behind_view.number(visit, told, choice, AgeIn(stage_id or None, part, terms))
