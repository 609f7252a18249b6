"""What was acknowledged is kept, and the ledger's rules hold, whatever happens to the process or
the disk."""

import subprocess
import sys
from pathlib import Path

import pytest

from sandkasse import integrity
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from sandkasse.errors import DatabaseFailed
from tests.builders import Cast, submitted
from tests.faults.length import KILLS

pytestmark = pytest.mark.faults


@pytest.fixture
def file(db: Database, cast: Cast) -> Path:
    """A database with four ideas, closed."""
    for _ in range(4):
        submitted(db, cast.student)
    db.close()
    return db.path


def appending(file: Path, *more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.appending", str(file), *more],
        cwd=PROJECT_FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def acknowledged(said: str) -> set[tuple[int, int]]:
    """(idea, seq) of each row that the process said was written; a torn last line says nothing."""
    lines = [line.split() for line in said.splitlines(keepends=True) if line.endswith("\n")]
    return {(int(words[0]), int(words[1])) for words in lines if words[0].isdecimal()}


def assert_sound(file: Path, expected: set[tuple[int, int]]) -> None:
    db = Database.open(file)
    kept = set(db.rows("SELECT idea_id, seq FROM ledger"))
    findings = [finding.line for finding in integrity.check(db)]
    db.close()
    assert expected - kept == set()
    assert findings == []


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_nothing_half_written_seen_when_writers_are_killed(
    file: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.killing", str(file), str(KILLS)],
        cwd=PROJECT_FOLDER,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    first, last = done.stdout.splitlines()
    assert last == "looked over"
    counts = dict(word.split("=") for word in first.split() if "=" in word)
    assert counts.keys() == {"idea", "row", "comment", "event"}


def test_a_file_that_may_not_grow_fails_the_write_and_goes_on_when_there_is_room(
    file: Path,
) -> None:
    process = appending(file, "700000")
    said, complained = process.communicate(timeout=60)
    assert process.returncode == 0, complained
    assert "failed: The disk is full, so nothing was written." in said
    assert "findings while full: 0" in said
    assert "went on" in said
    assert_sound(file, acknowledged(said))


def fill_up(db: Database, size: int) -> int:
    """How many rows of ``size`` characters were written before the disk was full."""
    written = 0

    def write_for_ever() -> None:
        nonlocal written
        while True:
            with db.transaction() as tx:
                tx.execute(
                    "INSERT INTO fact SELECT i::VARCHAR, repeat(md5(random()::VARCHAR), ?) "
                    "FROM range(100) AS t(i)",
                    [size // 32],
                )
            written += 100

    with pytest.raises(DatabaseFailed, match="disk is full"):
        write_for_ever()
    return written


@pytest.mark.parametrize("size", [320, 3_200, 32_000])
def test_a_full_disk_fails_the_write_and_leaves_the_rest_readable(
    small_disk: Path, size: int
) -> None:
    db = Database.open(small_disk / "a.duckdb")
    written = fill_up(db, size)
    assert db.value("SELECT count(*) FROM fact") == written
    db.close()
    db = Database.open(small_disk / "a.duckdb")
    assert db.value("SELECT count(*) FROM fact") == written
    assert integrity.check(db) == []
    db.close()


def test_the_app_goes_on_by_itself_when_a_full_disk_gets_room(small_disk: Path) -> None:
    padding = small_disk / "padding"
    padding.write_bytes(bytes(8_000_000))
    db = Database.open(small_disk / "a.duckdb")
    written = fill_up(db, 320)
    padding.unlink()
    with db.transaction() as tx:
        tx.execute("INSERT INTO fact VALUES ('after', '')")
    assert db.value("SELECT count(*) FROM fact") == written + 1
    db.close()
