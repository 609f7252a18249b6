"""The board: what is where in one sandbox, and moving it on."""

import streamlit as st

from sandkasse import board, ideas, mentoring
from sandkasse.access import Action
from sandkasse.board import Filter
from sandkasse.i18n import N_, _
from sandkasse.ui import board_view, choices, holder, moving, page, receipt, states

visit = page.begin(N_("Board"), Action.SEE_BOARD)
st.caption(_("Open ideas by stage, the ones that have waited longest first."))

known = states.journeys_by_id(visit)
with st.container(horizontal=True, vertical_alignment="bottom"):
    journey_id = choices.journey(known)
    search = choices.search()
    level = choices.level(known[journey_id])
    theme = choices.theme()
    mentor_id = choices.mentor(visit)
    with_whom = holder.choice(visit)
    overdue = choices.overdue()

wanted = Filter(journey_id, search, level, theme, mentor_id, overdue, with_whom)
pages = choices.column_pages(wanted)
columns = visit.read(board.columns, wanted, tuple(sorted(pages.items())))
asked = board_view.draw(visit, _("Board"), columns, pages, movable=visit.may(Action.MOVE_IDEA))
receipt.draw(visit)

if asked.opened is not None:
    st.switch_page("pages/idea.py", query_params={"idea": str(asked.opened)})
if asked.paged is not None:
    choices.turn_page(wanted, *asked.paged)
if asked.moved is not None:
    idea = visit.read(ideas.get, asked.moved.card)
    moving.dialog(visit, idea, known[journey_id], asked.moved.to)

with st.expander(_("How many ideas each mentor has"), on_change="rerun") as opened:
    if opened.open:
        states.loads_table(visit.read(mentoring.loads))
