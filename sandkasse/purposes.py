"""What ideas ask of agencies: the catalogue in ``data/touchpoints.toml``.

Its texts are guidance in our own words, each with the address it was read at and the day of the
reading. How long an agency takes stands only where the agency itself has published it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from sandkasse.config import PROJECT_FOLDER
from sandkasse.i18n import _
from sandkasse.journeys import Text
from sandkasse.reference_file import Words, faulty, reading, require_once

FILE = PROJECT_FOLDER / "data" / "touchpoints.toml"
#: A source that was read longer ago than this is shown with a warning.
FRESH = timedelta(days=365)


@dataclass(frozen=True)
class Purpose:
    """One thing that an idea may ask of an agency.

    ``source`` is the address where ``text`` was read on ``checked``; ``dated`` the year or day that
    the page itself carried. ``typical_days`` is how long the agency says that it takes, in calendar
    days (None: it has not said), and ``typical_note`` how that was read.
    """

    id: str
    agency_id: str
    name: Text
    text: Text
    source: str
    checked: date
    dated: str = ""
    typical_days: float | None = None
    typical_note: Text | None = None

    def stale(self, today: date) -> bool:
        """Whether its source was last read over a year ago."""
        return self.checked + FRESH < today


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    agency: str
    name: Words
    text: Words
    source: str
    checked: date
    dated: str = ""
    typical_days: float | None = None
    typical_note: Words | None = None

    def purpose(self) -> Purpose:
        note = self.typical_note.text() if self.typical_note else None
        return Purpose(
            self.id, self.agency, self.name.text(), self.text.text(), self.source, self.checked,
            self.dated, self.typical_days, note,
        )  # fmt: skip


def load(path: Path) -> list[Purpose]:
    """The purposes of a file.

    :raises NotConfigured: naming the file and what is wrong with it.
    """
    with reading(path) as content:
        found = [_Entry(**entry).purpose() for entry in content["purposes"]]
    require_once(path, (one.id for one in found))
    return found


def check(agency_ids: Collection[str]) -> None:
    """Refuse a catalogue that names an agency which is not there.

    :raises NotConfigured: naming the purpose; else as :func:`load`.
    """
    for one in listed():
        if one.agency_id not in agency_ids:
            reason = _("{purpose} names the agency {agency}, which is not in the list")
            raise faulty(FILE, reason.format(purpose=one.id, agency=one.agency_id))


@cache
def _shipped() -> dict[str, Purpose]:
    return {one.id: one for one in load(FILE)}


def listed() -> list[Purpose]:
    """All purposes, in the file's order."""
    return list(_shipped().values())


def for_agency(agency_id: str) -> list[Purpose]:
    """The purposes of one agency, in the file's order."""
    return [one for one in listed() if one.agency_id == agency_id]


def find(purpose_id: str | None) -> Purpose | None:
    """The purpose with this id, or None."""
    return _shipped().get(purpose_id or "")
