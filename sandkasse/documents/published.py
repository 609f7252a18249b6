"""How far ideas came, where they are and how old they are, with what people outside may not know
hidden in all of them together.

The three show much the same ideas. How many are open is the same number in all, so that it is
hidden in all or in none. How many are open in a stage, by the furthest they came and by where they
are, differ by those who went back: where those are few, where they are is hidden. If something
could still be worked out of all together, more is held back: of which stages there is enough to say
more, the ages, and in the end the snapshot.
"""

from dataclasses import dataclass
from functools import lru_cache

from sandkasse.database import Database
from sandkasse.documents.exhibit import Cell
from sandkasse.documents.intruder import Intruder
from sandkasse.figures import Choice, CohortFunnel, Snapshot, cohort, snapshot
from sandkasse.figures.flow.ageing import BANDS, Ageing, ageing
from sandkasse.figures.small_cells import (
    HIDDEN,
    K,
    differs_by_small,
    hidden_together,
    shown,
    with_totals,
)
from sandkasse.people import Actor

#: Held back: whether a number that is hidden is enough to say how long it takes, or whose time it
#: was.
ENOUGH = "enough"


@dataclass(frozen=True)
class Counts:
    """A table of counts with its totals (last in each row, and the last row), and which of them
    are hidden."""

    n: tuple[tuple[int, ...], ...]
    hidden: tuple[tuple[bool, ...], ...]

    def cell(self, row: int, column: int) -> Cell:
        """A count; its mark where it is hidden. -1 is the totals."""
        n, hide = self.n[row][column], self.hidden[row][column]
        total = -1 in (row, column)
        return shown(n, hide, total=total) if hide else n

    def known(self, row: int, column: int) -> int | None:
        """A count; None where it is hidden."""
        return None if self.hidden[row][column] else self.n[row][column]


@dataclass(frozen=True)
class Published:
    """What people outside may know of the ideas of a choice.

    ``came``: by furthest stage, those still open, those that left, and those that completed the
    last stage. ``there``: those in each stage. ``doing``: those active and on hold. ``ages``: those
    of each age, by band. ``held_back``: the kinds of figure that would tell what the others hide,
    and :data:`ENOUGH` where it would be told already by saying of a hidden number whether it is
    enough to say more.
    """

    funnel: CohortFunnel
    snapshot: Snapshot
    ageing: Ageing
    came: Counts
    there: Counts
    doing: Counts
    ages: Counts
    held_back: frozenset[str] = frozenset()

    @property
    def open_now(self) -> int | None:
        """How many ideas are open; None where that is hidden."""
        return None if "snapshot" in self.held_back else self.there.known(-1, 0)

    def tells_enough(self, stage: int) -> bool:
        """Whether it may be told if enough came to a stage to say more than how many."""
        return ENOUGH not in self.held_back or isinstance(self.reached(stage), int)

    def reached(self, stage: int) -> Cell:
        """How many reached a stage, where what is shown tells it already; else a mark."""
        if stage == len(self.funnel.stages):
            return 0
        hides = [line[-1] for line in self.came.hidden]
        *rows, grand = hides
        tells = not any(rows[stage:]) or not (grand or any(rows[:stage]))
        return self.funnel.stages[stage].reached if tells else HIDDEN


def read(db: Database, actor: Actor, choice: Choice) -> Published:
    """What may be known outside. Errors as for :func:`sandkasse.figures.choice.ask`."""
    return hiding(cohort(db, actor, choice), snapshot(db, actor, choice), ageing(db, actor, choice))


def hiding(funnel: CohortFunnel, now: Snapshot, old: Ageing) -> Published:
    """What may be known outside of these figures of the same choice."""
    tables = (
        came_table(funnel),
        tuple((one.active + one.on_hold,) for one in now.stages),
        ((sum(one.active for one in now.stages), sum(one.on_hold for one in now.stages)),),
        (tuple(sum(one.by_band[band] for one in old.stages) for band in BANDS),),
    )
    hides, held_back = _guarded(tables)
    came, there, doing, ages = (
        Counts(tuple(map(tuple, with_totals(table))), hide)
        for table, hide in zip(tables, hides, strict=True)
    )
    return Published(funnel, now, old, came, there, doing, ages, held_back)


_Table = tuple[tuple[int, ...], ...]
_Hide = tuple[tuple[bool, ...], ...]
_CAME, _THERE, _DOING, _AGES = range(4)
#: What is held back, the least that helps: of what has few, and of whole figures.
_HELD_BACK = (
    frozenset[str](), frozenset({ENOUGH}), frozenset({"ages"}), frozenset({ENOUGH, "ages"}),
)  # fmt: skip


@lru_cache(maxsize=64)
def _guarded(tables: tuple[_Table, ...]) -> tuple[tuple[_Hide, ...], frozenset[str]]:
    """What is hidden in each table, and what is held back besides, so that no hidden count can be
    worked out of all that is shown. A paper asks it of every figure, hence kept."""
    hides = _hidden(tables)
    for kinds in _HELD_BACK:
        if not _intruder(tables, hides, kinds).finds_out():
            return hides, kinds
    return hides, frozenset({ENOUGH, "ages", "snapshot"})


def _hidden(tables: tuple[_Table, ...]) -> tuple[_Hide, ...]:
    stages = len(tables[_CAME])
    open_in_all = [
        (_CAME, stages, 0), (_THERE, stages, 0), (_DOING, 0, 2), (_AGES, 0, len(BANDS)),
    ]  # fmt: skip
    apart: set[int] = set()
    while True:
        # Open ideas by furthest stage and by present stage are mostly the same.
        same = [[(_CAME, row, 0), (_THERE, row, 0)] for row in range(stages) if row not in apart]
        also = [(_there_or_came(tables, row), row, 0) for row in apart]
        found = hidden_together(tables, [*same, open_in_all], also=also)
        hides = tuple(tuple(map(tuple, hide)) for hide in found)
        more = _apart(tables, hides)
        if not more:
            return hides
        apart |= more


def _there_or_came(tables: tuple[_Table, ...], row: int) -> int:
    """In which table a difference is hidden: a zero is shown in any case."""
    return _THERE if with_totals(tables[_THERE])[row][0] else _CAME


def _apart(tables: tuple[_Table, ...], hides: tuple[_Hide, ...]) -> set[int]:
    """The stages (or the total, last) in which who is open by furthest and by present stage would
    tell, once taken from each other, of few who went back."""
    came, there = _open(tables)
    seen = {
        row for row in range(len(came)) if not hides[_CAME][row][0] and not hides[_THERE][row][0]
    }
    few = {row for row in seen if differs_by_small([came[row]], [there[row]])}
    if few:
        return few
    # The stages' differences add up to the total's, so those that are seen tell the others' sum.
    *stages, whole = (now - then for then, now in zip(came, there, strict=True))
    differ = [*stages, -whole]
    if not 0 < abs(sum(differ[row] for row in seen)) < K:
        return set()
    return {min((row for row in seen if differ[row]), key=lambda row: abs(differ[row]))}


def _open(tables: tuple[_Table, ...]) -> tuple[list[int], list[int]]:
    """Who is open by furthest stage and by present stage, the total last."""
    came, there = ([line[0] for line in with_totals(tables[at])] for at in (_CAME, _THERE))
    return came, there


def _intruder(
    tables: tuple[_Table, ...], hides: tuple[_Hide, ...], held_back: frozenset[str]
) -> Intruder:
    """Who has read all but what is held back: how far ideas came, where they are, their ages, and
    of which stages it is said that enough came there, or too few."""
    intruder = Intruder()
    came, there = (intruder.reads(tables[at], hides[at]) for at in (_CAME, _THERE))
    open_by_furthest, open_now = ([line[0] for line in grid] for grid in (came, there))
    # Nobody is further than the furthest that they came, and a period chooses among all.
    for row in range(1, len(came)):
        intruder.knows_at_most(
            dict.fromkeys(open_by_furthest[:row], 1) | dict.fromkeys(open_now[:row], -1)
        )
    then, now = (counts[-1] for counts in _open(tables))
    if then == now:
        intruder.knows({open_by_furthest[-1]: 1, open_now[-1]: -1})
    if not hides[_DOING][0][1]:
        intruder.knows_at_most({open_now[-1]: -1}, -tables[_DOING][0][1])
    if "ages" not in held_back:
        old = intruder.reads(tables[_AGES], hides[_AGES])
        intruder.knows({old[0][-1]: 1, open_now[-1]: -1})
    if ENOUGH not in held_back:
        for row in range(len(came) - 1):
            reached = [line[-1] for line in came[row:-1]]
            if sum(map(sum, tables[_CAME][row:])) < K:
                intruder.knows_at_most(dict.fromkeys(reached, 1), K - 1)
            else:
                intruder.knows_at_most(dict.fromkeys(reached, -1), -K)
    return intruder


def came_table(funnel: CohortFunnel) -> _Table:
    """The ideas of a cohort by furthest stage: still open, left, and completed from the last."""
    last = len(funnel.stages) - 1
    return tuple(
        (one.open, sum(one.left.values()), one.advanced if one.position == last else 0)
        for one in funnel.stages
    )
