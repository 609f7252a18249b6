"""Charts of the waiting figures: whose time it was, and how long agencies took by quarter.

Made as those in :mod:`sandkasse.charts.funnel` are.
"""

from functools import lru_cache

import altair as alt

from sandkasse.charts.funnel import Spec, filled, finished, legend
from sandkasse.figures import ENOUGH, waiting
from sandkasse.figures.waiting import PARTIES, PARTY_WORDS, Division, Trend
from sandkasse.i18n import _, language, ngettext_, number_text, percent_text, quarter_text

# One colour for each party wherever time is divided, told apart by lightness as well, and readable
# on light and dark ground.
_COLOURS = {
    "student": "#2a78b5",
    "mentor": "#2f9e77",
    "project": "#8d5a97",
    "agency": "#e0a83e",
    "parked": "#8a8f98",
}
_STAGE_HEIGHT = 46


def division(figure: Division, ink: str) -> Spec:
    """Whose the days of each stage were: a bar a stage, parted by party.

    A stage in which fewer than :data:`sandkasse.figures.ENOUGH` ideas were has no bar. ``ink`` is
    the colour of the words beside the bars.
    """
    rows, ends = [], []
    for stage in figure.stages:
        name, shares = stage.name.in_(language()), stage.shares
        ends.append({"stage": name, "share": 1.0, "words": f"n = {number_text(shares.n)}"})
        if shares.n < ENOUGH:
            continue
        for place, party in enumerate(PARTIES):
            if shares.days[party]:
                rows.append(
                    {
                        "stage": name, "stage_id": stage.stage_id, "part_id": party,
                        "part": _(PARTY_WORDS[party]), "share": shares.share(party),
                        "place": place, "words": percent_text(shares.share(party) or 0),
                        "days": number_text(shares.days[party]),
                    }
                )  # fmt: skip
    used = [party for party in PARTIES if any(row["part_id"] == party for row in rows)]
    order = tuple(stage.name.in_(language()) for stage in figure.stages)
    return filled(_division_layout(language(), order, tuple(used), ink), rows, ends)


@lru_cache(maxsize=64)
def _division_layout(
    _language: str, order: tuple[str, ...], used: tuple[str, ...], ink: str
) -> Spec:
    picked = alt.selection_point(name="picked", fields=["stage_id", "part_id"], toggle=False)
    names = [_(PARTY_WORDS[party]) for party in used]
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_bar(cursor="pointer", height={"band": 0.62})
        .encode(
            y=_stages(order),
            x=alt.X(
                "share:Q",
                stack="zero",
                scale=alt.Scale(domain=[0, 1]),
                title=_("Share of the days in the stage"),
                axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], labelExpr=_per_cent(), grid=True),
            ),
            color=alt.Color(
                "part:N",
                title=None,
                sort=names,
                scale=alt.Scale(domain=names, range=[_COLOURS[party] for party in used]),
                legend=legend(),
            ),
            order=alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("stage:N", title=_("Stage")),
                alt.Tooltip("part:N", title=_("Who had the ball")),
                alt.Tooltip("words:N", title=_("Share of the days")),
                alt.Tooltip("days:N", title=_("Days")),
            ],
            opacity=alt.condition(picked, alt.value(1), alt.value(0.45)),
        )
        .add_params(picked)
    )
    labels = (
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="left", dx=6, color=ink, fontSize=12)
        .encode(y=_stages(order), x=alt.X("share:Q"), text="words:N")
    )
    return finished(alt.layer(bars, labels).properties(height=_STAGE_HEIGHT * max(len(order), 1)))


def trend(figure: Trend, ink: str) -> Spec:
    """In how many days half of the matters sent in each quarter were decided, with how many they
    were; a quarter of which that cannot be said has no column."""
    rows, tops = [], []
    for one in figure.quarters:
        if one.median is None or one.median.time is None:
            continue
        name, days = quarter_text(one.begins), int(one.median.time)
        half = waiting.quantile_text(one.median)
        rows.append({"quarter": name, "days": days, "words": half, "n": number_text(one.n)})
        said = ngettext_("{n} day", "{n} days", days).format(n=number_text(days))
        tops.append({"quarter": name, "days": days, "words": said})
    layout = _trend_layout(
        language(), tuple(quarter_text(one.begins) for one in figure.quarters), ink
    )
    return filled(layout, rows, tops)


@lru_cache(maxsize=64)
def _trend_layout(_language: str, quarters: tuple[str, ...], ink: str) -> Spec:
    across = alt.X(
        "quarter:N",
        sort=list(quarters),
        scale=alt.Scale(domain=list(quarters)),
        title=_("Quarter in which they were sent"),
        axis=alt.Axis(labelAngle=0, labelOverlap=True),
    )
    columns = (
        alt.Chart(alt.NamedData("columns"))
        .mark_bar(color=_COLOURS["agency"], width={"band": 0.6})
        .encode(
            x=across,
            y=alt.Y("days:Q", title=_("Days until half were decided"), axis=alt.Axis(tickCount=5)),
            tooltip=[
                alt.Tooltip("quarter:N", title=_("Quarter")),
                alt.Tooltip("words:N", title=_("Half within days")),
                alt.Tooltip("n:N", title=_("Matters")),
            ],
        )
    )
    tops = (
        alt.Chart(alt.NamedData("tops"))
        .mark_text(dy=-8, color=ink, fontSize=12)
        .encode(x=across, y=alt.Y("days:Q"), text="words:N")
    )
    return finished(alt.layer(columns, tops).properties(height=240))


def _stages(order: tuple[str, ...]) -> alt.Y:
    return alt.Y("stage:N", sort=list(order), title=None, axis=alt.Axis(labelLimit=170))


def _per_cent() -> str:
    """A share as per cent in the language, in Vega's expression language."""
    mark = "\N{NO-BREAK SPACE}%" if language() == "nb" else "%"
    return f"format(datum.value * 100, 'd') + '{mark}'"
