"""Number receipts on the screen: making one for a view, and entering the code of one."""

import streamlit as st

from sandkasse import figures, number_receipts
from sandkasse.access import Action
from sandkasse.figures.frozen import SEATS, AnyChoice
from sandkasse.i18n import _
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain


def look_up() -> None:
    """A place to enter the code of a number receipt."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.text_input(
            _("Code of a number receipt"), key="receipt-code", max_chars=20, width=220
        )
        if st.button(_("Open"), key="receipt-open") and code and code.strip():
            st.switch_page("pages/funnel.py", query_params={"receipt": code.strip()})


def receipts(visit: Visit, kind: str, choice: AnyChoice) -> None:
    """A way to make a receipt for the view on the screen, and to open one."""
    with st.expander(_("Number receipt"), on_change="rerun") as opened:
        if opened.open:
            making(visit, kind, choice)


def making(visit: Visit, kind: str, choice: AnyChoice) -> None:
    """As :func:`receipts`, within something that is open already."""
    st.caption(
        _(
            "A number receipt is a short code that stands for these numbers exactly as they are "
            "now. Whoever enters it here sees them again, and whether they would differ."
        )
    )
    if kind in (*figures.FROZEN_KINDS, SEATS) and visit.may(Action.ISSUE_RECEIPT):
        _issue(visit, kind, choice)
    look_up()


def _issue(visit: Visit, kind: str, choice: AnyChoice) -> None:
    if st.button(_("Make a receipt for this view"), key="receipt-make"):
        answer = visit.write(number_receipts.issue, kind, choice)
        if isinstance(answer, Refused):
            st.error(plain(answer.message), icon=":material/error:")
        else:
            st.session_state["receipt-made"] = (kind, choice, answer)
    made = st.session_state.get("receipt-made")
    if made and made[:2] == (kind, choice):
        st.markdown(_("Number receipt **{code}**").format(code=number_receipts.shown(made[2])))
