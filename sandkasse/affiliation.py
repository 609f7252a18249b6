"""Whether somebody still belongs: what was said at each sign-in, and when access ends.

Access that comes from being a student or an employee ends when that has ended and some days have
passed since it was last seen. How many is a setting, and an assumption (``data/sign_in.toml``). A
lead can say that somebody keeps the access until a later day. Whoever was never seen to belong has
the access from a lead, and keeps it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sandkasse import access, clock, people
from sandkasse.access import Action, writing
from sandkasse.database import Database, Transaction
from sandkasse.errors import Invalid, NotAllowed
from sandkasse.i18n import _, date_text
from sandkasse.people import Actor
from sandkasse.sign_in import Claims

#: A lead extends by at most so many days at a time.
MOST_DAYS = 366


@dataclass(frozen=True)
class Belonging:
    """What the latest sign-in said, and what follows. Times are aware, in UTC."""

    provider: str
    read_at: datetime
    #: None where nobody was asked.
    affiliations: tuple[str, ...] | None
    #: Whether somebody belonged at the latest sign-in; None where nothing is asked for.
    belongs: bool | None
    last_seen: datetime | None
    extended_until: date | None
    #: The first moment without access; None while it does not end.
    ends_at: datetime | None

    @property
    def has_ended(self) -> bool:
        """Whether the access has ended by now."""
        return self.ends_at is not None and self.ends_at <= clock.now()


def append(tx: Transaction, person_id: int, claims: Claims, belongs: bool | None) -> None:
    """Keep what a sign-in said; part of a transaction that is audited by its caller.

    :raises Conflict: at the commit, when another window was first with the same sign-in.
    """
    told = None if claims.affiliations is None else " ".join(claims.affiliations)
    tx.execute(
        """
        INSERT INTO sign_in
            (person_id, seq, session, provider, issued_at, recorded_at, affiliations, belongs)
        SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ?, ?, ? FROM sign_in WHERE person_id = ?
        """,
        [
            person_id, claims.session, claims.provider, claims.issued_at, clock.now(),
            told, belongs, person_id,
        ],
    )  # fmt: skip


# One row a person among `ids` who has signed in: the latest sign-in, when one was last seen to
# belong, and the latest extension.
_LATEST = """
WITH latest AS (
    FROM sign_in WHERE person_id IN (SELECT unnest($ids))
    QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY seq DESC) = 1
),
seen AS (
    SELECT person_id, max(recorded_at) AS last_seen FROM sign_in
    WHERE belongs AND person_id IN (SELECT unnest($ids))
    GROUP BY person_id
),
extension AS (
    FROM access_extension WHERE person_id IN (SELECT unnest($ids))
    QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY seq DESC) = 1
)
SELECT l.person_id, l.provider, l.recorded_at, l.affiliations, l.belongs, s.last_seen, e.until
FROM latest AS l
LEFT JOIN seen AS s ON s.person_id = l.person_id
LEFT JOIN extension AS e ON e.person_id = l.person_id
"""


def of(db: Database, person_ids: Collection[int], grace_days: int) -> dict[int, Belonging]:
    """What is known of these people, by id; those who never signed in are left out.

    For the person, and for screens of leads; the caller checks the right to see people.
    """
    rows = db.rows(_LATEST, {"ids": sorted(person_ids)})
    return {int(person_id): _belonging(grace_days, *said) for person_id, *said in rows}


def _belonging(
    grace_days: int,
    provider: str,
    read_at: datetime,
    affiliations: str | None,
    belongs: bool | None,
    last_seen: datetime | None,
    extended_until: date | None,
) -> Belonging:
    ends_at = None
    if belongs is False and last_seen is not None:
        ends_at = last_seen + timedelta(days=grace_days)
        if extended_until is not None:
            ends_at = max(ends_at, clock.start_of(extended_until + timedelta(days=1)))
    told = None if affiliations is None else tuple(affiliations.split())
    return Belonging(provider, read_at, told, belongs, last_seen, extended_until, ends_at)


def require(db: Database, person_id: int, grace_days: int) -> Belonging | None:
    """What is known of somebody who still has access.

    :raises NotAllowed: when it has ended, saying since when and what to do.
    """
    found = of(db, [person_id], grace_days).get(person_id)
    if found is not None and found.has_ended and found.ends_at is not None:
        raise NotAllowed(
            _(
                "Your access ended {date}, since you are no longer seen as a student or an "
                "employee. What you wrote is kept. Ask the project lead if you should have access "
                "for longer."
            ).format(date=date_text(found.ends_at - timedelta(seconds=1), "long"))
        )
    return found


def about(
    db: Database, actor: Actor, person_ids: Collection[int], grace_days: int
) -> dict[int, Belonging]:
    """As :func:`of`, for leads. :raises NotAllowed: for others."""
    access.require(actor, Action.SEE_PEOPLE)
    return of(db, person_ids, grace_days)


def extend(db: Database, actor: Actor, person_id: int, until: date | None) -> None:
    """Let somebody keep the access until the end of a day (in Europe/Oslo), or take that back.

    :raises Invalid: for a day that has passed, or is more than a year ahead.
    :raises NotAllowed: for others than leads. :raises NotFound: when there is no such person.
    """
    with writing(db, actor, Action.EXTEND_ACCESS, subject=f"person:{person_id}") as write:
        people.find(db, person_id)
        if until is not None and not 0 <= (until - clock.today()).days <= MOST_DAYS:
            raise Invalid(_("Choose a day from today on, and at most a year ahead."), "until")
        write.tx.execute(
            """
            INSERT INTO access_extension (person_id, seq, until, actor_id, recorded_at)
            SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ? FROM access_extension WHERE person_id = ?
            """,
            [person_id, until, actor.person_id, clock.now(), person_id],
        )
        write.detail["until"] = until
