"""Random histories of positions and applications, as the app would have let them come about: each
write is one that was lawful when it was recorded, some are back-dated, some void an earlier one."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pandas as pd

from sandkasse import application
from sandkasse.application import Broken, Event, Kind, NextStep, Occupation, Seat, Standing
from sandkasse.database import Database

BEGAN = datetime(2026, 1, 5, 10, tzinfo=UTC)
DAYS = 150
SOURCES = ("university", "friend")
AGENCIES = ("skatteetaten", "udi")
#: What mostly happens next, so that histories have jobs that begin and end.
_AHEAD = {
    Kind.RECEIVED: Kind.OFFER, Kind.SCREENED: Kind.OFFER, Kind.INTERVIEW: Kind.OFFER,
    Kind.OFFER: Kind.ACCEPTED, Kind.ACCEPTED: Kind.STARTED, Kind.STARTED: Kind.ENDED,
    Kind.ENDED: Kind.NEXT,
}  # fmt: skip


@dataclass
class Decided:
    """One event of a position; ``seats`` with a plan."""

    seq: int
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    seats: tuple[Seat, ...] = ()


@dataclass
class Told:
    """A position with all that happened."""

    position_id: int
    agency_id: str
    decided: list[Decided] = field(default_factory=list)


@dataclass
class Applied:
    """An application with all that happened."""

    application_id: int
    position_id: int
    source: str
    graduation: date | None
    events: list[Event] = field(default_factory=list)


@dataclass
class History:
    """All there is."""

    positions: list[Told]
    applications: list[Applied] = field(default_factory=list)


def day_of(number: int) -> date:
    return (BEGAN + timedelta(days=number)).date()


def history(random: Random, writes: int = 120) -> History:
    """A history of two positions."""
    told = History([Told(1, AGENCIES[0]), Told(2, AGENCIES[1])])
    for position in told.positions:
        first = random.randrange(30)
        seats = tuple(
            Seat(number, day_of(first), day_of(first + random.randrange(20, 110)))
            for number in range(1, random.randrange(1, 4) + 1)
        )
        position.decided.append(Decided(1, "planned", BEGAN, BEGAN, seats))
    moments = sorted(random.randrange(1, DAYS * 24) for _ in range(writes))
    for hours in moments:
        _write(random, told, BEGAN + timedelta(hours=hours))
    return told


def _write(random: Random, told: History, now: datetime) -> None:
    draw = random.random()
    if draw < 0.12:
        _decide(random, random.choice(told.positions), told, now)
    elif draw < 0.24 or not told.applications:
        graduation = day_of(random.randrange(DAYS + 60)) if random.random() < 0.5 else None
        one = Applied(
            len(told.applications) + 1,
            random.choice(told.positions).position_id,
            random.choice(SOURCES),
            graduation,
        )
        one.events.append(Event(1, Kind.RECEIVED, _earlier(random, now), now))
        told.applications.append(one)
    else:
        _happen(random, told, random.choice(told.applications), now)


def _earlier(random: Random, now: datetime) -> datetime:
    late = timedelta(hours=random.randrange(1, 300)) if random.random() < 0.3 else timedelta()
    return max(now - late, BEGAN)


def _decide(random: Random, position: Told, told: History, now: datetime) -> None:
    seq = len(position.decided) + 1
    if random.random() < 0.6:
        kind = random.choice(("opened", "opened", "closed"))
        position.decided.append(Decided(seq, kind, now, now))
        return
    before = [one for one in position.decided if one.seats][-1].seats
    longer = timedelta(days=random.randrange(-10, 30))
    seats = tuple(
        Seat(one.seat_no, one.begins_on, max(one.ends_on + longer, one.begins_on)) for one in before
    )
    if random.random() < 0.4:
        seats = (*seats, Seat(len(seats) + 1, now.date(), now.date() + timedelta(days=40)))
    if all(_fits(seats, standing) for standing in _standings(told, position.position_id)):
        position.decided.append(Decided(seq, "planned", now, now, seats))


def _fits(seats: tuple[Seat, ...], standing: Standing) -> bool:
    if standing.started_on is None:
        return True
    return any(
        seat.seat_no == standing.seat_no
        and seat.begins_on <= standing.started_on <= seat.ends_on
        and (standing.until_on or seat.ends_on) <= seat.ends_on
        for seat in seats
    )


def _standings(told: History, position_id: int, but: int = 0) -> list[Standing]:
    return [
        application.replay(one.events)
        for one in told.applications
        if one.position_id == position_id and one.application_id != but
    ]


def _happen(random: Random, told: History, one: Applied, now: datetime) -> None:
    counting = application.effective(one.events)
    state = [event.kind for event in counting if event.kind not in application.ASIDE][-1]
    likely = [kind for kind, states in application.ALLOWED.items() if state in states]
    what: dict[str, Any] = {}
    if random.random() < 0.1:
        kind, what = Kind.VOID, {"voids_seq": random.choice(counting).seq}
    else:
        ahead = _AHEAD.get(state)
        kind = ahead if ahead and random.random() < 0.8 else random.choice(likely)
    moment = now if kind is Kind.VOID else _earlier(random, now)
    seats = [d for d in told.positions[one.position_id - 1].decided if d.seats][-1].seats
    if kind is Kind.STARTED:
        there = [seat.seat_no for seat in seats if seat.begins_on <= moment.date() <= seat.ends_on]
        what["seat_no"] = random.choice(there or [1])
        if random.random() < 0.5:
            what["until_on"] = moment.date() + timedelta(days=random.randrange(60))
    if kind is Kind.NEXT:
        what["next_step"] = random.choice(list(NextStep))
    event = Event(len(one.events) + 1, kind, moment, now, **what)
    try:
        standing = application.replay([*one.events, event])
    except Broken:
        return
    if _fits(seats, standing) and not _meets(told, one, standing):
        one.events.append(event)


def _meets(told: History, one: Applied, standing: Standing) -> bool:
    if standing.started_on is None:
        return False
    held = _occupation(standing)
    others = _standings(told, one.position_id, one.application_id)
    return any(held.meets(_occupation(other)) for other in others if other.started_on)


def _occupation(standing: Standing) -> Occupation:
    assert standing.started_on is not None
    return Occupation(0, standing.seat_no or 0, standing.started_on, standing.ended_on)


_TABLES = (
    "position", "position_event", "planned_seat", "application", "application_event",
)  # fmt: skip


def store(db: Database, told: History) -> None:
    """Put a history into a database in the place of an earlier one."""
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in _TABLES}
    for position in told.positions:
        _position_rows(position, rows)
    for one in told.applications:
        _application_rows(one, rows)
    with db.transaction() as tx:
        for table in _TABLES:
            tx.execute(f"DELETE FROM {table}")
            if rows[table]:
                tx.insert_frame(table, pd.DataFrame(rows[table]).astype("object"))


def _position_rows(position: Told, rows: dict[str, list[dict[str, Any]]]) -> None:
    last = [one for one in position.decided if one.seats][-1]
    status = [one.kind for one in position.decided if not one.seats][-1:]
    rows["position"].append(
        {
            "position_id": position.position_id, "agency_id": position.agency_id,
            "title_nb": "A", "title_en": "A", "hours": 7.5, "created_at": _naive(BEGAN),
            "last_seq": len(position.decided),
            "status": {"opened": "open", "closed": "closed"}.get("".join(status), "draft"),
            "status_at": _naive(BEGAN), "seats": len(last.seats),
            "begins_on": min(seat.begins_on for seat in last.seats),
            "ends_on": max(seat.ends_on for seat in last.seats),
        }
    )  # fmt: skip
    for one in position.decided:
        key = {"position_id": position.position_id, "seq": one.seq}
        when = {"occurred_at": _naive(one.occurred_at), "recorded_at": _naive(one.recorded_at)}
        rows["position_event"].append({**key, "kind": one.kind, **when})
        rows["planned_seat"].extend({**key, **vars(seat)} for seat in one.seats)


def _application_rows(one: Applied, rows: dict[str, list[dict[str, Any]]]) -> None:
    standing = application.replay(one.events)
    values = {**vars(standing), "next_step": standing.next_step, "state": str(standing.state)}
    values |= {name: _naive(values[name]) for name in ("state_at", "received_at")}
    rows["application"].append(
        {
            "application_id": one.application_id, "position_id": one.position_id,
            "source": one.source, "graduation": one.graduation, "created_at": _naive(BEGAN),
            "last_seq": len(one.events), **values,
        }
    )  # fmt: skip
    rows["application_event"].extend(
        {
            "application_id": one.application_id, "seq": event.seq, "kind": str(event.kind),
            "seat_no": event.seat_no, "until_on": event.until_on, "next_step": event.next_step,
            "voids_seq": event.voids_seq, "occurred_at": _naive(event.occurred_at),
            "recorded_at": _naive(event.recorded_at),
            "reason": "agreed" if event.kind in (Kind.ENDED, Kind.REJECTED) else None,
        }
        for event in one.events
    )  # fmt: skip


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
