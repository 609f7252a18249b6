"""Correcting what is kept about oneself."""

import pytest

from sandkasse import membership
from sandkasse.errors import Invalid, NotAllowed
from sandkasse.privacy import correction


def test_a_level_is_corrected_and_taken_away(db, cast):
    for level in ("PhD", None):
        correction.correct_level(db, cast.student, level)
        assert db.value(
            "SELECT level FROM person WHERE person_id = ?", [cast.student.person_id]
        ) == level  # fmt: skip


def test_a_level_that_there_is_not_is_refused(db, cast):
    with pytest.raises(Invalid):
        correction.correct_level(db, cast.student, "Professor")


def test_whose_access_is_closed_is_told_so_whatever_the_level(db, cast):
    membership.block(db, cast.lead, cast.student.person_id, blocked=True)
    with pytest.raises(NotAllowed):
        correction.correct_level(db, cast.student, "Professor")
