"""Study weeks: how much study time lies between two days.

A student start-up stands still while its team sits for examinations or is away. A calendar, one
file of ``data/calendars`` for each institution, names the periods that are taken out of study time
and tells of each where it was read, or that it is assumed. Weekends and public holidays are taken
out of all. A study week is five study days.

The public holidays are those of the act on public holidays (lov 24. februar 1995 nr. 12, § 2) and
the act on 1 and 17 May (lov 26. april 1947 nr. 1, § 1), as the package ``holidays`` has them.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

import holidays
import numpy as np
import numpy.typing as npt
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)

from sandkasse.config import PROJECT_FOLDER
from sandkasse.i18n import N_, _
from sandkasse.journeys import Text
from sandkasse.reference_file import faulty, reading

FOLDER = PROJECT_FOLDER / "data" / "calendars"
#: The calendar for institutions that have none of their own.
GENERAL = "general"
#: The days that can be counted: from the first of these up to, not including, the second.
FIRST, END = date(1970, 1, 1), date(2101, 1, 1)
STUDY_DAYS_A_WEEK = 5

Kind = Literal["exam", "christmas", "easter", "july"]
#: What :meth:`Calendar.off` answers, in words to be translated where they are shown.
REASONS = {
    "weekend": N_("weekend"),
    "holiday": N_("public holiday"),
    "exam": N_("examination period"),
    "christmas": N_("Christmas break"),
    "easter": N_("Easter week"),
    "july": N_("July"),
}
_KEYS: tuple[str | None, ...] = (None, *REASONS)
# Weeks are fifths of days: 0.2 * 3 is a little more than three fifths.
_ROUNDING = 1e-9


def _recurring(day: str) -> str:
    """A day that every year has."""
    date.fromisoformat(f"{FIRST.year + 1}-{day}")
    return day


def _in_both_languages(text: Text) -> Text:
    if not (text.nb and text.en):
        raise ValueError(_("nb and en are needed"))
    return text


_Recurring = Annotated[str, Field(pattern=r"^\d\d-\d\d$"), AfterValidator(_recurring)]
_Words = Annotated[Text, AfterValidator(_in_both_languages)]


class Period(BaseModel):
    """A time of the year that is taken out of study time.

    Exactly one of ``each_year`` ("MM-DD", first and last day; the last may fall in the next year),
    ``from_easter`` (first and last day, in days after Easter Sunday) and ``dates`` (one year's
    first and last day). A rule does not hold for the periods that begin in ``except_years``.
    ``source`` is where it was read on ``checked``; what has none is marked as an ``assumption``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: Kind
    name: _Words
    each_year: tuple[_Recurring, _Recurring] | None = None
    from_easter: tuple[int, int] | None = None
    dates: tuple[date, date] | None = None
    except_years: frozenset[int] = frozenset()
    source: str = ""
    checked: date | None = None
    assumption: bool = False

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if sum(each is not None for each in (self.each_year, self.from_easter, self.dates)) != 1:
            raise ValueError(_("a period has one of each_year, from_easter and dates"))
        days, dates = self.from_easter, self.dates
        if (days and days[0] > days[1]) or (dates and dates[0] > dates[1]):
            raise ValueError(_("a period ends before it begins"))
        return self

    @model_validator(mode="after")
    def _says_where_from(self) -> Self:
        if self.assumption == bool(self.source) or bool(self.source) != bool(self.checked):
            raise ValueError(_("a period has a source and the day it was checked, or assumption"))
        return self

    def in_year(self, year: int) -> tuple[date, date] | None:
        """Its first and last day where it begins in ``year``, else None."""
        if self.dates:
            return self.dates if self.dates[0].year == year else None
        if year in self.except_years:
            return None
        if self.from_easter:
            begins, ends = (timedelta(days) for days in self.from_easter)
            return easter_sunday(year) + begins, easter_sunday(year) + ends
        if not self.each_year:
            return None
        first, last = (date.fromisoformat(f"{year}-{day}") for day in self.each_year)
        return first, last if first <= last else last.replace(year=year + 1)


@dataclass(frozen=True)
class Calendar:
    """An institution's study time, from 1970 to 2100.

    Where two periods share a day, the one that stands first in the file gives the reason. All that
    take a day raise ValueError for one outside those years.
    """

    id: str
    name: Text
    periods: tuple[Period, ...]

    @property
    def assumptions(self) -> list[Period]:
        """The periods that nobody has published, to be shown as assumptions."""
        return [period for period in self.periods if period.assumption]

    def off(self, day: date) -> str | None:
        """Why ``day`` is no study day, a key of :data:`REASONS`; None for a study day."""
        number = _number(day)
        if number == len(self._reasons):
            raise ValueError(_outside(day))
        return _KEYS[int(self._reasons[number])]

    def study_days(self, since: date, until: date) -> int:
        """Study days from ``since`` up to, not including, ``until``; negative the other way."""
        return int(self._before[_number(until)] - self._before[_number(since)])

    def study_weeks(self, since: date, until: date) -> float:
        """Study weeks from ``since`` up to, not including, ``until``; negative the other way."""
        return self.study_days(since, until) / STUDY_DAYS_A_WEEK

    def after(self, day: date, study_weeks: float) -> date:
        """The first day at whose beginning so many study weeks have passed since ``day`` began.

        That is the day after the last study day needed, be it a study day or not.

        :raises ValueError: for fewer than 0 weeks, or more than there are before 2101.
        """
        if not study_weeks >= 0:
            raise ValueError(_("Study weeks cannot be fewer than 0."))
        days = math.ceil(study_weeks * STUDY_DAYS_A_WEEK - _ROUNDING)
        if days <= 0:
            return day
        needed = int(self._before[_number(day)]) + days
        number = int(np.searchsorted(self._before, needed))
        if number == len(self._before):
            raise ValueError(_outside(END))
        return FIRST + timedelta(number)

    def weeks_between(
        self, starts: npt.NDArray[np.datetime64], ends: npt.NDArray[np.datetime64]
    ) -> npt.NDArray[np.float64]:
        """:meth:`study_weeks` of many pairs of days at once; NaN where one of them is NaT."""
        since, until = np.broadcast_arrays(_days(starts), _days(ends))
        known = ~(np.isnat(since) | np.isnat(until))
        weeks = np.full(since.shape, np.nan)
        weeks[known] = (
            self._before[_numbers(until[known])] - self._before[_numbers(since[known])]
        ) / STUDY_DAYS_A_WEEK
        return weeks

    @cached_property
    def _reasons(self) -> npt.NDArray[np.int8]:
        """For each day since 1970, the place of its reason in ``_KEYS``."""
        reasons = np.zeros((END - FIRST).days, dtype=np.int8)
        for period in reversed(self.periods):
            for year in range(FIRST.year - 1, END.year):
                span = period.in_year(year)
                if span:
                    first, last = ((day - FIRST).days for day in span)
                    reasons[max(first, 0) : max(last + 1, 0)] = _KEYS.index(period.kind)
        for year in range(FIRST.year, END.year):
            for day in _public_holidays(year):
                reasons[(day - FIRST).days] = _KEYS.index("holiday")
        # 1 January 1970 was a Thursday.
        reasons[(np.arange(len(reasons)) + FIRST.weekday()) % 7 >= 5] = _KEYS.index("weekend")
        return reasons

    @cached_property
    def _before(self) -> npt.NDArray[np.int64]:
        """For each day since 1970, and the one after them all, how many study days precede it."""
        return np.concatenate(([0], np.cumsum(self._reasons == 0)))


def _number(day: date) -> int:
    """Days since 1970.

    :raises ValueError: before 1970 or after 1 January 2101.
    """
    if not FIRST <= day <= END:
        raise ValueError(_outside(day))
    return (day - FIRST).days


def _days(moments: npt.NDArray[np.datetime64]) -> npt.NDArray[np.datetime64]:
    return np.asarray(moments).astype("datetime64[D]")


def _numbers(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    """Days since 1970 of each; raises as :func:`_number`."""
    numbers = days.astype(np.int64)
    beyond = (numbers < 0) | (numbers > (END - FIRST).days)
    if beyond.any():
        raise ValueError(_outside(days[beyond][0]))
    return numbers


def _outside(day: date | np.datetime64) -> str:
    return _("{day} is outside the years of the calendars, {first} to {last}.").format(
        day=day, first=FIRST.year, last=END.year - 1
    )


@cache
def easter_sunday(year: int) -> date:
    """Easter Sunday of ``year``."""
    return _public_holidays(year).get_named("Easter Sunday")[0]


@cache
def _public_holidays(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("NO", years=year, language="en_US")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    name: _Words
    periods: tuple[Period, ...]


def load(folder: Path) -> dict[str, Calendar]:
    """The calendars of a folder by their ids, which are the files' names.

    :raises NotConfigured: naming the file and what is wrong with it, or that there is no general
        calendar.
    """
    found = {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}
    if GENERAL not in found:
        raise faulty(folder, _("{what} is missing").format(what=f"{GENERAL}.toml"))
    return found


@cache
def calendars() -> dict[str, Calendar]:
    """The calendars of ``data/calendars`` by their ids; raises as :func:`load`."""
    return load(FOLDER)


def _read(path: Path) -> Calendar:
    with reading(path) as content:
        read = _File(**content)
    if read.id != path.stem:
        raise faulty(path, _("{id} is not its file's name").format(id=read.id))
    return Calendar(read.id, read.name, read.periods)
