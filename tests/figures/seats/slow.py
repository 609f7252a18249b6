"""The figures about seats in plain Python, day by day, from the rows as they were recorded."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import comb, factorial
from zoneinfo import ZoneInfo

from sandkasse.application import Event, Kind, Seat
from tests.figures.seats.histories import Applied, History, Told

OSLO = ZoneInfo("Europe/Oslo")
STEPS = ("received", "screened", "interview", "offer", "accepted", "started")
GONE = ("rejected", "declined", "withdrawn")


def local(moment: datetime) -> date:
    return moment.astimezone(OSLO).date()


@dataclass
class Case:
    """An application at a moment."""

    applied: Applied
    state: str
    furthest: int
    came: date
    seat: int | None = None
    first: date | None = None
    last: date | None = None
    until: date | None = None
    after: str | None = None

    def works(self, day: date) -> bool:
        if self.first is None or day < self.first:
            return False
        return self.last is None or day <= self.last


class Slow:
    """Everything at (as_of, known_at)."""

    def __init__(self, told: History, as_of: datetime, known_at: datetime) -> None:
        self.day = local(as_of)
        self._as_of, self._known_at = as_of, known_at
        self.plans: dict[int, tuple[tuple[Seat, ...], date]] = {}
        for position in told.positions:
            self._plan(position)
        self.cases = [case for one in told.applications if (case := self._case(one))]

    def _seen(self, one: object) -> bool:
        return one.occurred_at <= self._as_of and one.recorded_at <= self._known_at  # type: ignore[attr-defined]

    def _plan(self, position: Told) -> None:
        seen = sorted(
            (one for one in position.decided if self._seen(one)),
            key=lambda one: (one.occurred_at, one.seq),
        )
        plans = [one.seats for one in seen if one.kind == "planned"]
        opened = [one.occurred_at for one in seen if one.kind == "opened"]
        closed = [one.occurred_at for one in seen if one.kind == "closed"]
        if plans and (opened or closed):
            first = local(min(opened)) if opened else None
            self.plans[position.position_id] = (plans[-1], first)

    def _case(self, one: Applied) -> Case | None:
        gone = {
            event.voids_seq
            for event in one.events
            if event.kind is Kind.VOID and event.recorded_at <= self._known_at
        }
        events: list[Event] = [
            event
            for event in one.events
            if event.kind is not Kind.VOID and event.seq not in gone and self._seen(event)
        ]
        events.sort(key=lambda event: (event.occurred_at, event.seq))
        if not events:
            return None
        turning = [event for event in events if event.kind not in (Kind.NOTE, Kind.NEXT)]
        case = Case(
            one,
            str(turning[-1].kind),
            max(STEPS.index(event.kind) for event in events if event.kind in STEPS),
            local(events[0].occurred_at),
        )
        for event in events:
            if event.kind is Kind.STARTED:
                case.first, case.seat = local(event.occurred_at), event.seat_no
                case.until = event.until_on
            if event.kind is Kind.ENDED:
                case.last = local(event.occurred_at)
            if event.kind is Kind.NEXT:
                case.after = str(event.next_step)
        return case

    def in_seat(self, position_id: int, seat_no: int) -> list[Case]:
        return [
            case
            for case in self.cases
            if case.applied.position_id == position_id and case.seat == seat_no
        ]

    def seat_days(self, since: date, until: date) -> tuple[int, int, int, int]:
        """Planned and filled days, and planned and filled on the last day."""
        planned = filled = 0
        now = [0, 0]
        for position_id, (seats, _opened) in self.plans.items():
            for seat in seats:
                day = seat.begins_on
                while day <= seat.ends_on:
                    held = sum(case.works(day) for case in self.in_seat(position_id, seat.seat_no))
                    assert held <= 1, "two in one seat"
                    if since <= day <= until and day <= self.day:
                        planned += 1
                        filled += held
                    if day == self.day:
                        now[0] += 1
                        now[1] += held
                    day += timedelta(days=1)
        return planned, filled, now[0], now[1]

    def empty_times(self, since: date, until: date) -> dict[str, list[tuple[int, bool]]]:
        """(days, filled) of each empty time that began on these days."""
        found: dict[str, list[tuple[int, bool]]] = {"first": [], "again": []}
        for position_id, (seats, opened) in self.plans.items():
            for seat in seats:
                cases = sorted(self.in_seat(position_id, seat.seat_no), key=lambda case: case.first)
                begins = seat.begins_on if opened is None else max(seat.begins_on, opened)
                stretches = [("first", begins, cases[0].first if cases else None)]
                for case, following in zip(cases, [*cases[1:], None][: len(cases)], strict=True):
                    if case.last is not None:
                        after = case.last + timedelta(days=1)
                        stretches.append(("again", after, following and following.first))
                for kind, begin, end in stretches:
                    last = min(seat.ends_on, self.day)
                    if not since <= begin <= until or (end is None and begin > last):
                        continue
                    days = ((end or last + timedelta(days=1)) - begin).days
                    found[kind].append((max(days, 0), end is not None))
        return found

    def empty_for_more_than(self, days: int) -> int:
        """How many seats that are to be held on the day have been empty for more days than these,
        the day itself included."""
        found = 0
        for position_id, (seats, opened) in self.plans.items():
            for seat in seats:
                cases = self.in_seat(position_id, seat.seat_no)
                if not seat.begins_on <= self.day <= seat.ends_on:
                    continue
                empty, day = 0, self.day
                while day >= max(seat.begins_on, opened or seat.begins_on) or cases:
                    if any(case.works(day) for case in cases):
                        break
                    empty += 1
                    day -= timedelta(days=1)
                found += empty > days
        return found

    def counts(self, since: date, until: date) -> list[Case]:
        """The applications that came in on these days, for positions that are no drafts."""
        return [case for case in self.cases if since <= case.came <= until]


def median(times: list[tuple[int, bool]]) -> int | None:
    """The first time by which at least half have ended, by Kaplan and Meier, in fractions."""
    left = Fraction(1)
    for time in sorted({days for days, _ended in times}):
        at_risk = sum(days >= time for days, _ended in times)
        ended = sum(days == time and done for days, done in times)
        left *= Fraction(at_risk - ended, at_risk)
        if left <= Fraction(1, 2):
            return time
    return None


def needed(wanted: int, hires: int, settled: int, probability: Fraction) -> int:
    """The smallest number of applicants of whom ``wanted`` are hired with this probability, exactly
    and one by one, from the definition of the beta-binomial distribution."""
    a, b = hires + 1, settled - hires + 1

    def beta(x: int, y: int) -> Fraction:
        return Fraction(factorial(x - 1) * factorial(y - 1), factorial(x + y - 1))

    n = wanted
    while True:
        fewer = sum(comb(n, k) * beta(k + a, n - k + b) / beta(a, b) for k in range(wanted))
        if 1 - fewer >= probability:
            return n
        n += 1


def furthest(cases: list[Case]) -> Counter[tuple[int, str]]:
    return Counter((case.furthest, case.state) for case in cases)
