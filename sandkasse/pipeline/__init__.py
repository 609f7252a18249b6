"""Moving ideas through a journey: the writes of the ledger, and reading it back.

Each write says which row of the ledger it was decided on (``expected_seq``), so that of two people
who act at once the second is told who was first.
"""

from sandkasse.pipeline.moves import (
    Change,
    Move,
    changing,
    exit_idea,
    hand_over,
    hold_idea,
    leave_within,
    merge_ideas,
    move_idea,
    move_within,
    reopen_idea,
    resume_idea,
    undo,
    withdraw_idea,
)
from sandkasse.pipeline.reading import (
    Happening,
    gave_ball,
    histories,
    history,
    timeline,
)

__all__ = [
    "Change",
    "Happening",
    "Move",
    "changing",
    "exit_idea",
    "gave_ball",
    "hand_over",
    "histories",
    "history",
    "hold_idea",
    "leave_within",
    "merge_ideas",
    "move_idea",
    "move_within",
    "reopen_idea",
    "resume_idea",
    "timeline",
    "undo",
    "withdraw_idea",
]
