"""A full disk under the running app, as people and whoever runs it meet it; and under a backup."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sandkasse import backup, integrity
from sandkasse.backup import Keep, take_while_nobody_has_it
from sandkasse.database import Database
from sandkasse.errors import BackupFailed
from tests.browser.serving import Server, browser, server, settled, visitor
from tests.faults.conftest import disk
from tests.test_cli import Run, running

pytestmark = pytest.mark.faults

WAIT = 30_000
FULL = "The disk is full, so nothing was written. Make room and try again."


def submit(page: Page, served: Server, title: str) -> None:
    """Write an idea and send it."""
    page.goto(served.url + "submit")
    settled(page)
    page.get_by_label("Title").fill(title)
    page.get_by_label("The problem").fill("Quays close because nobody knows how thick the ice is.")
    page.get_by_label("Level").click()
    page.get_by_role("option", name="Master").click()
    page.get_by_role("button", name="Submit the idea").click()


def fill(folder: Path) -> Path:
    """Take all the room there is on a disk."""
    padding = folder / "padding"
    with padding.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    assert shutil.disk_usage(folder).free == 0
    return padding


def asking(served: Server) -> Run:
    """Commands that ask the running app."""
    return partial(running(served.database.parent), SANDKASSE_DATABASE=str(served.database))


def assert_sound_while_full(done: "subprocess.CompletedProcess[str]") -> None:
    """The check finds nothing but that a write failed: until the next write, the audit cannot tell
    that from a row that was taken away, and says so."""
    findings = [line for line in done.stdout.splitlines()[:-1] if line]
    assert [line for line in findings if "a write failed at the last moment" not in line] == []


@pytest.mark.browser
def test_a_full_disk_is_told_on_the_screen_reads_go_on_and_room_is_enough(tmp_path: Path) -> None:
    with (
        disk(60) as folder,
        server(folder, ideas=20) as served,
        browser() as chromium,
    ):
        page = visitor(chromium, served.url, "student-msc").new_page()
        page.set_default_timeout(WAIT)
        sandkasse = asking(served)
        before = json.loads(sandkasse("funnel", "--journey", "student-startup", "--json").stdout)

        padding = fill(folder)
        submit(page, served, "While the disk is full")
        expect(page.get_by_text(FULL)).to_be_visible(timeout=WAIT)
        assert page.get_by_label("Title").input_value() == "While the disk is full"

        bank = visitor(chromium, served.url, "mentor-marit").new_page()
        bank.goto(served.url + "idea_bank")
        settled(bank)
        assert bank.get_by_role("link").count() > 10
        assert bank.get_by_text("While the disk is full").count() == 0
        now = json.loads(sandkasse("funnel", "--journey", "student-startup", "--json").stdout)
        assert now["stages"] == before["stages"]
        assert_sound_while_full(sandkasse("check"))
        refused = sandkasse("backup", str(folder / "backups"))
        assert refused.returncode == 1
        assert "make room and try again" in refused.stderr

        padding.unlink()
        page.get_by_role("button", name="Submit the idea").click()
        title = page.get_by_role("heading", name="While the disk is full", level=1)
        expect(title).to_be_visible(timeout=WAIT)
        assert sandkasse("check").returncode == 0
        assert sandkasse("backup", str(tmp_path / "backups")).returncode == 0


@pytest.fixture
def small_folder() -> Iterator[Path]:
    """A folder for backups on a disk that a database does not fit on."""
    with disk(8) as folder:
        yield folder


@pytest.mark.parametrize("knows", [True, False])
def test_a_backup_onto_a_full_disk_is_refused_and_leaves_nothing(
    db: Database, small_folder: Path, monkeypatch: pytest.MonkeyPatch, knows: bool
) -> None:
    """Seen beforehand, and where the room goes while the copy is being written."""
    db.close()
    if not knows:
        plenty = type("Usage", (), {"free": 1 << 40})
        monkeypatch.setattr("shutil.disk_usage", lambda _path: plenty)
        fill_but(small_folder, 1 << 20)
    with pytest.raises(BackupFailed, match="make room and try again"):
        backup.make(
            db.path, small_folder, lambda target: take_while_nobody_has_it(db.path, target),
            keep=Keep(), memory="256MB",
        )  # fmt: skip
    assert [path for path in small_folder.iterdir() if path.name != "padding"] == []
    with_nothing_wrong = Database.open(db.path)
    assert integrity.check(with_nothing_wrong) == []
    with_nothing_wrong.close()


def fill_but(folder: Path, left: int) -> None:
    free = os.statvfs(folder)
    (folder / "padding").write_bytes(bytes(free.f_bavail * free.f_frsize - left))
