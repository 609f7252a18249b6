"""Papers of meetings and figures: agenda and minutes, slides, spreadsheets and calendar files."""

from sandkasse.documents.audience import AUDIENCE_NAMES, Audience
from sandkasse.documents.exhibit import TITLES
from sandkasse.documents.inside import KINDS
from sandkasse.documents.papers import MIME, PAPERS, file_name, of_view, packed, papers, written

__all__ = [
    "AUDIENCE_NAMES",
    "KINDS",
    "MIME",
    "PAPERS",
    "TITLES",
    "Audience",
    "file_name",
    "of_view",
    "packed",
    "papers",
    "written",
]
