"""What was just done, with the way back: shown once after a move, until it is answered."""

from dataclasses import dataclass

import streamlit as st

from sandkasse import pipeline
from sandkasse.i18n import _
from sandkasse.ui import keys
from sandkasse.ui.document import asset
from sandkasse.ui.page import Refused, Visit, toast_next

_RECEIPT = st.components.v2.component(
    "sandkasse_receipt",
    html='<div class="receipt" role="status" hidden>'
    '<span></span>\n<button type="button"></button><button type="button" class="close"></button>'
    "</div>",
    css=asset("receipt.css"),
    js=asset("receipt.js"),
)


@dataclass(frozen=True)
class Done:
    """A row of an idea's ledger that can be taken back, and what to say of it."""

    message: str
    idea_id: int
    seq: int


def keep(done: Done) -> None:
    """Show this on the next run."""
    st.session_state[keys.UNDO] = done


def draw(visit: Visit) -> None:
    """Show what was done last, and take it back when asked."""
    done: Done | None = st.session_state.get(keys.UNDO)
    if done is None:
        return
    result = _RECEIPT(
        key=f"receipt-{done.idea_id}-{done.seq}",
        data={
            "message": done.message,
            "undo": _("Undo"),
            "close": _("Close"),
            "token": f"{done.idea_id}-{done.seq}",
        },
        on_undone_change=lambda: None,
        on_closed_change=lambda: None,
    )
    if result.closed:
        del st.session_state[keys.UNDO]
    elif result.undone:
        del st.session_state[keys.UNDO]
        answer = visit.write(pipeline.undo, done.idea_id, seq=done.seq, expected_seq=done.seq)
        toast_next(answer.message if isinstance(answer, Refused) else _("Taken back."))
        st.rerun()
