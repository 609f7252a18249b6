"""The funnel and a meeting, printed from the browser on A4."""

import io
import itertools

import pytest
from pypdf import PdfReader

from tests.browser.serving import WIDE, settled, visitor

PRINTED = list(
    itertools.product(
        ("nb", "en"),
        ("funnel?kind=flow", "funnel?kind=ages", "meetings?meeting=6&view=figures"),
    )
)
CELLS = "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
TOO_WIDE = """
found => found.filter(one => one.getBoundingClientRect().right > innerWidth + 1).length
"""
A4_WIDTH = 718


@pytest.mark.browser
@pytest.mark.parametrize(("language", "address"), PRINTED)
def test_figures_print_whole_and_nothing_to_press_does(served, chromium, language, address):
    scheme = "dark" if language == "en" else "light"
    page = visitor(chromium, served.url, "lead", language, WIDE, scheme).new_page()
    page.goto(served.url + address)
    settled(page)
    page.wait_for_timeout(1_500)
    # Whatever of a long table was in sight on the screen.
    rows = page.locator("tbody tr:last-child").evaluate_all(CELLS)
    assert rows
    told = " ".join(part.extract_text() for part in PdfReader(io.BytesIO(page.pdf())).pages)
    words = " ".join(told.split())
    for row in rows:
        assert " ".join(" ".join(row).split()) in words, row
    for pressed in ("Why is it counted here?", "Hvorfor er den talt med her?", "Språk / Language"):
        assert pressed not in words
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4_WIDTH, "height": 1_000})
    page.wait_for_timeout(1_000)
    assert page.locator("svg.marks, table").evaluate_all(TOO_WIDE) == 0
    page.context.close()
