"""The numbers that count ideas by the stages they were in and came to."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from sandkasse.errors import Invalid
from sandkasse.figures.choice import Choice
from sandkasse.figures.flow import ageing, doubt
from sandkasse.figures.flow.numbers.asked import Asked, came_in_outside, leaving, named
from sandkasse.figures.flow.times import ADVANCED, ENDINGS, cohort, stays
from sandkasse.figures.history import History, Truth
from sandkasse.i18n import _, number_text
from sandkasse.journeys import EXIT_KINDS


@dataclass(frozen=True)
class TimeIn:
    """A number of the times in a stage: ``all`` that came there, those that ``advanced``, that are
    still ``open``, or ``left``; one way out with ``left:<exit kind>``."""

    stage_id: str
    part: str = "all"

    def counts(self, asked: Asked) -> Truth:
        """Those whose time in the stage ended in this way."""
        name, _colon, kind = self.part.partition(":")
        if name not in ("all", ADVANCED, "open", "left") or (kind and kind not in EXIT_KINDS):
            raise Invalid(_("Choose one of the numbers of the figure."), "part")
        stage = asked.stage(self.stage_id)
        found = stays(asked.told, stage.position, cohort(asked.told, asked.choice))
        ended = {
            "all": found.ending >= 0,
            ADVANCED: found.ending == 1,
            "open": found.ending == 0,
            "left": found.ending > 1,
        }[name]
        if kind:
            ended &= found.ending == 1 + ENDINGS.index(kind)
        return asked.ideas_of(found.idea[ended])

    def rule(self, asked: Asked) -> str:
        """See :class:`Number`."""
        rules = {
            "all": _("It came to {stage} before it came to any later stage."),
            ADVANCED: _(
                "It came to {stage} before any later stage, and has come further or completed."
            ),
            "open": _(
                "It came to {stage} before any later stage, and has neither gone on nor left."
            ),
            "left": _(
                "It came to {stage} before any later stage, and left before it came further."
            ),
        }
        return rules[self.part.partition(":")[0]].format(stage=named(asked.stage(self.stage_id)))

    def rests_on(self, asked: Asked, idea: int) -> list[int]:
        """Coming in, coming to the stage, coming further, and leaving."""
        told, position = asked.told, asked.stage(self.stage_id).position
        later = told.first_in[idea, position + 1 :].min(initial=len(told.at))
        return [
            int(told.first[idea]), int(told.first_in[idea, position]), int(later),
            *leaving(told, idea),
        ]  # fmt: skip

    def missing(self, asked: Asked, idea: int) -> str:
        """See :class:`Number`."""
        told, stage = asked.told, asked.stage(self.stage_id)
        came = told.first_in[idea, stage.position]
        later = told.first_in[idea, stage.position + 1 :].min(initial=len(told.at))
        if not cohort(told, asked.choice)[idea]:
            return came_in_outside(told, idea)
        if came == len(told.at):
            return _("It has never been in {stage}.").format(stage=named(stage))
        if later < came:
            return _("It came to a later stage first, so it has no time in {stage}.").format(
                stage=named(stage)
            )
        if later < len(told.at) or not told.ended[idea]:
            return _("It has come further.") if later < len(told.at) else _(
                "It has neither gone on nor left."
            )  # fmt: skip
        return _("It has left.") if self.part in ("open", ADVANCED) else _(
            "It has left in another way than asked about."
        )  # fmt: skip


@dataclass(frozen=True)
class AgeIn:
    """A number of the open ideas' ages: those in a stage (None: in any) of a band or a condition,
    or ``again`` or ``all``."""

    stage_id: str | None = None
    part: str = "all"
    calendar_id: str | None = None

    def counts(self, asked: Asked) -> Truth:
        """Those open ideas."""
        ages = self._figure(asked).ages
        if self.part not in ("all", "again", *ageing.BANDS, *ageing.CONDITIONS):
            raise Invalid(_("Choose one of the numbers of the figure."), "part")
        chosen = np.ones(len(ages), dtype=bool)
        if self.stage_id is not None:
            chosen &= (ages["position"] == asked.stage(self.stage_id).position).to_numpy()
        if self.part == "again":
            chosen &= (ages["visits"] > 1).to_numpy()
        elif self.part != "all":
            chosen &= ((ages["band"] == self.part) | (ages["condition"] == self.part)).to_numpy()
        return np.isin(asked.told.idea_ids, ages["idea_id"].to_numpy()[chosen])

    def _figure(self, asked: Asked) -> ageing.Ageing:
        return ageing.ageing(asked.db, asked.actor, asked.choice, self.calendar_id)

    def rule(self, asked: Asked) -> str:
        """See :class:`Number`."""
        where = (
            _("It is open at the time asked about")
            if self.stage_id is None
            else _("It is open and in {stage} at the time asked about").format(
                stage=named(asked.stage(self.stage_id))
            )
        )
        return where + {
            "all": ".",
            "again": _(", and has come there more than once."),
            "past": _(", and its stays there are longer than the last band that is known."),
            "moving": _(", and nothing keeps it: no agency has it, and it has moved of late."),
            "agency": _(", and an agency has the ball."),
            "on_hold": _(", and is on hold."),
            "stale": _(", and the ball has been in the same hands, no agency's, for 60 days."),
        }.get(self.part, _(", and its stays there add up to an age within this band."))

    def rests_on(self, asked: Asked, idea: int) -> list[int]:
        """Each coming to the stage where it is, and leaving."""
        told = asked.told
        here = (told.idea == idea) & told.moves & (told.position == told.place[idea])
        return [*asked.rows_of(idea, np.flatnonzero(here)), *leaving(told, idea)]

    def missing(self, asked: Asked, idea: int) -> str:
        """See :class:`Number`."""
        told = asked.told
        if told.ended[idea]:
            return _("It has left.")
        here = asked.question.journey.stages[int(told.place[idea])]
        if self.stage_id not in (None, here.id):
            return _("It is, or was when it left, in {stage}.").format(stage=named(here))
        figure = self._figure(asked)
        ages = figure.ages.set_index("idea_id")["days"]
        bands = figure.stages[here.position].bands.days
        words = (
            _("It has been {age} days in {stage}, whose bands end at {bands}.")
            if figure.calendar is None
            else _("It has been {age} study weeks in {stage}, whose bands end at {bands}.")
        )
        return words.format(
            age=number_text(float(ages[int(told.idea_ids[idea])]), 1), stage=named(here),
            bands=" · ".join("–" if one is None else number_text(one, 1) for one in bands),
        )  # fmt: skip


@dataclass(frozen=True)
class OfQuarter:
    """A number of the cohort of the quarter that begins on ``first_day``: ``all`` of it, those that
    ``reached`` the stage, ``left`` before it, or are ``open`` before it."""

    first_day: date
    stage_id: str
    part: str = "all"

    def counts(self, asked: Asked) -> Truth:
        """Those of the chosen days that came in during the quarter."""
        told, position = asked.told, asked.stage(self.stage_id).position
        reached = told.furthest >= position
        parts = {
            "all": np.ones(told.n, dtype=bool),
            "reached": reached,
            "left": ~reached & (told.ended > 0),
            "open": ~reached & (told.ended == 0),
        }
        if self.part not in parts:
            raise Invalid(_("Choose one of the numbers of the figure."), "part")
        among: Truth = cohort(told, asked.choice) & self._entered(told)
        among &= parts[self.part]
        return among

    def _entered(self, told: History) -> Truth:
        last = pd.Timestamp(self.first_day).to_period("Q").end_time.date()
        return cohort(told, Choice(told.journey.id, since=self.first_day, until=last))

    def rule(self, asked: Asked) -> str:
        """See :class:`Number`."""
        rules = {
            "all": _("It came in during the quarter."),
            "reached": _("It came in during the quarter and has reached {stage} or a later stage."),
            "left": _("It came in during the quarter and left before it reached {stage}."),
            "open": _("It came in during the quarter and is still on its way to {stage}."),
        }
        return rules[self.part].format(stage=named(asked.stage(self.stage_id)))

    def rests_on(self, asked: Asked, idea: int) -> list[int]:
        """Coming in, coming to the furthest stage, and leaving."""
        told = asked.told
        furthest = told.first_in[idea, int(told.furthest[idea])]
        return [int(told.first[idea]), int(furthest), *leaving(told, idea)]

    def missing(self, asked: Asked, idea: int) -> str:
        """See :class:`Number`."""
        told, stage = asked.told, asked.stage(self.stage_id)
        if not (self._entered(told) & cohort(told, asked.choice))[idea]:
            return came_in_outside(told, idea)
        if told.furthest[idea] >= stage.position:
            return _("It has reached {stage}, or a later stage.").format(stage=named(stage))
        if self.part == "reached":
            return _("There is no move to {stage} or a later stage.").format(stage=named(stage))
        return _("It has left.") if told.ended[idea] else _("It has not left.")


@dataclass(frozen=True)
class InDoubt:
    """The ideas that make the share of a stage doubtful, by :data:`sandkasse.figures.flow.doubt.
    CAUSES`, or ``unexplained``: with a step back or an exit without a reason."""

    stage_id: str
    cause: str

    def counts(self, asked: Asked) -> Truth:
        """Those ideas."""
        if self.cause not in (*doubt.CAUSES, "unexplained"):
            raise Invalid(_("Choose one of the numbers of the figure."), "part")
        return doubt.in_doubt(asked.told, asked.question, asked.stage(self.stage_id), self.cause)

    def rule(self, _asked: Asked) -> str:
        """See :class:`Number`."""
        return {
            "edge": _("Its time of entering is not exact, and near the edge of the days chosen."),
            "quiet": _("It is open in the stage before, and nothing was recorded for half a year."),
            "unexplained": _("It went back or left, and no reason was given."),
        }[self.cause]

    def rests_on(self, asked: Asked, idea: int) -> list[int]:
        """Coming in, and the last that happened; or the steps without a reason."""
        told = asked.told
        if self.cause == "unexplained":
            return asked.rows_of(idea, np.flatnonzero(doubt.unexplained(told)))
        return [int(told.first[idea]), int(told.last[idea])]

    def missing(self, _asked: Asked, _idea: int) -> str:
        """See :class:`Number`."""
        return _("Nothing makes it doubtful for this cause.")
