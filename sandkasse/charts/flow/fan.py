"""What is to come, after what has come."""

from datetime import timedelta
from functools import lru_cache

import altair as alt

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
from sandkasse.charts.funnel import Spec, filled, finished, grouped
from sandkasse.figures.flow.forecast import CHANCES, Forecast
from sandkasse.i18n import (
    _,
    date_text,
    language,
    number_text,
    percent_text,
)


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
    labels = apart(ends, "n", (most - past[0]["n"]) * 0.07)
    layout = with_room(
        _forecast_layout(language(), (_("So far"), *names.values()), ink),
        millis(today - timedelta(weeks=len(shown))), millis(figure.fan[-1][0]),
    )  # fmt: skip
    return filled(layout, [*past, *rows], labels, labels)


#: Weeks behind that are drawn before those ahead.
_WEEKS_BEFORE = 26


@lru_cache(maxsize=64)
def _forecast_layout(_language: str, names: tuple[str, ...], ink: str) -> Spec:
    x = alt.X("utcyearmonthdate(day):T", title=None, scale=UTC_ROOM,
              axis=alt.Axis(labelExpr=until_last(month_label()), tickCount=6))  # fmt: skip
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
    labels = direct_labels(x, "n:Q", "place:Q", axis, scale, colour, ink)
    return finished(alt.layer(lines, *labels).properties(height=300))
