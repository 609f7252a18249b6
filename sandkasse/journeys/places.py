"""On which line of a TOML text each table, key and element stands.

The standard parser keeps no lines. This scan relies on it having accepted the text.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

#: The way to a value: keys, and positions in arrays from 0.
Place: TypeAlias = tuple[str | int, ...]

_TOKEN = re.compile(
    r'''
      (?P<comment>\#[^\n]*)
    | (?P<word>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}     # strings over several lines
               |"(?:\\.|[^"\\\n])*"|'[^'\n]*'
               |[^\s\[\]{},=\#"']+)
    | (?P<mark>[\[\]{},=\n])
    ''',
    re.VERBOSE | re.DOTALL,
)


class _Token(NamedTuple):
    text: str
    line: int
    is_word: bool


_END = _Token("", 0, is_word=False)


def lines(text: str) -> dict[Place, int]:
    """The line, from 1, of everything in a valid TOML text; the whole is on line 1."""
    return _Scan(text).run()


def line_of(place: Place, known: dict[Place, int]) -> int:
    """The line of ``place``, or of the nearest thing around it that is there."""
    while place not in known:
        place = place[:-1]
    return known[place]


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    reached = 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", reached, match.start())
        reached = match.start()
        if match.lastgroup != "comment":
            yield _Token(match.group(), line, match.lastgroup == "word")


class _Scan:
    """Walks through the tokens once, noting where each place begins."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._next = next(self._tokens, _END)
        self._lines: dict[Place, int] = {(): 1}
        self._counts: dict[Place, int] = {}

    def run(self) -> dict[Place, int]:
        """Everything's line."""
        table: Place = ()
        while self._next is not _END:
            if self._next.text == "[":
                table = self._header()
            elif self._next.text == "\n":
                self._take()
            else:
                self._pair(table)
        return self._lines

    def _take(self) -> _Token:
        token, self._next = self._next, next(self._tokens, _END)
        return token

    def _note(self, place: Place, line: int) -> None:
        for length in range(1, len(place) + 1):
            self._lines.setdefault(place[:length], line)

    def _header(self) -> Place:
        """``[a.b]``, or ``[[a.b]]``, which begins a further element of an array of tables."""
        line = self._take().line
        further = self._next.text == "["
        if further:
            self._take()
        place: Place = ()
        for part in self._key("]"):
            place += (part,)
            if place in self._counts:
                place += (self._counts[place] - 1,)
        if further:
            array = place[:-1] if isinstance(place[-1], int) else place
            place = (*array, self._counts.get(array, 0))
            self._counts[array] = self._counts.get(array, 0) + 1
            self._take()
        self._note(place, line)
        return place

    def _pair(self, table: Place) -> None:
        line = self._next.line
        place = (*table, *self._key("="))
        self._note(place, line)
        self._value(place)

    def _key(self, ends_with: str) -> list[str]:
        """The parts of a key up to ``ends_with``, quoted or not."""
        written = ""
        while (token := self._take()).text != ends_with and token is not _END:
            written += token.text
        parts = []
        rest: Any = tomllib.loads(f"{written} = 0")
        while isinstance(rest, dict):
            [(part, rest)] = rest.items()
            parts.append(part)
        return parts

    def _value(self, place: Place) -> None:
        opening = self._take()
        if opening.text == "[":
            self._elements(place)
        elif opening.text == "{":
            self._inline_table(place)
        else:
            while self._next.is_word:
                self._take()

    def _elements(self, place: Place) -> None:
        index = 0
        while self._next is not _END and self._next.text != "]":
            if self._next.text in ("\n", ","):
                self._take()
                continue
            self._note((*place, index), self._next.line)
            self._value((*place, index))
            index += 1
        self._take()

    def _inline_table(self, place: Place) -> None:
        while self._next is not _END and self._next.text != "}":
            if self._next.text in ("\n", ","):
                self._take()
            else:
                self._pair(place)
        self._take()
