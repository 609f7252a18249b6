"""Student positions on the screen, from the list of what is open to the board of seats."""

from sandkasse.ui.recruitment_view.handling import (
    application_heading,
    assess,
    history,
    record,
    said,
)
from sandkasse.ui.recruitment_view.keeping import keep, kept_positions
from sandkasse.ui.recruitment_view.offered import apply, open_positions, position_heading
from sandkasse.ui.recruitment_view.own import own_applications, own_seats, warned
from sandkasse.ui.recruitment_view.seat_board import seats, seats_of
from sandkasse.ui.recruitment_view.who import board, listed
from sandkasse.ui.recruitment_view.whose import whose

__all__ = [
    "application_heading",
    "apply",
    "assess",
    "board",
    "history",
    "keep",
    "kept_positions",
    "listed",
    "open_positions",
    "own_applications",
    "own_seats",
    "position_heading",
    "record",
    "said",
    "seats",
    "seats_of",
    "warned",
    "whose",
]
