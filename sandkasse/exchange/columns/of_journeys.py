"""Journeys, as they were read from their files."""

from sandkasse.exchange.columns.described import Tables

JOURNEYS: Tables = {
    "journey": (
        "One row a journey, as it was last loaded.",
        {
            "journey_id": "the journey's id",
            "definition": "the journey as JSON",
            "source": "where it came from",
            "loaded_at": "when it was loaded",
        },
    ),
    "stage": (
        "One row a stage of a journey.",
        {
            "journey_id": "the journey",
            "stage_id": "the stage's id",
            "position": "its place, from 0",
            "expected_days": "how long it is expected to last, in days",
        },
    ),
    "expected_at_level": (
        "One row a stage and level where another length is expected.",
        {
            "journey_id": "the journey",
            "stage_id": "the stage",
            "level": "BSc, MSc or PhD",
            "expected_days": "how long it is expected to last, in days",
        },
    ),
    "exit": (
        "One row a way out of a journey.",
        {
            "journey_id": "the journey",
            "exit_id": "the exit's id",
            "kind": "completed, declined, withdrawn, closed or merged",
        },
    ),
}
