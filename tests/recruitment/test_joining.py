"""Joining applicants who came by a log to the people who sign in."""

import pytest

from sandkasse import exchange, integrity, membership, people
from sandkasse.config import Settings
from sandkasse.errors import Invalid, InvalidImport, NotAllowed, NotFound
from sandkasse.people import Role
from sandkasse.recruitment import applications, candidates, workload
from sandkasse.sign_in import Claims, Provider, Rule, SignInRules
from tests.builders import applied, contents, person, position

TABLE = b"""\
position;agency;title;title_en;seats;hours;from;to;occurred_at
TAX-1;Skatteetaten;Studentmedarbeider;Student assistant;2;7,5;01.01.2026;31.12.2027;2025-11-03
"""
LOG = b"""\
position,application,event,occurred_at,applicant,email
TAX-1,a,received,2025-11-05,Ada,Ada.Tall@UiT.example
TAX-1,a,offer,2025-12-05,,
TAX-1,a,accepted,2025-12-06,,
TAX-1,a,started,2026-01-05,,
TAX-1,b,received,2025-11-06,Bo,
"""
ADDRESS = "ada.tall@uit.example"
RULES = SignInRules(
    providers={"default": Provider()},
    rules=(Rule(provider="default", email_domain="uit.example", role=Role.STUDENT),),
)


@pytest.fixture
def by_name(db, cast):
    exchange.import_positions(db, cast.lead, TABLE)
    exchange.import_applications(db, cast.lead, LOG)
    found = candidates.find(db, cast.lead, candidates.Filter()).rows
    return {one.name: one.application_id for one in found}


def owner(db, cast, application_id):
    return applications.get(db, cast.lead, application_id).person_id


def signed_in(db, **claims):
    found = Claims("issuer|ada", "Ada Tall", **claims)
    return membership.sign_in(db, found, Settings(), RULES)


def test_a_lead_joins_an_application_to_a_student_who_then_follows_it(db, cast, by_name):
    with pytest.raises(NotFound):
        applications.get(db, cast.student, by_name["Ada"])
    applications.join(db, cast.lead, by_name["Ada"], cast.student.person_id)
    (mine,) = applications.mine(db, cast.student)
    assert mine.application_id == by_name["Ada"]
    assert workload.own_hours(db, cast.student).job == 7.5
    assert applications.get(db, cast.lead, by_name["Ada"]).name == "Ada"
    told = db.value("SELECT detail FROM audit WHERE action = 'application.join_applicant'")
    assert str(cast.student.person_id) in told
    assert integrity.check(db) == []


def test_a_joining_is_taken_back(db, cast, by_name):
    applications.join(db, cast.lead, by_name["Ada"], cast.student.person_id)
    applications.part(db, cast.lead, by_name["Ada"])
    assert owner(db, cast, by_name["Ada"]) is None
    assert applications.mine(db, cast.student) == []
    with pytest.raises(Invalid):
        applications.part(db, cast.lead, by_name["Ada"])


def test_it_checks_who_may(db, cast, by_name):
    before = contents(db)
    for who in (cast.student, cast.mentor, cast.member, cast.nobody):
        with pytest.raises(NotAllowed):
            applications.join(db, who, by_name["Ada"], cast.student.person_id)
        with pytest.raises(NotAllowed):
            applications.part(db, who, by_name["Ada"])
    assert contents(db) == before


def test_what_cannot_be_joined_changes_nothing(db, cast, by_name):
    own = applied(db, cast.student, position(db, cast.lead), by=cast.lead)
    applications.join(db, cast.lead, by_name["Ada"], cast.student.person_id)
    other = person(db, "Other", Role.STUDENT)
    before = contents(db)
    for application_id, person_id in (
        (by_name["Ada"], other.person_id),  # somebody's already
        (by_name["Bo"], cast.student.person_id),  # under way for the same position
        (by_name["Bo"], cast.mentor.person_id),
        (by_name["Bo"], cast.lead.person_id),
    ):
        with pytest.raises(Invalid):
            applications.join(db, cast.lead, application_id, person_id)
    with pytest.raises(Invalid):
        applications.part(db, cast.lead, own)
    for application_id, person_id in ((by_name["Bo"], 999_999), (999_999, other.person_id)):
        with pytest.raises(NotFound):
            applications.join(db, cast.lead, application_id, person_id)
    assert contents(db) == before


def test_whoever_signs_in_with_the_address_verified_gets_the_application(db, cast, by_name):
    known = signed_in(db, email="ADA.tall@uit.example", email_verified=True)
    assert owner(db, cast, by_name["Ada"]) == known
    assert owner(db, cast, by_name["Bo"]) is None
    assert signed_in(db, email="ADA.tall@uit.example", email_verified=True) == known


def test_a_log_that_comes_after_the_first_sign_in_is_joined_at_the_next(db, cast):
    known = signed_in(db, email=ADDRESS, email_verified=True)
    exchange.import_positions(db, cast.lead, TABLE)
    exchange.import_applications(db, cast.lead, LOG)
    signed_in(db, email=ADDRESS, email_verified=True)
    assert len(applications.mine(db, people.actor_of(db, known))) == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"email": ADDRESS},
        {"email": "other@uit.example", "email_verified": True},
        {"email": None, "email_verified": True},
    ],
)
def test_an_address_that_is_not_verified_or_another_joins_nothing(db, cast, by_name, claims):
    signed_in(db, **claims)
    assert owner(db, cast, by_name["Ada"]) is None


def test_what_a_lead_took_apart_is_not_joined_at_the_next_sign_in(db, cast, by_name):
    signed_in(db, email=ADDRESS, email_verified=True)
    applications.part(db, cast.lead, by_name["Ada"])
    signed_in(db, email=ADDRESS, email_verified=True)
    assert owner(db, cast, by_name["Ada"]) is None


def test_a_log_with_a_faulty_address_is_refused_by_its_row(db, cast):
    exchange.import_positions(db, cast.lead, TABLE)
    with pytest.raises(InvalidImport) as refused:
        exchange.import_applications(db, cast.lead, LOG.replace(b"Ada.Tall@", b"Ada.Tall"))
    ((row, reason),) = refused.value.rows
    assert (row, "e-mail address" in reason) == (2, True)
