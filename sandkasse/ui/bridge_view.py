"""The bridge between two moments on the screen: a sentence, its bars, and the ideas behind each."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from sandkasse import figures, freezes, meetings
from sandkasse.access import Action
from sandkasse.charts import bridge as bridge_charts
from sandkasse.documents import tables
from sandkasse.figures import Choice, bridge
from sandkasse.figures.bridge import Bridge
from sandkasse.freezes import Freeze
from sandkasse.i18n import _, date_text, ngettext_, number_text
from sandkasse.meetings import Meeting
from sandkasse.ui import behind_view, choices, drawing
from sandkasse.ui.drawing import chart
from sandkasse.ui.page import Visit
from sandkasse.ui.text import plain


def to_meeting(visit: Visit, meeting: Meeting, earlier: Freeze, choice: Choice) -> None:
    """The bridge from the last freeze of an earlier meeting to this one."""
    st.header(_("The bridge from the last meeting"), anchor=False)
    start = visit.read(meetings.get, earlier.meeting_id)
    told = _("From the figures frozen at «{title}», {date}.").format(
        title=start.title, date=date_text(earlier.as_of)
    )
    st.caption(plain(told))
    draw(visit, freezes.bridge, earlier, choice, key=f"bridge-{meeting.meeting_id}")


def in_brief(visit: Visit, earlier: Freeze, choice: Choice) -> None:
    """What has come and gone since the last meeting, in a sentence, and the way to its bars."""
    st.markdown(figures.sentence(visit.read(freezes.bridge, earlier, choice)))
    if st.button(_("See the bridge"), key="see-bridge", icon=":material/stacked_bar_chart:"):
        st.query_params["view"] = "figures"
        st.rerun()


def draw(visit: Visit, read: Callable[..., Bridge], asked: Any, *details: Any, key: str) -> None:
    """The bridge that ``read`` answers to what is asked."""
    st.caption(
        _(
            "A bridge leads from the number of open ideas at one time to the number at another: "
            "what came, what left, and what was found later about the time before."
        )
    )
    drawn = visit.read(read, asked, *details)
    told = drawing.said(visit, read, asked, *details)
    sees = visit.may(Action.SEE_FUNNEL_RECORDS)
    picked = chart(
        visit, bridge_charts.bridge, read, asked, *details,
        key=key, alt=told, picks=sees,
    )  # fmt: skip
    words = bridge_charts.bars(drawn)
    with st.expander(_("The bridge as a table"), on_change="rerun") as opened:
        if opened.open:
            drawing.table(visit, tables.bridge, read, asked, *details, key=key)
    if sees:
        _behind(visit, drawn, words, picked)


def _behind(
    visit: Visit, drawn: Bridge, words: dict[str, str], picked: tuple[str, str] | None
) -> None:
    if picked and st.session_state.get("bridge-picked") != picked:
        st.query_params["line"] = picked[1]
        st.session_state["bridge-picked"] = picked
    order = [bar for bar in words if bar not in ("opening", "closing")] + ["opening", "closing"]
    bar = choices.one_of("line", _("Ideas behind"), order, words.__getitem__, width=280)
    told = words[bar] + ": {n}"
    steps = {line.kind: line.n for line in drawn.lines}.get(bar, 0)
    if steps > len(drawn.ideas(bar)):
        told += " " + ngettext_("({n} step)", "({n} steps)", steps).format(n=number_text(steps))
    behind_view.draw(visit, told, bridge.records, drawn, bar, pages="bridge-page")
