"""Organisation numbers."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sandkasse import orgnr
from sandkasse.errors import Invalid


@pytest.mark.parametrize(
    "written",
    ["974760673", "974 760 673", " 974.760.673 ", "974-760-673", "NO 974 760 673 MVA",
     "974760673mva", "974\N{NO-BREAK SPACE}760\N{NO-BREAK SPACE}673"],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(written: str) -> None:
    assert orgnr.checked(written) == "974760673"


@pytest.mark.parametrize("written", ["", "97476067", "9747606733", "97476067x", "٩٧٤٧٦٠٦٧٣", "MVA"])
def test_what_has_not_nine_digits_is_refused(written: str) -> None:
    with pytest.raises(Invalid, match="nine digits") as refused:
        orgnr.checked(written)
    assert refused.value.field == "orgnr"


def test_a_mistyped_digit_is_refused_and_the_number_shown() -> None:
    with pytest.raises(Invalid, match="974\N{NO-BREAK SPACE}760\N{NO-BREAK SPACE}674"):
        orgnr.checked("974760674")


def _control_digit(eight: str) -> int | None:
    """The rule written out: weights 3 2 7 6 5 4 3 2; a rest of one has no number."""
    rest = sum(int(d) * w for d, w in zip(eight, (3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
    return {0: 0, 1: None}.get(rest, 11 - rest)


@given(st.text("0123456789", min_size=9, max_size=9))
def test_a_number_counts_exactly_when_its_last_digit_is_the_control_digit(digits: str) -> None:
    try:
        accepted = orgnr.checked(digits) == digits
    except Invalid:
        accepted = False
    assert accepted == (_control_digit(digits[:8]) == int(digits[8]))


def test_a_number_is_shown_in_groups_of_three() -> None:
    assert orgnr.shown("974760673") == "974\N{NO-BREAK SPACE}760\N{NO-BREAK SPACE}673"


@given(st.text("0123456789", min_size=8, max_size=8))
def test_what_is_shown_is_read_back(eight: str) -> None:
    control = _control_digit(eight)
    assume(control is not None)
    assert orgnr.checked(orgnr.shown(f"{eight}{control}")) == f"{eight}{control}"
