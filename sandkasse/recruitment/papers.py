"""The PDF that may come with an application: looked at before it is kept, and never rendered.

It is kept in the database, beside the application: one backup and one transaction hold both, and
there is no file that a web server could be made to show.
"""

import io
import logging
from dataclasses import dataclass

from sandkasse.errors import Invalid
from sandkasse.i18n import _, number_text
from sandkasse.texts import LIMITS, tidy

MOST_BYTES = 5_000_000
MOST_PAGES = 20
_BEGINNING = b"%PDF-"

# A damaged file is told of by an error; what pypdf tells its own log of it is nobody's.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Paper:
    """A PDF as it came."""

    name: str
    content: bytes
    pages: int


def checked(name: str, content: bytes) -> Paper:
    """The file as a paper to be kept.

    :raises Invalid: naming ``paper``: too large, not a PDF by what is in it, damaged, locked with a
        password, or with too many pages.
    """
    if len(content) > MOST_BYTES:
        said = _("The file is larger than {n} MB. Make it smaller and try again.")
        raise Invalid(said.format(n=MOST_BYTES // 1_000_000), "paper")
    if not content.startswith(_BEGINNING):
        raise Invalid(_("This is not a PDF. Save the document as PDF and try again."), "paper")
    pages = _pages(content)
    if pages > MOST_PAGES:
        said = _("The file has {pages} pages; at most {n} are allowed.")
        raise Invalid(said.format(pages=number_text(pages), n=MOST_PAGES), "paper")
    return Paper(_named(name), content, pages)


def _pages(content: bytes) -> int:
    """How many pages the file has. It comes from a stranger, so whatever reading it raises means
    that it cannot be read."""
    from pypdf import PdfReader  # loaded where it is used: commands need not wait for it
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Invalid(_("The file is locked with a password. Save it without one."), "paper")
        found = len(reader.pages)
        if found:
            reader.pages[0].mediabox  # noqa: B018  (a page that is not there fails here)
    except (PyPdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError,
            RecursionError, OSError, NotImplementedError) as error:  # fmt: skip
        raise Invalid(_("The PDF is damaged. Save it anew and try again."), "paper") from error
    if not found:
        raise Invalid(_("The PDF is damaged. Save it anew and try again."), "paper")
    return found


def _named(name: str) -> str:
    """A name to offer when it is fetched: without folders, control characters or length."""
    last = tidy(name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*')
    stem = kept.removesuffix(".pdf").removesuffix(".PDF").strip(". ")[: LIMITS["name"]]
    called = stem or _("Application")
    return f"{called}.pdf"
