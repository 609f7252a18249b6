"""Every action as every role, against a table written out by hand.

The expectations are words, one column a person, so that a change of a right has to be made here
as well as in the code.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sandkasse import (
    access,
    affiliation,
    application,
    barriers,
    board,
    checklist,
    clock,
    comments,
    contacts,
    deadlines,
    drafts,
    exchange,
    gates,
    idea_bank,
    ideas,
    meetings,
    membership,
    mentoring,
    number_receipts,
    pipeline,
    registry,
    sessions,
    touchpoints,
)
from sandkasse.access import Action
from sandkasse.database import Database
from sandkasse.errors import Conflict, Invalid, NotAllowed, NotFound, SandkasseError
from sandkasse.figures import funnel
from sandkasse.gates import Outcome
from sandkasse.ledger import Party
from sandkasse.matter import Kind
from sandkasse.meetings import agenda, receipts, resolutions
from sandkasse.people import Actor, Role
from sandkasse.privacy import correction, erasure, my_data, retention, trail
from sandkasse.recruitment import applications, assessments, positions
from sandkasse.recruitment.applications import Applying
from sandkasse.touchpoints import Opening
from tests.builders import (
    CARD,
    DESCRIPTION,
    JOURNEY,
    Cast,
    applied,
    contents,
    position,
    seq,
    submitted,
)

# yes: done; no: refused as not allowed; unseen: as if the idea were not there
WHO = ("student", "stranger", "mentor", "member", "lead", "nobody")
EXPECTED = {
    Action.SEE_IDEA_BANK:      ("yes", "yes",    "yes", "yes",    "yes", "no"),
    Action.SEE_IDEA:           ("yes", "unseen", "yes", "unseen", "yes", "unseen"),
    Action.SEE_BOARD:          ("no",  "no",     "yes", "no",     "yes", "no"),
    Action.SEE_FUNNEL:         ("no",  "no",     "yes", "yes",    "yes", "no"),
    Action.SEE_FUNNEL_RECORDS: ("no",  "no",     "yes", "yes",    "yes", "no"),
    Action.SEE_QUEUE:          ("no",  "no",     "yes", "no",     "yes", "no"),
    Action.SEE_MENTOR_LOAD:    ("no",  "no",     "yes", "no",     "yes", "no"),
    Action.SEE_PEOPLE:         ("no",  "no",     "no",  "no",     "yes", "no"),
    Action.SEE_TOUCHPOINT:     ("yes", "unseen", "yes", "yes",    "yes", "unseen"),
    Action.SEE_WAITING:        ("no",  "no",     "yes", "yes",    "yes", "no"),
    Action.SEE_WAITING_RECORDS:("no",  "no",     "yes", "yes",    "yes", "no"),
    Action.SEE_BARRIERS:       ("yes", "yes",    "yes", "yes",    "yes", "no"),
    Action.OPEN_TOUCHPOINT:    ("yes", "unseen", "yes", "no",     "yes", "no"),
    Action.RECORD_EVENT:       ("yes", "unseen", "yes", "yes",    "yes", "no"),
    Action.DESCRIBE_TOUCHPOINT:("yes", "unseen", "yes", "no",     "yes", "no"),
    Action.USE_CHECKLIST:      ("yes", "unseen", "yes", "no",     "yes", "no"),
    Action.SAY_DAYS:           ("yes", "unseen", "yes", "no",     "yes", "no"),
    Action.JOIN_COMPANY:       ("yes", "unseen", "yes", "no",     "yes", "no"),
    Action.KEEP_REGISTER:      ("no",  "no",     "no",  "no",     "yes", "no"),
    Action.CORRECT_EVENT:      ("no",  "no",     "yes", "no",     "yes", "no"),
    Action.KEEP_BARRIER:       ("no",  "no",     "yes", "yes",    "yes", "no"),
    Action.SEE_AGENCIES:       ("yes", "yes",    "yes", "yes",    "yes", "no"),
    Action.SEE_POSITIONS:      ("yes", "yes",    "yes", "yes",    "yes", "no"),
    Action.SEE_APPLICATION:    ("yes", "unseen", "unseen", "yes", "yes", "unseen"),
    Action.SEE_SEATS:          ("no",  "no",     "no",  "yes",    "yes", "no"),
    Action.APPLY:              ("yes", "yes",    "no",  "no",     "no",  "no"),
    Action.ANSWER_OFFER:       ("yes", "unseen", "no",  "yes",    "yes", "no"),
    Action.KEEP_POSITION:      ("no",  "no",     "no",  "yes",    "yes", "no"),
    Action.HANDLE_APPLICATION: ("no",  "no",     "no",  "yes",    "yes", "no"),
    Action.JOIN_APPLICANT:     ("no",  "no",     "no",  "no",     "yes", "no"),
    Action.ASSESS_APPLICANT:   ("no",  "no",     "no",  "yes",    "yes", "no"),
    Action.CORRECT_APPLICATION:("no",  "no",     "no",  "yes",    "yes", "no"),
    Action.SUBMIT_IDEA:        ("yes", "yes",    "yes", "no",     "yes", "no"),
    Action.SAVE_DRAFT:         ("yes", "yes",    "yes", "no",     "yes", "no"),
    Action.EDIT_IDEA:          ("yes", "unseen", "no",  "unseen", "yes", "unseen"),
    Action.WITHDRAW_IDEA:      ("yes", "unseen", "no",  "no",     "yes", "no"),
    Action.ASK_TO_PUBLISH:     ("yes", "unseen", "no",  "no",     "no",  "no"),
    Action.HAND_OVER:          ("yes", "unseen", "yes", "no",     "yes", "no"),
    Action.COMMENT:            ("yes", "unseen", "yes", "no",     "yes", "no"),
    Action.MOVE_IDEA:          ("no",  "no",     "yes", "no",     "yes", "no"),
    Action.UNDO:               ("no",  "no",     "yes", "no",     "yes", "no"),
    Action.MARK_GATE:          ("yes", "unseen", "yes", "no",     "yes", "no"),
    Action.DECIDE_PUBLICATION: ("no",  "no",     "yes", "no",     "yes", "no"),
    Action.MERGE_IDEAS:        ("no",  "no",     "yes", "no",     "yes", "no"),
    Action.MENTOR_IDEA:        ("no",  "no",     "yes", "no",     "yes", "no"),
    Action.SEE_MEETINGS:       ("no",  "no",     "yes", "yes",    "yes", "no"),
    Action.ISSUE_RECEIPT:      ("no",  "no",     "yes", "yes",    "yes", "no"),
    Action.HOLD_MEETING:       ("no",  "no",     "yes", "yes",    "yes", "no"),
    Action.PUBLISH_DECISION:   ("no",  "no",     "yes", "no",     "yes", "no"),
    Action.EDIT_DIRECTORY:     ("no",  "no",     "no",  "yes",    "yes", "no"),
    Action.PLAN_MEETING:       ("no",  "no",     "no",  "no",     "yes", "no"),
    Action.CHANGE_ROLES:       ("no",  "no",     "no",  "no",     "yes", "no"),
    Action.BLOCK_PERSON:       ("no",  "no",     "no",  "no",     "yes", "no"),
    Action.EXTEND_ACCESS:      ("no",  "no",     "no",  "no",     "yes", "no"),
    Action.END_SESSIONS:       ("no",  "no",     "no",  "no",     "yes", "no"),
    Action.IMPORT_LOG:         ("no",  "no",     "no",  "no",     "yes", "no"),
    Action.EXPORT_ALL:         ("no",  "no",     "no",  "no",     "yes", "no"),
    Action.KEEP_JOURNEYS:      ("no",  "no",     "no",  "no",     "yes", "no"),
    Action.SEE_AUDIT:          ("no",  "no",     "no",  "no",     "yes", "no"),
    Action.ERASE:              ("no",  "no",     "no",  "no",     "yes", "no"),
    Action.APPLY_RETENTION:    ("no",  "no",     "no",  "no",     "yes", "no"),
    Action.CORRECT_OWN:        ("yes", "yes",    "yes", "yes",    "yes", "yes"),
    Action.SEE_OWN_DATA:       ("yes", "yes",    "yes", "yes",    "yes", "yes"),
    Action.ASK_ERASURE:        ("yes", "yes",    "yes", "yes",    "yes", "yes"),
    Action.SIGN_IN:            ("yes", "yes",    "yes", "yes",    "yes", "no"),
    Action.CHANGE_OWN_SETTINGS:("yes", "yes",    "yes", "yes",    "yes", "no"),
    Action.DO_ACTION:          ("yes", "unseen", "no",  "no",     "yes", "no"),
}  # fmt: skip


def _attempts(
    db: Database, cast: Cast, idea_id: int, folder: str
) -> dict[Action, Callable[[Actor], object]]:
    """For each action a way to try it, on an idea of the student's."""
    choice = funnel.Choice(JOURNEY)
    last = seq(db, idea_id)
    matter = touchpoints.open_matter(db, cast.student, idea_id, Opening("skatteetaten", title="A"))
    barrier = barriers.name(db, cast.student, matter, "No answer")
    meeting = meetings.plan(
        db, cast.lead, "Meeting", clock.now() + timedelta(days=1), "", journey_id=JOURNEY
    )
    meetings.begin(db, cast.lead, meeting)
    decision = resolutions.record(
        db, cast.lead, meeting, receipts.Kind.DECISION, "Go on", idea_id=idea_id
    )
    task = resolutions.record(
        db,
        cast.lead,
        meeting,
        receipts.Kind.ACTION,
        "Ring the port",
        owner_id=cast.student.person_id,
        due=clock.today(),
    )
    position_id = position(db, cast.lead)
    application_id = applied(db, cast.student, position_id, application.Kind.OFFER, by=cast.member)
    return {
        Action.SEE_POSITIONS: lambda who: positions.find(db, who, positions.Filter()),
        Action.SEE_APPLICATION: lambda who: applications.get(db, who, application_id),
        Action.SEE_SEATS: lambda who: access.require(who, Action.SEE_SEATS),
        Action.APPLY: lambda who: applications.apply(db, who, position_id, Applying("Me")),
        Action.ANSWER_OFFER: lambda who: applications.record(
            db, who, application_id, application.Kind.ACCEPTED, expected_seq=2
        ),
        Action.KEEP_POSITION: lambda who: positions.close(db, who, position_id, expected_seq=2),
        Action.HANDLE_APPLICATION: lambda who: applications.record(
            db, who, application_id, application.Kind.NOTE, expected_seq=2, note="Rang"
        ),
        Action.JOIN_APPLICANT: lambda who: applications.join(
            db, who, application_id, cast.stranger.person_id
        ),
        Action.ASSESS_APPLICANT: lambda who: assessments.assess(
            db, who, application_id, {"skills": assessments.Mark(4)}
        ),
        Action.CORRECT_APPLICATION: lambda who: applications.correct(
            db, who, application_id, seq=2, expected_seq=2
        ),
        Action.SEE_TOUCHPOINT: lambda who: touchpoints.get(db, who, matter),
        Action.SEE_WAITING: lambda who: access.require(who, Action.SEE_WAITING),
        Action.SEE_WAITING_RECORDS: lambda who: access.require(who, Action.SEE_WAITING_RECORDS),
        Action.SEE_BARRIERS: lambda who: barriers.listed(db, who),
        Action.OPEN_TOUCHPOINT: lambda who: touchpoints.open_matter(
            db, who, idea_id, Opening("udi", title="B")
        ),
        Action.RECORD_EVENT: lambda who: touchpoints.record(
            db, who, matter, Kind.NOTE, expected_seq=1, note="Hello"
        ),
        Action.DESCRIBE_TOUCHPOINT: lambda who: touchpoints.describe(
            db, who, matter, contact_id=None, follow_up=None, barrier_id=None
        ),
        Action.USE_CHECKLIST: lambda who: checklist.declare(db, who, idea_id, frozenset()),
        Action.SAY_DAYS: lambda who: deadlines.say(db, who, idea_id, "founding-signed", None),
        Action.JOIN_COMPANY: lambda who: registry.part(db, who, idea_id),
        Action.KEEP_REGISTER: lambda who: access.require(who, Action.KEEP_REGISTER),
        Action.CORRECT_EVENT: lambda who: touchpoints.correct(
            db, who, matter, seq=99, expected_seq=1
        ),
        Action.KEEP_BARRIER: lambda who: barriers.keep(
            db,
            who,
            barrier,
            title="No answer",
            description="",
            answer="",
            source="",
            review_on=None,
        ),
        Action.SEE_IDEA_BANK: lambda who: idea_bank.find(db, who, idea_bank.Filter()),
        Action.SEE_IDEA: lambda who: ideas.get(db, who, idea_id),
        Action.SEE_BOARD: lambda who: board.columns(db, who, board.Filter(JOURNEY)),
        Action.SEE_FUNNEL: lambda who: funnel.cohort(db, who, choice),
        Action.SEE_FUNNEL_RECORDS: lambda who: access.require(who, Action.SEE_FUNNEL_RECORDS),
        Action.SEE_QUEUE: lambda who: access.require(who, Action.SEE_QUEUE),
        Action.SEE_MENTOR_LOAD: lambda who: mentoring.loads(db, who),
        Action.SEE_PEOPLE: lambda who: membership.everybody(db, who),
        Action.SEE_AGENCIES: lambda who: contacts.find(db, who, contacts.Filter()),
        Action.SUBMIT_IDEA: lambda who: ideas.submit(db, who, JOURNEY, DESCRIPTION),
        Action.SAVE_DRAFT: lambda who: drafts.save(db, who, JOURNEY, DESCRIPTION),
        Action.EDIT_IDEA: lambda who: ideas.edit(db, who, idea_id, DESCRIPTION, 0),
        Action.WITHDRAW_IDEA: lambda who: pipeline.withdraw_idea(
            db, who, idea_id, expected_seq=last, reason="team"
        ),
        Action.ASK_TO_PUBLISH: lambda who: ideas.ask_to_publish(db, who, idea_id, "Ice."),
        Action.HAND_OVER: lambda who: pipeline.hand_over(
            db, who, idea_id, to=Party.STUDENT, expected_seq=last
        ),
        Action.COMMENT: lambda who: comments.say(db, who, idea_id, "Hello"),
        Action.MOVE_IDEA: lambda who: pipeline.hold_idea(
            db, who, idea_id, expected_seq=last, reason="studies"
        ),
        Action.UNDO: lambda who: pipeline.undo(db, who, idea_id, seq=99, expected_seq=last),
        Action.MARK_GATE: lambda who: gates.mark_gate(db, who, idea_id, "none", Outcome.MET),
        Action.DECIDE_PUBLICATION: lambda who: ideas.decide_publication(
            db, who, idea_id, approved=True
        ),
        Action.MERGE_IDEAS: lambda who: pipeline.merge_ideas(
            db, who, idea_id, into=idea_id, expected_seq=last
        ),
        Action.MENTOR_IDEA: lambda who: mentoring.share(
            db, who, idea_id, cast.other_mentor.person_id
        ),
        Action.SEE_MEETINGS: lambda who: meetings.upcoming(db, who),
        Action.EDIT_DIRECTORY: lambda who: contacts.add(db, who, "skatteetaten", CARD),
        Action.PLAN_MEETING: lambda who: meetings.plan(db, who, "", clock.now(), ""),
        Action.ISSUE_RECEIPT: lambda who: number_receipts.issue(db, who, "cohort", choice),
        Action.HOLD_MEETING: lambda who: agenda.add_own(db, who, meeting, "Rooms"),
        Action.PUBLISH_DECISION: lambda who: resolutions.publish(db, who, decision),
        Action.DO_ACTION: lambda who: resolutions.mark_done(db, who, task),
        Action.CHANGE_ROLES: lambda who: membership.change_roles(
            db, who, cast.stranger.person_id, [Role.STUDENT]
        ),
        Action.BLOCK_PERSON: lambda who: membership.block(
            db, who, cast.stranger.person_id, blocked=False
        ),
        Action.EXTEND_ACCESS: lambda who: affiliation.extend(
            db, who, cast.stranger.person_id, None
        ),
        Action.END_SESSIONS: lambda who: sessions.end_all(db, who, cast.stranger.person_id),
        Action.IMPORT_LOG: lambda who: exchange.import_log(db, who, b"idea", JOURNEY),
        Action.EXPORT_ALL: lambda who: exchange.export_zip(db, who, "csv"),
        Action.KEEP_JOURNEYS: lambda who: access.require(who, Action.KEEP_JOURNEYS),
        Action.SEE_AUDIT: lambda who: trail.listed(db, who, trail.Filter()),
        Action.ERASE: lambda who: erasure.erase(db, who, "idea", idea_id, keep_record=True),
        Action.APPLY_RETENTION: lambda who: retention.apply(db, who),
        Action.CORRECT_OWN: lambda who: correction.correct_level(db, who, "MSc"),
        Action.SEE_OWN_DATA: lambda who: my_data.packed(db, who),
        Action.ASK_ERASURE: lambda who: erasure.ask(db, who),
        Action.SIGN_IN: lambda who: access.require(who, Action.SIGN_IN),
        Action.CHANGE_OWN_SETTINGS: lambda who: membership.remember_language(db, who, "en"),
    }


def _answer(attempt: Callable[[Actor], object], who: Actor) -> str:
    """Whether an attempt was let through; a fault found later than the right is a yes."""
    try:
        attempt(who)
    except NotAllowed:
        return "no"
    except NotFound:
        return "unseen"
    except (Invalid, Conflict):
        return "yes"
    return "yes"


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("who", WHO)
def test_every_action_as_every_role(db, cast, tmp_path, action, who):
    idea_id = submitted(db, cast.student)
    attempt = _attempts(db, cast, idea_id, str(tmp_path))[action]
    assert _answer(attempt, getattr(cast, who)) == EXPECTED[action][WHO.index(who)]


def test_what_is_refused_leaves_the_database_as_it_was(db, cast, tmp_path):
    idea_id = submitted(db, cast.student)
    attempts = _attempts(db, cast, idea_id, str(tmp_path))
    before = contents(db)
    for action, attempt in attempts.items():
        for who in ("stranger", "member", "nobody"):
            if EXPECTED[action][WHO.index(who)] != "yes":
                with pytest.raises(SandkasseError):
                    attempt(getattr(cast, who))
    assert contents(db) == before


def test_a_team_mate_named_by_address_sees_the_idea(db, cast):
    idea_id = submitted(db, cast.student, team="tor.teammate@uit.example\nSomebody Else")
    assert ideas.get(db, cast.teammate, idea_id).description.title == DESCRIPTION.title


def test_every_write_leaves_an_audit_record(db, cast):
    idea_id = submitted(db, cast.student)
    pipeline.hold_idea(db, cast.mentor, idea_id, expected_seq=1, reason="studies")
    assert db.rows(
        "SELECT actor_id, action, subject FROM audit WHERE subject LIKE 'idea:%' ORDER BY audit_id"
    ) == [
        (cast.student.person_id, "idea.submit", f"idea:{idea_id}"),
        (cast.mentor.person_id, "idea.move", f"idea:{idea_id}"),
    ]


def test_the_table_names_every_action():
    assert set(access.RIGHTS) == set(Action) == set(EXPECTED)
