"""OpenID providers on loopback: authorization code flow with PKCE, signed ID tokens, userinfo.

One server holds several providers, each with its own issuer, keys and people. One behaves as Feide
is documented to: an ID token with the least, name and address at the userinfo endpoint, and the
affiliation only at an extended one. Run as a program it is a process of its own, which tests steer
over the web; what goes wrong is made to.
"""

import hashlib
import json
import secrets
import sys
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "sandkasse-test", "a-secret-of-the-test"


class Refusal(Exception):
    """A request that the standard says to refuse, with its code."""


@dataclass
class Provider:
    """One issuer. ``people`` maps a login name to what each part says of somebody: ``token`` (the
    ID token's further claims), ``userinfo`` and ``extended``; ``faults`` is what goes wrong."""

    issuer: str
    pkce: bool = True
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))

    def discovery(self) -> dict[str, Any]:
        """The provider's description of itself."""
        return {
            "issuer": self.faults.get("says_issuer", self.issuer),
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/endsession",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            **({"code_challenge_methods_supported": ["S256"]} if self.pkce else {}),
        }

    def login_page(self, query: dict[str, str]) -> str:
        """The page on which somebody chooses who to be."""
        links = "".join(
            f'<li><a href="{escape(f"{self.issuer}/as?" + urlencode({**query, "login": name}))}">'
            f"{escape(name)}</a></li>"
            for name in self.people
        )
        return f"<!doctype html><title>Provider</title><h1>{escape(self.issuer)}</h1><ul>{links}"

    def signed_in(self, query: dict[str, str]) -> str:
        """Where somebody who has said who to be is sent."""
        back = {"state": query["state"]}
        if self.faults.get("denies"):
            back["error"] = "access_denied"
        else:
            back["code"] = secrets.token_urlsafe(16)
            self.codes[back["code"]] = query
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def exchange(self, form: dict[str, str], authorization: str) -> dict[str, Any]:
        """Tokens for a code. :raises Refusal: as RFC 6749 and RFC 7636 say."""
        given = b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if (unquote(given[0]), unquote(given[2])) != (CLIENT, SECRET):
            raise Refusal("invalid_client")
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri"):
            raise Refusal("invalid_grant")
        if self.pkce and _challenge(form.get("code_verifier", "")) != asked.get("code_challenge"):
            raise Refusal("invalid_grant")
        access_token = secrets.token_urlsafe(24)
        self.tokens[access_token] = asked["login"]
        return {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": 3600,
            "id_token": access_token if self.faults.get("swapped") else self._id_token(asked),
        }

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time()) - int(self.faults.get("seconds_ago", 0))
        person = self.people[asked["login"]]
        claims = {
            "iss": self.faults.get("issuer", self.issuer),
            "sub": person["sub"],
            "aud": self.faults.get("audience", CLIENT),
            "azp": CLIENT,
            "iat": now,
            # As long as it is looked at: the app's own limit is on `iat`.
            "exp": int(time.time()) + 600,
            "nonce": asked["nonce"],
            **person.get("token", {}),
            **self.faults.get("claims", {}),
        }
        if self.faults.get("shared_key"):
            # A known attack: signed with what the app shares with the provider, and anybody who
            # has the app's settings.
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
        signer = (
            RSAKey.generate_key(2048, {"kid": "one"}) if self.faults.get("forged") else self.key
        )
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, signer)

    def told(self, what: str, authorization: str) -> dict[str, Any]:
        """What ``userinfo`` or ``extended`` says. :raises Refusal: without a valid token."""
        login = self.tokens.get(authorization.removeprefix("Bearer "))
        if login is None:
            raise Refusal("invalid_token")
        said = dict(self.people[login].get(what, {}))
        if what == "userinfo":
            said.setdefault("sub", self.people[login]["sub"])
        return said


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


class _Handler(BaseHTTPRequestHandler):
    server: "Server"

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def _answer(self, body: str) -> None:
        parts = urlsplit(self.path)
        _empty, name, what = (*parts.path.split("/", 2), "", "")[:3]
        provider = self.server.providers.get(name)
        if provider is None:
            self._send(404, "")
        elif what == "control":
            self._steer(provider, json.loads(body))
        else:
            provider.asked.append(what)
            self._as_asked(provider, what, _flat(parts.query), body)

    def _steer(self, provider: Provider, wanted: dict[str, Any]) -> None:
        for name, value in wanted.items():
            setattr(provider, name, value)
        self._send(200, {"asked": provider.asked})

    def _as_asked(self, provider: Provider, what: str, query: dict[str, str], body: str) -> None:
        fault = provider.faults.get(what)
        if fault == "hangs":
            time.sleep(20)
        elif fault == "garbage":
            self._send(200, "<p>Out of order")
            return
        elif isinstance(fault, int):
            self._send(fault, {"error": "made to"})
            return
        authorization = self.headers.get("Authorization", "")
        answers: dict[str, Callable[[], Any]] = {
            ".well-known/openid-configuration": provider.discovery,
            "jwks": lambda: {"keys": [provider.key.as_dict(private=False)]},
            "authorize": lambda: provider.login_page(query),
            "as": lambda: provider.signed_in(query),
            "token": lambda: provider.exchange(_flat(body), authorization),
            "userinfo": lambda: provider.told("userinfo", authorization),
            "extended": lambda: provider.told("extended", authorization),
            "endsession": lambda: query["post_logout_redirect_uri"],
        }
        try:
            answer = answers[what]()
        except Refusal as refusal:
            self._send(403 if what == "extended" else 400, {"error": str(refusal)})
            return
        if what in ("as", "endsession"):
            self.send_response(302)
            self.send_header("Location", answer)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._send(200, answer)

    def _send(self, status: int, content: dict[str, Any] | str) -> None:
        is_page = isinstance(content, str)
        body = (content if is_page else json.dumps(content)).encode()  # type: ignore[union-attr]
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if is_page else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_ignored: Any) -> None:
        """Say nothing."""


def _flat(encoded: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(encoded).items()}


class Server(ThreadingHTTPServer):
    """The providers called ``names``, at ``http://localhost:PORT/<name>``."""

    daemon_threads = True

    def __init__(self, port: int, names: tuple[str, ...]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        address = f"http://localhost:{self.server_address[1]}"
        self.providers = {name: Provider(f"{address}/{name}") for name in names}


@contextmanager
def served(*names: str) -> Iterator[Server]:
    """Serve providers from a thread of this process."""
    server = Server(0, names)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


if __name__ == "__main__":
    Server(int(sys.argv[1]), tuple(sys.argv[2:])).serve_forever()
