"""Reading what was given on the command line: languages, days and moments."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import typer

from sandkasse import clock, i18n

_LANGUAGE_OPTION = "--language"


def language_first(words: Sequence[str]) -> list[str]:
    """The words of a command line with ``--language`` put first, wherever it was written."""
    before = list(words)
    end = before.index("--") if "--" in before else len(before)
    for place, word in enumerate(before[:end]):
        length = 2 if word == _LANGUAGE_OPTION else 1
        if word == _LANGUAGE_OPTION or word.startswith(f"{_LANGUAGE_OPTION}="):
            chosen = before[place : place + length]
            return [*chosen, *before[:place], *before[place + length :]]
    return before


def language_of(environment: Mapping[str, str] = os.environ) -> str:
    """The language that the environment asks for; English where it asks for none of ours."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return i18n.best_match([environment[name]])
    return "en"


def day(text: str) -> date:
    """A day, as in 2026-11-23."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day such as 2026-11-23.") from None


def moment(text: str) -> datetime:
    """An aware moment in UTC: a day means its end, and a time without offset is one in Europe/Oslo.

    Today's end is now: of what is to come nothing is known.
    """
    try:
        if len(text) <= len("2026-11-23"):
            last = date.fromisoformat(text)
            return clock.now() if last == clock.today() else clock.end_of(last)
        told = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a day such as 2026-11-23, or a time such as 2026-11-23T16:30."
        ) from None
    return (told if told.tzinfo else told.replace(tzinfo=clock.OSLO)).astimezone(UTC)
