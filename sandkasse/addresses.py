"""How somebody is reached: phone numbers and e-mail addresses, in whatever form they are typed."""

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from sandkasse.errors import Invalid
from sandkasse.i18n import _

_HERE, _HERE_CODE = "NO", 47


def phone(text: str) -> str:
    """A phone number as it is kept, in the international form E.164: +4722222222.

    Spaces, full stops, hyphens and brackets do not matter; without a country code it is Norwegian.

    :raises Invalid: about the field ``phone``, when no such number can be.
    """
    try:
        number = phonenumbers.parse(text, _HERE)
    except NumberParseException:
        raise Invalid(_no_phone(), "phone") from None
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise Invalid(_no_phone(), "phone")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def phone_shown(kept: str) -> str:
    """A kept number as people read it: a Norwegian one in pairs, another with its country code."""
    number = _kept(kept)
    if number is None:
        return kept
    if number.country_code != _HERE_CODE:
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    digits = phonenumbers.national_significant_number(number)
    return " ".join(re.findall("..", digits)) if len(digits) == 8 else digits


def email(text: str) -> str:
    """An e-mail address in one form. Whether anybody reads it is not asked.

    :raises Invalid: about the field ``email``, when it cannot be an address.
    """
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise Invalid(
            _("Write the whole e-mail address, such as kari@etat.example."), "email"
        ) from None


def _kept(kept: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(kept, _HERE)
    except NumberParseException:
        return None


def _no_phone() -> str:
    return _(
        "There is no such phone number. Write eight digits, or another country's number with + "
        "and the country code."
    )
