"""What the server measures of itself, in Prometheus form: how long pages and writes take, what was
refused, and what failed. Labels are names that the code gives; none is a person's."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from sandkasse.errors import Conflict, Invalid, Refusal
from sandkasse.rates import TooMany

log = logging.getLogger("sandkasse")

T = TypeVar("T")

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

PAGES = Histogram(
    "sandkasse_page_seconds",
    "Runs of a page: how long each took on the server.",
    ["page"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
ERRORS = Counter(
    "sandkasse_page_errors",
    "Runs of a page that ended in an error that nobody had foreseen.",
    ["page"],
    registry=REGISTRY,
)
WRITE_SECONDS = Histogram(
    "sandkasse_write_seconds",
    "Writes that were done: how long each took, with waiting for its turn.",
    buckets=_SECONDS,
    registry=REGISTRY,
)
WRITES = Counter(
    "sandkasse_writes",
    "Writes by what was to be done and how it ended: done, refused, invalid, conflict, limited "
    "or failed.",
    ["action", "outcome"],
    registry=REGISTRY,
)
COMMANDS = Counter(
    "sandkasse_commands",
    "Requests of the command line over the local socket.",
    ["command", "outcome"],
    registry=REGISTRY,
)


def outcome_of(error: Exception) -> str:
    """How a write or a command ended that ended in this error."""
    if isinstance(error, Refusal):
        return "refused"
    if isinstance(error, Invalid):
        return "invalid"
    if isinstance(error, Conflict):
        return "conflict"
    return "limited" if isinstance(error, TooMany) else "failed"


@contextmanager
def _timed(tell: Callable[[str, float], None]) -> Iterator[None]:
    """Tell how the block ended, and how many seconds it took."""
    began, outcome = time.perf_counter(), "done"
    try:
        yield
    except Exception as error:
        outcome = outcome_of(error)
        raise
    finally:
        tell(outcome, time.perf_counter() - began)


@contextmanager
def write(action: str) -> Iterator[None]:
    """Measure, count and log the write in the block."""

    def tell(outcome: str, took: float) -> None:
        WRITES.labels(action, outcome).inc()
        if outcome == "done":
            WRITE_SECONDS.observe(took)
        log.info("Write", extra={"action": action, "outcome": outcome, "duration_ms": _ms(took)})

    with _timed(tell):
        yield


def command(name: str, answer: Callable[[], T]) -> T:
    """What ``answer`` returns, counted and logged as a command of the command line."""

    def tell(outcome: str, took: float) -> None:
        COMMANDS.labels(name, outcome).inc()
        log.info("Command", extra={"command": name, "outcome": outcome, "duration_ms": _ms(took)})

    with _timed(tell):
        return answer()


def page(name: str, outcome: str, seconds: float) -> None:
    """Count and log a run of a page that took so long and ended so: done or failed."""
    PAGES.labels(name).observe(seconds)
    if outcome == "failed":
        ERRORS.labels(name).inc()
    log.info("Page", extra={"outcome": outcome, "duration_ms": _ms(seconds)})


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
