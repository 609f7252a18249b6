"""The synthetic people: the personas, and enough students, mentors and members around them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sandkasse.database import Transaction
from sandkasse.demo.chance import Chance, Odds
from sandkasse.demo.columns import Gathered, new_ids
from sandkasse.demo.names import STAFF_DOMAIN, STUDENT_DOMAIN, Name, Names, slug
from sandkasse.demo.personas import PERSONAS
from sandkasse.people import Role

_LEVELS = Odds({"BSc": 0.56, "MSc": 0.33, "PhD": 0.11})
_YEARS_LEFT = {"BSc": 3, "MSc": 2, "PhD": 4}
_IDEAS_A_STUDENT = 1.3
_IDEAS_A_MENTOR = 24
_MOST_MENTORS = 48
_PERSONA_WEIGHT = 1.7
_RECENT = 400


@dataclass(frozen=True)
class Student:
    """Somebody who submits ideas."""

    person_id: int
    name: str
    level: str
    graduation: date


class Crowd:
    """Everybody there is. Students are asked for in the order in which ideas come in."""

    def __init__(
        self,
        tx: Transaction,
        chance: Chance,
        gathered: Gathered,
        *,
        ideas: int,
        began: int,
        now: int,
    ) -> None:
        self._tx, self._chance, self._gathered, self._began = tx, chance, gathered, began
        self._now = now
        self._names = Names(chance, {slug(persona.name) for persona in PERSONAS})
        self._spare_ids: list[int] = []
        self.students: list[Student] = []
        self.agencies = [
            agency for (agency,) in tx.rows("SELECT agency_id FROM agency ORDER BY position")
        ]
        self.cast = {persona.slug: self._person_id() for persona in PERSONAS}
        self.lead_id = next(self.cast[p.slug] for p in PERSONAS if p.role is Role.LEAD)
        self.members = {
            p.agency_id: self.cast[p.slug] for p in reversed(PERSONAS) if p.agency_id is not None
        }
        self.known: dict[str, Student] = {}
        for persona in PERSONAS:
            self._add_persona(persona.slug)
        self.mentors = self._hire_mentors(ideas)
        if ideas:
            self._invite_members()

    def name(self) -> Name:
        """The name of somebody else who does not exist."""
        return self._names.next()

    def _person_id(self) -> int:
        if not self._spare_ids:
            self._spare_ids = new_ids(self._tx, "person_ids", 200)[::-1]
        return self._spare_ids.pop()

    def _add_persona(self, persona_slug: str) -> None:
        persona = next(persona for persona in PERSONAS if persona.slug == persona_slug)
        person_id = self.cast[persona.slug]
        self._gather(
            person_id, persona.subject, persona.name, persona.email, persona.level,
            persona.agency_id, persona.role, self._began,
        )  # fmt: skip
        if persona.level is not None:
            graduation = self._graduation(persona.level, self._now)
            self.known[persona.slug] = Student(person_id, persona.name, persona.level, graduation)

    def _gather(
        self,
        person_id: int,
        subject: str,
        name: str,
        email: str,
        level: str | None,
        agency_id: str | None,
        role: Role,
        created: int,
    ) -> None:
        rows = self._gathered.rows
        rows["person"].append((person_id, subject, name, email, level, agency_id, created))
        rows["role_change"].append((person_id, 1, role.value, True, self.lead_id, created))

    def _add(
        self, role: Role, created: int, level: str | None = None, agency_id: str | None = None
    ) -> tuple[int, Name]:
        person_id, name = self._person_id(), self._names.next()
        domain = STUDENT_DOMAIN if role is Role.STUDENT else STAFF_DOMAIN
        self._gather(
            person_id, f"demo:{name.slug}", name.text, name.address(domain), level, agency_id,
            role, created,
        )  # fmt: skip
        return person_id, name

    def _hire_mentors(self, ideas: int) -> Odds[int]:
        weights = {
            self.cast[persona.slug]: _PERSONA_WEIGHT
            for persona in PERSONAS
            if persona.role is Role.MENTOR
        }
        for _ in range(min(-(-ideas // _IDEAS_A_MENTOR), _MOST_MENTORS)):
            weights[self._add(Role.MENTOR, self._began)[0]] = 1.0
        return Odds(weights)

    def _invite_members(self) -> None:
        for agency_id in self.agencies[:6]:
            person_id, _name = self._add(Role.MEMBER, self._began, agency_id=agency_id)
            self.members.setdefault(agency_id, person_id)

    def _graduation(self, level: str, moment: int) -> date:
        years = self._chance.below(_YEARS_LEFT[level]) + 1
        return date(datetime.fromtimestamp(moment, UTC).year + years, 6, 15)

    def student_with_idea(self, moment: int) -> Student:
        """Who submits an idea at ``moment``: often somebody new, else one of the recent ones."""
        if self.students and not self._chance.happens(1 / _IDEAS_A_STUDENT):
            return self._chance.one(self.students[-_RECENT:])
        level = self._chance.of(_LEVELS)
        person_id, name = self._add(Role.STUDENT, moment - 300, level)
        student = Student(person_id, name.text, level, self._graduation(level, moment))
        self.students.append(student)
        return student

    def mentor(self, beside: int | None = None) -> int:
        """A mentor's person id, another than ``beside``."""
        while True:
            chosen = self._chance.of(self.mentors)
            if chosen != beside:
                return chosen

    def team_mates(self, author_id: int) -> list[tuple[str, int | None]]:
        """Names of others in a team, with a person id for those who have signed in."""
        found: dict[str, int | None] = {}
        for _ in range(1 + self._chance.below(3)):
            if self.students and self._chance.happens(0.5):
                mate = self._chance.one(self.students[-_RECENT:])
                if mate.person_id != author_id and mate.person_id not in found.values():
                    found[mate.name] = mate.person_id
            else:
                found.setdefault(self._names.next().text, None)
        return list(found.items())
