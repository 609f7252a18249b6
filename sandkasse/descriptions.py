"""What a team says of its idea: the form's content."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Description:
    """What a team says of its idea. ``team`` has a name or an address a line."""

    title: str = ""
    problem: str = ""
    solution: str = ""
    audience: str = ""
    theme: str | None = None
    level: str | None = None
    needs: str = ""
    agencies: tuple[str, ...] = ()
    graduation: date | None = None
    team: str = ""
