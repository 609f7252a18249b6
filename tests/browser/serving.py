"""A real server in a process of its own, and a real Chromium to look at it."""

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from sandkasse import clock, start
from sandkasse.config import PROJECT_FOLDER, Settings
from sandkasse.demo import PERSONAS

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
NARROW, WIDE = 360, 1280
#: The personas in the order in which they are made: their ids count from 1.
IDS = {persona.slug: number for number, persona in enumerate(PERSONAS, 1)}
READY_SECONDS = 60
#: What Chromium's console says when the page's policy refuses something; see :func:`refusals`.
_REFUSED = ("Content Security Policy", "Content-Security-Policy", "Permissions-Policy")
#: Refused on purpose: for a moment after a switch of pages Streamlit would fetch the menu's icon
#: from Google, for the browser's tab.
_REFUSED_ON_PURPOSE = "https://fonts.gstatic.com/s/i/"
_heard: list[str] = []


def chromium_path() -> str:
    """Where Chromium is, as `make test` found it or as the machine names it."""
    found = os.environ.get("SANDKASSE_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        raise RuntimeError("No Chromium was found. Run scripts/ensure-chromium.")
    return found


@dataclass
class Server:
    """A server under test."""

    url: str
    database: Path
    log: Path
    days_passed: Path
    process: int

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rsplit(":", 1)[1].strip("/"))

    @property
    def today(self) -> date:
        """The day by the app's clock, where it can be moved (see :func:`server`)."""
        return clock.today() + timedelta(days=self._passed())

    def pass_days(self, days: int) -> None:
        """Move the app's clock on."""
        self.days_passed.write_text(str(self._passed() + days))

    def _passed(self) -> int:
        return int(self.days_passed.read_text()) if self.days_passed.exists() else 0


def free_port() -> int:
    """A port of this machine that nothing listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@cache
def _demonstration(ideas: int) -> Path:
    """A database with so many synthetic ideas, made once for all servers of this process."""
    folder = Path(tempfile.mkdtemp(prefix="sandkasse-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "demonstration.duckdb"
    chosen = Settings(database=path, secrets=folder / "none.toml", demo_ideas=ideas)
    start.prepare(chosen).close()
    return path


@contextmanager
def server(
    folder: Path,
    ideas: int,
    port: int | None = None,
    *,
    movable_clock: bool = False,
    module: Sequence[str] = (),
    **settings: object,
) -> Iterator[Server]:
    """Serve a demonstration with ``ideas`` synthetic ideas from ``folder``; with an ``[auth]``
    section in its ``secrets.toml``, what people sign in to. With a movable clock time passes when
    :meth:`Server.pass_days` says so. ``module`` is a module that serves in the command's place,
    with its arguments; ``settings`` are further environment variables."""
    port = port or free_port()
    database = folder / "browser.duckdb"
    environment = {
        **os.environ,
        "SANDKASSE_DATABASE": str(database),
        "SANDKASSE_SECRETS": str(folder / "secrets.toml"),
        "SANDKASSE_DEMO_IDEAS": str(ideas),
        "SANDKASSE_PORT": str(port),
        **{name: str(value) for name, value in settings.items()},
    }
    days_passed = folder / "days-passed"
    is_demonstration = ideas and not (folder / "secrets.toml").exists()
    # By a clock that can be moved the app makes its own, which begins with that clock.
    if is_demonstration and not movable_clock and not database.exists():
        shutil.copyfile(_demonstration(ideas), database)
    command = [str(Path(sys.executable).with_name("sandkasse")), "run"]
    if movable_clock:
        module = ("tests.browser.later", str(days_passed))
    if module:
        command = [sys.executable, "-m", *module]
    log_file = folder / "server.log"
    with log_file.open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=PROJECT_FOLDER,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield Server(f"http://localhost:{port}/", database, log_file, days_passed, process.pid)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def wait_for_port(port: int) -> None:
    """Wait until something listens at a port of this machine."""
    give_up = time.monotonic() + READY_SECONDS
    while time.monotonic() < give_up:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"Nothing listens at port {port}.")


def wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until an address of a process answers."""
    give_up = time.monotonic() + READY_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            if urllib.request.urlopen(address, timeout=2).status == 200:  # noqa: S310
                return
        time.sleep(0.2)
    raise RuntimeError("The server did not start; see server.log beside its database.")


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium of the machine's own."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield opened
        opened.close()


def visitor(
    opened: Browser,
    server_url: str,
    slug: str | None,
    language: str = "en",
    width: int = WIDE,
    scheme: str = "light",
) -> BrowserContext:
    """A browser's profile of somebody who chose this persona and language before."""
    context = opened.new_context(
        viewport={"width": width, "height": 900 if width == WIDE else 740},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale={"nb": "nb-NO", "en": "en-GB"}[language],
    )
    context.on("console", _listen)
    cookies = {"sandkasse_language": language}
    if slug is not None:
        cookies["sandkasse_persona"] = str(IDS[slug])
    context.add_cookies(
        [{"name": name, "value": value, "url": server_url} for name, value in cookies.items()]
    )
    return context


def _listen(message: ConsoleMessage) -> None:
    refused = any(word in message.text for word in _REFUSED)
    if refused and _REFUSED_ON_PURPOSE not in message.text:
        _heard.append(f"{message.page.url if message.page else ''}: {message.text}")


def refusals() -> list[str]:
    """What the pages' policies have refused since this was last asked."""
    heard = list(_heard)
    _heard.clear()
    return heard


#: Resolves once nothing on the page has changed for a while, or at the latest after two seconds.
_QUIET = """() => new Promise((done) => {
    const end = () => { watch.disconnect(); clearTimeout(last); done() }
    let quiet = setTimeout(end, 150)
    const last = setTimeout(end, 2000)
    const watch = new MutationObserver(() => { clearTimeout(quiet); quiet = setTimeout(end, 150) })
    watch.observe(document, { subtree: true, childList: true, attributes: true })
})"""


def settled(page: Page) -> None:
    """Wait until the page has its heading, the server has finished drawing it, every part has
    taken the place of its grey stand-in, and what was drawn stands still."""
    page.wait_for_selector("h1")
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_selector('[data-testid="stSkeleton"]', state="detached")
    page.evaluate(_QUIET)
