"""Everything out, and in again with the same figures."""

import csv
import io
import zipfile

import pandas as pd
import pytest

from sandkasse import demo, exchange, journeys
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from sandkasse.errors import Invalid, NotAllowed
from sandkasse.exchange.columns import LEFT_OUT, TABLES
from tests.builders import JOURNEY, cast, submitted

OUTCOME = """
SELECT coalesce(i.ref, 'SK-' || i.idea_id) AS ref, o.first_at, o.furthest, o.exit_kind
FROM outcome('student-startup', 'infinity', 'infinity') AS o
JOIN idea AS i ON i.idea_id = o.idea_id ORDER BY ALL
"""
VISITS = """
SELECT coalesce(i.ref, 'SK-' || i.idea_id) AS ref, v.stage_id, v.entered_at, v.left_at
FROM visit('infinity', 'infinity') AS v JOIN idea AS i ON i.idea_id = v.idea_id
WHERE i.journey_id = 'student-startup' ORDER BY ALL
"""


def test_every_column_is_described(db):
    columns = {}
    for table, column in db.rows(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal "
        "AND table_name IN (SELECT table_name FROM duckdb_tables()) ORDER BY column_index"
    ):
        columns.setdefault(table, []).append(column)
    described = {table: list(about) for table, (_meaning, about) in TABLES.items()}
    assert {t: c for t, c in columns.items() if t not in LEFT_OUT} == described


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_everything_is_written_with_what_it_means(db, cast, tmp_path, kind):
    submitted(db, cast.student)
    names = exchange.export_all(db, cast.lead, tmp_path / "out", kind)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(names)
    readme = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert "`occurred_at` | when it happened" in readme
    read = pd.read_csv if kind == "csv" else pd.read_parquet
    assert len(read(tmp_path / "out" / f"idea.{kind}")) == 1


def test_an_earlier_export_is_replaced_and_other_files_are_not(db, cast, tmp_path):
    exchange.export_all(db, cast.lead, tmp_path / "out", "parquet")
    exchange.export_all(db, cast.lead, tmp_path / "out", "csv")
    assert not list((tmp_path / "out").glob("*.parquet"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("private")
    with pytest.raises(Invalid):
        exchange.export_all(db, cast.lead, tmp_path / "mine", "csv")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["diary.txt"]


def test_a_cell_is_no_formula(db, cast, tmp_path):
    submitted(db, cast.student, title="=HYPERLINK(1)", problem="+1", solution="@x")
    exchange.export_all(db, cast.lead, tmp_path / "out", "csv")
    (row,) = csv.DictReader((tmp_path / "out" / "idea.csv").open(encoding="utf-8", newline=""))
    assert (row["title"], row["problem"], row["solution"]) == ("'=HYPERLINK(1)", "'+1", "'@x")


def test_an_export_comes_in_again_with_the_same_figures(db, tmp_path):
    demo.fill(db, ideas=120, seed=3)
    exchange.export_all(db, cast(db).lead, tmp_path / "out", "csv")
    other = Database.open(tmp_path / "other.duckdb")
    try:
        journeys.sync(other, journeys.load_folder(PROJECT_FOLDER / "data" / "journeys"), "shipped")
        log = tmp_path / "out" / f"log-{JOURNEY}.csv"
        exchange.import_log(other, cast(other).lead, log, JOURNEY)
        for sql in (OUTCOME, VISITS):
            assert other.rows(sql) == db.rows(sql)
    finally:
        other.close()


def test_an_export_adds_nothing_to_where_it_came_from(db, tmp_path):
    demo.fill(db, ideas=60, seed=3)
    lead = cast(db).lead
    exchange.export_all(db, lead, tmp_path / "out", "csv")
    report = exchange.import_log(db, lead, tmp_path / "out" / f"log-{JOURNEY}.csv", JOURNEY)
    assert (report.ideas_new, report.rows_added) == (0, 0)


def test_the_event_log_has_the_columns_of_process_mining(db, cast, tmp_path):
    submitted(db, cast.student)
    exchange.export_event_log(db, cast.lead, tmp_path / "events.csv", JOURNEY)
    (row,) = csv.DictReader((tmp_path / "events.csv").open(encoding="utf-8", newline=""))
    assert list(row) == ["case:concept:name", "concept:name", "time:timestamp", "org:resource"]
    assert (row["case:concept:name"], row["concept:name"]) == ("SK-1", "idea-bank")
    assert row["org:resource"] == "Sara Student"


def test_drafts_stay_their_writers_alone(db, cast):
    packed = zipfile.ZipFile(io.BytesIO(exchange.export_zip(db, cast.lead, "csv")))
    assert "idea.csv" in packed.namelist()
    assert "draft.csv" not in packed.namelist()


def test_only_a_lead_exports(db, cast, tmp_path):
    for who in (cast.student, cast.mentor, cast.member, cast.nobody):
        with pytest.raises(NotAllowed):
            exchange.export_all(db, who, tmp_path / "out", "csv")
        assert not (tmp_path / "out").exists()
