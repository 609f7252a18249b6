"""What concerns a person is told to that person, and to nobody else."""

import pytest

from sandkasse import comments, ideas, impartiality, mentoring, notices, pipeline, touchpoints
from sandkasse.errors import Invalid, NotFound
from sandkasse.impartiality import Tie
from sandkasse.ledger import Party
from sandkasse.matter import Kind, Outcome
from sandkasse.notices import Mail, Notice
from sandkasse.touchpoints import Opening
from tests.builders import submitted


def told(db, actor) -> list[Notice]:
    """What the actor was told, latest first."""
    return [one.kind for one in notices.mine(db, actor).rows]


@pytest.fixture
def idea_id(db, cast):
    """The student's idea, mentored by the mentor."""
    idea_id = submitted(db, cast.student)
    mentoring.take(db, cast.mentor, idea_id)
    return idea_id


def test_the_ball_is_told_to_whom_it_comes(db, cast, idea_id):
    pipeline.hand_over(db, cast.mentor, idea_id, to=Party.STUDENT, expected_seq=1)
    assert told(db, cast.student) == [Notice.BALL]
    pipeline.hand_over(db, cast.student, idea_id, to=Party.MENTOR, expected_seq=2)
    assert told(db, cast.mentor) == [Notice.BALL]
    pipeline.hand_over(db, cast.mentor, idea_id, to=Party.PROJECT, expected_seq=3)
    assert told(db, cast.lead) == [Notice.BALL]
    assert told(db, cast.stranger) == told(db, cast.other_mentor) == []


def test_nobody_is_told_of_what_they_did_themselves(db, cast, idea_id):
    comments.say(db, cast.mentor, idea_id, "Hello")
    assert told(db, cast.mentor) == []
    assert told(db, cast.student) == [Notice.COMMENT]


def test_an_exit_is_told_to_team_and_mentors(db, cast, idea_id):
    pipeline.withdraw_idea(db, cast.student, idea_id, expected_seq=1, reason="team")
    assert told(db, cast.mentor) == [Notice.MOVE]


def test_a_verdict_and_a_new_mentor_are_told(db, cast, idea_id):
    ideas.ask_to_publish(db, cast.student, idea_id, "Ice.")
    ideas.decide_publication(db, cast.mentor, idea_id, approved=True)
    mentoring.share(db, cast.mentor, idea_id, cast.other_mentor.person_id)
    assert told(db, cast.student) == [Notice.PUBLISHED]
    assert told(db, cast.other_mentor) == [Notice.MENTOR]


def test_what_an_agency_does_is_told_and_an_answer_comes_back(db, cast, idea_id):
    opening = Opening("skatteetaten", title="VAT", sent=True)
    matter = touchpoints.open_matter(db, cast.student, idea_id, opening)
    touchpoints.record(db, cast.member, matter, Kind.QUESTION, expected_seq=1, note="What?")
    touchpoints.record(db, cast.student, matter, Kind.ANSWER, expected_seq=2, note="Ice")
    touchpoints.record(
        db, cast.member, matter, Kind.DECIDED, expected_seq=3, outcome=Outcome.APPROVED
    )
    assert told(db, cast.student) == [Notice.DECIDED, Notice.QUESTION]
    assert told(db, cast.member) == [Notice.ANSWER]


def test_reading_marks_ones_own_notices_alone(db, cast, idea_id):
    comments.say(db, cast.lead, idea_id, "Hello")
    theirs = notices.mine(db, cast.student).rows[0].notice_id
    notices.mark_read(db, cast.mentor, [theirs])
    assert notices.mine(db, cast.student).unread == 1
    notices.mark_read(db, cast.student, [theirs])
    found = notices.mine(db, cast.student, unread_only=True)
    assert (found.rows, found.unread) == ((), 0)
    assert notices.mine(db, cast.mentor).unread == 1


def test_whoever_left_the_team_is_not_told_the_ideas_title(db, cast):
    idea_id = submitted(db, cast.student, team="tor.teammate@uit.example")
    comments.say(db, cast.mentor, idea_id, "Hello")
    assert notices.mine(db, cast.teammate).rows[0].idea_title
    with db.transaction() as tx:
        tx.execute("UPDATE team_member SET left_at = now()::TIMESTAMP")
    assert notices.mine(db, cast.teammate).rows[0].idea_title == ""


def test_a_refused_write_tells_nobody(db, cast, idea_id):
    with pytest.raises(Invalid):
        comments.say(db, cast.mentor, idea_id, "")
    with pytest.raises(NotFound):
        comments.say(db, cast.stranger, idea_id, "Hello")
    assert db.value("SELECT count(*) FROM notice") == 0


def test_only_those_who_chose_it_are_queued_for_mail(db, cast, idea_id):
    notices.choose_mail(db, cast.student, Mail.AT_ONCE)
    comments.say(db, cast.lead, idea_id, "Hello")
    queued = db.rows(
        "SELECT n.person_id FROM mail_event AS m JOIN notice AS n ON n.notice_id = m.notice_id"
    )
    assert queued == [(cast.student.person_id,)]
    with pytest.raises(Invalid):
        notices.choose_mail(db, cast.student, "by pigeon")


def test_a_tie_that_meets_a_matter_is_told_to_those_concerned_and_the_leads(db, cast, idea_id):
    impartiality.declare(db, cast.mentor, "skatteetaten", Tie.RELATION)
    touchpoints.open_matter(db, cast.student, idea_id, Opening("udi", title="Permit"))
    assert told(db, cast.lead) == []
    touchpoints.open_matter(db, cast.student, idea_id, Opening("skatteetaten", title="VAT"))
    for actor in (cast.student, cast.mentor, cast.lead):
        assert told(db, actor)[0] is Notice.IMPARTIALITY
    (tied,) = impartiality.of_idea(db, cast.student, idea_id)
    assert (tied.name, tied.tie) == ("Mari Mentor", Tie.RELATION)
    with pytest.raises(NotFound):
        impartiality.of_idea(db, cast.stranger, idea_id)


def test_a_tie_that_was_taken_back_is_no_tie(db, cast, idea_id):
    impartiality.declare(db, cast.mentor, "skatteetaten", Tie.JOB)
    impartiality.declare(db, cast.mentor, "skatteetaten", None)
    touchpoints.open_matter(db, cast.student, idea_id, Opening("skatteetaten", title="VAT"))
    assert impartiality.of_idea(db, cast.lead, idea_id) == []
    assert impartiality.own(db, cast.mentor) == {}
    with pytest.raises(Invalid):
        impartiality.declare(db, cast.mentor, "no-such", Tie.JOB)


def test_a_tie_declared_later_and_a_tied_mentor_who_joins_are_told_too(db, cast, idea_id):
    touchpoints.open_matter(db, cast.student, idea_id, Opening("skatteetaten", title="VAT"))
    impartiality.declare(db, cast.student, "skatteetaten", Tie.JOB)
    assert told(db, cast.lead) == [Notice.IMPARTIALITY]
    impartiality.declare(db, cast.other_mentor, "skatteetaten", Tie.RELATION)
    assert told(db, cast.lead) == [Notice.IMPARTIALITY]
    mentoring.take(db, cast.other_mentor, idea_id)
    assert told(db, cast.lead) == [Notice.IMPARTIALITY] * 2
