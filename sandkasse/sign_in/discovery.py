"""A provider's own description of itself (OpenID Connect Discovery 1.0), kept for ten minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from sandkasse import clock
from sandkasse.errors import SignInFailed
from sandkasse.i18n import _
from sandkasse.sign_in.asking import ask

_KEPT = timedelta(minutes=10)
_lock = Lock()
_known: dict[str, tuple[datetime, "Discovery"]] = {}


@dataclass(frozen=True)
class Discovery:
    """What a discovery document says, of what we need."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    has_pkce: bool


def of(address: str, who: str) -> Discovery:
    """The discovery document at ``address``, asked for or remembered; failures are not remembered.

    :param who: what to call the provider in a message.
    :raises SignInFailed, NotConfigured: as :func:`sandkasse.sign_in.asking.ask`.
    """
    with _lock:
        kept = _known.get(address)
    if kept is not None and kept[0] <= clock.now() < kept[0] + _KEPT:
        return kept[1]
    found = asked(address, who)
    with _lock:
        _known[address] = (clock.now(), found)
    return found


def asked(address: str, who: str) -> Discovery:
    """The same, asked for anew."""
    said = ask(address, who)
    needed = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    missing = [name for name in needed if not isinstance(said.get(name), str)]
    if missing:
        raise SignInFailed(
            _("The description of {name} at {address} lacks {what}.").format(
                name=who, address=address, what=", ".join(missing)
            )
        )
    methods = said.get("code_challenge_methods_supported")
    return Discovery(
        issuer=str(said["issuer"]),
        authorization_endpoint=str(said["authorization_endpoint"]),
        token_endpoint=str(said["token_endpoint"]),
        jwks_uri=str(said["jwks_uri"]),
        userinfo_endpoint=_text(said, "userinfo_endpoint"),
        end_session_endpoint=_text(said, "end_session_endpoint"),
        has_pkce=isinstance(methods, list) and "S256" in methods,
    )


def forget() -> None:
    """Ask anew the next time."""
    with _lock:
        _known.clear()


def _text(said: dict[str, Any], name: str) -> str | None:
    value = said.get(name)
    return value if isinstance(value, str) and value else None
