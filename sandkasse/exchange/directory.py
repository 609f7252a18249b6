"""Contact people out: as a table for spreadsheets, and as vCards for phones and mail programs."""

from dataclasses import replace

import pandas as pd

from sandkasse import agencies, contacts, limits
from sandkasse.addresses import phone_shown
from sandkasse.contacts import FIELD_NAMES, Contact, Filter
from sandkasse.database import Database
from sandkasse.exchange.formulas import neutralised
from sandkasse.exchange.vcards import vcard
from sandkasse.i18n import _, in_language
from sandkasse.people import Actor

_MOST = 1_000_000


def contacts_csv(db: Database, actor: Actor, wanted: Filter, language: str) -> bytes:
    """The contact people that ``wanted`` describes as CSV in UTF-8, with headings in ``language``.
    A cell that a spreadsheet would run as a formula has an apostrophe before it.

    :raises NotAllowed: without the right to the directory.
    """
    found = contacts.find(db, actor, wanted, size=_MOST).rows
    limits.count("downloads", actor)
    named = _agency_names(db, language)
    with in_language(language):
        headings = [_("Agency"), *(_(FIELD_NAMES[field]) for field in FIELD_NAMES)]
    rows = [[neutralised(cell) for cell in _cells(one, named)] for one in found]
    table = pd.DataFrame(rows, columns=headings)
    # The mark at the beginning tells spreadsheets that the letters are UTF-8.
    return table.to_csv(index=False).encode("utf-8-sig")


def contacts_vcards(db: Database, actor: Actor, wanted: Filter, language: str) -> bytes:
    """The contact people that ``wanted`` describes and who are there, as vCards one after another.

    :raises NotAllowed: without the right to the directory.
    """
    found = contacts.find(db, actor, replace(wanted, left=False), size=_MOST).rows
    limits.count("downloads", actor)
    named = _agency_names(db, language)
    return "".join(vcard(one, named.get(one.agency_id, one.agency_id)) for one in found).encode()


def _agency_names(db: Database, language: str) -> dict[str, str]:
    return {agency.id: agency.name.in_(language) for agency in agencies.listed(db)}


def _cells(contact: Contact, named: dict[str, str]) -> list[str]:
    written = {**vars(contact.card), "phone": phone_shown(contact.card.phone)}
    cells = [written[field] for field in FIELD_NAMES]
    agency = named.get(contact.agency_id, contact.agency_id)
    return [agency, *("" if cell is None else str(cell) for cell in cells)]
