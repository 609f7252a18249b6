"""The erasures, kept beside the database so that a restored backup can be brought up to date.

``<database>.erasures.jsonl`` has a line of JSON for each: what it was about by number, and times.
No name, no text. It is only appended to, and written through to the disk. It belongs beside every
backup: without it a restore brings back what was erased.
"""

import json
import logging
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sandkasse.access import Action, writing
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.i18n import _, number_text
from sandkasse.people import OPERATOR
from sandkasse.privacy.scrubbing import KINDS, Asked, Erasure, carry_out, targeted

log = logging.getLogger("sandkasse")


def log_path(database: Path) -> Path:
    """Where the erasures of a database are kept."""
    return database.with_name(f"{database.name}.erasures.jsonl")


def append(db: Database, made: Erasure) -> None:
    """Keep an erasure beside the database, on the disk when this returns.

    Where that fails, as with a full disk, the log of the app says so, and :func:`catch_up` keeps it
    at the next start: the erasure itself is done.
    """
    line = _line(db, made.kind, made.about_id, made.keep_record, made.asked_by, made.actor_id,
                 made.recorded_at)  # fmt: skip
    try:
        _write(log_path(db.path), [line])
    except OSError as error:
        log.warning("An erasure could not be kept beside the database yet: %s", error)


def catch_up(db: Database) -> int:
    """Keep what was erased while the log could not be written, as when the app was killed between
    the two; how many lines that made."""
    path = log_path(db.path)
    try:
        known = {(one["kind"], one["about"], one["recorded_at"]) for one in _lines(path)}
    except (Invalid, OSError) as error:
        log.warning("The erasures beside the database cannot be read: %s", error)
        known = set()
    rows = db.rows(
        """
        SELECT kind, about_id, keep_record, asked_by, actor_id, recorded_at FROM erasure
        WHERE kind <> 'retention' ORDER BY erasure_id
        """
    )
    missing = [row for row in rows if (row[0], row[1], row[5].isoformat()) not in known]
    if missing and os.access(path.parent, os.W_OK):
        _write(path, [_line(db, *row) for row in missing])
    return len(missing)


def reapply(db: Database, path: Path) -> int:
    """Erase again, in a database restored from an older backup, what was erased since; how many
    erasures that made. Doing it twice does nothing more.

    :param path: the log, as it was kept beside the database or the backup.
    :raises Invalid: when a line of the log cannot be read; nothing is erased then.
    """
    applied = 0
    for line in list(_lines(path)):
        kind, about_id = line["kind"], line["about"]
        recorded_at = datetime.fromisoformat(line["recorded_at"])
        if not _is_there(db, kind, about_id, line["created_at"]):
            continue
        if db.value(
            "SELECT count(*) FROM erasure WHERE kind = ? AND about_id = ? AND recorded_at = ?",
            [kind, about_id, recorded_at],
        ):
            continue
        with writing(db, OPERATOR, Action.ERASE) as write:
            asked = Asked(kind, about_id, line["keep_record"], line["asked_by"], recorded_at)
            target = targeted(write.tx, kind, about_id)
            carry_out(write, asked, target, line["actor_id"])
            write.detail["restored"] = True
        applied += 1
    return applied


def _is_there(db: Database, kind: str, about_id: int, created_at: str | None) -> bool:
    """Whether the restored database has the same one: after a restore, numbers are given anew."""
    found = _created_at(db, kind, about_id)
    return found is not None and found == created_at


def _created_at(db: Database, kind: str, about_id: int) -> str | None:
    found = db.value(f"SELECT created_at FROM {kind} WHERE {kind}_id = ?", [about_id])  # noqa: S608
    return None if found is None else str(found.isoformat())


def _line(
    db: Database, kind: str, about_id: int, keep_record: bool, asked_by: int | None,
    actor_id: int | None, recorded_at: datetime,
) -> dict[str, Any]:  # fmt: skip
    return {
        "kind": kind, "about": about_id, "created_at": _created_at(db, kind, about_id),
        "keep_record": keep_record, "asked_by": asked_by, "actor_id": actor_id,
        "recorded_at": recorded_at.isoformat(),
    }  # fmt: skip


def _write(path: Path, lines: list[dict[str, Any]]) -> None:
    with path.open("a", encoding="utf-8") as file:
        if file.tell() and not path.read_bytes().endswith(b"\n"):
            file.write("\n")  # a line that was cut off by a crash stays by itself
        file.writelines(json.dumps(line) + "\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    text = path.read_text("utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        try:
            one = json.loads(line)
            datetime.fromisoformat(one["recorded_at"])
            if one["kind"] not in KINDS or not isinstance(one["about"], int):
                raise ValueError(one["kind"])
            created_at, keep = one["created_at"], one["keep_record"]
            yield {**one, "created_at": created_at, "keep_record": bool(keep),
                   "asked_by": one.get("asked_by"), "actor_id": one.get("actor_id")}  # fmt: skip
        except (ValueError, KeyError, TypeError) as error:
            if number == text.count("\n") + 1:
                return  # the last line was cut off: it is caught up with from the database
            said = _("{file}, line {n}: this is no erasure.")
            raise Invalid(said.format(file=path, n=number_text(number))) from error
