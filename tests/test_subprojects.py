"""The pilot's sub-projects and goals."""

from datetime import date
from pathlib import Path

import pytest

from sandkasse import subprojects
from sandkasse.errors import NotConfigured

ENTRY = """
[[subprojects]]
id = "a"
name = { nb = "A", en = "A" }
task = { nb = "T", en = "T" }
from = 2022
until = 2023
source = "The report"
dated = "2022"
"""
GOAL = """
[[goals]]
id = "1"
scope = "national"
text = { nb = "M", en = "G" }
"""


def written(folder: Path, text: str) -> Path:
    """A file of this text."""
    path = folder / "subprojects.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_four_of_2022_held_the_meetings_that_the_report_names():
    assert [(one.name.nb, one.meetings) for one in subprojects.current(date(2022, 12, 22))] == [
        ("Samarbeid og samhandling", 2),
        ("Kompetanseheving og rekruttering", 2),
        ("Tjenesteutvikling og innovasjon", 6),
        ("Vertskap og attraktivitet", 8),
    ]


def test_the_three_from_2023_go_on_as_long_as_no_end_is_known():
    names = [
        "Samhandling og kompetanseheving",
        "Vertskap, attraktivitet og rekruttering",
        "Tjenesteutvikling og innovasjon",
    ]
    for day in (date(2023, 1, 1), date(2026, 11, 24)):
        assert [one.name.nb for one in subprojects.current(day)] == names
    assert subprojects.current(date(2021, 12, 31)) == []


def test_each_says_what_it_is_to_do_in_both_languages_and_where_that_is_from():
    found = subprojects.all_subprojects()
    assert len(found) == 7
    for one in found:
        assert one.source, one.id
        assert one.dated, one.id
        for text in (one.name, one.task, *one.results):
            assert text.nb, one.id
            assert text.en, one.id


def test_one_is_found_by_its_id_and_an_unknown_one_is_not():
    found = subprojects.find("service-development")
    assert found is not None
    assert found.results[1].en == "Two possible sandboxes are chosen."
    assert subprojects.find("no-such") is None
    assert subprojects.find(None) is None


def test_the_goals_are_five_national_and_two_local():
    assert [(one.id, one.scope) for one in subprojects.goals()] == [
        ("1", "national"), ("2", "national"), ("3", "national"), ("4", "national"),
        ("5", "national"), ("a", "local"), ("b", "local"),
    ]  # fmt: skip


def test_a_sound_file_is_read(tmp_path):
    found = subprojects.load(written(tmp_path, ENTRY + GOAL))
    assert (found.subprojects[0].first_year, found.subprojects[0].last_year) == (2022, 2023)
    assert found.goals[0].text.nb == "M"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ENTRY + ENTRY + GOAL, "more than once"),
        (ENTRY + GOAL + GOAL, "more than once"),
        (ENTRY.replace("until = 2023", "until = 2021") + GOAL, "ends before it begins"),
        (ENTRY.replace("from = 2022", "") + GOAL, "from"),
        (ENTRY.replace('{ nb = "T", en = "T" }', '{ nb = "T", en = "" }') + GOAL, "task.en"),
        (ENTRY + "surprise = 1\n" + GOAL, "surprise"),
        (ENTRY + GOAL.replace("national", "regional"), "scope"),
        (ENTRY, "goals"),
        ("x = [", "subprojects.toml"),
    ],
)
def test_a_faulty_file_is_refused_naming_the_file_and_the_fault(tmp_path, text, says):
    with pytest.raises(NotConfigured, match=says) as refused:
        subprojects.load(written(tmp_path, text))
    assert "subprojects.toml" in refused.value.message


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(NotConfigured, match="cannot be used"):
        subprojects.load(tmp_path / "none.toml")
