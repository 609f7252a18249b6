"""The audit as people read it: leads all of it, everybody who looked up what is theirs."""

import csv
import io
from datetime import timedelta

import pytest

from sandkasse import clock, comments, lookups, membership
from sandkasse.access import Action
from sandkasse.application import Kind
from sandkasse.errors import NotAllowed, Refusal
from sandkasse.people import Role
from sandkasse.privacy import action_names, trail
from sandkasse.privacy.trail import PAGE_SIZE, Filter
from tests import builders
from tests.builders import submitted


@pytest.fixture
def filled(db, cast):
    idea_id = submitted(db, cast.student)
    comments.say(db, cast.mentor, idea_id, "Hello")
    lookups.note(db, cast.mentor, Action.SEE_IDEA, f"idea:{idea_id}")
    with pytest.raises(Refusal) as caught:
        comments.say(db, cast.member, idea_id, "Hello")
    lookups.note_refusal(db, cast.member, caught.value)
    return db


def found(db, actor, **wanted):
    return [(row.name, row.action, row.subject)
            for row in trail.listed(db, actor, Filter(**wanted)).rows]  # fmt: skip


SUBMITTED = ("Sara Student", "idea.submit", "idea:1")
SAID = ("Mari Mentor", "idea.comment", "idea:1")
SEEN = ("Mari Mentor", "idea.see", "idea:1")
REFUSED = ("Mona Member", "refused", "idea:1")


@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        ({"subject": "idea"}, [REFUSED, SEEN, SAID, SUBMITTED]),
        ({"subject": "idea:1"}, [REFUSED, SEEN, SAID, SUBMITTED]),
        ({"subject": "idea:10"}, []),
        ({"name": "MARI"}, [SEEN, SAID]),
        ({"action": "look_ups"}, [SEEN]),
        ({"action": "writes", "subject": "idea"}, [SAID, SUBMITTED]),
        ({"action": "refused"}, [REFUSED]),
        ({"action": "idea.comment"}, [SAID]),
        ({"since": clock.today(), "until": clock.today(), "name": "sara"}, [SUBMITTED]),
        ({"until": clock.today() - timedelta(days=1)}, []),
        ({"since": clock.today() + timedelta(days=1)}, []),
    ],
)
def test_a_lead_finds_rows_by_person_subject_action_and_day(filled, cast, wanted, rows):
    assert found(filled, cast.lead, **wanted) == rows


def test_pages_follow_each_other_and_the_total_is_of_all(filled, cast):
    for number in range(PAGE_SIZE + 5):
        lookups.note(filled, cast.lead, Action.SEE_IDEA, f"idea:{number + 100}")
    one, two = (trail.listed(filled, cast.lead, Filter(name="lars"), n) for n in (1, 2))
    assert one.total == two.total == PAGE_SIZE + 5
    assert len(one.rows) == PAGE_SIZE
    assert len(two.rows) == 5
    assert not {row.audit_id for row in one.rows} & {row.audit_id for row in two.rows}


def test_a_file_of_it_runs_nothing_in_a_spreadsheet(filled, cast):
    with filled.transaction() as tx:
        tx.execute("UPDATE person SET name = '=cmd' WHERE person_id = ?", [cast.mentor.person_id])
    read = list(csv.DictReader(io.StringIO(trail.as_csv(filled, cast.lead, Filter()).decode())))
    assert [row["name"] for row in read][-2:] == ["'=cmd", "Mona Member"]
    assert [row["action"] for row in read][-3:] == ["idea.comment", "idea.see", "refused"]
    assert all(len(row["hash"]) == 64 for row in read)


@pytest.mark.parametrize("who", ["student", "mentor", "member", "nobody"])
def test_others_than_leads_may_not_read_it(filled, cast, who):
    actor = getattr(cast, who)
    for read in (
        lambda: trail.listed(filled, actor, Filter()),
        lambda: trail.as_csv(filled, actor, Filter()),
        lambda: trail.actions(filled, actor),
    ):
        with pytest.raises(NotAllowed):
            read()


def test_everybody_sees_who_looked_up_what_is_theirs(filled, cast):
    position_id = builders.position(filled, cast.member)
    application_id = builders.applied(
        filled, cast.student, position_id, Kind.SCREENED, by=cast.member
    )
    lookups.note(filled, cast.member, Action.SEE_APPLICATION, f"application:{application_id}")
    lookups.note(filled, cast.member, Action.SEE_APPLICATION, f"application:{application_id}:paper")
    lookups.note(filled, cast.lead, Action.SEE_APPLICATION, "applications", [application_id, 77])
    lookups.note(filled, cast.lead, Action.SEE_PEOPLE, "people", [cast.student.person_id])
    lookups.note(filled, cast.lead, Action.SEE_PEOPLE, "people", [cast.stranger.person_id])
    lookups.note(filled, cast.student, Action.SEE_IDEA, "idea:1")
    mine = [(one.name, one.subject) for one in trail.of_mine(filled, cast.student)]
    assert mine == [
        ("Lars Lead", "people"),
        ("Lars Lead", "applications"),
        ("Mona Member", "application:1:paper"),
        ("Mona Member", "application:1"),
        ("Mari Mentor", "idea:1"),
    ]
    assert [one.subject for one in trail.of_mine(filled, cast.stranger)] == ["people"]
    assert trail.of_mine(filled, cast.nobody) == []


def test_every_action_has_a_name():
    assert {str(one) for one in action_names.ACTION_NAMES} == {*map(str, Action), lookups.REFUSED}


def test_a_write_of_another_changes_the_version_and_a_look_up_does_not(filled, cast):
    before = filled.version
    lookups.note(filled, cast.lead, Action.SEE_IDEA, "idea:1")
    assert filled.version == before
    membership.change_roles(filled, cast.lead, cast.nobody.person_id, [Role.STUDENT])
    assert filled.version != before
