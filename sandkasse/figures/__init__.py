"""Every number that a screen, a document or the command line shows. Reads, never writes.

Three kinds of figure: the *cohort* funnel asks how far the ideas that came in during a period have
got, the *snapshot* what is where at a moment, and the *activity* what moved in a period. Beside
them, the *division* of the elapsed time between those who had the ball, and the agencies' *waits*.
"""

from sandkasse.figures.behind import Figure, Records, records
from sandkasse.figures.choice import Choice, end_of, levels, themes
from sandkasse.figures.division import (
    PARTIES,
    PARTY_TITLES,
    Division,
    Part,
    StageDivision,
    division,
    division_to_json,
)
from sandkasse.figures.funnel import (
    CohortFunnel,
    StageCount,
    cohort,
    median_days_to_advance,
    to_json,
)
from sandkasse.figures.movement import Activity, StageActivity, activity, activity_series
from sandkasse.figures.presence import Snapshot, StagePresence, snapshot
from sandkasse.figures.sentences import sentence
from sandkasse.figures.statistics import ENOUGH, Time
from sandkasse.figures.waiting import (
    Quarter,
    WaitChoice,
    WaitRecords,
    Waits,
    trend,
    wait_records,
    waits,
    waits_to_json,
)

__all__ = [
    "ENOUGH",
    "PARTIES",
    "PARTY_TITLES",
    "Activity",
    "Choice",
    "CohortFunnel",
    "Division",
    "Figure",
    "Part",
    "Quarter",
    "Records",
    "Snapshot",
    "StageActivity",
    "StageCount",
    "StageDivision",
    "StagePresence",
    "Time",
    "WaitChoice",
    "WaitRecords",
    "Waits",
    "activity",
    "activity_series",
    "cohort",
    "division",
    "division_to_json",
    "end_of",
    "levels",
    "median_days_to_advance",
    "records",
    "sentence",
    "snapshot",
    "themes",
    "to_json",
    "trend",
    "wait_records",
    "waits",
    "waits_to_json",
]
