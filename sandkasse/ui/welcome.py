"""The way in: signing in, or choosing who to be in demo mode; and why somebody does not get in."""

import streamlit as st

from sandkasse import config
from sandkasse.database import Database
from sandkasse.errors import NotConfigured, SandkasseError, SessionEnded, SignInFailed
from sandkasse.i18n import _
from sandkasse.people import ROLE_NAMES, Actor
from sandkasse.rates import TooMany
from sandkasse.ui import identity, keys
from sandkasse.ui.callback import FAILED, OFTEN, OUTCOME, REFUSED
from sandkasse.ui.store import remembered
from sandkasse.ui.text import plain


def draw(db: Database) -> None:
    """Tell what this is, and let somebody in."""
    _heading()
    if identity.demo_mode():
        _personas(db)
    else:
        _providers()


def turned_away(db: Database, error: SandkasseError) -> None:
    """Say why somebody who has signed in does not get in, and what can be done about it."""
    _heading()
    if isinstance(error, SessionEnded):
        st.warning(plain(error.message), icon=":material/schedule:")
        _providers()
        return
    ours = isinstance(error, NotConfigured)
    st.error(plain(error.message), icon=":material/settings:" if ours else ":material/info:")
    if identity.demo_mode():
        st.button(
            _("Switch person"), key="turned-out", on_click=identity.choose_persona, args=(None,)
        )
        return
    with st.container(horizontal=True):
        if isinstance(error, SignInFailed | TooMany | NotConfigured):
            st.button(_("Try again"), type="primary", key="try-again", icon=":material/refresh:")
        st.button(
            _("Sign out"), key="turned-out", icon=":material/logout:",
            on_click=identity.sign_out, args=(db,),
        )  # fmt: skip


def waiting_room(db: Database, actor: Actor) -> None:
    """What somebody sees who has signed in and has no role: nothing else can be reached."""
    st.title(_("You are signed in, and wait for a role"), anchor=False)
    st.markdown(
        _(
            "We could not see by ourselves what you are to do here, so a project lead decides. "
            "The leads see you on their list. You need not do anything; come back later, or "
            "remind them."
        )
    )
    with st.container(border=True):
        st.caption(_("The leads see this of you:"))
        st.text(actor.name)
        address = remembered(identity.address, db, actor.person_id)
        if address:
            st.text(address)
    with st.container(horizontal=True):
        st.button(_("Look again"), type="primary", key="look-again", icon=":material/refresh:")
        if not identity.demo_mode():
            st.button(
                _("Sign out"), key="waiting-out", icon=":material/logout:",
                on_click=identity.sign_out, args=(db,),
            )  # fmt: skip
    if not identity.demo_mode():
        with st.expander(_("Are you to be the first lead?")):
            st.markdown(
                _(
                    "Give this to whoever runs the server, for SANDKASSE_LEADS. Sign out and in "
                    "again once it is there."
                )
            )
            st.code(identity.sign_in_identity(), language=None, wrap_lines=True)


def _heading() -> None:
    st.title("Sandkasse", anchor=False)
    st.markdown(
        _("From a student's idea to a registered company – and who has the ball on the way.")
    )


def _providers() -> None:
    _outcome()
    for provider, name in identity.providers():
        label = _("Sign in") if name is None else _("Sign in with {name}")
        st.button(
            label.format(name=plain(name or "")),
            type="primary",
            key=f"sign-in-{provider or 'default'}",
            on_click=_sign_in,
            args=(provider,),
        )
    st.caption(_("You sign in with your own organisation. We never see your password."))


def _sign_in(provider: str | None) -> None:
    """Send somebody to the provider, if it is there; else say so where they are."""
    st.query_params.pop(OUTCOME, None)
    try:
        identity.is_reachable(provider)
    except SandkasseError as error:
        st.session_state[keys.SIGN_IN_FAULT] = error.message
        return
    st.login(provider) if provider else st.login()


def _outcome() -> None:
    """Why the last attempt led nowhere, in words."""
    fault = st.session_state.pop(keys.SIGN_IN_FAULT, None)
    outcome = st.query_params.get(OUTCOME)
    if fault is not None:
        st.error(plain(fault), icon=":material/cloud_off:")
    elif outcome == REFUSED:
        st.info(
            _("You were not signed in: the sign-in was stopped, or the service said no."),
            icon=":material/info:",
        )
    elif outcome == OFTEN:
        st.warning(
            _(
                "Very many sign-ins were begun from where you are. Wait five minutes, and try "
                "again."
            ),
            icon=":material/schedule:",
        )
    elif outcome == FAILED:
        st.error(
            _(
                "You were not signed in: something went wrong between us and the sign-in service. "
                "Try again. If it happens once more, wait a few minutes, or tell whoever runs this "
                "service."
            ),
            icon=":material/cloud_off:",
        )


def _personas(db: Database) -> None:
    st.info(
        _("This is a demonstration: all people and ideas are made up. Choose who you want to be."),
        icon=":material/theater_comedy:",
    )
    with st.grid(3, min_column_width=240):
        for person_id, persona in remembered(identity.personas, db):
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{plain(persona.name)}**  \n{_(ROLE_NAMES[persona.role])}")
                st.caption(_(persona.description))
                st.button(
                    _("Continue as {name}").format(name=plain(persona.name)),
                    key=f"persona-{persona.slug}",
                    width="stretch",
                    on_click=identity.choose_persona,
                    args=(person_id,),
                )
    if config.settings().address not in ("localhost", "127.0.0.1", "::1"):
        st.warning(_("Anybody who reaches this address can choose any of these people."))
