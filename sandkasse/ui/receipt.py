"""What was just done, with the way back: shown once after a move, until it is answered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from sandkasse import pipeline
from sandkasse.i18n import _
from sandkasse.ui import keys
from sandkasse.ui.component import Part
from sandkasse.ui.page import Refused, Visit, toast_next

_RECEIPT = Part(
    "receipt",
    '<div class="receipt" role="status" hidden>'
    '<span></span>\n<button type="button"></button><button type="button" class="close"></button>'
    "</div>",
)


@dataclass(frozen=True)
class Done:
    """What was done, in words, and how it is taken back: by a write, of the idea or application
    with this id, that corrects the event numbered ``seq``."""

    message: str
    undo: Callable[..., Any]
    about: int
    seq: int

    @property
    def token(self) -> str:
        """What tells it from what was done before and after."""
        return f"{self.undo.__name__}-{self.about}-{self.seq}"


def of_idea(message: str, idea_id: int, seq: int) -> Done:
    """A row of an idea's ledger that can be taken back."""
    return Done(message, pipeline.undo, idea_id, seq)


def keep(done: Done) -> None:
    """Show this on the next run."""
    st.session_state[keys.UNDO] = done


def draw(visit: Visit) -> None:
    """Show what was done last, and take it back when asked."""
    done: Done | None = st.session_state.get(keys.UNDO)
    if done is None:
        return
    told = {
        "message": done.message,
        "undo": _("Undo"),
        "close": _("Close"),
        "token": done.token,
    }
    result = _RECEIPT.draw(told, f"receipt-{done.token}", ("undone", "closed"))
    if result.closed:
        del st.session_state[keys.UNDO]
    elif result.undone:
        del st.session_state[keys.UNDO]
        answer = visit.write(done.undo, done.about, seq=done.seq, expected_seq=done.seq)
        toast_next(answer.message if isinstance(answer, Refused) else _("Taken back."))
        st.rerun()
