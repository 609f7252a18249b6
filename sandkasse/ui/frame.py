"""What is around every page: the menu for one's roles, the language, and who one is."""

from copy import copy
from functools import lru_cache
from typing import NamedTuple

import streamlit as st

from sandkasse import access, membership
from sandkasse.access import Action
from sandkasse.i18n import LANGUAGES, N_, _, language
from sandkasse.people import ROLE_NAMES, Actor
from sandkasse.ui import document, identity, keys
from sandkasse.ui.document import LANGUAGE_COOKIE, PERSONA_COOKIE
from sandkasse.ui.store import database
from sandkasse.ui.text import plain


class Entry(NamedTuple):
    """A page in the menu: its file, title, icon, the right it needs, whether it is hidden, and
    whether anybody may read it."""

    file: str
    title: str
    icon: str
    action: Action | None = None
    hidden: bool = False
    public: bool = False


MENU = (
    Entry("home.py", N_("My page"), ":material/home:"),
    Entry("idea_bank.py", N_("Idea bank"), ":material/lightbulb:", Action.SEE_IDEA_BANK),
    Entry("submit.py", N_("New idea"), ":material/add_circle:", Action.SUBMIT_IDEA),
    Entry("board.py", N_("Board"), ":material/view_kanban:", Action.SEE_BOARD),
    Entry("funnel.py", N_("Funnel"), ":material/filter_alt:", Action.SEE_FUNNEL),
    Entry("agencies.py", N_("Agencies"), ":material/contacts:", Action.SEE_AGENCIES),
    Entry("recruitment.py", N_("Student positions"), ":material/work:", Action.SEE_POSITIONS),
    Entry("meetings.py", N_("Meetings"), ":material/groups:", Action.SEE_MEETINGS),
    Entry("people.py", N_("People"), ":material/group:", Action.SEE_PEOPLE),
    Entry("audit.py", N_("Audit"), ":material/policy:", Action.SEE_AUDIT),
    Entry("exchange.py", N_("Import and export"), ":material/swap_vert:", Action.IMPORT_LOG),
    Entry("privacy.py", N_("Privacy"), ":material/shield_person:", hidden=True, public=True),
    Entry(
        "accessibility.py",
        N_("Accessibility"),
        ":material/accessibility_new:",
        hidden=True,
        public=True,
    ),
    Entry("touchpoint.py", N_("Matter"), ":material/mail:", hidden=True),
    Entry("position.py", N_("Position"), ":material/badge:", hidden=True),
    Entry("application.py", N_("Application"), ":material/description:", hidden=True),
    Entry("idea.py", N_("Idea"), ":material/article:", hidden=True),
)


_known = False


def is_known() -> bool:
    """Whether Streamlit has been told our menu in this process; until then it makes its own."""
    return _known


def titles() -> dict[str, str]:
    """What each page is called, by the name of its file without its ending."""
    return {entry.file.removesuffix(".py"): _(entry.title) for entry in MENU}


def navigation(actor: Actor | None) -> "st.Page":
    """The page asked for. The menu shows the pages the person has the right to; the others stay
    reachable by address, and refuse for themselves."""
    global _known
    _known = True
    pages = [_page(entry, actor) for entry in MENU]
    return st.navigation(pages, position="sidebar" if actor and actor.roles else "hidden")


def is_public(chosen: "st.Page") -> bool:
    """Whether anybody may read a page."""
    return chosen.url_path in {one.file.removesuffix(".py") for one in MENU if one.public}


def _page(entry: Entry, actor: Actor | None) -> "st.Page":
    allowed = actor is not None and (entry.action is None or access.may(actor, entry.action))
    return copy(_made(entry.file, _(entry.title), entry.icon, entry.hidden or not allowed))


@lru_cache(maxsize=256)
def _made(file: str, title: str, icon: str, hidden: bool) -> "st.Page":
    """A page to copy: making one looks for its file, ten times a run. Only a copy is ever run, for
    Streamlit notes on it that it may be."""
    return st.Page(
        f"pages/{file}",
        title=title,
        icon=icon,
        default=file == "home.py",
        visibility="hidden" if hidden else "visible",
    )


def sidebar(actor: Actor | None) -> None:
    """Who one is, the language, and the way out."""
    with st.sidebar:
        _language_switch(actor)
        if actor is not None:
            _whoami(actor)
        for entry in MENU:
            if entry.public:
                st.page_link(_page(entry, actor))
    document.tell(
        language(),
        {
            LANGUAGE_COOKIE: language(),
            **(
                {PERSONA_COOKIE: str(actor.person_id) if actor else None}
                if identity.demo_mode()
                else {}
            ),
        },
    )


def _language_switch(actor: Actor | None) -> None:
    st.radio(
        "Språk / Language",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        index=list(LANGUAGES).index(language()),
        key="language-switch",
        on_change=_switch_language,
        args=(actor,),
        horizontal=True,
    )


def _switch_language(actor: Actor | None) -> None:
    chosen = st.session_state["language-switch"]
    st.session_state[keys.LANGUAGE] = chosen
    if actor is not None:
        membership.remember_language(database(), actor, chosen)


def _whoami(actor: Actor) -> None:
    roles = ", ".join(_(ROLE_NAMES[role]) for role in sorted(actor.roles)) or _("No role yet")
    st.caption(f"{plain(actor.name)} · {roles}")
    if identity.demo_mode():
        st.caption(_("Demonstration with made-up people and ideas."))
        st.button(
            _("Switch person"), key="sign-out", on_click=identity.choose_persona, args=(None,)
        )
    else:
        st.button(_("Sign out"), key="sign-out", on_click=identity.sign_out, args=(database(),))
