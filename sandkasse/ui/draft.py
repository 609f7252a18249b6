"""The draft of a new idea: kept by itself when a field has been filled in, so that whoever leaves
the page finds it again."""

import streamlit as st

from sandkasse import drafts
from sandkasse.i18n import _
from sandkasse.identity_numbers import seems_to_hold_one
from sandkasse.ui import describing, forms, keys
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain


def keep(visit: Visit, sandbox_key: str, key: str) -> None:
    """Keep what stands in the form now. Streamlit calls it before it draws a page anew, also when
    that is another page: what was typed last is kept by whoever goes on at once."""
    written = describing.typed(key)
    if any(map(seems_to_hold_one, describing.texts(written))):
        st.session_state[keys.DRAFT] = _("it seems to hold a national identity number.")
        return
    answer = visit.write(drafts.save, forms.chosen(sandbox_key), written)
    st.session_state[keys.DRAFT] = answer.message if isinstance(answer, Refused) else ""


def told(*, there: bool) -> None:
    """Say whether what stands in the form is kept; ``there``: there is a draft."""
    refused = st.session_state.get(keys.DRAFT)
    if refused:
        st.warning(
            plain(_("The draft is not saved: {reason}").format(reason=refused)),
            icon=":material/warning:",
        )
    elif there and refused is not None:
        st.caption(_("The draft is saved. It is yours alone until you submit it."))
    elif there:
        st.caption(_("A draft was kept from last time. It is yours alone until you submit it."))


def forget(key: str) -> None:
    """Empty the form of an idea that has been submitted."""
    describing.forget(key)
    st.session_state.pop(keys.DRAFT, None)
