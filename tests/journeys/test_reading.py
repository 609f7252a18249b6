"""Faulty journey files are refused in words a person can act on; sound ones in any dress load."""

import pytest

from sandkasse import i18n, journeys
from sandkasse.errors import InvalidJourney
from sandkasse.journeys import Text, reading

STAGES = '[[stages]]\nid = "out"\nname = "Out"\n[[stages]]\nid = "home"\nname = "Home"\n'
EXITS = '[[exits]]\nid = "done"\nkind = "completed"\nname = "Done"\n'
WALK = 'id = "walk"\nname = "A walk"\n'


def refusal(path, content: str | bytes) -> str:
    """What is said of a file with this content."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InvalidJourney) as refused:
        journeys.load_file(path)
    return refused.value.message


@pytest.fixture
def path(tmp_path):
    return tmp_path / "walk.toml"


def test_all_faults_are_told_from_the_top_down(path):
    told = refusal(path, WALK + STAGES.replace("out", "Out!").replace("home", "Home!") + EXITS)
    assert [line.split(": ")[0][-6:] for line in told.splitlines()] == ["line 4", "line 7"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "stages is missing"),
        (WALK + STAGES[: STAGES.rindex("[[")] + EXITS, "at least 2 of stages"),
        (WALK + "exits = []\n" + STAGES, "at least 1 of exits"),
        (WALK + STAGES + EXITS + 'name = "twice"', "line 13: This is not valid TOML"),
        ("a = " + "[" * 5_000, "nested too deeply"),
        ("a = " + "1" * 5_000, "not valid TOML"),
        (WALK + 'levels = ["PhD", "PhD"]\n' + STAGES + EXITS, "PhD is there twice"),
        (WALK.replace('"A walk"', "5") + STAGES + EXITS, "name must be text, or texts for nb"),
        (WALK.replace('"A walk"', '{ nb = "Tur", en = " " }') + STAGES + EXITS, "line 2: name"),
        (WALK.replace("A walk", "A\u202ewalk") + STAGES + EXITS, "writing direction"),
        (WALK.replace("A walk", "w" * 121) + STAGES + EXITS, "at most 120"),
        ("#" * (reading.LARGEST + 1), "too large"),
        (b'id = "x"\nname = "\xe6"', "line 2: This is not UTF-8"),
    ],
)
def test_bad_input_is_refused_with_the_reason(path, content, said):
    assert said in refusal(path, content)


def test_a_file_saved_by_a_windows_editor_loads(path):
    path.write_bytes(b"\xef\xbb\xbf" + (WALK + STAGES + EXITS).replace("\n", "\r\n").encode())
    assert journeys.load_file(path).name == Text("A walk", "A walk")


def test_one_language_stands_in_for_the_other(path):
    path.write_text(WALK.replace('"A walk"', '{ nb = "En tur" }') + STAGES + EXITS, "utf-8")
    name = journeys.load_file(path).name
    assert (name.in_("nb"), name.in_("en")) == ("En tur", "En tur")


def test_a_gate_of_a_variant_replaces_the_one_with_its_id(path):
    gate = '[[{0}.gates]]\nid = "shoes"\nname = "{1}"\n'
    first = STAGES.replace("[[stages]]\nid = \"home", gate.format("stages", "Shoes")
                           + "[[stages]]\nid = \"home", 1)  # fmt: skip
    variant = "expected_days = 9\n" + gate.format("variants.PhD.stages.out", "Boots")
    path.write_text(
        WALK + 'levels = ["PhD"]\n' + first + EXITS + "[variants.PhD.stages.out]\n" + variant,
        "utf-8",
    )
    journey = journeys.load_file(path)
    varied = journey.for_level("PhD").first
    assert [gate.name.en for gate in varied.gates] == ["Boots"]
    assert (journey.first.expected_days, varied.expected_days) == (None, 9)
    assert journey.for_level("BSc") == journey


def test_a_folder_without_journeys_is_refused(tmp_path):
    with pytest.raises(InvalidJourney, match="no journeys"):
        journeys.load_folder(tmp_path / "nowhere")


RULE = """
[[contact_rules]]
id = "ask"
purpose = "benefit-while-starting"
stages = ["{stage}"]
needs = ["{need}"]
why = {{ nb = "Fordi", en = "Because" }}
"""


def test_a_contact_rule_is_kept_as_it_is(path):
    path.write_text(WALK + STAGES + EXITS, "utf-8")
    stage = journeys.load_file(path).first.id
    path.write_text(WALK + STAGES + EXITS + RULE.format(stage=stage, need="food"), "utf-8")
    journey = journeys.load_file(path)
    (rule,) = journey.contact_rules
    assert (rule.stages, rule.needs, rule.why.en) == ((stage,), ("food",), "Because")
    assert journeys.Journey.from_json(journey.to_json()) == journey
    assert isinstance(hash(journey), int)


@pytest.mark.parametrize(("stage", "need"), [("no-such", "food"), (None, "no-such")])
def test_a_contact_rule_that_names_what_is_not_there_is_refused(path, stage, need):
    path.write_text(WALK + STAGES + EXITS, "utf-8")
    stage = stage or journeys.load_file(path).first.id
    path.write_text(WALK + STAGES + EXITS + RULE.format(stage=stage, need=need), "utf-8")
    with pytest.raises(InvalidJourney, match="names something unknown"):
        journeys.load_file(path)


def test_a_journey_without_an_order_comes_last(db, path):
    path.write_text(WALK + STAGES + EXITS, "utf-8")
    journeys.sync(db, [journeys.load_file(path)], "test")
    with i18n.in_language("en"):
        assert [one.id for one in journeys.all_journeys(db)][-1] == "walk"
