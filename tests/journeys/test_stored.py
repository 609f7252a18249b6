"""What a journey in use may not lose, and that a refusal leaves everything as it was."""

from dataclasses import replace

import pytest

from sandkasse import journeys, pipeline
from sandkasse.errors import InvalidJourney, NotFound
from tests.builders import JOURNEY, submitted


def without_exit(journey, exit_id):
    """The journey less one of its ways out."""
    return replace(journey, exits=tuple(way for way in journey.exits if way.id != exit_id))


def test_an_exit_that_ideas_left_by_cannot_be_lost(db, cast):
    idea_id = submitted(db, cast.student)
    pipeline.exit_idea(db, cast.mentor, idea_id, exit_id="closed", expected_seq=1, reason="learned")
    pipeline.undo(db, cast.mentor, idea_id, seq=2, expected_seq=2)
    with pytest.raises(InvalidJourney, match="no longer has closed"):
        journeys.sync(db, [without_exit(journeys.get(db, JOURNEY), "closed")], "test")


def test_an_exit_that_nobody_used_may_go(db, cast):
    submitted(db, cast.student)
    journeys.sync(db, [without_exit(journeys.get(db, JOURNEY), "closed")], "test")
    with pytest.raises(NotFound):
        journeys.get(db, JOURNEY).exit("closed")


def test_one_refused_journey_keeps_the_others_out_too(db, cast):
    submitted(db, cast.student)
    known = journeys.get(db, JOURNEY)
    new = replace(known, id="new")
    later = tuple(replace(stage, position=n) for n, stage in enumerate(known.stages[1:]))
    with pytest.raises(InvalidJourney):
        journeys.sync(db, [new, replace(known, stages=later)], "test")
    assert "new" not in {journey.id for journey in journeys.all_journeys(db)}


def test_a_renamed_stage_is_seen_at_once(db):
    known = journeys.get(db, JOURNEY)
    name = journeys.Text("Nytt", "New")
    renamed = (replace(known.first, name=name), *known.stages[1:])
    journeys.sync(db, [replace(known, stages=renamed)], "test")
    assert journeys.get(db, JOURNEY).first.name == name
