"""Charts of the flow figures. Made as those in :mod:`sandkasse.charts.funnel` are."""

import json
import math
from collections import Counter
from functools import lru_cache
from typing import Any

import altair as alt
from babel import dates

from sandkasse import clock
from sandkasse.charts.funnel import Spec, filled, finished, grouped
from sandkasse.figures.flow.ageing import CONDITIONS, Ageing
from sandkasse.figures.flow.forecast import CHANCES, Forecast
from sandkasse.figures.flow.paths import IN, Path, Paths
from sandkasse.figures.flow.sentences import EXIT_WORDS, place_text
from sandkasse.figures.flow.stock import Stock
from sandkasse.figures.flow.times import ADVANCED, ENDINGS, StageTimes
from sandkasse.figures.flow.trend import CohortTrend
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

Rows = list[dict[str, Any]]

ENDING_WORDS = {ADVANCED: N_("Went on"), **EXIT_WORDS}
_ENDING_COLOURS = {
    ADVANCED: "#2a78b5",
    "completed": "#2f9e77",
    "declined": "#8d5a97",
    "withdrawn": "#c07fb8",
    "closed": "#7d838c",
    "merged": "#b0762a",
}

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
_ROOM = 1.2


def times(figure: StageTimes, ink: str) -> Spec:
    """For whom a stay in a stage had ended in which way, by days: a curve a way, with its band."""
    rows, ends = [], []
    used = [curve.ending for curve in figure.curves]
    for curve in figure.curves:
        name = _(ENDING_WORDS[curve.ending])
        rows += [
            {"days": day, "share": share, "low": low, "high": high, "ending": name}
            for day, share, low, high in zip(
                curve.days, curve.share, curve.low, curve.high, strict=True
            )
        ]
        ends.append(
            {"days": curve.days[-1], "share": curve.share[-1], "ending": name,
             "words": f"{name} {percent_text(curve.share[-1])}"}
        )  # fmt: skip
    names = tuple((_(ENDING_WORDS[one]), _ENDING_COLOURS[one]) for one in ENDINGS if one in used)
    band = [row for row in rows if row["ending"] == _(ENDING_WORDS[ADVANCED])]
    # An empty label further out makes room for the others.
    room = {"days": figure.curves[0].days[-1] * _ROOM, "place": 0.0, "words": ""}
    return filled(_times_layout(language(), names, ink), band, rows, [*_apart(ends), room])


def _apart(ends: Rows) -> Rows:
    """The labels at the ends of the curves, so far from each other that they can be read."""
    placed: Rows = []
    for end in sorted(ends, key=lambda one: one["share"]):
        least = placed[-1]["place"] + 0.06 if placed else 0.0
        placed.append({**end, "place": max(end["share"], least)})
    return placed


@lru_cache(maxsize=64)
def _times_layout(_language: str, names: tuple[tuple[str, str], ...], ink: str) -> Spec:
    colour = alt.Color(
        "ending:N", legend=None,
        scale=alt.Scale(domain=[name for name, _ in names], range=[one for _, one in names]),
    )  # fmt: skip
    x = alt.X("days:Q", title=_("Days since first coming to the stage"),
              axis=alt.Axis(labelExpr=grouped()))  # fmt: skip
    axis, scale = alt.Axis(format="%", tickCount=5), alt.Scale(domain=[0, 1])
    band = (
        alt.Chart(alt.NamedData("band"))
        .mark_area(interpolate="step-after", opacity=0.18)
        .encode(x=x, y=alt.Y("low:Q", title=_("Share of those who came"), axis=axis, scale=scale),
                y2="high:Q", color=colour)
    )  # fmt: skip
    curves = (
        alt.Chart(alt.NamedData("curves"))
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(x=x, y=alt.Y("share:Q", axis=axis, scale=scale), color=colour)
    )
    labels = (
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="left", dx=6, fontSize=12, color=ink)
        .encode(x=x, y=alt.Y("place:Q", axis=axis, scale=scale), text="words:N")
    )
    return finished(alt.layer(band, curves, labels).properties(height=300))


def ageing(figure: Ageing, ink: str) -> Spec:
    """Open ideas by stage and age: a circle for those of much the same age, with the stage's bands
    as lines across."""
    oldest = max(float(figure.ages["days"].max()), 1.0)
    width = oldest / _AGE_BINS
    together = Counter(
        zip(figure.ages["position"].tolist(), (figure.ages["days"] // width).astype(int).tolist(),
            figure.ages["condition"].tolist(), strict=True)
    )  # fmt: skip
    names = [one.bands.name.in_(language()) for one in figure.stages]
    rows = [
        {"x": position + _ASIDE[condition], "days": (bin_ + 0.5) * width, "n": n,
         "stage": names[position], "condition": _(CONDITION_WORDS[condition]),
         "words": number_text(n), "age": number_text((bin_ + 0.5) * width)}
        for (position, bin_, condition), n in together.items()
    ]  # fmt: skip
    lines = []
    for one in figure.stages:
        for level, days in zip(("50 %", "85 %", "95 %"), one.bands.days, strict=True):
            if days is not None and days <= oldest * 1.4:
                words = level if one.bands.source == "observed" else _("expected")
                at = one.bands.position
                lines.append({"x": at - 0.42, "to": at + 0.42, "days": days, "words": words})
    unit = _("Days in the stage") if figure.calendar is None else _("Study weeks in the stage")
    return filled(_ageing_layout(language(), tuple(names), unit, ink), lines, rows, lines)


_ASIDE = {"moving": -0.24, "agency": -0.08, "on_hold": 0.08, "stale": 0.24}


def _places(names: tuple[str, ...]) -> alt.X:
    """An axis with a named place at each whole number."""
    listed = json.dumps(names, ensure_ascii=False)
    return alt.X(
        "x:Q", title=None, scale=alt.Scale(domain=[-0.5, len(names) - 0.5], nice=False),
        axis=alt.Axis(values=list(range(len(names))), labelExpr=f"{listed}[datum.value]",
                      grid=False, ticks=False, domain=False, labelLimit=110),
    )  # fmt: skip


@lru_cache(maxsize=64)
def _ageing_layout(_language: str, stages: tuple[str, ...], unit: str, ink: str) -> Spec:
    conditions = [_(CONDITION_WORDS[one]) for one in CONDITIONS]
    x = _places(stages)
    y = alt.Y("days:Q", title=unit, axis=alt.Axis(labelExpr=grouped()))
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_rule(strokeWidth=2, color=ink, opacity=0.45)
        .encode(x=x, x2="to:Q", y=y)
    )
    circles = (
        alt.Chart(alt.NamedData("circles"))
        .mark_circle(opacity=0.75)
        .encode(
            x=x, y=y,
            size=alt.Size("n:Q", legend=None, scale=alt.Scale(range=[30, 400])),
            color=alt.Color(
                "condition:N", title=None,
                scale=alt.Scale(domain=conditions, range=list(_CONDITION_COLOURS)),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=[
                alt.Tooltip("stage:N", title=_("Stage")),
                alt.Tooltip("age:N", title=_("{unit}, about").format(unit=unit)),
                alt.Tooltip("condition:N", title=_("What it does")),
                alt.Tooltip("words:N", title=_("Ideas")),
            ],
        )
    )  # fmt: skip
    marks = (
        alt.Chart(alt.NamedData("marks"))
        .mark_text(align="right", dy=-7, fontSize=11, color=ink)
        .encode(x=alt.X("to:Q"), y=y, text="words:N")
    )
    return finished(alt.layer(lines, circles, marks).properties(height=360))


def stock(figure: Stock, _ink: str) -> Spec:
    """What was in each stage at the end of each period: areas on top of each other."""
    stages = [(stage.id, stage.name.in_(language())) for stage in figure.journey.stages]
    rows = [
        {"period": period.isoformat(), "stage": name, "n": int(n), "place": place,
         "words": number_text(n), "when": date_text(period.date())}
        for place, (stage_id, name) in enumerate(stages)
        for period, n in zip(figure.periods["period"], figure.periods[stage_id], strict=True)
    ]  # fmt: skip
    # A period's column reaches to the next, so the last one needs an end.
    latest = rows[len(figure.periods) - 1 :: len(figure.periods)]
    rows += [{**row, "period": clock.local(figure.as_of).date().isoformat()} for row in latest]
    layout = _stock_layout(language(), tuple(name for _id, name in stages))
    return filled(layout, rows)


@lru_cache(maxsize=64)
def _stock_layout(_language: str, stages: tuple[str, ...]) -> Spec:
    colours = [_STAGE_COLOURS[place % len(_STAGE_COLOURS)] for place in range(len(stages))]
    chart = (
        alt.Chart(alt.NamedData("stock"))
        .mark_area(interpolate="step-after", line=False)
        .encode(
            x=alt.X("period:T", title=None, axis=alt.Axis(labelExpr=_month_label())),
            y=alt.Y("n:Q", stack="zero", title=_("Ideas in the journey"),
                    axis=alt.Axis(labelExpr=grouped(), tickMinStep=1)),
            color=alt.Color(
                "stage:N", title=None, sort=list(stages),
                scale=alt.Scale(domain=list(stages), range=colours),
                legend=alt.Legend(orient="top", columns=4),
            ),
            order=alt.Order("place:Q", sort="descending"),
            tooltip=[
                alt.Tooltip("when:N", title=_("Period that begins")),
                alt.Tooltip("stage:N", title=_("Stage")),
                alt.Tooltip("words:N", title=_("Ideas")),
            ],
        )
    )  # fmt: skip
    return finished(alt.layer(chart).properties(height=320))


def _month_label() -> str:
    """Months and years in the language of the moment, in Vega's expression language."""
    names = [
        dates.get_month_names("abbreviated", locale=babel_locale())[month] for month in range(1, 13)
    ]
    listed = ", ".join(f"'{name}'" for name in names)
    return (
        f"[{listed}][month(datum.value)] + (month(datum.value) == 0 ? ' ' + year(datum.value) : '')"
    )


def trend(figure: CohortTrend, ink: str) -> Spec:
    """Each quarter's cohort: the share that reached the stage, hatched for those on their way."""
    parts = {"reached": _("Reached it"), "open": _("Still on the way"), "left": _("Left before")}
    rows: Rows = []
    shares = []
    for one in figure.quarters:
        if not one.n:
            continue
        counts = {"reached": one.reached, "open": one.open, "left": one.left}
        begins = 0.0
        name = quarter_text(one.first_day)
        for part, n in counts.items():
            rows.append(
                {"quarter": name, "part": parts[part], "from": begins, "to": begins + n / one.n,
                 "words": f"{number_text(n)}/{number_text(one.n)}"}
            )  # fmt: skip
            begins += n / one.n
        shares.append({"quarter": name, "to": 1.0, "words": f"n = {number_text(one.n)}"})
    order = tuple(dict.fromkeys(row["quarter"] for row in rows))
    solid = [row for row in rows if row["part"] != parts["open"]]
    hatched = [row for row in rows if row["part"] == parts["open"]]
    layout = _trend_layout(language(), order, tuple(parts.values()), ink)
    return filled(layout, solid, hatched, shares)


def _hatch() -> alt.Gradient:
    """Diagonal stripes, as a gradient that changes at once."""
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
    x = alt.X("quarter:N", sort=list(order), title=_("Quarter in which they came in"),
              axis=alt.Axis(labelAngle=0))  # fmt: skip
    y = alt.Y("from:Q", title=_("Share of the cohort"), axis=alt.Axis(format="%", tickCount=5))
    reached, on_the_way, left = parts
    tips = [
        alt.Tooltip("quarter:N", title=_("Quarter")),
        alt.Tooltip("part:N", title=_("What became of them")),
        alt.Tooltip("words:N", title=_("Ideas")),
    ]
    solid = (
        alt.Chart(alt.NamedData("solid"))
        .mark_bar()
        .encode(
            x=x, y=y, y2="to:Q", tooltip=tips,
            color=alt.Color(
                "part:N", title=None,
                scale=alt.Scale(domain=[reached, on_the_way, left],
                                range=["#2a78b5", "#e0a83e", "#8a8f98"]),
                legend=alt.Legend(orient="top"),
            ),
        )
    )  # fmt: skip
    hatched = (
        alt.Chart(alt.NamedData("hatched"))
        .mark_bar(color=_hatch(), stroke="#b07d1c", strokeWidth=1)
        .encode(x=x, y=y, y2="to:Q", tooltip=tips)
    )
    counts = (
        alt.Chart(alt.NamedData("counts"))
        .mark_text(dy=-7, fontSize=11, color=ink)
        .encode(x=x, y=alt.Y("to:Q"), text="words:N")
    )
    return finished(alt.layer(solid, hatched, counts).properties(height=300))


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
    return filled(_paths_layout(language(), names, ink), rows, dots)


_WAY_WORDS = {"forward": N_("Forward"), "back": N_("Back"), "out": N_("Out of the journey")}
_STEPS = 12


def _way(place: dict[str, int], path: Path) -> tuple[str, list[tuple[float, float]]]:
    """What kind of way a path is, and the points of its line: an arc, or, out of the journey, a
    stroke down beside those of the other ways out."""
    begins = float(place[path.origin])
    if path.target not in place:
        aside = begins + 0.09 * (EXIT_KINDS.index(path.target) - 2)
        return "out", [(aside, -0.05), (aside, -0.5)]
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
    x, y = _places(names), alt.Y("y:Q", axis=None)
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
    return finished(alt.layer(arcs, dots.encode(x=x, y=y)).properties(height=360))


def forecast(figure: Forecast, ink: str) -> Spec:
    """How many will have come by then: a line for each chance."""
    names = {chance: percent_text(chance) for chance in CHANCES}
    rows = [
        {"day": day.isoformat(), "n": n, "chance": names[chance], "words": number_text(n),
         "when": date_text(day)}
        for day, then in figure.fan
        for chance, n in then.items()
    ]  # fmt: skip
    ends = [{**row, "words": f"{row['chance']}: {row['words']}"} for row in rows[-len(CHANCES) :]]
    return filled(_forecast_layout(language(), tuple(names.values()), ink), rows, ends)


@lru_cache(maxsize=64)
def _forecast_layout(_language: str, names: tuple[str, ...], ink: str) -> Spec:
    x = alt.X("day:T", title=None, axis=alt.Axis(labelExpr=_month_label(), tickCount="month"))
    y = alt.Y("n:Q", title=_("Ideas that will have come, at least"),
              axis=alt.Axis(labelExpr=grouped()), scale=alt.Scale(zero=False))  # fmt: skip
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(strokeWidth=2)
        .encode(
            x=x, y=y,
            color=alt.Color("chance:N", legend=None, sort=list(names),
                            scale=alt.Scale(domain=list(names),
                                            range=["#2a78b5", "#2f9e77", "#8d5a97"])),
            strokeDash=alt.StrokeDash("chance:N", legend=None, sort=list(names)),
            tooltip=[alt.Tooltip("when:N", title=_("Day")),
                     alt.Tooltip("chance:N", title=_("Certainty")),
                     alt.Tooltip("words:N", title=_("Ideas, at least"))],
        )
    )  # fmt: skip
    labels = (
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="right", dy=-8, fontSize=12, color=ink)
        .encode(x=x, y=y, text="words:N")
    )
    return finished(alt.layer(lines, labels).properties(height=280))
