"""A position with fifteen seats, from its opening to who works in them, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from sandkasse.demo import PERSONAS
from sandkasse.i18n import _, date_text, in_language, number_text, percent_text
from tests.browser import serving
from tests.browser.serving import Server, settled
from tests.browser.test_journeys import WAIT, column, opened

pytestmark = pytest.mark.browser

SEATS = 15
FIRST, SECOND = "student-bsc", "student-phd"
NAMES = {persona.slug: persona.name for persona in PERSONAS}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demonstration in which a test can let days pass."""
    with serving.server(tmp_path_factory.mktemp("served"), ideas=20, movable_clock=True) as running:
        yield running


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
    dialog.get_by_label(_("Number of seats")).fill(str(SEATS))
    member.keyboard.press("Tab")
    settled(member)
    press(member, _("Save as a draft"), keys=keys)
    member.wait_for_url(re.compile(r"/position\?position=\d+"), timeout=WAIT)
    settled(member)
    press(member, _("Open for applications"), keys=keys)
    expect(member.get_by_role("dialog")).to_be_visible(timeout=WAIT)
    press(member, _("Open"), keys=keys)
    says(member, _("Accepting applications"))
    found = re.search(r"position=(\d+)", member.url)
    assert found
    return found[1]


def applies(student: Page, position: str, *, keys: bool) -> str:
    """Apply for the position, and be told so; the address of the application."""
    student.get_by_label(_("Why you apply (must be filled in)")).fill("I like people.")
    student.keyboard.press("Tab")
    settled(student)
    press(student, _("Send the application"), keys=keys)
    says(student, _("It has come in. The agency looks at it."))
    return student.url.split("/")[-1]


def reads(student: Page, address: str, told: str) -> None:
    """The student's own application says this, and no word of whom it is read by."""
    student.goto(address)
    settled(student)
    says(student, _(told))
    assert "Siri Skissenes" not in student.locator('[data-testid="stMain"]').inner_text()


def handles(member: Page, board: str, name: str, *, keys: bool) -> None:
    """Open somebody's application from the board of applications."""
    member.goto(board)
    settled(member)
    follow(member.get_by_role("link", name=name), keys=keys)
    says(member, _("What has happened"))
    settled(member)


class SeatBoard:
    """What the seat board is to show of a position, after the days that pass."""

    def __init__(self, member: Page, served: Server, position_id: str) -> None:
        self.member, self.served = member, served
        self.address = f"{served.url}recruitment?view=seats&position={position_id}"
        self.opened_on = served.today

    def shows(self, *, filled_days: int, filled_now: int, first: tuple[str, str]) -> None:
        """Check the coverage of the fifteen seats, and state and holder of the first."""
        self.member.goto(self.address)
        settled(self.member)
        planned_days = SEATS * ((self.served.today - self.opened_on).days + 1)
        told = _(
            "{filled} of {planned} planned seat-weeks were filled: a coverage of {share}. On {day} "
            "{now} of {seats} seats are filled."
        ).format(
            filled=number_text(filled_days / 7, 1), planned=number_text(planned_days / 7, 1),
            share=percent_text(filled_days / planned_days), day=date_text(self.served.today),
            now=filled_now, seats=SEATS,
        )  # fmt: skip
        says(self.member, told)
        alt = _("Each seat with who holds it, and how long it has stood empty")
        row = self.member.get_by_role("table", name=alt).locator("tbody tr").first
        state, name = first
        for place, words in ((0, _(state)), (1, name)):
            expect(row.locator("td").nth(place)).to_have_text(words, timeout=WAIT)

    def filled_again(self, filled: int, empty: int) -> None:
        """Check how many seats were filled again, of those that became empty."""
        said = _(
            "{filled} of {n} seats that became empty were filled again; half of them within: "
            "{half}."
        ).split("{half}")[0]
        says(self.member, said.format(filled=filled, n=empty))


@pytest.mark.parametrize(("language", "keys"), [("nb", False), ("en", True)])
def test_fifteen_seats_from_two_applicants_to_a_seat_that_is_filled_again(
    served, chromium, language, keys
):
    """What is done with the first student by mouse is done with the second by keyboard."""
    with in_language(language):
        member = opened(chromium, served, "member-tax", "recruitment?view=kept", language=language)
        position_id = new_position(member, keys=keys)
        seats = SeatBoard(member, served, position_id)
        seats.shows(filled_days=0, filled_now=0, first=("Advertised", ""))
        board = f"{served.url}recruitment?view=board&position={position_id}"
        applicants = {}
        for slug, by_keys in ((FIRST, False), (SECOND, True)):
            student = opened(
                chromium, served, slug, f"position?position={position_id}", language=language
            )
            address = served.url + applies(student, position_id, keys=by_keys)
            applicants[slug] = (student, address)
            handles(member, board, NAMES[slug], keys=by_keys)
            does(member, "Invite to an interview", keys=by_keys)
            reads(student, address, "You are invited to an interview. The agency contacts you.")

        student, address = applicants[FIRST]
        handles(member, board, NAMES[FIRST], keys=False)
        does(member, "Offer a seat", keys=False)
        reads(student, address, "You have an offer. Say yes or no below.")
        does(student, "Accept the offer", keys=False)
        handles(member, board, NAMES[FIRST], keys=False)
        does(member, "Record the first day", keys=False)
        says(member, _("Seat {n}").format(n=1))
        seats.shows(filled_days=1, filled_now=1, first=("Filled", NAMES[FIRST]))

        served.pass_days(27)
        seats.shows(filled_days=28, filled_now=1, first=("Filled", NAMES[FIRST]))
        handles(member, board, NAMES[FIRST], keys=False)
        does(member, "Record the last day", keys=False, reason="The student gave notice")
        reads(student, address, "The job has ended.")
        student.context.close()

        served.pass_days(7)
        seats.shows(filled_days=28, filled_now=0, first=("Empty again", ""))
        seats.filled_again(0, 1)
        student, address = applicants[SECOND]
        handles(member, board, NAMES[SECOND], keys=True)
        does(member, "Offer a seat", keys=True)
        reads(student, address, "You have an offer. Say yes or no below.")
        does(student, "Accept the offer", keys=True)
        student.context.close()
        handles(member, board, NAMES[SECOND], keys=True)
        does(member, "Record the first day", keys=True)
        seats.shows(filled_days=29, filled_now=1, first=("Filled again", NAMES[SECOND]))
        seats.filled_again(1, 1)

        served.pass_days(7)
        seats.shows(filled_days=36, filled_now=1, first=("Filled again", NAMES[SECOND]))
        member.context.close()


def test_a_card_is_dragged_undone_and_moved_by_keyboard_with_what_a_step_needs(served, chromium):
    name = NAMES[FIRST]
    page = opened(chromium, served, "member-tax", "recruitment?view=kept")
    position_id = new_position(page, keys=False)
    student = opened(chromium, served, FIRST, f"position?position={position_id}")
    applies(student, position_id, keys=False)
    student.context.close()
    # All columns are in sight: a real hand scrolls while it drags, and the test's does not.
    page.set_viewport_size({"width": 3200, "height": 900})
    page.goto(f"{served.url}recruitment?view=board&position={position_id}")
    settled(page)

    def card(step: str) -> Locator:
        return column(page, step).get_by_role("listitem").filter(has_text=name)

    def drag(here: str, there: str) -> None:
        settled(page)
        card(here).drag_to(column(page, there), target_position={"x": 90, "y": 30})

    drag("Received", "Screened")
    expect(card("Screened")).to_be_visible(timeout=WAIT)
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(card("Received")).to_be_visible(timeout=WAIT)

    drag("Received", "Offer")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(name)).to_be_visible(timeout=WAIT)
    dialog.get_by_role("button", name="Offer a seat").click()
    expect(card("Offer")).to_be_visible(timeout=WAIT)

    settled(page)
    card("Offer").get_by_role("button", name="Move").focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_text(name)).to_be_visible(timeout=WAIT)
    does(page, "Reject", keys=True, reason="All seats are filled")
    expect(card("Rejected")).to_be_visible(timeout=WAIT)

    drag("Rejected", "Started")
    expect(dialog.get_by_text("cannot go to «Started»")).to_be_visible(timeout=WAIT)
    page.context.close()
