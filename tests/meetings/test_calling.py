"""Calling meetings, beginning and closing them, and finding them again."""

import json
from datetime import timedelta

import pytest
import time_machine

from sandkasse import clock, meetings
from sandkasse.errors import Invalid, InvalidFields, NotAllowed, NotFound
from sandkasse.meetings import agenda, attendance
from tests.builders import JOURNEY, begun, called, contents

DAY = timedelta(days=1)


def closed(db, actor, days: float = 1, **about) -> int:
    """The id of a meeting that was held and closed."""
    meeting_id = begun(db, actor, days, **about)
    meetings.close(db, actor, meeting_id)
    return meeting_id


def ids(found) -> list[int]:
    """The numbers of the meetings."""
    return [one.meeting_id for one in found]


def changed(db, actor, meeting_id: int, **what) -> None:
    """Say the meeting anew, as it was but for ``what``."""
    was = meetings.get(db, actor, meeting_id)
    fields = ("title", "starts_at", "place", "subproject_id", "journey_id")
    given = {field: getattr(was, field) for field in fields}
    meetings.change(db, actor, meeting_id, **{**given, **what})


def test_a_meeting_keeps_what_it_was_called_to(db, cast):
    one = meetings.get(db, cast.member, called(db, cast.lead))
    assert (one.title, one.place) == ("Service development", "Campus Narvik")
    assert (one.subproject_id, one.journey_id) == ("service-innovation", JOURNEY)
    assert (one.began_at, one.closed_at, one.cancelled_at) == (None, None, None)
    assert not one.under_way


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"subproject_id": "no-such"}, "subproject_id"),
        ({"journey_id": "no-such"}, "journey_id"),
        ({"days": -1}, "starts_at"),
    ],
)
def test_a_meeting_about_what_is_not_there_or_in_the_past_is_refused(db, cast, about, field):
    before = contents(db)
    with pytest.raises(InvalidFields) as refused:
        called(db, cast.lead, **about)
    assert set(refused.value.problems) == {field}
    assert contents(db) == before


@pytest.mark.parametrize(
    ("place", "link"),
    [
        ("Room 4: the large one", ""),
        ("", ""),
        ("https://meet.example/abc?x=1", "https://meet.example/abc?x=1"),
        ("http://meet.example", "http://meet.example"),
        ("See https://meet.example", ""),
        ("https://meet.example or room 4", None),
        ("https://", None),
        ("https://[", None),
        ("javascript:alert(1)", None),
        ("JavaScript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://files.example", None),
        ("file:///etc/passwd", None),
    ],
)
def test_only_a_web_address_is_a_link(db, cast, place, link):
    when = clock.now() + DAY
    if link is None:
        with pytest.raises(InvalidFields) as refused:
            meetings.plan(db, cast.lead, "Meeting", when, place)
        assert set(refused.value.problems) == {"place"}
    else:
        meeting_id = meetings.plan(db, cast.lead, "Meeting", when, place)
        assert meetings.get(db, cast.lead, meeting_id).link == link


def test_only_a_lead_plans_changes_and_cancels(db, cast):
    meeting_id = called(db, cast.lead)
    before = contents(db)
    for who in (cast.student, cast.mentor, cast.member, cast.nobody):
        with pytest.raises(NotAllowed):
            called(db, who)
        with pytest.raises(NotAllowed):
            meetings.cancel(db, who, meeting_id)
    with pytest.raises(NotAllowed):
        changed(db, cast.mentor, meeting_id, title="Mine")
    assert contents(db) == before


def test_students_do_not_see_meetings(db, cast):
    meeting_id = called(db, cast.lead)
    for who in (cast.student, cast.nobody):
        for attempt in (
            lambda who=who: meetings.upcoming(db, who),
            lambda who=who: meetings.past(db, who),
            lambda who=who: meetings.get(db, who, meeting_id),
            lambda who=who: meetings.previous(db, who, meeting_id),
        ):
            with pytest.raises(NotAllowed):
                attempt()


def test_a_change_is_kept_with_what_it_was_before(db, cast):
    meeting_id = called(db, cast.lead)
    changed(db, cast.lead, meeting_id, title="  Rooms ", place="Room 2", subproject_id=None)
    one = meetings.get(db, cast.lead, meeting_id)
    assert (one.title, one.place, one.subproject_id, one.journey_id) == (
        "Rooms", "Room 2", None, JOURNEY,
    )  # fmt: skip
    (detail,) = db.one("SELECT detail FROM audit ORDER BY audit_id DESC LIMIT 1")
    assert json.loads(detail)["title"] == ["Service development", "Rooms"]


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"place": "javascript:x"}, "place"),
        ({"starts_at": clock.now() - DAY}, "starts_at"),
        ({"subproject_id": "no-such"}, "subproject_id"),
    ],
)
def test_a_faulty_change_changes_nothing(db, cast, what, field):
    meeting_id = called(db, cast.lead)
    before = contents(db)
    with pytest.raises(InvalidFields) as refused:
        changed(db, cast.lead, meeting_id, **what)
    assert set(refused.value.problems) == {field}
    assert contents(db) == before


def test_once_begun_a_meeting_keeps_its_time_and_may_get_another_room(db, cast):
    meeting_id = begun(db, cast.lead)
    with pytest.raises(InvalidFields, match="has begun"):
        changed(db, cast.lead, meeting_id, starts_at=clock.now() + 2 * DAY)
    changed(db, cast.lead, meeting_id, place="Room 9")
    assert meetings.get(db, cast.lead, meeting_id).place == "Room 9"


def test_a_meeting_is_begun_once_and_closed_once(db, cast):
    meeting_id = called(db, cast.lead)
    with pytest.raises(Invalid, match="has not begun"):
        meetings.close(db, cast.mentor, meeting_id)
    meetings.begin(db, cast.member, meeting_id)
    assert meetings.get(db, cast.lead, meeting_id).under_way
    with pytest.raises(Invalid, match="begun already"):
        meetings.begin(db, cast.mentor, meeting_id)
    meetings.close(db, cast.mentor, meeting_id)
    assert not meetings.get(db, cast.lead, meeting_id).under_way
    for again in (meetings.begin, meetings.close, meetings.cancel):
        with pytest.raises(Invalid, match="is closed"):
            again(db, cast.lead, meeting_id)


def test_students_neither_begin_nor_close(db, cast):
    meeting_id = called(db, cast.lead)
    for who in (cast.student, cast.nobody):
        with pytest.raises(NotAllowed):
            meetings.begin(db, who, meeting_id)
    meetings.begin(db, cast.lead, meeting_id)
    with pytest.raises(NotAllowed):
        meetings.close(db, cast.student, meeting_id)


def test_a_closed_meeting_stands_as_it_is(db, cast):
    meeting_id = begun(db, cast.lead)
    item_id = agenda.add_own(db, cast.mentor, meeting_id, "Rooms")
    attendance.invite(db, cast.mentor, meeting_id, names=["Kari"])
    meetings.close(db, cast.lead, meeting_id)
    before = contents(db)
    for attempt in (
        lambda: changed(db, cast.lead, meeting_id, title="Other"),
        lambda: agenda.add_own(db, cast.lead, meeting_id, "More"),
        lambda: agenda.prepare(db, cast.lead, meeting_id),
        lambda: agenda.edit_item(db, cast.lead, item_id, title="Other", note=""),
        lambda: agenda.move_item(db, cast.lead, item_id, 1),
        lambda: agenda.remove_item(db, cast.lead, item_id),
        lambda: attendance.invite(db, cast.lead, meeting_id, names=["Ola"]),
        lambda: attendance.mark(
            db, cast.lead, meeting_id, attendance.Standing.PRESENT, name="Kari"
        ),
        lambda: attendance.remove(db, cast.lead, meeting_id, name="Kari"),
    ):
        with pytest.raises(Invalid, match="is closed"):
            attempt()
    assert contents(db) == before


def test_a_cancelled_meeting_is_found_nowhere_and_cannot_begin(db, cast):
    meeting_id = called(db, cast.lead)
    meetings.cancel(db, cast.lead, meeting_id)
    assert meetings.upcoming(db, cast.lead) == []
    assert meetings.past(db, cast.lead).total == 0
    for attempt in (meetings.begin, meetings.close, meetings.cancel):
        with pytest.raises(Invalid, match="cancelled"):
            attempt(db, cast.lead, meeting_id)


def test_a_meeting_that_has_begun_is_not_cancelled(db, cast):
    meeting_id = begun(db, cast.lead)
    with pytest.raises(Invalid, match="has begun"):
        meetings.cancel(db, cast.lead, meeting_id)


def test_a_meeting_that_is_not_there_is_not_found(db, cast):
    for attempt in (
        meetings.get, meetings.previous, meetings.begin, meetings.close, meetings.cancel,
        agenda.items, agenda.proposed, agenda.prepare, attendance.listed,
    ):  # fmt: skip
        with pytest.raises(NotFound):
            attempt(db, cast.lead, 99)


def test_todays_meeting_is_still_ahead_and_yesterdays_is_past(db, cast):
    with time_machine.travel("2026-11-24 08:00:00+01:00", tick=False):
        today = called(db, cast.lead, days=1 / 24)
    with time_machine.travel("2026-11-24 23:00:00+01:00", tick=False):
        assert ids(meetings.upcoming(db, cast.member)) == [today]
        assert meetings.past(db, cast.member).total == 0
    with time_machine.travel("2026-11-25 00:01:00+01:00", tick=False):
        assert meetings.upcoming(db, cast.member) == []
        assert ids(meetings.past(db, cast.member).rows) == [today]


def test_a_meeting_that_has_begun_stays_in_sight_until_it_is_closed(db, cast):
    meeting_id = begun(db, cast.lead)
    with time_machine.travel(clock.now() + 5 * DAY):
        assert ids(meetings.upcoming(db, cast.lead)) == [meeting_id]
        meetings.close(db, cast.lead, meeting_id)
        assert meetings.upcoming(db, cast.lead) == []
        assert ids(meetings.past(db, cast.lead).rows) == [meeting_id]


def test_past_meetings_come_in_pages_latest_first(db, cast):
    held = [closed(db, cast.lead, days) for days in (1, 2, 3)]
    first = meetings.past(db, cast.mentor, 1, 2)
    assert (ids(first.rows), first.total) == ([held[2], held[1]], 3)
    second = meetings.past(db, cast.mentor, 2, 2)
    assert (ids(second.rows), second.total) == ([held[0]], 3)
    assert meetings.past(db, cast.mentor, 9, 2) == meetings.Page((), 3)


def test_the_meeting_before_is_the_latest_closed_of_the_same_sub_project(db, cast):
    first, second = closed(db, cast.lead, 1), closed(db, cast.lead, 2)
    closed(db, cast.lead, 3, subproject_id="hosting-recruitment")
    begun(db, cast.lead, 4)
    this = called(db, cast.lead, 5)
    closed(db, cast.lead, 6)
    before = meetings.previous(db, cast.member, this)
    assert before is not None
    assert before.meeting_id == second
    assert meetings.previous(db, cast.member, first) is None


def test_without_a_sub_project_the_meeting_before_is_of_the_same_journey(db, cast):
    of_journey = closed(db, cast.lead, 1, subproject_id=None)
    closed(db, cast.lead, 2, subproject_id=None, journey_id="one-office")
    closed(db, cast.lead, 3)
    before = meetings.previous(db, cast.lead, called(db, cast.lead, 4, subproject_id=None))
    assert before is not None
    assert before.meeting_id == of_journey
