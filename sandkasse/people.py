"""People, their roles, and how somebody becomes one.

The identity provider's subject is the key; names and addresses may change. Roles are given and
taken by leads; every change is kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sandkasse import clock
from sandkasse.database import Database, Reader, Transaction
from sandkasse.errors import NotAllowed, NotFound
from sandkasse.i18n import N_, _


class Role(StrEnum):
    """What somebody does in the programme."""

    STUDENT = "student"
    MENTOR = "mentor"
    MEMBER = "member"
    LEAD = "lead"


ROLE_NAMES = {
    Role.STUDENT: N_("Student"),
    Role.MENTOR: N_("Mentor"),
    Role.MEMBER: N_("Member"),
    Role.LEAD: N_("Lead"),
}

PAGE_SIZE = 25

LEVELS = ("BSc", "MSc", "PhD")
LEVEL_NAMES = {"BSc": N_("Bachelor"), "MSc": N_("Master"), "PhD": N_("PhD")}


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: what every read and write for a person is given."""

    person_id: int
    name: str
    roles: frozenset[Role]
    agency_id: str | None = None

    def has(self, *roles: Role) -> bool:
        """Whether the actor has at least one of ``roles``."""
        return not self.roles.isdisjoint(roles)


#: The one who runs the server: the command line, and the first filling of a database.
OPERATOR = Actor(person_id=0, name="", roles=frozenset({Role.LEAD}))


@dataclass(frozen=True)
class Person:
    """Somebody as the people page shows them."""

    person_id: int
    name: str
    email: str | None
    roles: frozenset[Role]
    agency_id: str | None
    level: str | None
    language: str | None
    blocked: bool


# One row a person among `chosen`, with the roles held now.
_WITH_ROLES = """
SELECT p.person_id, p.name, p.email, list(r.role) FILTER (r.role IS NOT NULL) AS roles,
       p.agency_id, p.level, p.language, p.blocked_at IS NOT NULL AS blocked
FROM chosen AS p
LEFT JOIN (
    SELECT person_id, role FROM role_change
    WHERE person_id IN (SELECT person_id FROM chosen)
    GROUP BY person_id, role
    HAVING arg_max(granted, seq)
) AS r ON r.person_id = p.person_id
GROUP BY ALL
ORDER BY p.name, p.person_id
"""


def _person(row: tuple[object, ...]) -> Person:
    person_id, name, email, roles, agency_id, level, language, blocked = row
    held = roles if isinstance(roles, list) else []
    return Person(
        person_id=int(str(person_id)),
        name=str(name),
        email=None if email is None else str(email),
        roles=frozenset(Role(role) for role in held),
        agency_id=None if agency_id is None else str(agency_id),
        level=None if level is None else str(level),
        language=None if language is None else str(language),
        blocked=bool(blocked),
    )


def find(db: Database, person_id: int) -> Person:
    """The person with this id.

    :raises NotFound: when there is none.
    """
    described = db.one(
        """
        SELECT person_id, name, email, agency_id, level, language, blocked_at IS NOT NULL
        FROM person WHERE person_id = ?
        """,
        [person_id],
    )
    if described is None:
        raise NotFound(_("There is no such person."))
    held = db.rows(
        """
        SELECT role FROM role_change WHERE person_id = ?
        GROUP BY role HAVING arg_max(granted, seq)
        """,
        [person_id],
    )
    found, name, email, *others = described
    return _person((found, name, email, [role for (role,) in held], *others))


def actor_of(db: Database, person_id: int) -> Actor:
    """The person as somebody who acts.

    :raises NotFound: when there is none.
    :raises NotAllowed: when a lead has blocked the person.
    """
    person = find(db, person_id)
    if person.blocked:
        raise NotAllowed(_("Your access has been closed. Ask the project lead."))
    return Actor(person.person_id, person.name, person.roles, person.agency_id)


def by_subject(db: Database, subject: str) -> int | None:
    """The id of the person whom the identity provider calls ``subject``, or None."""
    found = db.value("SELECT person_id FROM person WHERE subject = ?", [subject])
    return None if found is None else int(found)


def by_subjects(db: Database, subjects: Sequence[str]) -> dict[str, int]:
    """The ids of those of ``subjects`` who are known, by subject."""
    return dict(
        db.rows(
            "SELECT subject, person_id FROM person WHERE subject IN (SELECT unnest(?))",
            [list(subjects)],
        )
    )


# Without a role asked for, nobody's roles have to be worked out but those of the page.
_FOUND = """
FROM person AS p
WHERE ($search = '' OR contains(strip_accents(lower(p.name || ' ' || coalesce(p.email, ''))),
                                strip_accents(lower($search))))
  AND ($role IS NULL OR p.person_id IN (
      SELECT person_id FROM current_role_of WHERE role = $role))
"""


@dataclass(frozen=True)
class People:
    """A page of people, and how many there are in all."""

    rows: tuple[Person, ...]
    total: int


def listed(
    db: Database, search: str = "", role: Role | None = None, page: int = 1, size: int = PAGE_SIZE
) -> People:
    """A page (from 1) of the people, by name, whose name or address holds ``search``.

    For screens of leads; the caller checks the right to see people.
    """
    wanted = {"search": search.strip(), "role": role}
    total = db.value(f"SELECT count(*) {_FOUND}", wanted)
    rows = db.rows(
        f"""
        WITH chosen AS (
            SELECT p.* {_FOUND} ORDER BY p.name, p.person_id LIMIT $size OFFSET $offset
        )
        {_WITH_ROLES}
        """,
        {**wanted, "size": size, "offset": (max(page, 1) - 1) * size},
    )
    return People(tuple(map(_person, rows)), int(total))


def waiting(db: Database) -> list[Person]:
    """Who has signed in and waits for a first role, by name. Whoever once had a role does not wait:
    a lead has decided.

    For screens of leads; the caller checks the right to see people.
    """
    rows = db.rows(
        f"""
        WITH chosen AS (
            FROM person
            WHERE subject IS NOT NULL AND blocked_at IS NULL
              AND person_id NOT IN (SELECT person_id FROM role_change)
        )
        {_WITH_ROLES}
        """  # noqa: S608
    )
    return list(map(_person, rows))


def mentors(db: Database) -> list[Person]:
    """Everybody who can mentor, by name."""
    rows = db.rows(
        f"""
        WITH chosen AS (
            FROM person
            WHERE blocked_at IS NULL
              AND person_id IN (SELECT person_id FROM current_role_of WHERE role = 'mentor')
        )
        {_WITH_ROLES}
        """  # noqa: S608
    )
    return list(map(_person, rows))


def names(db: Database | Reader, person_ids: Iterable[int | None]) -> dict[int, str]:
    """The names of these people, by id."""
    wanted = sorted({person_id for person_id in person_ids if person_id is not None})
    if not wanted:
        return {}
    return dict(
        db.rows(
            "SELECT person_id, name FROM person WHERE person_id IN (SELECT unnest(?))", [wanted]
        )
    )


def add(
    tx: Transaction,
    name: str,
    *,
    subject: str | None = None,
    email: str | None = None,
    level: str | None = None,
    agency_id: str | None = None,
) -> int:
    """Add a person and return the id; part of a transaction that is audited by its caller."""
    return int(
        tx.value(
            """
            INSERT INTO person (subject, name, email, level, agency_id, created_at)
            VALUES (?, ?, ?, ?, ?, ?) RETURNING person_id
            """,
            [subject, name, email, level, agency_id, clock.now()],
        )
    )


def grant(
    tx: Transaction, person_id: int, role: Role, *, granted: bool, actor_id: int | None
) -> None:
    """Give or take a role; part of a transaction that is audited by its caller."""
    tx.execute(
        """
        INSERT INTO role_change (person_id, seq, role, granted, actor_id, recorded_at)
        SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ? FROM role_change WHERE person_id = ?
        """,
        [person_id, role, granted, actor_id, clock.now(), person_id],
    )
