"""What the register answers, and what becomes of it."""

import socket
from datetime import date

import pytest

from sandkasse.errors import RegisterFailed
from sandkasse.registry import Client, Finding
from tests.certificates import certified
from tests.registry.register import BANKRUPT, DELETED, FOUND, REMOVED, UNKNOWN, register


@pytest.fixture
def held():
    """A register."""
    with register() as running:
        yield running


@pytest.fixture
def client(held):
    """A client of it that does not wait long."""
    with Client(held.url, timeout=0.5, pause=0.01) as asking:
        yield asking


def test_a_company_is_found_with_what_the_register_says(client):
    company = client.company(FOUND)
    assert (company.finding, company.form, company.name) == (Finding.FOUND, "AS", f"FIRMA {FOUND}")
    assert company.registered_on == date(2024, 2, 1)
    assert (company.in_vat_register, company.in_business_register) == (True, True)
    assert client.company(BANKRUPT).bankrupt is True


def test_a_deleted_company_answers_as_if_it_were_there(client):
    company = client.company(DELETED)
    assert (company.finding, company.deleted_on) == (Finding.DELETED, date(2025, 6, 30))


def test_removed_by_law_and_unknown_are_told_apart(client):
    assert client.company(REMOVED).finding is Finding.REMOVED
    assert client.company(UNKNOWN).finding is Finding.UNKNOWN


def test_the_version_is_pinned_and_roles_are_never_asked_for(client, held):
    client.company(FOUND)
    assert held.accepts == ["application/vnd.brreg.enhetsregisteret.enhet.v2+json;charset=UTF-8"]
    assert not any("roller" in path for path in held.asked)


def test_a_fault_of_the_server_is_tried_again(client, held):
    held.faults = [503, 500]
    assert client.company(FOUND).finding is Finding.FOUND
    assert len(held.asked) == 3


def test_a_server_that_stays_broken_or_slow_is_said_to_be_out_of_reach(client, held):
    held.faults = [503] * 9
    with pytest.raises(RegisterFailed, match="cannot be reached"):
        client.company(FOUND)
    held.faults, held.pause = [], 1.0
    with pytest.raises(RegisterFailed, match="cannot be reached"):
        client.company(FOUND)


def test_nobody_at_the_address_is_said_to_be_out_of_reach():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with Client(address, pause=0.01) as asking, pytest.raises(RegisterFailed, match="reached"):
        asking.company(FOUND)


def test_a_bad_request_is_not_tried_again_and_says_why(client, held):
    held.entities[FOUND] = (
        400, {"valideringsfeil": [{"feilmelding": "Ugyldig nummer"}], "feilmelding": "Feil"}
    )  # fmt: skip
    with pytest.raises(RegisterFailed, match="Ugyldig nummer"):
        client.company(FOUND)
    assert len(held.asked) == 1


@pytest.mark.parametrize("body", [None, {"navn": "UTEN NUMMER"}, {"organisasjonsnummer": "1"}])
def test_an_answer_that_cannot_be_read_is_refused(client, held, body):
    if body is None:
        held.garbage = True
    else:
        held.entities[FOUND] = (200, body)
    with pytest.raises(RegisterFailed, match="cannot be read"):
        client.company(FOUND)


def test_the_feed_is_read_page_by_page_and_ends(client, held):
    held.updates = [(n, FOUND) for n in range(5, 12)]
    assert [one.number for one in client.updates([FOUND], 6)] == [7, 8, 9, 10, 11]
    assert list(client.updates([FOUND], 11)) == []
    assert len(held.asked) == 3 + 1 + 1


def test_an_answer_that_sends_elsewhere_is_not_followed(held):
    with register() as elsewhere, Client(held.url, timeout=0.5, pause=0.01) as asking:
        held.elsewhere = f"{elsewhere.url}/enheter/{FOUND}"
        with pytest.raises(RegisterFailed):
            asking.company(FOUND)
        assert elsewhere.asked == []


def test_a_server_without_a_certificate_that_counts_is_not_asked(tmp_path):
    with register(certified(tmp_path)) as held, Client(held.url, timeout=2, pause=0.01) as asking:
        with pytest.raises(RegisterFailed):
            asking.company(FOUND)
        assert held.asked == []
