"""The board on the screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import streamlit as st

from sandkasse.board import CARDS_A_COLUMN, Card, Column
from sandkasse.i18n import _, days_text, language, list_text, ngettext_, number_text
from sandkasse.ledger import Party
from sandkasse.people import LEVEL_NAMES
from sandkasse.ui import holder
from sandkasse.ui.component import Part, sideways
from sandkasse.ui.page import Visit

_BOARD = Part("board", '<p class="more" hidden></p>\n<div class="board" role="group">\n</div>')


class Moved(NamedTuple):
    """A card to move: its id, the column it goes to (None: ask), and the last event on it that its
    mover saw."""

    card: int
    to: str | None
    seen: int


@dataclass(frozen=True)
class Asked:
    """What was just asked for: a card's id to open, a card to move, or a column's id and the page
    of it to show."""

    opened: int | None = None
    moved: Moved | None = None
    paged: tuple[str, int] | None = None


def draw(
    visit: Visit, label: str, columns: list[Column], pages: dict[str, int], *, movable: bool
) -> Asked:
    """Draw the columns of ideas with the key to their marks, and tell what was just asked for."""
    st.caption(
        _(
            "An orange edge: longer in the stage than expected. A dashed edge: on hold. A filled "
            "mark: it waits for a mentor, or is on hold."
        )
    )
    drawn = [_column(visit, column, pages.get(column.stage.id, 1)) for column in columns]
    return draw_columns(label, drawn, key="board", movable=movable)


def draw_columns(label: str, columns: list[dict[str, Any]], *, key: str, movable: bool) -> Asked:
    """As :func:`draw`, for columns of any cards in the form that the component reads: those of
    :func:`column_words` with ``count``, ``empty`` and ``cards``."""
    told = {
        "label": label,
        "movable": movable,
        "words": {"move": _("Move"), "more": sideways(len(columns))},
        "columns": columns,
    }
    result = _BOARD.draw(told, key, ("opened", "moved", "paged"))
    return heard(columns, result.opened, result.moved, result.paged)


def heard(columns: list[dict[str, Any]], opened: Any, moved: Any, paged: Any) -> Asked:
    """What was asked for, as far as it is of these columns: a browser can claim anything."""
    pages = {column["id"]: int(column["pages"]) for column in columns}
    cards = {card["id"] for column in columns for card in column["cards"]}
    paging = paged if isinstance(paged, Mapping) else {}
    stage, page = str(paging.get("stage")), paging.get("page")
    return Asked(
        opened if _is_one_of(opened, cards) else None,
        _moved(moved, cards, set(pages)) if isinstance(moved, Mapping) else None,
        (stage, page) if isinstance(page, int) and 1 <= page <= pages.get(stage, 0) else None,
    )


def _moved(claimed: Mapping[str, Any], cards: set[int], columns: set[str]) -> Moved | None:
    card, to, seen = claimed.get("idea"), claimed.get("to"), claimed.get("seq")
    if not _is_one_of(card, cards) or not isinstance(seen, int):
        return None
    if to is not None and (not isinstance(to, str) or to not in columns):
        return None
    return Moved(int(str(card)), to, seen)


def _is_one_of(claimed: Any, cards: set[int]) -> bool:
    return isinstance(claimed, int) and claimed in cards


def _column(visit: Visit, column: Column, page: int) -> dict[str, Any]:
    name = column.stage.name.in_(language())
    count = ngettext_("{n} idea", "{n} ideas", column.total).format(n=number_text(column.total))
    if column.overdue:
        count += " · " + _("{n} over the expected time").format(n=number_text(column.overdue))
    return {
        **column_words(column.stage.id, name, page, max(1, -(-column.total // CARDS_A_COLUMN))),
        "count": count,
        "empty": _("No ideas here now."),
        "cards": [_card(visit, card) for card in column.cards],
    }


def column_words(key: str, name: str, page: int, pages: int) -> dict[str, Any]:
    """What a column is called, and the words for turning its pages."""
    return {
        "id": key,
        "name": name,
        "page": page,
        "pages": pages,
        "place": _("{page} of {pages}").format(page=page, pages=number_text(pages)),
        "previous": _("Earlier cards in {stage}").format(stage=name),
        "next": _("More cards in {stage}").format(stage=name),
    }


def _card(visit: Visit, card: Card) -> dict[str, Any]:
    return {
        "id": card.idea_id,
        "stage": card.stage_id,
        "seq": card.last_seq,
        "title": card.title,
        "href": f"idea?idea={card.idea_id}",
        "late": card.overdue,
        "held": card.held,
        "facts": " · ".join(_facts(card)),
        "marks": _marks(visit, card),
        "move": _("Move «{title}»").format(title=card.title),
    }


def _facts(card: Card) -> list[str]:
    age = days_text(card.days)
    if card.expected_days is not None:
        age = _("{age}, {expected} expected").format(
            age=age, expected=number_text(card.expected_days)
        )
    return [age, list_text(card.mentors) if card.mentors else _("no mentor")]


def _marks(visit: Visit, card: Card) -> list[dict[str, Any]]:
    marks = []
    if card.level:
        level = _(LEVEL_NAMES.get(card.level, card.level))
        marks.append({"text": level, "strong": False})
    if card.held:
        marks.append({"text": _("On hold"), "strong": True})
    else:
        party = holder.named(visit, card.ball, card.ball_agencies)
        told = _("With {party}").format(party=party)
        marks.append({"text": told, "strong": card.ball == Party.MENTOR})
    if card.visits > 1:
        marks.append({"text": _("visit no. {n}").format(n=card.visits), "strong": False})
    return marks
