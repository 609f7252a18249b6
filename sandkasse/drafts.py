"""A form that is not sent yet, kept so that it is there next time. One a person."""

import json
from dataclasses import asdict
from datetime import date

from sandkasse import clock
from sandkasse.access import Action, writing
from sandkasse.database import Database, Transaction
from sandkasse.descriptions import Description
from sandkasse.errors import Invalid
from sandkasse.people import Actor
from sandkasse.texts import LIMITS, problem_with


def save(db: Database, actor: Actor, journey_id: str, description: Description) -> None:
    """Keep what the form holds, whatever it is, so that it is there next time.

    :raises Invalid: when a text is longer than its field allows.
    """
    content = json.dumps(
        {"journey_id": journey_id, **asdict(description)}, ensure_ascii=False, default=str
    )
    with writing(db, actor, Action.SAVE_DRAFT, subject=f"person:{actor.person_id}") as write:
        # It is saved with each field, and is on no list and in no figure.
        write.tx.aside = True
        for field in ("title", "problem", "solution", "audience", "needs", "team"):
            if len(getattr(description, field)) > LIMITS[field]:
                raise Invalid(problem_with(getattr(description, field), field) or "", field)
        known = write.tx.value("SELECT count(*) FROM draft WHERE person_id = ?", [actor.person_id])
        if known:
            write.tx.execute(
                "UPDATE draft SET content = ?, saved_at = ? WHERE person_id = ?",
                [content, clock.now(), actor.person_id],
            )
        else:
            write.tx.execute(
                "INSERT INTO draft (person_id, content, saved_at) VALUES (?, ?, ?)",
                [actor.person_id, content, clock.now()],
            )


def find(db: Database, actor: Actor) -> tuple[str, Description] | None:
    """The actor's unfinished idea with its journey, or None."""
    content = db.value("SELECT content FROM draft WHERE person_id = ?", [actor.person_id])
    if content is None:
        return None
    kept = json.loads(content)
    journey_id = kept.pop("journey_id")
    graduation = date.fromisoformat(kept["graduation"]) if kept["graduation"] else None
    return journey_id, Description(
        **{**kept, "graduation": graduation, "agencies": tuple(kept["agencies"])}
    )


def clear_draft(tx: Transaction, actor: Actor) -> None:
    """Forget the actor's draft, if there is one; part of the write that makes an idea of it."""
    if tx.value("SELECT count(*) FROM draft WHERE person_id = ?", [actor.person_id]):
        tx.execute("DELETE FROM draft WHERE person_id = ?", [actor.person_id])
