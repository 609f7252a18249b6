"""A matter with an agency, from prepared to decided, by mouse and by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import settled
from tests.browser.test_journeys import WAIT, fill_in, opened, press_until

pytestmark = pytest.mark.browser

ICE = "Do we need a licence to sell ice?"
TAX = "The Norwegian Tax Administration"


def new_idea(chromium, served, slug: str, title: str) -> Page:
    """A new idea's page, as the student who has just submitted it."""
    page = opened(chromium, served, slug, "submit")
    fill_in(page, title)
    page.get_by_role("button", name="Submit the idea").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible(timeout=WAIT)
    settled(page)
    return page


def says(page: Page, text: str) -> None:
    """Wait until the page says this."""
    expect(page.get_by_text(text).first).to_be_visible(timeout=WAIT)


def happens(page: Page, kind: str) -> None:
    """Choose what has happened in the matter."""
    page.get_by_label("What has happened now?").click()
    page.get_by_role("option", name=kind).click()
    settled(page)


def test_a_matter_from_prepared_to_decided_by_mouse(served, chromium):
    student = new_idea(chromium, served, "student-msc", "Ice from the glacier by the quay")
    student.get_by_role("button", name="New matter with an agency").click()
    dialog = student.get_by_role("dialog")
    dialog.get_by_label("Agency (must be filled in)").click()
    student.get_by_role("option", name=TAX).click()
    settled(student)
    dialog.get_by_label("in your own words").fill(ICE)
    dialog.get_by_role("button", name="Open the matter").click()
    student.get_by_role("link", name=ICE).first.click()
    says(student, "The agency has not received anything yet")
    happens(student, "Sent to the agency")
    student.get_by_role("button", name="Save").click()
    says(student, f"{TAX} has it")
    student.get_by_role("link", name="Go to the idea").click()
    says(student, f"The ball is with {TAX}")

    member = opened(chromium, served, "member-tax")
    member.get_by_role("link", name=ICE).click()
    says(member, f"{TAX} has it")
    happens(member, "The agency asks")
    member.get_by_label("In words (must be filled in)").fill("How much ice?")
    member.get_by_role("button", name="Save").click()
    says(member, "waits for the answer")

    student.reload()
    settled(student)
    says(student, "The ball is with the student")
    student.get_by_role("link", name=ICE).first.click()
    says(student, "How much ice?")
    happens(student, "Answered, back to the agency")
    student.get_by_role("button", name="Save").click()
    says(student, f"{TAX} has it")

    member.reload()
    settled(member)
    happens(member, "The agency has decided")
    member.get_by_label("What was decided").click()
    member.get_by_role("option", name="Approved", exact=True).click()
    member.get_by_role("button", name="Save").click()
    says(member, f"{TAX} has decided")


def test_a_matter_is_opened_and_sent_by_keyboard_alone(served, chromium):
    student = new_idea(chromium, served, "student-phd", "Seaweed that cleans the harbour")
    press_until(student, "New matter with an agency")
    student.keyboard.press("Enter")
    expect(student.get_by_role("dialog")).to_be_visible()
    settled(student)
    press_until(student, "Agency (must be filled in)")
    student.keyboard.type("The Norwegian Tax")
    student.keyboard.press("Enter")
    settled(student)
    press_until(student, "What it is about, in your own words")
    student.keyboard.type("May we sell seaweed?")
    press_until(student, "It has been sent to the agency already")
    student.keyboard.press("Space")
    settled(student)
    press_until(student, "Open the matter")
    student.keyboard.press("Enter")
    says(student, f"The ball is with {TAX}")
