"""What tests have found about accessibility: ``data/accessibility.json``, which is written by
`make accessibility` when axe has looked at every page."""

from datetime import date
from functools import cache

from pydantic import BaseModel, ConfigDict, ValidationError

from sandkasse.config import PROJECT_FOLDER
from sandkasse.reference_file import faulty

RECORD = PROJECT_FOLDER / "data" / "accessibility.json"


class Looked(BaseModel):
    """How often a page was looked at, and how many faults axe found in all."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    looks: int
    faults: int


class Record(BaseModel):
    """When and how it was tested; each page by the name of its file, and ``welcome`` for what is
    seen before signing in. ``widths`` are in CSS pixels."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    date: date
    axe: str
    chromium: str
    languages: tuple[str, ...]
    widths: tuple[int, ...]
    schemes: tuple[str, ...]
    pages: dict[str, Looked]

    @property
    def looks(self) -> int:
        """How often any page was looked at."""
        return sum(page.looks for page in self.pages.values())

    @property
    def faults(self) -> int:
        """How many faults were found in all."""
        return sum(page.faults for page in self.pages.values())


@cache
def record() -> Record:
    """What the last test found.

    :raises NotConfigured: when the file is missing or cannot be read.
    """
    try:
        return Record.model_validate_json(RECORD.read_bytes())
    except (OSError, ValidationError) as error:
        raise faulty(RECORD, type(error).__name__) from None
