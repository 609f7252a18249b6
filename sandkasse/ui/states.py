"""Lists of ideas, and what to say where there are none."""

from collections.abc import Sequence
from typing import Never

import streamlit as st

from sandkasse import journeys
from sandkasse.i18n import _, date_text, days_text, language
from sandkasse.idea_bank import Listed
from sandkasse.journeys import Journey
from sandkasse.mentoring import Load
from sandkasse.people import LEVEL_NAMES
from sandkasse.themes import THEMES
from sandkasse.ui import holder, listing
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Visit


def nothing(message: str, *, page: str | None = None, label: str = "") -> None:
    """Say in a sentence that there is nothing, and offer the next step."""
    with st.container(border=True):
        st.markdown(message)
        if page:
            st.page_link(f"pages/{page}.py", label=label, icon=":material/arrow_forward:")


def choose_first(title: str, message: str, *, page: str, label: str) -> Never:
    """Under its title, say on a page of one thing that none has been chosen, and where; this ends
    the page."""
    st.title(title, anchor=False)
    nothing(message, page=page, label=label)
    st.stop()


def journeys_by_id(visit: Visit) -> dict[str, Journey]:
    """All journeys, by id."""
    return {journey.id: journey for journey in visit.know(journeys.all_journeys)}


def idea_list(visit: Visit, label: str, ideas: Sequence[Listed], key: str) -> None:
    """Draw a list of ideas; one that is chosen opens."""
    known = journeys_by_id(visit)
    opened = listing.draw(label, [_row(visit, idea, known[idea.journey_id]) for idea in ideas], key)
    if opened is not None:
        st.switch_page("pages/idea.py", query_params={"idea": str(opened)})


def _row(visit: Visit, idea: Listed, journey: Journey) -> Row:
    where = journey.stage(idea.stage_id).name.in_(language())
    facts = [where]
    if idea.exit_id is not None:
        facts = [_("Left from {stage}").format(stage=where)]
    elif idea.whole:
        facts.append(_("{age} in this stage").format(age=days_text(idea.days_in_stage)))
    if idea.level:
        facts.append(_(LEVEL_NAMES.get(idea.level, idea.level)))
    if idea.theme:
        facts.append(_(THEMES.get(idea.theme, idea.theme)))
    if idea.whole and idea.first_at:
        facts.append(_("came in {date}").format(date=date_text(idea.first_at)))
    return Row(
        idea.idea_id,
        idea.title,
        f"idea?idea={idea.idea_id}",
        tuple(facts),
        tuple(_marks(visit, idea, journey)),
    )


def _marks(visit: Visit, idea: Listed, journey: Journey) -> list[Mark]:
    if idea.exit_id is not None:
        return [Mark(journey.exit(idea.exit_id).name.in_(language()))]
    if not idea.whole:
        return []
    if idea.held:
        return [Mark(_("On hold"), strong=True)]
    marks = []
    if idea.expected_days is not None and idea.days_in_stage > idea.expected_days:
        marks.append(Mark(_("Over the expected time")))
    party = holder.named(visit, idea.ball, idea.ball_agencies)
    marks.append(Mark(_("With {party}").format(party=party)))
    return marks


def loads_table(loads: Sequence[Load]) -> None:
    """Each mentor's open ideas, how many wait for a mentor, and how many are on hold."""
    if not loads:
        st.caption(_("There are no mentors yet."))
        return
    st.dataframe(
        {
            _("Mentor"): [load.name for load in loads],
            _("Open ideas"): [load.open for load in loads],
            _("Waiting for a mentor"): [load.waiting for load in loads],
            _("On hold"): [load.on_hold for load in loads],
        },
        hide_index=True,
        width="content",
        alt=_("How many ideas each mentor has"),
    )
