"""User text where Streamlit would read Markdown: shown letter by letter."""

import re

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
#: A colon that begins a code: ``:smile:``, ``:red[…]``, ``:material/home:``.
_CODE = re.compile(r":(?=[\w+/-]+[:\[])")
_WORD_JOINER = "\N{WORD JOINER}"


def plain(text: str) -> str:
    """``text`` so that a label or caption shows it as it is written.

    Each punctuation mark is escaped. A colon that would begin an emoji, icon or colour code is also
    parted from what follows, because codes are read after the escapes are gone.
    """
    parted = _CODE.sub(f":{_WORD_JOINER}", text)
    return _PUNCTUATION.sub(r"\\\1", parted).replace("\n", " ")


def shortened(text: str, length: int) -> str:
    """``text`` cut at ``length`` characters, with an ellipsis where something is left out."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
