"""What a check of the configuration found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sandkasse.errors import SandkasseError


class State(StrEnum):
    """How it stands: nothing to do, worth a look, or it will not work."""

    FINE = "fine"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what it is about, how it stands, and what to do about it."""

    check: str
    state: State
    told: str
    advice: str = ""


def fine(check: str, told: str) -> Finding:
    """Nothing to do."""
    return Finding(check, State.FINE, told)


def look(check: str, told: str, advice: str = "") -> Finding:
    """It works, and is worth a look."""
    return Finding(check, State.LOOK, told, advice)


def wrong(check: str, told: str, advice: str = "") -> Finding:
    """It will not work, or is not safe."""
    return Finding(check, State.WRONG, told, advice)


def guarded(check: str, found: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What a check finds; an error of ours becomes a finding, so that the others go on."""
    try:
        yield from found()
    except SandkasseError as error:
        yield wrong(check, error.message)
    except OSError as error:
        yield wrong(check, f"{error.filename or ''}: {error.strerror or error}".removeprefix(": "))
