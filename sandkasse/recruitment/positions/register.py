"""Positions as they stand: finding them, and reading one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sandkasse import access, calendar_file, clock
from sandkasse.access import Action, Condition
from sandkasse.application import Seat
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.i18n import _, language
from sandkasse.journeys import Text
from sandkasse.people import Actor
from sandkasse.recruitment.positions.description import Description
from sandkasse.recruitment.positions.plans import OF_LAST_PLAN, current_seats
from sandkasse.search import terms

PAGE_SIZE = 20
DRAFT, OPEN, CLOSED = "draft", "open", "closed"


@dataclass(frozen=True)
class Position:
    """A position as it stands. ``deadline`` is the last day to apply; ``begins_on`` and ``ends_on``
    the first and the last day of its seats."""

    position_id: int
    description: Description
    last_seq: int
    status: str
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


COLUMNS = """
p.position_id, p.agency_id, p.title_nb, p.title_en, p.text_nb, p.text_en, p.hours, p.place,
p.contact_id, p.level, p.programmes, p.agreement_id, p.last_seq, p.status, p.deadline,
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
        f"SELECT {COLUMNS} FROM position AS p "  # noqa: S608
        f"WHERE p.position_id = $position_id AND {seen.sql}",
        {"position_id": position_id, **seen.parameters},
    )
    if row is None:
        raise access.out_of_reach(Action.SEE_POSITIONS, "position", position_id)
    return of_row(row)


def vacant(db: Database, actor: Actor, position_ids: Sequence[int]) -> dict[int, int]:
    """How many seats of each of these positions nobody works in, today or later.

    :raises NotAllowed: without the right to see positions. A position that the actor does not see
        is left out.
    """
    access.require(actor, Action.SEE_POSITIONS)
    seen = _seen(actor)
    rows = db.rows(
        f"""
        SELECT p.position_id,
               count(DISTINCT s.seat_no) FILTER (s.ends_on >= $today AND a.seat_no IS NULL)
        FROM position AS p
        LEFT JOIN (FROM planned_seat AS s WHERE {OF_LAST_PLAN}) AS s
            ON s.position_id = p.position_id
        LEFT JOIN application AS a ON a.position_id = p.position_id AND a.seat_no = s.seat_no
            AND a.started_on IS NOT NULL AND coalesce(a.ended_on, $today) >= $today
        WHERE p.position_id IN (SELECT unnest($position_ids::BIGINT[])) AND {seen.sql}
        GROUP BY p.position_id
        """,  # noqa: S608
        {"position_ids": list(position_ids), "today": clock.today(), **seen.parameters},
    )
    return {int(position_id): int(n) for position_id, n in rows}


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
        SELECT {COLUMNS}, count(*) OVER ()
        FROM position AS p
        WHERE {where}
        ORDER BY p.status = 'closed', p.deadline NULLS LAST, p.position_id
        LIMIT $size OFFSET $offset
        """,  # noqa: S608
        {**values, "size": size, "offset": (max(page, 1) - 1) * size},
    )
    found = tuple(of_row(row[:-1]) for row in rows)
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


def of_row(row: tuple[Any, ...]) -> Position:
    key, agency_id, title_nb, title_en, text_nb, text_en, *rest = row
    hours, place, contact_id, level, programmes, agreement_id, *standing = rest
    described = Description(
        agency_id, Text(title_nb, title_en), Text(text_nb, text_en), hours, place, contact_id,
        level, programmes, agreement_id,
    )  # fmt: skip
    return Position(key, described, *standing)
