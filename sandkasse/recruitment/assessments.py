"""What assessors made of an interview: a mark from 1 to 5 and words on each criterion.

Each assessor judges alone first: others' marks are shown once the own are given on all criteria,
and each one's stand before the average. Applicants never see any of it. (That ratings given
independently and combined by rule predict better than talk is the finding of the research on
structured interviews: Huffcutt and Arthur 1994, Journal of Applied Psychology 79, 184–190.)
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sandkasse import access, clock, people
from sandkasse.access import Action, writing
from sandkasse.database import Database
from sandkasse.errors import Invalid, InvalidFields
from sandkasse.i18n import N_, _
from sandkasse.people import Actor
from sandkasse.texts import problem_with, tidy

CRITERIA = {
    "motivation": N_("Motivation for the tasks"),
    "skills": N_("Knowledge and skills for the tasks"),
    "cooperation": N_("Cooperation"),
    "language": N_("Speaking and writing"),
}
LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True)
class Mark:
    """A mark from 1 (weak) to 5 (strong), with words."""

    mark: int
    note: str = ""


@dataclass(frozen=True)
class Assessor:
    """What one assessor gave, by criterion."""

    person_id: int
    name: str
    marks: Mapping[str, Mark]


@dataclass(frozen=True)
class Assessments:
    """What there is. ``own`` is the actor's. ``others`` and ``average`` (by criterion) are None
    until the own are complete; ``waiting`` is how many others have given any."""

    own: Mapping[str, Mark]
    waiting: int
    others: tuple[Assessor, ...] | None
    average: Mapping[str, float] | None


def listed(db: Database, actor: Actor, application_id: int) -> Assessments:
    """The assessments of an application, as the actor may see them now.

    :raises NotFound: out of reach. :raises NotAllowed: for the applicant.
    """
    access.require_for_application(db, actor, Action.ASSESS_APPLICANT, application_id)
    rows = db.rows(
        """
        SELECT assessor_id, criterion, arg_max(mark, seq), arg_max(note, seq)
        FROM assessment WHERE application_id = ?
        GROUP BY ALL ORDER BY assessor_id, criterion
        """,
        [application_id],
    )
    given: dict[int, dict[str, Mark]] = {}
    for assessor_id, criterion, mark, note in rows:
        given.setdefault(assessor_id, {})[criterion] = Mark(mark, note)
    own = given.pop(actor.person_id, {})
    if set(own) != set(CRITERIA):
        return Assessments(own, len(given), None, None)
    names = people.names(db, given)
    others = tuple(Assessor(key, names.get(key, ""), marks) for key, marks in given.items())
    everyone = [own, *given.values()]
    average = {}
    for criterion in CRITERIA:
        marks = [one[criterion].mark for one in everyone if criterion in one]
        average[criterion] = sum(marks) / len(marks)
    return Assessments(own, len(given), others, average)


def assess(db: Database, actor: Actor, application_id: int, marks: Mapping[str, Mark]) -> None:
    """Give, or change, one's own marks.

    :raises Invalid, InvalidFields: an unknown criterion, a mark out of range, or words that are too
        long. :raises NotFound: out of reach. :raises NotAllowed: for the applicant.
    """
    with writing(db, actor, Action.ASSESS_APPLICANT, application_id=application_id) as write:
        tidied = _checked(marks)
        first = write.tx.value(
            "SELECT coalesce(max(seq), 0) + 1 FROM assessment WHERE application_id = ?",
            [application_id],
        )
        write.tx.executemany(
            """
            INSERT INTO assessment (application_id, seq, criterion, mark, note, assessor_id,
                                    recorded_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                [application_id, seq, criterion, one.mark, one.note, actor.person_id, clock.now()]
                for seq, (criterion, one) in enumerate(tidied.items(), first)
            ],
        )
        write.detail["criteria"] = list(tidied)


def _checked(marks: Mapping[str, Mark]) -> dict[str, Mark]:
    """The marks with their words tidied. :raises Invalid, InvalidFields: for what is wrong."""
    if not marks:
        raise Invalid(_("Give at least one mark."))
    tidied, problems = {}, {}
    for criterion, one in marks.items():
        tidied[criterion] = Mark(one.mark, tidy(one.note))
        if criterion not in CRITERIA or not LOWEST <= one.mark <= HIGHEST:
            problems[criterion] = _("Give a mark from 1 to 5.")
        elif fault := problem_with(tidied[criterion].note, "note"):
            problems[criterion] = fault
    if problems:
        raise InvalidFields(problems)
    return tidied
