"""Charts of the figures, as Vega-Lite specifications ready to draw.

A chart's layout is built once for its stages, parts and language, because that takes longer than
reading its figures; the figures are then put into it as named data. Numbers are written in the
reader's language in the data itself, because a browser's charts speak English.
"""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd
from babel import dates

from sandkasse.figures import CohortFunnel, Snapshot
from sandkasse.i18n import N_, _, babel_locale, language, number_text, percent_text

Spec = dict[str, Any]

PARTS = {
    "advanced": N_("Went on"),
    "open": N_("Still open"),
    "left:completed": N_("Completed"),
    "left:declined": N_("Declined"),
    "left:withdrawn": N_("Withdrawn"),
    "left:closed": N_("Closed"),
    "left:merged": N_("Merged"),
}

# Told apart by the colour-blind as well. The lighter ones stand out from a light ground by their
# outline, which is in the colour of words.
_COLOURS = {
    "advanced": "#1265a8",
    "open": "#e0a83e",
    "left:completed": "#369d64",
    "left:declined": "#854f7a",
    "left:withdrawn": "#c090cc",
    "left:closed": "#909497",
    "left:merged": "#c8ccd5",
    "active": "#2a78b5",
    "on_hold": "#e0a83e",
    "entered": "#2f9e77",
    "forward": "#2a78b5",
    "back": "#e0a83e",
    "left": "#8d5a97",
    "reopened": "#8a8f98",
}

_STAGE_HEIGHT = 46


def cohort(figure: CohortFunnel, ink: str) -> Spec:
    """How far each of a cohort came: a bar a stage, parted into went on, still open, and left.

    ``ink`` is the colour of the words beside the bars.
    """
    rows, ends = [], []
    for stage in figure.stages:
        name = stage.name.in_(language())
        counts = {
            "advanced": stage.advanced,
            "open": stage.open,
            **{f"left:{kind}": n for kind, n in stage.left.items()},
        }
        for place, part in enumerate(PARTS):
            if counts.get(part):
                rows.append(_row(name, stage.stage_id, part, _(PARTS[part]), counts[part], place))
        share = "" if stage.share_of_first is None else f" · {percent_text(stage.share_of_first)}"
        ends.append(
            {"stage": name, "n": stage.reached, "words": number_text(stage.reached) + share}
        )
    order = [stage.name.in_(language()) for stage in figure.stages]
    used = [part for part in PARTS if any(row["part_id"] == part for row in rows)]
    return _bars(rows, ends, order, used, PARTS, ink)


NOW_PARTS = {"active": N_("Active"), "on_hold": N_("On hold")}


def snapshot(figure: Snapshot, ink: str) -> Spec:
    """What is where: a bar a stage, parted into active and on hold. ``ink`` as in a cohort."""
    rows, ends = [], []
    for stage in figure.stages:
        name = stage.name.in_(language())
        for place, (part, n) in enumerate((("active", stage.active), ("on_hold", stage.on_hold))):
            if n:
                rows.append(_row(name, stage.stage_id, part, _(NOW_PARTS[part]), n, place))
        total = stage.active + stage.on_hold
        ends.append({"stage": name, "n": total, "words": number_text(total)})
    order = [stage.name.in_(language()) for stage in figure.stages]
    used = [part for part in NOW_PARTS if any(row["part_id"] == part for row in rows)]
    return _bars(rows, ends, order, used, NOW_PARTS, ink)


def _row(stage: str, stage_id: str, part: str, words: str, n: int, place: int) -> dict[str, Any]:
    return {
        "stage": stage, "stage_id": stage_id, "part_id": part, "part": words, "n": n,
        "words": number_text(n), "place": place,
    }  # fmt: skip


def _bars(
    rows: list[dict[str, Any]],
    ends: list[dict[str, Any]],
    order: list[str],
    used: list[str],
    words: dict[str, str],
    ink: str,
) -> Spec:
    parts = tuple((_(words[part]), _COLOURS[part]) for part in used)
    layout = _bars_layout(language(), tuple(order), parts, ink)
    return filled(layout, rows, ends)


@lru_cache(maxsize=64)
def _bars_layout(
    _language: str, order: tuple[str, ...], parts: tuple[tuple[str, str], ...], ink: str
) -> Spec:
    """Bars for the data ``bars``, with words at their ``ends``; parts are words and colours."""
    picked = alt.selection_point(name="picked", fields=["stage_id", "part_id"], toggle=False)
    axis_y = alt.Y("stage:N", sort=list(order), title=None, axis=alt.Axis(labelLimit=170))
    names = [words for words, _colour in parts]
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_bar(cursor="pointer", height={"band": 0.62}, stroke=ink, strokeWidth=0.8)
        .encode(
            y=axis_y,
            x=alt.X(
                "n:Q",
                stack="zero",
                title=_("Number of ideas"),
                axis=alt.Axis(tickMinStep=1, tickCount=5, labelExpr=grouped(), grid=True),
            ),
            color=alt.Color(
                "part:N",
                title=None,
                sort=names,
                scale=alt.Scale(domain=names, range=[colour for _words, colour in parts]),
                # As thin as the bars' own: else the swatch is nearly all edge.
                legend=legend(symbolStrokeWidth=0.8),
            ),
            order=alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("stage:N", title=_("Stage")),
                alt.Tooltip("part:N", title=_("What became of them")),
                alt.Tooltip("words:N", title=_("Ideas")),
            ],
            opacity=alt.condition(picked, alt.value(1), alt.value(0.45)),
        )
        .add_params(picked)
    )
    labels = (
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="left", dx=6, color=ink, fontSize=12)
        .encode(y=axis_y, x=alt.X("n:Q"), text="words:N")
    )
    return finished(alt.layer(bars, labels).properties(height=_STAGE_HEIGHT * max(len(order), 1)))


ACTIVITY_PARTS = {
    "entered": N_("Came in"),
    "forward": N_("Went on"),
    "back": N_("Went back"),
    "left": N_("Left"),
    "reopened": N_("Reopened"),
}


def activity(series: pd.DataFrame, _ink: str) -> Spec:
    """What moved, a group of columns a month: of what :func:`figures.activity_series` gives."""
    periods = [_month(period) for period in series["period"]]
    rows = [
        {"period": period, "part": _(words), "part_id": part, "n": int(n), "words": number_text(n)}
        for part, words in ACTIVITY_PARTS.items()
        for period, n in zip(periods, series[part], strict=True)
        if n
    ]
    layout = _columns_layout(language(), tuple(periods))
    return filled(layout, rows)


@lru_cache(maxsize=64)
def _columns_layout(_language: str, periods: tuple[str, ...]) -> Spec:
    """A group of columns a period for the data ``columns``."""
    names = [_(words) for words in ACTIVITY_PARTS.values()]
    chart = (
        alt.Chart(alt.NamedData("columns"))
        .mark_bar()
        .encode(
            x=alt.X("period:N", sort=list(periods), title=None, axis=alt.Axis(labelAngle=0)),
            xOffset=alt.XOffset("part:N", sort=names),
            y=alt.Y(
                "n:Q",
                title=_("Number of moves"),
                axis=alt.Axis(tickMinStep=1, tickCount=5, labelExpr=grouped()),
            ),
            color=alt.Color(
                "part:N",
                title=None,
                scale=alt.Scale(domain=names, range=[_COLOURS[part] for part in ACTIVITY_PARTS]),
                legend=legend(),
            ),
            tooltip=[
                alt.Tooltip("period:N", title=_("Period")),
                alt.Tooltip("part:N", title=_("What happened")),
                alt.Tooltip("words:N", title=_("Number of moves")),
            ],
        )
    )
    return finished(alt.layer(chart).properties(height=300))


def _month(period: pd.Timestamp) -> str:
    return dates.format_date(period.date(), "MMM yyyy", locale=babel_locale())


def legend(**more: Any) -> alt.Legend:
    """The legend above a chart, two columns wide so that it fits a phone."""
    return alt.Legend(orient="top", columns=2, **more)


def grouped(number: str = "datum.value") -> str:
    """A whole number with its thousands as the language writes them, in Vega's expression
    language."""
    mark = "\N{NO-BREAK SPACE}" if language() == "nb" else ","
    return f"replace(format({number}, ',.0f'), /,/g, '{mark}')"


def per_cent() -> str:
    """A share as per cent, as the language writes it, in Vega's expression language."""
    mark = "\N{NO-BREAK SPACE}%" if language() == "nb" else "%"
    return f"format(datum.value * 100, '.0f') + '{mark}'"


def filled(layout: Spec, *data: list[dict[str, Any]]) -> Spec:
    """The layout with the rows of each layer written into it. Streamlit turns named data into
    Arrow on every rerun, which for a few dozen rows is most of what a chart costs."""
    layers = [
        {**layer, "data": {"values": rows}}
        for layer, rows in zip(layout["layer"], data, strict=True)
    ]
    return {**{key: part for key, part in layout.items() if key != "data"}, "layer": layers}


def finished(chart: alt.TopLevelMixin) -> Spec:
    """The chart as a specification."""
    spec: Spec = chart.to_dict()
    return spec
