"""Joining an applicant who came by a log to the person who signs in.

By a lead's hand, since the provider that most students sign in with does not verify addresses; or
by itself, where the log had an address and whoever signs in has it verified. A joined application
is the person's own: it is followed on the own page, and its hours count. It keeps the name that it
came with, and by that can be taken apart again; what was sent to the person meanwhile was sent.
"""

from sandkasse import people
from sandkasse.access import Action, writing
from sandkasse.application import OPEN, Kind
from sandkasse.database import Database, Transaction
from sandkasse.errors import Invalid
from sandkasse.i18n import _
from sandkasse.people import OPERATOR, Actor, Role


def join(db: Database, actor: Actor, application_id: int, person_id: int) -> None:
    """Make an application that is known by name alone a student's.

    :raises Invalid: when it is somebody's already, for oneself, for somebody who is no student, and
        where the student has an application under way for the same position.
    :raises NotAllowed: for others than leads. :raises NotFound: no such application or person.
    """
    with writing(db, actor, Action.JOIN_APPLICANT, application_id=application_id) as write:
        person = people.find(db, person_id)
        if person_id == actor.person_id:
            raise Invalid(_("Another lead has to join an application to you."), "person")
        if Role.STUDENT not in person.roles:
            raise Invalid(_("Choose a student: only students apply."), "person")
        if _owner(write.tx, application_id) is not None:
            raise Invalid(_("The application is joined to somebody already."), "person")
        if _has_another(write.tx, application_id, person_id):
            said = _("The student has another application under way for this position.")
            raise Invalid(said, "person")
        _give(write.tx, application_id, person_id)
        write.detail["joined"] = person_id


def part(db: Database, actor: Actor, application_id: int) -> None:
    """Take back a joining: the application is known by its name alone again.

    :raises Invalid: where it never came by a log. :raises NotAllowed: for others than leads.
    :raises NotFound: no such application.
    """
    with writing(db, actor, Action.JOIN_APPLICANT, application_id=application_id) as write:
        owner = _owner(write.tx, application_id)
        named = write.tx.value(
            "SELECT name <> '' FROM application WHERE application_id = ?", [application_id]
        )
        if owner is None or not named:
            raise Invalid(_("Only an application that was joined to somebody is taken apart."))
        write.tx.execute(
            "UPDATE application SET person_id = NULL WHERE application_id = ?", [application_id]
        )
        write.detail["parted"] = owner


def at_sign_in(db: Database, person_id: int, address: str | None) -> int:
    """Join the applications that came with this address to whoever has signed in with it; how many.

    :param address: one that the provider has verified, or is trusted for; None: no such.
    """
    if not address:
        return 0
    address = kept_address(address)
    sql = "SELECT application_id FROM application WHERE email = ? AND person_id IS NULL"
    if not db.value(f"SELECT count(*) FROM ({sql})", [address]):  # noqa: S608
        return 0
    with writing(db, OPERATOR, Action.SIGN_IN, subject=f"person:{person_id}") as write:
        found = [key for (key,) in write.tx.rows(f"{sql} ORDER BY application_id", [address])]
        joined = []
        for application_id in found:
            if not _has_another(write.tx, application_id, person_id):
                _give(write.tx, application_id, person_id)
                joined.append(application_id)
        write.detail["joined_applications"] = joined
    return len(joined)


def kept_address(email: str) -> str:
    """An address as it is kept and compared here: providers and logs differ in capitals."""
    return email.strip().lower()


def _owner(tx: Transaction, application_id: int) -> int | None:
    owner: int | None = tx.value(
        "SELECT person_id FROM application WHERE application_id = ?", [application_id]
    )
    return owner


def _has_another(tx: Transaction, application_id: int, person_id: int) -> bool:
    """Whether this and another application of the person's for its position are under way."""
    return bool(
        tx.value(
            """
            SELECT count(*)
            FROM application AS this
            JOIN application AS other ON other.position_id = this.position_id
            WHERE this.application_id = $application_id AND other.person_id = $person_id
              AND this.state IN (SELECT unnest($under_way))
              AND other.state IN (SELECT unnest($under_way))
            """,
            {
                "application_id": application_id, "person_id": person_id,
                "under_way": [*OPEN, Kind.STARTED],
            },
        )
    )  # fmt: skip


def _give(tx: Transaction, application_id: int, person_id: int) -> None:
    # The address has served its end; kept, it would undo a taking apart at the next sign-in.
    tx.execute(
        "UPDATE application SET person_id = ?, email = NULL WHERE application_id = ?",
        [person_id, application_id],
    )
