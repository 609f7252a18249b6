"""Preparing the database: reference data, the demonstration, and real and synthetic apart."""

from contextlib import closing
from pathlib import Path

import pytest

from sandkasse import start
from sandkasse.config import PROJECT_FOLDER, Settings
from sandkasse.database import Database
from sandkasse.errors import InvalidJourney, NotConfigured
from tests import builders


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        database=tmp_path / "a.duckdb", secrets=tmp_path / "secrets.toml", demo_ideas=12
    )


def with_sign_in(settings: Settings) -> Settings:
    settings.secrets.write_text("[auth]\ncookie_secret = 'x'\n")
    return settings


def count(db: Database, table: str) -> int:
    return int(db.value(f"SELECT count(*) FROM {table}"))


def test_a_new_database_gets_reference_data_and_a_demonstration(settings: Settings) -> None:
    with closing(start.prepare(settings)) as db:
        assert count(db, "journey") == 2
        assert count(db, "agency") == 14
        assert count(db, "idea") == 12


def test_a_second_start_keeps_the_data(settings: Settings) -> None:
    with closing(start.prepare(settings)) as db:
        before = db.rows("SELECT * FROM idea ORDER BY idea_id")
    with closing(start.prepare(settings)) as db:
        assert db.rows("SELECT * FROM idea ORDER BY idea_id") == before


def test_no_demonstration_is_made_where_people_sign_in(settings: Settings) -> None:
    with closing(start.prepare(with_sign_in(settings))) as db:
        assert (count(db, "agency"), count(db, "idea"), count(db, "person")) == (14, 0, 0)


def test_no_demonstration_is_made_where_none_is_wanted(settings: Settings) -> None:
    with closing(start.prepare(settings.model_copy(update={"demo_ideas": 0}))) as db:
        assert count(db, "idea") == 0


def test_sign_in_on_synthetic_people_is_refused(settings: Settings) -> None:
    start.prepare(settings).close()
    with pytest.raises(NotConfigured, match="synthetic people"):
        start.prepare(with_sign_in(settings))
    Database.open(settings.database).close()


def test_demo_mode_among_real_people_is_refused(settings: Settings) -> None:
    with closing(start.prepare(with_sign_in(settings))) as db, db.transaction() as tx:
        builders.people.add(tx, "Ada", subject="https://auth.example|1")
    settings.secrets.unlink()
    with pytest.raises(NotConfigured, match="cannot be used without sign-in"):
        start.prepare(settings)
    with pytest.raises(NotConfigured, match="cannot be used without sign-in"):
        start.fill(settings, ideas=5, seed=1, journey_id=None)


def test_people_named_in_an_import_are_not_taken_for_signed_in(settings: Settings) -> None:
    with closing(start.opened(settings)) as db, db.transaction() as tx:
        builders.people.add(tx, "Ada")
    start.prepare(settings).close()


def test_synthetic_people_are_not_made_where_people_sign_in(settings: Settings) -> None:
    with pytest.raises(NotConfigured, match="real people sign in"):
        start.fill(with_sign_in(settings), ideas=5, seed=1, journey_id=None)


def test_a_faulty_journey_stops_the_start_before_the_database_is_made(
    settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "journeys"
    folder.mkdir()
    (folder / "a.toml").write_text("id = \n")
    with pytest.raises(InvalidJourney, match=r"a\.toml"):
        start.prepare(settings.model_copy(update={"journeys": folder}))
    assert not settings.database.exists()


def test_the_shipped_files_are_where_they_are_looked_for() -> None:
    assert start.AGENCIES_FILE == PROJECT_FOLDER / "data" / "agencies.toml"
    assert start.AGENCIES_FILE.exists()
