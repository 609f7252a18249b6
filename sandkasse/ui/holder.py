"""Who has the ball, in words, and choosing by it."""

from sandkasse import agencies
from sandkasse.ball import PARKED
from sandkasse.i18n import N_, _, language, list_text
from sandkasse.ledger import PARTY_NAMES, Party
from sandkasse.ui import choices
from sandkasse.ui.page import Visit

_CHOICES = {
    Party.STUDENT.value: N_("With the student"),
    Party.MENTOR.value: N_("With a mentor"),
    Party.PROJECT.value: N_("With the project"),
    Party.AGENCY.value: N_("With an agency"),
    PARKED: N_("On hold"),
}


def named(visit: Visit, ball: str, agency_ids: str) -> str:
    """Whom the ball is with: the party, or the agencies by name."""
    held = agency_ids.split() if ball == Party.AGENCY else []
    if not held:
        return _(PARTY_NAMES[Party(ball)])
    names = agency_names(visit)
    return list_text([names.get(one, one) for one in held])


def agency_names(visit: Visit) -> dict[str, str]:
    """The agencies' names in the language of the moment, by id, in their order."""
    return {one.id: one.name.in_(language()) for one in visit.know(agencies.listed)}


def choice(visit: Visit) -> str | None:
    """Which holder of the ball, or all: what ``held_by`` takes, kept in the address."""
    words = {choices.ALL: _("With anybody"), **{key: _(text) for key, text in _CHOICES.items()}}
    words |= {f"agency:{key}": name for key, name in agency_names(visit).items()}
    return choices.one_of("ball", _("The ball"), list(words), words.__getitem__, width=190) or None
