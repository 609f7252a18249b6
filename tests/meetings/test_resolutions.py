"""What a meeting led to, and what came of it."""

import threading
from datetime import timedelta

import pytest
import time_machine

from sandkasse import (
    clock,
    gates,
    ideas,
    integrity,
    meetings,
    membership,
    notices,
    pipeline,
)
from sandkasse.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from sandkasse.gates import Outcome
from sandkasse.meetings import agenda, receipts, resolutions
from sandkasse.meetings.receipts import Kind
from sandkasse.notices import Notice
from tests.builders import begun, called, contents, seq, submitted


@pytest.fixture
def meeting_id(db, cast):
    """A meeting that has begun."""
    return begun(db, cast.lead)


@pytest.fixture
def idea_id(db, cast):
    """The student's idea."""
    return submitted(db, cast.student)


def decided(db, cast, meeting_id: int, idea_id: int | None, **what) -> int:
    """The id of a decision of the meeting about an idea."""
    given = {"body": "Go on to the clarification", "idea_id": idea_id, **what}
    return resolutions.record(db, cast.mentor, meeting_id, Kind.DECISION, **given)


def given(db, cast, meeting_id: int, **what) -> int:
    """The id of an action that the meeting gave to the member."""
    about = {
        "body": "Ring the port", "owner_id": cast.member.person_id, "due": clock.today(), **what
    }  # fmt: skip
    return resolutions.record(db, cast.mentor, meeting_id, Kind.ACTION, **about)


def told(db, actor) -> list[Notice]:
    """What the actor was told, latest first."""
    return [one.kind for one in notices.mine(db, actor).rows]


def waived(db, cast, idea_id: int) -> dict[str, Outcome]:
    """Every gate of the stage the idea is in, waived."""
    found = gates.states(db, cast.mentor, idea_id)
    return {one.gate.id: Outcome.WAIVED for one in found}


def ids(found) -> list[int]:
    """The numbers of the resolutions."""
    return [one.resolution_id for one in found]


# ── recording ───────────────────────────────────────────────────────────────────────────────


def test_an_information_says_what_and_no_more(db, cast, meeting_id):
    resolution_id = resolutions.record(
        db, cast.member, meeting_id, Kind.INFORMATION, "  The rooms are let. "
    )
    (one,) = receipts.of_meeting(db, cast.mentor, meeting_id)
    assert (one.resolution_id, one.kind, one.body) == (
        resolution_id, Kind.INFORMATION, "The rooms are let.",
    )  # fmt: skip
    assert (one.recorded_by, one.meeting_title) == ("Mona Member", "Service development")
    assert not one.moves
    assert not one.is_open
    assert integrity.check(db) == []


def test_a_decision_says_what_why_what_next_and_by_when(db, cast, meeting_id, idea_id):
    due = clock.today() + timedelta(days=7)
    decided(
        db, cast, meeting_id, idea_id, reason="The need is there.", next_step="Talk to ten ports.",
        due=due, move_to="clarification",
    )  # fmt: skip
    (one,) = receipts.of_idea(db, cast.mentor, idea_id)
    assert (one.body, one.reason, one.next_step, one.due, one.move_to) == (
        "Go on to the clarification", "The need is there.", "Talk to ten ports.", due,
        "clarification",
    )  # fmt: skip
    assert one.moves
    assert one.idea_title == "Ice sensors for the harbour"
    assert integrity.check(db) == []


def test_an_item_gives_its_idea_to_what_is_recorded_under_it(db, cast, meeting_id, idea_id):
    with db.transaction() as tx:
        tx.execute("UPDATE idea SET ball_at = ball_at - INTERVAL 20 DAY")
    agenda.prepare(db, cast.lead, meeting_id)
    (item,) = agenda.items(db, cast.lead, meeting_id)
    decided(db, cast, meeting_id, None, item_id=item.item_id)
    (one,) = receipts.of_meeting(db, cast.lead, meeting_id)
    assert (one.item_id, one.idea_id) == (item.item_id, idea_id)
    other = submitted(db, cast.student)
    with pytest.raises(Invalid, match="another idea"):
        decided(db, cast, meeting_id, other, item_id=item.item_id)


TOMORROW = timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "what", "field"),
    [
        ("information", {"body": " "}, "body"),
        ("information", {"body": "x" * 2001}, "body"),
        ("decision", {"reason": "x" * 2001}, "reason"),
        ("decision", {"next_step": "a\u202eb"}, "next_step"),
        ("promise", {}, "kind"),
        ("information", {"owner": True}, "owner_id"),
        ("information", {"due": TOMORROW}, "due"),
        ("information", {"move_to": "clarification"}, "move_to"),
        ("information", {"exit_id": "closed"}, "exit_id"),
        ("information", {"reason_code": "learned"}, "reason_code"),
        ("action", {"due": TOMORROW}, "owner_id"),
        ("action", {"due": TOMORROW, "owner_id": 999}, "owner_id"),
        ("action", {"owner": True}, "due"),
        ("action", {"owner": True, "due": -TOMORROW}, "due"),
        ("action", {"owner": True, "due": TOMORROW, "move_to": "clarification"}, "move_to"),
        ("decision", {"owner": True}, "owner_id"),
        ("decision", {"due": -TOMORROW}, "due"),
        ("decision", {"move_to": "clarification", "idea_id": None}, "idea_id"),
        ("decision", {"move_to": "no-such"}, "move_to"),
        ("decision", {"move_to": "idea-bank"}, "move_to"),
        ("decision", {"move_to": "clarification", "reason_code": "not_ready"}, "reason_code"),
        ("decision", {"move_to": "clarification", "exit_id": "closed"}, "exit_id"),
        ("decision", {"exit_id": "no-such", "reason_code": "learned"}, "exit_id"),
        ("decision", {"exit_id": "merged", "reason_code": "duplicate"}, "exit_id"),
        ("decision", {"exit_id": "closed"}, "reason_code"),
        ("decision", {"exit_id": "closed", "reason_code": "not_ready"}, "reason_code"),
        ("decision", {"exit_id": "closed", "reason_code": "other"}, "reason"),
        ("decision", {"reason_code": "learned"}, "reason_code"),
    ],
)
def test_what_lacks_something_or_says_too_much_is_refused(
    db, cast, meeting_id, idea_id, kind, what, field
):
    about = {"body": "Something", "idea_id": idea_id, **what}
    if about.pop("owner", False):
        about["owner_id"] = cast.member.person_id
    if "due" in about:
        about["due"] = clock.today() + about["due"]
    before = contents(db)
    with pytest.raises(InvalidFields) as refused:
        resolutions.record(db, cast.lead, meeting_id, kind, **about)
    assert set(refused.value.problems) == {field}
    assert contents(db) == before


def test_a_move_back_needs_its_reason(db, cast, meeting_id, idea_id):
    pipeline.move_idea(
        db, cast.mentor, idea_id, to="need-test", expected_seq=1, note="x",
        gates=waived(db, cast, idea_id),
    )  # fmt: skip
    with pytest.raises(InvalidFields) as refused:
        decided(db, cast, meeting_id, idea_id, move_to="clarification")
    assert set(refused.value.problems) == {"reason_code"}
    decided(db, cast, meeting_id, idea_id, move_to="clarification", reason_code="not_ready")


def test_only_an_open_idea_of_the_meetings_journey_is_moved(db, cast, meeting_id, idea_id):
    other = submitted(db, cast.student, "one-office", level=None)
    with pytest.raises(InvalidFields, match="another sandbox"):
        decided(db, cast, meeting_id, other, move_to="legal-basis")
    decided(db, cast, begun(db, cast.lead, journey_id=None), other, move_to="legal-basis")
    pipeline.withdraw_idea(db, cast.student, idea_id, expected_seq=1, reason="team")
    with pytest.raises(InvalidFields, match="has left"):
        decided(db, cast, meeting_id, idea_id, move_to="clarification")
    decided(db, cast, meeting_id, idea_id)


def test_a_blocked_person_gets_no_action(db, cast, meeting_id):
    membership.block(db, cast.lead, cast.member.person_id, blocked=True)
    with pytest.raises(InvalidFields) as refused:
        given(db, cast, meeting_id)
    assert set(refused.value.problems) == {"owner_id"}


def test_an_item_of_another_agenda_or_taken_off_is_refused(db, cast, meeting_id):
    elsewhere = agenda.add_own(db, cast.lead, called(db, cast.lead), "a")
    gone = agenda.add_own(db, cast.lead, meeting_id, "b")
    agenda.remove_item(db, cast.lead, gone)
    for item_id in (elsewhere, gone, 999):
        with pytest.raises(Invalid, match="agenda"):
            decided(db, cast, meeting_id, None, item_id=item_id)


def test_nothing_is_recorded_before_a_meeting_begins_or_after_it_is_closed(db, cast, meeting_id):
    meetings.close(db, cast.lead, meeting_id)
    ahead = called(db, cast.lead)
    before = contents(db)
    for one, says in ((ahead, "has not begun"), (meeting_id, "is closed")):
        with pytest.raises(Invalid, match=says):
            given(db, cast, one)
    with pytest.raises(NotFound):
        given(db, cast, 99)
    assert contents(db) == before


def test_a_member_speaks_of_ideas_that_are_published_or_on_the_agenda(
    db, cast, meeting_id, idea_id
):
    def say() -> int:
        return resolutions.record(
            db, cast.member, meeting_id, Kind.INFORMATION, "Heard", idea_id=idea_id
        )

    for unknown in (idea_id, 999):
        with pytest.raises(NotFound):
            resolutions.record(
                db, cast.member, meeting_id, Kind.INFORMATION, "Heard", idea_id=unknown
            )
    with db.transaction() as tx:
        tx.execute("UPDATE idea SET ball_at = ball_at - INTERVAL 20 DAY")
    agenda.prepare(db, cast.lead, meeting_id)
    say()
    (one,) = receipts.of_meeting(db, cast.member, meeting_id)
    assert (one.idea_id, one.idea_title) == (idea_id, None)
    ideas.ask_to_publish(db, cast.student, idea_id, "Ice.")
    ideas.decide_publication(db, cast.mentor, idea_id, approved=True)
    (one,) = receipts.of_meeting(db, cast.member, meeting_id)
    assert one.idea_title == "Ice sensors for the harbour"


def test_students_record_nothing_and_see_no_meetings_results(db, cast, meeting_id):
    before = contents(db)
    for who in (cast.student, cast.nobody):
        with pytest.raises(NotAllowed):
            resolutions.record(db, who, meeting_id, Kind.INFORMATION, "Heard")
        with pytest.raises(NotAllowed):
            receipts.of_meeting(db, who, meeting_id)
    assert contents(db) == before


def test_a_resolution_is_never_updated_or_deleted(db, cast, meeting_id, idea_id):
    first = decided(db, cast, meeting_id, idea_id, move_to="clarification")
    action = given(db, cast, meeting_id)
    before = db.rows("FROM resolution ORDER BY resolution_id")
    resolutions.publish(db, cast.mentor, first)
    resolutions.carry_out(db, cast.mentor, first, gates=waived(db, cast, idea_id))
    resolutions.mark_done(db, cast.member, action)
    decided(db, cast, meeting_id, idea_id, body="Wait", supersedes=first)
    assert db.rows("FROM resolution ORDER BY resolution_id")[:2] == before


# ── one that takes the place of another ─────────────────────────────────────────────────────


def test_a_later_decision_takes_the_place_of_an_earlier_one(db, cast, meeting_id, idea_id):
    first = decided(db, cast, meeting_id, idea_id)
    meetings.close(db, cast.lead, meeting_id)
    second = decided(db, cast, begun(db, cast.lead, 2), idea_id, body="Wait", supersedes=first)
    latest, earlier = receipts.of_idea(db, cast.mentor, idea_id)
    assert (latest.supersedes, latest.superseded_by) == (first, None)
    assert (earlier.resolution_id, earlier.superseded_by) == (first, second)
    assert integrity.check(db) == []


def test_two_that_would_take_the_same_place_conflict(db, cast, meeting_id, idea_id):
    first = decided(db, cast, meeting_id, idea_id)
    decided(db, cast, meeting_id, idea_id, body="Wait", supersedes=first)
    before = contents(db)
    with pytest.raises(Conflict, match="takes its place"):
        decided(db, cast, meeting_id, idea_id, body="Stop", supersedes=first)
    assert contents(db) == before


def test_of_two_at_once_exactly_one_takes_the_place(db, cast, meeting_id, idea_id):
    first = decided(db, cast, meeting_id, idea_id)
    answers: list[str] = []

    def supersede(body: str) -> None:
        try:
            decided(db, cast, meeting_id, idea_id, body=body, supersedes=first)
            answers.append("done")
        except Conflict:
            answers.append("conflict")

    threads = [threading.Thread(target=supersede, args=(body,)) for body in ("Wait", "Stop")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == ["conflict", "done"]
    assert db.value("SELECT count(*) FROM resolution WHERE supersedes = ?", [first]) == 1


def test_only_what_is_about_the_same_is_superseded(db, cast, meeting_id, idea_id):
    other = submitted(db, cast.student)
    about_idea, about_nothing = decided(db, cast, meeting_id, idea_id), given(db, cast, meeting_id)
    before = contents(db)
    for wrong, its in ((about_idea, other), (about_idea, None), (about_nothing, idea_id)):
        with pytest.raises(Invalid, match="about the same"):
            decided(db, cast, meeting_id, its, supersedes=wrong)
    with pytest.raises(Invalid, match="about the same"):
        decided(db, cast, meeting_id, idea_id, supersedes=999)
    assert contents(db) == before
    elsewhere = begun(db, cast.lead, 2, subproject_id="hosting-recruitment")
    with pytest.raises(Invalid, match="about the same"):
        given(db, cast, elsewhere, supersedes=about_nothing)
    decided(db, cast, elsewhere, idea_id, supersedes=about_idea)
    given(db, cast, begun(db, cast.lead, 3), supersedes=about_nothing)


def test_what_has_lost_its_place_is_neither_published_carried_out_nor_done(
    db, cast, meeting_id, idea_id
):
    decision = decided(db, cast, meeting_id, idea_id, move_to="clarification")
    action = given(db, cast, meeting_id)
    decided(db, cast, meeting_id, idea_id, body="Wait", supersedes=decision)
    given(db, cast, meeting_id, body="Write to the port", supersedes=action)
    before = contents(db)
    for attempt in (
        lambda: resolutions.publish(db, cast.mentor, decision),
        lambda: resolutions.carry_out(db, cast.mentor, decision),
        lambda: resolutions.mark_done(db, cast.member, action),
    ):
        with pytest.raises(Invalid, match="taken its place"):
            attempt()
    assert contents(db) == before
    assert [one.body for one in receipts.own_actions(db, cast.member)] == ["Write to the port"]


# ── publishing ──────────────────────────────────────────────────────────────────────────────


def test_a_published_decision_reaches_the_team_with_a_notice(db, cast, meeting_id, idea_id):
    decision = decided(db, cast, meeting_id, idea_id, next_step="Talk to ten ports.")
    assert receipts.of_idea(db, cast.student, idea_id) == []
    assert told(db, cast.student) == []
    resolutions.publish(db, cast.mentor, decision)
    (receipt,) = receipts.of_idea(db, cast.student, idea_id)
    assert (receipt.resolution_id, receipt.next_step) == (decision, "Talk to ten ports.")
    assert receipt.meeting_title == "Service development"
    assert receipt.published_at is not None
    assert told(db, cast.student) == [Notice.RECEIPT]
    assert told(db, cast.stranger) == []


def test_mentors_read_what_is_not_published_and_members_nothing(db, cast, meeting_id, idea_id):
    drafts = [decided(db, cast, meeting_id, idea_id), given(db, cast, meeting_id, idea_id=idea_id)]
    for who in (cast.mentor, cast.other_mentor, cast.lead):
        assert ids(receipts.of_idea(db, who, idea_id)) == drafts[::-1]
    for who in (cast.member, cast.stranger, cast.nobody):
        with pytest.raises(NotFound):
            receipts.of_idea(db, who, idea_id)


def test_a_draft_that_took_the_place_of_a_published_decision_is_not_told(
    db, cast, meeting_id, idea_id
):
    first = decided(db, cast, meeting_id, idea_id)
    resolutions.publish(db, cast.mentor, first)
    second = decided(db, cast, meeting_id, idea_id, body="Wait", supersedes=first)
    (receipt,) = receipts.of_idea(db, cast.student, idea_id)
    assert (receipt.resolution_id, receipt.superseded_by) == (first, None)
    resolutions.publish(db, cast.mentor, second)
    later, earlier = receipts.of_idea(db, cast.student, idea_id)
    assert (later.supersedes, earlier.superseded_by) == (first, second)


def test_only_a_decision_about_an_idea_is_published_and_only_once(db, cast, meeting_id, idea_id):
    decision = decided(db, cast, meeting_id, idea_id)
    others = [
        decided(db, cast, meeting_id, None),
        given(db, cast, meeting_id, idea_id=idea_id),
        resolutions.record(
            db, cast.lead, meeting_id, Kind.INFORMATION, "Heard", idea_id=idea_id
        ),
    ]  # fmt: skip
    resolutions.publish(db, cast.lead, decision)
    before = contents(db)
    with pytest.raises(Invalid, match="already"):
        resolutions.publish(db, cast.lead, decision)
    for other in others:
        with pytest.raises(Invalid, match="Only a decision about an idea"):
            resolutions.publish(db, cast.lead, other)
    with pytest.raises(NotFound):
        resolutions.publish(db, cast.lead, 99)
    assert contents(db) == before


def test_members_and_students_do_not_publish(db, cast, meeting_id, idea_id):
    decision = decided(db, cast, meeting_id, idea_id)
    for who in (cast.member, cast.student, cast.nobody):
        with pytest.raises(NotAllowed):
            resolutions.publish(db, who, decision)
    assert receipts.of_idea(db, cast.student, idea_id) == []


def test_a_closed_meetings_decision_can_still_be_published_and_carried_out(
    db, cast, meeting_id, idea_id
):
    decision = decided(db, cast, meeting_id, idea_id, move_to="clarification")
    meetings.close(db, cast.lead, meeting_id)
    resolutions.publish(db, cast.mentor, decision)
    resolutions.carry_out(db, cast.mentor, decision, gates=waived(db, cast, idea_id))
    assert receipts.of_idea(db, cast.student, idea_id)[0].carried_seq == 2


# ── carrying out ────────────────────────────────────────────────────────────────────────────


def test_carrying_out_moves_the_idea_and_points_to_the_decision(db, cast, meeting_id, idea_id):
    decision = decided(
        db, cast, meeting_id, idea_id, move_to="clarification", reason="A secret thought"
    )
    move = resolutions.carry_out(
        db, cast.mentor, decision, expected_seq=1, gates=waived(db, cast, idea_id)
    )
    assert (move.seq, move.standing.stage_id) == (2, "clarification")
    (one,) = receipts.of_idea(db, cast.mentor, idea_id)
    assert one.carried_seq == 2
    assert one.carried_at is not None
    last = pipeline.timeline(db, cast.student, idea_id)[0].row
    assert last.note == "Decided in the meeting «Service development»."
    assert integrity.check(db) == []


def test_carrying_out_an_exit_and_a_move_back_gives_their_reason(db, cast, meeting_id, idea_id):
    other = submitted(db, cast.student)
    pipeline.move_idea(
        db, cast.mentor, other, to="need-test", expected_seq=1, note="x",
        gates=waived(db, cast, other),
    )  # fmt: skip
    out = decided(
        db, cast, meeting_id, idea_id, exit_id="closed", reason_code="other", reason="Tried enough"
    )
    back = decided(db, cast, meeting_id, other, move_to="clarification", reason_code="not_ready")
    resolutions.carry_out(db, cast.mentor, out, note="We talked about it.")
    resolutions.carry_out(db, cast.lead, back)
    row = pipeline.timeline(db, cast.student, idea_id)[0].row
    assert (row.exit_id, row.reason, row.note) == ("closed", "other", "We talked about it.")
    row = pipeline.timeline(db, cast.student, other)[0].row
    assert (row.stage_id, row.reason) == ("clarification", "not_ready")
    assert integrity.check(db) == []


def test_gates_hold_a_decided_move_back_and_nothing_is_written(db, cast, meeting_id):
    idea_id = submitted(db, cast.student)
    pipeline.move_idea(
        db, cast.mentor, idea_id, to="clarification", expected_seq=1, note="x",
        gates=waived(db, cast, idea_id),
    )  # fmt: skip
    decision = decided(db, cast, meeting_id, idea_id, move_to="need-test")
    assert waived(db, cast, idea_id)
    before = contents(db)
    with pytest.raises(Invalid) as refused:
        resolutions.carry_out(db, cast.mentor, decision)
    assert refused.value.field == "gates"
    assert contents(db) == before
    resolutions.carry_out(db, cast.mentor, decision, gates=waived(db, cast, idea_id))


def test_a_decision_is_carried_out_once(db, cast, meeting_id, idea_id):
    decision = decided(db, cast, meeting_id, idea_id, move_to="clarification")
    resolutions.carry_out(db, cast.mentor, decision, gates=waived(db, cast, idea_id))
    before = contents(db)
    with pytest.raises(Invalid, match="already"):
        resolutions.carry_out(db, cast.mentor, decision)
    assert contents(db) == before


def test_carrying_out_on_an_idea_that_changed_meanwhile_conflicts(db, cast, meeting_id, idea_id):
    decision = decided(db, cast, meeting_id, idea_id, move_to="clarification")
    pipeline.hold_idea(db, cast.other_mentor, idea_id, expected_seq=1, reason="studies")
    before = contents(db)
    with pytest.raises(Conflict, match="Odd Mentor"):
        resolutions.carry_out(db, cast.mentor, decision, expected_seq=1)
    assert contents(db) == before
    pipeline.withdraw_idea(db, cast.student, idea_id, expected_seq=2, reason="team")
    with pytest.raises(Invalid, match="has left"):
        resolutions.carry_out(db, cast.mentor, decision)


def test_only_who_may_move_the_idea_carries_out(db, cast, meeting_id, idea_id):
    decision = decided(db, cast, meeting_id, idea_id, move_to="clarification")
    before = contents(db)
    for who in (cast.member, cast.student, cast.nobody):
        with pytest.raises(NotAllowed):
            resolutions.carry_out(db, who, decision)
    assert contents(db) == before


def test_what_decides_no_move_cannot_be_carried_out(db, cast, meeting_id, idea_id):
    for resolution_id in (
        decided(db, cast, meeting_id, idea_id),
        decided(db, cast, meeting_id, None),
        given(db, cast, meeting_id, idea_id=idea_id),
    ):
        with pytest.raises(Invalid, match="where the idea is to move"):
            resolutions.carry_out(db, cast.mentor, resolution_id)
    with pytest.raises(NotFound):
        resolutions.carry_out(db, cast.mentor, 99)
    assert seq(db, idea_id) == 1


# ── actions ─────────────────────────────────────────────────────────────────────────────────


def test_the_owner_is_told_and_finds_the_action(db, cast, meeting_id):
    action = given(db, cast, meeting_id)
    assert told(db, cast.member) == [Notice.ACTION]
    (one,) = receipts.own_actions(db, cast.member)
    assert (one.resolution_id, one.meeting_title, one.due) == (
        action, "Service development", clock.today(),
    )  # fmt: skip
    assert not one.overdue(clock.today())
    assert one.overdue(clock.today() + timedelta(days=1))
    assert receipts.own_actions(db, cast.mentor) == []


def test_whoever_takes_an_action_on_oneself_is_not_told(db, cast, meeting_id):
    given(db, cast, meeting_id, owner_id=cast.mentor.person_id)
    assert told(db, cast.mentor) == []
    assert len(receipts.own_actions(db, cast.mentor)) == 1


def test_an_action_about_an_idea_does_not_tell_its_title(db, cast, meeting_id, idea_id):
    given(db, cast, meeting_id, idea_id=idea_id)
    assert receipts.own_actions(db, cast.member)[0].idea_title is None
    assert [one.idea_title for one in notices.mine(db, cast.member).rows] == [""]


def test_an_action_is_open_until_it_is_done_and_can_be_reopened(db, cast, meeting_id):
    action = given(db, cast, meeting_id)
    meetings.close(db, cast.lead, meeting_id)
    resolutions.mark_done(db, cast.member, action, "She said yes.")
    assert receipts.own_actions(db, cast.member) == []
    (one,) = receipts.of_meeting(db, cast.lead, meeting_id)
    assert one.done_at is not None
    assert not one.is_open
    resolutions.reopen(db, cast.lead, action, "She meant no.")
    assert ids(receipts.own_actions(db, cast.member)) == [action]
    assert receipts.of_meeting(db, cast.lead, meeting_id)[0].is_open
    resolutions.mark_done(db, cast.lead, action)
    assert receipts.own_actions(db, cast.member) == []
    assert integrity.check(db) == []


def test_the_soonest_due_comes_first(db, cast, meeting_id):
    late = given(db, cast, meeting_id, due=clock.today() + timedelta(days=9))
    soon = given(db, cast, meeting_id, due=clock.today() + timedelta(days=2))
    assert ids(receipts.own_actions(db, cast.member)) == [soon, late]
    with time_machine.travel(clock.now() + timedelta(days=5)):
        overdue = [one.overdue(clock.today()) for one in receipts.own_actions(db, cast.member)]
    assert overdue == [True, False]


def test_what_is_due_about_an_idea_is_published_and_still_stands(db, cast, meeting_id, idea_id):
    late, soon = (clock.today() + timedelta(days=days) for days in (9, 2))
    first = decided(db, cast, meeting_id, idea_id, due=late)
    assert receipts.due(db, cast.student, [idea_id]) == []
    assert receipts.due(db, cast.mentor, [idea_id]) == []  # a draft binds nobody
    resolutions.publish(db, cast.mentor, first)
    action = given(db, cast, meeting_id, idea_id=idea_id, due=soon)
    assert ids(receipts.due(db, cast.student, [idea_id])) == [first]
    assert ids(receipts.due(db, cast.mentor, [idea_id])) == [action, first]
    resolutions.mark_done(db, cast.member, action)
    assert ids(receipts.due(db, cast.mentor, [idea_id])) == [first]
    for outside in (cast.stranger, cast.member, cast.nobody):
        assert receipts.due(db, outside, [idea_id]) == []
    second = decided(db, cast, meeting_id, idea_id, due=soon, supersedes=first)
    assert ids(receipts.due(db, cast.student, [idea_id])) == [first]
    resolutions.publish(db, cast.mentor, second)
    assert ids(receipts.due(db, cast.student, [idea_id])) == [second]
    resolutions.publish(db, cast.mentor, decided(db, cast, meeting_id, idea_id))
    pipeline.withdraw_idea(db, cast.student, idea_id, expected_seq=1, reason="team")
    assert receipts.due(db, cast.student, [idea_id]) == []


def test_an_action_is_done_once_and_reopened_only_when_done(db, cast, meeting_id):
    action = given(db, cast, meeting_id)
    with pytest.raises(Invalid, match="not done"):
        resolutions.reopen(db, cast.member, action)
    resolutions.mark_done(db, cast.member, action)
    before = contents(db)
    with pytest.raises(Invalid, match="already"):
        resolutions.mark_done(db, cast.member, action)
    with pytest.raises(Invalid):
        resolutions.reopen(db, cast.member, action, "x" * 2001)
    assert contents(db) == before


def test_only_the_owner_or_a_lead_says_that_an_action_is_done(db, cast, meeting_id, idea_id):
    action = given(db, cast, meeting_id)
    before = contents(db)
    for write in (resolutions.mark_done, resolutions.reopen):
        with pytest.raises(NotAllowed):
            write(db, cast.mentor, action)
        with pytest.raises(NotFound):
            write(db, cast.student, action)
        with pytest.raises(NotAllowed):
            write(db, cast.nobody, action)
        with pytest.raises(NotFound):
            write(db, cast.lead, 99)
    assert contents(db) == before
    with pytest.raises(Invalid, match="Only an action"):
        resolutions.mark_done(db, cast.lead, decided(db, cast, meeting_id, idea_id))


def test_a_student_can_own_an_action_and_sees_that_alone(db, cast, meeting_id):
    action = given(db, cast, meeting_id, owner_id=cast.student.person_id)
    given(db, cast, meeting_id)
    assert ids(receipts.own_actions(db, cast.student)) == [action]
    resolutions.mark_done(db, cast.student, action)
    assert receipts.own_actions(db, cast.student) == []
    with pytest.raises(NotAllowed):
        receipts.own_actions(db, cast.nobody)
