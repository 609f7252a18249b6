"""Who is here, and in which language.

With ``[auth]`` in the secrets file people sign in through their provider. Without it the app runs
in demo mode, where anybody chooses a synthetic person to be.
"""

from functools import cache
from typing import Any

import streamlit as st

from sandkasse import config, i18n, membership, people
from sandkasse.database import Database
from sandkasse.demo import PERSONAS, Persona
from sandkasse.errors import NotAllowed, NotFound
from sandkasse.i18n import _
from sandkasse.people import Actor, Claims
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

    :raises NotAllowed: when a lead has closed this person's access.
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


def _signed_in_person(db: Database) -> int | None:
    if not st.user.get("is_logged_in"):
        return None
    claims = claims_of(dict(st.user))
    known = remembered(people.by_subject, db, claims.subject)
    if known is None or st.session_state.get(keys.PERSON) != known:
        known = membership.sign_in(db, claims, config.settings())
        st.session_state[keys.PERSON] = known
    return known


def claims_of(token: dict[str, Any]) -> Claims:
    """The claims we read from an ID token.

    :raises NotAllowed: when it lacks issuer or subject.
    """
    issuer, subject = str(token.get("iss") or ""), str(token.get("sub") or "")
    if not issuer or not subject:
        raise NotAllowed(_("The sign-in service did not say who you are. Try again."))
    email = str(token.get("email") or "") or None
    return Claims(
        subject=f"{issuer}|{subject}",
        name=str(token.get("name") or email or _("Unnamed")),
        email=email,
        email_verified=token.get("email_verified") is True,
    )
