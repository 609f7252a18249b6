"""Sending notices by mail: title and link, nothing that anybody wrote.

The queue is in the database, written with what it tells. Each attempt is appended before it is made
(``trying``) and its end after (``sent`` or ``failed``), so that a notice is never sent twice: what
a crash left at ``trying`` may have been sent, and is given up; it stays unread on the page. What
the server surely did not take is tried again, later each time.
"""

import logging
import smtplib
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from itertools import groupby
from typing import Any

from sandkasse import affiliation, clock, deadlines, i18n
from sandkasse.config import Settings
from sandkasse.database import Database
from sandkasse.errors import SandkasseError
from sandkasse.i18n import _, ngettext_
from sandkasse.notices import SENTENCES, Notice

log = logging.getLogger("sandkasse")

#: Waits before the second and later attempts; after the last one it is given up.
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
DIGEST_HOUR = 7
_TIMEOUT_SECONDS = 20
_AT_MOST = 200
PAUSE_SECONDS = 15


@dataclass(frozen=True)
class _Due:
    """A notice that is to be mailed now."""

    notice_id: int
    seq: int
    failures: int
    person_id: int
    name: str
    email: str
    language: str
    daily: bool
    kind: Notice
    idea_id: int | None
    touchpoint_id: int | None
    application_id: int | None
    created_at: datetime


_DUE = """
WITH latest AS (
    SELECT notice_id, max(seq) AS seq, arg_max(kind, seq) AS kind, arg_max(due_at, seq) AS due_at,
           count(*) FILTER (kind = 'failed') AS failures
    FROM mail_event GROUP BY notice_id
),
choice AS (
    SELECT person_id, arg_max(mail, seq) AS mail FROM notice_choice GROUP BY person_id
)
SELECT n.notice_id, l.seq, l.failures, p.person_id, p.name, p.email, coalesce(p.language, 'nb'),
       c.mail = 'daily', n.kind, n.idea_id, n.touchpoint_id,
       n.application_id, n.created_at
FROM latest AS l
JOIN notice AS n ON n.notice_id = l.notice_id
JOIN person AS p ON p.person_id = n.person_id AND p.email IS NOT NULL AND p.blocked_at IS NULL
JOIN choice AS c ON c.person_id = p.person_id AND c.mail <> 'none'
WHERE l.kind IN ('queued', 'failed') AND (l.due_at IS NULL OR l.due_at <= $now)
ORDER BY p.person_id, n.notice_id
LIMIT $most
"""


class Unsent(Exception):
    """The mail was surely not taken: it can be tried again."""


class Refused(Exception):
    """The mail will never be taken, or nobody knows whether it was: it is not tried again."""


def give_up_interrupted(db: Database) -> int:
    """Give up what a crash left half done, at the start of a process; how many there were."""
    now = clock.now()
    with db.transaction() as tx:
        interrupted = tx.rows(
            "SELECT notice_id, max(seq) FROM mail_event GROUP BY notice_id "
            "HAVING arg_max(kind, seq) = 'trying'"
        )
        tx.executemany(
            _APPEND,
            [[key, seq + 1, "given_up", None, "interrupted", now] for key, seq in interrupted],
        )
    return len(interrupted)


_APPEND = """
INSERT INTO mail_event (notice_id, seq, kind, due_at, detail, recorded_at)
VALUES (?, ?, ?, ?, ?, ?)
"""


def waiting(db: Database) -> int:
    """How many notices are to be sent by mail, now or at a next try."""
    return int(
        db.value(
            "SELECT count(*) FROM (SELECT arg_max(kind, seq) AS kind FROM mail_event "
            "GROUP BY notice_id) WHERE kind IN ('queued', 'failed')"
        )
    )


def send_due(db: Database, settings: Settings, grace_days: int | None = None) -> int:
    """Send what is due, one mail a person for a daily digest and one a notice at once; how many
    mails were sent.

    :param grace_days: so long access lasts after somebody was last seen to belong: whose access has
        ended is told nothing more. None: nobody's ends by itself.
    """
    now = clock.now()
    due = [_due(row) for row in db.rows(_DUE, {"now": now, "most": _AT_MOST})]
    gone = _gone(db, due, grace_days) if due and grace_days is not None else set()
    sent = 0
    for person_id, its in groupby(due, key=lambda one: one.person_id):
        if person_id in gone:
            _append(db, list(its), 1, "given_up", detail="access ended")
            continue
        notices = [one for one in its if not one.daily or _digest_is_due(one, now)]
        together = [notices] if notices and notices[0].daily else [[one] for one in notices]
        sent += sum(_send(db, settings, mail) for mail in together)
    return sent


def _gone(db: Database, due: Sequence[_Due], grace_days: int) -> set[int]:
    """Those of whom a mail is due and whose access has ended."""
    known = affiliation.of(db, {one.person_id for one in due}, grace_days)
    return {person_id for person_id, one in known.items() if one.has_ended}


def _due(row: tuple[Any, ...]) -> _Due:
    values = list(row)
    values[8] = Notice(row[8])
    return _Due(*values)


def _digest_is_due(one: _Due, now: datetime) -> bool:
    """Whether the digest's hour has come since the notice was written."""
    local = clock.local(now)
    this_morning = datetime.combine(local.date(), time(DIGEST_HOUR), tzinfo=local.tzinfo)
    last = this_morning if local >= this_morning else this_morning - timedelta(days=1)
    return one.created_at < last


def _send(db: Database, settings: Settings, notices: Sequence[_Due]) -> bool:
    _append(db, notices, 1, "trying")
    try:
        _deliver(settings, _message(settings, notices))
    except Unsent as error:
        failures = max(one.failures for one in notices)
        if failures < len(BACK_OFF):
            due_at = clock.now() + BACK_OFF[failures]
            _append(db, notices, 2, "failed", due_at=due_at, detail=str(error))
        else:
            _append(db, notices, 2, "given_up", detail=str(error))
        return False
    except Refused as error:
        _append(db, notices, 2, "given_up", detail=str(error))
        return False
    _append(db, notices, 2, "sent")
    return True


def _append(
    db: Database,
    notices: Sequence[_Due],
    after: int,
    kind: str,
    *,
    due_at: datetime | None = None,
    detail: str | None = None,
) -> None:
    now = clock.now()
    with db.transaction() as tx:
        tx.executemany(
            _APPEND,
            [[one.notice_id, one.seq + after, kind, due_at, detail, now] for one in notices],
        )


def _message(settings: Settings, notices: Sequence[_Due]) -> EmailMessage:
    first = notices[0]
    with i18n.in_language(first.language):
        message = EmailMessage()
        message["From"] = settings.smtp_from
        message["To"] = first.email
        message["Message-ID"] = make_msgid(
            f"notice.{first.notice_id}.{len(notices)}", domain="sandkasse.invalid"
        )
        message["Auto-Submitted"] = "auto-generated"
        message["Subject"] = (
            ngettext_(
                "{n} notice from Sandkasse", "{n} notices from Sandkasse", len(notices)
            ).format(n=len(notices))
            if first.daily
            else _("Sandkasse: {what}").format(what=_(SENTENCES[first.kind]).lower())
        )
        lines = [f"{_(SENTENCES[one.kind])}\n{_address(settings, one)}" for one in notices]
        foot = _("You chose to get this by mail. Change it on your own page.")
        message.set_content("\n\n".join([*lines, foot]) + "\n")
    return message


def _address(settings: Settings, one: _Due) -> str:
    base = settings.web_address.rstrip("/")
    if one.application_id is not None:
        return f"{base}/application?application={one.application_id}"
    if one.touchpoint_id is not None:
        return f"{base}/touchpoint?touchpoint={one.touchpoint_id}"
    return f"{base}/idea?idea={one.idea_id}" if one.idea_id is not None else base


def _deliver(settings: Settings, message: EmailMessage) -> None:
    """Hand the mail to the server.

    :raises Unsent: when the server surely did not take it. :raises Refused: when it refused it for
        good, or the connection broke while it may have been taking it.
    """
    try:
        connection = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_TIMEOUT_SECONDS)
    except (OSError, smtplib.SMTPException) as error:
        raise Unsent(_reason(error)) from None
    with connection:
        try:
            if settings.smtp_tls:
                connection.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                connection.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        except (OSError, smtplib.SMTPException) as error:
            raise Unsent(_reason(error)) from None
        try:
            connection.send_message(message)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused) as error:
            raise _by_code(error) from None
        except smtplib.SMTPDataError as error:
            raise _by_code(error) from None
        except (OSError, smtplib.SMTPException) as error:
            raise Refused(_reason(error)) from None


def _by_code(error: smtplib.SMTPException) -> Exception:
    """A code of 500 and above is for good; one below can be tried again."""
    code = getattr(error, "smtp_code", None)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max((code for code, _text in error.recipients.values()), default=550)
    return Refused(_reason(error)) if (code or 0) >= 500 else Unsent(_reason(error))


def _reason(error: Exception) -> str:
    """The kind of fault and its code, without addresses or texts."""
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


class Worker:
    """A thread that does some steps over and over, until it is stopped. A step that fails is logged
    and done again the next time."""

    def __init__(self, steps: Sequence[Callable[[], object]], pause: float) -> None:
        self._steps, self._pause = steps, pause
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rounds", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the step under way."""
        self._stopping.set()
        self._thread.join(_TIMEOUT_SECONDS)

    def _run(self) -> None:
        # A thread of its own has no visitor whose language could be asked for.
        with i18n.in_language(i18n.DEFAULT_LANGUAGE):
            self._go_round()

    def _go_round(self) -> None:
        while not self._stopping.is_set():
            for step in self._steps:
                try:
                    step()
                except SandkasseError:
                    log.warning("What the app does by itself was refused", exc_info=True)
                except Exception:
                    log.exception("What the app does by itself failed")
            self._stopping.wait(self._pause)


def steps(
    db: Database, settings: Settings, grace_days: int | None = None
) -> list[Callable[[], object]]:
    """What the app does by itself: it tells of deadlines that are near, once a day, and sends mail
    when a mail server is configured. ``grace_days`` as for :func:`send_due`."""
    found: list[Callable[[], object]] = [_once_a_day(lambda: deadlines.tell_near(db))]
    if settings.smtp_host:
        give_up_interrupted(db)
        found.append(lambda: send_due(db, settings, grace_days))
    return found


def _once_a_day(step: Callable[[], object]) -> Callable[[], object]:
    done: list[date] = []

    def when_due() -> None:
        today = clock.today()
        if done[-1:] != [today]:
            step()
            done[:] = [today]

    return when_due
