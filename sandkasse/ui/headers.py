"""What every answer of the server tells the browser: what may run on a page, who may show it in a
frame, what may be kept, and that it is to be asked for by TLS alone.

The Content-Security-Policy is as narrow as Streamlit's pages allow. No script runs but the
server's own files, its one inline line (by its hash) and our components (as ``blob:`` addresses,
which only a script that runs already can make), and no style that is not known by its hash. There
is no ``eval``: charts are drawn by Vega's interpreter. ``wasm-unsafe-eval`` lets Streamlit's
protobuf reader load its arithmetic. Nothing is fetched from anybody else: Streamlit would ask
Google for an icon when one switches pages. Whatever is not a page runs nothing at all.
"""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from sandkasse.ui.component import ASSETS
from sandkasse.ui.cookies import asked_by_tls, change_cookies

#: Streamlit's own style for what can be pressed, from its bundle. The browser tests, which fail on
#: any refusal by the policy, tell when a new version of Streamlit has another.
_PRESSABLE = """@layer {
  [data-react-aria-pressable] {
    touch-action: pan-x pan-y pinch-zoom;
  }
}"""

#: Nothing that a page of ours needs; what is left out of the list keeps the browser's default.
_NO_SENSORS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
        "encrypted-media", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer",
        "microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock", "serial",
        "usb", "xr-spatial-tracking",
    )
)  # fmt: skip

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Addresses hold numbers of ideas and words that somebody has searched for.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": _NO_SENSORS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_NOT_A_PAGE = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
)
#: Two years, as browsers ask of whoever wants to be on their lists.
_BY_TLS_ALONE = f"max-age={2 * 365 * 24 * 60 * 60}; includeSubDomains"
#: Streamlit's own counters: for whoever runs the server, at the port for measurements.
_NOT_PUBLIC = ("/_stcore/metrics",)
#: Streamlit's route for signing in answers any method as it does GET.
_NO_METHODS = ("TRACE", "TRACK", "CONNECT")


class Headers:
    """ASGI middleware around all that Streamlit answers, the handshake of its websocket included.

    :param by_tls: whether people reach the app by an https address; otherwise an answer speaks of
        TLS only when a proxy on this machine says that it was asked by TLS.
    """

    def __init__(self, app: ASGIApp, *, by_tls: bool) -> None:
        self._app = app
        self._by_tls = by_tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add the headers to what comes back."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        by_tls = asked_by_tls(scope, always=self._by_tls)

        async def sending(message: Message) -> None:
            if message["type"] in (
                "http.response.start", "websocket.accept", "websocket.http.response.start"
            ):  # fmt: skip
                message.setdefault("headers", [])
                unchanged = message.get("status") == 304
                _complete(MutableHeaders(scope=message), by_tls, unchanged=unchanged)
            await send(message)

        refusal = _refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, sending)


def _refusal(scope: Scope) -> Response | None:
    if scope["method"].upper() in _NO_METHODS:
        return PlainTextResponse("Method Not Allowed", status_code=405, headers={"Allow": "GET"})
    if scope["path"].startswith(_NOT_PUBLIC):
        return PlainTextResponse("Not Found", status_code=404)
    return None


def on_server_error(_request: Request, _error: Exception) -> Response:
    """The answer when the server itself fails, which no middleware sees."""
    response = PlainTextResponse("Internal Server Error", status_code=500)
    _complete(response.headers, by_tls=False)
    return response


def _complete(headers: MutableHeaders, by_tls: bool, *, unchanged: bool = False) -> None:
    headers.update(_ALWAYS)
    # «Not modified» may be about a page that a browser has kept, whose policy it would replace.
    is_page = unchanged or headers.get("content-type", "").startswith("text/html")
    headers["Content-Security-Policy"] = page_policy() if is_page else _NOT_A_PAGE
    # Streamlit lets files whose name is their hash be kept, and those alone.
    if "immutable" not in headers.get("cache-control", ""):
        headers["Cache-Control"] = "no-store"
    if by_tls:
        headers["Strict-Transport-Security"] = _BY_TLS_ALONE
        change_cookies(headers, _by_tls_alone)


def _by_tls_alone(cookie: str) -> str:
    """A cookie that travels by TLS alone: Streamlit makes it so only when it has the
    certificate."""
    secure = re.search(r";\s*secure\b", cookie, re.IGNORECASE)
    return cookie if secure else f"{cookie}; Secure"


@cache
def page_policy() -> str:
    """The Content-Security-Policy of a page."""
    styles = sorted(path.read_text("utf-8").strip() for path in ASSETS.glob("*.css"))
    # Streamlit's styles are added rule by rule to a style element that is empty.
    hashes = " ".join(map(_hash, ["", _PRESSABLE, *styles]))
    scripts = " ".join(map(_hash, _inline_scripts()))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' blob: 'wasm-unsafe-eval' {scripts}",
            f"style-src 'self' {hashes}",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _inline_scripts() -> list[str]:
    """The scripts that stand in Streamlit's page itself."""
    page = Path(file_util.get_static_dir(), "index.html").read_text("utf-8")
    return re.findall(r"<script>(.*?)</script>", page, re.DOTALL)


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
