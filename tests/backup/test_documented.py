"""docs/backup.md and its units: what they say can be done."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandkasse import clock, config
from sandkasse.config import PROJECT_FOLDER
from tests.backup.conftest import Command

GUIDE = PROJECT_FOLDER / "docs" / "backup.md"
DEPLOY = PROJECT_FOLDER / "deploy"
FOLDER = "/var/lib/sandkasse"
PAST = re.compile(r"2026-11-25T12:00")


def lines() -> Iterator[str]:
    """The command lines of the guide, in order."""
    for block in re.findall(r"```sh\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL):
        yield from block.splitlines()


def test_every_command_of_the_guide_does_what_it_says(
    file: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order, on a database that no app has open, in folders of the test's own."""
    ran = []
    for line in lines():
        here = PAST.sub(clock.now().isoformat(), line.replace(FOLDER, str(file.parent)))
        words = shlex.split(here.replace("/tmp/", f"{file.parent}/"))  # noqa: S108
        with monkeypatch.context() as patch:
            if words[0].startswith("SANDKASSE_DATABASE="):
                patch.setenv("SANDKASSE_DATABASE", words.pop(0).partition("=")[2])
            config.settings.cache_clear()
            if words[0] == "sandkasse":
                done = command(*words[1:])
                assert done.exit_code == 0, (line, done.output)
                ran.append(words[1])
            elif words[0] == "rm":
                Path(words[1]).unlink()
        config.settings.cache_clear()
    assert set(ran) == {"backup", "backups", "restore", "check", "funnel", "journeys"}
    assert len(ran) >= 10


def test_every_file_that_is_installed_is_there() -> None:
    named = re.findall(r"deploy/[\w.-]+", "\n".join(lines()) + GUIDE.read_text("utf-8"))
    assert len(set(named)) == 3
    assert [name for name in set(named) if not (PROJECT_FOLDER / name).is_file()] == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    units = [tmp_path / f"sandkasse-backup.{kind}" for kind in ("service", "timer")]
    for unit in units:
        # What the unit starts is not installed here.
        text = (DEPLOY / unit.name).read_text("utf-8")
        unit.write_text(text.replace("/opt/sandkasse/.venv/bin/sandkasse", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, units)],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "sandkasse-backup" in line]
    assert (done.returncode, said) == (0, [])


def test_the_units_run_the_commands_of_the_guide() -> None:
    service = (DEPLOY / "sandkasse-backup.service").read_text("utf-8")
    cron = (DEPLOY / "sandkasse-backup.cron").read_text("utf-8")
    for text in (service, cron):
        assert f"sandkasse backup {FOLDER}/backups" in text
        assert f"sandkasse backups {FOLDER}/backups --verify" in text
