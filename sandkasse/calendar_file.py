"""Files for people's calendars: iCalendar, RFC 5545."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from icalendar import Calendar, Event

from sandkasse import clock


@dataclass(frozen=True)
class Entry:
    """Something in a calendar: on a whole day, or at a moment (aware UTC)."""

    uid: str
    summary: str
    at: date | datetime
    place: str = ""
    address: str = ""


def written(entries: Iterable[Entry], product: str) -> bytes:
    """The file with these entries; ``product`` names the part of the app that made it.

    The same entries give the same bytes: an entry's stamp is its own time.
    """
    file = Calendar()
    file.add("prodid", f"-//Sandkasse//{product}//EN")
    file.add("version", "2.0")
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.uid}@sandkasse")
        event.add("summary", entry.summary)
        event.add("dtstart", entry.at)
        event.add("dtstamp", _moment(entry.at))
        if entry.place:
            event.add("location", entry.place)
        if entry.address:
            event.add("url", entry.address)
        file.add_component(event)
    return bytes(file.to_ical())


def _moment(at: date | datetime) -> datetime:
    if isinstance(at, datetime):
        return at
    return datetime.combine(at, time(), tzinfo=clock.now().tzinfo)
