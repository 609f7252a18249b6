"""A Word document as this project writes them: headings, lists, tables and pictures that a screen
reader understands, in one language, with nothing fetched from anywhere."""

import io
from collections.abc import Sequence
from datetime import UTC

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell

from sandkasse import clock
from sandkasse.documents import picture
from sandkasse.documents.exhibit import Exhibit
from sandkasse.documents.wording import printable
from sandkasse.i18n import _, language, number_text

LANGUAGE_TAGS = {"nb": "nb-NO", "en": "en-GB"}
#: Rows of a table beyond these stand in the spreadsheet alone.
MOST_ROWS = 15

_FONT = "Calibri"
_TABLE_WIDTH = 16.0
_BLUE, _GREY = RGBColor(0x17, 0x4A, 0x75), RGBColor(0x50, 0x5A, 0x63)
_SIZES = {"Title": 24, "Heading 1": 16, "Heading 2": 13, "Heading 3": 11}


class Word:
    """A document under way. Every text is written as plain text."""

    def __init__(self, title: str, mark: str) -> None:
        self._document: WordDocument = Document()
        self._prepare(printable(title), mark)
        self._document.add_heading(printable(title), level=0)

    def heading(self, text: str, level: int = 1) -> None:
        """A heading; the title of the document is above level 1."""
        self._document.add_heading(printable(text), level=level)

    def paragraph(self, text: str, *, quiet: bool = False, style: str | None = None) -> None:
        """A paragraph; ``quiet`` for what stands beside the matter."""
        words = self._document.add_paragraph(style=style).add_run(printable(text))
        if quiet:
            words.font.size, words.font.color.rgb = Pt(9), _GREY

    def listed(self, texts: Sequence[str], *, numbered: bool = False) -> None:
        """A list."""
        for text in texts:
            self.paragraph(text, style="List Number" if numbered else "List Bullet")

    def named(self, name: str, text: str, *, struck: bool = False) -> None:
        """A paragraph that begins with what it is, in bold; ``struck`` for what no longer holds."""
        paragraph = self._document.add_paragraph()
        paragraph.add_run(f"{printable(name)} ").bold = True
        paragraph.add_run(printable(text)).font.strike = struck or None

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]], described: str) -> None:
        """A table whose first row is marked as its heading, and repeated on each page."""
        table = self._document.add_table(rows=1, cols=len(headings), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        _describe(table, described)
        for cell, text in zip(table.rows[0].cells, headings, strict=True):
            _fill(cell, text, bold=True)
            _shade(cell, "E4ECF3")
        table.autofit = False
        texts = [[printable(text) for text in line] for line in (headings, *rows)]
        for place, share in enumerate(column_shares(texts)):
            table.columns[place].width = Cm(_TABLE_WIDTH * share)
        marked = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(marked)  # noqa: SLF001
        for row in rows:
            cells = table.add_row().cells
            for place, (cell, text) in enumerate(zip(cells, row, strict=True)):
                _fill(cell, text, right=place > 0 and _is_number(text))
        # A table of a few rows stays on one page, with its heading.
        for cell in (cell for row in table.rows[:-1] for cell in row.cells):
            cell.paragraphs[0].paragraph_format.keep_with_next = True
        # Word reads the width of the columns, LibreOffice that of the cells.
        for column in table.columns:
            for cell in column.cells:
                cell.width = column.width
        for row_of_table in table.rows:
            whole = OxmlElement("w:cantSplit")
            row_of_table._tr.get_or_add_trPr().append(whole)  # noqa: SLF001
        self._document.add_paragraph().paragraph_format.space_after = Pt(0)

    def exhibit(self, shown: Exhibit, level: int = 2) -> None:
        """A figure: its sentence, chart and table, of how many and when, and its receipt."""
        self.heading(shown.title, level)
        self.paragraph(shown.sentence)
        self._document.paragraphs[-1].paragraph_format.keep_with_next = True
        if shown.chart is not None:
            drawn = io.BytesIO(picture.png(shown.chart))
            inline = self._document.add_picture(drawn, width=Cm(13.5))
            inline._inline.docPr.set("descr", shown.described)  # noqa: SLF001
            self._document.paragraphs[-1].paragraph_format.keep_with_next = True
        columns = shown.columns_in("text")
        rows = list(zip(*(column.texts() for column in columns), strict=True))
        if rows:
            self.table([one.heading for one in columns], rows[:MOST_ROWS], shown.title)
        if len(rows) > MOST_ROWS:
            self.paragraph(
                _("The first {n} of {total} rows; the spreadsheet has all.").format(
                    n=number_text(MOST_ROWS), total=number_text(len(rows))
                ),
                quiet=True,
            )
        told = " · ".join(filter(None, [shown.receipt, shown.basis]))
        self._document.add_paragraph().add_run(told).font.size = Pt(9.5)
        for text in filter(None, (differs_told(shown), shown.definition)):
            self.paragraph(text, quiet=True)

    def page_break(self) -> None:
        """Go on on a new page."""
        self._document.add_page_break()

    def saved(self) -> bytes:
        """The document as a file."""
        file = io.BytesIO()
        self._document.save(file)
        return file.getvalue()

    def _prepare(self, title: str, mark: str) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(2.2)
        footer = section.footer.paragraphs[0].add_run(mark)
        footer.font.size, footer.font.color.rgb = Pt(8), _GREY
        for name, size in {"Normal": 11, **_SIZES}.items():
            style = self._document.styles[name]
            assert isinstance(style, ParagraphStyle)  # noqa: S101
            _set_font(style, size, heading=name != "Normal")
        normal = self._document.styles["Normal"]
        assert isinstance(normal, ParagraphStyle)  # noqa: S101
        normal.paragraph_format.space_after = Pt(4)
        self._document.styles.element.find(qn("w:docDefaults")).find(
            f".//{qn('w:lang')}"
        ).set(qn("w:val"), LANGUAGE_TAGS[language()])  # fmt: skip
        about = self._document.core_properties
        about.title, about.author, about.last_modified_by = title, "Sandkasse", "Sandkasse"
        about.comments, about.language = "", LANGUAGE_TAGS[language()]
        about.created = about.modified = clock.now().astimezone(UTC).replace(tzinfo=None)


def column_shares(lines: Sequence[Sequence[str]]) -> list[float]:
    """How much of a table's width each column gets: by its longest cell, up to a limit, or the
    longest word of its heading."""
    needs = []
    for heading, *cells in zip(*lines, strict=True):
        word = max(map(len, heading.split()), default=1)
        needs.append(max(word, min(max(map(len, cells), default=1), 22), 4) + 3)
    return [need / sum(needs) for need in needs]


def differs_told(shown: Exhibit) -> str:
    """A warning where what was kept is not what is worked out now; else nothing."""
    if not shown.differs:
        return ""
    return _("Worked out anew, some numbers differ from those that were kept. See the receipt.")


def _set_font(style: ParagraphStyle, size: int, *, heading: bool) -> None:
    style.font.name, style.font.size = _FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), _FONT)
    if heading:
        style.font.color.rgb, style.font.bold = _BLUE, True


def _describe(table: Table, text: str) -> None:
    described = OxmlElement("w:tblDescription")
    described.set(qn("w:val"), text)
    table._tbl.tblPr.append(described)  # noqa: SLF001


def _fill(cell: _Cell, text: str, *, bold: bool = False, right: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    words = paragraph.add_run(printable(text))
    words.bold, words.font.size = bold or None, Pt(9.5)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _shade(cell: _Cell, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)):
        shade.set(qn(name), value)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001


def _is_number(text: str) -> bool:
    return text[:1].isdigit() or text[:1] in "+−–<…"
