"""``backup``, ``backups`` and ``restore``."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from sandkasse import backup as capability
from sandkasse import config, local_socket
from sandkasse.backup import Backup, Keep, Made, Restored, Taken
from sandkasse.cli import given, tables
from sandkasse.errors import DatabaseHeld, Invalid, Unavailable
from sandkasse.i18n import _, days_text, ngettext_, number_text, since_days, time_text
from sandkasse.privacy import erasure_log

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone.")]
_USUAL = Keep()
_MB = 1_000_000


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder for backups.")],
    last: Annotated[
        int, typer.Option("--keep-last", metavar="N", min=1, help="Keep the latest N.")
    ] = _USUAL.last,
    daily: Annotated[
        int, typer.Option("--keep-daily", metavar="N", min=0, help="Keep one a day for N days.")
    ] = _USUAL.daily,
    weekly: Annotated[
        int, typer.Option("--keep-weekly", metavar="N", min=0, help="Keep one a week for N weeks.")
    ] = _USUAL.weekly,
    monthly: Annotated[
        int,
        typer.Option("--keep-monthly", metavar="N", min=0, help="Keep one a month for N months."),
    ] = _USUAL.monthly,
    as_json: AsJson = False,
) -> None:
    """Copy the database into a folder while the app runs, check the copy, and let old ones go.

    Exit code 1 when something is wrong in the copy; it is kept all the same.
    """
    settings = config.settings()
    made = capability.make(
        settings.database,
        folder.absolute(),
        lambda target: _taken(settings.database, target),
        keep=Keep(last, daily, weekly, monthly),
        memory=settings.memory,
    )
    if as_json:
        _print_json(
            {
                **made.manifest.to_json(),
                "path": str(made.path),
                "findings": made.wrong,
                "removed": [str(path) for path in made.removed],
            }
        )
    else:
        _tell_made(made)
    if made.wrong:
        raise typer.Exit(1)


def _taken(database: Path, target: Path) -> Taken:
    """Have the database copied: by this process, or by the running app that has it."""
    try:
        return capability.take_while_nobody_has_it(database, target)
    except DatabaseHeld as held:
        try:
            told = local_socket.ask(database, "copy", {"to": str(target)})
        except Unavailable as silence:
            raise Unavailable(f"{held.message} {silence.message}") from None
    return Taken(datetime.fromisoformat(told["moment"]), told["version"])


def _tell_made(made: Made) -> None:
    for line in made.wrong:
        print(line)
    rows = sum(made.manifest.rows.values())
    print(
        _("{file}: {size} MB, {rows} rows, as of {moment}").format(
            file=made.path,
            size=number_text(made.manifest.bytes / _MB, 1),
            rows=number_text(rows),
            moment=time_text(made.manifest.made_at),
        )
    )
    if made.wrong:
        said = ngettext_(
            "{n} thing is wrong in it. Earlier backups were left as they are.",
            "{n} things are wrong in it. Earlier backups were left as they are.",
            len(made.wrong),
        )
        print(said.format(n=number_text(len(made.wrong))))
    else:
        print(_("Read from end to end, and nothing wrong."))
    for path in made.removed:
        print(_("No longer kept: {file}").format(file=path))


def backups(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of backups.")],
    verify: Annotated[
        bool, typer.Option("--verify", help="Read each and compare it with its SHA-256.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the backups in a folder, newest first; exit code 1 when one is not whole."""
    found = capability.backups(folder.absolute(), thoroughly=verify)
    if as_json:
        _print_json({"backups": [_told(one, verify) for one in found]})
    elif not found:
        print(_("{folder} has no backups.").format(folder=folder))
    else:
        headings = (_("Backup"), _("As of"), _("Age"), _("Size"), _("State"))
        print(tables.table(headings, [_row(one, verify) for one in found], words=len(headings)))
    if any(not one.is_whole for one in found):
        raise typer.Exit(1)


def _told(one: Backup, verified: bool) -> dict[str, Any]:
    return {
        "path": str(one.path),
        "whole": one.is_whole,
        "verified": verified and one.is_whole,
        "fault": one.fault,
        **(one.manifest.to_json() if one.manifest else {}),
    }


def _row(one: Backup, verified: bool) -> tuple[str, ...]:
    if one.manifest is None:
        return (one.path.name, "", "", "", one.fault or "")
    told = one.manifest
    state = one.fault or (_("whole, verified now") if verified else _("size as told"))
    if told.wrong and not one.fault:
        state += ", " + _("check found {n}").format(n=number_text(told.wrong))
    age = days_text(max(0.0, since_days(told.made_at)))
    size = _("{size} MB").format(size=number_text(told.bytes / _MB, 1))
    return (one.path.name, time_text(told.made_at), age, size, state)


def restore(
    source: Annotated[
        Path, typer.Argument(metavar="BACKUP", help="A backup, or a folder for its latest.")
    ],
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Where to. Default: the database.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace what is there; it is kept aside.")
    ] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            metavar="T", parser=given.moment, help="The latest backup in the folder by T."
        ),
    ] = None,
    unsound: Annotated[
        bool, typer.Option("--unsound", help="Even if the check found something wrong in it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the database. Stop the app first."""
    settings = config.settings()
    chosen, later = _chosen(source.absolute(), as_of)
    target = (to or settings.database).absolute()
    restored = capability.restore(
        chosen,
        target,
        replace=replace,
        unsound=unsound,
        memory=settings.memory,
        reapply=erasure_log.reapply,
        erasure_logs=_erasure_logs(chosen, target, settings.database),
    )
    if as_json:
        _print_json(_restored_json(restored, later))
    else:
        _tell_restored(restored, later)


def _chosen(source: Path, as_of: datetime | None) -> tuple[Path, list[Backup]]:
    """The backup that was meant, and those of its folder that are later than ``as_of``."""
    if source.is_dir():
        found, later = capability.newest(source, as_of)
        return found.path, later
    if as_of is not None:
        raise Invalid(_("--as-of chooses in a folder of backups: name the folder."))
    return source.with_suffix(".duckdb"), []


def _erasure_logs(chosen: Path, target: Path, database: Path) -> list[Path]:
    """The logs that tell who was erased: beside the database, and those that were kept with the
    backups of this folder, of which the latest knows most."""
    beside = {capability.erasures_path(path) for path in (target, database.absolute())}
    kept = chosen.parent.glob("sandkasse-*.duckdb.erasures.jsonl")
    return sorted({*beside, *kept})


def _restored_json(restored: Restored, later: list[Backup]) -> dict[str, Any]:
    since = restored.since
    return {
        "restored": str(restored.target),
        "from": restored.manifest.to_json(),
        "kept_aside": restored.aside and str(restored.aside),
        "since": since
        and {
            "audit_rows": since.rows,
            "last_recorded_at": since.last_at and since.last_at.isoformat(),
        },
        "later_backups": [str(one.path) for one in later],
        "migrated": restored.migrated,
        "erased_again": restored.erased,
        "findings": restored.wrong,
    }


def _tell_restored(restored: Restored, later: list[Backup]) -> None:
    print(
        _("{target} is now as of {moment}, from {file}.").format(
            target=restored.target,
            moment=time_text(restored.manifest.made_at),
            file=restored.manifest.file,
        )
    )
    if restored.aside:
        print(_("What was there is kept as {file}.").format(file=restored.aside))
    if restored.since and not restored.since.rows:
        print(_("It holds no change that the backup does not."))
    elif restored.since and restored.since.last_at:
        said = ngettext_(
            "It holds {n} change that the backup does not, of {last}.",
            "It holds {n} changes that the backup does not, the last of {last}.",
            restored.since.rows,
        )
        print(
            said.format(n=number_text(restored.since.rows), last=time_text(restored.since.last_at))
        )
    elif restored.aside and restored.since is None:
        print(_("It could not be read, so nobody can tell what it held that the backup does not."))
    for one in later:
        print(_("Later, and not restored: {file}").format(file=one.path))
    if restored.migrated:
        print(_("Brought up to date: {names}").format(names=", ".join(restored.migrated)))
    if restored.erased:
        said = ngettext_(
            "{n} erasure was applied again.",
            "{n} erasures were applied again.",
            restored.erased,
        )
        print(said.format(n=number_text(restored.erased)))
    for line in restored.wrong:
        print(line)


def _print_json(told: dict[str, Any]) -> None:
    print(json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False))
