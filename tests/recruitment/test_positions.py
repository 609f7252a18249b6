"""Positions: drafted, planned, opened and closed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from sandkasse import clock
from sandkasse.application import Kind, Seat
from sandkasse.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from sandkasse.journeys import Text
from sandkasse.people import Role
from sandkasse.recruitment import applications, positions, reference
from sandkasse.recruitment.positions import Filter
from tests.builders import REASONS, applied, contents, described, person, position

PLAN = positions.seats(2, date(2026, 1, 1), date(2026, 12, 31))


def test_a_draft_is_seen_by_its_agency_alone(db, cast):
    drafted = positions.create(db, cast.member, described(), PLAN)
    other = person(db, "Una Udi", Role.MEMBER, agency_id="udi")
    assert positions.get(db, cast.member, drafted).status == positions.DRAFT
    for who in (cast.student, other, cast.mentor):
        with pytest.raises(NotFound):
            positions.get(db, who, drafted)
        assert positions.find(db, who, Filter(open_only=False)).total == 0


def test_students_find_what_is_open(db, cast):
    today = clock.today()
    plan = positions.seats(15, today, today + timedelta(days=300))
    opened = positions.create(db, cast.member, described(agreement_id="skatteetaten-uit"), plan)
    positions.open_position(db, cast.member, opened, today, expected_seq=1)
    (found,) = positions.find(db, cast.student, Filter("studentmed", place="Narvik")).rows
    assert (found.position_id, found.seats, found.title) == (opened, 15, "Student assistant")
    assert not positions.find(db, cast.student, Filter("tromsø")).rows
    assert positions.places(db, cast.student) == ["Narvik"]
    positions.close(db, cast.member, opened, expected_seq=2)
    assert positions.find(db, cast.student, Filter()).total == 0


def test_a_passed_deadline_takes_no_applications(db, cast):
    opened = position(db, cast.member)
    one = positions.get(db, cast.student, opened)
    assert one.takes_applications(clock.today())
    positions.open_position(db, cast.member, opened, clock.today(), expected_seq=2)
    again = positions.get(db, cast.student, opened)
    assert again.takes_applications(clock.today())
    assert not again.takes_applications(clock.today() + timedelta(days=1))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hours": 37.6}, "hours"),
        ({"hours": 0}, "hours"),
        ({"title": Text()}, "title_nb"),
        ({"title": Text("x" * 121, "")}, "title_nb"),
        ({"level": "Professor"}, "level"),
        ({"agreement_id": "none"}, "agreement_id"),
        ({"contact_id": 99}, "contact_id"),
    ],
)
def test_a_faulty_description_is_refused_and_nothing_changes(db, cast, changes, field):
    before = contents(db)
    with pytest.raises(InvalidFields) as refused:
        positions.create(db, cast.member, described(**changes), PLAN)
    assert field in refused.value.problems
    assert contents(db) == before


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        ((), "seats"),
        (positions.seats(501, date(2026, 1, 1), date(2026, 2, 1)), "seats"),
        ((Seat(2, date(2026, 1, 1), date(2026, 2, 1)),), "seats"),
        (positions.seats(1, date(2026, 2, 1), date(2026, 1, 1)), "ends_on"),
        (positions.seats(1, date(26, 2, 1), date(2026, 1, 1)), "begins_on"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(db, cast, plan, field):
    with pytest.raises(InvalidFields) as refused:
        positions.create(db, cast.member, described(), plan)
    assert field in refused.value.problems


def test_a_deadline_in_the_past_is_refused(db, cast):
    opened = position(db, cast.member)
    before = contents(db)
    for deadline in (clock.today() - timedelta(days=1), clock.today() + timedelta(days=999)):
        with pytest.raises(Invalid) as refused:
            positions.open_position(db, cast.member, opened, deadline, expected_seq=2)
        assert refused.value.field == "deadline"
    assert contents(db) == before


def test_both_languages_are_written_before_it_is_opened(db, cast):
    drafted = positions.create(db, cast.member, described(text=Text("Bare norsk", "")), PLAN)
    with pytest.raises(InvalidFields) as refused:
        positions.open_position(db, cast.member, drafted, None, expected_seq=1)
    assert list(refused.value.problems) == ["text_en"]


def test_a_member_keeps_the_own_agencys_positions_alone(db, cast):
    for agency_id in ("udi", "nowhere"):
        with pytest.raises(NotAllowed):
            positions.create(db, cast.member, described(agency_id=agency_id), PLAN)
    theirs = position(db, cast.lead, agency_id="udi")
    for attempt in (
        lambda: positions.close(db, cast.member, theirs, expected_seq=2),
        lambda: positions.plan_seats(db, cast.member, theirs, PLAN, expected_seq=2),
        lambda: positions.edit(db, cast.member, theirs, described()),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_whoever_was_second_is_told_who_was_first(db, cast):
    opened = position(db, cast.member)
    positions.close(db, cast.member, opened, expected_seq=2)
    with pytest.raises(Conflict, match="Mona Member"):
        positions.plan_seats(db, cast.lead, opened, PLAN, expected_seq=2)


def test_a_seat_somebody_has_worked_in_stays(db, cast):
    opened = position(db, cast.member, seats=1)
    applied(db, cast.student, opened, Kind.OFFER, Kind.ACCEPTED, Kind.STARTED, by=cast.member)
    today = clock.today()
    too_late = positions.seats(1, today + timedelta(days=1), today + timedelta(days=9))
    with pytest.raises(Invalid, match="Seat 1 was held"):
        positions.plan_seats(db, cast.member, opened, too_late, expected_seq=2)
    more = positions.seats(3, today - timedelta(days=70), today + timedelta(days=9))
    positions.plan_seats(db, cast.member, opened, more, expected_seq=2)
    one = positions.get(db, cast.member, opened)
    assert (one.seats, one.ends_on) == (3, today + timedelta(days=9))
    assert positions.planned(db, cast.member, opened) == list(more)


def test_a_seat_is_vacant_while_nobody_works_in_it(db, cast, time):
    opened, other = position(db, cast.member, seats=3), position(db, cast.member, seats=1)
    drafted = positions.create(db, cast.member, described(), PLAN)
    asked = (opened, other, drafted)
    assert positions.vacant(db, cast.student, asked) == {opened: 3, other: 1}
    applied(db, cast.stranger, opened, Kind.OFFER, Kind.ACCEPTED, by=cast.member)
    assert positions.vacant(db, cast.student, asked)[opened] == 3
    one = applied(db, cast.student, opened, Kind.OFFER, Kind.ACCEPTED, Kind.STARTED, by=cast.member)
    assert positions.vacant(db, cast.student, asked) == {opened: 2, other: 1}
    applications.record(
        db, cast.member, one, Kind.ENDED, expected_seq=4, reason=REASONS[Kind.ENDED]
    )
    time.shift(timedelta(days=1))
    assert positions.vacant(db, cast.student, asked) == {opened: 3, other: 1}
    assert positions.vacant(db, cast.member, asked)[drafted] == 2


def test_a_seat_whose_days_are_over_is_not_vacant(db, cast, time):
    opened = position(db, cast.member, seats=2)
    first, second = positions.planned(db, cast.member, opened)
    short = replace(first, ends_on=clock.today() + timedelta(days=1))
    positions.plan_seats(db, cast.member, opened, (short, second), expected_seq=2)
    assert positions.vacant(db, cast.student, [opened]) == {opened: 2}
    time.shift(timedelta(days=2))
    assert positions.vacant(db, cast.student, [opened]) == {opened: 1}


def test_editing_keeps_whose_it_is(db, cast):
    opened = position(db, cast.member)
    positions.edit(db, cast.member, opened, described(agency_id="udi", place="Harstad"))
    one = positions.get(db, cast.student, opened)
    assert (one.description.agency_id, one.description.place) == ("skatteetaten", "Harstad")
    assert positions.find(db, cast.student, Filter("harstad")).total == 1


def test_the_deadline_can_be_put_in_a_calendar(db, cast):
    opened = position(db, cast.member)
    with pytest.raises(Invalid):
        positions.to_calendar(positions.get(db, cast.student, opened))
    positions.open_position(db, cast.member, opened, clock.today(), expected_seq=2)
    file = Calendar.from_ical(positions.to_calendar(positions.get(db, cast.student, opened)))
    (event,) = file.walk("VEVENT")
    assert event.decoded("dtstart") == clock.today()
    assert str(event["summary"]) == "Apply at the latest: Student assistant"


def test_the_pilots_agreement_is_there():
    agreed = reference.agreement("skatteetaten-uit")
    assert agreed is not None
    assert (agreed.seats, agreed.agency_id, agreed.place) == (15, "skatteetaten", "Narvik")
    (guidance,) = reference.shipped().guidance
    assert guidance.hours == 20
    assert guidance.source.startswith("https://www.udiregelverk.no/")


def test_seats_with_days_of_their_own_keep_them_when_all_are_planned_anew():
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    plan = positions.with_days(positions.seats(3, first, last), 2, first, date(2026, 6, 30))
    assert positions.common_days(plan) == (first, last)
    assert [seat.seat_no for seat in positions.of_their_own(plan)] == [2]
    later = positions.replanned(plan, 4, first, date(2027, 6, 30))
    assert [seat.ends_on for seat in later] == [
        date(2027, 6, 30), date(2026, 6, 30), date(2027, 6, 30), date(2027, 6, 30),
    ]  # fmt: skip
    assert positions.replanned(plan, 1, first, last) == positions.seats(1, first, last)
