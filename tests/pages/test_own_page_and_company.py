"""News, deadlines and ties on the own page, and the company on the idea's page."""

import json
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from sandkasse import clock, comments, config, deadlines, impartiality, notices, registry
from sandkasse.impartiality import Tie
from sandkasse.meetings import resolutions
from sandkasse.meetings.receipts import Kind
from sandkasse.registry import Client
from tests.builders import begun, submitted
from tests.pages.conftest import alone, said
from tests.registry.register import FOUND, register


def test_news_is_shown_unread_and_can_be_marked_as_read(app_database, app_cast, opened):
    idea_id = submitted(app_database, app_cast.student, title="Ice sensors")
    comments.say(app_database, app_cast.mentor, idea_id, "Hello")
    app = opened("home.py", app_cast.student)
    assert "News for you (1)" in [header.value for header in app.header]
    assert "Somebody wrote in the conversation" in said(app)
    app.button(key="read-all").click().run()
    assert not app.exception
    assert notices.mine(app_database, app_cast.student).unread == 0
    assert "News for you (1)" not in [header.value for header in app.header]


def test_the_own_page_of_somebody_else_has_none_of_it(app_database, app_cast, opened):
    idea_id = submitted(app_database, app_cast.student, title="Ice sensors")
    comments.say(app_database, app_cast.mentor, idea_id, "Hello")
    later = deadlines.months_after(clock.today(), 6)
    deadlines.remember_own(app_database, app_cast.student, "Renew the permit", later)
    told = said(opened("home.py", app_cast.stranger))
    assert "Ice sensors" not in told
    assert "Renew the permit" not in told
    assert "Renew the permit" in said(opened("home.py", app_cast.student))


def test_what_a_meeting_decided_is_among_the_deadlines(app_database, app_cast, opened):
    idea_id = submitted(app_database, app_cast.student)
    app = opened("idea.py", app_cast.student, idea=idea_id)
    assert any("when the founding document was signed" in one.value for one in app.caption)
    decision = resolutions.record(
        app_database, app_cast.mentor, begun(app_database, app_cast.lead), Kind.DECISION,
        "Show the test to the port", idea_id=idea_id, due=clock.today() + timedelta(days=9),
    )  # fmt: skip
    resolutions.publish(app_database, app_cast.mentor, decision)
    for page, key in (("idea.py", "deadlines"), ("home.py", "my-deadlines")):
        app = opened(page, app_cast.student, idea=idea_id)
        (row,) = json.loads(app.get_by_key(key).proto.json)["rows"]
        assert row["title"] == "Show the test to the port"
        assert row["facts"][-3:-1] == ["Decision", "Service development"]


def test_ties_are_declared_and_taken_back(app_database, app_cast, opened):
    impartiality.declare(app_database, app_cast.mentor, "udi", Tie.JOB)
    assert impartiality.own(app_database, app_cast.mentor) == {"udi": Tie.JOB}
    app = opened("home.py", app_cast.mentor)
    assert not app.exception


@pytest.fixture
def held(monkeypatch):
    """A register that the app is set to ask."""
    with register() as running:
        monkeypatch.setenv("SANDKASSE_REGISTRY", running.url)
        config.settings.cache_clear()
        yield running
    config.settings.cache_clear()


def joining(idea_id: int) -> None:
    """What the dialog for joining a company holds, as a script of its own."""
    from sandkasse import ideas
    from sandkasse.ui import company_view, page

    visit = page.begin("Company", heading=False)
    company_view._join(visit, visit.read(ideas.get, idea_id))


def join_as(who, idea_id: int, number: str) -> AppTest:
    """Join a company as somebody."""
    app = alone(joining, who, idea_id)
    app.text_input(key="company-number").set_value(number)
    return app.button(key="company-do").click().run()


def test_a_student_joins_the_company_and_sees_what_the_register_says(
    app_database, app_cast, opened, held
):
    idea_id = submitted(app_database, app_cast.student)
    app = join_as(app_cast.student, idea_id, "310 000 019")
    assert not app.exception
    told = said(opened("idea.py", app_cast.mentor, idea=idea_id))
    assert f"FIRMA {FOUND}" in told
    assert "registered 1 Feb 2024" in told


def test_a_wrong_number_is_refused_beside_its_field(app_database, app_cast, held):
    idea_id = submitted(app_database, app_cast.student)
    app = join_as(app_cast.student, idea_id, "310 000 018")
    assert len(app.error) == 1
    assert held.asked == []
    assert registry.of_idea(app_database, app_cast.student, idea_id) is None


def test_a_register_that_is_down_says_so_on_the_screen(app_database, app_cast, opened, held):
    idea_id = submitted(app_database, app_cast.student)
    with Client(held.url) as client:
        registry.join(app_database, app_cast.student, idea_id, FOUND, client)
    held.faults = [503] * 9
    app = opened("idea.py", app_cast.student, idea=idea_id)
    app.button(key="company-read").click().run()
    assert not app.exception
    assert any("cannot be reached" in toast.value.replace("\\", "") for toast in app.toast)
