"""Reading a log of ideas: from bytes to rows, with every fault by its row number.

A log has one row each time an idea came to a stage or left by an exit. Row numbers count records,
the header being row 1, as a spreadsheet shows them.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sandkasse import clock
from sandkasse.clock import OSLO
from sandkasse.errors import InvalidImport
from sandkasse.exchange.formulas import restored
from sandkasse.i18n import _, list_text, number_text
from sandkasse.journeys import Journey
from sandkasse.moments import EARLIEST
from sandkasse.people import LEVELS

REQUIRED = ("idea", "stage", "occurred_at")
OPTIONAL = ("title", "level", "theme", "actor", "reason")
#: The longest each column may be, in characters.
LONGEST = {
    "idea": 200, "stage": 100, "occurred_at": 60, "title": 200, "level": 20, "theme": 100,
    "actor": 200, "reason": 2_000,
}  # fmt: skip
#: The most bytes an upload may have; the command line takes any size.
MOST_UPLOADED = 20_000_000

_NORWEGIAN = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(?:kl\.?\s*)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?)?"
)


@dataclass(frozen=True)
class LogRow:
    """One row of a log. ``target`` is a stage's or an exit's id; the time is aware UTC."""

    number: int
    idea: str
    target: str
    occurred_at: datetime
    title: str = ""
    level: str = ""
    theme: str = ""
    actor: str = ""
    reason: str = ""


@dataclass
class Log:
    """A log that was read: its columns, good rows, faults by row, and the records as they were."""

    columns: list[str]
    rows: list[LogRow] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    records: dict[int, list[str]] = field(default_factory=dict)

    def idea_of(self, number: int) -> str:
        """The idea that a record says it is about, empty when it does not."""
        record, place = self.records[number], self.columns.index("idea")
        return restored(record[place]).strip() if place < len(record) else ""


def read_log(source: Path | bytes, journey: Journey, most_bytes: int | None = None) -> Log:
    """Read a log for ``journey``; faulty rows are in ``faults``, good ones in ``rows``.

    :raises InvalidImport: when it cannot be read as a log at all.
    """
    log = _records(_decoded(_bytes(source, most_bytes)))
    places = {
        name: log.columns.index(name) for name in (*REQUIRED, *OPTIONAL) if name in log.columns
    }
    targets = {stage.id for stage in journey.stages} | {way.id for way in journey.exits}
    levels = set(journey.levels or LEVELS)
    now = clock.now()
    for number, record in log.records.items():
        try:
            log.rows.append(_row(number, record, places, len(log.columns), targets, levels, now))
        except _FaultyRow as fault:
            log.faults.append((number, str(fault)))
    return log


class _FaultyRow(ValueError):
    """Why a row cannot be used."""


def _bytes(source: Path | bytes, most_bytes: int | None) -> bytes:
    if isinstance(source, bytes):
        raw = source
    else:
        try:
            raw = source.read_bytes()
        except OSError as error:
            raise InvalidImport(
                _("{file} cannot be read: {reason}.").format(file=source, reason=error.strerror)
            ) from error
    if not raw.strip():
        raise InvalidImport(_("The file is empty."))
    if most_bytes is not None and len(raw) > most_bytes:
        raise InvalidImport(
            _("The file is larger than {n} MB. Split it, or use the command line.").format(
                n=most_bytes // 1_000_000
            )
        )
    return raw


def _decoded(raw: bytes) -> str:
    if b"\x00" in raw:
        raise InvalidImport(_("This is not a text file. Save it as CSV."))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidImport(_("The letters cannot be read. Save the file as CSV in UTF-8."))


def _records(text: str) -> Log:
    header = text.splitlines()[0]
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        log = Log(_columns(next(reader)))
        for number, record in enumerate(reader, 2):
            if any(cell.strip() for cell in record):
                log.records[number] = record
    except csv.Error as error:
        raise InvalidImport(
            _("The file is broken after row {n}: {reason}").format(n=number or 1, reason=error)
        ) from error
    return log


def _columns(header: list[str]) -> list[str]:
    columns = [name.strip().lower() for name in header]
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise InvalidImport(
            _("The first row has to name the columns. Missing: {names}.").format(
                names=list_text(missing)
            )
        )
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise InvalidImport(_("The column {name} is there more than once.").format(name=twice[0]))
    return columns


def _row(
    number: int,
    record: list[str],
    places: dict[str, int],
    width: int,
    targets: set[str],
    levels: set[str],
    now: datetime,
) -> LogRow:
    if len(record) > width:
        raise _FaultyRow(_("It has more cells than the first row has names."))
    cells = {
        name: restored(record[place]).strip() if place < len(record) else ""
        for name, place in places.items()
    }
    for name, text in cells.items():
        _check_text(name, text)
    for name in REQUIRED:
        if not cells[name]:
            raise _FaultyRow(_("{column} is missing.").format(column=name))
    if cells["stage"] not in targets:
        raise _FaultyRow(
            _("{stage} is neither a stage nor an exit of this journey.").format(
                stage=cells["stage"]
            )
        )
    if cells.get("level") and cells["level"] not in levels:
        raise _FaultyRow(_("{level} is not a level of this journey.").format(level=cells["level"]))
    moment = moment_of(cells["occurred_at"])
    if moment is None:
        raise _FaultyRow(
            _("{text} is not a date. Write 2026-11-03, 2026-11-03 14:30 or 03.11.2026.").format(
                text=cells["occurred_at"]
            )
        )
    if moment < EARLIEST:
        raise _FaultyRow(_("{text} is before 1900.").format(text=cells["occurred_at"]))
    if moment > now:
        raise _FaultyRow(_("{text} is in the future.").format(text=cells["occurred_at"]))
    extra = {name: cells.get(name, "") for name in OPTIONAL}
    return LogRow(number, cells["idea"], cells["stage"], moment, **extra)


def _check_text(name: str, text: str) -> None:
    if len(text) > LONGEST[name]:
        raise _FaultyRow(
            _("{column} has {n} characters; at most {most} are allowed.").format(
                column=name, n=number_text(len(text)), most=number_text(LONGEST[name])
            )
        )
    if not text.isprintable() and any(_is_control(letter) for letter in text):
        raise _FaultyRow(_("{column} has invisible control characters.").format(column=name))


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) == "Cc" and letter not in "\n\t\r"


def moment_of(text: str) -> datetime | None:
    """A date or time, ISO or Norwegian, as aware UTC; without a zone it is Europe/Oslo's. A date
    alone is its first moment. None when it is neither."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        parts = _NORWEGIAN.fullmatch(text)
        if parts is None:
            return None
        day, month, year, hour, minute, second = (int(part or 0) for part in parts.groups())
        try:
            found = datetime(year, month, day, hour, minute, second, tzinfo=OSLO)
        except ValueError:
            return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=OSLO)).astimezone(UTC)
    except OverflowError:
        return None


def by_idea(rows: list[LogRow]) -> Iterator[tuple[str, list[LogRow]]]:
    """The rows of each idea in the order in which they happened; at one time in the file's."""
    gathered: dict[str, list[LogRow]] = {}
    for row in rows:
        gathered.setdefault(row.idea, []).append(row)
    for idea, its_rows in gathered.items():
        yield idea, sorted(its_rows, key=lambda row: (row.occurred_at, row.number))
