"""What is agreed on student positions, and what is published on working beside the studies:
``data/recruitment.toml``. Each text stands with the source it was read in."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from sandkasse.config import PROJECT_FOLDER
from sandkasse.journeys import Text
from sandkasse.reference_file import Words, reading

FILE = PROJECT_FOLDER / "data" / "recruitment.toml"


@dataclass(frozen=True)
class Agreement:
    """An agreement on up to ``seats`` positions; ``dated`` is the day of its source."""

    id: str
    agency_id: str
    seats: int
    place: str
    name: Text
    text: Text
    source: str
    dated: str


@dataclass(frozen=True)
class Guidance:
    """A published limit of ``hours`` a week, read at ``source`` on the day ``checked``."""

    id: str
    hours: float
    text: Text
    source: str
    checked: date


@dataclass(frozen=True)
class Reference:
    """What the file holds, in its order."""

    agreements: tuple[Agreement, ...]
    guidance: tuple[Guidance, ...]


class _Agreement(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    agency: str
    seats: int = Field(ge=1)
    place: str
    name: Words
    text: Words
    source: str = Field(min_length=1)
    dated: str

    def agreement(self) -> Agreement:
        return Agreement(
            self.id, self.agency, self.seats, self.place, self.name.text(), self.text.text(),
            self.source, self.dated,
        )  # fmt: skip


class _Guidance(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    hours: float = Field(gt=0)
    text: Words
    source: str = Field(pattern="^https://")
    checked: date

    def guidance(self) -> Guidance:
        return Guidance(self.id, self.hours, self.text.text(), self.source, self.checked)


def load(path: Path) -> Reference:
    """What a file says.

    :raises NotConfigured: naming the file and what is wrong with it.
    """
    with reading(path) as content:
        return Reference(
            tuple(_Agreement(**entry).agreement() for entry in content["agreements"]),
            tuple(_Guidance(**entry).guidance() for entry in content["guidance"]),
        )


@cache
def shipped() -> Reference:
    """What the shipped file says. Errors as for :func:`load`."""
    return load(FILE)


def agreement(agreement_id: str | None) -> Agreement | None:
    """The agreement with this id, or None."""
    return next((one for one in shipped().agreements if one.id == agreement_id), None)
