"""Turning a told life into the rows that the programme would have kept of it."""

from dataclasses import dataclass

from sandkasse.demo.chance import Chance
from sandkasse.demo.columns import Gathered
from sandkasse.demo.crowd import Crowd
from sandkasse.demo.lives import Happening, Life, Route
from sandkasse.demo.personas import Wish
from sandkasse.demo.seasons import DAY
from sandkasse.demo.voices import Topic, Voices
from sandkasse.ledger import Kind, Party


@dataclass(frozen=True)
class Story:
    """An idea of the demonstration: whose it is, where it goes, and what happens to it.

    ``into`` is the id of the idea it was merged into.
    """

    idea_id: int
    author_id: int
    level: str | None
    route: Route
    life: Life
    topic: Topic
    into: int | None = None
    wish: Wish | None = None


class Clerk:
    """Keeps the records of one story: the ledger, its gates, mentors, and what was said."""

    def __init__(
        self,
        chance: Chance,
        crowd: Crowd,
        voices: Voices,
        gathered: Gathered,
        story: Story,
        now: int,
    ) -> None:
        self._chance, self._crowd, self._voices, self._now = chance, crowd, voices, now
        self._rows, self._story = gathered.rows, story
        self.recorded = self._recorded(story.life.rows)
        self.mentors = self._take_mentors()
        self._passed: set[int] = set()
        self._marks = 0

    def _recorded(self, rows: list[Happening]) -> list[int]:
        """When each row was recorded: mostly at once, some days late, never before the last."""
        found: list[int] = []
        for number, row in enumerate(rows):
            delay = int(self._chance.between(0, 240))
            if row.late:
                following = rows[number + 1].at if number + 1 < len(rows) else self._now
                late = int(self._chance.around(3.0, 0.7) * DAY)
                delay = max(delay, min(late, int((following - row.at) * 0.9)))
            before = found[-1] + 1 if found else 0
            found.append(min(max(row.at + delay, before), self._now))
        return found

    def _take_mentors(self) -> list[tuple[int, int]]:
        """(since when, mentor) of whoever acts for the mentors, earliest first; also kept."""
        story, chance = self._story, self._chance
        rows = story.life.rows
        both = zip(self.recorded, rows, strict=True)
        acts = [when for when, row in both if row.by is Party.MENTOR]
        since = self.recorded[0] + int(chance.around(2.0, 0.9) * DAY)
        since = max(min(since, acts[0] - 60), self.recorded[0]) if acts else since
        if since > self._now or (story.wish is not None and not acts and story.wish.mentor is None):
            return []
        mentor = self._crowd.cast.get(story.wish.mentor or "") if story.wish else None
        first = mentor or self._crowd.mentor()
        self._keep_mentor(1, first, first, since)
        return [(since, first), *self._share(first, since)]

    def _share(self, first: int, since: int) -> list[tuple[int, int]]:
        draw = self._chance.share()
        until = self._story.life.exit_at or self._now
        if draw > 0.19 or until <= since or self._story.wish is not None:
            return []
        second = self._crowd.mentor(beside=first)
        joined = int(self._chance.between(since, until))
        self._keep_mentor(2, second, first, joined)
        if draw > 0.05:
            return []
        self._keep_mentor(3, first, first, joined, active=False)
        return [(joined, second)]

    def _keep_mentor(
        self, seq: int, mentor: int, actor: int, when: int, *, active: bool = True
    ) -> None:
        self._rows["mentoring"].append((self._story.idea_id, seq, mentor, active, actor, when))

    def mentor_at(self, when: int) -> int:
        """Who acts for the mentors at this moment."""
        acting = [mentor for since, mentor in self.mentors if since <= when]
        return acting[-1] if acting else self._crowd.lead_id

    def keep_ledger(self) -> None:
        """The ledger's rows, with the gates passed and the comments made on the way."""
        story, places = self._story, [-1]
        rows = story.life.rows
        for number, (row, when) in enumerate(zip(rows, self.recorded, strict=True)):
            voided = number + 1 < len(rows) and rows[number + 1].kind is Kind.VOID
            came_from = places[-1]
            forward = row.kind is Kind.MOVE and (row.place or 0) > came_from
            if forward and not voided:
                self._pass_gates(came_from, when)
            self._keep_row(number + 1, row, came_from, when)
            if row.kind is Kind.VOID:
                places.pop()
            else:
                places.append(came_from if row.place is None else row.place)
            self._perhaps_comment(row, when)
        if story.life.exit_kind is None and len(rows) > 1:
            self._begin_gates(places[-1], self.recorded[-1])

    def _keep_row(self, seq: int, row: Happening, came_from: int, when: int) -> None:
        story, stages = self._story, self._story.route.stages
        by = story.author_id if row.by is Party.STUDENT else self.mentor_at(when)
        ways = story.route.exits[row.exit_kind] if row.exit_kind else ()
        estimated = when - row.at > DAY and self._chance.happens(0.2)
        self._rows["ledger"].append((
            story.idea_id, seq, row.kind.value,
            None if came_from < 0 else stages[came_from],
            None if row.place is None else stages[row.place],
            self._chance.one(ways) if ways else None,
            row.ball.value if row.ball else None,
            story.into if row.exit_kind == "merged" else None,
            row.voids, row.reason, self._note(row),
            "estimated" if estimated else "exact",
            row.at, when, by,
        ))  # fmt: skip

    def _note(self, row: Happening) -> str | None:
        if row.note is None:
            return None
        if row.note == "questions":
            return self._voices.saying(self._story.topic, "questions")
        if row.reason == "other" or self._chance.happens(0.6):
            return self._voices.note(self._story.topic, row.note)
        return None

    def _pass_gates(self, place: int, when: int) -> None:
        if place in self._passed:
            return
        self._passed.add(place)
        for gate_id, attested_by in self._story.route.gates[place]:
            waived = self._chance.happens(0.05)
            self._mark(place, gate_id, attested_by, "waived" if waived else "met", when)

    def _begin_gates(self, place: int, when: int) -> None:
        """Some gates of the stage it is in are marked already."""
        if place in self._passed or self._chance.happens(0.4):
            return
        for gate_id, attested_by in self._story.route.gates[place]:
            draw = self._chance.share()
            if draw < 0.55:
                self._mark(place, gate_id, attested_by, "met" if draw < 0.45 else "not_met", when)

    def _mark(
        self, place: int, gate_id: str, attested_by: tuple[str, ...], outcome: str, when: int
    ) -> None:
        self._marks += 1
        actor, note = self._crowd.lead_id, None
        if outcome == "waived" or not attested_by or "mentor" in attested_by:
            actor = self.mentor_at(when)
        elif "student" in attested_by:
            actor = self._story.author_id
        if outcome == "waived":
            note = self._voices.note(self._story.topic, "waived")
        self._rows["gate_mark"].append((
            self._story.idea_id, self._marks, self._story.route.stages[place], gate_id, outcome,
            note, actor, when,
        ))  # fmt: skip

    def _perhaps_comment(self, row: Happening, when: int) -> None:
        if row.kind not in (Kind.HANDOVER, Kind.MOVE) or not self._chance.happens(0.35):
            return
        student = row.by is Party.STUDENT
        author = self._story.author_id if student else self.mentor_at(when)
        body = self._voices.saying(
            self._story.topic, "student_comments" if student else "mentor_comments"
        )
        said = min(when + int(self._chance.between(30, 1_500)), self._now)
        self._rows["comment"].append((None, self._story.idea_id, author, body, said))
