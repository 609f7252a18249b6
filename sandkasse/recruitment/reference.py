"""What is agreed on student positions, and what is published on working beside the studies:
``data/recruitment.toml``. Each text stands with the source it was read in."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandkasse.config import PROJECT_FOLDER
from sandkasse.errors import NotConfigured
from sandkasse.i18n import _
from sandkasse.journeys import Text

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


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    nb: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def text(self) -> Text:
        return Text(self.nb, self.en)


class _Agreement(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    agency: str
    seats: int = Field(ge=1)
    place: str
    name: _Words
    text: _Words
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
    text: _Words
    source: str = Field(pattern="^https://")
    checked: date

    def guidance(self) -> Guidance:
        return Guidance(self.id, self.hours, self.text.text(), self.source, self.checked)


def load(path: Path) -> Reference:
    """What a file says.

    :raises NotConfigured: naming the file and what is wrong with it.
    """
    try:
        with path.open("rb") as file:
            content: dict[str, Any] = tomllib.load(file)
        return Reference(
            tuple(_Agreement(**entry).agreement() for entry in content["agreements"]),
            tuple(_Guidance(**entry).guidance() for entry in content["guidance"]),
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NotConfigured(_faulty(path, str(error))) from None
    except (KeyError, TypeError) as error:
        raise NotConfigured(_faulty(path, _("{what} is missing").format(what=error))) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise NotConfigured(_faulty(path, f"{where}: {first['msg']}")) from None


@cache
def shipped() -> Reference:
    """What the shipped file says. Errors as for :func:`load`."""
    return load(FILE)


def agreement(agreement_id: str | None) -> Agreement | None:
    """The agreement with this id, or None."""
    return next((one for one in shipped().agreements if one.id == agreement_id), None)


def _faulty(path: Path, reason: str) -> str:
    return _("{file} cannot be used: {reason}.").format(file=path, reason=reason)
