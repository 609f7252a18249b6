"""A position with fifteen seats, from its opening to who works in them, in a real browser."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from sandkasse.i18n import _, in_language
from tests.browser.serving import settled
from tests.browser.test_journeys import WAIT, opened

pytestmark = pytest.mark.browser

SLUG, NAME = "student-bsc", "Ida Prøvedal"


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


def follow(link: Locator, *, keys: bool = True) -> None:
    """Follow a link, by mouse or by keyboard."""
    if keys:
        link.focus()
        link.press("Enter")
    else:
        link.click()


def first_of(page: Page, address: str) -> None:
    """Open the first application of a list by keyboard."""
    page.goto(address)
    settled(page)
    follow(page.get_by_role("list", name=_("Applications")).get_by_role("link").first)
    says(page, _("What has happened"))
    settled(page)


def does(page: Page, doing: str, *, keys: bool, reason: str | None = None) -> None:
    """Record what happens to the application on the page."""
    choose(page, _("What happens now?"), _(doing), keys=keys)
    if reason is not None:
        choose(page, _("Reason"), _(reason), keys=keys)
    press(page, _(doing), keys=keys)
    # What was said of the step before may still be there: the button goes with its own step.
    expect(page.get_by_role("button", name=_(doing), exact=True)).to_have_count(0, timeout=WAIT)
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


def filled(page: Page) -> int:
    """How many seats are filled, as the seat board on the page says it in its last sentence."""
    told = page.locator('[data-testid="stMain"] p').filter(has_text="%").first.inner_text()
    return int(re.findall(r"(\d+) \w+ 15 ", told)[-1])


def filled_again(page: Page) -> int:
    """How many seats were filled again, as the page says it."""
    end = _(
        "{filled} of {n} seats that became empty were filled again; half of them within: {half}."
    )
    said = re.escape(end.split("{n}")[1].split(";")[0].strip())
    told = page.locator('[data-testid="stMain"]').inner_text()
    found = re.search(rf"(\d+) \w+ \d+ {said}", told)
    assert found, said
    return int(found[1])


@pytest.mark.parametrize(("language", "keys"), [("nb", False), ("en", True)])
def test_fifteen_seats_are_offered_and_the_first_is_filled(served, chromium, language, keys):
    with in_language(language):
        member = opened(chromium, served, "member-tax", "recruitment?view=kept", language=language)
        position_id = new_position(member, keys=keys)
        student = opened(
            chromium, served, SLUG, f"position?position={position_id}", language=language
        )
        student.get_by_label(_("Why you apply (must be filled in)")).fill("I like people.")
        student.keyboard.press("Tab")
        settled(student)
        press(student, _("Send the application"), keys=keys)
        says(student, _("It has come in. The agency looks at it."))
        address = student.url.split("/")[-1]

        member.goto(f"{served.url}recruitment?view=board&position={position_id}")
        settled(member)
        follow(member.get_by_role("link", name=NAME), keys=keys)
        says(member, _("What has happened"))
        settled(member)
        does(member, "Offer a seat", keys=keys)

        student.goto(served.url + address)
        settled(student)
        says(student, _("You have an offer. Say yes or no below."))
        does(student, "Accept the offer", keys=keys)
        assert "Siri Skissenes" not in student.locator('[data-testid="stMain"]').inner_text()
        student.context.close()

        member.reload()
        settled(member)
        does(member, "Record the first day", keys=keys)
        says(member, _("Seat {n}").format(n=1))
        member.goto(f"{served.url}recruitment?view=seats&position={position_id}")
        settled(member)
        assert filled(member) == 1
        member.context.close()


@pytest.mark.parametrize("language", ["nb", "en"])
def test_by_keyboard_a_job_ends_and_an_empty_seat_is_filled_again(served, chromium, language):
    """In the demonstration's first position, where some seats have become empty."""
    listed = "recruitment?view=applications&position=1&step="
    board = "recruitment?view=seats&position=1"
    with in_language(language):
        member = opened(chromium, served, "member-tax", board, language=language)
        before, again = filled(member), filled_again(member)
        first_of(member, f"{served.url}{listed}started")
        does(member, "Record the last day", keys=True, reason="The student gave notice")
        says(member, _("The student gave notice"))
        first_of(member, f"{served.url}{listed}interview")
        for doing in ("Offer a seat", "Accept the offer", "Record the first day"):
            does(member, doing, keys=True)
        member.goto(served.url + board)
        settled(member)
        # The one whose last day is today still holds the seat today.
        assert (filled(member), filled_again(member)) == (before + 1, again + 1)
        member.context.close()
