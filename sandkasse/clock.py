"""The only clock: everything that asks what time it is asks here.

Times are aware datetimes in UTC. Screens show them in Europe/Oslo.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


def now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in Europe/Oslo."""
    return now().astimezone(OSLO).date()


def start_of(day: date) -> datetime:
    """The first moment of ``day`` in Europe/Oslo, as aware UTC."""
    return datetime.combine(day, time.min, OSLO).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The last microsecond of ``day`` in Europe/Oslo, as aware UTC."""
    return datetime.combine(day, time.max, OSLO).astimezone(UTC)


def local(moment: datetime) -> datetime:
    """An aware moment as seen on a clock in Europe/Oslo."""
    return moment.astimezone(OSLO)
