"""The audit as people read it: a lead all of it, everybody who looked up what is theirs."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sandkasse import access, clock
from sandkasse.access import Action
from sandkasse.database import Database
from sandkasse.exchange.formulas import neutralised
from sandkasse.lookups import REFUSED
from sandkasse.people import Actor

PAGE_SIZE = 50
_AT_A_TIME = 10_000

#: The rights whose use is a look-up; all others are writes.
LOOK_UPS = tuple(
    action.value
    for action in Action
    if action.name.startswith("SEE_") and action is not Action.SEE_OWN_DATA
)


@dataclass(frozen=True)
class Filter:
    """What is asked for: by whose name, about what (``idea:3``, or ``idea`` for all of them), by
    which action (``look_ups`` and ``writes`` for all of a kind, ``refused`` for what was refused),
    and on which days in Oslo."""

    name: str = ""
    subject: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None


class Row(NamedTuple):
    """A row of the audit; ``name`` is empty for whoever runs the server."""

    audit_id: int
    recorded_at: datetime
    actor_id: int | None
    name: str
    action: str
    subject: str | None
    detail: str | None
    erased: bool


@dataclass(frozen=True)
class Page:
    """A page of the audit, the latest first, and how many rows there are in all."""

    rows: tuple[Row, ...]
    total: int


_FROM = """
FROM audit AS a LEFT JOIN person AS p ON p.person_id = a.actor_id
WHERE ($name = '' OR contains(strip_accents(lower(p.name)), strip_accents(lower($name))))
  AND ($subject = '' OR a.subject = $subject OR starts_with(a.subject, $subject || ':'))
  AND CASE $action WHEN '' THEN true
                   WHEN 'look_ups' THEN list_contains($look_ups, a.action)
                   WHEN 'writes' THEN NOT list_contains($look_ups || [$refused], a.action)
                   ELSE a.action = $action END
  AND ($since IS NULL OR a.recorded_at >= $since)
  AND ($until IS NULL OR a.recorded_at <= $until)
"""
_COLUMNS = """
a.audit_id, a.recorded_at, a.actor_id, coalesce(p.name, ''), a.action, a.subject, a.detail,
a.erasure_id IS NOT NULL
"""


def listed(db: Database, actor: Actor, wanted: Filter, page: int = 1) -> Page:
    """A page (from 1) of the audit. :raises NotAllowed: for others than leads."""
    access.require(actor, Action.SEE_AUDIT)
    asked = _parameters(wanted)
    total = db.value(f"SELECT count(*) {_FROM}", asked)
    rows = db.rows(
        f"""
        SELECT {_COLUMNS} {_FROM}
        ORDER BY a.audit_id DESC LIMIT {PAGE_SIZE} OFFSET {(max(page, 1) - 1) * PAGE_SIZE}
        """,
        asked,
    )
    return Page(tuple(Row(*row) for row in rows), int(total))


def as_csv(db: Database, actor: Actor, wanted: Filter) -> bytes:
    """What is asked for, oldest first, as CSV in UTF-8; times are UTC. A cell that a spreadsheet
    would run as a formula has an apostrophe before it.

    :raises NotAllowed: for others than leads.
    """
    access.require(actor, Action.SEE_AUDIT)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*Row._fields, "digest", "hash"])
    for row in _all(db, wanted):
        writer.writerow(map(_cell, row))
    return file.getvalue().encode()


def actions(db: Database, actor: Actor) -> list[str]:
    """The actions that the audit has rows of. :raises NotAllowed: for others than leads."""
    access.require(actor, Action.SEE_AUDIT)
    return [action for (action,) in db.rows("SELECT DISTINCT action FROM audit ORDER BY action")]


class LookUp(NamedTuple):
    """Somebody who looked up what is one's own: when, who (empty: whoever runs the server), by
    which right and what."""

    recorded_at: datetime
    name: str
    action: str
    subject: str


def of_mine(db: Database, actor: Actor, most: int | None = 200) -> list[LookUp]:
    """Who looked up the actor's own ideas, matters, applications and details, the latest first."""
    rows = db.rows(
        """
        WITH ideas AS (SELECT idea_id FROM team_of WHERE person_id = $me),
        applied AS (SELECT application_id FROM application WHERE person_id = $me),
        mine AS (
            SELECT 'person:' || $me AS subject
            UNION ALL SELECT 'idea:' || idea_id FROM ideas
            UNION ALL SELECT 'touchpoint:' || touchpoint_id FROM touchpoint
                WHERE idea_id IN (FROM ideas)
            UNION ALL SELECT 'application:' || application_id FROM applied
            UNION ALL SELECT 'application:' || application_id || ':paper' FROM applied
        )
        SELECT a.recorded_at, coalesce(p.name, ''), a.action, a.subject
        FROM audit AS a LEFT JOIN person AS p ON p.person_id = a.actor_id
        WHERE list_contains($look_ups, a.action) AND a.actor_id IS DISTINCT FROM $me
          AND (a.subject IN (FROM mine)
               OR a.subject = 'people'
                  AND list_contains(CAST(a.detail->'among' AS BIGINT[]), $me)
               OR a.subject = 'applications'
                  AND list_has_any(CAST(a.detail->'among' AS BIGINT[]),
                                   (SELECT list(application_id) FROM applied)))
        ORDER BY a.audit_id DESC
        LIMIT $most
        """,
        {"me": actor.person_id, "look_ups": list(LOOK_UPS), "most": most},
    )
    return [LookUp(*row) for row in rows]


def _parameters(wanted: Filter) -> dict[str, Any]:
    return {
        "name": wanted.name.strip(),
        "subject": wanted.subject.strip(),
        "action": wanted.action,
        "look_ups": list(LOOK_UPS),
        "refused": REFUSED,
        "since": clock.start_of(wanted.since) if wanted.since else None,
        "until": clock.end_of(wanted.until) if wanted.until else None,
    }


def _all(db: Database, wanted: Filter) -> Iterator[tuple[Any, ...]]:
    asked, after = _parameters(wanted), -1
    while rows := db.rows(
        f"""
        SELECT {_COLUMNS}, a.digest, a.hash {_FROM} AND a.audit_id > $after
        ORDER BY a.audit_id LIMIT {_AT_A_TIME}
        """,
        {**asked, "after": after},
    ):
        yield from rows
        after = rows[-1][0]


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return neutralised(value) if isinstance(value, str) else value
