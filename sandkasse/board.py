"""The board: what is where in one sandbox now, a column a stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sandkasse import access, clock, journeys, mentoring
from sandkasse.access import Action
from sandkasse.database import Database
from sandkasse.journeys import Stage
from sandkasse.people import Actor
from sandkasse.search import terms
from sandkasse.standing import held_by

CARDS_A_COLUMN = 8


@dataclass(frozen=True)
class Filter:
    """Which open ideas the board shows. ``mentor_id`` 0 means those without a mentor; ``holder`` is
    as for :func:`sandkasse.standing.held_by`."""

    journey_id: str
    search: str = ""
    level: str | None = None
    theme: str | None = None
    mentor_id: int | None = None
    overdue: bool = False
    holder: str | None = None


@dataclass(frozen=True)
class Card:
    """An idea on the board."""

    idea_id: int
    stage_id: str
    title: str
    level: str | None
    days: float
    expected_days: int | None
    visits: int
    held: bool
    ball: str
    ball_at: datetime
    ball_agencies: str
    last_seq: int
    mentors: tuple[str, ...]

    @property
    def overdue(self) -> bool:
        """Whether it has been longer in its stage than expected; never while on hold."""
        return not self.held and self.expected_days is not None and self.days > self.expected_days


@dataclass(frozen=True)
class Column:
    """A stage with its cards on the page shown, and how many ideas it has in all."""

    stage: Stage
    total: int
    overdue: int
    cards: tuple[Card, ...]


def columns(
    db: Database,
    actor: Actor,
    wanted: Filter,
    pages: Sequence[tuple[str, int]] = (),
    size: int = CARDS_A_COLUMN,
) -> list[Column]:
    """The board's columns, longest in the stage first. ``pages`` pairs a stage with the page of it
    that is wanted, from 1; a stage that is not named shows its first.

    :raises NotAllowed: for others than mentors and leads. :raises NotFound: an unknown journey.
    """
    access.require(actor, Action.SEE_BOARD)
    journey = journeys.get(db, wanted.journey_id)
    where, parameters = _conditions(wanted)
    parameters |= {
        "stages": [stage_id for stage_id, _ in pages],
        "firsts": [(max(page, 1) - 1) * size for _, page in pages],
        "size": size,
    }
    rows = db.rows(_BOARD.format(where=where), parameters)
    mentors = mentoring.mentors_of(db, [row[0] for row in rows if row[0] is not None])
    counts: dict[str, tuple[int, int]] = {}
    cards: dict[str, list[Card]] = {}
    for row in rows:
        idea_id, stage_id, *rest, total, overdue = row
        counts[stage_id] = (total, overdue)
        if idea_id is not None:
            names = tuple(name for _, name in mentors.get(idea_id, []))
            card = Card(*(idea_id, stage_id, *rest, names))
            cards.setdefault(stage_id, []).append(card)
    return [
        Column(stage, *counts.get(stage.id, (0, 0)), tuple(cards.get(stage.id, [])))
        for stage in journey.stages
    ]


def _conditions(wanted: Filter) -> tuple[str, dict[str, object]]:
    parts = ["i.journey_id = $journey_id", "i.exit_id IS NULL"]
    parameters: dict[str, object] = {"journey_id": wanted.journey_id, "now": clock.now()}
    for column in ("level", "theme"):
        if value := getattr(wanted, column):
            parts.append(f"i.{column} = ${column}")
            parameters[column] = value
    for number, word in enumerate(terms(wanted.search)):
        parts.append(f"contains(i.search_text, $word{number})")
        parameters[f"word{number}"] = word
    if wanted.mentor_id == 0:
        parts.append("i.idea_id NOT IN (SELECT idea_id FROM mentor_of)")
    elif wanted.mentor_id is not None:
        parts.append("i.idea_id IN (SELECT idea_id FROM mentor_of WHERE mentor_id = $mentor_id)")
        parameters["mentor_id"] = wanted.mentor_id
    if wanted.holder:
        sql, values = held_by(wanted.holder)
        parts.append(sql)
        parameters |= values
    if wanted.overdue:
        parts.append("late")
    return " AND ".join(parts), parameters


# One row a card on show, with its column's counts; a column past its last card has one row without
# a card. Titles and the like are fetched for the cards on show alone.
_BOARD = """
WITH aged AS (
    SELECT i.idea_id, i.stage_id, coalesce(x.expected_days, s.expected_days) AS expected,
           i.earlier_days + epoch($now - i.stage_at) / 86400 AS days,
           i.held_at IS NOT NULL AS held,
           NOT held AND coalesce(days > expected, false) AS late
    FROM idea AS i
    JOIN stage AS s ON s.journey_id = i.journey_id AND s.stage_id = i.stage_id
    LEFT JOIN expected_at_level AS x
        ON x.journey_id = i.journey_id AND x.stage_id = i.stage_id AND x.level = i.level
    WHERE {where}
),
counted AS (
    SELECT stage_id, count(*) AS total, count(*) FILTER (late) AS overdue
    FROM aged GROUP BY stage_id
),
wanted AS (
    SELECT unnest($stages::VARCHAR[]) AS stage_id, unnest($firsts::BIGINT[]) AS first
),
numbered AS (
    SELECT idea_id, stage_id, expected, days, held,
           row_number() OVER (PARTITION BY stage_id ORDER BY days DESC, idea_id) AS place
    FROM aged
),
shown AS (
    SELECT n.*
    FROM numbered AS n LEFT JOIN wanted AS w ON w.stage_id = n.stage_id
    WHERE n.place > coalesce(w.first, 0) AND n.place <= coalesce(w.first, 0) + $size
)
SELECT n.idea_id, c.stage_id, i.title, i.level, n.days, n.expected, i.visits, n.held,
       i.ball, i.ball_at, i.ball_agencies, i.last_seq, c.total, c.overdue
FROM counted AS c
LEFT JOIN shown AS n ON n.stage_id = c.stage_id
LEFT JOIN idea AS i ON i.idea_id = n.idea_id
ORDER BY c.stage_id, n.place
"""
