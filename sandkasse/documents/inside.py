"""Figures as exhibits for the project: every number."""

from collections.abc import Callable, Mapping

from sandkasse.charts import bridge as bridge_charts
from sandkasse.charts import flow as flow_charts
from sandkasse.charts import funnel as charts
from sandkasse.charts import summary
from sandkasse.charts import waiting as waiting_charts
from sandkasse.database import Database
from sandkasse.documents.exhibit import INK, Cell, Column, Exhibit
from sandkasse.figures import (
    ENOUGH,
    Choice,
    StageCount,
    activity,
    activity_series,
    cohort,
    sentence,
    share_text,
    snapshot,
    waiting,
)
from sandkasse.figures.bridge import Bridge
from sandkasse.figures.flow.ageing import ageing
from sandkasse.figures.flow.paths import paths
from sandkasse.figures.flow.sentences import bands_text, place_text
from sandkasse.figures.flow.stock import stock
from sandkasse.figures.flow.times import times
from sandkasse.figures.flow.trend import trend
from sandkasse.figures.waiting import PARTIES, PARTY_WORDS, WaitingChoice, days_of, quantile_text
from sandkasse.i18n import (
    _,
    date_text,
    language,
    number_text,
    quarter_text,
)
from sandkasse.people import Actor


def exhibit(db: Database, actor: Actor, kind: str, choice: Choice) -> Exhibit:
    """A figure with every number. Errors as for :func:`sandkasse.figures.choice.ask`.

    :raises KeyError: a kind that :data:`KINDS` does not have.
    """
    return _MADE[kind](db, actor, choice)


def _cohort(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = cohort(db, actor, choice)
    stages = figure.stages
    bounds = [stage.interval or (None, None) for stage in stages]
    columns = (
        Column(_("Stage"), tuple(one.name.in_(language()) for one in stages), "words"),
        Column(_("Reached"), tuple(one.reached for one in stages)),
        Column(_("Share of the previous stage"), tuple(map(share_text, stages)), "words", "text"),
        Column(
            _("Share of the previous stage"), tuple(_enough(one) for one in stages), "share",
            "sheet",
        ),
        Column(_("95 % interval, from"), tuple(low for low, _high in bounds), "share", "sheet"),
        Column(_("95 % interval, to"), tuple(high for _low, high in bounds), "share", "sheet"),
        Column(_("Went on"), tuple(one.advanced for one in stages)),
        Column(_("Still open"), tuple(one.open for one in stages)),
        Column(_("Left"), tuple(sum(one.left.values()) for one in stages)),
    )  # fmt: skip
    return Exhibit(
        "cohort", sentence(figure), figure.n, figure.as_of, figure.known_at, columns,
        charts.cohort(figure, INK) if figure.n else None,
        _(
            "Each idea counts once a stage: reached = went on + still open + left. Shares are "
            "given as n/N with a 95 % Wilson interval."
        ),
    )  # fmt: skip


def _enough(stage: StageCount) -> float | None:
    return stage.share_of_previous if (stage.previous or 0) >= ENOUGH else None


def _snapshot(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = snapshot(db, actor, choice)
    columns = (
        Column(_("Stage"), tuple(one.name.in_(language()) for one in figure.stages), "words"),
        Column(_("Active"), tuple(one.active for one in figure.stages)),
        Column(_("On hold"), tuple(one.on_hold for one in figure.stages)),
    )
    return Exhibit(
        "snapshot", sentence(figure), figure.n, figure.as_of, figure.known_at, columns,
        charts.snapshot(figure, INK) if figure.open else None,
        _("Where each idea is at that time; those that have left are not in a stage."),
    )  # fmt: skip


def _activity(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = activity(db, actor, choice)
    stages = figure.stages
    columns = (
        Column(_("Stage"), tuple(one.name.in_(language()) for one in stages), "words"),
        Column(_("Came in"), tuple(one.entered for one in stages)),
        Column(_("Went on"), tuple(one.forward for one in stages)),
        Column(_("Went back"), tuple(one.back for one in stages)),
        Column(_("Left"), tuple(sum(one.left.values()) for one in stages)),
        Column(_("Reopened"), tuple(one.reopened for one in stages)),
    )
    chart = charts.activity(activity_series(db, actor, choice, "month"), INK) if figure.n else None
    return Exhibit(
        "activity", sentence(figure), figure.n, figure.as_of, figure.known_at, columns, chart,
        _("Every move in the period counts, so an idea can count more than once."),
    )  # fmt: skip


def _times(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = times(db, actor, choice)
    stages = figure.stages
    columns = (
        Column(_("Stage"), tuple(one.name.in_(language()) for one in stages), "words"),
        Column("n", tuple(one.n for one in stages)),
        Column(_("Went on"), tuple(one.advanced for one in stages)),
        Column(_("Left"), tuple(sum(one.left.values()) for one in stages)),
        Column(_("Still there"), tuple(one.open for one in stages)),
        Column(_("Half have gone on after days"), tuple(quantile_text(one.half) for one in stages),
               "words", "text"),
        Column(_("85 % after days"), tuple(quantile_text(one.most) for one in stages),
               "words", "text"),
        Column(_("Half have gone on after days"), tuple(one.half.time for one in stages),
               "days", "sheet"),
        Column(_("95 % interval, from"), tuple(one.half.low for one in stages), "days", "sheet"),
        Column(_("95 % interval, to"), tuple(one.half.high for one in stages), "days", "sheet"),
        Column(_("85 % after days"), tuple(one.most.time for one in stages), "days", "sheet"),
    )  # fmt: skip
    enough = [one for one in stages if one.n >= ENOUGH]
    told = " ".join(sentence(one) for one in enough[:2])
    return Exhibit(
        "times", told or _("Too few ideas have come so far to say how long it takes."), figure.n,
        figure.as_of, figure.known_at, columns, summary.times(enough, INK) if enough else None,
        _(
            "Aalen–Johansen curves: going on and each way out compete, and ideas still open count "
            "for as long as they have been there. Time runs from first coming to a stage to first "
            "coming further; 95 % intervals. An idea that skipped a stage has no time there."
        ),
    )  # fmt: skip


def _ages(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = ageing(db, actor, choice)
    stages = figure.stages
    short = {"within_50": "≤ 50 %", "within_85": "≤ 85 %", "within_95": "≤ 95 %", "past": "> 95 %"}
    days = list(zip(*(one.bands.days for one in stages), strict=True))
    columns = (
        Column(_("Stage"), tuple(one.bands.name.in_(language()) for one in stages), "words"),
        Column(_("Open"), tuple(one.n for one in stages)),
        Column(_("50, 85 and 95 % within"), tuple(map(bands_text, stages)), "words", "text"),
        *(
            Column(_("{share} within days").format(share=share), column, "days", "sheet")
            for share, column in zip(("50 %", "85 %", "95 %"), days, strict=True)
        ),
        *(
            Column(words, tuple(one.by_band[band] for one in stages))
            for band, words in short.items()
        ),
        *(
            Column(_(words), tuple(one.by_condition[key] for one in stages), "count", "sheet")
            for key, words in flow_charts.CONDITION_WORDS.items()
        ),
        Column(_("Again"), tuple(one.again for one in stages)),
    )
    return Exhibit(
        "ages", sentence(figure), figure.n, figure.as_of, figure.known_at, columns,
        flow_charts.ageing(figure, INK) if figure.n else None,
        _(
            "Age is the sum of an idea's stays in its stage. The bands are the days within which "
            "50, 85 and 95 % of all who were in the stage had left it, those still there censored. "
            "Stale: nothing has happened for 60 days, and no agency has the ball."
        ),
    )  # fmt: skip


def _flow(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = stock(db, actor, choice)
    if not figure.n:
        columns: tuple[Column, ...] = ()
        chart = None
    else:
        latest = figure.periods.iloc[::-1]
        there = latest[[stage.id for stage in figure.journey.stages]].sum(axis=1)
        counted = {
            _("In the journey at its end"): there, _("Came in"): latest["entered"],
            _("Went on"): latest["forward"], _("Went back"): latest["back"],
            _("Completed"): latest["completed_now"], _("Left otherwise"): latest["left_now"],
            _("Reopened"): latest["reopened"],
        }  # fmt: skip
        begins = tuple(date_text(day.date()) for day in latest["period"])
        columns = (
            Column(_("Period that begins"), begins, "words"),
            *(Column(words, tuple(map(int, cells))) for words, cells in counted.items()),
        )
        chart = flow_charts.stock(figure, INK)
    return Exhibit(
        "flow", sentence(figure), figure.n, figure.as_of, figure.known_at, columns, chart,
        _("What was in the journey at the end of each month, and what came and went in it."),
    )  # fmt: skip


def _trend(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = trend(db, actor, choice)
    quarters = [one for one in figure.quarters if one.n]
    columns = (
        Column(_("Quarter"), tuple(quarter_text(one.first_day) for one in quarters), "words"),
        Column("n", tuple(one.n for one in quarters)),
        Column(_("Reached it"), tuple(one.reached for one in quarters)),
        Column(_("Still on the way"), tuple(one.open for one in quarters)),
        Column(_("Left before"), tuple(one.left for one in quarters)),
    )
    return Exhibit(
        "trend", sentence(figure), figure.n, figure.as_of, figure.known_at, columns,
        flow_charts.trend(figure, INK) if figure.n else None,
        _(
            "Hatched: those still on their way, who may reach it yet. A cohort is settled when "
            "none is left. Shares with 95 % Wilson intervals."
        ),
    )  # fmt: skip


def _paths(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = paths(db, actor, choice)
    named = tuple(
        _("{origin} → {target}").format(
            origin=place_text(figure.journey, one.origin),
            target=place_text(figure.journey, one.target),
        )
        for one in figure.paths
    )
    columns = (
        Column(_("Path"), named, "words"),
        Column(_("Moves"), tuple(one.n for one in figure.paths)),
        Column(_("Ideas"), tuple(one.ideas for one in figure.paths)),
    )
    return Exhibit(
        "paths", sentence(figure), figure.n, figure.as_of, figure.known_at, columns,
        flow_charts.paths(figure, INK) if figure.n else None,
        _("Every move in the period counts, so an idea can count more than once."),
    )  # fmt: skip


def _waiting(db: Database, actor: Actor, choice: Choice) -> Exhibit:
    figure = waiting.division(db, actor, WaitingChoice(**vars(choice)))
    rows = [(one.name.in_(language()), one.shares) for one in figure.stages]
    rows.append((_("In all"), figure.whole))
    columns: list[Column] = [
        Column(_("Stage"), tuple(name for name, _shares in rows), "words"),
        Column(_("Ideas"), tuple(shares.n for _name, shares in rows)),
        Column(_("Days"), tuple(round(shares.total) for _name, shares in rows)),
    ]
    for party in PARTIES:
        texts: tuple[Cell, ...] = tuple(days_of(shares, party) for _name, shares in rows)
        days: tuple[Cell, ...] = tuple(round(shares.days[party], 1) for _name, shares in rows)
        columns += [
            Column(_(PARTY_WORDS[party]), texts, "words", "text"),
            Column(_(PARTY_WORDS[party]), days, "days", "sheet"),
        ]
    drawn = any(one.shares.n >= ENOUGH for one in figure.stages)
    return Exhibit(
        "waiting", sentence(figure), figure.whole.n, figure.as_of, figure.known_at, tuple(columns),
        waiting_charts.division(figure, INK) if drawn else None,
        _(
            "Every day of an idea in its journey belongs to whoever owed the next step, so the "
            "days add up to the time that has passed. Days on which several agencies had the idea "
            "count once. A period counts only the days within it. With fewer than {n} ideas, days "
            "are given and no shares."
        ).format(n=ENOUGH),
    )  # fmt: skip


def bridge(drawn: Bridge) -> Exhibit:
    """The bridge from one meeting's stock to the next's, with every line that counts anything."""
    words = tuple(bridge_charts.bars(drawn).values())
    changes = [one.sign * one.n for one in drawn.lines if one.n]
    told = [bridge_charts.signed(change) for change in changes]
    columns = (
        Column(_("Line"), words, "words"),
        Column(
            _("Ideas"), (number_text(drawn.opening), *told, number_text(drawn.closing)), "words",
            "text",
        ),
        Column(_("Ideas"), (drawn.opening, *changes, drawn.closing), "count", "sheet"),
    )  # fmt: skip
    return Exhibit(
        "bridge", sentence(drawn), drawn.closing, drawn.as_of, drawn.known_at, columns,
        bridge_charts.bridge(drawn, INK),
        _("The first number, with all that is added and taken away, is always the last."),
    )  # fmt: skip


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
}
#: The kinds of figure that documents show.
KINDS = tuple(_MADE)
