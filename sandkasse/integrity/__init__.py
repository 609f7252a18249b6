"""Comparing the database with its own rules (``sandkasse check``). Reads, never writes.

Some rules are about single rows and are asked in SQL, and so is what agencies' matters add. An
idea's whole history is replayed in plain Python. All of it sees one moment of the data. Before
that, every value of the file is read once.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sandkasse.database import Database, Reader
from sandkasse.errors import DatabaseDamaged
from sandkasse.i18n import _
from sandkasse.integrity import rules
from sandkasse.integrity.damage import damaged_tables, rows_read
from sandkasse.integrity.finding import Finding
from sandkasse.integrity.histories import broken_histories
from sandkasse.integrity.matters import MATTER_RULES, broken_matters
from sandkasse.integrity.meetings import MEETING_RULES
from sandkasse.integrity.seats import SEAT_RULES, broken_applications
from sandkasse.integrity.trail import broken_trail

__all__ = ["Finding", "Size", "check", "rows_read", "size"]

_LOOKED_UP_AT_A_TIME = 1_000


class Size(NamedTuple):
    """How much there is."""

    ideas: int
    ledger_rows: int


def size(db: Database) -> Size:
    """How many ideas and ledger rows there are."""
    found = db.one("SELECT (SELECT count(*) FROM idea), (SELECT count(*) FROM ledger)")
    return Size(*(found or (0, 0)))


def check(db: Database) -> list[Finding]:
    """Everything that breaks a rule; empty when nothing is wrong. Where the file itself is damaged,
    that alone."""
    damaged = list(damaged_tables(db))
    if damaged:
        return damaged
    try:
        return _broken(db)
    except DatabaseDamaged as error:  # in an index, which is read only where it is looked into
        return [Finding("damage", None, None, error.message)]


def _broken(db: Database) -> list[Finding]:
    with db.reading() as reader:
        return [
            *_broken_rows(reader),
            *_broken_look_ups(reader),
            *broken_histories(reader),
            *broken_matters(reader),
            *broken_applications(reader),
            *broken_trail(reader),
        ]


def _broken_rows(reader: Reader) -> Iterator[Finding]:
    for rule in (*rules.all_rules(), *MATTER_RULES, *MEETING_RULES, *SEAT_RULES):
        for idea_id, seq, what in reader.rows(rule.sql):
            yield Finding(rule.name, idea_id, seq, _(rule.sentence).format(what=what))


def _broken_look_ups(reader: Reader) -> Iterator[Finding]:
    """The one unique key that is looked up through its index must find what a scan finds."""
    scanned = [
        subject
        for (subject,) in reader.rows(
            "SELECT DISTINCT subject FROM person WHERE subject IS NOT NULL ORDER BY subject"
        )
    ]
    for start in range(0, len(scanned), _LOOKED_UP_AT_A_TIME):
        some = scanned[start : start + _LOOKED_UP_AT_A_TIME]
        marks = ", ".join("?" * len(some))
        found = reader.rows(f"SELECT subject FROM person WHERE subject IN ({marks})", some)  # noqa: S608
        for subject in sorted(set(some) - {one for (one,) in found}):
            sentence = _("The index of people does not find {what}, who is in the table.")
            yield Finding("index", None, None, sentence.format(what=subject))
