"""Results as tables of plain text."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandkasse.application import KIND_NAMES as STEP_NAMES
from sandkasse.application import Kind
from sandkasse.exchange import ImportReport, RecruitmentReport, TouchpointReport
from sandkasse.figures.statistics import Quantile
from sandkasse.figures.waiting import PARTIES, PARTY_WORDS, quantile_text
from sandkasse.i18n import _, ngettext_, number_text, percent_text, time_text

if TYPE_CHECKING:
    from sandkasse.doctor import Finding

_GAP = "  "


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> str:
    """Columns under their headings: the first ``words`` to the left, the others to the right."""
    lines = [list(headings), *map(list, rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    return "\n".join(
        _GAP.join(
            cell.ljust(width) if place < words else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def funnel(result: Mapping[str, Any]) -> str:
    """The funnel with its sentence, and when and of how many it speaks."""
    figure = result["figure"]
    headings = (
        _("Stage"), _("Reached"), _("Advanced"), _("Left"), _("Open"), _("Of first"),
        _("Of previous"), _("95 % interval"), _("Median days to advance"),
    )  # fmt: skip
    rows = [_stage(stage, result["names"]) for stage in figure["stages"]]
    as_of, known_at = (
        time_text(datetime.fromisoformat(figure[name])) for name in ("as_of", "known_at")
    )
    return "\n".join(
        (
            result["title"],
            _("Cohort of {n} ideas, as of {as_of}, as known at {known_at}").format(
                n=number_text(figure["n"]), as_of=as_of, known_at=known_at
            ),
            "",
            table(headings, rows),
            "",
            result["sentence"],
        )
    )


def findings(found: "Sequence[Finding]") -> str:
    """What the doctor found, the worst last, so that it is what one sees."""
    words = {"fine": _("in order"), "look": _("look at"), "wrong": _("WRONG")}
    width = max(map(len, words.values()))
    lines = []
    for one in sorted(found, key=lambda one: list(words).index(one.state)):
        lines.append(f"{words[one.state].ljust(width)}  {one.told}")
        if one.advice:
            lines.append(f"{' ' * width}  {one.advice}")
    wrong = sum(one.state == "wrong" for one in found)
    lines.append("")
    lines.append(
        ngettext_("{n} thing is wrong.", "{n} things are wrong.", wrong).format(
            n=number_text(wrong)
        )
        if wrong
        else _("Nothing is wrong.")
    )
    return "\n".join(lines)


def _stage(stage: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    median = stage["median_days_to_advance"]
    interval = stage["interval"]
    return (
        names[stage["stage"]],
        number_text(stage["reached"]),
        number_text(stage["advanced"]),
        number_text(sum(stage["left"].values())),
        number_text(stage["open"]),
        _share(stage["share_of_first"]),
        _share(stage["share_of_previous"]),
        "" if interval is None else "–".join(percent_text(end) for end in interval),
        "" if median is None else number_text(median, 1),
    )


def _share(share: float | None) -> str:
    return "" if share is None else percent_text(share)


def waiting(result: Mapping[str, Any]) -> str:
    """Whose the days are by stage, how long each agency takes, and both in sentences."""
    figure, names = result["figure"], result["names"]
    as_of, known_at = (
        time_text(datetime.fromisoformat(figure[name])) for name in ("as_of", "known_at")
    )
    said = _("As of {as_of}, as known at {known_at}").format(as_of=as_of, known_at=known_at)
    tables = [_divided(figure["division"], names)]
    if figure["agencies"]:
        tables.append(_agencies(figure["agencies"], names))
    return "\n\n".join((said, *tables, "\n".join(result["sentences"])))


def _divided(division: Mapping[str, Any], names: Mapping[str, str]) -> str:
    headings = (_("Stage"), _("Ideas"), _("Days"), *(_(PARTY_WORDS[one]) for one in PARTIES))
    rows = [
        _days(names[f"{one['journey']} {one['stage']}"], one)
        for one in division["stages"]
        if one["n"]
    ]
    return table(headings, [*rows, _days(_("In all"), division)])


def _agencies(agencies: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    headings = (
        _("Agency"), _("Matters"), _("Answered"), _("Unanswered"),
        _("Closed without a decision"), _("Questions"), _("Half within days"),
        _("85 % within days"), _("Longest open, days"),
    )  # fmt: skip
    return table(headings, [_agency(names[one["agency"]], one) for one in agencies])


def _days(name: str, shares: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        name,
        number_text(shares["n"]),
        number_text(shares["days"]),
        *(_share(shares["parties"][party]["share"]) for party in PARTIES),
    )


def _agency(name: str, waits: Mapping[str, Any]) -> tuple[str, ...]:
    longest = waits["longest_open_days"]
    return (
        name,
        *(number_text(waits[part]) for part in ("n", "answered", "open", "withdrawn", "questions")),
        _quantile(waits["median_days"]),
        _quantile(waits["days_for_85_percent"]),
        "" if longest is None else number_text(int(longest)),
    )


def _quantile(told: Mapping[str, Any] | None) -> str:
    return quantile_text(None if told is None else Quantile(*told.values()))


def journeys(result: Mapping[str, Any]) -> str:
    """Each journey by its id."""
    return table(
        (_("Id"), _("Name"), _("Stages"), _("Ideas")),
        [
            (
                journey["id"],
                journey["name"],
                number_text(len(journey["stages"])),
                number_text(journey["ideas"]),
            )
            for journey in result["journeys"]
        ],
        words=2,
    )


def imported(report: ImportReport | TouchpointReport | RecruitmentReport) -> str:
    """What a load did, a line for each thing that it did."""
    counted = (
        *_of_units(report),
        (report.rows_added, ngettext_("{n} row added", "{n} rows added", report.rows_added)),
        (
            report.rows_known,
            ngettext_("{n} row was there before", "{n} rows were there before", report.rows_known),
        ),
        (
            report.rows_rejected,
            ngettext_("{n} row rejected", "{n} rows rejected", report.rows_rejected),
        ),
    )
    said = [words.format(n=number_text(n)) for n, words in counted if n]
    return "\n".join(said) or _("There was nothing to load.")


def _of_units(
    report: ImportReport | TouchpointReport | RecruitmentReport,
) -> tuple[tuple[int, str], ...]:
    if isinstance(report, ImportReport):
        return _of_ideas(report)
    if isinstance(report, TouchpointReport):
        return _of_matters(report)
    return _of_recruitment(report)


def _of_recruitment(report: RecruitmentReport) -> tuple[tuple[int, str], ...]:
    new, extended, rejected = report.new, report.extended, report.rejected
    if report.kind == "positions":
        return (
            (new, ngettext_("{n} new position", "{n} new positions", new)),
            (rejected, ngettext_("{n} position rejected", "{n} positions rejected", rejected)),
        )
    return (
        (new, ngettext_("{n} new application", "{n} new applications", new)),
        (
            extended,
            ngettext_("{n} application got more rows", "{n} applications got more rows", extended),
        ),
        (rejected, ngettext_("{n} application rejected", "{n} applications rejected", rejected)),
    )


def _of_ideas(report: ImportReport) -> tuple[tuple[int, str], ...]:
    new, extended, rejected = report.ideas_new, report.ideas_extended, report.ideas_rejected
    return (
        (new, ngettext_("{n} new idea", "{n} new ideas", new)),
        (extended, ngettext_("{n} idea got more rows", "{n} ideas got more rows", extended)),
        (rejected, ngettext_("{n} idea rejected", "{n} ideas rejected", rejected)),
    )


def _of_matters(report: TouchpointReport) -> tuple[tuple[int, str], ...]:
    new, extended, rejected = report.matters_new, report.matters_extended, report.matters_rejected
    return (
        (new, ngettext_("{n} new matter", "{n} new matters", new)),
        (extended, ngettext_("{n} matter got more rows", "{n} matters got more rows", extended)),
        (rejected, ngettext_("{n} matter rejected", "{n} matters rejected", rejected)),
    )


def seats(result: Mapping[str, Any]) -> str:
    """The coverage of each position, how applications pass, and all figures in sentences."""
    figure, titles = result["figure"], result["titles"]
    as_of, known_at = (
        time_text(datetime.fromisoformat(figure[name])) for name in ("as_of", "known_at")
    )
    said = _("As of {as_of}, as known at {known_at}").format(as_of=as_of, known_at=known_at)
    covered = table(
        (_("Position"), _("Seats"), _("Planned weeks"), _("Filled weeks"), _("Coverage")),
        [_covered(titles[str(one["position"])], one) for one in figure["coverage"]["positions"]]
        + [_covered(_("In all"), figure["coverage"])],
    )
    passed = table(
        (_("Step"), _("Reached"), _("Passed"), _("Settled"), _("Share"), _("Still open")),
        [
            (
                _(STEP_NAMES[Kind(one["step"])]),
                number_text(one["reached"]),
                *(number_text(one[name]) for name in ("n", "of")),
                _share(one["share"]),
                number_text(one["open"]),
            )
            for one in figure["applications"]["steps"][:-1]
        ],
    )
    return "\n\n".join((said, covered, passed, "\n".join(result["sentences"])))


def _covered(name: str, filled: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        name,
        number_text(filled["seats"]),
        number_text(filled["planned_weeks"], 1),
        number_text(filled["filled_weeks"], 1),
        _share(filled["coverage"]),
    )


def survival(result: Mapping[str, Any]) -> str:
    """How many companies lived so many years, as a table, with the published rate beside it."""
    rows = [[_("Years"), _("Lived"), _("Share"), _("Too young"), _("Not known"), _("All firms")]]
    for one in result["figure"]:
        share = percent_text(one["living"] / one["n"]) if one["n"] else "–"
        base = "–" if one["base_rate"] is None else percent_text(one["base_rate"])
        rows.append(
            [
                str(one["years"]), f"{one['living']}/{one['n']}", share, str(one["too_young"]),
                str(one["unknown"]), base,
            ]
        )  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        _GAP.join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(
        [
            *lines,
            _("All firms: Statistics Norway, {address}").format(
                address=result["base_rates_source"]
            ),
        ]
    )
