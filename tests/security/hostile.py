"""Strings that people should not write, and do: a thousand of them, made from a few dozen kinds."""

import random
from functools import cache

_MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>", "<a href='javascript:alert(1)'>x</a>",
    "<style>*{display:none}</style>", "<!-- x -->", "</textarea><script>alert(1)</script>",
    "<b>bold</b>", "&lt;script&gt;", "&#x3c;script&#x3e;", "<details open ontoggle=alert(1)>",
    "![x](https://evil.example/x.png)", "[x](javascript:alert(1))", "[x](https://evil.example)",
    "https://evil.example/path", "www.evil.example", "mailto:a@evil.example", "a@evil.example",
    "<https://evil.example>", "[x]: https://evil.example", "**bold** _it_ ~~no~~ `code`",
    "# Heading", "## Heading", "- list", "1. list", "> quote", "---", "| a | b |\n| - | - |",
    "```python\nprint()\n```", ":material/home:", ":red[x]", ":red-background[x]", ":smile:",
    ":rainbow[x]", ":small[x]", ":blue-badge[x]", ":streamlit:", "$x^2$", "$$\\frac{1}{2}$$",
    "\\(x\\)", "-> <- <-> -- >= <= ~=", "\\*not\\*", "a\\", "`", "*", "_", "~", "[", "]", "(", ")",
    "![](x)", "[[x]]", "[^1]", ":::note", "<br>", "&nbsp;", "&amp;",
)  # fmt: skip
_CODE = (
    "' OR 1=1 --", "'; DROP TABLE idea; --", '"; SELECT 1', "$idea_id", "$1", "?", ":name", "%s",
    "%(x)s", "{n}", "{0}", "{0.__class__}", "{title.__init__.__globals__}", "{{7*7}}", "${7*7}",
    "#{7*7}", "<%= 7*7 %>", "\\N{BULLET}", "\\x00", "\\u202e", "../../etc/passwd",
    "..\\..\\windows", "file:///etc/passwd", "data:text/html,<script>alert(1)</script>", "| ls",
    "; ls", "`ls`", "$(ls)", "&& ls", "\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT",
    "\r\nBEGIN:VCARD", "x\r\nSet-Cookie: a=b", "x\r\nBcc: all@evil.example", "datum.x",
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", " =1+1",
    '=HYPERLINK("https://evil.example")', "'=1+1", ";=1+1", ",=1+1", '"=1+1',
)  # fmt: skip
_LETTERS = (
    "\u202egnp.exe", "\u2066x\u2069", "\u200b", "\u200d", "\ufeff", "\u00ad", "a\u0300\u0301" * 20,
    "\x00", "a\x00b", "\x07", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u2029", "\ud7ff", "\ufffe",
    "\U0010ffff", "😀" * 30, "👩‍👩‍👧‍👦", "🇳🇴", "ﷺ" * 20, "Ⅷ", "١٢٣", "İ", "ß", "ŉ", "ǰ", "ﬃ",
    "Å", "Å", "A\u030a", "æøå", "ÆØÅ", "čšž", "日本語", "العربية", "עברית", " ", "\t", "\n", "\r\n",
    "\n\n\n", "a\n=1+1", "x" * 119, "x" * 121, "x" * 2_001, "x" * 10_001, "é" * 1_000, "a b " * 600,
    "0", "-0", "NaN", "Infinity", "1e309", "null", "None", "true", "undefined", "[object Object]",
)  # fmt: skip


@cache
def strings(number: int = 1_000, seed: int = 6) -> tuple[str, ...]:
    """So many different hostile strings, always the same: each kind alone, then in words, and then
    two of them together."""
    kinds = list(dict.fromkeys((*_MARKUP, *_CODE, *_LETTERS)))
    chance = random.Random(seed)
    found = dict.fromkeys([*kinds, *(f"An idea {one} for the north" for one in kinds)])
    while len(found) < number:
        found[chance.choice(kinds) + chance.choice(("", " ", "\n")) + chance.choice(kinds)] = None
    return tuple(found)[:number]
