"""A list of records that open when chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from sandkasse.ui.document import asset

_LISTING = st.components.v2.component(
    "sandkasse_listing", html="<ul>\n</ul>", css=asset("listing.css"), js=asset("listing.js")
)


@dataclass(frozen=True)
class Mark:
    """A short word on a record; ``strong`` ones are filled."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Row:
    """One record: what it is called, where it opens (None: nowhere), what is told of it, and what a
    button on it says, if it has one. ``gone`` strikes it through, ``faint`` greys it."""

    id: int
    title: str
    href: str | None
    facts: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    text: str = ""
    action: str = ""
    gone: bool = False
    faint: bool = False


def draw(label: str, rows: Sequence[Row], key: str) -> int | None:
    """Draw the records under a label for screen readers; the id of the one just opened, if any."""
    return draw_with_actions(label, rows, key)[0]


def draw_with_actions(label: str, rows: Sequence[Row], key: str) -> tuple[int | None, int | None]:
    """As :func:`draw`, and beside it the id of the record whose button was just pressed."""
    result = _LISTING(
        key=key,
        data={"label": label, "rows": [_told(row) for row in rows]},
        on_opened_change=lambda: None,
        on_acted_change=lambda: None,
    )
    # A browser can claim anything: only a link or a button that it was shown is believed.
    linked = {row.id for row in rows if row.href}
    return (
        result.opened if isinstance(result.opened, int) and result.opened in linked else None,
        _pressed(result.acted, rows),
    )


def _pressed(claimed: object, rows: Sequence[Row]) -> int | None:
    """The record whose button is claimed to have been pressed, if it has one."""
    return next((row.id for row in rows if row.action and row.id == claimed), None)


def _told(row: Row) -> dict[str, Any]:
    return {**vars(row), "marks": [vars(mark) for mark in row.marks]}
