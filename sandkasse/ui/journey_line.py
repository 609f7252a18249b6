"""A journey as a line, with where an idea is on it."""

from sandkasse.i18n import _, days_text, language
from sandkasse.journeys import Journey
from sandkasse.ui.component import Part

_LINE = Part("journey_line", "<ol>\n</ol>")


def draw(
    journey: Journey, stage_id: str, furthest: int, has_left: bool, days: float, key: str
) -> None:
    """Draw ``journey`` with ``stage_id`` marked; ``days`` is the age in that stage."""
    stages = [
        {
            "name": stage.name.in_(language()),
            "state": _state(stage.id == stage_id, stage.position <= furthest, has_left),
            "spoken": _spoken(stage.id == stage_id, stage.position <= furthest, has_left),
            "note": days_text(days) if stage.id == stage_id and not has_left else "",
        }
        for stage in journey.stages
    ]
    _LINE.draw({"label": journey.name.in_(language()), "stages": stages}, key)


def _state(here: bool, reached: bool, has_left: bool) -> str:
    if here:
        return "here left" if has_left else "here"
    return "passed" if reached else "ahead"


def _spoken(here: bool, reached: bool, has_left: bool) -> str:
    if here:
        return _("left from here") if has_left else _("is here now")
    return _("has been here") if reached else _("not yet")
