"""The numbers that count ideas by a step that they made."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from sandkasse import clock
from sandkasse.errors import Invalid
from sandkasse.figures import history
from sandkasse.figures.choice import Choice
from sandkasse.figures.flow import paths
from sandkasse.figures.flow.forecast import ago
from sandkasse.figures.flow.numbers.asked import Asked, named
from sandkasse.figures.flow.stock import reason_names
from sandkasse.figures.funnel import COMPLETED
from sandkasse.figures.history import Truth, Whole
from sandkasse.figures.movement import CHANGES, Unit, steps
from sandkasse.i18n import _, date_text
from sandkasse.journeys import EXIT_KINDS

#: The numbers of a period, in the order of the table; ``stock`` is what is in the journey.
MOVES = ("stock", "entered", "forward", "back", "completed", "left", "reopened")


@dataclass(frozen=True)
class InPeriod:
    """A number of one week or month (``first_day`` None: of all the chosen days): the ideas in the
    journey at its end (``stock``), or those that made a kind of step (see :data:`MOVES`)."""

    move: str
    first_day: date | None = None
    unit: Unit = "month"

    def counts(self, asked: Asked) -> Truth:
        """Those ideas."""
        if self.move not in MOVES:
            raise Invalid(_("Choose one of the numbers of the figure."), "part")
        told, choice = asked.told, self._days(asked.choice)
        if self.move == "stock":
            then = told.until(asked.question.last_moment(choice))
            return np.isin(told.idea_ids, then.idea_ids[then.ended == 0])
        return asked.ideas_of(told.idea[self._rows(asked)])

    def _rows(self, asked: Asked) -> Whole:
        found = steps(asked.told, self._days(asked.choice))
        completed = found.exit_kind == 1 + EXIT_KINDS.index(COMPLETED)
        name = "left" if self.move == "completed" else self.move
        made = found.change == CHANGES.index(name)
        if name == "left":
            made &= completed if self.move == "completed" else ~completed
        rows: Whole = found.row[made]
        return rows

    def _days(self, choice: Choice) -> Choice:
        """The choice with the days of the period that are among those chosen."""
        if self.first_day is None:
            return choice
        freq = "W-SUN" if self.unit == "week" else "M"
        last = pd.Timestamp(self.first_day).to_period(freq).end_time.date()
        return replace(
            choice,
            since=max(self.first_day, choice.since or self.first_day),
            until=min(last, choice.until or last),
        )

    def rule(self, asked: Asked) -> str:
        """See :class:`Number`."""
        choice = self._days(asked.choice)
        rule = {
            "stock": _("It was in the journey at the end of {last}."),
            "entered": _("It came in {days}."),
            "forward": _("It went on to a later stage {days}."),
            "back": _("It went back to an earlier stage {days}."),
            "completed": _("It completed {days}."),
            "left": _("It left in another way than by completing {days}."),
            "reopened": _("It came back after an exit {days}."),
        }[self.move]
        days = _("on one of the days chosen")
        if choice.since and choice.until:
            days = _("between {since} and {until}").format(
                since=date_text(choice.since), until=date_text(choice.until)
            )
        return rule.format(days=days, last=date_text(asked.question.last_moment(choice)))

    def rests_on(self, asked: Asked, idea: int) -> list[int]:
        """The steps that count; for the stock, the last one by then."""
        told, choice = asked.told, self._days(asked.choice)
        if self.move == "stock":
            by_then = told.at <= history.micros(asked.question.last_moment(choice))
            return asked.rows_of(idea, np.flatnonzero(by_then & (told.idea == idea)))[-1:]
        return asked.rows_of(idea, self._rows(asked))

    def missing(self, asked: Asked, idea: int) -> str:
        """See :class:`Number`."""
        if self.move != "stock":
            return _("No such step happened on the days chosen.")
        return _("It had left by then.") if self.rests_on(asked, idea) else _(
            "It had not come in by then."
        )  # fmt: skip


@dataclass(frozen=True)
class Exited:
    """Those that left from a stage in one way for one reason ('': none given)."""

    stage_id: str
    exit_kind: str
    reason: str

    def counts(self, asked: Asked) -> Truth:
        """Those with such an exit on the chosen days."""
        return asked.ideas_of(asked.told.idea[self._rows(asked)])

    def _rows(self, asked: Asked) -> Whole:
        stage = asked.stage(self.stage_id)
        if self.exit_kind not in EXIT_KINDS:
            raise Invalid(_("Choose one of the numbers of the figure."), "part")
        found = steps(asked.told, asked.choice)
        made = (found.change == CHANGES.index("left")) & (found.before == stage.position)
        made &= found.exit_kind == 1 + EXIT_KINDS.index(self.exit_kind)
        made &= np.array(reason_names())[asked.told.reason[found.row] + 1] == self.reason
        rows: Whole = found.row[made]
        return rows

    def rule(self, asked: Asked) -> str:
        """See :class:`Number`."""
        return _("It left from {stage} in this way and for this reason on the days chosen.").format(
            stage=named(asked.stage(self.stage_id))
        )

    def rests_on(self, asked: Asked, idea: int) -> list[int]:
        """The exits that count."""
        return asked.rows_of(idea, self._rows(asked))

    def missing(self, _asked: Asked, _idea: int) -> str:
        """See :class:`Number`."""
        return _("No such step happened on the days chosen.")


@dataclass(frozen=True)
class OnPath:
    """Those that went from one place to another; see :class:`sandkasse.figures.flow.paths.Path`."""

    origin: str
    target: str

    def counts(self, asked: Asked) -> Truth:
        """Those with such a step on the chosen days."""
        rows = paths.rows(asked.told, asked.choice, self.origin, self.target)
        return asked.ideas_of(asked.told.idea[rows])

    def rule(self, _asked: Asked) -> str:
        """See :class:`Number`."""
        return _("It went this way on one of the days chosen.")

    def rests_on(self, asked: Asked, idea: int) -> list[int]:
        """The steps that count."""
        rows = paths.rows(asked.told, asked.choice, self.origin, self.target)
        return asked.rows_of(idea, rows)

    def missing(self, _asked: Asked, _idea: int) -> str:
        """See :class:`Number`."""
        return _("No such step happened on the days chosen.")


@dataclass(frozen=True)
class Arrived:
    """Those that came to a stage, or past it, for the first time: so many whole weeks before the
    moment asked about (None: at any time)."""

    stage_id: str
    weeks_ago: int | None = None

    def counts(self, asked: Asked) -> Truth:
        """Those ideas."""
        told, rows = asked.told, self._rows(asked)
        if self.weeks_ago is not None:
            rows = rows[ago(told.at[rows], told) == self.weeks_ago]
        return asked.ideas_of(told.idea[rows])

    def _rows(self, asked: Asked) -> Whole:
        """Where each idea that has come there did so first."""
        position = asked.stage(self.stage_id).position
        rows = asked.told.first_in[:, position:].min(axis=1, initial=len(asked.told.at))
        arrived: Whole = rows[rows < len(asked.told.at)]
        return arrived

    def rule(self, asked: Asked) -> str:
        """See :class:`Number`."""
        stage = named(asked.stage(self.stage_id))
        if self.weeks_ago is None:
            return _("It has come to {stage}, or past it.").format(stage=stage)
        ends = clock.local(asked.question.as_of - timedelta(weeks=self.weeks_ago))
        return _("It came to {stage}, or past it, for the first time in the week to {day}.").format(
            stage=stage, day=date_text(ends.date())
        )

    def rests_on(self, asked: Asked, idea: int) -> list[int]:
        """The first coming to the stage or past it."""
        return asked.rows_of(idea, self._rows(asked))

    def missing(self, asked: Asked, idea: int) -> str:
        """See :class:`Number`."""
        if self.rests_on(asked, idea):
            return _("It came there at another time.")
        stage = named(asked.stage(self.stage_id))
        return _("There is no move to {stage} or a later stage.").format(stage=stage)
