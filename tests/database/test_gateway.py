"""The gateway: cursors, turns, times, limits, and failures in our own words."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from sandkasse import clock
from sandkasse.database import Database, files, fold, refuse_if_held
from sandkasse.errors import Conflict, DatabaseFailed, DatabaseHeld, DatabaseUnusable

NOON = datetime(2026, 11, 3, 12, 0, 0, 123456, tzinfo=UTC)


def note(db: Database, name: str, value: str = "") -> None:
    with db.transaction() as tx:
        tx.execute("INSERT INTO fact (name, value) VALUES (?, ?)", [name, value])


def facts(db: Database) -> list[str]:
    return [name for (name,) in db.rows("SELECT name FROM fact ORDER BY name")]


def test_what_was_committed_is_there_after_reopening(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "a.duckdb")
    note(db, "kept")
    db.close()
    db = Database.open(tmp_path / "a.duckdb")
    assert facts(db) == ["kept"]
    db.close()


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "new" / "folder" / "a.duckdb")
    db.close()
    assert (tmp_path / "new" / "folder" / "a.duckdb").exists()


def test_a_transaction_undoes_everything_when_its_block_fails(db: Database) -> None:
    def half_done() -> None:
        with db.transaction() as tx:
            tx.execute("INSERT INTO fact VALUES ('a', '')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    assert facts(db) == []


def test_the_version_changes_with_a_commit_and_only_then(db: Database) -> None:
    before = db.version
    with pytest.raises(RuntimeError), db.transaction():
        raise RuntimeError
    assert db.rows("SELECT 1") == [(1,)]
    assert db.version == before
    note(db, "a")
    assert db.version != before


def test_two_databases_never_share_a_version(db: Database, tmp_path: Path) -> None:
    other = Database.open(tmp_path / "other.duckdb")
    assert other.version != db.version
    other.close()


@pytest.mark.parametrize(
    "moment",
    [
        NOON,
        NOON.astimezone(timezone(timedelta(hours=2))),
        datetime(1900, 1, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    ],
)
def test_an_aware_time_comes_back_as_the_same_moment_in_utc(db: Database, moment: datetime) -> None:
    with db.transaction() as tx:
        tx.execute("INSERT INTO meeting (title, starts_at, created_at) VALUES ('m', ?, ?)",
                   [moment, NOON])  # fmt: skip
    (back,) = db.one("SELECT starts_at FROM meeting WHERE starts_at = $at", {"at": moment}) or ()
    assert back == moment
    assert back.tzinfo is UTC


def test_dates_and_nulls_come_back_as_they_are(db: Database) -> None:
    assert db.one("SELECT ?::DATE, ?", [date(2026, 2, 28), None]) == (date(2026, 2, 28), None)


def test_a_frame_holds_naive_utc_and_is_appended_as_such(db: Database) -> None:
    frame = pd.DataFrame(
        {
            "title": ["m"],
            "starts_at": [NOON.replace(tzinfo=None)],
            "created_at": [NOON.replace(tzinfo=None)],
        }
    )
    with db.transaction() as tx:
        tx.insert_frame("meeting", frame)
    assert db.value("SELECT starts_at FROM meeting") == NOON
    assert db.frame("SELECT starts_at FROM meeting")["starts_at"][0] == pd.Timestamp(
        NOON.replace(tzinfo=None)
    )


def test_a_table_name_that_is_not_one_is_refused(db: Database) -> None:
    with pytest.raises(ValueError, match="fact; DROP"), db.transaction() as tx:
        tx.insert_frame("fact; DROP TABLE idea", pd.DataFrame({"name": ["a"]}))


def test_reading_sees_one_moment_while_others_write(db: Database) -> None:
    with db.reading() as reader:
        assert reader.value("SELECT count(*) FROM fact") == 0
        note(db, "meanwhile")
        assert reader.value("SELECT count(*) FROM fact") == 0
    assert facts(db) == ["meanwhile"]


def test_reading_cannot_write(db: Database) -> None:
    with pytest.raises(duckdb.Error), db.reading() as reader:
        reader.rows("INSERT INTO fact VALUES ('a', '') RETURNING name")
    assert facts(db) == []


def test_the_same_key_twice_is_a_conflict(db: Database) -> None:
    insert = (
        "INSERT INTO mentoring (idea_id, seq, mentor_id, active, recorded_at) "
        "VALUES (1, 1, 1, TRUE, ?)"
    )
    with db.transaction() as tx:
        tx.execute(insert, [NOON])
    with pytest.raises(Conflict), db.transaction() as tx:
        tx.execute(insert, [NOON])
    assert db.value("SELECT count(*) FROM mentoring") == 1


def test_a_fault_in_the_program_is_not_called_a_conflict(db: Database) -> None:
    with pytest.raises(duckdb.ConstraintException), db.transaction() as tx:
        tx.execute("INSERT INTO fact VALUES ('a', NULL)")


def test_eight_threads_reading_and_writing_lose_nothing(db: Database) -> None:
    def work(worker: int) -> int:
        seen = 0
        for n in range(25):
            note(db, f"{worker}:{n}", "x" * 50)
            mine = db.rows("SELECT value FROM fact WHERE starts_with(name, ?)", [f"{worker}:"])
            assert len(mine) == n + 1
            with db.reading() as reader:
                seen = max(seen, len(reader.frame("SELECT * FROM fact")))
        return seen

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(work, range(8)))
    assert db.value("SELECT count(DISTINCT name) FROM fact") == 200
    assert max(seen) == 200


def second_process(path: Path) -> str:
    """What another process is told when it opens the file."""
    script = (
        "import sys; from pathlib import Path\n"
        "from sandkasse import i18n; from sandkasse.database import Database\n"
        "from sandkasse.errors import DatabaseHeld\n"
        "i18n.set_language('en')\n"
        "try: Database.open(Path(sys.argv[1]))\n"
        "except DatabaseHeld as error: print(error.message)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    ).stdout


def test_a_second_process_is_told_who_holds_the_file(db: Database) -> None:
    told = second_process(db.path)
    assert f"PID {os.getpid()}" in told
    assert "all but import, restore and demo" in told


def test_the_same_process_is_told_when_it_opens_the_file_twice(db: Database) -> None:
    with pytest.raises(DatabaseHeld, match="open already"):
        Database.open(db.path)
    note(db, "still works")
    assert facts(db) == ["still works"]


@pytest.mark.parametrize("look", [Database.open, Database.open_to_read, fold, refuse_if_held])
def test_looking_at_the_open_file_once_more_lets_no_second_process_in(
    db: Database, look: Callable[[Path], object]
) -> None:
    with pytest.raises(DatabaseHeld, match="open already"):
        look(db.path)
    assert f"PID {os.getpid()}" in second_process(db.path)


def test_copying_the_open_file_lets_no_second_process_in(db: Database, tmp_path: Path) -> None:
    db.copy_to(tmp_path / "copy.duckdb")
    assert f"PID {os.getpid()}" in second_process(db.path)


def test_a_copy_holds_what_was_committed_and_not_yet_in_the_file(
    db: Database, tmp_path: Path
) -> None:
    note(db, "in the log")
    assert files.logs(db.path)
    copy = tmp_path / "copy.duckdb"
    before = clock.now()
    assert before <= db.copy_to(copy) <= clock.now()
    note(db, "later")
    assert {stat.S_IMODE(part.stat().st_mode) for part in (copy, *files.logs(copy))} == {0o600}
    fold(copy)
    assert files.logs(copy) == []
    with closing(Database.open_to_read(copy)) as copied:
        assert facts(copied) == ["in the log"]
        assert copied.pending == []


def test_a_copy_never_takes_the_place_of_a_file(db: Database, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("kept")
    with pytest.raises(FileExistsError):
        db.copy_to(target)
    assert target.read_text() == "kept"


def test_a_file_opened_to_be_read_is_not_changed(db: Database, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    db.copy_to(copy)
    before = {part: part.read_bytes() for part in (copy, *files.logs(copy))}
    with closing(Database.open_to_read(copy)) as copied:
        assert facts(copied) == []
        with pytest.raises(duckdb.Error):
            note(copied, "never")
    assert {part: part.read_bytes() for part in (copy, *files.logs(copy))} == before


def test_a_query_larger_than_the_memory_uses_the_disk(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "a.duckdb", memory="64MB", threads=2)
    found = db.value(
        """
        SELECT count(*) FROM (
            SELECT md5(i::VARCHAR) || repeat('x', 100) AS s, count(*) FROM range(1500000) AS t(i)
            GROUP BY ALL
        )
        """
    )
    assert found == 1_500_000
    db.close()
    assert [path.name for path in tmp_path.iterdir()] == ["a.duckdb"]


def test_a_query_that_fits_nowhere_says_so(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "a.duckdb", memory="16MB", threads=1)
    with pytest.raises(DatabaseFailed, match="SANDKASSE_MEMORY"):
        db.value("SELECT length(string_agg(repeat('x', 1000), '')) FROM range(100000)")
    assert db.value("SELECT 1") == 1
    db.close()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY fact TO '/tmp/should-not-be.csv'",
        "ATTACH '/tmp/should-not-be.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
    ],
)
def test_sql_reaches_nothing_outside_the_file(db: Database, sql: str) -> None:
    with pytest.raises(duckdb.Error):
        db.rows(sql)


def test_a_variable_of_the_program_is_not_read_as_a_table(db: Database) -> None:
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(duckdb.CatalogException):
        db.rows("SELECT * FROM frame")
    assert len(frame) == 1


def test_a_path_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match=str(tmp_path)):
        Database.open(tmp_path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseUnusable):
        Database.open(tmp_path / "file" / "a.duckdb")
