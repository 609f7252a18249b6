"""What the command line asks about privacy: one definition each, wherever the database is open."""

from collections.abc import Callable, Mapping
from typing import Any

from sandkasse import audit
from sandkasse.database import Database

Arguments = dict[str, Any]
Result = dict[str, Any]


def proof(db: Database, arguments: Arguments) -> Result:
    """``audit``: the head of the audit's chain, and what is wrong with it.

    Arguments: ``verify``, a head that was kept elsewhere (None: none).

    :raises Invalid: when that is no head.
    """
    kept = arguments.get("verify")
    with db.reading() as reader:
        flaws = audit.flaws(reader, audit.read_head(kept) if kept else None)
        return {
            "flaws": [flaw.sentence for flaw in flaws],
            "head": str(audit.head(reader)),
            "entries": audit.head(reader).entries,
        }


COMMANDS: Mapping[str, Callable[[Database, Arguments], Result]] = {"audit": proof}
