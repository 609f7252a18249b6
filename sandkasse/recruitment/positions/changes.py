"""Drafting a position, planning its seats, opening and closing it: what is decided is appended."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sandkasse import access, clock, people
from sandkasse.access import Action, Writing, writing
from sandkasse.application import Seat
from sandkasse.database import Database, Transaction
from sandkasse.errors import Conflict, Invalid, InvalidFields
from sandkasse.i18n import _, date_text
from sandkasse.people import Actor
from sandkasse.recruitment.positions.description import Description, checked
from sandkasse.recruitment.positions.plans import (
    bounds,
    check_plan,
    refuse_unless_holding,
    store_seats,
)
from sandkasse.recruitment.positions.register import (
    CLOSED,
    COLUMNS,
    DRAFT,
    OPEN,
    Position,
    get,
    of_row,
)
from sandkasse.search import fold


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
        store_seats(write.tx, position_id, 1, plan)
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
    with _changing(db, actor, position_id, expected_seq) as change:
        check_plan(plan)
        refuse_unless_holding(change.write.tx, position_id, plan)
        seq = change.append("planned")
        store_seats(change.write.tx, position_id, seq, plan)
        change.write.tx.execute(
            "UPDATE position SET seats = ?, begins_on = ?, ends_on = ? WHERE position_id = ?",
            [len(plan), *bounds(plan), position_id],
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
            f"SELECT {COLUMNS} FROM position AS p WHERE p.position_id = ?",  # noqa: S608
            [position_id],
        )
        assert row is not None  # noqa: S101  (it was just found, and none is ever taken away)
        position = of_row(row)
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
    begins_on, ends_on = bounds(plan)
    values = {
        **_values(one), "created_by": actor.person_id, "created_at": now, "last_seq": 1,
        "status": DRAFT, "status_at": now, "seats": len(plan), "begins_on": begins_on,
        "ends_on": ends_on,
    }  # fmt: skip
    names = ", ".join(values)
    marks = ", ".join(f"${name}" for name in values)
    sql = f"INSERT INTO position ({names}) VALUES ({marks}) RETURNING position_id"  # noqa: S608
    return int(tx.value(sql, values))


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
    store_seats(tx, position_id, 1, plan)
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
