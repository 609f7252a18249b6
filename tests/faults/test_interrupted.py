"""Migrations, backups and restores that are killed half-way: whole or not at all."""

import shutil
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from sandkasse import backup, demo, integrity
from sandkasse.backup import Keep, Taken
from sandkasse.database import Database, files, migrations
from sandkasse.database.migrations import Migration
from sandkasse.errors import NotFound
from tests.builders import contents
from tests.faults.length import INTERRUPTIONS
from tests.faults.nursery import READY, Say, chances, killed

pytestmark = pytest.mark.faults

MEMORY = "256MB"
#: Copies, widens and rewrites as much as the largest migration could, for a second or so.
BIG = Migration(
    "9000_big",
    """
    CREATE TABLE wide AS
    SELECT i AS id, repeat(md5(i::VARCHAR), 4) AS text FROM range(200000) AS t(i);
    ALTER TABLE wide ADD COLUMN more VARCHAR;
    UPDATE wide SET more = upper(text);
    ALTER TABLE idea ADD COLUMN colour VARCHAR;
    UPDATE idea SET colour = 'blue';
    CREATE TABLE last AS SELECT count(*) AS n FROM wide WHERE more IS NOT NULL;
    """,
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Path:
    """A file with a demonstration in it."""
    path = tmp_path_factory.mktemp("filled") / "sandkasse.duckdb"
    shutil.copyfile(prepared, path)
    with closing(Database.open(path)) as db:
        demo.fill(db, ideas=40, seed=1)
    return path


def migrate(path: Path, say: Say) -> None:
    ours = migrations.shipped()
    migrations.shipped = lambda: [*ours, BIG]  # type: ignore[assignment]
    say(READY)
    Database.open(path).close()


def test_a_migration_that_is_killed_is_there_whole_or_not_at_all(
    tmp_path: Path, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, ended = chances(5), Counter[bool]()
    path, longest = tmp_path / "sandkasse.duckdb", 2.5
    for _ in range(INTERRUPTIONS):
        files.remove(path)
        shutil.copyfile(filled, path)
        killed(lambda say: migrate(path, say), chance.uniform(0.0, longest), after_ready=True)
        whole = is_whole(path, monkeypatch)
        ended[whole] += 1
        # How long a migration takes differs from machine to machine: what was too late is halved.
        longest *= 0.5 if whole else 1.5
    assert ended[False] > 0


def is_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the migration is in a file; one in which half of it is fails the test."""
    with monkeypatch.context() as patch:
        ours = migrations.shipped()
        patch.setattr(migrations, "shipped", lambda: [*ours, BIG])
        with closing(Database.open_to_read(path)) as db:
            recorded = BIG.name not in db.pending
            tables = {table for (table,) in db.rows("SELECT table_name FROM duckdb_tables()")}
            columns = {name for (name,) in db.rows("SELECT column_name FROM duckdb_columns() "
                                                   "WHERE table_name = 'idea'")}  # fmt: skip
            assert {"wide", "last"} & tables == ({"wide", "last"} if recorded else set())
            assert ("colour" in columns) is recorded
            if recorded:
                assert db.value("SELECT n FROM last") == 200_000
            assert integrity.check(db) == []
        # What was begun is taken up by the next start.
        with closing(Database.open(path)) as db:
            assert db.value("SELECT n FROM last") == 200_000
            assert db.value("SELECT count(*) FROM idea WHERE colour = 'blue'") == 40
    return recorded


def back_up(path: Path, folder: Path, say: Say) -> None:
    say(READY)
    backup.make(
        path,
        folder,
        lambda target: backup.take_while_nobody_has_it(path, target),
        keep=Keep(1, 0, 0, 0),
        memory=MEMORY,
    )
    say("made")


def test_a_backup_that_is_killed_is_never_taken_for_a_whole_one(
    tmp_path: Path, filled: Path
) -> None:
    path, folder = tmp_path / "sandkasse.duckdb", tmp_path / "backups"
    shutil.copyfile(filled, path)
    content = path.read_bytes()
    chance, ended = chances(6), Counter[bool]()
    for _ in range(INTERRUPTIONS * 2):
        said = killed(
            lambda say: back_up(path, folder, say), chance.uniform(0.0, 2.0), after_ready=True
        )
        ended["made" in said] += 1
        if folder.exists():
            found = backup.backups(folder, thoroughly=True)
            assert [one.fault for one in found if one.fault] == []
            assert "made" not in said or len(found) >= 1
        assert path.read_bytes() == content
    assert ended[False] > 0
    made = back_up_now(path, folder)
    assert sorted(folder.iterdir()) == [made, made.with_suffix(".json")]


def back_up_now(path: Path, folder: Path) -> Path:
    return backup.make(
        path,
        folder,
        lambda target: backup.take_while_nobody_has_it(path, target),
        keep=Keep(1, 0, 0, 0),
        memory=MEMORY,
    ).path


def test_the_last_whole_backup_survives_every_kill(tmp_path: Path, filled: Path) -> None:
    folder = tmp_path / "backups"
    back_up_now(filled, folder)
    chance = chances(11)
    for _ in range(INTERRUPTIONS):
        killed(lambda say: back_up(filled, folder, say), chance.uniform(0.5, 2.0), after_ready=True)
        try:
            backup.newest(folder, None)
        except NotFound as lost:
            pytest.fail(lost.message)


def restore(one: Path, target: Path, say: Say) -> None:
    say(READY)
    backup.restore(
        one, target, replace=True, unsound=False, memory=MEMORY,
        reapply=lambda _db, _log: 0, erasure_logs=[],
    )  # fmt: skip
    say("restored")


def test_a_restore_that_is_killed_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, filled: Path, prepared: Path
) -> None:
    one = back_up_now(filled, tmp_path / "backups")
    with closing(Database.open_to_read(one)) as db:
        new = contents(db)
    path = tmp_path / "live" / "sandkasse.duckdb"
    path.parent.mkdir()
    shutil.copyfile(prepared, path)
    with closing(Database.open_to_read(path)) as db:
        old = contents(db)
    chance, ended = chances(7), Counter[bool]()
    for _ in range(INTERRUPTIONS):
        files.remove(path)
        shutil.copyfile(prepared, path)
        said = killed(
            lambda say: restore(one, path, say), chance.uniform(0.0, 2.0), after_ready=True
        )
        with closing(Database.open(path)) as db:
            now = contents(db)
            assert integrity.check(db) == []
        assert now in (old, new)
        if "restored" in said:
            assert now == new
        ended[now == new] += 1
    assert ended[False] > 0
    restore(one, path, lambda _line: None)
    assert not path.with_name(f".{path.name}.restoring").exists()


def test_a_copy_is_broken_off_when_its_app_dies(tmp_path: Path, filled: Path) -> None:
    """What the app that was killed was copying stays without a name, and the next backup goes."""
    folder = tmp_path / "backups"
    folder.mkdir()
    path = tmp_path / "sandkasse.duckdb"
    shutil.copyfile(filled, path)

    def die(target: Path) -> Taken:
        killed(lambda say: open_and_copy(path, target, say), 0.05, after_ready=True)
        raise ConnectionError("the app is gone")

    with pytest.raises(Exception, match="the app is gone"):
        backup.make(path, folder, die, keep=Keep(), memory=MEMORY)
    assert backup.backups(folder) == []
    assert back_up_now(path, folder).exists()


def open_and_copy(path: Path, target: Path, say: Say) -> None:
    db = Database.open(path)
    say(READY)
    db.copy_to(target)
