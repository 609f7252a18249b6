"""The cohort funnel of very many ideas: in DuckDB, and in plain pandas on frames in memory."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import pandas as pd

from sandkasse import clock, figures, journeys
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from sandkasse.figures import Choice, CohortFunnel
from sandkasse.people import OPERATOR
from sandkasse.standing import refresh_standing
from tests.benchmarks import table

JOURNEY = "student-startup"
LIMIT = 10
_ROWS_AN_IDEA = 5
_AGO = timedelta(days=200)

#: Ideas by the position of their furthest stage and the kind of their exit, None while open.
Counts = Counter[tuple[int, str | None]]

# Each idea enters and has four more rows: most go one stage on, some go back, are put on hold, or
# void the row before; the last row of two in five is an exit.
_LEDGER = """
INSERT INTO ledger (idea_id, seq, kind, stage_id, exit_id, voids_seq, occurred_at, recorded_at)
WITH chance AS (
    SELECT i.idea_id, s.seq, (hash(i.idea_id * 8 + s.seq) % 100)::INTEGER AS drawn, i.first_at
    FROM idea AS i CROSS JOIN (SELECT unnest(range(1, $rows + 1)) AS seq) AS s
),
kinds AS (
    SELECT *,
           CASE WHEN seq = 1 THEN 'enter'
                WHEN seq = $rows AND drawn < 40 THEN 'exit'
                WHEN seq = 4 AND drawn < 2 THEN 'void'
                WHEN drawn >= 96 THEN 'hold'
                ELSE 'move' END AS kind,
           CASE WHEN seq > 1 AND drawn < 88 THEN 1 WHEN seq > 1 THEN -1 ELSE 0 END AS step
    FROM chance
),
placed AS (
    SELECT *, sum(step) FILTER (kind = 'move')
                  OVER (PARTITION BY idea_id ORDER BY seq) AS position
    FROM kinds
)
SELECT p.idea_id, p.seq, p.kind,
       CASE WHEN p.kind IN ('enter', 'move') THEN s.stage_id END,
       CASE WHEN p.kind = 'exit' THEN ['declined', 'withdrawn', 'closed'][1 + p.drawn % 3] END,
       CASE WHEN p.kind = 'void' THEN 3 END,
       p.first_at + to_days(30 * (p.seq - 1)::INTEGER),
       p.first_at + to_days(30 * (p.seq - 1)::INTEGER)
FROM placed AS p
JOIN stage AS s ON s.journey_id = $journey AND s.position = greatest(coalesce(p.position, 0), 0)
"""

_IDEAS = """
INSERT INTO idea (idea_id, journey_id, level, theme, title, created_at, last_seq, stage_id,
                  furthest, first_at, stage_at, ball, ball_at)
SELECT k, $journey, ['BSc', 'MSc', 'PhD'][1 + k % 3], ['health', 'energy', 'ocean'][1 + k % 3],
       'Idea ' || k, entered, 1, $first, 0, entered, entered, 'mentor', entered
FROM (SELECT k, $now::TIMESTAMP - to_days(150) - to_seconds(k * 86400.0 * 900 / $ideas) AS entered
      FROM range(1, $ideas + 1) AS made (k))
"""


def show(ideas: int, runs: int) -> None:
    """Measure and print both ways, now and as of an earlier date."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "funnel.duckdb"
        with closing(Database.open(path, memory="4GB")) as db:
            fill(db, ideas)
            rows = db.value("SELECT count(*) FROM ledger")
            lines = [
                _compared("as of a date", *_from_ledger(db, clock.now() - _AGO), runs),
                _compared("now", *_from_ledger(db, None), runs),
                _compared("now, pandas given the standing", *_from_standing(db), runs, limit=None),
            ]
    table.show(
        f"The cohort funnel of {ideas:,} ideas with {rows:,} ledger rows, {runs} times, median",
        ["", "DuckDB", "pandas", "times faster", "aimed at"],
        lines,
    )


def _compared(
    name: str,
    duckdb: Callable[[], Counts],
    pandas: Callable[[], Counts],
    runs: int,
    limit: float | None = LIMIT,
) -> list[str]:
    if duckdb() != pandas():
        raise AssertionError(f"The two funnels differ: {name}")
    ours, theirs = _median(duckdb, runs), _median(pandas, runs)
    faster = table.times(theirs / ours, at_least=limit)
    aimed = "" if limit is None else f"≥ {limit} "
    return [name, table.milliseconds(ours), table.milliseconds(theirs), faster, aimed]


def _median(work: Callable[[], object], runs: int) -> float:
    taken = []
    for _run in range(runs):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)


def fill(db: Database, ideas: int) -> None:
    """Write this many ideas, five ledger rows each, into a new database."""
    journeys.sync(db, journeys.load_folder(PROJECT_FOLDER / "data" / "journeys"), source="shipped")
    first = journeys.get(db, JOURNEY).first.id
    with db.transaction() as tx:
        given = {"journey": JOURNEY, "first": first, "ideas": ideas, "now": clock.now()}
        tx.execute(_IDEAS, given)
        tx.execute(_LEDGER, {"journey": JOURNEY, "rows": _ROWS_AN_IDEA})
        refresh_standing(tx)


def _from_ledger(
    db: Database, moment: datetime | None
) -> tuple[Callable[[], Counts], Callable[[], Counts]]:
    now = clock.now()
    choice = Choice(JOURNEY, as_of=moment)
    ideas = db.frame("SELECT idea_id, journey_id FROM idea")
    ledger = db.frame(
        """
        SELECT idea_id, seq, kind, stage_id, exit_id, voids_seq, occurred_at, recorded_at
        FROM ledger
        """
    )
    for column in ("kind", "stage_id", "exit_id"):  # what a careful pandas user would do
        ledger[column] = ledger[column].astype("category")
    positions = db.frame("SELECT * FROM stage WHERE journey_id = ?", [JOURNEY])
    exits = db.frame("SELECT * FROM exit WHERE journey_id = ?", [JOURNEY])
    as_of, known_at = (pd.Timestamp(at).tz_localize(None) for at in (moment or now, now))
    return (
        lambda: _counts_of(figures.cohort(db, OPERATOR, choice)),
        lambda: in_pandas(ideas, ledger, positions, exits, as_of, known_at),
    )


def in_pandas(
    ideas: pd.DataFrame,
    ledger: pd.DataFrame,
    positions: pd.DataFrame,
    exits: pd.DataFrame,
    as_of: pd.Timestamp,
    known_at: pd.Timestamp,
) -> Counts:
    """The funnel from the ledger's frames, as somebody who knows pandas would write it."""
    here = ledger["idea_id"].isin(ideas.loc[ideas["journey_id"] == JOURNEY, "idea_id"])
    known = ledger[here & (ledger["recorded_at"] <= known_at)]
    voids = known[known["kind"] == "void"]
    voided = pd.MultiIndex.from_arrays([voids["idea_id"], voids["voids_seq"].astype("int64")])
    rows = known[(known["kind"] != "void") & (known["occurred_at"] <= as_of)]
    rows = rows[~pd.MultiIndex.from_frame(rows[["idea_id", "seq"]]).isin(voided)]
    position = rows["stage_id"].map(positions.set_index("stage_id")["position"]).astype("float64")
    furthest = position.groupby(rows["idea_id"]).max().astype("int64")
    steps = rows[rows["kind"].isin(["enter", "move", "reopen", "exit"])]
    last = steps.sort_values(["occurred_at", "seq"]).drop_duplicates("idea_id", keep="last")
    kinds = last.set_index("idea_id")["exit_id"].map(exits.set_index("exit_id")["kind"])
    return _counted(pd.DataFrame({"furthest": furthest, "exit_kind": kinds.astype("object")}))


def _from_standing(db: Database) -> tuple[Callable[[], Counts], Callable[[], Counts]]:
    standing = db.frame("SELECT journey_id, furthest, exit_kind FROM idea")
    return (
        lambda: _counts_of(figures.cohort(db, OPERATOR, Choice(JOURNEY))),
        lambda: _counted(standing[standing["journey_id"] == JOURNEY]),
    )


def _counted(outcomes: pd.DataFrame) -> Counts:
    sizes = outcomes.groupby(["furthest", "exit_kind"], dropna=False).size()
    return Counter(
        {(int(at), None if pd.isna(kind) else str(kind)): int(n) for (at, kind), n in sizes.items()}
    )


def _counts_of(funnel: CohortFunnel) -> Counts:
    """The funnel's stages as the counts they were made of."""
    counts: Counts = Counter()
    for stage in funnel.stages:
        counts[stage.position, None] = stage.open
        for kind, n in stage.left.items():
            counts[stage.position, kind] = n
    return +counts
