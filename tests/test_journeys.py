"""Journeys are data: reading a file, refusing a faulty one, and keeping what is in use."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandkasse import journeys, pipeline
from sandkasse.config import PROJECT_FOLDER
from sandkasse.errors import InvalidJourney, NotFound
from sandkasse.journeys import Exit, Gate, Journey, Stage, Text
from tests.builders import JOURNEY, submitted

SHIPPED = PROJECT_FOLDER / "data" / "journeys"

SMALLEST = """\
id = "walk"
name = "A walk"

[[stages]]
id = "out"
name = { nb = "Ut", en = "Out" }

[[stages]]
id = "home"
name = "Home"

[[exits]]
id = "done"
kind = "completed"
name = "Done"
"""


def written(folder: Path, text: str) -> Path:
    """A journey file holding ``text``."""
    path = folder / "walk.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_least_a_journey_needs(tmp_path):
    journey = journeys.load_file(written(tmp_path, SMALLEST))
    assert [(stage.id, stage.position) for stage in journey.stages] == [("out", 0), ("home", 1)]
    assert journey.stage("out").name == Text("Ut", "Out")
    assert journey.stage("home").name == Text("Home", "Home")
    assert journey.exit("done").kind == "completed"
    assert journey.levels == ()


@pytest.mark.parametrize(
    ("before", "after", "line", "reason"),
    [
        ('id = "walk"', "id = walk", 1, ""),
        ('id = "home"', "", 8, "stages.1.id"),
        ('id = "home"', 'id = "out"', 9, "used twice"),
        ('id = "done"', 'id = "home"', 13, "used twice"),
        ('id = "home"', 'id = "Home!"', 9, "stages.1.id"),
        ('kind = "completed"', 'kind = "won"', 14, "kind"),
        ('name = "Home"', 'name = ""', 10, "stages.1.name"),
        ('name = "Home"', 'name = "Home"\nexpected_days = 0', 11, "expected_days"),
        ('name = "Home"', 'name = "Home"\ncolour = "red"', 11, "colour"),
        (
            'name = "A walk"',
            'name = "A walk"\n[variants.PhD.stages.out]',
            3,
            "not among the levels",
        ),
        (
            'name = "A walk"',
            'name = "A walk"\nlevels = ["PhD"]\n[variants.PhD.stages.moon]',
            4,
            "unknown stage: moon",
        ),
    ],
)
def test_a_faulty_file_is_refused_with_file_line_and_reason(tmp_path, before, after, line, reason):
    path = written(tmp_path, SMALLEST.replace(before, after, 1))
    with pytest.raises(InvalidJourney) as refused:
        journeys.load_file(path)
    assert f"walk.toml, line {line}:" in refused.value.message
    assert reason in refused.value.message


def test_a_file_that_is_no_text_or_missing_is_refused(tmp_path):
    (tmp_path / "walk.toml").write_bytes(b"id = \xff\xfe")
    with pytest.raises(InvalidJourney, match="UTF-8"):
        journeys.load_file(tmp_path / "walk.toml")
    with pytest.raises(InvalidJourney, match="cannot be read"):
        journeys.load_file(tmp_path / "none.toml")


def test_two_files_of_one_id_are_refused(tmp_path):
    (tmp_path / "a.toml").write_text(SMALLEST, "utf-8")
    (tmp_path / "b.toml").write_text(SMALLEST, "utf-8")
    with pytest.raises(InvalidJourney, match="walk"):
        journeys.load_folder(tmp_path)


def texts_of(journey: Journey):
    """Every text of a journey that people read."""
    yield journey.name
    for part in (*journey.stages, *journey.variants):
        yield from (gate.name for gate in part.gates)
        yield from (text for text in (part.help, part.advice) if text != Text())
    yield from (stage.name for stage in journey.stages)
    yield from (way.name for way in journey.exits)


@pytest.mark.parametrize("journey", journeys.load_folder(SHIPPED), ids=lambda one: one.id)
def test_the_shipped_journeys_are_in_both_languages(journey):
    assert all(text.nb and text.en for text in texts_of(journey))
    assert all(stage.expected_days and stage.help != Text() for stage in journey.stages)


def test_the_shipped_journeys_have_their_stages():
    found = {journey.id: journey for journey in journeys.load_folder(SHIPPED)}
    assert [stage.id for stage in found["student-startup"].stages] == [
        "idea-bank", "clarification", "need-test", "sandbox", "formation", "first-sale", "growth",
    ]  # fmt: skip
    assert {way.id: way.kind for way in found["student-startup"].exits} == {
        "independent": "completed", "transferred": "completed", "declined": "declined",
        "withdrawn": "withdrawn", "closed": "closed", "merged": "merged",
    }  # fmt: skip
    assert [stage.id for stage in found["one-office"].stages] == [
        "needs-mapping", "legal-basis", "concept", "training", "pilot-operation", "evaluation",
        "decision",
    ]  # fmt: skip


def test_a_level_changes_days_advice_and_gates():
    journey = journeys.load_file(SHIPPED / "student-startup.toml")
    common, phd = journey.stage("clarification"), journey.for_level("PhD").stage("clarification")
    assert (common.expected_days, phd.expected_days) == (21, 60)
    assert common.advice == Text() != phd.advice
    assert [gate.id for gate in phd.gates] == [
        *(gate.id for gate in common.gates),
        "invention-reported",
    ]
    assert journey.for_level(None) == journey


WORDS = st.text(min_size=1, max_size=8)
TEXTS = st.builds(Text, WORDS, WORDS)


@given(
    st.lists(st.tuples(TEXTS, st.integers(1, 400)), min_size=1, max_size=5),
    st.lists(st.builds(Gate, WORDS, TEXTS, st.just(("mentor",))), max_size=3),
)
def test_what_is_kept_reads_as_it_was(stages, gates):
    journey = Journey(
        id="any",
        name=Text("Noe", "Any"),
        levels=("PhD",),
        stages=tuple(
            Stage(f"s{n}", n, name, expected_days=days, gates=tuple(gates))
            for n, (name, days) in enumerate(stages)
        ),
        exits=(Exit("out", "closed", Text("Ut", "Out")),),
    )
    assert Journey.from_json(journey.to_json()) == journey


def changed(tmp_path: Path, before: str, after: str) -> list[Journey]:
    """The shipped student journey with one change."""
    text = (SHIPPED / "student-startup.toml").read_text("utf-8")
    assert before in text
    return [journeys.load_file(written(tmp_path, text.replace(before, after)))]


NEW_STAGE = '[[stages]]\nid = "pre-seed"\nname = "Pre-seed"\n\n[[stages]]\nid = "need-test"'


def test_a_journey_in_use_gets_a_stage_and_the_figures_follow(db, cast, tmp_path):
    idea_id = submitted(db, cast.student)
    pipeline.exit_idea(db, cast.mentor, idea_id, exit_id="closed", expected_seq=1, reason="learned")
    pipeline.reopen_idea(db, cast.mentor, idea_id, to="sandbox", expected_seq=2, reason="team")
    assert db.value("SELECT furthest FROM idea") == 3
    journeys.sync(db, changed(tmp_path, '[[stages]]\nid = "need-test"', NEW_STAGE), "test")
    assert journeys.get(db, JOURNEY).position("sandbox") == 4
    assert db.value("SELECT furthest FROM idea") == 4


def test_a_stage_that_ideas_have_been_in_cannot_be_lost(db, cast, tmp_path):
    idea_id = submitted(db, cast.student)
    pipeline.exit_idea(db, cast.mentor, idea_id, exit_id="closed", expected_seq=1, reason="learned")
    pipeline.reopen_idea(db, cast.mentor, idea_id, to="growth", expected_seq=2, reason="team")
    without = changed(tmp_path, "growth", "thriving")
    before = db.rows("FROM stage ORDER BY ALL")
    with pytest.raises(InvalidJourney, match="no longer has growth, where 1 ideas"):
        journeys.sync(db, without, "test")
    assert db.rows("FROM stage ORDER BY ALL") == before


def test_an_unused_stage_may_go(db, cast, tmp_path):
    submitted(db, cast.student)
    journeys.sync(db, changed(tmp_path, "growth", "thriving"), "test")
    assert journeys.get(db, JOURNEY).last.id == "thriving"


def test_nothing_changed_writes_nothing(db):
    before = db.version
    journeys.sync(db, journeys.load_folder(SHIPPED), "again")
    assert db.version == before


def test_an_unknown_journey_is_not_found(db):
    with pytest.raises(NotFound):
        journeys.get(db, "no-such")
