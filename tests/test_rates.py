"""Limits on how often something is done."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from sandkasse import i18n, rates
from sandkasse.rates import TooMany

START = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_counted():
    """Each test counts from nothing."""
    rates.forget_all()
    yield
    rates.forget_all()


@pytest.fixture
def time():
    """A clock that a test moves."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def test_the_next_one_is_refused_when_the_limit_is_reached(time):
    for _turn in range(3):
        rates.allow("comment", 7, limit=3, seconds=60)
    with pytest.raises(TooMany):
        rates.allow("comment", 7, limit=3, seconds=60)


def test_others_and_other_things_are_counted_apart(time):
    rates.allow("comment", 7, limit=1, seconds=60)
    rates.allow("comment", 8, limit=1, seconds=60)
    rates.allow("look-up", 7, limit=1, seconds=60)


def test_the_window_slides(time):
    rates.allow("comment", 7, limit=2, seconds=60)
    time.shift(40)
    rates.allow("comment", 7, limit=2, seconds=60)
    time.shift(19)
    with pytest.raises(TooMany) as refused:
        rates.allow("comment", 7, limit=2, seconds=60)
    assert refused.value.again_at == START + timedelta(seconds=60)
    time.shift(1)
    rates.allow("comment", 7, limit=2, seconds=60)
    with pytest.raises(TooMany) as refused:
        rates.allow("comment", 7, limit=2, seconds=60)
    assert refused.value.again_at == START + timedelta(seconds=100)


def test_being_refused_makes_the_wait_no_longer(time):
    rates.allow("comment", 7, limit=1, seconds=60)
    for _turn in range(5):
        time.shift(10)
        with pytest.raises(TooMany):
            rates.allow("comment", 7, limit=1, seconds=60)
    time.shift(10)
    rates.allow("comment", 7, limit=1, seconds=60)


@pytest.mark.parametrize(
    ("seconds", "english", "bokmål"),
    [
        (1, "in 1 second.", "om 1 sekund."),
        (59, "in 59 seconds.", "om 59 sekunder."),
        (60, "in 1 minute.", "om 1 minutt."),
        (61, "in 2 minutes.", "om 2 minutter."),
        (86_400, "in 24 hours.", "om 24 timer."),
    ],
)
def test_the_message_says_when_to_try_again(time, seconds, english, bokmål):
    rates.allow("comment", 7, limit=1, seconds=seconds)
    for language, words in (("en", english), ("nb", bokmål)):
        with i18n.in_language(language), pytest.raises(TooMany) as refused:
            rates.allow("comment", 7, limit=1, seconds=seconds)
        assert refused.value.message.endswith(words)


def test_what_succeeded_is_forgotten(time):
    rates.allow("sign-in", "abc", limit=1, seconds=60)
    rates.forget("sign-in", "abc")
    rates.allow("sign-in", "abc", limit=1, seconds=60)


def test_a_clock_that_is_set_back_locks_nobody_out(time):
    rates.allow("comment", 7, limit=1, seconds=60)
    time.move_to(START - timedelta(hours=3))
    rates.allow("comment", 7, limit=1, seconds=60)


def test_threads_are_let_through_exactly_as_often_as_the_limit_says(time):
    def attempt(_turn: int) -> bool:
        try:
            rates.allow("look-up", "one", limit=50, seconds=60)
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(attempt, range(400))) == 50


def test_memory_has_a_limit_and_the_longest_unused_is_forgotten(time, monkeypatch):
    monkeypatch.setattr(rates, "MOST_KEYS", 3)
    for key in "abcd":
        rates.allow("look-up", key, limit=1, seconds=60)
    assert len(rates._times) == 3
    rates.allow("look-up", "a", limit=1, seconds=60)
    with pytest.raises(TooMany):
        rates.allow("look-up", "d", limit=1, seconds=60)
