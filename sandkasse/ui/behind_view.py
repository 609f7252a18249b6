"""The ideas behind a number, as every figure lists them, and why one of them is counted."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC
from typing import Any

import streamlit as st

from sandkasse.access import Action
from sandkasse.database import Database
from sandkasse.figures import Choice, Records
from sandkasse.figures.flow import numbers
from sandkasse.figures.flow.numbers import Number
from sandkasse.figures.why import Why
from sandkasse.i18n import _, date_text, ngettext_, number_text
from sandkasse.people import Actor
from sandkasse.ui import choices, listing, why_view
from sandkasse.ui.listing import Row
from sandkasse.ui.page import Visit
from sandkasse.ui.text import plain

PAGE_SIZE = 20

#: What is told of an idea behind a number, beside its title.
Fact = Callable[[Mapping[Hashable, Any]], str]


def came_in(idea: Mapping[Hashable, Any]) -> str:
    """When an idea came in."""
    moment = idea["first_at"].to_pydatetime().replace(tzinfo=UTC)
    return _("came in {date}").format(date=date_text(moment))


def heading(visit: Visit) -> bool:
    """The heading of the list of ideas, for those who may see one; whether they may."""
    if not visit.may(Action.SEE_FUNNEL_RECORDS):
        return False
    st.header(_("The ideas behind a number"), anchor=False)
    return True


def number(visit: Visit, told: str, choice: Choice, asked: Number, *, pages: str = "page") -> None:
    """The ideas behind a number of a flow figure, and why one is counted; as :func:`draw`."""
    draw(
        visit, told, numbers.records, choice, asked, pages=pages,
        why=lambda idea_id: visit.read(numbers.why, choice, asked, idea_id),
    )  # fmt: skip


def draw(
    visit: Visit,
    told: str,
    read: Callable[..., Records],
    *asked: Any,
    fact: Fact = came_in,
    why: Callable[[int], Why] | None = None,
    pages: str = "page",
    **given: Any,
) -> None:
    """A page of what ``read`` answers, under ``told``, which says what it is a list of with the
    number in place of ``{n}``. ``fact`` is told of each idea, and ``why`` answers for one;
    ``pages`` is what the list's page is called in the address."""
    explains = why is not None and visit.may(Action.SEE_BOARD)
    page = choices.page_number(pages)
    found, rows = visit.read(_page, read, page, fact, explains, *asked, **given)
    last = -(-found.shown // PAGE_SIZE)
    if page > last > 0:
        page = last
        found, rows = visit.read(_page, read, page, fact, explains, *asked, **given)
    st.caption(plain(told.replace("{n}", number_text(found.total))))
    picked = _list(rows, pages)
    choices.pager(found.shown, PAGE_SIZE, page, pages)
    if found.hidden:
        st.caption(
            ngettext_(
                "{n} of them is not published, so it is counted but not shown.",
                "{n} of them are not published, so they are counted but not shown.",
                found.hidden,
            ).format(n=number_text(found.hidden))
        )
    if why is not None and explains:
        why_view.draw(why, picked, key=pages)


def _list(rows: Sequence[Row], key: str) -> Row | None:
    """The ideas of a page; the one whose counting was just asked about, if any."""
    if not rows:
        return None
    opened, acted = listing.draw_with_actions(
        _("The ideas behind a number"), rows, key=f"records-{key}"
    )
    if opened is not None:
        st.switch_page("pages/idea.py", query_params={"idea": str(opened)})
    return next((row for row in rows if row.id == acted), None)


def _page(
    db: Database,
    actor: Actor,
    read: Callable[..., Records],
    page: int,
    fact: Fact,
    explains: bool,
    *asked: Any,
    **given: Any,
) -> tuple[Records, tuple[Row, ...]]:
    """A page of what ``read`` answers, with its rows as they are drawn."""
    offset = (page - 1) * PAGE_SIZE
    found = read(db, actor, *asked, limit=PAGE_SIZE, offset=offset, **given)
    action = _("Why is it counted here?") if explains else ""
    rows = tuple(
        Row(
            one["idea_id"],
            one["title"],
            f"idea?idea={one['idea_id']}",
            (fact(one),),
            action=action,
        )
        for one in found.rows.to_dict("records")
    )
    return found, rows
