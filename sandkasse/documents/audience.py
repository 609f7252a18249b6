"""For whom a document is, and what those outside the project may read.

Those in the project read what the person who makes the document may see. For people outside, small
numbers are hidden (:mod:`sandkasse.figures.small_cells`), ideas that are not published are neither
named nor told of, nor are decisions that their team has not been told, and nobody is named.
"""

from dataclasses import replace
from enum import StrEnum

from sandkasse.i18n import N_
from sandkasse.people import Actor, Role


class Audience(StrEnum):
    """For whom a document is."""

    OUTSIDE = "outside"
    PROJECT = "project"


AUDIENCE_NAMES = {
    Audience.OUTSIDE: N_("For people outside"),
    Audience.PROJECT: N_("For the project"),
}

#: What stands at the foot of each page.
MARKS = {
    Audience.OUTSIDE: N_(
        "For people outside: numbers below 5 are hidden, and ideas that are not published are "
        "not named."
    ),
    Audience.PROJECT: N_("For the project. Do not pass it on."),
}


_NOBODY = -1


def reader(actor: Actor, audience: Audience) -> Actor:
    """As whom ideas are read for an audience: outside, as somebody who sees published ideas alone.

    What the actor may do is checked for the actor first; a reader never sees more.
    """
    if audience is Audience.PROJECT:
        return actor
    return replace(actor, person_id=_NOBODY, roles=frozenset({Role.MEMBER}), agency_id=None)
