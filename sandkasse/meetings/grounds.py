"""Why the data proposed an item: in words, and its numbers kept as they were.

Only numbers and days are kept. What somebody has written, and whose it is, are read where they
stand, by who may read them.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sandkasse.figures.seats import LONG_DAYS, SeatsDue
from sandkasse.i18n import _, date_text, days_text, ngettext_, number_text
from sandkasse.meetings.proposing import Source, Why

_KEPT = ("days", "limit", "observed", "due", "agency_id", "matters", "since", "entered", "moves",
         "exits")  # fmt: skip


def as_text(why: Why) -> str:
    """The numbers of a proposal, as JSON; what is not told is left out."""
    kept: dict[str, Any] = {name: getattr(why, name) for name in _KEPT if getattr(why, name)}
    if why.seats is not None:
        kept["seats"] = asdict(why.seats)
    return json.dumps(kept, default=lambda moment: moment.isoformat(), sort_keys=True)


def from_text(text: str) -> Why:
    """The numbers that :func:`as_text` wrote."""
    kept = json.loads(text)
    found = {name: kept[name] for name in _KEPT if name in kept}
    if "due" in found:
        found["due"] = date.fromisoformat(found["due"])
    if "since" in found:
        found["since"] = datetime.fromisoformat(found["since"])
    if "seats" in kept:
        last = kept["seats"]["first_last"]
        day = date.fromisoformat(last) if last else None
        found["seats"] = SeatsDue(**{**kept["seats"], "first_last": day})
    return Why(**found)


def told(source: Source, why: Why, names: Mapping[str, str]) -> str:
    """Why an item is, or was, proposed, in the language of the moment. ``names`` are those of
    agencies, by id."""
    if source is Source.ACTION:
        due = _("by {day}").format(day=date_text(why.due)) if why.due else ""
        return ", ".join(filter(None, [why.owner, due]))
    if source is Source.DECISION_DUE:
        return _("with the mentors for {days}").format(days=days_text(why.days))
    if source is Source.PAST_BAND:
        against = _("{days} in its stage; {limit} expected")
        if why.observed:
            against = _("{days} in its stage; 85 % have left it within {limit}")
        return against.format(days=days_text(why.days), limit=days_text(why.limit))
    if source is Source.OVERDUE_MATTER:
        return ", ".join(filter(None, _of_matter(why, names)))
    if why.seats is not None:
        return of_seats(why.seats)
    return _changed(why)


def _of_matter(why: Why, names: Mapping[str, str]) -> list[str]:
    told = [names.get(why.agency_id or "", ""), why.words]
    if why.days >= 1:
        told.append(_("{days} with the agency").format(days=days_text(why.days)))
    if why.due:
        told.append(_("to be followed up {day}").format(day=date_text(why.due)))
    return told


def of_seats(due: SeatsDue) -> str:
    """How many of an agency's seats are filled, and which will be or have been empty."""
    told = [
        _("{filled} of {seats} seats filled").format(
            filled=number_text(due.filled), seats=number_text(due.seats)
        )
    ]
    if due.emptying and due.first_last:
        said = ngettext_(
            "{n} soon empty, last day {day}", "{n} soon empty, the first after {day}", due.emptying
        )
        told.append(said.format(n=number_text(due.emptying), day=date_text(due.first_last)))
    if due.empty:
        said = ngettext_(
            "{n} empty for more than {days} days", "{n} empty for more than {days} days", due.empty
        )
        told.append(said.format(n=number_text(due.empty), days=number_text(LONG_DAYS)))
    return "; ".join(told)


def _changed(why: Why) -> str:
    """What has happened to an idea since the last meeting."""
    told = [_("has come in")] if why.entered else []
    if why.moves:
        told.append(
            ngettext_("moved once", "moved {n} times", why.moves).format(n=number_text(why.moves))
        )
    if why.exits:
        told.append(_("has left"))
    return ", ".join(told)
