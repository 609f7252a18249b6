"""The scan says where each part of a TOML text stands, however it is written."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from sandkasse.journeys import places

TEXT = '''\
# [[stages]] in a comment
id = "walk"
"quoted key" = 1
help = """
[[stages]]
name = "not a key"
"""

[[stages]]
id = "out" # = [
name = { nb = "Ut", en = "O}ut" }
  [[stages.gates]]
  attested_by = [
    "mentor",
    "lead",
  ]
  [[stages.gates]]
  id = \'\'\'two
lines\'\'\'

[[stages]]
id = 'home'
  [[stages.gates]]
  id = "keys"

[variants.PhD.stages.out]
expected_days = 3
'''


def test_each_part_is_found_on_its_line():
    known = places.lines(TEXT)
    expected = {
        (): 1,
        ("id",): 2,
        ("quoted key",): 3,
        ("help",): 4,
        ("stages", 0): 9,
        ("stages", 0, "id"): 10,
        ("stages", 0, "name", "en"): 11,
        ("stages", 0, "gates", 0): 12,
        ("stages", 0, "gates", 0, "attested_by", 1): 15,
        ("stages", 0, "gates", 1, "id"): 18,
        ("stages", 1): 21,
        ("stages", 1, "id"): 22,
        ("stages", 1, "gates", 0, "id"): 24,
        ("variants", "PhD", "stages", "out", "expected_days"): 27,
    }
    assert {place: known.get(place) for place in expected} == expected


def test_what_is_missing_stands_where_it_should_have_been():
    known = places.lines(TEXT)
    assert places.line_of(("stages", 1, "name"), known) == 21
    assert places.line_of(("exits",), known) == 1


KEYS = st.text("abc.[]#'=\" ", min_size=1, max_size=4)
VALUES = st.recursive(
    st.sampled_from(['"[[a]]"', "'#'", "1", "2020-01-01 10:00:00", "true", '"""x\n[y]\n"""']),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: f"[\n{', '.join(items)}]"),
    max_leaves=5,
)


def _quoted(key: str) -> str:
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_every_key_is_found_where_it_was_written(pairs):
    text, expected, line = "", {}, 1
    for key, value in pairs.items():
        expected[(key,)] = line
        written = f"{_quoted(key)} = {value}\n"
        text += written
        line += written.count("\n")
    assert tomllib.loads(text).keys() == pairs.keys()
    known = places.lines(text)
    assert {place: known[place] for place in expected} == expected
