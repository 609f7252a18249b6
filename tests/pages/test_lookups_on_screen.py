"""Who looks up what of others, and who is refused what, is kept, whatever page it is on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine

from sandkasse import comments, ideas, lookups, rates, touchpoints
from sandkasse.access import Action
from sandkasse.application import Kind
from sandkasse.database import Database, Transaction
from sandkasse.errors import DatabaseFailed, NotFound
from sandkasse.touchpoints import Opening
from sandkasse.ui.page import Refused, Visit
from tests import builders
from tests.builders import Cast, submitted
from tests.pages.conftest import PAGES, Opened

# What each page shows of others, the address that shows it, and whose look-ups are kept as what.
# A page that shows nothing of others says why.
LOOKED_UP: dict[str, dict[str, str] | str] = {
    "idea.py": {"mentor": "idea:1", "lead": "idea:1"},
    "touchpoint.py": {"mentor": "touchpoint:1", "member": "touchpoint:1", "lead": "touchpoint:1"},
    "application.py": {"member": "application:1", "lead": "application:1"},
    "people.py": {"lead": "people"},
    "recruitment.py": {"member": "applications", "lead": "applications"},
    "audit.py": {"lead": "audit"},
    "home.py": "what is one's own, and titles of ideas with whose turn it is",
    "idea_bank.py": "titles of ideas, without whose they are",
    "submit.py": "one's own draft",
    "board.py": "titles of ideas, without whose they are",
    "funnel.py": "figures; papers for the project are kept when they are taken along",
    "agencies.py": "contact people at work, whom the directory is there to show to everybody",
    "meetings.py": "who takes part, which all who take part know; papers for the project are kept",
    "accessibility.py": "nothing of anybody",
    "privacy.py": "one's own data; for leads numbers of rows, and who asks to be erased",
    "position.py": "a position, and one's own application for it",
    "exchange.py": "nothing; an export is a write of the audit by itself",
}
ADDRESS = {
    "idea.py": {"idea": 1},
    "touchpoint.py": {"touchpoint": 1},
    "application.py": {"application": 1},
    "position.py": {"position": 1},
    "recruitment.py": {"view": "applications"},
}
ROLES = ("student", "stranger", "mentor", "member", "lead")


@pytest.fixture
def filled(app_database: Database, app_cast: Cast) -> Database:
    """An idea of the student with a matter, and an application of the student."""
    idea_id = submitted(app_database, app_cast.student)
    opening = Opening("skatteetaten", title="VAT for new companies")
    touchpoints.open_matter(app_database, app_cast.student, idea_id, opening)
    position_id = builders.position(app_database, app_cast.member)
    builders.applied(app_database, app_cast.student, position_id, Kind.SCREENED, by=app_cast.member)
    return app_database


def kept(db: Database) -> list[tuple[Any, ...]]:
    looks = [action.value for action in Action if action.name.startswith("SEE_")]
    return db.rows(
        "SELECT actor_id, action, subject, detail FROM audit WHERE action IN (SELECT unnest(?)) "
        "ORDER BY audit_id",
        [looks],
    )


def test_the_table_names_every_page():
    assert sorted(LOOKED_UP) == PAGES


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("file", [file for file in PAGES if file in ADDRESS or
                                  isinstance(LOOKED_UP[file], dict)])  # fmt: skip
def test_what_is_others_is_kept_once_and_what_is_ones_own_is_not(
    filled: Database, app_cast: Cast, opened: Opened, file: str, who: str
) -> None:
    actor = getattr(app_cast, who)
    expected = LOOKED_UP[file]
    before = filled.version
    for _time in range(2):
        assert not opened(file, actor, **ADDRESS.get(file, {})).exception
    found = [(row[0], row[2]) for row in kept(filled)]
    wanted = expected.get(who) if isinstance(expected, dict) else None
    assert found == ([(actor.person_id, wanted)] if wanted else [])
    # What is remembered of the data is still right.
    assert filled.version == before


def test_a_list_of_people_is_kept_by_their_numbers_and_never_by_what_was_searched(
    filled, app_cast, opened
):
    opened("people.py", app_cast.lead, search="Sara")
    ((actor_id, action, subject, detail),) = kept(filled)
    assert (actor_id, action, subject) == (app_cast.lead.person_id, "people.see", "people")
    # Whoever waits for a role is on the page too.
    seen = [app_cast.student.person_id, app_cast.nobody.person_id]
    assert json.loads(detail) == {"among": sorted(seen)}


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def fill() -> None:
        def refuse(self: Transaction, sql: str, parameters: object = ()) -> None:
            raise DatabaseFailed("The disk is full.")

        monkeypatch.setattr(Transaction, "execute", refuse)

    return fill


def test_reading_goes_on_when_a_look_up_cannot_be_kept_and_the_log_says_so(
    filled, app_cast, opened, full_disk, caplog
):
    full_disk()
    app = opened("idea.py", app_cast.mentor, idea=1)
    assert not app.exception
    assert app.title[0].value == builders.DESCRIPTION.title.replace(".", "\\.")
    assert "A look-up or refusal could not be kept" in caplog.text
    assert builders.DESCRIPTION.title not in caplog.text


def test_the_same_look_up_is_kept_again_after_a_quarter_of_an_hour(
    filled: Database, app_cast: Cast, tmp_path: Path
) -> None:
    for minutes in (0, 14, 16):
        with time_machine.travel(f"2027-01-01T12:{minutes:02}:00Z", tick=False):
            lookups.note(filled, app_cast.mentor, Action.SEE_IDEA, "idea:1")
    assert len(kept(filled)) == 2


def refusals(db: Database) -> list[tuple[Any, ...]]:
    rows = db.rows(
        "SELECT actor_id, subject, detail FROM audit WHERE action = 'refused' ORDER BY audit_id"
    )
    return [(actor_id, subject, json.loads(detail)) for actor_id, subject, detail in rows]


@pytest.mark.parametrize(
    ("file", "query", "right", "subject"),
    [
        ("idea.py", {"idea": 1}, Action.SEE_IDEA, "idea:1"),
        ("idea.py", {"idea": 99}, Action.SEE_IDEA, "idea:99"),
        ("touchpoint.py", {"touchpoint": 1}, Action.SEE_TOUCHPOINT, "touchpoint:1"),
        ("application.py", {"application": 1}, Action.SEE_APPLICATION, "application:1"),
        ("audit.py", {}, Action.SEE_AUDIT, None),
    ],
)
def test_who_was_refused_what_is_kept_once_and_changes_nothing(
    filled: Database, app_cast: Cast, opened: Opened, file, query, right, subject
):
    before = filled.version
    for _time in range(2):
        assert opened(file, app_cast.stranger, **query).error
    stranger = app_cast.stranger.person_id
    assert refusals(filled) == [(stranger, subject, {"attempt": right.value})]
    assert kept(filled) == []
    assert filled.version == before


def test_a_refused_write_is_kept_and_one_that_breaks_a_rule_is_not(filled, app_cast):
    visit = Visit(filled, app_cast.member)
    assert isinstance(visit.write(comments.say, 1, "Hello"), Refused)
    assert isinstance(visit.write(ideas.unpublish, 1), Refused)
    wrong = Visit(filled, app_cast.student).write(comments.say, 1, " ")
    assert isinstance(wrong, Refused)
    assert {(who, about) for who, about, _right in refusals(filled)} == {
        (app_cast.member.person_id, "idea:1")
    }


def test_no_more_refusals_of_one_person_are_kept_than_an_hour_holds(filled, app_cast):
    rates.forget_all()
    for number in range(lookups.REFUSALS_AN_HOUR + 5):
        refusal = NotFound("no", Action.SEE_IDEA.value, f"idea:{number + 100}")
        lookups.note_refusal(filled, app_cast.stranger, refusal)
    lookups.note_refusal(filled, app_cast.student, refusal)
    found = refusals(filled)
    assert len(found) == lookups.REFUSALS_AN_HOUR + 1
    assert found[-1][0] == app_cast.student.person_id


def test_a_refusal_is_told_when_it_cannot_be_kept(filled, app_cast, opened, full_disk, caplog):
    full_disk()
    assert opened("audit.py", app_cast.mentor).error
    assert "A look-up or refusal could not be kept" in caplog.text
