"""Figures as slides: a sentence, the chart as a picture, its table, and the receipt on each."""

import io
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.presentation import Presentation as Deck
from pptx.shapes.base import BaseShape
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Length, Pt

from sandkasse import clock
from sandkasse.documents import picture
from sandkasse.documents.audience import MARKS, Audience
from sandkasse.documents.exhibit import Exhibit
from sandkasse.documents.word import LANGUAGE_TAGS, column_shares, differs_told
from sandkasse.documents.wording import printable
from sandkasse.i18n import _, language, number_text

#: Rows of a table beyond these stand in the spreadsheet alone.
MOST_ROWS = 11

_WIDTH, _HEIGHT = Inches(13.333), Inches(7.5)
_MARGIN = Inches(0.5)
_TITLE, _TITLE_ONLY = 0, 5
_INK, _GREY = RGBColor(0x15, 0x23, 0x2D), RGBColor(0x50, 0x5A, 0x63)
_BLUE, _PALE, _WHITE = (
    RGBColor(0x17, 0x4A, 0x75), RGBColor(0xF1, 0xF5, 0xF8), RGBColor(0xFF, 0xFF, 0xFF),
)  # fmt: skip
_FONT = "Calibri"


def slides(title: str, under: str, exhibits: Sequence[Exhibit], audience: Audience) -> bytes:
    """A .pptx file in the language of the moment: a title slide, and one slide a figure.

    :param title: what it is about. :param under: when, and what else stands below it.
    """
    deck = Presentation()
    _widen(deck)
    first = deck.slides.add_slide(deck.slide_layouts[_TITLE])
    _write(first.shapes.title.text_frame, printable(title), 38, bold=True, colour=_BLUE)
    _write(first.placeholders[1].text_frame, f"{printable(under)}\n{_(MARKS[audience])}", 18)
    for shown in exhibits:
        _figure(deck, shown, _(MARKS[audience]))
    about = deck.core_properties
    about.title, about.author, about.last_modified_by = printable(title), "Sandkasse", "Sandkasse"
    about.language = LANGUAGE_TAGS[language()]
    about.created = about.modified = clock.now().astimezone(UTC).replace(tzinfo=None)
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def _widen(deck: Deck) -> None:
    """The library's own template is 4:3: make it 16:9, with all that stands in it."""
    by = _WIDTH / deck.slide_width
    deck.slide_width, deck.slide_height = Emu(_WIDTH), Emu(_HEIGHT)
    for layout in (deck.slide_master, *deck.slide_layouts):
        for shape in layout.placeholders:
            shape.left, shape.width = Emu(int(shape.left * by)), Emu(int(shape.width * by))


def _figure(deck: Deck, shown: Exhibit, mark: str) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    whole = _WIDTH - 2 * _MARGIN
    heading = slide.shapes.title
    _place(heading, _MARGIN, Inches(0.3), whole, Inches(0.7))
    heading.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    _write(heading.text_frame, shown.title, 28, bold=True, colour=_BLUE)
    heading.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    heading.text_frame.margin_left = 0
    _box(slide, (_MARGIN, Inches(1.0), whole, Inches(0.9)), shown.sentence, 16)
    half = Inches(6.5)
    if shown.chart is not None:
        _picture(slide, shown, (_MARGIN, Inches(2.0), half, Inches(4.55)))
        _table(slide, shown, Emu(_MARGIN + half + Inches(0.25)), Inches(2.0))
    else:
        _table(slide, shown, _MARGIN, Inches(2.0))
    told = " · ".join(filter(None, [shown.receipt, shown.basis, differs_told(shown)]))
    _box(slide, (_MARGIN, Inches(6.65), whole, Inches(0.35)), told, 12, bold=True)
    below = f"{shown.definition} {mark}"
    _box(slide, (_MARGIN, Inches(6.95), whole, Inches(0.45)), below, 10, colour=_GREY)


def _picture(slide: Slide, shown: Exhibit, room: tuple[int, int, int, int]) -> None:
    """The chart in its room, as large as it fits, described for those who cannot see it."""
    assert shown.chart is not None  # noqa: S101
    left, top, width, height = room
    drawn = io.BytesIO(picture.png(shown.chart))
    shape = slide.shapes.add_picture(drawn, Emu(left), Emu(top))
    by = min(width / shape.width, height / shape.height)
    shape.width, shape.height = Emu(int(shape.width * by)), Emu(int(shape.height * by))
    _describe(shape, shown.described)


def _table(slide: Slide, shown: Exhibit, left: Length, top: Length) -> None:
    columns = shown.columns_in("text")
    rows = list(zip(*(column.texts() for column in columns), strict=True))
    if not rows:
        return
    lines = [[one.heading for one in columns], *rows[:MOST_ROWS]]
    width = _WIDTH - _MARGIN - left
    size = 13 if len(columns) <= 4 else 11 if len(columns) <= 6 else 10
    frame = slide.shapes.add_table(
        len(lines), len(columns), left, top, Emu(width), Emu(Inches(0.34) * len(lines))
    )
    _describe(frame, f"{shown.title}. {shown.sentence}")
    table = frame.table
    table.first_row, table.horz_banding = True, False
    for place, share in enumerate(column_shares(lines)):
        table.columns[place].width = Emu(int(width * share))
    for number, line in enumerate(lines):
        for place, text in enumerate(line):
            _cell(table.cell(number, place), text, size, head=number == 0, first=place == 0)
    if len(rows) > MOST_ROWS:
        told = _("The first {n} of {total} rows; the spreadsheet has all.").format(
            n=number_text(MOST_ROWS), total=number_text(len(rows))
        )
        below = Emu(top + Inches(0.34) * len(lines) + Inches(0.3))
        _box(slide, (left, below, width, Inches(0.3)), told, 10, colour=_GREY)


def _cell(cell: Any, text: str, size: int, *, head: bool, first: bool) -> None:
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.margin_top = cell.margin_bottom = Inches(0.025)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = _BLUE if head else _PALE
    _write(cell.text_frame, printable(text), size, bold=head, colour=_WHITE if head else _INK)
    if not first:
        cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _box(
    slide: Slide,
    room: tuple[int, int, int, int],
    text: str,
    size: int,
    *,
    bold: bool = False,
    colour: RGBColor = _INK,
) -> None:
    box = slide.shapes.add_textbox(*(Emu(int(one)) for one in room))
    box.text_frame.word_wrap = True
    box.text_frame.margin_left = box.text_frame.margin_right = 0
    _write(box.text_frame, printable(text), size, bold=bold, colour=colour)


def _write(
    frame: TextFrame, text: str, size: int, *, bold: bool = False, colour: RGBColor = _INK
) -> None:
    """Write a text in the language of the moment, a paragraph a line."""
    frame.word_wrap = True
    for number, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        words = paragraph.add_run()
        words.text = line
        words.font.size, words.font.bold, words.font.name = Pt(size), bold, _FONT
        words.font.color.rgb = colour
        words._r.get_or_add_rPr().set("lang", LANGUAGE_TAGS[language()])  # noqa: SLF001
        if frame.paragraphs[0] is not paragraph:
            paragraph.space_before = Pt(4)


def _place(shape: BaseShape, left: int, top: int, width: int, height: int) -> None:
    shape.left, shape.top, shape.width, shape.height = map(Emu, (left, top, width, height))


def _describe(shape: Any, text: str) -> None:
    shape._element.xpath(".//p:cNvPr")[0].set("descr", text)  # noqa: SLF001
