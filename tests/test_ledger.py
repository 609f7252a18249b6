"""What a sequence of happenings means."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandkasse.ledger import Broken, Kind, Party, Row, effective, replay

STAGES = {"bank": 0, "test": 1, "sandbox": 2}
START = datetime(2026, 1, 1, tzinfo=UTC)


def on(day: float) -> datetime:
    """The moment ``day`` days after the start."""
    return START + timedelta(days=day)


def row(seq: int, kind: Kind, day: float, **what: object) -> Row:
    """A row that happened, and was recorded, ``day`` days after the start."""
    return Row(seq=seq, kind=kind, occurred_at=on(day), recorded_at=on(day), **what)  # type: ignore[arg-type]


def test_an_idea_that_came_in_waits_for_a_mentor():
    standing = replay([row(1, Kind.ENTER, 0, stage_id="bank", ball=Party.MENTOR)], STAGES)
    assert standing.stage_id == "bank"
    assert standing.ball is Party.MENTOR
    assert standing.ball_at == on(0)
    assert standing.is_open


def test_a_back_step_keeps_the_furthest_stage_and_adds_up_both_visits():
    standing = replay(
        [
            row(1, Kind.ENTER, 0, stage_id="bank"),
            row(2, Kind.MOVE, 10, stage_id="test"),
            row(3, Kind.MOVE, 14, stage_id="bank"),
        ],
        STAGES,
    )
    assert standing.stage_id == "bank"
    assert standing.furthest == 1
    assert standing.visits == 2
    assert standing.earlier_days == pytest.approx(10)
    assert standing.stage_at == on(14)


def test_the_same_stage_twice_in_a_row_is_one_visit():
    standing = replay(
        [
            row(1, Kind.ENTER, 0, stage_id="bank"),
            row(2, Kind.MOVE, 5, stage_id="bank"),
        ],
        STAGES,
    )
    assert standing.visits == 1
    assert standing.stage_at == on(0)


def test_a_back_dated_row_takes_its_place_in_time():
    rows = [
        row(1, Kind.ENTER, 0, stage_id="bank"),
        row(2, Kind.MOVE, 20, stage_id="sandbox"),
        Row(3, Kind.MOVE, occurred_at=on(10), recorded_at=on(21), stage_id="test"),
    ]
    assert [one.seq for one in effective(rows)] == [1, 3, 2]
    assert replay(rows, STAGES).stage_id == "sandbox"


def test_a_voided_row_never_was():
    standing = replay(
        [
            row(1, Kind.ENTER, 0, stage_id="bank"),
            row(2, Kind.EXIT, 3, exit_id="declined"),
            row(3, Kind.VOID, 4, voids_seq=2),
        ],
        STAGES,
    )
    assert standing.is_open
    assert standing.stage_at == on(0)


def test_a_move_takes_an_idea_off_hold():
    standing = replay(
        [
            row(1, Kind.ENTER, 0, stage_id="bank"),
            row(2, Kind.HOLD, 3),
            row(3, Kind.MOVE, 9, stage_id="test"),
        ],
        STAGES,
    )
    assert standing.held_at is None


def test_a_reopened_idea_begins_a_new_visit():
    standing = replay(
        [
            row(1, Kind.ENTER, 0, stage_id="bank"),
            row(2, Kind.EXIT, 4, exit_id="withdrawn"),
            row(3, Kind.REOPEN, 10, stage_id="bank"),
        ],
        STAGES,
    )
    assert standing.is_open
    assert standing.visits == 2
    assert standing.earlier_days == pytest.approx(4)


def test_the_ball_counts_from_when_it_changed_hands():
    standing = replay(
        [
            row(1, Kind.ENTER, 0, stage_id="bank", ball=Party.MENTOR),
            row(2, Kind.MOVE, 2, stage_id="test", ball=Party.STUDENT),
            row(3, Kind.MOVE, 5, stage_id="sandbox", ball=Party.STUDENT),
        ],
        STAGES,
    )
    assert (standing.ball, standing.ball_at) == (Party.STUDENT, on(2))


CAME_IN = row(1, Kind.ENTER, 0, stage_id="bank")


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([], "starts"),
        ([row(1, Kind.MOVE, 0, stage_id="bank")], "starts"),
        ([CAME_IN, row(2, Kind.ENTER, 1, stage_id="bank")], "starts_once"),
        ([row(1, Kind.ENTER, 0, stage_id="nowhere")], "no_stage"),
        ([CAME_IN, row(2, Kind.REOPEN, 1, stage_id="bank")], "still_here"),
        ([CAME_IN, row(2, Kind.RESUME, 1)], "not_held"),
        ([CAME_IN, row(2, Kind.HOLD, 1), row(3, Kind.HOLD, 2)], "held"),
        (
            [
                CAME_IN,
                row(2, Kind.EXIT, 1, exit_id="declined"),
                row(3, Kind.MOVE, 2, stage_id="test"),
            ],
            "left",
        ),
    ],
)
def test_it_refuses_a_history_that_cannot_be(rows, rule):
    with pytest.raises(Broken) as broken:
        replay(rows, STAGES)
    assert broken.value.rule == rule


@given(st.lists(st.sampled_from(sorted(STAGES)), min_size=1, max_size=12))
def test_age_in_a_stage_is_the_sum_of_its_visits_whatever_the_path(path):
    rows = [
        row(n + 1, Kind.MOVE if n else Kind.ENTER, n, stage_id=stage)
        for n, stage in enumerate(path)
    ]
    standing = replay(rows, STAGES)
    now = on(len(path))
    age = standing.earlier_days + (now - standing.stage_at).total_seconds() / 86_400
    assert age == pytest.approx(path.count(path[-1]))
    assert standing.furthest == max(STAGES[stage] for stage in path)
