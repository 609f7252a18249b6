"""A table of a figure: one element, which is read aloud as a table and prints whole."""

from typing import Any

from sandkasse.documents.exhibit import Column, Table
from sandkasse.ui.component import Part, sideways

_TABLE = Part(
    "table",
    '<p class="more" hidden></p>\n<div class="room" role="group">'
    "<table><thead><tr></tr></thead><tbody></tbody></table>"
    '</div><p class="note"></p>',
)

#: What a table's element is told.
Told = dict[str, Any]


def told(table: Table, *, tall: bool = False) -> Told:
    """What the element is told of a table. A ``tall`` one scrolls, and can be put in order by any
    of its columns."""
    columns = [_column(column) for column in table.on_screen()]
    return {
        "label": table.alt,
        "note": " ".join(filter(None, [table.note, table.more])),
        "sideways": sideways(len(columns)),
        "tall": tall,
        "columns": columns,
    }


def _column(column: Column) -> Told:
    found: Told = {"heading": column.heading, "cells": column.texts()}
    if column.style != "words":
        found["numbers"] = [cell if not isinstance(cell, str) else None for cell in column.cells]
    return found


def draw(data: Told, key: str) -> None:
    """Draw what :func:`told` says of a table."""
    _TABLE.draw(data, key)


def show(table: Table, key: str, *, tall: bool = False) -> None:
    """Draw a table; see :func:`told`."""
    draw(told(table, tall=tall), key)
