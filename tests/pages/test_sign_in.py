"""The way in: demo mode without an [auth] section, sign-in with one."""

import json
from datetime import timedelta

import pytest
import time_machine
from streamlit.testing.v1 import AppTest

from sandkasse import clock, config, membership, people, rates, sessions
from sandkasse.sign_in import Claims, claims
from sandkasse.ui import identity
from tests.builders import contents, submitted
from tests.pages.conftest import APP, said

AUTH = """
[auth]
redirect_uri = "http://localhost:8501/oauth2callback"
cookie_secret = "not-a-secret-but-long-enough-for-a-test"
[auth.feide]
client_id = "id"
client_secret = "hidden"
server_metadata_url = "http://localhost:1/.well-known/openid-configuration"
"""


@pytest.fixture
def with_auth(app_database):
    """The settings of a server where people sign in."""
    config.settings().secrets.write_text(AUTH, "utf-8")
    identity.forget_settings()


def test_without_an_auth_section_one_chooses_who_to_be(app_database, app_cast):
    app = AppTest.from_file(APP, default_timeout=30)
    app.session_state["language"] = "en"
    app.session_state["person_id"] = None
    app.run()
    assert not app.exception
    assert "all people and ideas are made up" in said(app)
    app.button(key="persona-mentor").click().run()
    assert app.title[0].value == "My page"


def test_somebody_who_is_no_persona_cannot_be_chosen(app_database, app_cast):
    app = AppTest.from_file(APP, default_timeout=30)
    app.session_state["language"] = "en"
    app.session_state["person_id"] = 999
    assert app.run().title[0].value == "Sandkasse"


def test_with_an_auth_section_nobody_can_be_chosen(app_database, app_cast, with_auth):
    app = AppTest.from_file(APP, default_timeout=30)
    app.session_state["language"] = "en"
    app.session_state["person_id"] = app_cast.lead.person_id
    app.run()
    assert not app.exception
    assert [button.label for button in app.main.button] == ["Sign in with Feide"]
    assert "made up" not in said(app)


def test_the_language_one_chose_is_used_on_a_new_device(app_database, app_cast):
    membership.remember_language(app_database, app_cast.mentor, "nb")
    app = AppTest.from_file(APP, default_timeout=30)
    app.session_state["person_id"] = app_cast.mentor.person_id
    assert app.run().title[0].value == "Min side"
    app.radio(key="language-switch").set_value("en").run()
    assert app.title[0].value == "My page"
    assert people.find(app_database, app_cast.mentor.person_id).language == "en"


ISSUER = "https://feide.example"


def token(**changes):
    """What ``st.user`` holds of somebody who has just signed in with Feide."""
    return {
        "is_logged_in": True, "provider": "feide", "iss": ISSUER, "sub": "kari", "aud": "id",
        "iat": clock.now().timestamp(), "nonce": "n-1", "tokens": {"access": "secret"}, **changes,
    }  # fmt: skip


def signed_in(db, *affiliations, page=None, **changes):
    """A page as somebody sees it whom Feide told these affiliations of, the last of them now."""
    rates.forget_all()
    auth = config.auth_section()
    for turn, told in enumerate(affiliations):
        user = token(nonce=f"n-{turn}", **changes)
        who = claims.identity(user, auth, 12)
        found = Claims(
            who.subject, "Kari Nordmann", provider="feide", affiliations=told, realm="uit.no",
            session=who.session, issued_at=who.issued_at,
        )  # fmt: skip
        membership.sign_in(db, found, config.settings(), identity.rules())
    app = AppTest.from_file(APP, default_timeout=30)
    app.session_state["language"] = "en"
    app.user = user
    app.run()
    return app.switch_page(f"pages/{page}").run() if page else app


def test_whoever_has_signed_in_is_let_in(app_database, with_auth):
    app = signed_in(app_database, ("student",))
    assert not app.exception
    assert app.title[0].value == "My page"
    assert not app.warning


def test_whoever_no_longer_belongs_is_told_until_when_the_access_lasts(app_database, with_auth):
    app = signed_in(app_database, ("student",), ("alum",))
    assert app.title[0].value == "My page"
    assert "Feide no longer says that you are a student" in app.warning[0].value


def test_whoever_has_not_belonged_for_long_is_out_and_told_whom_to_ask(
    app_database, with_auth, monkeypatch, tmp_path
):
    text = config.settings().sign_in.read_text("utf-8")
    strict = tmp_path / "sign_in.toml"
    strict.write_text(text.replace("grace_days = 90", "grace_days = 0"), "utf-8")
    monkeypatch.setenv("SANDKASSE_SIGN_IN", str(strict))
    config.settings.cache_clear()
    identity.forget_settings()
    app = signed_in(app_database, ("student",), ("alum",))
    assert "Ask the project lead" in app.error[0].value
    assert [button.label for button in app.main.button] == ["Sign out"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"aud": "another-app"}, "You signed in to another service"),
        ({"iat": 1_000}, "You signed in too long ago"),
        ({"provider": "unknown"}, "You signed in to another service"),
    ],
)
def test_what_does_not_count_asks_to_sign_in_again(app_database, with_auth, changes, message):
    app = AppTest.from_file(APP, default_timeout=30)
    app.session_state["language"] = "en"
    app.user = token(**changes)
    app.run()
    assert not app.exception
    assert message in app.warning[0].value
    assert [button.label for button in app.main.button] == ["Sign in with Feide"]


def test_a_window_that_shares_a_session_is_out_once_another_signed_out(app_database, with_auth):
    app = signed_in(app_database, ("student",))
    who = claims.identity(app.user, config.auth_section(), 12)
    sessions.end(app_database, who.session)
    app.run()
    assert "You have signed out" in app.warning[0].value
    assert [button.label for button in app.main.button] == ["Sign in with Feide"]


def test_whoever_was_away_for_too_long_signs_in_again(app_database, with_auth, caplog):
    with time_machine.travel(clock.now(), tick=False) as time:
        app = signed_in(app_database, ("student",))
        time.shift(timedelta(minutes=59))
        assert app.run().title[0].value == "My page"
        time.shift(timedelta(minutes=61))
        app.run()
        assert "You were away for more than 60 minutes" in app.warning[0].value
        assert [button.label for button in app.main.button] == ["Sign in with Feide"]
        app.run()
        assert "were away for long" in app.warning[0].value
    who = claims.identity(app.user, config.auth_section(), 12)
    assert sessions.whose(app_database, who.session)[1]
    assert {one.kind for one in caplog.records if one.msg == "Turned away"} == {"SessionEnded"}


def test_one_sees_ones_own_sign_ins_and_may_end_the_other_one(app_database, with_auth):
    app = signed_in(app_database, ("student",), ("student",))
    app.query_params["view"] = "mine"
    app.switch_page("pages/privacy.py").run()
    assert not app.exception
    rows = json.loads(app.get_by_key("sessions").proto.json)["rows"]
    assert [(row["id"], row["action"], len(row["marks"])) for row in rows] == [
        (2, "", 1),
        (1, "End it", 0),
    ]
    assert rows[0]["marks"][0]["text"] == "This browser"


def test_a_provider_that_cannot_be_asked_is_told_of_with_a_way_on(app_database, with_auth):
    rates.forget_all()
    app = AppTest.from_file(APP, default_timeout=30)
    app.session_state["language"] = "nb"
    app.user = token()
    app.run()
    assert not app.exception
    assert "Feide svarer ikke akkurat nå" in app.error[0].value
    assert [button.label for button in app.main.button] == ["Prøv igjen", "Logg ut"]
    assert app_database.value("SELECT count(*) FROM person") == 0


def test_a_lead_is_told_that_somebody_waits(app_database, app_cast):
    app = AppTest.from_file(APP, default_timeout=30)
    app.session_state["language"] = "en"
    app.session_state["person_id"] = app_cast.lead.person_id
    assert "1 person waits for a role" in said(app.run())
    membership.change_roles(
        app_database, app_cast.lead, app_cast.nobody.person_id, [people.Role.MENTOR]
    )
    assert "waits for a role" not in said(app.run())


def test_a_lead_sees_on_the_list_whose_access_ends(app_database, with_auth):
    signed_in(app_database, ("student",), ("alum",))
    ola = Claims(f"{ISSUER}|ola", "Ola Lead", provider="feide")
    lead_id = membership.sign_in(app_database, ola, config.settings(), identity.rules())
    with app_database.transaction() as tx:
        people.grant(tx, lead_id, people.Role.LEAD, granted=True, actor_id=None)
    app = signed_in(app_database, (), page="people.py", sub="ola")
    assert not app.exception
    assert app.title[0].value == "People"
    assert "Access ends" in said(app)


STALE = """
import streamlit as st
from sandkasse import comments, idea_bank
from sandkasse.idea_bank import Filter
from sandkasse.people import actor_of
from sandkasse.ui import store
from sandkasse.ui.page import Visit

db = store.database()
kept = st.session_state
if "visit" not in kept:
    kept["visit"] = Visit(db, actor_of(db, {person_id}))

def say():
    kept["answer"] = kept["visit"].write(comments.say, {idea_id}, "Am I still here?")

st.button("Say", key="say", on_click=say)
kept["visit"].read(idea_bank.find, Filter())
st.write("All that is here")
"""


def blocked_meanwhile(app_database, app_cast):
    """A page that somebody has open whom a lead then blocks."""
    student = app_cast.student
    idea_id = submitted(app_database, student)
    app = AppTest.from_string(STALE.format(person_id=student.person_id, idea_id=idea_id))
    app.session_state["language"] = "en"
    app.session_state["person_id"] = student.person_id
    app.run()
    assert "All that is here" in said(app)
    membership.block(app_database, app_cast.lead, student.person_id, blocked=True)
    return app


def test_a_page_that_was_drawn_before_somebody_was_blocked_writes_nothing(app_database, app_cast):
    app = blocked_meanwhile(app_database, app_cast)
    before = contents(app_database)
    app.button(key="say").click().run()
    assert "Your access has been closed" in app.session_state["answer"].message
    assert contents(app_database) == before


def test_a_part_of_a_page_that_is_drawn_again_shows_nothing_to_whom_was_blocked(
    app_database, app_cast
):
    app = blocked_meanwhile(app_database, app_cast).run()
    assert "All that is here" not in said(app)
    assert "Your access has been closed" in app.error[0].value
