"""What every figure on a screen has: of how many it speaks and when, and its chart."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from sandkasse.charts.funnel import Spec
from sandkasse.database import Database
from sandkasse.documents.exhibit import Table
from sandkasse.figures import sentence, sentences
from sandkasse.figures.sentences import Dated
from sandkasse.i18n import _
from sandkasse.people import Actor
from sandkasse.ui import table as tables
from sandkasse.ui.page import Visit
from sandkasse.ui.store import remembered

#: Pixels that legend, axis and titles take beside the bars themselves.
_AROUND_BARS = 110


def as_of_hint() -> str:
    """What the as-of date means."""
    return _("Count only what had happened by the end of this day.")


def known_at_hint() -> str:
    """What the as-known-on date means."""
    return _("Count only what had been recorded by the end of this day: the figure as it was then.")


def basis(kind: str, n: int, figure: Dated) -> None:
    """Of how many a figure speaks, and when."""
    st.caption(sentences.basis(kind, n, figure))


def said(visit: Visit, read: Callable[..., Any], *asked: Any) -> str:
    """Say in a sentence what ``read`` answers to ``asked``, above its chart; the sentence."""
    told = visit.read(_said, read, *asked)
    st.markdown(told)
    return told


def _said(db: Database, actor: Actor, read: Callable[..., Any], *asked: Any) -> str:
    return sentence(remembered(read, db, actor, *asked))


def chart(
    visit: Visit,
    build: Callable[[Any, str], Spec],
    read: Callable[..., Any],
    choice: Any,
    *details: Any,
    key: str,
    alt: str,
    picks: bool = True,
) -> tuple[str, str] | None:
    """Draw the chart that ``build`` makes of what ``read`` answers to a choice and its details.

    Where a bar ``picks``, the (stage, part) of the one just chosen, if any.
    """
    spec = visit.read(_built, build, read, ink(), choice, *details)
    drawn = st.vega_lite_chart(
        spec,
        key=f"chart-{key}",
        alt=alt,
        height=spec["height"] + _AROUND_BARS,
        on_select="rerun" if picks else "ignore",
    )
    if not picks:
        return None
    selection = getattr(drawn, "selection", None)
    points = selection.get("picked", []) if selection else []
    return (points[0]["stage_id"], points[0]["part_id"]) if points else None


def _built(
    db: Database,
    actor: Actor,
    build: Callable[[Any, str], Spec],
    read: Callable[..., Any],
    ink: str,
    *asked: Any,
) -> Spec:
    spec = build(remembered(read, db, actor, *asked), ink)
    # Streamlit's own grey is too faint for words this small.
    words = {"labelColor": ink, "titleColor": ink}
    return {**spec, "config": {"axis": words, "legend": words}}


def table(
    visit: Visit,
    build: Callable[..., Table],
    read: Callable[..., Any],
    *asked: Any,
    key: str,
    tall: bool = False,
) -> None:
    """Draw the table that ``build`` makes of what ``read`` answers to ``asked``; a ``tall`` one
    scrolls, and can be put in order by any of its columns."""
    tables.draw(visit.read(_told, build, read, tall, *asked), key=f"table-{key}")


def _told(
    db: Database,
    actor: Actor,
    build: Callable[..., Table],
    read: Callable[..., Any],
    tall: bool,
    *asked: Any,
) -> tables.Told:
    return tables.told(build(remembered(read, db, actor, *asked)), tall=tall)


def ink() -> str:
    """The colour of words in a chart, which does not follow the page by itself."""
    return "#e6edf2" if st.context.theme.type == "dark" else "#15232d"
