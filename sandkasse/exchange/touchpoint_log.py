"""Loading a log of touchpoints: what happened in the matters that ideas have with agencies.

A log has one row an event. A matter is known by its idea and by what the log calls it; the same
file twice adds nothing, and a matter is loaded as a whole or not at all.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sandkasse import access, agencies, clock, journeys, matter, purposes
from sandkasse.access import Action, writing
from sandkasse.database import Database, Reader, Transaction
from sandkasse.exchange.importing import (
    PREVIEWED,
    Preview,
    known_ideas,
    refusal,
    write_rejects,
)
from sandkasse.exchange.reading import MOST_UPLOADED, FaultyRow, Form, Log, gathered, read
from sandkasse.i18n import _
from sandkasse.matter import RULES, Broken, Event, Kind, Outcome
from sandkasse.people import Actor
from sandkasse.search import fold
from sandkasse.standing import events, refresh_standing
from sandkasse.texts import LIMITS

TOUCHPOINTS = Form(
    ("idea", "matter", "agency", "event", "occurred_at"),
    {
        "idea": 200, "matter": 200, "agency": 200, "event": 20, "occurred_at": 60, "purpose": 100,
        "title": LIMITS["title"], "outcome": 20, "actor": 200, "note": LIMITS["note"],
    },
    ("idea", "matter"),
)  # fmt: skip
_KINDS = tuple(kind for kind in Kind if kind is not Kind.VOID)


@dataclass(frozen=True)
class TouchpointRow:
    """One row of a log of touchpoints. The time is aware UTC."""

    number: int
    idea: str
    matter: str
    agency_id: str
    kind: Kind
    occurred_at: datetime
    purpose_id: str | None = None
    title: str = ""
    outcome: Outcome | None = None
    actor: str = ""
    note: str = ""


@dataclass(frozen=True)
class TouchpointReport:
    """What a load did."""

    matters_new: int
    matters_extended: int
    rows_added: int
    rows_known: int
    matters_rejected: int = 0
    rows_rejected: int = 0


class _Present(NamedTuple):
    """A touchpoint that is there already."""

    touchpoint_id: int
    agency_id: str
    purpose_id: str | None


class _Made(NamedTuple):
    """The events to append to a touchpoint; ``touchpoint_id`` None: it is new."""

    idea_id: int
    touchpoint_id: int | None
    said: list[TouchpointRow]
    events: list[Event]


@dataclass
class _Plan:
    made: list[_Made] = field(default_factory=list)
    known: int = 0

    def report(
        self, log: Log[TouchpointRow], faults: Sequence[tuple[int, str]]
    ) -> TouchpointReport:
        """What carrying it out does, and what the faults leave out."""
        rejected = log.units(faults)
        new = sum(one.touchpoint_id is None for one in self.made)
        return TouchpointReport(
            matters_new=new,
            matters_extended=len(self.made) - new,
            rows_added=sum(len(one.events) for one in self.made),
            rows_known=self.known,
            matters_rejected=len(rejected),
            rows_rejected=sum(log.unit_of(number) in rejected for number in log.records),
        )


def preview_touchpoints(
    db: Database, actor: Actor, source: Path | bytes, journey_id: str
) -> Preview[TouchpointReport, TouchpointRow]:
    """What loading ``source`` for a journey's ideas would do; writes nothing.

    :raises InvalidImport: when it cannot be read as a log at all. :raises NotAllowed: for others
        than leads. :raises NotFound: an unknown journey.
    """
    access.require(actor, Action.IMPORT_LOG)
    journeys.get(db, journey_id)
    log = _read(db, source, MOST_UPLOADED)
    with db.reading() as reader:
        plan, faults = _planned(reader, log, journey_id, clock.now(), actor)
    return Preview(plan.report(log, faults), tuple(log.rows[:PREVIEWED]), tuple(faults))


def import_touchpoints(
    db: Database,
    actor: Actor,
    source: Path | bytes,
    journey_id: str,
    *,
    skip_invalid: Path | None = None,
    most_bytes: int | None = None,
) -> TouchpointReport:
    """Load a log of touchpoints of a journey's ideas.

    With ``skip_invalid`` the matters with a faulty row are written to that CSV file, each row with
    its number and reason, and the rest is loaded; without it one fault refuses all.

    :raises InvalidImport: listing every faulty row. :raises NotAllowed: for others than leads.
    :raises NotFound: an unknown journey.
    """
    access.require(actor, Action.IMPORT_LOG)
    journeys.get(db, journey_id)
    log = _read(db, source, most_bytes)
    subject = f"touchpoints of journey:{journey_id}"
    with writing(db, actor, Action.IMPORT_LOG, subject=subject) as write:
        now = clock.now()
        plan, faults = _planned(write.tx, log, journey_id, now, actor)
        if faults and skip_invalid is None:
            raise refusal(faults)
        _insert(write.tx, plan, actor, now)
        report = plan.report(log, faults)
        write.detail.update(vars(report))
        if skip_invalid is not None:
            write_rejects(skip_invalid, log, faults, _("Another row of this matter is faulty."))
    return report


def _read(db: Database, source: Path | bytes, most_bytes: int | None) -> Log[TouchpointRow]:
    called = {
        fold(name): one.id
        for one in agencies.listed(db)
        for name in (one.name.nb, one.name.en, one.id)
    }

    def row_of(number: int, cells: dict[str, str], moment: datetime) -> TouchpointRow:
        return _row(number, cells, moment, called)

    return read(source, TOUCHPOINTS, row_of, most_bytes)


def _row(
    number: int, cells: dict[str, str], moment: datetime, called: dict[str, str]
) -> TouchpointRow:
    agency_id = called.get(fold(cells["agency"]))
    if agency_id is None:
        raise FaultyRow(
            _("{agency} is not among the agencies. Write its id or its name.").format(
                agency=cells["agency"]
            )
        )
    kind, outcome = _kind(cells["event"]), _outcome(cells["event"], cells["outcome"])
    purpose_id = cells["purpose"] or None
    purpose = purposes.find(purpose_id)
    if purpose_id is not None and (purpose is None or purpose.agency_id != agency_id):
        raise FaultyRow(
            _("{purpose} is not a purpose of this agency in the catalogue.").format(
                purpose=purpose_id
            )
        )
    said = {name: cells[name] for name in ("title", "actor", "note")}
    return TouchpointRow(
        number, cells["idea"], cells["matter"], agency_id, kind, moment, purpose_id,
        outcome=outcome, **said,
    )  # fmt: skip


def _kind(text: str) -> Kind:
    if text not in _KINDS:
        raise FaultyRow(
            _("{event} is not an event. Write one of {events}.").format(
                event=text, events=", ".join(_KINDS)
            )
        )
    return Kind(text)


def _outcome(event: str, text: str) -> Outcome | None:
    if event != Kind.DECIDED:
        if text:
            raise FaultyRow(_("Only a decision has an outcome."))
        return None
    if text not in tuple(Outcome):
        raise FaultyRow(
            _("A decision needs an outcome: one of {outcomes}.").format(outcomes=", ".join(Outcome))
        )
    return Outcome(text)


def _planned(
    reader: Reader, log: Log[TouchpointRow], journey_id: str, now: datetime, actor: Actor
) -> tuple[_Plan, list[tuple[int, str]]]:
    """What to write for the matters without a fault, and every fault."""
    faults = list(log.faults)
    faulty = log.units(faults)
    ideas = known_ideas(reader, journey_id)
    wanted = sorted({ideas[row.idea] for row in log.rows if row.idea in ideas})
    came, present = _came(reader, wanted), _present(reader, wanted)
    told = events(reader, [one.touchpoint_id for one in present.values()])
    plan = _Plan()
    for unit, rows in gathered(log.rows, lambda row: (row.idea, row.matter)):
        idea_id = ideas.get(unit[0], 0)
        there = present.get((idea_id, unit[1]))
        wrong = _wrong(rows, came.get(idea_id), there)
        faults.extend(wrong)
        before = told.get(there.touchpoint_id, []) if there else []
        fresh = _unknown(rows, before)
        if wrong or unit in faulty:
            continue
        plan.known += len(rows) - len(fresh)
        if not fresh:
            continue
        made = _events(fresh, before, now, actor)
        try:
            matter.replay([*before, *made])
        except Broken as broken:
            numbers = {event.seq: row.number for row, event in zip(fresh, made, strict=True)}
            faults.append((numbers.get(broken.seq, fresh[0].number), _(RULES[broken.rule])))
            continue
        plan.made.append(_Made(idea_id, there.touchpoint_id if there else None, fresh, made))
    return plan, sorted(faults)


def _wrong(
    rows: list[TouchpointRow], came: datetime | None, there: _Present | None
) -> list[tuple[int, str]]:
    """The rows that do not fit their idea or the other rows of their matter."""
    if came is None:
        sentence = _("{idea} is not an idea of this journey. Load the log of ideas first.")
        return [(row.number, sentence.format(idea=row.idea)) for row in rows]
    agency_id = there.agency_id if there else rows[0].agency_id
    about = {row.purpose_id for row in rows} | ({there.purpose_id} if there else set())
    wrong = []
    for row in rows:
        if row.agency_id != agency_id:
            wrong.append((row.number, _("Other rows of this matter name another agency.")))
        elif row.purpose_id and len(about - {None}) > 1:
            wrong.append((row.number, _("Other rows of this matter name another purpose.")))
        elif row.occurred_at < came:
            wrong.append((row.number, _("It happened before the idea came in.")))
    return wrong


def _came(reader: Reader, idea_ids: list[int]) -> dict[int, datetime]:
    """When each idea came in."""
    return dict(
        reader.rows(
            "SELECT idea_id, first_at FROM idea WHERE idea_id IN (SELECT unnest(?::BIGINT[]))",
            [idea_ids],
        )
    )


def _present(reader: Reader, idea_ids: list[int]) -> dict[tuple[int, str], _Present]:
    """The touchpoints of these ideas, by idea and by what a log calls them."""
    rows = reader.rows(
        """
        SELECT idea_id, coalesce(ref, 'SK-' || touchpoint_id), touchpoint_id, agency_id, purpose_id
        FROM touchpoint
        WHERE idea_id IN (SELECT unnest(?::BIGINT[]))
        """,
        [idea_ids],
    )
    return {(idea_id, called): _Present(*rest) for idea_id, called, *rest in rows}


def _unknown(rows: list[TouchpointRow], before: list[Event]) -> list[TouchpointRow]:
    """The rows that are not there yet; a corrected one still counts as being there."""
    there = Counter((event.kind, event.occurred_at) for event in before)
    fresh = []
    for row in rows:
        if there[row.kind, row.occurred_at] > 0:
            there[row.kind, row.occurred_at] -= 1
        else:
            fresh.append(row)
    return fresh


def _events(
    fresh: list[TouchpointRow], before: list[Event], now: datetime, actor: Actor
) -> list[Event]:
    return [
        Event(
            seq=seq,
            kind=row.kind,
            occurred_at=row.occurred_at,
            recorded_at=now,
            outcome=row.outcome,
            note=row.note or None,
            actor_id=actor.person_id,
            timing="imported",
            actor_name=row.actor or None,
        )
        for seq, row in enumerate(fresh, max((event.seq for event in before), default=0) + 1)
    ]


def _insert(tx: Transaction, plan: _Plan, actor: Actor, now: datetime) -> None:
    if not plan.made:
        return
    new = [one for one in plan.made if one.touchpoint_id is None]
    ids = [
        given for (given,) in tx.rows("SELECT nextval('touchpoint_ids') FROM range(?)", [len(new)])
    ]
    if new:
        rows = [_touchpoint(key, one, actor, now) for key, one in zip(ids, new, strict=True)]
        tx.insert_frame("touchpoint", _frame(rows))
    fresh_ids = iter(ids)
    tx.insert_frame(
        "touchpoint_event",
        _frame(
            [
                _event(key, event)
                for one in plan.made
                for key in [one.touchpoint_id or next(fresh_ids)]
                for event in one.events
            ]
        ),
    )
    refresh_standing(tx, sorted({one.idea_id for one in plan.made}))


def _touchpoint(key: int, made: _Made, actor: Actor, now: datetime) -> dict[str, Any]:
    """The row of a new touchpoint; its standing is worked out when its events are in."""
    said, opened = made.said, made.events[0].occurred_at
    purpose_id = next((row.purpose_id for row in said if row.purpose_id), None)
    title = next((row.title for row in said if row.title), "")
    if purpose_id is None and not title:
        title = said[0].matter[: LIMITS["title"]]
    return {
        "touchpoint_id": key,
        "ref": said[0].matter,
        "idea_id": made.idea_id,
        "agency_id": said[0].agency_id,
        "purpose_id": purpose_id,
        "title": title,
        "opened_by": actor.person_id,
        "created_at": _naive(now),
        "last_seq": len(made.events),
        "state": matter.State.PREPARED.value,
        "state_at": _naive(opened),
        "opened_at": _naive(opened),
    }


def _event(touchpoint_id: int, event: Event) -> dict[str, Any]:
    return {
        "touchpoint_id": touchpoint_id,
        "seq": event.seq,
        "kind": event.kind.value,
        "outcome": event.outcome.value if event.outcome else None,
        "note": event.note,
        "timing": event.timing,
        "occurred_at": _naive(event.occurred_at),
        "recorded_at": _naive(event.recorded_at),
        "actor_id": event.actor_id,
        "actor_name": event.actor_name,
    }


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows as a frame in which a column of nothing but NULL is still one of texts."""
    frame = pd.DataFrame(rows)
    texts = ("purpose_id", "outcome", "note", "actor_name")
    return frame.astype(
        {name: "str" for name in texts if name in frame and frame[name].isna().all()}
    )


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)
