"""How all applications stood at an earlier moment: read from their events once, and shared by the
figures that ask about it.

Events are never deleted or changed, so events with the same marks are the same events.
"""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime
from threading import Lock
from weakref import WeakKeyDictionary

from sandkasse.database import Columns, Database

#: How many moments are kept of a database.
_KEPT = 3
_MARKS = "SELECT count(*), max(recorded_at) FROM application_event"
_STANDINGS = "SELECT * FROM candidacy($as_of, $known_at)"
#: Nothing is recorded ahead of its time.
_NEVER = datetime(9999, 1, 1)  # noqa: DTZ001  (as the database keeps times: naive UTC)

_turn = Lock()
_kept: WeakKeyDictionary[Database, OrderedDict[Hashable, Columns]] = WeakKeyDictionary()


def standings(db: Database, as_of: datetime | None, known_at: datetime | None) -> Columns:
    """The rows of the macro ``candidacy`` at two moments (aware UTC; None is now)."""
    moments = {"as_of": as_of or _NEVER, "known_at": known_at or _NEVER}
    with _turn:
        kept = _kept.setdefault(db, OrderedDict())
        key = (db.one(_MARKS), *moments.values())
        if key not in kept:
            kept[key] = db.columns(_STANDINGS, moments)
        kept.move_to_end(key)
        while len(kept) > _KEPT:
            kept.popitem(last=False)
        return kept[key]
