"""Kill a process that writes what people write, again and again, and look after each kill for what
it was told is written.

    python -m tests.faults.killing FILE TIMES

Four threads write in each child: they submit ideas, move one, talk about one, and record what an
agency does. The next child opens what the kill left and first looks for all that was acknowledged;
some are killed while they open it.
"""

import sys
import threading
from collections import Counter
from collections.abc import Callable, Set
from functools import partial
from itertools import count
from pathlib import Path

from sandkasse import comments, gates, i18n, ideas, integrity, people, pipeline, touchpoints
from sandkasse.database import Database
from sandkasse.gates import Outcome as Gate
from sandkasse.matter import Kind, Outcome
from sandkasse.people import Actor
from sandkasse.touchpoints import Opening
from tests.builders import DESCRIPTION, JOURNEY, submitted
from tests.faults.nursery import READY, Say, chances, killed, told

#: What each kind of acknowledgement is looked for with.
_LOOKED_FOR = {
    "idea": "SELECT idea_id || '' FROM idea",
    "row": "SELECT idea_id || ':' || seq FROM ledger",
    "comment": "SELECT idea_id || ':' || body FROM comment",
    "event": "SELECT touchpoint_id || ':' || seq FROM touchpoint_event",
}
#: Each write leaves its audit row in the same transaction.
_HALF_WRITTEN = """
SELECT (SELECT count(*) FROM comment) - count(*) FILTER (action = 'idea.comment'),
       (SELECT count(*) FROM idea) - count(*) FILTER (action = 'idea.submit'),
       (SELECT count(*) FROM ledger WHERE kind = 'move') - count(*) FILTER (action = 'idea.move'),
       (SELECT count(*) FROM touchpoint_event)
           - count(*) FILTER (action IN ('touchpoint.open', 'touchpoint.record'))
FROM audit
"""
_EVENTS = (Kind.RECEIPT, Kind.QUESTION, Kind.ANSWER)

Acknowledged = Set[tuple[str, str]]


def submit(db: Database, student: Actor, _mentor: Actor, say: Say) -> None:
    """Submit ideas for ever."""
    while True:
        say(f"idea {ideas.submit(db, student, JOURNEY, DESCRIPTION)}")


def move(db: Database, student: Actor, mentor: Actor, say: Say) -> None:
    """Move an idea out and in for ever."""
    idea_id, seq = submitted(db, student), 1
    first, second = (stage for (stage,) in db.rows(
        "SELECT stage_id FROM stage WHERE journey_id = ? ORDER BY position LIMIT 2", [JOURNEY]
    ))  # fmt: skip
    met = {state.gate.id: Gate.MET for state in gates.states(db, mentor, idea_id)}
    while True:
        to, reason = (second, None) if seq % 2 else (first, "not_ready")
        done = pipeline.move_idea(
            db, mentor, idea_id, to=to, expected_seq=seq, reason=reason, note="So it is.",
            gates=met if seq % 2 else None,
        )  # fmt: skip
        seq = done.seq
        say(f"row {idea_id}:{seq}")


def talk(db: Database, student: Actor, _mentor: Actor, say: Say) -> None:
    """Comment on an idea for ever."""
    idea_id = submitted(db, student)
    for number in count():
        comments.say(db, student, idea_id, f"comment-{number}")
        say(f"comment {idea_id}:comment-{number}")


def deal(db: Database, student: Actor, mentor: Actor, say: Say) -> None:
    """Open matters with an agency and see them through, for ever."""
    idea_id = submitted(db, student)
    opening = Opening("skatteetaten", title="A question", sent=True)
    while True:
        touchpoint_id = touchpoints.open_matter(db, mentor, idea_id, opening)
        say(f"event {touchpoint_id}:1")
        for seq, kind in enumerate((*_EVENTS, Kind.DECIDED), 2):
            outcome = Outcome.APPROVED if kind is Kind.DECIDED else None
            touchpoints.record(
                db, mentor, touchpoint_id, kind, expected_seq=seq - 1, outcome=outcome, note="Words"
            )
            say(f"event {touchpoint_id}:{seq}")


WORK: tuple[Callable[[Database, Actor, Actor, Say], None], ...] = (submit, move, talk, deal)


def write(file: Path, expected: Acknowledged, say: Say) -> None:
    """Look for what was acknowledged, then write until killed."""
    db = Database.open(file)
    look(db, expected)
    say(READY)
    student, mentor = (
        people.actor_of(db, person_id)
        for (person_id,) in db.rows(
            "SELECT person_id FROM person WHERE name IN ('Sara Student', 'Mari Mentor') "
            "ORDER BY name DESC"
        )
    )
    failed = threading.Event()

    def run(work: Callable[[Database, Actor, Actor, Say], None]) -> None:
        try:
            work(db, student, mentor, say)
        finally:
            failed.set()

    for work in WORK:
        threading.Thread(target=run, args=(work,)).start()
    failed.wait()
    raise RuntimeError("A writer gave up.")


def look(db: Database, expected: Acknowledged) -> None:
    """Refuse a file that lacks what was acknowledged, or holds half of a write."""
    kept = {(kind, key) for kind, sql in _LOOKED_FOR.items() for (key,) in db.rows(sql)}
    if lost := expected - kept:
        raise RuntimeError(f"lost: {sorted(lost)[:10]}")
    if any(halves := db.one(_HALF_WRITTEN) or ()):
        raise RuntimeError(f"half-written: {halves}")


def main(file: Path, times: int) -> None:
    """Kill so many times, then look the file over."""
    chance = chances(2026)
    expected: set[tuple[str, str]] = set()
    kinds: Counter[str] = Counter()
    in_vain = 0
    for _ in range(times):
        early = chance.random() < 0.15
        lines = killed(
            partial(write, file, frozenset(expected)),
            chance.uniform(0.0, 0.5),
            after_ready=not early,
        )
        new = {(kind, key) for kind, key in (line.split(" ", 1) for line in lines if line != READY)}
        in_vain += not new
        expected |= new
        kinds.update(kind for kind, _key in new)
    db = Database.open(file)
    look(db, expected)
    told("kills", times, "before-a-write", in_vain, *(f"{kind}={n}" for kind, n in kinds.items()))
    for finding in integrity.check(db):
        told("wrong:", finding.line)
    told("looked over")
    db.close()


if __name__ == "__main__":
    i18n.set_language("en")
    main(Path(sys.argv[1]), int(sys.argv[2]))
