"""A process that appends to an idea until its file may not grow. It says each row that it was told
is written: ``idea seq`` on a line of its own.

    python -m tests.faults.appending FILE LARGEST_FILE_IN_BYTES
"""

import os
import resource
import sys
from pathlib import Path

from sandkasse import i18n, integrity, people, pipeline
from sandkasse.database import Database
from sandkasse.errors import DatabaseFailed
from sandkasse.ledger import Party

NOTE = "x" * 1_000


def say(*words: object) -> None:
    """A line on the standard output, written whole."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def append_on(db: Database, idea_id: int) -> None:
    """Hand the idea over and back for ever, saying each row that is written."""
    last, ball = db.one("SELECT last_seq, ball FROM idea WHERE idea_id = ?", [idea_id]) or (0, "")
    while True:
        to = Party.MENTOR if ball == Party.STUDENT else Party.STUDENT
        move = pipeline.hand_over(db, people.OPERATOR, idea_id, to=to, expected_seq=last, note=NOTE)
        say(idea_id, move.seq)
        last, ball = move.seq, to


def until_full(db: Database, largest: int) -> None:
    """Append to one idea until the file may not grow, say why, make room, and go on a little."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    (idea_id,) = db.one("SELECT min(idea_id) FROM idea") or (0,)
    try:
        append_on(db, idea_id)
    except DatabaseFailed as error:
        say("failed:", error.message)
    # Of the audit it cannot tell a failed write from a lost row until the next one is there.
    say("findings while full:", len([one for one in integrity.check(db) if one.rule != "audit"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    last, ball = db.one("SELECT last_seq, ball FROM idea WHERE idea_id = ?", [idea_id]) or (0, "")
    to = Party.MENTOR if ball == Party.STUDENT else Party.STUDENT
    move = pipeline.hand_over(db, people.OPERATOR, idea_id, to=to, expected_seq=last)
    say(idea_id, move.seq)
    say("went on")
    db.close()


if __name__ == "__main__":
    i18n.set_language("en")
    database = Database.open(Path(sys.argv[1]))
    until_full(database, int(sys.argv[2]))
