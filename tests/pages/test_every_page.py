"""Every page as every role, in both languages; the pages are found, not listed."""

import pytest

from sandkasse import i18n
from tests.builders import submitted
from tests.pages.conftest import PAGES, said

TITLE = "Brine from the old mine"

# Who gets each page; the others are told that it is not for them.
ALLOWED = {
    "home.py": {"student", "mentor", "member", "lead"},
    "idea_bank.py": {"student", "mentor", "member", "lead"},
    "submit.py": {"student", "mentor", "lead"},
    "idea.py": {"student", "mentor", "member", "lead"},
    "touchpoint.py": {"student", "mentor", "member", "lead"},
    "recruitment.py": {"student", "mentor", "member", "lead"},
    "position.py": {"student", "mentor", "member", "lead"},
    "application.py": {"student", "member", "lead"},
    "board.py": {"mentor", "lead"},
    "funnel.py": {"mentor", "member", "lead"},
    "agencies.py": {"student", "mentor", "member", "lead"},
    "people.py": {"lead"},
    "exchange.py": {"lead"},
    "audit.py": {"lead"},
    "accessibility.py": {"student", "mentor", "member", "lead", "nobody"},
    "privacy.py": {"student", "mentor", "member", "lead", "nobody"},
    "meetings.py": {"mentor", "member", "lead"},
}
#: Pages that anybody may read without signing in.
PUBLIC = {"accessibility.py", "privacy.py"}
REFUSAL = {
    "en": "You do not have the right to see this page.",
    "nb": "Du har ikke rett til å se denne siden.",
}


def test_the_table_names_every_page():
    assert sorted(ALLOWED) == PAGES


@pytest.mark.parametrize("file", PAGES)
@pytest.mark.parametrize("who", ["student", "mentor", "member", "lead"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_each_role_gets_its_pages_and_is_refused_the_others(
    app_database, app_cast, opened, file, who, language
):
    with i18n.in_language(language):
        app = opened(file, getattr(app_cast, who), language)
    assert not app.exception
    refused = any(REFUSAL[language] in error.value for error in app.error)
    assert refused == (who not in ALLOWED[file])


@pytest.mark.parametrize("file", [file for file in PAGES if file not in PUBLIC])
def test_whoever_waits_for_a_role_sees_that_on_every_page_and_nothing_else(
    app_database, app_cast, opened, file
):
    idea_id = submitted(app_database, app_cast.student, title=TITLE)
    app = opened(file, app_cast.nobody, idea=idea_id)
    assert not app.exception
    assert app.title[0].value == "You are signed in, and wait for a role"
    assert TITLE not in said(app)


@pytest.mark.parametrize("file", [file for file in PAGES if file not in PUBLIC])
def test_nobody_signed_in_is_shown_the_way_in_and_nothing_else(
    app_database, app_cast, opened, file
):
    submitted(app_database, app_cast.student, title=TITLE)
    app = opened(file, None)
    assert not app.exception
    assert app.title[0].value == "Sandkasse"
    assert TITLE not in said(app)


@pytest.mark.parametrize("file", PAGES)
@pytest.mark.parametrize("who", ["stranger", "member", "nobody"])
def test_an_unpublished_idea_is_on_no_page_of_others(app_database, app_cast, opened, file, who):
    idea_id = submitted(app_database, app_cast.student, title=TITLE)
    app = opened(file, getattr(app_cast, who), idea=idea_id)
    assert not app.exception
    assert TITLE not in said(app)


@pytest.mark.parametrize("thing", ["application", "idea", "position", "touchpoint"])
@pytest.mark.parametrize("asked", ["two", "9" * 16])
def test_an_address_that_asks_for_nothing_says_where_to_choose(app_cast, opened, thing, asked):
    app = opened(f"{thing}.py", app_cast.lead, **{thing: asked})
    assert not app.exception
    assert [one.value for one in app.error] == []
    assert "Choose a" in said(app)


def test_an_address_that_asks_for_no_meeting_lists_them(app_cast, opened):
    app = opened("meetings.py", app_cast.lead, meeting="two")
    assert not app.exception
    assert "No meeting has been held yet." in said(app)
