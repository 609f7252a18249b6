"""How text is compared when people search: case and accents do not count, æ, ø and å do.

Swedish ä and ö are read as æ and ø; letters of Sami alphabets are found by their plain look.
"""

import re
import unicodedata
from functools import cache

_WORD = re.compile(r"\w+")
_LETTERS = str.maketrans({"ä": "æ", "ö": "ø", "đ": "d", "ŋ": "n", "ŧ": "t", "ð": "d", "þ": "th"})

#: Words that say nothing about what an idea is about, in both languages.
_COMMON = frozenset(
    [
        "alle",
        "andre",
        "bare",
        "denne",
        "dette",
        "disse",
        "eller",
        "enn",
        "etter",
        "for",
        "fordi",
        "fra",
        "har",
        "hva",
        "hvor",
        "hvordan",
        "ikke",
        "ingen",
        "inn",
        "kan",
        "man",
        "med",
        "mellom",
        "men",
        "mer",
        "mot",
        "noe",
        "noen",
        "når",
        "over",
        "seg",
        "selv",
        "skal",
        "slik",
        "som",
        "til",
        "under",
        "uten",
        "var",
        "ved",
        "vil",
        "være",
        "and",
        "are",
        "for",
        "from",
        "has",
        "have",
        "how",
        "into",
        "not",
        "that",
        "the",
        "their",
        "them",
        "they",
        "this",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "without",
    ]
)


def fold(text: str) -> str:
    """``text`` as it is searched: lower case, plain letters, single spaces; æ, ø and å kept."""
    plain = text.casefold().translate(_LETTERS)
    if not plain.isascii():
        plain = "".join(map(_plain_letter, unicodedata.normalize("NFC", plain)))
    return " ".join(plain.split())


def folded(sql: str) -> str:
    """The text of an SQL expression folded in the database, for words of a search to be looked for
    in: as :func:`fold`, but for the spaces and the rarest of letters."""
    lower = f"replace(replace(translate(lower({sql}), 'äöđŋŧð', 'æødntd'), 'þ', 'th'), 'ß', 'ss')"
    # Taking the accents away makes å an a, so å waits as a letter that no text has.
    return f"replace(strip_accents(replace({lower}, 'å', '\ue000')), '\ue000', 'å')"


@cache
def _plain_letter(letter: str) -> str:
    if letter in "æøå":
        return letter
    parts = unicodedata.normalize("NFKD", letter)
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    # What a letter is made of may have a case and a look of its own, such as the «K» of kelvin.
    again = plain.casefold().translate(_LETTERS)
    return again if again == letter else "".join(map(_plain_letter, again))


def terms(query: str, limit: int = 8) -> list[str]:
    """The words of a search, folded; at most ``limit``."""
    return fold(query).split()[:limit]


def words(text: str) -> list[str]:
    """The words of a text, folded: what is between spaces, hyphens and other marks."""
    return _WORD.findall(fold(text))


def telling_words(text: str, limit: int = 12) -> list[str]:
    """The words of a text that say what it is about, longest first, cut to a common stem.

    A stem is the first six letters, which meets both Norwegian endings and English ones.
    """
    words = {word.strip(".,;:!?()«»\"'") for word in fold(text).split()}
    telling = [word for word in words if len(word) >= 4 and word not in _COMMON]
    stems = dict.fromkeys(word[:6] for word in sorted(telling, key=lambda w: (-len(w), w)))
    return list(stems)[:limit]
