"""Erasure: scrubbing a person, an idea's texts, an application or a contact person.

Everything that holds texts or names is emptied: rows, earlier versions, the audit's particulars,
what searches look in, drafts and PDFs. What figures are made of stays, so that no figure changes,
frozen ones included. What is left of a person is a number.

What belongs to the record of a public case may have to be kept (the Archives Act goes before the
right to erasure for bodies that it binds: domain.md 6A.3). Then the texts stay, blocked: leads
alone see them, until one decides that they can go.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sandkasse import access, clock
from sandkasse.access import Action, Writing, writing
from sandkasse.database import Database, Reader
from sandkasse.errors import Invalid
from sandkasse.i18n import _
from sandkasse.people import Actor
from sandkasse.privacy import erasure_log, scrubs
from sandkasse.privacy.scrubbing import KINDS, Asked, Erasure, carry_out, target_of
from sandkasse.texts import checked

__all__ = [
    "KINDS", "Erasure", "Preview", "Request", "ask", "blocked", "done", "erase", "own_request",
    "preview", "refuse", "requests", "take_back",
]  # fmt: skip


@dataclass(frozen=True)
class Preview:
    """What an erasure would do: rows by table that go in any case, those that belong to the record
    of a public case, the ideas and applications it reaches, the ideas of the person that others
    are part of, which stay, the rows by table in which the person's name is written, and what it is
    ``called``: the person's name, or the idea's title."""

    working: Mapping[str, int]
    record: Mapping[str, int]
    ideas: tuple[int, ...]
    applications: tuple[int, ...]
    shared_ideas: tuple[int, ...]
    mentions: Mapping[str, int]
    called: str


def preview(db: Database, actor: Actor, kind: str, about_id: int) -> Preview:
    """What erasing this would do. Writes nothing.

    :raises NotAllowed: for others than leads. :raises NotFound: when there is no such thing.
    """
    access.require(actor, Action.ERASE)
    now = clock.now()
    with db.reading() as reader:
        target, shared = target_of(reader, kind, about_id)
        working, record = (scrubs.count(reader, target, now, record=one) for one in (False, True))
        named = scrubs.mentions(reader, target.names)
        called = str(reader.value(_CALLED[kind], [about_id]))
    return Preview(working, record, target.ideas, target.applications, shared, named, called)


_CALLED = {
    "person": "SELECT name FROM person WHERE person_id = ?",
    "idea": "SELECT title FROM idea WHERE idea_id = ?",
    "contact": "SELECT name FROM contact WHERE contact_id = ?",
    "application": """
        SELECT coalesce(nullif(a.name, ''), p.name, '') FROM application AS a
        LEFT JOIN person AS p ON p.person_id = a.person_id WHERE a.application_id = ?
    """,
}


def erase(
    db: Database, actor: Actor, kind: str, about_id: int, *, keep_record: bool, reason: str = ""
) -> int:
    """Scrub a person, an idea's texts, an application or a contact person; the erasure's number.

    :param keep_record: whether what the Archives Act may require is kept, blocked.
    :param reason: the lead's; kept in the audit, so it must name nobody.
    :raises Invalid: for oneself, or without a reason for keeping nothing of a record that there is.
    :raises InvalidFields: for a reason that cannot be kept as it is.
    :raises NotAllowed: for others than leads. :raises NotFound: when there is no such thing.
    """
    with writing(db, actor, Action.ERASE) as write:
        reason = checked(reason, "reason")
        if kind == "person" and about_id == actor.person_id:
            raise Invalid(_("Another lead has to erase you."))
        target, _shared = target_of(write.tx, kind, about_id)
        now = clock.now()
        if not keep_record and not reason:
            raise Invalid(_("Say why the record of the case need not be kept."), "reason")
        made = carry_out(
            write, Asked(kind, about_id, keep_record, _asked_by(write, kind, about_id), now),
            target, actor.person_id,
        )  # fmt: skip
        if reason:
            write.detail["reason"] = reason
        if kind == "person":
            _answer(write, about_id, "erased", "", actor)
    erasure_log.append(db, made)
    return made.erasure_id


def done(db: Database, actor: Actor) -> list[Erasure]:
    """All erasures, the latest first. :raises NotAllowed: for others than leads."""
    access.require(actor, Action.ERASE)
    rows = db.rows(
        """
        SELECT erasure_id, kind, about_id, keep_record, asked_by, actor_id, recorded_at, counts
        FROM erasure ORDER BY erasure_id DESC
        """
    )
    return [_erasure(*row) for row in rows]


def _erasure(
    erasure_id: int, kind: str, about_id: int, keep_record: bool, asked_by: int | None,
    actor_id: int | None, recorded_at: datetime, counts: str,
) -> Erasure:  # fmt: skip
    return Erasure(
        erasure_id, kind, about_id, keep_record, asked_by, actor_id, recorded_at,
        json.loads(counts),
    )  # fmt: skip


def blocked(db: Database, actor: Actor) -> list[tuple[str, int, datetime]]:
    """What is held back, blocked: its kind, number and since when, the longest first.

    :raises NotAllowed: for others than leads.
    """
    access.require(actor, Action.ERASE)
    rows = db.rows(
        """
        SELECT 'idea', idea_id, blocked_at FROM idea WHERE blocked_at IS NOT NULL
        UNION ALL
        SELECT 'application', application_id, blocked_at FROM application
        WHERE blocked_at IS NOT NULL
        ORDER BY 3, 1, 2
        """
    )
    return [(kind, number, since) for kind, number, since in rows]


# ── Asking for it ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Request:
    """Where somebody's request stands: ``asked``, ``taken_back``, ``refused`` or ``erased``."""

    person_id: int
    name: str
    kind: str
    reason: str
    recorded_at: datetime


def ask(db: Database, actor: Actor) -> None:
    """Ask to be erased. Leads decide. :raises Invalid: when it was asked already."""
    with writing(db, actor, Action.ASK_ERASURE, subject=f"person:{actor.person_id}") as write:
        if _state(write.tx, actor.person_id) == "asked":
            raise Invalid(_("You have asked already. A project lead decides."))
        _answer(write, actor.person_id, "asked", "", actor)


def take_back(db: Database, actor: Actor) -> None:
    """Take one's request back. :raises Invalid: when there is none."""
    with writing(db, actor, Action.ASK_ERASURE, subject=f"person:{actor.person_id}") as write:
        if _state(write.tx, actor.person_id) != "asked":
            raise Invalid(_("There is no request to take back."))
        _answer(write, actor.person_id, "taken_back", "", actor)


def refuse(db: Database, actor: Actor, person_id: int, reason: str) -> None:
    """Refuse a request; the person reads the reason among the own data.

    :raises Invalid: without a reason, or where nobody asked. :raises InvalidFields: for one that
        cannot be kept as it is. :raises NotAllowed: for others than leads.
    """
    with writing(db, actor, Action.ERASE, subject=f"person:{person_id}") as write:
        reason = checked(reason, "reason")
        if not reason:
            raise Invalid(_("Give a reason: the person reads it."), "reason")
        if _state(write.tx, person_id) != "asked":
            raise Invalid(_("This person has not asked, or has been answered."))
        _answer(write, person_id, "refused", reason, actor)
        write.detail["refused"] = True


def requests(db: Database, actor: Actor) -> list[Request]:
    """The requests that wait for a lead, oldest first. :raises NotAllowed: for others."""
    access.require(actor, Action.ERASE)
    return [one for one in _requests(db) if one.kind == "asked"]


def own_request(db: Database, actor: Actor) -> Request | None:
    """Where the actor's own request stands; None when there never was one."""
    return next((one for one in _requests(db, actor.person_id)), None)


def _requests(db: Database, person_id: int | None = None) -> list[Request]:
    rows = db.rows(
        """
        SELECT r.person_id, p.name, arg_max(r.kind, r.seq), arg_max(r.reason, r.seq),
               max(r.recorded_at)
        FROM erasure_request AS r JOIN person AS p ON p.person_id = r.person_id
        WHERE $person IS NULL OR r.person_id = $person
        GROUP BY ALL ORDER BY max(r.recorded_at)
        """,
        {"person": person_id},
    )
    return [Request(*row) for row in rows]


def _state(reader: Reader, person_id: int) -> str | None:
    found = reader.value(
        "SELECT arg_max(kind, seq) FROM erasure_request WHERE person_id = ?", [person_id]
    )
    return None if found is None else str(found)


def _asked_by(write: Writing, kind: str, about_id: int) -> int | None:
    asked = kind == "person" and _state(write.tx, about_id) == "asked"
    return about_id if asked else None


def _answer(write: Writing, person_id: int, kind: str, reason: str, actor: Actor) -> None:
    write.tx.execute(
        """
        INSERT INTO erasure_request (person_id, seq, kind, reason, actor_id, recorded_at)
        SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ? FROM erasure_request WHERE person_id = ?
        """,
        [person_id, kind, reason, actor.person_id, clock.now(), person_id],
    )
