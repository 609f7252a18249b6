"""A figure's table on a wide and on a narrow screen."""

import pytest
from playwright.sync_api import expect

from sandkasse.i18n import _, in_language
from sandkasse.ui.component import sideways
from tests.browser.serving import NARROW, WIDE, settled, visitor


@pytest.mark.browser
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_table_that_is_cut_says_so_and_one_that_is_whole_does_not(served, chromium, width):
    page = visitor(chromium, served.url, "member-tax", "nb", width).new_page()
    page.goto(f"{served.url}funnel?kind=waiting")
    settled(page)
    with in_language("nb"):
        room = page.get_by_role("group", name=_("Whose time it was, as a table"))
    columns = room.locator("thead th").count()
    with in_language("nb"):
        more = page.get_by_text(sideways(columns), exact=True)
    expect(more).to_be_visible(visible=width == NARROW)
    is_cut = room.evaluate("room => room.scrollWidth > room.clientWidth + 1")
    assert is_cut is (width == NARROW)
    # Whoever has no mouse can scroll it where it is cut, and passes it by where it is whole.
    assert room.get_attribute("tabindex") == ("0" if is_cut else None)
    page.context.close()
