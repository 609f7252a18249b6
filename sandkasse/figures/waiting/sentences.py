"""The waiting figures said in sentences, in the language of the moment."""

from sandkasse.ball import PARKED
from sandkasse.figures.sentences import sentence
from sandkasse.figures.statistics import ENOUGH, Quantile
from sandkasse.figures.waiting.division import Division, Shares
from sandkasse.figures.waiting.waits import AgencyWaits, WaitingTimes, Waits
from sandkasse.i18n import (
    N_,
    _,
    days_text,
    language,
    list_text,
    ngettext_,
    number_text,
    percent_text,
)
from sandkasse.ledger import Party

#: Whose the days are, as the heading of a column or the legend of a chart.
PARTY_WORDS = {
    Party.STUDENT.value: N_("Student"),
    Party.MENTOR.value: N_("Mentors"),
    Party.PROJECT.value: N_("Project"),
    Party.AGENCY.value: N_("Agencies"),
    PARKED: N_("On hold"),
}

#: What each had, in the middle of a sentence.
_HAD = {
    Party.STUDENT.value: N_("the student had the ball for {share}"),
    Party.MENTOR.value: N_("the mentors for {share}"),
    Party.PROJECT.value: N_("the project for {share}"),
    Party.AGENCY.value: N_("the agencies for {share}"),
    PARKED: N_("nobody for {share} (on hold)"),
}
_ORDER = (
    Party.STUDENT.value, Party.AGENCY.value, Party.MENTOR.value, Party.PROJECT.value, PARKED,
)  # fmt: skip


@sentence.register
def _of_division(figure: Division) -> str:
    whole = figure.whole
    if not whole.n:
        return _("No idea was in its journey in this time, so there is nothing to divide.")
    if whole.n < ENOUGH:
        return ngettext_(
            "{n} idea was in its journey, for {days} days: too few to give shares.",
            "{n} ideas were in their journey, for {days} days in all: too few to give shares.",
            whole.n,
        ).format(n=number_text(whole.n), days=number_text(whole.total))
    said = [
        _(_HAD[party]).format(share=percent_text(whole.share(party) or 0))
        for party in _ORDER
        if whole.days[party] or party == Party.STUDENT
    ]
    return _("Of the {days} days of {n} ideas, {clauses}.").format(
        days=number_text(whole.total), n=number_text(whole.n), clauses=list_text(said)
    )


@sentence.register
def _of_times(figure: WaitingTimes) -> str:
    if not figure.n:
        return _("No matter was sent to an agency in this time.")
    open_matters = sum(one.waits.open for one in figure.agencies)
    agencies = ngettext_("{n} agency", "{n} agencies", len(figure.agencies))
    matters = ngettext_("{n} matter was sent", "{n} matters were sent", figure.n)
    unanswered = ngettext_("{n} is unanswered", "{n} are unanswered", open_matters)
    return _("{matters} to {agencies}; {unanswered}.").format(
        matters=matters.format(n=number_text(figure.n)),
        agencies=agencies.format(n=number_text(len(figure.agencies))),
        unanswered=unanswered.format(n=number_text(open_matters)),
    )


@sentence.register
def _of_agency(figure: AgencyWaits) -> str:
    waits = figure.waits
    opening = ngettext_(
        "{agency} has decided {answered} of {n} matter",
        "{agency} has decided {answered} of {n} matters",
        waits.n,
    ).format(
        agency=figure.name.in_(language()),
        answered=number_text(waits.answered),
        n=number_text(waits.n),
    )
    return opening + "; " + ", ".join(_particulars(waits)) + "."


def _particulars(waits: Waits) -> list[str]:
    said = [_half(waits)]
    if waits.longest is not None:
        said.append(
            ngettext_("{n} is unanswered", "{n} are unanswered", waits.open).format(
                n=number_text(waits.open)
            )
        )
        said.append(_("the longest for {days}").format(days=days_text(waits.longest.days)))
    if waits.withdrawn:
        said.append(
            ngettext_(
                "{n} was closed without a decision", "{n} were closed without a decision",
                waits.withdrawn,
            ).format(n=number_text(waits.withdrawn))
        )  # fmt: skip
    return said


def _half(waits: Waits) -> str:
    if waits.median is None:
        return _("too few to say how long it takes")
    if waits.median.time is None:
        return _("how long half of them take cannot be said yet")
    days = int(waits.median.time)
    return ngettext_("half within {n} day", "half within {n} days", days).format(
        n=number_text(days)
    ) + _interval(waits.median)


def quantile_text(quantile: Quantile | None) -> str:
    """A time in whole days with its interval: «12 (9–15)»; in words where it cannot be said."""
    if quantile is None:
        return _("too few")
    if quantile.time is None:
        return _("cannot say yet")
    return number_text(quantile.time) + _interval(quantile)


def _interval(quantile: Quantile) -> str:
    if quantile.low is None and quantile.high is None:
        return ""
    low = number_text(quantile.low or 0)
    if quantile.high is None:
        return _(" (at least {low})").format(low=low)
    return f" ({low}–{number_text(quantile.high)})"


def days_of(shares: Shares, party: str) -> str:
    """A party's share of the days, and the days: «12 % (340)»; days alone where ideas are few."""
    days = shares.days[party]
    if not days:
        return "–"
    if shares.n < ENOUGH:
        return number_text(days)
    return f"{percent_text(shares.share(party) or 0)} ({number_text(days)})"
