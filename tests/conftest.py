"""The people and the database that every test shares."""

import functools
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import time_machine
from streamlit.components.v2 import manifest_scanner

from sandkasse import agencies, i18n, journeys, rates, start
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from tests import builders
from tests.builders import Cast

#: Folders whose files take longest: begun first, the short ones even out the end.
LONGEST = ("browser", "faults", "security", "benchmarks", "backup", "sign_in")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no process waits long for another's last."""
    folder = Path(__file__).parent
    items.sort(key=lambda item: item.path.relative_to(folder).parts[0] not in LONGEST)


@pytest.fixture(scope="session", autouse=True)
def packages_looked_through_once() -> Iterator[None]:
    """What is installed stays while tests run. Streamlit's AppTest reads about every package anew,
    in search of components, each time that a page is opened: nine tenths of its time."""
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are asserted in English unless a test says otherwise."""
    with i18n.in_language("en"):
        yield


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the shipped journeys and agencies. Tests open copies of it: that takes a quarter
    of the time of making one."""
    path = tmp_path_factory.mktemp("prepared") / "sandkasse.duckdb"
    with closing(Database.open(path)) as database:
        shipped = journeys.load_folder(PROJECT_FOLDER / "data" / "journeys")
        journeys.sync(database, shipped, source="shipped")
        agencies.sync(database, start.AGENCIES_FILE)
    return path


@pytest.fixture(scope="session")
def peopled(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> tuple[Path, Cast]:
    """The same with the people of the tests in it, and they."""
    path = tmp_path_factory.mktemp("peopled") / "sandkasse.duckdb"
    shutil.copyfile(prepared, path)
    with closing(Database.open(path)) as database:
        return path, builders.cast(database)


@pytest.fixture
def db(request: pytest.FixtureRequest, tmp_path: Path, prepared: Path) -> Iterator[Database]:
    """A fresh database with the shipped journeys and agencies; and with the people, for a test
    that asks for the cast."""
    file = prepared
    if "cast" in request.fixturenames:
        file, _cast = request.getfixturevalue("peopled")
    path = tmp_path / "sandkasse.duckdb"
    shutil.copyfile(file, path)
    with closing(Database.open(path)) as database:
        yield database


@pytest.fixture
def cast(db: Database, peopled: tuple[Path, Cast]) -> Cast:
    """The same people in every test."""
    _file, people = peopled
    return people


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    """A clock that stands at :data:`builders.START` until a test moves it, when nobody has tried to
    sign in before."""
    rates.forget_all()
    with time_machine.travel(builders.START, tick=False) as traveller:
        yield traveller
