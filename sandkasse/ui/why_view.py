"""Why one idea is counted in a number, or is not."""

from collections.abc import Callable

import streamlit as st

from sandkasse.figures.why import Why
from sandkasse.i18n import _, time_text
from sandkasse.ui.text import plain


def draw(why: Callable[[int], Why], picked: int | None, *, key: str) -> None:
    """A way to ask of one idea, by its number; it opens with the idea just ``picked``."""
    if picked is not None:
        st.session_state[f"why-{key}"] = True
        st.session_state[f"why-idea-{key}"] = picked
    with st.expander(
        _("Why is an idea counted here, or not?"), key=f"why-{key}", on_change="rerun"
    ) as opened:
        if not opened.open:
            return
        idea_id = st.number_input(
            _("The idea's number"), min_value=1, value=None, step=1, key=f"why-idea-{key}",
            width=200, help=_("It stands in the address of the idea's page: idea=12."),
        )  # fmt: skip
        if idea_id is not None:
            _answer(why(int(idea_id)))


def _answer(answer: Why) -> None:
    verdict = _("It is counted.") if answer.counted else _("It is not counted.")
    rule = _("The rule: {rule}").format(rule=answer.rule)
    told = [f"**{verdict}** {plain(answer.missing)}", plain(rule)]
    if answer.used:
        told.append(_("What that rests on:"))
    for one in answer.used:
        words = _("No. {seq}, {time}: {words}").format(
            seq=one.seq, time=time_text(one.occurred_at), words=one.words
        )
        told.append(f"- {plain(words)}")
    st.markdown("\n\n".join(told))
