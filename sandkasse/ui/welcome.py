"""The way in: signing in, or choosing who to be in demo mode."""

import streamlit as st

from sandkasse import config
from sandkasse.database import Database
from sandkasse.i18n import _
from sandkasse.people import ROLE_NAMES
from sandkasse.ui import identity
from sandkasse.ui.store import remembered
from sandkasse.ui.text import plain


def draw(db: Database) -> None:
    """Tell what this is, and let somebody in."""
    st.title("Sandkasse", anchor=False)
    st.markdown(
        _("From a student's idea to a registered company – and who has the ball on the way.")
    )
    if identity.demo_mode():
        _personas(db)
    else:
        _providers()
    st.page_link("pages/privacy.py", label=_("Privacy"), icon=":material/shield_person:")


def _providers() -> None:
    for provider in _named_providers():
        label = _("Sign in") if provider is None else _("Sign in with {name}")
        st.button(
            label.format(name=(provider or "").replace("-", " ").capitalize()),
            type="primary",
            key=f"sign-in-{provider or 'default'}",
            on_click=st.login,
            args=(provider,) if provider else (),
        )
    st.caption(_("You sign in with your own organisation. We never see your password."))


def _named_providers() -> list[str | None]:
    """The providers in the ``[auth]`` section; None stands for one without a name."""
    section = st.secrets.get("auth", {})
    named: list[str | None] = [
        name
        for name, value in section.items()
        if hasattr(value, "keys") and name != "client_kwargs"
    ]
    return named or [None]


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
