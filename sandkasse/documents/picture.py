"""Charts as pictures, drawn by the same program as on screens."""

import json
from functools import lru_cache

import vl_convert

from sandkasse.charts.funnel import Spec

#: Pixels for each of a chart's own: sharp in print at the size it has in a document.
SCALE = 2.0

_CONFIG = {
    # The drawing library brings this one along, so that charts look alike on every machine.
    "font": "Liberation Sans, Arial, sans-serif",
    "background": "#ffffff",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal",
        "labelColor": "#15232d", "titleColor": "#15232d", "gridColor": "#dfe4e8",
        "domainColor": "#8a8f98", "tickColor": "#8a8f98",
    },
    "legend": {"labelFontSize": 12, "labelColor": "#15232d", "labelLimit": 260},
}  # fmt: skip


#: Pixels of the plot itself, beside which are axes and legend: in a slide's half, and across a
#: page, words then have the size of the text around.
_WIDTH, _HEIGHT, _LEAST = 470, 300, 60


def png(chart: Spec) -> bytes:
    """The chart as a PNG, black on white. Nothing is fetched from anywhere."""
    height = min(_HEIGHT, max(chart.get("height", _HEIGHT), _LEAST))
    return _drawn(json.dumps({**chart, "width": _WIDTH, "height": height}))


@lru_cache(maxsize=32)
def _drawn(chart: str) -> bytes:
    """Minutes and slides show the same charts: each is drawn once."""
    return bytes(
        vl_convert.vegalite_to_png(chart, scale=SCALE, config=_CONFIG, allowed_base_urls=[])
    )
