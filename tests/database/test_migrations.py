"""Migrations: recorded, checked, undone when they fail, and files that are not ours refused."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from sandkasse.database import Database, migrations
from sandkasse.database.migrations import Migration
from sandkasse.errors import DatabaseUnusable


def bytes_of(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def made(path: Path, *then: str) -> Path:
    """A database of ours at ``path``, after which another hand ran ``then``."""
    Database.open(path).close()
    run(path, *then)
    return path


def run(path: Path, *statements: str) -> None:
    connection = duckdb.connect(str(path))
    for statement in statements:
        connection.execute(statement)
    connection.close()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def text(path: Path) -> None:
    path.write_text("idea,stage\n" * 1_000)


def sqlite(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + bytes(4_080))


def cut_off(path: Path) -> None:
    made(path)
    path.write_bytes(path.read_bytes()[:9_000])


def scrambled(path: Path) -> None:
    made(path)
    content = bytearray(path.read_bytes())
    content[4_096:12_288] = bytes(8_192)
    path.write_bytes(content)


def another_programs(path: Path) -> None:
    run(path, "CREATE TABLE invoice (n INTEGER)", "INSERT INTO invoice VALUES (1)")


def another_programs_in_a_schema(path: Path) -> None:
    run(path, "CREATE SCHEMA billing", "CREATE TABLE billing.invoice (n INTEGER)")


def another_programs_with_migrations(path: Path) -> None:
    run(path, "CREATE TABLE migration (version INTEGER)", "CREATE TABLE invoice (n INTEGER)")


def from_a_newer_version(path: Path) -> None:
    made(path, "INSERT INTO migration VALUES ('9999_later', 'abc', now()::TIMESTAMP)")


def with_an_edited_migration(path: Path) -> None:
    made(path, "UPDATE migration SET checksum = 'other' WHERE name = '0001_ledger'")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (empty, "it is empty"),
        (text, "another kind of file"),
        (sqlite, "another kind of file"),
        (cut_off, "cannot be opened"),
        (scrambled, "cannot be opened"),
        (another_programs, "another program's tables"),
        (another_programs_in_a_schema, "another program's tables"),
        (another_programs_with_migrations, "another program's tables"),
        (from_a_newer_version, "newer version of Sandkasse (it has 9999_later)"),
        (with_an_edited_migration, "0001_ledger differs"),
    ],
)
def test_a_file_that_is_not_ours_to_use_is_refused_and_left_as_it_was(
    tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    path = tmp_path / "a.duckdb"
    make(path)
    before = bytes_of(tmp_path)
    with pytest.raises(DatabaseUnusable) as refusal:
        Database.open(path)
    assert said in refusal.value.message
    assert str(path) in refusal.value.message
    assert bytes_of(tmp_path) == before


def test_every_migration_is_recorded_once_by_name_and_checksum(tmp_path: Path) -> None:
    path = made(tmp_path / "a.duckdb")
    db = Database.open(path)
    assert db.rows("SELECT name, checksum FROM migration ORDER BY name") == [
        (migration.name, migration.checksum) for migration in migrations.shipped()
    ]
    db.close()


def test_line_ends_do_not_change_a_checksum() -> None:
    assert Migration("a", "x\r\ny").checksum == Migration("a", "x\ny").checksum


def test_a_new_migration_is_applied_to_an_older_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "a.duckdb")
    later = [*migrations.shipped(), Migration("9000_more", "CREATE TABLE more (n INTEGER)")]
    monkeypatch.setattr(migrations, "shipped", lambda: later)
    db = Database.open(path)
    assert db.value("SELECT count(*) FROM more") == 0
    db.close()


def test_nothing_is_kept_of_a_migration_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "a.duckdb")
    broken = Migration("9000_broken", "CREATE TABLE half (n INTEGER); SELECT * FROM missing")
    with monkeypatch.context() as patch:
        shipped = migrations.shipped()
        patch.setattr(migrations, "shipped", lambda: [*shipped, broken])
        with pytest.raises(DatabaseUnusable, match="9000_broken"):
            Database.open(path)
    db = Database.open(path)
    tables = {name for (name,) in db.rows("SELECT table_name FROM duckdb_tables()")}
    assert "half" not in tables
    db.close()


def schema(db: Database) -> list[tuple[object, ...]]:
    """Every table, view and macro with its columns and what defines it."""
    return [
        *db.rows(
            "SELECT table_name, column_name, data_type, column_default, is_nullable "
            "FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
        ),
        *db.rows("SELECT view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY ALL"),
        *db.rows(
            "SELECT function_name, macro_definition FROM duckdb_functions() "
            "WHERE NOT internal ORDER BY ALL"
        ),
    ]


def test_the_first_releases_file_ends_like_a_fresh_one_with_its_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "older.duckdb"
    shipped = migrations.shipped()
    with monkeypatch.context() as first_release:
        first_release.setattr(migrations, "shipped", lambda: shipped[:1])
        Database.open(older).close()
    run(
        older,
        "INSERT INTO stage VALUES ('walk', 'out', 0, NULL), ('walk', 'home', 1, NULL)",
        "INSERT INTO idea (idea_id, journey_id, title, created_at, last_seq, stage_id, furthest, "
        "first_at, stage_at, ball, ball_at) VALUES (1, 'walk', 'A', '2026-01-01', 2, 'home', 1, "
        "'2026-01-01', '2026-01-05', 'student', '2026-01-05')",
        "INSERT INTO ledger (idea_id, seq, kind, stage_id, ball, occurred_at, recorded_at) VALUES "
        "(1, 1, 'enter', 'out', 'mentor', '2026-01-01', '2026-01-01'), "
        "(1, 2, 'move', 'home', 'student', '2026-01-05', '2026-01-05')",
    )
    now, fresh = Database.open(older), Database.open(tmp_path / "fresh.duckdb")
    assert schema(now) == schema(fresh)
    assert now.rows("SELECT stage_id, party, ends_at - begins_at FROM turn") == [
        ("out", "mentor", timedelta(days=4))
    ]
    assert now.value("SELECT strftime(turn_at, '%Y-%m-%d') FROM idea") == "2026-01-05"
    now.close()
    fresh.close()
