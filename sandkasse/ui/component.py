"""Parts of a page that are our own: a frame of HTML, a style and a script, told what to show."""

from pathlib import Path
from typing import Any

import streamlit as st

from sandkasse.i18n import ngettext_, number_text

ASSETS = Path(__file__).parent / "assets"


def asset(name: str) -> str:
    """The text of a file in ``assets``."""
    return (ASSETS / name).read_text("utf-8")


def sideways(columns: int) -> str:
    """What a part says where its columns do not fit beside each other."""
    told = ngettext_(
        "{n} column: scroll sideways to see all of it.",
        "{n} columns: scroll sideways to see all of them.",
        columns,
    )
    return told.format(n=number_text(columns))


class Part:
    """A part with a name: its style and script are the files in ``assets`` that are called so."""

    def __init__(self, name: str, html: str) -> None:
        self._mount = st.components.v2.component(
            f"sandkasse_{name}", html=html, css=asset(f"{name}.css"), js=asset(f"{name}.js")
        )

    def draw(self, told: dict[str, Any], key: str, events: tuple[str, ...] = ()) -> Any:
        """Draw the part, told this; what its browser claims of each of its events, by name."""
        heard: dict[str, Any] = {f"on_{one}_change": _run for one in events}
        return self._mount(key=key, data=told, **heard)


def _run() -> None:
    """Nothing: that an event has been heard is what makes the page run again."""
