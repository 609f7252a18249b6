"""A list of records that open when chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sandkasse.ui.component import Part

_LISTING = Part("listing", "<ul>\n</ul>")


@dataclass(frozen=True)
class Mark:
    """A short word on a record; ``strong`` ones are filled."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Lead:
    """A way from a record to another, by its id: in the same list, or, where it is not in it, to be
    opened by whoever draws the list."""

    text: str
    to: int


@dataclass(frozen=True)
class Row:
    """One record: what it is called, where it opens (None: nowhere), what is told of it, and what a
    button on it says, if it has one. ``gone`` strikes it through, ``faint`` greys it, and ``here``
    is where the list begins to be read."""

    id: int
    title: str
    href: str | None
    facts: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    text: str = ""
    action: str = ""
    gone: bool = False
    faint: bool = False
    here: bool = False
    leads: tuple[Lead, ...] = ()


class Chosen(NamedTuple):
    """The ids of the record just opened, of that whose button was just pressed, and of that outside
    the list to which one of them leads, if any."""

    opened: int | None
    acted: int | None
    followed: int | None


def draw(label: str, rows: Sequence[Row], key: str) -> int | None:
    """Draw the records under a label for screen readers; the id of the one just opened, if any."""
    return draw_with_actions(label, rows, key)[0]


def draw_with_actions(label: str, rows: Sequence[Row], key: str) -> tuple[int | None, int | None]:
    """As :func:`draw`, and beside it the id of the record whose button was just pressed."""
    return draw_with_leads(label, rows, key)[:2]


def draw_with_leads(label: str, rows: Sequence[Row], key: str) -> Chosen:
    """As :func:`draw_with_actions`, for records that lead to others."""
    told = {"label": label, "rows": [_told(row) for row in rows]}
    result = _LISTING.draw(told, key, ("opened", "acted", "followed"))
    # A browser can claim anything: only what it was shown to press is believed.
    linked = {row.id for row in rows if row.href}
    led_to = {lead.to for row in rows for lead in row.leads}
    return Chosen(
        result.opened if isinstance(result.opened, int) and result.opened in linked else None,
        _pressed(result.acted, rows),
        result.followed if isinstance(result.followed, int) and result.followed in led_to else None,
    )


def _pressed(claimed: object, rows: Sequence[Row]) -> int | None:
    """The record whose button is claimed to have been pressed, if it has one."""
    return next((row.id for row in rows if row.action and row.id == claimed), None)


def _told(row: Row) -> dict[str, Any]:
    return {
        **vars(row),
        "marks": [vars(mark) for mark in row.marks],
        "leads": [vars(lead) for lead in row.leads],
    }
