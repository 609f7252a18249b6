"""A position with fifteen seats, from its opening to who works in them, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from sandkasse.i18n import _, in_language
from tests.browser.serving import settled
from tests.browser.test_journeys import WAIT, opened

pytestmark = pytest.mark.browser

STUDENTS = {"student-bsc": "Ida Prøvedal", "student-phd": "Niillas Ovdamearka"}


def says(page: Page, text: str) -> None:
    """Wait until the page says this."""
    expect(page.get_by_text(text).first).to_be_visible(timeout=WAIT)


def press(page: Page, label: str, *, keys: bool) -> None:
    """Press a button, by mouse or by keyboard."""
    button = page.get_by_role("button", name=label, exact=True).last
    if keys:
        button.focus()
        page.keyboard.press("Enter")
    else:
        button.click()


def choose(page: Page, label: str, option: str, *, keys: bool) -> None:
    """Choose from a list, by mouse or by typing what it is called."""
    field = page.get_by_role("combobox", name=label)
    if keys:
        field.focus()
        page.keyboard.type(option, delay=15)
        page.keyboard.press("Enter")
    else:
        field.click()
        page.get_by_role("option", name=option, exact=True).click()
    settled(page)


def does(page: Page, doing: str, *, keys: bool, reason: str | None = None) -> None:
    """Record what happens to the application on the page."""
    choose(page, _("What happens now?"), _(doing), keys=keys)
    if reason is not None:
        choose(page, _("Reason"), _(reason), keys=keys)
    press(page, _(doing), keys=keys)
    says(page, _("Saved."))
    settled(page)


def new_position(member: Page, *, keys: bool) -> str:
    """Open a position with fifteen seats; its id."""
    press(member, _("New position"), keys=keys)
    dialog = member.get_by_role("dialog")
    for label, words in (
        ("Title in Norwegian (must be filled in)", "Vakt ved skranken"),
        ("Title in English (must be filled in before it is opened)", "Front desk"),
        ("Text in Norwegian (must be filled in before it is opened)", "Du tar imot folk."),
        ("Text in English (must be filled in before it is opened)", "You receive people."),
    ):
        dialog.get_by_label(_(label)).fill(words)
    dialog.get_by_label(_("Number of seats")).fill("15")
    member.keyboard.press("Tab")
    settled(member)
    press(member, _("Save as a draft"), keys=keys)
    member.wait_for_url(re.compile(r"/position\?position=\d+"), timeout=WAIT)
    settled(member)
    press(member, _("Open for applications"), keys=keys)
    expect(member.get_by_role("dialog")).to_be_visible(timeout=WAIT)
    press(member, _("Open"), keys=keys)
    says(member, _("Takes applications"))
    found = re.search(r"position=(\d+)", member.url)
    assert found
    return found[1]


def filled(chromium, served, position_id: str, language: str) -> str:
    """How many of the seats are filled, as the seat board says it."""
    page = opened(
        chromium, served, "member-tax", f"recruitment?view=seats&position={position_id}",
        language=language,
    )  # fmt: skip
    told = page.locator('[data-testid="stMain"] p').filter(has_text="%").first.inner_text()
    page.context.close()
    return re.findall(r"(\d+) \w+ 15 ", told)[-1]


@pytest.mark.parametrize(("language", "keys"), [("nb", False), ("en", True)])
def test_fifteen_seats_are_offered_and_two_are_filled(served, chromium, language, keys):
    with in_language(language):
        member = opened(chromium, served, "member-tax", "recruitment?view=kept", language=language)
        position_id = new_position(member, keys=keys)
        assert filled(chromium, served, position_id, language) == "0"
        for number, (slug, name) in enumerate(STUDENTS.items(), 1):
            student = opened(
                chromium, served, slug, f"position?position={position_id}", language=language
            )
            student.get_by_label(_("Why you apply (must be filled in)")).fill("I like people.")
            student.keyboard.press("Tab")
            settled(student)
            press(student, _("Send the application"), keys=keys)
            says(student, _("It has come in. The agency looks at it."))
            address = student.url.split("/")[-1]

            member.goto(f"{served.url}recruitment?view=board&position={position_id}")
            settled(member)
            member.get_by_role("link", name=name).click()
            says(member, _("What has happened"))
            settled(member)
            does(member, "Invite to an interview", keys=keys)
            does(member, "Offer a seat", keys=keys)

            student.goto(served.url + address)
            settled(student)
            says(student, _("You have an offer. Say yes or no below."))
            does(student, "Accept the offer", keys=keys)
            assert "Siri Skissenes" not in student.locator('[data-testid="stMain"]').inner_text()

            member.reload()
            settled(member)
            does(member, "Record the first day", keys=keys)
            says(member, _("Seat {n}").format(n=number))
            assert filled(chromium, served, position_id, language) == str(number)
            student.context.close()
        does(member, "Record the last day", keys=keys, reason="The student gave notice")
        says(member, _("The student gave notice"))
        member.context.close()


def test_a_seat_that_has_become_empty_is_filled_again(served, chromium):
    """The demonstration's first position: one student there has an offer to answer."""
    with in_language("en"):
        student = opened(chromium, served, "student-msc", "", language="en")
        student.get_by_role("list", name="Your applications").get_by_role("link").first.click()
        says(student, "You have an offer.")
        address = student.url.split("/")[-1]
        does(student, "Accept the offer", keys=False)
        member = opened(chromium, served, "member-tax", address, language="en")
        does(member, "Record the first day", keys=False)
        says(member, "Started: Seat")
        member.goto(served.url + "recruitment?view=seats&position=1")
        settled(member)
        says(member, "that became empty were filled again")
