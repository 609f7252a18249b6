"""Who has applied: as a board with a column for each step, and as a list. For the agency."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sandkasse import access
from sandkasse.access import Action
from sandkasse.application import LEFT, STEPS, Kind
from sandkasse.database import Database
from sandkasse.people import Actor
from sandkasse.recruitment.applications import COLUMNS, FROM, Application, of_row
from sandkasse.search import terms

PAGE_SIZE = 20
CARDS_A_COLUMN = 10
#: The columns of the board: the steps, and those who have left, in work or before.
BOARD = (*STEPS, Kind.ENDED, *LEFT)


@dataclass(frozen=True)
class Filter:
    """Which applications are looked for; ``state`` a kind that is a state."""

    position_id: int | None = None
    agency_id: str | None = None
    state: Kind | None = None
    search: str = ""


@dataclass(frozen=True)
class Page:
    """A page of applications, and how many there are in all."""

    rows: tuple[Application, ...]
    total: int


@dataclass(frozen=True)
class Column:
    """A state with how many applications are in it, and the cards on show."""

    state: Kind
    total: int
    cards: tuple[Application, ...]


def find(db: Database, actor: Actor, wanted: Filter, page: int = 1, size: int = PAGE_SIZE) -> Page:
    """A page (from 1) of the applications that the actor handles, longest in their state first.

    :raises NotAllowed: for others than agencies' members and leads.
    """
    where, values = _conditions(actor, wanted)
    first = (max(page, 1) - 1) * size
    ids = db.rows(_PAGE.format(where=where), {**values, "size": size, "offset": first})
    found = _fetched(db, [key for key, _total in ids])
    return Page(tuple(found), int(ids[0][1]) if ids else 0)


_PAGE = f"""
SELECT a.application_id, count(*) OVER ()
FROM {FROM}
WHERE {{where}}
ORDER BY a.state_at, a.application_id
LIMIT $size OFFSET $offset
"""  # noqa: S608


def board(
    db: Database,
    actor: Actor,
    wanted: Filter,
    pages: Sequence[tuple[str, int]] = (),
    size: int = CARDS_A_COLUMN,
) -> list[Column]:
    """The board's columns, longest in the state first. ``pages`` pairs a state with the page of it
    that is wanted, from 1. Errors as for :func:`find`."""
    where, values = _conditions(actor, wanted)
    rows = db.rows(_FIRST_OF_EACH.format(where=where, size=size), values)
    totals = {state: int(total) for state, total, _first in rows}
    shown = {state: first for state, _total, first in rows}
    for state, page in pages:
        if page > 1 and state in shown:
            conditions, of_state = _conditions(actor, replace(wanted, state=Kind(state)))
            beyond = {"size": size, "offset": (page - 1) * size}
            keys = db.rows(_PAGE.format(where=conditions), {**of_state, **beyond})
            shown[state] = [key for key, _total in keys]
    cards: dict[Kind, list[Application]] = {}
    for one in _fetched(db, [key for keys in shown.values() for key in keys]):
        cards.setdefault(one.state, []).append(one)
    return [Column(state, totals.get(state, 0), tuple(cards.get(state, ()))) for state in BOARD]


# One row a state: how many are in it, and those on its first page, without sorting the others.
_FIRST_OF_EACH = f"""
SELECT a.state, count(*),
       arg_min(a.application_id, happened(a.state_at, a.application_id), {{size}})
FROM {FROM}
WHERE {{where}}
GROUP BY a.state
"""  # noqa: S608


def _fetched(db: Database, application_ids: Sequence[int]) -> list[Application]:
    rows = db.rows(
        f"""
        SELECT {COLUMNS} FROM {FROM}
        WHERE a.application_id IN (SELECT unnest(?::BIGINT[]))
        ORDER BY a.state_at, a.application_id
        """,  # noqa: S608
        [list(application_ids)],
    )
    return [of_row(row) for row in rows]


def _conditions(actor: Actor, wanted: Filter) -> tuple[str, dict[str, Any]]:
    access.require(actor, Action.HANDLE_APPLICATION)
    reach = access.reach_application(actor, Action.HANDLE_APPLICATION)
    parts, values = [f"({reach.sql})"], dict(reach.parameters)
    for column, value in (
        ("a.position_id", wanted.position_id),
        ("p.agency_id", wanted.agency_id),
        ("a.state", wanted.state),
    ):
        if value is not None:
            name = column.replace(".", "_")
            parts.append(f"{column} = ${name}")
            values[name] = value
    for number, word in enumerate(terms(wanted.search)):
        parts.append(
            "contains(strip_accents(lower(coalesce(nullif(a.name, ''), w.name, ''))), "
            f"strip_accents($word{number}))"
        )
        values[f"word{number}"] = word
    return " AND ".join(parts), values
