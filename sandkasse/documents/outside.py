"""Figures as exhibits for people outside: small numbers hidden, with those that would tell them.

All counts go through :mod:`sandkasse.figures.small_cells`. How far the ideas came, where they are
and how old they are show much the same ideas, so those tables are hidden together, also where only
one of them is asked for; a figure that would still tell what is hidden is left out, and says so.
Sentences and charts are made of shown numbers alone. What has finer parts in the project has
coarser ones here, so that less has to be hidden: those that left are one part, holds and ages are
counted over all stages, and what came in by year.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sandkasse.charts import summary
from sandkasse.charts.flow import BAND_WORDS
from sandkasse.charts.summary import BLUE, GREEN, GREY, PALE, SAND, VIOLET, Part
from sandkasse.database import Database
from sandkasse.documents import inside, published, tables
from sandkasse.documents.exhibit import INK, Cell, Column, Exhibit
from sandkasse.documents.published import Published
from sandkasse.figures import Choice, waiting
from sandkasse.figures.bridge import Bridge
from sandkasse.figures.flow import forecast
from sandkasse.figures.flow.ageing import BANDS
from sandkasse.figures.flow.times import times
from sandkasse.figures.flow.trend import CohortTrend, trend
from sandkasse.figures.sentences import Dated, within
from sandkasse.figures.small_cells import (
    HIDDEN,
    K,
    change_hidden,
    differs_by_small,
    hidden,
    hidden_row,
    shown,
)
from sandkasse.figures.waiting import PARTIES, PARTY_WORDS, WaitingChoice, quantile_text
from sandkasse.i18n import _, date_text, language, number_text, percent_text
from sandkasse.people import Actor


def exhibit(db: Database, actor: Actor, kind: str, choice: Choice) -> Exhibit:
    """A figure as people outside may see it. Errors as for
    :func:`sandkasse.figures.choice.ask`. :raises KeyError: a kind that has no such form."""
    if kind in _PLAIN:
        return _plain(inside.exhibit(db, actor, kind, choice), _PLAIN[kind])
    return _MADE[kind](db, actor, choice, published.read(db, actor, choice))


def _hidden_told() -> str:
    return _(
        "Numbers below {k} are hidden (<{k}), and with them others by which they could be worked "
        "out (…)."
    ).format(k=number_text(K))


def _cohort(_db: Database, _actor: Actor, _choice: Choice, known: Published) -> Exhibit:
    figure, stages = known.funnel, known.funnel.stages
    came, last = known.came, len(stages) - 1
    reached = [known.reached(at) for at in range(len(stages))]
    went_on = [*reached[1:], came.cell(last, 2)]
    n = came.cell(-1, -1)
    names = tuple(one.name.in_(language()) for one in stages)
    columns = (
        Column(_("Stage"), names, "words"),
        Column(_("Reached"), tuple(reached)),
        Column(_("Share of all"), tuple(_share(one, n) for one in reached), "share"),
        Column(_("Went on"), tuple(went_on)),
        Column(_("Still open"), tuple(came.cell(at, 0) for at in range(len(stages)))),
        Column(_("Left"), tuple(came.cell(at, 1) for at in range(len(stages)))),
    )
    parts = [
        Part(_("Went on"), BLUE),
        Part(_("Still open"), SAND),
        Part(_("Left"), GREY),
        Part(_("Hidden"), PALE),
    ]
    counts = [
        _with_rest(
            [_number(went_on[at]), came.known(at, 0), came.known(at, 1)], _number(reached[at])
        )
        for at in range(len(stages))
    ]
    ends = [_end(one, _share(one, n)) for one in reached]
    chart = summary.bars(names, parts, counts, ends, _("Number of ideas"), INK)
    second = _number(reached[1]) if len(reached) > 1 else None
    told = _("{n} ideas have come in.").format(n=_text(n))
    if second is not None:
        told += " " + _("{n} of them have reached {stage} or further.").format(
            n=number_text(second), stage=within(stages[1].name)
        )
    return Exhibit(
        "cohort", told, n, figure.as_of, figure.known_at, columns, chart,
        _("Each idea counts once a stage: reached = went on + still open + left.")
        + " " + _hidden_told(),
    )  # fmt: skip


def _with_rest(parts: list[int | None], whole: int | None) -> list[int | None]:
    """The parts, with what is hidden of a whole that is shown."""
    rest = None if whole is None else whole - sum(part or 0 for part in parts)
    return [*parts, rest]


def _snapshot(_db: Database, _actor: Actor, _choice: Choice, known: Published) -> Exhibit:
    figure, there, doing = known.snapshot, known.there, known.doing
    if "snapshot" in known.held_back:
        return _left_out("snapshot", figure)
    rows = range(len(figure.stages))
    names = tuple(one.name.in_(language()) for one in figure.stages)
    open_ideas, on_hold = there.cell(-1, 0), doing.known(0, 1)
    cells = tuple(there.cell(row, 0) for row in rows)
    columns = (
        Column(_("Stage"), (*names, _("In all")), "words"),
        Column(_("Ideas"), (*cells, open_ideas)),
    )
    told = _("On {day}, {n} ideas are in the journey.").format(
        day=date_text(figure.as_of, "long"), n=_text(open_ideas)
    )
    if on_hold is not None:
        told += " " + _("{n} of them are on hold.").format(n=number_text(on_hold))
    return Exhibit(
        "snapshot", told, open_ideas, figure.as_of, figure.known_at, columns,
        summary.bars(
            names, [Part(_("Ideas"), BLUE)], [[there.known(row, 0)] for row in rows],
            [_text(cell) for cell in cells], _("Number of ideas"), INK,
        ),
        _("Where each idea is at that time; those that have left are not in a stage.")
        + " " + _hidden_told(),
    )  # fmt: skip


def _ages(_db: Database, _actor: Actor, _choice: Choice, known: Published) -> Exhibit:
    figure, ages = known.ageing, known.ages
    if "ages" in known.held_back:
        return _left_out("ages", figure)
    names = [_(BAND_WORDS[band]) for band in BANDS]
    if not tables.knows_all_bands(figure):
        names[-1] = _("Longer than the last band that is known")
    cells = tuple(ages.cell(0, at) for at in range(len(BANDS)))
    n, past = ages.cell(0, -1), ages.known(0, len(BANDS) - 1)
    columns = (
        Column(_("How long in the stage"), (*names, _("In all")), "words"),
        Column(_("Open"), (*cells, n)),
    )
    told = _("{n} ideas are open.").format(n=_text(n))
    if past is not None:
        words = (
            _("{n} of them have been longer in their stage than 95 % were.")
            if tables.knows_all_bands(figure)
            else _("{n} of them have been longer in their stage than the last band that is known.")
        )
        told += " " + words.format(n=number_text(past))
    return Exhibit(
        "ages", told, n, figure.as_of, figure.known_at, columns,
        summary.bars(
            names, [Part(_("Ideas"), BLUE)], [[ages.known(0, at)] for at in range(len(BANDS))],
            [_text(cell) for cell in cells], _("Number of ideas"), INK,
        ),
        _(
            "Age is the sum of an idea's stays in its stage, against the days within which 50, 85 "
            "and 95 % of all who were in the stage had left it."
        )
        + " " + tables.expected_told() + " " + _hidden_told(),
    )  # fmt: skip


def _times(db: Database, actor: Actor, choice: Choice, known: Published) -> Exhibit:
    figure = times(db, actor, choice)
    stages = figure.stages
    enough = [one for one in stages if one.n >= K and known.tells_enough(one.position)]
    quantiles = [(one.half, one.most) if one in enough else (None, None) for one in stages]
    texts = [
        [quantile_text(one) for one in both] if known.tells_enough(stage.position) else [HIDDEN] * 2
        for stage, both in zip(stages, quantiles, strict=True)
    ]
    columns = (
        Column(_("Stage"), tuple(one.name.in_(language()) for one in stages), "words"),
        Column("n", tuple(_beside(known.reached(one.position), one.n) for one in stages)),
        Column(_("Half have gone on after days"),
               tuple(half for half, _most in texts), "words", "text"),
        Column(_("85 % after days"),
               tuple(most for _half, most in texts), "words", "text"),
        Column(_("Half have gone on after days"),
               tuple(half.time if half else None for half, _most in quantiles), "days", "sheet"),
        Column(_("95 % interval, from"),
               tuple(half.low if half else None for half, _most in quantiles), "days", "sheet"),
        Column(_("95 % interval, to"),
               tuple(half.high if half else None for half, _most in quantiles), "days", "sheet"),
        Column(_("85 % after days"),
               tuple(most.time if most else None for _half, most in quantiles), "days", "sheet"),
    )  # fmt: skip
    first = next((one for one in enough if one.half.time is not None), None)
    told = _("Too few ideas have come to tell people outside how long it takes.")
    if first is not None:
        told = _("Half of those who came to {stage} have gone on within {days} days.").format(
            stage=within(first.name), days=quantile_text(first.half)
        )
    return Exhibit(
        "times", told, known.came.cell(-1, -1), figure.as_of, figure.known_at, columns,
        summary.times(enough, INK) if enough else None,
        _(
            "Time runs from first coming to a stage to first coming further, ideas still open "
            "counting for as long as they have been there; 95 % intervals."
        )
        + " " + _hidden_told(),
    )  # fmt: skip


def _beside(reached: Cell, n: int) -> Cell:
    """``n``, unless it is small, hidden beside it, or tells of few that skipped the stage."""
    if not isinstance(reached, int) or 0 < n < K or differs_by_small([reached], [n]):
        return HIDDEN
    return n


def _flow(db: Database, actor: Actor, choice: Choice, known: Published) -> Exhibit:
    # Cohort by cohort, so that the years add up to those that came in.
    return _by_year(trend(db, actor, choice), known)


def _by_year(figure: CohortTrend, known: Published) -> Exhibit:
    by_year: dict[int, int] = {}
    for quarter in figure.quarters:
        year = quarter.first_day.year
        by_year[year] = by_year.get(year, 0) + quarter.n
    years, counts = [str(year) for year in by_year], list(by_year.values())
    n = known.came.known(-1, -1)
    *hides, hide_total = hidden_row(counts)
    # How far ideas came shows the total, or hides it: neither can be otherwise here.
    if n is None or hide_total:
        return _left_out("flow", figure)
    cells: list[Cell] = [
        shown(count, hide) if hide else count for count, hide in zip(counts, hides, strict=True)
    ]
    columns = (
        Column(_("Year"), (*years, _("In all")), "words"),
        Column(_("Came in"), (*cells, n)),
    )
    told = _("{n} ideas have come in.").format(n=_text(n))
    if years:
        told += " " + _("In {year}: {n}.").format(year=years[-1], n=_text(cells[-1]))
    known_counts = [None if hide else count for count, hide in zip(counts, hides, strict=True)]
    return Exhibit(
        "flow", told, n, figure.as_of, figure.known_at, columns,
        summary.columns(
            years, known_counts, [_text(one) for one in cells], _("Ideas that came in"), INK
        ) if years else None,
        _("Ideas by the year in which they came in.") + " " + _hidden_told(), counts="ideas",
    )  # fmt: skip


def _waiting(db: Database, actor: Actor, choice: Choice, known: Published) -> Exhibit:
    figure = waiting.division(db, actor, WaitingChoice.of(choice))
    whole = figure.whole
    enough = whole.n >= K and known.tells_enough(0)
    shares: list[float | None] = [whole.share(party) if enough else None for party in PARTIES]
    words = [_(PARTY_WORDS[party]) for party in PARTIES]
    columns = (
        Column(_("Whose time it was"), tuple(words), "words"),
        Column(_("Share of the days"), tuple(shares), "share"),
    )
    colours = (BLUE, GREEN, VIOLET, SAND, GREY)
    parts = [Part(name, colour) for name, colour in zip(words, colours, strict=True)]
    told = _("Too few ideas have come to tell people outside whose time it was.")
    if enough:
        most = max(range(len(PARTIES)), key=lambda at: shares[at] or 0)
        told = _("Most of the time, {share}, lay with: {party}.").format(
            share=percent_text(shares[most] or 0), party=words[most]
        )
    return Exhibit(
        "waiting", told, _beside(known.came.cell(-1, -1), whole.n), figure.as_of, figure.known_at,
        columns,
        summary.bars((_("In all"),), parts, [shares], [""], "", INK) if enough else None,
        _("Every day of an idea in its journey belongs to whoever owed the next step."),
    )  # fmt: skip


def _forecast(db: Database, actor: Actor, choice: Choice, _known: Published) -> Exhibit:
    """What is to come, where so many have come that their number is shown. The weeks that it draws
    from are left out, and with them the chart, which tells how many came in each."""
    whole = inside.exhibit(db, actor, "forecast", choice)
    figure = forecast.of_choice(db, actor, choice)
    # A forecast speaks of all that ever came: its period plays no part.
    known = published.read(db, actor, replace(choice, since=None, until=None))
    n = known.came.cell(-1, -1)
    if figure.ground == "enough" and known.reached(figure.stage.position) == figure.so_far >= K:
        return replace(whole, n=n, chart=None, definition=f"{whole.definition} {_hidden_told()}")
    return replace(
        whole, n=n, columns=(), chart=None, definition=_hidden_told(),
        sentence=_("Too few ideas have come to {stage} to tell people outside what is to come.")
        .format(stage=within(figure.stage.name)),
    )  # fmt: skip


def bridge(drawn: Bridge, before: Published, known: Published) -> Exhibit:
    """The bridge in four lines from what was known outside ``before``; only that it is left out,
    and why, where it would tell a stock that the snapshot hides, or of a small change: the two
    stocks are published, so their difference is."""
    published_too = (before.open_now, known.open_now) == (drawn.opening, drawn.closing)
    if not published_too or differs_by_small([drawn.opening], [drawn.closing]):
        return _left_out("bridge", drawn)
    came = sum(one.n for one in drawn.lines if one.sign > 0)
    went = sum(one.n for one in drawn.lines if one.sign < 0)
    hide = change_hidden(came, went)
    whole = inside.bridge(drawn)
    words = whole.columns[0].cells
    names = (str(words[0]), _("Came"), _("Went"), str(words[-1]))
    cells: tuple[Cell, ...] = (
        drawn.opening,
        shown(came, hide) if hide else came,
        shown(went, hide) if hide else went,
        drawn.closing,
    )
    columns = (Column(_("Line"), names, "words"), Column(_("Ideas"), cells))
    told = _("From {opening} open ideas on {first} to {closing} on {last}.").format(
        opening=number_text(drawn.opening), first=date_text(drawn.opened_at),
        closing=number_text(drawn.closing), last=date_text(drawn.as_of),
    )  # fmt: skip
    return replace(
        whole, sentence=told, columns=columns,
        chart=summary.bars(
            names, [Part(_("Ideas"), BLUE)], [[_number(cell)] for cell in cells],
            [_text(cell) for cell in cells], _("Open ideas"), INK,
        ),
        definition=_hidden_told(),
    )  # fmt: skip


def _left_out(kind: str, figure: Dated) -> Exhibit:
    told = _(
        "This figure is left out here: with numbers beside it or in an earlier paper, it would "
        "tell of fewer than {k} ideas. The papers for the project have it."
    ).format(k=number_text(K))
    return Exhibit(kind, told, HIDDEN, figure.as_of, figure.known_at, (), None, counts="ideas")


#: Figures that are tables of counts as they stand: which columns, and which of them is the total.
_PLAIN: Mapping[str, tuple[tuple[int, ...], int | None]] = {
    "activity": ((1, 2, 3, 4, 5), None),
    "trend": ((2, 3, 4), 1),
    "paths": ((1, 2), None),
}


def _plain(whole: Exhibit, places: tuple[tuple[int, ...], int | None]) -> Exhibit:
    """A table with its small counts hidden, and its chart only where nothing is."""
    parts, total = places
    table = [
        [int(whole.columns[at].cells[row] or 0) for at in parts]
        for row in range(len(whole.columns[0].cells))
    ]
    hides = hidden(table)
    columns = list(whole.columns)
    for place, at in enumerate([*parts, *([] if total is None else [total])]):
        last = at == total
        columns[at] = replace(
            whole.columns[at],
            cells=tuple(
                shown(int(cell or 0), line[-1 if last else place], total=last)
                if line[-1 if last else place]
                else cell
                for cell, line in zip(whole.columns[at].cells, hides[:-1], strict=True)
            ),
        )
    anything = any(any(line) for line in hides)
    n = sum(map(sum, table)) if total is not None else 0
    return replace(
        whole, columns=tuple(columns), chart=None if anything else whole.chart,
        n=HIDDEN if total is None or hides[-1][-1] else n,
        sentence=_("Figures as a table; the chart would show numbers that are hidden.")
        if anything else whole.sentence,
        definition=f"{whole.definition} {_hidden_told()}",
    )  # fmt: skip


def _share(part: Cell, whole: Cell) -> Cell:
    if not isinstance(part, int) or not isinstance(whole, int) or not whole:
        return "–"
    return part / whole


def _number(cell: Cell) -> int | None:
    return cell if isinstance(cell, int) else None


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else number_text(cell or 0)


def _end(cell: Cell, share: Cell) -> str:
    told = _text(cell)
    return told if share is None or isinstance(share, str) else f"{told} · {percent_text(share)}"


_Maker = Callable[[Database, Actor, Choice, Published], Exhibit]
_MADE: Mapping[str, _Maker] = {
    "cohort": _cohort,
    "snapshot": _snapshot,
    "times": _times,
    "ages": _ages,
    "flow": _flow,
    "waiting": _waiting,
    "forecast": _forecast,
}
