"""What happens in the matters that a synthetic idea has with agencies.

Each matter is told forward from a moment of the idea's life until it ends, the idea leaves, or
today is reached. Moments are whole seconds since 1970 in UTC.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sandkasse.database import Transaction
from sandkasse.demo.chance import Chance, Odds
from sandkasse.demo.columns import Gathered, new_ids
from sandkasse.demo.crowd import Crowd
from sandkasse.demo.offices import Office, Offices, known
from sandkasse.demo.records import Story
from sandkasse.demo.seasons import DAY, in_daytime
from sandkasse.matter import Kind, Outcome
from sandkasse.texts import LIMITS

_OUTCOMES = Odds({"approved": 0.4, "answered": 0.38, "partly": 0.12, "refused": 0.1})
_FEWEST, _MORE_A_STAGE = 0.9, 1.0
_IDS_AT_A_TIME = 2_000
_HOUR = 3_600


@dataclass
class _Matter:
    """A matter being told: what happened in it as (kind, when, by the agency, outcome, voids)."""

    office: Office
    until: int
    last_sent: int
    events: list[tuple[Kind, int, bool, str | None, int | None]] = field(default_factory=list)


class _Over(Exception):
    """What comes next is after the matter's time."""


class Correspondent:
    """Keeps the matters of one story after another."""

    def __init__(
        self,
        tx: Transaction,
        chance: Chance,
        crowd: Crowd,
        offices: Offices,
        gathered: Gathered,
        now: int,
    ) -> None:
        self._tx, self._chance, self._crowd, self._offices = tx, chance, crowd, offices
        self._rows, self._now = gathered.rows, now
        self._spare_ids: list[int] = []
        self._today = datetime.fromtimestamp(now, UTC).date()

    def keep_matters(self, story: Story) -> None:
        """The matters of a story, more of them the further it came."""
        life = story.life
        begins, until = life.entered + _HOUR, life.exit_at or self._now
        if story.wish is not None and story.wish.agency_id in self._offices.by_id:
            self._keep_waiting(story, self._offices.by_id[story.wish.agency_id])
        furthest = max(row.place or 0 for row in life.rows)
        many = self._chance.below(int(2 * (_FEWEST + _MORE_A_STAGE * furthest)) + 2)
        places = sorted((row.at, row.place) for row in life.rows if row.place is not None)
        for _ in range(many):
            moment = in_daytime(self._chance, self._chance.between(begins, until), weekdays=True)
            if not begins <= moment < until:
                continue
            _at, place = places[max(bisect_right(places, (moment, len(places))) - 1, 0)]
            office = self._offices.asked(story.route.along(place))
            if office is not None:
                self._keep(story, self._tell(story, office, moment, until))

    def _keep_waiting(self, story: Story, office: Office) -> None:
        """A matter that the agency has had since soon after the idea's last step."""
        sent = story.life.last + (self._now - story.life.last) // 4
        told = _Matter(office, self._now, self._now)
        told.events = [
            (Kind.PREPARED, max(sent - 6 * DAY, story.life.entered), False, None, None),
            (Kind.SENT, sent, False, None, None),
            (Kind.RECEIPT, sent + (self._now - sent) // 5, True, None, None),
        ]
        self._keep(story, told)

    def _tell(self, story: Story, office: Office, moment: int, until: int) -> _Matter:
        """A matter opened at ``moment``. Where the ball of a story is wished for, nothing is sent
        after the last row that hands it to somebody."""
        handed = [row.at for row in story.life.rows if row.ball is not None]
        told = _Matter(office, until, handed[-1] - 1 if story.wish is not None else until)
        chance = self._chance
        try:
            if chance.happens(0.6):
                self._add(told, Kind.PREPARED, moment)
                if chance.happens(0.06):
                    self._after(told, Kind.CLOSED, 20.0)
                    return told
                self._after(told, Kind.SENT, 3.0)
            else:
                self._add(told, Kind.SENT, moment)
            self._wait(told)
            if chance.happens(0.05):
                self._after(told, Kind.REOPENED, 20.0)
                self._after(told, Kind.SENT, 3.0)
                self._wait(told)
        except _Over:
            if story.life.exit_at is not None and told.events and chance.happens(0.9):
                self._close_with_idea(told)
        return told

    def _wait(self, told: _Matter) -> None:
        """What comes between sending and the end."""
        chance, days = self._chance, told.office.days
        if chance.happens(0.5):
            self._after(told, Kind.RECEIPT, min(days * 0.15, 2.0), agency=True)
        while chance.happens(0.28):
            self._after(told, Kind.QUESTION, days * 0.5, agency=True)
            self._after(told, Kind.ANSWER, 5.0)
        if chance.happens(0.1):
            self._after(told, Kind.NOTE, days * 0.3)
        if chance.happens(0.07):
            self._after(told, Kind.CLOSED, days)
            return
        outcome = chance.of(_OUTCOMES)
        self._after(told, Kind.DECIDED, days, agency=True, outcome=outcome)
        if chance.happens(0.03):
            self._correct(told, outcome)

    def _correct(self, told: _Matter, outcome: str) -> None:
        """The decision was recorded with the wrong outcome: declared void, and recorded again."""
        other = Outcome.REFUSED if outcome != Outcome.REFUSED else Outcome.APPROVED
        at, wrong = told.events[-1][1], len(told.events)
        self._add(told, Kind.VOID, at + 20 * 60, voids=wrong)
        self._add(told, Kind.DECIDED, at + 22 * 60, agency=True, outcome=other.value)

    def _close_with_idea(self, told: _Matter) -> None:
        if told.events[-1][0] in (Kind.DECIDED, Kind.CLOSED, Kind.VOID):
            return
        told.events.append((Kind.CLOSED, told.until, False, None, None))

    def _after(
        self,
        told: _Matter,
        kind: Kind,
        days: float,
        *,
        agency: bool = False,
        outcome: str | None = None,
    ) -> None:
        """Let something happen about ``days`` after the last event."""
        last = told.events[-1][1]
        moment = last + self._chance.around(days, 0.7) * DAY
        when = in_daytime(self._chance, moment, weekdays=agency)
        self._add(told, kind, max(when, last + _HOUR), agency=agency, outcome=outcome)

    def _add(
        self,
        told: _Matter,
        kind: Kind,
        when: int,
        *,
        agency: bool = False,
        outcome: str | None = None,
        voids: int | None = None,
    ) -> None:
        gives = kind in (Kind.SENT, Kind.ANSWER)
        if when >= told.until or (gives and when > told.last_sent):
            raise _Over
        told.events.append((kind, when, agency, outcome, voids))

    def _keep(self, story: Story, told: _Matter) -> None:
        if not told.events:
            return
        if not self._spare_ids:
            self._spare_ids = new_ids(self._tx, "touchpoint_ids", _IDS_AT_A_TIME)[::-1]
        touchpoint_id = self._spare_ids.pop()
        recorded = self._keep_events(story, told, touchpoint_id)
        chance, office = self._chance, told.office
        errand = chance.one(office.errands)
        opened = told.events[0][1]
        there = [one.contact_id for one in office.contacts if one.there(opened)]
        barrier = office.barriers and chance.happens(0.15)
        kind = told.events[-1][0]
        follow_up = None
        if kind not in (Kind.DECIDED, Kind.CLOSED) and chance.happens(0.35):
            follow_up = self._today + timedelta(days=chance.below(40) - 12)
        title = errand.titles.get(story.topic.language, "")[: LIMITS["title"]]
        self._rows["touchpoint"].append((
            touchpoint_id, story.idea_id, office.agency_id, errand.purpose_id, title,
            chance.one(there) if there and chance.happens(0.6) else None,
            chance.one(office.barriers) if barrier else None,
            follow_up, story.author_id, recorded,
            # the standing is worked out from the events when all rows are in
            len(told.events), "prepared", opened, opened,
        ))  # fmt: skip

    def _keep_events(self, story: Story, told: _Matter, touchpoint_id: int) -> int:
        """The events' rows; when the first was recorded."""
        chance, words = self._chance, known()["words"][story.topic.language]
        gathered, member, before = self._rows["touchpoint_event"], told.office.member_id, 0
        first, last = 0, len(told.events)
        for seq, (kind, when, by_agency, outcome, voids) in enumerate(told.events, start=1):
            delay = int(chance.between(0, 240))
            if chance.happens(0.08) and seq < last and kind is not Kind.VOID:
                delay = int((told.events[seq][1] - when) * chance.between(0.1, 0.8))
            recorded = min(max(when + delay, before + 1), self._now)
            said = words.get(kind.value)
            note = chance.one(said) if said else None
            actor = story.author_id
            if by_agency and member is not None and chance.happens(0.4):
                actor = member
            gathered.append((
                touchpoint_id, seq, kind.value, outcome, voids, note or None,
                "estimated" if delay > 2 * DAY and chance.happens(0.3) else "exact",
                when, recorded, actor,
            ))  # fmt: skip
            before, first = recorded, first or recorded
        return first
