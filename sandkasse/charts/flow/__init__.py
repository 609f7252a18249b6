"""Charts of the flow figures. Made as those in :mod:`sandkasse.charts.funnel` are."""

from sandkasse.charts.flow.ages import BAND_WORDS, CONDITION_WORDS, ageing
from sandkasse.charts.flow.arcs import paths
from sandkasse.charts.flow.areas import arrivals, stock
from sandkasse.charts.flow.cohorts import trend
from sandkasse.charts.flow.curves import times, times_by
from sandkasse.charts.flow.fan import forecast

__all__ = [
    "BAND_WORDS",
    "CONDITION_WORDS",
    "ageing",
    "arrivals",
    "forecast",
    "paths",
    "stock",
    "times",
    "times_by",
    "trend",
]
