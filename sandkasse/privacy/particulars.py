"""The particulars of a row of the audit in words. What is kept is JSON, so that it can be reckoned
with; who reads the audit reads this."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sandkasse import application, checklist, gates, ideas, ledger, matter, notices
from sandkasse.i18n import N_, _, date_text, list_text, number_text, time_text
from sandkasse.meetings import attendance, receipts
from sandkasse.people import LEVEL_NAMES, ROLE_NAMES
from sandkasse.privacy.action_names import ACTION_NAMES
from sandkasse.privacy.holdings import LABELS
from sandkasse.privacy.table_names import counted
from sandkasse.recruitment.applications import SOURCES

#: What the particulars are called where rows that people hold do not have them.
_NAMES: Mapping[str, str] = {
    "about": N_("About"), "agency": N_("Agency"), "among": N_("On the list"),
    "attempt": N_("Attempt"), "attendance": N_("Attendance"), "barrier": N_("Barrier"),
    "began": N_("Began"),
    "blocked": N_("Access closed"), "cancelled": N_("Cancelled"), "changed": N_("Changed"),
    "closed": N_("Closed"), "contact": N_("Contact person"), "counts": N_("Rows"),
    "criteria": N_("Criteria"), "cursor": N_("Read up to"),
    "edited": N_("Changed"), "event": N_("What happened"), "extended": N_("Extended"),
    "fields": N_("Changed"), "followed": N_("Followed"),
    "freeze": N_("Frozen list"), "gates": N_("Gates"), "hours": N_("Hours"), "idea": N_("Idea"),
    "ideas": N_("Ideas"), "ideas_extended": N_("Ideas extended"), "ideas_new": N_("New ideas"),
    "ideas_rejected": N_("Ideas rejected"), "item": N_("Item"), "items": N_("Items"),
    "joined": N_("Joined"), "joined_applications": N_("Applications joined"),
    "journey": N_("Sandbox"), "journeys": N_("Sandboxes"),
    "left": N_("Left"), "matters_extended": N_("Matters extended"),
    "matters_new": N_("New matters"), "matters_rejected": N_("Matters rejected"),
    "new": N_("New"), "notices": N_("News"), "own_day": N_("Own day"), "paper": N_("PDF"),
    "parted": N_("Parted from"), "place": N_("Where it is held"), "position": N_("Position"),
    "read": N_("Read"), "refused": N_("Refused"), "rejected": N_("Rejected"),
    "removed": N_("Removed"), "resolution": N_("Result"), "restored": N_("After a restore"),
    "roles": N_("Roles"), "rows": N_("Rows"),
    "rows_added": N_("Rows added"), "rows_known": N_("Rows known already"),
    "rows_rejected": N_("Rows rejected"), "rule": N_("Rule"),
    "seed": N_("Seed"), "seq": N_("Row of its history"), "source": N_("Source"),
    "starts_at": N_("Starts"),
    "subproject_id": N_("Sub-project"), "touchpoint": N_("Matter"),
}  # fmt: skip
#: What the rows of an idea's history are called.
LEDGER_KINDS: Mapping[str, str] = {
    ledger.Kind.ENTER: N_("Came in"), ledger.Kind.MOVE: N_("Moved"),
    ledger.Kind.HOLD: N_("Put on hold"), ledger.Kind.RESUME: N_("Taken up again"),
    ledger.Kind.EXIT: N_("Left the sandbox"), ledger.Kind.REOPEN: N_("Taken up again"),
    ledger.Kind.HANDOVER: N_("Handed over"), ledger.Kind.VOID: N_("A correction"),
}  # fmt: skip
_KINDS: Mapping[str, str] = {
    **LEDGER_KINDS,
    "person": N_("Person"), "idea": N_("Idea"), "application": N_("Application"),
    "positions": N_("Positions"), "applications": N_("Applications"),
}  # fmt: skip


def _codes(*names: Mapping[Any, str]) -> dict[str, str]:
    return {str(code): name for known in names for code, name in known.items()}


#: What codes are called, by what they say. A code of which there is no name stands as it is.
_CODES: Mapping[str, Mapping[str, str]] = {
    "attempt": ACTION_NAMES,
    "attendance": _codes(attendance.STANDING_NAMES),
    "before": _codes(ROLE_NAMES),
    "changed": LABELS,
    "edited": LABELS,
    "fields": _codes(LABELS, ideas.FIELD_NAMES),
    "gates": _codes(gates.OUTCOME_NAMES),
    "kind": _codes(_KINDS, matter.KIND_NAMES, application.KIND_NAMES, receipts.KIND_NAMES),
    "level": LEVEL_NAMES,
    "mail": _codes(notices.MAIL_NAMES),
    "outcome": _codes(gates.OUTCOME_NAMES, matter.OUTCOME_NAMES, checklist.OUTCOME_NAMES),
    "publication": ideas.PUBLICATION_NAMES,
    "role": _codes(ROLE_NAMES),
    "roles": _codes(ROLE_NAMES),
    "source": _codes({"shipped": N_("Comes with Sandkasse")}, SOURCES),
}
#: The particulars whose codes are those of sandboxes.
_JOURNEYS = ("journey", "journey_id", "journeys")
#: Texts and days that were changed: what they were, and what they became.
_CHANGES = {
    "title", "note", "starts_at", "place", "subproject_id", "journey_id", "description", "name",
    "kind", "source", "agency_id", "review_on",
}  # fmt: skip


def in_words(detail: str | None, journeys: Mapping[str, str] | None = None) -> str:
    """The particulars as a sentence of parts, one after the other; empty when there are none.
    ``journeys`` are the sandboxes' names by id."""
    if not detail:
        return ""
    told = json.loads(detail)
    names = {} if journeys is None else dict.fromkeys(_JOURNEYS, journeys)
    return " · ".join(
        _("{what}: {value}").format(what=_called(key), value=_value(key, value, names))
        for key, value in told.items()
    )


def _called(key: str) -> str:
    name = _NAMES.get(key) or LABELS.get(key)
    return _(name) if name else key.replace("_", " ").replace("-", " ")


def _value(key: str, value: Any, names: Mapping[str, Mapping[str, str]]) -> str:
    if key in _CHANGES and isinstance(value, list) and len(value) == 2:
        return " → ".join(_one(key, one, names) for one in value)
    if key == "counts" and isinstance(value, dict):
        return counted(value) or "–"
    if isinstance(value, dict):
        return (
            list_text([f"{part} – {_one(key, one, names)}" for part, one in value.items()]) or "–"
        )
    if isinstance(value, list):
        parts = [one if isinstance(one, list) else [one] for one in value]
        return (
            list_text([" – ".join(_one(key, one, names) for one in part) for part in parts]) or "–"
        )
    return _one(key, value, names)


def _one(key: str, value: Any, names: Mapping[str, Mapping[str, str]]) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return number_text(value)
    text = str(value)
    if text in names.get(key, {}):
        return names[key][text]
    name = _CODES.get(key, {}).get(text)
    return _(name) if name else day_or_time(text)


def day_or_time(text: str) -> str:
    """A day or a moment as people write them; other texts as they are."""
    try:
        if len(text) == len("2026-01-31"):
            return date_text(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return time_text(moment) if moment.tzinfo else text
