"""Sessions: whose they are, which are open, and how they end."""

from datetime import timedelta

import pytest

from sandkasse import membership, people, sessions
from sandkasse.config import Settings
from sandkasse.errors import Conflict, NotAllowed, NotFound
from sandkasse.sign_in import Claims, SignInRules
from tests.builders import START, contents

pytestmark = pytest.mark.usefixtures("time")


def sign_in(db, session, subject="kari", issued_at=START):
    """The id of somebody who signs in."""
    claims = Claims(
        f"https://feide.example|{subject}", "Kari", provider="feide", session=session,
        issued_at=issued_at,
    )  # fmt: skip
    return membership.sign_in(db, claims, Settings(), SignInRules())


@pytest.fixture
def kari(db, cast):
    """Somebody with a role who is signed in on two devices, an hour apart, and was on a third."""
    person_id = sign_in(db, "desk")
    sign_in(db, "phone", issued_at=START + timedelta(hours=1))
    sign_in(db, "library", issued_at=START - timedelta(hours=12))
    membership.change_roles(db, cast.lead, person_id, ["student"])
    return people.actor_of(db, person_id)


def test_one_sign_in_is_one_session_of_one_person(db):
    person_id = sign_in(db, "one")
    assert sessions.whose(db, "one") == (person_id, False)
    assert sessions.whose(db, "two") == (None, False)
    with pytest.raises(Conflict):
        sign_in(db, "one")
    assert people.find(db, person_id).name == "Kari"


def test_a_session_that_was_ended_stays_so(db):
    person_id = sign_in(db, "one")
    sessions.end(db, "one")
    sessions.end(db, "one")
    assert sessions.whose(db, "one") == (person_id, True)
    assert db.value("SELECT count(*) FROM sign_out") == 1


def test_what_was_never_a_session_is_not_ended(db):
    sessions.end(db, "none")
    assert db.value("SELECT count(*) FROM sign_out") == 0


def test_one_sees_where_one_is_signed_in_the_latest_first_and_nobody_else(db, cast, kari):
    found = sessions.own(db, kari, 12, "desk")
    assert [(one.seq, one.signed_in_at, one.here) for one in found] == [
        (2, START + timedelta(hours=1), False),
        (1, START, True),
    ]
    assert sessions.own(db, cast.student, 12, "desk") == []


def test_one_ends_one_session_and_keeps_the_others(db, kari):
    sessions.end_own(db, kari, 2)
    assert sessions.whose(db, "phone") == (kari.person_id, True)
    assert sessions.whose(db, "desk") == (kari.person_id, False)
    assert [one.seq for one in sessions.own(db, kari, 12, "desk")] == [1]
    sessions.end_own(db, kari, 2)
    assert db.value("SELECT count(*) FROM sign_out") == 1


def test_nobody_ends_a_session_that_is_not_ones_own(db, cast, kari):
    before = contents(db)
    with pytest.raises(NotFound):
        sessions.end_own(db, cast.student, 1)
    for who in ("student", "mentor", "member", "nobody"):
        with pytest.raises(NotAllowed):
            sessions.end_all(db, getattr(cast, who), kari.person_id)
    with pytest.raises(NotFound):
        sessions.end_all(db, cast.lead, 999)
    assert contents(db) == before


def test_a_lead_ends_all_sessions_of_somebody_and_it_is_kept_who_did(db, cast, kari):
    other = sign_in(db, "others", subject="ola")
    sessions.end_all(db, cast.lead, kari.person_id)
    assert [sessions.whose(db, one)[1] for one in ("desk", "phone", "library")] == [True] * 3
    assert sessions.whose(db, "others") == (other, False)
    kept = db.rows("SELECT actor_id, action, subject FROM audit ORDER BY audit_id")
    assert kept[-1] == (
        cast.lead.person_id, "people.end_sessions", f"person:{kari.person_id}"
    )  # fmt: skip


def test_a_session_ends_when_nothing_was_asked_for_in_it_for_too_long(time):
    last = sessions.LastAsked()
    assert not last.too_long_ago("one", 60)
    time.shift(timedelta(minutes=60))
    assert not last.too_long_ago("one", 60)
    time.shift(timedelta(minutes=59))
    assert not last.too_long_ago("two", 60)
    assert not last.too_long_ago("one", 60)
    time.shift(timedelta(minutes=60, seconds=1))
    assert last.too_long_ago("one", 60)
    assert last.too_long_ago("one", 60)
    assert last.too_long_ago("two", 60)
    assert not last.too_long_ago("three", 60)


def test_what_is_remembered_of_sessions_does_not_grow_for_ever(time, monkeypatch):
    monkeypatch.setattr(sessions, "_MANY", 3)
    last = sessions.LastAsked()
    for number in range(3):
        assert not last.too_long_ago(f"old {number}", 60)
    time.shift(timedelta(minutes=61))
    assert not last.too_long_ago("new", 60)
    assert list(last._at) == ["new"]
