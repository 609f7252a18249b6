"""The bridge between two meetings as a chart: a bar for what was open at each end, and one for each
way that ideas came or went in between, hung where the one before it ended."""

from functools import lru_cache
from typing import Any

import altair as alt

from sandkasse.charts.funnel import Spec, filled, finished, grouped
from sandkasse.figures.bridge import Bridge
from sandkasse.figures.flow.sentences import EXIT_WORDS
from sandkasse.i18n import N_, _, date_text, language, number_text

LINE_WORDS = {
    "found_in": N_("Found later: were open"),
    "found_out": N_("Found later: had left"),
    "new": N_("New"),
    "returned": N_("Came back"),
    **EXIT_WORDS,
}

_OPEN, _IN, _OUT, _FOUND = "open", "in", "out", "found"
# Blue, green, purple and sand, as in the other charts: told apart by lightness as well.
_COLOURS = {_OPEN: "#2a78b5", _IN: "#2f9e77", _OUT: "#8d5a97", _FOUND: "#e0a83e"}
_BAR_HEIGHT = 30


def bars(drawn: Bridge) -> dict[str, str]:
    """What each bar is called, in order: the two ends, and the lines that hold anything."""
    lines = {line.kind: _(LINE_WORDS[line.kind]) for line in drawn.lines if line.n}
    return {
        "opening": _("Opening, {date}").format(date=date_text(drawn.opened_at)),
        **lines,
        "closing": _("Closing, {date}").format(date=date_text(drawn.as_of)),
    }


def signed(change: int) -> str:
    """A change with its sign, as the language writes numbers."""
    return ("+" if change > 0 else "−" if change < 0 else "") + number_text(abs(change))


def bridge(drawn: Bridge, ink: str) -> Spec:
    """The bars from the opening to the closing; ``ink`` is the colour of the words beside them."""
    words = bars(drawn)
    rows = [_row("opening", words, _OPEN, 0, drawn.opening, number_text(drawn.opening))]
    level = drawn.opening
    for line in drawn.lines:
        if line.n:
            change = line.sign * line.n
            colour = _FOUND if line.kind.startswith("found") else _IN if change > 0 else _OUT
            rows.append(_row(line.kind, words, colour, level, level + change, signed(change)))
            level += change
    rows.append(_row("closing", words, _OPEN, 0, drawn.closing, number_text(drawn.closing)))
    return filled(_layout(language(), tuple(words.values()), ink), rows, rows)


def _row(
    bar: str, words: dict[str, str], colour: str, start: int, end: int, told: str
) -> dict[str, Any]:
    return {
        "stage_id": "bridge", "part_id": bar, "bar": words[bar], "colour": colour, "start": start,
        "end": end, "high": max(start, end), "words": told,
    }  # fmt: skip


@lru_cache(maxsize=64)
def _layout(_language: str, order: tuple[str, ...], ink: str) -> Spec:
    """Hanging bars, with words at their right ends."""
    picked = alt.selection_point(name="picked", fields=["stage_id", "part_id"], toggle=False)
    axis_y = alt.Y("bar:N", sort=list(order), title=None, axis=alt.Axis(labelLimit=190))
    hanging = (
        alt.Chart(alt.NamedData("bars"))
        .mark_bar(cursor="pointer", height={"band": 0.62})
        .encode(
            y=axis_y,
            x=alt.X(
                "start:Q",
                title=_("Open ideas"),
                axis=alt.Axis(tickMinStep=1, tickCount=5, labelExpr=grouped(), grid=True),
            ),
            x2="end:Q",
            color=alt.Color(
                "colour:N",
                legend=None,
                scale=alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values())),
            ),
            tooltip=[
                alt.Tooltip("bar:N", title=_("Line")),
                alt.Tooltip("words:N", title=_("Ideas")),
            ],
            opacity=alt.condition(picked, alt.value(1), alt.value(0.45)),
        )
        .add_params(picked)
    )
    labels = (
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="left", dx=6, color=ink, fontSize=12)
        .encode(y=axis_y, x=alt.X("high:Q"), text="words:N")
    )
    return finished(alt.layer(hanging, labels).properties(height=_BAR_HEIGHT * len(order)))
