"""Student positions with very many applications: figures, board and list.

Each is compared with reading the whole ledger of applications once, in turns with it, by the time
that the processors took, which other work on the machine hardly changes. A figure that reads the
events anew for a past moment has to read that ledger, and more.
"""

import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from statistics import median

from sandkasse import agencies, clock
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from sandkasse.figures import seats
from sandkasse.figures.seats import SeatsChoice
from sandkasse.people import OPERATOR
from sandkasse.recruitment import candidates
from tests.benchmarks import table

SEATS_A_POSITION = 15
NOW_LIMIT, PAST_LIMIT, PAGE_LIMIT = 10, 25, 5
_AGO = timedelta(days=200)
#: So many applications of a position, in turns over its seats, led to a job of a year each.
_JOBS_A_SEAT = 5

_POSITIONS = """
INSERT INTO position (position_id, agency_id, title_nb, title_en, hours, created_at, search_text,
                      last_seq, status, status_at, seats, begins_on, ends_on)
SELECT k, 'skatteetaten', 'Stilling ' || k, 'Position ' || k, 7.5, $began, 'stilling', 2, 'open',
       $began, $seats, $began::DATE, $now::DATE + 200
FROM range(1, $positions + 1) AS made (k)
"""

_POSITION_EVENTS = """
INSERT INTO position_event (position_id, seq, kind, occurred_at, recorded_at)
SELECT position_id, s.seq, ['planned', 'opened'][s.seq], $began, $began
FROM position CROSS JOIN (SELECT unnest([1, 2]) AS seq) AS s
"""

_SEATS = """
INSERT INTO planned_seat (position_id, seq, seat_no, begins_on, ends_on)
SELECT position_id, 1, s.seat_no, begins_on, ends_on
FROM position CROSS JOIN (SELECT unnest(range(1, $seats + 1)) AS seat_no) AS s
"""

# The first applications of a position get a seat, a year each with a month between them; of the
# others most are rejected, and one in ten waits.
_EVENTS = """
INSERT INTO application_event (application_id, seq, kind, reason, seat_no, occurred_at, recorded_at)
WITH made AS (
    SELECT k AS application_id, k % $positions AS position, k // $positions AS place,
           k // $positions < $seats * $jobs AS hired
    FROM range($applications) AS made (k)
),
begun AS (
    SELECT *, CASE WHEN hired THEN $began::TIMESTAMP + to_days(((place // $seats) * 395)::INTEGER)
              ELSE $began::TIMESTAMP + to_days((hash(application_id) % 1500)::INTEGER) END AS came
    FROM made
),
steps AS (
    SELECT *, unnest(CASE WHEN hired THEN ['received', 'screened', 'offer', 'accepted', 'started',
                                           'ended']
                     WHEN place % 10 = 0 THEN ['received', 'screened']
                     ELSE ['received', 'screened', 'interview', 'rejected'] END) AS kind
    FROM begun
),
told AS (
    SELECT *, row_number() OVER (PARTITION BY application_id ORDER BY
                  list_position(['received', 'screened', 'interview', 'offer', 'accepted',
                                 'started', 'rejected', 'ended'], kind)) AS seq,
           came + CASE kind WHEN 'ended' THEN INTERVAL 370 DAY ELSE INTERVAL 0 DAY END AS happened
    FROM steps
)
SELECT application_id + 1, seq, kind, CASE kind WHEN 'rejected' THEN 'filled' WHEN 'ended'
       THEN 'agreed' END, CASE WHEN kind = 'started' THEN 1 + place % $seats END,
       happened + to_hours(seq::INTEGER), happened + to_hours(seq::INTEGER)
FROM told
WHERE happened < $now::TIMESTAMP - INTERVAL 1 DAY
"""

_APPLICATIONS = """
INSERT INTO application (application_id, position_id, name, source, created_at, last_seq, state,
                         state_at, received_at, furthest, seat_no, started_on, until_on, ended_on)
SELECT c.application_id, 1 + (c.application_id - 1) % $positions, 'Name ' || c.application_id,
       ['university', 'friend', 'unknown'][1 + c.application_id % 3], c.received_at, n.last_seq,
       c.state, c.state_at, c.received_at, c.furthest, c.seat_no, c.started_on, c.until_on,
       c.ended_on
FROM candidacy('infinity'::TIMESTAMP, 'infinity'::TIMESTAMP) AS c
JOIN (SELECT application_id, max(seq) AS last_seq FROM application_event GROUP BY ALL) AS n
    ON n.application_id = c.application_id
"""


def show(positions: int, applications: int, runs: int) -> None:
    """Measure and print the figures, now and as of an earlier date, the board and the list."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recruitment.duckdb"
        with closing(Database.open(path, memory="4GB")) as db:
            fill(db, positions, applications)
            events = db.value("SELECT count(*) FROM application_event")
            read, taken = _measured(db, _work(db), runs)
    lines = [
        [name, table.milliseconds(taken[name]),
         table.times(taken[name] / read, at_most=limit), f"≤ {limit} "]
        for name, limit in _LIMITS.items()
    ]  # fmt: skip
    table.show(
        f"{positions:,} positions, {positions * SEATS_A_POSITION:,} seats, {applications:,} "
        f"applications with {events:,} events, {runs} times, median; reading the events once "
        f"takes {table.milliseconds(read)}",
        ["", "time", "readings", "aimed at"],
        lines,
    )


_LIMITS: Mapping[str, int] = {
    "all figures, now": NOW_LIMIT,
    "all figures, as of a date": PAST_LIMIT,
    "all figures, as of the same date again": NOW_LIMIT,
    "the seat board's first page": PAGE_LIMIT,
    "the applications' board": PAGE_LIMIT,
    "the applications' list": PAGE_LIMIT,
}


def _work(db: Database) -> list[Callable[[], object]]:
    """What is measured, in the order of the limits."""
    now, past = SeatsChoice(), SeatsChoice(as_of=clock.now() - _AGO)

    def of_another_moment() -> object:
        return seats.all_figures(db, OPERATOR, SeatsChoice(as_of=clock.now() - _AGO))

    return [
        lambda: seats.all_figures(db, OPERATOR, now),
        of_another_moment,
        lambda: seats.all_figures(db, OPERATOR, past),
        lambda: seats.board(db, OPERATOR, now),
        lambda: candidates.board(db, OPERATOR, candidates.Filter(), ()),
        lambda: candidates.find(db, OPERATOR, candidates.Filter()),
    ]


def _measured(
    db: Database, work: list[Callable[[], object]], runs: int
) -> tuple[float, dict[str, float]]:
    """Median seconds of the processors' time for reading the events once, and for each piece of
    work, in turns."""
    rounds = [[_seconds(one) for one in (lambda: _read(db), *work)] for _run in range(runs + 1)]
    read, *others = (median(taken) for taken in zip(*rounds[1:], strict=True))
    return read, dict(zip(_LIMITS, others, strict=True))


def _read(db: Database) -> object:
    return db.one("SELECT max(COLUMNS(*)) FROM application_event")


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def fill(db: Database, positions: int, applications: int) -> None:
    """Make positions with seats, and applications for them over five years."""
    agencies.sync(db, PROJECT_FOLDER / "data" / "agencies.toml")
    now = clock.now()
    given = {
        "now": now, "began": now - timedelta(days=5 * 365), "positions": positions,
        "applications": applications, "seats": SEATS_A_POSITION, "jobs": _JOBS_A_SEAT,
    }  # fmt: skip
    with db.transaction() as tx:
        for sql in (_POSITIONS, _POSITION_EVENTS, _SEATS, _EVENTS, _APPLICATIONS):
            tx.execute(sql, {name: value for name, value in given.items() if f"${name}" in sql})
