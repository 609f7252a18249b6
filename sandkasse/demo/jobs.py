"""Synthetic student positions: their seats, who applied, who works there, and what came after."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Any

from sandkasse.application import (
    OPEN,
    STEPS,
    Event,
    Kind,
    NextStep,
    Occupation,
    Seat,
    free_seat,
    replay,
)
from sandkasse.database import Transaction
from sandkasse.demo.chance import Chance, Odds
from sandkasse.demo.columns import Gathered, new_ids
from sandkasse.demo.crowd import Crowd, Student
from sandkasse.demo.seasons import DAY
from sandkasse.journeys import Text
from sandkasse.people import OPERATOR
from sandkasse.recruitment import positions
from sandkasse.recruitment.assessments import CRITERIA

_PASSES = {
    Kind.SCREENED: 0.8, Kind.INTERVIEW: 0.75, Kind.OFFER: 0.6, Kind.ACCEPTED: 0.85,
    Kind.STARTED: 0.97,
}  # fmt: skip
_DAYS = {
    Kind.SCREENED: 4.0, Kind.INTERVIEW: 7.0, Kind.OFFER: 5.0, Kind.ACCEPTED: 3.0,
    Kind.STARTED: 12.0,
}  # fmt: skip
_SOURCES = Odds({"university": 4.0, "friend": 3.0, "sandbox": 2.0, "social_media": 1.0})
_REASONS = Odds({"qualified": 3.0, "requirements": 1.0, "hours": 1.0})
_ENDS = Odds({"agreed": 2.0, "own_wish": 1.0, "new_job": 1.0})
_AFTER = Odds({NextStep.JOB: 3.0, NextStep.AGENCY: 2.0, NextStep.COMPANY: 1.0,
               NextStep.MOVED: 3.0, NextStep.UNKNOWN: 1.0})  # fmt: skip
_AN_APPLICANT_A_SEAT = 4
#: How far the applications of the personas have come, for the first position.
_PERSONAS = {
    "student-bsc": Kind.STARTED, "student-msc": Kind.OFFER, "student-phd": Kind.ENDED,
}  # fmt: skip


@dataclass
class _Place:
    """A position, its seats, and who has held them."""

    position_id: int
    member_id: int
    opened: int
    begins: int
    seats: tuple[Seat, ...]
    taken: list[Occupation]


@cache
def known() -> dict[str, Any]:
    """What the file of texts says about positions."""
    file = resources.files("sandkasse.demo") / "texts" / "positions.toml"
    return tomllib.loads(file.read_text("utf-8"))


def offer(tx: Transaction, chance: Chance, crowd: Crowd, gathered: Gathered, now: int) -> None:
    """Make positions, applications and jobs. ``now`` is in whole seconds since 1970."""
    described = [one for one in known()["positions"] if one["agency"] in crowd.agencies]
    for number, one in enumerate(described):
        place = _place(tx, one, crowd, now)
        _Office(tx, chance, crowd, gathered, now, place).receive(personas=number == 0)
    gathered.write(tx)


def _place(tx: Transaction, said: dict[str, Any], crowd: Crowd, now: int) -> _Place:
    begins = now + said["begins"] * DAY
    opened = min(begins, now) - 45 * DAY
    first = _day(begins)
    plan = positions.seats(said["seats"], first, first + timedelta(days=said["lasts"]))
    described = positions.Description(
        said["agency"], Text(**said["title"]), Text(**said["text"]), said["hours"], "Narvik",
        programmes=said["programmes"], agreement_id=said["agreement"] or None,
    )  # fmt: skip
    deadline = _day(now + 21 * DAY)
    happened = [
        ("planned", None, _moment(opened)), ("opened", deadline, _moment(opened + 3_600)),
    ]  # fmt: skip
    position_id = positions.bring_in(
        tx, OPERATOR, f"DEMO-{said['agency']}", described, plan, happened, recorded_at=None
    )
    member = crowd.members.get(said["agency"], crowd.lead_id)
    return _Place(position_id, member, opened, begins, plan, [])


class _Office:
    """Receives the applications for one position and decides on them."""

    def __init__(
        self,
        tx: Transaction,
        chance: Chance,
        crowd: Crowd,
        gathered: Gathered,
        now: int,
        place: _Place,
    ) -> None:
        self._tx, self._chance, self._crowd, self._rows = tx, chance, crowd, gathered.rows
        self._now, self._place = now, place

    def receive(self, *, personas: bool) -> None:
        """All applications, those first that begin to work first."""
        lives = []
        if personas:
            for slug, far in _PERSONAS.items():
                lives.append((self._crowd.known[slug], self._wished(far)))
        wanted = len(self._place.seats) * _AN_APPLICANT_A_SEAT
        for student in self._chance.shuffled(self._crowd.students):
            if len(lives) >= wanted:
                break
            life = _while_studying(self._life(), _end_of_studies(student), self._now)
            if life:
                lives.append((student, life))
        lives.sort(key=lambda one: dict(one[1]).get(Kind.STARTED, self._now))
        keys = new_ids(self._tx, "application_ids", len(lives))
        for key, (student, life) in zip(keys, lives, strict=True):
            self._keep(key, student, life)

    def _wished(self, far: Kind) -> list[tuple[Kind, int]]:
        """A life that has come as far as a persona's is to."""
        steps = STEPS if far is Kind.ENDED else STEPS[: STEPS.index(far) + 1]
        first = self._now - {Kind.ENDED: 290, Kind.STARTED: 120}.get(far, 20) * DAY
        life = [(kind, first + 6 * DAY * place // 2) for place, kind in enumerate(steps)]
        if far is Kind.ENDED:
            life.append((Kind.ENDED, self._now - 30 * DAY))
        return life

    def _life(self) -> list[tuple[Kind, int]]:
        """What happens to an application, by chance, up to now."""
        at = int(self._chance.between(self._place.opened + DAY, self._now))
        life = [(Kind.RECEIVED, at)]
        for kind, passes in _PASSES.items():
            at += int(self._chance.around(_DAYS[kind], 0.5) * DAY)
            if kind is Kind.STARTED:
                at = max(at, self._place.begins + DAY)
            if not self._chance.happens(passes):
                kind = {Kind.ACCEPTED: Kind.DECLINED, Kind.STARTED: Kind.WITHDRAWN}.get(
                    kind, Kind.REJECTED
                )
                life.append((kind, at))
                break
            life.append((kind, at))
        else:
            if self._chance.happens(0.7):
                at += int(self._chance.between(60, 260) * DAY)
                life.append((Kind.ENDED, at))
                if self._chance.happens(0.6):
                    life.append((Kind.NEXT, at + 14 * DAY))
        return [(kind, at) for kind, at in life if at <= self._now]

    def _keep(self, key: int, student: Student, life: list[tuple[Kind, int]]) -> None:
        """The rows of an application; where no seat is free it is turned down instead."""
        events = self._events(student, life)
        standing = replay(events)
        if standing.started_on is not None and standing.seat_no is not None:
            self._place.taken.append(
                Occupation(key, standing.seat_no, standing.started_on, standing.ended_on)
            )
        first = int(events[0].occurred_at.timestamp())
        self._rows["application"].append((
            key, self._place.position_id, student.person_id,
            self._chance.one(known()["words"]["nb"]), self._chance.of(_SOURCES),
            student.graduation,
            first, len(events), standing.state.value, int(standing.state_at.timestamp()), first,
            standing.furthest, standing.seat_no, standing.started_on, None, standing.ended_on,
            standing.next_step.value if standing.next_step else None,
        ))  # fmt: skip
        for event in events:
            when = int(event.occurred_at.timestamp())
            self._rows["application_event"].append((
                key, event.seq, event.kind.value, event.reason, event.seat_no,
                event.next_step.value if event.next_step else None, when, when, event.actor_id,
            ))  # fmt: skip
        interview = next((event for event in events if event.kind is Kind.INTERVIEW), None)
        if interview is not None:
            self._assess(key, int(interview.occurred_at.timestamp()))

    def _events(self, student: Student, life: list[tuple[Kind, int]]) -> list[Event]:
        events: list[Event] = []
        for kind, at in life:
            seat_no = reason = after = None
            if kind is Kind.STARTED:
                last = dict(life).get(Kind.ENDED)
                seat_no = free_seat(
                    self._place.seats, self._place.taken, _day(at),
                    None if last is None else _day(last),
                )  # fmt: skip
                if seat_no is None:
                    break
            if kind is Kind.REJECTED:
                reason = self._chance.of(_REASONS)
            if kind is Kind.ENDED:
                graduated = at >= _end_of_studies(student)
                reason = "graduated" if graduated else self._chance.of(_ENDS)
            if kind is Kind.NEXT:
                after = self._chance.of(_AFTER)
            own = kind in (
                Kind.RECEIVED, Kind.ACCEPTED, Kind.DECLINED, Kind.WITHDRAWN, Kind.NEXT,
            )  # fmt: skip
            actor = student.person_id if own else self._place.member_id
            moment = _moment(at)
            events.append(
                Event(
                    len(events) + 1, kind, moment, moment, reason, seat_no, None, after,
                    actor_id=actor,
                )
            )  # fmt: skip
        return events

    def _assess(self, key: int, when: int) -> None:
        for seq, criterion in enumerate(CRITERIA, 1):
            mark = 2 + self._chance.below(4)
            recorded = min(when + 3_600, self._now)
            self._rows["assessment"].append(
                (key, seq, criterion, mark, "", self._place.member_id, recorded)
            )


def _end_of_studies(student: Student) -> int:
    """The last day of the studies, in seconds since 1970."""
    return int(datetime.combine(student.graduation, time(12), UTC).timestamp())


def _while_studying(
    life: list[tuple[Kind, int]], graduates: int, now: int
) -> list[tuple[Kind, int]]:
    """What of a life happens to a student: the job ends with the studies, and so does what was not
    decided by then. Nothing, where somebody would have applied after them."""
    # What came after a job may be told after the studies.
    ended = dict(life).get(Kind.ENDED, now)
    kept = [
        one for one in life if one[1] < graduates or (one[0] is Kind.NEXT and ended < graduates)
    ]
    if not kept or graduates > now:
        return kept
    last = kept[-1][0]
    if last is Kind.STARTED:
        kept.append((Kind.ENDED, graduates))
        if graduates + 14 * DAY <= now:
            kept.append((Kind.NEXT, graduates + 14 * DAY))
    elif last in OPEN:
        kept.append((Kind.WITHDRAWN, graduates))
    return kept


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _day(seconds: int) -> date:
    return _moment(seconds).date()
