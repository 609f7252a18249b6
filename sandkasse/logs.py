"""One event a line: what the server does, for whoever runs it, and nothing of whom it does it for.

A line says when (UTC), how bad, which part speaks, what happened, and during which run of which
page for somebody of which role. As JSON (``SANDKASSE_LOG_FORMAT=json``) or as words.

Nothing that a person has written, and no secret, can get in. Of a message only the words that
stand in the code are kept, and numbers in their places. Of an error the types are kept and the
places in the code, never its words: those of DuckDB and pydantic quote what they were given. Of
what goes with an event (``extra={…}``) only :data:`FIELDS` are kept, whose values the code chooses.
"""

import json
import logging
import sys
import threading
import traceback
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

#: What may go with an event: names that the code gives, and numbers.
FIELDS = ("action", "command", "outcome", "duration_ms", "count", "version", "kind", "code")

_PACKAGE = Path(__file__).resolve().parent
_FRAMES = 12
_ROLES_OF_NOBODY = "nobody"


@dataclass
class Run:
    """A run of a page, or a request over the local socket."""

    request: str
    page: str = ""
    role: str = _ROLES_OF_NOBODY


_run: ContextVar[Run | None] = ContextVar("run", default=None)


def begin_run(page: str = "") -> Run:
    """What is logged from now on, in this thread, happens during a new run."""
    run = Run(uuid4().hex[:8], page)
    _run.set(run)
    return run


def current_run() -> Run:
    """The run under way in this thread; a new one where none has begun."""
    return _run.get() or begin_run()


def set_up(level: str, form: str) -> None:
    """Log events of ``level`` and above to the standard error stream, as ``json`` or ``text``.

    What a thread or the process dies of goes the same way.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(Json() if form == "json" else Words())
    # On the handler too: what other loggers pass on is not held against the root's own level.
    handler.setLevel(level)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)  # noqa: FBT003
    threading.excepthook = _on_thread_error
    sys.excepthook = _on_error


def _on_thread_error(given: threading.ExceptHookArgs) -> None:
    if given.exc_value is not None:
        logging.getLogger("sandkasse").critical("A thread ended", exc_info=given.exc_value)


def _on_error(_kind: type[BaseException], error: BaseException, _where: Any) -> None:
    if not isinstance(error, KeyboardInterrupt):
        logging.getLogger("sandkasse").critical("The process ended", exc_info=error)


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """All that is told of an event, in the order in which it is told."""
    facts: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": _event(record),
    }
    run = _run.get()
    if run is not None:
        facts |= {"request": run.request, "page": run.page, "role": run.role}
    facts |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
    if record.exc_info and record.exc_info[1] is not None:
        facts |= {"error": _types(record.exc_info[1]), "where": _places(record.exc_info[1])}
    return facts


def _event(record: logging.LogRecord) -> str:
    """The message's own words, with its numbers. Of other people's code, which may put values into
    the words beforehand, it is the place; but for the web server's, whose words are its own."""
    if record.name != "sandkasse" and not record.name.startswith(("sandkasse.", "uvicorn")):
        return f"{record.module}:{record.lineno}"
    words = str(record.msg).strip().splitlines()[:1]
    template = words[0] if words else ""
    if not record.args:
        return template
    given = record.args if isinstance(record.args, tuple) else ()
    numbers = tuple(one if isinstance(one, int | float) else "…" for one in given)
    try:
        return template % numbers
    except (TypeError, ValueError):
        return template


def _types(error: BaseException) -> str:
    """The types of an error and of what led to it, the last first."""
    found: list[str] = []
    one: BaseException | None = error
    while one is not None and len(found) < _FRAMES:
        found.append(type(one).__name__)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return " < ".join(found)


def _places(error: BaseException) -> list[str]:
    """Where it came from, the innermost last; files of ours from the project's folder."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(_PACKAGE.parent) and "site-packages" not in path.parts:
        return path.relative_to(_PACKAGE.parent).as_posix()
    return "/".join(path.parts[-2:])


class Json(logging.Formatter):
    """An event as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return json.dumps(facts_of(record), ensure_ascii=False, default=str)


class Words(logging.Formatter):
    """An event as one line of words."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        facts = facts_of(record)
        start = [facts.pop(name) for name in ("time", "level", "logger", "event")]
        rest = [f"{name}={value}" for name, value in facts.items() if value not in ("", None)]
        return " ".join([*start, *rest])
