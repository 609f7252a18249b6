"""A line in the log says what happened and nothing of whom it happened to."""

import ast
import json
import logging
import sys
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import duckdb
import pydantic
import pytest

from sandkasse import comments, ideas, limits, logs, rates
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from sandkasse.errors import DatabaseFailed, NotAllowed, NotFound
from sandkasse.privacy import trail
from tests.builders import Cast, submitted

LOGGING = ("debug", "info", "warning", "error", "exception", "critical")
MARKER = "Kari Nordmann kari@uit.example"
log = logging.getLogger("sandkasse")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What is logged during the test, as JSON."""
    root, written = logging.getLogger(), StringIO()
    handlers, level, hook = root.handlers[:], root.level, threading.excepthook
    monkeypatch.setattr("sys.excepthook", sys.excepthook)
    begin(written, "DEBUG", "json")
    yield written
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    threading.excepthook = hook


def begin(written: StringIO, level: str, form: str) -> None:
    """Log to ``written`` from now on."""
    logs.set_up(level, form)
    (handler,) = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)


def told(lines: StringIO) -> list[dict[str, object]]:
    """The events of each line, none of which has the marker."""
    assert "Nordmann" not in lines.getvalue()
    assert "uit.example" not in lines.getvalue()
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_an_event_is_one_line_with_its_run(lines: StringIO) -> None:
    run = logs.begin_run("board")
    run.role = "mentor"
    log.info("Write", extra={"action": "idea.move", "outcome": "done", "duration_ms": 12.5})
    (event,) = told(lines)
    assert str(event.pop("time")).endswith("+00:00")
    assert event == {
        "level": "info",
        "logger": "sandkasse",
        "event": "Write",
        "request": run.request,
        "page": "board",
        "role": "mentor",
        "action": "idea.move",
        "outcome": "done",
        "duration_ms": 12.5,
    }


def test_values_in_a_message_are_left_out_but_for_numbers(lines: StringIO) -> None:
    log.warning("Sign-in: %s answered %s after %.1f s", MARKER, 503, 1.25)
    log.warning("With %(name)s", {"name": MARKER})
    assert [event["event"] for event in told(lines)] == [
        "Sign-in: … answered 503 after 1.2 s",
        "With %(name)s",
    ]


def test_what_is_no_field_is_left_out(lines: StringIO) -> None:
    log.info("Write", extra={"title": MARKER, "action": "idea.edit"})
    assert told(lines)[0]["action"] == "idea.edit"


@pytest.mark.parametrize("name", ["asyncio", "starlette", "authlib.x", "py.warnings"])
def test_of_other_peoples_code_the_place_alone_is_told(lines: StringIO, name: str) -> None:
    logging.getLogger(name).error(f"Task failed: RuntimeError({MARKER!r})")  # noqa: G004
    assert str(told(lines)[0]["event"]).startswith("test_logs:")


class Address(pydantic.BaseModel):
    """Something that pydantic refuses."""

    number: int


def duckdbs_own() -> None:
    """DuckDB quotes the value that it was given."""
    duckdb.connect().execute("SELECT CAST(? AS INTEGER)", [MARKER])


def pydantics_own() -> None:
    """So does pydantic."""
    Address.model_validate({"number": MARKER})


@pytest.mark.parametrize(
    ("fail", "kind"), [(duckdbs_own, "ConversionException"), (pydantics_own, "ValidationError")]
)
def test_an_errors_words_are_left_out_and_its_types_and_places_kept(
    lines: StringIO, fail: object, kind: str
) -> None:
    with pytest.raises(Exception, match="Nordmann") as failed:
        fail()  # type: ignore[operator]
    try:
        raise DatabaseFailed(MARKER) from failed.value
    except DatabaseFailed:
        log.exception("A page failed")
    (event,) = told(lines)
    assert event["error"] == f"DatabaseFailed < {kind}"
    assert str(event["where"]).startswith("['tests/test_logs.py:")


def test_what_a_thread_dies_of_is_told_without_its_words(lines: StringIO) -> None:
    def die() -> None:
        raise ValueError(MARKER)

    thread = threading.Thread(target=die)
    thread.start()
    thread.join()
    (event,) = told(lines)
    assert (event["level"], event["error"]) == ("critical", "ValueError")


def test_words_are_one_line_too(lines: StringIO) -> None:
    begin(lines, "INFO", "text")
    logs.begin_run("home")
    try:
        raise ValueError(f"{MARKER}\n{MARKER}")
    except ValueError:
        log.exception("A page failed")
    log.debug("Too small to tell")
    (line,) = lines.getvalue().splitlines()
    assert "Nordmann" not in line
    assert " error sandkasse A page failed request=" in line
    assert "error=ValueError" in line


def log_calls() -> list[tuple[Path, ast.Call]]:
    """Each call of a logger in the package."""
    files = (PROJECT_FOLDER / "sandkasse").rglob("*.py")
    return [
        (path, node)
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr in LOGGING) == ("log", True)
    ]


def test_the_package_logs_words_of_its_own_and_known_fields() -> None:
    calls = log_calls()
    assert len(calls) > 5
    for path, call in calls:
        where = f"{path}:{call.lineno}"
        assert isinstance(call.args[0], ast.Constant), where
        for extra in (keyword.value for keyword in call.keywords if keyword.arg == "extra"):
            assert isinstance(extra, ast.Dict), where
            names = {key.value for key in extra.keys if isinstance(key, ast.Constant)}
            assert names <= set(logs.FIELDS), where


def test_refusals_and_what_is_out_of_reach_are_told_of_without_whom(
    db: Database, cast: Cast, lines: StringIO
) -> None:
    idea_id = submitted(db, cast.student, title="Nordmann's")
    for who, done, error in (
        (cast.student, lambda who: trail.listed(db, who, trail.Filter()), NotAllowed),
        (cast.stranger, lambda who: ideas.get(db, who, idea_id), NotFound),
        (cast.stranger, lambda who: ideas.get(db, who, 999), NotFound),
        (cast.member, lambda who: comments.say(db, who, idea_id, "x"), NotAllowed),
    ):
        with pytest.raises(error):
            done(who)
    found = [(one["event"], one["action"]) for one in told(lines) if one["event"] != "Write"]
    assert found == [
        ("Refused for want of the right", "audit.see"),
        ("Asked for what is missing or out of reach", "idea.see"),
        ("Asked for what is missing or out of reach", "idea.see"),
        ("Refused for want of the right", "idea.comment"),
    ]


def test_what_is_done_too_often_is_told_of(cast: Cast, lines: StringIO) -> None:
    limits.put_in_force({"comments": 0})
    try:
        with pytest.raises(rates.TooMany):
            limits.count("comments", cast.student)
    finally:
        limits.put_in_force({})
    assert [(one["event"], one["kind"]) for one in told(lines)] == [("Done too often", "comments")]
