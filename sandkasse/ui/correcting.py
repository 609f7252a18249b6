"""Correcting an event of a matter or of an application: a button, and a dialog that asks first."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from sandkasse.i18n import _
from sandkasse.ui import forms
from sandkasse.ui.forms import Faults
from sandkasse.ui.page import Visit
from sandkasse.ui.text import plain


def offer(
    visit: Visit, told: str, correct: Callable[..., Any], about: int, *, seq: int, expected_seq: int
) -> None:
    """A button that asks whether the event numbered ``seq``, which is ``told`` in words, shall be
    corrected; ``correct`` writes it of the matter or application with the id ``about``."""
    if st.button(
        _("Correct: this did not happen"),
        key=f"void-{seq}",
        type="tertiary",
        icon=":material/undo:",
    ):
        st.dialog(_("Correct the history"))(ask)(
            visit, told, correct, about, seq=seq, expected_seq=expected_seq
        )


def ask(
    visit: Visit, told: str, correct: Callable[..., Any], about: int, *, seq: int, expected_seq: int
) -> None:
    """What the dialog of :func:`offer` holds."""
    st.markdown(f"**{plain(told)}**")
    st.markdown(
        _(
            "Declare that this never happened? It stays in the history as corrected, and a "
            "correction cannot be taken back."
        )
    )
    if st.button(_("Correct"), type="primary", key=f"void-{seq}-do"):
        answer = visit.write(correct, about, seq=seq, expected_seq=expected_seq)
        forms.finish(answer, Faults(), _("Corrected."))
