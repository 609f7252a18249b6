"""The idea bank: finding the ideas one may see."""

import streamlit as st

from sandkasse import idea_bank
from sandkasse.access import Action
from sandkasse.i18n import N_, _, ngettext_, number_text
from sandkasse.idea_bank import PAGE_SIZE, SORT_NAMES, Filter, Sort
from sandkasse.ui import choices, holder, page, states

visit = page.begin(N_("Idea bank"), Action.SEE_IDEA_BANK)
if visit.may(Action.SEE_BOARD):
    st.caption(_("All ideas that students have submitted."))
else:
    st.caption(_("Your own ideas, and what other teams have chosen to show."))

known = states.journeys_by_id(visit)
with st.container(horizontal=True, vertical_alignment="bottom"):
    search = choices.search()
    journey_id = choices.any_journey(known)
    stage_id = choices.stage(known.get(journey_id or ""))
    level = choices.level(known.get(journey_id or ""))
    theme = choices.theme()
    with_whom = holder.choice(visit)
    sort = Sort(
        choices.one_of("sort", _("Order"), list(Sort), lambda one: _(SORT_NAMES[Sort(one)]))
    )
with st.container(horizontal=True):
    mine = choices.yes_no("mine", _("Only mine"))
    waiting = choices.yes_no("waiting", _("Only waiting for me"))
    is_mentor = visit.may(Action.SEE_BOARD)
    overdue = is_mentor and choices.overdue()
    unmentored = is_mentor and choices.yes_no("unmentored", _("Only without a mentor"))

wanted = Filter(
    search,
    journey_id,
    level,
    theme,
    stage_id,
    mine,
    waiting,
    overdue,
    unmentored,
    sort,
    with_whom,
)
number = choices.page_number()
found = visit.read(idea_bank.find, wanted, number)

st.markdown(ngettext_("{n} idea", "{n} ideas", found.total).format(n=number_text(found.total)))
if found.rows:
    states.idea_list(visit, _("Ideas"), found.rows, key="ideas")
    choices.pager(found.total, PAGE_SIZE, number)
elif wanted == Filter(sort=sort):
    states.nothing(
        _("There are no ideas here yet. The first one is always the hardest."),
        page="submit" if visit.may(Action.SUBMIT_IDEA) else None,
        label=_("Submit an idea"),
    )
else:
    states.nothing(_("No idea fits these choices. Remove one of them."))
