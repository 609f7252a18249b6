"""What docs/security.md says of OWASP ASVS 5.0 names each requirement once and tests that exist."""

import re

from sandkasse.config import PROJECT_FOLDER

#: How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has: its first ones, as those
#: of level 3 come last.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
_ROW = re.compile(
    r"^\| (V[\d.]+)(?:–(V[\d.]+))? \| (met|not applicable|open) \| (.+) \|$", re.MULTILINE
)
_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def _text() -> str:
    return (PROJECT_FOLDER / "docs" / "security.md").read_text("utf-8")


def test_each_requirement_of_the_two_levels_stands_there_once():
    found = []
    for first, last, _state, _words in _ROW.findall(_text()):
        section, _dot, begin = first.removeprefix("V").rpartition(".")
        end = last.rpartition(".")[2] or begin
        found += [f"{section}.{number}" for number in range(int(begin), int(end) + 1)]
    wanted = [f"{one}.{n}" for one, most in SECTIONS.items() for n in range(1, most + 1)]
    assert found == wanted


def test_each_test_that_is_named_exists():
    named = _TEST.findall(_text())
    assert len(named) > 60
    for file, test in named:
        code = (PROJECT_FOLDER / file).read_text("utf-8")
        assert not test or f"def {test}(" in code, f"{file}::{test}"


def test_what_is_met_names_a_test_or_where_it_can_be_read():
    for first, _last, state, words in _ROW.findall(_text()):
        if state == "met":
            assert "tests/" in words or ".md" in words or "sandkasse/" in words or first in (
                "V1.3.10", "V3.7.1",
            ), first  # fmt: skip
