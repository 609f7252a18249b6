"""How applications stood at a moment is read once, and shared."""

from datetime import timedelta
from random import Random

import pytest

from sandkasse import agencies, clock, start
from sandkasse.figures import seats
from sandkasse.figures.seats import SeatsChoice
from sandkasse.figures.seats.past import standings
from sandkasse.people import OPERATOR
from tests.figures.seats.histories import BEGAN, history, store

AT = BEGAN + timedelta(days=200)


@pytest.fixture
def told(db):
    agencies.sync(db, start.AGENCIES_FILE)
    store(db, history(Random(3)))
    return db


def add_event(db, recorded_at) -> None:
    with db.transaction() as tx:
        key, seq, at = tx.one(
            "SELECT application_id, max(seq) + 1, max(occurred_at) FROM application_event "
            "GROUP BY ALL ORDER BY ALL LIMIT 1"
        )
        tx.execute(
            "INSERT INTO application_event (application_id, seq, kind, occurred_at, recorded_at) "
            "VALUES (?, ?, 'note', ?, ?)",
            [key, seq, at, recorded_at],
        )


def test_one_moment_is_read_once_for_all_figures(told):
    before = standings(told, AT, None)
    seats.all_figures(told, OPERATOR, SeatsChoice(as_of=AT))
    seats.board(told, OPERATOR, SeatsChoice(as_of=AT))
    assert standings(told, AT, None) is before


def test_another_moment_is_read_for_itself(told):
    assert standings(told, AT, None) is not standings(told, None, AT)
    assert standings(told, AT, None).num_rows <= standings(told, None, None).num_rows


def test_it_is_read_anew_when_something_was_recorded(told):
    before = standings(told, AT, None)
    add_event(told, clock.now())
    assert standings(told, AT, None) is not before


def test_the_last_three_moments_are_kept(told):
    first = standings(told, AT, None)
    for days in range(1, 4):
        standings(told, AT + timedelta(days=days), None)
    assert standings(told, AT, None) is not first
