"""A clock that goes backwards: what was written later stays later, and no figure breaks."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from sandkasse import figures, gates, integrity, pipeline, touchpoints
from sandkasse.application import Kind as Step
from sandkasse.database import Database
from sandkasse.figures import Choice
from sandkasse.gates import Outcome
from sandkasse.ledger import Party
from sandkasse.matter import Kind, State
from sandkasse.people import OPERATOR
from sandkasse.recruitment import applications
from sandkasse.touchpoints import Opening
from tests.builders import JOURNEY, Cast, applied, position, seq, submitted

pytestmark = pytest.mark.faults

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
STEPS = [timedelta(0), -timedelta(minutes=1), -timedelta(hours=3), timedelta(minutes=10)]


@pytest.fixture
def moved(db: Database, cast: Cast) -> tuple[int, list[str]]:
    """An idea moved through four stages while the clock goes back and forth, and its stages."""
    with time_machine.travel(NOON, tick=False) as clock:
        idea_id = submitted(db, cast.student)
        stages = [stage for (stage,) in db.rows(
            "SELECT stage_id FROM stage WHERE journey_id = ? ORDER BY position LIMIT 4", [JOURNEY]
        )]  # fmt: skip
        for stage, step in zip(stages[1:], STEPS[1:], strict=True):
            clock.move_to(NOON + step)
            pipeline.move_idea(
                db, cast.mentor, idea_id, to=stage, expected_seq=seq(db, idea_id),
                note="Seen", gates=_all_met(db, cast, idea_id),
            )  # fmt: skip
    return idea_id, stages


def _all_met(db: Database, cast: Cast, idea_id: int) -> dict[str, Outcome]:
    return {state.gate.id: Outcome.MET for state in gates.states(db, cast.mentor, idea_id)}


def test_moves_count_in_the_order_in_which_they_were_made(
    db: Database, moved: tuple[int, list[str]]
) -> None:
    idea_id, stages = moved
    assert db.rows(
        "SELECT stage_id, row_number() OVER (ORDER BY occurred_at, seq) = seq "
        "FROM ledger WHERE idea_id = ? ORDER BY seq", [idea_id]
    ) == [(stage, True) for stage in stages]  # fmt: skip
    assert db.value("SELECT stage_id FROM idea WHERE idea_id = ?", [idea_id]) == stages[-1]
    assert integrity.check(db) == []


def test_the_funnel_counts_the_idea_in_the_stage_it_was_moved_to_last(
    db: Database, moved: tuple[int, list[str]]
) -> None:
    _idea_id, stages = moved
    with time_machine.travel(NOON + timedelta(hours=1)):
        funnel = figures.cohort(db, OPERATOR, Choice(JOURNEY))
    assert [(stage.stage_id, stage.reached, stage.open) for stage in funnel.stages[:4]] == [
        (stages[0], 1, 0), (stages[1], 1, 0), (stages[2], 1, 0), (stages[3], 1, 1),
    ]  # fmt: skip


def test_figures_stand_while_the_clock_is_behind_what_is_written(
    db: Database, moved: tuple[int, list[str]]
) -> None:
    with time_machine.travel(NOON - timedelta(hours=3)):
        funnel = figures.cohort(db, OPERATOR, Choice(JOURNEY))
        for stage in funnel.stages:
            assert stage.reached == stage.advanced + sum(stage.left.values()) + stage.open
        medians = figures.median_days_to_advance(db, OPERATOR, Choice(JOURNEY))
        assert figures.to_json(funnel, medians)["n"] == funnel.n


def test_a_clock_that_was_wildly_ahead_binds_nobody(db: Database, cast: Cast) -> None:
    with time_machine.travel(NOON + timedelta(days=3_650), tick=False) as clock:
        idea_id = submitted(db, cast.student)
        pipeline.hand_over(db, cast.mentor, idea_id, to=Party.STUDENT, expected_seq=1)
        clock.move_to(NOON)
        other = submitted(db, cast.student)
        pipeline.hand_over(db, cast.mentor, other, to=Party.STUDENT, expected_seq=1)
    assert db.value("SELECT max(recorded_at) FROM ledger WHERE idea_id = ?", [other]) == NOON


def test_a_matters_events_count_in_the_order_in_which_they_were_recorded(
    db: Database, cast: Cast
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        idea_id = submitted(db, cast.student)
        clock.move_to(NOON - timedelta(hours=1))
        matter = touchpoints.open_matter(
            db, cast.mentor, idea_id, Opening("skatteetaten", title="A question", sent=True)
        )
        for number, kind in enumerate([Kind.RECEIPT, Kind.QUESTION, Kind.ANSWER, Kind.QUESTION], 1):
            clock.move_to(NOON - timedelta(hours=number))
            touchpoints.record(db, cast.mentor, matter, kind, expected_seq=number, note="Words")
    assert db.value("SELECT state FROM touchpoint") == State.STUDENT
    assert integrity.check(db) == []


def test_an_applications_steps_count_in_the_order_in_which_they_were_recorded(
    db: Database, cast: Cast
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        position_id = position(db, cast.lead)
        application_id = applied(db, cast.student, position_id, by=cast.lead)
        for number, kind in enumerate([Step.INTERVIEW, Step.OFFER], 1):
            clock.move_to(NOON - timedelta(hours=number))
            applications.record(db, cast.lead, application_id, kind, expected_seq=number)
    assert db.value("SELECT state FROM application") == Step.OFFER
    assert integrity.check(db) == []
