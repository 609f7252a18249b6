"""What a result of a meeting must say before it can be recorded."""

from dataclasses import dataclass, replace
from datetime import date

from sandkasse import access, clock, journeys, reasons
from sandkasse.access import Action
from sandkasse.database import Database, Transaction
from sandkasse.errors import Conflict, Invalid, InvalidFields
from sandkasse.i18n import _
from sandkasse.ledger import RULES
from sandkasse.meetings.calling import SERIES, Meeting
from sandkasse.meetings.receipts import Kind
from sandkasse.people import Actor
from sandkasse.reasons import Occasion
from sandkasse.texts import problem_with


@dataclass(frozen=True)
class Draft:
    """A result as it is about to be recorded; its texts are tidied."""

    kind: str
    body: str
    item_id: int | None = None
    idea_id: int | None = None
    reason: str = ""
    next_step: str = ""
    due: date | None = None
    owner_id: int | None = None
    move_to: str | None = None
    exit_id: str | None = None
    reason_code: str | None = None
    supersedes: int | None = None

    @property
    def moves(self) -> bool:
        """Whether it says that the idea moves on, back, or out."""
        return self.move_to is not None or self.exit_id is not None


@dataclass(frozen=True)
class _Idea:
    """The idea that a draft is about."""

    journey_id: str
    stage_id: str
    is_open: bool


def check(db: Database, tx: Transaction, actor: Actor, meeting: Meeting, draft: Draft) -> Draft:
    """The draft with the idea that it is about, when it can be recorded.

    An action needs an owner and a day that has not passed; an information has neither. A decision
    may move an open idea of the meeting's journey to a stage or out, with the reason that such a
    move needs. What it takes the place of must be about the same idea (or about none, in the same
    series of meetings), and still stand.

    :raises InvalidFields: naming what is missing, faulty or too much.
    :raises NotFound: an idea that is neither on the agenda nor shared with the actor.
    :raises Conflict: when another has taken the place of what this one would.
    """
    draft = _with_idea(tx, meeting, draft)
    idea = _idea(tx, actor, meeting, draft)
    problems = {
        **_wrong_texts(draft),
        **_wrong_action(tx, draft),
        **_wrong_move(db, meeting, idea, draft),
    }
    if problems:
        raise InvalidFields(problems)
    if draft.supersedes is not None:
        _check_superseding(tx, meeting, draft, draft.supersedes)
    return draft


def _with_idea(tx: Transaction, meeting: Meeting, draft: Draft) -> Draft:
    if draft.item_id is None:
        return draft
    item = tx.one(
        """
        SELECT idea_id FROM agenda_item
        WHERE item_id = ? AND meeting_id = ? AND removed_at IS NULL
        """,
        [draft.item_id, meeting.meeting_id],
    )
    if item is None:
        raise Invalid(_("Choose one of the items on the meeting's agenda."), "item_id")
    if draft.idea_id is not None and item[0] not in (None, draft.idea_id):
        raise Invalid(_("The item on the agenda is about another idea."), "idea_id")
    return replace(draft, idea_id=draft.idea_id if item[0] is None else item[0])


def _idea(tx: Transaction, actor: Actor, meeting: Meeting, draft: Draft) -> _Idea | None:
    if draft.idea_id is None:
        return None
    seen = access.in_idea_bank(actor)
    row = tx.one(
        f"""
        SELECT i.journey_id, i.stage_id, i.exit_id IS NULL
        FROM idea AS i
        WHERE i.idea_id = $idea_id AND (({seen.sql}) OR i.idea_id IN (
            SELECT idea_id FROM agenda_item
            WHERE meeting_id = $meeting_id AND removed_at IS NULL))
        """,  # noqa: S608
        {**seen.parameters, "idea_id": draft.idea_id, "meeting_id": meeting.meeting_id},
    )
    if row is None:
        raise access.out_of_reach(Action.SEE_IDEA, "idea", draft.idea_id)
    return _Idea(*row)


def _wrong_texts(draft: Draft) -> dict[str, str]:
    problems = {
        field: fault
        for field in ("body", "reason", "next_step")
        if (fault := problem_with(getattr(draft, field), "note"))
    }
    if not draft.body:
        problems["body"] = _("Write what the meeting came to.")
    if draft.kind not in set(Kind):
        problems["kind"] = _("Choose from the list.")
    return problems


def _wrong_action(tx: Transaction, draft: Draft) -> dict[str, str]:
    """What is wrong with whose it is and by when."""
    problems = {}
    if draft.kind == Kind.ACTION:
        if not tx.value(
            "SELECT count(*) FROM person WHERE person_id = ? AND blocked_at IS NULL",
            [draft.owner_id],
        ):
            problems["owner_id"] = _("Choose who is to do it.")
        if draft.due is None:
            problems["due"] = _("Choose the day by which it is to be done.")
    elif draft.owner_id is not None:
        problems["owner_id"] = _("Only an action has somebody who is to do it.")
    if draft.due is not None and draft.kind == Kind.INFORMATION:
        problems["due"] = _("An information has no day by which something is to be done.")
    elif draft.due is not None and draft.due < clock.today():
        problems["due"] = _("Choose a day that has not passed.")
    return problems


def _wrong_move(db: Database, meeting: Meeting, idea: _Idea | None, draft: Draft) -> dict[str, str]:
    """What is wrong with where the idea is to move."""
    field = "move_to" if draft.move_to is not None else "exit_id"
    if not draft.moves:
        if draft.reason_code is not None:
            return {"reason_code": _("A reason from the list goes with a move alone.")}
        return {}
    if draft.kind != Kind.DECISION:
        return {field: _("Only a decision can move an idea.")}
    if draft.move_to is not None and draft.exit_id is not None:
        return {"exit_id": _("Choose a stage or a way out, not both.")}
    if idea is None:
        return {"idea_id": _("Say which idea is to move.")}
    if meeting.journey_id not in (None, idea.journey_id):
        return {"idea_id": _("The idea is in another sandbox than the one the meeting is about.")}
    if not idea.is_open:
        return {"idea_id": _(RULES["left"])}
    return _wrong_target(db, idea, draft)


def _wrong_target(db: Database, idea: _Idea, draft: Draft) -> dict[str, str]:
    journey = journeys.get(db, idea.journey_id)
    positions = {stage.id: stage.position for stage in journey.stages}
    if draft.exit_id is not None:
        if draft.exit_id not in {way.id for way in journey.exits if way.kind != "merged"}:
            return {"exit_id": _("Choose one of the exits in the list.")}
        return _wrong_reason(Occasion.EXIT, draft)
    if draft.move_to not in positions:
        return {"move_to": _("Choose one of the stages in the list.")}
    if draft.move_to == idea.stage_id:
        return {"move_to": _("The idea is in that stage already.")}
    if positions[draft.move_to] < positions[idea.stage_id]:
        return _wrong_reason(Occasion.BACK, draft)
    if draft.reason_code is not None:
        return {"reason_code": _("A move forward needs no reason from the list.")}
    return {}


def _wrong_reason(occasion: Occasion, draft: Draft) -> dict[str, str]:
    try:
        reasons.check(occasion, draft.reason_code, draft.reason)
    except InvalidFields as wrong:
        fields = {"reason": "reason_code", "note": "reason"}
        return {fields[field]: problem for field, problem in wrong.problems.items()}
    return {}


def _check_superseding(tx: Transaction, meeting: Meeting, draft: Draft, earlier: int) -> None:
    row = tx.one(
        f"""
        SELECT r.idea_id, {SERIES} = (SELECT {SERIES} FROM meeting AS m WHERE m.meeting_id = $this),
               r.resolution_id IN (SELECT supersedes FROM resolution)
        FROM resolution AS r JOIN meeting AS m ON m.meeting_id = r.meeting_id
        WHERE r.resolution_id = $earlier
        """,  # noqa: S608
        {"this": meeting.meeting_id, "earlier": earlier},
    )
    if row is None or row[0] != draft.idea_id or (row[0] is None and not row[1]):
        raise Invalid(
            _("Only what was decided before about the same can be given up for this."),
            "supersedes",
        )
    if row[2]:
        raise Conflict(_("Somebody else has recorded what takes its place. Look at that first."))
