"""The way in: demo mode without an [auth] section, sign-in with one."""

import pytest
from streamlit.testing.v1 import AppTest

from sandkasse import config, membership, people
from sandkasse.errors import NotAllowed
from sandkasse.ui import identity
from tests.pages.conftest import APP, said

AUTH = {
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "cookie_secret": "not-a-secret-but-long-enough-for-a-test",
    "feide": {
        "client_id": "id",
        "client_secret": "hidden",
        "server_metadata_url": "http://localhost:1/.well-known/openid-configuration",
    },
}


@pytest.fixture
def with_auth(app_database):
    """The settings of a server where people sign in."""
    config.settings().secrets.write_text("[auth]\n", "utf-8")
    identity.demo_mode.cache_clear()


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
    app.secrets["auth"] = AUTH
    app.session_state["language"] = "en"
    app.session_state["person_id"] = app_cast.lead.person_id
    app.run()
    assert not app.exception
    assert [button.label for button in app.main.button] == ["Sign in with Feide"]
    assert "made up" not in said(app)


def test_a_token_without_issuer_or_subject_is_nobody():
    for token in ({}, {"sub": "abc"}, {"iss": "https://login.example"}):
        with pytest.raises(NotAllowed):
            identity.claims_of(token)


def test_an_address_counts_as_verified_only_when_the_provider_says_so():
    token = {"iss": "https://login.example", "sub": "abc", "email": "kari@uit.example"}
    assert not identity.claims_of(token).email_verified
    assert not identity.claims_of({**token, "email_verified": "true"}).email_verified
    assert identity.claims_of({**token, "email_verified": True}).email_verified


def test_the_language_one_chose_is_used_on_a_new_device(app_database, app_cast):
    membership.remember_language(app_database, app_cast.mentor, "nb")
    app = AppTest.from_file(APP, default_timeout=30)
    app.session_state["person_id"] = app_cast.mentor.person_id
    assert app.run().title[0].value == "Min side"
    app.radio(key="language-switch").set_value("en").run()
    assert app.title[0].value == "My page"
    assert people.find(app_database, app_cast.mentor.person_id).language == "en"
