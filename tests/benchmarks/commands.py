"""The commands that fill a database: how long they take, and the most memory they had."""

import csv
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks import table

IMPORT_SECONDS, IMPORT_MEMORY, DEMO_SECONDS = 60, 2_000, 120
_STAGES = ("idea-bank", "clarification", "need-test", "sandbox", "closed")


class Cost(NamedTuple):
    """Seconds, and the most resident memory in MB. ``failed`` is what the command said instead."""

    seconds: float
    memory: float
    failed: str = ""


def show(rows: int, ideas: int) -> None:
    """Measure and print the import of a log and the making of a demonstration."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = folder / "log.csv"
        _write_log(log, rows)
        imported = _run(folder, "import", str(log), "--journey", "student-startup")
        demo = _run(folder, "demo", "--ideas", str(ideas))
    table.show(
        "Commands, once each",
        ["", "seconds", "aimed at", "MB at most", "aimed at"],
        [
            _row(f"import of {rows:,} rows", imported, IMPORT_SECONDS, IMPORT_MEMORY),
            _row(f"demo of {ideas:,} ideas", demo, DEMO_SECONDS, None),
        ],
    )


def _row(name: str, cost: Cost, seconds: int, memory: int | None) -> list[str]:
    if cost.failed:
        return [f"{name}: {cost.failed}", "", "", "", ""]
    slow = "!" if cost.seconds > seconds else " "
    large = "!" if memory is not None and cost.memory > memory else " "
    aimed = "" if memory is None else f"≤ {memory} "
    return [name, f"{cost.seconds:.1f}{slow}", f"≤ {seconds} ", f"{cost.memory:.0f}{large}", aimed]


def _run(folder: Path, *arguments: str) -> Cost:
    """Run ``sandkasse`` on a new database in ``folder``."""
    said = folder / f"{arguments[0]}.txt"
    environment = {
        **os.environ,
        "SANDKASSE_DATABASE": str(folder / f"{arguments[0]}.duckdb"),
        "SANDKASSE_SECRETS": str(folder / "no-secrets.toml"),
    }
    began = time.perf_counter()
    with said.open("wb") as output:
        process = os.posix_spawn(
            sys.executable,
            [sys.executable, "-c", "from sandkasse.cli import main; main()", *arguments],
            environment,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, output.fileno(), descriptor) for descriptor in (1, 2)
            ],
        )
        _pid, status, used = os.wait4(process, 0)
    seconds = time.perf_counter() - began
    if status:
        lines = [line for line in said.read_text("utf-8", "replace").splitlines() if line.strip()]
        return Cost(seconds, 0, failed=lines[-1] if lines else f"exit code {status}")
    in_a_megabyte = 1_000_000 if sys.platform == "darwin" else 1_000
    return Cost(seconds, used.ru_maxrss / in_a_megabyte)


def _write_log(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["idea", "stage", "occurred_at", "title", "level", "actor"])
        writer.writerows(_log(rows))


def _log(rows: int) -> Iterator[tuple[str, ...]]:
    """Five rows an idea, an hour apart between ideas."""
    began = datetime(2015, 1, 1, 8)  # noqa: DTZ001  (a log's times carry no zone)
    for number in range(rows):
        idea, step = divmod(number, len(_STAGES))
        occurred = began + timedelta(hours=idea, days=20 * step)
        yield (
            f"K-{idea}", _STAGES[step], occurred.isoformat(" "), f"Idea {idea}", "MSc",
            f"mentor-{idea % 40}",
        )  # fmt: skip
