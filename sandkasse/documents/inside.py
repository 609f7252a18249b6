"""Figures as exhibits for the project: every number."""

from collections.abc import Callable, Mapping

from sandkasse.charts import bridge as bridge_charts
from sandkasse.charts import flow as flow_charts
from sandkasse.charts import funnel as charts
from sandkasse.charts import summary
from sandkasse.charts import waiting as waiting_charts
from sandkasse.charts.funnel import Spec
from sandkasse.database import Database
from sandkasse.documents import tables
from sandkasse.documents.exhibit import INK, Exhibit, Table
from sandkasse.figures import (
    ENOUGH,
    Choice,
    activity,
    activity_series,
    cohort,
    sentence,
    snapshot,
    waiting,
)
from sandkasse.figures.bridge import Bridge
from sandkasse.figures.flow import forecast
from sandkasse.figures.flow.ageing import ageing
from sandkasse.figures.flow.paths import paths
from sandkasse.figures.flow.stock import stock
from sandkasse.figures.flow.times import times
from sandkasse.figures.flow.trend import trend
from sandkasse.figures.sentences import Dated
from sandkasse.figures.waiting import WaitingChoice
from sandkasse.i18n import _
from sandkasse.people import Actor


def exhibit(db: Database, actor: Actor, kind: str, choice: Choice) -> Exhibit:
    """A figure with every number. Errors as for :func:`sandkasse.figures.choice.ask`.

    :raises KeyError: a kind that :data:`KINDS` does not have.
    """
    return _MADE[kind](db, actor, choice)


def _shown(
    kind: str, figure: Dated, n: int, table: Table, chart: Spec | None, told: str | None = None
) -> Exhibit:
    return Exhibit(
        kind, told or sentence(figure), n, figure.as_of, figure.known_at, table.on_paper(), chart,
        table.note,
    )  # fmt: skip


def _cohort(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = cohort(db, actor, choice)
    chart = charts.cohort(figure, INK) if figure.n else None
    return _shown("cohort", figure, figure.n, tables.cohort(figure), chart)


def _snapshot(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = snapshot(db, actor, choice)
    chart = charts.snapshot(figure, INK) if figure.open else None
    return _shown("snapshot", figure, figure.n, tables.snapshot(figure), chart)


def _activity(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = activity(db, actor, choice)
    chart = charts.activity(activity_series(db, actor, choice, "month"), INK) if figure.n else None
    return _shown("activity", figure, figure.n, tables.activity(figure), chart)


def _times(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = times(db, actor, choice)
    enough = [one for one in figure.stages if one.n >= ENOUGH]
    told = " ".join(sentence(one) for one in enough[:2])
    return _shown(
        "times", figure, figure.n, tables.times(figure),
        summary.times(enough, INK) if enough else None,
        told or _("Too few ideas have come so far to say how long it takes."),
    )  # fmt: skip


def _ages(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = ageing(db, actor, choice)
    chart = flow_charts.ageing(figure, INK) if figure.n else None
    return _shown("ages", figure, figure.n, tables.ages(figure), chart)


def _flow(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = stock(db, actor, choice)
    chart = flow_charts.stock(figure, INK) if figure.n else None
    return _shown("flow", figure, figure.n, tables.flow(figure), chart)


def _trend(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = trend(db, actor, choice, choice.stage_id)
    chart = flow_charts.trend(figure, INK) if figure.n else None
    return _shown("trend", figure, figure.n, tables.trend(figure), chart)


def _paths(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = paths(db, actor, choice)
    chart = flow_charts.paths(figure, INK) if figure.n else None
    return _shown("paths", figure, figure.n, tables.paths(figure), chart)


def _waiting(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = waiting.division(db, actor, WaitingChoice.of(choice))
    drawn = any(one.shares.n >= ENOUGH for one in figure.stages)
    chart = waiting_charts.division(figure, INK) if drawn else None
    return _shown("waiting", figure, figure.whole.n, tables.waiting(figure), chart)


def _forecast(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = forecast.of_choice(db, actor, choice)
    if figure.ground != "enough":
        return _shown("forecast", figure, figure.n, Table((), ""), None)
    chart = flow_charts.forecast(figure, INK)
    return _shown("forecast", figure, figure.n, tables.forecast(figure), chart)


def bridge(drawn: Bridge) -> Exhibit:
    """The bridge from one meeting's stock to the next's, with every line that counts anything."""
    return _shown("bridge", drawn, drawn.closing, tables.bridge(drawn),
                  bridge_charts.bridge(drawn, INK))  # fmt: skip


_MADE: Mapping[str, Callable[[Database, Actor, Choice], Exhibit]] = {
    "cohort": _cohort,
    "snapshot": _snapshot,
    "activity": _activity,
    "times": _times,
    "ages": _ages,
    "flow": _flow,
    "trend": _trend,
    "paths": _paths,
    "waiting": _waiting,
    "forecast": _forecast,
}
#: The kinds of figure that documents show.
KINDS = tuple(_MADE)
