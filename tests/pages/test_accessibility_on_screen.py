"""The accessibility statement: for everybody, from the tests' own record."""

import ast
import subprocess
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from sandkasse import accessibility, config
from sandkasse.accessibility import RECORD
from sandkasse.config import PROJECT_FOLDER
from sandkasse.errors import NotConfigured
from sandkasse.i18n import date_text, in_language
from sandkasse.ui import accessibility_view, frame
from sandkasse.ui.text import plain
from tests.pages.conftest import PAGES, Opened, said

#: The test of each thing that is said to work with the keyboard alone.
TESTS = {
    "Write and submit an idea": "test_a_student_submits_by_keyboard_alone",
    "Move an idea on the board, and take it back": (
        "test_a_mentor_moves_and_undoes_by_keyboard_alone"
    ),
    "Open the ideas behind a number": (
        "test_a_member_opens_the_ideas_behind_a_number_by_keyboard_alone"
    ),
    "Follow a matter with an agency to its decision": (
        "test_a_proposal_is_followed_to_its_decision_by_keyboard_alone"
    ),
    "Write down a contact person, and find them": (
        "test_a_member_writes_somebody_down_by_keyboard_and_a_student_finds_them_with_two_keys"
    ),
    "Prepare, hold and close a meeting": (
        "test_a_member_prepares_holds_and_closes_a_meeting_by_keyboard_and_the_student_reads_of_it"
    ),
    "Offer a position, apply for it, and fill its seat": (
        "test_fifteen_seats_from_two_applicants_to_a_seat_that_is_filled_again"
    ),
}


def shown(opened: Opened, language: str = "en") -> AppTest:
    """The page as somebody who has not signed in sees it."""
    app = opened("accessibility.py", None, language)
    assert not app.exception
    return app


def test_it_is_read_without_signing_in(opened: Opened) -> None:
    app = shown(opened)
    assert app.title[0].value == "Accessibility"
    assert "uustatus.no" in said(app)
    assert f"axe (version {plain(accessibility.record().axe)}) looked" in said(app)


def test_it_is_in_norwegian_too(opened: Opened) -> None:
    app = shown(opened, "nb")
    with in_language("nb"):
        day = date_text(accessibility.record().date)
    assert app.title[0].value == "Tilgjengelighet"
    assert "Hva som er testet" in [one.value for one in app.header]
    # A line that begins with a date would be read as the entry of a numbered list.
    assert any(one.value.startswith(f"Den {day}") for one in app.markdown)


def test_it_says_plainly_when_nobody_is_named(opened: Opened) -> None:
    told = said(shown(opened))
    assert "This installation has not said whom to tell." in told
    assert "This installation has not said where its statement is." in told


def test_it_names_whom_to_tell_and_where_the_statement_is(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDKASSE_CONTACT", "help@uit.example")
    monkeypatch.setenv("SANDKASSE_STATEMENT", "https://uustatus.example/1")
    config.settings.cache_clear()
    told = said(shown(opened))
    assert f"Write to {plain('help@uit.example')}." in told
    assert f"[{plain('uustatus.example')}](<https://uustatus.example/1>)" in told


def test_a_statement_that_is_no_https_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDKASSE_STATEMENT", "javascript:alert(1)")
    with pytest.raises(NotConfigured):
        config.load()


def test_every_page_has_been_looked_at_in_all_ways() -> None:
    record = accessibility.record()
    assert {f"{name}.py" for name in record.pages} == {*PAGES, "welcome.py"}
    assert set(frame.titles()) == set(record.pages) - {"welcome"}
    ways = len(record.languages) * len(record.widths) * len(record.schemes)
    assert ways == 8
    assert all(page.looks >= ways for page in record.pages.values())
    assert record.faults == 0


def test_the_record_is_not_older_than_the_pages() -> None:
    if not (PROJECT_FOLDER / ".git").exists():
        pytest.skip("not a working copy, so nobody knows how old a page is")
    looked = accessibility.record().date
    for page in PAGES:
        told = subprocess.run(
            ["git", "log", "-1", "--format=%cs", "--", f"pages/{page}"],
            cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        changed = date.fromisoformat(told) if told else looked
        assert changed <= looked, f"pages/{page} has changed: run `make accessibility`"


def test_a_record_that_cannot_be_read_is_told(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    accessibility.record.cache_clear()
    monkeypatch.setattr(accessibility, "RECORD", RECORD.with_name("none.json"))
    assert "cannot be used" in said(shown(opened))
    accessibility.record.cache_clear()


def test_what_is_said_to_work_by_keyboard_is_tested_so() -> None:
    tests = {
        node.name
        for path in (PROJECT_FOLDER / "tests" / "browser").glob("test_*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert set(TESTS) == set(accessibility_view.BY_KEYBOARD)
    assert set(TESTS.values()) <= tests
