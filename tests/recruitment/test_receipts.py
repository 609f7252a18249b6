"""Number receipts and freezes of the figures about seats."""

import pytest

from sandkasse import freezes, number_receipts
from sandkasse.application import Kind
from sandkasse.errors import Invalid, NotAllowed
from sandkasse.figures import Choice
from sandkasse.figures.frozen import SEATS
from sandkasse.figures.seats import SeatsChoice
from sandkasse.people import Role
from tests.builders import JOURNEY, applied, begun, person, position

HIRED = (Kind.OFFER, Kind.ACCEPTED, Kind.STARTED)
NOW = SeatsChoice()


@pytest.fixture
def tax(db, cast):
    """A position with three seats at the member's agency, of which one is filled; and another
    agency's with two."""
    position(db, cast.lead, seats=2, agency_id="mattilsynet")
    found = position(db, cast.lead, seats=3)
    applied(db, cast.student, found, *HIRED, by=cast.lead)
    return found


@pytest.fixture
def meeting_id(db, cast):
    """A meeting that looks at seats."""
    return begun(db, cast.lead, subproject_id=None, journey_id=None)


def hire(db, cast, position_id):
    applied(db, person(db, "Late", Role.STUDENT), position_id, *HIRED, by=cast.lead)


def test_a_code_tells_what_the_seats_were_and_what_they_are(db, cast, tax):
    code = number_receipts.issue(db, cast.lead, SEATS, NOW)
    hire(db, cast, tax)
    receipt = number_receipts.find(db, cast.lead, code)
    assert receipt.numbers["seats.planned_now"] == 5
    assert receipt.numbers[f"{tax}.filled_now"] == 1
    changes = {one.key: one for one in number_receipts.compare(db, cast.lead, code)}
    filled = changes["seats.filled_now"]
    assert (filled.then, filled.known, filled.now) == (1, 1, 2)
    assert changes["started.reached"].now == 2


def test_a_members_code_is_of_the_own_agencys_seats_for_everybody(db, cast, tax):
    code = number_receipts.issue(db, cast.member, SEATS, NOW)
    for who in (cast.member, cast.lead):
        receipt = number_receipts.find(db, who, code)
        assert receipt.choice.agency_id == cast.member.agency_id
        assert receipt.numbers["seats.planned_now"] == 3
        assert not any(one.differs for one in number_receipts.compare(db, who, code))


def test_nobody_reads_or_makes_a_code_of_seats_that_they_do_not_see(db, cast, tax):
    whole = number_receipts.issue(db, cast.lead, SEATS, NOW)
    for who in (cast.member, cast.mentor, cast.student):
        with pytest.raises(NotAllowed):
            number_receipts.find(db, who, whole)
    for who in (cast.mentor, cast.student):
        with pytest.raises(NotAllowed):
            number_receipts.issue(db, who, SEATS, NOW)
    with pytest.raises(NotAllowed):
        number_receipts.issue(db, cast.member, SEATS, SeatsChoice(agency_id="mattilsynet"))


def test_seats_have_no_bridge_and_ideas_no_seats(db, cast, tax):
    code = number_receipts.issue(db, cast.lead, SEATS, NOW)
    with pytest.raises(Invalid):
        number_receipts.bridge_to_now(db, cast.lead, code)
    with pytest.raises(Invalid):
        number_receipts.issue(db, cast.lead, SEATS, Choice(JOURNEY))
    with pytest.raises(Invalid):
        number_receipts.issue(db, cast.lead, "cohort", NOW)


def test_a_meeting_that_looks_at_seats_freezes_them_as_each_may_see_them(db, cast, tax, meeting_id):
    freezes.freeze(db, cast.mentor, meeting_id, Choice(JOURNEY))
    hire(db, cast, tax)
    for who, seats in ((cast.lead, 5), (cast.member, 3)):
        (kept,) = freezes.of_meeting(db, who, meeting_id)
        assert kept.numbers[SEATS]["seats.planned_now"] == seats
        changes = {one.key: one for one in freezes.changes(db, who, kept, SEATS)}
        filled = changes["seats.filled_now"]
        assert (filled.then, filled.known, filled.now) == (1, 1, 2)
        assert number_receipts.find(db, who, kept.codes[SEATS]).numbers == kept.numbers[SEATS]
    (kept,) = freezes.of_meeting(db, cast.mentor, meeting_id)
    assert SEATS not in kept.numbers
    assert SEATS not in kept.codes


def test_a_meeting_about_a_sandbox_freezes_no_seats(db, cast, tax):
    meeting_id = begun(db, cast.lead)
    freezes.freeze(db, cast.lead, meeting_id, Choice(JOURNEY))
    (kept,) = freezes.of_meeting(db, cast.lead, meeting_id)
    assert SEATS not in kept.numbers
