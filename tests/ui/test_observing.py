"""What a running server tells whoever runs it: log, measures and health, and nothing of people."""

import json
import re
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page

from sandkasse import config
from sandkasse.database import Database
from sandkasse.demo import PERSONAS
from sandkasse.errors import SandkasseError
from sandkasse.ui import health, store
from tests.browser import serving
from tests.browser.serving import Server, settled, visitor

pytestmark = pytest.mark.browser

# In what people write, in secrets, and in what is asked for: none of it may come out again.
MARKERS = ("Zebrafjord", "zebra-secret", "zebra-search", "zebra.csv")


@dataclass
class Watched:
    """A running server, and where it can be measured."""

    server: Server
    metrics: str

    def measures(self) -> dict[str, float]:
        """Each measure with its labels, and its value."""
        with urllib.request.urlopen(self.metrics, timeout=10) as answer:  # noqa: S310
            lines = answer.read().decode().splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return {name: float(value) for name, value in pairs}

    def events(self) -> list[dict[str, object]]:
        """The events of the log so far."""
        lines = self.server.log.read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real Chromium."""
    with serving.browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A demonstration whose database lacks what number receipts are found by: one page fails."""
    folder = tmp_path_factory.mktemp("watched")
    with serving.server(folder, ideas=8) as first:
        path = first.database
    with closing(Database.open(path)) as db, db.transaction() as tx:
        tx.execute("ALTER TABLE number_receipt RENAME TO lost")
    port = serving.free_port()
    told = {
        "SANDKASSE_LOG_FORMAT": "json",
        "SANDKASSE_LOG_LEVEL": "DEBUG",
        "SANDKASSE_METRICS_PORT": str(port),
        "SANDKASSE_SMTP_HOST": "127.0.0.1",
        "SANDKASSE_SMTP_PORT": "9",
        "SANDKASSE_SMTP_USER": "zebra-secret-user",
        "SANDKASSE_SMTP_PASSWORD": "zebra-secret",
    }
    with serving.server(folder, ideas=8, **told) as running:
        yield Watched(running, f"http://127.0.0.1:{port}/metrics")


def opened(chromium: Browser, watched: Watched, slug: str, path: str) -> Page:
    """A page as somebody, drawn to the end."""
    page = visitor(chromium, watched.server.url, slug).new_page()
    page.goto(watched.server.url + path)
    settled(page)
    return page


def submit(page: Page) -> None:
    """An idea with markers in its texts."""
    page.get_by_label("Title").fill("Zebrafjord")
    page.get_by_label("The problem").fill("Zebrafjord is the name of a person.")
    page.get_by_label("Level").click()
    page.get_by_role("option", name="Master").click()
    page.get_by_role("button", name="Submit the idea").click()
    page.get_by_role("heading", name="Zebrafjord", level=1).wait_for()
    settled(page)


def test_nothing_of_people_and_no_secret_comes_into_the_log(
    chromium: Browser, watched: Watched
) -> None:
    student = opened(chromium, watched, "student-msc", "submit")
    submit(student)
    student.goto(watched.server.url + "idea_bank?search=zebra-search")
    settled(student)
    lead = opened(chromium, watched, "lead", "exchange")
    lead.set_input_files(
        'input[type="file"]',
        files=[{"name": "zebra.csv", "mimeType": "text/csv", "buffer": b"idea,Zebrafjord\n1,2\n"}],
    )
    settled(lead)
    failed = opened(chromium, watched, "lead", "funnel?receipt=Zebrafjord")
    reference = failed.get_by_text("Something went wrong on our side").inner_text()

    written = watched.server.log.read_text("utf-8")
    for marker in MARKERS:
        assert marker not in written, marker
    for persona in PERSONAS:
        assert persona.name not in written
        assert persona.email not in written
    errors = [event for event in watched.events() if event.get("event") == "A page failed"]
    assert errors[-1]["error"] == "CatalogException"
    assert f"this reference: {errors[-1]['request']}" in reference
    assert (errors[-1]["page"], errors[-1]["role"]) == ("funnel", "lead")
    runs = [event for event in watched.events() if event["event"] == "Page"]
    assert {run["page"] for run in runs} >= {"submit", "idea", "idea_bank", "exchange", "funnel"}
    assert all(float(run["duration_ms"]) > 0 for run in runs)  # type: ignore[arg-type]
    writes = [event for event in watched.events() if event["event"] == "Write"]
    assert ("idea.submit", "done") in {(one["action"], one["outcome"]) for one in writes}


def test_pages_writes_sessions_and_sizes_are_measured(chromium: Browser, watched: Watched) -> None:
    before = watched.measures()
    page = opened(chromium, watched, "student-phd", "submit")
    submit(page)
    failed = opened(chromium, watched, "lead", "funnel?receipt=Zebrafjord")
    failed.get_by_text("Something went wrong on our side").wait_for()
    after = watched.measures()

    def more(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert more('sandkasse_page_seconds_count{page="submit"}') >= 2
    assert more('sandkasse_writes_total{action="idea.submit",outcome="done"}') == 1
    assert more("sandkasse_write_seconds_count") >= 1
    assert more('sandkasse_page_errors_total{page="funnel"}') == 1
    assert more('sandkasse_remembered_reads_total{outcome="miss"}') > 0
    assert after["sandkasse_sessions"] >= 1
    assert after['sandkasse_database_bytes{file="database"}'] > 100_000
    assert 'sandkasse_database_bytes{file="log"}' in after
    assert "sandkasse_mail_waiting" in after
    assert not any(re.search("zebra|Ida|Amina", name) for name in after)


def test_measures_are_for_this_machine_alone(watched: Watched) -> None:
    port = int(watched.metrics.split(":")[2].split("/")[0])
    found = [
        one.laddr.ip
        for one in psutil.net_connections("tcp")
        if one.laddr.port == port and one.status == psutil.CONN_LISTEN
    ]
    assert found == ["127.0.0.1"]


@pytest.mark.parametrize(("path", "word"), [("healthz", "ok"), ("readyz", "ready")])
def test_the_server_says_that_it_lives_and_can_be_used(
    watched: Watched, path: str, word: str
) -> None:
    with urllib.request.urlopen(watched.server.url + path, timeout=10) as answer:  # noqa: S310
        assert answer.read().decode() == word


def test_not_ready_while_the_database_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no.duckdb").write_text("not a database")
    monkeypatch.setenv("SANDKASSE_DATABASE", str(tmp_path / "no.duckdb"))
    config.settings.cache_clear()
    store.database.clear()
    with pytest.raises(SandkasseError):
        store.database()
    assert not health._database_answers()
    config.settings.cache_clear()
