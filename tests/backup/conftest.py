"""Backups of a small database, and commands on it run in this process."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from typer.testing import CliRunner, Result

from sandkasse import backup, config
from sandkasse.backup import Keep, Made, take_while_nobody_has_it
from sandkasse.cli.program import program
from sandkasse.database import Database
from tests.builders import Cast, submitted

Command: TypeAlias = Callable[..., Result]

MEMORY = "256MB"


@pytest.fixture
def file(db: Database, cast: Cast) -> Path:
    """A closed database with an idea."""
    submitted(db, cast.student)
    db.close()
    return db.path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where backups go."""
    return tmp_path / "backups"


def made(database: Path, folder: Path, keep: Keep = Keep()) -> Made:  # noqa: B008
    """A backup of a database that nobody has open."""
    return backup.make(
        database,
        folder,
        lambda target: take_while_nobody_has_it(database, target),
        keep=keep,
        memory=MEMORY,
    )


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Run ``sandkasse`` with these words on the test's database. What it refuses is raised."""
    monkeypatch.setenv("SANDKASSE_DATABASE", str(tmp_path / "sandkasse.duckdb"))
    monkeypatch.setenv("SANDKASSE_SECRETS", str(tmp_path / "secrets.toml"))
    config.settings.cache_clear()

    def run(*words: object) -> Result:
        result = CliRunner().invoke(program, ["--language", "en", *map(str, words)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    yield run
    config.settings.cache_clear()
