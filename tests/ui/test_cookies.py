"""Cookies of signing in have names that a browser keeps for this host and TLS alone."""

import json

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandkasse.ui.cookies import HostCookies
from tests.ui.asgi import answered

SET = (
    "_streamlit_user=2|1:0; HttpOnly; Path=/; SameSite=lax",
    "_streamlit_user_tokens_1=eyJ; HttpOnly; Path=/; SameSite=lax",
    "_streamlit_session=abc; httponly; path=/; samesite=lax",
    "_streamlit_xsrf=token; Path=/",
)


def asked(cookies: str, *, by_tls: bool, scheme: str = "http") -> tuple[dict[str, str], list[str]]:
    """What Streamlit would read of a request's cookies, and what a browser is told to keep."""

    def told(request: Request) -> JSONResponse:
        answer = JSONResponse(request.cookies)
        for one in SET:
            answer.headers.append("set-cookie", one)
        return answer

    app = Starlette(routes=[Route("/", told)], middleware=[Middleware(HostCookies, by_tls=by_tls)])

    answer = answered(app, "/", scheme=scheme, cookies=cookies)
    return json.loads(answer.text), answer.headers.get_list("set-cookie")


@pytest.mark.parametrize(("by_tls", "scheme"), [(True, "http"), (True, "https"), (False, "https")])
def test_behind_tls_names_have_the_beginning_in_the_browser_alone(by_tls, scheme):
    _read, kept = asked("", by_tls=by_tls, scheme=scheme)
    assert kept == [*(f"__Host-{one}" for one in SET[:3]), SET[3]]
    sent = "; ".join(one.split(";")[0] for one in kept)
    read, _kept = asked(sent, by_tls=by_tls, scheme=scheme)
    assert read == dict(one.split(";")[0].split("=", 1) for one in SET)


def test_a_cookie_that_anybody_under_the_domain_could_have_set_is_left_out():
    forged = "_streamlit_user=forged; _streamlit_user_tokens=forged; other=1; _streamlit_xsrf=t"
    assert asked(forged, by_tls=True)[0] == {"other": "1", "_streamlit_xsrf": "t"}
    both = "_streamlit_user=forged; __Host-_streamlit_user=ours; _streamlit_user=forged"
    assert asked(both, by_tls=True)[0] == {"_streamlit_user": "ours"}


def test_without_tls_names_are_as_they_were():
    sent = "_streamlit_user=1; _streamlit_session=2"
    read, kept = asked(sent, by_tls=False)
    assert read == {"_streamlit_user": "1", "_streamlit_session": "2"}
    assert kept == list(SET)
