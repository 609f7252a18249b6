"""What synthetic teams and mentors write, composed from the words in ``texts/*.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from sandkasse.demo.chance import Chance, Odds
from sandkasse.descriptions import Description
from sandkasse.texts import LIMITS
from sandkasse.themes import THEMES

#: The key of the ideas about public services in one office, beside those of the themes.
SERVICE = "service"
_THEMES = Odds(
    {
        theme: {"ocean": 1.3, "energy": 1.4, "space": 1.2, "mobility": 1.2}.get(theme, 1.0)
        for theme in THEMES
    }
)
_ROUNDS = 3
_SETTING = 0.3
_AIM_AS_TITLE = 0.25
_TITLE_ATTEMPTS = 6
_SEMESTERS = {"nb": ("vårsemesteret", "høstsemesteret"), "en": ("spring", "autumn")}


@cache
def words(language: str) -> dict[str, Any]:
    """The words of a language, ``nb`` or ``en``, as the file has them."""
    file = resources.files("sandkasse.demo") / "texts" / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8"))


@dataclass(frozen=True)
class Topic:
    """What an idea is about: a subject met by an approach, perhaps in a named setting."""

    language: str
    theme: str
    subject: Mapping[str, Any]
    approach: str
    setting: str | None


class Voices:
    """Hands out topics so that likeness comes late, and writes texts about them."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._decks: dict[tuple[str, str], list[Topic]] = {}
        self._titles: set[str] = set()

    def topic(self, *, service: bool, language: str | None = None) -> Topic:
        """The next topic; of public services when ``service``, else of a theme by chance."""
        spoken = language or ("nb" if self._chance.happens(0.68) else "en")
        theme = SERVICE if service else self._chance.of(_THEMES)
        deck = self._decks.setdefault((spoken, theme), [])
        if not deck:
            deck.extend(self._shuffled_deck(spoken, theme))
        return deck.pop()

    def _shuffled_deck(self, language: str, theme: str) -> list[Topic]:
        """Every subject with each of its approaches, in rounds in which no subject comes twice."""
        known = words(language)
        subjects = known["subjects"][theme]
        return [
            Topic(
                language,
                "public-services" if theme == SERVICE else theme,
                subject,
                subject["by"][(number + place) % len(subject["by"])],
                self._chance.one(known["settings"]) if self._chance.happens(_SETTING) else None,
            )
            for number in range(_ROUNDS)
            for place, subject in self._chance.shuffled(list(enumerate(subjects)))
        ]

    def _fill(self, text: str, topic: Topic) -> str:
        asked = 6 + self._chance.below(30)
        return text.format(
            n=asked,
            m=2 + int(asked * self._chance.between(0.3, 0.8)),
            semester=self._chance.one(_SEMESTERS[topic.language]),
            aim=topic.subject["aim"],
            short=_capital(topic.subject["short"]),
        )

    def describe(
        self,
        topic: Topic,
        *,
        level: str | None,
        agencies: tuple[str, ...],
        graduation: date | None,
    ) -> Description:
        """A whole description of an idea about ``topic``."""
        known, subject, chance = words(topic.language), topic.subject, self._chance
        approach = known["approaches"][topic.approach]
        evidence = self._fill(chance.one(known["evidence"]), topic)
        solution = self._fill(chance.one(approach["solutions"]), topic)
        return Description(
            title=self.title(topic),
            problem=f"{subject['problem']} {evidence}".strip(),
            solution=f"{solution} {self._fill(chance.one(known['next_steps']), topic)}".strip(),
            audience=subject["who"],
            theme=topic.theme,
            level=level,
            needs=chance.one(known["needs"]) if agencies else "",
            agencies=agencies,
            graduation=graduation,
        )

    def title(self, topic: Topic) -> str:
        """A title for an idea about ``topic``: a new one as long as there are any."""
        for attempt in range(_TITLE_ATTEMPTS):
            title = self._a_title(topic, attempt)
            if title not in self._titles:
                break
        self._titles.add(title)
        return title

    def _a_title(self, topic: Topic, attempt: int) -> str:
        known, chance = words(topic.language), self._chance
        if chance.happens(_AIM_AS_TITLE):
            title = _capital(topic.subject["aim"])
        else:
            form = chance.one(known["approaches"][topic.approach]["titles"])
            title = _capital(form.format(short=topic.subject["short"]))
        setting = topic.setting if attempt < 2 else chance.one(known["settings"])
        # «in small places in cold climates» says it twice
        if setting and setting.split()[0] not in title.lower().split():
            title = f"{title} {setting}"
        return title[: LIMITS["title"]]

    def public_text(self, topic: Topic) -> str:
        """What everybody may read."""
        return self._fill(self._chance.one(words(topic.language)["public"]), topic)

    def saying(self, topic: Topic, what: str) -> str:
        """A ``questions``, ``student_comments`` or ``mentor_comments`` line."""
        return self._fill(self._chance.one(words(topic.language)[what]), topic)

    def note(self, topic: Topic, occasion: str) -> str:
        """A note that goes with a reason, for an occasion under ``notes``."""
        line: str = self._chance.one(words(topic.language)["notes"][occasion])
        return line


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
