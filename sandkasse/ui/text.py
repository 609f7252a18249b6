"""User text where Streamlit would read Markdown: shown letter by letter."""

import re
from urllib.parse import quote, urlsplit

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
#: A colon that begins a code: ``:smile:``, ``:red[…]``, ``:material/home:``.
_CODE = re.compile(r":(?=[\w+/-]+[:\[])")
#: Where an address of a page or a person begins to be one.
_ADDRESS = re.compile(r"(?<=http)(?=:)|(?<=https)(?=:)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
#: What Streamlit draws as one sign when it stands between spaces: an arrow, a dash, ≥.
_SIGN = re.compile(r"(?<!\S)(?=(?:<->|->|<-|--|[<>~]=)(?!\S))")
#: Characters of an address that stay as they are.
_IN_ADDRESS = ":/?#@!$&'*+,;=%~()"
_WORD_JOINER = "\N{WORD JOINER}"


def plain(text: str) -> str:
    """``text`` so that a label or caption shows it as it is written.

    Each punctuation mark is escaped. A colon that would begin an emoji, icon or colour code is also
    parted from what follows, and so are an address, which would become a link, and the marks that
    Streamlit draws as an arrow or a dash: these are read after the escapes are gone.
    """
    parted = _SIGN.sub(_WORD_JOINER, _CODE.sub(f":{_WORD_JOINER}", text))
    parted = _ADDRESS.sub(_WORD_JOINER, parted)
    return _PUNCTUATION.sub(r"\\\1", parted).replace("\n", " ")


def paragraphs(text: str) -> str:
    """``text`` as :func:`plain`, with its line breaks kept: for Markdown that stands alone."""
    return "  \n".join(plain(line.strip()) for line in text.splitlines())


def link(address: str) -> str:
    """A link, in Markdown, to a page that our own reference data name, shown as its host."""
    return f"[{plain(urlsplit(address).netloc)}](<{quote(address, safe=_IN_ADDRESS)}>)"


def shortened(text: str, length: int) -> str:
    """``text`` cut at ``length`` characters, with an ellipsis where something is left out."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
