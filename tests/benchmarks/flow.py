"""The flow figures of a whole bank: each by itself and all of them, cold and warm.

Cold is with the history of the ledger forgotten, as after a write; warm is with it kept. The unit
is one plain reading of the ledger's columns into memory. ``python -m tests.benchmarks.flow FILE
RUNS`` measures in a process of its own, so that its most memory is theirs alone.
"""

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

from sandkasse import clock, figures, journeys
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from sandkasse.figures import Choice, history
from sandkasse.figures.flow import (
    ageing,
    doubt,
    forecast,
    graduation,
    paths,
    stock,
    times,
    trend,
)
from sandkasse.people import OPERATOR
from tests.benchmarks import banks, funnel, table

JOURNEY = "student-startup"
COLD_SECONDS, COLD_SECONDS_OF_MANY, MEMORY_OF_MANY = 1.5, 8.0, 2_000
_MANY = 1_000_000
_PLAIN = """
SELECT idea_id, seq, kind, stage_id, exit_id, voids_seq, occurred_at, recorded_at FROM ledger
"""


class Measured(NamedTuple):
    """Seconds: of reading the ledger once, of each figure, and of processor time for all of them
    cold, which says more where others use the machine; MB: the most memory."""

    rows: int
    reading: float
    processor: float
    cold: dict[str, float]
    warm: dict[str, float]
    memory: float


def show(demonstration: int, many: int, runs: int) -> None:
    """Measure and print a demonstration's bank, and a bare ledger of very many ideas."""
    _print(demonstration, _measured(banks.bank(demonstration), runs))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.duckdb"
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.flow", "fill", str(path), str(many)],
            cwd=PROJECT_FOLDER,
            check=True,
        )
        _print(many, _measured(path, max(1, runs // 2)))


def _measured(path: Path, runs: int) -> Measured:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.flow", "measure", str(path), str(runs)],
        cwd=PROJECT_FOLDER,
        stdout=subprocess.PIPE,
        check=True,
    )
    return Measured(*json.loads(done.stdout))


def _print(ideas: int, found: Measured) -> None:
    unit = found.reading
    most = COLD_SECONDS if ideas < _MANY else COLD_SECONDS_OF_MANY
    memory = None if ideas < _MANY else MEMORY_OF_MANY
    table.show(
        f"Flow figures of {ideas:,} ideas with {found.rows:,} ledger rows. Reading the ledger "
        f"once: {table.milliseconds(unit)}",
        ["", "cold", "× reading", "warm", "× reading"],
        [
            [
                name,
                table.milliseconds(cold),
                table.times(cold / unit),
                table.milliseconds(found.warm[name]),
                table.times(found.warm[name] / unit),
            ]
            for name, cold in found.cold.items()
        ],
    )
    late = "!" if found.cold[_ALL] > most else ""
    large = "!" if memory is not None and found.memory > memory else ""
    aimed = "" if memory is None else f" (≤ {memory})"
    print(
        f"  All, cold: {found.cold[_ALL]:.2f} s{late} (≤ {most}); "
        f"processor time {found.processor:.2f} s"
    )
    print(f"  Memory of the process at most: {found.memory:.0f} MB{large}{aimed}")


_ALL = "all of them"


def _figures(db: Database) -> dict[str, Callable[[], object]]:
    """What the pages ask, by its name."""
    choice = Choice(JOURNEY)
    today = clock.today()
    month_ago = clock.now() - timedelta(days=30)
    stage = journeys.get(db, JOURNEY).stages[1].id
    idea = int(db.value("SELECT max(idea_id) FROM idea WHERE journey_id = ?", [JOURNEY]))
    ahead = today + timedelta(days=90)
    return {
        "cohort": lambda: figures.cohort(db, OPERATOR, choice),
        "snapshot": lambda: figures.snapshot(db, OPERATOR, choice),
        "activity": lambda: figures.activity(db, OPERATOR, choice),
        "activity by week": lambda: figures.activity_series(db, OPERATOR, choice),
        "times": lambda: times.times(db, OPERATOR, choice),
        "times by level": lambda: times.times_by(db, OPERATOR, choice, "level"),
        "ages": lambda: ageing.ageing(db, OPERATOR, choice),
        "ages in study weeks": lambda: ageing.ageing(db, OPERATOR, choice, "general"),
        "flow": lambda: stock.stock(db, OPERATOR, choice),
        "where ideas leave": lambda: stock.leaving(db, OPERATOR, choice),
        "trend": lambda: trend.trend(db, OPERATOR, choice),
        "paths": lambda: paths.paths(db, OPERATOR, choice),
        "forecast": lambda: forecast.forecast(db, OPERATOR, choice, stage, ahead, 10**6),
        "doubt": lambda: doubt.doubt(db, OPERATOR, choice),
        "why": lambda: figures.why.why(db, OPERATOR, choice, "cohort", stage, "reached", idea),
        "before graduation": lambda: graduation.risks(db, OPERATOR, choice),
        "bridge": lambda: figures.bridge.bridge(db, OPERATOR, choice, month_ago, month_ago),
    }


def measure(path: Path, runs: int) -> Measured:
    """Measure in this process."""
    with closing(Database.open(path)) as db:
        asked = _figures(db)
        for work in asked.values():  # what is imported and compiled once is no part of it
            work()
        asked[_ALL] = lambda: [work() for name, work in asked.items() if name != _ALL]
        cold = {name: _median(work, runs, forget=True) for name, work in asked.items()}
        warm = {name: _median(work, runs, forget=False) for name, work in asked.items()}
        history._kept.clear()
        began = time.process_time()
        asked[_ALL]()
        processor = time.process_time() - began
        memory = _most_memory()
        reading = _median(lambda: db.frame(_PLAIN), runs, forget=False)
        rows = int(db.value("SELECT count(*) FROM ledger"))
    return Measured(rows, reading, processor, cold, warm, memory)


def _most_memory() -> float:
    """MB that this process has had at most. On Linux what the system tells of a process begins with
    what its parent had, but for this line."""
    status = Path("/proc/self/status")
    if status.exists():
        most = re.search(r"^VmHWM:\s+(\d+) kB", status.read_text(), re.MULTILINE)
        if most is not None:
            return int(most[1]) * 1024 / 1_000_000
    in_a_megabyte = 1_000_000 if sys.platform == "darwin" else 1_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / in_a_megabyte


def _median(work: Callable[[], object], runs: int, forget: bool) -> float:
    taken = []
    for _run in range(runs):
        if forget:
            history._kept.clear()
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        with closing(Database.open(Path(sys.argv[2]), memory="2GB")) as filled:
            funnel.fill(filled, int(sys.argv[3]))
    else:
        print(json.dumps(measure(Path(sys.argv[2]), int(sys.argv[3]))))
