"""What can go wrong, as types.

    SandkasseError
    ├── Invalid            input that breaks a rule; may name the field it is about
    │   ├── InvalidJourney a journey file that cannot be used
    │   └── InvalidImport  a log that cannot be loaded; lists every faulty row
    ├── Refusal            kept from the person; may name the right that decided it
    │   ├── NotAllowed     the person may not do or see this
    │   └── NotFound       no such thing, or not for this person
    ├── Conflict           somebody else was first
    ├── DatabaseHeld       another process has the file
    ├── DatabaseUnusable   a file that is not ours, is damaged, or is from a newer version
    ├── DatabaseFailed     the file could not be read or written just now: a full disk
    │   └── DatabaseDamaged  a part of the file is not what was written to it
    ├── BackupFailed       a backup could not be made
    ├── BackupUnusable     a backup is damaged, or is none; nothing was restored
    ├── SignInFailed       the sign-in service is down, or answered something unusable
    ├── SessionEnded       one has to sign in again
    ├── NotConfigured      the settings are missing or contradict each other
    ├── rates.TooMany      it was done too often; says when to try again
    └── Unavailable        the running app did not answer

Each message is a sentence for the person at the screen, already in that person's language.
"""

from collections.abc import Sequence


class SandkasseError(Exception):
    """Something a person can understand and act on."""

    @property
    def message(self) -> str:
        """The sentence to show."""
        return str(self.args[0]) if self.args else type(self).__name__


class Invalid(SandkasseError):
    """Input breaks a rule. ``field`` is the input's name, so that a form can show it beside."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class InvalidFields(Invalid):
    """Several fields break rules at once: ``problems`` maps a field's name to its message."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()), next(iter(problems), None))
        self.problems = problems


class InvalidJourney(Invalid):
    """A journey file cannot be used; the message names file, line and reason."""


class InvalidImport(Invalid):
    """A log cannot be loaded. ``rows`` lists (row number, reason), the header being row 1."""

    def __init__(self, message: str, rows: Sequence[tuple[int, str]] = ()) -> None:
        super().__init__(message)
        self.rows = tuple(rows)


class Refusal(SandkasseError):
    """What was asked for is kept from the person. Where a right decided it, ``right`` is its name
    in the table of rights (``access.Action``), and ``subject`` what it was asked of, if one thing
    (``idea:3``)."""

    def __init__(self, message: str, right: str | None = None, subject: str | None = None) -> None:
        super().__init__(message)
        self.right, self.subject = right, subject


class NotAllowed(Refusal):
    """The person may not do or see this."""


class NotFound(Refusal):
    """No such thing, or it is not for this person: the two are told apart by nobody."""


class Conflict(SandkasseError):
    """Somebody else changed it first; nothing was written."""


class DatabaseHeld(SandkasseError):
    """Another process has the database file open."""


class DatabaseUnusable(SandkasseError):
    """The file is damaged, is not ours, or is from a newer version; it was left as it was."""


class DatabaseFailed(SandkasseError):
    """The database could not be read or written, as when the disk is full; nothing was written."""


class DatabaseDamaged(DatabaseFailed):
    """A part of the open file is not what was written to it: only a backup helps."""


class BackupFailed(SandkasseError):
    """A backup could not be made; those that are there were left as they are."""


class BackupUnusable(SandkasseError):
    """A backup is damaged, is incomplete or is none; nothing was restored."""


class NotConfigured(SandkasseError):
    """Settings are missing or contradict each other."""


class RegisterFailed(SandkasseError):
    """The company register could not be reached, or answered something unusable."""


class SignInFailed(SandkasseError):
    """The sign-in service could not be reached, or answered something unusable."""


class SessionEnded(SandkasseError):
    """What somebody signed in with no longer counts: it is too old, was signed out, or is not for
    this app. One has to sign in again."""


class Unavailable(SandkasseError):
    """The running app did not answer, or answered with an error."""
