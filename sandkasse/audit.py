"""The audit: who did, looked up and was refused what, as a chain in which tampering shows.

Each row carries the SHA-256 of the hash of the row before it and of what it says itself. Writes
are taken in turn, so the order is that of ``audit_id``. What ``detail`` says is in the chain by a
salted digest: erasure empties the text and the salt, and the chain still holds.

The end of the chain is watched by the number that the database gives out next, which cannot be set
back. Whoever can write the whole file can still work out every hash anew. Against that helps only
a :class:`Head` that is kept somewhere else.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

from sandkasse import clock
from sandkasse.database import Database, Reader, Transaction
from sandkasse.errors import Invalid
from sandkasse.i18n import _, number_text

_AT_A_TIME = 20_000
#: Stands after the last row.
_END: tuple[int | None, str, str | None] = (None, "", "")
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@dataclass(frozen=True)
class Head:
    """The end of the chain: how many rows it has, and the hash of the last."""

    entries: int
    hash: str

    def __str__(self) -> str:
        return f"{self.entries}:{self.hash}"


class Flaw(NamedTuple):
    """A row of the audit (None: the audit as a whole) and a sentence on what is wrong with it."""

    audit_id: int | None
    sentence: str


class Entry(NamedTuple):
    """What a row of the audit is to say."""

    action: str
    actor_id: int | None
    subject: str | None
    detail: dict[str, Any]


def append(db: Database, tx: Transaction, entry: Entry) -> None:
    """Put a row at the end of the chain, as part of a transaction."""
    now = clock.now()
    detail = json.dumps(entry.detail, ensure_ascii=False, default=str) if entry.detail else None
    salt = None if detail is None else secrets.token_hex(16)
    digest = None if detail is None else _sha256(f"{salt}{detail}")
    before = tx.tail or db.tail or head(tx).hash
    told = _said(_micros(now), entry.actor_id, entry.action, digest, entry.subject)
    tx.tail = _sha256(f"{before}|{told}")
    tx.execute(
        """
        INSERT INTO audit (recorded_at, actor_id, action, subject, detail, salt, digest, hash)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [now, entry.actor_id, entry.action, entry.subject, detail, salt, digest, tx.tail],
    )


def head(reader: Database | Reader) -> Head:
    """The end of the chain as the file says."""
    entries, last = reader.one(  # type: ignore[misc]
        """
        SELECT (SELECT count(*) FROM audit),
               coalesce((SELECT hash FROM audit ORDER BY audit_id DESC LIMIT 1),
                        (SELECT hash FROM audit_origin))
        """
    )
    return Head(int(entries), str(last))


def read_head(text: str) -> Head:
    """A head as :class:`Head` prints it. :raises Invalid: for another text."""
    entries, colon, told = text.strip().partition(":")
    if not colon or not entries.isdecimal() or len(told) not in (0, 64):
        raise Invalid(_("A head is a number, a colon and 64 letters and digits."), "head")
    return Head(int(entries), told)


def flaws(reader: Reader, kept: Head | None = None) -> Iterator[Flaw]:
    """All that shows that somebody changed, removed, inserted or moved rows of the audit.

    :param kept: a head that was kept somewhere else; the chain has to pass through it.
    """
    first = reader.one("SELECT entries, hash FROM audit_origin")
    origin = Head(*first) if first else Head(0, "")
    before, entries, last_id, chained = "", 0, 0, False
    for audit_id, told, written in chain(_chain(reader), [_END]):
        if not chained and written is not None:
            # Here the rows from before the chain end, and it begins.
            chained = True
            if Head(entries, before) != origin:
                yield Flaw(
                    None, _("The audit's rows from before it was chained are not as they were.")
                )
            before = origin.hash
        if audit_id is None:
            break
        before = _sha256(f"{before}|{told}")
        entries, last_id = entries + 1, audit_id
        if chained and written != before:
            said = _("Row {n} of the audit, or the one before it, is not as it was written.")
            yield Flaw(audit_id, said.format(n=number_text(audit_id)))
            before = written or before
        if kept is not None and entries == kept.entries and before != kept.hash:
            yield Flaw(audit_id, _("The audit is not the one that the kept head is of."))
    if kept is not None and entries < kept.entries:
        yield Flaw(None, _("The audit has lost rows since the head was kept."))
    yield from _missing_at_the_end(reader, last_id)
    yield from _emptied(reader)


def _missing_at_the_end(reader: Reader, last_id: int) -> Iterator[Flaw]:
    # A write that failed at the very last moment also uses up a number; then the next one follows.
    given = reader.value(
        "SELECT last_value FROM duckdb_sequences() WHERE sequence_name = 'audit_ids'"
    )
    if given is not None and last_id < given:
        said = _(
            "The audit has lost its last rows, or a write failed at the last moment: number {n} "
            "was given out, {last} is the last there."
        )
        yield Flaw(None, said.format(n=number_text(given), last=number_text(last_id)))


def _emptied(reader: Reader) -> Iterator[Flaw]:
    """Texts that are gone without an erasure that says so, and erasures that say another number."""
    for (audit_id,) in reader.rows(
        """
        SELECT audit_id FROM audit
        WHERE detail IS NULL AND digest IS NOT NULL
          AND (erasure_id IS NULL OR erasure_id NOT IN (SELECT erasure_id FROM erasure))
        ORDER BY audit_id
        """
    ):
        said = _("Row {n} of the audit lost its particulars without an erasure.")
        yield Flaw(audit_id, said.format(n=number_text(audit_id)))
    for erasure_id, counts, emptied in reader.rows(
        """
        SELECT e.erasure_id, r.detail, (SELECT count(*) FROM audit AS a
                                        WHERE a.erasure_id = e.erasure_id)
        FROM erasure AS e
        LEFT JOIN audit AS r
            ON r.action IN ('privacy.erase', 'privacy.apply_retention')
            AND r.subject = 'erasure:' || e.erasure_id
        ORDER BY ALL
        """
    ):
        recorded = json.loads(counts)["counts"].get("audit", 0) if counts else None
        if recorded != emptied:
            said = _("Erasure {n} emptied another number of the audit's rows than it recorded.")
            yield Flaw(None, said.format(n=number_text(erasure_id)))


def _chain(reader: Reader) -> Iterator[tuple[int | None, str, str | None]]:
    """Each row's number, what the chain covers of it, and the hash it carries, in order."""
    after = -(2**62)
    while rows := reader.rows(
        f"""
        SELECT audit_id, epoch_us(recorded_at), actor_id, action, subject, detail, salt, digest,
               hash
        FROM audit WHERE audit_id > ? ORDER BY audit_id LIMIT {_AT_A_TIME}
        """,  # noqa: S608
        [after],
    ):
        for audit_id, micros, actor_id, action, subject, detail, salt, digest, written in rows:
            told = digest if detail is None else _sha256(f"{salt or ''}{detail}")
            yield audit_id, _said(micros, actor_id, action, told, subject), written
        after = rows[-1][0]


def _said(
    micros: int, actor_id: int | None, action: str, digest: str | None, subject: str | None
) -> str:
    parts = (micros, actor_id, action, digest, subject)
    return "|".join("-" if part is None else str(part) for part in parts)


def _micros(moment: datetime) -> int:
    """Microseconds since 1970, as DuckDB counts them."""
    return (moment - _EPOCH) // _MICROSECOND


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
