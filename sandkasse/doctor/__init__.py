"""``sandkasse doctor``: looks at the configuration, says what is wrong and what to do, and changes
nothing."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from sandkasse import config, start
from sandkasse.config import Settings
from sandkasse.doctor import machine, secrets_file, signing_in
from sandkasse.doctor.finding import Finding, State, guarded, wrong
from sandkasse.errors import NotConfigured
from sandkasse.i18n import _
from sandkasse.sign_in import SignInRules
from sandkasse.sign_in.claims import providers

__all__ = ["Finding", "State", "examine"]


def examine(settings: Settings, backups: Path | None = None) -> list[Finding]:
    """All that was looked at, in order, with the folder ``backups`` where one is named.

    Providers and the mail server are asked over the network, each for at most some seconds; the
    database file is only looked at.
    """
    checks: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        (secrets_file.FILE, partial(secrets_file.check, settings)),
        (signing_in.RULES, partial(_signing_in, settings)),
        (machine.DATABASE, partial(machine.check_database, settings)),
        ("journeys", partial(machine.check_reference, settings)),
        (machine.MAIL, partial(machine.check_mail, settings)),
        (machine.BACKUPS, partial(machine.check_backups, backups)),
        (machine.DISK, partial(machine.check_disk, settings)),
    ]
    return [finding for name, check in checks for finding in guarded(name, check)]


def _signing_in(settings: Settings) -> Iterator[Finding]:
    auth = config.auth_section(settings.secrets)
    yield from secrets_file.check_web_address(settings, auth)
    if auth is None:
        return
    try:
        rules = start.sign_in_rules(settings)
    except NotConfigured as error:
        yield wrong(signing_in.RULES, error.message, _("The app does not start before."))
        rules = SignInRules()
    else:
        yield from signing_in.check_rules(settings, rules, providers(auth))
    yield from secrets_file.check_providers(auth, rules)
    yield from signing_in.check_discovery(auth, rules)
