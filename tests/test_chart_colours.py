"""The colours of the flow charts, on light and dark ground, and as the colour-blind see them."""

import itertools
import json
import re

import numpy as np
import numpy.typing as npt
import pytest

from sandkasse.charts import funnel
from sandkasse.charts.flow import ages, arcs, areas, cohorts, curves, fan

# Machado, Oliveira and Fernandes, A Physiologically-based Model for Simulation of Color Vision
# Deficiency, IEEE Transactions on Visualization and Computer Graphics 15 (2009), full severity.
SEEN_BY = {
    "protanopes": [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopes": [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopes": [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}  # fmt: skip
GROUNDS = ("#ffffff", "#0b141b")
INK = "#15232d"
ENDINGS = tuple((ending, *look) for ending, look in curves._ENDINGS.items())

#: The charts in which colour alone tells the parts apart, but for words in the legend.
BY_COLOUR = {
    "ages": ages._ageing_layout("en", ("A",), "Days", INK),
    "paths": arcs._paths_layout("en", ("A",), INK),
    "trend": cohorts._trend_layout("en", ("Q1",), ("a", "b", "c"), INK),
    "groups": curves._groups_layout("en", ("A",), ("on", "left"), INK),
}
#: Those in which colour tells the parts apart, and an outline parts them from the ground.
OUTLINED = {
    "cohort": funnel._bars_layout(
        "en", ("A",), tuple((part, funnel._COLOURS[part]) for part in funnel.PARTS), INK
    ),
    "snapshot": funnel._bars_layout(
        "en", ("A",), tuple((part, funnel._COLOURS[part]) for part in funnel.NOW_PARTS), INK
    ),
}
#: Those in which lines or direct words tell them apart as well.
BY_MORE = {
    "times": curves._curves_layout("en", ENDINGS, INK),
    "arrivals": areas._arrivals_layout("en", ("Jan",), ("a", "b", "c")),
    "forecast": fan._forecast_layout("en", ("a", "b", "c", "d"), INK),
}


def colours(layout: dict[str, object]) -> list[str]:
    """The colours of the parts, without that of words, which follows the ground."""
    ranges = re.findall(r'"range": (\["#[^\]]*\])', json.dumps(layout))
    found = itertools.chain.from_iterable(json.loads(each) for each in ranges)
    return [colour for colour in dict.fromkeys(found) if colour != INK]


def linear(colour: str) -> npt.NDArray[np.float64]:
    part = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """As WCAG 2.1 has it."""
    darker, lighter = sorted(
        float(np.dot(linear(colour), (0.2126, 0.7152, 0.0722))) for colour in (one, other)
    )
    return (lighter + 0.05) / (darker + 0.05)


def cielab(light: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """CIELAB of linear sRGB, for daylight."""
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
              [0.0193339, 0.1191920, 0.9503041]]  # fmt: skip
    ratio = np.array(to_xyz) @ np.clip(light, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("chart", [*BY_COLOUR, *BY_MORE])
def test_parts_stand_out_from_a_light_and_a_dark_ground(chart: str) -> None:
    # WCAG 2.1, 1.4.11: graphical objects have a contrast of at least 3 : 1.
    used = colours((BY_COLOUR | BY_MORE)[chart])
    assert used
    for colour, ground in itertools.product(used, GROUNDS):
        assert contrast(colour, ground) >= 3, (colour, ground)


@pytest.mark.parametrize("chart", OUTLINED)
def test_parts_that_are_outlined_are_so_in_the_colour_of_words(chart: str) -> None:
    assert OUTLINED[chart]["layer"][0]["mark"]["stroke"] == INK


@pytest.mark.parametrize("chart", [*BY_COLOUR, *OUTLINED])
@pytest.mark.parametrize("who", [*SEEN_BY, "everybody"])
def test_parts_that_colour_tells_apart_are_told_apart_by_the_colour_blind(
    chart: str, who: str
) -> None:
    seen = np.array(SEEN_BY.get(who, np.eye(3)))
    for one, other in itertools.combinations(colours((BY_COLOUR | OUTLINED)[chart]), 2):
        difference = cielab(seen @ linear(one)) - cielab(seen @ linear(other))
        # Ten times what is just noticeable.
        assert np.linalg.norm(difference) >= 20, (one, other)


def test_each_line_of_a_curve_chart_differs_in_dash_or_clearly_in_colour() -> None:
    for (_a, one, dash), (_b, other, other_dash) in itertools.combinations(ENDINGS, 2):
        if dash == other_dash:
            for seen in (*SEEN_BY.values(), np.eye(3)):
                difference = cielab(np.array(seen) @ linear(one)) - cielab(
                    np.array(seen) @ linear(other)
                )
                assert np.linalg.norm(difference) >= 12, (one, other)
