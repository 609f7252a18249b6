"""Thirty-two threads that read and write the same few ideas: no update is lost, nobody waits for
ever, and whoever was not first is told."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sandkasse import comments, figures, i18n, idea_bank, integrity, pipeline
from sandkasse.database import Database
from sandkasse.errors import Conflict
from sandkasse.figures import Choice
from sandkasse.idea_bank import Filter
from sandkasse.ledger import Party
from tests.builders import JOURNEY, Cast, submitted
from tests.faults.length import SECONDS

pytestmark = [pytest.mark.faults, pytest.mark.slow]

WRITERS, READERS, IDEAS = 20, 12, 3
LONGEST_WAIT = 60.0


@dataclass
class Seen:
    """What the threads saw, counted under one lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    counts: Counter[str] = field(default_factory=Counter)
    rows: set[tuple[int, int]] = field(default_factory=set)
    faults: list[BaseException] = field(default_factory=list)

    def add(self, what: str, row: tuple[int, int] | None = None) -> None:
        with self.lock:
            self.counts[what] += 1
            if row is not None:
                assert row not in self.rows  # two were told that they wrote the same row
                self.rows.add(row)


def write(db: Database, cast: Cast, ideas: list[int], seen: Seen, chance: random.Random) -> None:
    """Look at an idea, think, and hand it over or say something."""
    idea_id = chance.choice(ideas)
    found = db.one("SELECT last_seq, ball FROM idea WHERE idea_id = ?", [idea_id])
    assert found is not None
    time.sleep(chance.uniform(0, 0.02))
    if chance.random() < 0.3:
        comments.say(db, cast.mentor, idea_id, "A word")
        seen.add("comments")
        return
    to = Party.MENTOR if found[1] == Party.STUDENT else Party.STUDENT
    try:
        move = pipeline.hand_over(db, cast.mentor, idea_id, to=to, expected_seq=found[0])
    except Conflict as conflict:
        seen.add(f"told: {conflict.message}")
        seen.add("conflicts")
    else:
        assert move.seq == found[0] + 1
        seen.add("moves", (idea_id, move.seq))


def read(db: Database, cast: Cast, ideas: list[int], seen: Seen, chance: random.Random) -> None:
    """Look at the idea bank or a figure, and at one idea, whose row and ledger must agree."""
    if chance.random() < 0.3:
        funnel = figures.cohort(db, cast.lead, Choice(JOURNEY))
        assert funnel.n == IDEAS
    else:
        assert idea_bank.find(db, cast.lead, Filter()).total == IDEAS
    with db.reading() as reader:
        kept, told = reader.one(
            "SELECT last_seq, (SELECT max(seq) FROM ledger AS l WHERE l.idea_id = i.idea_id) "
            "FROM idea AS i WHERE i.idea_id = ?", [chance.choice(ideas)]
        ) or (0, 0)  # fmt: skip
        assert kept == told
    seen.add("reads")


def test_no_update_is_lost_and_nobody_waits_for_ever(db: Database, cast: Cast) -> None:
    ideas = [submitted(db, cast.student) for _ in range(IDEAS)]
    seen, until = Seen(), time.monotonic() + SECONDS

    def work(number: int) -> None:
        chance = random.Random(number)
        doing = write if number < WRITERS else read
        try:
            with i18n.in_language("en"):
                while time.monotonic() < until and not seen.faults:
                    doing(db, cast, ideas, seen, chance)
        except BaseException as fault:  # noqa: BLE001 - told by the test
            seen.faults.append(fault)

    threads = [
        threading.Thread(target=work, args=(number,), daemon=True)
        for number in range(WRITERS + READERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS + LONGEST_WAIT)
    assert not any(thread.is_alive() for thread in threads)
    assert seen.faults == []
    assert set(db.rows("SELECT idea_id, seq FROM ledger WHERE kind = 'handover'")) == seen.rows
    assert db.value("SELECT count(*) FROM comment") == seen.counts["comments"]
    assert min(seen.counts[what] for what in ("moves", "conflicts", "comments", "reads")) > 0
    told = [what for what in seen.counts if what.startswith("told: ")]
    assert told == [
        "told: Mari Mentor changed this idea meanwhile. Look at it again before you go on."
    ]
    assert integrity.check(db) == []
    reopened(db.path, db, seen)


def reopened(path: Path, db: Database, seen: Seen) -> None:
    """What was there is there after a restart."""
    db.close()
    again = Database.open(path)
    assert again.value("SELECT count(*) FROM ledger WHERE kind = 'handover'") == len(seen.rows)
    again.close()
