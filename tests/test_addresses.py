"""Phone numbers and e-mail addresses as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandkasse import addresses
from sandkasse.errors import Invalid


@pytest.mark.parametrize(
    "typed",
    ["22222222", "22 22 22 22", "222 22 222", "+47 22 22 22 22", "0047 22222222",
     "(+47) 22.22-22.22", "tlf. 22 22 22 22"],
)  # fmt: skip
def test_a_norwegian_number_is_read_however_it_is_typed_and_shown_in_pairs(typed):
    kept = addresses.phone(typed)
    assert kept == "+4722222222"
    assert addresses.phone_shown(kept) == "22 22 22 22"


def test_a_mobile_number_is_shown_in_pairs_and_a_short_one_whole():
    assert addresses.phone_shown(addresses.phone("912 34 567")) == "91 23 45 67"
    assert addresses.phone_shown(addresses.phone("02800")) == "02800"


def test_a_foreign_number_keeps_its_country_code():
    kept = addresses.phone("0046 8 123 456 78")
    assert kept == "+46812345678"
    assert addresses.phone_shown(kept) == "+46 8 123 456 78"


@pytest.mark.parametrize("typed", ["", "call me", "12345", "12345678", "22222222222222", "+1"])
def test_what_is_no_number_is_refused_with_what_to_write(typed):
    with pytest.raises(Invalid, match="eight digits") as refused:
        addresses.phone(typed)
    assert refused.value.field == "phone"


@given(st.from_regex(r"[2-79][0-9]{7}", fullmatch=True))
def test_what_is_shown_is_read_as_the_same_number(digits):
    try:
        kept = addresses.phone(digits)
    except Invalid:
        return
    assert addresses.phone(addresses.phone_shown(kept)) == kept == f"+47{digits}"


def test_an_address_is_kept_in_one_form():
    assert addresses.email("kari@NAV.example") == "kari@nav.example"
    assert addresses.email("kåre@blåbær.example") == "kåre@blåbær.example"


@pytest.mark.parametrize("typed", ["kari", "kari@", "@nav.no", "kari nordmann@nav.no", "a@b"])
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(Invalid, match="whole e-mail address"):
        addresses.email(typed)
