"""Look-ups: who looked up whose personal data, and when.

Kept in the audit, as references and never as what was seen: an idea, a matter, an application or a
meeting's papers by its number, a list by the numbers of the people or applications on it. The same
look-up by the same person is kept once in a quarter of an hour. Looking at what is one's own is
none.

What a look-up writes is on no list and in no figure, so what is remembered of the data stays.
"""

import logging
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import Lock

from sandkasse import audit, clock
from sandkasse.access import Action
from sandkasse.audit import Entry
from sandkasse.database import Database
from sandkasse.errors import DatabaseFailed
from sandkasse.people import Actor

log = logging.getLogger("sandkasse")

EVERY = timedelta(minutes=15)
_MOST_KEPT = 20_000

_Key = tuple[int, int, str, str, tuple[int, ...]]

_lock = Lock()
_lately: OrderedDict[_Key, datetime] = OrderedDict()

_OWN_IDEA = "SELECT count(*) FROM team_of WHERE idea_id = ? AND person_id = ?"
_OWN = {
    "idea": _OWN_IDEA,
    "touchpoint": """
        SELECT count(*) FROM team_of
        WHERE idea_id = (SELECT idea_id FROM touchpoint WHERE touchpoint_id = ?) AND person_id = ?
    """,
    "application": "SELECT count(*) FROM application WHERE application_id = ? AND person_id = ?",
}


def note(
    db: Database, actor: Actor, action: Action, subject: str, among: Iterable[int] = ()
) -> None:
    """Keep that ``actor`` looks up ``subject`` by the right to ``action``.

    :param subject: ``idea:3``, ``application:7``, or what a list is of, such as ``people``.
    :param among: the numbers of those on the list.

    Where it cannot be kept, as with a full disk, reading goes on: the log tells of it.
    """
    listed = tuple(sorted(set(among) - {actor.person_id} if subject == "people" else set(among)))
    key = (db.version[0], actor.person_id, action.value, subject, listed)
    now = clock.now()
    with _lock:
        kept = _lately.get(key)
        if kept is not None and timedelta(0) <= now - kept < EVERY:
            return
        _lately[key] = now
        _lately.move_to_end(key)
        while len(_lately) > _MOST_KEPT:
            _lately.popitem(last=False)
    try:
        _keep(db, actor, action, subject, listed)
    except DatabaseFailed as error:
        with _lock:
            _lately.pop(key, None)
        log.warning("A look-up could not be kept: %s", error.message)


def _keep(
    db: Database, actor: Actor, action: Action, subject: str, listed: tuple[int, ...]
) -> None:
    if _is_own(db, actor, subject) or (subject == "people" and not listed):
        return
    with db.transaction() as tx:
        tx.aside = True
        detail = {"among": list(listed)} if listed else {}
        audit.append(db, tx, Entry(action.value, actor.person_id, subject, detail))


def _is_own(db: Database, actor: Actor, subject: str) -> bool:
    kind, *rest = subject.split(":")
    if kind not in _OWN or not rest:
        return False
    return bool(db.value(_OWN[kind], [int(rest[0]), actor.person_id]))
