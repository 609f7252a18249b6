"""What happens to one synthetic idea: drop-out, waiting, back-steps, holds and corrections.

A life is told forward from the moment the idea enters until it has left or today is reached.
Moments are whole seconds since 1970 in UTC.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sandkasse.demo.chance import Chance, Odds
from sandkasse.demo.seasons import DAY, in_daytime
from sandkasse.journeys import Journey
from sandkasse.ledger import BALL_AFTER, Kind, Party

#: The share that goes on from a stage, first stage first, for a journey of seven stages.
_GOES_ON = (0.82, 0.75, 0.69, 0.67, 0.80, 0.76, 0.62)
_LEAVES_EARLY = Odds({"declined": 0.42, "withdrawn": 0.28, "closed": 0.14, "merged": 0.16})
_LEAVES_LATE = Odds({"declined": 0.08, "withdrawn": 0.26, "closed": 0.58, "merged": 0.08})
_BACK = Odds({"not_ready": 0.5, "new_facts": 0.25, "new_direction": 0.2, "other": 0.05})
_HOLD = Odds({"studies": 0.55, "agency": 0.2, "funding": 0.1, "team": 0.12, "other": 0.03})
_REOPEN = Odds({"new_facts": 0.6, "team": 0.35, "other": 0.05})
_EXIT = {
    "completed": Odds({"goal_reached": 1.0}),
    "declined": Odds({"not_fit": 0.45, "no_need": 0.35, "obstacle": 0.2}),
    "withdrawn": Odds({"team": 0.8, "other": 0.2}),
    "closed": Odds({"learned": 0.5, "no_need": 0.25, "funding": 0.15, "obstacle": 0.1}),
    "merged": Odds({"duplicate": 1.0}),
}
_DEFAULT_DAYS = 60
_MINUTE = 60


@dataclass(frozen=True)
class Route:
    """A journey as it is for one level. ``gates`` are (id, who attests) for each stage."""

    journey_id: str
    stages: tuple[str, ...]
    days: tuple[float, ...]
    gates: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]
    exits: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, journey: Journey, level: str | None) -> "Route":
        """The route of ``journey`` for ``level``."""
        varied = journey.for_level(level)
        kinds = dict.fromkeys(way.kind for way in varied.exits)
        return cls(
            journey.id,
            tuple(stage.id for stage in varied.stages),
            tuple(float(stage.expected_days or _DEFAULT_DAYS) for stage in varied.stages),
            tuple(
                tuple((gate.id, tuple(gate.attested_by)) for gate in stage.gates)
                for stage in varied.stages
            ),
            {kind: tuple(way.id for way in varied.exits if way.kind == kind) for kind in kinds},
        )

    def along(self, place: int) -> float:
        """How far along the journey a stage is, from 0 to 1."""
        return place / max(len(self.stages) - 1, 1)


@dataclass
class Happening:
    """One row of the ledger to be. ``by`` is who does it; ``place`` the stage's position."""

    kind: Kind
    at: int
    by: Party
    place: int | None = None
    exit_kind: str | None = None
    ball: Party | None = None
    reason: str | None = None
    note: str | None = None
    voids: int | None = None
    late: bool = False


@dataclass
class Life:
    """A life told: its happenings by number, and where it is when told to the end."""

    entered: int
    rows: list[Happening] = field(default_factory=list)
    last: int = 0
    place: int = 0
    exit_kind: str | None = None
    exit_at: int | None = None
    held: bool = False
    ball: Party = Party.MENTOR

    def decline_instead(self, route: Route) -> None:
        """Let an idea that ended as the same as another end for a reason of its own."""
        kind = "declined" if "declined" in route.exits else next(iter(route.exits))
        self.rows[-1].exit_kind, self.rows[-1].reason, self.exit_kind = kind, "not_fit", kind


class Today(Exception):
    """What comes next is in the future."""


class Teller:
    """Tells lives, all from one chance, up to ``now``."""

    def __init__(self, chance: Chance, now: int) -> None:
        self.chance, self.now = chance, now

    def tell(self, route: Route, entered: int) -> Life:
        """A life that began at ``entered``, as chance has it."""
        life = self.begin(entered)
        pace = self.chance.around(0.54, 0.5)
        with suppress(Today):
            while self._visit(life, route, pace):
                pass
        return life

    def begin(self, entered: int) -> Life:
        """A life whose idea enters its first stage at ``entered``, which is not after now."""
        life = Life(entered)
        self._add(life, Happening(Kind.ENTER, entered, Party.STUDENT, 0))
        return life

    def _add(self, life: Life, row: Happening) -> None:
        if row.at > self.now:
            raise Today
        life.rows.append(row)
        life.last = max(life.last, row.at)
        if row.kind in (Kind.ENTER, Kind.MOVE, Kind.REOPEN):
            life.place, life.exit_kind, life.exit_at, life.held = row.place or 0, None, None, False
        elif row.kind is Kind.EXIT:
            life.exit_kind, life.exit_at, life.held = row.exit_kind, row.at, False
        elif row.kind in (Kind.HOLD, Kind.RESUME):
            life.held = row.kind is Kind.HOLD
        row.ball = row.ball or BALL_AFTER.get(row.kind)
        life.ball = row.ball or life.ball

    def _after(self, life: Life, days: float, by: Party) -> int:
        """A moment about ``days`` after the last happening, at an hour that suits ``by``."""
        last = life.last
        moment = in_daytime(self.chance, last + days * DAY, weekdays=by is Party.MENTOR)
        return moment if moment > last else last + int(self.chance.between(10, 90)) * _MINUTE

    def act(self, life: Life, kind: Kind, days: float, by: Party, **what: Any) -> Happening:
        """Let something happen ``days`` after the last happening."""
        row = Happening(kind, self._after(life, days, by), by, **what)
        row.late = kind in (Kind.MOVE, Kind.EXIT) and self.chance.happens(0.22)
        self._add(life, row)
        return row

    def _visit(self, life: Life, route: Route, pace: float) -> bool:
        """One stay in a stage and what ends it; whether the life goes on."""
        chance = self.chance
        days = route.days[life.place] * pace * chance.around(1.0, 0.55)
        if chance.happens(0.08):
            self._hold(life, days)
        if life.ball is Party.STUDENT:
            self.ready(life, days * 0.75)
        wait = chance.around(4.0, 0.9)
        if len(life.rows) == 1:
            wait += days * 0.5
        if chance.happens(0.2):
            self.ask(life, wait)
            self.act(life, Kind.HANDOVER, chance.around(6.0, 0.9), Party.STUDENT, ball=Party.MENTOR)
        return self._decide(life, route, wait + days * 0.15)

    def ready(self, life: Life, days: float) -> None:
        """The student says that it is time for a mentor to look."""
        self.act(life, Kind.HANDOVER, days, Party.STUDENT, ball=Party.MENTOR, note="ready")

    def ask(self, life: Life, days: float) -> None:
        """A mentor asks something and gives the next step to the student."""
        self.act(life, Kind.HANDOVER, days, Party.MENTOR, ball=Party.STUDENT, note="questions")

    def _hold(self, life: Life, days: float) -> None:
        reason = self.chance.of(_HOLD)
        self.act(life, Kind.HOLD, days * 0.3, Party.MENTOR, reason=reason, note="hold")
        self.act(life, Kind.RESUME, self.chance.around(35, 0.6), Party.MENTOR)

    def _decide(self, life: Life, route: Route, wait: float) -> bool:
        chance, last = self.chance, len(route.stages) - 1
        draw = chance.share()
        if life.place > 0 and draw < 0.05:
            reason = chance.of(_BACK)
            back = life.place - 1
            self.act(life, Kind.MOVE, wait, Party.MENTOR, place=back, reason=reason, note="back")
            return True
        if chance.share() < _GOES_ON[round(route.along(life.place) * (len(_GOES_ON) - 1))]:
            if life.place == last:
                return self.leave(life, route, "completed", wait)
            self.go_on(life, route, wait)
            return True
        early = route.along(life.place) < 0.3
        return self.leave(life, route, chance.of(_LEAVES_EARLY if early else _LEAVES_LATE), wait)

    def go_on(self, life: Life, route: Route, wait: float, *, plainly: bool = False) -> None:
        """Move to the next stage; now and then skipping one, or after a correction."""
        place, last = life.place, len(route.stages) - 1
        draw = 1.0 if plainly else self.chance.share()
        step = 2 if draw > 0.965 and not plainly and place + 2 <= last else 1
        if draw < 0.02:
            self._mistake(life, place, wait)
            wait = 0.0
        moved = self.act(life, Kind.MOVE, wait, Party.MENTOR, place=place + step)
        if 0.02 <= draw < 0.03:
            self._correct_time(life, moved)

    def _mistake(self, life: Life, place: int, wait: float) -> None:
        """A move that is taken back within the hour: to the stage before, or on from the first."""
        wrong = place - 1 if place else 1
        reason = {"reason": "not_ready", "note": "back"} if wrong < place else {}
        ball = life.ball
        self.act(life, Kind.MOVE, wait, Party.MENTOR, place=wrong, **reason).late = False
        self._void(life, place, ball, "mistake", minutes=self.chance.between(1, 50))

    def _void(self, life: Life, place: int, ball: Party, reason: str, minutes: float) -> None:
        at = life.rows[-1].at + int(minutes * _MINUTE)
        voids = len(life.rows)
        self._add(
            life,
            Happening(Kind.VOID, at, Party.MENTOR, reason=reason, note="correction", voids=voids),
        )
        life.place, life.ball = place, ball

    def _correct_time(self, life: Life, moved: Happening) -> None:
        """The move was entered with the wrong time: declared void, and entered again."""
        before = life.rows[-2]
        place, ball = moved.place or 0, Party.STUDENT
        self._void(life, place, ball, "wrong_time", minutes=self.chance.between(30, 3_000))
        at = moved.at - int((moved.at - before.at) * self.chance.between(0.1, 0.6))
        self._add(life, Happening(Kind.MOVE, max(at, before.at + 1), Party.MENTOR, moved.place))

    def leave(
        self, life: Life, route: Route, kind: str, wait: float, *, for_good: bool = False
    ) -> bool:
        """Leave by an exit of ``kind`` where the journey has one; whether it is reopened."""
        known = kind if kind in route.exits else next(iter(route.exits))
        by = Party.STUDENT if known == "withdrawn" else Party.MENTOR
        reason = self.chance.of(_EXIT[known])
        self.act(life, Kind.EXIT, wait, by, exit_kind=known, reason=reason, note="exit")
        if for_good or known in ("completed", "merged") or not self.chance.happens(0.07):
            return False
        place = max(life.place - self.chance.below(2), 0)
        reason = self.chance.of(_REOPEN)
        self.act(
            life, Kind.REOPEN, self.chance.around(60, 0.6), Party.MENTOR,
            place=place, reason=reason, note="reopen",
        )  # fmt: skip
        return True
