"""The ways that ideas took between places."""

import math
from collections import Counter
from functools import lru_cache

import altair as alt

from sandkasse.charts.flow.axes import (
    Rows,
    named_places,
)
from sandkasse.charts.funnel import Spec, filled, finished
from sandkasse.figures.flow.paths import IN, Path, Paths
from sandkasse.figures.flow.sentences import place_text
from sandkasse.i18n import (
    N_,
    _,
    language,
    number_text,
)
from sandkasse.journeys import EXIT_KINDS


def paths(figure: Paths, ink: str) -> Spec:
    """The ways between places: arcs over the line of stages forward, under it back and out, the
    wider the more took them."""
    stages = [IN, *(stage.id for stage in figure.journey.stages)]
    place = {stage_id: at for at, stage_id in enumerate(stages)}
    most = max((one.n for one in figure.paths), default=1)
    rows: Rows = []
    tops: Rows = []
    for one in figure.paths:
        told = _("{origin} → {target}").format(
            origin=place_text(figure.journey, one.origin),
            target=place_text(figure.journey, one.target),
        )
        kind, points = _way(place, one)
        across, up = ([round(each, 3) for each in axis] for axis in zip(*points, strict=True))
        row = {
            "way": told, "width": round(1 + 13 * (one.n / most) ** 0.5, 2),
            "kind": _(_WAY_WORDS[kind]), "words": number_text(one.n),
            "ideas": number_text(one.ideas), "stage_id": one.origin, "part_id": one.target,
        }  # fmt: skip
        rows.append({**row, "step": list(range(len(points))), "x": across, "y": up})
        if len(points) > _STEPS // 2:
            top = {"x": across[_STEPS // 2], "y": up[_STEPS // 2]}
            tops.append({**row, **top, "aside": 1 if top["y"] > 0 else -1})
    names = tuple(place_text(figure.journey, stage_id) for stage_id in stages)
    dots = [{"x": at, "y": 0} for at in place.values()]
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
    x, y = named_places(names, alt.X, "x:Q"), alt.Y("y:Q", axis=None)
    arcs = (
        alt.Chart(alt.NamedData("arcs"))
        .transform_flatten(["step", "x", "y"])
        .mark_line(interpolate="monotone", strokeCap="round", cursor="pointer")
        .encode(
            x=x, y=y, detail="way:N", order="step:Q",
            strokeWidth=alt.StrokeWidth("width:Q", scale=None, legend=None),
            opacity=alt.condition(picked, alt.value(0.75), alt.value(0.3)),
            color=alt.Color(
                "kind:N", title=None, legend=alt.Legend(orient="top"),
                scale=alt.Scale(domain=[_(one) for one in _WAY_WORDS.values()],
                                range=["#2a78b5", "#c0801a", "#8a8f98"]),
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
        .mark_text(fontSize=11, color=ink, dy=alt.ExprRef("-datum.aside * (9 + datum.width / 2)"))
        .encode(x=x, y=y, text="words:N")
    )
    gone = (
        alt.Chart(alt.NamedData("gone"))
        .mark_text(fontSize=11, color=ink, dy=3)
        .encode(x=x, y=y, text="words:N")
    )
    return finished(alt.layer(arcs, dots.encode(x=x, y=y), tops, gone).properties(height=380))
