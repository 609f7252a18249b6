"""The pilot's sub-projects, and the goals that they serve: ``data/subprojects.toml``.

Meetings belong to a sub-project. What each is to do, the working meetings it held and the results
named are retold from the source that stands beside them.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sandkasse.config import PROJECT_FOLDER
from sandkasse.i18n import _
from sandkasse.journeys import Text
from sandkasse.reference_file import Words, faulty, reading, require_once

FILE = PROJECT_FOLDER / "data" / "subprojects.toml"


@dataclass(frozen=True)
class Subproject:
    """A sub-project, which runs from ``first_year`` to ``last_year``, both included (None: no end
    is known). ``meetings`` are the working meetings that ``source`` says it held (None: it does not
    say), ``results`` what the source names, and ``dated`` the source's own day or year.
    ``recruits`` tells whether its task is recruitment."""

    id: str
    name: Text
    task: Text
    first_year: int
    last_year: int | None
    meetings: int | None
    results: tuple[Text, ...]
    source: str
    dated: str
    recruits: bool = False

    def runs_in(self, year: int) -> bool:
        """Whether the sub-project runs in ``year``."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


@dataclass(frozen=True)
class Goal:
    """A goal of the pilots (``national``, 1-5) or of Narvik's own (``local``, a and b)."""

    id: str
    scope: Literal["national", "local"]
    text: Text


@dataclass(frozen=True)
class Catalogue:
    """What the file holds, in its order."""

    subprojects: tuple[Subproject, ...]
    goals: tuple[Goal, ...]


class _Subproject(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(pattern="^[a-z0-9-]+$")
    name: Words
    task: Words
    first_year: int = Field(alias="from", ge=1900, le=9999)
    last_year: int | None = Field(None, alias="until", ge=1900, le=9999)
    meetings: int | None = Field(None, ge=0)
    results: tuple[Words, ...] = ()
    source: str = Field(min_length=1)
    dated: str
    recruits: bool = False

    def subproject(self) -> Subproject:
        return Subproject(
            self.id, self.name.text(), self.task.text(), self.first_year, self.last_year,
            self.meetings, tuple(one.text() for one in self.results), self.source, self.dated,
            self.recruits,
        )  # fmt: skip


class _Goal(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(min_length=1)
    scope: Literal["national", "local"]
    text: Words

    def goal(self) -> Goal:
        return Goal(self.id, self.scope, self.text.text())


def load(path: Path) -> Catalogue:
    """The sub-projects and goals of a file.

    :raises NotConfigured: naming the file and what is wrong with it.
    """
    with reading(path) as content:
        found = Catalogue(
            tuple(_Subproject(**entry).subproject() for entry in content["subprojects"]),
            tuple(_Goal(**entry).goal() for entry in content["goals"]),
        )
    _check(path, found)
    return found


def all_subprojects() -> list[Subproject]:
    """All sub-projects, in the file's order."""
    return list(_shipped().subprojects)


def find(subproject_id: str | None) -> Subproject | None:
    """The sub-project with this id, or None."""
    return next((one for one in _shipped().subprojects if one.id == subproject_id), None)


def current(today: date) -> list[Subproject]:
    """The sub-projects that run in the year of ``today``, in the file's order."""
    return [one for one in _shipped().subprojects if one.runs_in(today.year)]


def goals() -> list[Goal]:
    """The goals, the national ones first."""
    return list(_shipped().goals)


@lru_cache
def _shipped() -> Catalogue:
    return load(FILE)


def _check(path: Path, found: Catalogue) -> None:
    for kind in (found.subprojects, found.goals):
        require_once(path, (one.id for one in kind))
    for one in found.subprojects:
        if one.last_year is not None and one.last_year < one.first_year:
            raise faulty(path, _("{id} ends before it begins").format(id=one.id))
