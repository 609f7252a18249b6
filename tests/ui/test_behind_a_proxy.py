"""Whose word is believed of TLS and of visitors' addresses: this machine's, and that of the proxies
in the settings. The test asks from 127.0.0.2, which is not this machine by name."""

from collections.abc import Iterator

import httpx
import pytest

from sandkasse.config import Settings
from sandkasse.ui.callback import MOST
from tests.browser import serving

ELSEWHERE = "127.0.0.2"


def through_a_proxy(url: str, path: str, visitor: str) -> httpx.Response:
    """What is answered to a proxy on another machine, on behalf of a visitor."""
    told = {"X-Forwarded-For": visitor, "X-Forwarded-Proto": "https"}
    with httpx.Client(transport=httpx.HTTPTransport(local_address=ELSEWHERE)) as client:
        return client.get(url.replace("localhost", "127.0.0.1") + path, headers=told)


@pytest.fixture(scope="module", params=["", "10.0.0.0/8, 127.0.0.2"], ids=["unknown", "known"])
def served(request, tmp_path_factory) -> Iterator[tuple[str, bool]]:
    """An app that does not know the proxy, or does."""
    folder = tmp_path_factory.mktemp("behind")
    with serving.server(folder, 0, SANDKASSE_PROXIES=request.param) as running:
        yield running.url, bool(request.param)


def test_of_tls_a_proxy_in_the_settings_is_believed_and_no_other(served):
    url, is_known = served
    told = through_a_proxy(url, "_stcore/health", "198.51.100.7").headers
    assert ("Strict-Transport-Security" in told) is is_known


def test_sign_ins_are_counted_by_visitor_where_the_proxy_is_known(served):
    url, is_known = served
    for _turn in range(MOST):
        answer = through_a_proxy(url, "auth/login", "198.51.100.7")
        assert "sign-in=often" not in answer.headers.get("location", "")
    often = through_a_proxy(url, "auth/login", "198.51.100.7")
    assert often.headers["location"] == "/?sign-in=often"
    another = through_a_proxy(url, "auth/login", "203.0.113.9").headers.get("location", "")
    assert ("sign-in=often" in another) is not is_known


@pytest.mark.parametrize("wrong", ["proxy.example", "10.0.0.300", "*"])
def test_a_proxy_is_an_address_or_a_network(wrong):
    with pytest.raises(ValueError, match="proxies"):
        Settings(proxies=wrong)
