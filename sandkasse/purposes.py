"""placeholder until merged"""

from dataclasses import dataclass
from datetime import date

from sandkasse.journeys import Text


@dataclass(frozen=True)
class Purpose:
    """A purpose."""

    id: str
    agency_id: str
    name: Text
    text: Text = Text()
    source: str = ""
    checked: date = date(2026, 11, 23)
    typical_days: float | None = None


_ALL = {
    "vat-registration": Purpose(
        "vat-registration",
        "skatteetaten",
        Text(nb="Mva-registrering", en="VAT registration"),
        Text("x", "x"),
        "https://x.no/a",
        typical_days=21,
    )
}


def listed() -> list[Purpose]:
    """All."""
    return list(_ALL.values())


def for_agency(agency_id: str) -> list[Purpose]:
    """Of one."""
    return [one for one in _ALL.values() if one.agency_id == agency_id]


def find(purpose_id: str | None) -> Purpose | None:
    """One."""
    return _ALL.get(purpose_id or "")
