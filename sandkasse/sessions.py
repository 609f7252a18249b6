"""What is open: each sign-in is one session, shared by all windows of a browser, until it ends.

It ends by signing out, by being ended from elsewhere, when nothing was asked for in it for too
long, or when the sign-in has become too old (:func:`sandkasse.sign_in.claims.require_fresh`). An
ended session never opens anything again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from sandkasse import clock, people
from sandkasse.access import Action, require, writing
from sandkasse.database import Database, Transaction
from sandkasse.errors import NotFound
from sandkasse.i18n import _
from sandkasse.people import Actor


@dataclass(frozen=True)
class Session:
    """An open session. ``seq`` is the sign-in's number among the person's own; ``here`` tells
    whether it is the one that asks. Times are aware, in UTC."""

    seq: int
    provider: str
    signed_in_at: datetime
    here: bool


class LastAsked:
    """When something was last asked for in each session.

    Only this process knows: to keep it in the file would be a write for every click. After a start
    of the app a session counts as just used, and still ends when its sign-in is too old.
    """

    def __init__(self) -> None:
        self._at: dict[str, datetime] = {}
        self._lock = Lock()

    def too_long_ago(self, session: str, minutes: float) -> bool:
        """Whether more than ``minutes`` have passed since the last call for this session that was
        answered no; such a call counts as asking for something."""
        now = clock.now()
        oldest = now - timedelta(minutes=minutes)
        with self._lock:
            if self._at.get(session, now) < oldest:
                return True
            self._at[session] = now
            if len(self._at) > _MANY:
                self._at = {one: at for one, at in self._at.items() if at >= oldest}
        return False


_MANY = 10_000


def whose(db: Database, session: str) -> tuple[int | None, bool]:
    """Whose session this is, None when it is new; and whether it has been ended."""
    return (
        db.value("SELECT person_id FROM sign_in WHERE session = ?", [session]),
        bool(db.value("SELECT count(*) FROM sign_out WHERE session = ?", [session])),
    )


def end(db: Database, session: str) -> None:
    """Let this session open nothing any more; once is enough."""
    with db.transaction() as tx:
        _end(tx, "session = ?", [session], clock.now())


def own(db: Database, actor: Actor, hours: float, here: str | None) -> list[Session]:
    """The open sessions of the actor, the latest first.

    :param hours: for so long after it was made a sign-in counts.
    :param here: the session that asks.
    :raises NotAllowed: without the right to what is one's own.
    """
    require(actor, Action.SEE_OWN_DATA)
    rows = db.rows(
        """
        SELECT seq, provider, issued_at, session
        FROM sign_in ANTI JOIN sign_out USING (session)
        WHERE person_id = ? AND issued_at > ?
        ORDER BY seq DESC
        """,
        [actor.person_id, clock.now() - timedelta(hours=hours)],
    )
    return [Session(seq, name, at, session == here) for seq, name, at, session in rows]


def end_own(db: Database, actor: Actor, seq: int) -> None:
    """End one of the own sessions, by its number. Ending it again changes nothing.

    :raises NotAllowed: without a role. :raises NotFound: when one has no such session.
    """
    with writing(db, actor, Action.CHANGE_OWN_SETTINGS) as write:
        mine = "person_id = ? AND seq = ?"
        if not _end(write.tx, mine, [actor.person_id, seq], clock.now()):
            raise NotFound(_("You have no such sign-in."))
        write.detail["session"] = seq


def end_all(db: Database, actor: Actor, person_id: int) -> None:
    """End every session of somebody, who may sign in again.

    :raises NotAllowed: for others than leads. :raises NotFound: when there is no such person.
    """
    with writing(db, actor, Action.END_SESSIONS, subject=f"person:{person_id}") as write:
        people.find(db, person_id)
        write.detail["sessions"] = end_each_of(write.tx, person_id, clock.now())


def end_each_of(tx: Transaction, person_id: int, at: datetime) -> int:
    """End every session of somebody at a moment, as a part of a transaction that is audited by its
    caller; how many sign-ins there ever were."""
    return _end(tx, "person_id = ?", [person_id], at)


def _end(tx: Transaction, which: str, values: list[object], at: datetime) -> int:
    """End sessions; how many sign-ins were meant, ended before or not."""
    tx.execute(
        f"""
        INSERT INTO sign_out (session, recorded_at)
        SELECT session, ? FROM sign_in ANTI JOIN sign_out USING (session) WHERE {which}
        """,  # noqa: S608
        [at, *values],
    )
    return int(tx.value(f"SELECT count(*) FROM sign_in WHERE {which}", values))  # noqa: S608
