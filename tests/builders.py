"""Short ways to the people and ideas that tests are about."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sandkasse import clock, contacts, ideas, meetings, people
from sandkasse.application import Kind
from sandkasse.contacts import Card
from sandkasse.database import Database
from sandkasse.demo import Persona
from sandkasse.descriptions import Description
from sandkasse.journeys import Text
from sandkasse.people import Actor, Role
from sandkasse.recruitment import applications, positions

JOURNEY = "student-startup"
#: When the clock of the fixture `time` stands.
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """A student and a team-mate, two mentors, a member from the Tax Administration, a lead, a
    student who has to do with none of it, and somebody without a role."""

    student: Actor
    teammate: Actor
    mentor: Actor
    other_mentor: Actor
    member: Actor
    lead: Actor
    stranger: Actor
    nobody: Actor


def person(db: Database, name: str, *roles: Role, agency_id: str | None = None) -> Actor:
    """Somebody with these roles."""
    slug = name.lower().replace(" ", ".")
    with db.transaction() as tx:
        person_id = people.add(
            tx, name, subject=f"demo:{slug}", email=f"{slug}@uit.example", agency_id=agency_id
        )
        for role in roles:
            people.grant(tx, person_id, role, granted=True, actor_id=None)
    return people.actor_of(db, person_id)


def cast(db: Database) -> Cast:
    """The people of the tests."""
    return Cast(
        student=person(db, "Sara Student", Role.STUDENT),
        teammate=person(db, "Tor Teammate", Role.STUDENT),
        mentor=person(db, "Mari Mentor", Role.MENTOR),
        other_mentor=person(db, "Odd Mentor", Role.MENTOR),
        member=person(db, "Mona Member", Role.MEMBER, agency_id="skatteetaten"),
        lead=person(db, "Lars Lead", Role.LEAD),
        stranger=person(db, "Stig Stranger", Role.STUDENT),
        nobody=person(db, "Nils Nobody"),
    )


DESCRIPTION = Description(
    title="Ice sensors for the harbour",
    problem="Quays are closed for days because nobody knows how thick the ice is.",
    solution="A cheap sensor under the quay tells the port office.",
    audience="Port offices in the north",
    theme="ocean",
    level="MSc",
)


CARD = Card(
    name="Kari Nordmann",
    title="Senior adviser",
    phone="22 22 22 22",
    email="kari.nordmann@skatteetaten.example",
    subject="VAT for new companies",
)


def contact(db: Database, actor: Actor, agency_id: str = "skatteetaten", **changes: Any) -> int:
    """The id of a new contact person, written by ``actor`` as usual but for ``changes``."""
    return contacts.add(db, actor, agency_id, replace(CARD, **changes))


def submitted(db: Database, actor: Actor, journey_id: str = JOURNEY, **changes: Any) -> int:
    """The id of a new idea of ``actor``, described as usual but for ``changes``."""
    return ideas.submit(db, actor, journey_id, replace(DESCRIPTION, **changes))


def called(db: Database, actor: Actor, days: float = 1, **about: Any) -> int:
    """The id of a new meeting of the service development, called by ``actor`` so many days ahead,
    about the usual journey unless ``about`` says otherwise."""
    given = {"subproject_id": "service-innovation", "journey_id": JOURNEY, **about}
    when = clock.now() + timedelta(days=days)
    return meetings.plan(db, actor, "Service development", when, "Campus Narvik", **given)


def begun(db: Database, actor: Actor, days: float = 1, **about: Any) -> int:
    """As :func:`called`, and the meeting has begun."""
    meeting_id = called(db, actor, days, **about)
    meetings.begin(db, actor, meeting_id)
    return meeting_id


def contents(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """All that the database holds, for a test that something changes nothing."""
    tables = db.rows("SELECT table_name FROM duckdb_tables()")
    return {table: db.rows(f"FROM {table} ORDER BY ALL") for (table,) in tables}


def seq(db: Database, idea_id: int) -> int:
    """The number of the last row of the idea's ledger."""
    return int(db.value("SELECT last_seq FROM idea WHERE idea_id = ?", [idea_id]))


def as_persona(name: str) -> Persona:
    """One of the cast as a persona of the demonstration."""
    return Persona(name, name, Role.STUDENT, None, None, name)


def described(**changes: Any) -> positions.Description:
    """A position of the Tax Administration, described as usual but for ``changes``."""
    usual = positions.Description(
        "skatteetaten",
        Text("Studentmedarbeider", "Student assistant"),
        Text("Du hjelper nye foretak med skatt.", "You help new companies with tax."),
        hours=7.5,
        place="Narvik",
    )
    return replace(usual, **changes)


def position(
    db: Database,
    actor: Actor,
    seats: int = 2,
    *,
    ahead: int = 200,
    before: int = 70,
    **changes: Any,
) -> int:
    """The id of a new open position whose seats began ``before`` days ago and last ``ahead``."""
    today = clock.today()
    plan = positions.seats(seats, today - timedelta(days=before), today + timedelta(days=ahead))
    position_id = positions.create(db, actor, described(**changes), plan)
    positions.open_position(db, actor, position_id, None, expected_seq=1)
    return position_id


def applied(db: Database, actor: Actor, position_id: int, *kinds: Kind, by: Actor) -> int:
    """The id of an application of ``actor`` to which ``by`` has recorded these kinds."""
    applying = applications.Applying("I like numbers.")
    application_id = applications.apply(db, actor, position_id, applying)
    for number, kind in enumerate(kinds, 1):
        reason = REASONS.get(kind)
        applications.record(db, by, application_id, kind, expected_seq=number, reason=reason)
    return application_id


REASONS = {Kind.REJECTED: "filled", Kind.ENDED: "agreed"}
