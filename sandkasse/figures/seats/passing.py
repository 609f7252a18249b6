"""How applications pass: step by step, what offers are answered, and where applicants come from.

An application counts once a step, by the furthest it ever came to: skipping a step counts as having
passed it. Of those that came to a step, some came further, some left there (rejected, declined,
withdrawn), and the others are open. The share that passes is of those that have settled, with
Wilson's 95 % interval; the open stand beside it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sandkasse.application import LEFT, OPEN, STEPS, Kind
from sandkasse.database import Database
from sandkasse.figures.seats.choice import Question, SeatsChoice, ask, read
from sandkasse.figures.statistics import share, wilson
from sandkasse.people import Actor


@dataclass(frozen=True)
class Part:
    """``n`` of ``of`` that have settled, and how many are ``open`` beside them."""

    n: int
    of: int
    open: int = 0

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where none has settled."""
        return share(self.n, self.of)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the share."""
        return wilson(self.n, self.of)


@dataclass(frozen=True)
class Step:
    """One step. Always ``reached = advanced + left + open``; the last step has nowhere to go, so
    all that reached it count as advanced."""

    kind: Kind
    reached: int
    advanced: int
    left: Mapping[Kind, int]
    open: int

    @property
    def passed(self) -> Part:
        """How many of the settled came further."""
        return Part(self.advanced, self.reached - self.open, self.open)


@dataclass(frozen=True)
class Source:
    """How many heard of it in one way, and how many of them have begun to work."""

    source: str
    applications: int
    hired: Part


@dataclass(frozen=True)
class Passing:
    """The applications (``n``) that came in on the chosen days.

    ``hired`` is how many of the settled have begun to work. ``offers`` is how many of the offers
    that the applicant answered were accepted; those the agency took back are in neither.
    """

    choice: SeatsChoice
    as_of: datetime
    known_at: datetime
    n: int
    steps: tuple[Step, ...]
    hired: Part
    offers: Part
    sources: tuple[Source, ...]


Counts = dict[tuple[str, int, Kind], int]

_COUNTED = """
SELECT source, furthest, state, count(*)
FROM candidate
WHERE oslo_day(received_at) BETWEEN $since AND $until
GROUP BY ALL
ORDER BY ALL
"""


def passing(db: Database, actor: Actor, choice: SeatsChoice) -> Passing:
    """How the chosen applications pass. Errors as for
    :func:`sandkasse.figures.seats.choice.ask`."""
    question = ask(db, actor, choice)
    counts = counted(db, question)
    return Passing(
        choice,
        question.as_of,
        question.known_at,
        n=sum(counts.values()),
        steps=tuple(_step(place, counts) for place in range(len(STEPS))),
        hired=hired(counts),
        offers=_offers(counts),
        sources=_sources(counts),
    )


def counted(db: Database, question: Question) -> Counts:
    """How many applications there are by source, furthest step and state."""
    rows = read(db, question, _COUNTED)
    return {(source, furthest, Kind(state)): n for source, furthest, state, n in rows}


def hired(counts: Counts) -> Part:
    """How many of the settled applications have begun to work."""
    begun = _sum(counts, lambda _source, furthest, _state: furthest == len(STEPS) - 1)
    still = _sum(counts, lambda _source, _furthest, state: state in OPEN)
    return Part(begun, sum(counts.values()) - still, still)


def _step(place: int, counts: Counts) -> Step:
    here = dict.fromkeys(LEFT, 0)
    for (_source, furthest, state), n in counts.items():
        if furthest == place and state in here:
            here[state] += n
    reached = _sum(counts, lambda _source, furthest, _state: furthest >= place)
    last = place == len(STEPS) - 1
    return Step(
        STEPS[place],
        reached,
        reached if last else _sum(counts, lambda _s, furthest, _state: furthest > place),
        {state: n for state, n in here.items() if n},
        _sum(counts, lambda _source, furthest, state: furthest == place and state in OPEN),
    )


def _offers(counts: Counts) -> Part:
    offer = STEPS.index(Kind.OFFER)
    yes = _sum(counts, lambda _source, furthest, _state: furthest > offer)
    no = _sum(
        counts,
        lambda _source, furthest, state: (
            furthest == offer and state in (Kind.DECLINED, Kind.WITHDRAWN)
        ),
    )
    waiting = _sum(counts, lambda _s, furthest, state: furthest == offer and state in OPEN)
    return Part(yes, yes + no, waiting)


def _sources(counts: Counts) -> tuple[Source, ...]:
    found = []
    for source in dict.fromkeys(source for source, _furthest, _state in counts):
        of_source = {key: n for key, n in counts.items() if key[0] == source}
        found.append(Source(source, sum(of_source.values()), hired(of_source)))
    return tuple(sorted(found, key=lambda one: (-one.applications, one.source)))


def _sum(counts: Counts, holds: Callable[[str, int, Kind], bool]) -> int:
    return sum(n for key, n in counts.items() if holds(*key))
