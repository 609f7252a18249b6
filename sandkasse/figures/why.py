"""Why an idea is counted in a number, or is not: the rule, what it rests on, what is missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from sandkasse import clock
from sandkasse.access import Action, require, require_for_idea
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures import history
from sandkasse.figures.behind import PARTS, Figure
from sandkasse.figures.choice import Choice, Question, ask
from sandkasse.figures.funnel import COMPLETED
from sandkasse.figures.history import OUTSIDE, History
from sandkasse.figures.movement import CHANGES, steps
from sandkasse.i18n import _, date_text, language
from sandkasse.journeys import EXIT_KINDS, Stage
from sandkasse.people import Actor


@dataclass(frozen=True)
class Used:
    """A happening that the answer rests on: its number in the idea's history, when, and what."""

    seq: int
    occurred_at: datetime
    words: str


@dataclass(frozen=True)
class Why:
    """Whether an idea is counted, by which ``rule``, on which happenings; ``missing`` is what it
    would take, empty where it is counted. Words are in the language of the moment."""

    counted: bool
    rule: str
    used: tuple[Used, ...]
    missing: str


def why(
    db: Database, actor: Actor, choice: Choice, figure: Figure, stage_id: str, part: str,
    idea_id: int,
) -> Why:  # fmt: skip
    """Why an idea is counted in a part (see ``PARTS``) of a stage, or why not.

    :raises NotAllowed, NotFound: for those who do not see the idea or the ideas behind figures.
    :raises Invalid: an unknown stage or part; else as for :func:`sandkasse.figures.choice.ask`.
    """
    require(actor, Action.SEE_FUNNEL_RECORDS)
    require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    question = ask(db, actor, choice)
    name, _colon, exit_kind = part.partition(":")
    stage = next((one for one in question.journey.stages if one.id == stage_id), None)
    if stage is None or name not in PARTS[figure]:
        raise Invalid(_("Choose one of the numbers of the figure."), "part")
    one = _Told.of(db, question, idea_id)
    if one is None:
        missing = _("Nothing had happened to it by then.")
        return Why(counted=False, rule=_rule(figure, name, stage), used=(), missing=missing)
    elsewhere = outside(db, question, idea_id)
    answer = _ANSWERS[figure](one, stage, name, exit_kind)
    if elsewhere:
        return replace(answer, counted=False, missing=elsewhere)
    if figure == "cohort" and not one.in_period():
        missing = _("It came in on {date}, outside the days chosen.").format(
            date=date_text(history.moment(one.told.entered_at[0]))
        )
        return replace(answer, counted=False, missing=missing)
    return answer


@dataclass(frozen=True)
class _Told:
    """One idea's history with the question asked of it."""

    question: Question
    told: History
    held: bool

    @classmethod
    def of(cls, db: Database, question: Question, idea_id: int) -> "_Told | None":
        plain = replace(question, choice=replace(question.choice, level=None, theme=None))
        whole = history.read(db, plain)
        told = whole.kept(whole.idea_ids == idea_id)
        held = db.value(
            f"SELECT on_hold FROM {question.outcomes} AS o WHERE o.idea_id = $idea_id",  # noqa: S608
            {**question.parameters, "idea_id": idea_id},
        )
        # Who left without ever having come in was never anywhere.
        return cls(question, told, bool(held)) if (told.position >= 0).any() else None

    def in_period(self) -> bool:
        choice, entered = self.question.choice, int(self.told.entered_at[0])
        after = choice.since is None or entered >= history.micros(clock.start_of(choice.since))
        return after and (
            choice.until is None or entered <= history.micros(clock.end_of(choice.until))
        )

    def row(self, row: int) -> Used:
        return happenings(self.told, [row])[0]

    @property
    def exit_kind(self) -> str:
        return ("", *EXIT_KINDS)[int(self.told.ended[0])]

    def furthest_row(self) -> int:
        return int(self.told.first_in[0, int(self.told.furthest[0])])


def happenings(told: History, rows: Sequence[int]) -> tuple[Used, ...]:
    """Rows of a history in words, each once and in order; rows beyond its end are none."""
    return tuple(_happening(told, row) for row in sorted(set(rows)) if row < len(told.at))


def _happening(told: History, row: int) -> Used:
    position, before = int(told.position[row]), int(told.before[row])
    if position == OUTSIDE:
        words = _("left the journey")
    elif before < 0:
        words = _("came to {stage}").format(stage=_name(told, position))
    else:
        words = _("went from {origin} to {stage}").format(
            origin=_name(told, before), stage=_name(told, position)
        )
    return Used(int(told.seq[row]), history.moment(told.at[row]), words)


def _name(told: History, position: int) -> str:
    return told.journey.stages[position].name.in_(language())


def outside(db: Database, question: Question, idea_id: int) -> str:
    """What keeps the idea out of the chosen level and theme; empty when nothing does."""
    level, theme = db.one("SELECT level, theme FROM idea WHERE idea_id = ?", [idea_id]) or ("", "")
    choice = question.choice
    if choice.level is not None and level != choice.level:
        return _("It is of another level than the one chosen.")
    if choice.theme is not None and theme != choice.theme:
        return _("It is of another theme than the one chosen.")
    return ""


def _rule(figure: Figure, part: str, stage: Stage) -> str:
    """The rule of a number in words."""
    rules = {
        ("cohort", "reached"): _("Its furthest stage is {stage} or a later one."),
        ("cohort", "advanced"): _("It has reached a later stage than {stage}, or completed."),
        ("cohort", "open"): _("Its furthest stage is {stage}, and it has not left."),
        ("cohort", "left"): _("Its furthest stage is {stage}, and it has left from there."),
        ("snapshot", "open"): _("It is in {stage} at the time asked about."),
        ("snapshot", "active"): _("It is in {stage} at the time asked about, and not on hold."),
        ("snapshot", "on_hold"): _("It is in {stage} at the time asked about, and on hold."),
        ("snapshot", "left"): _("It had left from {stage} by the time asked about."),
        ("activity", "entered"): _("It came to {stage} on one of the days chosen."),
        ("activity", "forward"): _("It went on from {stage} on one of the days chosen."),
        ("activity", "back"): _("It went back from {stage} on one of the days chosen."),
        ("activity", "left"): _("It left from {stage} on one of the days chosen."),
        ("activity", "reopened"): _("It came back to {stage} after an exit on one of the days."),
    }
    return rules[figure, part].format(stage=stage.name.in_(language()))


def _of_cohort(one: _Told, stage: Stage, part: str, exit_kind: str) -> Why:
    told, furthest = one.told, int(one.told.furthest[0])
    last = stage.position == len(told.journey.stages) - 1
    completed = last and one.exit_kind == COMPLETED
    gone = bool(one.exit_kind) and not completed
    used = [one.row(0), one.row(one.furthest_row())]
    if one.exit_kind:
        used.append(one.row(int(told.last[0])))
    there = furthest == stage.position
    counted = {
        "reached": furthest >= stage.position,
        "advanced": furthest > stage.position or (there and completed),
        "open": there and not one.exit_kind,
        "left": there and gone and exit_kind in ("", one.exit_kind),
    }[part]
    missing = ""
    if not counted:
        name = stage.name.in_(language())
        if furthest < stage.position:
            missing = _("There is no move to {stage} or a later stage.").format(stage=name)
        elif furthest > stage.position:
            missing = _("It has reached a later stage than {stage}.").format(stage=name)
        elif one.exit_kind:
            missing = _("It has left in another way than asked about.")
        else:
            missing = _("It has neither gone on nor left.")
    return Why(counted, _rule("cohort", part, stage), _unique(used), missing)


def _of_snapshot(one: _Told, stage: Stage, part: str, exit_kind: str) -> Why:
    told, gone = one.told, bool(one.exit_kind)
    here = int(told.place[0]) == stage.position
    used = [one.row(int(np.flatnonzero(told.position == told.place[0])[-1]))]
    used += [one.row(int(told.last[0]))] if gone else []
    missing = ""
    if not here:
        missing = _("It is, or was when it left, in {stage}.").format(
            stage=_name(told, int(told.place[0]))
        )
    elif gone != (part == "left"):
        missing = _("It has left.") if gone else _("It has not left.")
    elif exit_kind not in ("", one.exit_kind):
        missing = _("It has left in another way than asked about.")
    elif part in ("active", "on_hold") and one.held != (part == "on_hold"):
        missing = _("It is on hold.") if one.held else _("It is not on hold.")
    return Why(not missing, _rule("snapshot", part, stage), _unique(used), missing)


def _of_activity(one: _Told, stage: Stage, part: str, exit_kind: str) -> Why:
    found = steps(one.told, one.question.choice)
    into = part in ("entered", "reopened")
    changes = [part, "forward", "back"] if part == "entered" else [part]
    made = np.isin(found.change, [CHANGES.index(name) for name in changes])
    made &= (found.after if into else found.before) == stage.position
    if exit_kind in EXIT_KINDS:
        made &= found.exit_kind == 1 + EXIT_KINDS.index(exit_kind)
    used = tuple(one.row(int(row)) for row in found.row[made])
    missing = "" if used else _("No such step happened on the days chosen.")
    return Why(bool(used), _rule("activity", part, stage), used, missing)


_ANSWERS: dict[Figure, Callable[[_Told, Stage, str, str], Why]] = {
    "cohort": _of_cohort,
    "snapshot": _of_snapshot,
    "activity": _of_activity,
}


def _unique(used: list[Used]) -> tuple[Used, ...]:
    return tuple(dict.fromkeys(sorted(used, key=lambda one: (one.occurred_at, one.seq))))
