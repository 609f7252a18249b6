"""Moving ideas: what each write does, what it refuses, and that nothing is lost."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandkasse import clock, gates, ideas, journeys, pipeline
from sandkasse.errors import Conflict, Invalid, InvalidFields, SandkasseError
from sandkasse.gates import Outcome
from sandkasse.ledger import Kind, Party
from sandkasse.standing import refresh_standing
from tests.builders import JOURNEY, seq, submitted

STANDING = (
    "last_seq, stage_id, furthest, first_at, stage_at, round(earlier_days, 6), visits, exit_id, "
    "exit_kind, exit_at, held_at, ball, ball_at, merged_into"
)


def past_gates(db, cast, idea_id):
    """The gates of the idea's stage, all met."""
    return {state.gate.id: Outcome.MET for state in gates.states(db, cast.lead, idea_id)}


def forward(db, cast, idea_id, to):
    """Move the idea forward, its gates met."""
    return pipeline.move_idea(
        db,
        cast.lead,
        idea_id,
        to=to,
        expected_seq=seq(db, idea_id),
        gates=past_gates(db, cast, idea_id),
    )


@pytest.fixture
def idea_id(db, cast):
    return submitted(db, cast.student)


def test_a_move_forward_is_appended_and_gives_the_student_the_ball(db, cast, idea_id):
    move = forward(db, cast, idea_id, "clarification")
    assert move.seq == 2
    assert move.standing.stage_id == "clarification"
    assert move.standing.ball is Party.STUDENT
    row = pipeline.history(db, idea_id)[-1]
    assert (row.kind, row.from_stage, row.stage_id) == (Kind.MOVE, "idea-bank", "clarification")


def test_a_move_forward_past_an_open_gate_is_refused(db, cast, idea_id):
    with pytest.raises(Invalid) as refused:
        pipeline.move_idea(db, cast.mentor, idea_id, to="clarification", expected_seq=1)
    assert refused.value.field == "gates"
    assert seq(db, idea_id) == 1


def test_a_gate_is_waived_with_words_only(db, cast, idea_id):
    waived = dict.fromkeys(past_gates(db, cast, idea_id), Outcome.WAIVED)
    with pytest.raises(Invalid):
        pipeline.move_idea(
            db, cast.mentor, idea_id, to="clarification", expected_seq=1, gates=waived
        )
    pipeline.move_idea(
        db,
        cast.mentor,
        idea_id,
        to="clarification",
        expected_seq=1,
        gates=waived,
        note="Told in a meeting",
    )
    assert seq(db, idea_id) == 2


def test_a_move_back_needs_a_reason_from_the_list(db, cast, idea_id):
    forward(db, cast, idea_id, "clarification")
    with pytest.raises(InvalidFields) as refused:
        pipeline.move_idea(db, cast.mentor, idea_id, to="idea-bank", expected_seq=2)
    assert set(refused.value.problems) == {"reason"}
    pipeline.move_idea(db, cast.mentor, idea_id, to="idea-bank", expected_seq=2, reason="new_facts")
    assert db.one("SELECT stage_id, furthest, visits FROM idea") == ("idea-bank", 1, 2)


def test_other_needs_words(db, cast, idea_id):
    with pytest.raises(InvalidFields) as refused:
        pipeline.hold_idea(db, cast.mentor, idea_id, expected_seq=1, reason="other", note="  ")
    assert set(refused.value.problems) == {"note"}


def test_the_second_of_two_is_told_who_was_first(db, cast, idea_id):
    pipeline.hold_idea(db, cast.other_mentor, idea_id, expected_seq=1, reason="studies")
    with pytest.raises(Conflict, match="Odd Mentor"):
        pipeline.hold_idea(db, cast.mentor, idea_id, expected_seq=1, reason="studies")
    assert seq(db, idea_id) == 2


def test_of_many_at_once_exactly_one_wins(db, cast, idea_id):
    answers: list[str] = []

    def leave() -> None:
        try:
            pipeline.exit_idea(
                db, cast.mentor, idea_id, exit_id="declined", expected_seq=1, reason="no_need"
            )
            answers.append("won")
        except Conflict:
            answers.append("lost")

    threads = [threading.Thread(target=leave) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["lost"] * 7 + ["won"]
    assert [row.seq for row in pipeline.history(db, idea_id)] == [1, 2]


def test_an_exit_is_undone_from_its_own_row(db, cast, idea_id):
    left = pipeline.exit_idea(
        db, cast.mentor, idea_id, exit_id="declined", expected_seq=1, reason="not_fit"
    )
    assert db.value("SELECT exit_kind FROM idea") == "declined"
    undone = pipeline.undo(db, cast.mentor, idea_id, seq=left.seq, expected_seq=left.seq)
    assert undone.standing.is_open
    assert [row.kind for row in pipeline.history(db, idea_id)] == [Kind.ENTER, Kind.EXIT, Kind.VOID]


def test_what_is_undone_cannot_be_undone_twice(db, cast, idea_id):
    held = pipeline.hold_idea(db, cast.mentor, idea_id, expected_seq=1, reason="studies")
    pipeline.undo(db, cast.mentor, idea_id, seq=held.seq, expected_seq=2)
    with pytest.raises(Invalid):
        pipeline.undo(db, cast.mentor, idea_id, seq=held.seq, expected_seq=3)


def test_coming_in_cannot_be_undone_alone(db, cast, idea_id):
    with pytest.raises(Invalid):
        pipeline.undo(db, cast.mentor, idea_id, seq=1, expected_seq=1)


@pytest.mark.parametrize("days", [1, -365 * 200])
def test_a_time_that_cannot_be_is_refused(db, cast, idea_id, days):
    with pytest.raises(Invalid) as refused:
        pipeline.exit_idea(
            db,
            cast.mentor,
            idea_id,
            exit_id="declined",
            expected_seq=1,
            reason="no_need",
            occurred_at=clock.now() + timedelta(days=days),
        )
    assert refused.value.field == "occurred_at"


def test_an_idea_that_left_moves_only_after_reopening(db, cast, idea_id):
    pipeline.exit_idea(db, cast.mentor, idea_id, exit_id="closed", expected_seq=1, reason="learned")
    with pytest.raises(Invalid):
        pipeline.move_idea(db, cast.mentor, idea_id, to="sandbox", expected_seq=2)
    pipeline.reopen_idea(db, cast.mentor, idea_id, to="sandbox", expected_seq=2, reason="new_facts")
    assert db.one("SELECT stage_id, exit_id FROM idea") == ("sandbox", None)


def test_a_merge_keeps_both_histories_and_can_be_undone(db, cast, idea_id):
    twin = submitted(db, cast.stranger, title="The same, from another")
    merged = pipeline.merge_ideas(db, cast.mentor, twin, into=idea_id, expected_seq=1)
    assert db.one("SELECT exit_kind, merged_into FROM idea WHERE idea_id = ?", [twin]) == (
        "merged",
        idea_id,
    )
    pipeline.undo(db, cast.mentor, twin, seq=merged.seq, expected_seq=merged.seq)
    assert db.one("SELECT exit_kind, merged_into FROM idea WHERE idea_id = ?", [twin]) == (
        None,
        None,
    )
    assert len(pipeline.history(db, idea_id)) == 1


def test_an_idea_is_not_merged_into_itself_or_one_that_left(db, cast, idea_id):
    twin = submitted(db, cast.stranger)
    pipeline.exit_idea(db, cast.mentor, twin, exit_id="closed", expected_seq=1, reason="learned")
    for into in (idea_id, twin):
        with pytest.raises(Invalid):
            pipeline.merge_ideas(db, cast.mentor, idea_id, into=into, expected_seq=1)


def test_the_team_withdraws_its_idea(db, cast, idea_id):
    pipeline.withdraw_idea(db, cast.student, idea_id, expected_seq=1, reason="team")
    assert db.value("SELECT exit_kind FROM idea") == "withdrawn"


def test_the_ball_goes_to_and_fro(db, cast, idea_id):
    pipeline.hand_over(db, cast.mentor, idea_id, to=Party.STUDENT, expected_seq=1)
    pipeline.hand_over(db, cast.student, idea_id, to=Party.MENTOR, expected_seq=2)
    with pytest.raises(Invalid):
        pipeline.hand_over(db, cast.student, idea_id, to=Party.MENTOR, expected_seq=3)
    assert db.value("SELECT ball FROM idea") == "mentor"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["move", "hold", "resume", "exit", "reopen", "undo", "hand_over"]),
        st.integers(0, 6),
    ),
    max_size=12,
)


@given(STEPS)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_standing_kept_by_writes_is_the_one_the_whole_ledger_gives(db, cast, steps):
    idea_id = submitted(db, cast.student)
    stages = [stage.id for stage in journeys.get(db, JOURNEY).stages]
    for step, number in steps:
        with suppress(SandkasseError):
            _take(db, cast, idea_id, step, number, stages)
    kept = db.one(f"SELECT {STANDING} FROM idea WHERE idea_id = ?", [idea_id])
    with db.transaction() as tx:
        refresh_standing(tx, [idea_id])
    assert db.one(f"SELECT {STANDING} FROM idea WHERE idea_id = ?", [idea_id]) == kept
    assert [row.seq for row in pipeline.history(db, idea_id)] == list(range(1, kept[0] + 1))


def _take(db, cast, idea_id, step, number, stages):
    known = {"expected_seq": seq(db, idea_id)}
    if step == "move":
        marks = past_gates(db, cast, idea_id)
        pipeline.move_idea(
            db, cast.lead, idea_id, to=stages[number], reason="new_facts", gates=marks, **known
        )
    elif step == "hold":
        pipeline.hold_idea(db, cast.lead, idea_id, reason="studies", **known)
    elif step == "resume":
        pipeline.resume_idea(db, cast.lead, idea_id, **known)
    elif step == "exit":
        pipeline.exit_idea(db, cast.lead, idea_id, exit_id="declined", reason="no_need", **known)
    elif step == "reopen":
        pipeline.reopen_idea(db, cast.lead, idea_id, to=stages[number], reason="team", **known)
    elif step == "undo":
        pipeline.undo(db, cast.lead, idea_id, seq=number, **known)
    else:
        party = Party.STUDENT if number % 2 else Party.MENTOR
        pipeline.hand_over(db, cast.lead, idea_id, to=party, **known)


def given_with(db, cast, idea_id):
    """What gave the ball to whoever has it."""
    found = ideas.get(db, cast.mentor, idea_id)
    told = pipeline.timeline(db, cast.mentor, idea_id)
    return pipeline.gave_ball(told, Party(found.ball), found.ball_at)


def test_the_words_with_which_the_ball_was_given_are_found(db, cast, idea_id):
    assert given_with(db, cast, idea_id).row.seq == 1
    asked = {"to": Party.STUDENT, "note": "Whose are the results?"}
    pipeline.hand_over(db, cast.mentor, idea_id, expected_seq=1, **asked)
    pipeline.hold_idea(db, cast.mentor, idea_id, expected_seq=2, reason="studies", note="Exams.")
    found = given_with(db, cast, idea_id)
    assert (found.row.note, found.actor) == ("Whose are the results?", "Mari Mentor")
    pipeline.undo(db, cast.mentor, idea_id, seq=3, expected_seq=3)
    pipeline.undo(db, cast.mentor, idea_id, seq=2, expected_seq=4)
    assert given_with(db, cast, idea_id).row.seq == 1
