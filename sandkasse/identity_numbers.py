"""Whether a text seems to hold a Norwegian national identity number (or a D-number).

Nobody is asked for one, and none belongs in a free text. What seems to be one is warned of and
never refused: the check digits and the date fit an ordinary number about once in several hundred.
"""

import re

from stdnum.no import fodselsnummer

_SEPARATOR = r"[ .\-\u00a0]?"
#: Eleven digits, alone, as people write them: whole, as six and five, or as day, month, year, five.
_NUMBER = re.compile(
    rf"(?<![\d+])(?<!\d[ .,\-\u00a0])"
    rf"(?:\d{{6}}{_SEPARATOR}\d{{5}}|\d{{2}}[ .\-]\d{{2}}[ .\-]\d{{2}}{_SEPARATOR}\d{{5}})"
    rf"(?![ .,\-\u00a0]?\d)"
)


def seems_to_hold_one(text: str) -> bool:
    """Whether something in the text has the form, the date and both check digits of one."""
    return any(
        fodselsnummer.is_valid(re.sub(r"\D", "", found.group())) for found in _NUMBER.finditer(text)
    )
