"""What is left to somebody whose role has been taken, or whose access a lead has closed."""

from datetime import timedelta

import pytest

from sandkasse import clock, deadlines, ideas, membership, notices, people
from sandkasse.errors import NotAllowed, NotFound
from sandkasse.meetings import receipts
from sandkasse.people import Role
from sandkasse.recruitment import workload
from sandkasse.ui.page import Refused, Visit
from tests.security.calling import told
from tests.security.world import TAX, word


def test_a_student_who_became_a_member_is_told_nothing_of_the_ideas_of_before(
    furnished, furnished_db
):
    cast = furnished[1].cast
    student = cast["teammate"].person_id
    idea_id, signed = furnished[1].ids["quiet"], clock.today() - timedelta(days=3)
    deadlines.say(furnished_db, cast["teammate"], idea_id, "founding-signed", signed)
    before = told(deadlines.upcoming(furnished_db, cast["teammate"]))
    membership.change_roles(furnished_db, cast["lead"], student, [Role.MEMBER], TAX)
    member = people.actor_of(furnished_db, student)
    seen = [
        deadlines.upcoming(furnished_db, member),
        workload.own_ties(furnished_db, member),
        notices.mine(furnished_db, member),
    ]
    assert word("quietideatitle") in before
    assert word("daythatisown") in told(seen)
    assert word("quietideatitle") not in told(seen)


def test_an_open_dialog_is_refused_once_a_role_is_taken_or_the_access_closed(
    furnished, furnished_db
):
    world = furnished[1]
    visit = Visit(furnished_db, world.cast["student"])
    assert visit.still() == world.cast["student"]
    person_id = world.cast["student"].person_id
    membership.change_roles(furnished_db, world.cast["lead"], person_id, [])
    assert visit.still().roles == frozenset()
    answer = visit.write(ideas.unpublish, world.ids["open"])
    assert isinstance(answer, Refused)
    with pytest.raises(NotFound):
        ideas.get(furnished_db, visit.still(), world.ids["open"])
    membership.block(furnished_db, world.cast["lead"], person_id, blocked=True)
    with pytest.raises(NotAllowed):
        visit.still()


def test_where_a_decision_sends_an_idea_is_withheld_with_its_words(furnished, furnished_db):
    world = furnished[1]
    meeting = world.ids["meeting"]
    for who, known in (("mentor", "closed"), ("tax", None), ("registers", None)):
        found = receipts.of_meeting(furnished_db, world.cast[who], meeting)
        decision = next(one for one in found if one.resolution_id == world.ids["decision"])
        assert (decision.exit_id, decision.moves) == (known, known is not None)
