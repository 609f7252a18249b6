"""Loading a log of applications for student positions.

The log has one row an event; an application is known by its position and by what the log calls it,
the same file twice adds nothing, and an application is loaded as a whole or not at all. A start
that names no seat gets the lowest that is free for the whole job.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sandkasse import access, addresses, clock, reasons
from sandkasse.access import Action, writing
from sandkasse.application import (
    RULES,
    Broken,
    Event,
    Kind,
    NextStep,
    Occupation,
    Seat,
    Standing,
    free_seat,
    replay,
)
from sandkasse.database import Database, Reader, Transaction
from sandkasse.errors import Invalid
from sandkasse.exchange.importing import PREVIEWED, Preview, refusal, write_rejects
from sandkasse.exchange.position_table import RecruitmentReport, count_of, day_of
from sandkasse.exchange.reading import (
    MOST_UPLOADED,
    FaultyRow,
    Form,
    Log,
    gathered,
    read,
)
from sandkasse.i18n import _
from sandkasse.people import Actor
from sandkasse.reasons import Occasion
from sandkasse.recruitment import applications, positions
from sandkasse.recruitment.applications import SOURCES
from sandkasse.texts import LIMITS

APPLICATIONS = Form(
    ("position", "application", "event", "occurred_at"),
    {
        "position": 200, "application": 200, "event": 20, "occurred_at": 60,
        "applicant": LIMITS["name"], "email": 254, "source": 40, "graduation": 60,
        "reason": 40, "seat": 10, "until": 60, "next_step": 20, "actor": 200,
        "note": LIMITS["note"],
    },
    ("position", "application"),
)  # fmt: skip
_KINDS = tuple(kind for kind in Kind if kind is not Kind.VOID)
_OCCASIONS = {Kind.REJECTED: Occasion.REJECTION, Kind.ENDED: Occasion.JOB_END}


@dataclass(frozen=True)
class ApplicationRow:
    """One row of a log of applications. The time is aware UTC."""

    number: int
    position: str
    application: str
    kind: Kind
    occurred_at: datetime
    applicant: str
    source: str
    graduation: date | None
    reason: str | None
    seat_no: int | None
    until_on: date | None
    next_step: NextStep | None
    actor: str
    note: str
    email: str | None = None


class _Place(NamedTuple):
    """A position that applications are for."""

    position_id: int
    seats: tuple[Seat, ...]
    taken: list[Occupation]


@dataclass
class _Made:
    """The events to append to an application; ``application_id`` None: it is new."""

    place: _Place
    application_id: int | None
    said: list[ApplicationRow]
    before: list[Event]
    events: list[Event]
    standing: Standing


@dataclass
class _Plan:
    made: list[_Made] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    known: int = 0

    def report(self, log: Log[ApplicationRow]) -> RecruitmentReport:
        """What carrying it out does, and what the faults leave out."""
        faulty = log.units(self.faults)
        new = sum(not one.before for one in self.made)
        return RecruitmentReport(
            "applications",
            new,
            len(self.made) - new,
            len(faulty),
            sum(len(one.events) for one in self.made),
            self.known,
            sum(log.unit_of(number) in faulty for number in log.records),
        )


def preview_applications(
    db: Database, actor: Actor, source: Path | bytes
) -> Preview[RecruitmentReport, ApplicationRow]:
    """What loading a log of applications would do; writes nothing. Errors as for
    :func:`preview_positions`."""
    access.require(actor, Action.IMPORT_LOG)
    log = read(source, APPLICATIONS, _application_row, MOST_UPLOADED)
    with db.reading() as reader:
        plan = _planned(reader, log, actor, clock.now())
    return Preview(plan.report(log), tuple(log.rows[:PREVIEWED]), tuple(sorted(plan.faults)))


def import_applications(
    db: Database,
    actor: Actor,
    source: Path | bytes,
    *,
    skip_invalid: Path | None = None,
    most_bytes: int | None = None,
) -> RecruitmentReport:
    """Load a log of applications for positions that are there. Errors and ``skip_invalid`` as for
    :func:`import_positions`, an application being loaded as a whole or not at all."""
    access.require(actor, Action.IMPORT_LOG)
    log = read(source, APPLICATIONS, _application_row, most_bytes)
    with writing(db, actor, Action.IMPORT_LOG, subject="applications") as write:
        now = clock.now()
        plan = _planned(write.tx, log, actor, now)
        faults = sorted(plan.faults)
        if faults and skip_invalid is None:
            raise refusal(faults)
        _store(write.tx, plan, now)
        report = plan.report(log)
        write.detail.update(vars(report))
        if skip_invalid is not None:
            told = _("Another row of this application is faulty.")
            write_rejects(skip_invalid, log, faults, told)
    return report


def _application_row(number: int, cells: dict[str, str], moment: datetime) -> ApplicationRow:
    if cells["event"] not in _KINDS:
        said = _("{event} is not an event. Write one of {events}.")
        raise FaultyRow(said.format(event=cells["event"], events=", ".join(_KINDS)))
    kind = Kind(cells["event"])
    source = cells["source"] or "unknown"
    if source not in SOURCES:
        said = _("{text} is not in the list. Write one of {known}.")
        raise FaultyRow(said.format(text=source, known=", ".join(SOURCES)))
    if (kind is Kind.NEXT) != bool(cells["next_step"]) or (
        cells["next_step"] and cells["next_step"] not in tuple(NextStep)
    ):
        said = _("The event next, and no other, has a next_step: one of {known}.")
        raise FaultyRow(said.format(known=", ".join(NextStep)))
    reason = cells["reason"] or None
    if reason and (kind not in _OCCASIONS or reason not in reasons.REASONS[_OCCASIONS[kind]]):
        raise FaultyRow(_("{text} is no reason for this event.").format(text=reason))
    if kind is not Kind.STARTED and (cells["seat"] or cells["until"]):
        raise FaultyRow(_("Only the event started has a seat and an until."))
    return ApplicationRow(
        number, cells["position"], cells["application"], kind, moment, cells["applicant"], source,
        day_of(cells["graduation"], "graduation") if cells["graduation"] else None, reason,
        count_of(cells["seat"], "seat") if cells["seat"] else None,
        day_of(cells["until"], "until") if cells["until"] else None,
        NextStep(cells["next_step"]) if cells["next_step"] else None, cells["actor"],
        cells["note"], _address(cells["email"]) if cells["email"] else None,
    )  # fmt: skip


def _address(text: str) -> str:
    try:
        return applications.kept_address(addresses.email(text))
    except Invalid as refused:
        raise FaultyRow(refused.message) from None


def _planned(reader: Reader, log: Log[ApplicationRow], actor: Actor, now: datetime) -> _Plan:
    """What to write for the applications without a fault, and every fault. Those that begin first
    choose their seat first."""
    plan = _Plan(faults=list(log.faults))
    faulty = log.units(plan.faults)
    places = _places(reader, {row.position for row in log.rows})
    present = _present(reader, [place.position_id for place in places.values()])
    ready = []
    for unit, rows in gathered(log.rows, lambda row: (row.position, row.application)):
        place = places.get(unit[0])
        if place is None:
            said = _("{position} is not a position. Load the table of positions first.")
            plan.faults.extend((row.number, said.format(position=unit[0])) for row in rows)
            continue
        if unit in faulty:
            continue
        known_id, before = present.get((place.position_id, unit[1]), (None, []))
        made = _made(plan, place, known_id, before, rows, actor, now)
        if made is not None:
            ready.append(made)
    for made in sorted(ready, key=lambda one: one.standing.started_on or date.max):
        fault = _seated(made)
        if fault is None:
            plan.made.append(made)
        else:
            plan.faults.append((made.said[0].number, fault))
    return plan


def _places(reader: Reader, refs: Iterable[str]) -> dict[str, _Place]:
    rows = reader.rows(
        """
        SELECT coalesce(ref, 'SK-' || position_id), position_id FROM position
        WHERE coalesce(ref, 'SK-' || position_id) IN (SELECT unnest(?))
        """,
        [sorted(refs)],
    )
    return {
        ref: _Place(
            key, positions.current_seats(reader, key), applications.occupations(reader, key)
        )
        for ref, key in rows
    }


def _present(
    reader: Reader, position_ids: list[int]
) -> dict[tuple[int, str], tuple[int, list[Event]]]:
    rows = reader.rows(
        """
        SELECT position_id, coalesce(ref, 'SK-' || application_id), application_id
        FROM application WHERE position_id IN (SELECT unnest(?::BIGINT[]))
        """,
        [position_ids],
    )
    told = applications.events(reader, [key for _position, _ref, key in rows])
    return {(position_id, ref): (key, told.get(key, [])) for position_id, ref, key in rows}


def _made(
    plan: _Plan,
    place: _Place,
    application_id: int | None,
    before: list[Event],
    rows: list[ApplicationRow],
    actor: Actor,
    now: datetime,
) -> _Made | None:
    """The events to add, when they make a history with those before."""
    there = Counter((event.kind, event.occurred_at) for event in before)
    fresh = []
    for row in rows:
        if there[row.kind, row.occurred_at] > 0:
            there[row.kind, row.occurred_at] -= 1
            plan.known += 1
        else:
            fresh.append(row)
    if not fresh:
        return None
    first = max((event.seq for event in before), default=0) + 1
    added = [
        Event(
            seq, row.kind, row.occurred_at, now, row.reason, row.seat_no, row.until_on,
            row.next_step, None, row.note or None, actor.person_id, "imported", row.actor or None,
        )
        for seq, row in enumerate(fresh, first)
    ]  # fmt: skip
    try:
        standing = replay([*before, *added])
    except Broken as broken:
        numbers = {event.seq: row.number for row, event in zip(fresh, added, strict=True)}
        plan.faults.append((numbers.get(broken.seq, fresh[0].number), _(RULES[broken.rule])))
        return None
    return _Made(place, application_id, fresh, before, added, standing)


def _seated(made: _Made) -> str | None:
    """Give the job its seat; the sentence that says why there is none, or None."""
    standing, place = made.standing, made.place
    first = standing.started_on
    if first is None:
        return None
    taken = [one for one in place.taken if one.application_id != made.application_id]
    seat_no = standing.seat_no
    if seat_no is None:
        seat_no = free_seat(place.seats, taken, first, standing.ended_on)
        if seat_no is None:
            return _("No seat of the position is free for this job.")
        made.events = [
            replace(event, seat_no=seat_no) if event.kind is Kind.STARTED else event
            for event in made.events
        ]
        made.standing = standing = replace(standing, seat_no=seat_no)
    seat = next((one for one in place.seats if one.seat_no == seat_no), None)
    fault = applications.seat_fault(seat, standing)
    if fault is not None:
        return fault[0]
    held = Occupation(made.application_id or 0, seat_no, first, standing.ended_on)
    if any(map(held.meets, taken)):
        return _("Somebody else holds the seat on those days.")
    place.taken[:] = [*taken, held]
    return None


def _store(tx: Transaction, plan: _Plan, now: datetime) -> None:
    if not plan.made:
        return
    new = [one for one in plan.made if one.application_id is None]
    ids = sorted(
        key for (key,) in tx.rows("SELECT nextval('application_ids') FROM range(?)", [len(new)])
    )
    if new:
        rows = [_new_row(key, one, now) for key, one in zip(ids, new, strict=True)]
        tx.insert_frame("application", _frame(rows))
    for key, one in zip(ids, new, strict=True):
        one.application_id = key
    events = [_event_row(one.application_id, event) for one in plan.made for event in one.events]
    tx.insert_frame("application_event", _frame(events))
    for one in plan.made:
        if one.before and one.application_id is not None:
            applications.store(tx, one.application_id, one.events[-1].seq, one.standing)


def _new_row(key: int, one: _Made, now: datetime) -> dict[str, Any]:
    first, standing = one.said[0], one.standing
    return {
        "application_id": key, "ref": first.application, "position_id": one.place.position_id,
        "name": _first(one.said, "applicant") or first.application[: LIMITS["name"]],
        "email": _first(one.said, "email"),
        "source": next((row.source for row in one.said if row.source != "unknown"), "unknown"),
        "graduation": _first(one.said, "graduation"), "created_at": _naive(now),
        "last_seq": one.events[-1].seq, "state": standing.state.value,
        "state_at": _naive(standing.state_at), "received_at": _naive(standing.received_at),
        "furthest": standing.furthest, "seat_no": standing.seat_no,
        "started_on": standing.started_on, "until_on": standing.until_on,
        "ended_on": standing.ended_on,
        "next_step": standing.next_step.value if standing.next_step else None,
    }  # fmt: skip


def _first(said: Sequence[ApplicationRow], column: str) -> Any:
    return next((value for row in said if (value := getattr(row, column))), None)


def _event_row(key: int | None, event: Event) -> dict[str, Any]:
    return {
        "application_id": key, "seq": event.seq, "kind": event.kind.value, "reason": event.reason,
        "seat_no": event.seat_no, "until_on": event.until_on,
        "next_step": event.next_step.value if event.next_step else None, "note": event.note,
        "timing": event.timing, "occurred_at": _naive(event.occurred_at),
        "recorded_at": _naive(event.recorded_at), "actor_id": event.actor_id,
        "actor_name": event.actor_name,
    }  # fmt: skip


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows as a frame whose columns keep their kinds where all or some are NULL."""
    frame = pd.DataFrame(rows)
    for name in map(str, frame.columns):
        if name in _NUMBERS:
            frame[name] = frame[name].astype("Int64")
        elif name.endswith("_on") or name == "graduation":
            frame[name] = frame[name].astype("datetime64[s]")
        elif frame[name].isna().all():
            frame[name] = frame[name].astype("str")
    return frame


_NUMBERS = ("application_id", "position_id", "seq", "last_seq", "furthest", "seat_no", "actor_id")


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)
