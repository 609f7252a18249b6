"""The world of secrets, made once and copied for each test that needs it."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sandkasse.database import Database
from tests.browser.serving import Server
from tests.security import world
from tests.security.serving import furnished_server
from tests.security.world import World


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> tuple[Path, World]:
    """A file with the world in it, and what it holds."""
    path = tmp_path_factory.mktemp("furnished") / "sandkasse.duckdb"
    shutil.copyfile(prepared, path)
    with closing(Database.open(path)) as database:
        return path, world.build(database)


@pytest.fixture(scope="session", name="world")
def the_world(furnished: tuple[Path, World]) -> World:
    """The people and things."""
    return furnished[1]


@pytest.fixture
def furnished_db(tmp_path: Path, furnished: tuple[Path, World]) -> Iterator[Database]:
    """A copy of the world that a test may change."""
    shutil.copyfile(furnished[0], tmp_path / "sandkasse.duckdb")
    with closing(Database.open(tmp_path / "sandkasse.duckdb")) as database:
        yield database


@pytest.fixture(scope="session")
def furnished_once(
    tmp_path_factory: pytest.TempPathFactory, furnished: tuple[Path, World]
) -> Iterator[Database]:
    """A copy of the world that all tests share, who change nothing that is kept."""
    path = tmp_path_factory.mktemp("shared") / "sandkasse.duckdb"
    shutil.copyfile(furnished[0], path)
    with closing(Database.open(path)) as database:
        yield database


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, furnished: tuple[Path, World]
) -> Iterator[Server]:
    """The world, served to a module's tests."""
    with furnished_server(tmp_path_factory.mktemp("served"), furnished[0]) as running:
        yield running


@pytest.fixture
def undone(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each write is undone where it would be kept, so that one copy of the world serves all."""
    kept: list[str] = []

    def undo(_db: Database, cursor: Any) -> None:
        kept.append("written")
        cursor.execute("ROLLBACK")

    monkeypatch.setattr(Database, "_commit", undo)
    return kept
