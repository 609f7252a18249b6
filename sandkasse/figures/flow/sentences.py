"""The flow figures said in sentences, in the language of the moment."""

from sandkasse.figures.bridge import Bridge
from sandkasse.figures.flow.ageing import Ageing, StageAges
from sandkasse.figures.flow.doubt import Doubt
from sandkasse.figures.flow.forecast import CHANCES, LOOKED_BACK, Forecast
from sandkasse.figures.flow.paths import IN, Paths
from sandkasse.figures.flow.stock import Stock
from sandkasse.figures.flow.times import StageTimes
from sandkasse.figures.flow.trend import CohortTrend
from sandkasse.figures.sentences import sentence, within
from sandkasse.figures.statistics import ENOUGH, Quantile
from sandkasse.i18n import (
    N_,
    _,
    date_text,
    language,
    list_text,
    ngettext_,
    number_text,
    percent_text,
    quarter_text,
)
from sandkasse.journeys import EXIT_KINDS, Journey

#: The kinds of exit, as what became of an idea.
EXIT_WORDS = {
    "completed": N_("Completed"),
    "declined": N_("Declined"),
    "withdrawn": N_("Withdrawn"),
    "closed": N_("Closed"),
    "merged": N_("Merged"),
}


@sentence.register
def _of_times(figure: StageTimes) -> str:
    stage = within(figure.name)
    if not figure.n:
        return _("No idea has come to {stage} on its way forward.").format(stage=stage)
    there = ngettext_("{n} is still there", "{n} are still there", figure.open).format(
        n=number_text(figure.open)
    )
    if figure.n < ENOUGH:
        return ngettext_(
            "{n} idea came to {stage}, too few to say how long it takes; {there}.",
            "{n} ideas came to {stage}, too few to say how long it takes; {there}.",
            figure.n,
        ).format(n=number_text(figure.n), stage=stage, there=there)
    if figure.half.time is None:
        return _(
            "{part} of {n} have gone on from {stage} so far, so there is no day by which half had; "
            "{left} have left, and {there}."
        ).format(
            part=number_text(figure.advanced), n=number_text(figure.n), stage=stage,
            left=number_text(sum(figure.left.values())), there=there,
        )  # fmt: skip
    clauses = [
        _("Half of the ideas go on from {stage} within {days} days{interval}").format(
            stage=stage, days=number_text(figure.half.time), interval=_interval(figure.half)
        ),
        *_left_before(figure),
        there,
    ]
    return "; ".join(clauses) + "."


def _interval(half: Quantile) -> str:
    if half.low is None:
        return ""
    if half.high is None:
        return _(" (95% interval: from {low} up)").format(low=number_text(half.low))
    return _(" (95% interval: {low}–{high})").format(
        low=number_text(half.low), high=number_text(half.high)
    )


def _left_before(figure: StageTimes) -> list[str]:
    """How many had left before half had gone on, and how; nothing where hardly any had."""
    shares = {kind: share for kind, share in (figure.left_before_half or {}).items() if share}
    part = sum(shares.values())
    if round(part * 100) == 0:
        return []
    ways = list_text([_(LEFT_WORDS[kind]) for kind in shares], "or")
    one_in = round(1 / part)
    if one_in in _IN_WORDS and abs(part - 1 / one_in) < _NEARLY:
        return [_("one in {n} is {ways} before that").format(n=_(_IN_WORDS[one_in]), ways=ways)]
    return [_("{share} are {ways} before that").format(share=percent_text(part), ways=ways)]


#: What becomes of those that leave, as in «one in five is declined or withdrawn».
LEFT_WORDS = {
    "completed": N_("completed"),
    "declined": N_("declined"),
    "withdrawn": N_("withdrawn"),
    "closed": N_("closed"),
    "merged": N_("merged"),
}
_IN_WORDS = {
    2: N_("two"), 3: N_("three"), 4: N_("four"), 5: N_("five"), 6: N_("six"), 7: N_("seven"),
    8: N_("eight"), 9: N_("nine"), 10: N_("ten"),
}  # fmt: skip
#: So far from one in five, say, a share may be to be called that.
_NEARLY = 0.005


@sentence.register
def _of_ageing(figure: Ageing) -> str:
    if not figure.n:
        return _("No idea is open at that time.")
    past = sum(one.by_band["past"] for one in figure.stages)
    conditions = {
        "agency": sum(one.by_condition["agency"] for one in figure.stages),
        "on_hold": sum(one.by_condition["on_hold"] for one in figure.stages),
        "stale": sum(one.by_condition["stale"] for one in figure.stages),
    }
    clauses = [
        ngettext_(
            "{n} has been longer in its stage than the last band",
            "{n} have been longer in their stage than the last band",
            past,
        ).format(n=number_text(past))
    ]
    words = {
        "agency": ngettext_(
            "{n} waits for an agency", "{n} wait for an agency", conditions["agency"]
        ),
        "on_hold": ngettext_("{n} is on hold", "{n} are on hold", conditions["on_hold"]),
        "stale": ngettext_(
            "{n} is stale: in the same hands for 60 days",
            "{n} are stale: in the same hands for 60 days",
            conditions["stale"],
        ),
    }
    clauses += [words[one].format(n=number_text(n)) for one, n in conditions.items() if n]
    return _("Of {n} open ideas, {clauses}.").format(
        n=number_text(figure.n), clauses=list_text(clauses)
    )


@sentence.register
def _of_stock(figure: Stock) -> str:
    if figure.periods.empty:
        return _("Nothing has moved yet.")
    again, steps = figure.rework
    inside = ngettext_(
        "{n} idea is in the journey", "{n} ideas are in the journey", figure.in_progress
    ).format(n=number_text(figure.in_progress))
    return _("{inside}. {moved}; of the {steps} steps after coming in, {again} went back or opened "
             "an idea again.").format(
        inside=inside, moved=_moved(figure), again=number_text(again), steps=number_text(steps),
    )  # fmt: skip


def _moved(figure: Stock) -> str:
    """What came and went: in a usual week or month, or in all where the days are fewer."""
    kinds = {"came": "entered", "through": "completed_now", "gone": "left_now"}
    usual = [figure.a_period(step) for step in kinds.values()]
    told = {
        "week": _(
            "In a week, on average, {came} come in, {through} complete and {gone} leave otherwise"
        ),
        "month": _(
            "In a month, on average, {came} come in, {through} complete and {gone} leave otherwise"
        ),
    }[figure.unit]
    numbers = [number_text(n, 1) for n in usual if n is not None]
    if len(numbers) < len(usual):
        told = _("On the days chosen {came} came in, {through} completed and {gone} left otherwise")
        numbers = [number_text(int(figure.periods[step].sum())) for step in kinds.values()]
    return told.format(**dict(zip(kinds, numbers, strict=True)))


@sentence.register
def _of_trend(figure: CohortTrend) -> str:
    stage = within(figure.stage.name)
    settled = [one for one in figure.quarters if one.n >= ENOUGH and not one.open]
    moving = sum(one.open for one in figure.quarters)
    if not figure.n:
        return _("No ideas came in on the days chosen.")
    told = ngettext_(
        "{n} idea is still on its way to {stage}, and counts as neither reached nor left",
        "{n} ideas are still on their way to {stage}, and count as neither reached nor left",
        moving,
    ).format(n=number_text(moving), stage=stage)
    if not settled:
        return told + "."
    last = settled[-1]
    return _(
        "Of the {n} ideas of the last cohort that is settled ({quarter}), {share} reached {stage}; "
        "{told}."
    ).format(
        n=number_text(last.n), quarter=quarter_text(last.first_day),
        share=percent_text(last.reached / last.n), stage=stage, told=told,
    )  # fmt: skip


@sentence.register
def _of_paths(figure: Paths) -> str:
    if not figure.n:
        return _("Nothing moved on the days chosen.")
    most = figure.paths[0]
    back = sum(one.n for one in figure.paths if _is_back(figure.journey, one.origin, one.target))
    return ngettext_(
        "{n} step in all, from {origin} to {target}. {back} went back.",
        "{n} steps in all, {most} of them from {origin} to {target}, the commonest way. {back} "
        "went back.",
        figure.n,
    ).format(
        n=number_text(figure.n), origin=place_text(figure.journey, most.origin, sentence=True),
        target=place_text(figure.journey, most.target, sentence=True), most=number_text(most.n),
        back=number_text(back),
    )  # fmt: skip


def _is_back(journey: Journey, origin: str, target: str) -> bool:
    positions = {stage.id: stage.position for stage in journey.stages}
    if origin not in positions or target not in positions:
        return False
    return positions[target] < positions[origin]


def place_text(journey: Journey, place: str, *, sentence: bool = False) -> str:
    """A place of a path: a stage, outside, or a kind of exit."""
    if place == IN:
        return _("outside") if sentence else _("Outside")
    if place in EXIT_KINDS:
        words = _(EXIT_WORDS[place])
        return words.lower() if sentence else words
    name = next(stage.name for stage in journey.stages if stage.id == place)
    return within(name) if sentence else name.in_(language())


@sentence.register
def _of_forecast(figure: Forecast) -> str:
    stage = within(figure.stage.name)
    if figure.ground == "not_enough_data":
        return _(
            "There is not enough data to forecast {stage}: it takes eight weeks and five ideas "
            "that came to it in the last year. So far {n} have."
        ).format(stage=stage, n=number_text(figure.so_far))
    if figure.ground == "cannot_be_forecast":
        return _(
            "When ideas come to {stage} cannot be forecast: none has in the last {weeks} weeks."
        ).format(stage=stage, weeks=number_text(min(len(figure.weekly), LOOKED_BACK)))
    counts = _(
        "By {day}, at least {half} ideas will have come to {stage} with even chances, {most} with "
        "85% certainty and {nearly} with 95% ({so_far} have so far)."
    ).format(
        day=date_text(figure.by, "long"), stage=stage, so_far=number_text(figure.so_far),
        **_chances({chance: number_text(n) for chance, n in figure.at_least.items()}),
    )  # fmt: skip
    return counts + " " + _when(figure)


def _when(figure: Forecast) -> str:
    if figure.target <= figure.so_far:
        return _("{n} have come already.").format(n=number_text(figure.target))
    never = _("not within five years")
    return _(
        "{n} will have by {half} with even chances, {most} with 85% certainty, {nearly} with 95%."
    ).format(
        n=number_text(figure.target),
        **_chances({
            chance: date_text(day) if day else never for chance, day in figure.when.items()
        }),
    )  # fmt: skip


def _chances(told: dict[float, str]) -> dict[str, str]:
    return dict(zip(("half", "most", "nearly"), (told[one] for one in CHANCES), strict=True))


@sentence.register
def _of_doubt(figure: Doubt) -> str:
    inexact = figure.timings["estimated"] + figure.timings["imported"]
    total = inexact + figure.timings["exact"]
    if not total:
        return _("Nothing was recorded that a share could rest on.")
    told = _(
        "{exact} of the times behind it were recorded as they happened, {estimated} are estimated "
        "and {imported} imported."
    ).format(
        exact=percent_text(figure.timings["exact"] / total),
        estimated=number_text(figure.timings["estimated"]),
        imported=number_text(figure.timings["imported"]),
    )
    if figure.low is None or figure.high is None or figure.previous < ENOUGH:
        return told
    share = percent_text(figure.reached / figure.previous)
    if not figure.in_doubt:
        return (
            told
            + " "
            + _("No record is in doubt that could move the share of {share}.").format(share=share)
        )
    return told + " " + ngettext_(
        "Correcting {n} record could move the share of {share} to {low}–{high}.",
        "Correcting {n} records could move the share of {share} to {low}–{high}.",
        figure.in_doubt,
    ).format(
        n=number_text(figure.in_doubt), share=share, low=number_text(figure.low * 100),
        high=percent_text(figure.high),
    )  # fmt: skip


@sentence.register
def _of_bridge(figure: Bridge) -> str:
    lines = {line.kind: line.n for line in figure.lines}
    gone = sum(lines[kind] for kind in EXIT_KINDS)
    told = _(
        "From {opening} open ideas on {first} to {closing} on {last}: {new} new, {back} returned, "
        "{gone} left."
    ).format(
        opening=number_text(figure.opening), first=date_text(figure.opened_at),
        closing=number_text(figure.closing), last=date_text(figure.as_of),
        new=number_text(lines["new"]), back=number_text(lines["returned"]), gone=number_text(gone),
    )  # fmt: skip
    if lines["found_in"] or lines["found_out"]:
        told += " " + _("Found later about the time before: {more} more and {fewer} fewer.").format(
            more=number_text(lines["found_in"]), fewer=number_text(lines["found_out"])
        )
    return told


def bands_text(one: StageAges) -> str:
    """The days within which 50, 85 and 95 % leave a stage: «14 · 32 · 51»; a dash where unknown."""
    return " · ".join(
        "–" if days is None else number_text(days, 1 if days < 10 else 0) for days in one.bands.days
    )
