"""The journeys that people make, by mouse and by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import serving
from tests.browser.serving import settled, visitor

pytestmark = pytest.mark.browser

WAIT = 15_000


def opened(chromium, served, slug, path="", **how) -> Page:
    """A page as somebody, drawn to the end."""
    page = visitor(chromium, served.url, slug, **how).new_page()
    page.set_default_timeout(WAIT)
    page.goto(served.url + path)
    settled(page)
    return page


def fill_in(page: Page, title: str) -> None:
    """Write an idea as one types."""
    page.get_by_label("Title").fill(title)
    page.get_by_label("The problem").fill("Quays close because nobody knows how thick the ice is.")
    page.get_by_label("Level").click()
    page.get_by_role("option", name="Master").click()


def card(page: Page, title: str):
    """The board's card of an idea."""
    return page.get_by_role("listitem").filter(has_text=title)


def column(page: Page, stage: str):
    """The board's column of a stage."""
    return page.get_by_role("region", name=stage, exact=True)


def test_an_idea_from_submission_to_an_exit_and_back_by_mouse(served, chromium):
    title = "Ice sensors for the quay"
    student = opened(chromium, served, "student-msc", "submit")
    fill_in(student, title)
    student.get_by_role("button", name="Submit the idea").click()
    expect(student.get_by_role("heading", name=title, level=1)).to_be_visible(timeout=WAIT)

    mentor = opened(chromium, served, "mentor-marit", "board?search=quay")
    expect(column(mentor, "Idea bank").get_by_role("link", name=title)).to_be_visible()
    card(mentor, title).get_by_role("button").click()
    dialog = mentor.get_by_role("dialog")
    dialog.get_by_text("The problem and who has it are described").click()
    dialog.get_by_role("button", name="Forward to Clarification").click()
    expect(column(mentor, "Clarification").get_by_role("link", name=title)).to_be_visible()

    card(mentor, title).get_by_role("button").click()
    dialog.get_by_label("What happens").click()
    mentor.get_by_role("option", name="Leaves: declined").click()
    dialog.get_by_label("Reason").click()
    mentor.get_by_role("option", name="Too few have the problem").click()
    dialog.get_by_role("button", name="Leaves: declined").click()
    expect(mentor.get_by_role("link", name=title)).to_have_count(0)
    mentor.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(column(mentor, "Clarification").get_by_role("link", name=title)).to_be_visible()

    student.reload()
    settled(student)
    expect(student.get_by_text("Left: declined")).to_be_visible()
    expect(student.get_by_text("A correction of entry no. 3")).to_be_visible()


def test_what_was_typed_is_there_again_after_leaving_the_page_at_once(served, chromium):
    student = opened(chromium, served, "student-phd", "submit")
    student.get_by_label("The problem").click()
    student.keyboard.type("Nobody knows how thick the ice is.")
    # A hand takes a tenth of a second; in no time at all, Streamlit sends the click first.
    student.get_by_role("link", name="Idea bank").first.click(delay=120)
    student.wait_for_url("**/idea_bank*")
    settled(student)
    student.get_by_role("link", name="New idea").first.click()
    student.wait_for_url("**/submit*")
    field = student.get_by_label("The problem")
    expect(field).to_have_value("Nobody knows how thick the ice is.", timeout=WAIT)


def test_a_narrow_box_on_a_wide_screen_cuts_no_name_and_no_label(served, chromium):
    mentor = opened(chromium, served, "mentor-marit", "idea_bank?mine=1&sort=longest")
    main = mentor.get_by_test_id("stMain")
    main.get_by_role("listitem").get_by_role("link").first.click()
    mentor.get_by_role("button", name="Give a day").click()
    dialog = mentor.get_by_role("dialog")
    settled(mentor)
    dialog.get_by_label("day, Day (empty: take it back)").focus()
    mentor.keyboard.type(f"{served.today:%d%m%Y}")
    settled(mentor)
    dialog.get_by_role("button", name="Save").press("Enter")
    expect(dialog).to_have_count(0, timeout=WAIT)
    settled(mentor)
    name = mentor.get_by_role("list", name="Deadlines").locator(".unlinked").first
    assert name.bounding_box()["width"] > 200
    labels = main.get_by_test_id("stCheckbox").get_by_test_id("stMarkdownContainer").all()
    assert labels
    cut = [one.evaluate("one => getComputedStyle(one).textOverflow") for one in labels]
    assert "ellipsis" not in cut


def test_a_card_is_dragged_to_another_stage(served, chromium):
    mentor = opened(chromium, served, "mentor-jonas", "board")
    first = column(mentor, "Idea bank").get_by_role("listitem").first
    title = first.get_by_role("link").inner_text()
    first.drag_to(column(mentor, "Need test"), target_position={"x": 90, "y": 30})
    dialog = mentor.get_by_role("dialog")
    expect(dialog.get_by_text(title)).to_be_visible()
    expect(dialog.get_by_role("button", name="Forward to Need test")).to_be_visible()


def press_until(page: Page, name: str, key: str = "Tab", most: int = 120) -> None:
    """Go on with the keyboard until the element with this name has the focus."""
    for _ in range(most):
        page.keyboard.press(key)
        focused = page.evaluate(
            """() => {
                let one = document.activeElement
                while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement
                const label = one?.labels?.[0]?.innerText
                // An icon's name stands on a line before a button's own text.
                const text = one?.tagName === "BUTTON"
                    ? one.innerText.trim().split("\\n").pop() : one?.innerText
                return (one?.ariaLabel || text || label || "").trim()
            }"""
        )
        if focused.startswith(name):
            return
    raise AssertionError(f"{name!r} cannot be reached with the keyboard")


def test_a_student_submits_by_keyboard_alone(served, chromium):
    page = opened(chromium, served, "student-bsc", "submit")
    press_until(page, "Title")
    page.keyboard.type("Snow as a cooling store")
    page.keyboard.press("Tab")
    page.keyboard.type("Cold stores use much power in summer.")
    press_until(page, "Level")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    press_until(page, "Submit the idea")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Snow as a cooling store", level=1)).to_be_visible(
        timeout=WAIT
    )


def test_a_mentor_moves_and_undoes_by_keyboard_alone(served, chromium):
    page = opened(chromium, served, "mentor-marit", "board")
    first = column(page, "Clarification").get_by_role("listitem").first
    title = first.get_by_role("link").inner_text()
    press_until(page, f"Move «{title}»")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("What happens")).to_be_visible()
    settled(page)
    for box in range(dialog.get_by_role("checkbox").count()):
        one = dialog.get_by_role("checkbox").nth(box)
        if not one.is_checked():
            one.focus()
            page.keyboard.press("Space")
            settled(page)
    press_until(page, "Forward to Need test")
    page.keyboard.press("Enter")
    expect(column(page, "Clarification").get_by_role("link", name=title)).to_have_count(0)
    press_until(page, "Undo")
    page.keyboard.press("Enter")
    expect(column(page, "Clarification").get_by_role("link", name=title)).to_be_visible()


def test_a_member_opens_the_ideas_behind_a_bar_by_mouse(served, chromium):
    page = opened(chromium, served, "member-tax", "funnel")
    chart = page.locator('[data-testid="stVegaLiteChart"]')
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    row = chart.locator("text", has_text="Idea bank").first.bounding_box()
    assert row is not None
    page.mouse.click(box["x"] + box["width"] * 0.3, row["y"] + row["height"] / 2)
    page.wait_for_url("**part=advanced**", timeout=WAIT)
    expect(page.get_by_text("Went on – Idea bank:")).to_be_visible()


def test_a_member_opens_the_ideas_behind_a_number_by_keyboard_alone(served, chromium):
    page = opened(chromium, served, "member-tax", "funnel")
    press_until(page, "Which")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**part=**", timeout=WAIT)
    settled(page)
    expect(page.get_by_text("– Idea bank:").first).to_be_visible()


def test_the_language_is_switched_remembered_and_told_to_the_browser(served, chromium):
    page = opened(chromium, served, None, language="nb")
    assert page.evaluate("document.documentElement.lang") == "nb"
    page.get_by_text("English", exact=True).click()
    expect(page.get_by_text("Choose who you want to be")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    settled(page)
    expect(page.get_by_text("Choose who you want to be")).to_be_visible()


@pytest.mark.parametrize("path", ["board", "people", "idea?idea=1", "exchange", "funnel"])
@pytest.mark.parametrize("slug", [None, "student-phd"])
def test_an_address_opened_before_anything_else_lets_nobody_in(tmp_path, chromium, path, slug):
    with serving.server(tmp_path, ideas=8) as fresh:
        page = visitor(chromium, fresh.url, slug).new_page()
        page.goto(fresh.url + path)
        settled(page)
        main = page.locator('[data-testid="stMain"]').inner_text()
        if slug is None:
            assert "Choose who you want to be" in main
        else:
            assert "You do not have the right" in main or "There is no such idea" in main
        assert "app" not in page.locator('[data-testid="stSidebarNav"]').all_inner_texts()
        page.context.close()


def test_user_text_is_read_letter_by_letter(served, chromium):
    problem = (
        "1. **bold** :red[no] $x$ a -> b -- c >= d\n# not a heading\n    www.example.org <b>x</b>"
    )
    student = opened(chromium, served, "student-msc", "submit")
    fill_in(student, "Ice [link](javascript:alert(1)) <- :smile:")
    student.get_by_label("The problem").fill(problem)
    student.get_by_role("button", name="Submit the idea").click()
    expect(student.get_by_role("heading", name="Ice [link]", level=1)).to_be_visible()
    settled(student)
    read = student.locator('[data-testid="stMain"]').inner_text().replace("\N{WORD JOINER}", "")
    assert "Ice [link](javascript:alert(1)) <- :smile:" in read
    for line in problem.splitlines():
        assert line.strip() in read


def test_what_was_chosen_is_told_in_the_language_that_is_switched_to(served, chromium):
    page = opened(chromium, served, "lead", "funnel?kind=snapshot&level=PhD", language="en")
    page.get_by_text("Norsk bokmål", exact=True).click()
    expect(page.get_by_role("heading", name="Trakt", level=1)).to_be_visible(timeout=WAIT)
    settled(page)
    for label, chosen in (("Hva tallene viser", "Status nå: hva som er hvor"), ("Nivå", "Ph.d.")):
        expect(page.get_by_label(label)).to_have_value(chosen, timeout=WAIT)
    assert "kind=snapshot" in page.url
    assert "level=PhD" in page.url


def test_what_is_chosen_in_a_form_is_told_in_the_language_that_is_switched_to(served, chromium):
    page = opened(chromium, served, "student-phd", "submit", language="en")
    page.get_by_label("Title").fill("Switching")
    page.get_by_label("Level").click()
    page.get_by_role("option", name="PhD").click()
    page.get_by_role("combobox", name="Agencies you think").click()
    page.get_by_role("option", name="The Norwegian Tax Administration").click()
    page.keyboard.press("Escape")
    settled(page)
    page.get_by_text("Norsk bokmål", exact=True).click()
    expect(page.get_by_role("heading", name="Ny idé", level=1)).to_be_visible(timeout=WAIT)
    settled(page)
    for label, kept in (
        ("Nivå", "Ph.d."),
        ("Sandkasse", "Studentgründer"),
        ("Tittel", "Switching"),
    ):
        expect(page.get_by_label(label)).to_have_value(re.compile(kept), timeout=WAIT)
    form = page.locator('[data-testid="stMain"]')
    expect(form.get_by_text("Skatteetaten", exact=True)).to_be_visible()
    page.context.close()
