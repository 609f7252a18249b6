"""Becoming somebody: signing in, and the roles that rules and leads give and leads take."""

from collections.abc import Collection

from sandkasse import access, affiliation, clock, config, people, rates
from sandkasse.access import Action, Writing, writing
from sandkasse.config import Settings
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.i18n import LANGUAGES, _
from sandkasse.people import OPERATOR, Actor, People, Person, Role
from sandkasse.recruitment import applications
from sandkasse.sign_in import Claims, SignInRules
from sandkasse.sign_in import claims as sign_in_claims

#: So many sign-ins of one subject are taken within so many seconds.
SIGN_INS, SIGN_IN_SECONDS = 20, 600


def sign_in(db: Database, claims: Claims, settings: Settings, rules: SignInRules) -> int:
    """The id of whoever signed in. The first time makes a person; later ones bring name and address
    up to date, and what the provider says of belonging is kept each time. The subject is the key:
    a changed address is the same person, and another subject with the same address another one.

    Whoever never had a role gets the one that the settings or a rule give, if any; else waits.

    :raises Conflict: when another window was first with the same sign-in; look again.
    :raises TooMany: for too many sign-ins in a row.
    """
    rates.allow("sign-in", claims.subject, SIGN_INS, SIGN_IN_SECONDS)
    known = people.by_subject(db, claims.subject)
    with writing(db, OPERATOR, Action.SIGN_IN) as write:
        if known is None:
            name = claims.name or claims.email or _("Unnamed")
            known = people.add(write.tx, name, subject=claims.subject, email=claims.email)
        else:
            _bring_up_to_date(write, people.find(db, known), claims)
        write.subject = f"person:{known}"
        write.detail["provider"] = claims.provider
        belongs = rules.provider(claims.provider).belongs(claims)
        if claims.session is not None:
            affiliation.append(write.tx, known, claims, belongs)
        _give_first_role(write, known, claims, settings, rules)
    trusted = rules.provider(claims.provider).trusted_address(claims)
    applications.at_sign_in(db, known, trusted)
    return known


def _bring_up_to_date(write: Writing, person: Person, claims: Claims) -> None:
    """What the provider leaves out is kept as it was."""
    name, email = claims.name or person.name, claims.email or person.email
    changed = {"name": name != person.name, "email": email != person.email}
    if any(changed.values()):
        write.detail["changed"] = [what for what, differs in changed.items() if differs]
        write.tx.execute(
            "UPDATE person SET name = ?, email = ? WHERE person_id = ?",
            [name, email, person.person_id],
        )


def _give_first_role(
    write: Writing, person_id: int, claims: Claims, settings: Settings, rules: SignInRules
) -> None:
    if write.tx.value("SELECT count(*) FROM role_change WHERE person_id = ?", [person_id]):
        return
    if _is_named_lead(claims, settings, rules):
        role, agency_id = Role.LEAD, None
    elif (rule := rules.rule_for(claims)) is not None:
        role, agency_id = rule.role, rule.agency
    else:
        return
    people.grant(write.tx, person_id, role, granted=True, actor_id=None)
    write.detail["role"] = role
    if agency_id is not None:
        write.tx.execute(
            "UPDATE person SET agency_id = ? WHERE person_id = ?", [agency_id, person_id]
        )


def _is_named_lead(claims: Claims, settings: Settings, rules: SignInRules) -> bool:
    """Whether SANDKASSE_LEADS names the subject with its issuer, or an address that counts. The
    subject alone does where there is one provider: another could give it to somebody else."""
    named = {claims.subject}
    if len(sign_in_claims.providers(config.auth_section(settings.secrets) or {})) == 1:
        named.add(claims.subject.partition("|")[2])
    address = rules.provider(claims.provider).trusted_address(claims)
    leads = {one if "|" in one else one.lower() for one in settings.leads}
    return bool(named & set(settings.leads)) or (address is not None and address in leads)


def awaiting(db: Database, actor: Actor) -> list[Person]:
    """Who has signed in and waits for a role, for leads. :raises NotAllowed: for others."""
    access.require(actor, Action.SEE_PEOPLE)
    return people.waiting(db)


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
    with writing(
        db, actor, Action.CHANGE_OWN_SETTINGS, subject=f"person:{actor.person_id}"
    ) as write:
        if language not in LANGUAGES:
            raise Invalid(_("Choose one of the languages in the list."), "language")
        write.tx.execute(
            "UPDATE person SET language = ? WHERE person_id = ?", [language, actor.person_id]
        )
