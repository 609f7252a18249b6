"""A list of records that open when chosen."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

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
    """One record: what it is called, where it opens (None: nowhere), and what is told of it."""

    id: int
    title: str
    href: str | None
    facts: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    text: str = ""


def draw(label: str, rows: Sequence[Row], key: str) -> int | None:
    """Draw the records under a label for screen readers; the id of the one just opened, if any."""
    result = _LISTING(
        key=key,
        data={"label": label, "rows": [asdict(row) for row in rows]},
        on_opened_change=lambda: None,
    )
    opened: int | None = result.opened
    return opened
