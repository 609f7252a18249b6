"""The agencies as synthetic teams meet them: people to call, what they are asked, barriers.

How long each takes follows from its place in the list and from nothing else; it says nothing about
the agency.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any

from sandkasse import purposes
from sandkasse.database import Transaction
from sandkasse.demo.chance import Chance, Odds
from sandkasse.demo.columns import Gathered, new_ids
from sandkasse.demo.crowd import Crowd
from sandkasse.demo.names import slug
from sandkasse.demo.seasons import DAY
from sandkasse.search import fold

_CONTACTS = 4
_FIELDS = ("name", "title", "email", "subject", "valid_from", "valid_to")


@cache
def known() -> dict[str, Any]:
    """What the file of texts says about agencies."""
    file = resources.files("sandkasse.demo") / "texts" / "agencies.toml"
    return tomllib.loads(file.read_text("utf-8"))


@dataclass(frozen=True)
class Contact:
    """A contact person, from one day to another (None: still there), as days since 1970."""

    contact_id: int
    begins: int
    ends: int | None

    def there(self, moment: int) -> bool:
        """Whether the person was there at ``moment``."""
        day = moment // DAY
        return self.begins <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True)
class Errand:
    """What a team may want: a purpose of the catalogue, or a title in each language."""

    purpose_id: str | None
    titles: Mapping[str, str]


@dataclass(frozen=True)
class Office:
    """An agency. ``days`` is how long it takes, in the middle; ``along`` how far an idea has come
    when it first has to do with it."""

    agency_id: str
    along: float
    weight: float
    days: float
    errands: tuple[Errand, ...]
    contacts: tuple[Contact, ...]
    barriers: tuple[int, ...]
    member_id: int | None


class Offices:
    """All agencies. Those that the file of texts does not name are not asked anything."""

    def __init__(
        self, tx: Transaction, chance: Chance, crowd: Crowd, gathered: Gathered, now: int
    ) -> None:
        self._tx, self._chance, self._crowd, self._gathered = tx, chance, crowd, gathered
        self._now = now
        described = {one["id"]: one for one in known()["agencies"]}
        barriers = self._name_barriers()
        self.by_id = {
            agency_id: self._office(agency_id, place, described[agency_id], barriers)
            for place, agency_id in enumerate(crowd.agencies)
            if agency_id in described
        }
        self._odds: dict[int, Odds[str]] = {}

    def _office(
        self, agency_id: str, place: int, said: Mapping[str, Any], barriers: dict[int, str]
    ) -> Office:
        own = tuple(Errand(None, one) for one in said["matters"])
        listed = [one.id for one in purposes.listed() if one.agency_id == agency_id]
        return Office(
            agency_id,
            said["along"],
            said["weight"],
            4.0 + place * 7 % 9 * 3.0,
            (*(Errand(purpose_id, {}) for purpose_id in listed), *(own if not listed else own[:1])),
            tuple(self._contact(agency_id, number) for number in range(_CONTACTS)),
            tuple(key for key, whose in barriers.items() if whose == agency_id),
            self._crowd.members.get(agency_id),
        )

    def _contact(self, agency_id: str, number: int) -> Contact:
        """A contact person; the last of each agency has left."""
        (contact_id,) = new_ids(self._tx, "contact_ids", 1)
        name = self._crowd.name()
        today = self._now // DAY
        begins = today - 760 + number * 45
        ends = today - 60 - self._chance.below(200) if number == _CONTACTS - 1 else None
        texts = known()["people"]
        card = (
            name.text, self._chance.one(texts["titles"]),
            f"{slug(name.text).replace('-', '.')}@{agency_id}.example",
            self._chance.one(texts["subjects"]), _date(begins), _date(ends),
        )  # fmt: skip
        created = begins * DAY + 9 * 3_600
        searched = fold(f"{card[0]} {card[1]} {card[3]} {card[2]}")
        rows = self._gathered.rows
        rows["contact"].append((contact_id, agency_id, *card, created, searched))
        rows["contact_edit"].extend(
            (contact_id, 1, field, None, str(value), self._crowd.lead_id, created)
            for field, value in zip(_FIELDS, card, strict=True)
            if value is not None
        )
        return Contact(contact_id, begins, ends)

    def _name_barriers(self) -> dict[int, str]:
        """The barriers' ids, with whose they are."""
        said = [one for one in known()["barriers"] if one["agency"] in self._crowd.agencies]
        ids = new_ids(self._tx, "barrier_ids", len(said))
        for number, (barrier_id, one) in enumerate(zip(ids, said, strict=True)):
            named = self._now - (300 - 40 * number) * DAY
            review = _date(self._now // DAY + 45 * (number - 1)) if one["answer"] else None
            self._gathered.rows["barrier"].append((
                barrier_id, one["agency"], one["title"], one["description"], one["answer"],
                "https://kilde.example" if one["answer"] else "", review, self._crowd.lead_id,
                named, fold(f"{one['title']} {one['description']}"),
            ))  # fmt: skip
        return {key: one["agency"] for key, one in zip(ids, said, strict=True)}

    def asked(self, along: float) -> Office | None:
        """The agency that an idea this far along has to do with, by chance; None: with none."""
        step = int(along * 10 + 0.001)
        if step not in self._odds:
            near = {key: one.weight for key, one in self.by_id.items() if one.along <= step / 10}
            self._odds[step] = Odds(near)
        odds = self._odds[step]
        return self.by_id[self._chance.of(odds)] if odds.outcomes else None


def _date(day: int | None) -> date | None:
    return None if day is None else datetime.fromtimestamp(day * DAY, UTC).date()
