"""A folder of backups: what is in it, which to take, and which to let go of."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sandkasse.backup import manifest
from sandkasse.backup.manifest import Manifest
from sandkasse.database import files
from sandkasse.errors import BackupFailed, BackupUnusable, NotFound
from sandkasse.i18n import _

#: How the name of a backup that is being made begins.
UNFINISHED = ".sandkasse-unfinished-"


@dataclass(frozen=True)
class Backup:
    """A file with the name of a backup. ``fault`` says why it is none; None: it is one, as far as
    manifest and size tell, or its SHA-256 where that was asked for."""

    path: Path
    manifest: Manifest | None
    fault: str | None

    @property
    def is_whole(self) -> bool:
        """Whether it can be restored, as far as manifest and size tell."""
        return self.fault is None


class Keep(NamedTuple):
    """How many backups rotation keeps: of the latest, and of the last days, weeks and months that
    have one, each the latest of its day, week or month, in UTC."""

    last: int = 3
    daily: int = 7
    weekly: int = 5
    monthly: int = 12


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder, so that no two backups or restores write into it at a time. The hold ends with
    the process, however that ends.

    :raises BackupFailed: when another process holds it.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise BackupFailed(
            _("Another backup or restore is at work in {folder}. Wait until it ends.").format(
                folder=folder
            )
        ) from None
    try:
        yield
    finally:
        os.close(descriptor)


def remove_unfinished(folder: Path) -> None:
    """Remove what a backup that was broken off left; the caller holds the folder."""
    for left in folder.glob(f"{UNFINISHED}*"):
        left.unlink(missing_ok=True)


def backups(folder: Path, *, thoroughly: bool = False) -> list[Backup]:
    """The backups in a folder, newest first. Files whose names no backup has are not told of.

    :param thoroughly: compare each with its SHA-256, and not only with its size.
    :raises NotFound: when there is no such folder.
    """
    if not folder.is_dir():
        raise NotFound(_("There is no folder {folder}.").format(folder=folder))
    found = {
        path.with_suffix(".duckdb")
        for path in folder.iterdir()
        if manifest.is_ours(path) and path.is_file()
    }
    looked_at = [_looked_at(path, thoroughly) for path in found]
    return sorted(looked_at, key=_age, reverse=True)


def _age(backup: Backup) -> tuple[str, str]:
    """Orders by the moment shown. The name begins with it, also where there is no manifest."""
    moment = backup.manifest.made_at.strftime("%Y%m%dT%H%M%S.%f") if backup.manifest else ""
    return (moment or backup.path.stem.split("-")[1], backup.path.stem)


def _looked_at(path: Path, thoroughly: bool) -> Backup:
    try:
        told = manifest.read(path)
    except BackupUnusable as error:
        return Backup(path, None, error.message)
    return Backup(path, told, fault(path, told, thoroughly=thoroughly))


def fault(path: Path, told: Manifest, *, thoroughly: bool) -> str | None:
    """Why a file is not what its manifest says; None when it is."""
    if not path.is_file():
        return _("{file} is missing; only its manifest is here.").format(file=path)
    size = path.stat().st_size
    if size != told.bytes:
        return _("{file} has {size} bytes in place of {told}: it was cut off or changed.").format(
            file=path, size=size, told=told.bytes
        )
    if thoroughly and manifest.sha256(path) != told.sha256:
        return _("{file} is damaged: its content is not what was written to it.").format(file=path)
    return None


def newest(folder: Path, as_of: datetime | None) -> tuple[Backup, list[Backup]]:
    """The latest whole backup in a folder that shows no later moment than ``as_of``, and those that
    are later, newest first.

    :raises NotFound: when there is none.
    """
    found = [backup for backup in backups(folder) if backup.is_whole]
    later = [backup for backup in found if as_of and _shows(backup) > as_of]
    usable = found[len(later) :]
    if not usable:
        raise NotFound(
            _("{folder} has no whole backup from that time or before.").format(folder=folder)
            if found
            else _("{folder} has no whole backup.").format(folder=folder)
        )
    return usable[0], later


def _shows(backup: Backup) -> datetime:
    assert backup.manifest is not None  # noqa: S101 - it is whole
    return backup.manifest.made_at


def kept(whole: Sequence[Backup], keep: Keep) -> list[Backup]:
    """Which of these whole backups, newest first, rotation keeps: always the newest."""
    chosen = {backup.path for backup in whole[: max(1, keep.last)]}
    for count, period in (
        (keep.daily, "%Y-%m-%d"),
        (keep.weekly, "%G-W%V"),
        (keep.monthly, "%Y-%m"),
    ):
        latest: dict[str, Backup] = {}
        for backup in whole:
            latest.setdefault(_shows(backup).strftime(period), backup)
        chosen.update(backup.path for backup in list(latest.values())[:count])
    return [backup for backup in whole if backup.path in chosen]


def rotate(folder: Path, keep: Keep, new: Path) -> list[Path]:
    """Remove the whole backups that need not be kept; returns their files. ``new`` is never among
    them. What is not whole is left for a person to look at, and so is whatever is no backup."""
    whole = [backup for backup in backups(folder) if backup.is_whole]
    keeping = {new, *(backup.path for backup in kept(whole, keep))}
    gone = [backup for backup in whole if backup.path not in keeping]
    for backup in gone:
        # The file first: a manifest without a file is seen to be no backup.
        backup.path.unlink()
        manifest.manifest_path(backup.path).unlink()
        erasures_path(backup.path).unlink(missing_ok=True)
    if gone:
        files.sync_folder(folder)
    return [backup.path for backup in gone]


def erasures_path(database: Path) -> Path:
    """Where the log of erasures of a database, or its copy beside a backup, is."""
    return database.with_name(f"{database.name}.erasures.jsonl")
