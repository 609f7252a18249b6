"""How long things are kept: what would go now, shown before it does."""

import streamlit as st

from sandkasse.documents.exhibit import Table, in_words
from sandkasse.i18n import _, date_text, language
from sandkasse.privacy import retention
from sandkasse.privacy.processing import document
from sandkasse.privacy.table_names import counted
from sandkasse.ui import page, table
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.privacy_view.notice import how_long
from sandkasse.ui.text import plain


def retaining(visit: Visit) -> None:
    """Each class with what of it has been kept long enough, and letting it go."""
    st.markdown(
        _(
            "The times are in data/retention.toml. They are proposals and assumptions: the body "
            "that runs Sandkasse decides. What the Archives Act may require is never deleted by "
            "time; it is blocked until a lead decides."
        )
    )
    due = visit.fetch(retention.plan)
    words = in_words({
        _("What is kept"): [one.record_class.name.text().in_(language()) for one in due],
        _("Rows due now"): [counted(one.counts) or "–" for one in due],
        _("From before"): [date_text(one.cutoff) if one.cutoff else "–" for one in due],
        _("How long"): [how_long(one.record_class) for one in due],
    })  # fmt: skip
    shown = Table(words, _("How long each class of records is kept, and what is due now"))
    table.show(shown, key="retention")
    if any(one.counts for one in due):
        sure = st.checkbox(_("I have looked at what goes; it cannot be undone"), key="retain-sure")
        if st.button(_("Let it go"), type="primary", key="retain-do", disabled=not sure):
            answer = visit.write(retention.apply)
            if isinstance(answer, Refused):
                st.error(plain(answer.message), icon=":material/error:")
            else:
                page.toast_next(_("Done."))
                st.rerun()
    else:
        st.caption(_("Nothing has been kept longer than it should."))
    st.download_button(
        _("Record of processing"), document(), file_name="processing.md", mime="text/markdown",
        icon=":material/download:", on_click="ignore", key="processing",
    )  # fmt: skip
