"""The people and the database that every test shares."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandkasse import agencies, i18n, journeys, start
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from tests import builders
from tests.builders import Cast


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are asserted in English unless a test says otherwise."""
    with i18n.in_language("en"):
        yield


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A fresh database with the shipped journeys and agencies."""
    database = Database.open(tmp_path / "sandkasse.duckdb")
    journeys.sync(
        database, journeys.load_folder(PROJECT_FOLDER / "data" / "journeys"), source="shipped"
    )
    agencies.sync(database, start.AGENCIES_FILE)
    yield database
    database.close()


@pytest.fixture
def cast(db: Database) -> Cast:
    """The same people in every test."""
    return builders.cast(db)
