"""axe-core finds nothing on any page: both languages, light and dark, narrow and wide."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.serving import NARROW, WIDE, settled, visitor

pytestmark = pytest.mark.browser

# Each page as somebody who has it, and the way in.
PAGES = [
    (None, ""),
    ("student-bsc", ""),
    ("student-bsc", "submit"),
    ("mentor-marit", ""),
    ("mentor-marit", "idea_bank"),
    ("mentor-marit", "board"),
    ("mentor-marit", "idea?idea=1"),
    ("member-tax", ""),
    ("member-tax", "funnel"),
    ("member-tax", "funnel?kind=snapshot"),
    ("member-tax", "funnel?kind=activity"),
    ("member-tax", "board"),
    ("student-bsc", "agencies"),
    ("lead", "agencies"),
    ("member-tax", "funnel?kind=waiting"),
    ("mentor-marit", "touchpoint?touchpoint=1"),
    ("lead", ""),
    ("lead", "agencies?view=waiting"),
    ("lead", "agencies?view=matters"),
    ("lead", "agencies?view=barriers"),
    ("student-bsc", "recruitment"),
    ("student-phd", "position?position=1"),
    ("student-phd", "application?application=1"),
    ("lead", "recruitment?view=board"),
    ("lead", "recruitment?view=seats"),
    ("lead", "position?position=1"),
    ("lead", "application?application=1"),
    ("lead", "people"),
    ("lead", "exchange"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_axe_finds_nothing_on_any_page(served, chromium, language, width, scheme):
    axe, found = Axe(), []
    for slug in dict.fromkeys(slug for slug, _path in PAGES):
        context = visitor(chromium, served.url, slug, language, width, scheme)
        page = context.new_page()
        for path in (path for who, path in PAGES if who == slug):
            page.goto(served.url + path)
            settled(page)
            for violation in axe.run(page).response["violations"]:
                found += [
                    (slug, path, violation["id"], node["target"], node["html"][:160])
                    for node in violation["nodes"]
                ]
        context.close()
    assert found == []


def test_axe_finds_nothing_in_the_dialog_for_moving(served, chromium):
    page = visitor(chromium, served.url, "mentor-marit").new_page()
    page.goto(served.url + "board")
    settled(page)
    page.get_by_role("button", name="Move «").first.click()
    page.get_by_role("dialog").wait_for()
    settled(page)
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in violations] == []
    page.context.close()


@pytest.mark.parametrize(
    "path",
    ["", "idea_bank", "board", "funnel", "submit", "agencies", "idea?idea=1", "recruitment"],
)
def test_no_page_is_wider_than_a_phone(served, chromium, path):
    page = visitor(chromium, served.url, "mentor-marit", "nb", NARROW).new_page()
    page.goto(served.url + path)
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    page.context.close()
