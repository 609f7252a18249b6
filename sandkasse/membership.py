"""Becoming somebody: the first sign-in, and the roles that leads give and take."""

from collections.abc import Collection

from sandkasse import access, clock, people
from sandkasse.access import Action, writing
from sandkasse.config import Settings
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.i18n import LANGUAGES, _
from sandkasse.people import OPERATOR, Actor, Claims, People, Role
from sandkasse.texts import LIMITS, legible


def sign_in(db: Database, claims: Claims, settings: Settings) -> int:
    """The id of whoever signed in. The first time makes a person; later ones bring the name and
    address up to date. The subject is the key, so a changed address is still the same person.

    A first sign-in becomes a lead when the settings name its subject, or its address if the
    provider has verified it; else a student, or nothing until a lead decides.
    """
    known = people.by_subject(db, claims.subject)
    name = legible(claims.name)[: LIMITS["name"]] or _("Unnamed")
    if known is not None:
        person = people.find(db, known)
        if (person.name, person.email) != (name, claims.email):
            with writing(db, OPERATOR, Action.SIGN_IN, subject=f"person:{known}") as write:
                write.tx.execute(
                    "UPDATE person SET name = ?, email = ? WHERE person_id = ?",
                    [name, claims.email, known],
                )
        return known
    with writing(db, OPERATOR, Action.SIGN_IN) as write:
        person_id = people.add(write.tx, name, subject=claims.subject, email=claims.email)
        write.subject = f"person:{person_id}"
        role = _first_role(claims, settings)
        if role is not None:
            people.grant(write.tx, person_id, role, granted=True, actor_id=None)
    return person_id


def _first_role(claims: Claims, settings: Settings) -> Role | None:
    named = {claims.subject, claims.subject.rpartition("|")[2]}
    if claims.email_verified and claims.email:
        named.add(claims.email)
    if named & set(settings.leads):
        return Role.LEAD
    return Role.STUDENT if settings.first_role == "student" else None


def everybody(
    db: Database, actor: Actor, search: str = "", role: Role | None = None, page: int = 1
) -> People:
    """A page of people by name, for leads. :raises NotAllowed: for others."""
    access.require(actor, Action.SEE_PEOPLE)
    return people.listed(db, search, role, page)


def change_roles(
    db: Database,
    actor: Actor,
    person_id: int,
    roles: Collection[Role],
    agency_id: str | None = None,
) -> None:
    """Give a person exactly these roles, and the agency of a member.

    :raises Invalid: when a lead would stop being one by the own hand, or the agency is unknown.
    :raises NotAllowed: for others than leads. :raises NotFound: when there is no such person.
    """
    with writing(db, actor, Action.CHANGE_ROLES, subject=f"person:{person_id}") as write:
        person = people.find(db, person_id)
        if person_id == actor.person_id and Role.LEAD not in roles:
            raise Invalid(_("Another lead has to take this role from you."), "roles")
        if agency_id is not None and not write.tx.value(
            "SELECT count(*) FROM agency WHERE agency_id = ?", [agency_id]
        ):
            raise Invalid(_("Choose one of the agencies in the list."), "agency")
        for role in Role:
            if (role in roles) != (role in person.roles):
                people.grant(
                    write.tx, person_id, role, granted=role in roles, actor_id=actor.person_id
                )
        if agency_id != person.agency_id:
            write.tx.execute(
                "UPDATE person SET agency_id = ? WHERE person_id = ?", [agency_id, person_id]
            )
        write.detail.update(roles=sorted(roles), before=sorted(person.roles), agency=agency_id)


def block(db: Database, actor: Actor, person_id: int, *, blocked: bool) -> None:
    """Close a person's access, or open it again; it takes effect at the next click.

    :raises Invalid: for oneself. :raises NotAllowed: for others than leads.
    :raises NotFound: when there is no such person.
    """
    with writing(db, actor, Action.BLOCK_PERSON, subject=f"person:{person_id}") as write:
        people.find(db, person_id)
        if person_id == actor.person_id:
            raise Invalid(_("You cannot close your own access."))
        write.tx.execute(
            "UPDATE person SET blocked_at = ? WHERE person_id = ?",
            [clock.now() if blocked else None, person_id],
        )
        write.detail["blocked"] = blocked


def remember_language(db: Database, actor: Actor, language: str) -> None:
    """Keep the language somebody chose. :raises Invalid: for one we have no catalogue for."""
    if language not in LANGUAGES:
        raise Invalid(_("Choose one of the languages in the list."), "language")
    with writing(
        db, actor, Action.CHANGE_OWN_SETTINGS, subject=f"person:{actor.person_id}"
    ) as write:
        write.tx.execute(
            "UPDATE person SET language = ? WHERE person_id = ?", [language, actor.person_id]
        )
