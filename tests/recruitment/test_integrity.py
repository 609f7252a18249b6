"""What ``sandkasse check`` says of positions and applications."""

import pytest

from sandkasse import integrity
from sandkasse.application import Kind
from tests.builders import applied, position


@pytest.fixture
def hired(db, cast):
    opened = position(db, cast.member)
    kinds = (Kind.OFFER, Kind.ACCEPTED, Kind.STARTED)
    applied(db, cast.student, opened, *kinds, Kind.ENDED, by=cast.member)
    applied(db, cast.stranger, opened, *kinds, by=cast.member)
    return opened


def test_what_the_app_writes_is_sound(db, hired):
    assert integrity.check(db) == []


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("UPDATE application_event SET seat_no = 1 WHERE kind = 'started'", "seat"),
        ("UPDATE planned_seat SET ends_on = begins_on", "seat"),
        ("UPDATE application SET state = 'offer'", "standing"),
        ("UPDATE application SET ended_on = NULL", "standing"),
        ("DELETE FROM application_event WHERE kind = 'accepted'", "history"),
        ("UPDATE application_event SET seat_no = NULL", "shape"),
        ("UPDATE position SET seats = 7", "shape"),
        ("UPDATE position SET status = 'closed'", "shape"),
        ("UPDATE application SET person_id = 999", "reference"),
        ("UPDATE application_event SET recorded_at = '2020-01-01'", "time"),
    ],
)
def test_what_is_wrong_is_found(db, hired, sql, rule):
    with db.transaction() as tx:
        tx.execute(sql)
    assert rule in {finding.rule for finding in integrity.check(db)}
