"""What came, is there and went, period by period."""

from functools import lru_cache

import altair as alt
import pandas as pd
from babel import dates

from sandkasse import clock
from sandkasse.charts.flow.axes import (
    UTC_ROOM,
    Rows,
    apart,
    direct_labels,
    millis,
    month_label,
    until_last,
    with_room,
)
from sandkasse.charts.funnel import Spec, filled, finished, grouped, legend
from sandkasse.figures.flow.stock import Stock
from sandkasse.figures.movement import Unit
from sandkasse.i18n import (
    _,
    babel_locale,
    date_text,
    language,
    number_text,
)

# From light to dark along the journey, so that neighbours are told apart in grey as well.
_STAGE_COLOURS = ("#a9c9e2", "#7fb0d6", "#5596c6", "#2a78b5", "#1f5f93", "#174a75", "#0f3557")


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
    # A period's column reaches to the next, so the last one needs an end.
    begins = [period.date() for period in figure.periods["period"]]
    days = [millis(day) for day in [*begins, today]]
    when = [date_text(day) for day in [*begins, begins[-1]]]
    below = figure.periods["period"].map(lambda _period: 0)
    for column, name, _colour in places:
        above = below + figure.periods[column]
        low, high = ([*map(int, each), int(each.iloc[-1])] for each in (below, above))
        rows.append({"stage": name, "days": days, "low": low, "high": high, "whens": when})
        told = f"{name} {number_text(high[-1] - low[-1])}"
        ends.append({"period": today.isoformat(), "middle": (low[-1] + high[-1]) / 2,
                     "stage": name, "words": told})  # fmt: skip
        below = above
    most = max(int(below.max()), 1)
    labels = apart(ends, "middle", most * 0.052)
    colours = tuple((name, colour) for _column, name, colour in places)
    layout = with_room(_stock_layout(language(), colours, ink), millis(begins[0]), millis(today))
    return filled(layout, rows, labels, labels)


_OUT_COLOURS = {"completed": "#2f9e77", "left": "#8a8f98"}


@lru_cache(maxsize=64)
def _stock_layout(_language: str, stages: tuple[tuple[str, str], ...], ink: str) -> Spec:
    names = [name for name, _colour in stages]
    colour = alt.Color(
        "stage:N", legend=None, sort=names,
        scale=alt.Scale(domain=names, range=[colour for _name, colour in stages]),
    )  # fmt: skip
    x = alt.X("utcyearmonthdate(period):T", title=None, scale=UTC_ROOM,
              axis=alt.Axis(labelExpr=until_last(month_label()), tickCount=6))  # fmt: skip
    axis, scale = alt.Axis(labelExpr=grouped(), tickMinStep=1), alt.Scale(nice=False)
    chart = (
        alt.Chart(alt.NamedData("stock"))
        .transform_flatten(["days", "low", "high", "whens"], ["period", "from", "to", "when"])
        .transform_calculate(words=grouped("datum.to - datum.from"))
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
    labels = direct_labels(x, "middle:Q", "place:Q", axis, scale, colour, ink)
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
                legend=legend(),
            ),
            tooltip=[
                alt.Tooltip("period:N", title=_("Period that begins")),
                alt.Tooltip("part:N", title=_("What happened")),
                alt.Tooltip("words:N", title=_("Ideas")),
            ],
        )
    )  # fmt: skip
    return finished(alt.layer(chart).properties(height=200))
