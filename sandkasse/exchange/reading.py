"""Reading a log: from bytes to rows, with every fault by its row number.

A log of ideas has one row each time an idea came to a stage or left by an exit; other logs have a
:class:`Form` of their own. Row numbers count records, the header being row 1, as a spreadsheet
shows them.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from sandkasse import clock, texts
from sandkasse.clock import OSLO
from sandkasse.errors import InvalidImport
from sandkasse.exchange.formulas import restored
from sandkasse.i18n import _, list_text, number_text
from sandkasse.journeys import Journey
from sandkasse.moments import EARLIEST
from sandkasse.people import LEVELS

#: The most bytes an upload may have; the command line takes any size.
MOST_UPLOADED = 20_000_000

_NORWEGIAN = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(?:kl\.?\s*)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?)?"
)


@dataclass(frozen=True)
class Form:
    """The columns that a kind of log has. ``longest`` is how long each may be, in characters; rows
    that say the same in the ``unit`` columns are loaded together or not at all."""

    required: tuple[str, ...]
    longest: Mapping[str, int]
    unit: tuple[str, ...]


IDEAS = Form(
    ("idea", "stage", "occurred_at"),
    {
        "idea": 200, "stage": 100, "occurred_at": 60, "title": 200, "level": 20, "theme": 100,
        "actor": 200, "reason": 2_000,
    },
    ("idea",),
)  # fmt: skip


class Placed(Protocol):
    """A row that has a number in its log and a time at which it happened."""

    @property
    def number(self) -> int: ...
    @property
    def occurred_at(self) -> datetime: ...


R = TypeVar("R", bound=Placed)
K = TypeVar("K")


@dataclass(frozen=True)
class LogRow:
    """One row of a log of ideas. ``target`` is a stage's or an exit's id; the time is aware UTC."""

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
class Log(Generic[R]):
    """A log that was read: its columns, good rows, faults by row, and the records as they were."""

    form: Form
    columns: list[str]
    rows: list[R] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    records: dict[int, list[str]] = field(default_factory=dict)

    def unit_of(self, number: int) -> tuple[str, ...]:
        """What a record says it is about, with empty texts where it does not."""
        record = self.records[number]
        places = [self.columns.index(name) for name in self.form.unit]
        return tuple(
            restored(record[place]).strip() if place < len(record) else "" for place in places
        )

    def units(self, faults: Sequence[tuple[int, str]]) -> set[tuple[str, ...]]:
        """What the faulty rows are about."""
        return {self.unit_of(number) for number, _why in faults}


def read_log(source: Path | bytes, journey: Journey, most_bytes: int | None = None) -> Log[LogRow]:
    """Read a log of ideas for ``journey``; faulty rows are in ``faults``, good ones in ``rows``.

    :raises InvalidImport: when it cannot be read as a log at all.
    """
    targets = {stage.id for stage in journey.stages} | {way.id for way in journey.exits}
    levels = set(journey.levels or LEVELS)

    def row_of(number: int, cells: dict[str, str], moment: datetime) -> LogRow:
        return _row(number, cells, moment, targets, levels)

    return read(source, IDEAS, row_of, most_bytes)


def read(
    source: Path | bytes,
    form: Form,
    row_of: Callable[[int, dict[str, str], datetime], R],
    most_bytes: int | None = None,
) -> Log[R]:
    """Read a log. ``row_of`` makes a row of its number, its cells (every column of the form, tidied
    and checked; empty where it is missing) and its time, or raises :class:`FaultyRow`.

    :raises InvalidImport: when it cannot be read as a log at all.
    """
    log: Log[R] = _records(_decoded(_bytes(source, most_bytes)), form)
    places = {name: log.columns.index(name) for name in form.longest if name in log.columns}
    now = clock.now()
    for number, record in log.records.items():
        try:
            cells = _cells(record, places, len(log.columns), form)
            log.rows.append(row_of(number, cells, _moment(cells["occurred_at"], now)))
        except FaultyRow as fault:
            log.faults.append((number, str(fault)))
    return log


class FaultyRow(ValueError):
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


def _records(text: str, form: Form) -> Log[R]:
    header = text.splitlines()[0]
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        log: Log[R] = Log(form, _columns(next(reader), form))
        for number, record in enumerate(reader, 2):
            if any(cell.strip() for cell in record):
                log.records[number] = record
    except csv.Error as error:
        raise InvalidImport(
            _("The file is broken after row {n}: {reason}").format(n=number or 1, reason=error)
        ) from error
    return log


def _columns(header: list[str], form: Form) -> list[str]:
    columns = [name.strip().lower() for name in header]
    missing = [name for name in form.required if name not in columns]
    if missing:
        raise InvalidImport(
            _("The first row has to name the columns. Missing: {names}.").format(
                names=list_text(missing)
            )
        )
    twice = sorted(name for name, times in Counter(columns).items() if name and times > 1)
    if twice:
        raise InvalidImport(_("The column {name} is there more than once.").format(name=twice[0]))
    return columns


def _cells(record: list[str], places: dict[str, int], width: int, form: Form) -> dict[str, str]:
    if len(record) > width:
        raise FaultyRow(_("It has more cells than the first row has names."))
    cells = dict.fromkeys(form.longest, "")
    for name, place in places.items():
        cells[name] = restored(record[place]).strip() if place < len(record) else ""
        _check_text(name, cells[name], form.longest[name])
    for name in form.required:
        if not cells[name]:
            raise FaultyRow(_("{column} is missing.").format(column=name))
    return cells


def _row(
    number: int, cells: dict[str, str], moment: datetime, targets: set[str], levels: set[str]
) -> LogRow:
    if cells["stage"] not in targets:
        raise FaultyRow(
            _("{stage} is neither a stage nor an exit of this journey.").format(
                stage=cells["stage"]
            )
        )
    if cells["level"] and cells["level"] not in levels:
        raise FaultyRow(_("{level} is not a level of this journey.").format(level=cells["level"]))
    said = {name: cells[name] for name in ("title", "level", "theme", "actor", "reason")}
    return LogRow(number, cells["idea"], cells["stage"], moment, **said)


def _moment(text: str, now: datetime) -> datetime:
    moment = moment_of(text)
    if moment is None:
        raise FaultyRow(
            _("{text} is not a date. Write 2026-11-03, 2026-11-03 14:30 or 03.11.2026.").format(
                text=text
            )
        )
    if moment < EARLIEST:
        raise FaultyRow(_("{text} is before 1900.").format(text=text))
    if moment > now:
        raise FaultyRow(_("{text} is in the future.").format(text=text))
    return moment


def _check_text(name: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise FaultyRow(
            _("{column} has {n} characters; at most {most} are allowed.").format(
                column=name, n=number_text(len(text)), most=number_text(longest)
            )
        )
    if not text.isprintable() and any(_is_control(letter) for letter in text):
        raise FaultyRow(_("{column} has invisible control characters.").format(column=name))
    if texts.deceives(text):
        raise FaultyRow(
            _("{column} has characters that turn the writing direction.").format(column=name)
        )


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


def gathered(rows: Iterable[R], key: Callable[[R], K]) -> Iterator[tuple[K, list[R]]]:
    """The rows of each ``key`` in the order in which they happened; at one time in the file's."""
    found: dict[K, list[R]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    for one, its_rows in found.items():
        yield one, sorted(its_rows, key=lambda row: (row.occurred_at, row.number))
