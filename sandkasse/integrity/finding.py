"""What a check finds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandkasse.i18n import _


@dataclass(frozen=True)
class Finding:
    """Something that breaks a rule: which rule, where, and a sentence that says it."""

    rule: str
    idea_id: int | None
    seq: int | None
    sentence: str

    @property
    def line(self) -> str:
        """The sentence with the place in front."""
        if self.idea_id is None:
            return self.sentence
        if self.seq is None:
            return _("Idea {idea}: {sentence}").format(idea=self.idea_id, sentence=self.sentence)
        return _("Idea {idea}, row {seq}: {sentence}").format(
            idea=self.idea_id, seq=self.seq, sentence=self.sentence
        )


def shown(value: Any) -> str:
    """A value as a sentence names it."""
    if value is None:
        return _("nothing")
    return value.isoformat() if isinstance(value, datetime) else str(value)
