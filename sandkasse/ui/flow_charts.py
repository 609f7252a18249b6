"""Charts of the flow figures. Made as those in :mod:`sandkasse.ui.charts` are."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd
from babel import dates

from sandkasse import clock
from sandkasse.figures.flow.ageing import CONDITIONS, Ageing
from sandkasse.figures.flow.forecast import CHANCES, Forecast
from sandkasse.figures.flow.paths import IN, Path, Paths
from sandkasse.figures.flow.sentences import EXIT_WORDS, place_text
from sandkasse.figures.flow.stock import Stock
from sandkasse.figures.flow.times import ADVANCED, Curve, StageTimes
from sandkasse.figures.flow.trend import CohortTrend
from sandkasse.figures.movement import Unit
from sandkasse.figures.statistics import ENOUGH
from sandkasse.i18n import (
    N_,
    _,
    babel_locale,
    date_text,
    language,
    number_text,
    percent_text,
    quarter_text,
)
from sandkasse.journeys import EXIT_KINDS
from sandkasse.people import LEVEL_NAMES
from sandkasse.themes import THEMES
from sandkasse.ui.charts import Spec, filled, finished, grouped

Rows = list[dict[str, Any]]

ENDING_WORDS = {ADVANCED: N_("Went on"), **EXIT_WORDS}
#: The colour and the kind of line of each ending, so that neither alone tells them apart.
_ENDINGS = {
    ADVANCED: ("#2a78b5", "whole"),
    "completed": ("#2f9e77", "dashed"),
    "declined": ("#8d5a97", "whole"),
    "withdrawn": ("#d9822b", "dashed"),
    "closed": ("#8a8f98", "whole"),
    "merged": ("#8c6d31", "dotted"),
}
_DASHES = {"whole": [1, 0], "dashed": [6, 3], "dotted": [2, 2]}

BAND_WORDS = {
    "within_50": N_("Within the time of half"),
    "within_85": N_("Within the time of 85 %"),
    "within_95": N_("Within the time of 95 %"),
    "past": N_("Longer than that"),
}
CONDITION_WORDS = {
    "moving": N_("Under way"),
    "agency": N_("Waiting for an agency"),
    "on_hold": N_("On hold"),
    "stale": N_("Stale"),
}
_CONDITION_COLOURS = ("#2a78b5", "#e0a83e", "#8a8f98", "#c2453f")

# From light to dark along the journey, so that neighbours are told apart in grey as well.
_STAGE_COLOURS = ("#a9c9e2", "#7fb0d6", "#5596c6", "#2a78b5", "#1f5f93", "#174a75", "#0f3557")
_AGE_BINS = 36
#: Pixels that words to the right of the data take.
_WORDS = 118
_ROOM_END = f"last + (last - first) * {_WORDS} / max(width - {_WORDS}, 80)"
#: An axis that ends where the words to the right of its data do.
_ROOM = alt.Scale(nice=False, domainMax=alt.ExprRef(_ROOM_END))
_UTC_ROOM = alt.Scale(type="utc", nice=False, domainMax=alt.ExprRef(_ROOM_END))


def times(figure: StageTimes, ink: str) -> Spec:
    """For whom a stay in a stage had ended in which way, by days: a curve a way, with its band."""
    curves = {_(ENDING_WORDS[curve.ending]): curve for curve in figure.curves}
    lines = tuple((name, *_ENDINGS[curve.ending]) for name, curve in curves.items())
    return _curves(curves, lines, ink)


def times_by(figure: dict[str, StageTimes], ink: str) -> Spec:
    """A row a level or theme: the share that had gone on from the stage by days, with its band, and
    the share that had left."""
    words = LEVEL_NAMES | THEMES
    shown = {
        group: {curve.ending: curve for curve in one.curves}
        for group, one in figure.items()
        if one.n >= ENOUGH and one.curves
    }
    on, left = _(ENDING_WORDS[ADVANCED]), _("Left")
    rows: Rows = []
    ends: Rows = []
    for place, curves in enumerate(shown.values()):
        some = next(iter(curves.values()))
        gone_on = curves.get(ADVANCED)
        out = [curve.share for ending, curve in curves.items() if ending != ADVANCED]
        shares = [sum(each) for each in zip(*out, strict=True)] or [0.0] * len(some.days)
        if gone_on is not None:
            rows += _row(place, on, gone_on.days, gone_on.share, gone_on.low, gone_on.high)
        rows += _row(place, left, some.days, shares, shares, shares)
        told = {on: gone_on.share[-1] if gone_on else 0.0, left: shares[-1]}
        ends += [
            {"days": some.days[-1], "y": _height(place, share), "words": percent_text(share)}
            for share in told.values()
        ]
    names = tuple(_(words.get(group, group)) for group in shown)
    last = max((row["days"] for row in rows), default=1.0) or 1.0
    guides = [
        {"days": 0.0, "to": last, "y": _height(place, share)}
        for place in range(len(names))
        for share in (0.0, 1.0)
    ]
    band = [row for row in rows if row["ending"] == on]
    layout = _with_room(_groups_layout(language(), names, (on, left), ink), 0, last)
    return filled(layout, guides, band, rows, ends)


def _row(
    place: int, ending: str, days: Sequence[float], *of: Sequence[float]
) -> Rows:  # fmt: skip
    return [
        {"days": day, "ending": ending, "way": f"{place} {ending}", "y": _height(place, share),
         "low": _height(place, low), "high": _height(place, high)}
        for day, share, low, high in zip(days, *of, strict=True)
    ]  # fmt: skip


def _height(place: int, share: float) -> float:
    """Where a share is drawn in a row; the axis runs downwards."""
    return place + 0.4 - 0.8 * share


@lru_cache(maxsize=64)
def _groups_layout(
    _language: str, names: tuple[str, ...], endings: tuple[str, str], ink: str
) -> Spec:
    x = alt.X("days:Q", title=_("Days since first coming to the stage"),
              scale=_ROOM,
              axis=alt.Axis(labelExpr=_until_last(grouped()), tickCount=5))  # fmt: skip
    y = _places(names, alt.Y, "y:Q")
    colour = alt.Color(
        "ending:N", title=None, legend=alt.Legend(orient="top", columns=2),
        scale=alt.Scale(domain=list(endings), range=["#2a78b5", "#d9822b"]),
    )  # fmt: skip
    guides = (
        alt.Chart(alt.NamedData("guides"))
        .mark_rule(color=ink, opacity=0.25)
        .encode(x=x, x2="to:Q", y=y)
    )
    band = (
        alt.Chart(alt.NamedData("band"))
        .mark_area(interpolate="step-after", opacity=0.18)
        .encode(x=x, y=_places(names, alt.Y, "low:Q"), y2="high:Q", color=colour, detail="way:N")
    )
    curves = (
        alt.Chart(alt.NamedData("curves"))
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=x, y=y, color=colour, detail="way:N",
            strokeDash=alt.StrokeDash("ending:N", legend=None, scale=alt.Scale(
                domain=list(endings), range=[_DASHES["whole"], _DASHES["dashed"]])),
        )
    )  # fmt: skip
    ends = (
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="left", dx=6, fontSize=11, color=ink)
        .encode(x=x, y=y, text="words:N")
    )
    height = _ROW * max(len(names), 1)
    return finished(alt.layer(guides, band, curves, ends).properties(height=height))


def _until_last(label: str) -> str:
    """The label only where there are data: nothing where there is room for words."""
    return f"datum.value > last ? '' : {label}"


def _curves(curves: dict[str, Curve], lines: tuple[tuple[str, str, str], ...], ink: str) -> Spec:
    rows = [
        {"days": day, "share": share, "low": low, "high": high, "ending": name}
        for name, curve in curves.items()
        for day, share, low, high in zip(
            curve.days, curve.share, curve.low, curve.high, strict=True
        )
    ]
    last = max((curve.days[-1] for curve in curves.values()), default=1.0) or 1.0
    ends = [
        {"days": curve.days[-1], "share": curve.share[-1], "ending": name,
         "words": f"{name} {percent_text(curve.share[-1])}"}
        for name, curve in curves.items()
    ]  # fmt: skip
    labels = _apart(ends, "share", 0.065)
    layout = _with_room(_curves_layout(language(), lines, ink), 0, last)
    return filled(layout, rows, rows, labels, labels)


def _apart(ends: Rows, of: str, least: float) -> Rows:
    """The labels at the ends of lines, so far from each other that they can be read."""
    placed: Rows = []
    for end in sorted(ends, key=lambda one: one[of]):
        lowest = placed[-1]["place"] + least if placed else 0.0
        placed.append({**end, "place": max(end[of], lowest)})
    return placed


def _with_room(layout: Spec, first: float, last: float) -> Spec:
    """The layout told where its data begin and end, so that labels to the right of them have room
    however wide the chart is drawn; see :data:`_ROOM`."""
    return {**layout, "params": [*layout.get("params", []), {"name": "first", "value": first},
                                 {"name": "last", "value": last}]}  # fmt: skip


@lru_cache(maxsize=64)
def _curves_layout(_language: str, lines: tuple[tuple[str, str, str], ...], ink: str) -> Spec:
    names = [name for name, _colour, _dash in lines]
    colour = alt.Color(
        "ending:N", legend=None,
        scale=alt.Scale(domain=names, range=[colour for _name, colour, _dash in lines]),
    )  # fmt: skip
    dash = alt.StrokeDash(
        "ending:N", legend=None,
        scale=alt.Scale(domain=names, range=[_DASHES[dash] for _name, _colour, dash in lines]),
    )  # fmt: skip
    x = alt.X("days:Q", title=_("Days since first coming to the stage"),
              scale=_ROOM,
              axis=alt.Axis(labelExpr=_until_last(grouped()), tickCount=5))  # fmt: skip
    axis, scale = alt.Axis(format="%", tickCount=5), alt.Scale(domain=[0, 1])
    y = alt.Y("share:Q", title=_("Share of those who came"), axis=axis, scale=scale)
    band = (
        alt.Chart(alt.NamedData("band"))
        .mark_area(interpolate="step-after", opacity=0.16)
        .encode(x=x, y=alt.Y("low:Q", axis=axis, scale=scale), y2="high:Q", color=colour)
    )
    curves = (
        alt.Chart(alt.NamedData("curves"))
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(x=x, y=y, color=colour, strokeDash=dash)
    )
    return finished(
        alt.layer(band, curves, *_labels(x, "share:Q", "place:Q", axis, scale, colour, ink))
        .properties(height=300)
    )  # fmt: skip


def _labels(
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


def ageing(figure: Ageing, ink: str) -> Spec:
    """Open ideas by stage and age: a circle for those of much the same age, a diamond for those who
    are in the stage again, with the stage's bands as lines across."""
    oldest = max(float(figure.ages["days"].max()), 1.0)
    width = oldest / _AGE_BINS
    ages = figure.ages
    together = Counter(
        zip(ages["position"].tolist(), (ages["days"] // width).astype(int).tolist(),
            ages["condition"].tolist(), (ages["visits"] > 1).tolist(), strict=True)
    )  # fmt: skip
    names = [one.bands.name.in_(language()) for one in figure.stages]
    stays = _stay_words()
    rows = [
        {"y": position + _ASIDE[condition], "days": (bin_ + 0.5) * width, "n": n,
         "stage": names[position], "condition": _(CONDITION_WORDS[condition]),
         "stay": stays[again], "words": number_text(n), "age": number_text((bin_ + 0.5) * width)}
        for (position, bin_, condition, again), n in together.items()
    ]  # fmt: skip
    lines = []
    for one in figure.stages:
        for level, days in zip(("50", "85", "95"), one.bands.days, strict=True):
            if days is not None and days <= oldest * 1.4:
                expected = one.bands.source == "expected"
                at = one.bands.position
                lines.append({
                    "y": at - 0.4, "to": at + 0.42, "days": days,
                    "words": _("expected") if expected else percent_text(int(level) / 100),
                })  # fmt: skip
    unit = _("Days in the stage") if figure.calendar is None else _("Study weeks in the stage")
    return filled(_ageing_layout(language(), tuple(names), unit, ink), lines, rows, lines)


def _stay_words() -> tuple[str, str]:
    return _("First stay"), _("In the stage again")


_ASIDE = {"moving": -0.18, "agency": -0.01, "on_hold": 0.16, "stale": 0.33}


def _places(names: tuple[str, ...], of: type[alt.X] | type[alt.Y], field: str) -> Any:
    """An axis with a named place at each whole number."""
    listed = json.dumps(names, ensure_ascii=False)
    narrow = f"width < {_NARROW}"
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
_NARROW = 600
_ROW = 64


@lru_cache(maxsize=64)
def _ageing_layout(_language: str, stages: tuple[str, ...], unit: str, ink: str) -> Spec:
    conditions = [_(CONDITION_WORDS[one]) for one in CONDITIONS]
    y = _places(stages, alt.Y, "y:Q")
    x = alt.X("days:Q", title=unit, axis=alt.Axis(labelExpr=grouped(), tickCount=6))
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_rule(strokeWidth=2, color=ink, opacity=0.5)
        .encode(x=x, y=y, y2="to:Q")
    )
    circles = (
        alt.Chart(alt.NamedData("circles"))
        .mark_point(filled=True, opacity=0.85)
        .encode(
            x=x, y=y,
            size=alt.Size("n:Q", legend=None, scale=alt.Scale(range=[45, 300])),
            color=alt.Color(
                "condition:N", title=None,
                scale=alt.Scale(domain=conditions, range=list(_CONDITION_COLOURS)),
                legend=alt.Legend(orient="top", columns=2),
            ),
            shape=alt.Shape(
                "stay:N", title=None,
                scale=alt.Scale(domain=list(_stay_words()), range=["circle", "diamond"]),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("stage:N", title=_("Stage")),
                alt.Tooltip("age:N", title=_("{unit}, about").format(unit=unit)),
                alt.Tooltip("condition:N", title=_("What it does")),
                alt.Tooltip("stay:N", title=_("Stay")),
                alt.Tooltip("words:N", title=_("Ideas")),
            ],
        )
    )  # fmt: skip
    marks = (
        alt.Chart(alt.NamedData("marks"))
        .mark_text(align="center", dy=-6, fontSize=10, color=ink)
        .encode(x=x, y=y, text="words:N")
    )
    return finished(alt.layer(lines, circles, marks).properties(height=_ROW * len(stages)))


def stock(figure: Stock, ink: str) -> Spec:
    """The cumulative flow: what was in each stage and out of the journey at the end of each period,
    as areas on top of each other, the last stage and the ways out lowest."""
    places = [
        ("left", _("Left otherwise"), _OUT_COLOURS["left"]),
        ("completed", _("Completed"), _OUT_COLOURS["completed"]),
        *((stage.id, stage.name.in_(language()), _STAGE_COLOURS[at % len(_STAGE_COLOURS)])
          for at, stage in reversed(list(enumerate(figure.journey.stages)))),
    ]  # fmt: skip
    rows: Rows = []
    ends: Rows = []
    today = clock.local(figure.as_of).date()
    below = figure.periods["period"].map(lambda _period: 0)
    for column, name, _colour in places:
        above = below + figure.periods[column]
        rows += [
            {"period": period.isoformat(), "stage": name, "from": int(low), "to": int(high),
             "words": number_text(int(high - low)), "when": date_text(period.date())}
            for period, low, high in zip(figure.periods["period"], below, above, strict=True)
        ]  # fmt: skip
        # A period's column reaches to the next, so the last one needs an end.
        rows.append({**rows[-1], "period": today.isoformat()})
        middle = (rows[-1]["from"] + rows[-1]["to"]) / 2
        ends.append({"period": today.isoformat(), "middle": middle, "stage": name,
                     "words": f"{name} {rows[-1]['words']}"})  # fmt: skip
        below = above
    most = max(int(below.max()), 1)
    labels = _apart(ends, "middle", most * 0.052)
    colours = tuple((name, colour) for _column, name, colour in places)
    begins = figure.periods["period"].iloc[0]
    layout = _with_room(_stock_layout(language(), colours, ink), _millis(begins), _millis(today))
    return filled(layout, rows, labels, labels)


_OUT_COLOURS = {"completed": "#2f9e77", "left": "#8a8f98"}


def _millis(day: date) -> int:
    """A day as the browser's own time axis has it."""
    return int(pd.Timestamp(day).timestamp() * 1000)


@lru_cache(maxsize=64)
def _stock_layout(_language: str, stages: tuple[tuple[str, str], ...], ink: str) -> Spec:
    names = [name for name, _colour in stages]
    colour = alt.Color(
        "stage:N", legend=None, sort=names,
        scale=alt.Scale(domain=names, range=[colour for _name, colour in stages]),
    )  # fmt: skip
    x = alt.X("utcyearmonthdate(period):T", title=None, scale=_UTC_ROOM,
              axis=alt.Axis(labelExpr=_until_last(_month_label()), tickCount=6))  # fmt: skip
    axis, scale = alt.Axis(labelExpr=grouped(), tickMinStep=1), alt.Scale(nice=False)
    chart = (
        alt.Chart(alt.NamedData("stock"))
        .mark_area(interpolate="step-after", stroke=ink, strokeWidth=0.6, line=False)
        .encode(
            x=x, y=alt.Y("from:Q", title=_("Ideas that had come in"), axis=axis, scale=scale),
            y2="to:Q", color=colour, detail="stage:N",
            tooltip=[
                alt.Tooltip("when:N", title=_("Period that begins")),
                alt.Tooltip("stage:N", title=_("Stage")),
                alt.Tooltip("words:N", title=_("Ideas")),
            ],
        )
    )  # fmt: skip
    labels = _labels(x, "middle:Q", "place:Q", axis, scale, colour, ink)
    return finished(alt.layer(chart, *labels).properties(height=360))


def arrivals(figure: Stock, _ink: str) -> Spec:
    """What came in (up) and what completed and left (down) in each period."""
    parts = {"entered": _("Came in"), "completed_now": _("Completed"),
             "left_now": _("Left otherwise")}  # fmt: skip
    names = [_period_text(period, figure.unit) for period in figure.periods["period"]]
    rows: Rows = []
    for column, name in parts.items():
        sign = 1 if column == "entered" else -1
        rows += [
            {"period": period, "part": name, "n": sign * int(n), "words": number_text(int(n))}
            for period, n in zip(names, figure.periods[column], strict=True)
            if n
        ]
    return filled(_arrivals_layout(language(), tuple(names), tuple(parts.values())), rows)


def _period_text(period: pd.Timestamp, unit: Unit) -> str:
    if unit == "week":
        return date_text(period.date())
    return str(dates.format_date(period.date(), "MMM yyyy", locale=babel_locale()))


@lru_cache(maxsize=64)
def _arrivals_layout(_language: str, periods: tuple[str, ...], parts: tuple[str, ...]) -> Spec:
    chart = (
        alt.Chart(alt.NamedData("arrivals"))
        .mark_bar()
        .encode(
            x=alt.X("period:O", sort=list(periods), title=None,
                    scale=alt.Scale(domain=list(periods)),
                    axis=alt.Axis(labelAngle=0, labelOverlap="greedy")),
            y=alt.Y("n:Q", stack="zero", title=_("Ideas in the period"),
                    axis=alt.Axis(labelExpr="abs(datum.value)", tickMinStep=1, tickCount=5)),
            color=alt.Color(
                "part:N", title=None, sort=list(parts),
                scale=alt.Scale(domain=list(parts), range=["#2a78b5", "#2f9e77", "#8a8f98"]),
                legend=alt.Legend(orient="top", columns=3),
            ),
            tooltip=[
                alt.Tooltip("period:N", title=_("Period that begins")),
                alt.Tooltip("part:N", title=_("What happened")),
                alt.Tooltip("words:N", title=_("Ideas")),
            ],
        )
    )  # fmt: skip
    return finished(alt.layer(chart).properties(height=200))


def _month_label() -> str:
    """Months and years in the language of the moment, in Vega's expression language."""
    names = [
        dates.get_month_names("abbreviated", locale=babel_locale())[month] for month in range(1, 13)
    ]
    listed = ", ".join(f"'{name}'" for name in names)
    return (
        f"[{listed}][utcmonth(datum.value)]"
        " + (utcmonth(datum.value) == 0 ? ' ' + utcyear(datum.value) : '')"
    )


def trend(figure: CohortTrend, ink: str) -> Spec:
    """Each quarter's cohort: the share that reached the stage, hatched for those on their way."""
    parts = {"reached": _("Reached it"), "open": _("Still on the way (hatched)"),
             "left": _("Left before")}  # fmt: skip
    rows: Rows = []
    ends: Rows = []
    for one in figure.quarters:
        if not one.n:
            continue
        counts = {"reached": one.reached, "open": one.open, "left": one.left}
        begins = 0.0
        name = quarter_text(one.first_day)
        for part, n in counts.items():
            if n:
                rows.append({
                    "quarter": name, "part": parts[part], "from": begins, "to": begins + n / one.n,
                    "middle": begins + n / one.n / 2, "n": number_text(n),
                    "words": f"{number_text(n)}/{number_text(one.n)}",
                })  # fmt: skip
            begins += n / one.n
        ends.append({"quarter": name, "to": 1.0, "words": f"n = {number_text(one.n)}"})
    order = tuple(row["quarter"] for row in ends)
    solid = [row for row in rows if row["part"] != parts["open"]]
    hatched = [row for row in rows if row["part"] == parts["open"]]
    layout = _trend_layout(language(), order, tuple(parts.values()), ink)
    spec = filled(layout, solid, hatched, solid, ends)
    return {**spec, "height": _BAR * max(len(order), 2)}


_BAR = 34


def _hatch() -> alt.Gradient:
    """Stripes, as a gradient that changes at once."""
    stripes = 24
    stops = []
    for stripe in range(stripes):
        colour = "#e0a83e" if stripe % 2 else "#fff4dc"
        stops += [
            alt.GradientStop(offset=stripe / stripes, color=colour),
            alt.GradientStop(offset=(stripe + 0.999) / stripes, color=colour),
        ]
    return alt.LinearGradient(gradient="linear", x1=0, y1=0, x2=1, y2=1, stops=stops)


@lru_cache(maxsize=64)
def _trend_layout(
    _language: str, order: tuple[str, ...], parts: tuple[str, str, str], ink: str
) -> Spec:
    y = alt.Y("quarter:N", sort=list(order), title=None, axis=alt.Axis(labelLimit=110))
    scale = alt.Scale(domain=[0, 1.16], nice=False)
    x = alt.X("from:Q", title=_("Share of the cohort"), scale=scale,
              axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]))  # fmt: skip
    reached, on_the_way, left = parts
    tips = [
        alt.Tooltip("quarter:N", title=_("Quarter")),
        alt.Tooltip("part:N", title=_("What became of them")),
        alt.Tooltip("words:N", title=_("Ideas")),
    ]
    solid = (
        alt.Chart(alt.NamedData("solid"))
        .mark_bar(height={"band": 0.74})
        .encode(
            x=x, y=y, x2="to:Q", tooltip=tips,
            color=alt.Color(
                "part:N", title=None,
                scale=alt.Scale(domain=[reached, on_the_way, left],
                                range=["#2a78b5", "#e0a83e", "#c3c8ce"]),
                legend=alt.Legend(orient="top", columns=2),
            ),
        )
    )  # fmt: skip
    hatched = (
        alt.Chart(alt.NamedData("hatched"))
        .mark_bar(color=_hatch(), stroke="#b07d1c", strokeWidth=1, height={"band": 0.74})
        .encode(x=x, y=y, x2="to:Q", tooltip=tips)
    )
    inside = (
        alt.Chart(alt.NamedData("inside"))
        .mark_text(fontSize=11)
        .encode(
            x=alt.X("middle:Q", scale=scale), y=y, text="n:N",
            color=alt.condition(f"datum.part === {json.dumps(reached)}",
                                alt.value("#ffffff"), alt.value("#15232d")),
        )
    )  # fmt: skip
    counts = (
        alt.Chart(alt.NamedData("counts"))
        .mark_text(align="left", dx=5, fontSize=11, color=ink)
        .encode(x=alt.X("to:Q", scale=scale), y=y, text="words:N")
    )
    return finished(alt.layer(solid, hatched, inside, counts).properties(height=300))


def paths(figure: Paths, ink: str) -> Spec:
    """The ways between places: arcs over the line of stages forward, under it back and out, the
    wider the more took them."""
    stages = [IN, *(stage.id for stage in figure.journey.stages)]
    place = {stage_id: at for at, stage_id in enumerate(stages)}
    most = max((one.n for one in figure.paths), default=1)
    rows: Rows = []
    for one in figure.paths:
        told = _("{origin} → {target}").format(
            origin=place_text(figure.journey, one.origin),
            target=place_text(figure.journey, one.target),
        )
        kind, points = _way(place, one)
        rows += [
            {"way": told, "step": step, "x": x, "y": y,
             "width": 1 + 13 * (one.n / most) ** 0.5, "kind": _(_WAY_WORDS[kind]),
             "words": number_text(one.n), "ideas": number_text(one.ideas),
             "stage_id": one.origin, "part_id": one.target}
            for step, (x, y) in enumerate(points)
        ]  # fmt: skip
    names = tuple(place_text(figure.journey, stage_id) for stage_id in stages)
    dots = [{"x": at, "y": 0} for at in place.values()]
    tops = [
        {**row, "aside": 1 if row["y"] > 0 else -1} for row in rows if row["step"] == _STEPS // 2
    ]
    out = Counter({one.origin: 0 for one in figure.paths})
    for one in figure.paths:
        if one.target not in place:
            out[one.origin] += one.n
    gone = [
        {"x": place[origin], "y": _OUT_ENDS - 0.1, "words": number_text(n)}
        for origin, n in out.items()
        if n
    ]
    return filled(_paths_layout(language(), names, ink), rows, dots, tops, gone)


_WAY_WORDS = {"forward": N_("Forward"), "back": N_("Back"), "out": N_("Out of the journey")}
_STEPS = 12
_OUT_ENDS = -0.5


def _way(place: dict[str, int], path: Path) -> tuple[str, list[tuple[float, float]]]:
    """What kind of way a path is, and the points of its line: an arc, or, out of the journey, a
    stroke down beside those of the other ways out."""
    begins = float(place[path.origin])
    if path.target not in place:
        aside = begins + 0.09 * (EXIT_KINDS.index(path.target) - 2)
        return "out", [(aside, -0.05), (aside, _OUT_ENDS)]
    ends = float(place[path.target])
    height = math.copysign(abs(ends - begins) ** 0.8, ends - begins)
    parts = [step / _STEPS for step in range(_STEPS + 1)]
    points = [
        (begins + (ends - begins) * part, height * (1 - (2 * part - 1) ** 2)) for part in parts
    ]
    return "forward" if ends > begins else "back", points


@lru_cache(maxsize=64)
def _paths_layout(_language: str, names: tuple[str, ...], ink: str) -> Spec:
    picked = alt.selection_point(name="picked", fields=["stage_id", "part_id"], toggle=False)
    x, y = _places(names, alt.X, "x:Q"), alt.Y("y:Q", axis=None)
    arcs = (
        alt.Chart(alt.NamedData("arcs"))
        .mark_line(interpolate="monotone", strokeCap="round", cursor="pointer")
        .encode(
            x=x, y=y, detail="way:N", order="step:Q",
            strokeWidth=alt.StrokeWidth("width:Q", scale=None, legend=None),
            opacity=alt.condition(picked, alt.value(0.75), alt.value(0.3)),
            color=alt.Color(
                "kind:N", title=None, legend=alt.Legend(orient="top"),
                scale=alt.Scale(domain=[_(one) for one in _WAY_WORDS.values()],
                                range=["#2a78b5", "#e0a83e", "#8a8f98"]),
            ),
            tooltip=[
                alt.Tooltip("way:N", title=_("Path")),
                alt.Tooltip("words:N", title=_("Number of moves")),
                alt.Tooltip("ideas:N", title=_("Ideas")),
            ],
        )
        .add_params(picked)
    )  # fmt: skip
    dots = alt.Chart(alt.NamedData("dots")).mark_circle(size=120, color=ink, opacity=1)
    tops = (
        alt.Chart(alt.NamedData("tops"))
        .mark_text(fontSize=11, color=ink, dy=alt.ExprRef("datum.aside > 0 ? -13 : 13"))
        .encode(x=x, y=y, text="words:N")
    )
    gone = (
        alt.Chart(alt.NamedData("gone"))
        .mark_text(fontSize=11, color=ink, dy=3)
        .encode(x=x, y=y, text="words:N")
    )
    return finished(alt.layer(arcs, dots.encode(x=x, y=y), tops, gone).properties(height=380))


def forecast(figure: Forecast, ink: str) -> Spec:
    """How many have come week by week, and will have by then: a line for each chance."""
    names = {chance: _("{chance} certain").format(chance=percent_text(chance))
             for chance in CHANCES}  # fmt: skip
    today = clock.local(figure.as_of).date()
    rows: Rows = [
        {"day": day.isoformat(), "n": n, "chance": names[chance], "words": number_text(n),
         "when": date_text(day)}
        for day, then in figure.fan
        for chance, n in then.items()
    ]  # fmt: skip
    shown = figure.weekly[-_WEEKS_BEFORE:]
    so_far = [figure.so_far - sum(shown[at:]) for at in range(len(shown) + 1)]
    past: Rows = [
        {"day": (today - timedelta(weeks=len(shown) - at)).isoformat(), "n": n,
         "chance": _("So far"), "words": number_text(n)}
        for at, n in enumerate(so_far)
    ]  # fmt: skip
    ends: Rows = [
        {**row, "words": f"{row['chance']}: {row['words']}"} for row in rows[-len(CHANCES) :]
    ]
    most = max(row["n"] for row in rows)
    labels = _apart(ends, "n", (most - past[0]["n"]) * 0.07)
    layout = _with_room(
        _forecast_layout(language(), (_("So far"), *names.values()), ink),
        _millis(today - timedelta(weeks=len(shown))), _millis(figure.fan[-1][0]),
    )  # fmt: skip
    return filled(layout, [*past, *rows], labels, labels)


#: Weeks behind that are drawn before those ahead.
_WEEKS_BEFORE = 26


@lru_cache(maxsize=64)
def _forecast_layout(_language: str, names: tuple[str, ...], ink: str) -> Spec:
    x = alt.X("utcyearmonthdate(day):T", title=None, scale=_UTC_ROOM,
              axis=alt.Axis(labelExpr=_until_last(_month_label()), tickCount=6))  # fmt: skip
    axis, scale = alt.Axis(labelExpr=grouped(), tickMinStep=1), alt.Scale(zero=False)
    colour = alt.Color(
        "chance:N", legend=None, sort=list(names),
        scale=alt.Scale(domain=list(names), range=[ink, "#2a78b5", "#2f9e77", "#8d5a97"]),
    )  # fmt: skip
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(strokeWidth=2)
        .encode(
            x=x, y=alt.Y("n:Q", title=_("Ideas that have come, at least"), axis=axis, scale=scale),
            color=colour,
            strokeDash=alt.StrokeDash(
                "chance:N", legend=None, sort=list(names),
                scale=alt.Scale(domain=list(names), range=[[1, 0], [1, 0], [6, 3], [2, 2]]),
            ),
            tooltip=[alt.Tooltip("when:N", title=_("Day")),
                     alt.Tooltip("chance:N", title=_("Certainty")),
                     alt.Tooltip("words:N", title=_("Ideas, at least"))],
        )
    )  # fmt: skip
    labels = _labels(x, "n:Q", "place:Q", axis, scale, colour, ink)
    return finished(alt.layer(lines, *labels).properties(height=300))
