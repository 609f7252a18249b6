"""Loading student positions and the log of applications for them."""

import csv

import pytest

from sandkasse import exchange, integrity
from sandkasse.application import Kind, NextStep
from sandkasse.errors import InvalidImport, NotAllowed
from sandkasse.figures import seats
from sandkasse.figures.seats import SeatsChoice
from sandkasse.recruitment import applications, candidates, positions
from tests.builders import contents

TABLE = b"""\
position;agency;title;title_en;seats;hours;from;to;occurred_at;deadline;place;closed
TAX-1;Skatteetaten;Studentmedarbeider;Student assistant;2;7,5;01.01.2026;30.06.2026;\
2025-11-03;2025-11-30;Narvik;2025-12-01
"""
LOG = b"""\
position,application,event,occurred_at,applicant,source,reason,until,next_step
TAX-1,a,received,2025-11-05,Ada,university,,,
TAX-1,a,offer,2025-12-05,,,,,
TAX-1,a,accepted,2025-12-06,,,,,
TAX-1,a,started,2026-01-05,,,,2026-06-30,
TAX-1,a,ended,2026-03-31,,,agreed,,
TAX-1,a,next,2026-04-15,,,,,company
TAX-1,b,received,2025-11-06,Bo,friend,,,
TAX-1,b,offer,2025-12-05,,,,,
TAX-1,b,accepted,2025-12-06,,,,,
TAX-1,b,started,2026-01-05,,,,,
TAX-1,c,received,2025-11-07,Cy,,,,
TAX-1,c,rejected,2025-12-05,,,filled,,
"""


@pytest.fixture
def loaded(db, cast):
    exchange.import_positions(db, cast.lead, TABLE)
    return exchange.import_applications(db, cast.lead, LOG)


def test_positions_and_applications_come_in(db, cast, loaded):
    assert (loaded.new, loaded.rows_added, loaded.rejected) == (3, 12, 0)
    (position,) = positions.find(db, cast.lead, positions.Filter(open_only=False)).rows
    assert (position.status, position.seats, position.description.hours) == ("closed", 2, 7.5)
    by_name = {one.name: one for one in candidates.find(db, cast.lead, candidates.Filter()).rows}
    assert by_name["Ada"].next_step is NextStep.COMPANY
    assert {one.seat_no for one in by_name.values()} == {1, 2, None}
    (event, *_rest) = applications.told(db, cast.lead, by_name["Cy"].application_id)
    assert (event.event.kind, event.event.timing) == (Kind.REJECTED, "imported")
    assert integrity.check(db) == []


def test_the_same_files_twice_add_nothing(db, cast, loaded):
    again = exchange.import_positions(db, cast.lead, TABLE)
    assert (again.new, again.rows_known) == (0, 1)
    again = exchange.import_applications(db, cast.lead, LOG)
    assert (again.new, again.extended, again.rows_known) == (0, 0, 12)


def test_a_longer_log_adds_what_is_new(db, cast, loaded):
    longer = LOG + b"TAX-1,b,ended,2026-05-31,,,graduated,,\n"
    report = exchange.import_applications(db, cast.lead, longer)
    assert (report.new, report.extended, report.rows_added) == (0, 1, 1)
    assert seats.staying(db, cast.lead, SeatsChoice()).n == 2
    assert integrity.check(db) == []


def test_one_fault_refuses_all_and_names_the_row(db, cast):
    exchange.import_positions(db, cast.lead, TABLE)
    before = contents(db)
    faulty = LOG + b"TAX-1,d,received,2025-11-08,,,,,\nTAX-1,d,started,2026-01-05,,,,,\n"
    with pytest.raises(InvalidImport) as refused:
        exchange.import_applications(db, cast.lead, faulty)
    assert [row for row, _why in refused.value.rows] == [15]
    assert contents(db) == before


def test_more_jobs_than_seats_are_refused_and_the_rest_can_be_loaded(db, cast, tmp_path):
    exchange.import_positions(db, cast.lead, TABLE)
    third = (
        b"TAX-1,d,received,2025-11-08,,,,,\nTAX-1,d,offer,2025-12-05,,,,,\n"
        b"TAX-1,d,accepted,2025-12-06,,,,,\nTAX-1,d,started,2026-02-01,,,,,\n"
    )
    rejects = tmp_path / "rejects.csv"
    report = exchange.import_applications(db, cast.lead, LOG + third, skip_invalid=rejects)
    assert (report.new, report.rejected, report.rows_rejected) == (3, 1, 4)
    rows = list(csv.DictReader(rejects.open(encoding="utf-8")))
    assert rows[0]["fault"] == "No seat of the position is free for this job."
    assert integrity.check(db) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Skatteetaten", b"Nobody"),
        (b"7,5", b"40"),
        (b";2;", b";0;"),
        (b"30.06.2026", b"30.06.2025"),
        (b"2025-12-01", b"2025-10-01"),
    ],
)
def test_a_faulty_position_is_refused(db, cast, old, new):
    before = contents(db)
    with pytest.raises(InvalidImport) as refused:
        exchange.import_positions(db, cast.lead, TABLE.replace(old, new))
    assert [row for row, _why in refused.value.rows] == [2]
    assert contents(db) == before


def test_only_a_lead_imports(db, cast):
    for who in (cast.student, cast.mentor, cast.member):
        with pytest.raises(NotAllowed):
            exchange.import_positions(db, who, TABLE)
        with pytest.raises(NotAllowed):
            exchange.import_applications(db, who, LOG)


def test_a_preview_tells_what_loading_would_do_and_writes_nothing(db, cast):
    before = contents(db)
    preview = exchange.preview_positions(db, cast.lead, TABLE)
    assert (preview.report.new, preview.faults, preview.first[0].position) == (1, (), "TAX-1")
    assert exchange.preview_applications(db, cast.lead, LOG).report.rejected == 3
    assert contents(db) == before
    exchange.import_positions(db, cast.lead, TABLE)
    before = contents(db)
    preview = exchange.preview_applications(db, cast.lead, LOG)
    assert contents(db) == before
    assert preview.report == exchange.import_applications(db, cast.lead, LOG)
    for who in (cast.member, cast.student):
        with pytest.raises(NotAllowed):
            exchange.preview_positions(db, who, TABLE)
        with pytest.raises(NotAllowed):
            exchange.preview_applications(db, who, LOG)


@pytest.mark.parametrize("seats", ["nan", "inf", "1e9", "2,5", "-1"])
def test_a_number_of_seats_that_cannot_be_is_a_fault_of_its_row(db, cast, seats):
    table = TABLE.replace(b";2;7,5;", b";" + seats.encode() + b";7,5;")
    ((row, why),) = exchange.preview_positions(db, cast.lead, table).faults
    assert row == 2
    assert "seats" in why
