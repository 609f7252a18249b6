"""Bokmål and English: gettext catalogues, and dates and numbers as each language writes them.

The msgids are the English text. Catalogues are ``locale/<language>/LC_MESSAGES/sandkasse.po``,
read as they are, so that a translation is one text file and nothing needs compiling.

The language of the moment is a context variable; a screen registers a resolver that is asked
when the variable is unset (parts of a page may run again without its beginning).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale
from babel import dates as babel_dates
from babel import numbers as babel_numbers
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from sandkasse import clock

LANGUAGES = {"nb": "Norsk bokmål", "en": "English"}
DEFAULT_LANGUAGE = "nb"
LOCALE_FOLDER = Path(__file__).parent / "locale"
_BABEL_LOCALES = {"nb": "nb_NO", "en": "en_GB"}

_language: ContextVar[str | None] = ContextVar("language", default=None)
_resolver: Callable[[], str | None] | None = None


def resolve_with(resolver: Callable[[], str | None]) -> None:
    """Ask ``resolver`` for the language wherever none was set in this context."""
    global _resolver
    _resolver = resolver


def set_language(language: str) -> None:
    """Use ``language`` from here on in this context; an unknown one means the default."""
    _language.set(language if language in LANGUAGES else DEFAULT_LANGUAGE)


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Use ``language`` inside the block."""
    token = _language.set(language if language in LANGUAGES else DEFAULT_LANGUAGE)
    try:
        yield
    finally:
        _language.reset(token)


def language() -> str:
    """The language of the moment, ``nb`` or ``en``."""
    chosen = _language.get() or (_resolver() if _resolver else None)
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE


def best_match(accepted: Sequence[str]) -> str:
    """The first language we have among a browser's (``nn``, ``no`` and ``da`` read Bokmål)."""
    aliases = {"nb": "nb", "no": "nb", "nn": "nb", "da": "nb", "sv": "nb", "en": "en"}
    for tag in accepted:
        match = aliases.get(tag.split("-")[0].split("_")[0].strip().lower())
        if match:
            return match
    return "en" if accepted else DEFAULT_LANGUAGE


@cache
def catalogue(language: str) -> Catalog | None:
    """The translations of ``language``; None for English, whose texts are the msgids."""
    path = LOCALE_FOLDER / language / "LC_MESSAGES" / "sandkasse.po"
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language)


@cache
def _translated(language: str, message: str) -> str:
    entries = catalogue(language)
    entry = entries.get(message) if entries else None
    if entry is None or not entry.string:
        return message
    return entry.string if isinstance(entry.string, str) else entry.string[0]


def _(message: str) -> str:
    """``message`` in the language of the moment."""
    return _translated(language(), message)


def ngettext_(singular: str, plural: str, n: int) -> str:
    """``singular`` or ``plural`` for ``n`` in the language of the moment; fill ``{n}`` yourself."""
    entries = catalogue(language())
    entry = entries.get(singular) if entries else None
    if entry is None or not entry.string or isinstance(entry.string, str):
        return singular if n == 1 else plural
    return entry.string[0 if n == 1 else 1] or (singular if n == 1 else plural)


def N_(message: str) -> str:
    """Mark ``message`` for the catalogues where it is defined; translate it where it is shown."""
    return message


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_BABEL_LOCALES[language])


def babel_locale() -> Locale:
    """Babel's locale of the moment."""
    return _locale(language())


def date_text(day: date | datetime, form: str = "medium") -> str:
    """A date as people write it; an aware datetime is first moved to Europe/Oslo.

    ``form`` is ``long`` (3. november 2026), ``medium`` (3. nov. 2026) or ``short`` (03.11.2026).
    """
    if isinstance(day, datetime):
        day = clock.local(day).date()
    return _date_text(day, form, language())


def dated_text(dated: str) -> str:
    """The day that a source carries (ISO, or its year alone) as people write it."""
    return dated if len(dated) == len("2026") else date_text(date.fromisoformat(dated))


@lru_cache(maxsize=10_000)
def _date_text(day: date, form: str, language: str) -> str:
    if form == "short" and language == "nb":
        form = "dd.MM.yyyy"
    return babel_dates.format_date(day, form, locale=_locale(language))


def time_text(moment: datetime) -> str:
    """An aware datetime with its clock time in Europe/Oslo: 3. nov. 2026 kl. 09.05."""
    local = clock.local(moment)
    pattern = "'kl'. HH.mm" if language() == "nb" else "HH:mm"
    clock_time = babel_dates.format_time(local, pattern, locale=babel_locale())
    separator = " " if language() == "nb" else ", "
    return f"{date_text(local)}{separator}{clock_time}"


def quarter_text(day: date) -> str:
    """The quarter of a day as people write it: «2. kv. 2026», "Q2 2026"."""
    return _("Q{quarter} {year}").format(quarter=(day.month + 2) // 3, year=day.year)


def number_text(number: float, decimals: int = 0) -> str:
    """A number with the language's own marks: 1 234,5 or 1,234.5."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return babel_numbers.format_decimal(number, format=pattern, locale=babel_locale())


def percent_text(share: float, decimals: int = 0) -> str:
    """A share between 0 and 1 as per cent: 26 % or 26%."""
    mark = "\N{NO-BREAK SPACE}%" if language() == "nb" else "%"
    return number_text(share * 100, decimals) + mark


def days_text(days: float) -> str:
    """A length in days, in words: «3 dager», «1 day», «less than a day»."""
    whole = int(days)
    if whole < 1:
        return _("less than a day")
    return ngettext_("{n} day", "{n} days", whole).format(n=number_text(whole))


def since_days(moment: datetime, until: datetime | None = None) -> float:
    """Days, with decimals, from ``moment`` to ``until`` (now when None)."""
    elapsed: timedelta = (until or clock.now()) - moment
    return elapsed.total_seconds() / 86_400


def list_text(items: Sequence[str], join: Literal["standard", "or"] = "standard") -> str:
    """Items as a written list: «a, b og c», or with ``or`` «a, b eller c»."""
    return format_list(list(items), style=join, locale=babel_locale())
