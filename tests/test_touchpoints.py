"""Matters with agencies: opening them, what happens in them, and who has the ball."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from sandkasse import barriers, board, clock, idea_bank, ideas, pipeline, touchpoints
from sandkasse.database import Database
from sandkasse.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from sandkasse.ledger import Party
from sandkasse.matter import Kind, Outcome, State
from sandkasse.people import Actor
from sandkasse.touchpoints import Filter, Opening
from tests.builders import seq, submitted

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def idea_id(db, cast):
    """An idea that came in on a Monday, and is the student's again since Wednesday."""
    with time_machine.travel(MONDAY, tick=False):
        idea_id = submitted(db, cast.student)
    with time_machine.travel(MONDAY + timedelta(days=2), tick=False):
        pipeline.hand_over(db, cast.mentor, idea_id, to=Party.STUDENT, expected_seq=1)
    return idea_id


def opened(db: Database, actor: Actor, idea_id: int, day: int = 4, **what: object) -> int:
    """A matter with the Tax Administration, opened on this day after the Monday."""
    with time_machine.travel(MONDAY + timedelta(days=day), tick=False):
        opening = Opening("skatteetaten", title="A question about VAT", **what)  # type: ignore[arg-type]
        return touchpoints.open_matter(db, actor, idea_id, opening)


def happens(
    db: Database, actor: Actor, touchpoint_id: int, kind: Kind, day: int, **what: object
) -> touchpoints.Recorded:
    """This happens in the matter on this day after the Monday."""
    last = db.value("SELECT last_seq FROM touchpoint WHERE touchpoint_id = ?", [touchpoint_id])
    with time_machine.travel(MONDAY + timedelta(days=day), tick=False):
        return touchpoints.record(db, actor, touchpoint_id, kind, expected_seq=last, **what)  # type: ignore[arg-type]


def ball(db: Database, idea_id: int) -> tuple[object, ...]:
    """Who has the ball, and which agencies."""
    return db.one("SELECT ball, ball_agencies FROM idea WHERE idea_id = ?", [idea_id]) or ()


def test_a_prepared_matter_leaves_the_ball_where_it_is(db, cast, idea_id):
    opened(db, cast.student, idea_id)
    assert ball(db, idea_id) == ("student", "")


def test_a_matter_that_is_sent_gives_the_agency_the_ball(db, cast, idea_id):
    matter = opened(db, cast.student, idea_id)
    happens(db, cast.student, matter, Kind.SENT, 5)
    assert ball(db, idea_id) == ("agency", "skatteetaten")
    assert ideas.get(db, cast.student, idea_id).ball_at == MONDAY + timedelta(days=5)


def test_a_question_gives_the_ball_back_and_the_answer_returns_it(db, cast, idea_id):
    matter = opened(db, cast.student, idea_id, sent=True)
    happens(db, cast.member, matter, Kind.QUESTION, 6, note="What do you sell?")
    assert ball(db, idea_id) == ("student", "")
    happens(db, cast.student, matter, Kind.ANSWER, 8, note="Ice")
    assert ball(db, idea_id) == ("agency", "skatteetaten")


def test_a_decision_ends_the_wait_and_is_counted_in_days(db, cast, idea_id):
    matter = opened(db, cast.student, idea_id, sent=True)
    done = happens(db, cast.member, matter, Kind.DECIDED, 14, outcome=Outcome.APPROVED)
    assert (done.standing.state, done.standing.decided_days) == (State.DECIDED, 10)
    assert ball(db, idea_id) == ("student", "")


def test_the_turns_kept_are_those_that_the_macro_tells(db, cast, idea_id):
    matter = opened(db, cast.student, idea_id, sent=True)
    happens(db, cast.member, matter, Kind.QUESTION, 6, note="?")
    happens(db, cast.student, matter, Kind.ANSWER, 20, occurred_at=MONDAY + timedelta(days=7))
    last = seq(db, idea_id)
    with time_machine.travel(MONDAY + timedelta(days=21), tick=False):
        pipeline.hand_over(db, cast.student, idea_id, to=Party.MENTOR, expected_seq=last)
        touchpoints.correct(db, cast.mentor, matter, seq=3, expected_seq=3)
    kept = db.rows("SELECT * FROM turn ORDER BY begins_at")
    told = db.rows(
        "SELECT * FROM turn_of('infinity'::TIMESTAMP, 'infinity'::TIMESTAMP) "
        "WHERE ends_at IS NOT NULL ORDER BY begins_at"
    )
    assert kept == told
    assert [row[2] for row in kept] == ["mentor", "student", "agency", "student"]


def test_it_checks_access(db, cast, idea_id):
    matter = opened(db, cast.student, idea_id, sent=True)
    with pytest.raises(NotFound):
        touchpoints.get(db, cast.stranger, matter)
    with pytest.raises(NotFound):
        happens(db, cast.stranger, matter, Kind.NOTE, 6, note="Hello")
    with pytest.raises(NotFound):
        opened(db, cast.stranger, idea_id)
    with pytest.raises(NotAllowed):
        touchpoints.correct(db, cast.student, matter, seq=1, expected_seq=1)


def test_a_member_sees_the_own_agencys_matters_and_no_others(db, cast, idea_id):
    ours = opened(db, cast.student, idea_id)
    with time_machine.travel(MONDAY + timedelta(days=5), tick=False):
        theirs = touchpoints.open_matter(db, cast.student, idea_id, Opening("udi", title="Visa"))
    assert touchpoints.get(db, cast.member, ours).agency_id == "skatteetaten"
    with pytest.raises(NotFound):
        touchpoints.get(db, cast.member, theirs)
    seen = touchpoints.find(db, cast.member, Filter())
    assert [one.touchpoint_id for one in seen.rows] == [ours]


def test_a_member_records_what_the_agency_does_and_nothing_else(db, cast, idea_id):
    matter = opened(db, cast.student, idea_id)
    with pytest.raises(NotAllowed):
        happens(db, cast.member, matter, Kind.SENT, 6)
    happens(db, cast.student, matter, Kind.SENT, 6)
    happens(db, cast.member, matter, Kind.RECEIPT, 7)


def test_the_second_of_two_is_told_who_was_first(db, cast, idea_id):
    matter = opened(db, cast.student, idea_id)
    happens(db, cast.mentor, matter, Kind.SENT, 6)
    with pytest.raises(Conflict, match="Mari Mentor"):
        touchpoints.record(db, cast.student, matter, Kind.SENT, expected_seq=1)


@pytest.mark.parametrize(
    ("kind", "what", "says"),
    [
        (Kind.ANSWER, {}, "has not asked anything"),
        (Kind.DECIDED, {"outcome": Outcome.APPROVED}, "send it first"),
        (Kind.NOTE, {"note": "x", "occurred_at": MONDAY}, "was not opened yet"),
        (Kind.SENT, {"occurred_at": datetime(2099, 1, 1, tzinfo=UTC)}, "in the future"),
        (Kind.SENT, {"occurred_at": datetime(1800, 1, 1, tzinfo=UTC)}, "before 1900"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(db, cast, idea_id, kind, what, says):
    matter = opened(db, cast.student, idea_id)
    before = db.rows("SELECT * FROM touchpoint"), db.value("SELECT count(*) FROM audit")
    with pytest.raises(Invalid, match=says):
        happens(db, cast.student, matter, kind, 6, **what)
    assert before == (db.rows("SELECT * FROM touchpoint"), db.value("SELECT count(*) FROM audit"))


def test_a_decision_without_an_outcome_and_a_question_without_words_are_refused(db, cast, idea_id):
    matter = opened(db, cast.student, idea_id, sent=True)
    with pytest.raises(InvalidFields) as refused:
        happens(db, cast.member, matter, Kind.DECIDED, 6)
    assert set(refused.value.problems) == {"outcome"}
    with pytest.raises(InvalidFields) as refused:
        happens(db, cast.member, matter, Kind.QUESTION, 6)
    assert set(refused.value.problems) == {"note"}


@pytest.mark.parametrize(
    ("opening", "field"),
    [
        (Opening("nobody", title="x"), "agency_id"),
        (Opening("skatteetaten"), "title"),
        (Opening("skatteetaten", purpose_id="no-such"), "purpose_id"),
        (Opening("udi", purpose_id="vat-registration"), "purpose_id"),
        (Opening("skatteetaten", title="x", contact_id=99), "contact_id"),
        (Opening("skatteetaten", title="x" * 500), "title"),
    ],
)
def test_a_faulty_opening_is_refused_beside_its_field(db, cast, idea_id, opening, field):
    with pytest.raises(InvalidFields) as refused:
        touchpoints.open_matter(db, cast.student, idea_id, opening)
    assert field in refused.value.problems


def test_a_matter_is_not_opened_before_the_idea_came_in(db, cast, idea_id):
    with pytest.raises(Invalid, match="before the idea came in"):
        opened(db, cast.student, idea_id, occurred_at=MONDAY - timedelta(days=1))


def test_a_matter_past_its_follow_up_day_is_due(db, cast, idea_id):
    matter = opened(db, cast.student, idea_id, sent=True)
    touchpoints.describe(
        db, cast.student, matter, contact_id=None, barrier_id=None,
        follow_up=clock.today() - timedelta(days=1),
    )  # fmt: skip
    due = touchpoints.find(db, cast.student, Filter(due=True, mine=True))
    assert [one.touchpoint_id for one in due.rows] == [matter]
    assert not touchpoints.find(db, cast.stranger, Filter(due=True, mine=True)).rows


def test_the_board_can_be_asked_what_an_agency_has(db, cast, idea_id):
    opened(db, cast.student, idea_id, sent=True)
    for holder, n in (("agency", 1), ("agency:skatteetaten", 1), ("agency:udi", 0), ("student", 0)):
        columns = board.columns(db, cast.mentor, board.Filter("student-startup", holder=holder))
        assert sum(column.total for column in columns) == n
        assert idea_bank.find(db, cast.mentor, idea_bank.Filter(holder=holder)).total == n


def test_a_barrier_that_three_ideas_met_is_recurring(db, cast):
    barrier_id = None
    for number in range(3):
        with time_machine.travel(MONDAY, tick=False):
            idea = submitted(db, cast.student, title=f"Idea {number}")
        matter = opened(db, cast.student, idea, sent=True)
        if barrier_id is None:
            barrier_id = barriers.name(db, cast.student, matter, "No bank gives us an account")
        else:
            touchpoints.describe(
                db, cast.student, matter, contact_id=None, follow_up=None, barrier_id=barrier_id
            )
        happens(db, cast.student, matter, Kind.CLOSED, 14)
    found = barriers.get(db, cast.student, barrier_id)
    assert (found.ideas, found.days, found.recurring) == (3, 30, True)


def test_a_text_that_speaks_of_a_barrier_finds_it(db, cast, idea_id):
    matter = opened(db, cast.student, idea_id)
    barriers.name(db, cast.student, matter, "No bank gives foreign founders an account")
    text = "The founders are foreign and no bank will give us an account for the money"
    assert [one.title for one in barriers.similar(db, cast.stranger, text)]
    assert not barriers.similar(db, cast.stranger, "Sensors that measure the snow on roofs")


def test_an_answer_needs_its_source_and_a_day_to_read_it_again(db, cast, idea_id):
    barrier_id = barriers.name(db, cast.student, opened(db, cast.student, idea_id), "No account")
    said = {"title": "No account", "description": "", "answer": "Ask bank X", "source": ""}
    with pytest.raises(InvalidFields) as refused:
        barriers.keep(db, cast.mentor, barrier_id, **said, review_on=None)
    assert set(refused.value.problems) == {"source", "review_on"}
    said["source"] = "https://bank.example"
    barriers.keep(db, cast.member, barrier_id, **said, review_on=date(2027, 1, 1))
    assert barriers.get(db, cast.student, barrier_id).answer == "Ask bank X"
    with pytest.raises(NotAllowed):
        barriers.keep(db, cast.student, barrier_id, **said, review_on=date(2027, 1, 1))


def test_what_an_agency_gives_back_was_asked_by_nobody_here(db, cast, idea_id):
    touchpoint_id = opened(db, cast.student, idea_id, sent=True)
    happens(db, cast.student, touchpoint_id, Kind.DECIDED, 6, outcome=Outcome.APPROVED)
    found = ideas.get(db, cast.student, idea_id)
    told = pipeline.timeline(db, cast.student, idea_id)
    assert found.ball == Party.STUDENT
    assert pipeline.gave_ball(told, Party.STUDENT, found.ball_at) is None
