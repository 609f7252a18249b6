"""How every page begins, and how it reads and writes.

A page may be opened by its address before ``app.py`` has run, so each page's first line is
:func:`begin`: it finds out who is here, checks the right, and sets language and title.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Never, TypeVar

import streamlit as st

from sandkasse import access, lookups, people
from sandkasse.access import Action
from sandkasse.database import Database
from sandkasse.errors import Invalid, InvalidFields, NotConfigured, Refusal, SandkasseError
from sandkasse.i18n import _
from sandkasse.people import Actor
from sandkasse.sign_in import Identity
from sandkasse.ui import frame, identity, keys, welcome
from sandkasse.ui.store import database, remembered
from sandkasse.ui.text import plain

T = TypeVar("T")
log = logging.getLogger("sandkasse")


@dataclass(frozen=True)
class Refused:
    """Why a write was not done: a sentence, and the fields it is about."""

    message: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Visit:
    """Somebody on a page."""

    db: Database
    actor: Actor
    #: What to call the page when a refusal ends it before it has a heading.
    unheaded: str | None = None
    #: What the person signed in with; None in a demonstration.
    proof: Identity | None = None

    def may(self, action: Action) -> bool:
        """Whether the person may do this at all."""
        return access.may(self.actor, action)

    def may_for(self, action: Action, idea_id: int) -> bool:
        """Whether the person may do this with this idea."""
        return action in self.know(access.allowed_for_idea, self.actor, idea_id)

    def still(self) -> Actor:
        """The person with the roles held now. A dialog or a download may be used long after its
        page was drawn, and a lead may have taken a role or closed the access meanwhile.

        :raises NotAllowed: when the access has been closed, or has ended.
        :raises SessionEnded: when somebody has signed out in another window, or too long ago.
        """
        identity.require_still(self.db, self.actor.person_id, self.proof)
        return remembered(people.actor_of, self.db, self.actor.person_id)

    def read(self, read: Callable[..., T], *args: Any, **options: Any) -> T:
        """``read(db, actor, …)``, remembered until a write; a refusal ends the page in words."""
        try:
            return remembered(read, self.db, self.still(), *args, **options)
        except SandkasseError as error:
            self._refuse(error)

    def know(self, read: Callable[..., T], *args: Any, **options: Any) -> T:
        """``read(db, …)`` for facts that everybody may know, remembered until a write."""
        try:
            return remembered(read, self.db, *args, **options)
        except SandkasseError as error:
            self._refuse(error)

    def fetch(self, read: Callable[..., T], *args: Any, **options: Any) -> T:
        """``read(db, actor, …)`` anew each time, for what is never remembered."""
        try:
            return read(self.db, self.still(), *args, **options)
        except SandkasseError as error:
            self._refuse(error)

    def looked_up(self, action: Action, subject: str, among: Iterable[int] = ()) -> None:
        """Keep that the person looks up what is others': see :mod:`sandkasse.lookups`. To be
        called once what was asked for has been read."""
        lookups.note(self.db, self.actor, action, subject, among)

    def note_refusal(self, error: SandkasseError) -> None:
        """Keep that the person was refused something, if that is what the error says."""
        if isinstance(error, Refusal):
            lookups.note_refusal(self.db, self.actor, error)

    def _refuse(self, error: SandkasseError) -> Never:
        self.note_refusal(error)
        if self.unheaded:
            st.title(self.unheaded, anchor=False)
        refuse(error)

    def write(self, write: Callable[..., T], *args: Any, **options: Any) -> T | Refused:
        """``write(db, actor, …)``: what it returned, or why it was refused."""
        try:
            return write(self.db, self.still(), *args, **options)
        except InvalidFields as error:
            return Refused(error.message, error.problems)
        except Invalid as error:
            return Refused(error.message, {error.field: error.message} if error.field else {})
        except SandkasseError as error:
            self.note_refusal(error)
            return Refused(error.message, {})


def begin(title: str, action: Action | None = None, *, heading: bool = True) -> Visit:
    """Open the page called ``title`` (a msgid) for whoever has the right to ``action``.

    Nobody signed in is shown the way in; without the right, the page says so. Both end the page.
    """
    db, actor = _arrived(title)
    if actor is None:
        welcome.draw(db)
        st.stop()
    if not actor.roles:
        welcome.waiting_room(db, actor)
        st.stop()
    if heading:
        st.title(_(title), anchor=False)
    _show_toast()
    visit = Visit(db, actor, None if heading else _(title), identity.proof())
    if action is not None and not visit.may(action):
        visit.note_refusal(access.refused(action))
        st.error(_("You do not have the right to see this page."), icon=":material/lock:")
        st.stop()
    return visit


def begin_public(title: str) -> Visit | None:
    """Open a page that anybody may read, also whoever is not let in; None: nobody is signed in."""
    db, actor = _arrived(title, public=True)
    st.title(_(title), anchor=False)
    if actor is None:
        st.page_link("pages/home.py", label=_("Sign in"), icon=":material/login:")
        return None
    _show_toast()
    return Visit(db, actor, None, identity.proof())


def _arrived(title: str, *, public: bool = False) -> tuple[Database, Actor | None]:
    """The database and who is here, with language and title set. Whoever is not let in is turned
    away, or is nobody where the page is ``public``."""
    try:
        db = database()
    except SandkasseError as error:
        refuse(error)
    identity.settle_language()
    st.set_page_config(page_title=f"{_(title)} – Sandkasse", layout="wide")
    try:
        actor = identity.actor(db)
    except SandkasseError as error:
        if not public:
            turn_away(db, error)
        actor = None
    if not frame.is_known():
        # Opened by its address before app.py ever ran: Streamlit served the file by itself, with a
        # menu of file names. Once our menu is declared, the page is drawn anew within it.
        frame.navigation(actor)
        st.rerun()
    return db, actor


def turn_away(db: Database, error: SandkasseError) -> Never:
    """Say why somebody who has signed in does not get in, and end the page. The language can be
    chosen here too, and what anybody may read is there."""
    chosen = frame.navigation(None)
    frame.sidebar(None)
    if frame.is_public(chosen):
        chosen.run()
    else:
        log.warning("Turned away", extra={"kind": type(error).__name__})
        welcome.turned_away(db, error)
    st.stop()


def refuse(error: SandkasseError) -> Never:
    """Say what is wrong, and end the page."""
    icon = ":material/settings:" if isinstance(error, NotConfigured) else ":material/info:"
    st.error(plain(error.message), icon=icon)
    st.stop()


def toast_next(message: str) -> None:
    """Say ``message`` on the next run, when what was done is on the screen."""
    st.session_state[keys.TOAST] = message


def _show_toast() -> None:
    message = st.session_state.pop(keys.TOAST, None)
    if message:
        st.toast(plain(message), icon=":material/check:", duration="long")
