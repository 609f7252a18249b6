"""Signing in, roles, access, and meetings."""

from datetime import timedelta

import pytest

from sandkasse import clock, meetings, membership, people
from sandkasse.config import Settings
from sandkasse.errors import Invalid, InvalidFields, NotAllowed
from sandkasse.people import Claims, Role

ISSUER = "https://login.example"


def claims(subject="abc", **known):
    """What an identity provider says."""
    return Claims(f"{ISSUER}|{subject}", known.pop("name", "Kari Nordmann"), **known)


def test_the_first_sign_in_makes_a_student(db):
    person = people.find(db, membership.sign_in(db, claims(), Settings()))
    assert (person.name, person.roles) == ("Kari Nordmann", {Role.STUDENT})


def test_nobody_gets_a_role_where_a_lead_is_to_decide(db):
    settings = Settings(first_role="none")
    assert people.find(db, membership.sign_in(db, claims(), settings)).roles == set()


def test_the_subject_is_the_key_whatever_the_address(db):
    first = membership.sign_in(db, claims(email="kari@uit.example"), Settings())
    again = membership.sign_in(db, claims(email="kari@new.example", name="Kari N."), Settings())
    assert first == again
    assert people.find(db, again).email == "kari@new.example"


def test_the_same_subject_from_another_issuer_is_another_person(db):
    first = membership.sign_in(db, claims(), Settings())
    other = membership.sign_in(db, Claims("https://other.example|abc", "Kari"), Settings())
    assert first != other


@pytest.mark.parametrize(
    ("known", "leads", "is_lead"),
    [
        ({}, ("abc",), True),
        ({}, (f"{ISSUER}|abc",), True),
        ({"email": "kari@uit.example", "email_verified": True}, ("kari@uit.example",), True),
        ({"email": "kari@uit.example", "email_verified": False}, ("kari@uit.example",), False),
        ({}, ("somebody-else",), False),
    ],
)
def test_leads_are_named_by_subject_or_verified_address(db, known, leads, is_lead):
    person_id = membership.sign_in(db, claims(**known), Settings(leads=leads))
    assert (Role.LEAD in people.find(db, person_id).roles) is is_lead


def test_a_lead_gives_and_takes_roles(db, cast):
    stranger = cast.stranger.person_id
    membership.change_roles(db, cast.lead, stranger, [Role.MENTOR, Role.MEMBER])
    assert people.find(db, stranger).roles == {Role.MENTOR, Role.MEMBER}
    membership.change_roles(db, cast.lead, stranger, [Role.MENTOR])
    assert people.find(db, stranger).roles == {Role.MENTOR}
    assert db.value("SELECT count(*) FROM role_change WHERE person_id = ?", [stranger]) == 5


def test_the_last_hand_on_the_lever_stays(db, cast):
    with pytest.raises(Invalid):
        membership.change_roles(db, cast.lead, cast.lead.person_id, [Role.MENTOR])
    with pytest.raises(Invalid):
        membership.block(db, cast.lead, cast.lead.person_id, blocked=True)


def test_whoever_is_blocked_cannot_act_until_opened_again(db, cast):
    membership.block(db, cast.lead, cast.mentor.person_id, blocked=True)
    with pytest.raises(NotAllowed):
        people.actor_of(db, cast.mentor.person_id)
    membership.block(db, cast.lead, cast.mentor.person_id, blocked=False)
    assert people.actor_of(db, cast.mentor.person_id) == cast.mentor


def test_the_next_meeting_is_the_soonest_to_come(db, cast):
    now = clock.now()
    later = meetings.plan(db, cast.lead, "Later", now + timedelta(days=9), "Room 2")
    sooner = meetings.plan(db, cast.lead, "Sooner", now + timedelta(days=2), "Room 1")
    assert [one.meeting_id for one in meetings.upcoming(db, cast.member)] == [sooner, later]
    meetings.cancel(db, cast.lead, sooner)
    assert [one.meeting_id for one in meetings.upcoming(db, cast.member)] == [later]


def test_a_meeting_without_a_name_or_in_the_past_is_refused(db, cast):
    with pytest.raises(InvalidFields) as refused:
        meetings.plan(db, cast.lead, " ", clock.now() - timedelta(hours=1), "")
    assert set(refused.value.problems) == {"title", "starts_at"}
    assert meetings.upcoming(db, cast.lead) == []
