"""What team and mentors say to each other about an idea."""

from dataclasses import dataclass
from datetime import datetime

from sandkasse import clock
from sandkasse.access import Action, require_for_idea, writing
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.i18n import _
from sandkasse.notices import Notice, tell
from sandkasse.people import Actor
from sandkasse.texts import problem_with, tidy


@dataclass(frozen=True)
class Comment:
    """Something said between team and mentors."""

    author: str
    body: str
    recorded_at: datetime


def say(db: Database, actor: Actor, idea_id: int, body: str) -> None:
    """Say something to the team and the mentors.

    :raises Invalid: an empty or too long text. :raises NotFound: out of reach.
    :raises NotAllowed: without the right.
    """
    with writing(db, actor, Action.COMMENT, idea_id=idea_id) as write:
        text = tidy(body)
        fault = problem_with(text, "comment")
        if fault or not text:
            raise Invalid(fault or _("Write something first."), "comment")
        write.tx.execute(
            "INSERT INTO comment (idea_id, author_id, body, recorded_at) VALUES (?, ?, ?, ?)",
            [idea_id, actor.person_id, text, clock.now()],
        )
        to = ("team", "mentors")
        tell(write.tx, Notice.COMMENT, to, idea_id=idea_id, by=actor.person_id)


def listed(db: Database, actor: Actor, idea_id: int) -> list[Comment]:
    """What team and mentors said, oldest first. :raises NotFound: out of the actor's reach."""
    require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    rows = db.rows(
        """
        SELECT coalesce(p.name, ''), c.body, c.recorded_at
        FROM comment AS c LEFT JOIN person AS p ON p.person_id = c.author_id
        WHERE c.idea_id = ? ORDER BY c.comment_id
        """,
        [idea_id],
    )
    return [Comment(*row) for row in rows]
