"""Axes and words that the charts of flow share: named places, months, and room for labels."""

import json
from datetime import date
from typing import Any

import altair as alt
import pandas as pd
from babel import dates

from sandkasse.charts.funnel import Spec
from sandkasse.i18n import (
    babel_locale,
)

Rows = list[dict[str, Any]]

DASHES = {"whole": [1, 0], "dashed": [6, 3], "dotted": [2, 2]}
#: Pixels that a named row takes.
ROW_HEIGHT = 64
#: Pixels that words to the right of the data take.
_WORDS = 118
_ROOM_END = f"last + (last - first) * {_WORDS} / max(width - {_WORDS}, 80)"
#: An axis that ends where the words to the right of its data do.
ROOM = alt.Scale(nice=False, domainMax=alt.ExprRef(_ROOM_END))
UTC_ROOM = alt.Scale(type="utc", nice=False, domainMax=alt.ExprRef(_ROOM_END))


def until_last(label: str) -> str:
    """The label only where there are data: nothing where there is room for words."""
    return f"datum.value > last ? '' : {label}"


def month_label() -> str:
    """Months and years in the language of the moment, in Vega's expression language."""
    names = [
        dates.get_month_names("abbreviated", locale=babel_locale())[month] for month in range(1, 13)
    ]
    listed = ", ".join(f"'{name}'" for name in names)
    return (
        f"[{listed}][utcmonth(datum.value)]"
        " + (utcmonth(datum.value) == 0 ? ' ' + utcyear(datum.value) : '')"
    )


def millis(day: date) -> int:
    """A day as the browser's own time axis has it."""
    return int(pd.Timestamp(day).timestamp() * 1000)


def named_places(names: tuple[str, ...], of: type[alt.X] | type[alt.Y], field: str) -> Any:
    """An axis with a named place at each whole number."""
    listed = json.dumps(names, ensure_ascii=False)
    narrow = f"width < {NARROW}"
    turned: dict[str, Any] = {
        "labelAngle": alt.ExprRef(f"{narrow} ? -55 : 0"),
        "labelAlign": alt.ExprRef(f"{narrow} ? 'right' : 'center'"),
        "labelBaseline": alt.ExprRef(f"{narrow} ? 'middle' : 'top'"),
    }
    return of(
        field, title=None,
        scale=alt.Scale(domain=[-0.5, len(names) - 0.5], nice=False, reverse=of is alt.Y),
        axis=alt.Axis(values=list(range(len(names))), labelExpr=f"{listed}[datum.value]",
                      grid=False, ticks=False, domain=False, labelLimit=110, labelOverlap=False,
                      **(turned if of is alt.X else {})),
    )  # fmt: skip


#: Under so many pixels the names of stages do not fit beside each other.
NARROW = 600


def apart(ends: Rows, of: str, least: float) -> Rows:
    """The labels at the ends of lines, so far from each other that they can be read."""
    placed: Rows = []
    for end in sorted(ends, key=lambda one: one[of]):
        lowest = placed[-1]["place"] + least if placed else 0.0
        placed.append({**end, "place": max(end[of], lowest)})
    return placed


def with_room(layout: Spec, first: float, last: float) -> Spec:
    """The layout told where its data begin and end, so that labels to the right of them have room
    however wide the chart is drawn; see :data:`ROOM`."""
    return {**layout, "params": [*layout.get("params", []), {"name": "first", "value": first},
                                 {"name": "last", "value": last}]}  # fmt: skip


def direct_labels(
    x: alt.X, of: str, place: str, axis: alt.Axis, scale: alt.Scale, colour: alt.Color, ink: str
) -> list[alt.Chart]:
    """Words to the right of the ends of lines, each with a stroke to its line."""
    strokes = (
        alt.Chart(alt.NamedData("strokes"))
        .mark_rule(xOffset=2, x2Offset=14, strokeWidth=2)
        .encode(x=x, x2=x.shorthand.split(":")[0],
                y=alt.Y(of, axis=axis, scale=scale), y2=place.split(":")[0], color=colour)
    )  # fmt: skip
    words = (
        alt.Chart(alt.NamedData("words"))
        .mark_text(align="left", dx=17, fontSize=12, color=ink)
        .encode(x=x, y=alt.Y(place, axis=axis, scale=scale), text="words:N")
    )
    return [strokes, words]
