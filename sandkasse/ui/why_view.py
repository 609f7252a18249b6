"""Why one idea is counted in a number, or is not."""

from collections.abc import Callable

import streamlit as st

from sandkasse.figures.why import Why
from sandkasse.i18n import _, time_text
from sandkasse.ui.listing import Row
from sandkasse.ui.text import plain


def draw(why: Callable[[int], Why], picked: Row | None, *, key: str) -> None:
    """The answer for the record just ``picked``, and a way to ask of any idea by its number."""
    if picked is not None:
        _dialog(picked, why(picked.id))
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


def _dialog(picked: Row, answer: Why) -> None:
    def draw() -> None:
        st.markdown(plain(picked.title))
        _answer(answer)

    st.dialog(_("Why is it counted here?"))(draw)()


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
