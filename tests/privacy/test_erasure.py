"""Erasure: what somebody wrote is nowhere any more, and every figure is what it was."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandkasse import (
    agencies,
    audit,
    clock,
    comments,
    demo,
    drafts,
    freezes,
    idea_bank,
    ideas,
    integrity,
    journeys,
    meetings,
    people,
    start,
    touchpoints,
)
from sandkasse.application import Kind
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from sandkasse.errors import Invalid, InvalidFields, NotAllowed, NotFound
from sandkasse.figures import frozen, seats
from sandkasse.figures.choice import Choice
from sandkasse.figures.seats import SeatsChoice
from sandkasse.figures.survival import survival, survival_to_json
from sandkasse.idea_bank import Filter
from sandkasse.people import OPERATOR
from sandkasse.privacy import erasure, erasure_log
from sandkasse.recruitment import applications
from sandkasse.touchpoints import Opening
from tests import builders
from tests.builders import Cast, contents
from tests.recruitment.test_applications import pdf

#: Is in every text that the student, or somebody about the student, wrote.
MARK = "ZORBLAX"


def texts(db: Database) -> Iterator[tuple[str, str, str]]:
    """Every text in every column of every table, with blobs read as text."""
    columns = db.rows(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE NOT internal AND table_name IN (SELECT table_name FROM duckdb_tables())"
    )
    for table, column, kind in columns:
        if kind == "BLOB":
            for (value,) in db.rows(f'SELECT "{column}" FROM {table} WHERE "{column}" IS NOT NULL'):
                yield table, column, bytes(value).decode("latin-1")
        elif kind == "VARCHAR":
            for (value,) in db.rows(f'SELECT "{column}" FROM {table} WHERE "{column}" IS NOT NULL'):
                yield table, column, value


def marked(db: Database) -> set[str]:
    """The tables and columns that still hold the mark, in any case of letters."""
    return {
        f"{table}.{column}" for table, column, text in texts(db) if MARK.lower() in text.lower()
    }


@pytest.fixture(scope="module")
def lived(
    tmp_path_factory: pytest.TempPathFactory, peopled: tuple[Path, Cast]
) -> tuple[Path, Cast]:
    """A student whose idea, matters, meeting, application and days all hold the mark."""
    file, cast = peopled
    path = tmp_path_factory.mktemp("lived") / "sandkasse.duckdb"
    shutil.copyfile(file, path)
    with closing(Database.open(path)) as db:
        _live(db, cast)
        with db.transaction() as tx:
            for statement in _BY_HAND:
                tx.execute(statement.format(m=MARK, student=cast.student.person_id))
    return path, cast


@pytest.fixture
def marked_db(lived: tuple[Path, Cast], tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "sandkasse.duckdb"
    shutil.copyfile(lived[0], path)
    with closing(Database.open(path)) as db:
        yield db


def _live(db: Database, cast: Cast) -> None:
    student, mentor, lead, member = cast.student, cast.mentor, cast.lead, cast.member
    with db.transaction() as tx:
        tx.execute(
            "UPDATE person SET name = ?, email = ?, subject = ? WHERE person_id = ?",
            [f"Sara {MARK}", f"sara@{MARK}.example", f"https://id|{MARK}", student.person_id],
        )
    described = replace(
        builders.DESCRIPTION, title=f"{MARK} one", problem=f"{MARK} two", solution=f"{MARK} three",
        audience=f"{MARK} four", needs=f"{MARK} five", team=f"Ola {MARK}",
    )  # fmt: skip
    idea_id = ideas.submit(db, student, builders.JOURNEY, described)
    ideas.edit(db, student, idea_id, replace(described, title=f"{MARK} again"), 0)
    ideas.ask_to_publish(db, student, idea_id, f"{MARK} public")
    ideas.decide_publication(db, mentor, idea_id, True)
    comments.say(db, mentor, idea_id, f"{MARK} answered")
    drafts.save(db, student, builders.JOURNEY, described)
    touchpoints.open_matter(db, student, idea_id, Opening("skatteetaten", title=f"{MARK} VAT"))
    position_id = builders.position(db, member)
    applying = applications.Applying(f"{MARK} words", paper=(f"{MARK}.pdf", pdf()))
    application_id = applications.apply(db, student, position_id, applying)
    applications.record(db, member, application_id, Kind.SCREENED, expected_seq=1)
    meeting_id = builders.begun(db, lead)
    item_id = meetings.agenda.add_own(db, lead, meeting_id, f"{MARK} item")
    with db.transaction() as tx:
        tx.execute("UPDATE agenda_item SET idea_id = ? WHERE item_id = ?", [idea_id, item_id])
    meetings.agenda.edit_item(db, lead, item_id, title=f"{MARK} said anew", note=f"{MARK} note")
    freezes.freeze(db, lead, meeting_id, Choice(builders.JOURNEY))


# What takes long to bring about by itself.
_BY_HAND = (
    """INSERT INTO sign_in VALUES
    ({student}, 1, 'session', '{m}', now()::TIMESTAMP, now()::TIMESTAMP, '{m}', TRUE)""",
    "UPDATE ledger SET note = '{m}', actor_name = '{m}'",
    "UPDATE touchpoint_event SET note = '{m}', actor_name = '{m}'",
    "UPDATE application_event SET note = '{m}', actor_name = '{m}'",
    "UPDATE application SET name = '{m}', email = lower('sara@{m}.example')",
    (
        "INSERT INTO sign_in VALUES ({student}, 1, 'digest', '{m}', now()::TIMESTAMP, "
        "now()::TIMESTAMP, '{m}', true)"
    ),
    "INSERT INTO gate_mark VALUES (1, 1, 'idea-bank', 'g', 'waived', '{m}', 1, now()::TIMESTAMP)",
    "INSERT INTO proposal_mark VALUES (1, 1, 'r', 'set_aside', '{m}', NULL, 1, now()::TIMESTAMP)",
    "INSERT INTO idea_day VALUES (1, 1, 'own', '{m}', DATE '2026-12-01', 5, 1, now()::TIMESTAMP)",
    "INSERT INTO own_day VALUES ({student}, 1, '{m}', DATE '2026-12-01', now()::TIMESTAMP)",
    (
        "INSERT INTO comment (idea_id, author_id, body, recorded_at) "
        "VALUES (1, {student}, '{m}', now()::TIMESTAMP)"
    ),
    "INSERT INTO assessment VALUES (1, 1, 'skills', 3, '{m}', 5, now()::TIMESTAMP)",
    (
        "INSERT INTO resolution (meeting_id, kind, idea_id, body, reason, next_step, recorded_at) "
        "VALUES (1, 'information', 1, '{m}', '{m}', '{m}', now()::TIMESTAMP)"
    ),
    "INSERT INTO resolution_event VALUES (1, 1, 'published', NULL, '{m}', 1, now()::TIMESTAMP)",
    "INSERT INTO attendance VALUES (1, 50, NULL, 'Sara {m}', 'present', 1, now()::TIMESTAMP)",
    (
        "INSERT INTO notice (notice_id, person_id, kind, created_at) "
        "VALUES (900, {student}, 'ball', now()::TIMESTAMP)"
    ),
    (
        "INSERT INTO mail_event VALUES (900, 1, 'failed', NULL, 'sara@{m}.example: refused', "
        "now()::TIMESTAMP)"
    ),
)
#: The columns of the record, which may have to be kept.
RECORD = {
    "ledger.note", "ledger.actor_name", "gate_mark.note", "touchpoint.title",
    "touchpoint_event.note", "touchpoint_event.actor_name", "resolution.body", "resolution.reason",
    "resolution.next_step", "resolution_event.note", "application.words", "application.name",
    "application_event.note", "application_event.actor_name", "assessment.note",
    "application_paper.name", "application.email",
}  # fmt: skip
WORKING = {
    "person.name", "person.email", "person.subject", "idea.title", "idea.problem", "idea.solution",
    "idea.audience", "idea.needs", "idea.public_text", "idea.search_text", "idea_edit.before",
    "idea_edit.after", "team_member.name", "comment.body", "draft.content", "agenda_item.title",
    "agenda_item.note", "proposal_mark.note", "idea_day.label", "own_day.label",
    "attendance.name", "mail_event.detail", "audit.detail", "sign_in.provider",
    "sign_in.affiliations",
}  # fmt: skip


def test_the_mark_is_wherever_a_text_about_somebody_can_be(marked_db):
    assert marked(marked_db) == RECORD | WORKING


def test_erasing_a_person_leaves_no_text_of_theirs_in_any_column(marked_db, lived):
    _path, cast = lived
    erasure.erase(marked_db, cast.lead, "person", cast.student.person_id, keep_record=False,
                  reason="No case was made of it.")  # fmt: skip
    assert marked(marked_db) == set()
    assert audit_flaws(marked_db) == []
    ended = marked_db.rows("SELECT session FROM sign_out ORDER BY session")
    assert ended == [("digest",), ("session",)]
    assert people.find(marked_db, cast.student.person_id).name == f"P-{cast.student.person_id}"


def test_what_the_archives_act_may_require_is_kept_and_blocked(marked_db, lived):
    _path, cast = lived
    erasure.erase(marked_db, cast.lead, "person", cast.student.person_id, keep_record=True)
    # The address is the person's, wherever it stands; it belongs to no case.
    assert marked(marked_db) == RECORD - {"application.email"}
    assert {kind for kind, _number, _since in erasure.blocked(marked_db, cast.lead)} == {
        "idea", "application",
    }  # fmt: skip
    for who in (cast.mentor, cast.member, cast.stranger):
        with pytest.raises(NotFound):
            ideas.get(marked_db, who, 1)
        with pytest.raises(NotFound):
            touchpoints.get(marked_db, who, 1)
        assert idea_bank.find(marked_db, who, Filter()).total == 0
    with pytest.raises(NotFound):
        applications.get(marked_db, cast.member, 1)
    assert ideas.get(marked_db, cast.lead, 1).description.title == "SK-1"
    assert MARK in applications.get(marked_db, cast.lead, 1).words
    # A lead then decides that it can go.
    erasure.erase(marked_db, cast.lead, "idea", 1, keep_record=False, reason="No case.")
    erasure.erase(marked_db, cast.lead, "application", 1, keep_record=False, reason="No case.")
    assert marked(marked_db) == set()
    assert erasure.blocked(marked_db, cast.lead) == []


def test_erasing_an_ideas_texts_leaves_the_person(marked_db, lived):
    _path, cast = lived
    erasure.erase(marked_db, cast.lead, "idea", 1, keep_record=False, reason="Asked for.")
    assert marked(marked_db) == {
        "person.name", "person.email", "person.subject", "draft.content", "own_day.label",
        "attendance.name", "mail_event.detail", "application.words", "application.name",
        "application_event.note", "application_event.actor_name", "assessment.note",
        "application_paper.name", "application.email", "sign_in.provider", "sign_in.affiliations",
    }  # fmt: skip


def test_the_files_bytes_hold_nothing_of_it_after_the_next_opening(marked_db, lived):
    _path, cast = lived
    erasure.erase(marked_db, cast.lead, "person", cast.student.person_id, keep_record=False,
                  reason="No case.")  # fmt: skip
    marked_db.close()
    with closing(Database.open(marked_db.path)) as again:
        assert again.value("SELECT count(*) FROM fact WHERE name = 'rewrite'") == 0
        assert audit_flaws(again) == []
        comments.say(again, cast.lead, 1, "Life goes on")
        assert audit_flaws(again) == []
    for path in marked_db.path.parent.iterdir():
        content = path.read_bytes().lower()
        assert MARK.lower().encode() not in content, path.name


def test_where_the_file_cannot_be_written_anew_it_is_used_as_it_is_and_tried_again(
    marked_db, lived, caplog
):
    _path, cast = lived
    erasure.erase(marked_db, cast.lead, "idea", 1, keep_record=False, reason="No case.")
    marked_db.close()
    in_the_way = marked_db.path.with_name(f".{marked_db.path.name}.new")
    in_the_way.mkdir()
    with closing(Database.open(marked_db.path)) as again:
        assert again.value("SELECT count(*) FROM fact WHERE name = 'rewrite'") == 1
        assert ideas.get(again, cast.lead, 1).description.title == "SK-1"
    assert "could not be written anew" in caplog.text
    in_the_way.rmdir()
    with closing(Database.open(marked_db.path)) as again:
        assert again.value("SELECT count(*) FROM fact WHERE name = 'rewrite'") == 0
        assert [one.line for one in integrity.check(again) if one.rule == "audit"] == []


def audit_flaws(db: Database) -> list[str]:
    with db.reading() as reader:
        return [flaw.sentence for flaw in audit.flaws(reader)]


def test_an_idea_that_others_are_part_of_stays(marked_db, lived):
    _path, cast = lived
    with marked_db.transaction() as tx:
        tx.execute(
            "INSERT INTO team_member (idea_id, name, person_id, added_at) "
            "VALUES (1, 'Tor', ?, now()::TIMESTAMP)",
            [cast.teammate.person_id],
        )
    shown = erasure.preview(marked_db, cast.lead, "person", cast.student.person_id)
    assert (shown.ideas, shown.shared_ideas) == ((), (1,))
    erasure.erase(marked_db, cast.lead, "person", cast.student.person_id, keep_record=True)
    assert ideas.get(marked_db, cast.teammate, 1).description.title == f"{MARK} again"


def test_the_preview_tells_what_goes_and_writes_nothing(marked_db, lived):
    _path, cast = lived
    before = builders.contents(marked_db)
    shown = erasure.preview(marked_db, cast.lead, "person", cast.student.person_id)
    assert builders.contents(marked_db) == before
    assert shown.working["idea"] == 1
    assert shown.record["application_paper"] == 1
    assert (shown.ideas, shown.applications) == ((1,), (1,))
    assert shown.called == f"Sara {MARK}"
    assert shown.mentions == {
        "application": 1, "attendance": 1, "mail_event": 1, "person": 1,
    }  # fmt: skip


def test_twice_does_nothing_more(marked_db, lived):
    _path, cast = lived
    for _time in range(2):
        erasure.erase(marked_db, cast.lead, "person", cast.student.person_id, keep_record=False,
                      reason="No case.")  # fmt: skip
    assert erasure.done(marked_db, cast.lead)[0].counts == {}
    assert integrity_audit(marked_db) == []


def integrity_audit(db: Database) -> list[str]:
    return [one.sentence for one in integrity.check(db) if one.rule in ("audit", "key")]


@pytest.mark.parametrize("who", ["student", "mentor", "member", "nobody", "stranger"])
def test_others_than_leads_may_not(marked_db, lived, who):
    _path, cast = lived
    actor, before = getattr(cast, who), builders.contents(marked_db)
    for action in (
        lambda: erasure.erase(marked_db, actor, "idea", 1, keep_record=True),
        lambda: erasure.preview(marked_db, actor, "idea", 1),
        lambda: erasure.refuse(marked_db, actor, cast.student.person_id, "No"),
        lambda: erasure.requests(marked_db, actor),
        lambda: erasure.done(marked_db, actor),
        lambda: erasure.blocked(marked_db, actor),
    ):
        with pytest.raises(NotAllowed):
            action()
    assert builders.contents(marked_db) == before


def test_a_lead_cannot_erase_oneself_and_needs_a_reason_to_keep_nothing(marked_db, lived):
    _path, cast = lived
    before = builders.contents(marked_db)
    with pytest.raises(Invalid):
        erasure.erase(marked_db, cast.lead, "person", cast.lead.person_id, keep_record=True)
    with pytest.raises(Invalid):
        erasure.erase(marked_db, cast.lead, "idea", 1, keep_record=False)
    with pytest.raises(NotFound):
        erasure.erase(marked_db, cast.lead, "idea", 99, keep_record=True)
    with pytest.raises(Invalid):
        erasure.erase(marked_db, cast.lead, "meeting", 1, keep_record=True)
    assert builders.contents(marked_db) == before


def test_a_person_asks_takes_back_is_refused_and_asks_again(db, cast):
    erasure.ask(db, cast.nobody)
    with pytest.raises(Invalid):
        erasure.ask(db, cast.nobody)
    assert [one.person_id for one in erasure.requests(db, cast.lead)] == [cast.nobody.person_id]
    erasure.take_back(db, cast.nobody)
    assert erasure.requests(db, cast.lead) == []
    erasure.ask(db, cast.nobody)
    with pytest.raises(Invalid):
        erasure.refuse(db, cast.lead, cast.nobody.person_id, " ")
    erasure.refuse(db, cast.lead, cast.nobody.person_id, "You are in a case.")
    told = erasure.own_request(db, cast.nobody)
    assert told is not None
    assert (told.kind, told.reason) == ("refused", "You are in a case.")
    erasure.ask(db, cast.nobody)
    erasure.erase(db, cast.lead, "person", cast.nobody.person_id, keep_record=True)
    assert erasure.requests(db, cast.lead) == []
    assert erasure.done(db, cast.lead)[0].asked_by == cast.nobody.person_id
    assert "You are in a case." not in str(builders.contents(db))


# ── the log beside the database


def test_a_restored_backup_is_brought_up_to_date_once(marked_db, lived, tmp_path):
    path, cast = lived
    erasure.erase(marked_db, cast.lead, "person", cast.student.person_id, keep_record=False,
                  reason="No case.")  # fmt: skip
    log = erasure_log.log_path(marked_db.path)
    assert MARK not in log.read_text("utf-8")
    older = tmp_path / "restored.duckdb"
    shutil.copyfile(path, older)
    with closing(Database.open(older)) as db:
        assert erasure_log.reapply(db, log) == 1
        assert marked(db) == set()
        assert erasure_log.reapply(db, log) == 0
        assert audit_flaws(db) == []
        (one,) = erasure.done(db, cast.lead)
        assert (one.about_id, one.actor_id) == (cast.student.person_id, cast.lead.person_id)


def test_another_person_who_got_the_same_number_is_not_erased(marked_db, lived, tmp_path):
    path, cast = lived
    erasure.erase(marked_db, cast.lead, "person", cast.student.person_id, keep_record=True)
    older = tmp_path / "restored.duckdb"
    shutil.copyfile(path, older)
    with closing(Database.open(older)) as db:
        with db.transaction() as tx:
            tx.execute("UPDATE person SET created_at = now()::TIMESTAMP WHERE person_id = ?",
                       [cast.student.person_id])  # fmt: skip
        assert erasure_log.reapply(db, erasure_log.log_path(marked_db.path)) == 0


def test_the_log_catches_up_with_what_it_missed(marked_db, lived):
    _path, cast = lived
    erasure.erase(marked_db, cast.lead, "idea", 1, keep_record=True)
    log = erasure_log.log_path(marked_db.path)
    whole = log.read_text("utf-8")
    log.write_text(whole[:40], "utf-8")  # cut off by a crash
    assert erasure_log.catch_up(marked_db) == 1
    assert json.loads(log.read_text("utf-8").splitlines()[-1]) == json.loads(whole)
    with pytest.raises(Invalid, match="line 1"):
        erasure_log.reapply(marked_db, log)


def test_no_log_is_nothing_to_do(db, tmp_path):
    assert erasure_log.reapply(db, tmp_path / "none.jsonl") == 0
    assert erasure_log.catch_up(db) == 0
    assert not erasure_log.log_path(db.path).exists()


# ── figures


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration with all that there can be."""
    path = tmp_path_factory.mktemp("world") / "sandkasse.duckdb"
    with closing(Database.open(path)) as db:
        shipped = journeys.load_folder(PROJECT_FOLDER / "data" / "journeys")
        journeys.sync(db, shipped, source="shipped")
        agencies.sync(db, start.AGENCIES_FILE)
        demo.fill(db, ideas=24, seed=3)
    return path


def figures_of(db: Database) -> dict[str, Any]:
    """Every figure there is, as the operator sees it: now, as they were, and as frozen."""
    found: dict[str, Any] = {}
    kept = db.rows("SELECT choice, as_of, known_at FROM frozen_figure ORDER BY freeze_id LIMIT 2")
    for journey in journeys.all_journeys(db):
        for kind in frozen.KINDS:
            found[f"{journey.id} {kind}"] = frozen.numbers(db, OPERATOR, kind, Choice(journey.id))
    for text, as_of, known_at in kept:
        choice = frozen.choice_from_text(text, as_of, known_at)
        for kind in frozen.KINDS:
            found[f"{text} {as_of} {kind}"] = frozen.numbers(db, OPERATOR, kind, choice)
    whole = SeatsChoice()
    found["seats"] = [seats.coverage(db, OPERATOR, whole), seats.passing(db, OPERATOR, whole),
                      seats.staying(db, OPERATOR, whole)]  # fmt: skip
    found["survival"] = survival_to_json(survival(db, OPERATOR))
    found["frozen"] = db.rows("FROM frozen_figure ORDER BY ALL")
    found["receipts"] = db.rows("FROM number_receipt ORDER BY ALL")
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_erasure_changes_no_figure(world: Path, tmp_path_factory: Any, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("one") / "sandkasse.duckdb"
    shutil.copyfile(world, path)
    with closing(Database.open(path)) as db:
        kind = data.draw(st.sampled_from(erasure.KINDS))
        ids = [one for (one,) in db.rows(f"SELECT {kind}_id FROM {kind} ORDER BY 1")]
        some = data.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=4, unique=True))
        keep = data.draw(st.booleans())
        with time_machine.travel(clock.now(), tick=False):
            before = figures_of(db)
            for about_id in some:
                erasure.erase(db, OPERATOR, kind, about_id, keep_record=keep, reason="Asked.")
            assert figures_of(db) == before
        assert [one.line for one in integrity.check(db)] == []


@pytest.mark.parametrize("reason", ["rings a bell \a", "turned \u202e round", "x" * 501])
def test_a_reason_is_checked_as_other_texts_are_and_nothing_is_erased(marked_db, lived, reason):
    cast = lived[1]
    erasure.ask(marked_db, cast.student)
    before = contents(marked_db)
    with pytest.raises(InvalidFields) as refused:
        erasure.erase(marked_db, cast.lead, "idea", 1, keep_record=True, reason=reason)
    assert list(refused.value.problems) == ["reason"]
    with pytest.raises(InvalidFields):
        erasure.refuse(marked_db, cast.lead, cast.student.person_id, reason)
    assert contents(marked_db) == before
