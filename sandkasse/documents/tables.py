"""The tables of the figures: their columns and what they mean, once for screens and documents."""

from collections.abc import Mapping

from sandkasse import clock
from sandkasse.charts import bridge as bridge_charts
from sandkasse.charts.flow import CONDITION_WORDS
from sandkasse.documents.exhibit import Cell, Column, Table
from sandkasse.figures import ENOUGH, Activity, CohortFunnel, Snapshot, StageCount, share_text
from sandkasse.figures.bridge import Bridge
from sandkasse.figures.flow.ageing import ENOUGH_LEFT, Ageing, StageAges
from sandkasse.figures.flow.forecast import CHANCES, Forecast
from sandkasse.figures.flow.paths import Path, Paths
from sandkasse.figures.flow.sentences import bands_text, place_text
from sandkasse.figures.flow.stock import Stock
from sandkasse.figures.flow.times import StageTimes, Times
from sandkasse.figures.flow.trend import CohortTrend, Quarter
from sandkasse.figures.waiting import PARTIES, PARTY_WORDS, Division, days_of, quantile_text
from sandkasse.i18n import (
    _,
    date_text,
    language,
    ngettext_,
    number_text,
    percent_text,
    quarter_text,
)
from sandkasse.journeys import Journey, Text
from sandkasse.terms import Calendar


def _places(names: list[Text]) -> Column:
    return Column(_("Stage"), tuple(name.in_(language()) for name in names), "words")


def cohort(figure: CohortFunnel) -> Table:
    """How far the ideas of a cohort came, a row a stage."""
    stages = figure.stages
    bounds = [stage.interval or (None, None) for stage in stages]
    share = _("Share of the previous stage")
    return Table(
        (
            _places([one.name for one in stages]),
            Column(_("Reached"), tuple(one.reached for one in stages)),
            Column(share, tuple(map(share_text, stages)), "words", "text"),
            Column(share, tuple(_enough(one) for one in stages), "share", "sheet"),
            Column(_("95 % interval, from"), tuple(low for low, _high in bounds), "share", "sheet"),
            Column(_("95 % interval, to"), tuple(high for _low, high in bounds), "share", "sheet"),
            Column(_("Went on"), tuple(one.advanced for one in stages)),
            Column(_("Still open"), tuple(one.open for one in stages)),
            Column(_("Left"), tuple(sum(one.left.values()) for one in stages)),
        ),
        _("The cohort funnel as a table"),
        _(
            "Each idea counts once a stage: reached = went on + still open + left. Shares are "
            "given as n/N with a 95 % Wilson interval."
        ),
    )


def _enough(stage: StageCount) -> float | None:
    return stage.share_of_previous if (stage.previous or 0) >= ENOUGH else None


def snapshot(figure: Snapshot) -> Table:
    """What is where, a row a stage."""
    return Table(
        (
            _places([one.name for one in figure.stages]),
            Column(_("Active"), tuple(one.active for one in figure.stages)),
            Column(_("On hold"), tuple(one.on_hold for one in figure.stages)),
        ),
        _("What is where, as a table"),
        _("Where each idea is at that time; those that have left are not in a stage."),
    )


def activity(figure: Activity) -> Table:
    """What moved, a row a stage."""
    stages = figure.stages
    return Table(
        (
            _places([one.name for one in stages]),
            Column(_("Came to it"), tuple(one.entered for one in stages)),
            Column(_("Went on"), tuple(one.forward for one in stages)),
            Column(_("Went back"), tuple(one.back for one in stages)),
            Column(_("Left"), tuple(sum(one.left.values()) for one in stages)),
            Column(_("Reopened"), tuple(one.reopened for one in stages)),
        ),
        _("What moved, as a table"),
        _(
            "Every move in the period counts, so an idea can count more than once. Coming to a "
            "stage, whether from outside or from another stage, counts there."
        ),
    )


def times(figure: Times) -> Table:
    """How long each stage takes, a row a stage."""
    stages = figure.stages
    half, most = _("Half have gone on after days"), _("85 % after days")
    return Table(
        (
            _places([one.name for one in stages]),
            *_endings(stages),
            Column(half, tuple(quantile_text(one.half) for one in stages), "words", "text"),
            Column(most, tuple(quantile_text(one.most) for one in stages), "words", "text"),
            Column(half, tuple(one.half.time for one in stages), "days", "sheet"),
            Column(_("95 % interval, from"), tuple(one.half.low for one in stages), "days",
                   "sheet"),
            Column(_("95 % interval, to"), tuple(one.half.high for one in stages), "days",
                   "sheet"),
            Column(most, tuple(one.most.time for one in stages), "days", "sheet"),
        ),
        _("How long each stage takes, as a table"),
        _(
            "Aalen–Johansen curves: going on and each way out compete, and ideas still open count "
            "for as long as they have been there. Time runs from first coming to a stage to first "
            "coming further; 95 % intervals. An idea that skipped a stage has no time there."
        ),
    )  # fmt: skip


def times_by(figure: Mapping[str, StageTimes], heading: str, names: Mapping[str, str]) -> Table:
    """A stage's times of each level or theme, a row each, under what they are called."""
    stages = tuple(figure.values())
    halves = (quantile_text(one.half if one.n >= ENOUGH else None) for one in stages)
    return Table(
        (
            Column(heading, tuple(names[group] for group in figure), "words"),
            *_endings(stages),
            Column(_("Half have gone on after days"), tuple(halves), "words"),
        ),
        _("The stage's times side by side, as a table"),
    )


def _endings(stages: tuple[StageTimes, ...]) -> tuple[Column, ...]:
    return (
        Column("n", tuple(one.n for one in stages)),
        Column(_("Went on"), tuple(one.advanced for one in stages)),
        Column(_("Left"), tuple(sum(one.left.values()) for one in stages)),
        Column(_("Still there"), tuple(one.open for one in stages)),
    )


_BANDS = {"within_50": "≤ 50 %", "within_85": "≤ 85 %", "within_95": "≤ 95 %", "past": "> 95 %"}


def knows_all_bands(figure: Ageing) -> bool:
    """Whether all three bands are known wherever ideas are open, so that what is past the last is
    longer than 95 % were in the stage."""
    return all(None not in one.bands.days for one in figure.stages if one.n)


def expected_told() -> str:
    """What stands in for bands that are not known."""
    return _(
        "Until {n} have left a stage, the journey's expected days stand in for its 85 %."
    ).format(n=number_text(ENOUGH_LEFT))


def ages(figure: Ageing) -> Table:
    """How old the open ideas are, a row a stage."""
    stages = figure.stages
    days = list(zip(*(one.bands.days for one in stages), strict=True))
    bands = dict(_BANDS)
    if not knows_all_bands(figure):
        bands["past"] = _("Longer than the last band")
    return Table(
        (
            _places([one.bands.name for one in stages]),
            Column(_("Open"), tuple(one.n for one in stages)),
            Column(_("50, 85 and 95 % within"), tuple(map(bands_text, stages)), "words", "text"),
            Column(_("The bands rest on"), tuple(map(_ground, stages)), "words", "screen"),
            *(
                Column(_("{share} within days").format(share=share), column, "days", "sheet")
                for share, column in zip(("50 %", "85 %", "95 %"), days, strict=True)
            ),
            *(
                Column(words, tuple(one.by_band[band] for one in stages))
                for band, words in bands.items()
            ),
            *(
                Column(_(words), tuple(one.by_condition[key] for one in stages), "count", "sheet")
                for key, words in CONDITION_WORDS.items()
            ),
            Column(_("Again"), tuple(one.again for one in stages)),
        ),
        _("The ages as a table"),
        _(
            "Age is the sum of an idea's stays in its stage. The bands are the days within which "
            "50, 85 and 95 % of all who were in the stage had left it, those still there censored. "
            "Stale: the ball has been in the same hands for 60 days, and not in an agency's."
        )
        + " " + expected_told(),
        _(
            "A larger mark is several ideas of much the same age, a diamond those in their stage "
            "again."
        ),
    )  # fmt: skip


def _ground(one: StageAges) -> str:
    if one.bands.source == "observed":
        return ngettext_("{n} that has left", "{n} that have left", one.bands.left).format(
            n=number_text(one.bands.left)
        )
    return _("expected days") if one.bands.source == "expected" else _("too few have left")


def flow(figure: Stock) -> Table:
    """What came and went, a row a period, the latest first; nothing where nothing moved."""
    columns: tuple[Column, ...] = ()
    if figure.n:
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
    return Table(
        columns,
        _("What came and went, as a table"),
        _(
            "Each area is what was in a stage, or had left, at the end of a period: the height of "
            "all is what had come in by then. A step forward, back or out counts each time."
        ),
    )


def trend(figure: CohortTrend) -> Table:
    """Cohort by cohort, a row a quarter in which any came in."""
    quarters = [one for one in figure.quarters if one.n]
    return Table(
        (
            Column(_("Quarter"), tuple(quarter_text(one.first_day) for one in quarters), "words"),
            Column("n", tuple(one.n for one in quarters)),
            Column(_("Reached it"), tuple(one.reached for one in quarters)),
            Column(_("Still on the way"), tuple(one.open for one in quarters)),
            Column(_("Left before"), tuple(one.left for one in quarters)),
            Column(_("Share that reached it"), tuple(map(_share, quarters)), "words", "screen"),
        ),
        _("The cohorts as a table"),
        _(
            "Hatched: those still on their way, who may reach it yet. A cohort is settled when "
            "none is left. Shares with 95 % Wilson intervals."
        ),
    )


def _share(one: Quarter) -> str:
    if one.n < ENOUGH or one.interval is None:
        return "–"
    low, high = one.interval
    share = percent_text(one.reached / one.n)
    return f"{share} ({number_text(low * 100)}–{percent_text(high)})"


def paths(figure: Paths) -> Table:
    """The ways that ideas took between stages, a row each, the busiest first."""
    return Table(
        (
            Column(
                _("Path"), tuple(path_name(figure.journey, one) for one in figure.paths), "words"
            ),
            Column(_("Moves"), tuple(one.n for one in figure.paths)),
            Column(_("Ideas"), tuple(one.ideas for one in figure.paths)),
        ),
        _("The paths as a table"),
        _("Every move in the period counts, so an idea can count more than once.")
        + " "
        + _(
            "The wider, the more steps. Arcs above the line go forward, those below it go back. "
            "Strokes down from a stage are exits, one for each way out."
        ),
    )


def path_name(journey: Journey, one: Path) -> str:
    """What a way between two stages, or out of one, is called."""
    return _("{origin} → {target}").format(
        origin=place_text(journey, one.origin), target=place_text(journey, one.target)
    )


def waiting(figure: Division) -> Table:
    """Whose time it was, a row a stage and one for all."""
    rows = [(one.name.in_(language()), one.shares) for one in figure.stages]
    rows.append((_("In all"), figure.whole))
    columns = [
        Column(_("Stage"), tuple(name for name, _shares in rows), "words"),
        Column(_("Ideas"), tuple(shares.n for _name, shares in rows)),
        Column(_("Days"), tuple(round(shares.total) for _name, shares in rows)),
    ]
    for party in PARTIES:
        texts: tuple[Cell, ...] = tuple(days_of(shares, party) for _name, shares in rows)
        days: tuple[Cell, ...] = tuple(round(shares.days[party], 1) for _name, shares in rows)
        # Whoever owed nothing takes no room where people read; a sheet keeps all its columns.
        if figure.whole.days[party]:
            columns.append(Column(_(PARTY_WORDS[party]), texts, "words", "text"))
        columns.append(Column(_(PARTY_WORDS[party]), days, "days", "sheet"))
    return Table(
        tuple(columns),
        _("Whose time it was, as a table"),
        _(
            "Every day of an idea in its journey belongs to whoever owed the next step, so the "
            "days add up to the time that has passed. Days on which several agencies had the idea "
            "count once. A period counts only the days within it. With fewer than {n} ideas, days "
            "are given and no shares."
        ).format(n=ENOUGH),
    )


def forecast(figure: Forecast, calendar: Calendar | None = None) -> Table:
    """What is to come, a row a certainty; with a calendar, in its study weeks as well."""
    test = figure.back_test
    days = [figure.when.get(chance) for chance in CHANCES]
    today = clock.local(figure.as_of).date()
    weeks = [
        None if day is None or calendar is None else calendar.study_weeks(today, day)
        for day in days
    ]
    told = _(
        "{trials} trials, each drawing four weeks in a row from how many came in "
        "each of the last {weeks} weeks. The weeks ahead are taken to be like those behind. "
    )
    told += (
        _(
            "Kept its word: of {n} forecasts made {ahead} weeks ahead at earlier times, those in "
            "which at least so many did come. Near the certainty is right; more is too careful."
        )
        if test.n
        else _("There is too little before this to test it against.")
    )
    told += " " + _("The seed {seed} gives the same trials again.")
    return Table(
        (
            Column(_("Certainty"), tuple(map(percent_text, CHANCES)), "words"),
            Column(_("Ideas by {day}, at least").format(day=date_text(figure.by)),
                   tuple(figure.at_least.get(chance) for chance in CHANCES)),
            Column(ngettext_("{n} idea by", "{n} ideas by", figure.target).format(
                       n=number_text(figure.target)),
                   tuple(date_text(day) if day else _("not within five years") for day in days),
                   "words"),
            *(() if calendar is None else (
                Column(_("In study weeks"),
                       tuple("–" if one is None else number_text(one, 1) for one in weeks),
                       "words"),
            )),
            Column(_("Kept its word before"), tuple(
                f"{number_text(test.kept[chance])}/{number_text(test.n)}" if test.n else "–"
                for chance in CHANCES
            ), "words"),
        ),
        _("The forecast as a table"),
        told.format(
            trials=number_text(figure.trials), seed=figure.seed,
            weeks=number_text(len(figure.weekly)), n=number_text(test.n), ahead=test.weeks_ahead,
        ),
    )  # fmt: skip


def bridge(drawn: Bridge) -> Table:
    """The bridge from one stock to the next, a row a line that counts anything."""
    words = tuple(bridge_charts.bars(drawn).values())
    changes = [one.sign * one.n for one in drawn.lines if one.n]
    told = [bridge_charts.signed(change) for change in changes]
    texts = (number_text(drawn.opening), *told, number_text(drawn.closing))
    return Table(
        (
            Column(_("Line"), words, "words"),
            Column(_("Ideas"), texts, "words", "text"),
            Column(_("Ideas"), (drawn.opening, *changes, drawn.closing), "count", "sheet"),
        ),
        _("The bridge as a table"),
        _("The first number, with all that is added and taken away, is always the last."),
    )
