"""Draws docs/screenshots/*.png anew: every page, from a demonstration that is the same each time.

Run it with `make screenshots`. The files are called page.language[.width][.dark].png.
"""

import re
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser

from sandkasse.config import PROJECT_FOLDER
from sandkasse.ui import funnel_view
from tests.browser.serving import NARROW, WIDE, browser, server, settled, visitor

FOLDER = PROJECT_FOLDER / "docs" / "screenshots"


class Shot(NamedTuple):
    """One picture: what it is called, whose page it is, and how it is looked at."""

    name: str
    slug: str | None
    path: str
    language: str
    width: int = WIDE
    scheme: str = "light"

    @property
    def file(self) -> Path:
        """Where the picture goes."""
        width = "" if self.width == WIDE else f".{self.width}"
        scheme = "" if self.scheme == "light" else f".{self.scheme}"
        return FOLDER / f"{self.name}.{self.language}{width}{scheme}.png"


#: An address to follow: the first idea of the list, which is one that is still open.
LONGEST = "idea_bank?mine=1&sort=longest"

PAGES = [
    ("welcome", None, ""),
    ("my-page", "mentor-marit", ""),
    ("my-page-student", "student-bsc", ""),
    ("idea-bank", "mentor-marit", "idea_bank"),
    ("new-idea", "student-msc", "submit"),
    ("idea", "mentor-marit", LONGEST),
    ("board", "mentor-marit", "board"),
    ("funnel", "member-tax", "funnel"),
    *((f"funnel-{kind}", "member-tax", f"funnel?kind={kind}") for kind in funnel_view.KINDS),
    ("meetings", "lead", "meetings"),
    ("meeting", "lead", "meetings?meeting=1"),
    ("positions", "student-msc", "recruitment"),
    ("positions-member", "member-tax", "recruitment"),
    ("seats", "lead", "recruitment?view=seats"),
    ("agencies", "student-msc", "agencies"),
    ("people", "lead", "people"),
    ("audit", "lead", "audit"),
    ("privacy", "lead", "privacy"),
    ("privacy-student", "student-bsc", "privacy"),
    ("accessibility", None, "accessibility"),
    ("import-and-export", "lead", "exchange"),
]

SHOTS = [
    *(Shot(*page, language) for page in PAGES for language in ("nb", "en")),
    *(Shot(*page, "nb", NARROW) for page in PAGES),
    *(Shot(*page, "en", WIDE, "dark") for page in PAGES if page[0] in ("board", "funnel", "idea")),
]


def draw(opened: Browser, address: str, shot: Shot) -> None:
    """Draw one picture."""
    context = visitor(opened, address, shot.slug, shot.language, shot.width, shot.scheme)
    page = context.new_page()
    page.goto(address + shot.path)
    settled(page)
    if shot.path == LONGEST:
        page.locator('[data-testid="stMain"] li a').first.click()
        page.wait_for_url(re.compile("/idea[?]"), wait_until="commit")
        settled(page)
    page.wait_for_timeout(700)
    page.screenshot(path=shot.file)
    context.close()


def main() -> None:
    """Draw every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        server(Path(folder), ideas=160) as running,
        browser() as opened,
    ):
        for shot in SHOTS:
            draw(opened, running.url, shot)
            print(shot.file.relative_to(PROJECT_FOLDER))


if __name__ == "__main__":
    main()
