"""Who is called to a meeting, and who came: known people, and others by their name.

Each change is a row; the last row of a person (or a name) counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sandkasse import access, clock
from sandkasse.access import Action, Writing, writing
from sandkasse.database import Database, Reader
from sandkasse.errors import Invalid, InvalidFields
from sandkasse.i18n import N_, _
from sandkasse.meetings import calling
from sandkasse.people import Actor
from sandkasse.texts import problem_with, tidy


class Standing(StrEnum):
    """Whether somebody is only called, came, or did not come."""

    INVITED = "invited"
    PRESENT = "present"
    ABSENT = "absent"


STANDING_NAMES = {
    Standing.INVITED: N_("Invited"),
    Standing.PRESENT: N_("Present"),
    Standing.ABSENT: N_("Absent"),
}

_REMOVED = "removed"


@dataclass(frozen=True)
class Attendee:
    """Somebody on a meeting's list: a known person, or (``person_id`` None) somebody named only."""

    person_id: int | None
    name: str
    agency_id: str | None
    standing: Standing


@dataclass(frozen=True)
class Invitable:
    """Somebody who can be called to meetings."""

    person_id: int
    name: str
    agency_id: str | None


_LISTED = """
WITH latest AS (
    SELECT person_id, name, arg_max(standing, seq) AS standing
    FROM attendance WHERE meeting_id = ?
    GROUP BY person_id, name
)
SELECT l.person_id, coalesce(p.name, l.name, ''), p.agency_id, l.standing
FROM latest AS l
LEFT JOIN person AS p ON p.person_id = l.person_id
WHERE l.standing <> 'removed'
ORDER BY 2, 1
"""

_INVITABLE = """
SELECT p.person_id, p.name, p.agency_id
FROM person AS p
WHERE p.blocked_at IS NULL AND p.person_id IN (
    SELECT person_id FROM current_role_of WHERE role IN ('mentor', 'member', 'lead'))
ORDER BY p.name, p.person_id
"""


def listed(db: Database, actor: Actor, meeting_id: int) -> list[Attendee]:
    """Who is on a meeting's list, by name.

    :raises NotAllowed: without the right. :raises NotFound: when there is no such meeting.
    """
    calling.get(db, actor, meeting_id)
    return _on_list(db, meeting_id)


def people_to_invite(db: Database, actor: Actor) -> list[Invitable]:
    """The mentors, members and leads, by name. :raises NotAllowed: without the right."""
    access.require(actor, Action.HOLD_MEETING)
    return [Invitable(*row) for row in db.rows(_INVITABLE)]


def invite(
    db: Database,
    actor: Actor,
    meeting_id: int,
    *,
    person_ids: Iterable[int] = (),
    names: Iterable[str] = (),
) -> None:
    """Put people on a meeting's list, by id, or by name alone; whoever is there already stays.

    :raises InvalidFields: nobody at all, somebody who is no mentor, member or lead, or a faulty
        name. :raises Invalid: when the meeting is closed or cancelled.
    :raises NotAllowed, NotFound: as for :func:`listed`.
    """
    ids, written = dict.fromkeys(person_ids), dict.fromkeys(filter(None, map(tidy, names)))
    with writing(db, actor, Action.HOLD_MEETING, subject=f"meeting:{meeting_id}") as write:
        calling.not_over(write.tx, meeting_id)
        if not ids and not written:
            raise InvalidFields({"person_ids": _("Choose somebody, or write a name.")})
        known = {row[0] for row in write.tx.rows(_INVITABLE)}
        if not ids.keys() <= known:
            problem = _("Choose among the mentors, members and leads in the list.")
            raise InvalidFields({"person_ids": problem})
        for name in written:
            if fault := problem_with(name, "name"):
                raise InvalidFields({"names": fault})
        there = {one.person_id or one.name for one in _on_list(write.tx, meeting_id)}
        for person_id in ids:
            if person_id not in there:
                _append(write, actor, meeting_id, person_id, None, Standing.INVITED)
        for name in written:
            if name not in there:
                _append(write, actor, meeting_id, None, name, Standing.INVITED)


def mark(
    db: Database,
    actor: Actor,
    meeting_id: int,
    standing: Standing,
    *,
    person_id: int | None = None,
    name: str = "",
) -> None:
    """Say that somebody on the list came, did not come, or is only invited after all.

    :raises Invalid: somebody who is not on the list, an unknown standing, or a meeting that is
        closed or cancelled. :raises NotAllowed, NotFound: as for :func:`listed`.
    """
    if standing not in set(Standing):
        raise Invalid(_("Choose from the list."), "standing")
    _set(db, actor, meeting_id, standing, person_id, tidy(name))


def all_present(db: Database, actor: Actor, meeting_id: int) -> int:
    """Say that everybody came of whom it is not said yet, and return how many that were. Errors as
    for :func:`mark`."""
    with writing(db, actor, Action.HOLD_MEETING, subject=f"meeting:{meeting_id}") as write:
        calling.not_over(write.tx, meeting_id)
        waiting = [
            one for one in _on_list(write.tx, meeting_id) if one.standing is Standing.INVITED
        ]
        for one in waiting:
            kept = None if one.person_id is not None else one.name
            _append(write, actor, meeting_id, one.person_id, kept, Standing.PRESENT)
    return len(waiting)


def remove(
    db: Database, actor: Actor, meeting_id: int, *, person_id: int | None = None, name: str = ""
) -> None:
    """Take somebody off the list. Errors as for :func:`mark`."""
    _set(db, actor, meeting_id, _REMOVED, person_id, tidy(name))


def _set(
    db: Database, actor: Actor, meeting_id: int, standing: str, person_id: int | None, name: str
) -> None:
    with writing(db, actor, Action.HOLD_MEETING, subject=f"meeting:{meeting_id}") as write:
        calling.not_over(write.tx, meeting_id)
        for one in _on_list(write.tx, meeting_id):
            if one.person_id == person_id and (person_id is not None or one.name == name):
                if one.standing != standing:
                    kept = None if person_id is not None else name
                    _append(write, actor, meeting_id, person_id, kept, standing)
                return
        raise Invalid(_("Put the person on the meeting's list first."))


def _on_list(reader: Database | Reader, meeting_id: int) -> list[Attendee]:
    return [
        Attendee(person_id, name, agency_id, Standing(standing))
        for person_id, name, agency_id, standing in reader.rows(_LISTED, [meeting_id])
    ]


def _append(
    write: Writing,
    actor: Actor,
    meeting_id: int,
    person_id: int | None,
    name: str | None,
    standing: str,
) -> None:
    write.tx.execute(
        """
        INSERT INTO attendance (meeting_id, seq, person_id, name, standing, actor_id, recorded_at)
        SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ?, ? FROM attendance WHERE meeting_id = ?
        """,
        [meeting_id, person_id, name, str(standing), actor.person_id, clock.now(), meeting_id],
    )
    write.detail.setdefault("attendance", []).append([person_id or name, str(standing)])
