"""Working out where everything stands for many at once: in chunks, within the memory there is."""

from contextlib import closing
from pathlib import Path

import pytest

from sandkasse import standing
from sandkasse.database import Database
from sandkasse.errors import DatabaseFailed

#: Each idea moves three times and is handed over twice; each has a matter that was answered.
MANY = [
    "INSERT INTO stage VALUES ('walk', 'out', 0, NULL), ('walk', 'home', 1, NULL)",
    """
    INSERT INTO idea (idea_id, journey_id, title, created_at, last_seq, stage_id, furthest,
                      first_at, stage_at, ball, ball_at)
    SELECT i, 'walk', 'A', '2026-01-01', 0, 'out', 0, '2026-01-01', '2026-01-01', 'mentor',
           '2026-01-01'
    FROM range(1, $many + 1) AS t(i)
    """,
    """
    INSERT INTO ledger (idea_id, seq, kind, stage_id, ball, occurred_at, recorded_at)
    SELECT i, n, if(n = 1, 'enter', if(n % 2 = 0, 'move', 'handover')),
           if(n % 2 = 0, if(n % 4 = 0, 'out', 'home'), if(n = 1, 'out', NULL)),
           if(n % 2 = 0, 'mentor', 'student'),
           TIMESTAMP '2026-01-01' + to_days(n::INTEGER), TIMESTAMP '2026-06-01'
    FROM range(1, $many + 1) AS t(i), range(1, 7) AS s(n)
    """,
    """
    INSERT INTO touchpoint (touchpoint_id, idea_id, agency_id, title, created_at, last_seq, state,
                            state_at, opened_at)
    SELECT i, i, 'nav', 'A', '2026-01-01', 0, 'prepared', '2026-01-01', '2026-01-01'
    FROM range(1, $many + 1) AS t(i)
    """,
    """
    INSERT INTO touchpoint_event (touchpoint_id, seq, kind, outcome, occurred_at, recorded_at)
    SELECT i, n, ['sent', 'question', 'answer', 'decided'][n], if(n = 4, 'approved', NULL),
           TIMESTAMP '2026-01-02' + to_days(n::INTEGER), TIMESTAMP '2026-06-01'
    FROM range(1, $many + 1) AS t(i), range(1, 5) AS s(n)
    """,
]
IDEAS, MEMORY = 60_000, "48MB"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with many ideas whose standing has not been worked out."""
    path = tmp_path_factory.mktemp("many") / "many.duckdb"
    with closing(Database.open(path)) as db:
        for sql in MANY:
            with db.transaction() as tx:
                tx.execute(sql, {"many": IDEAS} if "$many" in sql else [])
    return path


def refreshed(path: Path) -> tuple[int, int, int]:
    with closing(Database.open(path, memory=MEMORY)) as db:
        with db.transaction() as tx:
            standing.refresh_standing(tx)
        found = db.one(
            "SELECT (SELECT count(*) FROM idea WHERE last_seq = 6 AND ball = 'mentor'), "
            "(SELECT count(*) FROM touchpoint WHERE state = 'decided' AND last_seq = 4), "
            "(SELECT count(*) FROM turn)"
        )
    assert found is not None
    return found


def test_many_are_worked_out_in_little_memory(many: Path) -> None:
    ideas, matters, turns = refreshed(many)
    assert (ideas, matters) == (IDEAS, IDEAS)
    assert turns % IDEAS == 0
    assert turns > 0


def test_all_at_once_they_would_not_fit(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "CHUNK", IDEAS)
    with pytest.raises(DatabaseFailed, match="SANDKASSE_MEMORY"):
        refreshed(many)
