"""A matter with an agency, from proposed to decided, by mouse and by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from sandkasse.i18n import _, in_language
from tests.browser.serving import settled
from tests.browser.test_journeys import WAIT, fill_in, opened, press_until

pytestmark = pytest.mark.browser

ICE = "Do we need a licence to sell ice?"
TAX = "The Norwegian Tax Administration"
MUNICIPALITY = {"nb": "Narvik kommune", "en": "Narvik Municipality"}
GUIDANCE = {"nb": "Veiledning for gründere", "en": "Guidance for founders"}


def new_idea(chromium, served, slug: str, title: str, language: str = "en") -> Page:
    """A new idea's page, as the student who has just submitted it."""
    page = opened(chromium, served, slug, "submit", language="en")
    fill_in(page, title)
    page.get_by_role("button", name="Submit the idea").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible(timeout=WAIT)
    settled(page)
    if language == "nb":
        page.get_by_text("Norsk bokmål", exact=True).click()
        expect(page.get_by_role("heading", name="Etater", exact=True)).to_be_visible(timeout=WAIT)
        settled(page)
    return page


def says(page: Page, text: str) -> None:
    """Wait until the page says this."""
    expect(page.get_by_text(text).first).to_be_visible(timeout=WAIT)


def own_turn() -> str:
    """What somebody is told whose turn it is."""
    return _("**It is your turn**, {days}.").split("**")[1]


def happens(page: Page, kind: str, **what: str) -> None:
    """Record what has happened in the matter."""
    page.get_by_label(_("What has happened now?")).click()
    page.get_by_role("option", name=_(kind), exact=True).click()
    settled(page)
    if "outcome" in what:
        page.get_by_label(_("What was decided (must be filled in)")).click()
        page.get_by_role("option", name=_(what["outcome"]), exact=True).click()
        settled(page)
    if "note" in what:
        page.get_by_label(_("In words (must be filled in)")).fill(what["note"])
    page.get_by_role("button", name=_("Save"), exact=True).click()
    says(page, _("Saved: {what}").split("{")[0])


def waiting(page: Page) -> str:
    """The sentence on all agencies, read anew."""
    page.reload()
    settled(page)
    return page.locator('[data-testid="stMain"] p').filter(has_text=";").first.inner_text()


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_proposal_is_followed_to_its_decision_by_mouse(served, chromium, language):
    title = f"Ice from the glacier by the quay {language}"
    student = new_idea(chromium, served, "student-msc", title, language)
    lead = opened(chromium, served, "lead", "agencies?view=waiting", language=language)
    with in_language(language):
        before = waiting(lead)
        look = f"{_('Look at it')}: {GUIDANCE[language]}"
        student.get_by_role("button", name=look).click()
        dialog = student.get_by_role("dialog")
        dialog.get_by_role("button", name=_("Take it up as a matter")).click()
        matters = student.get_by_role("list", name=_("Matters with agencies"))
        matters.get_by_role("link", name=GUIDANCE[language]).click()
        says(student, _("It is being prepared. The agency has not received anything yet."))
        happens(student, "Sent to the agency")
        student.get_by_role("link", name=_("Go to the idea")).click()
        ball = _("The ball is with {party}: {days}.").split("{")[0]
        says(student, ball + MUNICIPALITY[language])
        sent = waiting(lead)
        assert sent != before
        student.get_by_role("list", name=_("Matters with agencies")).get_by_role("link").click()
        happens(student, "The agency has decided", outcome="Approved")
        says(student, _("{agency} has decided, after {days}: {outcome}.").split("{days}")[0].format(
            agency=MUNICIPALITY[language]
        ))  # fmt: skip
        student.get_by_role("link", name=_("Go to the idea")).click()
        says(student, own_turn())
        assert waiting(lead) != sent


def test_an_agency_asks_is_answered_and_decides(served, chromium):
    student = new_idea(chromium, served, "student-bsc", "Cold air from the tunnel")
    student.get_by_role("button", name="New matter with an agency").click()
    dialog = student.get_by_role("dialog")
    dialog.get_by_label("Agency (must be filled in)").click()
    student.get_by_role("option", name=TAX).click()
    settled(student)
    dialog.get_by_label("in your own words").fill(ICE)
    dialog.get_by_text("It has been sent to the agency already").click()
    settled(student)
    dialog.get_by_role("button", name="Open the matter").click()
    says(student, f"The ball is with {TAX}")

    with in_language("en"):
        member = opened(chromium, served, "member-tax", "agencies?view=matters&mine=1")
        member.get_by_role("link", name=ICE).click()
        says(member, f"{TAX} has it")
        happens(member, "The agency asks", note="How much ice?")
        says(member, "waits for the answer")

        student.reload()
        settled(student)
        says(student, own_turn())
        student.get_by_role("link", name=ICE).first.click()
        says(student, "How much ice?")
        happens(student, "Answered, back to the agency")
        says(student, f"{TAX} has it")

        member.reload()
        settled(member)
        happens(member, "The agency has decided", outcome="Approved")
        says(member, f"{TAX} has decided")


def happens_by_keys(page: Page, kind: str, outcome: str | None = None) -> None:
    """Record what has happened in the matter without touching the mouse."""
    settled(page)
    press_until(page, _("What has happened now?"))
    page.keyboard.type(_(kind))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=_("Save"), exact=True)).to_be_visible(timeout=WAIT)
    settled(page)
    if outcome is not None:
        press_until(page, _("What was decided (must be filled in)"))
        page.keyboard.type(_(outcome))
        page.keyboard.press("Enter")
        settled(page)
    press_until(page, _("Save"))
    page.keyboard.press("Enter")
    says(page, _("Saved: {what}").split("{")[0])


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_proposal_is_followed_to_its_decision_by_keyboard_alone(served, chromium, language):
    title = f"Seaweed that cleans the harbour {language}"
    student = new_idea(chromium, served, "student-phd", title, language)
    with in_language(language):
        press_until(student, f"{_('Look at it')}: {GUIDANCE[language]}")
        student.keyboard.press("Enter")
        expect(student.get_by_role("dialog")).to_be_visible()
        settled(student)
        press_until(student, _("Take it up as a matter"))
        student.keyboard.press("Enter")
        matters = student.get_by_role("list", name=_("Matters with agencies"))
        expect(matters.get_by_role("link", name=GUIDANCE[language])).to_be_visible(timeout=WAIT)
        settled(student)
        press_until(student, GUIDANCE[language])
        student.keyboard.press("Enter")
        says(student, _("It is being prepared. The agency has not received anything yet."))
        happens_by_keys(student, "Sent to the agency")
        says(student, _("{agency} has it, for {days} so far.").split("{days}")[0].format(
            agency=MUNICIPALITY[language]
        ))  # fmt: skip
        happens_by_keys(student, "The agency has decided", outcome="Approved")
        says(student, _("{agency} has decided, after {days}: {outcome}.").split("{days}")[0].format(
            agency=MUNICIPALITY[language]
        ))  # fmt: skip
