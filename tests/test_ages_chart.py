"""The chart of ages: what stands across a stage, and what it is called."""

from types import SimpleNamespace

import pandas as pd
import pytest

from sandkasse.charts.flow.ages import _band_lines, ageing
from sandkasse.figures.flow.ageing import BANDS, StageAges, StageBands
from sandkasse.journeys import Text


def lines(days: tuple[float | None, ...], source: str = "observed") -> list[tuple[float, str]]:
    """The lines across a stage with these bands, where the oldest idea is 100 days old."""
    bands = StageBands("x", 2, Text("X", "X"), days, source, 30)  # type: ignore[arg-type]
    return [(one["days"], one["words"]) for one in _band_lines(bands, 100.0)]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((10.0, 40.0, 90.0), [(10.0, "50%"), (40.0, "85%"), (90.0, "95%")]),
        # Too close for words of their own: the last has those of all.
        ((10.0, 40.0, 43.0), [(10.0, "50%"), (40.0, ""), (43.0, "85% · 95%")]),
        ((10.0, 12.0, 14.0), [(10.0, ""), (12.0, ""), (14.0, "50% · 85% · 95%")]),
        # What lies far beyond the oldest is in the table alone.
        ((10.0, 40.0, 141.0), [(10.0, "50%"), (40.0, "85%")]),
        ((None, None, None), []),
    ],
)
def test_each_band_is_named_where_there_is_room(days, expected):
    assert lines(days) == expected


def test_on_a_narrow_screen_more_of_them_share_their_words():
    bands = StageBands("x", 2, Text("X", "X"), (10.0, 28.0, 90.0), "observed", 30)
    wide, few = zip(*((one["words"], one["few"]) for one in _band_lines(bands, 100.0)), strict=True)
    assert wide == ("50%", "85%", "95%")
    assert few == ("", "50% · 85%", "95%")


def test_expected_days_are_called_so():
    assert lines((None, 60.0, None), "expected") == [(60.0, "expected")]


def test_ideas_on_both_sides_of_a_band_are_not_drawn_as_one():
    ages = pd.DataFrame({
        "idea_id": [1, 2, 3, 4], "position": [0, 0, 0, 0], "days": [47.0, 49.0, 51.0, 100.0],
        "visits": [1, 1, 1, 1], "condition": ["moving"] * 4,
        "band": pd.Categorical(["within_95", "within_95", "past", "past"], BANDS),
    })  # fmt: skip
    text = Text("X", "X")
    stages = [StageAges(StageBands("x", 0, text, (10.0, 40.0, 50.0), "observed", 30), 4, {}, {}, 0)]
    spec = ageing(SimpleNamespace(ages=ages, stages=stages, calendar=None), "#000")
    circles = spec["layer"][1]["data"]["values"]
    assert sorted((one["days"], one["n"]) for one in circles) == [(48, 2), (51, 1), (100, 1)]
