"""Real input and output: logs of ideas and of touchpoints in, everything out."""

from sandkasse.exchange.exporting import export_all, export_event_log, export_zip
from sandkasse.exchange.importing import ImportReport, Preview, import_log, preview_log
from sandkasse.exchange.reading import MOST_UPLOADED, LogRow
from sandkasse.exchange.touchpoint_log import (
    TouchpointReport,
    TouchpointRow,
    import_touchpoints,
    preview_touchpoints,
)

__all__ = [
    "MOST_UPLOADED",
    "ImportReport",
    "LogRow",
    "Preview",
    "TouchpointReport",
    "TouchpointRow",
    "export_all",
    "export_event_log",
    "export_zip",
    "import_log",
    "import_touchpoints",
    "preview_log",
    "preview_touchpoints",
]
