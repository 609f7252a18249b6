"""The ways that ideas took: how many went from each place to each other, forward and back."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures import history
from sandkasse.figures.choice import Choice, ask
from sandkasse.figures.history import NOWHERE, OUTSIDE, History, Whole
from sandkasse.figures.movement import Steps, steps
from sandkasse.i18n import _
from sandkasse.journeys import EXIT_KINDS, Journey
from sandkasse.people import Actor

#: What stands for a place outside the journey: before it, and after it by a kind of exit.
IN = "in"


@dataclass(frozen=True)
class Path:
    """``n`` steps by ``ideas`` different ideas from one place to another: stage ids, :data:`IN`
    (entering, or coming back after an exit), or a kind of exit."""

    origin: str
    target: str
    n: int
    ideas: int


@dataclass(frozen=True)
class Paths:
    """All paths taken in a period, ``n`` steps in all, most used first."""

    choice: Choice
    journey: Journey
    as_of: datetime
    known_at: datetime
    n: int
    paths: tuple[Path, ...]


def paths(db: Database, actor: Actor, choice: Choice) -> Paths:
    """The paths taken on the chosen days. Errors as for :func:`sandkasse.figures.choice.ask`."""
    question = ask(db, actor, choice)
    told = history.read(db, question)
    moved = steps(told, choice)
    origin, target = _codes(told, moved)
    width = len(question.journey.stages) + len(EXIT_KINDS) + 1
    key = origin * width + target
    moves, ideas = np.bincount(key), _ideas_by(key, moved.idea)
    found = []
    for code in np.flatnonzero(moves).tolist():
        origin_name, target_name = (_name(question.journey, one) for one in divmod(code, width))
        found.append(Path(origin_name, target_name, int(moves[code]), int(ideas[code])))
    return Paths(
        choice, question.journey, question.as_of, question.known_at, len(moved.row),
        tuple(sorted(found, key=lambda one: (-one.n, one.origin, one.target))),
    )  # fmt: skip


def rows(told: History, choice: Choice, origin: str, target: str) -> Whole:
    """The rows of the history that are a step of a path on the chosen days.

    :raises Invalid: for a place that the journey does not have.
    """
    known = {_name(told.journey, code): code for code in range(_places(told.journey))}
    if origin not in known or target not in known:
        raise Invalid(_("Choose one of the paths in the list."), "part")
    moved = steps(told, choice)
    codes = _codes(told, moved)
    taken: Whole = moved.row[(codes[0] == known[origin]) & (codes[1] == known[target])]
    return taken


def _ideas_by(key: np.ndarray, idea: np.ndarray) -> np.ndarray:
    """How many ideas each key has; rows are in order of idea."""
    order = np.argsort(key.astype(np.int16), kind="stable")
    keys, ideas = key[order], idea[order]
    first = np.append(True, (keys[1:] != keys[:-1]) | (ideas[1:] != ideas[:-1]))[: len(keys)]
    return np.bincount(keys[first])


def _places(journey: Journey) -> int:
    return 1 + len(journey.stages) + len(EXIT_KINDS)


def _codes(told: History, moved: Steps) -> tuple[np.ndarray, np.ndarray]:
    """For each step where it began and ended: 0 outside, then the stages, then kinds of exit."""
    inside = len(told.journey.stages)
    before, after = moved.before.astype(np.int16), moved.after.astype(np.int16)
    origin = np.where((before == NOWHERE) | (before == OUTSIDE), 0, before + 1)
    target = np.where(after == OUTSIDE, inside + moved.exit_kind, after + 1)
    return origin, target


def _name(journey: Journey, code: int) -> str:
    if code == 0:
        return IN
    if code <= len(journey.stages):
        return journey.stages[code - 1].id
    return EXIT_KINDS[code - len(journey.stages) - 1]
