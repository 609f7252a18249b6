"""A meeting from preparation to close by keyboard alone, and what the student then reads."""

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from sandkasse import clock
from sandkasse.i18n import _, in_language
from tests.browser.serving import settled
from tests.browser.test_agencies import new_idea, says
from tests.browser.test_journeys import WAIT, opened, press_until

pytestmark = pytest.mark.browser

#: The next two meetings of the demonstration, called by the lead.
MEETING = {"nb": 7, "en": 8}
WHO = "Marit Øvingsrud"


def press(page: Page, name: str, key: str = "Enter") -> None:
    """Go to what has this name by keyboard alone, and press it."""
    settled(page)
    press_until(page, name, most=300)
    page.keyboard.press(key)


def write(page: Page, label: str, text: str) -> None:
    """Go to the field with this label, and write in it."""
    press_until(page, label)
    page.keyboard.type(text)


def record(page: Page, kind: str, body: str, more: Mapping[str, str]) -> None:
    """Fill in the dialog that is open: a decision, or an action with its owner and day."""
    expect(page.get_by_role("dialog")).to_be_visible(timeout=WAIT)
    settled(page)
    press_until(page, _("Information"))
    for _step in range(1 if kind == "Decision" else 2):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name=_(kind), exact=True)).to_be_checked(timeout=WAIT)
    settled(page)
    write(page, _("What (must be filled in)"), body)
    for label, text in more.items():
        if label == _("By (must be filled in)"):
            label = f"day, {label}"  # a date is written in three fields, from the day on
        write(page, label, text)
        if label == _("Who does it (must be filled in)"):
            page.keyboard.press("Enter")
            settled(page)
    press(page, _("Record it"))
    says(page, _("Recorded."))
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=WAIT)


def turn_to(page: Page, now: str, view: str, key: str, steps: int) -> None:
    """Turn from one view of the meeting to another with the arrow keys."""
    settled(page)
    press_until(page, _(now))
    # The head of a column can be called what a view is called.
    while page.evaluate("document.activeElement.type") != "radio":
        press_until(page, _(now))
    for _step in range(steps):
        page.keyboard.press(key)
        settled(page)
    expect(page.get_by_role("radio", name=_(view), exact=True)).to_be_checked(timeout=WAIT)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_member_prepares_holds_and_closes_a_meeting_by_keyboard_and_the_student_reads_of_it(
    served, chromium, language
):
    student = new_idea(
        chromium, served, "student-bsc", f"Lights for the ski track {language}", language
    )
    number = re.search(r"idea=(\d+)", student.url).group(1)
    member = opened(
        chromium, served, "member-tax", f"meetings?meeting={MEETING[language]}", language=language
    )
    with in_language(language):
        idea = _("An idea that is not published (no. {n})").format(n=number)
        prepare(member, idea)
        hold(member, idea)
        publish(opened(
            chromium, served, "mentor-marit",
            f"meetings?meeting={MEETING[language]}&view=results", language=language,
        ))  # fmt: skip
        student.reload()
        settled(student)
        receipt = student.get_by_role("list", name=_("What meetings decided"))
        expect(receipt.get_by_text("Ask the ski club")).to_be_visible(timeout=WAIT)
        told = receipt.inner_text()
        assert _("Why: {reason}").format(reason="Nobody was asked") in told
        assert _("What can be done now: {step}").format(step="Ring the club") in told
        assert "Tell the town" not in student.locator('[data-testid="stMain"]').inner_text()


def prepare(member: Page, idea: str) -> None:
    """Take up what the data proposes about the idea, and add an item of one's own."""
    press(member, f"{_('Take it up')}: {idea}")
    agenda = member.get_by_role("list", name=_("Agenda"), exact=True)
    expect(agenda.get_by_text(idea)).to_be_visible(timeout=WAIT)
    press(member, _("Add an item"))
    expect(member.get_by_role("dialog")).to_be_visible(timeout=WAIT)
    settled(member)
    write(member, _("What it is about (must be filled in)"), "Rooms in the town hall")
    press(member, _("Save"))
    expect(agenda.get_by_text("Rooms in the town hall")).to_be_visible(timeout=WAIT)


def hold(member: Page, idea: str) -> None:
    """Begin, freeze, record three decisions and two actions, and close."""
    press(member, _("Begin the meeting"))
    says(member, _("The bridge from the last meeting"))
    press(member, _("Freeze the figures now"))
    says(member, _("Number receipt **{code}**").split(" **")[0])
    turn_to(member, "Figures", "Agenda", "ArrowLeft", 1)
    agenda = member.get_by_role("list", name=_("Agenda"), exact=True)
    item = agenda.get_by_role("listitem").filter(has_text=idea).first.inner_text().split("\n")[0]
    press(member, f"{_('Record a result')}: {item}")
    why = {
        _("Why (optional)"): "Nobody was asked",
        _("What can be done now (optional)"): "Ring the club",
    }
    record(member, "Decision", "Ask the ski club", why)
    turn_to(member, "Agenda", "Results", "ArrowRight", 2)
    due = (clock.today() + timedelta(days=20)).strftime("%d%m%Y")
    given = {_("Who does it (must be filled in)"): WHO, _("By (must be filled in)"): due}
    for kind, body, more in (
        ("Decision", "Meet each month", {}),
        ("Decision", "Tell the town", {}),
        ("Action", "Book the room", given),
        ("Action", "Write the invitation", given),
    ):
        press(member, _("Record a result"))
        record(member, kind, body, more)
    results = member.get_by_role("list", name=_("Results"), exact=True)
    expect(results.get_by_role("listitem")).to_have_count(5, timeout=WAIT)
    expect(results.get_by_text(WHO)).to_have_count(2)
    press(member, _("Close the meeting"))
    expect(member.get_by_role("dialog")).to_be_visible(timeout=WAIT)
    press(member, _("Yes, close it"))
    says(member, _("Closed {time}.").split("{")[0])
    expect(results.get_by_role("listitem")).to_have_count(5, timeout=WAIT)


def publish(mentor: Page) -> None:
    """Let the team read what was decided about its idea."""
    mentor.get_by_role("button", name=f"{_('Publish')}: Ask the ski club").click()
    mentor.get_by_role("dialog").get_by_role("button", name=_("Publish to the team")).click()
    says(mentor, _("Published"))
