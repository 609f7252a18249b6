"""Whether somebody still belongs, and when access ends."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sandkasse import affiliation, membership
from sandkasse.config import Settings
from sandkasse.errors import Invalid, NotAllowed, NotFound
from sandkasse.sign_in import Claims, Provider, SignInRules
from tests.builders import START, contents

RULES = SignInRules(providers={"feide": Provider(affiliations=("student", "employee"))})
pytestmark = pytest.mark.usefixtures("time")


def sign_in(db, affiliations, session, provider="feide"):
    """The id of Kari, who signs in with these affiliations."""
    claims = Claims(
        "https://feide.example|kari", "Kari", provider=provider, affiliations=affiliations,
        session=session, issued_at=START,
    )  # fmt: skip
    return membership.sign_in(db, claims, Settings(), RULES)


def test_what_each_sign_in_said_is_kept_with_its_time(db, time):
    person_id = sign_in(db, ("student", "member"), "one")
    time.shift(timedelta(days=1))
    sign_in(db, ("alum",), "two")
    assert db.rows("SELECT session, affiliations, belongs, recorded_at FROM sign_in") == [
        ("one", "student member", True, START),
        ("two", "alum", False, START + timedelta(days=1)),
    ]
    found = affiliation.of(db, [person_id], 90)[person_id]
    assert (found.affiliations, found.belongs, found.last_seen) == (("alum",), False, START)


def test_access_does_not_end_while_somebody_belongs(db, time):
    person_id = sign_in(db, ("employee",), "one")
    time.shift(timedelta(days=400))
    assert affiliation.require(db, person_id, 90).ends_at is None


@pytest.mark.parametrize(("days", "ended"), [(0, False), (89.99, False), (90, True), (400, True)])
def test_access_ends_ninety_days_after_somebody_was_last_seen_to_belong(db, time, days, ended):
    person_id = sign_in(db, ("student",), "one")
    time.shift(timedelta(minutes=5))
    sign_in(db, (), "two")
    time.move_to(START + timedelta(days=days), tick=False)
    if not ended:
        assert affiliation.require(db, person_id, 90).ends_at == START + timedelta(days=90)
        return
    with pytest.raises(NotAllowed) as refused:
        affiliation.require(db, person_id, 90)
    assert "31 January 2027" in refused.value.message


def test_access_comes_back_when_somebody_belongs_again(db, time):
    person_id = sign_in(db, ("student",), "one")
    time.shift(timedelta(days=200))
    sign_in(db, (), "two")
    with pytest.raises(NotAllowed):
        affiliation.require(db, person_id, 90)
    sign_in(db, ("employee",), "three")
    assert affiliation.require(db, person_id, 90).ends_at is None


def test_whoever_never_belonged_has_the_access_from_a_lead(db, time):
    person_id = sign_in(db, ("alum",), "one")
    time.shift(timedelta(days=400))
    assert affiliation.require(db, person_id, 90).ends_at is None


def test_a_provider_of_which_nothing_is_asked_ends_nobodys_access(db, time):
    person_id = sign_in(db, None, "one", provider="entra")
    found = affiliation.of(db, [person_id], 90)[person_id]
    assert (found.affiliations, found.belongs, found.ends_at) == (None, None, None)


def test_a_lead_lets_somebody_keep_the_access_until_the_end_of_a_day(db, cast, time):
    person_id = sign_in(db, ("student",), "one")
    time.shift(timedelta(days=100))
    sign_in(db, (), "two")
    affiliation.extend(db, cast.lead, person_id, date(2027, 6, 30))
    # The 30th of June ends at 22:00 UTC, which is midnight in Oslo.
    end = datetime(2027, 6, 30, 22, 0, tzinfo=UTC)
    assert affiliation.require(db, person_id, 90).ends_at == end
    time.move_to(end, tick=False)
    with pytest.raises(NotAllowed):
        affiliation.require(db, person_id, 90)


def test_a_lead_takes_back_an_extension(db, cast, time):
    person_id = sign_in(db, ("student",), "one")
    time.shift(timedelta(days=100))
    sign_in(db, (), "two")
    affiliation.extend(db, cast.lead, person_id, date(2027, 6, 30))
    affiliation.extend(db, cast.lead, person_id, None)
    with pytest.raises(NotAllowed):
        affiliation.require(db, person_id, 90)


def test_an_extension_never_shortens_the_access(db, cast, time):
    person_id = sign_in(db, ("student",), "one")
    time.shift(timedelta(days=1))
    sign_in(db, (), "two")
    affiliation.extend(db, cast.lead, person_id, date(2026, 11, 5))
    assert affiliation.require(db, person_id, 90).ends_at == START + timedelta(days=90)


@pytest.mark.parametrize("until", [date(2026, 11, 1), date(2027, 11, 4)])
def test_a_day_that_has_passed_or_is_far_away_is_refused(db, cast, until):
    person_id = sign_in(db, ("student",), "one")
    before = contents(db)
    with pytest.raises(Invalid):
        affiliation.extend(db, cast.lead, person_id, until)
    assert contents(db) == before


@pytest.mark.parametrize("who", ["student", "mentor", "member", "nobody"])
def test_only_leads_extend_and_see_what_was_said(db, cast, who):
    person_id = sign_in(db, ("student",), "one")
    with pytest.raises(NotAllowed):
        affiliation.extend(db, getattr(cast, who), person_id, None)
    with pytest.raises(NotAllowed):
        affiliation.about(db, getattr(cast, who), [person_id], 90)
    assert affiliation.about(db, cast.lead, [person_id], 90)[person_id].affiliations == ("student",)


def test_the_access_of_nobody_cannot_be_extended(db, cast):
    with pytest.raises(NotFound):
        affiliation.extend(db, cast.lead, 999, None)
