"""Work beside the studies: hours from job and idea against the limit that the student has set, and
a job at an agency that the student's own idea deals with.

Both are warnings and forbid nothing. They are for the student and the project leads, nobody else.
No permit and no citizenship is kept; the published limit for student permits is shown to all as
guidance (:mod:`sandkasse.recruitment.reference`).
"""

from dataclasses import dataclass

from sandkasse import access, clock
from sandkasse.access import Action, writing
from sandkasse.database import Database, Reader, Transaction
from sandkasse.errors import Invalid
from sandkasse.i18n import _
from sandkasse.notices import Notice, tell
from sandkasse.people import Actor

#: The hours of a week.
_WEEK = 168.0


@dataclass(frozen=True)
class Hours:
    """Hours a week: ``most`` that may go to job and idea (None: no limit set), ``idea`` that the
    idea takes, ``job`` of the jobs agreed on or begun."""

    most: float | None
    idea: float
    job: float

    @property
    def over(self) -> bool:
        """Whether job and idea together pass the limit that was set."""
        return self.most is not None and self.job + self.idea > self.most


@dataclass(frozen=True)
class JobTie:
    """A job at an agency with which the student's idea has an open matter."""

    idea_id: int
    idea_title: str
    agency_id: str


@dataclass(frozen=True)
class Warned:
    """A student of whom a lead is warned, and why."""

    person_id: int
    name: str
    hours: Hours
    ties: tuple[JobTie, ...]


# Jobs that are agreed on or have begun.
_HELD = """
held AS (
    SELECT a.person_id, p.agency_id, p.hours
    FROM application AS a
    JOIN position AS p ON p.position_id = a.position_id
    WHERE a.state IN ('accepted', 'started') AND a.person_id IS NOT NULL
)"""

_HOURS = f"""
WITH {_HELD},
said AS (
    SELECT person_id, arg_max(struct_pack(most := most, idea := idea), seq) AS last
    FROM weekly_hours GROUP BY person_id
),
worked AS (SELECT person_id, sum(hours) AS job FROM held GROUP BY person_id)
SELECT coalesce(s.person_id, w.person_id), s.last.most, coalesce(s.last.idea, 0),
       coalesce(w.job, 0)
FROM said AS s FULL JOIN worked AS w ON w.person_id = s.person_id
WHERE $person_id IS NULL OR coalesce(s.person_id, w.person_id) = $person_id
ORDER BY 1
"""  # noqa: S608

_TIES = f"""
WITH {_HELD}
SELECT DISTINCT h.person_id, i.idea_id, i.title, t.agency_id
FROM held AS h
JOIN team_of AS m ON m.person_id = h.person_id
JOIN idea AS i ON i.idea_id = m.idea_id AND i.exit_id IS NULL
JOIN touchpoint AS t ON t.idea_id = i.idea_id AND t.agency_id = h.agency_id
    AND t.state IN ('prepared', 'agency', 'student')
WHERE $person_id IS NULL OR h.person_id = $person_id
ORDER BY ALL
"""  # noqa: S608


def own_hours(db: Database, actor: Actor) -> Hours:
    """The actor's own hours a week."""
    access.require(actor, Action.CHANGE_OWN_SETTINGS)
    return _hours(db, actor.person_id).get(actor.person_id, Hours(None, 0.0, 0.0))


def own_ties(db: Database, actor: Actor) -> list[JobTie]:
    """The actor's own jobs at agencies that an idea of the actor's deals with."""
    access.require(actor, Action.CHANGE_OWN_SETTINGS)
    if not access.may(actor, Action.SEE_IDEA):
        return []
    return _ties(db, actor.person_id).get(actor.person_id, [])


def say_hours(db: Database, actor: Actor, most: float | None, idea: float) -> None:
    """Say how many hours a week may go to job and idea (None: no limit), and how many the idea
    takes.

    :raises Invalid: hours below 0 or above those of a week.
    """
    with writing(db, actor, Action.CHANGE_OWN_SETTINGS) as write:
        for field, hours in (("most", most), ("idea", idea)):
            if hours is not None and not 0 <= hours <= _WEEK:
                raise Invalid(_("Hours a week are from 0 to 168."), field)
        write.tx.execute(
            """
            INSERT INTO weekly_hours (person_id, seq, most, idea, recorded_at)
            SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ? FROM weekly_hours WHERE person_id = ?
            """,
            [actor.person_id, most, idea, clock.now(), actor.person_id],
        )
        write.subject = f"person:{actor.person_id}"
        write.detail["hours"] = "said"
        tell_of(write.tx, actor.person_id)


def warnings(db: Database, actor: Actor) -> list[Warned]:
    """The students of whom a lead is warned, by name.

    :raises NotAllowed: for others than leads.
    """
    access.require(actor, Action.SEE_PEOPLE)
    hours, ties = _hours(db, None), _ties(db, None)
    wanted = [key for key in {*hours, *ties} if ties.get(key) or hours[key].over]
    names = dict(
        db.rows(
            "SELECT person_id, name FROM person WHERE person_id IN (SELECT unnest(?::BIGINT[]))",
            [wanted],
        )
    )
    found = [
        Warned(key, names.get(key, ""), hours[key], tuple(ties.get(key, ()))) for key in wanted
    ]
    return sorted(found, key=lambda one: (one.name, one.person_id))


def tell_of(tx: Transaction, person_id: int) -> None:
    """Tell the student and the leads of what there is to be warned of, once for each state of
    things. Part of the transaction that changed it."""
    hours = _hours(tx, person_id).get(person_id)
    if hours is not None and hours.over:
        about = f"hours {person_id} {hours.job:g} {hours.idea:g} {hours.most:g}"
        _tell_once(tx, Notice.WORKLOAD, person_id, None, about)
    for tie in _ties(tx, person_id).get(person_id, []):
        _tell_once(tx, Notice.JOB_TIE, person_id, tie.idea_id, f"job {person_id} {tie.agency_id}")


def _tell_once(
    tx: Transaction, kind: Notice, person_id: int, idea_id: int | None, about: str
) -> None:
    if not tx.value("SELECT count(*) FROM notice WHERE kind = ? AND about = ?", [kind, about]):
        tell(tx, kind, ("leads",), idea_id=idea_id, by=None, person_ids=[person_id], about=about)


def _hours(reader: Database | Reader, person_id: int | None) -> dict[int, Hours]:
    rows = reader.rows(_HOURS, {"person_id": person_id})
    return {key: Hours(most, idea, job) for key, most, idea, job in rows}


def _ties(reader: Database | Reader, person_id: int | None) -> dict[int, list[JobTie]]:
    found: dict[int, list[JobTie]] = {}
    for key, *tie in reader.rows(_TIES, {"person_id": person_id}):
        found.setdefault(key, []).append(JobTie(*tie))
    return found
