"""What a journey's rules propose that an idea asks of agencies, and what the team did about it.

Each proposal is taken up as a matter, marked as done by oneself, or set aside with a reason; what
was decided is appended, and the last word counts. A check that concerns a residence permit keeps
done or not done, and nothing about anybody.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sandkasse import clock, journeys, purposes, touchpoints
from sandkasse.access import Action, Writing, require_for_idea, writing
from sandkasse.database import Database, Reader
from sandkasse.errors import Invalid, InvalidFields
from sandkasse.i18n import N_, _
from sandkasse.journeys import ContactRule
from sandkasse.needs import NEEDS
from sandkasse.people import Actor
from sandkasse.purposes import Purpose
from sandkasse.texts import problem_with, tidy
from sandkasse.touchpoints import Opening

OPEN, TAKEN_UP, DONE, SET_ASIDE = "open", "taken_up", "done", "set_aside"

OUTCOME_NAMES = {
    OPEN: N_("To look at"),
    TAKEN_UP: N_("Taken up"),
    DONE: N_("Done"),
    SET_ASIDE: N_("Set aside"),
}


@dataclass(frozen=True)
class Proposal:
    """What a rule proposes to an idea, and what became of it.

    ``earlier`` tells that it belonged to a stage the idea has left; ``stale`` that its source was
    last read over a year ago.
    """

    rule: ContactRule
    purpose: Purpose
    outcome: str
    note: str
    touchpoint_id: int | None
    earlier: bool
    stale: bool


def proposals(db: Database, actor: Actor, idea_id: int) -> list[Proposal]:
    """What is proposed to an idea in the stage it is in, and what is left of earlier ones: what
    concerns everybody, or what the team said that it needs. Open ones come first.

    :raises NotFound: when the idea is out of the actor's reach.
    """
    require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    row = db.one("SELECT journey_id, stage_id, level, theme FROM idea WHERE idea_id = ?", [idea_id])
    assert row is not None  # noqa: S101  (its reach was just checked)
    journey_id, stage_id, level, theme = row
    journey = journeys.get(db, journey_id)
    declared, marks = needs(db, idea_id), _marks(db, idea_id)
    found = []
    for rule in journey.contact_rules:
        purpose = purposes.find(rule.purpose)
        if purpose is None or not _applies(rule, level, theme, declared):
            continue
        outcome, note, touchpoint_id = marks.get(rule.id, (OPEN, "", None))
        here = stage_id in rule.stages
        behind = max(map(journey.position, rule.stages)) < journey.position(stage_id)
        left = behind and outcome == OPEN and (rule.for_all or bool(rule.needs))
        if here or left:
            stale = purpose.stale(clock.today())
            found.append(Proposal(rule, purpose, outcome, note, touchpoint_id, not here, stale))
    return sorted(found, key=lambda one: (one.outcome != OPEN, not one.rule.for_all))


def needs(reader: Database | Reader, idea_id: int) -> frozenset[str]:
    """What the team has said that its idea involves; the caller checks the right to see it."""
    return needs_of(reader, [idea_id]).get(idea_id, frozenset())


def needs_of(reader: Database | Reader, idea_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """What the teams of these ideas have said that they involve; ideas without are left out."""
    rows = reader.rows(
        """
        SELECT idea_id, list(need) FROM (
            SELECT idea_id, need FROM need_mark
            WHERE idea_id IN (SELECT unnest(?::BIGINT[]))
            GROUP BY idea_id, need HAVING arg_max(applies, seq)
        ) GROUP BY idea_id
        """,
        [list(idea_ids)],
    )
    return {idea_id: frozenset(several) for idea_id, several in rows}


def declared(db: Database, actor: Actor, idea_id: int) -> frozenset[str]:
    """What the team has said that its idea involves. :raises NotFound: out of reach."""
    require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    return needs(db, idea_id)


def declare(db: Database, actor: Actor, idea_id: int, wanted: frozenset[str]) -> None:
    """Say what the idea involves: these needs, and none of the others.

    :raises Invalid: an unknown need. :raises NotAllowed: without the right. :raises NotFound: out
        of reach.
    """
    with writing(db, actor, Action.USE_CHECKLIST, idea_id=idea_id) as write:
        if not wanted <= set(NEEDS):
            raise Invalid(_("Choose from the list."), "needs")
        before = needs(write.tx, idea_id)
        for need in sorted(before ^ wanted):
            write.tx.execute(
                """
                INSERT INTO need_mark (idea_id, seq, need, applies, actor_id, recorded_at)
                SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ? FROM need_mark WHERE idea_id = ?
                """,
                [idea_id, need, need in wanted, actor.person_id, clock.now(), idea_id],
            )
            write.detail[need] = need in wanted


def take_up(db: Database, actor: Actor, idea_id: int, rule_id: str) -> int:
    """Open a matter of what a rule proposes, and return its id.

    :raises Invalid: an unknown rule, a self-check, or one that is taken up already; else as
        :func:`sandkasse.touchpoints.open_matter`.
    """
    with writing(db, actor, Action.USE_CHECKLIST, idea_id=idea_id) as write:
        rule = _rule(db, write, idea_id, rule_id)
        purpose = purposes.find(rule.purpose)
        if purpose is None or rule.self_check:
            raise Invalid(_("This is a check that you do yourselves."))
        if _marks(write.tx, idea_id).get(rule_id, (OPEN,))[0] == TAKEN_UP:
            raise Invalid(_("This is taken up already."))
        opening = Opening(purpose.agency_id, purpose.id)
        touchpoint_id = touchpoints.open_within(db, write, actor, idea_id, opening)
        _mark(write, actor, idea_id, rule_id, TAKEN_UP, "", touchpoint_id)
    return touchpoint_id


def mark(
    db: Database, actor: Actor, idea_id: int, rule_id: str, outcome: str, note: str = ""
) -> None:
    """Mark a proposal as done by oneself, set aside (with a reason), or open again.

    :raises InvalidFields: a missing or faulty reason. :raises Invalid: an unknown rule or outcome.
    :raises NotAllowed, NotFound: as for :func:`take_up`.
    """
    with writing(db, actor, Action.USE_CHECKLIST, idea_id=idea_id) as write:
        words = tidy(note)
        if outcome not in (DONE, SET_ASIDE, OPEN):
            raise Invalid(_("Choose from the list."), "outcome")
        if outcome == SET_ASIDE and not words:
            raise InvalidFields({"note": _("Say in a few words why it does not concern you.")})
        if fault := problem_with(words, "note"):
            raise InvalidFields({"note": fault})
        rule = _rule(db, write, idea_id, rule_id)
        # Of a check on permits not even words are kept: they could tell of somebody's origin.
        _mark(write, actor, idea_id, rule_id, outcome, "" if rule.self_check else words, None)


def _applies(
    rule: ContactRule, level: str | None, theme: str | None, declared: frozenset[str]
) -> bool:
    return (
        (not rule.levels or level in rule.levels)
        and (not rule.themes or theme in rule.themes)
        and (not rule.needs or not declared.isdisjoint(rule.needs))
    )


def _rule(db: Database, write: Writing, idea_id: int, rule_id: str) -> ContactRule:
    journey_id = write.tx.value("SELECT journey_id FROM idea WHERE idea_id = ?", [idea_id])
    for rule in journeys.get(db, journey_id).contact_rules:
        if rule.id == rule_id:
            return rule
    raise Invalid(_("The journey has no such rule."))


def _marks(reader: Database | Reader, idea_id: int) -> dict[str, tuple[str, str, int | None]]:
    rows = reader.rows(
        """
        SELECT rule_id, arg_max(outcome, seq), arg_max(coalesce(note, ''), seq),
               arg_max(coalesce(touchpoint_id, 0), seq)
        FROM proposal_mark WHERE idea_id = ? GROUP BY rule_id
        """,
        [idea_id],
    )
    return {rule_id: (outcome, note, key or None) for rule_id, outcome, note, key in rows}


def _mark(
    write: Writing,
    actor: Actor,
    idea_id: int,
    rule_id: str,
    outcome: str,
    note: str,
    touchpoint_id: int | None,
) -> None:
    write.tx.execute(
        """
        INSERT INTO proposal_mark
            (idea_id, seq, rule_id, outcome, note, touchpoint_id, actor_id, recorded_at)
        SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ?, ?, ? FROM proposal_mark WHERE idea_id = ?
        """,
        [
            idea_id, rule_id, outcome, note or None, touchpoint_id, actor.person_id, clock.now(),
            idea_id,
        ],
    )  # fmt: skip
    write.detail.update(rule=rule_id, outcome=outcome)
