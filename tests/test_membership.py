"""Signing in, roles, access, and meetings."""

from datetime import timedelta

import pytest

from sandkasse import clock, comments, ideas, meetings, membership, people, rates
from sandkasse.config import Settings
from sandkasse.errors import Invalid, InvalidFields, NotAllowed, NotFound
from sandkasse.people import Role
from sandkasse.rates import TooMany
from sandkasse.sign_in import Claims, Provider, Rule, SignInRules
from tests.builders import contents, submitted

ISSUER = "https://login.example"


RULES = SignInRules(
    providers={"feide": Provider(affiliations=("student",)), "default": Provider()},
    rules=(
        Rule(provider="feide", affiliation="student", role=Role.STUDENT),
        Rule(
            provider="feide", email_domain="skatteetaten.example", role=Role.MEMBER,
            agency="skatteetaten",
        ),
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_counted():
    """Sign-ins are counted anew for each test."""
    rates.forget_all()


def claims(subject="abc", **known):
    """What an identity provider says of a student."""
    whole = {"name": "Kari Nordmann", "affiliations": ("student",), "provider": "feide", **known}
    return Claims(f"{ISSUER}|{subject}", **whole)


def signed_in(db, *, settings=None, rules=RULES, **known):
    """The person who has signed in with these claims."""
    found = claims(**known)
    return people.find(db, membership.sign_in(db, found, settings or Settings(), rules))


def test_whom_a_rule_fits_gets_its_role_at_the_first_sign_in(db):
    person = signed_in(db)
    assert (person.name, person.roles) == ("Kari Nordmann", {Role.STUDENT})
    member = signed_in(
        db, subject="mona", affiliations=None, email="m@skatteetaten.example", email_verified=True
    )
    assert (member.roles, member.agency_id) == ({Role.MEMBER}, "skatteetaten")


def test_whom_no_rule_fits_waits_and_the_leads_see_it(db, cast):
    person = signed_in(db, affiliations=("alum",))
    assert person.roles == set()
    assert [one.name for one in membership.awaiting(db, cast.lead)] == [
        "Kari Nordmann",
        cast.nobody.name,
    ]
    membership.change_roles(db, cast.lead, person.person_id, [Role.MENTOR])
    assert [one.name for one in membership.awaiting(db, cast.lead)] == [cast.nobody.name]


@pytest.mark.parametrize("who", ["student", "mentor", "member", "nobody"])
def test_only_leads_see_who_waits(db, cast, who):
    with pytest.raises(NotAllowed):
        membership.awaiting(db, getattr(cast, who))


def test_whoever_waits_gets_the_role_once_a_rule_fits(db):
    person = signed_in(db, affiliations=("alum",))
    again = signed_in(db)
    assert (again.person_id, again.roles) == (person.person_id, {Role.STUDENT})


def test_no_rule_gives_back_what_a_lead_took(db, cast):
    person = signed_in(db)
    membership.change_roles(db, cast.lead, person.person_id, [])
    assert signed_in(db).roles == set()
    assert person.person_id not in {one.person_id for one in membership.awaiting(db, cast.lead)}


def test_the_subject_is_the_key_whatever_the_address(db):
    first = signed_in(db, email="kari@uit.example")
    again = signed_in(db, email="kari@new.example", name="Kari N.")
    assert again.person_id == first.person_id
    assert (again.name, again.email) == ("Kari N.", "kari@new.example")
    audited = db.rows("SELECT action, subject, detail FROM audit ORDER BY audit_id DESC LIMIT 1")
    assert audited == [
        (
            "person.sign_in",
            f"person:{first.person_id}",
            '{"changed": ["name", "email"], "provider": "feide"}',
        )
    ]


def test_what_the_provider_leaves_out_is_kept(db):
    signed_in(db, email="kari@uit.example")
    again = signed_in(db, name=None, email=None)
    assert (again.name, again.email) == ("Kari Nordmann", "kari@uit.example")


def test_the_same_address_with_another_subject_is_another_person(db):
    first = signed_in(db, email="kari@uit.example", email_verified=True)
    other = signed_in(db, subject="other", email="kari@uit.example", email_verified=True)
    assert other.person_id != first.person_id


def test_the_same_subject_from_another_issuer_is_another_person(db):
    first = signed_in(db)
    other = Claims("https://other.example|abc", "Kari")
    assert membership.sign_in(db, other, Settings(), RULES) != first.person_id


def test_an_address_that_two_sign_in_with_opens_no_team(db, cast):
    signed_in(db, subject="thief", email="tor.teammate@uit.example")
    idea_id = submitted(db, cast.student, team="tor.teammate@uit.example")
    with pytest.raises(NotFound):
        ideas.get(db, cast.teammate, idea_id)


def test_an_address_of_somebody_who_waits_opens_no_team(db, cast):
    waiting = signed_in(db, affiliations=(), email="new@uit.example")
    idea_id = submitted(db, cast.student, team="new@uit.example")
    membership.change_roles(db, cast.lead, waiting.person_id, [Role.STUDENT])
    with pytest.raises(NotFound):
        ideas.get(db, people.actor_of(db, waiting.person_id), idea_id)


ONE = "[auth.feide]\n"
TWO = "[auth.feide]\n[auth.entra]\n"
TRUSTING = SignInRules(providers={"feide": Provider(trust_addresses=True)})


@pytest.mark.parametrize(
    ("known", "leads", "secrets", "rules", "is_lead"),
    [
        ({}, ("abc",), ONE, RULES, True),
        ({}, ("abc",), TWO, RULES, False),
        ({}, (f"{ISSUER}|abc",), TWO, RULES, True),
        ({}, ("https://other.example|abc",), TWO, RULES, False),
        ({"email": "kari@uit.no", "email_verified": True}, ("Kari@uit.no",), ONE, RULES, True),
        ({"email": "kari@uit.no"}, ("kari@uit.no",), ONE, RULES, False),
        ({"email": "kari@uit.no"}, ("kari@uit.no",), ONE, TRUSTING, True),
        ({}, ("somebody-else",), ONE, RULES, False),
    ],
)
def test_leads_are_named_by_subject_or_by_an_address_that_counts(
    db, tmp_path, known, leads, secrets, rules, is_lead
):
    (tmp_path / "secrets.toml").write_text(secrets, "utf-8")
    settings = Settings(leads=leads, secrets=tmp_path / "secrets.toml")
    person = signed_in(db, settings=settings, rules=rules, **known)
    assert (Role.LEAD in person.roles) is is_lead


def test_sign_ins_of_one_subject_are_limited(db):
    for _turn in range(membership.SIGN_INS):
        signed_in(db)
    with pytest.raises(TooMany):
        signed_in(db)
    signed_in(db, subject="another")


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


def test_whoever_is_blocked_writes_nothing_though_the_page_was_drawn_before(db, cast):
    idea_id = submitted(db, cast.student)
    membership.block(db, cast.lead, cast.student.person_id, blocked=True)
    before = contents(db)
    with pytest.raises(NotAllowed):
        comments.say(db, cast.student, idea_id, "Am I still here?")
    assert contents(db) == before


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
