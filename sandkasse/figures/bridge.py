"""The bridge from one meeting's stock to the next's: what came, went, and was found later.

``opening`` is what was open as of, and as known at, the first moment. What was recorded since of
the time before it is ``found later``. Then, as known at the second moment, what came and went
between the two. So always: opening + found later + new + returned − completed − declined −
withdrawn − closed − merged = closing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sandkasse.access import Action, reach
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures import history
from sandkasse.figures.behind import Records
from sandkasse.figures.choice import Choice, ask
from sandkasse.figures.history import History
from sandkasse.figures.movement import CHANGES, steps
from sandkasse.i18n import _
from sandkasse.journeys import EXIT_KINDS, Journey
from sandkasse.people import Actor


@dataclass(frozen=True)
class Line:
    """``n`` steps by ``idea_ids`` that add to the stock or take from it (``sign`` 1 or -1)."""

    kind: str
    sign: int
    n: int
    idea_ids: frozenset[int]


@dataclass(frozen=True)
class Bridge:
    """From ``opening`` open ideas at the first moment to ``closing`` at the second; both are kept
    as ids as well."""

    choice: Choice
    journey: Journey
    opened_at: datetime
    as_of: datetime
    known_at: datetime
    opening: int
    lines: tuple[Line, ...]
    closing: int
    opening_ids: frozenset[int]
    closing_ids: frozenset[int]

    def ideas(self, bar: str) -> frozenset[int]:
        """The ideas behind a bar: ``opening``, ``closing``, or the kind of a line.

        :raises Invalid: when there is no such bar.
        """
        bars = {"opening": self.opening_ids, "closing": self.closing_ids}
        bars |= {line.kind: line.idea_ids for line in self.lines}
        if bar not in bars:
            raise Invalid(_("Choose one of the lines of the bridge."), "part")
        return bars[bar]

    def __hash__(self) -> int:
        return hash((self.choice, self.opened_at, self.as_of, self.known_at, self.lines))


def bridge(
    db: Database,
    actor: Actor,
    choice: Choice,
    opened_at: datetime,
    opening_known_at: datetime,
    opening_ids: Iterable[int] | None = None,
) -> Bridge:
    """The bridge from the stock at (``opened_at``, ``opening_known_at``) to that of ``choice``.

    ``opening_ids`` are the ideas that were open when the opening was frozen; None works them out
    anew. Aware UTC. :raises Invalid: when the first moment is after the second; else as for
    :func:`sandkasse.figures.choice.ask`.
    """
    question = ask(db, actor, choice)
    if opened_at > question.as_of or opening_known_at > question.known_at:
        raise Invalid(_("The bridge ends before it begins. Change one of the times."), "as_of")
    told = history.read(db, question)
    if opening_ids is None:
        earlier = replace(choice, as_of=opened_at, known_at=opening_known_at)
        frozen = _open(history.read(db, ask(db, actor, earlier)))
    else:
        frozen = frozenset(opening_ids)
    then, now = _open(told.until(opened_at)), _open(told)
    return Bridge(
        choice, question.journey, opened_at, question.as_of, question.known_at,
        len(frozen),
        (
            _found("found_in", 1, then - frozen),
            _found("found_out", -1, frozen - then),
            *_moved(told, opened_at),
        ),
        len(now), frozen, now,
    )  # fmt: skip


def records(
    db: Database, actor: Actor, drawn: Bridge, bar: str, *, limit: int = 50, offset: int = 0
) -> Records:
    """A page of the ideas behind a bar of a bridge (see :meth:`Bridge.ideas`), told as they are
    today: what was frozen may be about ideas that have since been corrected away. Errors as for
    :func:`sandkasse.figures.behind.records`, and for an unknown bar."""
    ask(db, actor, drawn.choice, Action.SEE_FUNNEL_RECORDS)
    ids = sorted(drawn.ideas(bar))
    seen = reach(actor, Action.SEE_FUNNEL_RECORDS)
    behind = f"FROM idea AS i WHERE i.idea_id = ANY ($ids) AND ({seen.sql})"
    asked = {**seen.parameters, "ids": ids}
    rows = db.frame(
        f"""
        SELECT i.idea_id, i.title,
               CASE WHEN i.publication = 'published' THEN i.public_text ELSE '' END AS public_text,
               i.level, i.theme, i.stage_id, i.first_at, i.exit_kind
        {behind}
        ORDER BY i.first_at, i.idea_id LIMIT $limit OFFSET $offset
        """,
        {**asked, "limit": limit, "offset": offset},
    )
    return Records(rows, len(ids), int(db.value(f"SELECT count(*) {behind}", asked)))


def _open(told: History) -> frozenset[int]:
    return frozenset(told.idea_ids[told.ended == 0].tolist())


def _found(kind: str, sign: int, ideas: frozenset[int]) -> Line:
    return Line(kind, sign, len(ideas), ideas)


def _moved(told: History, since: datetime) -> list[Line]:
    """What came and went after ``since``."""
    moved = steps(told, Choice(told.journey.id))
    moved = moved.only(told.at[moved.row] > history.micros(since))
    parts = [("new", 1, "entered", 0), ("returned", 1, "reopened", 0)]
    parts += [(kind, -1, "left", code) for code, kind in enumerate(EXIT_KINDS, start=1)]
    lines = []
    for kind, sign, change, exit_code in parts:
        made = moved.change == CHANGES.index(change)
        if exit_code:
            made &= moved.exit_kind == exit_code
        ideas = told.idea_ids[moved.idea[made]].tolist()
        lines.append(Line(kind, sign, len(ideas), frozenset(ideas)))
    return lines
