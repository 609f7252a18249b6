"""Identity numbers in free text: those that are one are found, ordinary numbers are not."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sandkasse.identity_numbers import seems_to_hold_one

ORGNRS = ["974760673", "974 760 673", "NO 974 760 673 MVA", "889 640 782"]
WORDS = st.sampled_from(["", "Ring meg på ", "Født ", "I was born: ", "fnr. ", "("])


def checked(nine: str) -> str | None:
    """The whole number of its first nine digits by the published weights; None where none is."""
    digits = [int(digit) for digit in nine]
    for weights in ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)):
        check = -sum(w * d for w, d in zip(weights, digits, strict=True)) % 11
        if check == 10:
            return None
        digits.append(check)
    return "".join(map(str, digits))


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Numbers of people born from 1900 to 1999, D-numbers among them."""
    born = draw(st.dates(date(1900, 1, 1), date(1999, 12, 31)))
    day = born.day + 40 * draw(st.booleans())
    serial = draw(st.integers(0, 499))
    whole = checked(f"{day:02}{born.month:02}{born.year % 100:02}{serial:03}")
    assume(whole is not None)
    return str(whole)


@given(
    numbers(), WORDS,
    st.sampled_from(["{0}{1}{2}{3}", "{0}{1}{2} {3}", "{0}.{1}.{2} {3}", "{0}{1}{2}-{3}"]),
    st.sampled_from(["", ".", ", takk", ")", "\n"]),
)  # fmt: skip
def test_one_is_found_however_it_is_written(number, before, form, after):
    written = form.format(number[:2], number[2:4], number[4:6], number[6:])
    assert seems_to_hold_one(f"{before}{written}{after}")


@given(numbers(), st.integers(1, 9))
def test_a_wrong_check_digit_is_none(number, off):
    assert not seems_to_hold_one(number[:-1] + str((int(number[-1]) + off) % 10))


@given(numbers(), st.sampled_from(["1", "12"]))
def test_a_part_of_a_longer_number_is_none(number, more):
    assert not seems_to_hold_one(number + more)
    assert not seems_to_hold_one(more + number)


PHONES = st.from_regex(
    r"(\+47 ?|0047 ?)?([2-9]\d{7}|[2-9]\d \d{2} \d{2} \d{2}|[49]\d{2} \d{2} \d{3})", fullmatch=True
)
ORDINARY = st.one_of(
    PHONES, st.sampled_from(ORGNRS), st.dates().map(str), st.integers(0, 10**9).map(str),
    st.decimals(0, 10**6, places=2).map(str),
)  # fmt: skip


@given(st.lists(ORDINARY, max_size=5), st.sampled_from([" ", ", ", "\n", " og "]))
def test_phones_organisation_numbers_dates_and_amounts_are_none(found, between):
    assert not seems_to_hold_one(between.join(found))


@pytest.mark.parametrize("text", ["", "0" * 11, "99999999999", "31029912345", "ææ 123"])
def test_what_only_looks_long_is_none(text):
    assert not seems_to_hold_one(text)
