"""Barriers on the screen: the register, and what earlier ideas have met."""

import streamlit as st

from sandkasse import access, barriers, clock, exchange
from sandkasse.access import Action
from sandkasse.barriers import Barrier
from sandkasse.errors import NotAllowed
from sandkasse.i18n import _, days_text, ngettext_, number_text
from sandkasse.texts import LIMITS
from sandkasse.ui import choices, forms, holder, listing
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Visit


def similar(visit: Visit, text: str) -> None:
    """What earlier ideas with a text like this have met, and the answers that were given."""
    found = visit.read(barriers.similar, text)
    if not found:
        return
    st.markdown(_("**Earlier ideas have met this**"))
    listing.draw(_("Earlier ideas have met this"), [_row(visit, one) for one in found], "met")


def _row(visit: Visit, one: Barrier, action: str = "") -> Row:
    names = holder.agency_names(visit)
    facts = [ngettext_("{n} idea", "{n} ideas", one.ideas).format(n=number_text(one.ideas))]
    if one.agency_id:
        facts.insert(0, names.get(one.agency_id, one.agency_id))
    facts.append(_("{days} with the agency in all").format(days=days_text(one.days)))
    if one.answer and one.review_on:
        facts.append(_("answer from {source}").format(source=one.source))
    marks = [Mark(_("Recurring"), strong=True)] if one.recurring else []
    if one.due(clock.today()):
        marks.append(Mark(_("Read the answer again")))
    elif not one.answer:
        marks.append(Mark(_("No answer yet")))
    text = "\n".join(filter(None, [one.description, one.answer]))
    return Row(one.barrier_id, one.title, None, tuple(facts), tuple(marks), text, action=action)


def register(visit: Visit) -> None:
    """All barriers, of one agency or of all; changing one, and the table for the agency."""
    st.caption(
        _("Obstacles that ideas have met, named once. Three ideas make a barrier a recurring one.")
    )
    names = {choices.ALL: _("All agencies"), **holder.agency_names(visit)}
    agency_id = choices.one_of("agency", _("Agency"), list(names), names.__getitem__) or None
    number = choices.page_number()
    found = visit.read(barriers.listed, agency_id, number)
    if not found.rows:
        st.caption(_("No barrier has been named yet. Name one on the page of a matter."))
        return
    rows = [_row(visit, one, _("Change") if _may(visit, one) else "") for one in found.rows]
    _opened, changed = listing.draw_with_actions(_("Barriers"), rows, "barriers")
    choices.pager(found.total, barriers.PAGE_SIZE, number)
    st.download_button(
        _("Download as a table"), visit.read(exchange.barrier_table, agency_id),
        file_name="barriers.csv", mime="text/csv", icon=":material/download:", on_click="ignore",
    )  # fmt: skip
    if changed is not None:
        one = next(one for one in found.rows if one.barrier_id == changed)
        st.dialog(_("The barrier and its answer"), width="large")(_change)(visit, one)


def _may(visit: Visit, one: Barrier) -> bool:
    try:
        access.require_for_agency(visit.actor, Action.KEEP_BARRIER, one.agency_id or "")
    except NotAllowed:
        return False
    return True


def _change(visit: Visit, one: Barrier) -> None:
    faults = Faults()
    key = f"barrier-{one.barrier_id}"
    title = st.text_input(
        _("Name (must be filled in)"), one.title, max_chars=LIMITS["title"], key=f"{key}-title"
    )
    faults.beside("title")
    texts = {}
    labels = {
        "description": _("What it is (optional)"),
        "answer": _("The answer that was given (optional)"),
        "source": _("Where the answer comes from: a page or a person"),
    }
    for field, label in labels.items():
        texts[field] = st.text_area(
            label, getattr(one, field), max_chars=LIMITS["note"], height=80, key=f"{key}-{field}"
        )
        faults.beside(field)
    review_on = st.date_input(
        _("Read the answer again on"), value=one.review_on, format=forms.date_format(),
        key=f"{key}-review",
    )  # fmt: skip
    faults.beside("review_on")
    if st.button(_("Save"), type="primary", key=f"{key}-do"):
        answer = visit.write(
            barriers.keep, one.barrier_id, title=title or "", review_on=review_on, **texts
        )
        forms.finish(answer, faults, _("Saved."))
