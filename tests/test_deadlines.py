"""Deadlines: the arithmetic, what they follow from, and who sees them."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from sandkasse import clock, deadlines, notices
from sandkasse.deadlines import months_after, next_yearly
from sandkasse.errors import InvalidFields, NotConfigured, NotFound
from sandkasse.meetings import resolutions
from sandkasse.meetings.receipts import Kind
from tests.builders import begun, submitted

TODAY = datetime(2026, 5, 20, 10, tzinfo=UTC)
#: The day of the run, before the tests set their own.
REAL_TODAY = clock.today()


@pytest.fixture(autouse=True)
def today():
    """A day in May."""
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 1, 15), 3, date(2026, 4, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
    ],
)
def test_months_after_a_day_end_with_the_month(day, months, last):
    assert months_after(day, months) == last


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(0, 60))
def test_a_deadline_is_never_before_the_day_it_follows_from(day, months):
    assert months_after(day, months) >= day
    for rule in deadlines.rules().values():
        if rule.day is not None:
            assert rule.last_day(day) >= day
    assert next_yearly("05-31", day) >= day


def test_every_rule_says_where_it_was_read_and_when():
    assert len(deadlines.rules()) >= 7
    for rule in deadlines.rules().values():
        assert rule.source.startswith("http"), rule.id
        assert rule.checked <= REAL_TODAY
        assert rule.name.nb
        assert rule.name.en


def test_the_register_is_to_be_told_within_three_months_of_signing(db, cast):
    idea_id = submitted(db, cast.student)
    deadlines.say(db, cast.student, idea_id, "founding-signed", date(2026, 4, 30))
    (found,) = deadlines.of_idea(db, cast.student, idea_id)
    assert (found.on, found.idea_id) == (date(2026, 7, 30), idea_id)
    deadlines.say(db, cast.student, idea_id, "founding-signed", None)
    assert deadlines.of_idea(db, cast.student, idea_id) == []


@pytest.mark.parametrize(
    ("amount", "shown", "on"),
    [(39_999, 0, None), (40_000, 1, None), (50_000, 1, date(2026, 5, 19))],
)
def test_turnover_warns_before_the_limit_and_is_due_at_it(db, cast, amount, shown, on):
    idea_id = submitted(db, cast.student)
    deadlines.say(db, cast.student, idea_id, "turnover", date(2026, 5, 19), amount)
    found = deadlines.of_idea(db, cast.student, idea_id)
    assert [one.on for one in found] == [on] * shown


def test_the_first_payroll_report_is_due_on_the_fifth_of_the_next_month(db, cast):
    idea_id = submitted(db, cast.student)
    deadlines.say(db, cast.student, idea_id, "first-payroll", date(2026, 4, 30))
    assert deadlines.of_idea(db, cast.student, idea_id)[0].on == date(2026, 5, 5)


def test_a_day_of_ones_own_is_seen_by_nobody_else(db, cast):
    deadlines.remember_own(db, cast.student, "Renew the permit", date(2026, 9, 1))
    assert [one.name for one in deadlines.upcoming(db, cast.student)] == ["Renew the permit"]
    for other in (cast.teammate, cast.mentor, cast.lead):
        assert deadlines.upcoming(db, other) == []
    assert "permit" not in str(db.rows("FROM audit"))
    deadlines.remember_own(db, cast.student, "Renew the permit", None)
    assert deadlines.upcoming(db, cast.student) == []


def test_the_calendar_has_a_whole_day_and_no_word_of_the_idea(db, cast):
    idea_id = submitted(db, cast.student, title="A secret idea")
    deadlines.say(db, cast.student, idea_id, "founding-signed", date(2026, 4, 30))
    told = deadlines.to_calendar(deadlines.upcoming(db, cast.student))
    (event,) = Calendar.from_ical(told).walk("VEVENT")
    assert event["dtstart"].dt == date(2026, 7, 30)
    assert "At the latest" in event["summary"]
    assert b"secret" not in told


def test_what_a_meeting_decided_is_due_on_its_day_among_the_other_deadlines(db, cast):
    idea_id = submitted(db, cast.student, team="tor.teammate@uit.example")
    deadlines.say(db, cast.student, idea_id, "founding-signed", date(2026, 4, 30))  # 30 July
    meeting_id = begun(db, cast.lead)
    decision = resolutions.record(
        db, cast.mentor, meeting_id, Kind.DECISION, "Show the test to the port", idea_id=idea_id,
        next_step="Agree on a day with the mentor", due=date(2026, 6, 17),
    )  # fmt: skip
    rule_alone = [one.on for one in deadlines.of_idea(db, cast.student, idea_id)]
    assert rule_alone == [date(2026, 7, 30)]
    resolutions.publish(db, cast.mentor, decision)
    for who in (cast.student, cast.teammate):
        first, second = deadlines.upcoming(db, who)
        assert deadlines.of_idea(db, who, idea_id) == [first, second]
        assert (first.on, first.name) == (date(2026, 6, 17), "Show the test to the port")
        assert (first.note, first.result.meeting_title) == (
            "Agree on a day with the mentor", "Service development",
        )  # fmt: skip
    told = deadlines.to_calendar(deadlines.upcoming(db, cast.student))
    event, _other = Calendar.from_ical(told).walk("VEVENT")
    assert event["dtstart"].dt == date(2026, 6, 17)
    assert event["summary"] == "At the latest: what a meeting decided"
    assert b"port" not in told
    assert deadlines.upcoming(db, cast.stranger) == []


@pytest.mark.parametrize(
    ("rule", "day", "amount", "field"),
    [
        ("founding-signed", date(2026, 5, 21), None, "on_day"),
        ("founding-signed", date(1899, 1, 1), None, "on_day"),
        ("turnover", date(2026, 5, 1), -5, "amount"),
        ("turnover", date(2026, 5, 1), None, "amount"),
    ],
)
def test_an_impossible_day_or_amount_is_refused(db, cast, rule, day, amount, field):
    idea_id = submitted(db, cast.student)
    with pytest.raises(InvalidFields) as refused:
        deadlines.say(db, cast.student, idea_id, rule, day, amount)
    assert set(refused.value.problems) == {field}


def test_it_checks_access(db, cast):
    idea_id = submitted(db, cast.student)
    with pytest.raises(NotFound):
        deadlines.of_idea(db, cast.stranger, idea_id)
    with pytest.raises(NotFound):
        deadlines.say(db, cast.stranger, idea_id, "founding-signed", date(2026, 5, 1))


def test_a_deadline_that_is_near_is_told_to_the_team_once(db, cast):
    idea_id = submitted(db, cast.student, team="tor.teammate@uit.example")
    deadlines.say(db, cast.student, idea_id, "founding-signed", date(2026, 3, 1))  # 1 June
    deadlines.remember_own(db, cast.stranger, "Renew the permit", date(2026, 5, 25))
    deadlines.remember_own(db, cast.stranger, "Much later", date(2026, 9, 25))
    assert deadlines.tell_near(db) == 2
    assert deadlines.tell_near(db) == 0
    for actor in (cast.student, cast.teammate, cast.stranger):
        assert [one.kind for one in notices.mine(db, actor).rows] == [notices.Notice.DEADLINE]
    assert notices.mine(db, cast.mentor).rows == ()
    assert "permit" not in str(db.rows("FROM notice"))


RULE = """
[[deadlines]]
id = "accounts"
name = { nb = "Regnskap", en = "Accounts" }
source = "https://example.test/rule"
checked = 2026-11-01
"""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (RULE + RULE, "accounts is there more than once"),
        (RULE.replace('en = "Accounts"', 'en = ""'), "name.en"),
        (RULE.replace("checked = 2026-11-01", ""), "checked"),
        ("[deadlines", "cannot be used"),
        ("", "'deadlines' is missing"),
    ],
)
def test_a_faulty_file_is_refused_with_its_name_and_what_is_wrong(tmp_path, content, reason):
    file = tmp_path / "deadlines.toml"
    file.write_text(content, "utf-8")
    with pytest.raises(NotConfigured) as refused:
        deadlines.load(file)
    assert "deadlines.toml" in refused.value.message
    assert reason in refused.value.message
