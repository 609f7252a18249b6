"""The chart of ages: what stands across a stage, and what it is called."""

import pytest

from sandkasse.charts.flow.ages import _band_lines
from sandkasse.figures.flow.ageing import StageBands
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
