"""Loading a table of student positions.

The table has one row a position, ``occurred_at`` being when it was advertised.
"""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sandkasse import access, agencies, clock
from sandkasse.access import Action, writing
from sandkasse.application import (
    Seat,
)
from sandkasse.database import Database, Reader, Transaction
from sandkasse.errors import InvalidFields
from sandkasse.exchange.importing import PREVIEWED, Preview, refusal, write_rejects
from sandkasse.exchange.reading import (
    MOST_UPLOADED,
    FaultyRow,
    Form,
    Log,
    moment_of,
    read,
)
from sandkasse.i18n import _, number_text
from sandkasse.journeys import Text
from sandkasse.people import LEVELS, Actor
from sandkasse.recruitment import positions
from sandkasse.search import fold
from sandkasse.texts import LIMITS

POSITIONS = Form(
    ("position", "agency", "title", "seats", "hours", "from", "to", "occurred_at"),
    {
        "position": 200, "agency": 200, "title": LIMITS["title"], "title_en": LIMITS["title"],
        "text": LIMITS["position_text"], "text_en": LIMITS["position_text"], "seats": 10,
        "hours": 10, "from": 60, "to": 60, "occurred_at": 60, "deadline": 60, "closed": 60,
        "place": LIMITS["place"], "level": 20, "programmes": LIMITS["programmes"],
    },
    ("position",),
)  # fmt: skip


@dataclass(frozen=True)
class PositionRow:
    """One row of a table of positions; ``occurred_at`` is when it was advertised, aware UTC."""

    number: int
    position: str
    occurred_at: datetime
    description: positions.Description
    plan: tuple[Seat, ...]
    deadline: date | None
    closed_at: datetime | None


@dataclass(frozen=True)
class RecruitmentReport:
    """What a load did; ``kind`` is ``positions`` or ``applications``, which the counts are of."""

    kind: str
    new: int
    extended: int
    rejected: int
    rows_added: int
    rows_known: int
    rows_rejected: int


def preview_positions(
    db: Database, actor: Actor, source: Path | bytes
) -> Preview[RecruitmentReport, PositionRow]:
    """What loading a table of positions would do; writes nothing.

    :raises InvalidImport: when it cannot be read as a table at all. :raises NotAllowed: for others
        than leads.
    """
    access.require(actor, Action.IMPORT_LOG)
    log = _read_positions(db, source, MOST_UPLOADED)
    with db.reading() as reader:
        report, faults, _fresh = _sorted_out(reader, log)
    return Preview(report, tuple(log.rows[:PREVIEWED]), tuple(faults))


def import_positions(
    db: Database,
    actor: Actor,
    source: Path | bytes,
    *,
    skip_invalid: Path | None = None,
    most_bytes: int | None = None,
) -> RecruitmentReport:
    """Load a table of positions; one that is there by its name in the table is left as it is.

    With ``skip_invalid`` faulty rows are written to that CSV file, each with its number and reason,
    and the rest is loaded; without it one fault refuses all.

    :raises InvalidImport: listing every faulty row. :raises NotAllowed: for others than leads.
    """
    access.require(actor, Action.IMPORT_LOG)
    log = _read_positions(db, source, most_bytes)
    with writing(db, actor, Action.IMPORT_LOG, subject="positions") as write:
        report, faults, fresh = _sorted_out(write.tx, log)
        if faults and skip_invalid is None:
            raise refusal(faults)
        for row in fresh:
            _insert_position(write.tx, actor, row)
        write.detail.update(vars(report))
        if skip_invalid is not None:
            write_rejects(skip_invalid, log, faults, _("Another row is of it too."))
    return report


def _read_positions(db: Database, source: Path | bytes, most_bytes: int | None) -> Log[PositionRow]:
    called = {
        fold(name): one.id
        for one in agencies.listed(db)
        for name in (one.name.nb, one.name.en, one.id)
    }

    def row_of(number: int, cells: dict[str, str], moment: datetime) -> PositionRow:
        return _position_row(db, number, cells, moment, called)

    return read(source, POSITIONS, row_of, most_bytes)


def _sorted_out(
    reader: Reader, log: Log[PositionRow]
) -> tuple[RecruitmentReport, list[tuple[int, str]], list[PositionRow]]:
    """What loading the table does, its faults by row, and the rows to add."""
    faults = sorted([*log.faults, *_twice(log)])
    there = {ref for (ref,) in reader.rows("SELECT ref FROM position WHERE ref <> ''")}
    faulty = log.units(faults)
    sound = [row for row in log.rows if (row.position,) not in faulty]
    fresh = [row for row in sound if row.position not in there]
    rejected = sum(log.unit_of(number) in faulty for number in log.records)
    known = len(sound) - len(fresh)
    report = RecruitmentReport("positions", len(fresh), 0, len(faulty), len(fresh), known, rejected)
    return report, faults, fresh


def _twice(log: Log[PositionRow]) -> list[tuple[int, str]]:
    counts = Counter(row.position for row in log.rows)
    return [
        (row.number, _("This position has more than one row."))
        for row in log.rows
        if counts[row.position] > 1
    ]


def _position_row(
    db: Database, number: int, cells: dict[str, str], moment: datetime, called: dict[str, str]
) -> PositionRow:
    agency_id = called.get(fold(cells["agency"]))
    if agency_id is None:
        raise FaultyRow(
            _("{agency} is not among the agencies. Write its id or its name.").format(
                agency=cells["agency"]
            )
        )
    if cells["level"] and cells["level"] not in LEVELS:
        raise FaultyRow(_("{level} is not a level.").format(level=cells["level"]))
    begins_on, ends_on = day_of(cells["from"], "from"), day_of(cells["to"], "to")
    deadline = day_of(cells["deadline"], "deadline") if cells["deadline"] else None
    closed_at = moment_of(cells["closed"]) if cells["closed"] else None
    if cells["closed"] and (closed_at is None or not moment <= closed_at <= clock.now()):
        raise FaultyRow(_("It was closed before it was advertised, or is yet to be."))
    try:
        described = positions.checked(
            db,
            positions.Description(
                agency_id, Text(cells["title"], cells["title_en"]),
                Text(cells["text"], cells["text_en"]), number_of(cells["hours"], "hours"),
                cells["place"], None, cells["level"] or None, cells["programmes"],
            ),
        )  # fmt: skip
        plan = positions.seats(count_of(cells["seats"], "seats"), begins_on, ends_on)
        positions.check_plan(plan)
    except InvalidFields as error:
        raise FaultyRow(error.message) from None
    return PositionRow(number, cells["position"], moment, described, plan, deadline, closed_at)


def day_of(text: str, column: str) -> date:
    """A day. :raises FaultyRow: when it is none."""
    moment = moment_of(text)
    if moment is None:
        raise FaultyRow(_("{column} is not a day.").format(column=column))
    return clock.local(moment).date()


def number_of(text: str, column: str) -> float:
    """A number with comma or point. :raises FaultyRow: when it is none."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise FaultyRow(_("{column} is not a number.").format(column=column))
    return number


def count_of(text: str, column: str) -> int:
    """A whole number, at most one for each seat that a position can have.

    :raises FaultyRow: when it is none.
    """
    number = number_of(text, column)
    if not 0 <= number <= positions.MOST_SEATS or number != int(number):
        said = _("{column} is not a whole number from 1 to {n}.")
        raise FaultyRow(said.format(column=column, n=number_text(positions.MOST_SEATS)))
    return int(number)


def _insert_position(tx: Transaction, actor: Actor, row: PositionRow) -> None:
    happened = [("planned", None, row.occurred_at), ("opened", row.deadline, row.occurred_at)]
    if row.closed_at is not None:
        happened.append(("closed", None, row.closed_at))
    positions.bring_in(
        tx, actor, row.position, row.description, row.plan, happened, recorded_at=clock.now()
    )
