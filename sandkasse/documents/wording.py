"""What people have written, and what meetings are about, as the words of a document."""

import re

from sandkasse.documents.audience import Audience
from sandkasse.i18n import _, date_text, number_text
from sandkasse.meetings import grounds
from sandkasse.meetings.agenda import SOURCE_NAMES, Item, Source
from sandkasse.meetings.receipts import Kind, Resolution

# What XML 1.0 refuses (https://www.w3.org/TR/xml/#charsets), and what turns the direction of text.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
#: Word and spreadsheets hold more; nobody reads more in a paper.
LONGEST = 10_000


def printable(text: str) -> str:
    """What somebody has written, as plain text that any document can hold."""
    plain = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(plain) <= LONGEST:
        return plain
    return plain[:LONGEST] + _(" … (shortened; {n} characters in all)").format(
        n=number_text(len(plain))
    )


def unnamed() -> str:
    """What stands in place of an idea's title that a reader may not know."""
    return _("An idea that is not published")


def may_tell(item: Item, audience: Audience) -> bool:
    """Whether what is written under an item may be told to an audience."""
    return audience is Audience.PROJECT or item.idea_id is None or item.idea_title is not None


def item_title(item: Item, audience: Audience) -> str:
    """What an item is called: what was written, or what it is about."""
    if not may_tell(item, audience):
        return unnamed()
    about = item.idea_title or item.matter or item.action or item.seats or ""
    if not about and item.idea_id is not None:
        about = unnamed()
    return printable(" – ".join(filter(None, [item.title, about])) or _(SOURCE_NAMES[item.source]))


def proposed_then(item: Item, audience: Audience) -> str:
    """The numbers for which the data proposed an item, as they were that day; nothing where it did
    not, or where an audience or reader may not know them. Seats and agencies' days are for the
    project: they can be small numbers."""
    if item.why is None or item.proposed_at is None or item.source is Source.ACTION:
        return ""
    if item.source is Source.OVERDUE_MATTER and item.matter is None:
        return ""
    small = item.source in (Source.OVERDUE_MATTER, Source.SEAT)
    if audience is Audience.OUTSIDE and (small or not may_tell(item, audience)):
        return ""
    return _("{why}, as it was {day}").format(
        why=grounds.told(item.source, item.why, {}), day=date_text(item.proposed_at)
    )


def resolution_told(one: Resolution, audience: Audience) -> bool:
    """Whether an audience may read a result: outside, not what concerns an idea that is not
    published, nor a decision about an idea before its team has been told."""
    if not one.body:
        return False
    if audience is Audience.PROJECT or one.idea_id is None:
        return True
    if one.idea_title is None:
        return False
    return one.kind is not Kind.DECISION or one.published_at is not None


def resolution_facts(one: Resolution, audience: Audience) -> list[str]:
    """Whose it is, by when, and what came of it."""
    facts = []
    if one.owner and audience is Audience.PROJECT:
        facts.append(printable(one.owner))
    if one.due:
        facts.append(_("by {day}").format(day=date_text(one.due)))
    if one.done_at:
        facts.append(_("done {day}").format(day=date_text(one.done_at)))
    if one.superseded_by:
        facts.append(_("superseded by a later one"))
    if one.carried_at:
        facts.append(_("the move is made"))
    return facts
