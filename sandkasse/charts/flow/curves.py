"""How long a stage takes: curves of going on and of leaving, with their bands."""

from functools import lru_cache

import altair as alt

from sandkasse.charts.flow.axes import (
    DASHES,
    ROOM,
    ROW_HEIGHT,
    Rows,
    apart,
    direct_labels,
    named_places,
    until_last,
    with_room,
)
from sandkasse.charts.funnel import Spec, filled, finished, grouped, legend, per_cent
from sandkasse.figures.flow.sentences import EXIT_WORDS
from sandkasse.figures.flow.times import ADVANCED, Curve, StageTimes
from sandkasse.figures.statistics import ENOUGH
from sandkasse.i18n import (
    N_,
    _,
    language,
    percent_text,
)
from sandkasse.people import LEVEL_NAMES
from sandkasse.themes import THEMES

ENDING_WORDS = {ADVANCED: N_("Went on"), **EXIT_WORDS}
#: The colour and the kind of line of each ending, so that neither alone tells them apart.
_ENDINGS = {
    ADVANCED: ("#2a78b5", "whole"),
    "completed": ("#2f9e77", "dotted"),
    "declined": ("#8d5a97", "dashed"),
    "withdrawn": ("#c8761f", "dotted"),
    "closed": ("#8a8f98", "dashed"),
    "merged": ("#8c6d31", "dotted"),
}


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
            rows += _row(place, on, _seen(gone_on))
        rows += _row(
            place, left, _seen(Curve(left, some.days, tuple(shares), *[tuple(shares)] * 2))
        )
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
    layout = with_room(_groups_layout(language(), names, (on, left), ink), 0, last)
    return filled(layout, guides, band, rows, ends)


def _row(place: int, ending: str, points: list[tuple[float, ...]]) -> Rows:
    return [
        {"days": day, "ending": ending, "way": f"{place} {ending}", "y": _height(place, share),
         "low": _height(place, low), "high": _height(place, high)}
        for day, share, low, high in points
    ]  # fmt: skip


def _height(place: int, share: float) -> float:
    """Where a share is drawn in a row; the axis runs downwards."""
    return round(place + 0.4 - 0.8 * share, 4)


@lru_cache(maxsize=64)
def _groups_layout(
    _language: str, names: tuple[str, ...], endings: tuple[str, str], ink: str
) -> Spec:
    x = alt.X("days:Q", title=_("Days since first coming to the stage"),
              scale=ROOM,
              axis=alt.Axis(labelExpr=until_last(grouped()), tickCount=5))  # fmt: skip
    y = named_places(names, alt.Y, "y:Q")
    colour = alt.Color(
        "ending:N", title=None, legend=legend(symbolOpacity=1),
        scale=alt.Scale(domain=list(endings), range=["#2a78b5", "#c8761f"]),
    )  # fmt: skip
    guides = (
        alt.Chart(alt.NamedData("guides"))
        .mark_rule(color=ink, opacity=0.25)
        .encode(x=x, x2="to:Q", y=y)
    )
    band = (
        alt.Chart(alt.NamedData("band"))
        .mark_area(interpolate="step-after", opacity=0.18)
        .encode(
            x=x, y=named_places(names, alt.Y, "low:Q"), y2="high:Q", color=colour, detail="way:N"
        )
    )
    curves = (
        alt.Chart(alt.NamedData("curves"))
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=x, y=y, color=colour, detail="way:N",
            strokeDash=alt.StrokeDash("ending:N", legend=None, scale=alt.Scale(
                domain=list(endings), range=[DASHES["whole"], DASHES["dashed"]])),
        )
    )  # fmt: skip
    ends = (
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="left", dx=6, fontSize=11, color=ink)
        .encode(x=x, y=y, text="words:N")
    )
    height = ROW_HEIGHT * max(len(names), 1)
    return finished(alt.layer(guides, band, curves, ends).properties(height=height))


def _curves(curves: dict[str, Curve], lines: tuple[tuple[str, str, str], ...], ink: str) -> Spec:
    rows = [
        {"days": day, "share": share, "low": low, "high": high, "ending": name}
        for name, curve in curves.items()
        for day, share, low, high in _seen(curve)
    ]
    last = max((curve.days[-1] for curve in curves.values()), default=1.0) or 1.0
    ends = [
        {"days": curve.days[-1], "share": curve.share[-1], "ending": name,
         "words": f"{name} {percent_text(curve.share[-1])}"}
        for name, curve in curves.items()
    ]  # fmt: skip
    labels = apart(ends, "share", 0.065)
    layout = with_room(_curves_layout(language(), lines, ink), 0, last)
    return filled(layout, rows, labels, labels)


#: A step of a curve that is lower than this is no pixel high.
_PIXEL = 0.003


def _seen(curve: Curve) -> list[tuple[float, ...]]:
    """The points of a curve, rounded, without the steps that are too low to be seen."""
    last = len(curve.days) - 1
    kept: list[tuple[float, ...]] = []
    for at, point in enumerate(zip(curve.days, curve.share, curve.low, curve.high, strict=True)):
        steps = at in (0, last) or any(
            abs(new - old) >= _PIXEL for new, old in zip(point[1:], kept[-1][1:], strict=True)
        )
        if steps:
            kept.append((round(point[0], 1), *(round(part, 4) for part in point[1:])))
    return kept


@lru_cache(maxsize=64)
def _curves_layout(_language: str, lines: tuple[tuple[str, str, str], ...], ink: str) -> Spec:
    names = [name for name, _colour, _dash in lines]
    colour = alt.Color(
        "ending:N", legend=None,
        scale=alt.Scale(domain=names, range=[colour for _name, colour, _dash in lines]),
    )  # fmt: skip
    dash = alt.StrokeDash(
        "ending:N", legend=None,
        scale=alt.Scale(domain=names, range=[DASHES[dash] for _name, _colour, dash in lines]),
    )  # fmt: skip
    x = alt.X("days:Q", title=_("Days since first coming to the stage"),
              scale=ROOM,
              axis=alt.Axis(labelExpr=until_last(grouped()), tickCount=5))  # fmt: skip
    axis, scale = alt.Axis(labelExpr=per_cent(), tickCount=5), alt.Scale(domain=[0, 1])
    y = alt.Y("share:Q", title=_("Share of those who came"), axis=axis, scale=scale)
    band = (
        alt.Chart()
        .mark_area(interpolate="step-after", opacity=0.16)
        .encode(x=x, y=alt.Y("low:Q", axis=axis, scale=scale), y2="high:Q", color=colour)
    )
    curves = (
        alt.Chart()
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(x=x, y=y, color=colour, strokeDash=dash)
    )
    labels = direct_labels(x, "share:Q", "place:Q", axis, scale, colour, ink)
    # Band and curves in one layer, so that their rows are sent once.
    drawn = alt.layer(band, curves, data=alt.NamedData("curves"))
    return finished(alt.layer(drawn, *labels).properties(height=300))
