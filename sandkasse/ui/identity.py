"""Who is here, and in which language.

With ``[auth]`` in the secrets file people sign in through their provider. Without it the app runs
in demo mode, where anybody chooses a synthetic person to be.
"""

from contextlib import suppress
from functools import cache
from typing import Any

import streamlit as st

from sandkasse import affiliation, config, i18n, membership, people, sessions, sign_in, start
from sandkasse.affiliation import Belonging
from sandkasse.database import Database
from sandkasse.demo import PERSONAS, Persona
from sandkasse.errors import Conflict, NotFound, SandkasseError, SessionEnded
from sandkasse.i18n import _, number_text
from sandkasse.people import Actor
from sandkasse.sign_in import Identity, SignInRules, claims, discovery
from sandkasse.ui import keys
from sandkasse.ui.document import LANGUAGE_COOKIE, PERSONA_COOKIE
from sandkasse.ui.store import remembered


def _language_of_session() -> str | None:
    return st.session_state.get(keys.LANGUAGE)


i18n.resolve_with(_language_of_session)


@cache
def demo_mode() -> bool:
    """Whether people are chosen, not signed in. Settled once a process."""
    return not config.auth_configured()


def settle_language() -> str:
    """The language of this visit: chosen, remembered, or the browser's."""
    chosen = st.session_state.get(keys.LANGUAGE) or st.context.cookies.get(LANGUAGE_COOKIE)
    if chosen not in i18n.LANGUAGES:
        st.session_state[keys.LANGUAGE_GUESSED] = True
        accepted = st.context.headers.get("Accept-Language", "")
        chosen = i18n.best_match([part.split(";")[0] for part in accepted.split(",") if part])
    st.session_state[keys.LANGUAGE] = chosen
    i18n.set_language(chosen)
    return chosen


def actor(db: Database) -> Actor | None:
    """Who is here, or None when nobody is signed in.

    :raises NotAllowed: when a lead has closed this person's access, or it has ended.
    :raises SessionEnded: when one has to sign in again.
    :raises SignInFailed, NotConfigured, TooMany, Conflict: when the sign-in could not be finished.
    """
    person_id = _chosen_person(db) if demo_mode() else _signed_in_person(db)
    if person_id is None:
        return None
    try:
        found = remembered(people.actor_of, db, person_id)
    except NotFound:
        return None
    if st.session_state.pop(keys.LANGUAGE_GUESSED, False):
        _prefer(remembered(people.find, db, person_id).language)
    return found


def _prefer(kept: str | None) -> None:
    """On a new device, use the language that somebody chose on another."""
    if kept is not None:
        st.session_state[keys.LANGUAGE] = kept
        i18n.set_language(kept)


def choose_persona(person_id: int | None) -> None:
    """Be this synthetic person from now on (demo mode), or nobody."""
    st.session_state[keys.PERSON] = person_id


def _chosen_person(db: Database) -> int | None:
    if keys.PERSON not in st.session_state:
        kept = st.context.cookies.get(PERSONA_COOKIE, "")
        st.session_state[keys.PERSON] = int(kept) if kept.isdecimal() and len(kept) <= 15 else None
    chosen = st.session_state[keys.PERSON]
    return chosen if chosen in dict(remembered(personas, db)) else None


def personas(db: Database) -> list[tuple[int, Persona]]:
    """The synthetic people one can be, with their ids."""
    ids = people.by_subjects(db, [persona.subject for persona in PERSONAS])
    return [(ids[one.subject], one) for one in PERSONAS if one.subject in ids]


_last_asked = sessions.LastAsked()


@cache
def rules() -> SignInRules:
    """The rules for signing in. Read once a process."""
    return start.sign_in_rules(config.settings())


@cache
def _auth() -> dict[str, Any]:
    return config.auth_section() or {}


def _signed_in_person(db: Database) -> int | None:
    """Whoever signed in, and still may: looked at on every run, for a session can be long.

    :raises SessionEnded: when one has to sign in again. :raises SignInFailed, NotConfigured,
        TooMany: when the provider cannot say who it is. :raises NotAllowed: when access ended.
    """
    who = proof()
    if who is None:
        return None
    known, _ended = remembered(sessions.whose, db, who.session)
    if known is None:
        known = _sign_in(db, who)
    require_still(db, known, who)
    return known


def proof() -> Identity | None:
    """What whoever is here signed in with; None in a demonstration, and for nobody.

    :raises SessionEnded: when it does not count, or no longer.
    """
    if demo_mode() or not st.user.get("is_logged_in"):
        return None
    return claims.identity(st.user, _auth(), rules().session_hours)


def require_still(db: Database, person_id: int, who: Identity | None) -> None:
    """Look whether what somebody signed in with still opens anything.

    :raises SessionEnded: when it is too old, was ended in any window, or was not used for long.
    :raises NotAllowed: when the access has ended with the affiliation.
    """
    if who is None:
        return
    claims.require_fresh(who, rules().session_hours)
    _known, ended = remembered(sessions.whose, db, who.session)
    if ended:
        raise SessionEnded(_("You have signed out, or were away for long. Sign in again to go on."))
    if _last_asked.too_long_ago(who.session, rules().idle_minutes):
        sessions.end(db, who.session)
        raise SessionEnded(
            _("You were away for more than {n} minutes. Sign in again to go on.").format(
                n=number_text(rules().idle_minutes)
            )
        )
    remembered(affiliation.require, db, person_id, rules().grace_days)


def _sign_in(db: Database, who: Identity) -> int:
    """The first run after somebody came back from the provider."""
    access_token = st.user.tokens.get("access")
    found = sign_in.gather(who, st.user, access_token, _auth(), rules())
    try:
        return membership.sign_in(db, found, config.settings(), rules())
    except Conflict:
        # Another window of the same sign-in was first.
        known, _ended = sessions.whose(db, who.session)
        if known is None:
            raise
        return known


def sign_out(db: Database) -> None:
    """End the session for all windows that share it, and go to the provider to sign out there."""
    with suppress(SandkasseError):
        who = proof()
        if who is not None:
            sessions.end(db, who.session)
    st.logout()


def sign_in_identity() -> str:
    """What SANDKASSE_LEADS calls whoever is here: issuer and subject."""
    return f"{st.user.get('iss', '')}|{st.user.get('sub', '')}"


def open_sessions(db: Database, actor: Actor) -> list[sessions.Session]:
    """Where whoever is here is signed in; nowhere in the demonstration."""
    who = proof()
    if who is None:
        return []
    return sessions.own(db, actor, rules().session_hours, who.session)


def address(db: Database, person_id: int) -> str | None:
    """The e-mail address of whoever is here."""
    return people.find(db, person_id).email


def belonging(db: Database, actor: Actor) -> Belonging | None:
    """What is known of whether somebody still belongs; None in the demonstration."""
    if demo_mode():
        return None
    found = remembered(affiliation.of, db, (actor.person_id,), rules().grace_days)
    return found.get(actor.person_id)


def providers() -> list[tuple[str | None, str | None]]:
    """The providers to sign in with: what ``st.login`` calls each, and its label. One without a
    name has neither."""
    return [
        (None, None) if name == "default" else (name, rules().label(name))
        for name in claims.providers(_auth())
    ]


def is_reachable(provider: str | None) -> None:
    """Look whether a provider answers before somebody is sent there.

    :raises SignInFailed, NotConfigured: when it does not.
    """
    name = provider or "default"
    section = claims.section_of(_auth(), name) or {}
    discovery.asked(str(section.get("server_metadata_url") or ""), rules().label(name))


def forget_settings() -> None:
    """Read all settings anew (for tests)."""
    for kept in (demo_mode, rules, _auth):
        kept.cache_clear()
