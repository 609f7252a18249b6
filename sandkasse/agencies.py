"""The agencies that ideas may need something from, kept in step with one reference file.

What the file says an agency does for a founder is guidance: each sentence has the address it was
read at and the day it was read.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sandkasse import orgnr
from sandkasse.database import Database, Transaction
from sandkasse.errors import Invalid
from sandkasse.i18n import _
from sandkasse.journeys import Text
from sandkasse.reference_file import faulty, reading, require_once
from sandkasse.search import words

NOTHING = Text()


@dataclass(frozen=True)
class Help:
    """One thing that an agency does for a founder. ``source`` is the address where it was read on
    ``checked``; ``dated`` is the year, or the day in ISO form, that the page itself carried."""

    text: Text
    source: str
    checked: date
    dated: str = ""


@dataclass(frozen=True)
class Agency:
    """An agency. ``orgnr`` is its nine digits in Enhetsregisteret, where they are known.

    ``active`` is whether it took an active part in the pilot, as ``note`` tells with its date.
    """

    id: str
    name: Text
    orgnr: str | None = None
    website: str = ""
    active: bool = True
    note: Text = NOTHING
    help: tuple[Help, ...] = ()


def listed(db: Database) -> list[Agency]:
    """All agencies, in the reference file's order."""
    rows = db.rows(
        """
        SELECT agency_id, name_nb, name_en, orgnr, website, active, note_nb, note_en, help
        FROM agency ORDER BY position
        """
    )
    return [
        Agency(key, Text(nb, en), number, website, active, Text(*note), _unpacked(helped))
        for key, nb, en, number, website, active, *note, helped in rows
    ]


def matching(agencies: Sequence[Agency], query: str) -> list[Agency]:
    """Those in whose name or help, in either language, each word of ``query`` begins a word.

    One or two letters, which begin many words, are looked for in names alone.
    """
    wanted = words(query)
    return [one for one in agencies if all(_has(one, word) for word in wanted)]


def named(agencies: Sequence[Agency], word: str) -> list[str]:
    """The ids of the agencies in whose name, in either language, ``word`` begins a word."""
    return [one.id for one in agencies if _begins(word, one.name)]


def _has(agency: Agency, word: str) -> bool:
    helped = [one.text for one in agency.help] if len(word) > 2 else []
    return _begins(word, agency.name, *helped)


def _begins(beginning: str, *texts: Text) -> bool:
    there = words(" ".join(f"{text.nb} {text.en}" for text in texts))
    return any(word.startswith(beginning) for word in there)


def load(path: Path) -> list[Agency]:
    """The agencies of a reference file.

    :raises NotConfigured: naming the file and what is wrong with it.
    """
    try:
        with reading(path) as content:
            agencies = [_agency(entry) for entry in content["agencies"]]
    except Invalid as error:
        raise faulty(path, error.message.rstrip(".")) from None
    require_once(path, (agency.id for agency in agencies))
    return agencies


def sync(db: Database, path: Path) -> None:
    """Make the table say what the file says. An agency that the file no longer names stays, last,
    since ideas and people may refer to it.

    :raises NotConfigured: as :func:`load`.
    """
    wanted = load(path)
    present = listed(db)
    kept = [one for one in present if one.id not in {agency.id for agency in wanted}]
    if present == [*wanted, *kept]:
        return
    with db.transaction() as tx:
        for position, agency in enumerate([*wanted, *kept]):
            _store(tx, agency, position)


def _store(tx: Transaction, agency: Agency, position: int) -> None:
    values = [
        position, agency.name.nb, agency.name.en, agency.orgnr, agency.website, agency.active,
        agency.note.nb, agency.note.en, _packed(agency.help), agency.id,
    ]  # fmt: skip
    if tx.value("SELECT count(*) FROM agency WHERE agency_id = ?", [agency.id]):
        tx.execute(
            """
            UPDATE agency SET position = ?, name_nb = ?, name_en = ?, orgnr = ?, website = ?,
                active = ?, note_nb = ?, note_en = ?, help = ?
            WHERE agency_id = ?
            """,
            values,
        )
    else:
        tx.execute(
            """
            INSERT INTO agency (position, name_nb, name_en, orgnr, website, active, note_nb,
                note_en, help, agency_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            values,
        )


def _packed(helped: tuple[Help, ...]) -> str:
    return json.dumps(
        [
            {
                "nb": one.text.nb,
                "en": one.text.en,
                "source": one.source,
                "checked": one.checked.isoformat(),
                "dated": one.dated,
            }
            for one in helped
        ],
        ensure_ascii=False,
    )


def _unpacked(packed: str) -> tuple[Help, ...]:
    return tuple(
        Help(_text(one), one["source"], date.fromisoformat(one["checked"]), one["dated"])
        for one in json.loads(packed)
    )


def _agency(entry: dict[str, Any]) -> Agency:
    number = entry.get("orgnr")
    return Agency(
        str(entry["id"]),
        _text(entry["name"]),
        None if number is None else orgnr.checked(str(number)),
        _address(entry["website"]) if "website" in entry else "",
        bool(entry.get("active", True)),
        _text(entry["note"]) if "note" in entry else NOTHING,
        tuple(map(_help, entry.get("help", ()))),
    )


def _help(entry: dict[str, Any]) -> Help:
    checked = entry["checked"]
    if not isinstance(checked, date):
        raise Invalid(_("{what} is not a date").format(what=checked))
    return Help(_text(entry), _address(entry["source"]), checked, str(entry.get("dated", "")))


def _address(address: str) -> str:
    # Addresses become links: nothing but a web page may be behind one.
    if not address.startswith(("https://", "http://")):
        raise Invalid(_("{what} is not a web address").format(what=address))
    return address


def _text(entry: dict[str, Any]) -> Text:
    return Text(nb=entry["nb"], en=entry["en"])
