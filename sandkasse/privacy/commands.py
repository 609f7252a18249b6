"""What the command line asks about privacy: one definition each, wherever the database is open."""

from collections.abc import Callable, Mapping
from typing import Any

from sandkasse import audit
from sandkasse.database import Database
from sandkasse.i18n import language
from sandkasse.people import OPERATOR
from sandkasse.privacy import retention

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


def retain(db: Database, arguments: Arguments) -> Result:
    """``retention``: what has been kept long enough, by class, and letting it go.

    Arguments: ``apply`` (whether to act).

    :raises NotConfigured: when ``data/retention.toml`` cannot be used.
    """
    due = retention.plan(db, OPERATOR)
    done = retention.apply(db, OPERATOR) if arguments.get("apply") else {}
    return {
        "classes": [
            {
                "id": one.record_class.id,
                "name": one.record_class.name.text().in_(language()),
                "action": one.record_class.action,
                "cutoff": one.cutoff.isoformat() if one.cutoff else None,
                "counts": dict(one.counts),
            }
            for one in due
        ],
        "done": dict(done),
    }


COMMANDS: Mapping[str, Callable[[Database, Arguments], Result]] = {
    "audit": proof,
    "retention": retain,
}
