"""Rows gathered for the tables, and written as frames."""

import numpy as np
import pandas as pd

from sandkasse.database import Transaction

#: The columns of each table that synthetic data fills, in the order in which rows give them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "person": ("person_id", "subject", "name", "email", "level", "agency_id", "created_at"),
    "role_change": ("person_id", "seq", "role", "granted", "actor_id", "recorded_at"),
    "idea": (
        "idea_id", "journey_id", "level", "theme", "title", "problem", "solution", "audience",
        "needs", "agencies", "graduation", "submitted_by", "created_at", "public_text",
        "publication", "search_text", "last_seq", "stage_id", "furthest", "first_at", "stage_at",
        "ball", "ball_at",
    ),
    "ledger": (
        "idea_id", "seq", "kind", "from_stage", "stage_id", "exit_id", "ball", "merged_into",
        "voids_seq", "reason", "note", "timing", "occurred_at", "recorded_at", "actor_id",
    ),
    "gate_mark": (
        "idea_id", "seq", "stage_id", "gate_id", "outcome", "note", "actor_id", "recorded_at",
    ),
    "mentoring": ("idea_id", "seq", "mentor_id", "active", "actor_id", "recorded_at"),
    "team_member": ("idea_id", "name", "person_id", "added_at"),
    "idea_edit": ("idea_id", "version", "field", "before", "after", "actor_id", "recorded_at"),
    "comment": ("comment_id", "idea_id", "author_id", "body", "recorded_at"),
    "contact": (
        "contact_id", "agency_id", "name", "title", "email", "subject", "valid_from", "valid_to",
        "created_at", "search_text",
    ),
    "contact_edit": (
        "contact_id", "version", "field", "before", "after", "actor_id", "recorded_at",
    ),
    "barrier": (
        "barrier_id", "agency_id", "title", "description", "answer", "source", "review_on",
        "created_by", "created_at", "search_text",
    ),
    "touchpoint": (
        "touchpoint_id", "idea_id", "agency_id", "purpose_id", "title", "contact_id", "barrier_id",
        "follow_up", "opened_by", "created_at", "last_seq", "state", "state_at", "opened_at",
    ),
    "touchpoint_event": (
        "touchpoint_id", "seq", "kind", "outcome", "voids_seq", "note", "timing", "occurred_at",
        "recorded_at", "actor_id",
    ),
    "application": (
        "application_id", "position_id", "person_id", "words", "source", "graduation",
        "created_at", "last_seq", "state", "state_at", "received_at", "furthest", "seat_no",
        "started_on", "until_on", "ended_on", "next_step",
    ),
    "application_event": (
        "application_id", "seq", "kind", "reason", "seat_no", "next_step", "occurred_at",
        "recorded_at", "actor_id",
    ),
    "assessment": (
        "application_id", "seq", "criterion", "mark", "note", "assessor_id", "recorded_at",
    ),
    "need_mark": ("idea_id", "seq", "need", "applies", "actor_id", "recorded_at"),
    "company": ("idea_id", "seq", "orgnr", "actor_id", "recorded_at"),
    "company_reading": (
        "orgnr", "read_at", "outcome", "name", "form", "registered_on", "in_business_register",
        "in_vat_register", "bankrupt", "winding_up", "forced_winding_up", "deleted_on",
    ),
}  # fmt: skip

_NUMBERS = frozenset({
    "person_id", "idea_id", "comment_id", "author_id", "mentor_id", "seq", "version",
    "actor_id", "submitted_by", "last_seq", "furthest", "merged_into", "voids_seq", "contact_id",
    "barrier_id", "created_by", "touchpoint_id", "opened_by", "application_id", "position_id",
    "seat_no", "mark", "assessor_id",
})  # fmt: skip
_TRUTHS = frozenset({
    "granted", "active", "applies", "in_business_register", "in_vat_register", "bankrupt",
    "winding_up", "forced_winding_up",
})  # fmt: skip
_DAYS = frozenset({
    "graduation", "valid_from", "valid_to", "review_on", "follow_up", "registered_on", "deleted_on",
    "started_on", "until_on", "ended_on",
})  # fmt: skip


class Gathered:
    """Rows by table, kept until they are written. Moments are whole seconds since 1970."""

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in COLUMNS}
        self.written = dict.fromkeys(COLUMNS, 0)

    def write(self, tx: Transaction) -> None:
        """Append everything gathered to its tables and begin anew."""
        for table, rows in self.rows.items():
            if rows:
                if table == "comment":
                    ids = new_ids(tx, "comment_ids", len(rows))
                    rows = [(given, *row[1:]) for given, row in zip(ids, rows, strict=True)]
                tx.insert_frame(table, _frame(table, rows))
                self.written[table] += len(rows)
                self.rows[table] = []


def new_ids(tx: Transaction, sequence: str, n: int) -> list[int]:
    """``n`` new ids from a table's sequence, in order."""
    return sorted(given for (given,) in tx.rows("SELECT nextval(?) FROM range(?)", [sequence, n]))


def _frame(table: str, rows: list[tuple[object, ...]]) -> pd.DataFrame:
    columns = zip(*rows, strict=True)
    return pd.DataFrame(
        {name: _column(name, values) for name, values in zip(COLUMNS[table], columns, strict=True)}
    )


def _column(name: str, values: tuple[object, ...]) -> object:
    if name.endswith("_at"):
        return np.array(values, dtype="int64").astype("datetime64[s]").astype("datetime64[us]")
    if name in _NUMBERS:
        return pd.Series(values, dtype="Int64")
    if name in _TRUTHS:
        return np.array(values, dtype=bool)
    if name in _DAYS:
        return pd.Series(values, dtype="datetime64[s]")
    return pd.Series(values, dtype="str")
