"""A page of several views, of which one is chosen in the address and drawn."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sandkasse.access import Action
from sandkasse.i18n import _
from sandkasse.ui import choices
from sandkasse.ui.page import Visit


class View(NamedTuple):
    """A view: what it is called (a msgid), the right that it needs, and how it is drawn."""

    title: str
    action: Action
    draw: Callable[[Visit], None]


def draw(visit: Visit, views: Mapping[str, View]) -> None:
    """Let the person choose among the views that are for them, and draw the one chosen.

    ``views`` is by what the address calls each; the first is drawn when the address names none.
    """
    words = {name: _(view.title) for name, view in views.items() if visit.may(view.action)}
    views[choices.view(words)].draw(visit)
