"""Who is called to a meeting, and who came."""

import pytest

from sandkasse import integrity, meetings, membership
from sandkasse.errors import Invalid, InvalidFields, NotAllowed
from sandkasse.meetings import attendance
from sandkasse.meetings.attendance import Attendee, Standing
from tests.builders import begun, called, contents


@pytest.fixture
def meeting_id(db, cast):
    """A meeting that is called."""
    return called(db, cast.lead)


def on_list(db, actor, meeting_id: int) -> dict[str, Standing]:
    """Who is on the list, by name."""
    return {one.name: one.standing for one in attendance.listed(db, actor, meeting_id)}


def test_known_people_and_names_are_invited(db, cast, meeting_id):
    attendance.invite(
        db, cast.mentor, meeting_id, person_ids=[cast.member.person_id], names=[" Kari Guest ", ""]
    )
    assert attendance.listed(db, cast.member, meeting_id) == [
        Attendee(None, "Kari Guest", None, Standing.INVITED),
        Attendee(cast.member.person_id, "Mona Member", "skatteetaten", Standing.INVITED),
    ]
    assert integrity.check(db) == []


def test_the_last_mark_counts(db, cast, meeting_id):
    attendance.invite(db, cast.lead, meeting_id, person_ids=[cast.member.person_id], names=["Kari"])
    member = cast.member.person_id
    attendance.mark(db, cast.lead, meeting_id, Standing.ABSENT, person_id=member)
    attendance.mark(db, cast.lead, meeting_id, Standing.PRESENT, person_id=member)
    attendance.mark(db, cast.lead, meeting_id, Standing.ABSENT, name="Kari")
    assert on_list(db, cast.lead, meeting_id) == {
        "Mona Member": Standing.PRESENT, "Kari": Standing.ABSENT,
    }  # fmt: skip


def test_whoever_is_removed_can_be_invited_again(db, cast, meeting_id):
    attendance.invite(db, cast.lead, meeting_id, person_ids=[cast.member.person_id], names=["Kari"])
    attendance.remove(db, cast.member, meeting_id, person_id=cast.member.person_id)
    attendance.remove(db, cast.member, meeting_id, name="Kari")
    assert attendance.listed(db, cast.lead, meeting_id) == []
    attendance.invite(db, cast.lead, meeting_id, names=["Kari"])
    assert on_list(db, cast.lead, meeting_id) == {"Kari": Standing.INVITED}


def test_inviting_again_does_not_undo_that_somebody_came(db, cast, meeting_id):
    attendance.invite(db, cast.lead, meeting_id, names=["Kari"])
    attendance.mark(db, cast.lead, meeting_id, Standing.PRESENT, name="Kari")
    attendance.invite(db, cast.lead, meeting_id, names=["Kari"])
    assert on_list(db, cast.lead, meeting_id) == {"Kari": Standing.PRESENT}
    assert db.value("SELECT count(*) FROM attendance") == 2


def test_a_list_is_one_meetings_alone(db, cast, meeting_id):
    attendance.invite(db, cast.lead, meeting_id, names=["Kari"])
    assert attendance.listed(db, cast.lead, called(db, cast.lead)) == []


def test_those_who_can_be_invited_are_mentors_members_and_leads(db, cast, meeting_id):
    names = [one.name for one in attendance.people_to_invite(db, cast.member)]
    assert names == ["Lars Lead", "Mari Mentor", "Mona Member", "Odd Mentor"]
    membership.block(db, cast.lead, cast.mentor.person_id, blocked=True)
    assert "Mari Mentor" not in {one.name for one in attendance.people_to_invite(db, cast.member)}


@pytest.mark.parametrize("name", ["x" * 121, "Kari\u202e"])
def test_a_faulty_name_is_refused(db, cast, meeting_id, name):
    before = contents(db)
    with pytest.raises(InvalidFields) as refused:
        attendance.invite(
            db, cast.lead, meeting_id, person_ids=[cast.member.person_id], names=[name]
        )
    assert set(refused.value.problems) == {"names"}
    assert contents(db) == before


def test_a_student_a_stranger_and_nobody_at_all_are_refused(db, cast, meeting_id):
    before = contents(db)
    for wrong in ([cast.student.person_id], [cast.member.person_id, 999], []):
        with pytest.raises(InvalidFields) as refused:
            attendance.invite(db, cast.lead, meeting_id, person_ids=wrong)
        assert set(refused.value.problems) == {"person_ids"}
    assert contents(db) == before


def test_only_somebody_on_the_list_is_marked_or_removed(db, cast, meeting_id):
    attendance.invite(db, cast.lead, meeting_id, person_ids=[cast.member.person_id])
    before = contents(db)
    for who in (
        {"person_id": cast.mentor.person_id},
        {"name": "Kari"},
        {},
        {"name": "Mona Member"},
    ):
        with pytest.raises(Invalid, match="list first"):
            attendance.mark(db, cast.lead, meeting_id, Standing.PRESENT, **who)
        with pytest.raises(Invalid, match="list first"):
            attendance.remove(db, cast.lead, meeting_id, **who)
    with pytest.raises(Invalid, match="Choose from"):
        attendance.mark(db, cast.lead, meeting_id, "removed", person_id=cast.member.person_id)
    assert contents(db) == before


def test_students_neither_see_nor_change_the_list(db, cast, meeting_id):
    before = contents(db)
    for who in (cast.student, cast.nobody):
        for attempt in (
            lambda who=who: attendance.listed(db, who, meeting_id),
            lambda who=who: attendance.people_to_invite(db, who),
            lambda who=who: attendance.invite(db, who, meeting_id, names=["Kari"]),
            lambda who=who: attendance.mark(db, who, meeting_id, Standing.PRESENT, name="Kari"),
            lambda who=who: attendance.remove(db, who, meeting_id, name="Kari"),
        ):
            with pytest.raises(NotAllowed):
                attempt()
    assert contents(db) == before


def test_who_came_is_read_after_the_meeting_is_closed(db, cast):
    meeting_id = begun(db, cast.lead)
    attendance.invite(db, cast.lead, meeting_id, names=["Kari"])
    attendance.mark(db, cast.lead, meeting_id, Standing.PRESENT, name="Kari")
    meetings.close(db, cast.lead, meeting_id)
    assert on_list(db, cast.member, meeting_id) == {"Kari": Standing.PRESENT}
