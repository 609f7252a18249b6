"""Work beside the studies: warned of are the student and the leads, nobody else."""

import pytest

from sandkasse import notices, touchpoints
from sandkasse.application import Kind
from sandkasse.errors import Invalid, NotAllowed
from sandkasse.notices import Notice
from sandkasse.recruitment import workload
from sandkasse.touchpoints import Opening
from tests.builders import applied, position, submitted

HIRED = (Kind.OFFER, Kind.ACCEPTED, Kind.STARTED)


def kinds(db, who) -> list[Notice]:
    return [one.kind for one in notices.mine(db, who).rows]


def test_passing_the_own_limit_warns_the_student_and_the_lead(db, cast):
    workload.say_hours(db, cast.student, 15.0, 8.0)
    applied(db, cast.student, position(db, cast.member, hours=7.5), *HIRED, by=cast.member)
    assert workload.own_hours(db, cast.student) == workload.Hours(15.0, 8.0, 7.5)
    (warned,) = workload.warnings(db, cast.lead)
    assert (warned.name, warned.hours.over) == ("Sara Student", True)
    for who in (cast.student, cast.lead):
        assert kinds(db, who).count(Notice.WORKLOAD) == 1
    assert Notice.WORKLOAD not in kinds(db, cast.member) + kinds(db, cast.mentor)
    workload.say_hours(db, cast.student, None, 8.0)
    assert workload.warnings(db, cast.lead) == []


def test_within_the_limit_nobody_is_warned(db, cast):
    workload.say_hours(db, cast.student, 15.5, 8.0)
    applied(db, cast.student, position(db, cast.member), *HIRED, by=cast.member)
    assert workload.warnings(db, cast.lead) == []
    assert Notice.WORKLOAD not in kinds(db, cast.student)


def test_a_job_at_an_agency_that_the_own_idea_deals_with_is_told(db, cast):
    idea_id = submitted(db, cast.student)
    matter = Opening("skatteetaten", title="VAT", sent=True)
    touchpoints.open_matter(db, cast.student, idea_id, matter)
    applied(db, cast.student, position(db, cast.member), *HIRED, by=cast.member)
    (tie,) = workload.own_ties(db, cast.student)
    assert (tie.idea_id, tie.agency_id) == (idea_id, "skatteetaten")
    assert kinds(db, cast.lead).count(Notice.JOB_TIE) == 1
    assert Notice.JOB_TIE not in kinds(db, cast.member)
    assert workload.own_ties(db, cast.stranger) == []


def test_only_leads_see_whom_to_be_warned_of(db, cast):
    for who in (cast.student, cast.mentor, cast.member):
        with pytest.raises(NotAllowed):
            workload.warnings(db, who)


def test_hours_that_no_week_has_are_refused(db, cast):
    for most, idea in ((169.0, 0.0), (10.0, -1.0)):
        with pytest.raises(Invalid):
            workload.say_hours(db, cast.student, most, idea)
