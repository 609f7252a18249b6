"""The ideas behind a number, as every figure lists them."""

from collections.abc import Callable
from datetime import UTC
from typing import Any

import pandas as pd
import streamlit as st

from sandkasse.figures import Records
from sandkasse.i18n import _, date_text, ngettext_, number_text
from sandkasse.ui import choices, listing
from sandkasse.ui.listing import Row
from sandkasse.ui.page import Visit
from sandkasse.ui.text import plain

PAGE_SIZE = 20


def draw(
    visit: Visit,
    told: str,
    read: Callable[..., Records],
    *asked: Any,
    pages: str = "page",
    **given: Any,
) -> None:
    """A page of what ``read`` answers, under ``told``, which says what it is a list of with the
    number in place of ``{n}``. ``pages`` is what the address calls the page."""
    number = choices.page_number(pages)
    found = visit.read(read, *asked, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE, **given)
    st.caption(plain(told.replace("{n}", number_text(found.total))))
    rows = [
        Row(
            one["idea_id"],
            one["title"],
            f"idea?idea={one['idea_id']}",
            (_came_in(one["first_at"]),),
        )
        for one in found.rows.to_dict("records")
    ]
    if rows:
        opened = listing.draw(_("The ideas behind a number"), rows, key=f"records-{pages}")
        if opened is not None:
            st.switch_page("pages/idea.py", query_params={"idea": str(opened)})
        choices.pager(found.shown, PAGE_SIZE, number, pages)
    if found.hidden:
        st.caption(
            ngettext_(
                "{n} of them is not published, so it is counted but not shown.",
                "{n} of them are not published, so they are counted but not shown.",
                found.hidden,
            ).format(n=number_text(found.hidden))
        )


def _came_in(first_at: pd.Timestamp) -> str:
    moment = first_at.to_pydatetime().replace(tzinfo=UTC)
    return _("came in {date}").format(date=date_text(moment))


def few(found: Records, label: str) -> None:
    """The first ideas of a list, each with a way to open it; how many more there are."""
    rows = [
        Row(one["idea_id"], one["title"], f"idea?idea={one['idea_id']}")
        for one in found.rows.to_dict("records")
    ]
    opened = listing.draw(label, rows, key=f"few-{label}") if rows else None
    if opened is not None:
        st.switch_page("pages/idea.py", query_params={"idea": str(opened)})
    more = found.total - len(rows)
    if more:
        st.caption(
            ngettext_("… and {n} more.", "… and {n} more.", more).format(n=number_text(more))
        )
