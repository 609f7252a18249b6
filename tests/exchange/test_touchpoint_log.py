"""Loading logs of touchpoints: what is read, what is refused, and that nothing comes twice."""

import csv
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandkasse import agencies, demo, exchange, integrity, journeys, standing, start
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from sandkasse.errors import InvalidImport, NotAllowed, NotFound
from sandkasse.matter import Kind
from tests.builders import JOURNEY
from tests.builders import cast as cast_of
from tests.exchange.test_importing import LOG as IDEAS
from tests.exchange.test_importing import contents

LOG = """\
idea,matter,agency,event,occurred_at,purpose,title,outcome,actor,note
A2,S-17,skatteetaten,prepared,2025-02-01,,VAT for a trial,,Kari,
A2,S-17,Skatteetaten,sent,2025-02-03 10:00,,,,Kari,
A2,S-17,The Norwegian Tax Administration,question,2025-02-10,,,,,Which year?
A2,S-17,skatteetaten,answer,2025-02-12,,,,Kari,This one
A2,S-17,skatteetaten,decided,2025-03-01,,,approved,,
A2,N-1,nav,sent,2025-04-01,,,,,
"""
HEADER = LOG.splitlines()[0] + "\n"


@pytest.fixture
def with_ideas(db, cast):
    """The database with the ideas that the log is about."""
    exchange.import_log(db, cast.lead, IDEAS.encode(), JOURNEY)
    return db


def load(db, cast, text, **options):
    """Load a log given as text."""
    return exchange.import_touchpoints(db, cast.lead, text.encode(), JOURNEY, **options)


def test_a_log_becomes_touchpoints_with_their_events(with_ideas, cast):
    report = load(with_ideas, cast, LOG)
    assert (report.matters_new, report.rows_added) == (2, 6)
    assert with_ideas.one(
        "SELECT agency_id, title, state, outcome, questions, last_seq, sent_at "
        "FROM touchpoint WHERE ref = 'S-17'"
    ) == (
        "skatteetaten", "VAT for a trial", "decided", "approved", 1, 5,
        datetime(2025, 2, 3, 9, tzinfo=UTC),
    )  # fmt: skip
    assert with_ideas.rows("SELECT title, state FROM touchpoint WHERE ref = 'N-1'") == [
        ("N-1", "agency")
    ]
    assert with_ideas.one("SELECT ball, ball_agencies FROM idea WHERE ref = 'A2'") == (
        "agency", "nav",
    )  # fmt: skip
    assert with_ideas.rows(
        "SELECT actor_name, note, timing FROM touchpoint_event WHERE kind = 'answer'"
    ) == [("Kari", "This one", "imported")]
    assert integrity.check(with_ideas) == []


def test_the_same_file_twice_adds_nothing(with_ideas, cast):
    load(with_ideas, cast, LOG)
    before = contents(with_ideas)
    report = load(with_ideas, cast, LOG)
    assert (report.matters_new, report.rows_added, report.rows_known) == (0, 0, 6)
    assert contents(with_ideas) == before


def test_a_later_file_extends_what_is_there(with_ideas, cast):
    load(with_ideas, cast, LOG)
    report = load(with_ideas, cast, LOG + "A2,N-1,nav,question,2025-04-05,,,,,When?\n")
    assert (report.matters_extended, report.rows_added, report.rows_known) == (1, 1, 6)
    assert with_ideas.value("SELECT ball FROM idea WHERE ref = 'A2'") == "student"
    assert integrity.check(with_ideas) == []


def test_rows_come_in_any_order(with_ideas, cast):
    rows = LOG.splitlines()[1:]
    load(with_ideas, cast, HEADER + "\n".join(reversed(rows)) + "\n")
    found = standing.events(with_ideas, [with_ideas.value(
        "SELECT touchpoint_id FROM touchpoint WHERE ref = 'S-17'")])  # fmt: skip
    kinds = [event.kind for its in found.values() for event in its]
    assert kinds == [Kind.PREPARED, Kind.SENT, Kind.QUESTION, Kind.ANSWER, Kind.DECIDED]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_separators_and_encodings(with_ideas, cast, separator, encoding):
    log = HEADER + "A2,Sjø,Brønnøysundregistrene,sent,3.11.2025,,Å få navn på havet,,,\n"
    raw = log.replace(",", separator).encode(encoding)
    exchange.import_touchpoints(with_ideas, cast.lead, raw, JOURNEY)
    assert with_ideas.rows("SELECT ref, agency_id, title FROM touchpoint") == [
        ("Sjø", "bronnoysundregistrene", "Å få navn på havet")
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A2,X,nowhere,sent,2025-05-01,,,,,", "nowhere is not among the agencies"),
        ("A2,X,nav,lost,2025-05-01,,,,,", "lost is not an event"),
        ("A2,X,nav,void,2025-05-01,,,,,", "void is not an event"),
        ("A2,X,nav,decided,2025-05-01,,,,,", "needs an outcome"),
        ("A2,X,nav,sent,2025-05-01,,,approved,,", "Only a decision"),
        ("A2,X,nav,sent,2999-01-01,,,,,", "in the future"),
        ("A2,X,nav,sent,soon,,,,,", "is not a date"),
        ("A2,X,nav,sent,2025-01-10,,,,,", "before the idea came in"),
        ("A2,X,nav,answer,2025-05-01,,,,,", "not opened yet"),
        ("A2,N-1,nav,answer,2025-05-01,,,,,", "has not asked anything"),
        ("A2,N-1,nav,note,2025-03-01,,,,,Called", "not opened yet"),
        ("A2,N-1,udi,receipt,2025-05-01,,,,,", "another agency"),
        ("A2,S-17,skatteetaten,question,2025-05-01,,,,,More?", "has ended"),
        ("A9,X,nav,sent,2025-05-01,,,,,", "A9 is not an idea"),
        ("A2,X,nav,sent,2025-05-01,nonsense,,,,", "not a purpose of this agency"),
        (",X,nav,sent,2025-05-01,,,,,", "idea is missing"),
        ("A2,,nav,sent,2025-05-01,,,,,", "matter is missing"),
        ("A2,X,,sent,2025-05-01,,,,,", "agency is missing"),
        (f"A2,X,nav,sent,2025-05-01,,{'x' * 121},,,", "at most 120"),
        ("A2,X,nav,sent,2025-05-01,,,,,,", "more cells"),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_loaded(with_ideas, cast, row, reason):
    before = contents(with_ideas)
    with pytest.raises(InvalidImport) as refused:
        load(with_ideas, cast, LOG + row + "\n")
    ((number, why),) = refused.value.rows
    assert number == 8
    assert reason in why
    assert contents(with_ideas) == before


def test_a_log_of_ideas_is_no_log_of_touchpoints(with_ideas, cast):
    with pytest.raises(InvalidImport, match="matter"):
        load(with_ideas, cast, IDEAS)


def test_whole_matters_are_rejected_to_a_file_and_the_rest_is_loaded(with_ideas, cast, tmp_path):
    rejects = tmp_path / "rejects.csv"
    report = load(
        with_ideas, cast, LOG + "A2,S-17,skatteetaten,answer,2025-05-01,,,,,=cmd()\n",
        skip_invalid=rejects,
    )  # fmt: skip
    assert (report.matters_new, report.matters_rejected, report.rows_rejected) == (1, 1, 6)
    assert with_ideas.rows("SELECT ref FROM touchpoint") == [("N-1",)]
    rows = list(csv.DictReader(rejects.open(encoding="utf-8", newline="")))
    assert [row["row"] for row in rows] == ["2", "3", "4", "5", "6", "8"]
    assert "has ended" in rows[-1]["fault"]
    assert rows[-1]["note"] == "'=cmd()"
    assert integrity.check(with_ideas) == []


def test_a_preview_writes_nothing(with_ideas, cast):
    before = contents(with_ideas), with_ideas.version
    raw = (LOG + "A2,X,nowhere,sent,2025-05-01,,,,,\n").encode()
    preview = exchange.preview_touchpoints(with_ideas, cast.lead, raw, JOURNEY)
    assert (preview.report.matters_new, preview.report.matters_rejected) == (2, 1)
    assert [number for number, _why in preview.faults] == [8]
    assert (contents(with_ideas), with_ideas.version) == before


def test_only_a_lead_imports_and_only_into_a_journey_that_is_there(db, cast):
    for who in (cast.student, cast.mentor, cast.member, cast.nobody):
        with pytest.raises(NotAllowed):
            exchange.import_touchpoints(db, who, LOG.encode(), JOURNEY)
    with pytest.raises(NotFound):
        exchange.import_touchpoints(db, cast.lead, LOG.encode(), "nowhere")


MATTERS = """
SELECT coalesce(i.ref, 'SK-' || i.idea_id) AS idea, coalesce(t.ref, 'SK-' || t.touchpoint_id),
       t.agency_id, t.purpose_id, t.title, t.state, t.state_at, t.sent_at, t.questions, t.outcome,
       round(t.agency_days, 6), round(t.decided_days, 6)
FROM touchpoint AS t JOIN idea AS i ON i.idea_id = t.idea_id
WHERE i.journey_id = 'student-startup' ORDER BY ALL
"""


def test_an_export_comes_in_again_with_the_same_matters(db, tmp_path):
    demo.fill(db, ideas=120, seed=3)
    exchange.export_all(db, cast_of(db).lead, tmp_path / "out", "csv")
    other = Database.open(tmp_path / "other.duckdb")
    try:
        journeys.sync(other, journeys.load_folder(PROJECT_FOLDER / "data" / "journeys"), "shipped")
        agencies.sync(other, start.AGENCIES_FILE)
        lead = cast_of(other).lead
        exchange.import_log(other, lead, tmp_path / "out" / f"log-{JOURNEY}.csv", JOURNEY)
        log = tmp_path / "out" / f"touchpoints-{JOURNEY}.csv"
        exchange.import_touchpoints(other, lead, log, JOURNEY)
        assert other.rows(MATTERS) == db.rows(MATTERS)
        assert integrity.check(other) == []
    finally:
        other.close()


def test_an_export_adds_nothing_to_where_it_came_from(db, tmp_path):
    demo.fill(db, ideas=60, seed=3)
    lead = cast_of(db).lead
    exchange.export_all(db, lead, tmp_path / "out", "csv")
    log = tmp_path / "out" / f"touchpoints-{JOURNEY}.csv"
    report = exchange.import_touchpoints(db, lead, log, JOURNEY)
    assert (report.matters_new, report.rows_added) == (0, 0)
    assert report.rows_known > 100


ROWS = st.lists(
    st.tuples(
        st.sampled_from("MN"),
        st.sampled_from(["prepared", "sent", "receipt", "question", "answer", "decided", "closed"]),
        st.integers(20, 300),
    ),
    min_size=1,
    max_size=12,
)


@given(ROWS)
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_loaded_holds_together(with_ideas, cast, tmp_path, rows):
    run = with_ideas.value("SELECT count(*) FROM touchpoint")
    written = HEADER + "".join(
        f"A2,{called}{run},nav,{kind},"
        f"{datetime.fromordinal(datetime(2025, 1, 1).toordinal() + day).date()},,,"  # noqa: DTZ001
        f"{'approved' if kind == 'decided' else ''},,\n"
        for called, kind, day in rows
    )
    rejects = tmp_path / "r.csv"
    load(with_ideas, cast, written, skip_invalid=rejects)
    assert integrity.check(with_ideas) == []
    assert load(with_ideas, cast, written, skip_invalid=rejects).rows_added == 0
