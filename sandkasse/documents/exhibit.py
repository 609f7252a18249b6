"""A figure as documents show it: a sentence, a chart, a table, what it means and its receipt.

Word, slides and spreadsheet are all written from the same exhibit, so that they cannot differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sandkasse import number_receipts
from sandkasse.charts.funnel import Spec
from sandkasse.figures.sentences import Counted, basis
from sandkasse.i18n import N_, _, number_text, percent_text

#: What the kinds of figure are called, on screens and in documents.
TITLES = {
    "cohort": N_("Cohort: how far they came"),
    "snapshot": N_("Snapshot: what is where"),
    "activity": N_("Activity: what moved"),
    "waiting": N_("Waiting: whose time it was"),
    "times": N_("Time: how long each stage takes"),
    "ages": N_("Age: how old the open ideas are"),
    "flow": N_("Flow: what came and went"),
    "trend": N_("Trend: cohort by cohort"),
    "paths": N_("Paths: where ideas go"),
    "forecast": N_("Forecast: what is to come"),
    "bridge": N_("Bridge: from the last meeting to this one"),
    "seats": N_("Seats: whether student positions are filled"),
}

#: The colour of words in charts on white paper.
INK = "#15232d"

#: A number, words (as for a hidden number), or None where there is nothing to say.
Cell = str | int | float | None


@dataclass(frozen=True)
class Column:
    """A column of a table. ``style`` tells how its numbers are written: an ``amount`` has a decimal
    where it is not whole; a ``change`` has its sign, and is not written where there is none.
    ``only`` tells that it is on the screen and in documents to be read (``text``), on the screen
    alone (``screen``), or in the spreadsheet alone (``sheet``)."""

    heading: str
    cells: tuple[Cell, ...]
    style: Literal["words", "count", "days", "share", "amount", "change"] = "count"
    only: Literal["text", "screen", "sheet"] | None = None

    def texts(self) -> list[str]:
        """The cells as people read them."""
        return [self._text(cell) for cell in self.cells]

    def _text(self, cell: Cell) -> str:
        if cell is None:
            return "–"
        if isinstance(cell, str):
            return cell
        if self.style == "share":
            return percent_text(cell)
        if self.style in ("amount", "change"):
            whole = float(cell).is_integer()
            told = number_text(abs(cell), 0 if whole else 1)
            return told if self.style == "amount" else f"{_sign(cell)}{told}" if cell else ""
        return number_text(cell, 1 if self.style == "days" and cell < 10 else 0)


def in_words(cells: Mapping[str, Iterable[Cell]]) -> tuple[Column, ...]:
    """A column of words for each heading."""
    return tuple(Column(heading, tuple(words), "words") for heading, words in cells.items())


def _sign(number: float) -> str:
    return "+" if number > 0 else "−"


@dataclass(frozen=True)
class Table:
    """A table as screens and documents show it: its columns, and what they mean. ``alt`` says what
    it is a table of, for those who hear the screen; ``more`` is what a screen says beside."""

    columns: tuple[Column, ...]
    alt: str
    note: str = ""
    more: str = ""

    def on_screen(self) -> list[Column]:
        """The columns that the screen has."""
        return [column for column in self.columns if column.only != "sheet"]

    def on_paper(self) -> tuple[Column, ...]:
        """The columns that documents have."""
        return tuple(column for column in self.columns if column.only != "screen")


@dataclass(frozen=True)
class Exhibit:
    """A figure to be shown. ``n`` is words where it is hidden; ``codes`` are its number receipts,
    with what each is of (nothing for a single one). ``chart`` is None where it would show what is
    hidden, and where there is nothing to draw. ``counts`` is what ``n`` counts, where that is not
    what the kind of figure does. Moments are aware UTC."""

    kind: str
    sentence: str
    n: Cell
    as_of: datetime
    known_at: datetime
    columns: tuple[Column, ...]
    chart: Spec | None
    definition: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    differs: bool = False
    counts: Counted | None = None

    @property
    def title(self) -> str:
        """What the figure is called."""
        return _(TITLES[self.kind])

    @property
    def basis(self) -> str:
        """Of how many it speaks, and when."""
        n = self.n if isinstance(self.n, str) else int(self.n or 0)
        return basis(self.kind, n, self, self.counts)

    @property
    def receipt(self) -> str:
        """Its codes in a line; nothing where it has none."""
        told = [
            " ".join(filter(None, [words, number_receipts.shown(code)]))
            for words, code in self.codes
        ]
        return _("Number receipt: {codes}").format(codes=" · ".join(told)) if told else ""

    @property
    def described(self) -> str:
        """What the chart shows, for those who cannot see it."""
        return f"{self.title}. {self.sentence} " + _("The same numbers stand in the table.")

    def columns_in(self, kind: Literal["text", "sheet"]) -> Sequence[Column]:
        """The columns that a kind of document has."""
        return [column for column in self.columns if column.only in (None, kind)]
