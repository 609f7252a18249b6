"""What every number of a flow figure answers, and who may ask."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sandkasse.access import Action, require_for_idea
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures import history
from sandkasse.figures.behind import Records, listed
from sandkasse.figures.choice import Choice, Question, ask
from sandkasse.figures.history import History, Truth, Whole
from sandkasse.figures.why import Why, happenings, outside
from sandkasse.i18n import _, date_text, language
from sandkasse.journeys import Stage
from sandkasse.people import Actor


@dataclass(frozen=True)
class Asked:
    """A question with the history that answers it, and who asks."""

    db: Database
    actor: Actor
    question: Question
    told: History

    @property
    def choice(self) -> Choice:
        """What was chosen."""
        return self.question.choice

    def stage(self, stage_id: str) -> Stage:
        """A stage of the journey. :raises Invalid: for another's."""
        for stage in self.question.journey.stages:
            if stage.id == stage_id:
                return stage
        raise Invalid(_("Choose one of the stages in the list."), "stage_id")

    def ideas_of(self, idea: Whole) -> Truth:
        """The ideas with these indices, which may come more than once."""
        found = np.zeros(self.told.n, dtype=bool)
        found[idea] = True
        return found

    def rows_of(self, idea: int, rows: Whole) -> list[int]:
        """Those of some rows of the history that are an idea's."""
        return [int(row) for row in rows if self.told.idea[row] == idea]


class Number(Protocol):
    """One number of a flow figure."""

    def counts(self, asked: Asked) -> Truth:
        """For each idea of the history whether it is counted. :raises Invalid: no such number."""

    def rule(self, asked: Asked) -> str:
        """What counts, in a sentence about one idea."""

    def rests_on(self, asked: Asked, idea: int) -> list[int]:
        """The rows of the history that the answer for an idea rests on."""

    def missing(self, asked: Asked, idea: int) -> str:
        """What keeps an idea that is not counted out."""


def records(
    db: Database, actor: Actor, choice: Choice, number: Number, *, limit: int = 50, offset: int = 0
) -> Records:
    """A page of the ideas behind a number. Errors as for
    :func:`sandkasse.figures.behind.records`."""
    asked = _asked(db, actor, choice)
    return listed(db, actor, asked.told, number.counts(asked), limit=limit, offset=offset)


def why(db: Database, actor: Actor, choice: Choice, number: Number, idea_id: int) -> Why:
    """Why an idea is counted in a number, or why not. Errors as for
    :func:`sandkasse.figures.why.why`."""
    require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    asked = _asked(db, actor, choice)
    rule, counted = number.rule(asked), number.counts(asked)
    idea = int(np.searchsorted(asked.told.idea_ids, idea_id))
    if idea == asked.told.n or asked.told.idea_ids[idea] != idea_id:
        missing = outside(db, asked.question, idea_id) or _("Nothing had happened to it by then.")
        return Why(counted=False, rule=rule, used=(), missing=missing)
    used = happenings(asked.told, number.rests_on(asked, idea))
    if counted[idea]:
        return Why(counted=True, rule=rule, used=used, missing="")
    return Why(counted=False, rule=rule, used=used, missing=number.missing(asked, idea))


def _asked(db: Database, actor: Actor, choice: Choice) -> Asked:
    question = ask(db, actor, choice, Action.SEE_FUNNEL_RECORDS)
    return Asked(db, actor, question, history.read(db, question))


def named(stage: Stage) -> str:
    """A stage's name in the language of the moment."""
    return stage.name.in_(language())


def leaving(told: History, idea: int) -> list[int]:
    """The row of an idea's exit, if it has left."""
    return [int(told.last[idea])] if told.ended[idea] else []


def came_in_outside(told: History, idea: int) -> str:
    """That an idea came in on another day than those chosen."""
    return _("It came in on {date}, outside the days chosen.").format(
        date=date_text(history.moment(told.entered_at[idea]))
    )
