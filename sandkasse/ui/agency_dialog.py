"""The dialog of one agency: what it does for a founder, and where that is written."""

from urllib.parse import urlsplit

import streamlit as st

from sandkasse import orgnr
from sandkasse.agencies import Agency, Help
from sandkasse.i18n import _, date_text, dated_text, language
from sandkasse.ui.page import Visit
from sandkasse.ui.text import plain


def show(_visit: Visit, agency: Agency) -> None:
    """All that is known of the agency, each sentence with its source."""
    facts = []
    if agency.orgnr:
        facts.append(_("org. no. {orgnr}").format(orgnr=orgnr.shown(agency.orgnr)))
    if agency.website:
        facts.append(_link(agency.website))
    if facts:
        st.markdown(" · ".join(facts))
    if note := agency.note.in_(language()):
        st.info(plain(note), icon=":material/info:")
    if agency.help:
        st.markdown("\n".join(f"- {_sentence(one)}" for one in agency.help))
        st.caption(
            _("Our own words, as far as we know. Rules change: ask the agency before you rely on "
              "this.")
        )  # fmt: skip
    else:
        st.markdown(nothing_known())


def nothing_known() -> str:
    """What to say of an agency of which nothing is known that concerns founders."""
    return _("We know of nothing that it does for founders in general.")


def _sentence(help_: Help) -> str:
    return f"{plain(help_.text.in_(language()))} ({_link(help_.source)}, {_when(help_)})"


def _link(address: str) -> str:
    host = urlsplit(address).netloc.removeprefix("www.")
    return f"[{plain(host)}](<{address}>)"


def _when(help_: Help) -> str:
    checked = date_text(help_.checked)
    if not help_.dated:
        return _("read {checked}").format(checked=checked)
    return _("page of {dated}, read {checked}").format(
        dated=dated_text(help_.dated), checked=checked
    )
