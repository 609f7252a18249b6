"""How sure a share is: what its times rest on, and the records that could move it."""

import streamlit as st

from sandkasse import figures
from sandkasse.access import Action
from sandkasse.figures import Choice
from sandkasse.figures.flow import doubt
from sandkasse.figures.flow.numbers import InDoubt
from sandkasse.i18n import _, language, number_text
from sandkasse.ui import behind_view, choices, states
from sandkasse.ui.page import Visit


def draw(visit: Visit, choice: Choice) -> None:
    """The doubt about the share of one stage, and the records behind it."""
    stages = states.journeys_by_id(visit)[choice.journey_id].stages[1:]
    names = {stage.id: stage.name.in_(language()) for stage in stages}
    stage_id = choices.one_of("doubt", _("Share of those who reached"), list(names),
                              names.__getitem__, width=236)  # fmt: skip
    figure = visit.read(doubt.doubt, choice, stage_id)
    st.markdown(figures.sentence(figure))
    st.caption(
        _(
            "In doubt are ideas whose time of entering is not exact and lies within a month of the "
            "first or last day chosen, and open ideas of which nothing was recorded for half a "
            "year. {unexplained} of {n} steps back and exits have no reason."
        ).format(unexplained=number_text(figure.unexplained), n=number_text(figure.to_explain))
    )
    causes = {
        "quiet": (_("Silent for half a year"), figure.causes["quiet"]),
        "edge": (_("Uncertain time near the edge of the period"), figure.causes["edge"]),
        "unexplained": (_("Went back or left without a reason"), figure.unexplained),
    }
    found = {cause: words for cause, (words, n) in causes.items() if n}
    if not found or not visit.may(Action.SEE_FUNNEL_RECORDS):
        return
    cause = choices.one_of("cause", _("Records"), list(found), found.__getitem__, width=300)
    behind_view.number(
        visit, found[cause] + ": {n}", choice, InDoubt(stage_id, cause), pages="doubt-page"
    )
