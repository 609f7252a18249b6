"""A folder of backups: listing, choosing, and which rotation keeps."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandkasse.backup import Backup, Keep, backups, newest
from sandkasse.backup.folder import kept, rotate
from sandkasse.backup.manifest import FORM, Manifest
from sandkasse.errors import NotFound
from tests.backup.conftest import Command, made

NONE = Keep(1, 0, 0, 0)
FIRST = datetime(2026, 1, 1, 2, 30, tzinfo=UTC)


def backup_of(moment: datetime) -> Backup:
    """A backup, so far as rotation looks at it."""
    name = f"sandkasse-{moment:%Y%m%dT%H%M%SZ}.duckdb"
    told = Manifest(FORM, name, moment, "0", "0", [], {}, None, 0, 0, "")
    return Backup(Path(name), told, None)


def days(whole: list[Backup]) -> list[str]:
    return [f"{one.manifest.made_at:%m-%d}" for one in whole if one.manifest]


def test_nightly_backups_of_a_year_leave_days_weeks_and_months() -> None:
    nights = [backup_of(FIRST + timedelta(days=day)) for day in range(365)][::-1]
    # The last night is Thursday 31 December 2026; weeks end on Sundays.
    assert days(kept(nights, Keep(3, 7, 5, 12))) == [
        "12-31", "12-30", "12-29", "12-28", "12-27", "12-26", "12-25",
        "12-20", "12-13", "12-06",
        "11-30", "10-31", "09-30", "08-31", "07-31", "06-30", "05-31", "04-30", "03-31", "02-28",
        "01-31",
    ]  # fmt: skip


def test_the_latest_few_are_kept_whatever_their_day() -> None:
    hours = [backup_of(FIRST + timedelta(hours=hour)) for hour in range(6)][::-1]
    assert kept(hours, Keep(3, 1, 0, 0)) == hours[:3]


def test_days_without_a_backup_count_for_none() -> None:
    rare = [backup_of(FIRST + timedelta(days=30 * n)) for n in range(6)][::-1]
    assert kept(rare, Keep(1, 4, 0, 0)) == rare[:4]


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 60_000), unique=True, min_size=1, max_size=60),
    st.builds(Keep, *[st.integers(0, 5)] * 4),
)
def test_the_newest_is_always_kept_and_keeping_again_lets_nothing_more_go(
    hours: list[int], keep: Keep
) -> None:
    whole = [backup_of(FIRST + timedelta(hours=hour)) for hour in sorted(hours, reverse=True)]
    keeping = kept(whole, keep)
    assert keeping[0] == whole[0]
    assert kept(keeping, keep) == keeping
    assert len(keeping) <= max(1, keep.last) + keep.daily + keep.weekly + keep.monthly


@pytest.fixture
def several(file: Path, folder: Path) -> Callable[[int], list[Path]]:
    """So many backups of the same content, a day apart, oldest first."""

    def make(count: int) -> list[Path]:
        one = made(file, folder)
        content = one.path.read_bytes()
        one.path.unlink()
        one.path.with_suffix(".json").unlink()
        for day in range(count):
            moment = FIRST + timedelta(days=day)
            path = folder / f"sandkasse-{moment:%Y%m%dT%H%M%SZ}.duckdb"
            told = replace(one.manifest, made_at=moment, file=path.name)
            path.with_suffix(".json").write_text(json.dumps(told.to_json()))
            path.write_bytes(content)
        return sorted(folder.glob("*.duckdb"))

    return make


Several = Callable[[int], list[Path]]


def test_a_new_backup_lets_those_go_that_need_not_be_kept(
    file: Path, folder: Path, several: Several
) -> None:
    old = several(3)
    one = made(file, folder, Keep(2, 0, 0, 0))
    assert one.removed == [old[1], old[0]]
    left = {path.stem for path in folder.iterdir()}
    assert left == {old[2].stem, one.path.stem}


def test_the_one_just_made_is_kept_also_when_the_clock_went_back(
    folder: Path, several: Several
) -> None:
    oldest, *_rest = several(3)
    assert oldest not in rotate(folder, NONE, oldest)
    assert oldest.exists()


def test_rotation_touches_no_file_but_backups(folder: Path, several: Several) -> None:
    several(2)
    others = [
        folder / "sandkasse.duckdb",
        folder / "sandkasse-20250101.duckdb",
        folder / "sandkasse-20250101T000000Z.duckdb.txt",
        folder / "my-sandkasse-20250101T000000Z.duckdb",
        folder / "notes.json",
    ]
    for path in others:
        path.write_text("{}")
    (folder / "sandkasse-20250101T000000Z.duckdb").mkdir()
    rotate(folder, NONE, folder / "none")
    assert all(path.exists() for path in others)
    assert (folder / "sandkasse-20250101T000000Z.duckdb").is_dir()


def test_what_is_not_whole_counts_for_nothing_and_is_left_for_a_person(
    folder: Path, several: Several
) -> None:
    first, second, third, fourth = several(4)
    fourth.write_bytes(fourth.read_bytes()[:-1])
    third.with_suffix(".json").unlink()
    second.with_suffix(".json").write_text("{")
    assert rotate(folder, NONE, folder / "none") == []
    assert first.exists()
    assert fourth.exists()
    assert third.exists()
    assert second.exists()


def test_backups_are_listed_newest_first_with_what_is_wrong_with_them(
    folder: Path, several: Several, command: Command
) -> None:
    first, second, third = several(3)
    flip(first)
    third.unlink()
    listed = command("backups", folder)
    lines = listed.stdout.splitlines()
    assert listed.exit_code == 1
    assert [line.split()[0] for line in lines] == ["Backup", third.name, second.name, first.name]
    assert "only its manifest is here" in lines[1]
    assert lines[2].endswith("size as told")
    assert lines[3].endswith("size as told")


def test_verifying_reads_every_byte(folder: Path, several: Several, command: Command) -> None:
    first, second = several(2)
    flip(first)
    listed = json.loads(command("backups", folder, "--verify", "--json").stdout)["backups"]
    assert [(one["path"], one["verified"]) for one in listed] == [
        (str(second), True),
        (str(first), False),
    ]
    assert "is damaged" in listed[1]["fault"]


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_folder_without_backups_says_so(folder: Path, command: Command) -> None:
    folder.mkdir()
    assert "has no backups" in command("backups", folder).stdout
    with pytest.raises(NotFound, match="has no whole backup"):
        newest(folder, None)


def test_a_folder_that_is_missing_is_told(folder: Path) -> None:
    with pytest.raises(NotFound, match="There is no folder"):
        backups(folder)


def test_the_backup_as_of_a_time_is_the_last_one_before_it(folder: Path, several: Several) -> None:
    first, second, third = several(3)
    moment = FIRST + timedelta(days=1)
    assert newest(folder, moment)[0].path == second
    assert [one.path for one in newest(folder, moment)[1]] == [third]
    found, later = newest(folder, moment - timedelta(microseconds=1))
    assert found.path == first
    assert [one.path for one in later] == [third, second]
    assert newest(folder, None)[0].path == third
    with pytest.raises(NotFound, match="from that time or before"):
        newest(folder, FIRST - timedelta(seconds=1))


def test_a_backup_that_is_not_whole_is_passed_over(folder: Path, several: Several) -> None:
    first, second = several(2)
    second.write_bytes(b"short")
    assert newest(folder, None)[0].path == first
