"""Notices: what concerns a person, told on the own page and, where it was chosen, by mail.

A notice is written in the transaction of what it tells. It names what happened and to which idea;
the sentence is made when it is shown, in the reader's language. Mail goes out by
:mod:`sandkasse.mailing`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sandkasse import access, clock
from sandkasse.access import Action, writing
from sandkasse.database import Database, Reader, Transaction
from sandkasse.errors import Invalid
from sandkasse.i18n import N_, _
from sandkasse.people import Actor

PAGE_SIZE = 20


class Notice(StrEnum):
    """What a notice is about."""

    BALL = "ball"
    MOVE = "move"
    COMMENT = "comment"
    MENTOR = "mentor"
    PUBLISHED = "published"
    NOT_PUBLISHED = "not_published"
    QUESTION = "question"
    ANSWER = "answer"
    DECIDED = "decided"
    IMPARTIALITY = "impartiality"
    DEADLINE = "deadline"
    RECEIPT = "receipt"
    ACTION = "action"
    APPLICATION_CAME = "application_came"
    APPLICATION_MOVED = "application_moved"
    WORKLOAD = "workload"
    JOB_TIE = "job_tie"


#: What is said of each; it holds no text that anybody wrote.
SENTENCES = {
    Notice.BALL: N_("The ball is with you"),
    Notice.MOVE: N_("It was moved"),
    Notice.COMMENT: N_("Somebody wrote in the conversation"),
    Notice.MENTOR: N_("You mentor it now"),
    Notice.PUBLISHED: N_("Its public text was approved"),
    Notice.NOT_PUBLISHED: N_("Its public text was not approved"),
    Notice.QUESTION: N_("An agency has asked something"),
    Notice.ANSWER: N_("An agency's question was answered"),
    Notice.DECIDED: N_("An agency has decided"),
    Notice.DEADLINE: N_("A deadline is near"),
    Notice.RECEIPT: N_("A meeting has decided about it"),
    Notice.ACTION: N_("You have something to do after a meeting"),
    Notice.APPLICATION_CAME: N_("Somebody has applied for a position"),
    Notice.APPLICATION_MOVED: N_("There is news about an application"),
    Notice.WORKLOAD: N_("Job and idea take more hours a week than the student wants"),
    Notice.JOB_TIE: N_("A student has a job at an agency that the student's idea deals with"),
    Notice.IMPARTIALITY: N_("Somebody who takes part has a tie to an agency it deals with"),
}


class Mail(StrEnum):
    """How a person wants notices by mail."""

    NONE = "none"
    AT_ONCE = "at_once"
    DAILY = "daily"


MAIL_NAMES = {
    Mail.NONE: N_("Not by mail"),
    Mail.AT_ONCE: N_("At once"),
    Mail.DAILY: N_("Once a day"),
}


@dataclass(frozen=True)
class Told:
    """A notice as its reader sees it. Times are aware UTC."""

    notice_id: int
    kind: Notice
    idea_id: int | None
    idea_title: str
    touchpoint_id: int | None
    created_at: datetime
    unread: bool
    application_id: int | None = None


@dataclass(frozen=True)
class Page:
    """A page of notices, latest first, how many there are in all, and how many are unread."""

    rows: tuple[Told, ...]
    total: int
    unread: int


# The people concerned by what happens to an idea. A blocked person is told nothing.
_CONCERNED = {
    "team": "SELECT person_id FROM team_of WHERE idea_id = $idea_id",
    "mentors": "SELECT mentor_id FROM mentor_of WHERE idea_id = $idea_id",
    "leads": "SELECT person_id FROM current_role_of WHERE role = 'lead'",
}


def tell(
    tx: Transaction,
    kind: Notice,
    to: Iterable[str],
    *,
    idea_id: int | None,
    by: int | None,
    touchpoint_id: int | None = None,
    application_id: int | None = None,
    person_ids: Iterable[int] = (),
    about: str = "",
) -> None:
    """Tell the ``team``, ``mentors`` or ``leads`` of an idea, and these people, what happened; not
    whoever did it (``by``). Part of the transaction of what happened. ``about`` tells apart what
    would be told again of one idea, as one deadline from another.
    """
    groups = " UNION ".join(
        [*(_CONCERNED[group] for group in to), "SELECT unnest($people::BIGINT[])"]
    )
    now = clock.now()
    values: dict[str, Any] = {
        "kind": kind, "idea_id": idea_id, "touchpoint_id": touchpoint_id, "now": now,
        "by": by, "people": list(person_ids), "about": about, "application_id": application_id,
    }  # fmt: skip
    tx.execute(
        f"""
        WITH concerned AS (
            SELECT p.person_id
            FROM person AS p
            WHERE p.person_id IN ({groups})
              AND p.person_id IS DISTINCT FROM $by AND p.blocked_at IS NULL
        )
        INSERT INTO notice (person_id, kind, idea_id, touchpoint_id, application_id, about,
                            created_at)
        SELECT person_id, $kind, $idea_id, $touchpoint_id, $application_id, $about, $now
        FROM concerned
        """,  # noqa: S608
        values,
    )
    tx.execute(
        """
        INSERT INTO mail_event (notice_id, seq, kind, recorded_at)
        SELECT n.notice_id, 1, 'queued', $now
        FROM notice AS n
        JOIN person AS p ON p.person_id = n.person_id AND p.email IS NOT NULL
        JOIN (
            SELECT person_id, arg_max(mail, seq) AS mail FROM notice_choice GROUP BY person_id
        ) AS c ON c.person_id = n.person_id AND c.mail <> 'none'
        WHERE n.created_at = $now AND n.idea_id IS NOT DISTINCT FROM $idea_id
          AND n.kind = $kind AND n.about = $about
          AND NOT EXISTS (FROM mail_event AS m WHERE m.notice_id = n.notice_id)
        """,
        {"now": now, "idea_id": idea_id, "kind": kind, "about": about},
    )


def mine(db: Database, actor: Actor, page: int = 1, *, unread_only: bool = False) -> Page:
    """A page (from 1) of the actor's own notices, latest first."""
    access.require(actor, Action.CHANGE_OWN_SETTINGS)
    counted = db.one(
        "SELECT count(*), count(*) FILTER (read_at IS NULL) FROM notice WHERE person_id = ?",
        [actor.person_id],
    )
    total, unread = counted or (0, 0)
    # Whoever has left a team is still told what was told then, but not what the idea is called.
    seen = access.reach_touchpoint(actor, Action.SEE_TOUCHPOINT)
    rows = db.rows(
        f"""
        SELECT n.notice_id, n.kind, n.idea_id,
               CASE WHEN ({seen.sql}) THEN i.title ELSE '' END, n.touchpoint_id,
               n.created_at, n.read_at IS NULL, n.application_id
        FROM notice AS n
        LEFT JOIN idea AS i ON i.idea_id = n.idea_id
        LEFT JOIN touchpoint AS t ON t.touchpoint_id = n.touchpoint_id
        WHERE n.person_id = $actor AND (NOT $unread_only OR n.read_at IS NULL)
        ORDER BY n.created_at DESC, n.notice_id DESC
        LIMIT $size OFFSET $offset
        """,  # noqa: S608
        {
            **seen.parameters, "actor": actor.person_id, "unread_only": unread_only,
            "size": PAGE_SIZE, "offset": (max(page, 1) - 1) * PAGE_SIZE,
        },
    )  # fmt: skip
    told = tuple(Told(key, Notice(kind), *rest) for key, kind, *rest in rows)
    return Page(told, int(unread if unread_only else total), int(unread))


def mark_read(db: Database, actor: Actor, notice_ids: Iterable[int] | None = None) -> None:
    """Mark these of the actor's own notices as read, or all when None."""
    with writing(db, actor, Action.CHANGE_OWN_SETTINGS) as write:
        chosen = None if notice_ids is None else list(notice_ids)
        write.tx.execute(
            """
            UPDATE notice SET read_at = $now
            WHERE person_id = $actor AND read_at IS NULL
              AND ($chosen IS NULL OR list_contains($chosen::BIGINT[], notice_id))
            """,
            {"now": clock.now(), "actor": actor.person_id, "chosen": chosen},
        )
        write.subject = f"person:{actor.person_id}"
        write.detail["notices"] = "read"


def mail_choice(reader: Database | Reader, person_id: int) -> Mail:
    """How a person wants notices by mail; not at all until they have chosen."""
    found = reader.value(
        "SELECT arg_max(mail, seq) FROM notice_choice WHERE person_id = ?", [person_id]
    )
    return Mail(found) if found else Mail.NONE


def own_mail_choice(db: Database, actor: Actor) -> Mail:
    """How the actor wants notices by mail."""
    access.require(actor, Action.CHANGE_OWN_SETTINGS)
    return mail_choice(db, actor.person_id)


def choose_mail(db: Database, actor: Actor, mail: str) -> None:
    """Choose how to get notices by mail. :raises Invalid: an unknown choice."""
    with writing(db, actor, Action.CHANGE_OWN_SETTINGS) as write:
        if mail not in set(Mail):
            raise Invalid(_("Choose from the list."), "mail")
        write.tx.execute(
            """
            INSERT INTO notice_choice (person_id, seq, mail, recorded_at)
            SELECT ?, coalesce(max(seq), 0) + 1, ?, ? FROM notice_choice WHERE person_id = ?
            """,
            [actor.person_id, mail, clock.now(), actor.person_id],
        )
        write.subject = f"person:{actor.person_id}"
        write.detail["mail"] = mail
