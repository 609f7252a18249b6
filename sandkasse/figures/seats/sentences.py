"""The figures about seats said in sentences, in the language of the moment."""

from sandkasse.figures.seats.ahead import Ahead
from sandkasse.figures.seats.coverage import Coverage
from sandkasse.figures.seats.needed import Needed
from sandkasse.figures.seats.passing import Part, Passing
from sandkasse.figures.seats.staying import Staying
from sandkasse.figures.seats.times import Empty, EmptyTimes
from sandkasse.figures.sentences import sentence
from sandkasse.figures.statistics import ENOUGH, Quantile
from sandkasse.i18n import _, date_text, ngettext_, number_text, percent_text


def part_text(part: Part) -> str:
    """A share as n/N with its interval, or n/N alone where there are too few."""
    said = f"{number_text(part.n)}/{number_text(part.of)}"
    if part.share is None or part.interval is None or part.of < ENOUGH:
        return said
    low, high = (percent_text(bound) for bound in part.interval)
    return _("{said} = {share} ({low} to {high})").format(
        said=said, share=percent_text(part.share), low=low, high=high
    )


def days_text(quantile: Quantile | None) -> str:
    """A time in days with its interval; words where it cannot be told."""
    if quantile is None:
        return _("too few to say")
    if quantile.time is None:
        return _("not reached yet")
    said = ngettext_("{n} day", "{n} days", int(quantile.time)).format(n=number_text(quantile.time))
    if quantile.low is None:
        return said
    low = number_text(quantile.low)
    if quantile.high is None:
        return said + _(" (at least {low})").format(low=low)
    return _("{said} ({low} to {high})").format(said=said, low=low, high=number_text(quantile.high))


@sentence.register
def _of_coverage(figure: Coverage) -> str:
    whole = figure.whole
    if whole.coverage is None:
        return _("No seat was to be held on these days.")
    said = _(
        "{filled} of {planned} planned seat-weeks were filled: a coverage of {share}. On {day} "
        "{now} of {seats} seats are filled."
    ).format(
        filled=number_text(whole.filled_weeks, 1),
        planned=number_text(whole.planned_weeks, 1),
        share=percent_text(whole.coverage),
        day=date_text(figure.as_of),
        now=number_text(whole.filled_now),
        seats=number_text(whole.planned_now),
    )
    if not whole.begin_later:
        return said
    later = ngettext_("{n} more begins later.", "{n} more begin later.", whole.begin_later)
    return f"{said} {later.format(n=number_text(whole.begin_later))}"


@sentence.register
def _of_times(figure: EmptyTimes) -> str:
    return " ".join(
        (
            _of_empty(figure.first, _("No seat has been advertised on these days.")),
            _of_again(figure.again),
        )
    )


def _of_empty(empty: Empty, nothing: str) -> str:
    if not empty.n:
        return nothing
    return _(
        "{filled} of {n} seats were filled for the first time; half of them within: {half}."
    ).format(filled=number_text(empty.filled), n=number_text(empty.n), half=days_text(empty.median))


def _of_again(empty: Empty) -> str:
    if not empty.n:
        return _("No seat has become empty on these days.")
    return _(
        "{filled} of {n} seats that became empty were filled again; half of them within: {half}."
    ).format(filled=number_text(empty.filled), n=number_text(empty.n), half=days_text(empty.median))


@sentence.register
def _of_ahead(figure: Ahead) -> str:
    n = len(figure.seats)
    day = date_text(figure.before)
    if not n:
        return _("None of the {held} seats held now is expected to be empty before {day}.").format(
            held=number_text(figure.held), day=day
        )
    said = ngettext_(
        "{n} of {held} seats held now is expected to be empty before {day}.",
        "{n} of {held} seats held now are expected to be empty before {day}.",
        n,
    )
    return said.format(n=number_text(n), held=number_text(figure.held), day=day)


@sentence.register
def _of_passing(figure: Passing) -> str:
    if not figure.n:
        return _("No application came in on these days.")
    return ngettext_(
        "{n} application came in. Of those settled {hired} began to work; {open} is still open.",
        "{n} applications came in. Of those settled {hired} began to work; {open} are still open.",
        figure.n,
    ).format(
        n=number_text(figure.n), hired=part_text(figure.hired), open=number_text(figure.hired.open)
    )


@sentence.register
def _of_needed(figure: Needed) -> str:
    if figure.hired.of < ENOUGH:
        return ngettext_(
            "Only {n} application has settled, too few to say how many are needed; at least "
            "{most} must have.",
            "Only {n} applications have settled, too few to say how many are needed; at least "
            "{most} must have.",
            figure.hired.of,
        ).format(n=number_text(figure.hired.of), most=number_text(ENOUGH))
    if figure.low is None or figure.high is None:
        return _("To hire {n}, more applicants are needed than can be told of.").format(
            n=number_text(figure.wanted)
        )
    return _(
        "To hire {n}, plan for {low} to {high} applicants (8 times of 10), since {hired} of those "
        "settled were hired."
    ).format(
        n=number_text(figure.wanted),
        low=number_text(figure.low),
        high=number_text(figure.high),
        hired=f"{number_text(figure.hired.n)}/{number_text(figure.hired.of)}",
    )


@sentence.register
def _of_staying(figure: Staying) -> str:
    if not figure.n:
        return _("No job has ended on these days.")
    return ngettext_(
        "{n} job has ended. Of those of whom it is known {stayed} stayed in the region; of "
        "{unknown} it is not known.",
        "{n} jobs have ended. Of those of whom it is known {stayed} stayed in the region; of "
        "{unknown} it is not known.",
        figure.n,
    ).format(
        n=number_text(figure.n),
        stayed=part_text(figure.stayed),
        unknown=number_text(figure.stayed.open),
    )
