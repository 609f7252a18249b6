"""Carrying an erasure out: what it reaches, scrubbing it, blocking what is kept, recording it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandkasse import sessions
from sandkasse.access import Writing
from sandkasse.database import Reader
from sandkasse.errors import Invalid, NotFound
from sandkasse.i18n import _
from sandkasse.privacy import scrubs
from sandkasse.privacy.scrubs import Target

KINDS = ("person", "idea", "application", "contact")
_SHORTEST_NAME = 3


@dataclass(frozen=True)
class Erasure:
    """An erasure that was done. ``counts`` is rows by table."""

    erasure_id: int
    kind: str
    about_id: int
    keep_record: bool
    asked_by: int | None
    actor_id: int | None
    recorded_at: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Asked:
    """An erasure to be done: what it is about, and when (aware, UTC) it is recorded."""

    kind: str
    about_id: int
    keep_record: bool
    asked_by: int | None
    recorded_at: datetime


def carry_out(write: Writing, asked: Asked, target: Target, actor_id: int | None) -> Erasure:
    """Scrub, block what is kept, and record it, within a write that is then audited."""
    counts: dict[str, int] = {}
    values = {**target.parameters, "now": asked.recorded_at}
    emptied = _audit_rows(write.tx, values)
    if target.person_id is not None:
        # So that no open window makes the person anew. What stays of a session tells of nobody.
        sessions.end_each_of(write.tx, target.person_id, asked.recorded_at)
    for scrub in scrubs.of(asked.keep_record):
        sql = scrub.statement
        n = int(write.tx.value(sql, scrubs.needed(sql, values)) or 0)
        if n:
            counts[scrub.table] = counts.get(scrub.table, 0) + n
    _block(write, target, asked)
    if emptied:
        counts["audit"] = len(emptied)
    erasure_id = int(
        write.tx.value(
            """
            INSERT INTO erasure (kind, about_id, keep_record, asked_by, actor_id, recorded_at,
                                 counts)
            VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING erasure_id
            """,
            [
                asked.kind, asked.about_id, asked.keep_record, asked.asked_by, actor_id,
                asked.recorded_at, json.dumps(counts, sort_keys=True),
            ],
        )
    )  # fmt: skip
    empty_audit(write, emptied, erasure_id)
    write.subject = f"erasure:{erasure_id}"
    write.detail.update(kind=asked.kind, about=asked.about_id, counts=counts)
    write.tx.execute("INSERT INTO fact (name, value) VALUES ('rewrite', ?)", [str(erasure_id)])
    return Erasure(
        erasure_id,
        asked.kind,
        asked.about_id,
        asked.keep_record,
        asked.asked_by,
        actor_id,
        asked.recorded_at,
        counts,
    )


def empty_audit(write: Writing, rows: list[int], erasure_id: int) -> None:
    """Take the particulars out of these rows of the audit. Their digests hold the chain."""
    write.tx.execute(
        """
        UPDATE audit SET digest = coalesce(digest, sha256(detail)), detail = NULL, salt = NULL,
                         erasure_id = ?
        WHERE audit_id IN (SELECT unnest(?::BIGINT[]))
        """,
        [erasure_id, rows],
    )


def targeted(reader: Reader, kind: str, about_id: int) -> Target:
    """What an erasure of this reaches. :raises NotFound: when there is no such thing."""
    return target_of(reader, kind, about_id)[0]


def target_of(reader: Reader, kind: str, about_id: int) -> tuple[Target, tuple[int, ...]]:
    if kind not in KINDS:
        raise Invalid(_("Choose what is to be erased."), "kind")
    column = f"{kind}_id"
    there = reader.one(f"SELECT 1 FROM {kind} WHERE {column} = ?", [about_id])  # noqa: S608
    if there is None:
        raise NotFound(_("There is no such thing to erase."))
    if kind == "idea":
        return Target(ideas=(about_id,)), ()
    if kind == "application":
        return Target(applications=(about_id,)), ()
    if kind == "contact":
        return Target(contact_id=about_id), ()
    return _of_person(reader, about_id)


def _of_person(reader: Reader, person_id: int) -> tuple[Target, tuple[int, ...]]:
    """What is the person's alone, and the ideas that somebody else is part of."""
    ideas = reader.rows(
        """
        SELECT i.idea_id,
               EXISTS (SELECT 1 FROM team_of AS t JOIN person AS p ON p.person_id = t.person_id
                       WHERE t.idea_id = i.idea_id AND t.person_id <> $person
                         AND p.erased_at IS NULL) AS shared
        FROM idea AS i
        WHERE i.submitted_by = $person
           OR i.idea_id IN (SELECT idea_id FROM team_of WHERE person_id = $person)
        ORDER BY i.idea_id
        """,
        {"person": person_id},
    )
    applications = reader.rows(
        "SELECT application_id FROM application WHERE person_id = ? ORDER BY ALL", [person_id]
    )
    known = reader.one("SELECT name, email FROM person WHERE person_id = ?", [person_id])
    names = {one for one in known or () if one and len(one) >= _SHORTEST_NAME}
    names |= {one.lower() for one in names if "@" in one}  # as imported logs keep an address
    target = Target(
        person_id,
        tuple(idea_id for idea_id, shared in ideas if not shared),
        tuple(one for (one,) in applications),
        names=tuple(sorted(names - {f"P-{person_id}"})),
    )
    return target, tuple(idea_id for idea_id, shared in ideas if shared)


def _audit_rows(reader: Reader, values: Mapping[str, Any]) -> list[int]:
    rows = reader.rows(
        f"SELECT audit_id FROM audit WHERE {scrubs.AUDIT} ORDER BY audit_id",  # noqa: S608
        scrubs.needed(scrubs.AUDIT, values),
    )
    return [audit_id for (audit_id,) in rows]


def _block(write: Writing, target: Target, asked: Asked) -> None:
    """Hide what is kept of the record from all but leads; or nothing any more, when it is gone."""
    for table, ids in (("idea", target.ideas), ("application", target.applications)):
        since = "coalesce(blocked_at, $now)" if asked.keep_record else "NULL"
        sql = (
            f"UPDATE {table} SET blocked_at = {since} "  # noqa: S608
            f"WHERE {table}_id IN (SELECT unnest($ids::BIGINT[]))"
        )
        write.tx.execute(sql, scrubs.needed(sql, {"now": asked.recorded_at, "ids": list(ids)}))
