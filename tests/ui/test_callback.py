"""What becomes of a sign-in that failed on its way: the answers of the two addresses, looked at."""

import httpx
import pytest
import time_machine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandkasse import rates
from sandkasse.ui.callback import MOST, SECONDS, SignInOutcome, whose
from tests.ui.asgi import answered


def answers(response: Response, path: str, visitor: str = "127.0.0.1") -> httpx.Response:
    """An app that answers a visitor so, behind the middleware."""
    app = Starlette(
        routes=[Route("/{rest:path}", lambda _request: response)],
        middleware=[Middleware(SignInOutcome)],
    )
    return answered(app, path, visitor=visitor)


def back(*cookies: str) -> Response:
    """Streamlit's answer to somebody who came back from the provider."""
    response = RedirectResponse("/", 302)
    for cookie in cookies:
        response.headers.append("set-cookie", cookie)
    return response


SIGNED_IN = "_streamlit_user=eyJ; HttpOnly; Path=/"
TAKEN_AWAY = '_streamlit_user=""; Max-Age=0; Path=/'
TOKENS = "_streamlit_user_tokens=eyJ; Path=/"


@pytest.mark.parametrize(
    ("path", "response", "expected"),
    [
        ("/oauth2callback?state=s&code=c", back(SIGNED_IN, TOKENS), "/"),
        ("/oauth2callback?state=s&code=c", back(TAKEN_AWAY, SIGNED_IN), "/"),
        ("/oauth2callback?state=s&code=c", back(TAKEN_AWAY, TOKENS), "/?sign-in=failed"),
        ("/oauth2callback?state=s&code=c", back(), "/?sign-in=failed"),
        ("/oauth2callback?state=s&error=access_denied", back(), "/?sign-in=refused"),
        ("/oauth2callback?state=s&error=server_error", back(), "/?sign-in=failed"),
        ("/base/oauth2callback?state=s&code=c", back(), "/base/?sign-in=failed"),
        # Where somebody comes back to after signing out.
        ("/oauth2callback", back(), "/"),
    ],
)
def test_who_comes_back_without_being_signed_in_is_told(path, response, expected):
    answer = answers(response, path)
    assert (answer.status_code, answer.headers["location"]) == (302, expected)


def test_cookies_are_taken_away_all_the_same():
    answer = answers(back(TAKEN_AWAY), "/oauth2callback?state=s&code=c")
    assert "Max-Age=0" in answer.headers["set-cookie"]


def test_a_provider_that_is_down_leads_back_and_not_to_a_blank_page():
    answer = answers(Response("Authentication error", 400), "/auth/login?provider=x")
    assert (answer.status_code, answer.headers["location"]) == (302, "/?sign-in=failed")
    assert answer.text == ""


def test_the_way_to_the_provider_and_all_else_are_left_alone():
    away = RedirectResponse("https://feide.example/authorize", 302)
    assert answers(away, "/auth/login?provider=x").headers["location"].startswith("https://feide")
    assert answers(Response("No", 404), "/idea?state=s").status_code == 404


def test_whoever_begins_sign_ins_without_end_is_asked_to_wait_and_the_log_says_so(caplog):
    rates.forget_all()
    away = RedirectResponse("https://feide.example/authorize", 302)
    with time_machine.travel("2026-11-02T09:00:00Z", tick=False) as time:
        for _turn in range(MOST):
            assert answers(away, "/auth/login").headers["location"].startswith("https://feide")
        refused = answers(away, "/base/auth/login")
        assert (refused.status_code, refused.headers["location"]) == (302, "/base/?sign-in=often")
        assert "set-cookie" not in refused.headers
        # Somebody elsewhere begins, who is on the way comes back, and all other pages are there.
        elsewhere = answers(away, "/auth/login", "198.51.100.7")
        assert elsewhere.headers["location"].startswith("https://feide")
        assert answers(back(SIGNED_IN), "/oauth2callback?state=s&code=c").headers["location"] == "/"
        assert answers(Response("Yes"), "/idea").text == "Yes"
        for _turn in range(MOST - 1):
            answers(back(SIGNED_IN), "/oauth2callback?state=s&code=c")
        flooded = answers(back(SIGNED_IN), "/oauth2callback?state=s&code=c")
        assert flooded.headers["location"] == "/?sign-in=often"
        assert "set-cookie" not in flooded.headers
        time.shift(SECONDS + 1)
        assert answers(away, "/auth/login").headers["location"].startswith("https://feide")
    logged = [one for one in caplog.records if one.name == "sandkasse"]
    assert [(one.msg, one.kind) for one in logged] == [
        ("Done too often", "sign-ins begun"),
        ("Done too often", "sign-ins come back"),
    ]


def test_a_sign_in_that_came_to_nothing_is_in_the_log(caplog):
    answers(back(), "/oauth2callback?state=s&error=access_denied")
    (line,) = [one for one in caplog.records if one.name == "sandkasse"]
    assert (line.msg, line.outcome) == ("A sign-in came to nothing", "refused")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("", "", True),
        ("testclient", "203.0.113.9", False),
    ],
)
def test_a_household_is_counted_as_one(one, other, same):
    assert (whose(one) == whose(other)) is same
