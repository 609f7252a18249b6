"""Every public function that acts for somebody, found by its signature, and a way to call it.

A parameter is given by its name, with the ids of things that are not the caller's own; a function
that needs something else says so in ``SPECIAL``. A parameter that nothing here names makes the test
fail: say what it is to be given.
"""

import importlib
import inspect
import io
import pkgutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pandas as pd

import sandkasse
from sandkasse import (
    application,
    board,
    clock,
    contacts,
    freezes,
    idea_bank,
    matter,
    meetings,
    touchpoints,
)
from sandkasse.access import Action
from sandkasse.database import Database
from sandkasse.documents import reviewed
from sandkasse.documents.audience import Audience
from sandkasse.errors import NotFound
from sandkasse.figures import bridge, history
from sandkasse.figures.choice import Choice, ask
from sandkasse.figures.flow.numbers import Arrived
from sandkasse.figures.seats import SeatsChoice
from sandkasse.figures.waiting import WaitingChoice
from sandkasse.gates import Outcome
from sandkasse.impartiality import Tie
from sandkasse.ledger import Party
from sandkasse.meetings import attendance, proposing, receipts, wording
from sandkasse.people import OPERATOR, Actor, Role
from sandkasse.privacy import trail
from sandkasse.recruitment import assessments, candidates, positions
from sandkasse.recruitment.applications import Applying
from sandkasse.registry import Client
from sandkasse.touchpoints import Opening
from tests.builders import CARD, DESCRIPTION, JOURNEY, described
from tests.security.world import TAX, World

#: The packages that are not for somebody: screens, commands and synthetic people call the others.
OUTSIDE = ("ui", "cli", "demo")

Make = Callable[[Database, World], Any]


def public() -> dict[str, Callable[..., Any]]:
    """The public functions that take a database (or a transaction) first and an actor, by name."""
    return {name: one for name, one in taking_a_database().items() if "actor" in _names(one)}


@cache
def taking_a_database() -> dict[str, Callable[..., Any]]:
    """The public functions that take a database, a transaction or a reader first, by name."""
    found = {}
    for module in pkgutil.walk_packages(sandkasse.__path__, "sandkasse."):
        if module.name.split(".")[1] in OUTSIDE:
            continue
        loaded = importlib.import_module(module.name)
        for name, one in vars(loaded).items():
            if name.startswith("_") or getattr(one, "__module__", None) != module.name:
                continue
            if inspect.isfunction(one) and _names(one)[:1] in (["db"], ["tx"], ["reader"]):
                found[f"{module.name.removeprefix('sandkasse.')}.{name}"] = one
    return found


def _names(one: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(one).parameters)


def _idea(_db: Database, world: World) -> int:
    return world.ids["quiet"]


def _of(name: str) -> Make:
    return lambda _db, world: world.ids[name]


def _is(value: Any) -> Make:
    return lambda _db, _world: value


def _meeting(db: Database, world: World) -> Any:
    return meetings.get(db, OPERATOR, world.ids["meeting"])


def _seq(table: str, column: str, name: str) -> Make:
    def last(db: Database, world: World) -> int:
        sql = f"SELECT last_seq FROM {table} WHERE {column} = ?"
        return int(db.value(sql, [world.ids[name]]))

    return last


def _freeze(db: Database, world: World) -> freezes.Freeze:
    now = clock.now()
    return freezes.Freeze(
        1, world.ids["meeting"], _CHOICE, now, now, 1, {"cohort": {}}, {}, frozenset(), now
    )


_CHOICE = Choice(JOURNEY)
_PLAN = positions.seats(1, clock.today(), clock.today() + timedelta(days=60))

#: What a parameter is given, by its name.
GIVEN: dict[str, Make] = {
    "about_id": lambda _db, world: world.cast["stranger"].person_id,
    "action": _is(Action.SEE_IDEA),
    "agency_id": _is(TAX),
    "amount": _is(None),
    "answer": _is(""),
    "applying": _is(Applying("Hello")),
    "application_id": _of("application"),
    "approved": _is(True),
    "audience": _is(Audience.PROJECT),
    "bar": _is("opening"),
    "barrier_id": _of("barrier"),
    "before": _is(clock.today() + timedelta(days=60)),
    "blocked": _is(True),
    "body": _is("Hello"),
    "by": _is("level"),
    "card": _is(CARD),
    "choice": _is(_CHOICE),
    "client": lambda _db, _world: Client("http://127.0.0.1:9", timeout=0.1, pause=0.0),
    "code": lambda _db, world: world.code,
    "contact_id": _of("contact"),
    "contact_ids": lambda _db, world: [world.ids["contact"]],
    "deadline": _is(None),
    "description": _is(DESCRIPTION),
    "exact": _is(replace(_CHOICE, as_of=clock.now(), known_at=clock.now())),
    "exit_id": _is("closed"),
    "expected_seq": _seq("idea", "idea_id", "quiet"),
    "expected_version": _is(1),
    "figure": _is("cohort"),
    "follow_up": _is(None),
    "form": _is("xlsx"),
    "gate_id": _is("team-named"),
    "idea_id": _idea,
    "idea": _is(3.0),
    "idea_ids": lambda _db, world: [world.ids["quiet"], world.ids["open"]],
    "into": _of("open"),
    "item_id": _of("item"),
    "journey_id": _is(JOURNEY),
    "kind": _is("cohort"),
    "keep_record": _is(True),
    "label": _is("Exam"),
    "language": _is("en"),
    "last_day": _is(clock.today()),
    "level": _is("MSc"),
    "mail": _is("daily"),
    "marks": _is({"skills": assessments.Mark(3)}),
    "meeting_id": _of("meeting"),
    "mentor_id": lambda _db, world: world.cast["other_mentor"].person_id,
    "most": _is(20.0),
    "on_day": _is(clock.today() - timedelta(days=3)),
    "opened_at": _is(clock.now() - timedelta(days=1)),
    "opening": _is(Opening(TAX, title="A matter")),
    "opening_known_at": _is(clock.now() - timedelta(days=1)),
    "outcome": _is(Outcome.MET),
    "part": _is("reached"),
    "party": _is("student"),
    "person_id": lambda _db, world: world.cast["stranger"].person_id,
    "place": _is("Narvik"),
    "plan": _is(_PLAN),
    "position_id": _of("position"),
    "position_ids": lambda _db, world: [world.ids["position"], world.ids["draft"]],
    "problem": _is("Quays are closed because nobody knows how thick the ice is"),
    "public_text": _is("For all"),
    "reason": _is("studies"),
    "resolution_id": _of("decision"),
    "review_on": _is(None),
    "roles": _is([Role.LEAD]),
    "rule_id": _is("ask-for-guidance"),
    "seq": _is(1),
    "source": _is(""),
    "stage_id": _is("idea-bank"),
    "standing": _is(attendance.Standing.PRESENT),
    "starts_at": _is(clock.now() + timedelta(days=2)),
    "target": _is(1),
    "text": _is("Quays are closed because nobody knows how thick the ice is"),
    "subject": _is("people"),
    "tie": _is(Tie.JOB),
    "title": _is("No answer for weeks and weeks"),
    "to": _is("need-test"),
    "to_position": _is(1),
    "touchpoint_id": _of("matter"),
    "until": _is(clock.today() + timedelta(days=30)),
    "wanted": _is(frozenset({"food"})),
    "name": _is("Somebody"),
    "note": _is("Hello"),
    "person_ids": lambda _db, world: [world.cast["mentor"].person_id],
    "names": _is(["Kari"]),
}

#: What one function gets beside or in place of that.
SPECIAL: dict[str, dict[str, Make]] = {
    "affiliation.about": {
        "person_ids": lambda _db, world: [world.cast["stranger"].person_id],
        "grace_days": _is(90),
    },
    "affiliation.extend": {"until": _is(None)},
    "sessions.own": {"hours": _is(12), "here": _is(None)},
    "sessions.end_own": {"seq": _is(1)},
    "barriers.keep": {"description": _is("")},
    "board.columns": {"wanted": _is(board.Filter(JOURNEY))},
    "contacts.find": {"wanted": _is(contacts.Filter(left=None))},
    "exchange.directory.contacts_csv": {"wanted": _is(contacts.Filter(left=None))},
    "exchange.directory.contacts_vcards": {"wanted": _is(contacts.Filter(left=None))},
    "idea_bank.find": {"wanted": _is(idea_bank.Filter())},
    "recruitment.candidates.find": {"wanted": _is(candidates.Filter())},
    "recruitment.candidates.board": {"wanted": _is(candidates.Filter())},
    "recruitment.positions.register.find": {"wanted": _is(positions.Filter(open_only=False))},
    "touchpoints.register.find": {"wanted": _is(touchpoints.Filter(open_only=False))},
    "touchpoints.changes.record": {"kind": _is(matter.Kind.NOTE), "note": _is("Rang them")},
    "touchpoints.changes.describe": {"contact_id": _is(None), "barrier_id": _is(None)},
    "recruitment.applications.changes.record": {
        "kind": _is(application.Kind.NOTE), "note": _is("Rang them"),
    },
    "recruitment.applications.changes.correct": {"seq": _is(2)},
    "recruitment.positions.changes.create": {"description": _is(described())},
    "recruitment.positions.changes.edit": {"description": _is(described())},
    "pipeline.moves.hand_over": {"to": _is(Party.STUDENT)},
    "pipeline.moves.withdraw_idea": {"reason": _is("team")},
    "pipeline.moves.exit_idea": {"reason": _is("learned")},
    "pipeline.moves.reopen_idea": {"reason": _is("team"), "to": _is("clarification")},
    "checklist.mark": {"outcome": _is("done")},
    "deadlines.say": {"rule_id": _is("founding-signed")},
    "meetings.agenda.take_up": {
        "proposal": lambda db, world: proposing.Proposal(
            proposing.Source.CHANGED, world.ids["quiet"], None, None, None, proposing.Why()
        )
    },
    "meetings.proposing.found": {
        "meeting": _meeting,
        "told": lambda db, world: proposing.known(db, OPERATOR, world.ids["meeting"]),
    },
    "meetings.resolutions.record": {
        "kind": _is(receipts.Kind.DECISION), "idea_id": _idea, "reason": _is(""),
    },
    "meetings.resolutions.mark_done": {"resolution_id": _of("action")},
    "meetings.resolutions.reopen": {"resolution_id": _of("action")},
    "meetings.resolutions.carry_out": {"expected_seq": _is(None)},
    "meetings.wording.check": {
        "meeting": _meeting,
        "draft": lambda db, world: wording.Draft(
            receipts.Kind.DECISION, "Go on", None, world.ids["quiet"], "", "", None, None, None,
            None, None, None,
        ),
    },
    "meetings.attendance.invite": {
        "person_ids": lambda _db, world: [world.cast["other_mentor"].person_id]
    },
    "meetings.attendance.mark": {"person_id": lambda _db, world: world.cast["mentor"].person_id},
    "meetings.attendance.remove": {"person_id": lambda _db, world: world.cast["mentor"].person_id},
    "meetings.calling.before": {"meeting": _meeting},
    "meetings.calling.change": {"subproject_id": _is("service-innovation")},
    "documents.minutes.minutes": {
        "review": lambda db, world: reviewed.of_meeting(
            db, OPERATOR, _meeting(db, world), Audience.PROJECT
        )
    },
    "documents.reviewed.of_meeting": {"meeting": _meeting},
    "documents.seat_exhibit.of_meeting": {"meeting": _meeting},
    "documents.papers.papers": {"audience": _is(Audience.PROJECT)},
    "exchange.exporting.export_all": {"folder": _is(None)},
    "exchange.exporting.export_event_log": {"file": _is(None)},
    **{
        f"exchange.{module}.{name}": {"source": _is(b"idea;stage;occurred_at\n")}
        for module, names in {
            "importing": ("preview_log", "import_log"),
            "touchpoint_log": ("preview_touchpoints", "import_touchpoints"),
            "position_table": ("preview_positions", "import_positions"),
            "application_log": ("preview_applications", "import_applications"),
        }.items()
        for name in names
    },
    "registry.companies.join": {"text": _is("310000019")},
    "figures.behind.listed": {
        "told": lambda db, _world: history.read(db, ask(db, OPERATOR, _CHOICE)),
        "ideas": lambda db, _world: history.read(db, ask(db, OPERATOR, _CHOICE)).idea_ids > 0,
        "limit": _is(50), "offset": _is(0),
    },
    "figures.bridge.records": {
        "drawn": lambda db, _world: bridge.bridge(
            db, OPERATOR, _CHOICE, clock.now() - timedelta(days=1), clock.now()
        ),
        "bar": _is("closing"),
    },
    "figures.flow.forecast.forecast": {"by": _is(clock.today() + timedelta(days=90))},
    "figures.flow.numbers.asked.records": {"number": _is(Arrived("idea-bank"))},
    "figures.flow.numbers.asked.why": {"number": _is(Arrived("idea-bank"))},
    "figures.seats.needed.needed": {"wanted": _is(3)},
    "freezes.bridge": {"earlier": _freeze},
    "freezes.changes": {"one": _freeze},
    "lookups.note_refusal": {"refusal": _is(NotFound("no", "idea.see", "idea:1"))},
    "number_receipts.changes_of": {"then": _is({})},
}  # fmt: skip
_CHOICES = {"figures.seats": SeatsChoice(), "figures.waiting": WaitingChoice()}


SPECIAL |= {f"privacy.erasure.{name}": {"kind": _is("person")} for name in ("preview", "erase")} | {
    f"privacy.trail.{name}": {"wanted": _is(trail.Filter())} for name in ("listed", "as_csv")
}

#: Parts of other reads and writes: their callers have checked the right, and no screen, command or
#: socket reaches them.
PARTS = {
    "documents.seat_exhibit.of_meeting": "part of the papers of a meeting",
    "drafts.clear_draft": "part of submitting an idea",
    "meetings.proposing.found": "part of an agenda's proposals",
    "meetings.receipts.found": "part of what is done about a result",
    "meetings.wording.check": "part of recording a result",
    "recruitment.applications.storage.insert": "part of applying",
    "recruitment.positions.changes.bring_in": "part of an import",
    "touchpoints.changes.open_within": "part of opening a matter",
}


def arguments(name: str, one: Callable[..., Any], db: Database, world: World) -> dict[str, Any]:
    """What the function is called with beside the database and the actor.

    :raises KeyError: naming a parameter that nothing is said of.
    """
    special = SPECIAL.get(name, {})
    given = {}
    for parameter in inspect.signature(one).parameters.values():
        known = parameter.name
        if known in ("db", "reader", "tx", "actor"):
            continue
        if known in special:
            given[known] = special[known](db, world)
        elif parameter.default is inspect.Parameter.empty:
            given[known] = GIVEN[known](db, world)
            if known == "choice":
                kinds = [kind for start, kind in _CHOICES.items() if name.startswith(start)]
                given[known] = kinds[0] if kinds else given[known]
            if known == "expected_seq":
                given[known] = _expected(name)(db, world)
    return given


def _expected(name: str) -> Make:
    if name.startswith("touchpoints"):
        return _seq("touchpoint", "touchpoint_id", "matter")
    if name.startswith("recruitment.positions"):
        return _seq("position", "position_id", "position")
    if name.startswith("recruitment.applications"):
        return _seq("application", "application_id", "application")
    return GIVEN["expected_seq"]


def called(one: Callable[..., Any], db: Database, actor: Actor, given: dict[str, Any]) -> str:
    """All words in what a function answers somebody."""
    first = next(iter(inspect.signature(one).parameters))
    return told(one(**{first: db, "actor": actor, **given}))


def told(answer: Any) -> str:
    """All words in what a function answered: packed files and tables are opened."""
    if isinstance(answer, AbstractContextManager):
        with answer as inside:
            return told(inside)
    if isinstance(answer, bytes):
        return _unpacked(answer)
    if isinstance(answer, pd.DataFrame):
        return str(answer.to_csv())
    if isinstance(answer, dict):
        return "\n".join(told(part) for pair in answer.items() for part in pair)
    if isinstance(answer, list | tuple | set | frozenset | Iterator) and not isinstance(
        answer, str
    ):
        return "\n".join(map(told, answer))
    if hasattr(answer, "rows"):
        return f"{answer!r}\n{told(answer.rows)}"
    return repr(answer)


def _unpacked(packed: bytes) -> str:
    if not packed.startswith(b"PK"):
        return packed.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        return "\n".join(f"{name}\n{_unpacked(files.read(name))}" for name in files.namelist())


def words_of(many: Iterable[str], text: str) -> set[str]:
    """Those of ``many`` words that stand in ``text``."""
    return {one for one in many if one in text}
