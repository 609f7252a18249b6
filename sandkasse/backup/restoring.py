"""Putting a backup in the place of the database.

Everything is done to a copy beside the target: it is compared with its manifest, brought up to
date, rid of whoever was erased since, and checked. Only then does it take the target's name, in one
step, and what was there is kept under another name.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sandkasse import clock, integrity
from sandkasse.backup import folder as folders
from sandkasse.backup import manifest
from sandkasse.backup.manifest import Manifest
from sandkasse.database import Database, files, fold, locked, refuse_if_held
from sandkasse.errors import (
    BackupUnusable,
    DatabaseFailed,
    DatabaseUnusable,
    Invalid,
)
from sandkasse.i18n import _, ngettext_, number_text

_BLOCK = 1 << 20
_SPARE_BYTES = 16 << 20


class Since(NamedTuple):
    """What the file that was replaced holds, and the backup does not: its audit rows recorded after
    the backup's moment, and the time of the last."""

    rows: int
    last_at: datetime | None


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    target: Path
    manifest: Manifest
    aside: Path | None
    """Where the file that was replaced is now; None where there was none."""
    since: Since | None
    """None where nothing was replaced, or it could not be read."""
    migrated: list[str]
    erased: int
    wrong: list[str]


#: Erases in a database whoever a log says was erased, and returns how many that were.
Reapply: TypeAlias = Callable[[Database, Path], int]


def restore(
    backup: Path,
    target: Path,
    *,
    replace: bool,
    unsound: bool,
    memory: str,
    reapply: Reapply,
    erasure_logs: Sequence[Path],
) -> Restored:
    """Put a backup at ``target``. Until its last step nothing of what is there has changed.

    :param replace: whether a database that is there may be replaced; it is kept aside.
    :param unsound: whether to restore a backup in which the check found something wrong.
    :param erasure_logs: the logs of erasures to apply again; those that are missing count for none.
    :raises BackupUnusable: when it is damaged, or is no backup.
    :raises Invalid: when the target is there and may not be replaced, or the disk has no room.
    :raises DatabaseHeld: when an app has the target open.
    """
    told = _sound(backup, unsound)
    _refuse_to_overwrite(target, replace)
    if target.exists():
        refuse_if_held(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with folders.alone_in(target.parent):
        copy = target.with_name(f".{target.name}.restoring")
        files.remove(copy)
        try:
            _copied(backup, copy, told)
            _compared(copy, told, backup, memory)
            migrated, erased, wrong = _made_ready(copy, told, memory, reapply, erasure_logs)
            if wrong and not unsound:
                raise _not_sound(backup, len(wrong))
            since = _since(target, told, memory)
            _like_the_old_one(copy, target)
            aside = _swapped(copy, target)
        finally:
            files.remove(copy)
    return Restored(target, told, aside, since, migrated, erased, wrong)


def _sound(backup: Path, unsound: bool) -> Manifest:
    told = manifest.read(backup)
    wrong = folders.fault(backup, told, thoroughly=True)
    if wrong:
        raise _unusable(wrong)
    if told.wrong and not unsound:
        raise _not_sound(backup, told.wrong)
    return told


def _not_sound(backup: Path, count: int) -> BackupUnusable:
    said = ngettext_(
        "{file} is whole, but the check finds {n} thing wrong in it. Choose an earlier backup, or "
        "say --unsound.",
        "{file} is whole, but the check finds {n} things wrong in it. Choose an earlier backup, or "
        "say --unsound.",
        count,
    )
    return BackupUnusable(said.format(file=backup, n=number_text(count)))


def _unusable(wrong: str) -> BackupUnusable:
    return BackupUnusable(
        _(
            "{fault} Nothing was restored. Choose another backup: sandkasse backups DIR --verify "
            "tells which are whole."
        ).format(fault=wrong)
    )


def _refuse_to_overwrite(target: Path, replace: bool) -> None:
    if replace or not (target.exists() or files.logs(target)):
        return
    raise Invalid(
        _(
            "{file} is there already. Say --replace to put the backup in its place (it is kept "
            "under another name), or name another file with --to."
        ).format(file=target)
    )


def _copied(backup: Path, copy: Path, told: Manifest) -> None:
    """Copy a backup, comparing what is written, not what is read, with the manifest."""
    free = shutil.disk_usage(copy.parent).free
    if free < told.bytes + _SPARE_BYTES:
        raise Invalid(
            _(
                "The restore needs {needed} MB and {folder} has {free} MB free. Nothing was "
                "restored; make room and try again."
            ).format(
                needed=number_text((told.bytes + _SPARE_BYTES) >> 20),
                folder=copy.parent,
                free=number_text(free >> 20),
            )
        )
    digest = hashlib.sha256()
    descriptor = os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with backup.open("rb") as source, os.fdopen(descriptor, "wb") as written:
        while block := source.read(_BLOCK):
            digest.update(block)
            written.write(block)
    if digest.hexdigest() != told.sha256:
        raise _unusable(
            _("{file} is damaged: its content is not what was written to it.").format(file=backup)
        )


def _compared(copy: Path, told: Manifest, backup: Path, memory: str) -> None:
    """:raises BackupUnusable: when a value cannot be read, or a table has other rows than told."""
    try:
        with closing(Database.open_to_read(copy, memory=memory)) as db:
            rows = integrity.rows_read(db)
    except DatabaseFailed as error:
        raise _unusable(error.message) from error
    if rows != told.rows:
        raise _unusable(
            _("{file} does not hold the rows that its manifest tells of.").format(file=backup)
        )


def _made_ready(
    copy: Path, told: Manifest, memory: str, reapply: Reapply, erasure_logs: Sequence[Path]
) -> tuple[list[str], int, list[str]]:
    with closing(Database.open(copy, memory=memory)) as db:
        now = [name for (name,) in db.rows("SELECT name FROM migration ORDER BY name")]
        erased = sum(reapply(db, log) for log in erasure_logs if log.exists())
        wrong = [finding.line for finding in integrity.check(db)]
    return [name for name in now if name not in told.migrations], erased, wrong


def _since(target: Path, told: Manifest, memory: str) -> Since | None:
    """What is in the file to be replaced and not in the backup."""
    if not target.exists():
        return None
    with suppress(DatabaseUnusable, DatabaseFailed):
        fold(target)
        with closing(Database.open_to_read(target, memory=memory)) as db:
            found = db.one(
                "SELECT count(*), max(recorded_at) FROM audit WHERE recorded_at > ?",
                [told.made_at],
            )
            return None if found is None else Since(*found)
    return None


def _like_the_old_one(copy: Path, target: Path) -> None:
    """Give the copy the owner and mode of what it replaces: whoever restores as root must not shut
    the app out."""
    old = target if target.exists() else target.parent
    status = old.stat()
    if target.exists():
        copy.chmod(status.st_mode & 0o777)
    if os.geteuid() == 0:
        os.chown(copy, status.st_uid, status.st_gid)
    with copy.open("rb") as file:
        os.fsync(file.fileno())


def _swapped(copy: Path, target: Path) -> Path | None:
    """Give the copy the target's name in one step. Returns where the old file is now.

    A process that is killed in here leaves either file whole at the target. What the old file's
    logs held is in it by now (see ``_since``), unless it is too damaged to be opened.
    """
    if not target.exists():
        for log in files.logs(target):  # of a file that is gone
            log.rename(_aside(log))
        os.link(copy, target)  # unlike a rename, never in the place of a file that came meanwhile
        copy.unlink()
        files.sync_folder(target.parent)
        return None
    aside = _aside(target)
    with locked(target):
        os.link(target, aside)
        for log in files.logs(target):
            log.rename(aside.with_name(aside.name + log.name.removeprefix(target.name)))
        copy.replace(target)
    files.sync_folder(target.parent)
    return aside


def _aside(path: Path) -> Path:
    """A free name beside a file for what was there before a restore."""
    moment = f"{clock.now().astimezone(UTC):%Y%m%dT%H%M%SZ}"
    name, number = path.with_name(f"{path.stem}.before-restore-{moment}{path.suffix}"), 1
    while name.exists():
        number += 1
        name = path.with_name(f"{path.stem}.before-restore-{moment}-{number}{path.suffix}")
    return name
