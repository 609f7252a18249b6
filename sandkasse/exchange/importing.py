"""Loading a log of ideas: all of it or nothing, or all but the ideas with a fault.

Rows are matched with what is there, so that the same file twice adds nothing: the k-th row of an
idea, place and moment in the file is the k-th in the ledger.
"""

import csv
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

import pandas as pd

from sandkasse import access, clock, journeys, pipeline
from sandkasse.access import Action, writing
from sandkasse.database import Database, Reader, Transaction
from sandkasse.errors import InvalidImport
from sandkasse.exchange.formulas import neutralised
from sandkasse.exchange.reading import MOST_UPLOADED, Log, LogRow, R, gathered, read_log
from sandkasse.i18n import _, ngettext_, number_text
from sandkasse.journeys import Journey
from sandkasse.ledger import BALL_AFTER, RULES, Broken, Kind, Party, Row, effective, replay
from sandkasse.people import Actor
from sandkasse.search import fold
from sandkasse.standing import refresh_standing

PREVIEWED = 10


@dataclass(frozen=True)
class ImportReport:
    """What a load did."""

    ideas_new: int
    ideas_extended: int
    rows_added: int
    rows_known: int
    ideas_rejected: int = 0
    rows_rejected: int = 0


Report = TypeVar("Report")


@dataclass(frozen=True)
class Preview(Generic[Report, R]):
    """What a load would do: its report, the first rows, and every fault by row."""

    report: Report
    first: tuple[R, ...]
    faults: tuple[tuple[int, str], ...]


@dataclass
class _Plan:
    """What is to be written."""

    new: list[tuple[str, list[LogRow], list[Row]]] = field(default_factory=list)
    extended: list[tuple[int, list[LogRow], list[Row]]] = field(default_factory=list)
    known: int = 0

    def report(self, log: Log[LogRow], faults: Sequence[tuple[int, str]]) -> ImportReport:
        """What carrying it out does, and what the faults leave out."""
        rejected = log.units(faults)
        return ImportReport(
            ideas_new=len(self.new),
            ideas_extended=len(self.extended),
            rows_added=sum(len(rows) for _key, _said, rows in (*self.new, *self.extended)),
            rows_known=self.known,
            ideas_rejected=len(rejected),
            rows_rejected=sum(1 for number in log.records if log.unit_of(number) in rejected),
        )


def preview_log(
    db: Database, actor: Actor, source: Path | bytes, journey_id: str
) -> Preview[ImportReport, LogRow]:
    """What loading ``source`` would do; writes nothing.

    :raises InvalidImport: when it cannot be read as a log at all. :raises NotAllowed: for others
        than leads. :raises NotFound: an unknown journey.
    """
    access.require(actor, Action.IMPORT_LOG)
    journey = journeys.get(db, journey_id)
    log = read_log(source, journey, MOST_UPLOADED)
    with db.reading() as reader:
        plan, faults = _plan(reader, log, journey, clock.now())
    return Preview(plan.report(log, faults), tuple(log.rows[:PREVIEWED]), tuple(faults))


def import_log(
    db: Database,
    actor: Actor,
    source: Path | bytes,
    journey_id: str,
    *,
    skip_invalid: Path | None = None,
    most_bytes: int | None = None,
) -> ImportReport:
    """Load a log into a journey.

    With ``skip_invalid`` the ideas with a faulty row are written to that CSV file, each row with
    its number and reason, and the rest is loaded; without it one fault refuses all.

    :raises InvalidImport: listing every faulty row. :raises NotAllowed: for others than leads.
    :raises NotFound: an unknown journey.
    """
    access.require(actor, Action.IMPORT_LOG)
    journey = journeys.get(db, journey_id)
    log = read_log(source, journey, most_bytes)
    with writing(db, actor, Action.IMPORT_LOG, subject=f"journey:{journey_id}") as write:
        now = clock.now()
        plan, faults = _plan(write.tx, log, journey, now)
        if faults and skip_invalid is None:
            raise refusal(faults)
        _insert(write.tx, plan, journey, actor, now)
        report = plan.report(log, faults)
        write.detail.update(vars(report))
        if skip_invalid is not None:
            write_rejects(skip_invalid, log, faults, _("Another row of this idea is faulty."))
    return report


def refusal(faults: Sequence[tuple[int, str]]) -> InvalidImport:
    """The error that says that nothing was loaded, and why."""
    return InvalidImport(
        ngettext_(
            "{n} row cannot be used, so nothing was loaded.",
            "{n} rows cannot be used, so nothing was loaded.",
            len(faults),
        ).format(n=number_text(len(faults))),
        faults,
    )


def _plan(
    reader: Reader, log: Log[LogRow], journey: Journey, now: datetime
) -> tuple[_Plan, list[tuple[int, str]]]:
    """What to write for the ideas without a fault, and every fault."""
    faults = list(log.faults)
    faulty = {idea for (idea,) in log.units(faults)}
    known = known_ideas(reader, journey.id)
    present = _present(reader, [known[row.idea] for row in log.rows if row.idea in known])
    positions = {stage.id: stage.position for stage in journey.stages}
    plan = _Plan()
    for idea, rows in gathered(log.rows, lambda row: row.idea):
        before = present.get(known.get(idea, -1), [])
        fresh = _unknown(rows, before)
        plan.known += len(rows) - len(fresh)
        if not fresh or idea in faulty:
            continue
        try:
            made = _ledger_rows(fresh, before, positions, now)
        except Broken as broken:
            faults.append((broken.seq, _(RULES[broken.rule])))
            faulty.add(idea)
            continue
        if idea in known:
            plan.extended.append((known[idea], fresh, made))
        else:
            plan.new.append((idea, fresh, made))
    return plan, sorted(faults)


def known_ideas(reader: Reader, journey_id: str) -> dict[str, int]:
    """The ids of the journey's ideas by what a log calls them."""
    rows = reader.rows(
        "SELECT coalesce(ref, 'SK-' || idea_id), idea_id FROM idea WHERE journey_id = ?",
        [journey_id],
    )
    return dict(rows)


def _present(reader: Reader, idea_ids: list[int]) -> dict[int, list[Row]]:
    """The ledgers of these ideas."""
    wanted = sorted(set(idea_ids))
    if not wanted:
        return {}
    return pipeline.histories(reader, wanted)


def _unknown(rows: list[LogRow], before: list[Row]) -> list[LogRow]:
    """The rows that are not in the ledger yet; a corrected one still counts as being there."""
    there = Counter((row.stage_id or row.exit_id, row.occurred_at) for row in before)
    fresh = []
    for row in rows:
        if there[row.target, row.occurred_at] > 0:
            there[row.target, row.occurred_at] -= 1
        else:
            fresh.append(row)
    return fresh


def _ledger_rows(
    fresh: list[LogRow], before: list[Row], positions: dict[str, int], now: datetime
) -> list[Row]:
    """The rows to append, in the order in which they happened.

    :raises Broken: naming the record whose row cannot follow the others.
    """
    last = max((row.seq for row in before), default=0)
    settled = [row for row in effective(before) if row.kind is not Kind.HANDOVER]
    made: list[Row] = []
    place, inside = None, False
    waiting = list(settled)
    for number, row in enumerate(fresh, last + 1):
        while waiting and (waiting[0].occurred_at, waiting[0].seq) <= (row.occurred_at, number):
            place, inside = _moved(place, inside, waiting.pop(0))
        made.append(_ledger_row(row, number, place, inside, positions, now))
        place, inside = _moved(place, inside, made[-1])
    if before:
        _check_together(fresh, before, made, positions)
    return made


def _moved(place: str | None, inside: bool, row: Row) -> tuple[str | None, bool]:
    """The stage an idea is in, and whether it is in the journey, after a row."""
    if row.kind is Kind.EXIT:
        return place, False
    return (row.stage_id, True) if row.stage_id else (place, inside)


def _ledger_row(
    row: LogRow,
    seq: int,
    place: str | None,
    inside: bool,
    positions: dict[str, int],
    now: datetime,
) -> Row:
    if row.target not in positions:
        if not inside:
            raise Broken(row.number, "left" if place else "starts")
        kind = Kind.EXIT
    elif place is None:
        kind = Kind.ENTER
    else:
        kind = Kind.MOVE if inside else Kind.REOPEN
    return Row(
        seq=seq,
        kind=kind,
        occurred_at=row.occurred_at,
        recorded_at=now,
        stage_id=None if kind is Kind.EXIT else row.target,
        exit_id=row.target if kind is Kind.EXIT else None,
        from_stage=place,
        ball=BALL_AFTER.get(kind),
        note=row.reason or None,
        actor_name=row.actor or None,
        timing="imported",
    )


def _check_together(
    fresh: list[LogRow], before: list[Row], made: list[Row], positions: dict[str, int]
) -> None:
    numbers = {row.seq: said.number for said, row in zip(fresh, made, strict=True)}
    try:
        replay([*before, *made], positions)
    except Broken as broken:
        raise Broken(numbers.get(broken.seq, fresh[0].number), broken.rule) from None


def _insert(tx: Transaction, plan: _Plan, journey: Journey, actor: Actor, now: datetime) -> None:
    if not plan.new and not plan.extended:
        return
    ids = [
        idea_id
        for (idea_id,) in tx.rows("SELECT nextval('idea_ids') FROM range(?)", [len(plan.new)])
    ]
    if plan.new:
        tx.insert_frame("idea", _idea_frame(plan, ids, journey, now))
    keyed = [
        *((idea_id, rows) for idea_id, (_ref, _said, rows) in zip(ids, plan.new, strict=True)),
        *((idea_id, rows) for idea_id, _said, rows in plan.extended),
    ]
    tx.insert_frame("ledger", _ledger_frame(keyed, actor))
    refresh_standing(tx, [idea_id for idea_id, _rows in keyed])


def _first(said: list[LogRow], column: str) -> str | None:
    return next((value for row in said if (value := getattr(row, column))), None)


def _idea_frame(plan: _Plan, ids: list[int], journey: Journey, now: datetime) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for idea_id, (ref, said, made) in zip(ids, plan.new, strict=True):
        title = _first(said, "title") or ref
        came = _naive(made[0].occurred_at)
        rows.append(
            {
                "idea_id": idea_id,
                "ref": ref,
                "journey_id": journey.id,
                "level": _first(said, "level"),
                "theme": _first(said, "theme"),
                "title": title,
                "created_at": _naive(now),
                "search_text": fold(title),
                "last_seq": len(made),
                "stage_id": made[0].stage_id,
                "furthest": 0,
                "first_at": came,
                "stage_at": came,
                "ball": Party.MENTOR.value,
                "ball_at": came,
            }
        )
    return pd.DataFrame(rows)


def _ledger_frame(keyed: list[tuple[int, list[Row]]], actor: Actor) -> pd.DataFrame:
    columns = (
        "idea_id", "seq", "kind", "from_stage", "stage_id", "exit_id", "ball", "note",
        "actor_name", "timing", "occurred_at", "recorded_at", "actor_id",
    )  # fmt: skip
    rows = [
        (
            idea_id, row.seq, row.kind.value, row.from_stage, row.stage_id, row.exit_id,
            row.ball.value if row.ball else None, row.note, row.actor_name, row.timing,
            _naive(row.occurred_at), _naive(row.recorded_at), actor.person_id,
        )
        for idea_id, its_rows in keyed
        for row in its_rows
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def write_rejects(
    path: Path, log: Log[R], faults: Sequence[tuple[int, str]], for_another: str
) -> None:
    """The rejected rows as they were, with number and reason (``for_another`` for sound rows that
    stand with a faulty one); the file is replaced as a whole."""
    reasons, rejected = dict(faults), log.units(faults)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=path.parent, delete=False
    ) as file:
        writer = csv.writer(file)
        writer.writerow([*log.columns, "row", "fault"])
        for number, record in log.records.items():
            if log.unit_of(number) in rejected:
                cells = [*record, *[""] * (len(log.columns) - len(record))]
                told = reasons.get(number, for_another)
                writer.writerow([*map(neutralised, cells), number, neutralised(told)])
    Path(file.name).replace(path)
