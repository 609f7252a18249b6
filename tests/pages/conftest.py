"""The app as a test sees it: the real pages on a real database, without a browser."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sandkasse import config
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from sandkasse.people import Actor
from sandkasse.ui import frame, identity, store
from tests import builders
from tests.builders import Cast

APP = str(PROJECT_FOLDER / "app.py")
PAGES = sorted(path.name for path in (PROJECT_FOLDER / "pages").glob("*.py"))

Opened = Callable[..., AppTest]


@pytest.fixture
def app_database(
    tmp_path: Path,
    prepared: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Database]:
    """The database that the app opens by itself, empty of ideas; and with the people, for a test
    that asks for them."""
    file = prepared
    if "app_cast" in request.fixturenames:
        file, _people = request.getfixturevalue("peopled")
    shutil.copyfile(file, tmp_path / "app.duckdb")
    monkeypatch.setenv("SANDKASSE_DATABASE", str(tmp_path / "app.duckdb"))
    monkeypatch.setenv("SANDKASSE_SECRETS", str(tmp_path / "secrets.toml"))
    monkeypatch.setenv("SANDKASSE_DEMO_IDEAS", "0")
    _forget()
    database = store.database()
    yield database
    database.close()
    _forget()


def _forget() -> None:
    """Let the app read its settings and open its database anew."""
    config.settings.cache_clear()
    store.database.clear()
    identity.forget_settings()


@pytest.fixture
def app_cast(
    app_database: Database, peopled: tuple[Path, Cast], monkeypatch: pytest.MonkeyPatch
) -> Cast:
    """The people of the tests, as ones whom the demonstration lets one be."""
    _file, cast = peopled
    people = [(getattr(cast, name).person_id, builders.as_persona(name)) for name in vars(cast)]
    monkeypatch.setattr(identity, "personas", lambda _db: people)
    return cast


@pytest.fixture
def opened(app_database: Database) -> Opened:
    """Open a page as somebody: ``opened("board.py", cast.mentor, idea=3)``."""

    def open_page(
        page: str, /, who: Actor | None, language: str = "en", **query: object
    ) -> AppTest:
        app = AppTest.from_file(APP, default_timeout=30)
        app.session_state["language"] = language
        app.session_state["person_id"] = who.person_id if who else None
        for name, value in query.items():
            app.query_params[name.replace("_", "-")] = str(value)
        return app.switch_page(f"pages/{page}").run()

    return open_page


def alone(script: Callable[..., None], who: Actor, *args: object, language: str = "en") -> AppTest:
    """A piece of a page, such as what a dialog holds, as somebody sees it: a script of its own, in
    a process that has been told the menu, whichever test comes first."""
    if not frame.is_known():
        AppTest.from_file(APP, default_timeout=30).run()
    app = AppTest.from_function(script, args=args, default_timeout=30)
    app.session_state["language"] = language
    app.session_state["person_id"] = who.person_id
    return app.run()


def tables(app: AppTest) -> list[pd.DataFrame]:
    """The tables of figures on the page, from top to bottom; numbers as numbers."""
    told = [json.loads(one.proto.json) for one in app.get("bidi_component")]
    return [
        pd.DataFrame({one["heading"]: one.get("numbers", one["cells"]) for one in each["columns"]})
        for each in told
        if "columns" in each and "note" in each
    ]


def said(app: AppTest) -> str:
    """Everything that is written on the page, for what must or must not be there."""
    elements = [*app.main, *app.sidebar]
    texts = [str(getattr(element, "value", "")) for element in elements]
    data = [str(getattr(element, "proto", "")) for element in elements]
    return "\n".join([*texts, *data])
