"""What people write is shown letter by letter: in the page, its forms, and what is exported."""

import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import icalendar
import pytest
import vobject
from playwright.sync_api import Page

from sandkasse import clock, limits
from sandkasse.calendar_file import Entry, written
from sandkasse.config import PROJECT_FOLDER
from sandkasse.contacts import Contact
from sandkasse.documents import papers
from sandkasse.documents.audience import Audience
from sandkasse.exchange.formulas import neutralised, restored
from sandkasse.exchange.vcards import vcard
from sandkasse.meetings import agenda, receipts, resolutions
from sandkasse.texts import problem_with, tidy
from tests.browser import serving
from tests.builders import CARD, begun, submitted
from tests.security import browsing, hostile
from tests.security.browsing import Session, holding, pressed
from tests.security.forms import FORMS, Form, Opened, fields_in_the_code, opened
from tests.security.serving import furnished_server
from tests.security.world import World

FUZZ = bool(os.environ.get("SANDKASSE_FUZZ"))
#: What can stand in a title: the rest is refused.
TITLES = [
    tidy(one) for one in hostile.strings() if tidy(one) and not problem_with(tidy(one), "title")
]

#: Of those, some that a page could take for HTML.
MARKED = [one for one in TITLES if "<" in one and ">" in one][:25]

_APP = """
import json, streamlit as st
from sandkasse.ui.text import paragraphs, plain
texts = json.loads(open({texts!r}, encoding="utf-8").read())
st.title("Hostile", anchor=False)
for number, text in enumerate(texts):
    with st.container(key=f"m{{number}}"):
        st.markdown(plain(text))
for number, text in enumerate(texts[::7]):
    with st.container(key=f"b{{number}}"):
        st.button(plain(text), key=f"button{{number}}")
    with st.container(key=f"c{{number}}"):
        st.checkbox(plain(text), key=f"checkbox{{number}}")
    with st.container(key=f"e{{number}}"):
        st.error(plain(text))
st.tabs([plain(text) for text in texts[:40]])
from datetime import date, timedelta
from sandkasse import clock
from sandkasse.figures.seats import SeatsChoice
from sandkasse.figures.seats.board import Board, Held, SeatRow, SeatState
from sandkasse.journeys import Text
from sandkasse.ui.recruitment_view import seat_board
day, marked = clock.today(), json.loads(open({marked!r}, encoding="utf-8").read())
since = day - timedelta(days=30)
rows = tuple(
    SeatRow(number, Text(text, text), "x", 5.0, number, since, day, SeatState.FILLED,
            (Held(number, text, since, day, day, None),), ())
    for number, text in enumerate(marked, 1)
)
board = Board(SeatsChoice(), clock.now(), clock.now(), rows, len(rows))
with st.container(key="under-pointer"):
    st.vega_lite_chart(seat_board.timeline(board, "#000000", "en"))
"""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A page in Chromium on which Streamlit has drawn every hostile string by way of ``plain``."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "texts.json").write_text(json.dumps(_shown()), "utf-8")
    script = folder / "hostile_app.py"
    (folder / "marked.json").write_text(json.dumps(MARKED), "utf-8")
    files = {name: str(folder / f"{name}.json") for name in ("texts", "marked")}
    script.write_text(_APP.format(**files), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port),
         "--server.headless", "true", "--server.address", "127.0.0.1"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=PROJECT_FOLDER,
    )  # fmt: skip
    try:
        serving.wait(f"http://127.0.0.1:{port}/_stcore/health", process)
        with serving.browser() as browser:
            page = browser.new_page()
            dialogs, asked = [], []
            page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
            page.on("request", lambda request: asked.append(request.url))
            page.goto(f"http://127.0.0.1:{port}/")
            page.set_default_timeout(120_000)
            serving.settled(page)
            page.wait_for_selector(f".st-key-e{len(_shown()[::7]) - 1}")
            yield page, dialogs, asked, browser
    finally:
        process.terminate()
        process.wait(10)


def _shown() -> list[str]:
    """The strings as a screen is given them: tidied, and without what no field lets in."""
    given = (tidy(one) for one in hostile.strings())
    return [one for one in given if one and not problem_with(one, "position_text")]


def _letters(text: str) -> str:
    """A text as it is read: without joiners, and with one space where there are several."""
    return re.sub(r"\s+", " ", re.sub("[\u2060\ufeff]", "", text)).strip()


@pytest.mark.browser
def test_every_string_is_read_as_it_was_written(drawn):
    page: Page = drawn[0]
    texts = _shown()
    read = page.evaluate(
        "(length) => Array.from({length}, (_, n) =>"
        " document.querySelector(`.st-key-m${n}`).textContent)",
        len(texts),
    )
    wrong = [
        (text, got)
        for text, got in zip(texts, read, strict=True)
        if _letters(text) != _letters(got)
    ]
    assert wrong == []


@pytest.mark.browser
def test_no_markup_is_alive(drawn):
    page, dialogs, asked, _browser = drawn
    assert dialogs == []
    assert not [url for url in asked if "evil" in url or url.startswith("javascript")]
    inside = "[class*='st-key-m'], [class*='st-key-b'], [class*='st-key-c'], [class*='st-key-e']"
    alive = page.evaluate(
        """(inside) => Array.from(document.querySelectorAll(inside)).flatMap((one) =>
            Array.from(one.querySelectorAll(
                "a, img, script, iframe, svg[onload], style, h1, h2, h3, li, blockquote, pre, code,"
                + "table, hr, strong, em, del, details, .katex, [style*='color']"
            )).filter((it) => !it.closest("[data-testid=stAlertDynamicIcon]"))
              .map((it) => it.outerHTML.slice(0, 120)))""",
        inside,
    )
    assert alive == []


@pytest.mark.browser
def test_what_a_chart_says_under_the_pointer_is_letters(drawn):
    page, dialogs, _asked, _browser = drawn
    bars = page.locator(".st-key-under-pointer [aria-roledescription='bar']")
    bars.first.scroll_into_view_if_needed()
    assert bars.count() == len(MARKED) > 15
    read, alive = [], []
    for number in range(len(MARKED)):
        bars.nth(number).hover(force=True)
        shown = page.locator("#vg-tooltip-element.visible")
        shown.wait_for()
        read.append(_letters(shown.locator("tr").last.locator("td").last.inner_text()))
        alive += shown.locator("img, a, script, svg, iframe, style, b, marquee").all_inner_texts()
    assert read == [_letters(one) for one in MARKED]
    assert (alive, dialogs) == ([], [])


@pytest.mark.browser
def test_the_pages_show_titles_and_notes_as_they_were_written(drawn, tmp_path_factory, furnished):
    """On the real pages, as somebody who sees all of it."""
    folder = tmp_path_factory.mktemp("titles")
    with furnished_server(folder, furnished[0]) as server:
        world = furnished[1]
        with browsing.session(server.url, world.cast["student"].person_id) as student:
            for title in TITLES[:40]:
                _submit(student, title)
        seen = serving.visitor(drawn[3], server.url, "lead").new_page()
        dialogs: list[str] = []
        seen.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        for address in ("idea_bank?sort=title", "board", "idea?idea=4", "idea?idea=20", "home"):
            seen.goto(server.url + address)
            serving.settled(seen)
            alive = seen.locator("img[src='x'], a[href*='evil'], script:text('alert')").count()
            assert (address, alive) == (address, 0)
        assert dialogs == []


def _submit(session: Session, title: str) -> browsing.Drawn:
    shown = session.run("submit")
    filled = [holding(shown.widget("submit-title"), title)]
    filled.append(holding(shown.widget("submit-problem"), title))
    filled.append(holding(shown.widget("submit-level-en"), "Master"))
    return session.run("submit", *filled, pressed(shown.widget("submit-send")))


class Served:
    """The world, served; anew where a form has used up what it was about."""

    def __init__(self, server: serving.Server, said: Path) -> None:
        self._server, self._said, self._times = server, said, 0
        self.url = server.url

    def anew(self) -> None:
        """Put the world back as it was."""
        self._times += 1
        os.kill(self._server.process, signal.SIGUSR1)
        give_up = time.monotonic() + 20
        while time.monotonic() < give_up:
            if self._said.exists() and self._said.read_text() == str(self._times):
                return
            time.sleep(0.02)
        raise AssertionError("The world was not put back; see server.log beside its database.")


@pytest.fixture(scope="module")
def served(tmp_path_factory, furnished) -> Iterator[Served]:
    """The world, served; with no limits on how much one does, which would keep strings out."""
    folder = tmp_path_factory.mktemp("forms")
    world_file = Path(shutil.copy(furnished[0], folder / "world.duckdb"))
    boundless = {f"SANDKASSE_{kind.upper()}_AN_HOUR": 1_000_000 for kind in limits.KINDS}
    with furnished_server(
        folder, world_file, module=("tests.security.again", str(world_file)), **boundless
    ) as running:
        yield Served(running, folder / "again")


def _open(served: Served, form: Form, world: World, stack: ExitStack) -> tuple[Session, Opened]:
    """A session with the form open; in a fresh world where it cannot be opened any more."""
    for _try in range(2):
        session = stack.enter_context(browsing.session(served.url, world.cast[form.who].person_id))
        found = opened(session, form, world)
        if found is not None and found.fields:
            return session, found
        served.anew()
    raise AssertionError(f"{form.called} has no fields.")


@pytest.mark.parametrize("form", FORMS, ids=[one.called for one in FORMS])
def test_every_form_takes_hostile_strings_without_breaking(served, world, form):
    """All the strings when there is time, as many at once as the form has fields; else those of
    eight turns. Each turn presses another of its buttons."""
    texts, faults = hostile.strings(), []
    turn = start = 0
    while start < len(texts):
        with ExitStack() as stack:
            session, found = _open(served, form, world, stack)
            filled = [
                holding(one, texts[(start + place) % len(texts)])
                for place, one in enumerate(found.fields)
            ]
            button = found.buttons[turn % len(found.buttons)] if found.buttons else None
            drawn = session.run(
                form.page, *found.held, *filled, *([pressed(button)] if button else ()),
                fragment=found.fragment, **form.query(world),
            )  # fmt: skip
            if drawn.exceptions or drawn.broken:
                faults.append((button and button.key, texts[start], drawn.alerts))
        turn, start = turn + 1, start + (len(found.fields) if FUZZ else 125)
    assert faults == []


def test_no_form_is_forgotten(served, world):
    """Every field for words in the screens' code is in a form that is tried above."""
    seen: set[str] = set()
    for form in FORMS:
        with ExitStack() as stack:
            seen |= {one.key for one in _open(served, form, world, stack)[1].fields}
    forgotten = {
        where: pattern.pattern
        for where, pattern in fields_in_the_code().items()
        if not any(map(pattern.fullmatch, seen))
    }
    assert forgotten == {}


def test_no_cell_is_run_and_each_is_read_back():
    for text in hostile.strings():
        cell = neutralised(text)
        assert not cell.lstrip("' ").startswith(("=", "+", "-", "@")) or cell.startswith("'")
        assert restored(cell) == text


def test_cards_and_calendars_hold_one_entry_whatever_is_written():
    for text in hostile.strings():
        tidied = tidy(text)
        if not tidied or problem_with(tidied, "subject"):
            continue
        card = replace(CARD, name=tidied, title=tidied, subject=tidied)
        ours = vcard(Contact(1, "skatteetaten", card, 1), tidied)
        (read,) = vobject.readComponents(ours)
        assert read.fn.value == tidied.replace("\r", "")
        file = written([Entry("one", tidied, clock.now(), tidied)], "Test")
        (event,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
        # The library reads a backslash before an N as a line end, and leaves out a byte order mark.
        if "\\" not in tidied and "\ufeff" not in tidied:
            assert str(event["summary"]).split() == tidied.split()
        assert set(event) == {"UID", "SUMMARY", "DTSTART", "DTSTAMP", "LOCATION"}


def test_papers_reach_for_nothing_outside_whatever_is_written(db, cast):
    """No relationship of a document leads out of it, and every part is well-formed."""
    for title in [one for one in TITLES if len(one) > 2][::6]:
        submitted(db, cast.student, title=title, problem=title)
    meeting_id = begun(db, cast.lead)
    for title in TITLES[::9]:
        agenda.add_own(db, cast.lead, meeting_id, title)
        resolutions.record(db, cast.lead, meeting_id, receipts.Kind.DECISION, title)
    made = papers.papers(db, cast.lead, meeting_id, Audience.PROJECT)
    for name, content in made.items():
        if name.endswith(".ics"):
            continue
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for part in parts.namelist():
                inside = parts.read(part).decode("utf-8", "replace")
                if part.endswith(".rels"):
                    assert 'TargetMode="External"' not in inside, (name, part)
                assert "<f>" not in inside, (name, part)
