"""The spreadsheet, as openpyxl reads it."""

import io

import pytest
from openpyxl import Workbook, load_workbook

from sandkasse import freezes, number_receipts
from sandkasse.documents import spreadsheet
from sandkasse.documents.audience import Audience
from sandkasse.figures import cohort, snapshot
from tests.documents.conftest import Held

PROJECT, OUTSIDE = Audience.PROJECT, Audience.OUTSIDE


def book(held: Held, audience: Audience, language: str = "en") -> Workbook:
    return load_workbook(io.BytesIO(held.papers(audience, language)["figures.xlsx"]))


def test_a_sheet_a_figure_with_its_heading_frozen(held: Held) -> None:
    found = book(held, PROJECT)
    assert found.sheetnames == [
        "About", "Cohort", "Snapshot", "Times", "Ages", "Flow", "Waiting", "Forecast",
        "Bridge",
    ]  # fmt: skip
    assert {sheet.freeze_panes for sheet in found.worksheets[1:]} == {"B2"}
    assert "Kull" in book(held, PROJECT, "nb").sheetnames


def test_numbers_are_numbers_and_those_of_the_figures(held: Held) -> None:
    (kept,) = freezes.of_meeting(held.db, held.cast.lead, held.meeting_id)
    figure = cohort(held.db, held.cast.lead, kept.choice)
    sheet = book(held, PROJECT)["Cohort"]
    for row, stage in enumerate(figure.stages, start=2):
        assert [sheet.cell(row, column).value for column in (2, 6, 7, 8)] == [
            stage.reached, stage.advanced, stage.open, sum(stage.left.values()),
        ]  # fmt: skip
    now = snapshot(held.db, held.cast.lead, kept.choice)
    sheet = book(held, PROJECT)["Snapshot"]
    for row, place in enumerate(now.stages, start=2):
        assert [sheet.cell(row, column).value for column in (2, 3)] == [
            place.active, place.on_hold,
        ]  # fmt: skip


def test_each_sheet_says_its_moment_receipt_and_definition(held: Held) -> None:
    (kept,) = freezes.of_meeting(held.db, held.cast.lead, held.meeting_id)
    for sheet, code in zip(book(held, PROJECT).worksheets[1:8], kept.codes.values(), strict=True):
        below = [str(cell.value) for cell in sheet["A"] if cell.value]
        assert any(number_receipts.shown(code) in text for text in below)
        assert any("as of" in text for text in below)


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+47 1", "-1", "@SUM(1)", "\x00=1", "12"])
def test_a_text_is_never_a_formula_a_link_or_a_number(text: str) -> None:
    file = spreadsheet.spreadsheet(text, "https://example.org", (), PROJECT)
    first, second = (load_workbook(io.BytesIO(file)).active[cell] for cell in ("A1", "A2"))
    assert first.data_type == "s"
    assert not str(first.value).startswith(("=", "+", "-", "@"))
    assert second.hyperlink is None


def test_outside_no_small_number_is_in_the_file(held: Held) -> None:
    counted = {"Cohort": (2, 4, 5, 6), "Snapshot": (2,), "Ages": (2,), "Flow": (2,), "Times": (2,)}
    found = book(held, OUTSIDE)
    for name, columns in counted.items():
        for column in columns:
            cells = [row[0].value for row in found[name].iter_rows(2, 20, column, column)]
            numbers = [cell for cell in cells if isinstance(cell, int)]
            assert not [n for n in numbers if 0 < n < 5], name
