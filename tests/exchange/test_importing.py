"""Loading logs: what is read, what is refused, and that nothing comes twice."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandkasse import exchange, integrity, pipeline
from sandkasse.errors import InvalidImport, NotAllowed
from sandkasse.exchange.formulas import neutralised, restored
from sandkasse.exchange.reading import moment_of
from sandkasse.ledger import Kind
from tests.builders import JOURNEY

LOG = """\
idea,stage,occurred_at,title,level,theme,actor,reason
A1,idea-bank,2025-01-10,Ice cellar,MSc,food,Kari,
A1,clarification,2025-01-20 09:30,,,,Kari,
A1,idea-bank,2025-02-01,,,,Per,Too early
A1,declined,2025-03-01,,,,Per,No need
A2,idea-bank,2025-01-11,Snow map,BSc,mobility,,
"""


def load(db, cast, text, **options):
    """Load a log given as text."""
    return exchange.import_log(db, cast.lead, text.encode(), JOURNEY, **options)


def contents(db):
    """Every row of every table but the audit."""
    tables = db.rows("SELECT table_name FROM duckdb_tables() WHERE table_name <> 'audit'")
    return {table: db.rows(f"FROM {table} ORDER BY ALL") for (table,) in tables}


def kinds(db, ref):
    """What happened to an idea, in order."""
    idea_id = db.value("SELECT idea_id FROM idea WHERE ref = ?", [ref])
    return [row.kind for row in pipeline.history(db, idea_id)]


def test_a_log_becomes_ideas_with_their_ledger(db, cast):
    report = load(db, cast, LOG)
    assert (report.ideas_new, report.rows_added) == (2, 5)
    assert db.one(
        "SELECT title, level, theme, stage_id, furthest, visits, exit_kind "
        "FROM idea WHERE ref = 'A1'"
    ) == ("Ice cellar", "MSc", "food", "idea-bank", 1, 2, "declined")
    assert kinds(db, "A1") == [Kind.ENTER, Kind.MOVE, Kind.MOVE, Kind.EXIT]
    assert db.rows("SELECT seq, actor_name, note, timing FROM ledger WHERE seq = 4") == [
        (4, "Per", "No need", "imported")
    ]
    assert integrity.check(db) == []


def test_the_same_file_twice_adds_nothing(db, cast):
    load(db, cast, LOG)
    before = contents(db)
    report = load(db, cast, LOG)
    assert (report.ideas_new, report.ideas_extended, report.rows_added) == (0, 0, 0)
    assert report.rows_known == 5
    assert contents(db) == before


def test_a_later_file_extends_what_is_there(db, cast):
    load(db, cast, LOG)
    report = load(db, cast, LOG + "A2,clarification,2025-04-01,,,,,\n")
    assert (report.ideas_extended, report.rows_added, report.rows_known) == (1, 1, 5)
    assert kinds(db, "A2") == [Kind.ENTER, Kind.MOVE]
    assert integrity.check(db) == []


def test_a_back_dated_row_takes_its_place(db, cast):
    load(db, cast, "idea,stage,occurred_at\nB,idea-bank,2025-01-01\nB,sandbox,2025-05-01\n")
    load(db, cast, "idea,stage,occurred_at\nB,need-test,2025-03-01\n")
    assert db.one("SELECT stage_id, furthest FROM idea") == ("sandbox", 3)
    assert integrity.check(db) == []


def test_a_stage_after_an_exit_reopens_the_idea(db, cast):
    load(db, cast, LOG + "A1,sandbox,2025-06-01,,,,,\n")
    assert kinds(db, "A1")[-1] is Kind.REOPEN
    assert db.value("SELECT exit_id FROM idea WHERE ref = 'A1'") is None


def test_two_rows_in_one_stage_are_one_visit(db, cast):
    load(db, cast, "idea,stage,occurred_at\nC,idea-bank,2025-01-01\nC,idea-bank,2025-01-05\n")
    assert db.one("SELECT visits, stage_at FROM idea") == (
        1,
        datetime(2024, 12, 31, 23, tzinfo=UTC),
    )
    assert db.value("SELECT count(*) FROM visit('infinity', 'infinity')") == 1


def test_rows_come_in_any_order_and_at_one_time_in_the_files(db, cast):
    log = (
        "idea,stage,occurred_at\nD,sandbox,2025-05-01\nD,idea-bank,2025-01-01\n"
        "D,clarification,2025-01-01\n"
    )
    load(db, cast, log)
    rows = pipeline.history(db, 1)
    assert [row.stage_id for row in rows] == ["idea-bank", "clarification", "sandbox"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_separators_and_encodings(db, cast, separator, encoding):
    log = "idea,stage,occurred_at,title\nÆ1,idea-bank,3.11.2025,Sjøvær på åpent hav\n"
    raw = log.replace(",", separator).encode(encoding)
    exchange.import_log(db, cast.lead, raw, JOURNEY)
    assert db.rows("SELECT ref, title FROM idea") == [("Æ1", "Sjøvær på åpent hav")]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-07-01", datetime(2025, 6, 30, 22, tzinfo=UTC)),
        ("2025-07-01 14:30", datetime(2025, 7, 1, 12, 30, tzinfo=UTC)),
        ("2025-07-01T14:30:15Z", datetime(2025, 7, 1, 14, 30, 15, tzinfo=UTC)),
        ("2025-07-01T14:30+02:00", datetime(2025, 7, 1, 12, 30, tzinfo=UTC)),
        ("1.7.2025", datetime(2025, 6, 30, 22, tzinfo=UTC)),
        ("01.07.2025 14:30", datetime(2025, 7, 1, 12, 30, tzinfo=UTC)),
        ("01.07.2025 kl. 14.30", datetime(2025, 7, 1, 12, 30, tzinfo=UTC)),
        ("01/07/2025", None),
        ("31.02.2025", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read_as_iso_or_norwegian(text, moment):
    assert moment_of(text) == moment


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("X,nowhere,2025-01-01,,,,,", "neither a stage nor an exit"),
        (",idea-bank,2025-01-01,,,,,", "idea is missing"),
        ("X,,2025-01-01,,,,,", "stage is missing"),
        ("X,idea-bank,,,,,,", "occurred_at is missing"),
        ("X,idea-bank,soon,,,,,", "is not a date"),
        ("X,idea-bank,1899-12-31,,,,,", "before 1900"),
        ("X,idea-bank,2999-01-01,,,,,", "in the future"),
        ("X,declined,2025-01-01,,,,,", "begins when it enters a stage"),
        ("X,idea-bank,2025-01-01,,Professor,,,", "not a level"),
        (f"X,idea-bank,2025-01-01,{'x' * 201},,,,", "at most 200"),
        ("X,idea-bank,2025-01-01,bell \a,,,,", "control characters"),
        ("X,idea-bank,2025-01-01,,,,,,,", "more cells"),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_loaded(db, cast, row, reason):
    before = contents(db)
    with pytest.raises(InvalidImport) as refused:
        load(db, cast, LOG + row + "\n")
    ((number, why),) = refused.value.rows
    assert number == 7
    assert reason in why
    assert contents(db) == before


def test_an_exit_after_an_exit_is_faulty(db, cast):
    with pytest.raises(InvalidImport) as refused:
        load(db, cast, LOG + "A1,closed,2025-04-01,,,,,\n")
    assert refused.value.rows[0][0] == 7


def test_every_fault_is_listed(db, cast):
    faulty = "".join(f"F{n},nowhere,2025-01-01,,,,,\n" for n in range(50))
    with pytest.raises(InvalidImport) as refused:
        load(db, cast, LOG + faulty)
    assert [number for number, _why in refused.value.rows] == list(range(7, 57))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"   \n",
        b"idea,stage\nA,idea-bank\n",
        b"idea,stage,occurred_at,stage\nA,idea-bank,2025-01-01,x\n",
        b"PK\x03\x04\x00\x00",
        b"idea,stage,occurred_at\n\x81\x8d,idea-bank,2025-01-01\n",
        b'idea,stage,occurred_at\n"A,idea-bank,2025-01-01\n',
        b"\xff\xfei\x00d\x00",
    ],
)
@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_file_that_is_no_log_is_refused_in_words(db, cast, raw, language):
    from sandkasse import i18n

    before = contents(db)
    with i18n.in_language(language), pytest.raises(InvalidImport) as refused:
        exchange.import_log(db, cast.lead, raw, JOURNEY)
    assert len(refused.value.message) > 10
    assert contents(db) == before


def test_an_upload_of_50_mb_is_refused(db, cast):
    with pytest.raises(InvalidImport, match="larger than 20 MB"):
        exchange.preview_log(
            db, cast.lead, b"idea,stage,occurred_at\n" + b"x" * 50_000_000, JOURNEY
        )


def test_whole_ideas_are_rejected_to_a_file_and_the_rest_is_loaded(db, cast, tmp_path):
    rejects = tmp_path / "rejects.csv"
    log = LOG + "A1,nowhere,2025-05-01,,,,,=cmd()\n"
    report = load(db, cast, log, skip_invalid=rejects)
    assert (report.ideas_new, report.ideas_rejected, report.rows_rejected) == (1, 1, 5)
    assert db.rows("SELECT ref FROM idea") == [("A2",)]
    rows = list(csv.DictReader(rejects.open(encoding="utf-8", newline="")))
    assert [row["row"] for row in rows] == ["2", "3", "4", "5", "7"]
    assert "neither a stage" in rows[-1]["fault"]
    assert rows[-1]["reason"] == "'=cmd()"


def test_a_preview_writes_nothing(db, cast):
    before = contents(db), db.version
    preview = exchange.preview_log(
        db, cast.lead, (LOG + "X,nowhere,2025-01-01\n").encode(), JOURNEY
    )
    assert (preview.report.ideas_new, preview.report.ideas_rejected) == (2, 1)
    assert [number for number, _why in preview.faults] == [7]
    assert (contents(db), db.version) == before


def test_only_a_lead_imports(db, cast):
    for who in (cast.student, cast.mentor, cast.member, cast.nobody):
        with pytest.raises(NotAllowed):
            exchange.import_log(db, who, LOG.encode(), JOURNEY)


@given(st.text(max_size=20))
def test_neutralising_is_undone_exactly(text):
    assert restored(neutralised(text)) == text
    assert not neutralised(text).startswith(("=", "+", "-", "@", "\t", "\r"))


STAGES = ["idea-bank", "clarification", "need-test", "sandbox", "declined", "independent"]
ROWS = st.lists(
    st.tuples(st.sampled_from("ABCDE"), st.sampled_from(STAGES), st.integers(1, 300)),
    min_size=1,
    max_size=25,
)


@given(ROWS)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_loaded_holds_together(db, cast, tmp_path, rows):
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["idea", "stage", "occurred_at"])
    run = db.value("SELECT count(*) FROM idea")
    for idea, stage, day in rows:
        moment = datetime.fromordinal(datetime(2025, 1, 1).toordinal() + day)  # noqa: DTZ001
        writer.writerow([f"{idea}{run}", stage, moment.date().isoformat()])
    raw = written.getvalue().encode()
    exchange.import_log(db, cast.lead, raw, JOURNEY, skip_invalid=tmp_path / "r.csv")
    assert integrity.check(db) == []
    again = exchange.import_log(db, cast.lead, raw, JOURNEY, skip_invalid=tmp_path / "r.csv")
    assert again.rows_added == 0


def test_a_title_that_turns_the_writing_direction_is_refused(db, cast):
    before = contents(db)
    log = "idea;stage;occurred_at;title\nA;idea-bank;2026-01-05;Safe \u202etxt.exe\n".encode()
    with pytest.raises(InvalidImport) as refused:
        exchange.import_log(db, cast.lead, log, JOURNEY)
    assert "writing direction" in refused.value.rows[0][1]
    assert contents(db) == before
