"""Who has the ball: whose turn it is, at every moment of an idea's life.

Pure; the same law stands in SQL beside the tables, and tests hold the two together.

The ball goes from hand to hand. Coming in gives it to the mentors, a move to the student, and a
handover to whom it says (see :data:`sandkasse.ledger.BALL_AFTER`). Sending a matter, or answering
an agency's question, gives it to the agency. From then on it is with every agency that has an
unanswered matter of the idea, until somebody is handed it, or the last of them has asked, decided
or been closed: then it is the student's. A hold parks it: nobody owes the next step. After an exit
it is nobody's.

So each moment between coming in and leaving belongs to exactly one of student, mentor, project,
agencies, or the hold, however many agencies there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from sandkasse import ledger, matter
from sandkasse.ledger import Kind, Party, Row, Standing

#: The party of a turn in which the idea was on hold.
PARKED = "parked"


@dataclass(frozen=True)
class Matter:
    """A touchpoint of the idea: its id, whose it is, and all its events."""

    touchpoint_id: int
    agency_id: str
    events: tuple[matter.Event, ...]


@dataclass(frozen=True)
class Turn:
    """A time in one stage in which one party owed the next step. ``ends_at`` None: it lasts."""

    stage_id: str
    party: str
    begins_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Ball:
    """Who has the ball after everything, since when, and all turns until then.

    ``agencies`` are those that have an unanswered matter, sorted, when the party is AGENCY.
    ``since`` is when this party got it; a move or a hold in between does not count anew.
    """

    party: Party
    agencies: tuple[str, ...]
    since: datetime
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class _Step:
    """Something that can change whose turn it is, and its place in the order of all."""

    at: datetime
    place: tuple[int, int, int]
    row: Row | None = None
    sends: tuple[int, str] | None = None
    returns: int | None = None


def replay(rows: Iterable[Row], matters: Sequence[Matter] = ()) -> Ball:
    """Whose turn it has been after the ledger's ``rows`` and the events of ``matters``, which must
    be histories that hold together."""
    holding = _Holding()
    for moment, steps in groupby(_steps(rows, matters), key=lambda step: step.at):
        for step in steps:
            holding.take(step)
        holding.settle(moment)
    return holding.told()


def with_ball(standing: Standing, ball: Ball) -> Standing:
    """The standing with the ball where the agencies' matters, too, say that it is."""
    return replace(standing, ball=ball.party, ball_at=ball.since)


def _steps(rows: Iterable[Row], matters: Sequence[Matter]) -> list[_Step]:
    steps = [_Step(row.occurred_at, (0, 0, row.seq), row=row) for row in ledger.effective(rows)]
    for one in matters:
        key = one.touchpoint_id
        for wait in matter.waits(one.events):
            begins, ends = wait.begins, wait.ends
            steps.append(
                _Step(begins.occurred_at, (1, key, begins.seq), sends=(key, one.agency_id))
            )
            if ends is not None:
                steps.append(_Step(ends.occurred_at, (1, key, ends.seq), returns=key))
    return sorted(steps, key=lambda step: (step.at, step.place))


class _Holding:
    """Who holds the ball while the steps are taken one by one."""

    def __init__(self) -> None:
        self.handed_to = Party.MENTOR
        self.unanswered: dict[int, str] = {}
        self.stage_id = ""
        self.inside = self.held = False
        self.since: datetime | None = None
        self.owner: Party | None = None
        self.turns: list[Turn] = []

    def take(self, step: _Step) -> None:
        """Let one step happen."""
        if step.sends is not None:
            key, agency_id = step.sends
            self.unanswered[key] = agency_id
            self.handed_to = Party.AGENCY
        elif step.returns is not None:
            self.unanswered.pop(step.returns, None)
        elif step.row is not None:
            self._take_row(step.row)

    def _take_row(self, row: Row) -> None:
        if row.ball is not None:
            self.handed_to = row.ball
        if row.kind in (Kind.ENTER, Kind.MOVE, Kind.REOPEN):
            self.stage_id, self.inside, self.held = row.stage_id or "", True, False
        elif row.kind is Kind.EXIT:
            self.inside = self.held = False
        elif row.kind is Kind.HOLD:
            self.held = True
        elif row.kind is Kind.RESUME:
            self.held = False

    def settle(self, moment: datetime) -> None:
        """What holds from ``moment`` on, after all that happened then."""
        owner = self.handed_to
        if owner is Party.AGENCY and not self.unanswered:
            owner = Party.STUDENT
        if owner is not self.owner:
            self.owner, self.since = owner, moment
        party = PARKED if self.held else owner.value
        last = self.turns[-1] if self.turns else None
        lasts = last is not None and last.ends_at is None
        if last is not None and lasts:
            if self.inside and (last.stage_id, last.party) == (self.stage_id, party):
                return
            self.turns[-1] = replace(last, ends_at=moment)
        if self.inside:
            self.turns.append(Turn(self.stage_id, party, moment))

    def told(self) -> Ball:
        """The ball after all steps."""
        assert self.owner is not None and self.since is not None  # noqa: S101, PT018
        agencies = self.unanswered.values() if self.owner is Party.AGENCY else ()
        return Ball(self.owner, tuple(sorted(set(agencies))), self.since, tuple(self.turns))
