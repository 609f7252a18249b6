"""Who has applied: the board and the list."""

from typing import Any

import streamlit as st

from sandkasse import clock
from sandkasse.access import Action
from sandkasse.application import KIND_NAMES, Kind
from sandkasse.i18n import _, date_text, days_text, ngettext_, number_text, since_days
from sandkasse.recruitment import candidates, positions
from sandkasse.recruitment.applications import Application
from sandkasse.recruitment.candidates import BOARD, CARDS_A_COLUMN, PAGE_SIZE, Column, Filter
from sandkasse.ui import board_view, choices, listing, receipt, states
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Visit
from sandkasse.ui.recruitment_view import handling

_PAGES = "application-board-pages"
_MOST_POSITIONS = 500


def position_choice(visit: Visit) -> int | None:
    """Which of the positions that one keeps, or all."""
    kept = visit.read(
        positions.find, positions.Filter(open_only=False, kept=True), 1, _MOST_POSITIONS
    )
    words = {choices.ALL: _("All positions")}
    words |= {str(one.position_id): one.title for one in kept.rows}
    chosen = choices.one_of("position", _("Position"), list(words), words.__getitem__, width=300)
    return int(chosen) if chosen else None


def board(visit: Visit) -> None:
    """A column for each step; a card opens its application, and is moved by drag or button."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = choices.search(_("Name"))
        wanted = Filter(position_choice(visit), search=search)
    kept = st.session_state.get(_PAGES)
    pages = dict(kept[1]) if kept and kept[0] == wanted else {}
    columns = visit.read(candidates.board, wanted, tuple(pages.items()))
    shown = (card.application_id for column in columns for card in column.cards)
    visit.looked_up(Action.SEE_APPLICATION, "applications", shown)
    if not any(column.total for column in columns):
        _none(wanted)
        return
    drawn = [_column(column, pages.get(column.state.value, 1)) for column in columns]
    asked = board_view.draw_columns(
        _("Applications by step"), drawn, key="application-board", movable=True
    )
    if asked.paged:
        state, number = asked.paged
        st.session_state[_PAGES] = (wanted, tuple({**pages, state: number}.items()))
        st.rerun()
    if asked.opened is not None:
        _open(asked.opened)
    receipt.draw(visit)
    if asked.moved is not None:
        card, to, seen = asked.moved
        handling.move(visit, card, to, seen=seen)


def _column(column: Column, page: int) -> dict[str, Any]:
    pages = max(1, -(-column.total // CARDS_A_COLUMN))
    told = ngettext_("{n} application", "{n} applications", column.total)
    return {
        **board_view.column_words(column.state.value, _(KIND_NAMES[column.state]), page, pages),
        "count": told.format(n=number_text(column.total)),
        "empty": _("No applications here now."),
        "cards": [_card(card) for card in column.cards],
    }


def _card(one: Application) -> dict[str, Any]:
    marks = []
    if one.seat_no is not None:
        marks.append({"text": _("Seat {n}").format(n=one.seat_no), "strong": False})
    return {
        "id": one.application_id,
        "stage": one.state.value,
        "seq": one.last_seq,
        "title": one.name or _("Unnamed"),
        "href": f"application?application={one.application_id}",
        "late": False,
        "held": False,
        "facts": days_text(since_days(one.state_at, clock.now())),
        "marks": marks,
        "move": _("Move «{title}»").format(title=one.name or _("Unnamed")),
    }


def listed(visit: Visit) -> None:
    """A list of applications, longest in their step first."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = choices.search(_("Name"))
        position_id = position_choice(visit)
        words = {choices.ALL: _("All steps"), **{one.value: _(KIND_NAMES[one]) for one in BOARD}}
        state = choices.one_of("step", _("Step"), list(words), words.__getitem__)
    wanted = Filter(position_id, state=Kind(state) if state else None, search=search)
    number = choices.page_number()
    found = visit.read(candidates.find, wanted, number)
    shown = (one.application_id for one in found.rows)
    visit.looked_up(Action.SEE_APPLICATION, "applications", shown)
    if not found.rows:
        _none(wanted)
        return
    told = ngettext_("{n} application", "{n} applications", found.total)
    st.markdown(told.format(n=number_text(found.total)))
    opened = listing.draw(_("Applications"), [_row(one) for one in found.rows], "applications")
    if opened is not None:
        _open(opened)
    choices.pager(found.total, PAGE_SIZE, number)


def _row(one: Application) -> Row:
    came = _("came in {date}").format(date=date_text(one.received_at))
    since = _("{age} in this step").format(age=days_text(since_days(one.state_at, clock.now())))
    return Row(
        one.application_id,
        one.name or _("Unnamed"),
        f"application?application={one.application_id}",
        (came, since),
        (Mark(_(KIND_NAMES[one.state]), strong=one.is_open),),
    )


def _open(application_id: int) -> None:
    st.switch_page("pages/application.py", query_params={"application": str(application_id)})


def _none(wanted: Filter) -> None:
    if wanted == Filter():
        states.nothing(_("Nobody has applied yet. Open a position so that students find it."))
    else:
        states.nothing(_("No application fits these choices. Remove one of them."))
