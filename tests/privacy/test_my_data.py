"""My data: everything about somebody, and nothing that names a person is forgotten."""

import html
import io
import json
import re
import zipfile

import pytest

from sandkasse import i18n
from sandkasse.database import Database
from sandkasse.integrity import rules
from sandkasse.privacy import my_data, readable
from sandkasse.privacy.holdings import INNER, LABELS, LEFT_OUT, SECTIONS
from tests.privacy.test_erasure import MARK, lived, marked_db

__all__ = ["lived", "marked_db"]

#: Whole numbers that are ids of something else than a person, or counts.
NOT_PEOPLE = {
    "idea_id", "merged_into", "touchpoint_id", "contact_id", "barrier_id", "meeting_id", "item_id",
    "resolution_id", "supersedes", "position_id", "application_id", "comment_id", "audit_id",
    "notice_id", "freeze_id", "erasure_id", "amount", "entries",
}  # fmt: skip


def naming_people(db: Database) -> set[tuple[str, str]]:
    """Every column of the schema that can hold a person's number."""
    columns = db.rows(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE NOT internal AND data_type = 'BIGINT' "
        "AND table_name IN (SELECT table_name FROM duckdb_tables())"
    )
    return {pair for pair in columns if pair[1] not in NOT_PEOPLE}


def test_every_column_that_names_a_person_is_handed_out_or_left_out_for_a_reason(db):
    handed_out = {(one.table, column) for one in SECTIONS for column in one.persons}
    assert not handed_out & set(LEFT_OUT)
    assert naming_people(db) == handed_out | set(LEFT_OUT)
    assert all(LEFT_OUT.values())


def test_nothing_is_handed_out_or_looked_at_twice():
    tables = [one.table for one in SECTIONS]
    assert len(tables) == len(set(tables))
    assert len(rules._LINKS) == len(set(rules._LINKS))


def test_a_place_is_where_something_is_and_not_room_for_somebody():
    with i18n.in_language("nb"):
        assert i18n._(LABELS["place"]) == "Sted"


def test_the_columns_found_are_those_that_the_check_knows(db):
    known = {(one.table, one.column) for one in rules._LINKS if one.target == "person"}
    assert naming_people(db) - {("erasure", "about_id")} == known | {("person", "person_id")}


def test_all_rows_that_name_somebody_are_there(marked_db, lived):
    _path, cast = lived
    for actor in (cast.student, cast.mentor, cast.lead, cast.member):
        found = my_data.collected(marked_db, actor)
        for one in SECTIONS:
            for column in one.persons:
                named = marked_db.value(
                    f"SELECT count(*) FROM {one.table} WHERE {column} = ?", [actor.person_id]
                )
                assert len(found[one.table]) >= named, (one.table, column)


def test_every_text_about_somebody_is_there_but_what_an_agency_wrote_for_itself(marked_db, lived):
    _path, cast = lived
    found = my_data.collected(marked_db, cast.student)
    with_mark = {table for table, rows in found.items() if MARK in json.dumps(rows)}
    assert with_mark == {
        "person", "idea", "team_member", "idea_edit", "draft", "ledger", "gate_mark", "comment",
        "touchpoint", "touchpoint_event", "proposal_mark", "idea_day", "own_day", "resolution",
        "application", "resolution_event", "sign_in",
    }  # fmt: skip
    assert MARK not in json.dumps(found["application_event"])


def test_nothing_of_others_is_there(marked_db, lived):
    _path, cast = lived
    assert MARK not in json.dumps(my_data.collected(marked_db, cast.stranger))


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_file_can_be_read_by_people_and_programs(marked_db, lived, language):
    _path, cast = lived
    with marked_db.transaction() as tx:
        tx.execute("UPDATE comment SET body = '<script>alert(1)</script>'")
    with i18n.in_language(language):
        packed = my_data.packed(marked_db, cast.student)
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        names = {
            "nb": ["mine-data.html", "mine-data.json", "søknad-1.pdf"],
            "en": ["my-data.html", "my-data.json", "application-1.pdf"],
        }[language]
        assert file.namelist() == names
        page = file.read(names[0]).decode()
        kept = json.loads(file.read(names[1]))
        assert file.read(names[2]).startswith(b"%PDF-")
    assert kept["idea"][0]["title"] == f"{MARK} again"
    assert kept["idea"][0]["created_at"].endswith("+00:00")
    assert ("Hva Sandkasse" if language == "nb" else "What Sandkasse") in page
    assert f'lang="{language}"' in page
    assert "<script>" not in page
    assert "src=" not in page
    assert "href=" not in page


def told(page: str) -> list[tuple[str, str]]:
    """What the page calls each column, and what it says there."""
    return [
        (html.unescape(name), html.unescape(value))
        for name, value in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.DOTALL)
    ]


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_is_in_words_and_leaves_inner_numbers_to_the_program(marked_db, lived, language):
    _path, cast = lived
    with marked_db.transaction() as tx:
        tx.execute("UPDATE idea SET theme = 'ocean', level = 'BSc' WHERE submitted_by = ?",
                   [cast.student.person_id])  # fmt: skip
    with i18n.in_language(language):
        found = my_data.collected(marked_db, cast.student)
        cells = told(readable.page(marked_db, found, cast.student.person_id))
    columns = {name for rows in found.values() for row in rows for name in row}
    # What is one word in English too, such as «email», is no column's raw name.
    assert not {name for name, _value in cells} & columns
    values = {value for _name, value in cells}
    codes = {"BSc", "ocean", "private", "student-startup", "idea-bank", "enter", "exact"}
    assert not codes & values
    words = {
        "nb": {"Bachelor", "Studentgründerreisen", "Idébank", "Kom inn", "Nøyaktig", "Deg"},
        "en": {"Bachelor", "The student founder journey", "Idea bank", "Came in", "Exact", "You"},
    }[language]
    assert words <= values
    in_json = {name for row in found["ledger"] for name in row}
    assert {"seq", "actor_id"} <= in_json


def test_every_column_is_called_something_or_left_to_the_program(db):
    columns = {
        (one.table, name)
        for one in SECTIONS
        for (name,) in db.rows(
            "SELECT column_name FROM duckdb_columns() WHERE table_name = ? AND NOT internal",
            [one.table],
        )
        if name not in one.without
    }
    told_or_inner = {*LABELS, *INNER}
    assert {
        (table, name)
        for table, name in columns
        if name not in told_or_inner and (table, name) not in told_or_inner
    } == set()


def test_a_draft_is_read_field_by_field(marked_db):
    row = {"content": json.dumps({"title": "Snow", "needs": ""}), "saved_at": "2026-01-05"}
    found = {one.table: [] for one in SECTIONS} | {"draft": [row], "look_ups": []}
    with i18n.in_language("en"):
        cells = told(readable.page(marked_db, found, 1))
    assert cells == [("Content", "Title: Snow"), ("Saved", "5 Jan 2026")]


def test_fetching_it_is_kept(marked_db, lived):
    _path, cast = lived
    before = marked_db.version
    my_data.packed(marked_db, cast.student)
    assert marked_db.version == before
    assert marked_db.one("SELECT action, subject FROM audit ORDER BY audit_id DESC LIMIT 1") == (
        "privacy.see_own", f"person:{cast.student.person_id}",
    )  # fmt: skip


def test_somebody_without_a_role_gets_the_own_data_too(db, cast):
    assert my_data.collected(db, cast.nobody)["person"][0]["name"] == "Nils Nobody"
