"""Two dialogs of mentors: merging duplicates, and sharing an idea with another mentor."""

import streamlit as st

from sandkasse import idea_bank, mentoring, people, pipeline
from sandkasse.i18n import _, language
from sandkasse.idea_bank import Filter, Listed
from sandkasse.ideas import Idea
from sandkasse.ui import forms, receipt, states
from sandkasse.ui.forms import Faults
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain, shortened


def dialog(visit: Visit, idea: Idea) -> None:
    """Let this idea be the same as another, which goes on."""
    st.dialog(_("Merge into another idea"))(_merge)(visit, idea)


def _merge(visit: Visit, idea: Idea) -> None:
    st.markdown(
        _("«{title}» leaves as merged; the other goes on. Both keep their history.").format(
            title=plain(idea.description.title)
        )
    )
    faults = Faults()
    known = states.journeys_by_id(visit)
    other = st.selectbox(
        _("Which idea is it the same as?"),
        _candidates(visit, idea),
        index=None,
        format_func=lambda one: (
            f"{shortened(one.title, 60)} · "
            f"{known[one.journey_id].stage(one.stage_id).name.in_(language())} · {one.idea_id}"
        ),
        placeholder=_("Choose an idea"),
        key=f"merge-{idea.idea_id}-into",
    )
    faults.beside("into")
    note = forms.note_field(faults, f"merge-{idea.idea_id}")
    if st.button(_("Merge"), type="primary", key="merge-do", disabled=other is None) and other:
        answer = visit.write(
            pipeline.merge_ideas, idea.idea_id, into=other.idea_id,
            expected_seq=idea.last_seq, note=note,
        )  # fmt: skip
        if isinstance(answer, Refused):
            faults.show(answer)
        else:
            receipt.keep(receipt.of_idea(_("Merged into another idea"), idea.idea_id, answer.seq))
            st.rerun()


def _candidates(visit: Visit, idea: Idea) -> list[Listed]:
    """The most similar ideas first, then those that a search for a word finds."""
    word = st.text_input(
        _("Search by title (optional)"), key=f"merge-{idea.idea_id}-search", max_chars=100
    )
    wanted = Filter(search=word or "", journey_id=idea.journey_id)
    found = visit.read(idea_bank.find, wanted, 1, 200).rows
    alike = visit.read(
        idea_bank.similar, idea.description.title, idea.description.problem, limit=5,
        but=idea.idea_id,
    )  # fmt: skip
    order = {one.idea_id: place for place, one in enumerate(alike)}
    others = [one for one in found if one.idea_id != idea.idea_id and one.exit_id is None]
    return sorted(others, key=lambda one: order.get(one.idea_id, len(order)))


def share_dialog(visit: Visit, idea: Idea, is_mine: bool) -> None:
    """Let another mentor join, or take one's place."""
    st.dialog(_("Share or hand over"))(_share)(visit, idea, is_mine)


def _share(visit: Visit, idea: Idea, is_mine: bool) -> None:
    loads = {one.mentor_id: one for one in visit.read(mentoring.loads)}
    others = [one for one in visit.know(people.mentors) if one.person_id != visit.actor.person_id]
    faults = Faults()
    chosen = st.selectbox(
        _("Mentor"),
        others,
        index=None,
        format_func=lambda one: _("{name} – {n} open ideas").format(
            name=one.name, n=loads[one.person_id].open if one.person_id in loads else 0
        ),
        placeholder=_("Choose a mentor"),
        key=f"share-{idea.idea_id}-mentor",
    )
    faults.beside("mentor")
    with st.container(horizontal=True):
        share = st.button(_("Share"), type="primary", key="share-do", disabled=chosen is None)
        hand_over = is_mine and st.button(
            _("Hand over"), key="share-hand-over", disabled=chosen is None
        )
    if chosen and (share or hand_over):
        write = mentoring.hand_over if hand_over else mentoring.share
        answer = visit.write(write, idea.idea_id, chosen.person_id)
        forms.finish(answer, faults, _("{name} mentors this idea now.").format(name=chosen.name))
