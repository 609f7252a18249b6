"""Backups of the database: made while the app runs, looked over, kept in turn, and restored."""

from sandkasse.backup.folder import Backup, Keep, backups, erasures_path, newest
from sandkasse.backup.making import Made, Take, Taken, failed, make, take_while_nobody_has_it
from sandkasse.backup.manifest import Manifest, is_ours
from sandkasse.backup.restoring import Reapply, Restored, Since, restore

__all__ = [
    "Backup",
    "Keep",
    "Made",
    "Manifest",
    "Reapply",
    "Restored",
    "Since",
    "Take",
    "Taken",
    "backups",
    "erasures_path",
    "failed",
    "is_ours",
    "make",
    "newest",
    "restore",
    "take_while_nobody_has_it",
]
