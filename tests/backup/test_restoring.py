"""Restoring: only what is whole, only where it was told to, and what was there is kept."""

import os
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from sandkasse import backup, clock
from sandkasse.backup import Restored
from sandkasse.database import Database, files, migrations
from sandkasse.errors import BackupUnusable, DatabaseHeld, Invalid
from sandkasse.privacy import erasure, erasure_log
from tests.backup.conftest import MEMORY, Command, made
from tests.backup.test_folder import flip
from tests.builders import DESCRIPTION, Cast, contents, submitted


def none_erased(_db: Database, _log: Path) -> int:
    return 0


def restored(one: Path, target: Path, *, replace: bool = True, unsound: bool = False) -> Restored:
    return backup.restore(
        one,
        target,
        replace=replace,
        unsound=unsound,
        memory=MEMORY,
        reapply=none_erased,
        erasure_logs=[],
    )


def held(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that a file holds."""
    with closing(Database.open_to_read(path)) as db:
        return contents(db)


@pytest.fixture
def one(file: Path, folder: Path) -> Path:
    """A backup of the database with one idea."""
    return made(file, folder).path


def test_the_database_is_as_it_was_and_what_was_there_is_kept(
    file: Path, one: Path, cast: Cast
) -> None:
    with closing(Database.open(file)) as db:
        submitted(db, cast.student, title="After the backup")
    later = held(file)
    done = restored(one, file)
    assert held(file) == held(one)
    assert done.aside is not None
    assert done.aside.name.startswith("sandkasse.before-restore-")
    assert held(done.aside) == later


def test_what_the_backup_lacks_of_the_old_file_is_told(
    file: Path, one: Path, cast: Cast, command: Command, folder: Path
) -> None:
    with closing(Database.open(file)) as db:
        before = db.value("SELECT count(*) FROM audit")
        submitted(db, cast.student)
        submitted(db, cast.student)
        new = db.value("SELECT count(*) FROM audit") - before
    said = command("restore", folder, "--replace").stdout
    assert f"It holds {new} changes that the backup does not, the last of" in said


def test_a_folder_and_a_time_choose_the_backup_and_tell_of_later_ones(
    file: Path, one: Path, folder: Path, tmp_path: Path, command: Command
) -> None:
    moment = clock.now()
    later = made(file, folder).path
    said = command(
        "restore", folder, "--as-of", moment.isoformat(), "--to", tmp_path / "then.duckdb"
    ).stdout
    assert f"from {one.name}" in said
    assert f"Later, and not restored: {later}" in said


def test_a_time_needs_a_folder_to_choose_in(one: Path, command: Command) -> None:
    with pytest.raises(Invalid, match="name the folder"):
        command("restore", one, "--as-of", "2026-01-01")


def test_nothing_is_overwritten_without_being_told(file: Path, one: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(Invalid, match="--replace"):
        restored(one, file, replace=False)
    assert file.read_bytes() == before


def test_a_backup_goes_where_there_is_no_database_yet(one: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "practice.duckdb"
    done = restored(one, target, replace=False)
    assert held(target) == held(one)
    assert done.aside is None
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(target.parent.iterdir()) == [target]


def test_a_log_that_a_lost_database_left_is_never_mixed_with_the_backup(
    one: Path, tmp_path: Path
) -> None:
    target = tmp_path / "lost" / "sandkasse.duckdb"
    target.parent.mkdir()
    log = target.with_name("sandkasse.duckdb.wal")
    log.write_bytes(b"what a lost file left")
    with pytest.raises(Invalid, match="--replace"):
        restored(one, target, replace=False)
    restored(one, target)
    assert held(target) == held(one)
    assert not log.exists()
    assert len(list(target.parent.glob("*before-restore*"))) == 1


def test_a_database_that_an_app_has_open_is_not_replaced(
    db: Database, tmp_path: Path, folder: Path
) -> None:
    copy = tmp_path / "copy.duckdb"
    db.copy_to(copy)
    one = made(copy, folder).path
    with pytest.raises(DatabaseHeld):
        restored(one, db.path)
    assert db.value("SELECT 1") == 1


def test_a_damaged_database_is_replaced_and_kept_with_its_log(file: Path, one: Path) -> None:
    damaged = b"DUCK" * 5_000
    file.write_bytes(damaged)
    file.with_name(f"{file.name}.wal").write_bytes(b"log")
    done = restored(one, file)
    assert held(file) == held(one)
    assert done.since is None
    assert done.aside is not None
    assert done.aside.read_bytes() == damaged
    assert done.aside.with_name(f"{done.aside.name}.wal").read_bytes() == b"log"


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4_096])


def without_manifest(path: Path) -> None:
    path.with_suffix(".json").unlink()


def with_a_torn_manifest(path: Path) -> None:
    manifest = path.with_suffix(".json")
    manifest.write_text(manifest.read_text()[:40])


def with_another_manifest(path: Path) -> None:
    manifest = path.with_suffix(".json")
    manifest.write_text(manifest.read_text().replace('"idea": 1', '"idea": 2'))


def gone(path: Path) -> None:
    path.unlink()


def from_a_later_version(path: Path) -> None:
    manifest = path.with_suffix(".json")
    manifest.write_text(manifest.read_text().replace('"form": 1', '"form": 99'))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (flip, "is damaged: its content is not what was written"),
        (cut_off, "it was cut off or changed"),
        (without_manifest, "has no manifest"),
        (with_a_torn_manifest, "cannot be read"),
        (with_another_manifest, "does not hold the rows"),
        (gone, "is missing"),
        (from_a_later_version, "newer version"),
    ],
)
def test_what_is_not_a_whole_backup_is_refused_by_name_and_nothing_changes(
    file: Path, one: Path, spoil: Callable[[Path], None], said: str
) -> None:
    before = file.read_bytes()
    spoil(one)
    with pytest.raises(BackupUnusable) as refusal:
        restored(one, file)
    assert said in refusal.value.message
    assert one.stem in refusal.value.message
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir() if path.is_file()] == [file.name]


def test_a_backup_in_which_something_is_wrong_needs_a_word(
    file: Path, folder: Path, command: Command
) -> None:
    with closing(Database.open(file)) as db, db.transaction() as tx:
        tx.execute("UPDATE idea SET stage_id = 'nowhere'")
    one = made(file, folder).path
    with pytest.raises(BackupUnusable, match="--unsound"):
        restored(one, file)
    assert restored(one, file, unsound=True).wrong


def test_an_older_backup_is_brought_up_to_date(tmp_path: Path, folder: Path) -> None:
    older = tmp_path / "older.duckdb"
    shipped = migrations.shipped()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "shipped", lambda: shipped[:1])
        Database.open(older).close()
    done = restored(made(older, folder).path, older)
    assert done.migrated == [migration.name for migration in shipped[1:]]
    with closing(Database.open_to_read(older)) as db:
        assert db.pending == []


def test_the_replaced_files_mode_is_kept(file: Path, one: Path) -> None:
    file.chmod(0o640)
    restored(one, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_whoever_restores_as_root_does_not_shut_the_app_out(file: Path, one: Path) -> None:
    os.chown(file, 1234, 1234)
    restored(one, file)
    assert (file.stat().st_uid, file.stat().st_gid) == (1234, 1234)


def test_erasures_are_applied_before_the_database_is_back(
    file: Path, one: Path, folder: Path
) -> None:
    log, missing = backup.erasures_path(file), folder / "none"
    log.write_text("erased\n")
    seen = []

    def reapply(db: Database, path: Path) -> int:
        seen.append((path, file.read_bytes() == before))
        with db.transaction() as tx:
            tx.execute("UPDATE idea SET title = 'erased', search_text = 'erased'")
        return 3

    before = file.read_bytes()
    done = backup.restore(
        one, file, replace=True, unsound=False, memory=MEMORY,
        reapply=reapply, erasure_logs=[log, missing],
    )  # fmt: skip
    assert seen == [(log, True)]
    assert done.erased == 3
    with closing(Database.open_to_read(file)) as db:
        assert db.rows("SELECT title FROM idea") == [("erased",)]


def erased(db: Database, cast: Cast) -> None:
    """The student is erased."""
    erasure.erase(
        db, cast.lead, "person", cast.student.person_id, keep_record=False, reason="Asked"
    )


def test_who_was_erased_after_the_backup_is_erased_in_what_is_restored(
    file: Path, one: Path, cast: Cast, folder: Path, command: Command
) -> None:
    with closing(Database.open(file)) as db:
        erased(db, cast)
    assert erasure_log.log_path(file) == backup.erasures_path(file)
    assert "Sara Student" in str(held(one))
    said = command("restore", folder, "--replace").stdout
    assert "1 erasure was applied again." in said
    assert "Sara Student" not in str(held(file))


def test_the_log_kept_with_a_later_backup_serves_where_the_database_is_lost(
    file: Path, one: Path, cast: Cast, folder: Path, command: Command
) -> None:
    with closing(Database.open(file)) as db:
        erased(db, cast)
    made(file, folder)
    files.remove(file)
    backup.erasures_path(file).unlink()
    said = command("restore", one).stdout
    assert "1 erasure was applied again." in said
    assert "Sara Student" not in str(held(file))


def test_a_disk_without_room_is_told_before_anything_is_written(
    file: Path, one: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage)
    with pytest.raises(Invalid, match="has 0 MB free"):
        restored(one, file)
    assert files.logs(file) == []


def test_a_backup_may_be_named_by_its_manifest(one: Path, tmp_path: Path, command: Command) -> None:
    target = tmp_path / "named.duckdb"
    command("restore", one.with_suffix(".json"), "--to", target)
    assert held(target) == held(one)


def test_a_change_after_the_backup_is_gone_and_its_text_is_only_in_the_file_kept_aside(
    file: Path, one: Path, cast: Cast, command: Command, folder: Path
) -> None:
    with closing(Database.open(file)) as db:
        (idea_id,) = db.one("SELECT idea_id FROM idea") or (0,)
        assert idea_id
        submitted(db, cast.student, title="Written later")
    assert DESCRIPTION.title != "Written later"
    command("restore", folder, "--replace", "--as-of", (clock.now() + timedelta(1)).isoformat())
    assert "Written later" not in str(held(file))
