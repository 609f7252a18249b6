"""Names of people who do not exist.

Given names are common ones, Norwegian, Sami and from abroad; family names are plainly made up (see
``texts/names.toml``). Addresses end in ``.example``, which is reserved and reaches nobody.
"""

import tomllib
import unicodedata
from importlib import resources
from typing import NamedTuple

from sandkasse.demo.chance import Chance

_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŋ": "n", "ŧ": "t", "ł": "l"})
STUDENT_DOMAIN = "student.example"
STAFF_DOMAIN = "campus.example"


class Name(NamedTuple):
    """What a synthetic person is called, and the slug made of it, unlike any other's."""

    text: str
    slug: str

    def address(self, domain: str) -> str:
        """An e-mail address that reaches nobody."""
        return f"{self.slug.replace('-', '.')}@{domain}"


def slug(name: str) -> str:
    """``name`` in small plain letters joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    letters = "".join(
        letter if letter.isascii() and letter.isalnum() else " "
        for letter in plain
        if not unicodedata.combining(letter)
    )
    return "-".join(letters.split())


class Names:
    """Hands out names; those in ``taken`` (slugs) are left to others."""

    def __init__(self, chance: Chance, taken: set[str]) -> None:
        file = resources.files("sandkasse.demo") / "texts" / "names.toml"
        known = tomllib.loads(file.read_text("utf-8"))
        self._given, self._family = known["given"].split(), known["family"].split()
        self._chance = chance
        self._uses = dict.fromkeys(taken, 1)

    def next(self) -> Name:
        """A new person's name. A name that was used before gets a slug with a number."""
        text = f"{self._chance.one(self._given)} {self._chance.one(self._family)}"
        plain = slug(text)
        uses = self._uses[plain] = self._uses.get(plain, 0) + 1
        return Name(text, plain if uses == 1 else f"{plain}-{uses}")
