"""Retention: what has been kept long enough goes, once, and what may have to be kept does not."""

from contextlib import closing
from pathlib import Path

import pytest
import time_machine

from sandkasse import comments, deadlines, drafts, idea_bank, integrity, pipeline
from sandkasse.application import Kind
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from sandkasse.errors import NotAllowed, NotConfigured, NotFound
from sandkasse.idea_bank import Filter
from sandkasse.privacy import erasure, retention
from sandkasse.recruitment import applications
from tests import builders

LATER = "2034-06-01T12:00:00Z"


@pytest.fixture
def old(db, cast):
    """An idea that left on 1 March 2028 with a comment, and an application that was rejected."""
    with time_machine.travel("2028-03-01T12:00:00Z", tick=True):
        idea_id = builders.submitted(db, cast.student)
        comments.say(db, cast.mentor, idea_id, "Call the port")
        drafts.save(db, cast.student, builders.JOURNEY, builders.DESCRIPTION)
        deadlines.remember_own(db, cast.student, "Renew the permit", None)
        position_id = builders.position(db, cast.member)
        builders.applied(db, cast.student, position_id, Kind.REJECTED, by=cast.member)
        pipeline.withdraw_idea(
            db, cast.student, idea_id, expected_seq=builders.seq(db, idea_id), reason="team"
        )
    return db


def at(day):
    return time_machine.travel(f"{day}T12:00:00Z", tick=True)


def due(db, cast):
    return {one.record_class.id: dict(one.counts) for one in retention.plan(db, cast.lead)
            if one.counts}  # fmt: skip


@pytest.mark.parametrize(
    ("day", "classes"),
    [
        ("2029-02-28", set()),
        ("2029-03-02", {"draft", "notices", "working", "applications", "own_days"}),
        ("2033-03-02", {"draft", "notices", "working", "applications", "own_days", "case"}),
    ],
)
def test_each_class_is_due_when_its_months_are_over(old, cast, day, classes):
    with at(day):
        assert set(due(old, cast)) - {"own_days"} == classes - {"own_days"}


def test_working_texts_go_a_year_after_the_idea_left_and_the_idea_stays(old, cast):
    with at("2029-03-02"):
        done = retention.apply(old, cast.lead)
        assert done["comment"] == 1
        assert comments.listed(old, cast.mentor, 1)[0].body == ""
        assert drafts.find(old, cast.student) is None
        assert idea_bank.find(old, cast.mentor, Filter()).rows[0].title
        assert [one.line for one in integrity.check(old)] == []


def test_doing_it_twice_does_nothing_more(old, cast):
    with at("2029-03-02"):
        assert retention.apply(old, cast.lead)
        before = builders.contents(old)
        assert retention.apply(old, cast.lead) == {}
        assert due(old, cast) == {}
        assert builders.contents(old) == before


def test_what_may_have_to_be_archived_is_blocked_and_not_deleted(old, cast):
    with at("2033-03-02"):
        retention.apply(old, cast.lead)
        assert erasure.blocked(old, cast.lead)[0][:2] in (("application", 1), ("idea", 1))
        assert len(erasure.blocked(old, cast.lead)) == 2
        assert applications.get(old, cast.lead, 1).words
        with pytest.raises(NotFound):
            applications.get(old, cast.member, 1)
        assert idea_bank.find(old, cast.mentor, Filter()).total == 0
        assert idea_bank.find(old, cast.lead, Filter()).total == 1


def test_what_is_blocked_is_exempt_until_a_lead_decides(old, cast):
    with old.transaction() as tx:
        tx.execute("UPDATE idea SET blocked_at = now()::TIMESTAMP")
    with at("2029-03-02"):
        assert "working" not in due(old, cast)
        retention.apply(old, cast.lead)
        assert old.value("SELECT body FROM comment") == "Call the port"


def test_a_dry_run_writes_nothing(old, cast):
    before = builders.contents(old)
    with at(LATER[:10]):
        assert due(old, cast)
    assert builders.contents(old) == before


@pytest.mark.parametrize("who", ["student", "mentor", "member", "nobody"])
def test_others_than_leads_may_not(old, cast, who):
    for act in (retention.plan, retention.apply):
        with pytest.raises(NotAllowed):
            act(old, getattr(cast, who))


def test_every_table_is_in_one_class(db):
    tables = {name for (name,) in db.rows("SELECT table_name FROM duckdb_tables()")}
    assert {table for one in retention.classes() for table in one.tables} == tables


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("months = 60", "months = 0"), "months"),
        (('id = "case"', 'id = "cases"'), "no rule for the class cases"),
        (('action = "block"', 'action = "delete"'), "may have to be archived"),
        (('tables = ["draft"]', 'tables = ["draft", "notice"]'), "more than once"),
        (('"people.see", "own"', '"people.look"'), "no right people.look"),
        (('months = 12\nafter = { nb = "utkastet', 'after = { nb = "utkastet'), "needs"),
        (("[[class]]", "[[klass]]"), "missing"),
    ],
)
def test_a_faulty_file_is_refused_in_words(tmp_path: Path, change, said):
    text = (PROJECT_FOLDER / "data" / "retention.toml").read_text("utf-8")
    path = tmp_path / "retention.toml"
    path.write_text(text.replace(*change), "utf-8")
    with pytest.raises(NotConfigured, match=said):
        retention.classes(path)


def test_a_fresh_database_has_nothing_due(tmp_path, cast, db):
    with closing(Database.open(tmp_path / "fresh.duckdb")) as fresh:
        assert retention.apply(fresh, cast.lead) == {}
