"""Gathering what is known of somebody who has just signed in: from the ID token what is there, and
with the access token the rest from the userinfo endpoints.

Feide's ID token holds the least that the standard allows: name and address are at its userinfo
endpoint, and the affiliation only at its extended one.
https://docs.feide.no/reference/oauth_oidc/openid_connect_details.html,
https://docs.feide.no/reference/apis/extended_userinfo.html
"""

from collections.abc import Mapping
from typing import Any

from sandkasse import rates
from sandkasse.errors import NotConfigured, SignInFailed
from sandkasse.i18n import _
from sandkasse.sign_in import claims as reading
from sandkasse.sign_in import discovery
from sandkasse.sign_in.asking import ask
from sandkasse.sign_in.claims import Claims, Identity
from sandkasse.sign_in.rules import SignInRules

#: So many look-ups may fail for one subject within so many seconds.
LOOKUPS, LOOKUP_SECONDS = 6, 300


def gather(
    who: Identity,
    token: Mapping[str, Any],
    access_token: str | None,
    auth: Mapping[str, Any],
    rules: SignInRules,
) -> Claims:
    """What the provider says of somebody.

    :raises SignInFailed: when the provider cannot be asked, says that the token is another's, is
        not the issuer of what it says, or let somebody in by a weaker way than is asked for.
    :raises NotConfigured: when the affiliation is to be read and no access token is exposed.
    :raises TooMany: when it has failed too often for this subject.
    """
    rates.allow("sign-in look-up", who.subject, LOOKUPS, LOOKUP_SECONDS)
    label = rules.label(who.provider)
    section = reading.section_of(auth, who.provider) or {}
    described = discovery.of(str(section.get("server_metadata_url") or ""), label)
    if described.issuer != who.issuer:
        raise SignInFailed(
            _("What you signed in with does not come from {name}. Sign in again.").format(
                name=label
            )
        )
    if not rules.provider(who.provider).is_strong_enough(token):
        raise SignInFailed(
            _(
                "You signed in with {name} in a way that is not strong enough here, such as with a "
                "password alone. Sign out, and sign in again with a second step."
            ).format(name=label)
        )
    said = [token, *_asked(who, token, access_token, described.userinfo_endpoint, rules)]
    rates.forget("sign-in look-up", who.subject)
    return _together(who, said)


def _asked(
    who: Identity,
    token: Mapping[str, Any],
    access_token: str | None,
    userinfo: str | None,
    rules: SignInRules,
) -> list[Mapping[str, Any]]:
    known, label = rules.provider(who.provider), rules.label(who.provider)
    if access_token is None:
        if known.extended_userinfo is not None:
            raise NotConfigured(
                _(
                    "The server cannot ask {name} whether you are a student or an employee. Tell "
                    'whoever runs it that expose_tokens = ["access"] is missing in [auth].'
                ).format(name=label)
            )
        return []
    found: list[Mapping[str, Any]] = []
    lacks = reading.read_name(token) is None or reading.read_address(token)[0] is None
    if known.userinfo and userinfo is not None and lacks:
        answer = ask(userinfo, label, access_token)
        # OpenID Connect Core 5.3.2: an answer about another subject must not be used.
        if f"{who.issuer}|{answer.get('sub')}" != who.subject:
            raise SignInFailed(
                _("{name} told us about somebody else than you. Sign in again.").format(name=label)
            )
        found.append(answer)
    if known.extended_userinfo is not None:
        found.append(ask(known.extended_userinfo, label, access_token))
    return found


def _together(who: Identity, said: list[Mapping[str, Any]]) -> Claims:
    """What is said first counts: the token is signed, the rest is asked for."""
    addresses = [reading.read_address(one) for one in said]
    address, verified = next((one for one in addresses if one[0] is not None), (None, False))
    return Claims(
        subject=who.subject,
        name=next(filter(None, map(reading.read_name, said)), None),
        email=address,
        email_verified=verified,
        provider=who.provider,
        affiliations=next(
            (one for one in map(reading.read_affiliations, said) if one is not None), None
        ),
        realm=next(filter(None, map(reading.read_realm, said)), None),
        session=who.session,
        issued_at=who.issued_at,
    )
