"""How far ideas came, where they are and how old they are, with what people outside may not know
hidden in all of them together."""

from dataclasses import dataclass

from sandkasse.database import Database
from sandkasse.documents.exhibit import Cell
from sandkasse.figures import Choice, CohortFunnel, Snapshot, cohort, snapshot
from sandkasse.figures.flow.ageing import BANDS, Ageing, ageing
from sandkasse.figures.small_cells import HIDDEN, hidden_together, shown, with_totals
from sandkasse.people import Actor


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
    of each age, by band.
    """

    funnel: CohortFunnel
    snapshot: Snapshot
    ageing: Ageing
    came: Counts
    there: Counts
    doing: Counts
    ages: Counts

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
    tables = [
        came_table(funnel),
        [[one.active + one.on_hold] for one in now.stages],
        [[sum(one.active for one in now.stages), sum(one.on_hold for one in now.stages)]],
        [[sum(one.by_band[band] for one in old.stages) for band in BANDS]],
    ]
    last = len(funnel.stages)
    # Open ideas by furthest stage and by present stage are mostly the same, and their sum always.
    same = [[(0, row, 0), (1, row, 0)] for row in range(last)]
    same.append([(0, last, 0), (1, last, 0), (2, 0, 2), (3, 0, len(BANDS))])
    hides = hidden_together(tables, same)
    counts = [
        Counts(tuple(map(tuple, with_totals(table))), tuple(map(tuple, hide)))
        for table, hide in zip(tables, hides, strict=True)
    ]
    return Published(funnel, now, old, *counts)


def came_table(funnel: CohortFunnel) -> list[list[int]]:
    """The ideas of a cohort by furthest stage: still open, left, and completed from the last."""
    last = len(funnel.stages) - 1
    return [
        [one.open, sum(one.left.values()), one.advanced if one.position == last else 0]
        for one in funnel.stages
    ]
