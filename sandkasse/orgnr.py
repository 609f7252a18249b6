"""Organisation numbers, the nine digits by which Enhetsregisteret knows a company or an agency.

The last digit is a control digit (modulus 11); python-stdnum knows the rule.
"""

import re

from stdnum.exceptions import ValidationError
from stdnum.no import orgnr

from sandkasse.errors import Invalid
from sandkasse.i18n import _

# What people write around and between the digits: «NO 974 760 673 MVA», «974.760.673».
_AROUND = re.compile(r"^\s*(?:NO)?(.*?)(?:MVA)?\s*$", re.IGNORECASE | re.DOTALL)
_BETWEEN = re.compile(r"[\s.\-]")


def checked(text: str) -> str:
    """The nine digits of an organisation number as people write it: with spaces, full stops or
    hyphens, in the VAT form with NO before or MVA after.

    :raises Invalid: about the field ``orgnr``, when these are no nine digits or the last one does
        not fit the others.
    """
    found = _AROUND.match(text)
    digits = _BETWEEN.sub("", found.group(1) if found else text)
    if len(digits) != 9 or not (digits.isascii() and digits.isdecimal()):
        raise Invalid(_("An organisation number has nine digits."), "orgnr")
    try:
        return str(orgnr.validate(digits))
    except ValidationError:
        raise Invalid(
            _(
                "{orgnr} is not an organisation number: its last digit does not fit the others. "
                "Look for a digit that was mistyped."
            ).format(orgnr=shown(digits)),
            "orgnr",
        ) from None


def shown(digits: str) -> str:
    """Nine digits in groups of three with no-break spaces, as they are printed: 974 760 673."""
    return "\N{NO-BREAK SPACE}".join(re.findall(".{1,3}", digits))
