"""Every answer has the headers, on every kind of path, from a real server."""

import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Route
from streamlit import file_util
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from sandkasse.config import PROJECT_FOLDER
from sandkasse.ui import headers
from sandkasse.ui.headers import Headers
from tests.browser import serving
from tests.browser.serving import Server
from tests.ui.asgi import answered

PAGES = ("/", "/board", "/idea?idea=1", "/no-such-page")
OTHERS = (
    ("GET", "/favicon.png"),
    ("GET", "/_stcore/health"),
    ("GET", "/_stcore/host-config"),
    ("GET", "/_stcore/metrics"),
    ("GET", "/media/none.xlsx"),
    ("PUT", "/_stcore/upload_file/session/file"),
    ("GET", "/auth/login"),
    ("GET", "/oauth2callback"),
    ("GET", "/board/"),
    ("GET", "//elsewhere.example/x"),
    ("DELETE", "/board"),
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with nothing in its database."""
    with serving.server(tmp_path_factory.mktemp("headers"), ideas=0) as running:
        yield running


def asked(server: Server, method: str, path: str, **given: str) -> http.client.HTTPResponse:
    """What the server answers, with no client's own ideas about paths and redirects."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    connection.request(method, path, headers=given)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def static_files() -> list[str]:
    """The path of a script, a style and a font of Streamlit's."""
    folder = Path(file_util.get_static_dir())
    found = [next(folder.rglob(f"*{ending}")) for ending in (".js", ".css", ".woff2")]
    return [f"/{path.relative_to(folder).as_posix()}" for path in found]


def check_common(told: http.client.HTTPMessage) -> None:
    """What every answer says."""
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["X-Frame-Options"] == "DENY"
    assert told["Referrer-Policy"] == "no-referrer"
    assert told["Cross-Origin-Opener-Policy"] == "same-origin"
    assert told["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in told["Permissions-Policy"]
    policy = told["Content-Security-Policy"]
    for rule in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert "http:" not in policy
    assert "https:" not in policy


@pytest.mark.parametrize("path", PAGES)
def test_a_page_may_run_our_scripts_alone_and_is_kept_nowhere(empty: Server, path: str) -> None:
    answer = asked(empty, "GET", path)
    assert answer.status == 200
    check_common(answer.headers)
    rules = dict(
        rule.strip().split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split(";")
    )
    assert rules["script-src"].startswith("'self' blob: 'wasm-unsafe-eval' 'sha256-")
    assert rules["style-src"].startswith("'self' 'sha256-")
    assert rules["connect-src"] == "'self'"
    assert rules["form-action"] == rules["object-src"] == "'none'"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Strict-Transport-Security"] is None


@pytest.mark.parametrize(("method", "path"), OTHERS)
def test_what_is_no_page_runs_nothing_and_is_kept_nowhere(
    empty: Server, method: str, path: str
) -> None:
    answer = asked(empty, method, path)
    check_common(answer.headers)
    if path == "/favicon.png":
        return
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", static_files())
def test_a_file_named_by_its_hash_may_be_kept(empty: Server, path: str) -> None:
    answer = asked(empty, "GET", path)
    assert answer.status == 200
    check_common(answer.headers)
    assert "immutable" in answer.headers["Cache-Control"]


def test_not_modified_does_not_take_a_kept_pages_policy_away(empty: Server) -> None:
    tag = asked(empty, "GET", "/")
    unchanged = asked(empty, "GET", "/", **{"If-None-Match": tag.headers["ETag"]})
    assert unchanged.status == 304
    check_common(unchanged.headers)
    assert "script-src 'self'" in unchanged.headers["Content-Security-Policy"]


def test_streamlits_counters_are_not_public(empty: Server) -> None:
    assert asked(empty, "GET", "/_stcore/metrics").status == 404


@pytest.mark.parametrize("path", [*PAGES, "/_stcore/health", "/media/none.xlsx"])
def test_tls_alone_is_asked_for_once_the_proxy_says_that_it_is_spoken(
    empty: Server, path: str
) -> None:
    answer = asked(empty, "GET", path, **{"X-Forwarded-Proto": "https"})
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    for cookie in answer.headers.get_all("Set-Cookie", []):
        assert cookie.endswith("; Secure")


def test_cookies_travel_by_tls_alone_once_it_is_spoken(empty: Server) -> None:
    path = "/_stcore/health"
    by_tls = asked(empty, "GET", path, **{"X-Forwarded-Proto": "https"})
    plainly = asked(empty, "GET", path)
    assert "Secure" in by_tls.headers["Set-Cookie"]
    assert "Secure" not in plainly.headers["Set-Cookie"]


def test_the_handshake_of_the_websocket_has_them(empty: Server) -> None:
    address = empty.url.replace("http", "ws", 1) + "_stcore/stream"
    with connect(address, subprotocols=["streamlit"]) as socket:  # type: ignore[list-item]
        assert socket.response is not None
        check_common(socket.response.headers)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/", "/board", "/_stcore/health", "/_stcore/host-config"])
def test_no_other_site_may_read_an_answer_and_its_letters_are_named(
    empty: Server, path: str
) -> None:
    for method in ("GET", "OPTIONS"):
        answer = asked(empty, method, path, Origin="https://evil.example")
        allowed = answer.headers["Access-Control-Allow-Origin"]
        assert allowed in (None, "null") or allowed.startswith(empty.url.rstrip("/"))
    if answer.status < 300 and (kind := asked(empty, "GET", path).headers["Content-Type"]):
        assert "charset=utf-8" in kind.lower() or kind == "application/json"


def test_no_other_site_may_send_messages_to_the_page(empty: Server) -> None:
    answer = httpx.get(f"{empty.url}_stcore/host-config")
    assert answer.json()["allowedOrigins"] == []
    assert answer.json()["enableCustomParentMessages"] is False


def test_our_scripts_set_text_and_never_markup_or_code() -> None:
    """Nor do they take what they are told into an object by a name that they are told."""
    scripts = sorted((PROJECT_FOLDER / "sandkasse" / "ui" / "assets").glob("*.js"))
    assert len(scripts) > 3
    for script in scripts:
        told = script.read_text("utf-8")
        for bad in (r"innerHTML", r"outerHTML", r"insertAdjacentHTML", r"document\.write",
                    r"\beval\(", r"new Function", r"__proto__", r"Object\.assign",
                    r"setAttribute\(\s*[\"']on", r"addEventListener\([\"']message"):  # fmt: skip
            assert re.search(bad, told) is None, (script.name, bad)


def test_a_handshake_from_another_site_is_refused(empty: Server) -> None:
    address = empty.url.replace("http", "ws", 1) + "_stcore/stream"
    with pytest.raises(InvalidStatus) as refused, connect(address, origin="https://evil.example"):  # type: ignore[arg-type]
        pass
    assert refused.value.response.status_code == 403


async def _fail(_request: Request) -> None:
    raise RuntimeError("Kari Nordmann")


def test_the_servers_own_failure_has_them_and_says_nothing_more() -> None:
    app = Starlette(
        routes=[Route("/", _fail)],
        middleware=[Middleware(Headers, by_tls=True)],
        exception_handlers={Exception: headers.on_server_error},
    )
    answer = answered(app, "/")
    assert answer.status_code == 500
    assert answer.text == "Internal Server Error"
    check_common(answer.headers)  # type: ignore[arg-type]


def test_tls_alone_is_asked_for_where_people_reach_the_app_by_it() -> None:
    app = Starlette(middleware=[Middleware(Headers, by_tls=True)])
    assert "Strict-Transport-Security" in answered(app, "/nothing").headers
