"""Asking a real provider on loopback for what the ID token leaves out."""

import secrets

import httpx
import pytest

from sandkasse import rates, sign_in
from sandkasse.errors import NotConfigured, SignInFailed
from sandkasse.rates import TooMany
from sandkasse.sign_in import Provider, SignInRules, asking, claims, discovery, gathering
from tests.sign_in import provider as loopback
from tests.sign_in.provider import CLIENT

SARA = {
    "sub": "sara-1",
    "userinfo": {
        "name": "Sara Student",
        "email": "sara@uit.example",
        "email_verified": False,
        "https://n.feide.no/claims/eduPersonPrincipalName": "sara@uit.no",
    },
    "extended": {"eduPersonAffiliation": ["student", "member"]},
}


GOOD = secrets.token_urlsafe(8)


@pytest.fixture(scope="module")
def server():
    """Two providers."""
    with loopback.served("feide", "entra") as running:
        yield running


@pytest.fixture
def feide(server):
    """A provider that behaves as Feide, with Sara signed in there."""
    discovery.forget()
    rates.forget_all()
    found = server.providers["feide"]
    found.people, found.faults, found.tokens = {"sara": dict(SARA)}, {}, {GOOD: "sara"}
    found.asked.clear()
    return found


def rules(feide, **more):
    """The settings for it."""
    known = {"label": "Feide", "extended_userinfo": f"{feide.issuer}/extended", **more}
    return SignInRules(providers={"feide": Provider(**known)})


def gathered(feide, access_token: str | None = GOOD, token=None, settings=None):
    """What is gathered of Sara."""
    auth = {
        "feide": {
            "client_id": CLIENT,
            "server_metadata_url": f"{feide.issuer}/.well-known/openid-configuration",
        }
    }
    said = {
        "iss": feide.issuer, "sub": "sara-1", "aud": CLIENT, "provider": "feide",
        "iat": loopback.time.time(), **(token or {}),
    }  # fmt: skip
    who = claims.identity(said, auth, 12)
    return sign_in.gather(who, said, access_token, auth, settings or rules(feide))


def test_name_address_and_affiliation_come_from_the_two_endpoints(feide):
    found = gathered(feide)
    assert (found.name, found.email) == ("Sara Student", "sara@uit.example")
    assert not found.email_verified
    assert (found.affiliations, found.realm) == (("member", "student"), "uit.no")


def test_what_the_id_token_says_is_not_asked_for_again(feide):
    whole = {"name": "Sara S.", "email": "s@uit.example", "email_verified": True}
    settings = SignInRules(providers={"feide": Provider()})
    found = gathered(feide, token=whole, settings=settings)
    assert (found.name, found.email, found.email_verified) == ("Sara S.", "s@uit.example", True)
    assert found.affiliations is None
    assert "userinfo" not in feide.asked
    assert "extended" not in feide.asked


def test_verified_is_never_taken_from_another_answer_than_the_address(feide):
    feide.people["sara"]["userinfo"] = {"name": "Sara", "email": "x@y.no", "email_verified": True}
    found = gathered(feide, token={"email": "other@uit.example", "email_verified": False})
    assert (found.email, found.email_verified) == ("other@uit.example", False)


def test_a_provider_can_be_left_unasked(feide):
    found = gathered(feide, settings=SignInRules(providers={"feide": Provider(userinfo=False)}))
    assert (found.name, found.email) == (None, None)
    assert feide.asked == [".well-known/openid-configuration"]


def test_without_an_access_token_the_server_is_what_is_not_set_up(feide):
    with pytest.raises(NotConfigured) as refused:
        gathered(feide, access_token=None)
    assert "expose_tokens" in refused.value.message


def test_an_answer_about_another_subject_is_refused(feide):
    feide.people["sara"]["userinfo"] = {**SARA["userinfo"], "sub": "somebody-else"}
    with pytest.raises(SignInFailed):
        gathered(feide)


def test_a_token_that_another_issuer_made_is_refused(feide):
    with pytest.raises(SignInFailed):
        gathered(feide, token={"iss": "https://evil.example"})


@pytest.mark.parametrize("part", ["userinfo", "extended", ".well-known/openid-configuration"])
@pytest.mark.parametrize("fault", [500, 503, 403, 404, 302, "garbage"])
def test_a_provider_that_is_down_or_answers_nonsense_is_told_of_by_name(feide, part, fault):
    feide.faults = {part: fault}
    with pytest.raises(SignInFailed) as failed:
        gathered(feide)
    assert "Feide" in failed.value.message
    feide.faults = {}
    assert gathered(feide).name == "Sara Student"


def test_a_provider_that_hangs_is_given_up(feide, monkeypatch):
    monkeypatch.setattr(asking, "TIMEOUT", httpx.Timeout(0.3))
    feide.faults = {"extended": "hangs"}
    with pytest.raises(SignInFailed):
        gathered(feide)


def test_an_endless_answer_is_cut_off(feide, monkeypatch):
    monkeypatch.setattr(asking, "_LONGEST_ANSWER", 100)
    with pytest.raises(SignInFailed):
        gathered(feide)


def test_nobody_listening_is_a_provider_that_is_down():
    with pytest.raises(SignInFailed):
        discovery.asked("http://localhost:9/.well-known/openid-configuration", "Feide")


def test_a_secret_goes_nowhere_unencrypted():
    with pytest.raises(NotConfigured):
        asking.ask("http://feide.example/userinfo", "Feide", "token")


def test_a_description_that_lacks_something_says_what(feide, monkeypatch):
    monkeypatch.setattr(type(feide), "discovery", lambda _self: {"issuer": feide.issuer})
    with pytest.raises(SignInFailed) as failed:
        gathered(feide)
    assert "token_endpoint" in failed.value.message


def test_look_ups_that_fail_are_limited_and_one_that_succeeds_clears_them(feide):
    feide.faults = {"extended": 503}
    for _turn in range(gathering.LOOKUPS - 1):
        with pytest.raises(SignInFailed):
            gathered(feide)
    feide.faults = {}
    gathered(feide)
    feide.faults = {"extended": 503}
    for _turn in range(gathering.LOOKUPS):
        with pytest.raises(SignInFailed):
            gathered(feide)
    with pytest.raises(TooMany):
        gathered(feide)


def test_a_description_is_remembered_and_a_failure_is_not(feide):
    gathered(feide)
    gathered(feide)
    assert feide.asked.count(".well-known/openid-configuration") == 1


@pytest.mark.parametrize(
    ("told", "lets_in"),
    [
        ({"acr": "high"}, True),
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "low", "amr": ["pwd"]}, False),
        ({}, False),
        ({"acr": ["high"], "amr": "mfa"}, False),
        ({"acr": {"high": True}, "amr": [{"mfa": 1}]}, False),
    ],
)
def test_a_way_of_signing_in_that_is_too_weak_lets_nobody_in(feide, told, lets_in):
    settings = rules(feide, strengths=("high", "mfa"))
    token = {"name": "Sara", "email": "sara@uit.example", **told}
    if lets_in:
        assert gathered(feide, token=token, settings=settings).name == "Sara"
        return
    with pytest.raises(SignInFailed, match="not strong enough"):
        gathered(feide, token=token, settings=settings)
    assert "extended" not in feide.asked
