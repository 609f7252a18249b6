"""The snapshot: what is where at a moment, whenever it came in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sandkasse.database import Database
from sandkasse.figures.choice import Choice, Question, ask
from sandkasse.journeys import Journey, Text
from sandkasse.people import Actor


@dataclass(frozen=True)
class StagePresence:
    """How many open ideas are in one stage: under way, and on hold."""

    stage_id: str
    position: int
    name: Text
    active: int
    on_hold: int


@dataclass(frozen=True)
class Snapshot:
    """Where all ``n`` ideas that had come in are: in a stage, or ``left`` by kind of exit."""

    choice: Choice
    journey: Journey
    as_of: datetime
    known_at: datetime
    n: int
    stages: tuple[StagePresence, ...]
    left: Mapping[str, int]
    kind: Literal["snapshot"] = "snapshot"

    @property
    def open(self) -> int:
        """How many ideas are in the journey, on hold or not."""
        return sum(stage.active + stage.on_hold for stage in self.stages)


def snapshot(db: Database, actor: Actor, choice: Choice) -> Snapshot:
    """What is where at the chosen moments; the period of ``choice`` plays no part.

    Errors as for :func:`sandkasse.figures.choice.ask`.
    """
    question = ask(db, actor, choice)
    condition, values = present(question)
    found = db.rows(
        f"""
        SELECT o.stage_id, o.on_hold, o.exit_kind, count(*)
        FROM {question.outcomes} AS o
        WHERE {condition}
        GROUP BY ALL
        ORDER BY ALL
        """,  # noqa: S608
        {**question.parameters, **values},
    )
    places = {(stage_id, on_hold): n for stage_id, on_hold, exit_kind, n in found if not exit_kind}
    left: dict[str, int] = {}
    for _stage_id, _on_hold, exit_kind, n in found:
        if exit_kind:
            left[exit_kind] = left.get(exit_kind, 0) + n
    return Snapshot(
        choice=choice,
        journey=question.journey,
        as_of=question.as_of,
        known_at=question.known_at,
        n=sum(n for *_rest, n in found),
        stages=tuple(
            StagePresence(
                stage_id=stage.id,
                position=stage.position,
                name=stage.name,
                active=places.get((stage.id, False), 0),
                on_hold=places.get((stage.id, True), 0),
            )
            for stage in question.journey.stages
        ),
        left=dict(sorted(left.items())),
    )


def present(question: Question) -> tuple[str, dict[str, Any]]:
    """The condition, with its values, that an idea's outcome ``o`` belongs to the snapshot."""
    return question.narrowed("o")
