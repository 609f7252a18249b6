"""The seats of a position: plans of them, and what a plan must hold."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sandkasse.application import Seat
from sandkasse.database import Database, Reader, Transaction
from sandkasse.errors import Invalid, InvalidFields
from sandkasse.i18n import _, date_text, number_text

MOST_SEATS = 500
_EARLIEST = date(1900, 1, 1)
_LATEST = date(2200, 1, 1)


def seats(n: int, begins_on: date, ends_on: date) -> tuple[Seat, ...]:
    """``n`` seats of the same days, numbered from 1."""
    return tuple(Seat(number, begins_on, ends_on) for number in range(1, n + 1))


def common_days(plan: Sequence[Seat]) -> tuple[date, date]:
    """The first and last day that most seats have; of equally many, those of the lowest number."""
    ((days, _n),) = Counter((seat.begins_on, seat.ends_on) for seat in plan).most_common(1)
    return days


def of_their_own(plan: Sequence[Seat]) -> tuple[Seat, ...]:
    """The seats that have other days than most."""
    usual = common_days(plan)
    return tuple(seat for seat in plan if (seat.begins_on, seat.ends_on) != usual)


def replanned(plan: Sequence[Seat], n: int, begins_on: date, ends_on: date) -> tuple[Seat, ...]:
    """``n`` seats: those of ``plan`` with days of their own keep them, all others get these."""
    own = {seat.seat_no: seat for seat in of_their_own(plan)}
    return tuple(own.get(seat.seat_no, seat) for seat in seats(n, begins_on, ends_on))


def with_days(
    plan: Sequence[Seat], seat_no: int, begins_on: date, ends_on: date
) -> tuple[Seat, ...]:
    """The plan in which one seat has these days; a number that it lacks changes nothing."""
    return tuple(
        Seat(seat_no, begins_on, ends_on) if seat.seat_no == seat_no else seat for seat in plan
    )


def check_plan(plan: Sequence[Seat]) -> None:
    """:raises InvalidFields: for what is wrong with the seats."""
    problems = {}
    if not 1 <= len(plan) <= MOST_SEATS:
        said = _("A position has from 1 to {n} seats.")
        problems["seats"] = said.format(n=number_text(MOST_SEATS))
    elif [seat.seat_no for seat in plan] != list(range(1, len(plan) + 1)):
        problems["seats"] = _("The seats are numbered from 1, without holes.")
    for seat in plan:
        if seat.ends_on < seat.begins_on:
            problems["ends_on"] = _("The last day is before the first. Change one of the dates.")
        if seat.begins_on < _EARLIEST or seat.ends_on > _LATEST:
            problems["begins_on"] = _("Check the year.")
    if problems:
        raise InvalidFields(problems)


#: That a planned seat (as ``s``) is of the last plan of its position.
OF_LAST_PLAN = """
s.seq = (SELECT max(seq) FROM position_event
         WHERE position_id = s.position_id AND kind = 'planned')
"""


def current_seats(reader: Database | Reader, position_id: int) -> tuple[Seat, ...]:
    """The seats of the last plan, by number; the caller checks the right to see them."""
    rows = reader.rows(
        f"""
        SELECT s.seat_no, s.begins_on, s.ends_on
        FROM planned_seat AS s
        WHERE s.position_id = $position_id AND {OF_LAST_PLAN}
        ORDER BY s.seat_no
        """,  # noqa: S608
        {"position_id": position_id},
    )
    return tuple(Seat(*row) for row in rows)


def refuse_unless_holding(tx: Transaction, position_id: int, plan: Sequence[Seat]) -> None:
    """:raises Invalid: when somebody has worked outside the plan."""
    by_number = {seat.seat_no: seat for seat in plan}
    for seat_no, first, last in tx.rows(
        """
        SELECT seat_no, started_on, coalesce(ended_on, until_on, started_on) FROM application
        WHERE position_id = ? AND started_on IS NOT NULL ORDER BY ALL
        """,
        [position_id],
    ):
        seat = by_number.get(seat_no)
        if seat is None:
            said = _("Somebody has worked in seat {n}, so it cannot be taken away.")
            raise Invalid(said.format(n=seat_no), "seats")
        if not seat.begins_on <= first <= seat.ends_on or last > seat.ends_on:
            said = _("Seat {n} was held from {first} to {last}. Let its days hold these.")
            held = {"first": date_text(first), "last": date_text(last)}
            raise Invalid(said.format(n=seat_no, **held), "ends_on")


def bounds(plan: Sequence[Seat]) -> tuple[date, date]:
    return min(seat.begins_on for seat in plan), max(seat.ends_on for seat in plan)


def store_seats(tx: Transaction, position_id: int, seq: int, plan: Sequence[Seat]) -> None:
    tx.executemany(
        """
        INSERT INTO planned_seat (position_id, seq, seat_no, begins_on, ends_on)
        VALUES (?, ?, ?, ?, ?)
        """,
        [[position_id, seq, seat.seat_no, seat.begins_on, seat.ends_on] for seat in plan],
    )
