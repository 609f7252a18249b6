"""What erasure scrubs: by table, the rows and the columns, and what is put in their place.

Working texts go. What belongs to the record of a public case (what an agency or a meeting decided,
the reasons for moves, the handling of an application) may have to be kept by the Archives Act; it
goes only when a lead says so, and is blocked until then. What figures are made of, times, stages,
levels and numbers, stays.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandkasse.database import Reader

#: Stands where a name or a text has to be something.
GONE = "–"


@dataclass(frozen=True)
class Target:
    """What an erasure is about: the ids of everything it reaches. ``names`` are texts by which the
    person may be named where no id stands; they are never written down."""

    person_id: int | None = None
    ideas: tuple[int, ...] = ()
    applications: tuple[int, ...] = ()
    contact_id: int | None = None
    names: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, Any]:
        """The values that the statements name."""
        return {
            "person": self.person_id,
            "ideas": list(self.ideas),
            "applications": list(self.applications),
            "contact": self.contact_id,
            "names": list(self.names),
        }


@dataclass(frozen=True)
class Scrub:
    """Rows of a table (``where``) whose columns are put as ``sets`` says, in SQL; or, without
    ``sets``, rows that are deleted. ``record``: it belongs to the record of a public case."""

    table: str
    where: str
    sets: Mapping[str, str] | None = None
    record: bool = False

    @property
    def condition(self) -> str:
        """The rows that still hold what is to go."""
        if self.sets is None:
            return self.where
        dirty = " OR ".join(f"{name} IS DISTINCT FROM {value}" for name, value in self.sets.items())
        return f"({self.where}) AND ({dirty})"

    @property
    def statement(self) -> str:
        """What does it; its answer is the number of rows."""
        if self.sets is None:
            return f"DELETE FROM {self.table} WHERE {self.condition}"  # noqa: S608
        sets = ", ".join(f"{name} = {value}" for name, value in self.sets.items())
        return f"UPDATE {self.table} SET {sets} WHERE {self.condition}"  # noqa: S608


_IDEAS = "SELECT unnest($ideas::BIGINT[])"
_APPLICATIONS = "SELECT unnest($applications::BIGINT[])"
_MATTERS = f"SELECT touchpoint_id FROM touchpoint WHERE idea_id IN ({_IDEAS})"  # noqa: S608
_ITEMS = f"""
SELECT item_id FROM agenda_item
WHERE idea_id IN ({_IDEAS}) OR touchpoint_id IN ({_MATTERS})
   OR resolution_id IN (SELECT resolution_id FROM resolution WHERE idea_id IN ({_IDEAS}))
"""  # noqa: S608
_RESULTS = f"""
SELECT resolution_id FROM resolution WHERE idea_id IN ({_IDEAS}) OR item_id IN ({_ITEMS})
"""  # noqa: S608
_NAMED = "IN (SELECT unnest($names::VARCHAR[]))"
_TEXT_FIELDS = "'title', 'problem', 'solution', 'audience', 'needs', 'team', 'public_text'"
_GONE, _EMPTY, _NULL = f"'{GONE}'", "''", "NULL"

SCRUBS = (
    # ── an idea's texts
    Scrub(
        "idea",
        f"idea_id IN ({_IDEAS})",
        {
            "title": "'SK-' || idea_id", "problem": _EMPTY, "solution": _EMPTY,
            "audience": _EMPTY, "needs": _EMPTY, "public_text": _EMPTY, "search_text": _EMPTY,
            "publication": "'private'",
        },
    ),
    Scrub(
        "idea_edit",
        f"idea_id IN ({_IDEAS}) AND field IN ({_TEXT_FIELDS})",
        {"before": _NULL, "after": _NULL},
    ),
    Scrub("team_member", f"idea_id IN ({_IDEAS})", {"name": _GONE}),
    Scrub("comment", f"idea_id IN ({_IDEAS})", {"body": _EMPTY}),
    Scrub("proposal_mark", f"idea_id IN ({_IDEAS})", {"note": _NULL}),
    Scrub("need_mark", f"idea_id IN ({_IDEAS})"),
    Scrub(
        "idea_day",
        f"idea_id IN ({_IDEAS})",
        {"label": _EMPTY, "on_day": _NULL, "amount": _NULL},
    ),
    Scrub("agenda_item", f"item_id IN ({_ITEMS})", {"title": _EMPTY, "note": _EMPTY}),
    # ── the record of an idea's case
    Scrub("ledger", f"idea_id IN ({_IDEAS})", {"note": _NULL, "actor_name": _NULL}, record=True),
    Scrub("gate_mark", f"idea_id IN ({_IDEAS})", {"note": _NULL}, record=True),
    Scrub(
        "touchpoint",
        f"idea_id IN ({_IDEAS})",
        {"title": f"CASE WHEN purpose_id IS NULL THEN {_GONE} ELSE '' END"},
        record=True,
    ),
    Scrub(
        "touchpoint_event",
        f"touchpoint_id IN ({_MATTERS})",
        {"note": _NULL, "actor_name": _NULL},
        record=True,
    ),
    Scrub(
        "resolution_event",
        f"resolution_id IN ({_RESULTS})",
        {"note": _EMPTY},
        record=True,
    ),
    Scrub(
        "resolution",
        f"resolution_id IN ({_RESULTS})",
        {"body": _GONE, "reason": _EMPTY, "next_step": _EMPTY},
        record=True,
    ),
    # ── applications
    Scrub(
        "application",
        f"application_id IN ({_APPLICATIONS})",
        {
            "name": f"CASE WHEN person_id IS NULL THEN {_GONE} ELSE '' END", "words": _EMPTY,
            "email": _NULL,
        },
        record=True,
    ),
    Scrub(
        "application_event",
        f"application_id IN ({_APPLICATIONS})",
        {"note": _NULL, "actor_name": _NULL},
        record=True,
    ),
    Scrub("assessment", f"application_id IN ({_APPLICATIONS})", {"note": _EMPTY}, record=True),
    Scrub("application_paper", f"application_id IN ({_APPLICATIONS})", record=True),
    # ── what is a person's own
    Scrub("draft", "person_id = $person"),
    Scrub("own_day", "person_id = $person"),
    Scrub("notice_choice", "person_id = $person"),
    Scrub("weekly_hours", "person_id = $person"),
    Scrub("declared_tie", "person_id = $person"),
    Scrub(
        "mail_event", "notice_id IN (SELECT notice_id FROM notice WHERE person_id = $person)"
    ),
    Scrub("notice", "person_id = $person"),
    Scrub("comment", "author_id = $person", {"body": _EMPTY}),
    Scrub(
        "team_member",
        "person_id = $person",
        {"name": _GONE, "left_at": "coalesce(left_at, $now)"},
    ),
    Scrub("team_member", f"person_id IS NULL AND name {_NAMED}", {"name": _GONE}),
    Scrub(
        "idea_edit",
        "field = 'team' AND EXISTS (SELECT 1 FROM (SELECT unnest($names::VARCHAR[]) AS one) "
        "WHERE contains(before, one) OR contains(after, one))",
        {"before": _NULL, "after": _NULL},
    ),
    Scrub("attendance", f"name {_NAMED}", {"name": _GONE}),
    Scrub("ledger", f"actor_name {_NAMED}", {"actor_name": _NULL}),
    Scrub("touchpoint_event", f"actor_name {_NAMED}", {"actor_name": _NULL}),
    Scrub("application_event", f"actor_name {_NAMED}", {"actor_name": _NULL}),
    Scrub("application", f"person_id IS NULL AND name {_NAMED}", {"name": _GONE, "email": _NULL}),
    Scrub("application", f"email {_NAMED}", {"email": _NULL}),
    Scrub("access_extension", "person_id = $person"),
    Scrub("erasure_request", "person_id = $person", {"reason": _EMPTY}),
    # The session stays: what it was signed in with must open nothing, and make nobody anew.
    Scrub(
        "sign_in",
        "person_id = $person",
        {"provider": _GONE, "affiliations": _NULL, "belongs": _NULL},
    ),
    Scrub(
        "person",
        "person_id = $person",
        {
            "name": "'P-' || person_id", "subject": _NULL, "email": _NULL, "level": _NULL,
            "agency_id": _NULL, "language": _NULL, "blocked_at": "coalesce(blocked_at, $now)",
            "erased_at": "coalesce(erased_at, $now)",
        },
    ),
    # ── a contact person at an agency
    Scrub(
        "contact",
        "contact_id = $contact",
        {
            "name": _GONE, "title": _EMPTY, "phone": _EMPTY, "email": _EMPTY, "subject": _EMPTY,
            "search_text": _EMPTY, "valid_to": "coalesce(valid_to, $now::DATE)",
        },
    ),
    Scrub("contact_edit", "contact_id = $contact", {"before": _NULL, "after": _NULL}),
)  # fmt: skip

#: The audit's rows whose particulars may tell of what goes. The chain keeps their digests.
AUDIT = f"""
detail IS NOT NULL AND (
    subject IN (SELECT 'idea:' || idea_id FROM (SELECT unnest($ideas::BIGINT[]) AS idea_id)
                UNION ALL SELECT 'touchpoint:' || touchpoint_id FROM ({_MATTERS})
                UNION ALL SELECT 'application:' || application_id
                    FROM (SELECT unnest($applications::BIGINT[]) AS application_id)
                UNION ALL SELECT 'person:' || $person
                UNION ALL SELECT 'contact:' || $contact)
    OR (starts_with(subject, 'meeting:')
        AND TRY_CAST(detail->>'item' AS BIGINT) IN ({_ITEMS}))
    OR EXISTS (SELECT 1 FROM (SELECT unnest($names::VARCHAR[]) AS one)
               WHERE contains(detail, one)))
"""  # noqa: S608


def of(keep_record: bool) -> Iterator[Scrub]:
    """What is scrubbed; with ``keep_record`` without the record of public cases."""
    return (scrub for scrub in SCRUBS if not (keep_record and scrub.record))


def count(reader: Reader, target: Target, now: object, *, record: bool) -> dict[str, int]:
    """How many rows of each table hold what would go: of the record, or of the rest."""
    found: dict[str, int] = {}
    for scrub in SCRUBS:
        if scrub.record is record:
            sql = f"SELECT count(*) FROM {scrub.table} WHERE {scrub.condition}"  # noqa: S608
            n = int(reader.value(sql, needed(sql, {**target.parameters, "now": now})))
            if n:
                found[scrub.table] = found.get(scrub.table, 0) + n
    return found


def mentions(reader: Reader, names: tuple[str, ...]) -> dict[str, int]:
    """How many rows of each table have one of these names in a text, what goes by itself included:
    names within what others wrote stay, and somebody has to look."""
    if not names:
        return {}
    found: dict[str, int] = {}
    columns = reader.rows(
        """
        SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()
        WHERE data_type = 'VARCHAR' AND NOT internal AND database_name = current_database()
          AND table_name IN (SELECT table_name FROM duckdb_tables())
        GROUP BY table_name ORDER BY table_name
        """
    )
    for table, texts in columns:
        holds = " OR ".join(f'contains("{text}", one)' for text in texts)
        n = reader.value(
            f"SELECT count(*) FROM {table} WHERE EXISTS "  # noqa: S608
            f"(SELECT 1 FROM (SELECT unnest($names::VARCHAR[]) AS one) WHERE {holds})",
            {"names": list(names)},
        )
        if n:
            found[table] = int(n)
    return found


def needed(sql: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of ``values`` that ``sql`` names: DuckDB refuses others."""
    return {name: value for name, value in values.items() if f"${name}" in sql}
