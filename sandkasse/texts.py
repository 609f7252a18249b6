"""What people may write: lengths, and letters that would deceive or break."""

import re
import unicodedata

from sandkasse.errors import InvalidFields
from sandkasse.i18n import _, number_text

#: The longest each field may be, in characters.
LIMITS = {
    "title": 120,
    "problem": 2_000,
    "solution": 2_000,
    "audience": 500,
    "needs": 1_000,
    "public_text": 600,
    "comment": 2_000,
    "team": 1_000,
    "name": 120,
    "place": 300,
    "guidance": 1_000,
    "note": 2_000,
    "reason": 500,
    "subject": 500,
    "position_text": 4_000,
    "programmes": 300,
    "words": 2_000,
}

# Bidirectional overrides and isolates can make a text read as what it is not.
_DECEIVING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def tidy(text: str | None) -> str:
    """The text without outer space, in one Unicode form, with one kind of line end."""
    return unicodedata.normalize(
        "NFC", (text or "").replace("\r\n", "\n").replace("\r", "\n")
    ).strip()


def checked(text: str | None, field: str) -> str:
    """The text tidied. :raises InvalidFields: naming ``field``, when something is wrong with it."""
    tidied = tidy(text)
    if fault := problem_with(tidied, field):
        raise InvalidFields({field: fault})
    return tidied


def deceives(text: str) -> bool:
    """Whether a text has letters that make it read as what it is not."""
    return _DECEIVING.search(text) is not None


def problem_with(text: str, field: str) -> str | None:
    """What is wrong with a tidied text for this field, as a sentence; None when nothing is."""
    limit = LIMITS[field]
    if len(text) > limit:
        return _("Write at most {limit} characters; now there are {n}.").format(
            limit=number_text(limit), n=number_text(len(text))
        )
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in text):
        return _("There are invisible control characters in the text. Type it anew.")
    if deceives(text):
        return _("There are characters that turn the writing direction. Remove them.")
    return None
