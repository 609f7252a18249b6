"""How often somebody may do something: at most so many times within a sliding window.

Kept in the memory of the one process that serves, so a restart forgets it. What is counted is what
was allowed; being refused makes the wait no longer.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock

from sandkasse import clock
from sandkasse.errors import SandkasseError
from sandkasse.i18n import ngettext_, number_text

#: So many names and keys are followed at once; beyond it, the one longest unused is forgotten.
MOST_KEYS = 20_000

_Key = tuple[str, str]

_lock = Lock()
_times: OrderedDict[_Key, deque[datetime]] = OrderedDict()


class TooMany(SandkasseError):
    """It was done too often. ``again_at`` is when it may be done again, aware, in UTC."""

    def __init__(self, again_at: datetime) -> None:
        wait = max(1, -int(-(again_at - clock.now()).total_seconds() // 1))
        super().__init__(_wait_text(wait))
        self.again_at = again_at


def allow(name: str, key: object, limit: int, seconds: float) -> None:
    """Count that ``key`` (a person, a subject, an address) does ``name`` now.

    :param limit: how many times are allowed within any ``seconds``.
    :raises TooMany: when that many have been counted already; then nothing is counted.
    """
    now = clock.now()
    with _lock:
        times = _times.setdefault((name, str(key)), deque())
        _times.move_to_end((name, str(key)))
        _forget_before(times, now - timedelta(seconds=seconds), now)
        if len(times) >= limit:
            oldest = times[-limit] if limit > 0 else now
            raise TooMany(oldest + timedelta(seconds=seconds))
        times.append(now)
        while len(_times) > MOST_KEYS:
            _times.popitem(last=False)


def forget(name: str, key: object) -> None:
    """Count anew from nothing, as when what was tried has succeeded."""
    with _lock:
        _times.pop((name, str(key)), None)


def forget_all() -> None:
    """Count everything anew, as a restart does."""
    with _lock:
        _times.clear()


def _forget_before(times: deque[datetime], start: datetime, now: datetime) -> None:
    """Drop what is older than the window. A clock that was set back leaves times in the future;
    they are dropped too, or the wait would be as long as the clock was wrong."""
    while times and times[-1] > now:
        times.pop()
    while times and times[0] <= start:
        times.popleft()


def _wait_text(seconds: int) -> str:
    if seconds < 60:
        words = ngettext_(
            "That was too many times in a row. Try again in {n} second.",
            "That was too many times in a row. Try again in {n} seconds.",
            seconds,
        )
        return words.format(n=number_text(seconds))
    minutes = -(-seconds // 60)
    if minutes < 60:
        words = ngettext_(
            "That was too many times in a row. Try again in {n} minute.",
            "That was too many times in a row. Try again in {n} minutes.",
            minutes,
        )
        return words.format(n=number_text(minutes))
    hours = -(-minutes // 60)
    words = ngettext_(
        "That was too many times in a row. Try again in {n} hour.",
        "That was too many times in a row. Try again in {n} hours.",
        hours,
    )
    return words.format(n=number_text(hours))
