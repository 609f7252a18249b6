"""The directory in a real browser: a member writes somebody down, everybody finds them."""

import pytest
from playwright.sync_api import expect

from sandkasse.i18n import _, in_language
from tests.browser.serving import settled, visitor

pytestmark = pytest.mark.browser

WAIT = 15_000


def opened(chromium, served, slug, language, search=""):
    """The directory as somebody who has searched it, drawn to the end."""
    page = visitor(chromium, served.url, slug, language).new_page()
    page.set_default_timeout(WAIT)
    page.goto(served.url + f"agencies?search={search}")
    settled(page)
    return page


@pytest.mark.parametrize(("language", "name"), [("nb", "Åse Ørnes"), ("en", "Zara Xhosa")])
def test_a_member_writes_somebody_down_by_keyboard_and_a_student_finds_them_with_two_keys(
    served, chromium, language, name
):
    with in_language(language):
        new, save = _("New contact person"), _("Save")
        people = _("Contact people")
        phone, search = _("Phone"), _("Search by name, subject or agency")
    member = opened(chromium, served, "member-tax", language, name.split()[0])
    member.get_by_role("button", name=new).focus()
    member.keyboard.press("Enter")
    dialog = member.get_by_role("dialog")
    dialog.get_by_role("textbox").first.focus()
    member.keyboard.type(name)
    dialog.get_by_label(phone).focus()
    member.keyboard.type("22222222")
    member.keyboard.press("Tab")
    dialog.get_by_role("button", name=save).focus()
    member.keyboard.press("Enter")
    expect(member.get_by_role("link", name=name)).to_be_visible(timeout=WAIT)
    expect(dialog).to_have_count(0)

    student = opened(chromium, served, "student-bsc", language)
    student.get_by_label(search).click()
    student.keyboard.type(name.split()[1][:2])
    expect(student.get_by_role("list", name=people).get_by_role("link")).to_have_text([name])
    student.get_by_role("link", name=name).click()
    call = student.get_by_role("dialog").get_by_role("link", name="22 22 22 22")
    expect(call).to_have_attribute("href", "tel:+4722222222")


def test_what_is_listed_is_downloaded(served, chromium):
    lead = opened(chromium, served, "lead", "en", "Quentin")
    lead.get_by_role("button", name="New contact person").click()
    dialog = lead.get_by_role("dialog")
    dialog.get_by_label("Agency").click()
    lead.get_by_role("option", name="UDI").click()
    dialog.get_by_label("Name").fill("Quentin Quist")
    dialog.get_by_label("E-mail").fill("quentin@udi.example")
    dialog.get_by_role("button", name="Save").click()
    expect(lead.get_by_role("link", name="Quentin Quist")).to_be_visible(timeout=WAIT)
    with lead.expect_download() as table:
        lead.get_by_role("button", name="Download as a table").click()
    assert "Quentin Quist" in table.value.path().read_text("utf-8-sig")
    with lead.expect_download() as cards:
        lead.get_by_role("button", name="Download for phone").click()
    assert "FN:Quentin Quist" in cards.value.path().read_text("utf-8")
