"""Every number that a screen, a document or the command line shows. Reads, never writes.

Three kinds of figure: the *cohort* funnel asks how far the ideas that came in during a period have
got, the *snapshot* what is where at a moment, and the *activity* what moved in a period.
"""

from sandkasse.figures import bridge, waiting, why
from sandkasse.figures.behind import Figure, Records, records
from sandkasse.figures.choice import Choice, end_of, levels, themes
from sandkasse.figures.flow import sentences as _flow_sentences  # noqa: F401  (they register)
from sandkasse.figures.flow.times import median_days_to_advance
from sandkasse.figures.frozen import KINDS as FROZEN_KINDS
from sandkasse.figures.funnel import (
    CohortFunnel,
    StageCount,
    cohort,
    to_json,
)
from sandkasse.figures.movement import Activity, StageActivity, activity, activity_series
from sandkasse.figures.presence import Snapshot, StagePresence, snapshot
from sandkasse.figures.sentences import sentence, share_text
from sandkasse.figures.statistics import ENOUGH

__all__ = [
    "ENOUGH",
    "FROZEN_KINDS",
    "Activity",
    "Choice",
    "CohortFunnel",
    "Figure",
    "Records",
    "Snapshot",
    "StageActivity",
    "StageCount",
    "StagePresence",
    "activity",
    "activity_series",
    "bridge",
    "cohort",
    "end_of",
    "levels",
    "median_days_to_advance",
    "records",
    "sentence",
    "share_text",
    "snapshot",
    "themes",
    "to_json",
    "waiting",
    "why",
]
