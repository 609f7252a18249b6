"""Positions: what an agency offers students, how many seats it has, and whether one can apply.

A position describes; its seats, and whether it is open, are decided by events that are appended, so
that what was planned at any earlier time can be read again. A new plan takes the place of the one
before for the whole period: it says how many seats there were to be, from the first day on.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sandkasse import access, agencies, calendar_file, clock, people
from sandkasse.access import Action, Condition, Writing, writing
from sandkasse.application import Seat
from sandkasse.database import Database, Reader, Transaction
from sandkasse.errors import Conflict, Invalid, InvalidFields, NotFound
from sandkasse.i18n import _, date_text, language, number_text
from sandkasse.journeys import Text
from sandkasse.people import LEVELS, Actor
from sandkasse.recruitment import reference
from sandkasse.search import fold, terms
from sandkasse.texts import problem_with, tidy

#: The hours of a full week, which no part-time position goes beyond.
MOST_HOURS = 37.5
MOST_SEATS = 500
PAGE_SIZE = 20
DRAFT, OPEN, CLOSED = "draft", "open", "closed"
NO_WORDS = Text()
_EARLIEST = date(1900, 1, 1)
_LATEST = date(2200, 1, 1)


@dataclass(frozen=True)
class Description:
    """What a position is. ``hours`` are a week and a seat; ``level`` None: any."""

    agency_id: str
    title: Text
    text: Text = NO_WORDS
    hours: float = 7.5
    place: str = ""
    contact_id: int | None = None
    level: str | None = None
    programmes: str = ""
    agreement_id: str | None = None


@dataclass(frozen=True)
class Position:
    """A position as it stands. ``deadline`` is the last day to apply; ``begins_on`` and ``ends_on``
    the first and the last day of its seats."""

    position_id: int
    description: Description
    last_seq: int
    status: str
    status_at: datetime
    deadline: date | None
    seats: int
    begins_on: date
    ends_on: date

    @property
    def title(self) -> str:
        """Its title in the language of the moment, or in the other where there is none."""
        return self.description.title.in_(language())

    @property
    def text(self) -> str:
        """Its text in the language of the moment, or in the other where there is none."""
        return self.description.text.in_(language())

    def takes_applications(self, today: date) -> bool:
        """Whether students can apply on the day ``today``."""
        return self.status == OPEN and (self.deadline is None or today <= self.deadline)


def seats(n: int, begins_on: date, ends_on: date) -> tuple[Seat, ...]:
    """``n`` seats of the same days, numbered from 1."""
    return tuple(Seat(number, begins_on, ends_on) for number in range(1, n + 1))


_COLUMNS = """
p.position_id, p.agency_id, p.title_nb, p.title_en, p.text_nb, p.text_en, p.hours, p.place,
p.contact_id, p.level, p.programmes, p.agreement_id, p.last_seq, p.status, p.status_at, p.deadline,
p.seats, p.begins_on, p.ends_on
"""


def _seen(actor: Actor) -> Condition:
    """The positions (as ``p``) that the actor sees: what has been open, and all of those kept."""
    kept = access.reach_agency(actor, Action.KEEP_POSITION, "p.agency_id")
    return Condition(f"(p.status <> 'draft' OR {kept.sql})", kept.parameters)


def get(db: Database, actor: Actor, position_id: int) -> Position:
    """A position. :raises NotFound: when it is missing, or a draft of another agency.
    :raises NotAllowed: without the right to see positions."""
    access.require(actor, Action.SEE_POSITIONS)
    seen = _seen(actor)
    row = db.one(
        f"SELECT {_COLUMNS} FROM position AS p "  # noqa: S608
        f"WHERE p.position_id = $position_id AND {seen.sql}",
        {"position_id": position_id, **seen.parameters},
    )
    if row is None:
        raise NotFound(_("There is no such position, or it is not shared with you."))
    return _position(row)


def planned(db: Database, actor: Actor, position_id: int) -> list[Seat]:
    """The seats of a position as they are planned now. Errors as for :func:`get`."""
    get(db, actor, position_id)
    return list(current_seats(db, position_id))


@dataclass(frozen=True)
class Filter:
    """Which positions are looked for. ``open_only`` are those that can be applied for today;
    ``level`` those that want it or any; ``kept`` those that the actor may change."""

    search: str = ""
    agency_id: str | None = None
    level: str | None = None
    place: str = ""
    open_only: bool = True
    kept: bool = False


@dataclass(frozen=True)
class Page:
    """A page of positions, and how many there are in all."""

    rows: tuple[Position, ...]
    total: int


def find(db: Database, actor: Actor, wanted: Filter, page: int = 1, size: int = PAGE_SIZE) -> Page:
    """A page (from 1) of the positions, the nearest deadline first.

    :raises NotAllowed: without the right to see positions.
    """
    access.require(actor, Action.SEE_POSITIONS)
    where, values = _conditions(actor, wanted)
    rows = db.rows(
        f"""
        SELECT {_COLUMNS}, count(*) OVER ()
        FROM position AS p
        WHERE {where}
        ORDER BY p.status = 'closed', p.deadline NULLS LAST, p.position_id
        LIMIT $size OFFSET $offset
        """,  # noqa: S608
        {**values, "size": size, "offset": (max(page, 1) - 1) * size},
    )
    found = tuple(_position(row[:-1]) for row in rows)
    return Page(found, int(rows[0][-1]) if rows else 0)


def _conditions(actor: Actor, wanted: Filter) -> tuple[str, dict[str, Any]]:
    seen = _seen(actor)
    parts, values = [seen.sql], dict(seen.parameters)
    if wanted.kept:
        kept = access.reach_agency(actor, Action.KEEP_POSITION, "p.agency_id")
        parts.append(kept.sql)
        values |= kept.parameters
    if wanted.agency_id:
        parts.append("p.agency_id = $agency_id")
        values["agency_id"] = wanted.agency_id
    if wanted.level:
        parts.append("(p.level IS NULL OR p.level = $level)")
        values["level"] = wanted.level
    if wanted.place:
        parts.append("p.place = $place")
        values["place"] = wanted.place
    if wanted.open_only:
        parts.append("p.status = 'open' AND (p.deadline IS NULL OR p.deadline >= $today)")
        values["today"] = clock.today()
    for number, word in enumerate(terms(wanted.search)):
        parts.append(f"contains(p.search_text, $word{number})")
        values[f"word{number}"] = word
    return " AND ".join(parts), values


def places(db: Database, actor: Actor) -> list[str]:
    """The places of the positions that the actor sees, by name."""
    access.require(actor, Action.SEE_POSITIONS)
    seen = _seen(actor)
    rows = db.rows(
        f"SELECT DISTINCT p.place FROM position AS p WHERE p.place <> '' AND {seen.sql}",  # noqa: S608
        seen.parameters,
    )
    return sorted(place for (place,) in rows)


def to_calendar(position: Position) -> bytes:
    """An iCalendar file (RFC 5545) with the deadline as a whole-day event.

    :raises Invalid: when there is none.
    """
    if position.deadline is None:
        raise Invalid(_("This position has no deadline."))
    entry = calendar_file.Entry(
        f"position-{position.position_id}",
        _("Apply at the latest: {what}").format(what=position.title),
        position.deadline,
        position.description.place,
    )
    return calendar_file.written([entry], "Positions")


def create(db: Database, actor: Actor, description: Description, plan: Sequence[Seat]) -> int:
    """Draft a position with its seats, and return its id.

    :raises InvalidFields: naming each field that is wrong. :raises NotAllowed: for others than the
        agency's own members and leads.
    """
    access.require_for_agency(actor, Action.KEEP_POSITION, description.agency_id)
    description = checked(db, description)
    check_plan(plan)
    with writing(db, actor, Action.KEEP_POSITION) as write:
        now = clock.now()
        position_id = _insert(write.tx, actor, description, plan, now)
        _append(write.tx, position_id, 1, "planned", None, actor, now)
        _store_seats(write.tx, position_id, 1, plan)
        write.subject = f"position:{position_id}"
        write.detail.update(agency=description.agency_id, seats=len(plan))
    return position_id


def edit(db: Database, actor: Actor, position_id: int, description: Description) -> None:
    """Change what a position says; whose it is stays. Errors as for :func:`create`, and
    :raises NotFound: as for :func:`get`."""
    known = get(db, actor, position_id)
    access.require_for_agency(actor, Action.KEEP_POSITION, known.description.agency_id)
    description = checked(db, replace(description, agency_id=known.description.agency_id))
    with writing(db, actor, Action.KEEP_POSITION, subject=f"position:{position_id}") as write:
        values = _values(description)
        assignments = ", ".join(f"{name} = ${name}" for name in values)
        write.tx.execute(
            f"UPDATE position SET {assignments} WHERE position_id = $position_id",  # noqa: S608
            {**values, "position_id": position_id},
        )
        write.detail["edited"] = [
            name for name in vars(description)
            if getattr(description, name) != getattr(known.description, name)
        ]  # fmt: skip


def plan_seats(
    db: Database, actor: Actor, position_id: int, plan: Sequence[Seat], *, expected_seq: int
) -> None:
    """Plan other seats. A seat that somebody has worked in stays, and its days stay within it.

    :raises Invalid, InvalidFields: for a plan that cannot be. :raises Conflict: when somebody
        changed the position meanwhile. Other errors as for :func:`edit`.
    """
    check_plan(plan)
    with _changing(db, actor, position_id, expected_seq) as change:
        _refuse_unless_holding(change.write.tx, position_id, plan)
        seq = change.append("planned")
        _store_seats(change.write.tx, position_id, seq, plan)
        change.write.tx.execute(
            "UPDATE position SET seats = ?, begins_on = ?, ends_on = ? WHERE position_id = ?",
            [len(plan), *_bounds(plan), position_id],
        )
        change.write.detail["seats"] = len(plan)


def open_position(
    db: Database, actor: Actor, position_id: int, deadline: date | None, *, expected_seq: int
) -> None:
    """Let students apply, until the end of the day ``deadline``, or until it is closed.

    Opened again, it gets another deadline. :raises Invalid: a deadline that has passed or comes
        after the last day of the seats, or a position without words in both languages. Other
        errors as for :func:`plan_seats`.
    """
    with _changing(db, actor, position_id, expected_seq) as change:
        if deadline is not None and deadline < clock.today():
            raise Invalid(_("The deadline has passed. Choose today or a later day."), "deadline")
        if deadline is not None and deadline > change.position.ends_on:
            said = _("The deadline is after the last day, {day}. Choose an earlier one.")
            last = date_text(change.position.ends_on)
            raise Invalid(said.format(day=last), "deadline")
        described = change.position.description
        missing = {
            f"{field}_{language}": _("Students read this in both languages. Write it here too.")
            for field in ("title", "text")
            for language in ("nb", "en")
            if not getattr(getattr(described, field), language)
        }
        if missing:
            raise InvalidFields(missing)
        change.append("opened", deadline)
        change.stand(OPEN, deadline)


def close(db: Database, actor: Actor, position_id: int, *, expected_seq: int) -> None:
    """Take no more applications. Errors as for :func:`plan_seats`.

    :raises Invalid: when it is not open.
    """
    with _changing(db, actor, position_id, expected_seq) as change:
        if change.position.status != OPEN:
            raise Invalid(_("The position is not open."))
        change.append("closed")
        change.stand(CLOSED, change.position.deadline)


class _Change:
    """A position under change: found to be the one expected, and appended to."""

    def __init__(self, write: Writing, actor: Actor, position: Position) -> None:
        self.write, self.actor, self.position = write, actor, position
        self.now = clock.now()

    def append(self, kind: str, deadline: date | None = None) -> int:
        """Append an event, and return its number."""
        position_id, seq = self.position.position_id, self.position.last_seq + 1
        _append(self.write.tx, position_id, seq, kind, deadline, self.actor, self.now)
        self.write.tx.execute(
            "UPDATE position SET last_seq = ? WHERE position_id = ?", [seq, position_id]
        )
        self.write.detail.update(seq=seq, kind=kind)
        return seq

    def stand(self, status: str, deadline: date | None) -> None:
        """Keep how it stands after the last event."""
        self.write.tx.execute(
            "UPDATE position SET status = ?, status_at = ?, deadline = ? WHERE position_id = ?",
            [status, self.now, deadline, self.position.position_id],
        )


@contextmanager
def _changing(db: Database, actor: Actor, position_id: int, expected_seq: int) -> Iterator[_Change]:
    access.require(actor, Action.KEEP_POSITION)
    get(db, actor, position_id)
    with writing(db, actor, Action.KEEP_POSITION, subject=f"position:{position_id}") as write:
        row = write.tx.one(
            f"SELECT {_COLUMNS} FROM position AS p WHERE p.position_id = ?",  # noqa: S608
            [position_id],
        )
        assert row is not None  # noqa: S101  (it was just found, and none is ever taken away)
        position = _position(row)
        access.require_for_agency(actor, Action.KEEP_POSITION, position.description.agency_id)
        if position.last_seq != expected_seq:
            raise Conflict(_conflict(write.tx, position))
        yield _Change(write, actor, position)


def _conflict(tx: Transaction, position: Position) -> str:
    by = tx.value(
        "SELECT actor_id FROM position_event WHERE position_id = ? AND seq = ?",
        [position.position_id, position.last_seq],
    )
    name = people.names(tx, [by]).get(by or 0) or _("Somebody else")
    said = _("{name} changed this position meanwhile. Look at it again before you go on.")
    return said.format(name=name)


def current_seats(reader: Database | Reader, position_id: int) -> tuple[Seat, ...]:
    """The seats of the last plan, by number; the caller checks the right to see them."""
    rows = reader.rows(
        """
        SELECT seat_no, begins_on, ends_on
        FROM planned_seat
        WHERE position_id = $position_id AND seq = (
            SELECT max(seq) FROM position_event
            WHERE position_id = $position_id AND kind = 'planned'
        )
        ORDER BY seat_no
        """,
        {"position_id": position_id},
    )
    return tuple(Seat(*row) for row in rows)


def _refuse_unless_holding(tx: Transaction, position_id: int, plan: Sequence[Seat]) -> None:
    """:raises Invalid: when somebody has worked outside the plan."""
    by_number = {seat.seat_no: seat for seat in plan}
    for seat_no, first, last in tx.rows(
        """
        SELECT seat_no, started_on, coalesce(ended_on, until_on, started_on) FROM application
        WHERE position_id = ? AND started_on IS NOT NULL ORDER BY ALL
        """,
        [position_id],
    ):
        seat = by_number.get(seat_no)
        if seat is None:
            said = _("Somebody has worked in seat {n}, so it cannot be taken away.")
            raise Invalid(said.format(n=seat_no), "seats")
        if not seat.begins_on <= first <= seat.ends_on or last > seat.ends_on:
            said = _("Seat {n} was held from {first} to {last}. Let its days hold these.")
            held = {"first": date_text(first), "last": date_text(last)}
            raise Invalid(said.format(n=seat_no, **held), "ends_on")


def check_plan(plan: Sequence[Seat]) -> None:
    """:raises InvalidFields: for what is wrong with the seats."""
    problems = {}
    if not 1 <= len(plan) <= MOST_SEATS:
        said = _("A position has from 1 to {n} seats.")
        problems["seats"] = said.format(n=number_text(MOST_SEATS))
    elif [seat.seat_no for seat in plan] != list(range(1, len(plan) + 1)):
        problems["seats"] = _("The seats are numbered from 1, without holes.")
    for seat in plan:
        if seat.ends_on < seat.begins_on:
            problems["ends_on"] = _("The last day is before the first. Change one of the dates.")
        if seat.begins_on < _EARLIEST or seat.ends_on > _LATEST:
            problems["begins_on"] = _("Check the year.")
    if problems:
        raise InvalidFields(problems)


def checked(db: Database, description: Description) -> Description:
    """The description tidied. :raises InvalidFields: for what is wrong with it."""
    tidied = replace(
        description,
        title=_tidied(description.title),
        text=_tidied(description.text),
        place=tidy(description.place),
        programmes=tidy(description.programmes),
    )
    problems = _written_wrong(tidied)
    if tidied.agency_id not in {one.id for one in agencies.listed(db)}:
        problems["agency_id"] = _("Choose one of the agencies in the list.")
    if not 0 < tidied.hours <= MOST_HOURS:
        said = _("Hours a week are more than 0 and at most {n}.")
        problems["hours"] = said.format(n=number_text(MOST_HOURS, 1))
    if tidied.level is not None and tidied.level not in LEVELS:
        problems["level"] = _("Choose one of the levels in the list.")
    agreed = reference.agreement(tidied.agreement_id)
    if tidied.agreement_id is not None and (agreed is None or agreed.agency_id != tidied.agency_id):
        problems["agreement_id"] = _("Choose an agreement of this agency.")
    if tidied.contact_id is not None and not db.value(
        "SELECT count(*) FROM contact WHERE contact_id = ? AND agency_id = ?",
        [tidied.contact_id, tidied.agency_id],
    ):
        problems["contact_id"] = _("Choose a contact person of this agency.")
    if problems:
        raise InvalidFields(problems)
    return tidied


def _written_wrong(tidied: Description) -> dict[str, str]:
    said = {
        "title_nb": (tidied.title.nb, "title"),
        "title_en": (tidied.title.en, "title"),
        "text_nb": (tidied.text.nb, "position_text"),
        "text_en": (tidied.text.en, "position_text"),
        "place": (tidied.place, "place"),
        "programmes": (tidied.programmes, "programmes"),
    }
    problems = {
        field: fault
        for field, (text, limit) in said.items()
        if (fault := problem_with(text, limit))
    }
    if not tidied.title.nb and not tidied.title.en:
        problems["title_nb"] = _("The position needs a title.")
    return problems


def _tidied(text: Text) -> Text:
    return Text(tidy(text.nb), tidy(text.en))


def _values(one: Description) -> dict[str, Any]:
    said = (one.title.nb, one.title.en, one.place, one.programmes, one.text.nb, one.text.en)
    return {
        "agency_id": one.agency_id, "agreement_id": one.agreement_id, "title_nb": one.title.nb,
        "title_en": one.title.en, "text_nb": one.text.nb, "text_en": one.text.en,
        "hours": one.hours, "place": one.place, "contact_id": one.contact_id, "level": one.level,
        "programmes": one.programmes, "search_text": fold(" ".join(said)),
    }  # fmt: skip


def _insert(
    tx: Transaction, actor: Actor, one: Description, plan: Sequence[Seat], now: datetime
) -> int:
    begins_on, ends_on = _bounds(plan)
    values = {
        **_values(one), "created_by": actor.person_id, "created_at": now, "last_seq": 1,
        "status": DRAFT, "status_at": now, "seats": len(plan), "begins_on": begins_on,
        "ends_on": ends_on,
    }  # fmt: skip
    names = ", ".join(values)
    marks = ", ".join(f"${name}" for name in values)
    sql = f"INSERT INTO position ({names}) VALUES ({marks}) RETURNING position_id"  # noqa: S608
    return int(tx.value(sql, values))


def _bounds(plan: Sequence[Seat]) -> tuple[date, date]:
    return min(seat.begins_on for seat in plan), max(seat.ends_on for seat in plan)


def _append(
    tx: Transaction,
    position_id: int,
    seq: int,
    kind: str,
    deadline: date | None,
    actor: Actor,
    occurred_at: datetime,
    recorded_at: datetime | None = None,
) -> None:
    tx.execute(
        """
        INSERT INTO position_event (position_id, seq, kind, deadline, timing, occurred_at,
                                    recorded_at, actor_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            position_id,
            seq,
            kind,
            deadline,
            "imported" if recorded_at else "exact",
            occurred_at,
            recorded_at or occurred_at,
            actor.person_id,
        ],
    )


def bring_in(
    tx: Transaction,
    actor: Actor,
    ref: str,
    description: Description,
    plan: Sequence[Seat],
    happened: Sequence[tuple[str, date | None, datetime]],
    *,
    recorded_at: datetime | None,
) -> int:
    """Add a position that an import tells of, with what happened to it (kind, deadline, when), the
    plan first; return its id. ``recorded_at`` is when it was learned of; None: as it happened. Part
    of a transaction that is audited by its caller."""
    position_id = _insert(tx, actor, description, plan, recorded_at or happened[0][2])
    _store_seats(tx, position_id, 1, plan)
    for seq, (kind, deadline, when) in enumerate(happened, 1):
        _append(tx, position_id, seq, kind, deadline, actor, when, recorded_at)
    last_kind, _last_deadline, last_at = happened[-1]
    deadlines = [deadline for kind, deadline, _when in happened if kind == "opened"]
    tx.execute(
        """
        UPDATE position SET ref = ?, last_seq = ?, status = ?, status_at = ?, deadline = ?
        WHERE position_id = ?
        """,
        [
            ref, len(happened), {"opened": OPEN, "closed": CLOSED}.get(last_kind, DRAFT), last_at,
            deadlines[-1] if deadlines else None, position_id,
        ],
    )  # fmt: skip
    return position_id


def _store_seats(tx: Transaction, position_id: int, seq: int, plan: Sequence[Seat]) -> None:
    tx.executemany(
        """
        INSERT INTO planned_seat (position_id, seq, seat_no, begins_on, ends_on)
        VALUES (?, ?, ?, ?, ?)
        """,
        [[position_id, seq, seat.seat_no, seat.begins_on, seat.ends_on] for seat in plan],
    )


def _position(row: tuple[Any, ...]) -> Position:
    key, agency_id, title_nb, title_en, text_nb, text_en, *rest = row
    hours, place, contact_id, level, programmes, agreement_id, *standing = rest
    described = Description(
        agency_id, Text(title_nb, title_en), Text(text_nb, text_en), hours, place, contact_id,
        level, programmes, agreement_id,
    )  # fmt: skip
    return Position(key, described, *standing)
