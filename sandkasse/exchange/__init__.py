"""Real input and output: logs of ideas, of touchpoints and of recruitment in, everything out, and
contact people and barriers on their own."""

from sandkasse.exchange.application_log import (
    ApplicationRow,
    import_applications,
    preview_applications,
)
from sandkasse.exchange.barrier_table import barrier_table
from sandkasse.exchange.directory import contacts_csv, contacts_vcards
from sandkasse.exchange.exporting import export_all, export_event_log, export_zip
from sandkasse.exchange.importing import ImportReport, Preview, import_log, preview_log
from sandkasse.exchange.position_table import (
    PositionRow,
    RecruitmentReport,
    import_positions,
    preview_positions,
)
from sandkasse.exchange.reading import MOST_UPLOADED, LogRow
from sandkasse.exchange.touchpoint_log import (
    TouchpointReport,
    TouchpointRow,
    import_touchpoints,
    preview_touchpoints,
)

__all__ = [
    "MOST_UPLOADED",
    "ApplicationRow",
    "ImportReport",
    "LogRow",
    "PositionRow",
    "Preview",
    "RecruitmentReport",
    "TouchpointReport",
    "TouchpointRow",
    "barrier_table",
    "contacts_csv",
    "contacts_vcards",
    "export_all",
    "export_event_log",
    "export_zip",
    "import_applications",
    "import_log",
    "import_positions",
    "import_touchpoints",
    "preview_applications",
    "preview_log",
    "preview_positions",
    "preview_touchpoints",
]
