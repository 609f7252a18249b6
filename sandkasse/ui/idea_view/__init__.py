"""The parts of an idea's page."""

from sandkasse.ui.idea_view.doing import actions, heading, next_step
from sandkasse.ui.idea_view.history import timeline
from sandkasse.ui.idea_view.saying import conversation, people, publication, published, text

__all__ = [
    "actions",
    "conversation",
    "heading",
    "next_step",
    "people",
    "publication",
    "published",
    "text",
    "timeline",
]
