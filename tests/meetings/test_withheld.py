"""What meetings say of an idea is not told to those who may not know the idea."""

import pytest

from sandkasse import clock, ideas, meetings
from sandkasse.errors import Conflict, Invalid, NotAllowed, NotFound
from sandkasse.meetings import agenda, attendance, receipts, resolutions
from sandkasse.meetings.agenda import Source
from sandkasse.meetings.attendance import Standing
from sandkasse.meetings.receipts import Kind
from tests.builders import begun, called, contents, submitted

HIDDEN = "Zinc under the ice"


@pytest.fixture
def meeting_id(db, cast):
    """A meeting that has begun."""
    return begun(db, cast.lead)


@pytest.fixture
def idea_id(db, cast):
    """The student's idea, which is not published."""
    return submitted(db, cast.student, title=HIDDEN)


@pytest.fixture
def item_id(db, cast, meeting_id, idea_id):
    """An item about the idea, with words of the mentor's."""
    with db.transaction() as tx:
        tx.execute("UPDATE idea SET ball_at = ball_at - INTERVAL 20 DAY")
    agenda.prepare(db, cast.mentor, meeting_id)
    (item,) = agenda.items(db, cast.mentor, meeting_id)
    agenda.edit_item(db, cast.mentor, item.item_id, title=HIDDEN, note=HIDDEN)
    return item.item_id


def decided(db, who, meeting_id: int, item_id: int, **what) -> int:
    """The id of a decision about the item's idea, with words that say what it is."""
    about = {"reason": HIDDEN, "next_step": HIDDEN, **what}
    return resolutions.record(db, who, meeting_id, Kind.DECISION, HIDDEN, item_id=item_id, **about)


def published(db, cast, idea_id: int) -> None:
    """Let the idea be known."""
    ideas.ask_to_publish(db, cast.student, idea_id, "Ice.")
    ideas.decide_publication(db, cast.mentor, idea_id, approved=True)


def test_a_member_reads_no_word_of_an_idea_that_is_not_published(db, cast, meeting_id, item_id):
    decided(db, cast.mentor, meeting_id, item_id, exit_id="declined", reason_code="other")
    resolutions.record(
        db, cast.mentor, meeting_id, Kind.ACTION, HIDDEN, item_id=item_id,
        owner_id=cast.mentor.person_id, due=clock.today(),
    )  # fmt: skip
    told = receipts.of_meeting(db, cast.member, meeting_id)
    assert [(one.withheld, one.reason_code) for one in told] == [(True, None), (True, None)]
    meetings.close(db, cast.lead, meeting_id)
    following = called(db, cast.lead, 2)
    seen = [told, agenda.items(db, cast.member, meeting_id)]
    seen += [agenda.proposed(db, cast.member, following)]
    agenda.prepare(db, cast.member, following)
    seen += [agenda.items(db, cast.member, following)]
    assert len(seen[2]) > 1
    assert HIDDEN not in repr(seen)
    assert HIDDEN in repr(agenda.items(db, cast.mentor, following))


def test_a_member_reads_it_once_the_idea_is_published(db, cast, meeting_id, idea_id, item_id):
    decided(db, cast.mentor, meeting_id, item_id)
    published(db, cast, idea_id)
    (one,) = receipts.of_meeting(db, cast.member, meeting_id)
    assert (one.withheld, one.body, one.reason) == (False, HIDDEN, HIDDEN)
    assert agenda.items(db, cast.member, meeting_id)[0].note == HIDDEN


def test_a_member_reads_what_the_member_wrote_or_is_to_do(db, cast, meeting_id, item_id):
    decided(db, cast.member, meeting_id, item_id)
    resolutions.record(
        db, cast.mentor, meeting_id, Kind.ACTION, "Ring", item_id=item_id,
        owner_id=cast.member.person_id, due=clock.today(),
    )  # fmt: skip
    found = receipts.of_meeting(db, cast.member, meeting_id)
    assert [(one.body, one.idea_title) for one in found] == [(HIDDEN, None), ("Ring", None)]


def test_a_member_does_not_overwrite_words_that_are_withheld(db, cast, meeting_id, item_id):
    before = contents(db)
    with pytest.raises(NotAllowed):
        agenda.edit_item(db, cast.member, item_id, title="", note="")
    assert contents(db) == before
    agenda.add_own(db, cast.member, meeting_id, "Rooms")
    agenda.move_item(db, cast.member, item_id, 2)
    assert agenda.items(db, cast.member, meeting_id)[0].source is Source.OWN


def test_where_an_idea_is_is_told_to_those_who_find_it(db, cast, meeting_id, idea_id, item_id):
    assert receipts.place_of(db, cast.mentor, idea_id) == ("student-startup", "idea-bank")
    assert receipts.place_of(db, cast.student, idea_id) == ("student-startup", "idea-bank")
    assert receipts.place_of(db, cast.member, idea_id) == ("student-startup", "")
    for who, one in ((cast.stranger, idea_id), (cast.nobody, idea_id), (cast.lead, 999)):
        with pytest.raises(NotFound):
            receipts.place_of(db, who, one)


def test_what_still_stands_about_an_idea_can_be_given_up(db, cast, meeting_id, idea_id, item_id):
    first = decided(db, cast.mentor, meeting_id, item_id)
    second = decided(db, cast.mentor, meeting_id, item_id)
    standing = receipts.standing_before(db, cast.mentor, meeting_id, idea_id)
    assert [one.resolution_id for one in standing] == [second, first]
    third = decided(db, cast.mentor, meeting_id, item_id, supersedes=first)
    standing = receipts.standing_before(db, cast.mentor, meeting_id, idea_id)
    assert [one.resolution_id for one in standing] == [third, second]
    with pytest.raises(Conflict):
        decided(db, cast.mentor, meeting_id, item_id, supersedes=first)
    assert receipts.standing_before(db, cast.member, meeting_id, idea_id) == []
    assert receipts.standing_before(db, cast.mentor, meeting_id, None) == []
    with pytest.raises(NotAllowed):
        receipts.standing_before(db, cast.student, meeting_id, idea_id)


def test_all_who_are_only_called_are_said_to_have_come(db, cast, meeting_id):
    attendance.invite(
        db, cast.lead, meeting_id, names=["Kari"],
        person_ids=[cast.mentor.person_id, cast.member.person_id],
    )  # fmt: skip
    attendance.mark(db, cast.lead, meeting_id, Standing.ABSENT, person_id=cast.member.person_id)
    assert attendance.all_present(db, cast.member, meeting_id) == 2
    found = {one.name: one.standing for one in attendance.listed(db, cast.lead, meeting_id)}
    assert found == {
        "Kari": Standing.PRESENT, "Mari Mentor": Standing.PRESENT, "Mona Member": Standing.ABSENT,
    }  # fmt: skip
    assert attendance.all_present(db, cast.member, meeting_id) == 0
    with pytest.raises(NotAllowed):
        attendance.all_present(db, cast.student, meeting_id)
    meetings.close(db, cast.lead, meeting_id)
    with pytest.raises(Invalid):
        attendance.all_present(db, cast.lead, meeting_id)


def test_only_closed_meetings_are_counted_as_held(db, cast, meeting_id):
    assert meetings.held_by_subproject(db, cast.member) == {}
    meetings.close(db, cast.lead, meeting_id)
    called(db, cast.lead, 5)
    assert meetings.held_by_subproject(db, cast.member) == {"service-innovation": 1}
    with pytest.raises(NotAllowed):
        meetings.held_by_subproject(db, cast.student)
