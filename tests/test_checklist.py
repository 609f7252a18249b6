"""What the rules propose to an idea, and what the team does about it."""

import pytest

from sandkasse import checklist, journeys, pipeline, purposes, touchpoints
from sandkasse.checklist import DONE, OPEN, SET_ASIDE, TAKEN_UP
from sandkasse.errors import Invalid, InvalidFields, NotAllowed, NotFound
from sandkasse.gates import Outcome
from sandkasse.matter import State
from tests.builders import JOURNEY, submitted


def moved(db, cast, idea_id: int, *stages: str) -> None:
    """Move the idea through these stages, waiving what the gates ask."""
    for number, stage in enumerate(stages, 1):
        row = db.one("SELECT stage_id, level FROM idea WHERE idea_id = ?", [idea_id])
        gates = journeys.get(db, JOURNEY).for_level(row[1]).stage(row[0]).gates
        pipeline.move_idea(
            db, cast.mentor, idea_id, to=stage, expected_seq=number, note="Test",
            gates={gate.id: Outcome.WAIVED for gate in gates},
        )  # fmt: skip


def proposed(db, actor, idea_id: int) -> dict[str, str]:
    """The rules that propose something, and what became of each."""
    return {one.rule.id: one.outcome for one in checklist.proposals(db, actor, idea_id)}


@pytest.fixture
def idea_id(db, cast):
    """A master student's idea in the clarification."""
    idea_id = submitted(db, cast.student)
    moved(db, cast, idea_id, "clarification")
    return idea_id


def test_the_stage_and_the_level_decide_what_is_proposed(db, cast, idea_id):
    found = proposed(db, cast.student, idea_id)
    assert "ask-about-ownership" in found
    assert "settle-ownership" not in found  # for PhD fellows
    assert "register" not in found  # for a later stage


def test_a_need_that_was_declared_adds_its_proposal(db, cast, idea_id):
    assert "food-business" not in proposed(db, cast.student, idea_id)
    checklist.declare(db, cast.student, idea_id, frozenset({"food"}))
    assert proposed(db, cast.student, idea_id)["food-business"] == OPEN
    checklist.declare(db, cast.student, idea_id, frozenset())
    assert "food-business" not in proposed(db, cast.student, idea_id)


def test_taking_up_a_proposal_opens_a_matter(db, cast, idea_id):
    matter = checklist.take_up(db, cast.student, idea_id, "ask-about-ownership")
    assert touchpoints.get(db, cast.student, matter).state is State.PREPARED
    assert proposed(db, cast.student, idea_id)["ask-about-ownership"] == TAKEN_UP
    with pytest.raises(Invalid, match="taken up already"):
        checklist.take_up(db, cast.student, idea_id, "ask-about-ownership")


def test_setting_aside_needs_a_reason(db, cast, idea_id):
    with pytest.raises(InvalidFields):
        checklist.mark(db, cast.student, idea_id, "ask-for-guidance", SET_ASIDE)
    checklist.mark(db, cast.student, idea_id, "ask-for-guidance", SET_ASIDE, "We know them")
    assert proposed(db, cast.student, idea_id)["ask-for-guidance"] == SET_ASIDE
    checklist.mark(db, cast.student, idea_id, "ask-for-guidance", OPEN)
    assert proposed(db, cast.student, idea_id)["ask-for-guidance"] == OPEN


def test_of_a_self_check_nothing_but_done_is_kept(db, cast, idea_id):
    checklist.mark(db, cast.student, idea_id, "check-residence", DONE, "I am from Nowhere")
    assert proposed(db, cast.student, idea_id)["check-residence"] == DONE
    kept = str(db.rows("FROM proposal_mark")) + str(db.rows("FROM audit"))
    assert "Nowhere" not in kept
    with pytest.raises(Invalid, match="do yourselves"):
        checklist.take_up(db, cast.student, idea_id, "check-residence")


def test_what_concerns_everybody_stays_when_its_stage_is_left(db, cast):
    idea_id = submitted(db, cast.student, level="PhD")
    moved(db, cast, idea_id, "clarification", "need-test")
    found = {one.rule.id: one for one in checklist.proposals(db, cast.student, idea_id)}
    assert found["settle-ownership"].earlier
    checklist.mark(db, cast.student, idea_id, "settle-ownership", DONE)
    assert "settle-ownership" not in proposed(db, cast.student, idea_id)


def test_it_checks_access(db, cast, idea_id):
    with pytest.raises(NotFound):
        checklist.proposals(db, cast.stranger, idea_id)
    with pytest.raises(NotFound):
        checklist.declare(db, cast.stranger, idea_id, frozenset())
    with pytest.raises(NotAllowed):
        checklist.mark(db, cast.member, idea_id, "register", DONE)


def test_every_rule_of_the_shipped_journeys_names_a_purpose_of_the_catalogue(db):
    for journey in journeys.all_journeys(db):
        for rule in journey.contact_rules:
            assert purposes.find(rule.purpose) is not None, rule.id
