"""The steps of a journey's ideas, read once and in order: what moves, stays and flows is worked out
from them.

The ledger is only ever appended to, so what was read is good until it has grown, and then only the
ideas with new rows are read again. One reading serves every moment: what was known at one is chosen
from it.
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

# The steps of all journeys, also those that were voided since, with when each was recorded and
# voided: what the macro `effective` answers at any moment is a choice among them. Journeys that are
# not asked about are left out afterwards, which takes a third of the time that a join does.
_STEPS = """
SELECT l.idea_id, epoch_us(l.occurred_at) AS at, l.seq,
       epoch_us(l.recorded_at) AS recorded, coalesce(v.at, $never) AS voided,
       CASE WHEN l.kind = 'exit' THEN -1 ELSE coalesce(s.position, 0) END::TINYINT AS position,
       coalesce(list_position($kinds, e.kind), 0)::TINYINT                   AS exit_kind,
       (CASE WHEN l.reason IS NULL THEN -1
             ELSE coalesce(list_position($reasons, l.reason), 0) END)::TINYINT AS reason,
       list_position($timings, l.timing)::TINYINT                            AS timing
FROM ledger AS l
LEFT JOIN (
    SELECT ledger_key(idea_id, voids_seq) AS row, min(epoch_us(recorded_at)) AS at
    FROM ledger
    WHERE kind = 'void'
    GROUP BY row
) AS v ON v.row = ledger_key(l.idea_id, l.seq)
LEFT JOIN stage AS s ON s.journey_id = $journey AND s.stage_id = l.stage_id
LEFT JOIN exit AS e ON e.journey_id = $journey AND e.exit_id = l.exit_id
WHERE l.kind IN ('enter', 'move', 'reopen', 'exit')
"""
_STEPS_OF_SOME = _STEPS + "AND l.idea_id IN (SELECT unnest($ideas))"

# Rows are never deleted or changed, and an idea's number is never used again: a ledger with the
# same marks is the same ledger, and one whose beginning has them has only grown.
_MARKS = "SELECT count(*), max(idea_id), max(recorded_at) FROM ledger"


class worked_out(Generic[T]):  # noqa: N801  (reads like functools.cached_property, which it is)
    """A property, or a function, of a history that is worked out once from its rows, for all
    histories with those rows."""

    def __init__(self, work: Callable[["History"], T]) -> None:
        self._work = work
        self.__doc__ = work.__doc__

    def __get__(self, told: "History", _owner: type | None = None) -> T:
        return self(told)

    def __call__(self, told: "History") -> T:
        if self._work not in told.known:
            told.known[self._work] = self._work(told)
        found: T = told.known[self._work]
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
    known: dict[Callable[["History"], Any], Any] = field(default_factory=dict, repr=False)

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


class _Read(NamedTuple):
    """What was read of a journey: the marks of the ledger then and its last row, and the columns of
    the steps that were ever recorded, in order; ``ids`` are those of their ideas."""

    marks: tuple[Any, ...]
    last: int
    ids: Whole
    columns: dict[str, npt.NDArray[Any]]


class _Kept:
    """What is kept of a database: the last readings, and the last histories made of them."""

    def __init__(self) -> None:
        self.readings: OrderedDict[Hashable, _Read] = OrderedDict()
        self.histories: OrderedDict[Hashable, History] = OrderedDict()


_turn = Lock()
_kept: WeakKeyDictionary[Database, _Kept] = WeakKeyDictionary()


def _whole(db: Database, question: Question) -> History:
    """All that was known of a journey at the chosen moment."""
    known_at = question.choice.known_at
    with _turn, db.reading() as reader:
        kept = _kept.setdefault(db, _Kept())
        marks = reader.one(_MARKS) or ()
        journey = (db.definitions_version, question.journey.id)
        read = kept.readings.get(journey)
        if read is None or read.marks != marks:
            read = _grown(reader, question, read, marks) or _read(reader, question, marks)
        _keep(kept.readings, journey, read)
        asked = (*journey, marks, known_at)
        found = kept.histories.get(asked) or _known(question.journey, read, known_at)
        _keep(kept.histories, asked, found)
        return found


def _keep(kept: OrderedDict[Hashable, T], key: Hashable, one: T) -> None:
    """Keep this as the latest, and no more than the last few."""
    kept[key] = one
    kept.move_to_end(key)
    while len(kept) > _KEPT:
        kept.popitem(last=False)


def _known(journey: Journey, read: _Read, known_at: datetime | None) -> History:
    """The history as it was known: with what had been recorded, and not voided, by then."""
    until = _NEVER - 1 if known_at is None else micros(known_at)
    rows = (read.columns["recorded"] <= until) & (read.columns["voided"] > until)
    columns = {name: read.columns[name] for name in _COLUMNS}
    if rows.all():
        return _history(journey, read.ids, columns)
    return _history(journey, read.ids[rows], {name: one[rows] for name, one in columns.items()})


def _read(reader: Reader, question: Question, marks: tuple[Any, ...]) -> _Read:
    """What the whole ledger tells."""
    columns = _ordered(reader, _STEPS, _asked(question))
    return _Read(marks, _last(reader), columns.pop("idea_id"), columns)


def _grown(
    reader: Reader, question: Question, before: _Read | None, marks: tuple[Any, ...]
) -> _Read | None:
    """What was read before, with the ideas that have new rows read again; None where that will not
    do: the ledger has done other than grow, or by more than a little."""
    if before is None or reader.one(f"{_MARKS} WHERE rowid <= ?", [before.last]) != before.marks:
        return None
    new = reader.rows(
        "SELECT DISTINCT idea_id FROM ledger WHERE rowid > ? LIMIT ?", [before.last, _FEW + 1]
    )
    if len(new) > _FEW:
        return None
    ideas = [idea_id for (idea_id,) in new]
    again = _ordered(reader, _STEPS_OF_SOME, {**_asked(question), "ideas": ideas})
    rest = ~np.isin(before.ids, ideas)
    ids = before.ids[rest]
    place = np.searchsorted(ids, again["idea_id"])
    return _Read(
        marks, _last(reader), np.insert(ids, place, again.pop("idea_id")),
        {name: np.insert(before.columns[name][rest], place, one) for name, one in again.items()},
    )  # fmt: skip


def _last(reader: Reader) -> int:
    return int(reader.value("SELECT coalesce(max(rowid), -1) FROM ledger"))


_END = datetime(9999, 1, 1, tzinfo=UTC)
_NEVER = np.iinfo(np.int64).max


def _asked(question: Question) -> dict[str, Any]:
    return {
        "journey": question.journey.id, "never": int(_NEVER), "kinds": list(EXIT_KINDS),
        "reasons": list(REASON_CODES), "timings": list(TIMINGS),
    }  # fmt: skip


def _ordered(reader: Reader, sql: str, asked: dict[str, Any]) -> dict[str, npt.NDArray[Any]]:
    """The columns of ``sql``, of the ideas of the journey, by idea, time and number."""
    found = reader.frame(sql, asked)
    ours = reader.frame("SELECT idea_id FROM idea WHERE journey_id = ?", [asked["journey"]])
    columns = {name: found[name].to_numpy() for name in found.columns}
    rows = None
    here = np.isin(columns["idea_id"], ours["idea_id"].to_numpy())
    if not here.all():
        rows = np.flatnonzero(here)
    order = _order(*(_at(rows, columns[name]) for name in ("idea_id", "at", "seq")))
    if order is not None:
        rows = order if rows is None else rows[order]
    return {name: _at(rows, column) for name, column in columns.items()}


def _at(rows: Whole | None, column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A column's values in these rows; all of them where there are none."""
    return column if rows is None else column[rows]


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
    """How to put rows in order of idea, time and number; None where they are already.

    Rows are mostly recorded as they happen: putting each idea's together is enough but for the few
    ideas with something back-dated.
    """
    if (ids[1:] >= ids[:-1]).all() and not _early(ids, at, seq).any():
        return None
    order = np.argsort(ids, kind="stable")
    together = ids[order]
    early = _early(together, at[order], seq[order])
    if early.any():
        astray = np.isin(together, together[early])
        rows = order[astray]
        order[astray] = rows[np.lexsort((seq[rows], at[rows], ids[rows]))]
    return order


def _early(ids: Whole, at: Whole, seq: Whole) -> Truth:
    """Which rows belong before the row above them, of the same idea."""
    early = np.zeros(len(ids), dtype=bool)
    before = (at[1:] < at[:-1]) | ((at[1:] == at[:-1]) & (seq[1:] < seq[:-1]))
    np.logical_and(ids[1:] == ids[:-1], before, out=early[1:])
    return early
