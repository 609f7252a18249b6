"""Figures as a spreadsheet: one sheet each, numbers as numbers, with what they mean below them.

Written by XlsxWriter, which the slides' library brings along, and which can be told never to read a
text as a formula, a number or a link.
"""

import io
from collections.abc import Sequence
from datetime import UTC

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sandkasse import clock
from sandkasse.documents.audience import MARKS, Audience
from sandkasse.documents.exhibit import Cell, Column, Exhibit
from sandkasse.documents.word import differs_told
from sandkasse.documents.wording import printable
from sandkasse.exchange.formulas import neutralised
from sandkasse.i18n import N_, _

_SHEETS = {
    "cohort": N_("Cohort"),
    "snapshot": N_("Snapshot"),
    "activity": N_("Activity"),
    "times": N_("Times"),
    "ages": N_("Ages"),
    "flow": N_("Flow"),
    "trend": N_("Trend"),
    "paths": N_("Paths"),
    "waiting": N_("Waiting"),
    "forecast": N_("Forecast"),
    "bridge": N_("Bridge"),
    "seats": N_("Seats"),
}
_NUMBER_FORMATS = {
    "words": "General", "count": "#,##0", "days": "#,##0.0", "share": "0 %", "amount": "#,##0.0",
    "change": "+#,##0;-#,##0",
}  # fmt: skip
_NARROWEST, _WIDEST = 10, 34
_HEADING_HEIGHT, _LINE_HEIGHT = 48, 16


def spreadsheet(title: str, under: str, exhibits: Sequence[Exhibit], audience: Audience) -> bytes:
    """An .xlsx file in the language of the moment: what it is, and a sheet for each figure.

    :param title: what it is about. :param under: when, and what else stands below it.
    """
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
         "strings_to_numbers": False},
    )  # fmt: skip
    book.set_properties(
        {"title": printable(title), "author": "Sandkasse", "comments": "",
         "created": clock.now().astimezone(UTC).replace(tzinfo=None)}
    )  # fmt: skip
    strong = book.add_format({"bold": True, "font_size": 14})
    words = book.add_format({"text_wrap": True, "valign": "top"})
    first = book.add_worksheet(_("About"))
    first.set_column(0, 0, 90)
    for row, text in enumerate([title, *under.split("\n"), _(MARKS[audience])]):
        first.write_string(row, 0, _safe(text), strong if row == 0 else words)
    head = book.add_format(
        {"bold": True, "bg_color": "#174A75", "font_color": "#FFFFFF", "text_wrap": True,
         "valign": "top", "border": 1}
    )  # fmt: skip
    formats = {
        style: book.add_format({"num_format": code}) for style, code in _NUMBER_FORMATS.items()
    }
    marks = book.add_format({"align": "right"})
    for shown in exhibits:
        sheet = book.add_worksheet(_(_SHEETS[shown.kind]))
        _table(sheet, shown, head, formats, marks)
        _explanation(sheet, shown, words)
    book.close()
    return file.getvalue()


def _table(
    sheet: Worksheet, shown: Exhibit, head: Format, formats: dict[str, Format], marks: Format
) -> None:
    """The table, from the sheet's first cell, its heading frozen and repeated in print."""
    for place, column in enumerate(shown.columns_in("sheet")):
        sheet.write_string(0, place, _safe(column.heading), head)
        sheet.set_column(place, place, _width(column))
        for row, cell in enumerate(column.cells, start=1):
            _write(sheet, row, place, cell, formats[column.style], marks if place else None)
    sheet.set_row(0, _HEADING_HEIGHT)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _explanation(sheet: Worksheet, shown: Exhibit, words: Format) -> None:
    """Below the table: what it says, of how many and when, its receipt, and what it means."""
    columns = shown.columns_in("sheet")
    last = max(len(columns) - 1, 5)
    letters = sum(map(_width, columns)) + _NARROWEST * max(0, last + 1 - len(columns))
    row = max((len(column.cells) for column in columns), default=0) + 2
    about = [shown.title, shown.sentence, shown.basis, shown.receipt, differs_told(shown),
             shown.definition]  # fmt: skip
    for text in filter(None, about):
        sheet.merge_range(row, 0, row, last, "", words)
        sheet.write_string(row, 0, _safe(text), words)
        sheet.set_row(row, _LINE_HEIGHT * (1 + int(len(text) / (letters * 0.95))))
        row += 1


def _write(
    sheet: Worksheet, row: int, place: int, cell: Cell, number: Format, mark: Format | None
) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(row, place, _safe(cell), mark)
    else:
        sheet.write_number(row, place, cell, number)


def _width(column: Column) -> float:
    longest = max((len(text) for text in column.texts()), default=0)
    word = max((len(one) for one in column.heading.split()), default=0)
    return max(_NARROWEST, min(max(longest, word) + 2, _WIDEST))


def _safe(text: str) -> str:
    return neutralised(printable(text))
