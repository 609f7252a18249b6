"""Who mentors which idea: taking, sharing and handing over, and each mentor's load."""

from dataclasses import dataclass

from sandkasse import access, clock, impartiality, people
from sandkasse.access import Action, Writing, writing
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.i18n import _
from sandkasse.notices import Notice, tell
from sandkasse.people import Actor, Role


@dataclass(frozen=True)
class Load:
    """A mentor's open ideas, and how many of them wait for a mentor or are on hold."""

    mentor_id: int
    name: str
    open: int
    waiting: int
    on_hold: int


def mentors_of(db: Database, idea_ids: list[int]) -> dict[int, list[tuple[int, str]]]:
    """The mentors (id, name) of each of these ideas; the caller has checked that they are seen."""
    if not idea_ids:
        return {}
    rows = db.rows(
        """
        WITH chosen AS (
            SELECT idea_id, mentor_id
            FROM mentoring WHERE idea_id IN (SELECT unnest(?::BIGINT[]))
            GROUP BY idea_id, mentor_id HAVING arg_max(active, seq)
        )
        SELECT c.idea_id, c.mentor_id, p.name
        FROM chosen AS c JOIN person AS p ON p.person_id = c.mentor_id ORDER BY p.name
        """,
        [idea_ids],
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for idea_id, mentor_id, name in rows:
        found.setdefault(idea_id, []).append((mentor_id, name))
    return found


def take(db: Database, actor: Actor, idea_id: int) -> None:
    """Become a mentor of the idea.

    :raises Invalid: when one is already. :raises NotAllowed: without the right.
    :raises NotFound: when the idea is out of reach.
    """
    share(db, actor, idea_id, actor.person_id)


def share(db: Database, actor: Actor, idea_id: int, mentor_id: int) -> None:
    """Add a mentor beside those the idea has. Errors as for :func:`take`."""
    with writing(db, actor, Action.MENTOR_IDEA, idea_id=idea_id) as write:
        _join(db, write, actor, idea_id, mentor_id)


def hand_over(db: Database, actor: Actor, idea_id: int, mentor_id: int) -> None:
    """Let another mentor take the actor's place. Errors as for :func:`take`."""
    with writing(db, actor, Action.MENTOR_IDEA, idea_id=idea_id) as write:
        _join(db, write, actor, idea_id, mentor_id)
        _append(write, actor, idea_id, actor.person_id, active=False)


def leave(db: Database, actor: Actor, idea_id: int) -> None:
    """Stop mentoring the idea. Errors as for :func:`take`."""
    with writing(db, actor, Action.MENTOR_IDEA, idea_id=idea_id) as write:
        if actor.person_id not in _present(write, idea_id):
            raise Invalid(_("You do not mentor this idea."))
        _append(write, actor, idea_id, actor.person_id, active=False)


def loads(db: Database, actor: Actor) -> list[Load]:
    """Every mentor's load, heaviest first. :raises NotAllowed: for all but mentors and leads."""
    access.require(actor, Action.SEE_MENTOR_LOAD)
    rows = db.rows(
        """
        SELECT p.person_id, p.name,
               count(i.idea_id) AS open,
               count(i.idea_id) FILTER (i.ball = 'mentor' AND i.held_at IS NULL),
               count(i.idea_id) FILTER (i.held_at IS NOT NULL)
        FROM person AS p
        JOIN current_role_of AS r ON r.person_id = p.person_id AND r.role = 'mentor'
        LEFT JOIN mentor_of AS m ON m.mentor_id = p.person_id
        LEFT JOIN idea AS i ON i.idea_id = m.idea_id AND i.exit_id IS NULL
        WHERE p.blocked_at IS NULL
        GROUP BY p.person_id, p.name
        ORDER BY open DESC, p.name
        """
    )
    return [Load(*row) for row in rows]


def _present(write: Writing, idea_id: int) -> set[int]:
    rows = write.tx.rows("SELECT mentor_id FROM mentor_of WHERE idea_id = ?", [idea_id])
    return {mentor_id for (mentor_id,) in rows}


def _join(db: Database, write: Writing, actor: Actor, idea_id: int, mentor_id: int) -> None:
    mentor = people.find(db, mentor_id)
    if mentor.blocked or mentor.roles.isdisjoint({Role.MENTOR, Role.LEAD}):
        raise Invalid(_("Choose a mentor."), "mentor")
    if mentor_id in _present(write, idea_id):
        raise Invalid(_("{name} mentors this idea already.").format(name=mentor.name), "mentor")
    _append(write, actor, idea_id, mentor_id, active=True)
    tell(write.tx, Notice.MENTOR, (), idea_id=idea_id, by=actor.person_id, person_ids=[mentor_id])
    impartiality.tell_of_person(write.tx, idea_id, mentor_id)


def _append(write: Writing, actor: Actor, idea_id: int, mentor_id: int, *, active: bool) -> None:
    write.tx.execute(
        """
        INSERT INTO mentoring (idea_id, seq, mentor_id, active, actor_id, recorded_at)
        SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ? FROM mentoring WHERE idea_id = ?
        """,
        [idea_id, mentor_id, active, actor.person_id, clock.now(), idea_id],
    )
    write.detail["joined" if active else "left"] = mentor_id
