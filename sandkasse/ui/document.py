"""The page around the app: its language, and the choices that outlive a visit.

Streamlit serves every page as English; a screen reader needs to know which language it reads
(WCAG 3.1.1). Cookies remember the language and, in demo mode, the chosen persona.
"""

import json
from base64 import b64encode

import streamlit as st

from sandkasse.ui.component import asset

LANGUAGE_COOKIE = "sandkasse_language"
PERSONA_COOKIE = "sandkasse_persona"
#: The icon of the browser's tab, as an address that Streamlit need not work out on every rerun.
ICON = "data:image/svg+xml;base64," + b64encode(asset("icon.svg").encode()).decode()

#: The script has the style of the printed page within it, as it must reach the whole document.
_SCRIPT = f"const PAPER = {json.dumps(asset('print.css'))}\n{asset('document.js')}"
_DOCUMENT = st.components.v2.component("sandkasse_document", js=_SCRIPT)


def tell(language: str, remember: dict[str, str | None]) -> None:
    """Set the document's language and, for each cookie, its value (None removes it)."""
    _DOCUMENT(key="document", data={"language": language, "cookies": remember}, height=1)
