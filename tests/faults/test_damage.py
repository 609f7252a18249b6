"""A file that is not what was written to it: refused or told, with the way back, and never read as
something else."""

import random
from contextlib import closing
from pathlib import Path

import pytest

from sandkasse import comments, demo, integrity
from sandkasse.database import Database, files
from sandkasse.errors import DatabaseDamaged, DatabaseUnusable
from tests.builders import Cast, contents, submitted
from tests.faults.length import CUTS, FLIPS, LOG_FLIPS
from tests.test_cli import Run, assert_refused, running

pytestmark = pytest.mark.faults

Contents = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> tuple[bytes, Contents]:
    """The bytes of a file with a demonstration, and what is in it."""
    path = tmp_path_factory.mktemp("sound") / "sandkasse.duckdb"
    path.write_bytes(prepared.read_bytes())
    with closing(Database.open(path)) as db:
        demo.fill(db, ideas=30, seed=1)
        held = contents(db)
    return path.read_bytes(), held


def looked_at(path: Path) -> tuple[str, Contents | None]:
    """What a person is told of a file, and what is in it where nothing is."""
    try:
        db = Database.open(path)
    except DatabaseUnusable as refusal:
        return refusal.message, None
    with closing(db):
        findings = integrity.check(db)
        if findings:
            return " ".join(finding.line for finding in findings), None
        return "", contents(db)


def test_a_flipped_bit_is_told_with_the_way_back_or_changes_nothing(
    tmp_path: Path, sound: tuple[bytes, Contents]
) -> None:
    content, held = sound
    chance, told = random.Random(7), 0
    path = tmp_path / "sandkasse.duckdb"
    for _ in range(FLIPS):
        flipped = bytearray(content)
        flipped[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        files.remove(path)
        path.write_bytes(flipped)
        said, now = looked_at(path)
        if now is None:
            assert "sandkasse restore" in said
            told += 1
        else:
            assert now == held  # the bit was where nothing is kept
    assert told > FLIPS // 4


def test_a_file_that_was_cut_off_is_told_with_the_way_back(
    tmp_path: Path, sound: tuple[bytes, Contents]
) -> None:
    content, _held = sound
    chance = random.Random(8)
    path = tmp_path / "sandkasse.duckdb"
    for _ in range(CUTS):
        files.remove(path)
        path.write_bytes(content[: chance.randrange(100, len(content) - 262_144)])
        said, now = looked_at(path)
        assert now is None
        assert "sandkasse restore" in said


@pytest.fixture
def logged(db: Database, cast: Cast, tmp_path: Path) -> tuple[Path, bytes, bytes]:
    """A copy of a database of which twenty comments stand in the log alone: its path, its bytes and
    the log's."""
    idea_id = submitted(db, cast.student)
    for number in range(20):
        comments.say(db, cast.student, idea_id, f"comment {number}")
    copy = tmp_path / "copy.duckdb"
    db.copy_to(copy)
    (log,) = files.logs(copy)
    return copy, copy.read_bytes(), log.read_bytes()


def test_a_flipped_bit_in_the_log_is_told_or_ends_what_is_read_from_it(
    logged: tuple[Path, bytes, bytes],
) -> None:
    """DuckDB cannot tell a length that was changed from a write that was broken off, and leaves out
    what comes after it. What it reads is whole and in order all the same."""
    path, content, log = logged
    chance, told = random.Random(9), 0
    for _ in range(LOG_FLIPS):
        flipped = bytearray(log)
        flipped[chance.randrange(len(log))] ^= 1 << chance.randrange(8)
        files.remove(path)
        path.write_bytes(content)
        path.with_name(f"{path.name}.wal").write_bytes(flipped)
        said, now = looked_at(path)
        if now is None:
            assert "sandkasse restore" in said
            told += 1
        else:
            bodies = [row[3] for row in now["comment"]]
            assert bodies == [f"comment {number}" for number in range(len(bodies))]
    assert told > LOG_FLIPS // 2


@pytest.fixture
def damaged(tmp_path: Path, sound: tuple[bytes, Contents]) -> Path:
    """A file that opens, and of which every block with text is damaged."""
    content = bytearray(sound[0])
    path = tmp_path / "sandkasse.duckdb"
    path.write_bytes(content)
    with closing(Database.open_to_read(path)) as db:
        blocks = db.rows("SELECT DISTINCT block_id FROM pragma_storage_info('audit') "
                         "WHERE persistent AND block_id >= 0")  # fmt: skip
    for (block,) in blocks:
        content[3 * 4_096 + block * 262_144 + 1_000] ^= 1
    path.write_bytes(content)
    return path


def test_a_part_that_is_damaged_is_told_when_it_is_read_and_the_rest_is_read(
    damaged: Path,
) -> None:
    with closing(Database.open(damaged)) as db:
        with pytest.raises(DatabaseDamaged, match="sandkasse restore"):
            db.rows("FROM audit")
        assert db.value("SELECT 1") == 1
        with pytest.raises(DatabaseDamaged), db.reading() as reader:
            reader.rows("FROM audit")


def test_the_check_names_the_table_that_is_damaged(damaged: Path) -> None:
    done = running(damaged.parent)("check")
    assert done.returncode == 1
    assert "Table audit: A part of the database file is damaged" in done.stdout
    assert "sandkasse restore" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_app_does_not_start_on_a_file_that_cannot_be_opened(
    tmp_path: Path, sound: tuple[bytes, Contents]
) -> None:
    path = tmp_path / "sandkasse.duckdb"
    path.write_bytes(sound[0][:20_000])
    run: Run = running(tmp_path)
    assert_refused(run("run"), "Restore it from a backup (sandkasse restore)")
    assert path.read_bytes() == sound[0][:20_000]
