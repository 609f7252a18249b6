"""How long seats stand empty: until they are first filled, and until they are filled again.

A seat is empty from the first day on which it was both planned and advertised until the first day
of a job in it, and from the day after a last day until the next first day. An empty time that had
not ended by the as-of day, or by the last day of the seat, has lasted for at least as long: it is
censored, not left out (Kaplan–Meier).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sandkasse.database import Database
from sandkasse.figures.seats.choice import SeatsChoice, ask, read
from sandkasse.figures.statistics import ENOUGH, Quantile, survival
from sandkasse.people import Actor


@dataclass(frozen=True)
class Empty:
    """``n = filled + open`` empty times. ``median`` and ``most`` are the days within which a half
    and 85 % are filled; None below :data:`sandkasse.figures.statistics.ENOUGH`, and with None for
    what the curve does not reach yet."""

    n: int
    filled: int
    open: int
    median: Quantile | None
    most: Quantile | None


@dataclass(frozen=True)
class EmptyTimes:
    """The times to fill, and to fill again, that began on the chosen days."""

    choice: SeatsChoice
    as_of: datetime
    known_at: datetime
    first: Empty
    again: Empty


_COUNTED = """,
held AS (
    SELECT position_id, seat_no, started_on AS first, ended_on AS last,
           lead(started_on) OVER one AS next_first,
           row_number() OVER one AS place
    FROM candidate
    WHERE started_on IS NOT NULL
    WINDOW one AS (PARTITION BY position_id, seat_no ORDER BY started_on)
),
empty AS (
    SELECT 'first' AS kind, greatest(s.begins_on, s.opened_on) AS begins, h.first AS ends,
           least(s.ends_on, $day) AS last
    FROM chosen_seat AS s
    LEFT JOIN held AS h
        ON h.position_id = s.position_id AND h.seat_no = s.seat_no AND h.place = 1
    UNION ALL
    SELECT 'again', h.last + 1, h.next_first, least(s.ends_on, $day)
    FROM held AS h
    JOIN chosen_seat AS s ON s.position_id = h.position_id AND s.seat_no = h.seat_no
    WHERE h.last IS NOT NULL
)
SELECT kind, ends IS NOT NULL AS filled,
       greatest(coalesce(ends, last + 1) - begins, 0)::INTEGER AS days, count(*)
FROM empty
WHERE begins BETWEEN $since AND $until AND (ends IS NOT NULL OR begins <= last)
GROUP BY ALL
"""


def empty_times(db: Database, actor: Actor, choice: SeatsChoice) -> EmptyTimes:
    """How long the chosen seats stood empty. Errors as for
    :func:`sandkasse.figures.seats.choice.ask`."""
    question = ask(db, actor, choice)
    counts: dict[str, Counter[tuple[bool, int]]] = {"first": Counter(), "again": Counter()}
    for kind, filled, days, n in read(db, question, _COUNTED):
        counts[kind][filled, days] += n
    first, again = (_empty(counts[kind]) for kind in ("first", "again"))
    return EmptyTimes(choice, question.as_of, question.known_at, first, again)


def _empty(counts: Mapping[tuple[bool, int], int]) -> Empty:
    n = sum(counts.values())
    filled = sum(found for (ended, _days), found in counts.items() if ended)
    curve = None
    if n >= ENOUGH:
        curve = survival(
            [days for _ended, days in counts],
            [ended for ended, _days in counts],
            list(counts.values()),
        )
    return Empty(
        n,
        filled,
        n - filled,
        curve.quantile(0.5) if curve else None,
        curve.quantile(0.85) if curve else None,
    )
