"""Study weeks: the calendars, the days they take out, and the sums over them."""

from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandkasse import terms
from sandkasse.errors import NotConfigured
from sandkasse.terms import END, FIRST, Calendar, Period

UIT = terms.calendars()["uit"]
DAYS = st.dates(FIRST, END)
CALENDARS = st.sampled_from(list(terms.calendars().values()))

FILE = """
id = "general"
name = { nb = "Alle", en = "All" }

[[periods]]
kind = "exam"
name = { nb = "Eksamen", en = "Exams" }
each_year = ["05-15", "06-15"]
assumption = true
"""


def written(folder: Path, text: str, name: str = "general") -> Path:
    """A folder with one calendar of this text."""
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def gauss_easter(year: int) -> date:
    """Easter Sunday by the rule of Meeus, Jones and Butcher (Astronomical Algorithms, ch. 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + m - 7 * ((a + 11 * h + 22 * m) // 451) + 114, 31)
    return date(year, month, day + 1)


# The days of the two acts: lov om helligdager § 2 b–k, and lov om 1 og 17 mai § 1.
def days_of_the_acts(year: int) -> set[date]:
    fixed = {date(year, *day) for day in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))}
    moving = {gauss_easter(year) + timedelta(days) for days in (-3, -2, 0, 1, 39, 49, 50)}
    return fixed | moving


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2025, ["01-01", "04-17", "04-18", "04-20", "04-21", "05-01", "05-17", "05-29", "06-08",
                "06-09", "12-25", "12-26"]),
        (2026, ["01-01", "04-02", "04-03", "04-05", "04-06", "05-01", "05-14", "05-17", "05-24",
                "05-25", "12-25", "12-26"]),
    ],
)  # fmt: skip
def test_public_holidays_are_those_of_the_acts(year: int, days: list[str]) -> None:
    assert days_of_the_acts(year) == {date.fromisoformat(f"{year}-{day}") for day in days}
    assert set(terms._public_holidays(year)) == days_of_the_acts(year)


@pytest.mark.parametrize("year", range(FIRST.year, END.year))
def test_easter_and_public_holidays_are_right_in_every_year(year: int) -> None:
    assert terms.easter_sunday(year) == gauss_easter(year)
    assert set(terms._public_holidays(year)) == days_of_the_acts(year)


def test_every_calendar_says_in_both_languages_what_it_takes_out_and_where_that_was_read() -> None:
    assert set(terms.calendars()) == {"general", "uit"}
    for calendar in terms.calendars().values():
        assert calendar.name.nb != calendar.name.en
        assert {period.kind for period in calendar.periods} == {
            "exam", "christmas", "easter", "july",
        }  # fmt: skip
        for period in calendar.periods:
            assert period.assumption == (not period.source)
            if period.source:
                assert urlsplit(period.source).scheme == "https"
                assert period.checked is not None
                assert period.checked <= date(2026, 11, 24)


def test_what_nobody_has_published_is_listed_as_assumed() -> None:
    general = terms.calendars()["general"]
    assert general.assumptions == list(general.periods)
    assert [period.kind for period in UIT.assumptions] == ["exam", "exam", "christmas", "easter"]


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 1, 1), "holiday"),
        (date(2026, 1, 2), "christmas"),
        (date(2026, 1, 3), "weekend"),
        (date(2026, 1, 5), None),
        (date(2026, 3, 27), None),
        (date(2026, 3, 30), "easter"),
        (date(2026, 4, 1), "easter"),
        (date(2026, 4, 2), "holiday"),
        (date(2026, 4, 5), "weekend"),
        (date(2026, 4, 6), "holiday"),
        (date(2026, 4, 7), None),
        (date(2026, 5, 14), "holiday"),
        (date(2026, 5, 15), "exam"),
        (date(2026, 6, 15), "exam"),
        (date(2026, 6, 16), None),
        (date(2026, 7, 1), "july"),
        (date(2026, 7, 31), "july"),
        (date(2026, 8, 3), None),
        (date(2026, 11, 19), None),
        (date(2026, 11, 20), "exam"),
        (date(2026, 12, 18), "exam"),
        (date(2026, 12, 21), "christmas"),
        (date(2026, 12, 25), "holiday"),
        (date(1970, 1, 2), "christmas"),
        (date(2100, 12, 31), "christmas"),
    ],
)
def test_a_day_off_says_why(day: date, reason: str | None) -> None:
    assert UIT.off(day) == reason
    assert reason is None or reason in terms.REASONS


# Spring 2026 by hand, Mondays to Fridays:
#   January   22, less 1 (New Year) and 2 (Christmas)                     20
#   February  20                                                          20
#   March     22, less 30 and 31 (Easter week)                            20
#   April     22, less 1 (Easter week), 2, 3 and 6 (public holidays)      18
#   May       21, of which 1 and 14 are holidays and 15 on is exams        8
#   June      22, less 1 to 15 (exams, 11 days)                           11
#   July      23, all out                                                  0
SPRING_2026 = {1: 20, 2: 20, 3: 20, 4: 18, 5: 8, 6: 11, 7: 0}


@pytest.mark.parametrize(("month", "days"), SPRING_2026.items())
def test_study_days_of_a_month_are_those_counted_by_hand(month: int, days: int) -> None:
    assert UIT.study_days(date(2026, month, 1), date(2026, month + 1, 1)) == days


def test_study_weeks_of_spring_2026_are_those_counted_by_hand() -> None:
    assert UIT.study_weeks(date(2026, 1, 1), date(2026, 8, 1)) == 97 / 5


def test_a_plain_week_is_one_study_week() -> None:
    assert UIT.study_weeks(date(2026, 2, 2), date(2026, 2, 9)) == 1


def test_the_first_day_counts_and_the_last_does_not() -> None:
    monday = date(2026, 2, 2)
    assert UIT.study_days(monday, monday) == 0
    assert UIT.study_days(monday, monday + timedelta(1)) == 1
    assert UIT.study_days(monday + timedelta(1), monday) == -1


@pytest.mark.parametrize(
    ("day", "weeks", "reached"),
    [
        (date(2026, 2, 2), 0, date(2026, 2, 2)),
        (date(2026, 2, 2), 0.2, date(2026, 2, 3)),
        (date(2026, 2, 2), 0.6, date(2026, 2, 5)),
        # In floating point this is a little more than 3 days.
        (date(2026, 2, 2), 0.2 * 3, date(2026, 2, 5)),
        (date(2026, 2, 2), 0.61, date(2026, 2, 6)),
        (date(2026, 2, 2), 1, date(2026, 2, 7)),
        (date(2026, 3, 27), 0.2, date(2026, 3, 28)),
        (date(2026, 3, 27), 0.4, date(2026, 4, 8)),
        (date(2026, 6, 29), 1, date(2026, 8, 6)),
    ],
)
def test_after_jumps_over_what_is_no_study_time(day: date, weeks: float, reached: date) -> None:
    assert UIT.after(day, weeks) == reached


@pytest.mark.parametrize("weeks", [-1, float("nan")])
def test_after_refuses_what_is_no_length(weeks: float) -> None:
    with pytest.raises(ValueError, match="fewer than 0"):
        UIT.after(date(2026, 1, 1), weeks)


def test_days_outside_the_calendars_years_are_refused() -> None:
    early = date(1969, 12, 31)
    for ask in (
        lambda: UIT.off(early),
        lambda: UIT.off(END),
        lambda: UIT.study_days(early, END),
        lambda: UIT.after(date(2100, 12, 1), 20),
        lambda: UIT.weeks_between(np.array([early]), np.array([FIRST])),
    ):
        with pytest.raises(ValueError, match="1970 to 2100"):
            ask()


@given(CALENDARS, DAYS, DAYS, DAYS)
def test_study_weeks_add_up_over_a_split(
    calendar: Calendar, first: date, split: date, last: date
) -> None:
    days = calendar.study_days
    assert days(first, split) + days(split, last) == days(first, last)


@given(CALENDARS, DAYS, DAYS, DAYS)
def test_study_weeks_never_shrink_as_time_goes(
    calendar: Calendar, one: date, other: date, third: date
) -> None:
    first, middle, last = sorted((one, other, third))
    assert 0 <= calendar.study_weeks(first, middle) <= calendar.study_weeks(first, last)


@given(CALENDARS, DAYS, DAYS)
def test_study_days_are_the_days_that_nothing_takes(
    calendar: Calendar, one: date, other: date
) -> None:
    first = min(one, other)
    last = min(max(one, other), first + timedelta(400))
    days = [first + timedelta(number) for number in range((last - first).days)]
    assert calendar.study_days(first, last) == sum(calendar.off(day) is None for day in days)


@given(CALENDARS, DAYS, DAYS)
def test_study_days_are_at_most_the_days_from_monday_to_friday(
    calendar: Calendar, one: date, other: date
) -> None:
    first, last = sorted((one, other))
    assert calendar.study_days(first, last) <= np.busday_count(first, last)


@given(CALENDARS, st.dates(FIRST, date(2080, 1, 1)), st.integers(0, 500))
def test_after_is_the_first_day_by_which_the_weeks_have_passed(
    calendar: Calendar, day: date, study_days: int
) -> None:
    reached = calendar.after(day, study_days / 5)
    assert calendar.study_days(day, reached) == study_days
    if reached > day:
        assert calendar.study_days(day, reached - timedelta(1)) == study_days - 1


@given(CALENDARS, DAYS, st.integers(0, 2000))
def test_after_undoes_study_weeks_from_a_study_day(
    calendar: Calendar, day: date, length: int
) -> None:
    last = min(day + timedelta(length), END)
    reached = calendar.after(day, calendar.study_weeks(day, last))
    assert reached <= last
    if last > day and calendar.off(last - timedelta(1)) is None:
        assert reached == last


@given(CALENDARS, st.lists(st.tuples(DAYS, DAYS), max_size=50))
def test_many_pairs_at_once_are_the_same_as_one_by_one(
    calendar: Calendar, pairs: list[tuple[date, date]]
) -> None:
    starts, ends = (
        np.array([pair[end] for pair in pairs], dtype="datetime64[D]") for end in (0, 1)
    )
    expected = [calendar.study_weeks(*pair) for pair in pairs]
    assert calendar.weeks_between(starts, ends).tolist() == expected


def test_many_pairs_at_once_leave_open_what_has_no_end() -> None:
    starts = np.array(["2026-02-02", "NaT", "2026-02-02T23:59"], dtype="datetime64[ns]")
    weeks = UIT.weeks_between(starts, np.array(["2026-02-09"], dtype="datetime64[D]"))
    assert weeks.tolist() == pytest.approx([1, np.nan, 1], nan_ok=True)
    open_end = UIT.weeks_between(starts[:1], np.array(["NaT"], dtype="datetime64[D]"))
    assert np.isnan(open_end).all()


def test_a_hundred_thousand_pairs_take_no_time_to_speak_of() -> None:
    random = np.random.default_rng(1)
    days = random.integers(0, 40_000, (2, 100_000)).astype("datetime64[D]")
    UIT.weeks_between(days[0], days[1])
    began = perf_counter()
    UIT.weeks_between(days[0], days[1])
    assert perf_counter() - began < 0.5


def test_published_days_stand_in_for_the_rule_in_their_year(tmp_path: Path) -> None:
    text = FILE + (
        "except_years = [2027]\n"
        '[[periods]]\nkind = "exam"\nname = { nb = "Eksamen", en = "Exams" }\n'
        'dates = [2027-05-20, 2027-06-10]\nsource = "https://uit.no/"\nchecked = 2026-11-24\n'
    )
    calendar = terms.load(written(tmp_path, text))["general"]
    assert calendar.off(date(2026, 5, 15)) == "exam"
    assert calendar.off(date(2027, 5, 18)) is None
    assert calendar.off(date(2027, 5, 20)) == "exam"
    assert calendar.off(date(2027, 6, 11)) is None
    assert calendar.off(date(2028, 5, 15)) == "exam"


def test_a_period_over_new_year_begins_in_the_year_it_is_asked_for() -> None:
    christmas = next(period for period in UIT.periods if period.kind == "christmas")
    assert christmas.in_year(2026) == (date(2026, 12, 20), date(2027, 1, 2))


def test_where_two_periods_meet_the_first_in_the_file_gives_the_reason() -> None:
    words = {"nb": "A", "en": "B"}
    exam, july = (
        Period(kind=kind, name=words, each_year=("06-20", "07-05"), assumption=True)  # type: ignore[arg-type]
        for kind in ("exam", "july")
    )
    day = date(2026, 7, 1)
    assert Calendar("a", UIT.name, (exam, july)).off(day) == "exam"
    assert Calendar("a", UIT.name, (july, exam)).off(day) == "july"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FILE.replace('id = "general"', 'id = "ntnu"'), "ntnu is not its file's name"),
        (FILE.replace('kind = "exam"', 'kind = "party"'), "periods.0.kind"),
        (FILE.replace("05-15", "02-29"), "periods.0.each_year.0"),
        (FILE.replace("05-15", "W05-1"), "periods.0.each_year.0"),
        (FILE.replace(', en = "Exams"', ""), "periods.0.name: Value error, nb and en"),
        (FILE.replace("assumption = true", ""), "source"),
        (FILE + 'source = "https://uit.no/"\nchecked = 2026-11-24', "source"),
        (FILE.replace("assumption = true", 'source = "https://uit.no/"'), "checked"),
        (FILE + "from_easter = [-6, 1]", "one of each_year"),
        (FILE.replace('each_year = ["05-15", "06-15"]', ""), "one of each_year"),
        (FILE.replace('each_year = ["05-15", "06-15"]', "from_easter = [1, -6]"), "ends before"),
        (
            FILE.replace('each_year = ["05-15", "06-15"]', "dates = [2027-06-10, 2027-05-20]"),
            "ends before",
        ),
        (FILE + "unknown = 1", "unknown"),
        ("id = ", "general.toml"),
    ],
)
def test_a_faulty_calendar_is_refused_with_its_file_and_fault(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(NotConfigured, match=r"general\.toml") as refused:
        terms.load(written(tmp_path, text))
    assert says in str(refused.value)


def test_a_folder_without_the_general_calendar_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match=r"general\.toml is missing"):
        terms.load(written(tmp_path, FILE.replace('"general"', '"uit"'), "uit"))
