"""The steps of a journey's ideas, read once and in order: what moves, stays and flows is worked out
from them.

The ledger is only ever appended to, so what was read is good until it has grown, and then only the
ideas with new rows are read again.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from sandkasse.database import Database, Reader
from sandkasse.figures.choice import Question
from sandkasse.journeys import EXIT_KINDS, Journey
from sandkasse.reasons import REASONS

Whole = npt.NDArray[np.int64]
Small = npt.NDArray[np.int8]
Truth = npt.NDArray[np.bool_]
T = TypeVar("T")

#: What stands for a stage's position where an idea has left, and where it had not yet come.
OUTSIDE, NOWHERE = -1, -2
MICROSECONDS_A_DAY = 86_400_000_000

TIMINGS = ("exact", "estimated", "imported")
REASON_CODES = tuple(dict.fromkeys(code for codes in REASONS.values() for code in codes))
_KEPT = 3
#: When more ideas than these have new rows, all of the ledger is read again.
_FEW = 2_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# The steps of all journeys: theirs who are not asked about are left out afterwards, which takes a
# third of the time that a join does.
_STEPS = """
SELECT l.idea_id, epoch_us(l.occurred_at) AS at, l.seq,
       CASE WHEN l.kind = 'exit' THEN -1 ELSE coalesce(s.position, 0) END::TINYINT AS position,
       coalesce(list_position($kinds, e.kind), 0)::TINYINT                   AS exit_kind,
       (CASE WHEN l.reason IS NULL THEN -1
             ELSE coalesce(list_position($reasons, l.reason), 0) END)::TINYINT AS reason,
       list_position($timings, l.timing)::TINYINT                            AS timing
FROM effective($as_of, $known_at) AS l
LEFT JOIN stage AS s ON s.journey_id = $journey AND s.stage_id = l.stage_id
LEFT JOIN exit AS e ON e.journey_id = $journey AND e.exit_id = l.exit_id
WHERE l.kind IN ('enter', 'move', 'reopen', 'exit')
"""
_STEPS_OF_SOME = _STEPS + "AND l.idea_id IN (SELECT unnest($ideas))"

# Rows are never deleted or changed, and an idea's number is never used again: a ledger with the
# same marks is the same ledger, and one whose beginning has them has only grown.
_MARKS = "SELECT count(*), max(idea_id), max(recorded_at) FROM ledger"


class worked_out(Generic[T]):  # noqa: N801  (reads like functools.cached_property, which it is)
    """A property worked out once from the rows of a history, for all histories with those rows."""

    def __init__(self, work: Callable[["History"], T]) -> None:
        self._work = work
        self.__doc__ = work.__doc__

    def __get__(self, told: "History", _owner: type | None = None) -> T:
        name = self._work.__name__
        if name not in told.known:
            told.known[name] = self._work(told)
        found: T = told.known[name]
        return found


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
    known: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def n(self) -> int:
        """How many ideas there are."""
        return len(self.idea_ids)

    @worked_out
    def first(self) -> Whole:
        """The row of each idea's entering."""
        return np.searchsorted(self.idea, np.arange(self.n))

    @worked_out
    def last(self) -> Whole:
        """The row of each idea's last happening."""
        return np.append(self.first[1:], len(self.idea)) - 1 if self.n else self.first

    @worked_out
    def entered_at(self) -> Whole:
        """When each idea entered the journey."""
        return self.at[self.first]

    @worked_out
    def furthest(self) -> Small:
        """The position of the furthest stage that each idea reached."""
        if not self.n:
            return np.empty(0, np.int8)
        return np.maximum.reduceat(self.position, self.first)

    @worked_out
    def ended(self) -> Small:
        """How each idea has left: as ``exit_kind``; 0 while it is open."""
        return np.where(self.position[self.last] == OUTSIDE, self.exit_kind[self.last], 0).astype(
            np.int8
        )

    @worked_out
    def place(self) -> Small:
        """The position of the stage that each idea is in, or was in when it left."""
        if not self.n:
            return np.empty(0, np.int8)
        inside = np.where(self.position >= 0, np.arange(len(self.at)), -1)
        return self.position[np.maximum.reduceat(inside, self.first)]

    @worked_out
    def left_at(self) -> Whole:
        """When each idea last left; of no meaning for an open one."""
        return self.at[self.last]

    @worked_out
    def moves(self) -> Truth:
        """The rows that are a step from one place to another. Repeating a place is none."""
        never_came = (self.position == OUTSIDE) & (self.before == NOWHERE)
        moved: Truth = (self.position != self.before) & ~never_came
        return moved

    @worked_out
    def first_in(self) -> Whole:
        """The row in which each idea (down) first was in each stage (across); else the number of
        rows."""
        rows = np.flatnonzero(self.position >= 0)[::-1]
        found = np.full((self.n, len(self.journey.stages)), len(self.at), order="F")
        # Of equal places the last written stays: the earliest row, as rows come backwards.
        found[self.idea[rows], self.position[rows]] = rows
        return found

    @worked_out
    def first_from(self) -> Whole:
        """The row in which each idea (down) first was in each stage or a later one (across); else
        the number of rows. One column more than there are stages: beyond the last is none."""
        found = np.full((self.n, len(self.journey.stages) + 1), len(self.at), order="F")
        for position in reversed(range(len(self.journey.stages))):
            np.minimum(self.first_in[:, position], found[:, position + 1], out=found[:, position])
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
            before=self.before[rows],
            known={},
            **{name: getattr(self, name)[rows] for name in _COLUMNS},
        )


_COLUMNS = ("at", "seq", "position", "exit_kind", "reason", "timing")


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
    history = _whole(db, question).until(question.as_of)
    condition, values = question.narrowed("i")
    if not values:
        return history
    chosen = db.frame(
        f"SELECT i.idea_id FROM idea AS i WHERE i.journey_id = $journey AND {condition}",  # noqa: S608
        {"journey": question.journey.id, **values},
    )
    return history.kept(np.isin(history.idea_ids, chosen["idea_id"].to_numpy()))


class _Kept(NamedTuple):
    """A history, the marks of the ledger that it was read from, and its last row there."""

    marks: tuple[Any, ...]
    last: int
    history: History


_turn = Lock()
_kept: WeakKeyDictionary[Database, OrderedDict[Hashable, _Kept]] = WeakKeyDictionary()


def _whole(db: Database, question: Question) -> History:
    """All that is known of a journey at the chosen moment; the last few are kept for each
    database."""
    asked = (db.definitions_version, question.journey.id, question.choice.known_at)
    with _turn, db.reading() as reader:
        known = _kept.setdefault(db, OrderedDict())
        marks = reader.one(_MARKS) or ()
        found = known.get(asked)
        if found is None or found.marks != marks:
            history = _grown(reader, question, found) or _read(reader, question)
            last = reader.value("SELECT coalesce(max(rowid), -1) FROM ledger")
            known[asked] = _Kept(marks, last, history)
            while len(known) > _KEPT:
                known.popitem(last=False)
        known.move_to_end(asked)
        return known[asked].history


def _read(reader: Reader, question: Question) -> History:
    """The history read from the whole ledger."""
    found = _ordered(reader, _STEPS, _asked(question))
    return _history(question.journey, found.pop("idea_id"), found)


def _grown(reader: Reader, question: Question, before: _Kept | None) -> History | None:
    """The history as it was, with the ideas that have new rows read again; None where that will
    not do: the ledger has done other than grow, or by more than a little."""
    if before is None or reader.one(f"{_MARKS} WHERE rowid <= ?", [before.last]) != before.marks:
        return None
    new = reader.rows(
        "SELECT DISTINCT idea_id FROM ledger WHERE rowid > ? LIMIT ?", [before.last, _FEW + 1]
    )
    if len(new) > _FEW:
        return None
    ideas = [idea_id for (idea_id,) in new]
    again = _ordered(reader, _STEPS_OF_SOME, {**_asked(question), "ideas": ideas})
    told = before.history
    rest = ~np.isin(told.idea_ids, ideas)[told.idea]
    ids = told.idea_ids[told.idea[rest]]
    place = np.searchsorted(ids, again["idea_id"])
    return _history(
        question.journey,
        np.insert(ids, place, again["idea_id"]),
        {name: np.insert(getattr(told, name)[rest], place, again[name]) for name in _COLUMNS},
    )


_END = datetime(9999, 1, 1, tzinfo=UTC)


def _asked(question: Question) -> dict[str, Any]:
    return {
        "journey": question.journey.id, "as_of": _END,
        "known_at": question.choice.known_at or _END, "kinds": list(EXIT_KINDS),
        "reasons": list(REASON_CODES), "timings": list(TIMINGS),
    }  # fmt: skip


def _ordered(reader: Reader, sql: str, asked: dict[str, Any]) -> dict[str, npt.NDArray[Any]]:
    """The columns of ``sql``, of the ideas of the journey, by idea, time and number."""
    found = reader.frame(sql, asked)
    ours = reader.frame("SELECT idea_id FROM idea WHERE journey_id = ?", [asked["journey"]])
    here = np.isin(found["idea_id"].to_numpy(), ours["idea_id"].to_numpy())
    columns = {name: found[name].to_numpy()[here] for name in found.columns}
    order = _order(columns["idea_id"], columns["at"], columns["seq"])
    if order is None:
        return columns
    return {name: column[order] for name, column in columns.items()}


def _history(journey: Journey, ids: Whole, columns: dict[str, Any]) -> History:
    """The history with these rows, in order; ``ids`` are those of their ideas."""
    begins = np.append(True, ids[1:] != ids[:-1])[: len(ids)]
    before = np.append(np.int8(NOWHERE), columns["position"][:-1])[: len(ids)].astype(np.int8)
    before[begins] = NOWHERE
    return History(
        journey=journey,
        as_of=micros(_END),
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
