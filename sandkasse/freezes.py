"""Freezes: the figures that a meeting reviewed, kept as they were, and the bridge to the next.

What is frozen is never changed. It is shown as it was, beside what is known of that moment now and
what it is today.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sandkasse import access, clock, number_receipts
from sandkasse.access import Action, Writing, writing
from sandkasse.database import Database
from sandkasse.errors import Invalid, NotFound
from sandkasse.figures import bridge as bridges
from sandkasse.figures import frozen, history, seats
from sandkasse.figures.bridge import Bridge
from sandkasse.figures.choice import Choice, ask
from sandkasse.figures.frozen import DEFINITION, SEATS, AnyChoice, Change, Numbers
from sandkasse.figures.seats import SeatsChoice
from sandkasse.i18n import _
from sandkasse.meetings import get as get_meeting
from sandkasse.meetings.agenda import on_seats
from sandkasse.meetings.calling import SERIES
from sandkasse.people import OPERATOR, Actor

#: The kinds of figure about ideas that a meeting reviews.
REVIEWED = ("cohort", "snapshot", "times", "ages", "flow", "waiting", "forecast")


@dataclass(frozen=True)
class Freeze:
    """Figures as they were at a meeting: by kind, with the code of each, and the ids of the ideas
    that were open. The choice has both its moments.

    Where the meeting looked at seats, the kind :data:`sandkasse.figures.frozen.SEATS` is there for
    who sees seats: of all agencies, or for a member (``seats_of``) of the own."""

    freeze_id: int
    meeting_id: int
    choice: Choice
    as_of: datetime
    known_at: datetime
    definition: int
    numbers: Mapping[str, Numbers]
    codes: Mapping[str, str]
    open_ids: frozenset[int]
    recorded_at: datetime
    seats_of: str | None = None

    def __hash__(self) -> int:
        return hash(self.freeze_id)

    def choice_of(self, kind: str) -> AnyChoice:
        """What a kind of figure was frozen of."""
        return _seats_choice(self.choice, self.seats_of) if kind == SEATS else self.choice


def freeze(db: Database, actor: Actor, meeting_id: int, choice: Choice) -> int:
    """Freeze what a meeting reviews, as of and as known at the moments of ``choice`` (None: now).

    Each figure gets its number receipt. :raises NotAllowed: without the right.
    :raises NotFound: when there is no such meeting. :raises Invalid: when it is closed or
    cancelled; else as for :func:`sandkasse.figures.choice.ask`.
    """
    access.require(actor, Action.HOLD_MEETING)
    now = clock.now()
    exact = replace(choice, as_of=choice.as_of or now, known_at=choice.known_at or now)
    with_seats = on_seats(get_meeting(db, actor, meeting_id))
    reviewed = review(db, actor, exact, with_seats=with_seats)
    with writing(db, actor, Action.HOLD_MEETING, subject=f"meeting:{meeting_id}") as write:
        _require_open(write.tx.one(_STATE, [meeting_id]))
        return keep(write, actor, meeting_id, reviewed, clock.now())


@dataclass(frozen=True)
class Reviewed:
    """What a meeting reviews of a choice with both its moments, before it is kept; ``settled`` is
    the choice with what each kind of figure asks for besides."""

    choice: Choice
    settled: Mapping[str, AnyChoice]
    numbers: Mapping[str, Numbers]
    open_ids: tuple[int, ...]
    #: Figures about seats by agency: all agencies' under None. Nothing where none were looked at.
    seats: Mapping[str | None, Numbers]


def review(db: Database, actor: Actor, exact: Choice, *, with_seats: bool = False) -> Reviewed:
    """The figures that a meeting reviews. Errors as for :func:`sandkasse.figures.choice.ask`."""
    told = history.read(db, ask(db, actor, exact))
    settled = {kind: frozen.settled(db, actor, kind, exact) for kind in REVIEWED}
    found = {kind: frozen.numbers(db, actor, kind, settled[kind]) for kind in REVIEWED}
    open_ids = tuple(sorted(told.idea_ids[told.ended == 0].tolist()))
    return Reviewed(exact, settled, found, open_ids, _seats(db, exact) if with_seats else {})


def _seats(db: Database, exact: Choice) -> dict[str | None, Numbers]:
    """Figures about the seats of all agencies and of each: frozen whole, whoever presses, and shown
    to each as far as they see seats."""
    covered = seats.coverage(db, OPERATOR, _seats_choice(exact, None))
    agencies = [None, *sorted({one.agency_id for one in covered.positions})]
    return {one: seats.numbers(db, OPERATOR, _seats_choice(exact, one)) for one in agencies}


def _seats_choice(choice: Choice, agency_id: str | None) -> SeatsChoice:
    return SeatsChoice(agency_id=agency_id, as_of=choice.as_of, known_at=choice.known_at)


def keep(
    write: Writing, actor: Actor, meeting_id: int, reviewed: Reviewed, recorded_at: datetime
) -> int:
    """Keep what a meeting reviewed, with the number receipt of each figure, within a write."""
    exact = reviewed.choice
    codes = {
        kind: number_receipts.keep(write, actor, kind, reviewed.settled[kind], numbers, recorded_at)
        for kind, numbers in reviewed.numbers.items()
    }
    of_seats = {
        agency_id or "": {
            "numbers": numbers,
            "code": number_receipts.keep(
                write, actor, SEATS, _seats_choice(exact, agency_id), numbers, recorded_at
            ),
        }
        for agency_id, numbers in reviewed.seats.items()
    }
    write.subject = f"meeting:{meeting_id}"
    content = {
        "numbers": reviewed.numbers, "codes": codes, "open_ids": list(reviewed.open_ids),
        "seats": of_seats,
    }  # fmt: skip
    freeze_id = int(
        write.tx.value(
            """
            INSERT INTO frozen_figure (meeting_id, choice, as_of, known_at, definition, content,
                                       actor_id, recorded_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING freeze_id
            """,
            [
                meeting_id, frozen.choice_as_text(exact), exact.as_of, exact.known_at, DEFINITION,
                json.dumps(content), actor.person_id, recorded_at,
            ],
        )
    )  # fmt: skip
    write.detail["freeze"] = freeze_id
    return freeze_id


_STATE = "SELECT cancelled_at, closed_at FROM meeting WHERE meeting_id = ?"


def _require_open(meeting: tuple[object, ...] | None) -> None:
    if meeting is None:
        raise NotFound(_("There is no such meeting."))
    if any(meeting):
        raise Invalid(_("The meeting is closed or cancelled, so nothing more can be frozen."))


def of_meeting(db: Database, actor: Actor, meeting_id: int) -> list[Freeze]:
    """The freezes of a meeting, oldest first. :raises NotAllowed: without the right."""
    access.require(actor, Action.SEE_MEETINGS)
    access.require(actor, Action.SEE_FUNNEL)
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM frozen_figure AS f WHERE meeting_id = ? ORDER BY freeze_id",  # noqa: S608
        [meeting_id],
    )
    return [_freeze(actor, *row) for row in rows]


def before(db: Database, actor: Actor, meeting_id: int, choice: Choice) -> Freeze | None:
    """The last freeze of an earlier meeting about the same journey, level and theme, from which
    the bridge to this one leads: one of the same series of meetings before any other; None when
    there is none. Errors as for :func:`of_meeting`."""
    access.require(actor, Action.SEE_MEETINGS)
    access.require(actor, Action.SEE_FUNNEL)
    row = db.one(
        f"""
        WITH this AS (
            SELECT {SERIES} AS series, coalesce(
                least(m.closed_at, (SELECT min(as_of) FROM frozen_figure
                                    WHERE meeting_id = $meeting_id)),
                'infinity'::TIMESTAMP) AS until
            FROM meeting AS m WHERE m.meeting_id = $meeting_id
        )
        SELECT {_COLUMNS}
        FROM frozen_figure AS f JOIN meeting AS m USING (meeting_id) CROSS JOIN this
        WHERE f.meeting_id <> $meeting_id AND f.as_of < this.until AND m.cancelled_at IS NULL
          AND f.choice->>'journey_id' = $journey
          AND f.choice->>'level' IS NOT DISTINCT FROM $level
          AND f.choice->>'theme' IS NOT DISTINCT FROM $theme
        ORDER BY {SERIES} = this.series DESC, f.as_of DESC, f.freeze_id DESC LIMIT 1
        """,  # noqa: S608
        {
            "meeting_id": meeting_id, "journey": choice.journey_id, "level": choice.level,
            "theme": choice.theme,
        },
    )  # fmt: skip
    return _freeze(actor, *row) if row else None


def bridge(db: Database, actor: Actor, earlier: Freeze, choice: Choice) -> Bridge:
    """The bridge from a freeze to the moments of ``choice`` (None: now). Errors as for
    :func:`sandkasse.figures.bridge.bridge`."""
    return bridges.bridge(
        db, actor, replace(choice, since=None, until=None),
        earlier.as_of, earlier.known_at, earlier.open_ids,
    )  # fmt: skip


def changes(db: Database, actor: Actor, one: Freeze, kind: str) -> list[Change]:
    """Each number of a frozen figure as it was, as known now, and as it is now. Errors as for
    :func:`of_meeting`."""
    exact = frozen.settled(db, actor, kind, one.choice_of(kind))
    return number_receipts.changes_of(db, actor, kind, exact, one.numbers[kind])


_COLUMNS = """
f.freeze_id, f.meeting_id, f.choice, f.as_of, f.known_at, f.definition, f.content, f.recorded_at
"""


def _freeze(
    actor: Actor, freeze_id: int, meeting_id: int, choice: str, as_of: datetime, known_at: datetime,
    definition: int, content: str, recorded_at: datetime,
) -> Freeze:  # fmt: skip
    kept = json.loads(content)
    exact = frozen.choice_from_text(choice, as_of, known_at)
    numbers, codes = kept["numbers"], kept["codes"]
    seats_of = seats.narrowed(actor, _seats_choice(exact, None)).agency_id
    # What was frozen before seats were has none.
    of_seats = kept.get("seats", {}).get(seats_of or "")
    if of_seats is not None and access.may_for_agency(actor, Action.SEE_SEATS, seats_of or ""):
        numbers, codes = {**numbers, SEATS: of_seats["numbers"]}, {**codes, SEATS: of_seats["code"]}
    return Freeze(
        freeze_id, meeting_id, exact, as_of, known_at, definition, numbers, codes,
        frozenset(kept["open_ids"]), recorded_at, seats_of,
    )  # fmt: skip
