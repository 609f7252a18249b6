"""Contact people at the agencies: whom to call about what, since when, and until when.

What is written about them is changed in place; what it said before is kept, field by field. Nobody
is removed: a contact who has left stays, with the last day, so that those who depended on that
person see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sandkasse import access, addresses, agencies, clock
from sandkasse.access import Action, Writing, writing
from sandkasse.database import Database, Reader
from sandkasse.errors import Conflict, Invalid, InvalidFields, NotFound
from sandkasse.i18n import N_, _
from sandkasse.people import Actor
from sandkasse.search import words
from sandkasse.texts import problem_with, tidy

PAGE_SIZE = 20
_TERMS = 8

FIELD_NAMES = {
    "name": N_("Name"),
    "title": N_("Job title"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "subject": N_("Ask about"),
    "valid_from": N_("First day"),
    "valid_to": N_("Last day"),
}


@dataclass(frozen=True)
class Card:
    """What is written about a contact person. ``phone`` is kept in the form +4722222222;
    ``valid_from`` is the first day, ``valid_to`` the last one, None while it is not known."""

    name: str = ""
    title: str = ""
    phone: str = ""
    email: str = ""
    subject: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Contact:
    """A contact person. ``version`` is what a change must name as the one it was based on."""

    contact_id: int
    agency_id: str
    card: Card
    version: int

    @property
    def left(self) -> bool:
        """Whether the last day is past."""
        return self.card.valid_to is not None and self.card.valid_to < clock.today()


@dataclass(frozen=True)
class Filter:
    """Which contact people: by words, by agency (None: all), and whether those who are there or
    those who have left (None: both)."""

    search: str = ""
    agency_id: str | None = None
    left: bool | None = False


@dataclass(frozen=True)
class Page:
    """A page of contact people, and how many there are in all."""

    rows: tuple[Contact, ...]
    total: int


@dataclass(frozen=True)
class Change:
    """One field of a contact person that was written or changed; version 1 is the first writing.
    ``recorded_at`` is aware UTC."""

    version: int
    field: str
    before: str | None
    after: str | None
    actor: str
    recorded_at: datetime


@dataclass(frozen=True)
class Depending:
    """Ideas (id, title) with an open matter that goes through a contact person: the first of them,
    and how many there are in all."""

    ideas: tuple[tuple[int, str], ...]
    total: int


_COLUMNS = """
c.contact_id, c.agency_id, c.name, c.title, c.phone, c.email, c.subject, c.valid_from, c.valid_to,
(SELECT coalesce(max(e.version), 0) FROM contact_edit AS e WHERE e.contact_id = c.contact_id)
"""


def _contact(row: tuple[Any, ...]) -> Contact:
    contact_id, agency_id, *card, version = row
    return Contact(contact_id, agency_id, Card(*card), version)


def find(db: Database, actor: Actor, wanted: Filter, page: int = 1, size: int = PAGE_SIZE) -> Page:
    """A page (from 1) of contact people: each word of the search begins a word of what is written
    about them, or of their agency's name. Those whose name it begins come first.

    :raises NotAllowed: without the right to the directory.
    """
    access.require(actor, Action.SEE_AGENCIES)
    where, parameters = _conditions(db, wanted)
    order = "lower(c.name) COLLATE NOACCENT, c.contact_id"
    if wanted.left:
        order = f"c.valid_to DESC, {order}"
    if "word0" in parameters:
        order = f"strpos(' ' || c.search_text, ' ' || $word0) <> 1, {order}"
    rows = db.rows(
        f"""
        WITH chosen AS (
            SELECT c.*, count(*) OVER () AS total
            FROM contact AS c WHERE {where} ORDER BY {order} LIMIT $size OFFSET $offset
        )
        SELECT c.total, {_COLUMNS} FROM chosen AS c ORDER BY {order}
        """,  # noqa: S608
        {**parameters, "size": size, "offset": (max(page, 1) - 1) * size},
    )
    return Page(tuple(_contact(row[1:]) for row in rows), int(rows[0][0]) if rows else 0)


def _conditions(db: Database, wanted: Filter) -> tuple[str, dict[str, Any]]:
    parts = ["TRUE"]
    parameters: dict[str, Any] = {}
    if wanted.agency_id is not None:
        parts.append("c.agency_id = $agency_id")
        parameters["agency_id"] = wanted.agency_id
    if wanted.left is not None:
        parts.append("(c.valid_to IS NOT NULL AND c.valid_to < $today) = $left")
        parameters |= {"today": clock.today(), "left": wanted.left}
    terms = words(wanted.search)[:_TERMS]
    known = agencies.listed(db) if terms else []
    for number, word in enumerate(terms):
        parts.append(
            f"(contains(' ' || c.search_text, ' ' || $word{number})"
            f" OR c.agency_id IN (SELECT unnest($named{number}::VARCHAR[])))"
        )
        parameters |= {f"word{number}": word, f"named{number}": agencies.named(known, word)}
    return " AND ".join(parts), parameters


def get(db: Database, actor: Actor, contact_id: int) -> Contact:
    """The contact person with this id, who may have left.

    :raises NotFound: when there is none. :raises NotAllowed: without the right to the directory.
    """
    access.require(actor, Action.SEE_AGENCIES)
    return _get(db, contact_id)


def _get(reader: Database | Reader, contact_id: int) -> Contact:
    row = reader.one(
        f"SELECT {_COLUMNS} FROM contact AS c WHERE c.contact_id = ?",  # noqa: S608
        [contact_id],
    )
    if row is None:
        raise NotFound(_("There is no such contact person."))
    return _contact(row)


def history(db: Database, actor: Actor, contact_id: int) -> list[Change]:
    """What was written and changed about a contact person, latest first. It holds what no longer
    counts, so it is read by those who may edit.

    :raises NotFound: when there is none. :raises NotAllowed: without the right to edit.
    """
    contact = get(db, actor, contact_id)
    access.require_for_agency(actor, Action.EDIT_DIRECTORY, contact.agency_id)
    rows = db.rows(
        """
        SELECT e.version, e.field, e.before, e.after, coalesce(p.name, ''), e.recorded_at
        FROM contact_edit AS e LEFT JOIN person AS p ON p.person_id = e.actor_id
        WHERE e.contact_id = ? ORDER BY e.version DESC, e.field
        """,
        [contact_id],
    )
    return [Change(*row) for row in rows]


def depending(
    db: Database, actor: Actor, contact_ids: Sequence[int], most: int = 10
) -> dict[int, Depending]:
    """The ideas that ``actor`` may see and that have an open matter through these contact people,
    by contact person; those without are left out. At most ``most`` ideas each, by title.

    :raises NotAllowed: without the right to the directory.
    """
    access.require(actor, Action.SEE_AGENCIES)
    if not contact_ids:
        return {}
    seen = access.reach(actor, Action.SEE_IDEA)
    rows = db.rows(
        f"""
        WITH depends AS (   -- one row a contact person and idea
            SELECT DISTINCT t.contact_id, i.idea_id, i.title
            FROM touchpoint AS t JOIN idea AS i ON i.idea_id = t.idea_id
            WHERE t.contact_id IN (SELECT unnest($contact_ids::BIGINT[]))
              AND t.state NOT IN ('decided', 'closed') AND i.exit_id IS NULL AND ({seen.sql})
        )
        SELECT contact_id, idea_id, title, count(*) OVER (PARTITION BY contact_id)
        FROM depends
        QUALIFY row_number() OVER (PARTITION BY contact_id ORDER BY title, idea_id) <= $most
        ORDER BY contact_id, title, idea_id
        """,  # noqa: S608
        {**seen.parameters, "contact_ids": list(contact_ids), "most": most},
    )
    found: dict[int, Depending] = {}
    for contact_id, idea_id, title, total in rows:
        before = found.get(contact_id, Depending((), total))
        found[contact_id] = replace(before, ideas=(*before.ideas, (idea_id, title)))
    return found


def add(db: Database, actor: Actor, agency_id: str, card: Card) -> int:
    """Add a contact person to an agency and return the id.

    :raises InvalidFields: naming every field that breaks a rule. :raises Invalid: an unknown
        agency. :raises NotAllowed: for others than leads and the agency's own members.
    """
    access.require_for_agency(actor, Action.EDIT_DIRECTORY, agency_id)
    if agency_id not in {agency.id for agency in agencies.listed(db)}:
        raise Invalid(_("Choose an agency from the list."), "agency")
    card = checked(card)
    with writing(db, actor, Action.EDIT_DIRECTORY) as write:
        contact_id = int(
            write.tx.value(
                """
                INSERT INTO contact (agency_id, name, title, phone, email, subject, valid_from,
                    valid_to, search_text, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING contact_id
                """,
                [agency_id, *vars(card).values(), _searchable(card), clock.now()],
            )
        )
        write.subject = f"contact:{contact_id}"
        _keep(write, actor, contact_id, 1, _differences(Card(), card))
    return contact_id


def change(db: Database, actor: Actor, contact_id: int, card: Card, expected_version: int) -> None:
    """Change what is written about a contact person; what it said is kept. Nothing changed writes
    nothing.

    :raises InvalidFields: naming every field that breaks a rule. :raises Conflict: when somebody
        changed it meanwhile, saying who. :raises NotFound: when there is none.
    :raises NotAllowed: for others than leads and the agency's own members.
    """
    before = get(db, actor, contact_id)
    access.require_for_agency(actor, Action.EDIT_DIRECTORY, before.agency_id)
    card = checked(card)
    if card == before.card and before.version == expected_version:
        return
    with writing(db, actor, Action.EDIT_DIRECTORY, subject=f"contact:{contact_id}") as write:
        _refuse_if_changed(write, contact_id, expected_version)
        write.tx.execute(
            """
            UPDATE contact SET name = ?, title = ?, phone = ?, email = ?, subject = ?,
                valid_from = ?, valid_to = ?, search_text = ?
            WHERE contact_id = ?
            """,
            [*vars(card).values(), _searchable(card), contact_id],
        )
        changed = _differences(before.card, card)
        _keep(write, actor, contact_id, expected_version + 1, changed)


def mark_left(
    db: Database, actor: Actor, contact_id: int, last_day: date | None, expected_version: int
) -> None:
    """Say what a contact person's last day at the agency was, or will be; None takes it back.

    Errors as for :func:`change`.
    """
    card = get(db, actor, contact_id).card
    change(db, actor, contact_id, replace(card, valid_to=last_day), expected_version)


def checked(card: Card) -> Card:
    """The card in the form in which it is kept.

    :raises InvalidFields: naming every field that breaks a rule.
    """
    texts = {name: tidy(getattr(card, name)) for name in ("name", "title", "subject")}
    problems = {
        field: fault
        for field, text in texts.items()
        if (fault := problem_with(text, field) or _broken(field, text))
    }
    if not texts["name"]:
        problems["name"] = _("Write the name of the contact person.")
    for field, form in (("phone", addresses.phone), ("email", addresses.email)):
        written = tidy(getattr(card, field))
        try:
            texts[field] = form(written) if written else ""
        except Invalid as fault:
            problems[field] = fault.message
    if not tidy(card.phone) and not tidy(card.email):
        problems["phone"] = _("Write a phone number or an e-mail address, or both.")
    if card.valid_from and card.valid_to and card.valid_to < card.valid_from:
        problems["valid_to"] = _("The last day cannot be before the first one.")
    if problems:
        raise InvalidFields(problems)
    return replace(card, **texts)  # type: ignore[arg-type]


def _broken(field: str, text: str) -> str | None:
    return _("Write it in one line.") if field != "subject" and "\n" in text else None


def _searchable(card: Card) -> str:
    return " ".join(words(f"{card.name} {card.title} {card.subject} {card.email}"))


def _refuse_if_changed(write: Writing, contact_id: int, expected_version: int) -> None:
    last = write.tx.one(
        """
        SELECT e.version, coalesce(p.name, '')
        FROM contact_edit AS e LEFT JOIN person AS p ON p.person_id = e.actor_id
        WHERE e.contact_id = ? ORDER BY e.version DESC LIMIT 1
        """,
        [contact_id],
    )
    version, name = last or (0, "")
    if version == expected_version:
        return
    who = name or _("Somebody")
    raise Conflict(
        _("{name} changed this contact person meanwhile. Look again before you change it.").format(
            name=who
        )
    )


def _differences(before: Card, after: Card) -> dict[str, tuple[object, object]]:
    pairs = {
        one.name: (getattr(before, one.name), getattr(after, one.name)) for one in fields(Card)
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _keep(
    write: Writing,
    actor: Actor,
    contact_id: int,
    version: int,
    changed: dict[str, tuple[object, object]],
) -> None:
    write.detail["fields"] = sorted(changed)
    write.tx.executemany(
        """
        INSERT INTO contact_edit (contact_id, version, field, before, after, actor_id, recorded_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        [
            [contact_id, version, field, *map(_as_text, pair), actor.person_id, clock.now()]
            for field, pair in changed.items()
        ],
    )


def _as_text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)
