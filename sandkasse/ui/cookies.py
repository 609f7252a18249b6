"""The names that the cookies of signing in have in a browser, behind TLS.

A name that begins with ``__Host-`` is kept by a browser only when it came by TLS, for this very
host and for all of it (RFC 6265bis §4.1.3), so that no neighbour under the same domain and nobody
on the way can put another person's sign-in there. Streamlit's own names have no such beginning:
they are given one on the way out and lose it on the way in, and a cookie that comes in without it
is left out. The token against forged requests keeps its name: the page's own script looks it up by
it, and it says nothing of anybody.
"""

import re
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PREFIX = "__Host-"
_SIGN_IN = re.compile(r"_streamlit_(?:user|session)")
_WITH_PREFIX = re.compile(f"^{PREFIX}({_SIGN_IN.pattern})")


class HostCookies:
    """ASGI middleware between browsers and what Streamlit says of cookies.

    :param by_tls: whether people reach the app by an https address; otherwise names have their
        beginning when the proxy says that it was asked by TLS.
    """

    def __init__(self, app: ASGIApp, *, by_tls: bool) -> None:
        self._app = app
        self._by_tls = by_tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rename what comes in, and what goes out."""
        if not asked_by_tls(scope, always=self._by_tls):
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if "headers" in message:
                change_cookies(MutableHeaders(scope=message), _to_browser)
            await send(message)

        await self._app(_renamed_in(scope), receive, sending)


def asked_by_tls(scope: Scope, *, always: bool) -> bool:
    """Whether a request came by TLS: ``always``, or as the proxy says of this one."""
    return always or scope.get("scheme") in ("https", "wss")


def change_cookies(headers: MutableHeaders, change: Callable[[str], str]) -> None:
    """Let each cookie that a browser is told to keep be what ``change`` makes of it."""
    cookies = headers.getlist("set-cookie")
    if cookies:
        del headers["set-cookie"]
    for cookie in cookies:
        headers.append("set-cookie", change(cookie))


def _renamed_in(scope: Scope) -> Scope:
    headers = [
        (name, _to_streamlit(value) if name.lower() == b"cookie" else value)
        for name, value in scope.get("headers", [])
    ]
    return {**scope, "headers": headers}


def _to_streamlit(cookies: bytes) -> bytes:
    """The cookies of a request by Streamlit's names, without those that anybody could have set."""
    sent = [part.strip() for part in cookies.decode("latin-1").split(";")]
    kept = [one for one in sent if not _SIGN_IN.match(one)]
    return "; ".join(re.sub(_WITH_PREFIX, r"\1", one) for one in kept).encode("latin-1")


def _to_browser(cookie: str) -> str:
    return PREFIX + cookie if _SIGN_IN.match(cookie) else cookie
