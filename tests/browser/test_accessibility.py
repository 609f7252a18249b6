"""axe-core finds nothing on any page, and none is wider than its screen: both languages, light and
dark, narrow and wide. What was found is what the accessibility statement tells (`make
accessibility` writes it down)."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from sandkasse.config import PROJECT_FOLDER
from tests.browser.accessibility_record import Record
from tests.browser.serving import NARROW, WIDE, settled, visitor

pytestmark = pytest.mark.browser

# Each page as somebody who has it, and the way in.
PAGES = [
    (None, ""),
    (None, "accessibility"),
    (None, "privacy"),
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
    ("lead", "audit"),
    ("student-bsc", "privacy?view=mine"),
    ("lead", "privacy?view=erasure"),
    ("lead", "privacy?view=retention"),
    ("mentor-marit", "funnel?kind=ages&terms=uit"),
    ("mentor-marit", "funnel?kind=forecast&terms=uit"),
]

# More views of the same pages, in half of the ways to look: each language, width and scheme twice.
# In a demonstration no. 6 is the last meeting that froze its figures, and no. 7 the next one.
VIEWS = [
    ("member-tax", "meetings"),
    ("member-tax", "meetings?view=subprojects"),
    ("member-tax", "meetings?meeting=6&view=people"),
    ("mentor-marit", "meetings?meeting=6&view=results"),
    ("lead", "meetings?meeting=7"),
    ("lead", "meetings?meeting=6&view=figures"),
    ("member-tax", "meetings?meeting=6&view=papers"),
    ("lead", "funnel?receipt={code}"),
    ("mentor-marit", "funnel?kind=times&by=level"),
    ("mentor-marit", "funnel?kind=times&by=theme"),
    ("mentor-marit", "funnel?kind=flow&by=week"),
    ("mentor-marit", "funnel?kind=paths"),
    ("mentor-marit", "funnel?kind=trend"),
    (None, "privacy"),
    ("student-bsc", "privacy?view=mine"),
    ("lead", "privacy?view=erasure&kind=idea&number=3"),
    ("lead", "privacy?view=retention"),
    ("lead", "audit"),
]
# A page is opened once in each language and then looked at in all these ways.
LOOKS = [(WIDE, "light"), (WIDE, "dark"), (NARROW, "dark"), (NARROW, "light")]
LOOKS_AT_VIEWS = {
    "nb": [(WIDE, "light"), (NARROW, "dark")],
    "en": [(WIDE, "dark"), (NARROW, "light")],
}


@pytest.fixture(scope="module")
def code(served, chromium):
    """The number receipt of a figure that a meeting has frozen."""
    page = visitor(chromium, served.url, "lead").new_page()
    page.goto(served.url + "meetings?meeting=6&view=figures")
    settled(page)
    told = page.get_by_text("Number receipt").first.inner_text()
    page.context.close()
    return told.split()[-1]


@pytest.fixture(scope="module")
def record(chromium):
    """What is found, written down at the end where `make accessibility` asks for it."""
    kept = Record(chromium.version, LOOKS)
    yield kept
    kept.write()


def seen_to_be_wrong(page: Page, axe: Axe, width: int, scheme: str) -> list[str]:
    """What axe finds on the page as it is at this width and in these colours; and whether one has
    to scroll sideways."""
    page.set_viewport_size({"width": width, "height": 900 if width == WIDE else 740})
    page.emulate_media(color_scheme=scheme)
    settled(page)
    found = [
        f"{one['id']} {node['target']} {node['html'][:160]}"
        for one in axe.run(page).response["violations"]
        for node in one["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append("wider than the screen")
    return found


@pytest.mark.parametrize("language", ["nb", "en"])
def test_axe_finds_nothing_on_any_page(served, chromium, record, code, language):
    axe, found = Axe(), []
    asked = [(slug, path, LOOKS) for slug, path in PAGES]
    asked += [(slug, path.format(code=code), LOOKS_AT_VIEWS[language]) for slug, path in VIEWS]
    for slug in dict.fromkeys(slug for slug, _path, _looks in asked):
        page = visitor(chromium, served.url, slug, language).new_page()
        for path, looks in ((path, looks) for who, path, looks in asked if who == slug):
            page.goto(served.url + path)
            settled(page)
            for width, scheme in looks:
                wrong = seen_to_be_wrong(page, axe, width, scheme)
                found += [(slug, path, width, scheme, one) for one in wrong]
                record.note(path if slug else path or "welcome", language, len(wrong))
        page.context.close()
    assert found == []


def test_every_page_is_among_those_that_are_looked_at():
    files = {path.stem for path in (PROJECT_FOLDER / "pages").glob("*.py")}
    assert files == {path.split("?")[0] or "home" for _slug, path in [*PAGES, *VIEWS]}


def test_why_an_idea_is_counted_opens_with_one_press(served, chromium):
    page = visitor(chromium, served.url, "mentor-marit").new_page()
    page.goto(served.url + "funnel?kind=times")
    settled(page)
    page.get_by_role("button", name="Why is it counted here?: ").first.click()
    page.get_by_text("It is counted.").wait_for()
    assert page.get_by_text("The rule: It came to").count() == 1
    assert Axe().run(page).response["violations"] == []
    page.context.close()


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
