"""The steps of a journey's ideas, read once and in order: what moves, stays and flows is worked out
from them.

The ledger is only ever appended to, so what was read is good until it has grown.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from sandkasse.database import Database
from sandkasse.figures.choice import Question
from sandkasse.journeys import EXIT_KINDS, Journey
from sandkasse.reasons import REASONS

Whole = npt.NDArray[np.int64]
Small = npt.NDArray[np.int8]
Truth = npt.NDArray[np.bool_]

#: What stands for a stage's position where an idea has left, and where it had not yet come.
OUTSIDE, NOWHERE = -1, -2
MICROSECONDS_A_DAY = 86_400_000_000

TIMINGS = ("exact", "estimated", "imported")
REASON_CODES = tuple(dict.fromkeys(code for codes in REASONS.values() for code in codes))
_KEPT = 3

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_STEPS = """
SELECT l.idea_id, epoch_us(l.occurred_at) AS at, l.seq,
       CASE WHEN l.kind = 'exit' THEN -1 ELSE s.position END::TINYINT        AS position,
       coalesce(list_position($kinds, e.kind), 0)::TINYINT                   AS exit_kind,
       (CASE WHEN l.reason IS NULL THEN -1
             ELSE coalesce(list_position($reasons, l.reason), 0) END)::TINYINT AS reason,
       list_position($timings, l.timing)::TINYINT                            AS timing
FROM effective($as_of, $known_at) AS l
SEMI JOIN (SELECT idea_id FROM idea WHERE journey_id = $journey) AS i ON i.idea_id = l.idea_id
LEFT JOIN stage AS s ON s.journey_id = $journey AND s.stage_id = l.stage_id
LEFT JOIN exit AS e ON e.journey_id = $journey AND e.exit_id = l.exit_id
WHERE l.kind IN ('enter', 'move', 'reopen', 'exit')
"""


@dataclass(frozen=True, eq=False)
class History:
    """One row a counting happening that says where an idea is, by idea and then by time.

    Columns of the same length: ``idea`` (index into ``idea_ids``), ``at`` (microseconds since 1970,
    UTC), ``position`` of the stage it came to (:data:`OUTSIDE` after an exit), ``before`` (the
    position until then; :data:`NOWHERE` on entering), ``exit_kind`` (1 + its index in
    ``EXIT_KINDS``; 0: none), ``reason`` (1 + its index in :data:`REASON_CODES`; 0: another one,
    -1: none given), ``timing`` (1 + its index in :data:`TIMINGS`) and ``seq``.
    """

    journey: Journey
    as_of: int
    idea_ids: Whole
    idea: Whole
    seq: Whole
    at: Whole
    position: Small
    before: Small
    exit_kind: Small
    reason: Small
    timing: Small

    @property
    def n(self) -> int:
        """How many ideas there are."""
        return len(self.idea_ids)

    @cached_property
    def first(self) -> Whole:
        """The row of each idea's entering."""
        return np.searchsorted(self.idea, np.arange(self.n))

    @cached_property
    def last(self) -> Whole:
        """The row of each idea's last happening."""
        return np.append(self.first[1:], len(self.idea)) - 1 if self.n else self.first

    @cached_property
    def entered_at(self) -> Whole:
        """When each idea entered the journey."""
        return self.at[self.first]

    @cached_property
    def furthest(self) -> Small:
        """The position of the furthest stage that each idea reached."""
        if not self.n:
            return np.empty(0, np.int8)
        return np.maximum.reduceat(self.position, self.first)

    @cached_property
    def ended(self) -> Small:
        """How each idea has left: as ``exit_kind``; 0 while it is open."""
        return np.where(self.position[self.last] == OUTSIDE, self.exit_kind[self.last], 0).astype(
            np.int8
        )

    @cached_property
    def place(self) -> Small:
        """The position of the stage that each idea is in, or was in when it left."""
        if not self.n:
            return np.empty(0, np.int8)
        inside = np.where(self.position >= 0, np.arange(len(self.at)), -1)
        return self.position[np.maximum.reduceat(inside, self.first)]

    @cached_property
    def left_at(self) -> Whole:
        """When each idea last left; of no meaning for an open one."""
        return self.at[self.last]

    @cached_property
    def moves(self) -> Truth:
        """The rows that are a step from one place to another. Repeating a place is none."""
        never_came = (self.position == OUTSIDE) & (self.before == NOWHERE)
        moved: Truth = (self.position != self.before) & ~never_came
        return moved

    @cached_property
    def first_in(self) -> Whole:
        """The row in which each idea (down) first was in each stage (across); else the number of
        rows."""
        rows = np.flatnonzero(self.position >= 0)[::-1]
        found = np.full((self.n, len(self.journey.stages)), len(self.at))
        # Of equal places the last written stays: the earliest row, as rows come backwards.
        found[self.idea[rows], self.position[rows]] = rows
        return found

    def kept(self, ideas: Truth) -> "History":
        """The history of these ideas alone."""
        if ideas.all():
            return self
        number = np.cumsum(ideas) - 1
        return self._cut(ideas[self.idea], self.idea_ids[ideas], number)

    def until(self, as_of: datetime) -> "History":
        """What had happened at ``as_of``."""
        moment = micros(as_of)
        happened = self.at <= moment
        if happened.all():
            return replace(self, as_of=moment)
        there = np.zeros(self.n, dtype=bool)
        there[self.idea[happened]] = True
        cut = self._cut(happened, self.idea_ids[there], np.cumsum(there) - 1)
        return replace(cut, as_of=moment)

    def _cut(self, rows: Truth, idea_ids: Whole, number: Whole) -> "History":
        return replace(
            self,
            idea_ids=idea_ids,
            idea=number[self.idea[rows]],
            **{
                name: getattr(self, name)[rows]
                for name in ("seq", "at", "position", "before", "exit_kind", "reason", "timing")
            },
        )


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware time."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment(micros_since: int) -> datetime:
    """The aware UTC time of so many microseconds since 1970."""
    seconds, rest = divmod(int(micros_since), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


def read(db: Database, question: Question) -> History:
    """The history of the chosen level and theme, as of and as known at the chosen moments."""
    choice = question.choice
    whole = _whole(db, question.journey.id, choice.known_at)
    history = replace(whole, journey=question.journey).until(question.as_of)
    condition, values = question.narrowed("i")
    if not values:
        return history
    chosen = db.frame(
        f"SELECT i.idea_id FROM idea AS i WHERE i.journey_id = $journey AND {condition}",  # noqa: S608
        {"journey": question.journey.id, **values},
    )
    return history.kept(np.isin(history.idea_ids, chosen["idea_id"].to_numpy()))


def _whole(db: Database, journey_id: str, known_at: datetime | None) -> History:
    """All that is known of a journey at ``known_at``; the last few are kept for each database."""
    grown = db.one("SELECT count(*), max(idea_id), max(recorded_at) FROM ledger")
    asked = (db.definitions_version, grown, journey_id, known_at)
    with _turn:
        known = _kept.setdefault(db, OrderedDict())
        if asked not in known:
            known[asked] = _read(db, journey_id, known_at)
            while len(known) > _KEPT:
                known.popitem(last=False)
        known.move_to_end(asked)
        return known[asked]


_turn = Lock()
_kept: WeakKeyDictionary[Database, OrderedDict[Hashable, History]] = WeakKeyDictionary()


def _read(db: Database, journey_id: str, known_at: datetime | None) -> History:
    end = datetime(9999, 1, 1, tzinfo=UTC)
    found = db.frame(
        _STEPS,
        {
            "journey": journey_id, "as_of": end, "known_at": known_at or end,
            "kinds": list(EXIT_KINDS), "reasons": list(REASON_CODES), "timings": list(TIMINGS),
        },
    )  # fmt: skip
    columns = {name: found[name].to_numpy() for name in found.columns}
    order = _order(columns["idea_id"], columns["at"], columns["seq"])
    if order is not None:
        columns = {name: column[order] for name, column in columns.items()}
    ids = columns.pop("idea_id")
    begins = np.append(True, ids[1:] != ids[:-1])[: len(ids)]
    position = columns["position"].astype(np.int8)
    before = np.append(np.int8(NOWHERE), position[:-1])[: len(ids)]
    before[begins] = NOWHERE
    return History(
        journey=None,  # type: ignore[arg-type]  # put in by read(), which has it
        as_of=micros(end),
        idea_ids=ids[begins],
        idea=np.cumsum(begins) - 1,
        before=before,
        **columns,
    )


def _order(ids: Whole, at: Whole, seq: Whole) -> Whole | None:
    """How to put rows in order of idea, time and number; None where they are already."""
    follows = (ids[1:] > ids[:-1]) | (
        (ids[1:] == ids[:-1]) & ((at[1:] > at[:-1]) | ((at[1:] == at[:-1]) & (seq[1:] > seq[:-1])))
    )
    return None if follows.all() else np.lexsort((seq, at, ids))
