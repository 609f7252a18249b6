"""The people one can be in demo mode, and the ideas the students among them have."""

from dataclasses import dataclass

from sandkasse.demo.names import STAFF_DOMAIN, STUDENT_DOMAIN, slug
from sandkasse.i18n import N_
from sandkasse.ledger import Party
from sandkasse.people import Role


@dataclass(frozen=True)
class Persona:
    """Somebody who does not exist. ``description`` is translated where it is shown."""

    slug: str
    name: str
    role: Role
    level: str | None
    agency_id: str | None
    description: str

    @property
    def subject(self) -> str:
        """What the person's row is found by."""
        return f"demo:{self.slug}"

    @property
    def email(self) -> str:
        """An address that reaches nobody."""
        domain = STUDENT_DOMAIN if self.role is Role.STUDENT else STAFF_DOMAIN
        return f"{slug(self.name).replace('-', '.')}@{domain}"


PERSONAS: tuple[Persona, ...] = (
    Persona(
        "student-bsc", "Ida Prøvedal", Role.STUDENT, "BSc", None,
        N_("Bachelor student with a question to answer, a new idea, and one that has ended"),
    ),
    Persona(
        "student-msc", "Amina Eksempelsen", Role.STUDENT, "MSc", None,
        N_("Master student with one idea in the sandbox, one to answer for, and one at an agency"),
    ),
    Persona(
        "student-phd", "Niillas Ovdamearka", Role.STUDENT, "PhD", None,
        N_("PhD student about to form a company, with another idea on hold"),
    ),
    Persona(
        "mentor-marit", "Marit Øvingsrud", Role.MENTOR, None, None,
        N_("Mentor with many ideas and a queue to work through"),
    ),
    Persona(
        "mentor-jonas", "Jonas Modellund", Role.MENTOR, None, None,
        N_("Mentor who shares several ideas with colleagues"),
    ),
    Persona(
        "member-tax", "Siri Skissenes", Role.MEMBER, None, "skatteetaten",
        N_("Answers for the Tax Administration, which has matters to look at"),
    ),
    Persona(
        "member-registers", "Bjørn Papirmo", Role.MEMBER, None, "bronnoysundregistrene",
        N_("Takes part in the meetings for the Brønnøysund Register Centre"),
    ),
    Persona(
        "lead", "Lena Utkastbakk", Role.LEAD, None, None,
        N_("Leads the project: sees everything, gives roles, imports and exports"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """Where an idea is to have come by now.

    ``reach`` is how far along the journey it comes, from 0 (its first stage) to 1 (its last);
    it entered ``age`` days ago, and was last heard of ``quiet`` days ago. ``agency_id`` is the
    agency that has the ball, when an agency is to have it.
    """

    reach: float
    age: float
    quiet: float
    ball: Party = Party.STUDENT
    exit_kind: str | None = None
    held: bool = False
    publication: str | None = None
    persona: str | None = None
    mentor: str | None = None
    language: str = "nb"
    agency_id: str | None = None


_STUDENT, _MENTOR = Party.STUDENT, Party.MENTOR
_BSC, _MSC, _PHD = "student-bsc", "student-msc", "student-phd"
_MARIT, _JONAS = "mentor-marit", "mentor-jonas"

#: The ideas of the student personas; with few ideas in all, the first ones are kept.
WISHES: tuple[Wish, ...] = (
    Wish(0.33, 74, 3, _STUDENT, persona=_BSC, mentor=_MARIT),
    Wish(0.5, 160, 2, _MENTOR, persona=_MSC, mentor=_JONAS, language="en", publication="published"),
    Wish(0.67, 290, 4, _STUDENT, persona=_PHD, mentor=_MARIT),
    Wish(0.0, 2, 2, _MENTOR, persona=_BSC),
    Wish(0.17, 33, 5, _STUDENT, persona=_MSC, mentor=_MARIT, language="en"),
    Wish(0.17, 95, 20, _STUDENT, held=True, persona=_PHD, mentor=_JONAS, publication="requested"),
    Wish(0.33, 330, 190, _STUDENT, "closed", persona=_BSC, mentor=_JONAS),
    Wish(0.33, 120, 6, _MENTOR, persona=_PHD, mentor=_MARIT, language="en"),
    Wish(
        0.67, 240, 16, Party.AGENCY, persona=_MSC, mentor=_MARIT, language="en",
        agency_id="skatteetaten",
    ),
)  # fmt: skip

#: Service ideas that are under way.
OFFICE_WISHES: tuple[Wish, ...] = (
    Wish(0.17, 80, 8, _STUDENT),
    Wish(0.33, 190, 9, _MENTOR),
    Wish(0.67, 330, 12, _STUDENT),
)


def wishes_to_cover(stages: int, exit_kinds: list[str]) -> list[Wish]:
    """One idea open in each of a journey's stages and one gone by each kind of exit, so that
    every part of every screen has something to show."""
    open_in_each = [
        Wish(place / max(stages - 1, 1), 25 + 480 * (place / stages), 3 + 2 * place,
             (_STUDENT, _MENTOR)[place % 2])
        for place in range(stages)
    ]  # fmt: skip
    reach = {"completed": 1.0, "closed": 0.5, "withdrawn": 0.34, "declined": 0.0, "merged": 0.17}
    age = {"completed": 640, "closed": 400, "withdrawn": 150, "declined": 60, "merged": 90}
    gone = [Wish(reach[kind], age[kind], age[kind] * 0.2, exit_kind=kind) for kind in exit_kinds]
    return open_in_each + gone
