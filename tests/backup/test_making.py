"""Making a backup: whole, looked over, private, and nothing left when it fails."""

import hashlib
import json
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from sandkasse import backup, clock, comments, integrity
from sandkasse.backup import Keep
from sandkasse.backup import folder as folders
from sandkasse.database import Database, files, migrations
from sandkasse.errors import BackupFailed, DatabaseHeld, Invalid, NotFound
from sandkasse.local_socket import Server, ask, serve_socket
from tests.backup.conftest import MEMORY, Command, made
from tests.builders import Cast, contents, submitted


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_backup_holds_what_the_database_held_and_changes_none_of_it(
    file: Path, folder: Path
) -> None:
    before = bytes_of(file.parent)
    one = made(file, folder)
    assert bytes_of(file.parent) == before
    with closing(Database.open(file)) as db, closing(Database.open_to_read(one.path)) as copy:
        assert contents(copy) == contents(db)


def test_the_manifest_says_what_is_in_the_backup(file: Path, folder: Path) -> None:
    before = clock.now()
    one = made(file, folder)
    told = json.loads(one.path.with_suffix(".json").read_text())
    assert before <= datetime.fromisoformat(told["made_at"]) <= clock.now()
    assert told["rows"]["idea"] == 1
    assert told["rows"]["ledger"] == 1
    assert told["wrong"] == 0
    assert told["migrations"][0] == "0001_ledger"
    assert told["app_version"]
    assert told["bytes"] == one.path.stat().st_size
    assert told["sha256"] == hashlib.sha256(one.path.read_bytes()).hexdigest()
    assert told["audit_head"].startswith(f"{told['rows']['audit']}:")


def test_only_its_owner_may_read_a_backup(file: Path, folder: Path) -> None:
    made(file, folder)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_name_says_the_moment_in_utc(file: Path, folder: Path) -> None:
    one = made(file, folder)
    assert one.path.name == f"sandkasse-{one.manifest.made_at:%Y%m%dT%H%M%SZ}.duckdb"


def test_two_backups_of_one_second_both_have_names(file: Path, folder: Path) -> None:
    paths = [made(file, folder).path for _ in range(2)]
    assert len(set(paths)) == 2
    assert all(path.exists() for path in paths)


def test_a_database_that_was_killed_is_backed_up_with_its_log(
    db: Database, cast: Cast, tmp_path: Path, folder: Path
) -> None:
    idea_id = submitted(db, cast.student)
    killed = tmp_path / "killed.duckdb"
    db.copy_to(killed)
    assert files.logs(killed)
    one = made(killed, folder)
    with closing(Database.open_to_read(one.path)) as copy:
        assert copy.rows("SELECT idea_id FROM idea") == [(idea_id,)]


def test_an_app_that_has_the_database_must_be_asked(db: Database, folder: Path) -> None:
    with pytest.raises(DatabaseHeld):
        made(db.path, folder)
    assert list(folder.iterdir()) == []


@pytest.fixture
def app(db: Database) -> Iterator[Server]:
    """This process as the running app."""
    server = serve_socket(db)
    yield server
    server.stop()


def test_the_running_app_is_backed_up_while_others_write(
    db: Database, cast: Cast, app: Server, folder: Path, command: Command
) -> None:
    idea_id = submitted(db, cast.student)
    stop, written = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            comments.say(db, cast.student, idea_id, f"comment {len(written)}")
            written.append(len(written))

    writer = threading.Thread(target=write)
    writer.start()
    before = len(written)
    told = json.loads(command("backup", folder, "--json").stdout)
    after = len(written)
    stop.set()
    writer.join()
    assert told["wrong"] == 0
    assert before <= told["rows"]["comment"] <= after + 1
    with closing(Database.open_to_read(Path(told["path"]))) as copy:
        kept = [text for (text,) in copy.rows("SELECT body FROM comment ORDER BY comment_id")]
        assert kept == [f"comment {n}" for n in range(told["rows"]["comment"])]


def test_what_is_wrong_in_the_database_is_said_and_nothing_is_let_go(
    db: Database, cast: Cast, folder: Path, command: Command
) -> None:
    submitted(db, cast.student)
    db.close()
    sound = made(db.path, folder, Keep(1, 0, 0, 0))
    with closing(Database.open(db.path)) as broken, broken.transaction() as tx:
        tx.execute("UPDATE idea SET stage_id = 'nowhere'")
    done = command("backup", folder, "--keep-last", 1, "--keep-daily", 0, "--keep-weekly", 0,
                   "--keep-monthly", 0)  # fmt: skip
    assert done.exit_code == 1
    assert "Earlier backups were left as they are." in done.stdout
    assert sound.path.exists()
    assert len(backup.backups(folder)) == 2


def test_a_damaged_database_gives_no_backup(file: Path, folder: Path) -> None:
    content = bytearray(file.read_bytes())
    for place in range(12_288 + 1_000, len(content), 262_144):
        content[place] ^= 1
    file.write_bytes(content)
    with pytest.raises(BackupFailed, match="cannot be used, so no backup was made"):
        made(file, folder)
    assert list(folder.iterdir()) == []


def test_a_file_of_an_earlier_version_is_backed_up_as_it_is(tmp_path: Path, folder: Path) -> None:
    older = tmp_path / "older.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        shipped = migrations.shipped()
        patch.setattr(migrations, "shipped", lambda: shipped[:1])
        Database.open(older).close()
    before = older.read_bytes()
    one = made(older, folder)
    assert one.manifest.migrations == ["0001_ledger"]
    assert one.manifest.wrong == 0
    assert older.read_bytes() == before
    assert len(list(folder.iterdir())) == 2


def test_there_must_be_a_database(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(NotFound, match="no database"):
        made(tmp_path / "none.duckdb", folder)


def test_a_folder_that_is_a_file_is_refused(file: Path, folder: Path) -> None:
    folder.write_text("")
    with pytest.raises(BackupFailed, match="No backup was made"):
        made(file, folder)


def test_two_backups_at_a_time_are_refused(file: Path, folder: Path) -> None:
    folder.mkdir()
    with folders.alone_in(folder), pytest.raises(BackupFailed, match="Wait until it ends"):
        made(file, folder)


def test_what_a_broken_off_backup_left_is_removed_by_the_next(file: Path, folder: Path) -> None:
    folder.mkdir()
    left = folder / f"{folders.UNFINISHED}123.duckdb.wal"
    left.write_text("half")
    one = made(file, folder)
    assert sorted(folder.iterdir()) == [one.path, one.path.with_suffix(".json")]


def test_a_copy_that_fails_leaves_nothing(file: Path, folder: Path) -> None:
    def half(target: Path) -> backup.Taken:
        target.write_bytes(file.read_bytes()[:20_000])
        return backup.Taken(clock.now(), "0")

    with pytest.raises(BackupFailed, match="cannot be used"):
        backup.make(file, folder, half, keep=Keep(), memory=MEMORY)
    assert list(folder.iterdir()) == []


def test_the_log_of_erasures_goes_along(file: Path, folder: Path) -> None:
    backup.erasures_path(file).write_text('{"person": 1}\n')
    one = made(file, folder)
    assert backup.erasures_path(one.path).read_text() == '{"person": 1}\n'


def test_a_sound_backup_is_found_sound_by_the_check(file: Path, folder: Path) -> None:
    with closing(Database.open_to_read(made(file, folder).path)) as copy:
        assert integrity.check(copy) == []


@pytest.mark.parametrize("arguments", [{}, {"to": "relative"}, {"to": 7}])
def test_the_app_copies_to_absolute_paths_alone(
    db: Database, app: Server, arguments: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        ask(db.path, "copy", arguments)
