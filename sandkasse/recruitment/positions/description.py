"""What a position says: its words, hours and place, and what is wrong with them."""

from dataclasses import dataclass, replace

from sandkasse import agencies
from sandkasse.database import Database
from sandkasse.errors import InvalidFields
from sandkasse.i18n import _, number_text
from sandkasse.journeys import Text
from sandkasse.people import LEVELS
from sandkasse.recruitment import reference
from sandkasse.texts import problem_with, tidy

#: The hours of a full week, which no part-time position goes beyond.
MOST_HOURS = 37.5
NO_WORDS = Text()


@dataclass(frozen=True)
class Description:
    """What a position is. ``hours`` are a week and a seat; ``level`` None: any."""

    agency_id: str
    title: Text
    text: Text = NO_WORDS
    hours: float = 7.5
    place: str = ""
    contact_id: int | None = None
    level: str | None = None
    programmes: str = ""
    agreement_id: str | None = None


def checked(db: Database, description: Description) -> Description:
    """The description tidied. :raises InvalidFields: for what is wrong with it."""
    tidied = replace(
        description,
        title=_tidied(description.title),
        text=_tidied(description.text),
        place=tidy(description.place),
        programmes=tidy(description.programmes),
    )
    problems = _written_wrong(tidied)
    if tidied.agency_id not in {one.id for one in agencies.listed(db)}:
        problems["agency_id"] = _("Choose one of the agencies in the list.")
    if not 0 < tidied.hours <= MOST_HOURS:
        said = _("Hours a week are more than 0 and at most {n}.")
        problems["hours"] = said.format(n=number_text(MOST_HOURS, 1))
    if tidied.level is not None and tidied.level not in LEVELS:
        problems["level"] = _("Choose one of the levels in the list.")
    agreed = reference.agreement(tidied.agreement_id)
    if tidied.agreement_id is not None and (agreed is None or agreed.agency_id != tidied.agency_id):
        problems["agreement_id"] = _("Choose an agreement of this agency.")
    if tidied.contact_id is not None and not db.value(
        "SELECT count(*) FROM contact WHERE contact_id = ? AND agency_id = ?",
        [tidied.contact_id, tidied.agency_id],
    ):
        problems["contact_id"] = _("Choose a contact person of this agency.")
    if problems:
        raise InvalidFields(problems)
    return tidied


def _written_wrong(tidied: Description) -> dict[str, str]:
    said = {
        "title_nb": (tidied.title.nb, "title"),
        "title_en": (tidied.title.en, "title"),
        "text_nb": (tidied.text.nb, "position_text"),
        "text_en": (tidied.text.en, "position_text"),
        "place": (tidied.place, "place"),
        "programmes": (tidied.programmes, "programmes"),
    }
    problems = {
        field: fault
        for field, (text, limit) in said.items()
        if (fault := problem_with(text, limit))
    }
    if not tidied.title.nb and not tidied.title.en:
        problems["title_nb"] = _("The position needs a title.")
    return problems


def _tidied(text: Text) -> Text:
    return Text(tidy(text.nb), tidy(text.en))
