"""Plain charts of a few numbers each, as documents show them, also where some are hidden.

Made as those in :mod:`sandkasse.charts.funnel` are. What is hidden is not in the data of the chart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import altair as alt

from sandkasse.charts.funnel import Spec, filled, finished, grouped, per_cent
from sandkasse.figures.flow.times import StageTimes
from sandkasse.i18n import _, language, number_text, percent_text

BLUE, SAND, GREEN, VIOLET, GREY = "#2a78b5", "#e0a83e", "#2f9e77", "#8d5a97", "#8a8f98"
#: What is hidden together, where its sum can be told.
PALE = "#cfd4d9"
_ROW_HEIGHT = 46
_INSIDE = 0.08


@dataclass(frozen=True)
class Part:
    """A part of a bar: its words and colour."""

    words: str
    colour: str


def bars(
    names: Sequence[str],
    parts: Sequence[Part],
    counts: Sequence[Sequence[float | None]],
    ends: Sequence[str],
    unit: str,
    ink: str,
) -> Spec:
    """A lying bar for each name, in parts, with words at its end.

    :param counts: for each name the length of each part; None is hidden, and has none.
    :param unit: what the lengths count; per cent where it is empty.
    """
    longest = max((sum(n or 0 for n in row) for row in counts), default=0) or 1
    rows, labels = [], []
    for name, row, words in zip(names, counts, ends, strict=True):
        begins = 0.0
        for part, n in zip(parts, row, strict=True):
            if not n:
                continue
            told = number_text(n) if unit else percent_text(n)
            rows.append({"name": name, "part": part.words, "from": begins, "to": begins + n,
                         "middle": begins + n / 2,
                         "words": told if n >= _INSIDE * longest else ""})  # fmt: skip
            begins += n
        labels.append({"name": name, "to": begins, "words": words})
    used = tuple(part for part in parts if any(row["part"] == part.words for row in rows))
    layout = _bars_layout(language(), tuple(names), used, unit, ink)
    return filled(layout, rows, rows, labels)


@lru_cache(maxsize=64)
def _bars_layout(
    _language: str, names: tuple[str, ...], parts: tuple[Part, ...], unit: str, ink: str
) -> Spec:
    y = alt.Y("name:N", sort=list(names), title=None, axis=alt.Axis(labelLimit=220))
    axis = (
        alt.Axis(tickMinStep=1, tickCount=5, labelExpr=grouped())
        if unit
        else alt.Axis(tickCount=5, labelExpr=per_cent())
    )
    x = alt.X("from:Q", title=unit or None, axis=axis)
    marks = (
        alt.Chart(alt.NamedData("bars"))
        .mark_bar(height={"band": 0.62})
        .encode(
            y=y, x=x, x2="to:Q",
            color=alt.Color(
                "part:N", title=None,
                scale=alt.Scale(domain=[one.words for one in parts],
                                range=[one.colour for one in parts]),
                legend=alt.Legend(orient="top") if len(parts) > 1 else None,
            ),
        )
    )  # fmt: skip
    # Black on sand and grey, white on the others: at least 4.5:1 on each.
    light = [one.words for one in parts if one.colour in (SAND, GREY, GREEN, PALE)]
    inside = (
        alt.Chart(alt.NamedData("inside"))
        .mark_text(fontSize=12)
        .encode(
            y=y, x=alt.X("middle:Q"), text="words:N",
            color=alt.condition(
                alt.FieldOneOfPredicate(field="part", oneOf=light),
                alt.value("#15232d"), alt.value("#ffffff"),
            ),
        )
    )  # fmt: skip
    labels = (
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="left", dx=6, fontSize=13, color=ink)
        .encode(y=y, x=alt.X("to:Q"), text="words:N")
    )
    layers = alt.layer(marks, inside, labels).properties(height=_ROW_HEIGHT * max(len(names), 1))
    return finished(layers)


def columns(
    names: Sequence[str], counts: Sequence[int | None], words: Sequence[str], unit: str, ink: str
) -> Spec:
    """A standing column for each name, with words on top; None is hidden, and has no column."""
    rows = [
        {"name": name, "n": n or 0, "words": told}
        for name, n, told in zip(names, counts, words, strict=True)
    ]
    x = alt.X("name:N", sort=list(names), title=None, axis=alt.Axis(labelAngle=0))
    y = alt.Y("n:Q", title=unit, axis=alt.Axis(tickMinStep=1, tickCount=5, labelExpr=grouped()))
    marks = (
        alt.Chart(alt.NamedData("columns"))
        .mark_bar(width={"band": 0.6}, color=BLUE)
        .encode(x=x, y=y)
    )
    tops = (
        alt.Chart(alt.NamedData("tops"))
        .mark_text(dy=-9, fontSize=13, color=ink)
        .encode(x=x, y=y, text="words:N")
    )
    return filled(finished(alt.layer(marks, tops).properties(height=280)), rows, rows)


def times(stages: Sequence[StageTimes], ink: str) -> Spec:
    """The days within which half have gone on from each stage, with the 95 % interval as a line
    and the days of 85 % as a ring. A stage of which that cannot be said has an empty row."""
    names = [stage.name.in_(language()) for stage in stages]
    known = [(name, one) for name, one in zip(names, stages, strict=True) if one.half.time]
    halves = [
        {"name": name, "days": one.half.time, "words": number_text(one.half.time or 0)}
        for name, one in known
    ]
    lines = [
        {"name": name, "days": one.half.low, "to": one.half.high}
        for name, one in known
        if one.half.low is not None and one.half.high is not None
    ]
    rings = [{"name": name, "days": one.most.time} for name, one in known if one.most.time]
    layout = _times_layout(language(), tuple(names), ink)
    return filled(layout, lines, halves, halves, rings)


@lru_cache(maxsize=64)
def _times_layout(_language: str, names: tuple[str, ...], ink: str) -> Spec:
    y = alt.Y("name:N", sort=list(names), title=None, scale=alt.Scale(domain=list(names)),
              axis=alt.Axis(labelLimit=220))  # fmt: skip
    title = _("Days; dot: half have gone on, line: 95 % interval, ring: 85 % have gone on")
    x = alt.X("days:Q", title=title, scale=alt.Scale(zero=True),
              axis=alt.Axis(labelExpr=grouped(), tickCount=6))  # fmt: skip
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_rule(strokeWidth=4, color=BLUE, opacity=0.45)
        .encode(y=y, x=x, x2="to:Q")
    )
    dots = (
        alt.Chart(alt.NamedData("dots")).mark_circle(size=160, color=BLUE, opacity=1)
        .encode(y=y, x=x)
    )  # fmt: skip
    labels = (
        alt.Chart(alt.NamedData("labels"))
        .mark_text(dy=-14, fontSize=13, color=ink)
        .encode(y=y, x=x, text="words:N")
    )
    rings = (
        alt.Chart(alt.NamedData("rings"))
        .mark_point(size=130, color=SAND, strokeWidth=3)
        .encode(y=y, x=x)
    )
    layers = alt.layer(lines, dots, labels, rings)
    return finished(layers.properties(height=_ROW_HEIGHT * max(len(names), 1)))
