"""What the audit's rows are called, and how somebody asks for them."""

import json

import pytest

from sandkasse.access import Action
from sandkasse.i18n import in_language
from sandkasse.privacy.action_names import done, subject_meant, subject_name


@pytest.mark.parametrize(
    ("detail", "english", "norwegian"),
    [
        ({"began": True}, "Began a meeting", "Startet et møte"),
        ({"closed": True}, "Closed a meeting", "Avsluttet et møte"),
        ({"freeze": 3}, "Froze figures", "Frøs tall"),
        ({"item": 3, "removed": True}, "Changed the agenda of a meeting",
         "Endret sakslisten til et møte"),
        ({"zq": 1}, "Held a meeting", "Holdt et møte"),
        (None, "Held a meeting", "Holdt et møte"),
    ],
)  # fmt: skip
def test_what_was_done_in_a_meeting_is_told_apart(detail, english, norwegian):
    kept = json.dumps(detail) if detail else None
    for language, expected in (("en", english), ("nb", norwegian)):
        with in_language(language):
            assert done(Action.HOLD_MEETING, kept) == expected


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("idea:12", "idea:12"),
        ("Idea 12", "idea:12"),
        ("idea 12", "idea:12"),
        ("Idé 12", "idea:12"),
        ("idé", "idea"),
        (" Kontaktperson 3 ", "contact:3"),
        ("application 4 paper", "application:4:paper"),
        ("Matter 7", "touchpoint:7"),
        ("people", "people"),
        ("", ""),
        ("ideal", "ideal"),
        ("zq:9", "zq:9"),
    ],
)
def test_what_a_row_is_about_can_be_asked_for_as_the_row_says_it(written, meant):
    assert subject_meant(written) == meant


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("subject", ["idea:1", "meeting:2", "receipt:3", "barrier:4", "person:5"])
def test_what_a_row_says_it_is_about_finds_that_row(subject, language):
    with in_language(language):
        assert subject_meant(subject_name(subject)) == subject


def test_a_sandbox_is_called_by_its_name():
    with in_language("en"):
        assert subject_name("journey:a", {"a": "The first"}) == "Sandbox: The first"
        assert subject_name("journey:b", {"a": "The first"}) == "Sandbox: b"
