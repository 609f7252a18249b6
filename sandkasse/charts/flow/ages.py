"""How old the open ideas are in their stages."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import altair as alt

from sandkasse.charts.flow.axes import (
    NARROW,
    ROW_HEIGHT,
    named_places,
)
from sandkasse.charts.funnel import Spec, filled, finished, grouped, legend
from sandkasse.figures.flow.ageing import CONDITIONS, Ageing, StageBands
from sandkasse.i18n import (
    N_,
    _,
    language,
    percent_text,
)

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
_CONDITION_COLOURS = ("#2a78b5", "#c0801a", "#8a8f98", "#c2453f")

_AGE_BINS = 24
#: Bands further out than so many times the oldest idea are in the table alone.
_BEYOND = 1.4
#: The part of the oldest idea's age that the words of a band take, and on a narrow screen.
_APART, _APART_IF_NARROW = 0.07, 0.2


def ageing(figure: Ageing, ink: str) -> Spec:
    """Open ideas by stage and age: a circle for those of much the same age, a diamond for those who
    are in the stage again, with the stage's bands as lines across."""
    oldest = max(float(figure.ages["days"].max()), 1.0)
    width = oldest / _AGE_BINS
    ages = figure.ages.assign(
        bin=(figure.ages["days"] // width).astype(int), again=figure.ages["visits"] > 1
    )
    # By band as well: a circle lies on that side of a band's line on which its ideas are counted.
    alike = ages.groupby(["position", "bin", "band", "condition", "again"], observed=True)
    names = [one.bands.name.in_(language()) for one in figure.stages]
    # Few numbers alone, as there can be hundreds of rows: the chart itself puts words to them.
    rows = [
        {"at": int(position), "days": round(days, 1), "n": n,
         "kind": 2 * CONDITIONS.index(condition) + int(again)}
        for (position, _bin, _band, condition, again), days, n
        in alike["days"].agg(["mean", "size"]).itertuples()
    ]  # fmt: skip
    lines = [line for one in figure.stages for line in _band_lines(one.bands, oldest)]
    unit = _("Days in the stage") if figure.calendar is None else _("Study weeks in the stage")
    return filled(_ageing_layout(language(), tuple(names), unit, ink), lines, rows, lines)


def _band_lines(bands: StageBands, oldest: float) -> list[dict[str, Any]]:
    """The lines across a stage, and what each is called where there is room, and where less."""
    shown = [
        (days, _("expected") if bands.source == "expected" else percent_text(level / 100))
        for level, days in zip((50, 85, 95), bands.days, strict=True)
        if days is not None and days <= oldest * _BEYOND
    ]
    at = bands.position
    wide, narrow = (_with_room(shown, oldest * part) for part in (_APART, _APART_IF_NARROW))
    return [
        {"y": at - 0.4, "to": at + 0.42, "days": days, "words": words, "few": few}
        for (days, _own), words, few in zip(shown, wide, narrow, strict=True)
    ]


def _with_room(shown: Sequence[tuple[float, str]], apart: float) -> list[str]:
    """What stands at each place, from left to right; of those that stand too close for words of
    their own the last has the words of all."""
    words = [own for _place, own in shown]
    for at in range(1, len(words)):
        if shown[at][0] - shown[at - 1][0] < apart:
            words[at - 1], words[at] = "", f"{words[at - 1]} · {words[at]}"
    return words


def _listed(values: Sequence[str | float]) -> str:
    """Words or numbers in Vega's expression language."""
    return json.dumps(values, ensure_ascii=False)


def _stay_words() -> tuple[str, str]:
    return _("First stay"), _("In the stage again")


_ASIDE = {"moving": -0.18, "agency": -0.01, "on_hold": 0.16, "stale": 0.33}


@lru_cache(maxsize=64)
def _ageing_layout(_language: str, stages: tuple[str, ...], unit: str, ink: str) -> Spec:
    conditions = [_(CONDITION_WORDS[one]) for one in CONDITIONS]
    y = named_places(stages, alt.Y, "y:Q")
    x = alt.X("days:Q", title=unit, axis=alt.Axis(labelExpr=grouped(), tickCount=6))
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_rule(strokeWidth=2, color=ink, opacity=0.5)
        .encode(x=x, y=y, y2="to:Q")
    )
    circles = (
        alt.Chart(alt.NamedData("circles"))
        .transform_calculate(
            y=f"datum.at + {_listed([_ASIDE[one] for one in CONDITIONS])}[floor(datum.kind / 2)]",
            stage=f"{_listed(stages)}[datum.at]",
            condition=f"{_listed(conditions)}[floor(datum.kind / 2)]",
            stay=f"{_listed(_stay_words())}[datum.kind % 2]",
            words=grouped("datum.n"),
            age=grouped("datum.days"),
        )
        .mark_point(filled=True, opacity=0.85)
        .encode(
            x=x, y=y,
            size=alt.Size("n:Q", legend=None, scale=alt.Scale(range=[45, 300])),
            color=alt.Color(
                "condition:N", title=None,
                scale=alt.Scale(domain=conditions, range=list(_CONDITION_COLOURS)),
                legend=legend(),
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
        .transform_calculate(told=f"width < {NARROW} ? datum.few : datum.words")
        .mark_text(align="center", dy=-6, fontSize=10, color=ink)
        .encode(x=x, y=y, text="told:N")
    )
    return finished(alt.layer(lines, circles, marks).properties(height=ROW_HEIGHT * len(stages)))
