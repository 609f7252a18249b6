"""What becomes of a sign-in that failed on its way, or that is tried too often.

Streamlit answers a provider that is down with two words on a blank page, and sends somebody whose
sign-in failed back to the front page without a word. This says what happened in the address of the
front page, which tells it in words.
"""

import logging
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandkasse import rates

log = logging.getLogger("sandkasse")

OUTCOME = "sign-in"
FAILED, REFUSED, OFTEN = "failed", "refused", "often"
#: So many sign-ins may be begun from one address within so many seconds, and as many come back:
#: more than a lecture hall behind one address does, and fewer than wears a provider out.
MOST, SECONDS = 200, 300.0
_IDENTITY = b"_streamlit_user="
_LOGIN, _CALLBACK = "/auth/login", "/oauth2callback"


Headers = Iterable[tuple[bytes, bytes]]


class SignInOutcome:
    """An ASGI middleware that turns a failed sign-in into an address the front page explains."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the answers to the two addresses of signing in; leave all others alone."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.endswith((_LOGIN, _CALLBACK)):
            await self._app(scope, receive, send)
            return
        base = path.removesuffix(_LOGIN).removesuffix(_CALLBACK)
        if not _in_time(scope, "begun" if path.endswith(_LOGIN) else "come back"):
            await _redirect(send, [], f"{base}/?{OUTCOME}={OFTEN}")
            return
        replaced = False

        async def look(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start":
                outcome = _outcome(path, scope, message)
                if outcome is not None:
                    replaced = True
                    log.warning("A sign-in came to nothing", extra={"outcome": outcome})
                    await _redirect(send, message["headers"], f"{base}/?{OUTCOME}={outcome}")
                    return
            if not replaced:
                await send(message)

        await self._app(scope, receive, look)


def _in_time(scope: Scope, step: str) -> bool:
    """Whether one more sign-in may be begun, or come back, from this address now."""
    kind = f"sign-ins {step}"
    try:
        rates.allow(kind, whose((scope.get("client") or [""])[0]), MOST, SECONDS)
    except rates.TooMany:
        log.warning("Done too often", extra={"kind": kind})
        return False
    return True


def whose(address: str) -> str:
    """What an address is counted as: of IPv6 the /64, all of which one household has."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if isinstance(read, IPv6Address):
        plain = read.ipv4_mapped
        return str(plain or ip_network((read, 64), strict=False))
    return str(read)


def _outcome(path: str, scope: Scope, message: Message) -> str | None:
    status = int(message["status"])
    if path.endswith(_LOGIN):
        return FAILED if status >= 400 else None
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    if "state" not in asked and "error" not in asked:
        return None  # where somebody comes back to after signing out
    cookies = [value for name, value in message["headers"] if name.lower() == b"set-cookie"]
    if any(_keeps_somebody(cookie) for cookie in cookies):
        return None
    return REFUSED if asked.get("error") == ["access_denied"] else FAILED


def _keeps_somebody(cookie: bytes) -> bool:
    """Whether a cookie says who is signed in, and does not take that away."""
    value = cookie.removeprefix(_IDENTITY).split(b";")[0].strip(b'" ')
    return cookie.startswith(_IDENTITY) and bool(value)


async def _redirect(send: Send, headers: Headers, address: str) -> None:
    kept = [
        (name, value)
        for name, value in headers
        if name.lower() not in (b"location", b"content-length", b"content-type")
    ]
    await send(
        {
            "type": "http.response.start",
            "status": 302,
            "headers": [
                *kept,
                (b"location", address.encode("latin-1")),
                (b"content-length", b"0"),
            ],
        }
    )
    await send({"type": "http.response.body", "body": b""})
