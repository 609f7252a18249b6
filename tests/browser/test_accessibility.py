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

# The views of a meeting, in half of the ways to look: each language, width and scheme twice. In a
# demonstration no. 6 is the last meeting that froze its figures, and no. 7 the next one.
MEETINGS = [
    ("member-tax", "meetings"),
    ("member-tax", "meetings?view=subprojects"),
    ("member-tax", "meetings?meeting=6&view=people"),
    ("mentor-marit", "meetings?meeting=6&view=results"),
    ("lead", "meetings?meeting=7"),
    ("lead", "meetings?meeting=6&view=figures"),
    ("member-tax", "meetings?meeting=6&view=papers"),
    ("lead", "funnel?receipt={code}"),
]
PRIVACY = [
    (None, "privacy"),
    ("student-bsc", "privacy?view=mine"),
    ("lead", "privacy?view=erasure&kind=idea&number=3"),
    ("lead", "privacy?view=retention"),
    ("lead", "audit"),
]
MEETINGS_LOOKED_AT = {
    ("nb", WIDE, "light"), ("en", NARROW, "light"), ("nb", NARROW, "dark"), ("en", WIDE, "dark"),
}  # fmt: skip


@pytest.fixture(scope="module")
def code(served, chromium):
    """The number receipt of a figure that a meeting has frozen."""
    page = visitor(chromium, served.url, "lead").new_page()
    page.goto(served.url + "meetings?meeting=6&view=figures")
    settled(page)
    told = page.get_by_text("Number receipt").first.inner_text()
    page.context.close()
    return told.split()[-1]


# The kinds of flow figure, some on a phone in the dark, the others on a screen in the light.
FLOW = {
    ("nb", NARROW, "dark"): ("times&by=level", "ages", "flow", "paths", "forecast&terms=uit"),
    ("en", WIDE, "light"): ("times&by=theme", "ages&terms=uit", "flow&by=week", "trend"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_axe_finds_nothing_on_any_page(served, chromium, code, language, width, scheme):
    axe, found = Axe(), []
    looked_at = PAGES
    if (language, width, scheme) in MEETINGS_LOOKED_AT:
        meetings = [(slug, path.format(code=code)) for slug, path in MEETINGS]
        looked_at = [*PAGES, *meetings, *PRIVACY]
    for slug in dict.fromkeys(slug for slug, _path in looked_at):
        context = visitor(chromium, served.url, slug, language, width, scheme)
        page = context.new_page()
        for path in (path for who, path in looked_at if who == slug):
            page.goto(served.url + path)
            settled(page)
            for violation in axe.run(page).response["violations"]:
                found += [
                    (slug, path, violation["id"], node["target"], node["html"][:160])
                    for node in violation["nodes"]
                ]
        context.close()
    assert found == []


def test_axe_finds_nothing_on_the_flow_figures(served, chromium):
    axe, found = Axe(), []
    for (language, width, scheme), kinds in FLOW.items():
        context = visitor(chromium, served.url, "mentor-marit", language, width, scheme)
        page = context.new_page()
        for kind in kinds:
            page.goto(f"{served.url}funnel?kind={kind}")
            settled(page)
            found += [
                (kind, one["id"], [node["target"] for node in one["nodes"]])
                for one in axe.run(page).response["violations"]
            ]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append((kind, "wider than the screen", []))
        context.close()
    assert found == []


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


@pytest.mark.parametrize(
    "path",
    [
        "", "idea_bank", "board", "funnel", "submit", "agencies", "idea?idea=1", "meetings",
        "recruitment",
        "meetings?meeting=7", "meetings?meeting=6&view=figures", "meetings?meeting=6&view=results",
    ],
)  # fmt: skip
def test_no_page_is_wider_than_a_phone(served, chromium, path):
    page = visitor(chromium, served.url, "mentor-marit", "nb", NARROW).new_page()
    page.goto(served.url + path)
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    page.context.close()
