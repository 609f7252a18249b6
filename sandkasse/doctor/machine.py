"""What the app stands on: the database file, the journeys, mail, and room on the disk."""

import shutil
import smtplib
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sandkasse import (
    agencies,
    backup,
    clock,
    config,
    deadlines,
    journeys,
    local_socket,
    purposes,
    start,
)
from sandkasse.config import Settings
from sandkasse.database import Database
from sandkasse.doctor.finding import Finding, fine, look, wrong
from sandkasse.errors import DatabaseHeld, SandkasseError
from sandkasse.i18n import _, ngettext_, number_text, time_text

DATABASE, MAIL, DISK, BACKUPS = "database", "mail", "disk", "backups"
_MEGABYTE = 1024 * 1024
#: So much room an empty database and its next backup want.
_LEAST_ROOM = 200 * _MEGABYTE
_SECONDS = 6
#: A nightly backup has failed once, or for a week.
_OLD, _TOO_OLD = timedelta(hours=26), timedelta(days=7)


def check_database(settings: Settings) -> Iterator[Finding]:
    """Whether the file can be used. It is only looked at: nothing is made, migrated or written."""
    path = settings.database
    if not path.exists():
        yield look(
            DATABASE,
            _("There is no database at {file} yet.").format(file=path),
            _("The app makes it when it starts."),
        )
        return
    try:
        with closing(Database.open_to_read(path)) as db:
            missing = db.pending
            if not missing:
                start.keep_apart(db, config.auth_configured(settings.secrets))
    except DatabaseHeld as held:
        yield _running(path, held)
        return
    if missing:
        words = ngettext_(
            "{file} lacks {n} migration.", "{file} lacks {n} migrations.", len(missing)
        )
        yield look(
            DATABASE,
            words.format(file=path, n=number_text(len(missing))),
            _("They are applied when the app starts. Back the file up first."),
        )
    else:
        yield fine(DATABASE, _("{file} is up to date, and no app has it open.").format(file=path))


def _running(path: Path, held: DatabaseHeld) -> Finding:
    try:
        local_socket.ask(path, "journeys", {})
    except SandkasseError as error:
        return wrong(
            DATABASE,
            f"{held.message} {error.message}",
            _("End that process, or wait until it has ended."),
        )
    return fine(DATABASE, _("The app has {file} open, and answers.").format(file=path))


def check_reference(settings: Settings) -> Iterator[Finding]:
    """The journeys and the other files that the app reads when it starts."""
    found = journeys.load_folder(settings.journeys)
    purposes.check({agency.id for agency in agencies.load(start.AGENCIES_FILE)})
    deadlines.rules()
    words = ngettext_("{n} journey can be used: {names}.", "{n} journeys can be used: {names}.",
                      len(found))  # fmt: skip
    yield fine(
        "journeys",
        words.format(n=number_text(len(found)), names=", ".join(one.id for one in found)),
    )


def check_mail(settings: Settings) -> Iterator[Finding]:
    """Whether the mail server lets us in; nothing is sent."""
    if not settings.smtp_host:
        yield look(
            MAIL,
            _("No mail is sent: SANDKASSE_SMTP_HOST names no server."),
            _("Notices are still on each one's own page."),
        )
        return
    if settings.smtp_from.endswith("@localhost"):
        yield look(
            MAIL,
            _("Mail comes from {address}, which nobody can answer.").format(
                address=settings.smtp_from
            ),
            _("Give SANDKASSE_SMTP_FROM an address."),
        )
    server = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_SECONDS) as connection:
            if settings.smtp_tls:
                connection.starttls()
            if settings.smtp_user:
                connection.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except (OSError, smtplib.SMTPException) as error:
        yield wrong(
            MAIL,
            _("The mail server {server} did not let us in ({reason}).").format(
                server=server, reason=type(error).__name__
            ),
            _("Check SANDKASSE_SMTP_HOST, _PORT, _USER, _PASSWORD and _TLS."),
        )
        return
    yield fine(MAIL, _("The mail server {server} lets us in.").format(server=server))


def check_backups(folder: Path | None) -> Iterator[Finding]:
    """How old the newest whole backup is."""
    if folder is None:
        yield look(
            BACKUPS,
            _("Nobody looked for backups."),
            _("Name their folder: {command}").format(command="sandkasse doctor --backups DIR"),
        )
        return
    newest, _later = backup.newest(folder, None)
    assert newest.manifest is not None  # noqa: S101 - it is whole
    made_at = newest.manifest.made_at
    said = _("The newest whole backup in {folder} is from {time}.").format(
        folder=folder, time=time_text(made_at)
    )
    age = clock.now() - made_at
    advice = _("Run sandkasse backup each night, and look at why it has not run.")
    if age > _TOO_OLD:
        yield wrong(BACKUPS, said, advice)
    elif age > _OLD:
        yield look(BACKUPS, said, advice)
    else:
        yield fine(BACKUPS, said)


def check_disk(settings: Settings) -> Iterator[Finding]:
    """Whether there is room to write, and to back up."""
    folder = settings.database.parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    size = settings.database.stat().st_size if settings.database.exists() else 0
    said = _("{n} MB are free where the database is, which takes {size} MB.").format(
        n=number_text(free // _MEGABYTE), size=number_text(size // _MEGABYTE)
    )
    advice = _("Make room: a full disk stops all writing.")
    if free < _LEAST_ROOM / 4:
        yield wrong(DISK, said, advice)
    elif free < max(_LEAST_ROOM, 3 * size):
        yield look(DISK, said, advice)
    else:
        yield fine(DISK, said)
