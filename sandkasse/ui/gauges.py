"""What is read only when somebody collects measurements: sessions, the database's size, the mail
that waits, the age of the newest backup, and how often a remembered read was at hand."""

from collections.abc import Iterator
from pathlib import Path

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from streamlit.runtime import exists, get_instance
from streamlit.runtime.stats import GaugeStat

from sandkasse import clock, mailing
from sandkasse.backup import Backup, backups
from sandkasse.database import Database
from sandkasse.ui import store

_SESSIONS = "active_sessions"


class Gauges(Collector):
    """Read the measures of an open database and of Streamlit. What cannot be read just now is left
    out, so that the others can be."""

    def __init__(self, db: Database, backups: Path | None) -> None:
        self._db = db
        self._backups = backups

    def describe(self) -> list[Metric]:
        """Nothing is read before somebody asks."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Each measure as it is now."""
        yield GaugeMetricFamily(
            "sandkasse_sessions", "Browser tabs that are connected.", value=_sessions()
        )
        size = GaugeMetricFamily(
            "sandkasse_database_bytes",
            "Size of the database: its file, and the log of what is not in the file yet.",
            labels=["file"],
        )
        for name, taken in self._db.sizes().items():
            size.add_metric([name], taken)
        yield size
        yield GaugeMetricFamily(
            "sandkasse_mail_waiting", "Notices to be sent by mail.", value=mailing.waiting(self._db)
        )
        age = GaugeMetricFamily(
            "sandkasse_backup_age_seconds",
            "The age of what the newest whole backup shows; missing where there is none.",
        )
        made = [one.manifest.made_at for one in self._whole_backups() if one.manifest]
        if made:
            age.add_metric([], (clock.now() - max(made)).total_seconds())
        yield age
        reads = CounterMetricFamily(
            "sandkasse_remembered_reads",
            "Reads for pages: at hand since the last write, or read anew.",
            labels=["outcome"],
        )
        hits, misses = store.hits_and_misses()
        reads.add_metric(["hit"], hits)
        reads.add_metric(["miss"], misses)
        yield reads

    def _whole_backups(self) -> list[Backup]:
        if self._backups is None or not self._backups.is_dir():
            return []
        return [one for one in backups(self._backups) if one.is_whole]


def _sessions() -> float:
    if not exists():
        return 0
    found = get_instance().stats_mgr.get_stats(family_names=[_SESSIONS])
    told = [one for one in found.get(_SESSIONS, ()) if isinstance(one, GaugeStat)]
    return sum(one.value for one in told)
