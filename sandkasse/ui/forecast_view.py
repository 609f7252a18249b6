"""The forecast on the screen, how it did before, and what is ahead of each student."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache, partial

import streamlit as st

from sandkasse import clock
from sandkasse.access import Action
from sandkasse.charts import flow as flow_charts
from sandkasse.documents import tables
from sandkasse.documents.exhibit import Column, Table
from sandkasse.figures import Choice
from sandkasse.figures.flow import forecast, graduation
from sandkasse.figures.flow.forecast import Forecast
from sandkasse.figures.flow.graduation import Risk
from sandkasse.figures.flow.numbers import Arrived
from sandkasse.i18n import _, date_text, days_text, language, number_text, percent_text
from sandkasse.terms import calendars
from sandkasse.ui import behind_view, choices, drawing, listing, states, table, terms_view
from sandkasse.ui.drawing import basis, chart
from sandkasse.ui.listing import Row
from sandkasse.ui.page import Visit

_PAGE_SIZE = 20


def draw(visit: Visit, choice: Choice) -> Choice:
    """How many will have come to a stage by a day, and when so many will have; the choice with all
    of that."""
    stages = states.journeys_by_id(visit)[choice.journey_id].stages[1:]
    names = {stage.id: stage.name.in_(language()) for stage in stages}
    today = clock.local(choice.as_of or clock.now()).date()
    ahead = choice.by or today + timedelta(weeks=forecast.WEEKS_AHEAD)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage_id = choices.one_of(
            "target", _("Stage"), list(names), names.__getitem__, width=200, default=choice.stage_id
        )
        by = choices.day("by", _("By which day"), ahead)
        terms = terms_view.choose()
        goal = choices.number(
            "goal", _("How many in all"), choice.target,
            hint=_("Empty: as many as come by the day with even chances."),
        )  # fmt: skip
    by = by if by and by > today else ahead
    drawn = replace(choice, stage_id=stage_id, by=by, target=goal)
    goal = goal or visit.read(forecast.settled, drawn).target or 1
    figure = visit.read(forecast.forecast, choice, stage_id, by, goal)
    basis("forecast", figure.n, figure)
    told = drawing.said(visit, forecast.forecast, choice, stage_id, by, goal)
    if figure.ground == "enough":
        chart(
            visit, flow_charts.forecast, forecast.forecast, choice, stage_id, by, goal,
            key="forecast", alt=told, picks=False,
        )  # fmt: skip
        drawing.table(
            visit, _table_in(terms), forecast.forecast, choice, stage_id, by, goal, key="forecast"
        )
        if terms:
            terms_view.explain(calendars()[terms])
    _behind(visit, choice, figure)
    _graduation(visit, choice)
    return drawn


def _behind(visit: Visit, choice: Choice, figure: Forecast) -> None:
    """The weeks that are drawn from, and the ideas behind each."""
    weeks = {str(ago): n for ago, n in enumerate(reversed(figure.weekly))}
    ends = {ago: date_text(clock.local(figure.as_of - timedelta(weeks=int(ago)))) for ago in weeks}
    if weeks:
        with st.expander(_("The weeks that it draws from"), on_change="rerun") as opened:
            if opened.open:
                table.draw(
                    table.told(
                        Table(
                            (
                                Column(_("Week to"), tuple(ends.values()), "words"),
                                Column(
                                    _("Came to the stage for the first time"),
                                    tuple(weeks.values()),
                                ),
                            ),
                            _("The weeks that the forecast draws from, as a table"),
                        ),
                        tall=True,
                    ),
                    key="table-weeks",
                )
    if not figure.so_far or not behind_view.heading(visit):
        return
    named = {choices.ALL: _("All so far")}
    named |= {
        ago: _("{day}: {n}").format(day=ends[ago], n=number_text(n)) for ago, n in weeks.items()
    }
    picked = choices.one_of("week", _("Week to"), list(named), named.__getitem__, width=200)
    told = _("Came to {stage}: {n}").format(stage=figure.stage.name.in_(language()), n="{n}")
    behind_view.number(
        visit, told, choice, Arrived(figure.stage.id, int(picked) if picked else None)
    )


@lru_cache(maxsize=16)
def _table_in(terms: str | None) -> Callable[[Forecast], Table]:
    """What makes the table, in the study weeks of an institution as well; the same each time, so
    that what it makes is remembered."""
    return partial(tables.forecast, calendar=calendars()[terms] if terms else None)


def _graduation(visit: Visit, choice: Choice) -> None:
    """What is ahead of each student, for mentors and leads."""
    if not visit.may(Action.SEE_BOARD):
        return
    with st.expander(_("Before graduation"), key="before-graduation", on_change="rerun") as opened:
        if not opened.open:
            return
        number = choices.page_number("students-page")
        found = visit.read(
            graduation.risks, choice, limit=_PAGE_SIZE, offset=(number - 1) * _PAGE_SIZE
        )
        st.caption(
            _(
                "Open ideas by the day on which the student expects to graduate, and the chance "
                "that they are through the journey by then: the least that the stages' own times "
                "allow. It says nothing of how good an idea is."
            )
        )
        names = {stage.id: stage.name.in_(language()) for stage in found.journey.stages}
        opened_idea = listing.draw(
            _("Before graduation"), [_row(one, names) for one in found.rows], key="graduation"
        )
        if opened_idea is not None:
            st.switch_page("pages/idea.py", query_params={"idea": str(opened_idea)})
        choices.pager(found.total, _PAGE_SIZE, number, "students-page")


def _row(one: Risk, names: dict[str, str]) -> Row:
    chance = (
        _("too few have been through to say")
        if one.chance is None
        else _("chance of being through: {share}").format(share=percent_text(one.chance))
    )
    when = _("graduates {day}, in {days}").format(
        day=date_text(one.graduation), days=days_text(one.days_left)
    )
    return Row(
        one.idea_id, one.title, f"idea?idea={one.idea_id}", (names[one.stage_id], when, chance)
    )
