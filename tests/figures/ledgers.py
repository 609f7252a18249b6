"""Short ways to write histories straight into the ledger, and to read what a test says they are.

Day d of a history is noon UTC of d January 2020 (day 32 is 1 February). A step is written
``"5 move b"``: on day 5, moved to stage b. ``"5 move b @9"`` was recorded on day 9 only; the others
when they happened. ``"void 2 @9"``: on day 9 the second row was declared never to have been.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from sandkasse import journeys, standing
from sandkasse.database import Database
from sandkasse.ledger import Kind, Row
from sandkasse.people import Actor, Role

FIRST_DAY = datetime(2020, 1, 1, 12, tzinfo=UTC)
LEAD = Actor(1, "Lars Lead", frozenset({Role.LEAD}))

EXITS = {
    "done": "completed",
    "declined": "declined",
    "withdrawn": "withdrawn",
    "closed": "closed",
    "merged": "merged",
}
#: Two journeys that share stage ids at different positions.
STAGES = {"road": ("a", "b", "c", "d"), "lane": ("b", "a", "e")}


@dataclass(frozen=True)
class Told:
    """An idea with its history as a test tells it."""

    idea_id: int
    journey: str
    level: str
    theme: str
    rows: tuple[Row, ...]


def day(number: float) -> datetime:
    """Noon UTC of that day of January 2020."""
    return FIRST_DAY + timedelta(days=number - 1)


def add_journeys(db: Database, folder: Path) -> None:
    """Load the journeys of :data:`STAGES`."""
    loaded = []
    for journey_id, stages in STAGES.items():
        parts = [f'id = "{journey_id}"', f'name = {{ nb = "{journey_id}", en = "{journey_id}" }}']
        parts += [
            f'[[stages]]\nid = "{stage}"\nname = {{ nb = "Steg {stage}", en = "Stage {stage}" }}'
            for stage in stages
        ]
        parts += [
            f'[[exits]]\nid = "{way}"\nkind = "{kind}"\nname = {{ nb = "{way}", en = "{way}" }}'
            for way, kind in EXITS.items()
        ]
        path = folder / f"{journey_id}.toml"
        path.write_text("\n".join(parts), encoding="utf-8")
        loaded.append(journeys.load_file(path))
    journeys.sync(db, loaded, source="test")


def history(*steps: str) -> list[Row]:
    """The rows of a history written as steps; see the module."""
    return [_row(seq, step) for seq, step in enumerate(steps, start=1)]


def _row(seq: int, step: str) -> Row:
    step, _at, recorded = step.partition(" @")
    words = step.split()
    if words[0] == "void":
        moment = day(float(recorded))
        return Row(seq, Kind.VOID, moment, moment, voids_seq=int(words[1]))
    occurred_at, kind = day(float(words[0])), Kind(words[1])
    row = Row(seq, kind, occurred_at, day(float(recorded)) if recorded else occurred_at)
    if kind in (Kind.ENTER, Kind.MOVE, Kind.REOPEN):
        return replace(row, stage_id=words[2])
    return replace(row, exit_id=words[2]) if kind is Kind.EXIT else row


def put(
    db: Database,
    rows: Sequence[Row],
    journey: str = "road",
    level: str = "MSc",
    theme: str = "ocean",
    **description: Any,
) -> Told:
    """Add one idea with this history."""
    idea_id = next_id(db)
    told = Told(idea_id, journey, level, theme, tuple(rows))
    put_all(db, [told], **description)
    return told


def next_id(db: Database) -> int:
    """An id that no idea has had."""
    return int(db.value("SELECT nextval('idea_ids')"))


def put_all(db: Database, ideas: Sequence[Told], **description: Any) -> None:
    """Add many ideas with their histories at once."""
    described = pd.DataFrame(
        [
            {
                "idea_id": idea.idea_id,
                "journey_id": idea.journey,
                "level": idea.level,
                "theme": idea.theme,
                "title": f"Idea {idea.idea_id}",
                "created_at": _naive(idea.rows[0].recorded_at),
                "last_seq": 0,
                "stage_id": "",
                "furthest": 0,
                "first_at": _naive(idea.rows[0].occurred_at),
                "stage_at": _naive(idea.rows[0].occurred_at),
                "ball": "mentor",
                "ball_at": _naive(idea.rows[0].occurred_at),
                **description,
            }
            for idea in ideas
        ]
    )
    happened = pd.DataFrame(
        [
            {
                "idea_id": idea.idea_id,
                "seq": row.seq,
                "kind": row.kind.value,
                "stage_id": row.stage_id,
                "exit_id": row.exit_id,
                "ball": row.ball.value if row.ball else None,
                "voids_seq": row.voids_seq,
                "occurred_at": _naive(row.occurred_at),
                "recorded_at": _naive(row.recorded_at),
            }
            for idea in ideas
            for row in idea.rows
        ]
    ).astype({"stage_id": "str", "exit_id": "str", "ball": "str", "voids_seq": "Int64"})
    with db.transaction() as tx:
        tx.insert_frame("idea", described)
        tx.insert_frame("ledger", happened)
        standing.refresh_standing(tx)


def clear(db: Database) -> None:
    """Take all ideas away; ids are never used again."""
    with db.transaction() as tx:
        tx.execute("DELETE FROM idea")
        tx.execute("DELETE FROM ledger")


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
