"""Retention: how long each class of records is kept (``data/retention.toml``).

What would go is shown before it does. What the Archives Act may require is blocked and never
deleted by time: leads alone see it, until one decides. What is blocked is exempt. Doing it twice
does nothing more.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sandkasse import access, clock
from sandkasse.access import Action, Writing, writing
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database, Reader
from sandkasse.i18n import _
from sandkasse.people import Actor
from sandkasse.privacy import scrubs
from sandkasse.privacy.scrubbing import empty_audit
from sandkasse.privacy.scrubs import Scrub
from sandkasse.reference_file import Words, faulty, reading, require_once

FILE = PROJECT_FOLDER / "data" / "retention.toml"
OWN = "own"


class RecordClass(BaseModel):
    """A class of records, as the file has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    tables: tuple[str, ...] = Field(min_length=1)
    name: Words
    why: Words
    sees: tuple[str, ...]
    action: Literal["delete", "scrub", "block", "keep"]
    months: int | None = Field(default=None, ge=1, le=1_200)
    after: Words | None = None
    basis: Literal["proposal", "assumption"]
    archive: bool = False


_LEFT = "SELECT idea_id FROM idea WHERE exit_at < $cutoff AND blocked_at IS NULL"
_ITEMS = f"SELECT item_id FROM agenda_item WHERE idea_id IN ({_LEFT})"  # noqa: S608
_OLD_NOTICES = "SELECT notice_id FROM notice WHERE created_at < $cutoff"
_GONE_CONTACTS = "SELECT contact_id FROM contact WHERE valid_to < $cutoff::DATE"
_OVER = "state IN ('rejected', 'declined', 'withdrawn', 'ended') AND state_at < $cutoff"
_OF_LEFT = f"idea_id IN ({_LEFT})"
_BLOCK = {"blocked_at": "coalesce(blocked_at, $now)"}
_BOTH = {"before": "NULL", "after": "NULL"}

#: What is done to a class whose time has come.
RULES: Mapping[str, tuple[Scrub, ...]] = {
    "draft": (Scrub("draft", "saved_at < $cutoff"),),
    "own_days": (
        Scrub("own_day", "coalesce(on_day, recorded_at::DATE) < $cutoff::DATE",
              {"label": "''", "on_day": "NULL"}),
    ),
    "notices": (
        Scrub("mail_event", f"notice_id IN ({_OLD_NOTICES})"),
        Scrub("notice", "created_at < $cutoff"),
    ),
    "working": (
        Scrub("comment", _OF_LEFT, {"body": "''"}),
        # Of which level and theme an idea was at a moment is part of the figures of that moment.
        Scrub("idea_edit", f"{_OF_LEFT} AND field NOT IN ('level', 'theme')", _BOTH),
        Scrub("proposal_mark", _OF_LEFT, {"note": "NULL"}),
        Scrub("need_mark", _OF_LEFT),
        Scrub("idea_day", _OF_LEFT, {"label": "''", "on_day": "NULL", "amount": "NULL"}),
        Scrub("agenda_item", f"item_id IN ({_ITEMS})", {"title": "''", "note": "''"}),
    ),
    "former_contacts": (
        Scrub("contact_edit", f"contact_id IN ({_GONE_CONTACTS})", _BOTH),
        Scrub("contact", f"contact_id IN ({_GONE_CONTACTS})",
              {"name": f"'{scrubs.GONE}'", "title": "''", "phone": "''", "email": "''",
               "subject": "''", "search_text": "''"}),
    ),
    "case": (Scrub("idea", "exit_at < $cutoff", _BLOCK),),
    "applications": (Scrub("application", _OVER, _BLOCK),),
}  # fmt: skip

# The audit's particulars that may tell of what goes.
_AUDIT = f"""
SELECT audit_id FROM audit
WHERE detail IS NOT NULL AND starts_with(subject, 'meeting:')
  AND TRY_CAST(detail->>'item' AS BIGINT) IN ({_ITEMS})
"""  # noqa: S608


@dataclass(frozen=True)
class Due:
    """A class and what of it has been kept long enough: rows by table, from before ``cutoff``."""

    record_class: RecordClass
    cutoff: datetime | None
    counts: Mapping[str, int]


@cache
def classes(path: Path = FILE) -> tuple[RecordClass, ...]:
    """The classes of records.

    :raises NotConfigured: when the file cannot be used: an unknown class, a table in two, an action
        without its time, or one that would delete what the Archives Act may require.
    """
    with reading(path) as content:
        found = tuple(RecordClass(**one) for one in content["class"])
    require_once(path, (one.id for one in found))
    require_once(path, (table for one in found for table in one.tables))
    rights = {action.value for action in Action} | {OWN}
    for one in found:
        acts = one.action != "keep"
        if acts != (one.id in RULES):
            raise faulty(path, _("the program has no rule for the class {id}").format(id=one.id))
        if acts != (one.months is not None) or acts != (one.after is not None):
            raise faulty(path, _("{id} needs months and after, or keep").format(id=one.id))
        if one.archive and one.action in ("delete", "scrub"):
            raise faulty(
                path, _("{id} may have to be archived: block or keep it").format(id=one.id)
            )
        if unknown := set(one.sees) - rights:
            raise faulty(path, _("there is no right {id}").format(id=min(unknown)))
    if missing := set(RULES) - {one.id for one in found}:
        raise faulty(path, _("the class {id} is missing").format(id=min(missing)))
    return found


def plan(db: Database, actor: Actor, path: Path = FILE) -> list[Due]:
    """What has been kept long enough, by class. Writes nothing.

    :raises NotAllowed: for others than leads. :raises NotConfigured: as for :func:`classes`.
    """
    access.require(actor, Action.APPLY_RETENTION)
    now = clock.now()
    with db.reading() as reader:
        return [_due(reader, one, now) for one in classes(path)]


def apply(db: Database, actor: Actor, path: Path = FILE) -> Mapping[str, int]:
    """Do what :func:`plan` shows; rows by table. Nothing to do writes nothing.

    Errors as for :func:`plan`.
    """
    if not any(due.counts for due in plan(db, actor, path)):
        return {}
    counts: dict[str, int] = {}
    with writing(db, actor, Action.APPLY_RETENTION) as write:
        now = clock.now()
        for one in classes(path):
            for table, n in _act(write, one, now).items():
                counts[table] = counts.get(table, 0) + n
        erasure_id = write.tx.value(
            """
            INSERT INTO erasure (kind, keep_record, actor_id, recorded_at, counts)
            VALUES ('retention', true, ?, ?, ?) RETURNING erasure_id
            """,
            [actor.person_id, now, json.dumps(counts, sort_keys=True)],
        )
        empty_audit(write, write.detail.pop("emptied", []), int(erasure_id))
        write.subject = f"erasure:{erasure_id}"
        write.detail["counts"] = counts
        write.tx.execute("INSERT INTO fact (name, value) VALUES ('rewrite', ?)", [str(erasure_id)])
    return counts


def _act(write: Writing, one: RecordClass, now: datetime) -> dict[str, int]:
    counts: dict[str, int] = {}
    values = {"now": now, "cutoff": _cutoff(write.tx, one, now)}
    if one.id == "working":
        emptied = [row[0] for row in write.tx.rows(_AUDIT, scrubs.needed(_AUDIT, values))]
        write.detail["emptied"] = emptied
        if emptied:
            counts["audit"] = len(emptied)
    for scrub in RULES.get(one.id, ()):
        n = int(write.tx.value(scrub.statement, scrubs.needed(scrub.statement, values)) or 0)
        if n:
            counts[scrub.table] = counts.get(scrub.table, 0) + n
    return counts


def _due(reader: Reader, one: RecordClass, now: datetime) -> Due:
    if one.months is None:
        return Due(one, None, {})
    cutoff, counts = _cutoff(reader, one, now), {}
    for scrub in RULES[one.id]:
        sql = f"SELECT count(*) FROM {scrub.table} WHERE {scrub.condition}"  # noqa: S608
        n = int(reader.value(sql, scrubs.needed(sql, {"now": now, "cutoff": cutoff})))
        if n:
            counts[scrub.table] = n
    return Due(one, cutoff, counts)


def _cutoff(reader: Reader, one: RecordClass, now: datetime) -> datetime | None:
    """The moment so many calendar months ago."""
    if one.months is None:
        return None
    found: datetime = reader.value("SELECT ?::TIMESTAMP - to_months(?)", [now, one.months])
    return found
