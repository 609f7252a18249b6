"""The figures about seats as plain numbers under keys, to be kept and compared with later ones.

The keys are those of :mod:`sandkasse.figures.frozen`: the same in each language and at each time. A
position's begin with its id, and those of all positions with ``seats``.
"""

from dataclasses import replace

from sandkasse.access import Action, Scope, scopes
from sandkasse.database import Database
from sandkasse.figures.seats.choice import SeatsChoice
from sandkasse.figures.seats.coverage import Filled, coverage
from sandkasse.figures.seats.passing import Part, passing
from sandkasse.figures.seats.staying import staying
from sandkasse.figures.seats.times import Empty, empty_times
from sandkasse.people import Actor

Numbers = dict[str, float | None]


def narrowed(actor: Actor, choice: SeatsChoice) -> SeatsChoice:
    """The choice as it is answered for ``actor``: a member's is of the own agency's seats alone, so
    that the same choice means the same seats to everybody."""
    if Scope.ANY in scopes(actor, Action.SEE_SEATS) or choice.agency_id is not None:
        return choice
    return replace(choice, agency_id=actor.agency_id)


def numbers(db: Database, actor: Actor, choice: SeatsChoice) -> Numbers:
    """The numbers of all figures about the chosen seats. Errors as for
    :func:`sandkasse.figures.seats.choice.ask`."""
    covered = coverage(db, actor, choice)
    found = _filled("seats", covered.whole)
    for position in sorted(covered.positions, key=lambda one: one.position_id):
        found |= _filled(str(position.position_id), position.filled)
    times = empty_times(db, actor, choice)
    found |= _empty("first_empty", times.first) | _empty("empty_again", times.again)
    passed = passing(db, actor, choice)
    for step in passed.steps:
        found |= {
            f"{step.kind}.reached": step.reached,
            f"{step.kind}.advanced": step.advanced,
            f"{step.kind}.open": step.open,
        }
    found |= _part("offers", passed.offers)
    stayed = staying(db, actor, choice)
    return found | _part("staying", stayed.stayed)


def _filled(key: str, filled: Filled) -> Numbers:
    return {
        f"{key}.planned_now": filled.planned_now,
        f"{key}.filled_now": filled.filled_now,
        f"{key}.planned_days": filled.planned_days,
        f"{key}.filled_days": filled.filled_days,
    }


def _empty(key: str, empty: Empty) -> Numbers:
    half = None if empty.median is None else empty.median.time
    return {f"{key}.n": empty.n, f"{key}.filled": empty.filled, f"{key}.half_within": half}


def _part(key: str, part: Part) -> Numbers:
    return {f"{key}.n": part.n, f"{key}.of": part.of, f"{key}.open": part.open}
