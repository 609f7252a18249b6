"""A journey file that is broken while the app runs: the journey that is in use stays."""

import shutil
from pathlib import Path

import pytest

from sandkasse import config, figures, start
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from sandkasse.errors import InvalidJourney
from sandkasse.figures import Choice
from sandkasse.local_socket import ask, serve_socket
from sandkasse.people import OPERATOR
from tests.builders import JOURNEY, Cast, submitted
from tests.test_cli import assert_refused, running

pytestmark = pytest.mark.faults

BROKEN = {
    "torn in the middle of a line": lambda text: text[: len(text) // 2] + '\nname = "',
    "a stage in use taken away": lambda text: text.replace('id = "idea-bank"', 'id = "elsewhere"'),
    "empty": lambda _text: "",
    "not text at all": lambda _text: "\0\1\2",
}


@pytest.fixture
def journeys_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped journeys that the settings name."""
    folder = tmp_path / "journeys"
    shutil.copytree(PROJECT_FOLDER / "data" / "journeys", folder)
    monkeypatch.setenv("SANDKASSE_JOURNEYS", str(folder))
    monkeypatch.setenv("SANDKASSE_DATABASE", str(tmp_path / "sandkasse.duckdb"))
    monkeypatch.setenv("SANDKASSE_SECRETS", str(tmp_path / "secrets.toml"))
    return folder


@pytest.mark.parametrize("how", list(BROKEN))
def test_the_old_journey_stays_and_the_next_start_says_what_is_wrong(
    db: Database, cast: Cast, journeys_folder: Path, how: str
) -> None:
    submitted(db, cast.student)
    server = serve_socket(db)
    before = ask(db.path, "journeys", {})
    file = journeys_folder / f"{JOURNEY}.toml"
    sound = file.read_text("utf-8")
    file.write_text(BROKEN[how](sound), "utf-8")

    assert ask(db.path, "journeys", {}) == before
    submitted(db, cast.student)
    assert figures.cohort(db, OPERATOR, Choice(JOURNEY)).n == 2
    server.stop()
    db.close()

    with pytest.raises(InvalidJourney, match=JOURNEY):
        start.opened(config.load())
    file.write_text(sound, "utf-8")
    again = start.opened(config.load())
    assert figures.cohort(again, OPERATOR, Choice(JOURNEY)).n == 2
    again.close()


def test_a_broken_file_given_with_an_import_changes_nothing(
    db: Database, cast: Cast, tmp_path: Path, journeys_folder: Path
) -> None:
    submitted(db, cast.student)
    db.close()
    broken = tmp_path / "broken.toml"
    broken.write_text((journeys_folder / f"{JOURNEY}.toml").read_text("utf-8")[:400], "utf-8")
    log = tmp_path / "log.csv"
    log.write_text("idea,stage,occurred_at\nA,idea-bank,2026-01-01\n", "utf-8")
    before = db.path.read_bytes()
    done = running(tmp_path)(
        "import", str(log), "--journey", JOURNEY, "--journey-file", str(broken)
    )
    assert_refused(done, "broken.toml")
    assert db.path.read_bytes() == before
