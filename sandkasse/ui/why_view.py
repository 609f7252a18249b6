"""Why one idea is counted in a number, or is not."""

import streamlit as st

from sandkasse.access import Action
from sandkasse.figures import Choice, Figure, why
from sandkasse.i18n import _, time_text
from sandkasse.ui.page import Visit
from sandkasse.ui.text import plain


def draw(visit: Visit, choice: Choice, figure: Figure, stage_id: str, part: str) -> None:
    """A way to ask of one idea, by its number, for those who see whole ideas."""
    if not visit.may(Action.SEE_BOARD):
        return
    with st.expander(_("Why is an idea counted here, or not?"), on_change="rerun") as opened:
        if not opened.open:
            return
        idea_id = st.number_input(
            _("The idea's number"), min_value=1, value=None, step=1, key="why-idea", width=200,
            help=_("It stands in the address of the idea's page: idea=12."),
        )  # fmt: skip
        if idea_id is None:
            return
        answer = visit.read(why.why, choice, figure, stage_id, part, int(idea_id))
        verdict = _("It is counted.") if answer.counted else _("It is not counted.")
        told = [f"**{verdict}** {plain(answer.rule)}", plain(answer.missing)]
        for one in answer.used:
            words = _("No. {seq}, {time}: {words}").format(
                seq=one.seq, time=time_text(one.occurred_at), words=one.words
            )
            told.append(f"- {plain(words)}")
        st.markdown("\n\n".join(line for line in told if line))
