"""Correcting what is kept about oneself.

Name and address come from the sign-in service at each sign-in and are corrected there. What people
write has its own way to be edited where it stands. The level is corrected here.
"""

from sandkasse.access import Action, writing
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.i18n import _
from sandkasse.people import LEVELS, Actor


def correct_level(db: Database, actor: Actor, level: str | None) -> None:
    """Say one's level anew; None: none. :raises Invalid: for one that there is not."""
    with writing(db, actor, Action.CORRECT_OWN, subject=f"person:{actor.person_id}") as write:
        if level is not None and level not in LEVELS:
            raise Invalid(_("Choose a level."), "level")
        write.tx.execute(
            "UPDATE person SET level = ? WHERE person_id = ?", [level, actor.person_id]
        )
        write.detail["level"] = level
