"""Filling a database with synthetic people and ideas."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sandkasse import clock, journeys
from sandkasse.access import Action, writing
from sandkasse.database import Database, Transaction
from sandkasse.demo import jobs, seasons, wished
from sandkasse.demo.chance import Chance
from sandkasse.demo.columns import Gathered, new_ids
from sandkasse.demo.crowd import Crowd, Student
from sandkasse.demo.editor import Editor
from sandkasse.demo.lives import Life, Route, Teller
from sandkasse.demo.matters import Correspondent
from sandkasse.demo.offices import Offices
from sandkasse.demo.personas import OFFICE_WISHES, WISHES, Wish, wishes_to_cover
from sandkasse.demo.records import Clerk, Story
from sandkasse.demo.registered import Registrar
from sandkasse.demo.secretary import Secretary
from sandkasse.demo.told import tell_personas
from sandkasse.demo.voices import Topic, Voices
from sandkasse.errors import Invalid, NotFound
from sandkasse.i18n import _
from sandkasse.journeys import Journey
from sandkasse.people import LEVELS, OPERATOR
from sandkasse.standing import refresh_standing

STUDENT_JOURNEY = "student-startup"
OFFICE_JOURNEY = "one-office"
_OFFICE_SHARE = 0.05
_COVER_FROM = 40
_AT_A_TIME = 5_000
_LOOKED_BACK = 300
_BEFORE_ALL = 790 * seasons.DAY


@dataclass(frozen=True)
class DemoReport:
    """How many of each were made."""

    people: int
    ideas: int
    ledger_rows: int
    comments: int


@dataclass(frozen=True)
class _Plan:
    """An idea to come: when, in which journey, and whether a demonstration wants it somewhere."""

    entered: int
    journey: Journey
    wish: Wish | None = None


@dataclass(frozen=True)
class _Told:
    """An idea already told, for later ones to be merged into."""

    idea_id: int
    journey_id: str
    exit_at: int | None
    topic: Topic


def fill(db: Database, *, ideas: int, seed: int, journey_id: str | None = None) -> DemoReport:
    """Make ``ideas`` synthetic ideas with their people and meetings, in one transaction; what the
    meetings froze is worked out from them in the next.

    The personas are always made, and the first ideas are theirs. Without ``journey_id`` most
    ideas follow the student founder journey and some the one for public services in one office.
    The database notes that what it holds is a demonstration.

    :raises Invalid: when ``ideas`` is negative, or the database holds ideas or a demonstration.
    :raises NotFound: when there is no such journey, or none at all.
    """
    if ideas < 0:
        raise Invalid(_("The number of ideas cannot be negative."), "ideas")
    now = int(clock.now().timestamp())
    chance = Chance(seed)
    with writing(db, OPERATOR, Action.IMPORT_LOG, subject="demo") as write:
        _refuse_unless_empty(write.tx)
        gathered = Gathered()
        crowd = Crowd(write.tx, chance, gathered, ideas=ideas, began=now - _BEFORE_ALL, now=now)
        teller = Teller(chance, now)
        main, office = _journeys(db, journey_id)
        plans = _plans(teller, ideas, main, office)
        _Maker(write.tx, teller, crowd, gathered).make(plans)
        refresh_standing(write.tx)
        if ideas:
            jobs.offer(write.tx, Chance(seed + 1), crowd, gathered, now)
        tell_personas(write.tx, list(crowd.cast.values()), now)
        secretary = Secretary(write.tx, crowd, main.id, office.id if office else None, now)
        secretary.keep_meetings()
        write.tx.execute("INSERT INTO fact (name, value) VALUES ('origin', 'demo')")
        write.detail.update(ideas=ideas, seed=seed, journey=journey_id)
    if ideas:
        secretary.freeze_figures(db, ideas)
    count = gathered.written
    return DemoReport(
        people=count["person"],
        ideas=count["idea"],
        ledger_rows=count["ledger"],
        comments=count["comment"],
    )


def _refuse_unless_empty(tx: Transaction) -> None:
    held = tx.value(
        """
        SELECT (SELECT count(*) FROM idea)
             + (SELECT count(*) FROM fact WHERE name = 'origin' AND value = 'demo')
        """
    )
    if held:
        raise Invalid(
            _("The database holds ideas already. Synthetic ideas are only put in an empty one.")
        )


def _journeys(db: Database, journey_id: str | None) -> tuple[Journey, Journey | None]:
    """The journey of most ideas, and the one of a few."""
    if journey_id is not None:
        return journeys.get(db, journey_id), None
    known = {journey.id: journey for journey in journeys.all_journeys(db)}
    if not known:
        raise NotFound(_("There is no journey yet, so ideas have nowhere to go."))
    return known.get(STUDENT_JOURNEY) or next(iter(known.values())), known.get(OFFICE_JOURNEY)


def _plans(teller: Teller, ideas: int, main: Journey, office: Journey | None) -> list[_Plan]:
    """Every idea to come, in the order in which they enter."""
    wishes = list(WISHES[:ideas])
    if ideas >= _COVER_FROM:
        kinds = dict.fromkeys(way.kind for way in main.exits)
        wishes += wishes_to_cover(len(main.stages), list(kinds))
    wished_for = [(wish, main) for wish in wishes]
    if ideas >= _COVER_FROM and office is not None:
        wished_for += [(wish, office) for wish in OFFICE_WISHES]
    plans = [
        _Plan(teller.now - int(wish.age * seasons.DAY), journey, wish)
        for wish, journey in wished_for[:ideas]
    ]
    for entered in seasons.entries(teller.chance, ideas - len(plans), teller.now):
        aside = office is not None and teller.chance.happens(_OFFICE_SHARE)
        plans.append(_Plan(entered, office if office and aside else main))
    return sorted(plans, key=lambda plan: plan.entered)


class _Maker:
    """Makes the planned ideas, a few thousand at a time."""

    def __init__(self, tx: Transaction, teller: Teller, crowd: Crowd, gathered: Gathered) -> None:
        self._tx, self._teller, self._crowd, self._gathered = tx, teller, crowd, gathered
        self._chance = teller.chance
        self._voices = Voices(teller.chance)
        self._editor = Editor(teller.chance, crowd, self._voices, gathered, teller.now)
        offices = Offices(tx, teller.chance, crowd, gathered, teller.now)
        self._correspondent = Correspondent(tx, teller.chance, crowd, offices, gathered, teller.now)
        self._registrar = Registrar(teller.chance, gathered, teller.now)
        self._routes: dict[tuple[str, str | None], Route] = {}
        self._recent: list[_Told] = []

    def make(self, plans: Sequence[_Plan]) -> None:
        """Make and write every planned idea."""
        for start in range(0, len(plans), _AT_A_TIME):
            some = plans[start : start + _AT_A_TIME]
            for idea_id, plan in zip(new_ids(self._tx, "idea_ids", len(some)), some, strict=True):
                self._make_one(idea_id, plan)
            self._recent = self._recent[-_LOOKED_BACK:]
            self._gathered.write(self._tx)
        self._gathered.write(self._tx)

    def _make_one(self, idea_id: int, plan: _Plan) -> None:
        service = plan.journey.id == OFFICE_JOURNEY
        author = self._author(plan, service)
        level = _level(plan.journey, author)
        route = self._route(plan.journey, level)
        life, like = self._life(plan, route)
        topic = self._topic(plan, service, like)
        author_id = author.person_id if author else self._crowd.mentor()
        story = Story(
            idea_id, author_id, level, route, life, topic, like.idea_id if like else None, plan.wish
        )
        clerk = Clerk(
            self._chance, self._crowd, self._voices, self._gathered, story, self._teller.now
        )
        clerk.keep_ledger()
        self._editor.keep_idea(story, clerk, author)
        self._correspondent.keep_matters(story)
        self._registrar.keep(story, clerk.recorded[0])
        self._recent.append(_Told(idea_id, route.journey_id, life.exit_at, topic))

    def _author(self, plan: _Plan, service: bool) -> Student | None:
        """The student whose idea it is; None for a service idea, which a mentor submits."""
        if plan.wish is not None and plan.wish.persona is not None:
            return self._crowd.known[plan.wish.persona]
        return None if service else self._crowd.student_with_idea(plan.entered)

    def _route(self, journey: Journey, level: str | None) -> Route:
        key = (journey.id, level)
        if key not in self._routes:
            self._routes[key] = Route.of(journey, level)
        return self._routes[key]

    def _life(self, plan: _Plan, route: Route) -> tuple[Life, _Told | None]:
        """The idea's life, and the idea it was merged into, if it was."""
        if plan.wish is None:
            life = self._teller.tell(route, plan.entered)
        else:
            life = wished.tell(self._teller, route, plan.wish)
        if life.exit_kind != "merged" or life.exit_at is None:
            return life, None
        like = self._still_there(route.journey_id, life.exit_at)
        if like is None:
            life.decline_instead(route)
        return life, like

    def _still_there(self, journey_id: str, moment: int) -> _Told | None:
        """An earlier idea of the journey that had not left at ``moment``."""
        candidates = [
            told
            for told in self._recent[-_LOOKED_BACK:]
            if told.journey_id == journey_id and (told.exit_at is None or told.exit_at > moment)
        ]
        return self._chance.one(candidates) if candidates else None

    def _topic(self, plan: _Plan, service: bool, like: _Told | None) -> Topic:
        """What the idea is about: much the same as the one it was merged into."""
        if like is not None:
            others = [way for way in like.topic.subject["by"] if way != like.topic.approach]
            return replace(like.topic, approach=self._chance.one(others), setting=None)
        language = plan.wish.language if plan.wish is not None and plan.wish.persona else None
        return self._voices.topic(service=service, language=language)


def _level(journey: Journey, author: Student | None) -> str | None:
    """The idea's level: its author's, as far as the journey knows it."""
    if author is None:
        return None
    levels = journey.levels or LEVELS
    return author.level if author.level in levels else levels[0]
