"""Contact people as vCards (RFC 6350, version 4.0), which phones and mail programs read.

A name is given whole: how it divides into family name and given name is not known. Three rules
of the format are here: a text's commas, semicolons, backslashes and line ends are escaped (3.4);
a line is folded after at most 75 octets (3.2); lines end with CR LF.
"""

import uuid

from sandkasse.contacts import Contact

_LONGEST = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n"})
#: From it and a contact's number comes an id that stays the same, so that a card read twice is one.
_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "https://sandkasse.example/contact")


def vcard(contact: Contact, agency: str) -> str:
    """One card; ``agency`` is what the organisation is called."""
    card = contact.card
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"UID:urn:uuid:{uuid.uuid5(_OURS, str(contact.contact_id))}",
        f"FN:{_escaped(card.name)}",
        f"ORG:{_escaped(agency)}",
    ]
    if card.title:
        lines.append(f"TITLE:{_escaped(card.title)}")
    if card.phone:
        lines.append(f"TEL;TYPE=work;VALUE=uri:tel:{card.phone}")
    if card.email:
        lines.append(f"EMAIL;TYPE=work:{_escaped(card.email)}")
    if card.subject:
        lines.append(f"NOTE:{_escaped(card.subject)}")
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCARD"])


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)


def _folded(line: str) -> str:
    """The line, broken before the letter that would not fit; a continuation begins with a space."""
    parts, octets = [""], 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > _LONGEST:
            parts.append(" ")
            octets = 1
        parts[-1] += letter
        octets += size
    return "\r\n".join(parts)
