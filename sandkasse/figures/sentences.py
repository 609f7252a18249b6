"""Each figure said in one sentence, as a person would say it, in the language of the moment."""

from datetime import date, datetime
from functools import singledispatch
from typing import Literal, Protocol

from babel.dates import format_skeleton

from sandkasse import clock
from sandkasse.figures.choice import Choice
from sandkasse.figures.funnel import CohortFunnel, StageCount
from sandkasse.figures.movement import Activity
from sandkasse.figures.presence import Snapshot
from sandkasse.figures.statistics import ENOUGH
from sandkasse.i18n import (
    _,
    babel_locale,
    date_text,
    language,
    list_text,
    ngettext_,
    number_text,
    percent_text,
    time_text,
)
from sandkasse.journeys import Text

#: What an ``n`` counts.
Counted = Literal["ideas", "steps", "matters", "seats"]
#: What the ``n`` of a kind of figure counts, where that is not ideas.
_COUNTS: dict[str, Counted] = {
    "activity": "steps", "flow": "steps", "paths": "steps", "waits": "matters", "seats": "seats",
}  # fmt: skip


class Dated(Protocol):
    """What every figure knows of itself: aware moments."""

    @property
    def as_of(self) -> datetime: ...
    @property
    def known_at(self) -> datetime: ...


def basis(kind: str, n: int | str, figure: Dated, counts: Counted | None = None) -> str:
    """Of how many a figure of this kind speaks, and when. ``n`` is words where it is hidden; it
    ``counts`` what figures of the kind do unless told otherwise."""
    many = _counted(counts or _COUNTS.get(kind, "ideas"), n)
    told = _("n = {n} · as of {as_of}").format(n=many, as_of=time_text(figure.as_of))
    if figure.known_at != figure.as_of:
        told += " · " + _("as known on {moment}").format(moment=time_text(figure.known_at))
    return told


def _counted(counts: Counted, n: int | str) -> str:
    many = 2 if isinstance(n, str) else n
    match counts:
        case "steps":
            words = ngettext_("{n} step", "{n} steps", many)
        case "matters":
            words = ngettext_("{n} matter", "{n} matters", many)
        case "seats":
            words = ngettext_("{n} seat", "{n} seats", many)
        case _:
            words = ngettext_("{n} idea", "{n} ideas", many)
    return words.format(n=n if isinstance(n, str) else number_text(n))


@singledispatch
def sentence(figure: object) -> str:
    """The figure in one sentence. Under five ideas it gives no rates, and says so."""
    raise TypeError(type(figure).__name__)


@sentence.register
def _of_cohort(figure: CohortFunnel) -> str:
    period = _period(figure.choice)
    if figure.n == 0:
        return _("No ideas came in {period}.").format(period=period)
    opening = ngettext_(
        "Of the {n} idea that came in {period}", "Of the {n} ideas that came in {period}", figure.n
    )
    if figure.n < ENOUGH:
        opening = ngettext_(
            "{n} idea came in {period}, too few to give a rate",
            "{n} ideas came in {period}, too few to give a rate",
            figure.n,
        )
    joint = ": " if figure.n < ENOUGH else ", "
    return (
        opening.format(n=number_text(figure.n), period=period)
        + joint
        + list_text(_fates(figure))
        + "."
    )


def _fates(figure: CohortFunnel) -> list[str]:
    first = figure.stages[0]
    fates = [_reaching(figure.stages[1])] if len(figure.stages) > 1 else []
    if first.open or not fates:
        fates.append(
            ngettext_("{n} is still in {stage}", "{n} are still in {stage}", first.open).format(
                n=number_text(first.open), stage=within(first.name)
            )
        )
    gone = sum(first.left.values())
    if gone:
        fates.append(
            ngettext_("{n} has left from there", "{n} have left from there", gone).format(
                n=number_text(gone)
            )
        )
    return fates


def _reaching(stage: StageCount) -> str:
    if not stage.reached:
        return _("none has reached {stage}").format(stage=within(stage.name))
    reached = ngettext_("{n} has reached {stage}", "{n} have reached {stage}", stage.reached)
    said = reached.format(n=number_text(stage.reached), stage=within(stage.name))
    if (stage.previous or 0) < ENOUGH or stage.share_of_previous is None or stage.interval is None:
        return said
    low, high = stage.interval
    return said + _(" ({share}, {low}–{high})").format(
        share=percent_text(stage.share_of_previous),
        low=number_text(low * 100),
        high=percent_text(high),
    )


@sentence.register
def _of_snapshot(figure: Snapshot) -> str:
    day = date_text(figure.as_of, "long")
    if figure.n == 0:
        return _("On {day}, no ideas have come in.").format(day=day)
    clauses = [
        ngettext_("{n} idea is in the journey", "{n} ideas are in the journey", figure.open).format(
            n=number_text(figure.open)
        )
    ]
    fullest = max(figure.stages, key=lambda stage: stage.active + stage.on_hold)
    most = fullest.active + fullest.on_hold
    if 0 < most < figure.open:
        clauses[0] += _(" (most in {stage}: {n})").format(
            stage=within(fullest.name), n=number_text(most)
        )
    elif most:
        clauses[0] += _(" (in {stage})").format(stage=within(fullest.name))
    held = sum(stage.on_hold for stage in figure.stages)
    if held:
        clauses.append(
            ngettext_("{n} of them is on hold", "{n} of them are on hold", held).format(
                n=number_text(held)
            )
        )
    gone = sum(figure.left.values())
    clauses.append(ngettext_("{n} has left", "{n} have left", gone).format(n=number_text(gone)))
    return _("On {day}, {clauses}.").format(day=day, clauses=list_text(clauses))


@sentence.register
def _of_activity(figure: Activity) -> str:
    period = _period(figure.choice)
    if figure.n == 0:
        return _("Nothing moved {period}.").format(period=period)
    gone = sum(figure.left.values())
    counted = [
        (figure.came_in, ngettext_("{n} idea came in", "{n} ideas came in", figure.came_in)),
        (figure.forward, ngettext_("{n} step forward", "{n} steps forward", figure.forward)),
        (figure.back, ngettext_("{n} step back", "{n} steps back", figure.back)),
        (gone, ngettext_("{n} exit", "{n} exits", gone)),
        (figure.reopened, ngettext_("{n} reopening", "{n} reopenings", figure.reopened)),
    ]
    said = [words.format(n=number_text(n)) for n, words in counted if n]
    return _("What happened {period}: {clauses}.").format(period=period, clauses=list_text(said))


def _period(choice: Choice) -> str:
    until = choice.until
    if until is not None and choice.as_of is not None:
        known = min(until, clock.local(choice.as_of).date())
        # Days that had not come yet are named as they were chosen.
        until = known if choice.since is None or choice.since <= known else until
    if choice.since is not None and until is not None:
        return _("from {since} to {until}").format(
            since=_beginning(choice.since, until), until=date_text(until, "long")
        )
    if choice.since is not None:
        return _("since {since}").format(since=date_text(choice.since, "long"))
    if until is not None:
        return _("up to {until}").format(until=date_text(until, "long"))
    return _("so far")


def _beginning(since: date, until: date) -> str:
    """The first day of a period; its year only where the last day has another."""
    if since.year != until.year:
        return date_text(since, "long")
    return format_skeleton("MMMMd", since, locale=babel_locale())


def within(name: Text) -> str:
    """A stage's name inside a sentence: a small first letter, unless it is an abbreviation."""
    words = name.in_(language())
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def share_text(stage: StageCount) -> str:
    """How many of those in the stage before came to this one: «12/40 · 30 % (18–45 %)»; n/N alone
    where there are few, and a dash in the first stage."""
    if stage.share_of_previous is None or stage.interval is None or stage.previous is None:
        return "–"
    n_of_all = f"{number_text(stage.reached)}/{number_text(stage.previous)}"
    if stage.previous < ENOUGH:
        return n_of_all
    low, high = stage.interval
    return (
        f"{n_of_all} · {percent_text(stage.share_of_previous)} "
        f"({number_text(low * 100)}–{percent_text(high)})"
    )
