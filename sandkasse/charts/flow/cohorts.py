"""Cohort after cohort."""

import json
from functools import lru_cache

import altair as alt

from sandkasse.charts.flow.axes import (
    Rows,
)
from sandkasse.charts.funnel import Spec, filled, finished, legend, per_cent
from sandkasse.figures.flow.trend import CohortTrend
from sandkasse.i18n import (
    _,
    language,
    number_text,
    quarter_text,
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
    for row in hatched:
        row["told"] = _("open {n}").format(n=row["n"]) if row["to"] - row["from"] >= _ROOM else ""
    layout = _trend_layout(language(), order, tuple(parts.values()), ink)
    spec = filled(layout, solid, hatched, solid, hatched, ends)
    return {**spec, "height": _BAR * max(len(order), 2)}


_BAR = 34
#: The part of the width that a word and a number take.
_ROOM = 0.09


def _hatch() -> alt.Gradient:
    """Stripes, as a gradient that changes at once."""
    stripes = 24
    stops = []
    for stripe in range(stripes):
        colour = "#c0801a" if stripe % 2 else "#fff4dc"
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
              axis=alt.Axis(labelExpr=per_cent(), values=[0, 0.25, 0.5, 0.75, 1]))  # fmt: skip
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
                                range=["#2a78b5", "#c0801a", "#8a8f98"]),
                legend=legend(),
            ),
        )
    )  # fmt: skip
    hatched = (
        alt.Chart(alt.NamedData("hatched"))
        .mark_bar(color=_hatch(), stroke="#8a5b10", strokeWidth=1, height={"band": 0.74})
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
    # Words on stripes are read on a ground of their own.
    told = alt.Chart().encode(x=alt.X("middle:Q", scale=scale), y=y, text="told:N")
    ground = told.mark_text(fontSize=11, stroke="#fff4dc", strokeWidth=5, strokeJoin="round")
    still_open = alt.layer(
        ground, told.mark_text(fontSize=11, color="#15232d"), data=alt.NamedData("open")
    )
    counts = (
        alt.Chart(alt.NamedData("counts"))
        .mark_text(align="left", dx=5, fontSize=11, color=ink)
        .encode(x=alt.X("to:Q", scale=scale), y=y, text="words:N")
    )
    return finished(alt.layer(solid, hatched, inside, still_open, counts).properties(height=300))
