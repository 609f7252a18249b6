"""Figures as plain numbers, to be kept as they were and compared with what they are.

Every number of a figure has a key, such as ``sandbox.reached``, that is the same in each language
and at each time.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, TypeAlias, TypeVar

from sandkasse import clock
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures import seats
from sandkasse.figures.choice import Choice, is_present
from sandkasse.figures.flow import forecast
from sandkasse.figures.flow.ageing import ageing
from sandkasse.figures.flow.paths import paths
from sandkasse.figures.flow.stock import stock
from sandkasse.figures.flow.times import times
from sandkasse.figures.flow.trend import trend
from sandkasse.figures.funnel import cohort
from sandkasse.figures.movement import activity
from sandkasse.figures.presence import snapshot
from sandkasse.figures.seats import SeatsChoice
from sandkasse.figures.waiting import PARTIES, WaitingChoice, division
from sandkasse.i18n import _
from sandkasse.people import Actor

#: The version of the definitions by which figures are worked out; raised when one changes.
DEFINITION = 2

Numbers = dict[str, float | None]

#: The kind of figure that is about seats and not about ideas, and so has choices of its own.
SEATS = "seats"
AnyChoice: TypeAlias = Choice | SeatsChoice
C = TypeVar("C", Choice, SeatsChoice)


@dataclass(frozen=True)
class Change:
    """A number as it was ``then``, as that moment is ``known`` now, and as it is ``now``; None
    where it is not defined. ``found_later`` is what was back-dated or corrected since."""

    key: str
    then: float | None
    known: float | None
    now: float | None

    @property
    def found_later(self) -> float:
        """The part of the change that is about the time before: known now less then."""
        return (self.known or 0) - (self.then or 0)

    @property
    def differs(self) -> bool:
        """Whether anything has changed."""
        return self.then != self.known or self.then != self.now


def numbers(db: Database, actor: Actor, kind: str, choice: AnyChoice) -> Numbers:
    """The numbers of a kind of figure, one of :data:`KINDS` for a choice of ideas, :data:`SEATS`
    for one of seats.

    :raises Invalid: another kind; else as for :func:`sandkasse.figures.choice.ask` or
        :func:`sandkasse.figures.seats.choice.ask`.
    """
    if kind == SEATS and isinstance(choice, SeatsChoice):
        return seats.numbers(db, actor, choice)
    if kind not in _NUMBERS or not isinstance(choice, Choice):
        raise Invalid(_("Choose one of the kinds of figure in the list."), "kind")
    present = is_present(db, choice.as_of, choice.known_at)
    found = _NUMBERS[kind](db, actor, choice)
    if present and not is_present(db, choice.as_of, choice.known_at):
        # Somebody wrote meanwhile, and what ideas keep may have told of it: now the ledger answers.
        found = _NUMBERS[kind](db, actor, choice)
    return found


def settled(db: Database, actor: Actor, kind: str, choice: AnyChoice) -> AnyChoice:
    """The choice with all that a kind of figure asks for, so that it stays what it was about: a
    forecast of so many by that day. Errors as for :func:`numbers`."""
    if kind == "forecast" and isinstance(choice, Choice):
        return forecast.settled(db, actor, choice)
    return choice


def changes(then: Numbers, known: Numbers, now: Numbers) -> list[Change]:
    """Each number at its three times, in the order of its keys' first appearance."""
    keys = dict.fromkeys([*then, *known, *now])
    return [Change(key, then.get(key), known.get(key), now.get(key)) for key in keys]


def choice_as_text(choice: AnyChoice) -> str:
    """A choice as JSON, without its moments, which are kept beside it."""
    plain = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(choice).items()
        if name not in ("as_of", "known_at") and value is not None
    }
    return json.dumps(plain, sort_keys=True)


def choice_from_text(
    text: str,
    as_of: datetime,
    known_at: datetime,
    of: type[C] = Choice,  # type: ignore[assignment]
) -> C:
    """The choice that :func:`choice_as_text` wrote, at these moments (aware UTC)."""
    known = {one.name for one in fields(of)}
    plain: dict[str, Any] = {key: one for key, one in json.loads(text).items() if key in known}
    for name in ("since", "until", "by"):
        if name in plain:
            plain[name] = date.fromisoformat(plain[name])
    return of(**plain, as_of=as_of, known_at=known_at)


def _of_cohort(db: Database, actor: Actor, choice: Choice) -> Numbers:
    found: Numbers = {}
    for stage in cohort(db, actor, choice).stages:
        found |= _under(stage.stage_id, reached=stage.reached, advanced=stage.advanced,
                        open=stage.open, **stage.left)  # fmt: skip
    return found


def _of_snapshot(db: Database, actor: Actor, choice: Choice) -> Numbers:
    figure = snapshot(db, actor, choice)
    found: Numbers = {}
    for stage in figure.stages:
        found |= _under(stage.stage_id, active=stage.active, on_hold=stage.on_hold)
    return found | _under("left", **figure.left)


def _of_activity(db: Database, actor: Actor, choice: Choice) -> Numbers:
    found: Numbers = {}
    for stage in activity(db, actor, choice).stages:
        found |= _under(
            stage.stage_id, entered=stage.entered, forward=stage.forward, back=stage.back,
            reopened=stage.reopened, **stage.left,
        )  # fmt: skip
    return found


def _of_times(db: Database, actor: Actor, choice: Choice) -> Numbers:
    found: Numbers = {}
    for stage in times(db, actor, choice).stages:
        found |= _under(stage.stage_id, n=stage.n, half=stage.half.time, open=stage.open)
    return found


def _of_ages(db: Database, actor: Actor, choice: Choice) -> Numbers:
    found: Numbers = {}
    for stage in ageing(db, actor, choice).stages:
        found |= _under(stage.bands.stage_id, **stage.by_band, **stage.by_condition)
    return found


def _of_flow(db: Database, actor: Actor, choice: Choice) -> Numbers:
    figure = stock(db, actor, choice)
    if figure.periods.empty:
        return {}
    sums = figure.periods[
        ["entered", "forward", "back", "left_now", "completed_now", "reopened"]
    ].sum()
    return {"in_progress": figure.in_progress, **{str(k): int(n) for k, n in sums.items()}}


def _of_trend(db: Database, actor: Actor, choice: Choice) -> Numbers:
    found: Numbers = {}
    for quarter in trend(db, actor, choice, choice.stage_id).quarters:
        found |= _under(
            quarter.first_day.isoformat(), reached=quarter.reached, left=quarter.left,
            open=quarter.open,
        )  # fmt: skip
    return found


def _of_paths(db: Database, actor: Actor, choice: Choice) -> Numbers:
    return {f"{one.origin}.{one.target}": one.n for one in paths(db, actor, choice).paths}


def _of_waiting(db: Database, actor: Actor, choice: Choice) -> Numbers:
    whole = division(db, actor, WaitingChoice.of(choice)).whole
    return {"n": whole.n, **{party: round(whole.days[party], 3) for party in PARTIES}}


def _of_forecast(db: Database, actor: Actor, choice: Choice) -> Numbers:
    """What it says, and the seed that says the same again. When its day is past, how many came."""
    today = clock.local(choice.as_of or clock.now()).date()
    if choice.by is not None and choice.by <= today:
        return {"so_far": forecast.so_far(db, actor, choice)}
    figure = forecast.of_choice(db, actor, choice)
    found: Numbers = {"so_far": figure.so_far}
    found |= {f"at_least_{chance:.0%}": n for chance, n in figure.at_least.items()}
    found["target"] = figure.target
    found |= {
        f"days_{chance:.0%}": None if day is None else (day - today).days
        for chance, day in figure.when.items()
    }
    return {**found, "seed": figure.seed, "trials": figure.trials}


def _under(key: str, **found: float | None) -> Numbers:
    return {f"{key}.{name}": number for name, number in found.items()}


_NUMBERS: Mapping[str, Callable[[Database, Actor, Choice], Numbers]] = {
    "cohort": _of_cohort,
    "snapshot": _of_snapshot,
    "activity": _of_activity,
    "times": _of_times,
    "ages": _of_ages,
    "flow": _of_flow,
    "trend": _of_trend,
    "paths": _of_paths,
    "waiting": _of_waiting,
    "forecast": _of_forecast,
}
#: The kinds of figure whose numbers can be kept.
KINDS = tuple(_NUMBERS)
