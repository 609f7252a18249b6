"""The PDF that may come with an application: looked at before it is kept, and never rendered.

It is kept in the database, beside the application: one backup and one transaction hold both, and
there is no file that a web server could be made to show.
"""

import io
import logging
import time
from dataclasses import dataclass

from sandkasse.errors import Invalid
from sandkasse.i18n import _, number_text
from sandkasse.texts import LIMITS, tidy

MOST_BYTES = 5_000_000
MOST_PAGES = 20
_BEGINNING = b"%PDF-"
#: How long a file may be read: seconds of the processor's time. One of 20 pages needs a few
#: hundredths; one that was made to keep the server busy would need hours.
_MOST_SECONDS = 2.0
#: How large a part of the file may become when it is unpacked. Only its lists of pages are.
_MOST_UNPACKED = 5_000_000

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


class _Timed(io.BytesIO):
    """A file that cannot be read any longer once it has taken too much of the processor's time."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._until = time.thread_time() + _MOST_SECONDS

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes. :raises ValueError: when the time is over."""
        if time.thread_time() > self._until:
            raise ValueError("It takes too long to read.")
        return super().read(size)


def _pages(content: bytes) -> int:
    """How many pages the file has. It comes from a stranger, so whatever reading it raises means
    that it cannot be read."""
    # Loaded where it is used: commands need not wait for it.
    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import PyPdfError

    try:
        with apply_configuration(
            zlib_maximum_output_length=_MOST_UNPACKED, lzw_maximum_output_length=_MOST_UNPACKED,
            run_length_maximum_output_length=_MOST_UNPACKED,
            array_based_stream_maximum_output_length=_MOST_UNPACKED,
            stream_decoding_work_maximum_length=4 * _MOST_UNPACKED,
        ):  # fmt: skip
            reader = PdfReader(_Timed(content), strict=False)
            if reader.is_encrypted:
                said = _("The file is locked with a password. Save it without one.")
                raise Invalid(said, "paper")
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
