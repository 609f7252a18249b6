"""Look-ups: who looked up whose personal data, who was refused what, and when.

Kept in the audit, as references and never as what was seen: an idea, a matter, an application or a
meeting's papers by its number, a list by the numbers of the people or applications on it. The same
look-up or refusal of the same person is kept once in a quarter of an hour. Looking at what is one's
own is none.

What is kept here is on no list and in no figure, so what is remembered of the data stays.
"""

import logging
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock

from sandkasse import audit, clock, rates
from sandkasse.access import Action
from sandkasse.audit import Entry
from sandkasse.database import Database
from sandkasse.errors import DatabaseFailed, Refusal
from sandkasse.people import Actor

log = logging.getLogger("sandkasse")

EVERY = timedelta(minutes=15)
#: What a refusal is called where a look-up or a write has the name of its right.
REFUSED = "refused"
#: So many refusals of one person are kept within an hour: more would only fill the disk.
REFUSALS_AN_HOUR = 100
_MOST_KEPT = 20_000

_Key = tuple[int, str]

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
    listed = sorted(set(among) - {actor.person_id} if subject == "people" else set(among))
    entry = Entry(action.value, actor.person_id, subject, {"among": listed} if listed else {})
    is_of_nobody = subject == "people" and not listed
    if _is_first(db, entry) and not is_of_nobody and not _is_own(db, entry):
        _keep(db, entry)


def note_refusal(db: Database, actor: Actor, refusal: Refusal) -> None:
    """Keep that ``actor`` was refused something, where a right decided it.

    Where it cannot be kept, or too many have been, only the log tells of it, and not of whom.
    """
    if refusal.right is None:
        return
    entry = Entry(REFUSED, actor.person_id, refusal.subject, {"attempt": refusal.right})
    if _is_first(db, entry):
        with suppress(rates.TooMany):
            rates.allow(REFUSED, actor.person_id, REFUSALS_AN_HOUR, 3600)
            _keep(db, entry)


def _key(db: Database, entry: Entry) -> _Key:
    return (db.version[0], str(entry))


def _is_first(db: Database, entry: Entry) -> bool:
    """Whether this has not been kept lately; from now on it has."""
    key, now = _key(db, entry), clock.now()
    with _lock:
        kept = _lately.get(key)
        if kept is not None and timedelta(0) <= now - kept < EVERY:
            return False
        _lately[key] = now
        _lately.move_to_end(key)
        while len(_lately) > _MOST_KEPT:
            _lately.popitem(last=False)
    return True


def _keep(db: Database, entry: Entry) -> None:
    try:
        with db.transaction() as tx:
            tx.aside = True
            audit.append(db, tx, entry)
    except DatabaseFailed as error:
        with _lock:
            _lately.pop(_key(db, entry), None)
        log.warning("A look-up or refusal could not be kept: %s", error.message)


def _is_own(db: Database, entry: Entry) -> bool:
    kind, *rest = (entry.subject or "").split(":")
    if kind not in _OWN or not rest:
        return False
    return bool(db.value(_OWN[kind], [int(rest[0]), entry.actor_id]))
