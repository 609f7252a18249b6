"""Impartiality: where somebody who takes part in an idea has a tie to an agency that it deals with.

A tie is the agency that a member speaks for, or a job or relation that a person has declared. It
forbids nothing: those concerned and the project leads are told, so that they can judge.
"""

from dataclasses import dataclass
from enum import StrEnum

from sandkasse import access, clock
from sandkasse.access import Action, writing
from sandkasse.database import Database, Reader, Transaction
from sandkasse.errors import Invalid
from sandkasse.i18n import N_, _
from sandkasse.notices import Notice, tell
from sandkasse.people import Actor


class Tie(StrEnum):
    """What binds a person to an agency."""

    AGENCY = "agency"
    JOB = "job"
    RELATION = "relation"


TIE_NAMES = {
    Tie.AGENCY: N_("speaks for the agency"),
    Tie.JOB: N_("has a job there"),
    Tie.RELATION: N_("is close to somebody there"),
}


@dataclass(frozen=True)
class Tied:
    """Somebody in the team or among the mentors of an idea, and the tie to an agency."""

    person_id: int
    name: str
    agency_id: str
    tie: Tie


_TIED = """
WITH party AS (
    SELECT person_id FROM team_of WHERE idea_id = $idea_id
    UNION
    SELECT mentor_id FROM mentor_of WHERE idea_id = $idea_id
),
declared AS (
    SELECT person_id, agency_id, arg_max(tie, seq) AS tie
    FROM declared_tie WHERE person_id IN (SELECT person_id FROM party)
    GROUP BY person_id, agency_id HAVING arg_max(tie, seq) <> 'none'
    UNION ALL
    SELECT person_id, agency_id, 'agency' FROM person
    WHERE agency_id IS NOT NULL AND person_id IN (SELECT person_id FROM party)
)
SELECT p.person_id, p.name, d.agency_id, d.tie
FROM declared AS d
JOIN person AS p ON p.person_id = d.person_id
WHERE d.agency_id IN (SELECT agency_id FROM touchpoint WHERE idea_id = $idea_id)
ORDER BY ALL
"""


# The open ideas that deal with an agency and in which a person takes part.
_OPEN_WITH = """
SELECT DISTINCT t.idea_id
FROM touchpoint AS t
JOIN idea AS i ON i.idea_id = t.idea_id AND i.exit_id IS NULL
WHERE t.agency_id = $1
  AND (t.idea_id IN (SELECT idea_id FROM team_of WHERE person_id = $2)
       OR t.idea_id IN (SELECT idea_id FROM mentor_of WHERE mentor_id = $2))
ORDER BY t.idea_id
"""


def of_idea(db: Database, actor: Actor, idea_id: int) -> list[Tied]:
    """The ties between those who take part in an idea and the agencies it deals with.

    :raises NotFound: when the idea is out of the actor's reach.
    """
    access.require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    return _tied(db, idea_id)


def tell_of_person(tx: Transaction, idea_id: int, person_id: int) -> None:
    """Tell the team, the mentors and the leads when this person, who has come to an idea or has
    declared a tie, has one to an agency that it deals with. Part of that transaction."""
    if any(one.person_id == person_id for one in _tied(tx, idea_id)):
        concerned = ("team", "mentors", "leads")
        tell(tx, Notice.IMPARTIALITY, concerned, idea_id=idea_id, by=None)


def tell_of(tx: Transaction, idea_id: int, agency_id: str, touchpoint_id: int) -> None:
    """Tell the team, the mentors and the leads when somebody who takes part has a tie to this
    agency. Part of the transaction in which the matter is opened."""
    if any(one.agency_id == agency_id for one in _tied(tx, idea_id)):
        tell(
            tx, Notice.IMPARTIALITY, ("team", "mentors", "leads"), idea_id=idea_id, by=None,
            touchpoint_id=touchpoint_id,
        )  # fmt: skip


def _tied(reader: Database | Reader, idea_id: int) -> list[Tied]:
    rows = reader.rows(_TIED, {"idea_id": idea_id})
    return [Tied(key, name, agency_id, Tie(tie)) for key, name, agency_id, tie in rows]


def own(db: Database, actor: Actor) -> dict[str, Tie]:
    """The ties that the actor has declared, by agency."""
    access.require(actor, Action.CHANGE_OWN_SETTINGS)
    rows = db.rows(
        """
        SELECT agency_id, arg_max(tie, seq) AS tie FROM declared_tie WHERE person_id = ?
        GROUP BY agency_id HAVING tie <> 'none' ORDER BY agency_id
        """,
        [actor.person_id],
    )
    return {agency_id: Tie(tie) for agency_id, tie in rows}


def declare(db: Database, actor: Actor, agency_id: str, tie: Tie | None) -> None:
    """Declare a job at, or a relation to, an agency; None takes it back.

    :raises Invalid: an unknown agency, or a tie that is not declared but given by a lead.
    """
    with writing(db, actor, Action.CHANGE_OWN_SETTINGS) as write:
        if tie is Tie.AGENCY:
            raise Invalid(_("For whom somebody speaks is for a lead to say."), "tie")
        if not write.tx.value("SELECT count(*) FROM agency WHERE agency_id = ?", [agency_id]):
            raise Invalid(_("Choose one of the agencies in the list."), "agency_id")
        write.tx.execute(
            """
            INSERT INTO declared_tie (person_id, seq, agency_id, tie, recorded_at)
            SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ? FROM declared_tie WHERE person_id = ?
            """,
            [actor.person_id, agency_id, tie or "none", clock.now(), actor.person_id],
        )
        write.subject = f"person:{actor.person_id}"
        write.detail["tie"] = agency_id
        if tie is not None:
            for (idea_id,) in write.tx.rows(_OPEN_WITH, [agency_id, actor.person_id]):
                tell_of_person(write.tx, idea_id, actor.person_id)
