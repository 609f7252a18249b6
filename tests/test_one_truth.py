"""One truth: page, export, documents, command and frozen numbers say the same for one choice.

What they must say is worked out here from the exported log, in plain Python.
"""

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from docx import Document
from openpyxl import load_workbook
from pptx import Presentation
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from sandkasse import clock, config, exchange, freezes, meetings, number_receipts
from sandkasse.cli.program import program
from sandkasse.commands import COMMANDS
from sandkasse.database import Database
from sandkasse.documents import papers
from sandkasse.documents.audience import Audience
from sandkasse.figures import Choice, end_of, frozen
from sandkasse.figures.waiting import PARTIES
from sandkasse.local_socket import serve_socket
from tests.builders import JOURNEY, Cast, begun
from tests.pages.conftest import Opened, app_cast, app_database, opened, tables  # noqa: F401

STAGES = [
    "idea-bank", "clarification", "need-test", "sandbox", "formation", "first-sale", "growth",
]  # fmt: skip
EXITS = {"declined", "withdrawn", "closed", "merged", "independent", "transferred"}

#: Idea, level, and its moves: a stage or an exit, and the day.
TOLD = [
    ("A", "BSc", "idea-bank 2026-01-10", "clarification 2026-02-01", "need-test 2026-03-01"),
    ("B", "BSc", "idea-bank 2026-01-11", "clarification 2026-02-03", "idea-bank 2026-05-01"),
    ("C", "BSc", "idea-bank 2026-01-12", "declined 2026-06-02"),
    ("D", "BSc", "idea-bank 2026-02-10", "sandbox 2026-04-01", "closed 2026-06-20"),
    ("E", "BSc", "idea-bank 2026-02-20"),
    ("F", "BSc", "idea-bank 2026-03-01", "clarification 2026-03-09", "withdrawn 2026-04-01"),
    ("G", "MSc", "idea-bank 2026-03-02", "clarification 2026-03-20", "need-test 2026-05-05"),
    ("H", "MSc", "idea-bank 2026-03-03", "growth 2026-06-01", "independent 2026-08-01"),
    ("I", "MSc", "idea-bank 2026-04-01", "clarification 2026-04-20"),
    ("J", "MSc", "idea-bank 2026-05-01", "declined 2026-05-02"),
    ("K", "MSc", "idea-bank 2026-06-01", "formation 2026-07-01"),
    ("L", "PhD", "idea-bank 2026-07-01", "clarification 2026-07-07", "sandbox 2026-08-01"),
]
LOG = "idea,level,stage,occurred_at,title\n" + "".join(
    f"{idea},{level},{where},{day},Idea {idea}\n"
    for idea, level, *moves in TOLD
    for where, day in (move.split() for move in moves)
)


@dataclass(frozen=True)
class Asked:
    """A choice, in days; None leaves it open."""

    level: str | None = None
    since: date | None = None
    until: date | None = None
    as_of: date | None = None

    def choice(self) -> Choice:
        return Choice(JOURNEY, self.level, None, self.since, self.until, end_of(self.as_of))


CHOICES = [
    Asked(),
    Asked(level="BSc"),
    Asked(since=date(2026, 2, 1), until=date(2026, 5, 31)),
    Asked(as_of=date(2026, 5, 15)),
    Asked("MSc", date(2026, 3, 1), date(2026, 6, 30), date(2026, 6, 30)),
]

#: For each stage in order: reached, went on, still open, left.
Cohort = list[tuple[int, int, int, int]]


@pytest.fixture
def bank(app_database: Database, app_cast: Cast) -> Database:  # noqa: F811
    """The ideas that are told of above."""
    exchange.import_log(app_database, app_cast.lead, LOG.encode(), JOURNEY)
    return app_database


def expected(exported: Sequence[dict[str, str]], asked: Asked) -> tuple[Cohort, Counter[str]]:
    """How far the ideas came, and how many are in each stage, counted from the exported log."""
    last = end_of(asked.as_of) or clock.now()
    ideas: dict[str, list[tuple[datetime, str]]] = {}
    for row in exported:
        when = datetime.fromisoformat(row["occurred_at"]).replace(tzinfo=UTC)
        if when <= last and asked.level in (None, row["level"]):
            ideas.setdefault(row["idea"], []).append((when, row["stage"]))
    counts = [[0, 0, 0, 0] for _stage in STAGES]
    there: Counter[str] = Counter()
    for rows in ideas.values():
        rows.sort()
        end = rows[-1][1]
        if end not in EXITS:
            there[end] += 1
        came = clock.local(rows[0][0]).date()
        if not (asked.since or came) <= came <= (asked.until or came):
            continue
        furthest = max(STAGES.index(where) for _when, where in rows if where not in EXITS)
        for at in range(furthest + 1):
            counts[at][0] += 1
            counts[at][1] += at < furthest
        done = end == "independent" and furthest == len(STAGES) - 1
        counts[furthest][1 if done else 3 if end in EXITS else 2] += 1
    return [tuple(row) for row in counts], there  # type: ignore[misc]


def of_the_export(db: Database, cast: Cast, asked: Asked) -> tuple[Cohort, Counter[str]]:
    packed = zipfile.ZipFile(io.BytesIO(exchange.export_zip(db, cast.lead, "csv")))
    text = packed.read(f"log-{JOURNEY}.csv").decode("utf-8-sig")
    return expected(list(csv.DictReader(io.StringIO(text))), asked)


def page(opened: Opened, cast: Cast, asked: Asked, kind: str) -> AppTest:  # noqa: F811
    days = {"from": asked.since, "to": asked.until, "as_of": asked.as_of}
    query = {name: day.isoformat() for name, day in days.items() if day}
    if asked.level:
        query["level"] = asked.level
    app = opened("funnel.py", cast.member, "en", sandbox=JOURNEY, kind=kind, **query)
    assert not app.exception
    return app


def of_the_command(db: Database, asked: Asked) -> Cohort:
    """What ``sandkasse funnel --json`` says, asked of the app that has the database open."""
    options = {"--level": asked.level, "--from": asked.since, "--to": asked.until,
               "--as-of": asked.as_of}  # fmt: skip
    given = [str(part) for option, value in options.items() if value for part in (option, value)]
    server = serve_socket(db)
    try:
        done = CliRunner().invoke(program, ["funnel", "--journey", JOURNEY, "--json", *given])
    finally:
        server.stop()
    assert done.exit_code == 0, done.output
    return [
        (one["reached"], one["advanced"], one["open"], sum(one["left"].values()))
        for one in json.loads(done.stdout)["stages"]
    ]


def of_the_frozen(found: dict[str, float | None]) -> Cohort:
    ways = ("declined", "withdrawn", "closed", "merged", "completed")
    return [
        (*(found[f"{stage}.{part}"] for part in ("reached", "advanced", "open")),
         sum(found.get(f"{stage}.{way}") or 0 for way in ways))
        for stage in STAGES
    ]  # type: ignore[misc]  # fmt: skip


def of_the_spreadsheet(file: bytes) -> Cohort:
    (sheet,) = load_workbook(io.BytesIO(file)).worksheets[1:]
    return [
        tuple(sheet.cell(row, column).value for column in (2, 6, 7, 8))
        for row in range(2, 2 + len(STAGES))
    ]  # type: ignore[misc]


def of_rows(rows: Sequence[Sequence[str]]) -> Cohort:
    """A table's rows without its heading: stage, reached, share, went on, open, left."""
    return [tuple(int(row[column]) for column in (1, 3, 4, 5)) for row in rows]  # type: ignore[misc]


def of_the_slides(file: bytes) -> Cohort:
    slide = Presentation(io.BytesIO(file)).slides[1]
    table = next(one for one in slide.shapes if one.has_table).table
    return of_rows([[cell.text for cell in row.cells] for row in list(table.rows)[1:]])


@pytest.mark.parametrize("asked", CHOICES, ids=str)
def test_every_way_to_a_number_gives_the_same_number(
    bank: Database,
    app_cast: Cast,  # noqa: F811
    opened: Opened,  # noqa: F811
    asked: Asked,
) -> None:
    cohort, there = of_the_export(bank, app_cast, asked)
    assert sum(row[0] for row in cohort) > 0
    shown = tables(page(opened, app_cast, asked, "cohort"))[0]
    columns = ["Reached", "Went on", "Still open", "Left"]
    assert [tuple(row) for row in shown[columns].to_numpy().tolist()] == cohort
    now = tables(page(opened, app_cast, asked, "snapshot"))[0]
    by_stage = dict(zip(STAGES, now["Active"] + now["On hold"], strict=True))
    assert {stage: n for stage, n in by_stage.items() if n} == there
    assert of_the_command(bank, asked) == cohort
    numbers = frozen.numbers(bank, app_cast.lead, "cohort", asked.choice())
    assert of_the_frozen(numbers) == cohort
    code = number_receipts.issue(bank, app_cast.lead, "cohort", asked.choice())
    assert number_receipts.find(bank, app_cast.lead, code).numbers == numbers
    files = {
        form: papers.of_view(bank, app_cast.lead, "cohort", asked.choice(), Audience.PROJECT, form)
        for form in ("xlsx", "pptx")
    }
    assert of_the_spreadsheet(files["xlsx"]) == cohort
    assert of_the_slides(files["pptx"]) == cohort


def test_the_minutes_say_what_was_frozen_whatever_comes_later(
    bank: Database,
    app_cast: Cast,  # noqa: F811
) -> None:
    cohort, _there = of_the_export(bank, app_cast, Asked())
    meeting_id = begun(bank, app_cast.lead)
    freezes.freeze(bank, app_cast.lead, meeting_id, Choice(JOURNEY))
    meetings.close(bank, app_cast.lead, meeting_id)
    later = LOG.splitlines()[0] + "\nM,BSc,idea-bank,2026-01-05,Idea M\n"
    exchange.import_log(bank, app_cast.lead, later.encode(), JOURNEY)
    assert of_the_export(bank, app_cast, Asked())[0] != cohort
    (file,) = papers.papers(
        bank, app_cast.lead, meeting_id, Audience.PROJECT, ["minutes.docx"]
    ).values()
    table = Document(io.BytesIO(file)).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert of_rows(rows[1:]) == cohort
    (kept,) = freezes.of_meeting(bank, app_cast.lead, meeting_id)
    assert of_the_frozen(dict(kept.numbers["cohort"])) == cohort
    assert config.settings().database == bank.path


def test_the_days_of_waiting_are_the_same_everywhere(
    bank: Database,
    app_cast: Cast,  # noqa: F811
    opened: Opened,  # noqa: F811
) -> None:
    asked = Asked(as_of=date(2026, 6, 30))
    shown = tables(page(opened, app_cast, asked, "waiting"))[0].iloc[-1]
    command = COMMANDS["waiting"](
        bank,
        {"journey": JOURNEY, "as_of": end_of(asked.as_of).isoformat()},  # type: ignore[union-attr]
    )["figure"]
    numbers = frozen.numbers(bank, app_cast.lead, "waiting", asked.choice())
    file = papers.of_view(bank, app_cast.lead, "waiting", asked.choice(), Audience.PROJECT, "xlsx")
    (sheet,) = load_workbook(io.BytesIO(file)).worksheets[1:]
    (row,) = [list(one) for one in sheet.iter_rows(values_only=True) if one[0] == "In all"]
    assert shown["Ideas"] == numbers["n"] == row[1] == command["division"]["n"] == 11
    days = [command["division"]["parties"][party]["days"] for party in PARTIES]
    assert [round(one, 1) for one in days] == row[3:8]
    assert [round(one, 1) for one in days] == [round(numbers[one] or 0, 1) for one in PARTIES]
    assert shown["Days"] == round(sum(days))
