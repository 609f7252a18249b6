"""What axe has found, for the accessibility statement: ``data/accessibility.json``."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from axe_playwright_python.base import AXE_FILE_PATH

from sandkasse import clock

#: Where `make accessibility` wants it written; otherwise it is not.
ASKED_BY = "SANDKASSE_ACCESSIBILITY_RECORD"


class Record:
    """How often each page was looked at, and how many faults were found."""

    def __init__(self, chromium: str, looks: Sequence[tuple[int, str]]) -> None:
        self._chromium = chromium
        self._looks = looks
        self._pages: dict[str, dict[str, int]] = {}
        self._languages: set[str] = set()

    def note(self, path: str, language: str, faults: int) -> None:
        """One look at the page of this path."""
        page = self._pages.setdefault(path.split("?")[0] or "home", {"looks": 0, "faults": 0})
        page["looks"] += 1
        page["faults"] += faults
        self._languages.add(language)

    def write(self) -> None:
        """Write it down where that was asked for and all languages were looked at."""
        asked = os.environ.get(ASKED_BY)
        if not asked or len(self._languages) < 2:
            return
        told = {
            "date": clock.today().isoformat(),
            "axe": _axe_version(),
            "chromium": self._chromium,
            "languages": sorted(self._languages),
            "widths": sorted({width for width, _scheme in self._looks}),
            "schemes": sorted({scheme for _width, scheme in self._looks}, reverse=True),
            "pages": dict(sorted(self._pages.items())),
        }
        Path(asked).write_text(json.dumps(told, indent=2) + "\n", "utf-8")


def _axe_version() -> str:
    """The version that axe's script says of itself in its first line: ``/*! axe v4.10.2``."""
    return AXE_FILE_PATH.read_text("utf-8").split("axe v", 1)[1].split(maxsplit=1)[0]
