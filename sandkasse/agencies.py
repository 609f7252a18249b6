"""The agencies that ideas may need something from, kept in step with one reference file."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandkasse.database import Database, Transaction
from sandkasse.errors import NotConfigured
from sandkasse.i18n import _
from sandkasse.journeys import Text

_ORGNR_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


@dataclass(frozen=True)
class Agency:
    """An agency. ``orgnr`` is its nine digits in Enhetsregisteret, where they are known."""

    id: str
    name: Text
    orgnr: str | None = None


def listed(db: Database) -> list[Agency]:
    """All agencies, in the reference file's order."""
    rows = db.rows("SELECT agency_id, name_nb, name_en, orgnr FROM agency ORDER BY position")
    return [Agency(key, Text(nb=nb, en=en), orgnr) for key, nb, en, orgnr in rows]


def load(path: Path) -> list[Agency]:
    """The agencies of a reference file.

    :raises NotConfigured: naming the file and what is wrong with it.
    """
    try:
        with path.open("rb") as file:
            content = tomllib.load(file)
        agencies = [_agency(entry) for entry in content["agencies"]]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NotConfigured(_faulty(path, str(error))) from None
    except (KeyError, TypeError) as error:
        raise NotConfigured(_faulty(path, _("{what} is missing").format(what=error))) from None
    ids = [agency.id for agency in agencies]
    for agency in agencies:
        if ids.count(agency.id) > 1:
            raise NotConfigured(
                _faulty(path, _("{id} is there more than once").format(id=agency.id))
            )
        if agency.orgnr is not None and not is_orgnr(agency.orgnr):
            raise NotConfigured(
                _faulty(path, _("{orgnr} is not an organisation number").format(orgnr=agency.orgnr))
            )
    return agencies


def is_orgnr(digits: str) -> bool:
    """Whether ``digits`` are nine whose last is the control digit (modulus 11)."""
    if len(digits) != 9 or not digits.isascii() or not digits.isdecimal():
        return False
    rest = sum(w * int(d) for w, d in zip(_ORGNR_WEIGHTS, digits, strict=False)) % 11
    return int(digits[8]) == (11 - rest) % 11


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
    values = [position, agency.name.nb, agency.name.en, agency.orgnr, agency.id]
    if tx.value("SELECT count(*) FROM agency WHERE agency_id = ?", [agency.id]):
        tx.execute(
            "UPDATE agency SET position = ?, name_nb = ?, name_en = ?, orgnr = ? "
            "WHERE agency_id = ?",
            values,
        )
    else:
        tx.execute(
            "INSERT INTO agency (position, name_nb, name_en, orgnr, agency_id) "
            "VALUES (?, ?, ?, ?, ?)",
            values,
        )


def _agency(entry: dict[str, Any]) -> Agency:
    name = entry["name"]
    return Agency(str(entry["id"]), Text(nb=name["nb"], en=name["en"]), entry.get("orgnr"))


def _faulty(path: Path, reason: str) -> str:
    return _("{file} cannot be used: {reason}.").format(file=path, reason=reason)
