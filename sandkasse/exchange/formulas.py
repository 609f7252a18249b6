"""Cells that a spreadsheet would run as a formula, written so that it shows them instead.

A cell that begins with ``=``, ``+``, ``-``, ``@`` (or the wide form of one, which is read alike), a
tab or a line break gets an apostrophe before it. Reading takes one apostrophe away again, so that a
round trip changes nothing.
"""

_RUN = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")


def _would_run(text: str) -> bool:
    return text.lstrip("' ").startswith(_RUN)


def neutralised(text: str) -> str:
    """``text`` as a spreadsheet shows it and runs nothing."""
    return f"'{text}" if text and _would_run(text) else text


def restored(text: str) -> str:
    """What :func:`neutralised` was given."""
    return text[1:] if text.startswith("'") and _would_run(text) else text
