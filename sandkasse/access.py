"""Who may do what, and who may see what: one table, read by every write and every read.

A right is an action; the table says for each role whether it may, and for what: for any idea, only
for those of the person's own team, or only for what concerns the person's own agency.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from sandkasse import audit, limits, measures
from sandkasse.audit import Entry
from sandkasse.database import Database, Transaction
from sandkasse.errors import NotAllowed, NotFound
from sandkasse.i18n import N_, _
from sandkasse.people import Actor, Role

log = logging.getLogger("sandkasse")


class Action(StrEnum):
    """Everything that somebody can do or see."""

    # what is seen
    SEE_IDEA_BANK = "idea_bank.see"
    SEE_IDEA = "idea.see"
    SEE_BOARD = "board.see"
    SEE_FUNNEL = "funnel.see"
    SEE_FUNNEL_RECORDS = "funnel.see_records"
    SEE_QUEUE = "queue.see"
    SEE_MENTOR_LOAD = "mentoring.see_load"
    SEE_PEOPLE = "people.see"
    SEE_TOUCHPOINT = "touchpoint.see"
    SEE_WAITING = "waiting.see"
    SEE_WAITING_RECORDS = "waiting.see_records"
    SEE_BARRIERS = "barrier.see"
    SEE_AGENCIES = "agency.see"
    SEE_POSITIONS = "position.see"
    SEE_APPLICATION = "application.see"
    SEE_SEATS = "seats.see"
    SEE_AUDIT = "audit.see"
    # what the team does
    SUBMIT_IDEA = "idea.submit"
    SAVE_DRAFT = "idea.save_draft"
    EDIT_IDEA = "idea.edit"
    WITHDRAW_IDEA = "idea.withdraw"
    ASK_TO_PUBLISH = "idea.ask_to_publish"
    HAND_OVER = "idea.hand_over"
    COMMENT = "idea.comment"
    OPEN_TOUCHPOINT = "touchpoint.open"
    RECORD_EVENT = "touchpoint.record"
    DESCRIBE_TOUCHPOINT = "touchpoint.describe"
    USE_CHECKLIST = "checklist.use"
    SAY_DAYS = "idea.say_days"
    JOIN_COMPANY = "company.join"
    # what applicants do, and agencies when they are told
    APPLY = "position.apply"
    ANSWER_OFFER = "application.answer"
    # what mentors do
    MOVE_IDEA = "idea.move"
    UNDO = "idea.undo"
    MARK_GATE = "idea.mark_gate"
    DECIDE_PUBLICATION = "idea.decide_publication"
    MERGE_IDEAS = "idea.merge"
    MENTOR_IDEA = "idea.mentor"
    CORRECT_EVENT = "touchpoint.correct"
    KEEP_BARRIER = "barrier.keep"
    SEE_MEETINGS = "meeting.see"
    ISSUE_RECEIPT = "figure.issue_receipt"
    HOLD_MEETING = "meeting.hold"
    PUBLISH_DECISION = "meeting.publish"
    # what leads do, and members for their own agency
    EDIT_DIRECTORY = "agency.edit_directory"
    KEEP_POSITION = "position.keep"
    HANDLE_APPLICATION = "application.handle"
    JOIN_APPLICANT = "application.join_applicant"
    ASSESS_APPLICANT = "application.assess"
    CORRECT_APPLICATION = "application.correct"
    # what leads do
    PLAN_MEETING = "meeting.plan"
    CHANGE_ROLES = "people.change_roles"
    BLOCK_PERSON = "people.block"
    EXTEND_ACCESS = "people.extend_access"
    END_SESSIONS = "people.end_sessions"
    IMPORT_LOG = "exchange.import"
    EXPORT_ALL = "exchange.export"
    KEEP_JOURNEYS = "journey.keep"
    KEEP_REGISTER = "company.refresh"
    ERASE = "privacy.erase"
    APPLY_RETENTION = "privacy.apply_retention"
    # what everybody does with what is their own
    SIGN_IN = "person.sign_in"
    CHANGE_OWN_SETTINGS = "person.settings"
    CORRECT_OWN = "person.correct"
    SEE_OWN_DATA = "privacy.see_own"
    ASK_ERASURE = "privacy.ask_erasure"
    DO_ACTION = "meeting.do_action"


class Scope(StrEnum):
    """For what a right holds: for anything, for the ideas of one's own team, for published ideas,
    or for what concerns one's own agency."""

    ANY = "any"
    OWN = "own"
    PUBLISHED = "published"
    AGENCY = "agency"


_ANY, _OWN, _PUBLISHED, _AGENCY = Scope.ANY, Scope.OWN, Scope.PUBLISHED, Scope.AGENCY
_STUDENT, _MENTOR, _MEMBER, _LEAD = Role.STUDENT, Role.MENTOR, Role.MEMBER, Role.LEAD

#: The permission table. A role that is not named may not.
RIGHTS: Mapping[Action, Mapping[Role, Scope]] = {
    Action.SEE_IDEA_BANK: {_STUDENT: _ANY, _MENTOR: _ANY, _MEMBER: _ANY, _LEAD: _ANY},
    Action.SEE_IDEA: {_STUDENT: _OWN, _MENTOR: _ANY, _LEAD: _ANY},
    Action.SEE_BOARD: {_MENTOR: _ANY, _LEAD: _ANY},
    Action.SEE_FUNNEL: {_MENTOR: _ANY, _MEMBER: _ANY, _LEAD: _ANY},
    Action.SEE_FUNNEL_RECORDS: {_MENTOR: _ANY, _MEMBER: _PUBLISHED, _LEAD: _ANY},
    Action.SEE_QUEUE: {_MENTOR: _ANY, _LEAD: _ANY},
    Action.SEE_MENTOR_LOAD: {_MENTOR: _ANY, _LEAD: _ANY},
    Action.SEE_PEOPLE: {_LEAD: _ANY},
    Action.SEE_TOUCHPOINT: {_STUDENT: _OWN, _MENTOR: _ANY, _MEMBER: _AGENCY, _LEAD: _ANY},
    Action.SEE_WAITING: {_MENTOR: _ANY, _MEMBER: _ANY, _LEAD: _ANY},
    Action.SEE_WAITING_RECORDS: {_MENTOR: _ANY, _MEMBER: _AGENCY, _LEAD: _ANY},
    Action.SEE_BARRIERS: {_STUDENT: _ANY, _MENTOR: _ANY, _MEMBER: _ANY, _LEAD: _ANY},
    Action.SEE_AGENCIES: {_STUDENT: _ANY, _MENTOR: _ANY, _MEMBER: _ANY, _LEAD: _ANY},
    Action.SEE_POSITIONS: {_STUDENT: _ANY, _MENTOR: _ANY, _MEMBER: _ANY, _LEAD: _ANY},
    Action.SEE_APPLICATION: {_STUDENT: _OWN, _MEMBER: _AGENCY, _LEAD: _ANY},
    Action.SEE_SEATS: {_MEMBER: _AGENCY, _LEAD: _ANY},
    Action.SEE_AUDIT: {_LEAD: _ANY},
    Action.APPLY: {_STUDENT: _ANY},
    Action.ANSWER_OFFER: {_STUDENT: _OWN, _MEMBER: _AGENCY, _LEAD: _ANY},
    Action.KEEP_POSITION: {_MEMBER: _AGENCY, _LEAD: _ANY},
    Action.HANDLE_APPLICATION: {_MEMBER: _AGENCY, _LEAD: _ANY},
    Action.JOIN_APPLICANT: {_LEAD: _ANY},
    Action.ASSESS_APPLICANT: {_MEMBER: _AGENCY, _LEAD: _ANY},
    Action.CORRECT_APPLICATION: {_MEMBER: _AGENCY, _LEAD: _ANY},
    Action.SUBMIT_IDEA: {_STUDENT: _ANY, _MENTOR: _ANY, _LEAD: _ANY},
    Action.SAVE_DRAFT: {_STUDENT: _ANY, _MENTOR: _ANY, _LEAD: _ANY},
    Action.EDIT_IDEA: {_STUDENT: _OWN, _MENTOR: _OWN, _LEAD: _ANY},
    Action.WITHDRAW_IDEA: {_STUDENT: _OWN, _MENTOR: _OWN, _LEAD: _ANY},
    Action.ASK_TO_PUBLISH: {_STUDENT: _OWN, _MENTOR: _OWN, _LEAD: _OWN},
    Action.HAND_OVER: {_STUDENT: _OWN, _MENTOR: _ANY, _LEAD: _ANY},
    Action.COMMENT: {_STUDENT: _OWN, _MENTOR: _ANY, _LEAD: _ANY},
    Action.OPEN_TOUCHPOINT: {_STUDENT: _OWN, _MENTOR: _ANY, _LEAD: _ANY},
    Action.RECORD_EVENT: {_STUDENT: _OWN, _MENTOR: _ANY, _MEMBER: _AGENCY, _LEAD: _ANY},
    Action.DESCRIBE_TOUCHPOINT: {_STUDENT: _OWN, _MENTOR: _ANY, _LEAD: _ANY},
    Action.USE_CHECKLIST: {_STUDENT: _OWN, _MENTOR: _ANY, _LEAD: _ANY},
    Action.SAY_DAYS: {_STUDENT: _OWN, _MENTOR: _ANY, _LEAD: _ANY},
    Action.JOIN_COMPANY: {_STUDENT: _OWN, _MENTOR: _ANY, _LEAD: _ANY},
    Action.CORRECT_EVENT: {_MENTOR: _ANY, _LEAD: _ANY},
    Action.KEEP_BARRIER: {_MENTOR: _ANY, _MEMBER: _AGENCY, _LEAD: _ANY},
    Action.MOVE_IDEA: {_MENTOR: _ANY, _LEAD: _ANY},
    Action.UNDO: {_MENTOR: _ANY, _LEAD: _ANY},
    Action.MARK_GATE: {_STUDENT: _OWN, _MENTOR: _ANY, _LEAD: _ANY},
    Action.DECIDE_PUBLICATION: {_MENTOR: _ANY, _LEAD: _ANY},
    Action.MERGE_IDEAS: {_MENTOR: _ANY, _LEAD: _ANY},
    Action.MENTOR_IDEA: {_MENTOR: _ANY, _LEAD: _ANY},
    Action.SEE_MEETINGS: {_MENTOR: _ANY, _MEMBER: _ANY, _LEAD: _ANY},
    Action.ISSUE_RECEIPT: {_MENTOR: _ANY, _MEMBER: _ANY, _LEAD: _ANY},
    Action.HOLD_MEETING: {_MENTOR: _ANY, _MEMBER: _ANY, _LEAD: _ANY},
    Action.PUBLISH_DECISION: {_MENTOR: _ANY, _LEAD: _ANY},
    Action.EDIT_DIRECTORY: {_MEMBER: _AGENCY, _LEAD: _ANY},
    Action.PLAN_MEETING: {_LEAD: _ANY},
    Action.CHANGE_ROLES: {_LEAD: _ANY},
    Action.BLOCK_PERSON: {_LEAD: _ANY},
    Action.EXTEND_ACCESS: {_LEAD: _ANY},
    Action.END_SESSIONS: {_LEAD: _ANY},
    Action.IMPORT_LOG: {_LEAD: _ANY},
    Action.EXPORT_ALL: {_LEAD: _ANY},
    Action.KEEP_JOURNEYS: {_LEAD: _ANY},
    Action.KEEP_REGISTER: {_LEAD: _ANY},
    Action.ERASE: {_LEAD: _ANY},
    Action.APPLY_RETENTION: {_LEAD: _ANY},
    Action.SIGN_IN: {_STUDENT: _OWN, _MENTOR: _OWN, _MEMBER: _OWN, _LEAD: _OWN},
    Action.CHANGE_OWN_SETTINGS: {_STUDENT: _OWN, _MENTOR: _OWN, _MEMBER: _OWN, _LEAD: _OWN},
    Action.CORRECT_OWN: {_STUDENT: _OWN, _MENTOR: _OWN, _MEMBER: _OWN, _LEAD: _OWN},
    Action.SEE_OWN_DATA: {_STUDENT: _OWN, _MENTOR: _OWN, _MEMBER: _OWN, _LEAD: _OWN},
    Action.ASK_ERASURE: {_STUDENT: _OWN, _MENTOR: _OWN, _MEMBER: _OWN, _LEAD: _OWN},
    Action.DO_ACTION: {_STUDENT: _OWN, _MENTOR: _OWN, _MEMBER: _OWN, _LEAD: _ANY},
}


#: What everybody who has signed in may with what is one's own, even without a role.
WITHOUT_ROLE = frozenset({Action.SEE_OWN_DATA, Action.ASK_ERASURE, Action.CORRECT_OWN})


class Condition(NamedTuple):
    """A piece of SQL over ``idea AS i`` with its named parameters."""

    sql: str
    parameters: dict[str, Any]


def scopes(actor: Actor, action: Action) -> frozenset[Scope]:
    """The scopes in which ``actor`` has ``action``; empty: not at all."""
    allowed = RIGHTS[action]
    held = frozenset(allowed[role] for role in actor.roles if role in allowed)
    return held | {Scope.OWN} if action in WITHOUT_ROLE else held


def may(actor: Actor, action: Action) -> bool:
    """Whether ``actor`` may do ``action`` at all (for menus; an idea may still be out of reach)."""
    return bool(scopes(actor, action))


def refused(action: Action, subject: str | None = None, sentence: str | None = None) -> NotAllowed:
    """The refusal of somebody without the right, which is logged. Always the same sentence, so that
    it tells nothing of what is there, but where the person sees the thing and is told why."""
    log.warning("Refused for want of the right", extra={"action": action.value})
    told = sentence or _("You do not have the right to do this.")
    return NotAllowed(told, action.value, subject)


#: What is said of a thing that is missing or may not be seen, by its kind.
_OUT_OF_REACH = {
    "idea": N_("There is no such idea, or it is not shared with you."),
    "touchpoint": N_("There is no such matter, or it is not shared with you."),
    "application": N_("There is no such application, or it is not shared with you."),
    "position": N_("There is no such position, or it is not shared with you."),
}


def out_of_reach(action: Action, kind: str, number: int) -> NotFound:
    """The answer about a thing that is missing or may not be seen, which look alike; it is
    logged. ``kind`` is ``idea``, ``touchpoint``, ``application`` or ``position``."""
    log.warning("Asked for what is missing or out of reach", extra={"action": action.value})
    return NotFound(_(_OUT_OF_REACH[kind]), action.value, f"{kind}:{number}")


def require(actor: Actor, action: Action, subject: str | None = None) -> None:
    """Refuse an actor without the right; ``subject`` is what it would be used on, if one thing.

    :raises NotAllowed: see :func:`refused`.
    """
    if not may(actor, action):
        raise refused(action, subject)


def require_for_agency(actor: Actor, action: Action, agency_id: str) -> None:
    """Refuse an actor whose right does not reach this agency.

    :raises NotAllowed: as :func:`require`.
    """
    if not may_for_agency(actor, action, agency_id):
        raise refused(action)


def may_for_agency(actor: Actor, action: Action, agency_id: str) -> bool:
    """Whether the actor's right reaches this agency."""
    held = scopes(actor, action)
    return Scope.ANY in held or (Scope.AGENCY in held and actor.agency_id == agency_id)


def require_for_idea(
    reader: Database | Transaction, actor: Actor, action: Action, idea_id: int
) -> None:
    """Refuse an actor whose right does not reach this idea.

    :raises NotFound: when the idea is missing or may not be seen, which look alike.
    :raises NotAllowed: when the actor sees the idea but may not do this.
    """
    allowed = allowed_for_idea(reader, actor, idea_id)
    if Action.SEE_IDEA not in allowed:
        raise out_of_reach(action, "idea", idea_id)
    if action not in allowed:
        raise refused(action, f"idea:{idea_id}")


def allowed_for_idea(
    reader: Database | Transaction, actor: Actor, idea_id: int
) -> frozenset[Action]:
    """All that ``actor`` may do with this idea; nothing when there is none."""
    reached: dict[str, list[Action]] = {}
    parameters: dict[str, Any] = {"idea_id": idea_id}
    for action in Action:
        condition = reach(actor, action)
        reached.setdefault(condition.sql, []).append(action)
        parameters.update(condition.parameters)
    answers = reader.one(
        f"SELECT {', '.join(f'({sql})' for sql in reached)} FROM idea AS i "  # noqa: S608
        "WHERE i.idea_id = $idea_id",
        parameters,
    )
    held = zip(answers or (), reached.values(), strict=answers is not None)
    return frozenset(action for answer, actions in held if answer for action in actions)


def reach(actor: Actor, action: Action) -> Condition:
    """The ideas (as ``i``) for which ``actor`` has ``action``; blocked ones for leads alone."""
    held = scopes(actor, action)
    if Scope.ANY in held:
        return Condition("TRUE" if actor.has(Role.LEAD) else _NOT_BLOCKED, {})
    parts, parameters = [], {}
    if Scope.OWN in held:
        parts.append("i.idea_id IN (SELECT idea_id FROM team_of WHERE person_id = $actor_id)")
        parameters["actor_id"] = actor.person_id
    if Scope.PUBLISHED in held:
        parts.append("i.publication = 'published'")
    if not parts:
        return Condition("FALSE", {})
    sql = " OR ".join(parts)
    return Condition(sql if actor.has(Role.LEAD) else f"({sql}) AND {_NOT_BLOCKED}", parameters)


#: What is held back from erasure is seen by leads alone.
_NOT_BLOCKED = "i.blocked_at IS NULL"


def reach_touchpoint(actor: Actor, action: Action) -> Condition:
    """The touchpoints (as ``t``, their ideas as ``i``) for which ``actor`` has ``action``."""
    of_idea = reach(actor, action)
    if Scope.AGENCY not in scopes(actor, action) or actor.agency_id is None:
        return of_idea
    return Condition(
        f"({of_idea.sql}) OR (t.agency_id = $actor_agency AND {_NOT_BLOCKED})",
        {**of_idea.parameters, "actor_agency": actor.agency_id},
    )


def require_for_touchpoint(
    reader: Database | Transaction, actor: Actor, action: Action, touchpoint_id: int
) -> None:
    """Refuse an actor whose right does not reach this touchpoint.

    :raises NotFound: when it is missing or may not be seen, which look alike.
    :raises NotAllowed: when the actor sees it but may not do this.
    """
    seen, done = (reach_touchpoint(actor, one) for one in (Action.SEE_TOUCHPOINT, action))
    things = "touchpoint AS t JOIN idea AS i ON i.idea_id = t.idea_id"
    _require_reached(reader, action, things, ("touchpoint", touchpoint_id), seen, done)


def _require_reached(
    reader: Database | Transaction,
    action: Action,
    things: str,
    thing: tuple[str, int],
    seen: Condition,
    done: Condition,
) -> None:
    """Refuse an actor whose right to ``action`` does not reach a thing (its kind and number) among
    ``things``, a piece of SQL: ``seen`` are those that the actor sees, ``done`` those reached."""
    kind, number = thing
    answer = reader.one(
        f"SELECT ({seen.sql}), ({done.sql}) FROM {things} "  # noqa: S608
        f"WHERE {kind}_id = $number",
        {"number": number, **seen.parameters, **done.parameters},
    )
    if answer is None or not answer[0]:
        raise out_of_reach(action, kind, number)
    if not answer[1]:
        raise refused(action, f"{kind}:{number}")


def reach_agency(actor: Actor, action: Action, column: str) -> Condition:
    """The rows whose ``column`` names an agency for which ``actor`` has ``action``."""
    held = scopes(actor, action)
    if Scope.ANY in held:
        return Condition("TRUE", {})
    if Scope.AGENCY in held and actor.agency_id is not None:
        return Condition(f"{column} = $actor_agency", {"actor_agency": actor.agency_id})
    return Condition("FALSE", {})


def reach_application(actor: Actor, action: Action) -> Condition:
    """The applications (as ``a``, their positions as ``p``) for which ``actor`` has ``action``;
    blocked ones for leads alone."""
    condition = _reach_application(actor, action)
    if actor.has(Role.LEAD):
        return condition
    hidden = (
        "a.application_id NOT IN "
        "(SELECT application_id FROM application WHERE blocked_at IS NOT NULL)"
    )
    return Condition(f"({condition.sql}) AND {hidden}", condition.parameters)


def _reach_application(actor: Actor, action: Action) -> Condition:
    of_agency = reach_agency(actor, action, "p.agency_id")
    own = {"actor_id": actor.person_id}
    if Scope.OWN not in RIGHTS[action].values():
        # Nobody judges the own application.
        sql = f"({of_agency.sql}) AND a.person_id IS DISTINCT FROM $actor_id"
        return Condition(sql, {**of_agency.parameters, **own})
    if Scope.OWN not in scopes(actor, action):
        return of_agency
    return Condition(
        f"({of_agency.sql}) OR a.person_id = $actor_id", {**of_agency.parameters, **own}
    )


def require_for_application(
    reader: Database | Transaction, actor: Actor, action: Action, application_id: int
) -> None:
    """Refuse an actor whose right does not reach this application.

    :raises NotFound: when it is missing or may not be seen, which look alike.
    :raises NotAllowed: when the actor sees it but may not do this.
    """
    seen, done = (reach_application(actor, one) for one in (Action.SEE_APPLICATION, action))
    things = "application AS a JOIN position AS p ON p.position_id = a.position_id"
    _require_reached(reader, action, things, ("application", application_id), seen, done)


def in_idea_bank(actor: Actor) -> Condition:
    """The ideas (as ``i``) that ``actor`` finds in the idea bank: those seen whole, and the
    published, of which only title and public text are shown."""
    whole = reach(actor, Action.SEE_IDEA)
    published = f"(i.publication = 'published' AND {_NOT_BLOCKED})"
    return Condition(f"({whole.sql}) OR {published}", whole.parameters)


@dataclass
class Writing:
    """A write under way: a transaction, and what its audit record will say."""

    tx: Transaction
    subject: str | None
    detail: dict[str, Any] = field(default_factory=dict)


@contextmanager
def writing(
    db: Database,
    actor: Actor,
    action: Action,
    *,
    idea_id: int | None = None,
    touchpoint_id: int | None = None,
    application_id: int | None = None,
    subject: str | None = None,
) -> Iterator[Writing]:
    """The one way to write: checks the right, runs the block in a transaction, audits it.

    The block validates and appends through ``tx``; what it puts in ``detail`` is kept in the audit
    record. An error undoes everything.

    :raises NotAllowed: without the right, or when a lead has closed the actor's access since the
        page was drawn. :raises NotFound: when the idea, the touchpoint or the application is out
        of reach. :raises TooMany: when the person has done it too often.
    :raises Conflict: when somebody else was first.
    """
    about = [
        (require_for_idea, "idea", idea_id),
        (require_for_touchpoint, "touchpoint", touchpoint_id),
        (require_for_application, "application", application_id),
    ]
    things = [(reached, kind, number) for reached, kind, number in about if number is not None]
    for _reached, kind, number in things:
        subject = f"{kind}:{number}"
    with measures.write(action.value), _turn(db, actor, action, subject) as tx:
        for reached, _kind, number in things:
            reached(tx, actor, action, number)
        write = Writing(tx, subject)
        yield write
        entry = Entry(action.value, actor.person_id, write.subject, write.detail)
        audit.append(db, tx, entry)


@contextmanager
def _turn(db: Database, actor: Actor, action: Action, subject: str | None) -> Iterator[Transaction]:
    """A transaction in turn with others, for whoever may and has not done it too often."""
    require(actor, action, subject)
    limits.count_write(action.value, actor)
    with db.transaction() as tx:
        if tx.value("SELECT blocked_at FROM person WHERE person_id = ?", [actor.person_id]):
            raise NotAllowed(_("Your access has been closed. Ask the project lead."))
        yield tx
