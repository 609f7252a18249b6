"""What becomes of a sign-in that failed on its way: the answers of the two addresses, looked at."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandkasse.ui.callback import SignInOutcome


def answers(response: Response, path: str) -> httpx.Response:
    """An app that answers so, behind the middleware."""
    app = Starlette(
        routes=[Route("/{rest:path}", lambda _request: response)],
        middleware=[Middleware(SignInOutcome)],
    )

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(path)

    return asyncio.run(asked())


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
