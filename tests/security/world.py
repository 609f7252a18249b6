"""A small world in which everything that not everybody may see carries a word of its own.

The people are personas of the demonstration, so that a real server lets a test be any of them. For
each secret it is written down by hand who may read it; whoever else is sent it has been let in.
"""

import io
from dataclasses import dataclass, field, replace
from datetime import timedelta

from pypdf import PdfWriter

from sandkasse import application as application_law
from sandkasse import (
    barriers,
    checklist,
    clock,
    comments,
    contacts,
    deadlines,
    drafts,
    exchange,
    gates,
    ideas,
    impartiality,
    meetings,
    mentoring,
    number_receipts,
    people,
    pipeline,
    touchpoints,
)
from sandkasse.database import Database
from sandkasse.demo import PERSONAS
from sandkasse.figures.choice import Choice
from sandkasse.gates import Outcome
from sandkasse.matter import Kind
from sandkasse.matter import Outcome as Answer
from sandkasse.meetings import agenda, attendance, receipts, resolutions
from sandkasse.people import Actor
from sandkasse.recruitment import applications, assessments, positions, workload
from sandkasse.recruitment.applications import Applying
from sandkasse.touchpoints import Opening
from tests.builders import CARD, DESCRIPTION, JOURNEY, described, position, seq

#: The cast: who is which persona. ``nobody`` has no role, ``blocked`` is a mentor whose access a
#: lead has closed; neither is a persona.
PERSONA_OF = {
    "student": "student-bsc",
    "teammate": "student-msc",
    "stranger": "student-phd",
    "mentor": "mentor-marit",
    "other_mentor": "mentor-jonas",
    "tax": "member-tax",
    "registers": "member-registers",
    "lead": "lead",
}
TAX, REGISTERS = "skatteetaten", "bronnoysundregistrene"

TEAM, MENTORS, PROJECT = ("student", "teammate"), ("mentor", "other_mentor"), ("lead",)
WHOLE = (*TEAM, *MENTORS, *PROJECT)
MEETING = (*MENTORS, "tax", "registers", *PROJECT)

#: Each secret, and who may read it. The name says where it is written.
SECRETS: dict[str, tuple[str, ...]] = {
    # a private idea that deals with the tax administration, and one that deals with nobody
    "taxideatitle": (*WHOLE, "tax"),
    "taxideaproblem": WHOLE,
    "quietideatitle": WHOLE,
    "quietideaproblem": WHOLE,
    "quietideasolution": WHOLE,
    "quietideaaudience": WHOLE,
    "quietideaneeds": WHOLE,
    "quietideateam": WHOLE,
    "quietideaearlier": WHOLE,
    "quietideacomment": WHOLE,
    "quietideahold": WHOLE,
    "quietideagate": WHOLE,
    "quietideaundone": WHOLE,
    "quietideamatter": WHOLE,
    "quietideapublictext": WHOLE,
    # a published idea: its title and its public text are for all, the rest is not
    "openideaproblem": WHOLE,
    "openideasolution": WHOLE,
    "openideacomment": WHOLE,
    # matters: for the agency that they are with, and for whoever sees the idea
    "taxmattertitle": (*WHOLE, "tax"),
    "taxmatternote": (*WHOLE, "tax"),
    "taxmatteranswer": (*WHOLE, "tax"),
    # applications: for the agency and the lead, and without inner words for the applicant
    "taxletter": ("student", "tax", "lead"),
    "taxinnernote": ("tax", "lead"),
    "taxassessment": ("tax", "lead"),
    "taxcandidate": ("tax", "lead"),
    "registersletter": ("teammate", "registers", "lead"),
    "registersdraft": ("registers", "lead"),
    "registersdrafttext": ("registers", "lead"),
    # meetings
    "meetingdecision": MENTORS + PROJECT,
    "meetingreason": MENTORS + PROJECT,
    "meetingpublished": WHOLE,
    "meetingaction": MEETING,
    "meetingguest": MEETING,
    "meetingtitle": (*WHOLE, "tax", "registers"),
    # what is somebody's own
    "draftoftheteammate": ("teammate",),
    "daythatisown": ("teammate",),
    "contactbefore": ("tax", "lead"),
    "addressofthestranger": ("lead", "stranger"),
}  # fmt: skip


def word(secret: str) -> str:
    """The word that a secret is written with: one that occurs nowhere else."""
    return f"Zq{secret}xv"


def hidden_from(who: str) -> set[str]:
    """The words of the secrets that this one of the cast may not read."""
    return {word(name) for name, readers in SECRETS.items() if who not in readers}


@dataclass
class World:
    """The people, and the ids of what they have made."""

    cast: dict[str, Actor]
    ids: dict[str, int] = field(default_factory=dict)
    code: str = ""

    def id_of(self, who: str) -> int | None:
        """The id of one of the cast; a visitor has none."""
        return None if who == "visitor" else self.cast[who].person_id


def build(db: Database) -> World:
    """Fill a database that has the reference data and nothing else."""
    world = World(_people(db))
    _ideas(db, world)
    _matters(db, world)
    _positions(db, world)
    _meetings(db, world)
    _own(db, world)
    return world


def _people(db: Database) -> dict[str, Actor]:
    made = {}
    with db.transaction() as tx:
        for persona in PERSONAS:
            email = persona.email
            if persona.slug == PERSONA_OF["stranger"]:
                email = f"{word('addressofthestranger')}@uit.example"
            key = people.add(
                tx, persona.name, subject=persona.subject, email=email,
                level=persona.level, agency_id=persona.agency_id,
            )  # fmt: skip
            people.grant(tx, key, persona.role, granted=True, actor_id=None)
            made[persona.slug] = key
        made["nobody"] = people.add(tx, "Nils Nobody", subject="demo:nobody", email="n@n.example")
        # As the demonstration says of itself, so that it is filled with nothing more.
        tx.execute("INSERT INTO fact (name, value) VALUES ('origin', 'demo')")
    named = {who: people.actor_of(db, made[slug]) for who, slug in PERSONA_OF.items()}
    return {**named, "nobody": people.actor_of(db, made["nobody"])}


def _ideas(db: Database, world: World) -> None:
    cast, ids = world.cast, world.ids
    mate = next(one.email for one in PERSONAS if one.slug == PERSONA_OF["teammate"])
    team = f"{mate}\n{word('quietideateam')}"
    quiet = replace(
        DESCRIPTION, title=word("quietideaearlier"), problem=word("quietideaproblem"),
        solution=word("quietideasolution"), audience=word("quietideaaudience"),
        needs=word("quietideaneeds"), team=team,
    )  # fmt: skip
    ids["quiet"] = ideas.submit(db, cast["student"], JOURNEY, quiet)
    quiet = replace(quiet, title=word("quietideatitle"))
    ideas.edit(db, cast["student"], ids["quiet"], quiet, 0)
    tax = replace(DESCRIPTION, title=word("taxideatitle"), problem=word("taxideaproblem"))
    ids["tax"] = ideas.submit(db, cast["student"], JOURNEY, replace(tax, team=mate))
    shown = replace(
        DESCRIPTION, title="Brine from the old mine", problem=word("openideaproblem"),
        solution=word("openideasolution"), team=mate,
    )  # fmt: skip
    ids["open"] = ideas.submit(db, cast["student"], JOURNEY, shown)
    ideas.ask_to_publish(db, cast["student"], ids["open"], "Salt for the roads.")
    ideas.decide_publication(db, cast["mentor"], ids["open"], approved=True)
    ideas.ask_to_publish(db, cast["student"], ids["quiet"], word("quietideapublictext"))
    comments.say(db, cast["student"], ids["quiet"], word("quietideacomment"))
    comments.say(db, cast["mentor"], ids["open"], word("openideacomment"))
    for name in ("quiet", "open"):
        mentoring.take(db, cast["mentor"], ids[name])
        _moved(db, cast["mentor"], ids[name], word("quietideagate") if name == "quiet" else "Yes")
    pipeline.hold_idea(
        db, cast["mentor"], ids["quiet"], expected_seq=seq(db, ids["quiet"]),
        reason="other", note=word("quietideahold"),
    )  # fmt: skip
    last = seq(db, ids["quiet"])
    pipeline.undo(
        db, cast["mentor"], ids["quiet"], seq=last, expected_seq=last,
        reason="other", note=word("quietideaundone"),
    )  # fmt: skip
    checklist.declare(db, cast["student"], ids["quiet"], frozenset({"food"}))


def _moved(db: Database, mentor: Actor, idea_id: int, note: str) -> None:
    waived = {one.gate.id: Outcome.WAIVED for one in gates.states(db, mentor, idea_id)}
    pipeline.move_idea(
        db, mentor, idea_id, to="clarification", expected_seq=seq(db, idea_id), gates=waived,
        note=note,
    )  # fmt: skip


def _matters(db: Database, world: World) -> None:
    cast, ids = world.cast, world.ids
    card = replace(CARD, subject=word("contactbefore"))
    ids["contact"] = contacts.add(db, cast["tax"], TAX, card)
    contacts.change(db, cast["tax"], ids["contact"], CARD, 1)
    about = Opening(TAX, title=word("taxmattertitle"), note=word("taxmatternote"), sent=True)
    ids["matter"] = touchpoints.open_matter(db, cast["student"], ids["tax"], about)
    touchpoints.record(
        db, cast["tax"], ids["matter"], Kind.DECIDED, expected_seq=1, outcome=Answer.APPROVED,
        note=word("taxmatteranswer"),
    )  # fmt: skip
    other = Opening("udi", title=word("quietideamatter"), sent=True)
    ids["other_matter"] = touchpoints.open_matter(db, cast["student"], ids["quiet"], other)
    ids["barrier"] = barriers.name(db, cast["student"], ids["matter"], "No answer for weeks")


def _positions(db: Database, world: World) -> None:
    cast, ids = world.cast, world.ids
    ids["position"] = position(db, cast["tax"])
    ids["other_position"] = position(db, cast["registers"], agency_id=REGISTERS)
    draft = described(
        agency_id=REGISTERS,
        title=replace(described().title, nb=word("registersdraft"), en=word("registersdraft")),
        text=replace(described().text, nb=word("registersdrafttext"), en=""),
    )
    plan = positions.seats(1, clock.today(), clock.today() + timedelta(days=90))
    ids["draft"] = positions.create(db, cast["registers"], draft, plan)
    ids["application"] = applications.apply(
        db, cast["student"], ids["position"], Applying(word("taxletter"), paper=("cv.pdf", paper()))
    )
    ids["other_application"] = applications.apply(
        db, cast["teammate"], ids["other_position"], Applying(word("registersletter"))
    )
    applications.record(
        db, cast["tax"], ids["application"], application_law.Kind.NOTE, expected_seq=1,
        note=word("taxinnernote"),
    )  # fmt: skip
    marks = {one: assessments.Mark(4, word("taxassessment")) for one in assessments.CRITERIA}
    assessments.assess(db, cast["tax"], ids["application"], marks)
    exchange.import_positions(db, cast["lead"], _TABLE)
    exchange.import_applications(db, cast["lead"], _LOG)


def paper() -> bytes:
    """A PDF of one empty page."""
    writer, written = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(written)
    return written.getvalue()


_TABLE = b"""\
position;agency;title;title_en;seats;hours;from;to;occurred_at
TAX-1;Skatteetaten;Medarbeider;Assistant;1;7,5;01.01.2026;30.06.2026;2025-11-03
"""
_LOG = f"""\
position,application,event,occurred_at,applicant
TAX-1,a,received,2025-11-05,{word("taxcandidate")}
TAX-1,a,offer,2025-12-05,
TAX-1,a,accepted,2025-12-06,
TAX-1,a,started,2026-01-05,
""".encode()


def _meetings(db: Database, world: World) -> None:
    cast, ids = world.cast, world.ids
    when = clock.now() + timedelta(hours=1)
    ids["meeting"] = meetings.plan(
        db, cast["lead"], word("meetingtitle"), when, "Campus Narvik",
        subproject_id="service-innovation", journey_id=JOURNEY,
    )  # fmt: skip
    attendance.invite(
        db, cast["lead"], ids["meeting"], names=[word("meetingguest")],
        person_ids=[cast["tax"].person_id, cast["mentor"].person_id],
    )  # fmt: skip
    meetings.begin(db, cast["lead"], ids["meeting"])
    ids["item"] = agenda.add_own(db, cast["lead"], ids["meeting"], "Rooms")
    agenda.prepare(db, cast["lead"], ids["meeting"])
    about_quiet = {
        "idea_id": ids["quiet"], "reason": word("meetingreason"),
    }  # fmt: skip
    ids["decision"] = resolutions.record(
        db, cast["mentor"], ids["meeting"], receipts.Kind.DECISION, word("meetingdecision"),
        exit_id="closed", reason_code="learned", **about_quiet,
    )  # fmt: skip
    told = resolutions.record(
        db, cast["mentor"], ids["meeting"], receipts.Kind.DECISION, word("meetingpublished"),
        idea_id=ids["quiet"],
    )  # fmt: skip
    resolutions.publish(db, cast["mentor"], told)
    ids["action"] = resolutions.record(
        db, cast["mentor"], ids["meeting"], receipts.Kind.ACTION, word("meetingaction"),
        owner_id=cast["tax"].person_id, due=clock.today(),
    )  # fmt: skip
    world.code = number_receipts.issue(db, cast["mentor"], "cohort", Choice(JOURNEY))


def _own(db: Database, world: World) -> None:
    mate = world.cast["teammate"]
    draft = replace(DESCRIPTION, title=word("draftoftheteammate"))
    drafts.save(db, mate, JOURNEY, draft)
    deadlines.remember_own(db, mate, word("daythatisown"), clock.today() + timedelta(days=9))
    workload.say_hours(db, mate, 10.0, 5.0)
    impartiality.declare(db, world.cast["student"], TAX, impartiality.Tie.JOB)
