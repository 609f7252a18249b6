"""What somebody signed in with.

Authlib has checked the ID token's signature, issuer, nonce and times when it came. It lets through
a token whose audience is another app when its authorised party (``azp``) is this one, and Streamlit
keeps what it says for 30 days; so audience and age are looked at here, each time.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sandkasse import clock
from sandkasse.errors import SessionEnded
from sandkasse.i18n import _
from sandkasse.texts import LIMITS, tidy

#: How far the provider's clock may be ahead of ours.
_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True)
class Identity:
    """Who an ID token says somebody is. ``subject`` is issuer and subject together, ``session`` is
    the same for all that comes from one sign-in, and for nothing else."""

    subject: str
    issuer: str
    session: str
    provider: str
    issued_at: datetime


@dataclass(frozen=True)
class Claims:
    """What a provider says of somebody. What it does not say is None."""

    subject: str
    name: str | None = None
    email: str | None = None
    email_verified: bool = False
    provider: str = "default"
    #: As student or employee; None where nobody was asked.
    affiliations: tuple[str, ...] | None = None
    #: The organisation's part of the principal name, such as uit.no.
    realm: str | None = None
    session: str | None = None
    issued_at: datetime | None = None


def identity(token: Mapping[str, Any], auth: Mapping[str, Any], hours: float) -> Identity:
    """Who the claims of an ID token (``st.user``) are, if they still count.

    :param auth: the ``[auth]`` section of the secrets file.
    :param hours: for so long after it was issued a token counts.
    :raises SessionEnded: when it is too old, from the future, not for this app, or says nobody.
    """
    provider = str(token.get("provider") or "default")
    section = section_of(auth, provider)
    issuer, subject = token.get("iss"), token.get("sub")
    if not (isinstance(issuer, str) and issuer and isinstance(subject, str) and subject):
        raise SessionEnded(_("The sign-in service did not say who you are. Sign in again."))
    if section is None or not _is_for(token, section.get("client_id")):
        raise SessionEnded(_("You signed in to another service than this one. Sign in here."))
    issued_at = _moment(token.get("iat"))
    if issued_at is None or issued_at > clock.now() + _AHEAD:
        raise SessionEnded(_("The sign-in service did not say when you signed in. Sign in again."))
    found = Identity(
        subject=f"{issuer}|{subject}",
        issuer=issuer,
        session=_session(token),
        provider=provider,
        issued_at=issued_at,
    )
    require_fresh(found, hours)
    return found


def require_fresh(who: Identity, hours: float) -> None:
    """Refuse what somebody signed in with too long ago.

    :raises SessionEnded: when ``hours`` have passed since the token was issued.
    """
    if who.issued_at + timedelta(hours=hours) <= clock.now():
        raise SessionEnded(_("You signed in too long ago. Sign in again to go on."))


def section_of(auth: Mapping[str, Any], provider: str) -> Mapping[str, Any] | None:
    """What the ``[auth]`` section says of a provider; the one without a name is ``default``."""
    section = auth.get(provider, auth if provider == "default" else None)
    return section if isinstance(section, Mapping) else None


def providers(auth: Mapping[str, Any]) -> list[str]:
    """The names of the providers in the ``[auth]`` section; ``default`` for one without a name."""
    named = [
        name
        for name, section in auth.items()
        if isinstance(section, Mapping) and name not in ("client_kwargs", "authorize_params")
    ]
    return named or ["default"]


def _is_for(token: Mapping[str, Any], client_id: object) -> bool:
    audience = token.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    party = token.get("azp")
    return (
        isinstance(client_id, str)
        and client_id in audiences
        and (party is None or party == client_id)
    )


def _moment(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _session(token: Mapping[str, Any]) -> str:
    """The nonce is new for each sign-in; the rest is for providers that leave it out."""
    parts = [token.get(name) for name in ("iss", "sub", "aud", "iat", "nonce", "jti", "sid")]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:40]


def read_name(said: Mapping[str, Any]) -> str | None:
    """The name that a token or a userinfo endpoint tells, on one line."""
    name = said.get("name")
    if not isinstance(name, str):
        return None
    visible = "".join(letter if letter.isprintable() else " " for letter in tidy(name))
    return " ".join(visible.split())[: LIMITS["name"]] or None


def read_address(said: Mapping[str, Any]) -> tuple[str | None, bool]:
    """The e-mail address, and whether the provider says outright that it is verified."""
    address = said.get("email")
    if not isinstance(address, str):
        return None, False
    address = address.strip()
    if address.count("@") != 1 or any(mark.isspace() for mark in address) or len(address) > 254:
        return None, False
    return address, said.get("email_verified") is True


def read_affiliations(said: Mapping[str, Any]) -> tuple[str, ...] | None:
    """``eduPersonAffiliation`` as Feide and others write it: a list, or one word; None: not told.

    https://docs.feide.no/reference/apis/attributes_feide/available_attributes.html
    """
    told = said.get("eduPersonAffiliation")
    if isinstance(told, str):
        told = [told]
    if not isinstance(told, list):
        return None
    return tuple(sorted({one.strip().lower() for one in told if isinstance(one, str)} - {""}))[:20]


def read_realm(said: Mapping[str, Any]) -> str | None:
    """The organisation's part of ``eduPersonPrincipalName`` (``ola@uit.no``), in lower case.

    https://docs.feide.no/reference/apis/userinfo.html (as a claim with a long name), and the
    extended endpoint (under its own name).
    """
    for name in ("https://n.feide.no/claims/eduPersonPrincipalName", "eduPersonPrincipalName"):
        principal = said.get(name)
        if isinstance(principal, list) and principal:
            principal = principal[0]
        if isinstance(principal, str) and principal.count("@") == 1:
            return principal.rpartition("@")[2].strip().lower() or None
    return None
