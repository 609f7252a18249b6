"""Keeping what a synthetic idea says: its texts and their edits, its team, its publication."""

from dataclasses import replace

from sandkasse.demo.chance import Chance
from sandkasse.demo.columns import Gathered
from sandkasse.demo.crowd import Crowd, Student
from sandkasse.demo.records import Clerk, Story
from sandkasse.demo.seasons import DAY
from sandkasse.demo.voices import Voices
from sandkasse.descriptions import Description
from sandkasse.ideas import searchable

_HOUR = 3_600
_PUBLISHED_AFTER = 20 * DAY


class Editor:
    """Writes the texts of one story after another."""

    def __init__(
        self, chance: Chance, crowd: Crowd, voices: Voices, gathered: Gathered, now: int
    ) -> None:
        self._chance, self._crowd, self._voices, self._now = chance, crowd, voices, now
        self._rows = gathered.rows

    def keep_idea(self, story: Story, clerk: Clerk, author: Student | None) -> None:
        """The idea's row, with its edits, team and publication."""
        idea = self._describe(story, author)
        created = clerk.recorded[0]
        until = max(story.life.exit_at or self._now, created + _HOUR)
        version = self._keep_edits(story, idea, created, min(until, self._now))
        publication, public_text = self._publish(story, clerk, version, until)
        if author is not None and self._chance.happens(0.4):
            for name, person_id in self._crowd.team_mates(author.person_id):
                self._rows["team_member"].append((story.idea_id, name, person_id, created))
        first = story.route.stages[0]
        entered = story.life.entered
        self._rows["idea"].append((
            story.idea_id, story.route.journey_id, idea.level, idea.theme, idea.title,
            idea.problem, idea.solution, idea.audience, idea.needs, " ".join(idea.agencies),
            idea.graduation, story.author_id, created, public_text, publication,
            searchable(idea),
            # the standing is worked out from the ledger when all rows are in
            len(story.life.rows), first, 0, entered, entered, "mentor", entered,
        ))  # fmt: skip

    def _describe(self, story: Story, author: Student | None) -> Description:
        agencies: tuple[str, ...] = ()
        if self._crowd.agencies and self._chance.happens(0.35 if author else 0.8):
            known = self._crowd.agencies
            some = {self._chance.one(known) for _ in range(1 + self._chance.below(3))}
            agencies = tuple(agency for agency in known if agency in some)
        return self._voices.describe(
            story.topic,
            level=story.level,
            agencies=agencies,
            graduation=author.graduation if author else None,
        )

    def _keep_edits(self, story: Story, idea: Description, created: int, until: int) -> int:
        """The idea's edits up to what it says now; the number of the last."""
        if not self._chance.happens(0.2) or until - created < 2 * _HOUR:
            return 0
        earlier = replace(idea, title=self._voices.title(story.topic), audience="")
        earlier = replace(earlier, solution=idea.solution.split(". ")[0] + ".")
        fields = self._chance.shuffled(["title", "solution", "audience"])
        version, when = 0, created
        for name in fields[: 1 + self._chance.below(2)]:
            before, after = getattr(earlier, name), getattr(idea, name)
            if before != after:
                version += 1
                when += int((until - when) * self._chance.between(0.05, 0.4))
                self._keep_edit(story, version, name, before, after, story.author_id, when)
        return version

    def _keep_edit(
        self, story: Story, version: int, name: str, before: str, after: str, actor: int, when: int
    ) -> None:
        self._rows["idea_edit"].append((story.idea_id, version, name, before, after, actor, when))

    def _publish(self, story: Story, clerk: Clerk, version: int, until: int) -> tuple[str, str]:
        """The publication and its text, with the edits that led there."""
        outcome = self._publication(story, clerk, until)
        if outcome == "private":
            return outcome, ""
        text = self._voices.public_text(story.topic)
        if outcome == "requested":
            asked = self._now - int(self._chance.between(0.2, 9) * DAY)
        else:
            asked = until - int((until - clerk.recorded[0]) * self._chance.between(0.05, 0.3))
        asked = max(min(asked, self._now - DAY // 5), self._last_edit(story, clerk))
        author = story.author_id
        self._keep_edit(story, version + 1, "publication", "private", "requested", author, asked)
        self._keep_edit(story, version + 1, "public_text", "", text, author, asked)
        if outcome != "requested":
            decided = min(asked + int(self._chance.around(2.0, 0.6) * DAY), self._now)
            mentor = clerk.mentor_at(decided)
            self._keep_edit(
                story, version + 2, "publication", "requested", outcome, mentor, decided
            )
        return outcome, text

    def _last_edit(self, story: Story, clerk: Clerk) -> int:
        """When the idea was last edited, or came in."""
        edits = self._rows["idea_edit"]
        if edits and edits[-1][0] == story.idea_id:
            return int(str(edits[-1][-1]))
        return clerk.recorded[0]

    def _publication(self, story: Story, clerk: Clerk, until: int) -> str:
        if story.wish is not None and story.wish.persona is not None:
            return story.wish.publication or "private"
        draw = self._chance.share()
        old = until - clerk.recorded[0] > _PUBLISHED_AFTER and bool(clerk.mentors)
        if not old or draw > 0.32:
            return "private"
        if draw < 0.09 and story.life.exit_kind is None:
            return "requested"
        return "refused" if draw < 0.11 else "published"
