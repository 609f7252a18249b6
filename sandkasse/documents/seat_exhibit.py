"""Student seats as an exhibit: how many each position has, and how many are filled.

How many seats a position has is said to everybody who may apply. How many are filled counts people:
outside, small counts are hidden, and then what would tell them: their sum, and coverage, which
follows how many worked there. Of few seats, none filled is hidden as well: the mark of a single
seat would else say that it is filled.
"""

from dataclasses import replace

from sandkasse import access, agencies
from sandkasse.access import Action
from sandkasse.charts import seats as seat_charts
from sandkasse.charts.seats import Bar
from sandkasse.database import Database
from sandkasse.documents.audience import Audience
from sandkasse.documents.exhibit import INK, Cell, Column, Exhibit
from sandkasse.figures import Choice, sentence
from sandkasse.figures.seats import Coverage, Filled, PositionFilled, SeatsChoice, coverage
from sandkasse.figures.small_cells import K, hidden_row, shown
from sandkasse.i18n import _, date_text, language, number_text, percent_text
from sandkasse.meetings import Meeting
from sandkasse.meetings.agenda import on_seats
from sandkasse.people import Actor


def of_meeting(
    db: Database, actor: Actor, meeting: Meeting, choice: Choice, audience: Audience
) -> list[Exhibit]:
    """The seats that the actor sees at the moments of ``choice``, for a meeting that looks at
    seats; nothing where there are none, and for who sees none."""
    if not on_seats(meeting) or not access.may(actor, Action.SEE_SEATS):
        return []
    figure = coverage(db, actor, SeatsChoice(as_of=choice.as_of, known_at=choice.known_at))
    if not figure.positions:
        return []
    names = {one.id: one.name.in_(language()) for one in agencies.listed(db)}
    # By what everybody may know: the least covered first would tell of what is hidden.
    ordered = sorted(figure.positions, key=lambda one: (one.agency_id, one.position_id))
    figure = replace(figure, positions=tuple(ordered))
    return [(_inside if audience is Audience.PROJECT else outside)(figure, names)]


def _inside(figure: Coverage, names: dict[str, str]) -> Exhibit:
    filled: list[Filled] = [*(one.filled for one in figure.positions), figure.whole]
    columns = (
        *_names(figure, names),
        Column(_("Seats"), tuple(one.planned_now for one in filled)),
        Column(_("Filled"), tuple(one.filled_now for one in filled)),
        Column(_("Seat-weeks planned"), tuple(one.planned_weeks for one in filled), "days"),
        Column(_("Seat-weeks filled"), tuple(one.filled_weeks for one in filled), "days"),
        Column(_("Coverage"), tuple(one.coverage for one in filled), "share"),
    )
    told = _(
        "Seats to be held that day, and those that are filled. Coverage is the filled seat-weeks "
        "divided by the planned ones, from the first day on."
    )
    bars = [
        _bar(one, names, one.filled.filled_now, _covered(one.filled)) for one in figure.positions
    ]
    return Exhibit(
        "seats", sentence(figure), figure.whole.planned_now, figure.as_of, figure.known_at, columns,
        seat_charts.filled(bars, INK), _most(figure, told),
    )  # fmt: skip


def _covered(filled: Filled) -> str:
    """The coverage of a position's seats, at the end of its bar."""
    if filled.coverage is None:
        return ""
    return _("coverage {share}").format(share=percent_text(filled.coverage))


def _bar(one: PositionFilled, names: dict[str, str], filled: int | None, end: str) -> Bar:
    agency = names.get(one.agency_id, one.agency_id)
    return Bar(one.title.in_(language()), agency, one.filled.planned_now, filled, end)


def _most(figure: Coverage, told: str) -> str:
    """What a figure means, and which positions its chart leaves out."""
    if sum(1 for one in figure.positions if one.filled.planned_now) <= seat_charts.MOST_BARS:
        return told
    said = _("The chart shows the {n} positions with most seats; the table has all.")
    return f"{told} {said.format(n=number_text(seat_charts.MOST_BARS))}"


def outside(figure: Coverage, names: dict[str, str]) -> Exhibit:
    """The seats as people outside may see them."""
    counts = [one.filled.filled_now for one in figure.positions]
    hides = [_hidden(one.filled) for one in figure.positions]
    cells: list[Cell] = [
        shown(n, hide) if hide else n for n, hide in zip(counts, hides, strict=True)
    ]
    # Without the hidden ones' sum nothing tells them: the seats of a position only bound them.
    whole = figure.whole
    total: Cell = shown(whole.filled_now, hide=True, total=True) if any(hides) else whole.filled_now
    planned = tuple(one.filled.planned_now for one in figure.positions)
    columns = (
        *_names(figure, names),
        Column(_("Seats"), (*planned, whole.planned_now)),
        Column(_("Filled"), (*cells, total)),
    )
    day = date_text(figure.as_of, "long")
    if isinstance(total, str):
        told = _("On {day} there are {seats} student seats.").format(
            day=day, seats=number_text(whole.planned_now)
        )
    else:
        told = _("On {day} {now} of {seats} student seats are filled.").format(
            day=day, now=number_text(whole.filled_now), seats=number_text(whole.planned_now)
        )
    meaning = _("Seats to be held that day, and those that are filled.")
    if any(hides):
        meaning += " " + _(
            "Numbers below {k} are hidden (<{k}), and with them others by which they could be "
            "worked out (…)."
        ).format(k=number_text(K))
        meaning += " " + _(
            "Of a position with fewer than {k} seats it is hidden as well that none is filled."
        ).format(k=number_text(K))
    bars = [
        _bar(
            one, names, None if hide else one.filled.filled_now,
            _("{n} of {total}").format(
                n=cell if isinstance(cell, str) else number_text(cell or 0),
                total=number_text(one.filled.planned_now),
            ),
        )
        for one, hide, cell in zip(figure.positions, hides, cells, strict=True)
    ]  # fmt: skip
    return Exhibit(
        "seats", told, whole.planned_now, figure.as_of, figure.known_at, columns,
        seat_charts.filled(bars, INK), _most(figure, meaning),
    )  # fmt: skip


def _hidden(filled: Filled) -> bool:
    """Whether it is hidden how many of a position's seats are filled."""
    few = 0 < filled.planned_now < K
    (hide,) = hidden_row([filled.filled_now], total_shown=False, zeros_are_safe=not few)
    return hide


def _names(figure: Coverage, names: dict[str, str]) -> tuple[Column, Column]:
    titles = tuple(one.title.in_(language()) for one in figure.positions)
    where = tuple(names.get(one.agency_id, one.agency_id) for one in figure.positions)
    return (
        Column(_("Position"), (*titles, _("In all")), "words"),
        Column(_("Agency"), (*where, None), "words"),
    )
