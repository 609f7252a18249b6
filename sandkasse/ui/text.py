"""User text where Streamlit would read Markdown: shown letter by letter."""

import re

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_WORD_JOINER = "\N{WORD JOINER}"


def plain(text: str) -> str:
    """``text`` so that a label or caption shows it as it is written.

    Each punctuation mark is escaped. A colon is also parted from what follows, because emoji,
    icon and colour codes are read after the escapes are gone.
    """
    escaped = _PUNCTUATION.sub(r"\\\1", text)
    return escaped.replace("\\:", f"\\:{_WORD_JOINER}").replace("\n", " ")


def shortened(text: str, length: int) -> str:
    """``text`` cut at ``length`` characters, with an ellipsis where something is left out."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
