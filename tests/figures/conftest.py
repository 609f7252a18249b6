"""A database with the two small journeys of these tests, emptied of ideas for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandkasse.database import Database
from tests.figures import ledgers


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One file a module."""
    folder: Path = tmp_path_factory.mktemp("figures")
    database = Database.open(folder / "sandkasse.duckdb")
    ledgers.add_journeys(database, folder)
    yield database
    database.close()


@pytest.fixture
def db(opened: Database) -> Database:
    """The file without ideas."""
    ledgers.clear(opened)
    return opened
