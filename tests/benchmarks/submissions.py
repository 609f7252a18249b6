"""Submitting ideas, with all its checks, ledger row and audit, against bare one-row commits: the
same row into the same table, with nothing else done."""

import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from statistics import median

import duckdb

from sandkasse import clock, ideas, journeys
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from sandkasse.people import Role
from tests import builders
from tests.benchmarks import table

LIMIT = 0.5
_AT_A_TIME = 50

_ROW = """
INSERT INTO idea (idea_id, journey_id, level, theme, title, problem, solution, audience, needs,
                  agencies, graduation, submitted_by, created_at, search_text, last_seq, stage_id,
                  furthest, first_at, stage_at, ball, ball_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, 0, ?, ?, ?, ?)
"""


def show(rounds: int) -> None:
    """Measure both in turns, and print them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "submissions.duckdb"
        with closing(Database.open(path)) as db, _bare(Path(folder) / "bare.duckdb") as bare:
            submit, commit = _submitting(db), _committing(bare)
            ours, theirs = [], []
            for turn in range(rounds):
                ours.append(_a_second(submit, turn))
                theirs.append(_a_second(commit, turn))
    rate, plain = median(ours), median(theirs)
    table.show(
        f"Submissions, {rounds} times {_AT_A_TIME} of each in turns, median",
        ["", "a second", "of bare", "aimed at"],
        [
            ["bare one-row commits", f"{plain:.0f}", "", ""],
            ["submissions", f"{rate:.0f}", table.times(rate / plain, at_least=LIMIT),
             f"≥ {LIMIT} "],
        ],
    )  # fmt: skip


def _a_second(work: Callable[[int], object], turn: int) -> float:
    began = time.perf_counter()
    for number in range(turn * _AT_A_TIME, (turn + 1) * _AT_A_TIME):
        work(number)
    return _AT_A_TIME / (time.perf_counter() - began)


def _submitting(db: Database) -> Callable[[int], object]:
    journeys.sync(db, journeys.load_folder(PROJECT_FOLDER / "data" / "journeys"), source="shipped")
    student = builders.person(db, "Sara Student", Role.STUDENT)

    def submit(number: int) -> int:
        described = replace(builders.DESCRIPTION, title=f"Ice sensors {number}")
        return ideas.submit(db, student, builders.JOURNEY, described)

    return submit


def _bare(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection of DuckDB's own to another new database, with the same settings."""
    Database.open(path).close()
    return duckdb.connect(str(path), config={"memory_limit": "256MB", "threads": 2})


def _committing(connection: duckdb.DuckDBPyConnection) -> Callable[[int], object]:
    idea = builders.DESCRIPTION

    def commit(number: int) -> None:
        now = clock.now().replace(tzinfo=None)
        connection.execute(
            _ROW,
            [
                number, builders.JOURNEY, idea.level, idea.theme, f"Ice sensors {number}",
                idea.problem, idea.solution, idea.audience, idea.needs, " ".join(idea.agencies),
                idea.graduation, 1, now, ideas.searchable(idea), "idea-bank", now, now, "mentor",
                now,
            ],
        )  # fmt: skip

    return commit
