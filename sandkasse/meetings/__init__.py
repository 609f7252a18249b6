"""Sub-project meetings: called and held, who came, what was on the agenda, and what they led to."""

from sandkasse.meetings import agenda, attendance, receipts, resolutions
from sandkasse.meetings.calling import (
    PAGE_SIZE,
    Meeting,
    Page,
    begin,
    cancel,
    change,
    close,
    get,
    held_by_subproject,
    past,
    plan,
    previous,
    upcoming,
)

__all__ = [
    "PAGE_SIZE",
    "Meeting",
    "Page",
    "agenda",
    "attendance",
    "begin",
    "cancel",
    "change",
    "close",
    "get",
    "held_by_subproject",
    "past",
    "plan",
    "previous",
    "receipts",
    "resolutions",
    "upcoming",
]
