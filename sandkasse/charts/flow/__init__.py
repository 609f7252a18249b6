"""Charts of the flow figures. Made as those in :mod:`sandkasse.charts.funnel` are."""

from sandkasse.charts.flow.ages import BAND_WORDS, CONDITION_WORDS, ageing
from sandkasse.charts.flow.forecast import forecast
from sandkasse.charts.flow.paths import paths
from sandkasse.charts.flow.stock import arrivals, stock
from sandkasse.charts.flow.times import times, times_by
from sandkasse.charts.flow.trend import trend

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
