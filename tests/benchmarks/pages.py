"""How long the server takes to run each page again, by how many ideas there are.

Measured over the app's own websocket, from asking for a rerun until the server says that the
script is done. An empty page and the sizes take turns, so that what else the machine does weighs
on all of them alike.
"""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import median

from sandkasse.database import Database
from sandkasse.ui import funnel_view
from sandkasse.ui.document import PERSONA_COOKIE
from tests.benchmarks import table
from tests.benchmarks.banks import bank
from tests.benchmarks.serving import APP, EMPTY, Server, Visitor, serving

WARM_LIMIT, GROWTH_LIMIT, COLD_LIMIT, MEMORY_LIMIT = 6, 1.3, 10, 600
_COLD_RUNS = 5


@dataclass(frozen=True)
class Page:
    """A page as somebody opens it. ``{idea}`` in the query is an idea with a long history and
    several matters with agencies."""

    name: str
    address: str
    persona: str = "lead"
    query: str = ""


PAGES = (
    Page("My page, lead", "home"),
    Page("My page, mentor", "home", "mentor-marit"),
    Page("My page, member", "home", "member-tax"),
    Page("My page, student", "home", "student-msc"),
    Page("Idea bank", "idea_bank"),
    Page("Idea bank, a search", "idea_bank", query="search=sensor"),
    Page("Idea bank, student", "idea_bank", "student-msc"),
    Page("Idea", "idea", query="idea={idea}"),
    Page("New idea", "submit", "student-msc"),
    Page("Board", "board"),
    *(Page(f"Funnel, {kind}", "funnel", query=f"kind={kind}") for kind in funnel_view.KINDS),
    Page("Funnel, as of a date", "funnel", query="as-of={day}"),
    Page("Meetings", "meetings"),
    Page("People", "people"),
    Page("Agencies", "agencies"),
    Page("Agencies, member", "agencies", "member-tax"),
    Page("Import and export", "exchange"),
)


@dataclass(frozen=True)
class Times:
    """Seconds of one page, warm and cold, by number of ideas; and of the empty page meanwhile.
    ``cold`` is after a write, ``started`` after a start of the server."""

    empty: list[float]
    warm: dict[int, float]
    cold: dict[int, float]
    started: dict[int, float]


@dataclass(frozen=True)
class Bank:
    """A running app with its database's ids."""

    server: Server
    people: dict[str, int]
    idea: int
    day: str

    def cookies(self, page: Page) -> dict[str, str]:
        return {PERSONA_COOKIE: str(self.people[f"demo:{page.persona}"])}

    def query(self, page: Page) -> str:
        return page.query.format(idea=self.idea, day=self.day)


def show(sizes: Sequence[int], reruns: int, pages: Sequence[Page] = PAGES) -> None:
    """Measure and print every page at every size, and the memory of the largest's process."""
    pages = [page for page in pages if (APP.parent / "pages" / f"{page.address}.py").exists()]
    with ExitStack() as stack:
        empty = stack.enter_context(serving(EMPTY))
        banks = {size: open_bank(stack, bank(size)) for size in sizes}
        for page in pages:  # imports are no part of a page's first run
            for opened in banks.values():
                with ExitStack() as once:
                    visitor(once, opened, page)
        measured = {page: _times(page, empty, banks, reruns) for page in pages}
        memory = banks[max(sizes)].server.memory
    bare = median(chain.from_iterable(times.empty for times in measured.values()))
    most = f"{max(sizes):,}"
    table.show(
        f"Rerun of a page on the server, {reruns} times, median. An empty page: "
        f"{table.milliseconds(bare)}",
        ["", *(f"{size:,} ideas" for size in sizes), "× empty", "× fewest",
         "after a write", "× empty", "after a start", "× empty"],
        [
            *(_row(page, times, bare) for page, times in measured.items()),
            [f"  aimed at, at {most}", *("" for _size in sizes), f"≤ {WARM_LIMIT} ",
             f"≤ {GROWTH_LIMIT} ", "", f"≤ {COLD_LIMIT} ", "", f"≤ {COLD_LIMIT} "],
        ],
    )  # fmt: skip
    missed = "!" if memory > MEMORY_LIMIT else ""
    print(f"  Memory of the server at {most} ideas: {memory:.0f} MB{missed} (≤ {MEMORY_LIMIT})")


def _row(page: Page, times: Times, empty: float) -> list[str]:
    fewest, most = min(times.warm), max(times.warm)
    warm, cold, started = times.warm[most], times.cold[most], times.started[most]
    return [
        page.name,
        *(table.milliseconds(seconds) for seconds in times.warm.values()),
        table.times(warm / empty, at_most=WARM_LIMIT),
        table.times(warm / times.warm[fewest], at_most=GROWTH_LIMIT),
        table.milliseconds(cold),
        table.times(cold / empty, at_most=COLD_LIMIT),
        table.milliseconds(started),
        table.times(started / empty, at_most=COLD_LIMIT),
    ]


def open_bank(stack: ExitStack, path: Path) -> Bank:
    """Serve a database until the stack is closed."""
    people, idea, day = looked_into(path)
    return Bank(stack.enter_context(serving(APP, path)), people, idea, day)


def looked_into(path: Path) -> tuple[dict[str, int], int, str]:
    """The people of a database by subject, an idea with a long history, and a day 60 days ago."""
    with closing(Database.open(path)) as db:
        people = dict(db.rows("SELECT subject, person_id FROM person WHERE subject IS NOT NULL"))
        idea, day = db.rows(
            """
            SELECT i.idea_id, strftime(now()::TIMESTAMP - INTERVAL 60 DAY, '%Y-%m-%d')
            FROM idea AS i LEFT JOIN touchpoint AS t ON t.idea_id = i.idea_id
            WHERE i.exit_id IS NULL
            GROUP BY i.idea_id, i.last_seq
            ORDER BY abs(i.last_seq - 8) + abs(count(t.touchpoint_id) - 5), i.idea_id LIMIT 1
            """
        )[0]
    return people, idea, day


def visitor(stack: ExitStack, bank: Bank, page: Page) -> Visitor:
    """Somebody with the page open until the stack is closed."""
    return stack.enter_context(
        Visitor.at(bank.server, page.address, bank.query(page), bank.cookies(page))
    )


def _times(page: Page, empty: Server, banks: dict[int, Bank], reruns: int) -> Times:
    with ExitStack() as stack:
        plain = stack.enter_context(Visitor.at(empty))
        visitors = {size: visitor(stack, bank, page) for size, bank in banks.items()}
        bare: list[float] = []
        cold: dict[int, list[float]] = {size: [] for size in banks}
        started: dict[int, list[float]] = {size: [] for size in banks}
        warm: dict[int, list[float]] = {size: [] for size in banks}
        for _turn in range(min(_COLD_RUNS, reruns)):
            for size, one in visitors.items():
                banks[size].server.forget(history=True)
                started[size].append(one.rerun())
                banks[size].server.forget(history=False)
                cold[size].append(one.rerun())
        for _turn in range(reruns):
            bare.append(plain.rerun())
            for size, one in visitors.items():
                warm[size].append(one.rerun())
    return Times(
        bare,
        {size: median(times) for size, times in warm.items()},
        {size: median(times) for size, times in cold.items()},
        {size: median(times) for size, times in started.items()},
    )
