"""Submitting, describing, publishing and talking about ideas."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sandkasse import clock, comments, drafts, ideas
from sandkasse.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from tests.builders import DESCRIPTION, JOURNEY, submitted


def contents(db):
    """Every row of every table."""
    tables = db.rows("SELECT table_name FROM duckdb_tables()")
    return {table: db.rows(f"FROM {table} ORDER BY ALL") for (table,) in tables}


def test_a_new_idea_is_in_the_first_stage_and_waits_for_a_mentor(db, cast):
    idea = ideas.get(db, cast.student, submitted(db, cast.student))
    assert (idea.stage_id, idea.ball, idea.last_seq) == ("idea-bank", "mentor", 1)
    assert idea.description == DESCRIPTION
    assert db.rows("SELECT seq, kind, stage_id, actor_id FROM ledger") == [
        (1, "enter", "idea-bank", cast.student.person_id)
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "  a "}, "title"),
        ({"title": "x" * 100_000}, "title"),
        ({"problem": ""}, "problem"),
        ({"problem": "x" * 100_000}, "problem"),
        ({"solution": "bell \a"}, "solution"),
        ({"title": "null \x00 byte"}, "title"),
        ({"title": "turned \u202e txt"}, "title"),
        ({"level": None}, "level"),
        ({"level": "Professor"}, "level"),
        ({"theme": "no-such-theme"}, "theme"),
        ({"agencies": ("udi", "nobody")}, "agencies"),
        ({"agencies": ("udi skatteetaten",)}, "agencies"),
        ({"graduation": date(1899, 12, 31)}, "graduation"),
        ({"graduation": date(2199, 1, 1)}, "graduation"),
    ],
)
@pytest.mark.parametrize("language", ["nb", "en"])
def test_bad_input_is_named_by_its_field_and_changes_nothing(db, cast, changes, field, language):
    from sandkasse import i18n

    before = contents(db)
    with i18n.in_language(language), pytest.raises(InvalidFields) as refused:
        submitted(db, cast.student, **changes)
    assert list(refused.value.problems) == [field]
    assert contents(db) == before


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "=HYPERLINK(1)", "**bold**", "🧊 is", "שלום", "á č đ ŋ š ŧ ž"],
)
def test_markup_formulas_emoji_and_any_alphabet_are_kept_as_written(db, cast, text):
    idea_id = submitted(db, cast.student, title=f"A {text}", problem=text)
    assert ideas.get(db, cast.student, idea_id).description.problem == text


def test_faults_are_told_in_the_readers_language(db, cast):
    from sandkasse import i18n

    with i18n.in_language("nb"), pytest.raises(InvalidFields, match="Velg et nivå"):
        submitted(db, cast.student, level=None)


def test_an_edit_keeps_what_was_there(db, cast):
    idea_id = submitted(db, cast.student)
    ideas.edit(db, cast.student, idea_id, replace(DESCRIPTION, title="A better title"), 0)
    (edit,) = ideas.edits(db, cast.student, idea_id)
    assert (edit.field, edit.before, edit.after) == (
        "title",
        DESCRIPTION.title,
        "A better title",
    )


def test_an_edit_based_on_an_older_version_is_refused(db, cast):
    idea_id = submitted(db, cast.student)
    ideas.edit(db, cast.student, idea_id, replace(DESCRIPTION, title="First"), 0)
    with pytest.raises(Conflict):
        ideas.edit(db, cast.lead, idea_id, replace(DESCRIPTION, title="Second"), 0)
    assert ideas.get(db, cast.student, idea_id).description.title == "First"


def test_an_edit_that_changes_nothing_writes_nothing(db, cast):
    idea_id = submitted(db, cast.student)
    before = contents(db)
    ideas.edit(db, cast.student, idea_id, DESCRIPTION, 0)
    assert contents(db) == before


def test_a_team_mate_who_is_taken_off_the_team_no_longer_sees_the_idea(db, cast):
    idea_id = submitted(db, cast.student, team="tor.teammate@uit.example")
    ideas.get(db, cast.teammate, idea_id)
    ideas.edit(db, cast.student, idea_id, DESCRIPTION, 0)
    with pytest.raises(NotFound):
        ideas.get(db, cast.teammate, idea_id)


def test_the_public_text_is_shown_once_a_mentor_has_approved_it(db, cast):
    idea_id = submitted(db, cast.student)
    with pytest.raises(NotFound):
        ideas.get_published(db, cast.member, idea_id)
    ideas.ask_to_publish(db, cast.student, idea_id, "Sensors that know the ice.")
    with pytest.raises(NotFound):
        ideas.get_published(db, cast.member, idea_id)
    ideas.decide_publication(db, cast.mentor, idea_id, approved=True)
    assert ideas.get_published(db, cast.member, idea_id).public_text == "Sensors that know the ice."
    ideas.unpublish(db, cast.student, idea_id)
    with pytest.raises(NotFound):
        ideas.get_published(db, cast.member, idea_id)


def test_a_changed_public_text_waits_for_approval_anew(db, cast):
    idea_id = submitted(db, cast.student)
    ideas.ask_to_publish(db, cast.student, idea_id, "One")
    ideas.decide_publication(db, cast.mentor, idea_id, approved=True)
    ideas.ask_to_publish(db, cast.student, idea_id, "Two")
    with pytest.raises(NotFound):
        ideas.get_published(db, cast.member, idea_id)


def test_nothing_is_approved_that_nobody_asked_for(db, cast):
    with pytest.raises(Invalid):
        ideas.decide_publication(db, cast.mentor, submitted(db, cast.student), approved=True)


def test_comments_are_read_in_the_order_they_were_written(db, cast):
    idea_id = submitted(db, cast.student)
    comments.say(db, cast.student, idea_id, "Is this enough?")
    comments.say(db, cast.mentor, idea_id, "Tell who has the problem.")
    assert [(one.author, one.body) for one in comments.listed(db, cast.student, idea_id)] == [
        ("Sara Student", "Is this enough?"),
        ("Mari Mentor", "Tell who has the problem."),
    ]


@pytest.mark.parametrize("body", ["", "   ", "x" * 2_001, "\x07"])
def test_a_comment_that_says_nothing_or_too_much_is_refused(db, cast, body):
    idea_id = submitted(db, cast.student)
    with pytest.raises(Invalid):
        comments.say(db, cast.student, idea_id, body)
    assert comments.listed(db, cast.student, idea_id) == []


def test_a_draft_may_be_half_done_and_is_gone_once_sent(db, cast):
    half = replace(DESCRIPTION, problem="", graduation=clock.today() + timedelta(days=200))
    drafts.save(db, cast.student, JOURNEY, half)
    drafts.save(db, cast.student, JOURNEY, replace(half, title="Changed"))
    assert drafts.find(db, cast.student) == (JOURNEY, replace(half, title="Changed"))
    assert drafts.find(db, cast.stranger) is None
    submitted(db, cast.student)
    assert drafts.find(db, cast.student) is None


def test_a_draft_that_is_too_long_is_refused(db, cast):
    long = replace(DESCRIPTION, problem="x" * 10_000)
    with pytest.raises(Invalid):
        drafts.save(db, cast.student, JOURNEY, long)
    with pytest.raises(NotAllowed):
        drafts.save(db, cast.member, JOURNEY, long)
