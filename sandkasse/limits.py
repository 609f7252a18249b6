"""How often one person may do what costs others something: submissions, comments, look-ups in the
company register, downloads, and writes in all, within an hour.

They hold for people who use the app, from when the server begins to serve (:func:`put_in_force`).
Whoever runs the server has no limits: not on the command line, nor when loading or making data.
"""

import logging
from collections.abc import Mapping

from sandkasse import rates
from sandkasse.people import OPERATOR, Actor

log = logging.getLogger("sandkasse")

#: The number of each thing that one person may do within any hour, for which there is a setting.
KINDS = ("submissions", "comments", "lookups", "downloads", "writes")

#: The actions (see ``access.Action``) that are counted as what.
_COUNTED = {
    "idea.submit": "submissions",
    "position.apply": "submissions",
    "touchpoint.open": "submissions",
    "idea.comment": "comments",
}
_SECONDS = 3600.0

_in_force: dict[str, int] = {}


def put_in_force(hourly: Mapping[str, int]) -> None:
    """From now on each person may do so many of each kind an hour; of a kind that is missing, any
    number."""
    _in_force.clear()
    _in_force.update(hourly)


def count(kind: str, actor: Actor) -> None:
    """Count that ``actor`` does one of ``kind`` now.

    :raises TooMany: when that was done as often as it may be, saying when it may be again.
    """
    limit = _in_force.get(kind)
    if limit is None or actor == OPERATOR:
        return
    try:
        rates.allow(kind, actor.person_id, limit, _SECONDS)
    except rates.TooMany:
        log.warning("Done too often", extra={"kind": kind})
        raise


def count_write(action: str, actor: Actor) -> None:
    """Count a write: as one of all, and as what the action is counted as.

    :raises TooMany: as :func:`count`.
    """
    count("writes", actor)
    if action in _COUNTED:
        count(_COUNTED[action], actor)
