"""Reading what somebody signed in with, and refusing what does not count."""

from datetime import timedelta

import pytest

from sandkasse import clock
from sandkasse.errors import SessionEnded
from sandkasse.sign_in import claims

AUTH = {"feide": {"client_id": "us"}, "entra": {"client_id": "us-too"}}


def token(**changes):
    """The claims of an ID token, as ``st.user`` has them."""
    whole = {
        "iss": "https://feide.example", "sub": "abc", "aud": "us", "provider": "feide",
        "iat": clock.now().timestamp() - 60, "nonce": "n-1",
    }  # fmt: skip
    return {name: value for name, value in {**whole, **changes}.items() if value is not ...}


def test_issuer_and_subject_together_are_who_somebody_is():
    found = claims.identity(token(), AUTH, 12)
    assert (found.subject, found.provider) == ("https://feide.example|abc", "feide")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": ...}, {"sub": ...}, {"iss": ""}, {"sub": ""}, {"sub": 7}, {"iss": ["x"]},
        {"aud": "another-app"}, {"aud": ["another-app"]}, {"aud": ...}, {"aud": None},
        {"aud": "us-too"}, {"azp": "another-app"}, {"aud": "another-app", "azp": "us"},
        {"provider": "unknown"}, {"provider": ...}, {"provider": "entra"},
        {"iat": ...}, {"iat": "yesterday"}, {"iat": True}, {"iat": 1e300}, {"iat": float("nan")},
        {"iat": 9_999_999_999},
    ],
)  # fmt: skip
def test_a_token_that_is_not_for_us_or_says_nobody_ends_the_session(changes):
    with pytest.raises(SessionEnded):
        claims.identity(token(**changes), AUTH, 12)


def test_an_audience_among_several_will_do():
    claims.identity(token(aud=["another-app", "us"], azp="us"), AUTH, 12)


def test_a_provider_without_a_name_has_its_settings_in_the_section_itself():
    found = claims.identity(token(provider="default"), {"client_id": "us"}, 12)
    assert found.provider == "default"


def test_a_session_ends_after_its_hours():
    at = clock.now() - timedelta(hours=12)
    claims.identity(token(iat=(at + timedelta(minutes=1)).timestamp()), AUTH, 12)
    with pytest.raises(SessionEnded):
        claims.identity(token(iat=(at - timedelta(seconds=1)).timestamp()), AUTH, 12)


def test_each_sign_in_is_a_session_of_its_own_and_stays_the_same():
    first = token()
    session = claims.identity(first, AUTH, 12).session
    assert claims.identity(dict(first), AUTH, 12).session == session
    assert claims.identity({**first, "nonce": "n-2"}, AUTH, 12).session != session
    assert claims.identity({**first, "iat": first["iat"] - 1}, AUTH, 12).session != session


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"name": " Kari  Nordmann "}, "Kari Nordmann"),
        ({"name": "Kari\nNord\u202emann"}, "Kari Nord mann"),
        ({"name": "x" * 500}, "x" * 120),
        ({"name": "  "}, None),
        ({"name": 7}, None),
        ({}, None),
    ],
)
def test_a_name_is_one_line_of_what_can_be_seen(said, expected):
    assert claims.read_name(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"email": "kari@uit.example"}, ("kari@uit.example", False)),
        ({"email": "kari@uit.example", "email_verified": True}, ("kari@uit.example", True)),
        ({"email": "kari@uit.example", "email_verified": "true"}, ("kari@uit.example", False)),
        ({"email": "kari@uit.example", "email_verified": 1}, ("kari@uit.example", False)),
        ({"email": "a@b@skatteetaten.example", "email_verified": True}, (None, False)),
        ({"email": "a b@c.no", "email_verified": True}, (None, False)),
        ({"email": ["kari@uit.example"]}, (None, False)),
        ({}, (None, False)),
    ],
)
def test_an_address_is_verified_only_when_the_provider_says_so_outright(said, expected):
    assert claims.read_address(said) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (["Student", "member", "student"], ("member", "student")),
        ("employee", ("employee",)),
        ([], ()),
        ([None, 3, "student"], ("student",)),
        ({"student": True}, None),
        (None, None),
    ],
)
def test_affiliations_are_read_as_a_list_or_one_word(told, expected):
    assert claims.read_affiliations({"eduPersonAffiliation": told}) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"https://n.feide.no/claims/eduPersonPrincipalName": "ola@UiT.no"}, "uit.no"),
        ({"eduPersonPrincipalName": "ola@uit.no"}, "uit.no"),
        ({"eduPersonPrincipalName": ["ola@uit.no"]}, "uit.no"),
        ({"eduPersonPrincipalName": "ola@evil.no@uit.no"}, None),
        ({"eduPersonPrincipalName": 5}, None),
        ({}, None),
    ],
)
def test_the_realm_is_what_stands_after_the_at(said, expected):
    assert claims.read_realm(said) == expected


def test_the_providers_of_the_secrets_file_are_found():
    assert claims.providers({"redirect_uri": "x", "feide": {}, "entra": {}}) == ["feide", "entra"]
    assert claims.providers({"client_id": "us", "client_kwargs": {}}) == ["default"]
