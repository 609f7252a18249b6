"""``sandkasse check``: a sound database passes, and each rule notices what breaks it."""

from datetime import timedelta

import pytest

from sandkasse import (
    clock,
    demo,
    integrity,
    journeys,
    meetings,
    mentoring,
    pipeline,
    standing,
    touchpoints,
)
from sandkasse.database import Database
from sandkasse.gates import Outcome
from sandkasse.ledger import Kind, Party
from sandkasse.matter import Kind as Event
from sandkasse.matter import Outcome as Decision
from sandkasse.meetings import agenda, attendance, resolutions
from sandkasse.meetings.receipts import Kind as Resolved
from sandkasse.touchpoints import Opening
from tests.builders import JOURNEY, Cast, begun, seq, submitted


@pytest.fixture
def idea(db: Database, cast: Cast) -> int:
    """An idea with a history of every kind, back-dating and corrections included."""
    other = submitted(db, cast.student)
    idea_id = submitted(db, cast.student)
    mentor = cast.mentor

    def at() -> int:
        return seq(db, idea_id)

    exit_id = "closed"
    pipeline.hand_over(db, mentor, idea_id, to=Party.STUDENT, expected_seq=at())
    pipeline.hold_idea(db, mentor, idea_id, expected_seq=at(), reason="studies")
    pipeline.resume_idea(db, mentor, idea_id, expected_seq=at())
    pipeline.exit_idea(db, mentor, idea_id, exit_id=exit_id, expected_seq=at(), reason="learned")
    pipeline.reopen_idea(db, mentor, idea_id, to="need-test", expected_seq=at(), reason="team")
    pipeline.undo(db, mentor, idea_id, seq=at(), expected_seq=at())
    pipeline.reopen_idea(db, mentor, idea_id, to="clarification", expected_seq=at(), reason="team")
    pipeline.merge_ideas(db, mentor, idea_id, into=other, expected_seq=at())
    pipeline.undo(db, mentor, idea_id, seq=at(), expected_seq=at())
    return idea_id


def broken_by(db: Database, *statements: str) -> set[str]:
    """The rules that are broken after another hand ran ``statements``."""
    with db.transaction() as tx:
        for statement in statements:
            tx.execute(statement)
    return {finding.rule for finding in integrity.check(db)}


def test_an_empty_database_has_nothing_wrong(db: Database) -> None:
    assert integrity.check(db) == []
    assert integrity.size(db) == (0, 0)


def test_what_the_app_writes_has_nothing_wrong(db: Database, idea: int) -> None:
    assert [finding.line for finding in integrity.check(db)] == []
    assert integrity.size(db) == (2, seq(db, idea) + 1)


def test_a_back_dated_row_says_where_the_idea_was_then(db: Database, cast: Cast, idea: int) -> None:
    now = clock.now()
    with db.transaction() as tx:
        tx.execute(
            "UPDATE ledger SET occurred_at = occurred_at - INTERVAL 10 DAY WHERE idea_id = ? "
            "AND kind = 'enter'", [idea],
        )  # fmt: skip
        standing.refresh_standing(tx, [idea])
    pipeline.move_idea(
        db, cast.mentor, idea, to="idea-bank", expected_seq=seq(db, idea), reason="not_ready"
    )
    pipeline.move_idea(
        db, cast.lead, idea, to="need-test", expected_seq=seq(db, idea), note="known later",
        occurred_at=now - timedelta(days=5),
        gates={gate.id: Outcome.WAIVED for gate in journeys.get(db, JOURNEY).first.gates},
    )  # fmt: skip
    last = pipeline.history(db, idea)[-1]
    assert last.kind is Kind.MOVE
    assert last.from_stage == "idea-bank"
    assert [finding.line for finding in integrity.check(db)] == []


def test_synthetic_data_has_nothing_wrong(db: Database) -> None:
    demo.fill(db, ideas=300, seed=5)
    assert [finding.line for finding in integrity.check(db)] == []


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("DELETE FROM ledger WHERE seq = 3", "sequence"),
        ("UPDATE ledger SET from_stage = 'growth' WHERE kind = 'hold'", "from_stage"),
        ("UPDATE ledger SET from_stage = 'growth' WHERE kind = 'enter'", "from_stage"),
        ("UPDATE ledger SET kind = 'move' WHERE kind = 'enter'", "history"),
        ("UPDATE ledger SET voids_seq = 99 WHERE kind = 'void'", "void"),
        ("UPDATE ledger SET voids_seq = seq WHERE kind = 'void'", "void"),
        ("UPDATE ledger SET voids_seq = 2 WHERE kind = 'void'", "void"),
        ("UPDATE ledger SET voids_seq = NULL WHERE kind = 'void'", "shape"),
        ("UPDATE ledger SET stage_id = NULL WHERE kind = 'reopen'", "shape"),
        ("UPDATE ledger SET exit_id = NULL WHERE kind = 'exit'", "shape"),
        ("UPDATE ledger SET stage_id = 'nowhere' WHERE kind = 'reopen'", "reference"),
        ("UPDATE ledger SET exit_id = 'nowhere' WHERE kind = 'exit'", "reference"),
        ("UPDATE ledger SET merged_into = 999 WHERE kind = 'exit'", "reference"),
        ("UPDATE ledger SET actor_id = 999 WHERE kind = 'hold'", "reference"),
        ("UPDATE idea SET journey_id = 'nowhere'", "reference"),
        ("UPDATE idea SET submitted_by = 999", "reference"),
        ("UPDATE idea SET agencies = 'nav nowhere'", "reference"),
        ("DELETE FROM idea", "reference"),
        ("UPDATE person SET agency_id = 'nowhere'", "reference"),
        (
            """INSERT INTO sign_in VALUES
            (999, 1, 's', 'feide', now()::TIMESTAMP, now()::TIMESTAMP, NULL, NULL)""",
            "reference",
        ),
        ("INSERT INTO access_extension VALUES (999, 1, NULL, 1, now()::TIMESTAMP)", "reference"),
        ("INSERT INTO team_member VALUES (999, 'Ada', NULL, now()::TIMESTAMP, NULL)", "reference"),
        ("INSERT INTO comment VALUES (1, 1, 999, 'hi', now()::TIMESTAMP)", "reference"),
        ("INSERT INTO mentoring VALUES (1, 2, 1, TRUE, NULL, now()::TIMESTAMP)", "sequence"),
        (
            """INSERT INTO gate_mark
            VALUES (1, 1, 'idea-bank', 'g', 'met', NULL, 999, now()::TIMESTAMP)""",
            "reference",
        ),
        (
            "UPDATE ledger SET occurred_at = recorded_at + INTERVAL 1 DAY WHERE kind = 'void'",
            "time",
        ),
        ("UPDATE ledger SET occurred_at = '1899-12-31' WHERE kind = 'enter'", "time"),
        (
            (
                "INSERT INTO agency (agency_id, position, name_nb, name_en) "
                "VALUES ('nav', 99, 'NAV', 'NAV')"
            ),
            "key",
        ),
        ("INSERT INTO idea SELECT * FROM idea", "key"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_found(db: Database, idea: int, statement: str, rule: str) -> None:
    assert rule in broken_by(db, statement)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("last_seq", "99"),
        ("stage_id", "'growth'"),
        ("furthest", "6"),
        ("first_at", "first_at - INTERVAL 1 MICROSECOND"),
        ("stage_at", "stage_at - INTERVAL 1 MICROSECOND"),
        ("earlier_days", "earlier_days + 0.001"),
        ("visits", "9"),
        ("exit_id", "'closed'"),
        ("exit_kind", "'closed'"),
        ("exit_at", "now()::TIMESTAMP"),
        ("held_at", "now()::TIMESTAMP"),
        ("ball", "'mentor'"),
        ("ball_at", "ball_at - INTERVAL 1 MICROSECOND"),
        ("merged_into", "1"),
    ],
)
def test_a_standing_that_is_not_the_ledgers_is_found(
    db: Database, idea: int, column: str, value: str
) -> None:
    with db.transaction() as tx:
        tx.execute(f"UPDATE idea SET {column} = {value} WHERE idea_id = ?", [idea])
    found = [one for one in integrity.check(db) if one.rule == "standing"]
    assert [(one.idea_id, one.seq) for one in found] == [(idea, None)]
    assert f"Its {column} is kept as" in found[0].sentence


def test_an_exit_followed_by_a_move_without_a_reopening_is_found(db: Database, idea: int) -> None:
    with db.transaction() as tx:
        tx.execute(
            "UPDATE ledger SET kind = 'move' WHERE kind = 'reopen' AND stage_id = 'clarification'"
        )
    (found,) = [one for one in integrity.check(db) if one.rule == "history"]
    assert found.idea_id == idea
    assert found.line == f"Idea {idea}, row {found.seq}: {found.sentence}"
    assert "has left the journey" in found.sentence


def test_an_idea_without_a_history_is_found(db: Database, cast: Cast) -> None:
    idea_id = submitted(db, cast.student)
    with db.transaction() as tx:
        tx.execute("DELETE FROM ledger WHERE idea_id = ?", [idea_id])
    (found,) = integrity.check(db)
    assert (found.rule, found.idea_id, found.seq) == ("history", idea_id, None)


def test_mentors_are_among_what_is_checked(db: Database, cast: Cast, idea: int) -> None:
    mentoring.take(db, cast.mentor, idea)
    assert integrity.check(db) == []
    with db.transaction() as tx:
        tx.execute("UPDATE mentoring SET mentor_id = 999")
    assert {one.rule for one in integrity.check(db)} == {"reference"}


@pytest.fixture
def matter(db: Database, cast: Cast, idea: int) -> int:
    """A matter that was asked about, answered, decided, corrected, and taken up again."""
    student = cast.student
    one = touchpoints.open_matter(db, student, idea, Opening("nav", title="About benefits"))
    told: list[tuple[Event, Decision | None]] = [
        (Event.SENT, None), (Event.RECEIPT, None), (Event.QUESTION, None), (Event.ANSWER, None),
        (Event.DECIDED, Decision.REFUSED),
    ]  # fmt: skip
    for last, (kind, outcome) in enumerate(told, start=1):
        touchpoints.record(
            db, student, one, kind, expected_seq=last, outcome=outcome,
            note="Which date?" if kind is Event.QUESTION else "",
        )  # fmt: skip
    touchpoints.correct(db, cast.lead, one, seq=6, expected_seq=6)
    touchpoints.record(db, student, one, Event.DECIDED, expected_seq=7, outcome=Decision.APPROVED)
    touchpoints.record(db, student, one, Event.REOPENED, expected_seq=8)
    touchpoints.record(db, student, one, Event.SENT, expected_seq=9)
    return one


def test_matters_with_agencies_have_nothing_wrong(db: Database, matter: int) -> None:
    assert db.one("SELECT ball, ball_agencies FROM idea WHERE ball = 'agency'") == ("agency", "nav")
    assert [finding.line for finding in integrity.check(db)] == []


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("DELETE FROM touchpoint_event WHERE seq = 3", "sequence"),
        ("DELETE FROM touchpoint_event", "history"),
        ("UPDATE touchpoint_event SET kind = 'note' WHERE kind = 'sent'", "history"),
        ("UPDATE touchpoint_event SET kind = 'answer' WHERE seq = 2", "history"),
        (
            "UPDATE touchpoint_event SET occurred_at = '2020-01-01' WHERE kind = 'answer'",
            "history",
        ),
        ("UPDATE touchpoint_event SET voids_seq = 99 WHERE kind = 'void'", "void"),
        ("UPDATE touchpoint_event SET voids_seq = seq WHERE kind = 'void'", "void"),
        ("UPDATE touchpoint_event SET voids_seq = 8 WHERE kind = 'void'", "void"),
        ("UPDATE touchpoint_event SET voids_seq = NULL WHERE kind = 'void'", "shape"),
        ("UPDATE touchpoint_event SET outcome = NULL WHERE kind = 'decided'", "shape"),
        ("UPDATE touchpoint_event SET outcome = 'lost' WHERE kind = 'decided'", "shape"),
        ("UPDATE touchpoint_event SET outcome = 'approved' WHERE kind = 'sent'", "shape"),
        ("UPDATE touchpoint SET title = ''", "shape"),
        ("UPDATE touchpoint_event SET occurred_at = recorded_at + INTERVAL 1 DAY", "time"),
        ("UPDATE touchpoint_event SET occurred_at = '1899-12-31' WHERE seq = 1", "time"),
        ("UPDATE touchpoint_event SET actor_id = 999 WHERE seq = 1", "reference"),
        ("UPDATE touchpoint SET idea_id = 999", "reference"),
        ("UPDATE touchpoint SET agency_id = 'nowhere'", "reference"),
        ("UPDATE touchpoint SET contact_id = 999", "reference"),
        ("UPDATE touchpoint SET barrier_id = 999", "reference"),
        ("UPDATE touchpoint SET opened_by = 999", "reference"),
        ("DELETE FROM touchpoint", "reference"),
        ("INSERT INTO touchpoint SELECT * FROM touchpoint", "key"),
        ("DELETE FROM turn", "turn"),
        ("UPDATE turn SET party = 'project' WHERE party = 'agency'", "turn"),
        ("UPDATE turn SET ends_at = ends_at + INTERVAL 1 MICROSECOND", "turn"),
        ("INSERT INTO turn FROM turn", "turn"),
        ("INSERT INTO turn VALUES (999, 'x', 'student', '2026-01-01', '2026-01-02')", "reference"),
        (
            """INSERT INTO proposal_mark (idea_id, seq, rule_id, outcome, recorded_at)
            VALUES (1, 2, 'vat', 'done', now()::TIMESTAMP)""",
            "sequence",
        ),
        (
            """INSERT INTO proposal_mark (idea_id, seq, rule_id, outcome, touchpoint_id,
                                          recorded_at)
            VALUES (1, 1, 'vat', 'taken_up', 999, now()::TIMESTAMP)""",
            "reference",
        ),
        ("INSERT INTO need_mark VALUES (999, 1, 'n', true, NULL, now()::TIMESTAMP)", "reference"),
        (
            "INSERT INTO company VALUES (999, 1, '974760673', NULL, now()::TIMESTAMP)",
            "reference",
        ),
        ("INSERT INTO own_day VALUES (999, 1, 'x', NULL, now()::TIMESTAMP)", "reference"),
        ("INSERT INTO declared_tie VALUES (1, 1, 'x', 'job', now()::TIMESTAMP)", "reference"),
        (
            "INSERT INTO mail_event VALUES (9, 1, 'queued', NULL, NULL, now()::TIMESTAMP)",
            "reference",
        ),
        (
            """INSERT INTO notice (person_id, kind, touchpoint_id, created_at)
            VALUES (1, 'x', 999, now()::TIMESTAMP)""",
            "reference",
        ),
        (
            """INSERT INTO contact (agency_id, name, created_at)
            VALUES ('nowhere', 'Kari', now()::TIMESTAMP)""",
            "reference",
        ),
        (
            """INSERT INTO barrier (agency_id, title, created_at)
            VALUES ('nowhere', 'Wall', now()::TIMESTAMP)""",
            "reference",
        ),
    ],
)
def test_what_breaks_a_rule_about_matters_is_found(
    db: Database, matter: int, statement: str, rule: str
) -> None:
    assert rule in broken_by(db, statement)


def test_a_contact_person_of_another_agency_is_found(db: Database, matter: int) -> None:
    assert broken_by(
        db,
        "INSERT INTO contact (contact_id, agency_id, name, created_at) "
        "VALUES (1, 'udi', 'Kari', now()::TIMESTAMP)",
        "UPDATE touchpoint SET contact_id = 1",
    ) == {"reference"}


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("touchpoint", "last_seq", "99"),
        ("touchpoint", "state", "'student'"),
        ("touchpoint", "state_at", "state_at - INTERVAL 1 MICROSECOND"),
        ("touchpoint", "opened_at", "opened_at - INTERVAL 1 MICROSECOND"),
        ("touchpoint", "sent_at", "NULL"),
        ("touchpoint", "agency_days", "agency_days + 0.001"),
        ("touchpoint", "decided_days", "NULL"),
        ("touchpoint", "questions", "5"),
        ("touchpoint", "outcome", "'approved'"),
        ("idea", "ball", "'student'"),
        ("idea", "ball_at", "ball_at - INTERVAL 1 MICROSECOND"),
        ("idea", "ball_agencies", "'nav udi'"),
        ("idea", "turn_at", "NULL"),
    ],
)
def test_a_standing_that_is_not_the_matters_is_found(
    db: Database, idea: int, matter: int, table: str, column: str, value: str
) -> None:
    with db.transaction() as tx:
        tx.execute(f"UPDATE {table} SET {column} = {value} WHERE idea_id = ?", [idea])
    (found,) = integrity.check(db)
    assert (found.rule, found.idea_id) == ("standing", idea)
    assert f" {column} " in found.sentence


def test_an_event_that_cannot_follow_is_named(db: Database, idea: int, matter: int) -> None:
    with db.transaction() as tx:
        tx.execute("UPDATE touchpoint_event SET kind = 'answer' WHERE seq = 2")
    (found,) = [one for one in integrity.check(db) if one.rule == "history"]
    assert found.idea_id == idea
    assert f"Touchpoint {matter}, event 2: " in found.line


@pytest.fixture
def resolved(db: Database, cast: Cast) -> int:
    """An idea whose way out was decided in a meeting that was held, and carried out."""
    idea_id = submitted(db, cast.student)
    meeting_id = begun(db, cast.lead)
    attendance.invite(db, cast.lead, meeting_id, person_ids=[cast.member.person_id], names=["Kari"])
    for title in ("Rooms", "Desks"):
        agenda.add_own(db, cast.lead, meeting_id, title)
    first = resolutions.record(
        db, cast.lead, meeting_id, Resolved.DECISION, "Wait", idea_id=idea_id
    )
    decision = resolutions.record(
        db, cast.lead, meeting_id, Resolved.DECISION, "Let it end", idea_id=idea_id,
        exit_id="closed", reason_code="learned", supersedes=first,
    )  # fmt: skip
    action = resolutions.record(
        db, cast.lead, meeting_id, Resolved.ACTION, "Ring the port",
        owner_id=cast.member.person_id, due=clock.today(),
    )  # fmt: skip
    meetings.close(db, cast.lead, meeting_id)
    resolutions.publish(db, cast.lead, decision)
    resolutions.carry_out(db, cast.lead, decision)
    resolutions.mark_done(db, cast.member, action)
    return idea_id


def test_a_meeting_that_was_held_has_nothing_wrong(db: Database, resolved: int) -> None:
    assert [finding.line for finding in integrity.check(db)] == []


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE meeting SET journey_id = 'no-such'", "reference"),
        ("UPDATE meeting SET began_at = NULL", "shape"),
        ("UPDATE meeting SET closed_at = began_at - INTERVAL 1 SECOND", "shape"),
        ("UPDATE meeting SET cancelled_at = closed_at", "shape"),
        ("DELETE FROM meeting", "reference"),
        ("DELETE FROM attendance WHERE seq = 1", "sequence"),
        ("UPDATE attendance SET person_id = 999 WHERE person_id IS NOT NULL", "reference"),
        ("UPDATE attendance SET actor_id = 999", "reference"),
        ("UPDATE attendance SET name = 'Kari'", "shape"),
        ("UPDATE attendance SET name = NULL, person_id = NULL", "shape"),
        ("UPDATE agenda_item SET position = 1", "sequence"),
        ("UPDATE agenda_item SET position = position + 1", "sequence"),
        ("UPDATE agenda_item SET idea_id = 999", "reference"),
        ("UPDATE agenda_item SET touchpoint_id = 999", "reference"),
        ("UPDATE agenda_item SET resolution_id = 999", "reference"),
        ("UPDATE agenda_item SET agency_id = 'nowhere'", "reference"),
        ("UPDATE agenda_item SET agency_id = 'nav'", "shape"),
        ("UPDATE agenda_item SET source = 'seat'", "shape"),
        ("UPDATE agenda_item SET created_by = 999", "reference"),
        ("INSERT INTO agenda_item FROM agenda_item", "key"),
        ("UPDATE resolution SET meeting_id = 999", "reference"),
        ("UPDATE resolution SET item_id = 999", "reference"),
        ("UPDATE resolution SET idea_id = 999 WHERE idea_id IS NOT NULL", "reference"),
        ("UPDATE resolution SET owner_id = 999 WHERE owner_id IS NOT NULL", "reference"),
        ("UPDATE resolution SET supersedes = 999 WHERE supersedes IS NOT NULL", "reference"),
        ("UPDATE resolution SET actor_id = 999", "reference"),
        ("UPDATE resolution SET supersedes = 1 WHERE kind = 'action'", "key"),
        ("UPDATE resolution SET supersedes = 2 WHERE kind = 'action'", "reference"),
        ("UPDATE resolution SET supersedes = 3 WHERE supersedes = 1", "shape"),
        ("UPDATE resolution SET body = ''", "shape"),
        ("UPDATE resolution SET owner_id = NULL", "shape"),
        ("UPDATE resolution SET due = NULL", "shape"),
        ("UPDATE resolution SET move_to = 'growth' WHERE exit_id IS NOT NULL", "shape"),
        ("UPDATE resolution SET move_to = 'growth' WHERE kind = 'action'", "shape"),
        ("UPDATE resolution SET reason_code = 'learned'", "shape"),
        ("INSERT INTO resolution FROM resolution", "key"),
        ("DELETE FROM resolution WHERE kind = 'action'", "reference"),
        ("DELETE FROM resolution_event WHERE seq = 1", "sequence"),
        ("UPDATE resolution_event SET actor_id = 999", "reference"),
        ("UPDATE resolution_event SET ledger_seq = NULL", "shape"),
        ("UPDATE resolution_event SET kind = 'done', ledger_seq = NULL", "shape"),
        ("UPDATE resolution_event SET ledger_seq = 1 WHERE kind = 'carried'", "reference"),
        ("UPDATE resolution_event SET ledger_seq = 99 WHERE kind = 'carried'", "reference"),
        (
            """INSERT INTO frozen_figure (meeting_id, choice, as_of, known_at, definition, content,
                                          recorded_at)
            VALUES (999, '{}', now()::TIMESTAMP, now()::TIMESTAMP, 1, '{}', now()::TIMESTAMP)""",
            "reference",
        ),
        (
            """INSERT INTO number_receipt (code, figure, choice, as_of, known_at, definition,
                                           content, actor_id, recorded_at)
            VALUES ('A', 'x', '{}', now()::TIMESTAMP, now()::TIMESTAMP, 1, '{}', 999,
                    now()::TIMESTAMP)""",
            "reference",
        ),
    ],
)
def test_what_breaks_a_rule_about_meetings_is_found(
    db: Database, resolved: int, statement: str, rule: str
) -> None:
    assert rule in broken_by(db, statement)
