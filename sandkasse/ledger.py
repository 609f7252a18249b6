"""The ledger's law: what a sequence of happenings means, and which sequences may be.

Pure: no database, no clock. The same definitions stand in SQL beside the tables (see
``migrations``); tests hold the two together.

A row counts unless a later row voids it. Rows are read in the order in which they happened,
``(occurred_at, seq)``, so that a back-dated row takes its place in time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sandkasse.happenings import Broken as Broken
from sandkasse.happenings import effective as effective
from sandkasse.i18n import N_


class Kind(StrEnum):
    """What happened."""

    ENTER = "enter"
    MOVE = "move"
    HOLD = "hold"
    RESUME = "resume"
    EXIT = "exit"
    REOPEN = "reopen"
    HANDOVER = "handover"
    VOID = "void"


class Party(StrEnum):
    """Who can owe the next step."""

    STUDENT = "student"
    MENTOR = "mentor"
    PROJECT = "project"
    AGENCY = "agency"


PARTY_NAMES = {
    Party.STUDENT: N_("the student"),
    Party.MENTOR: N_("a mentor"),
    Party.PROJECT: N_("the project"),
    Party.AGENCY: N_("an agency"),
}

#: Who owes the next step after a happening of each kind; the others leave the ball where it is.
BALL_AFTER = {
    Kind.ENTER: Party.MENTOR,
    Kind.MOVE: Party.STUDENT,
    Kind.REOPEN: Party.STUDENT,
}

_STAGED = (Kind.ENTER, Kind.MOVE, Kind.REOPEN)


@dataclass(frozen=True)
class Row:
    """One happening. Times are aware UTC."""

    seq: int
    kind: Kind
    occurred_at: datetime
    recorded_at: datetime
    stage_id: str | None = None
    from_stage: str | None = None
    exit_id: str | None = None
    ball: Party | None = None
    merged_into: int | None = None
    voids_seq: int | None = None
    reason: str | None = None
    note: str | None = None
    actor_id: int | None = None
    timing: str = "exact"
    actor_name: str | None = None


@dataclass(frozen=True)
class Standing:
    """Where an idea is after a sequence of happenings. Times are aware UTC.

    ``ball`` is who owes the next step as far as the ledger alone tells; with the agencies' matters,
    see :mod:`sandkasse.ball`.
    """

    stage_id: str
    furthest: int
    first_at: datetime
    stage_at: datetime
    earlier_days: float
    visits: int
    ball: Party
    ball_at: datetime
    exit_id: str | None = None
    exit_at: datetime | None = None
    held_at: datetime | None = None
    merged_into: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the idea is still in the journey."""
        return self.exit_id is None


RULES = {
    "starts": N_("An idea's history begins when it enters a stage."),
    "starts_once": N_("An idea enters only once; after an exit it is reopened."),
    "left": N_("The idea has left the journey. Reopen it first."),
    "still_here": N_("The idea has not left the journey, so it cannot be reopened."),
    "held": N_("The idea is on hold already."),
    "not_held": N_("The idea is not on hold."),
    "no_stage": N_("The stage is not part of this journey."),
    "nothing": N_("What is to be corrected is not there, or is corrected already."),
}


def replay(rows: Sequence[Row], positions: dict[str, int]) -> Standing:
    """Where the idea stands after ``rows``; ``positions`` are its journey's stages.

    :raises Broken: when the rows that count cannot follow each other.
    """
    standing: Standing | None = None
    visits: list[tuple[str, datetime, datetime | None]] = []
    for row in effective(rows):
        _check(row, standing, positions)
        standing = _after(row, standing, visits, positions)
    if standing is None:
        raise Broken(0, "starts")
    return standing


def stage_before(rows: Iterable[Row], row: Row) -> str | None:
    """The stage in which the idea was (or which it left from) just before ``row`` happened, as
    far as the rows with smaller numbers tell; None before it entered."""
    known = effective(one for one in rows if one.seq < row.seq)
    stages = [
        one.stage_id
        for one in known
        if one.kind in _STAGED and (one.occurred_at, one.seq) < (row.occurred_at, row.seq)
    ]
    return stages[-1] if stages else None


def _check(row: Row, standing: Standing | None, positions: dict[str, int]) -> None:
    if standing is None:
        if row.kind is not Kind.ENTER:
            raise Broken(row.seq, "starts")
    elif row.kind is Kind.ENTER:
        raise Broken(row.seq, "starts_once")
    elif row.kind is Kind.REOPEN:
        if standing.is_open:
            raise Broken(row.seq, "still_here")
    elif not standing.is_open:
        raise Broken(row.seq, "left")
    elif row.kind is Kind.HOLD and standing.held_at is not None:
        raise Broken(row.seq, "held")
    elif row.kind is Kind.RESUME and standing.held_at is None:
        raise Broken(row.seq, "not_held")
    if row.kind in _STAGED and row.stage_id not in positions:
        raise Broken(row.seq, "no_stage")


def _after(
    row: Row,
    before: Standing | None,
    visits: list[tuple[str, datetime, datetime | None]],
    positions: dict[str, int],
) -> Standing:
    if row.kind in _STAGED:
        standing = _in_stage(row, before, visits, positions)
    else:
        assert before is not None  # noqa: S101  (_check refuses a history that begins otherwise)
        standing = before
    if row.kind is Kind.EXIT:
        _leave(visits, row.occurred_at)
        standing = replace(
            standing,
            exit_id=row.exit_id,
            exit_at=row.occurred_at,
            held_at=None,
            merged_into=row.merged_into,
        )
    elif row.kind is Kind.HOLD:
        standing = replace(standing, held_at=row.occurred_at)
    elif row.kind is Kind.RESUME:
        standing = replace(standing, held_at=None)
    if row.ball is not None and row.ball != standing.ball:
        standing = replace(standing, ball=row.ball, ball_at=row.occurred_at)
    return standing


def _in_stage(
    row: Row,
    before: Standing | None,
    visits: list[tuple[str, datetime, datetime | None]],
    positions: dict[str, int],
) -> Standing:
    stage_id = row.stage_id or ""
    if not visits or visits[-1][0] != stage_id or visits[-1][2] is not None:
        _leave(visits, row.occurred_at)
        visits.append((stage_id, row.occurred_at, None))
    earlier = [visit for visit in visits[:-1] if visit[0] == stage_id]
    ball = row.ball or (before.ball if before else Party.MENTOR)
    changed = before is None or before.ball != ball
    return Standing(
        stage_id=stage_id,
        furthest=max(positions[stage_id], before.furthest if before else 0),
        first_at=before.first_at if before else row.occurred_at,
        stage_at=visits[-1][1],
        earlier_days=sum(
            (left - entered).total_seconds() / 86_400 for _, entered, left in earlier if left
        ),
        visits=len(earlier) + 1,
        ball=ball,
        ball_at=row.occurred_at if changed or before is None else before.ball_at,
    )


def _leave(visits: list[tuple[str, datetime, datetime | None]], moment: datetime) -> None:
    if visits and visits[-1][2] is None:
        stage_id, entered, _ = visits[-1]
        visits[-1] = (stage_id, entered, moment)
