"""What comes in and goes out through Chromium: headers on it, and words when it is refused."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from sandkasse.errors import NotAllowed
from sandkasse.i18n import _, in_language
from sandkasse.ui import downloads
from tests.browser import serving
from tests.browser.serving import Server, settled, visitor
from tests.ui.test_headers import check_common


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demonstration in which one may take two files along within an hour."""
    folder = tmp_path_factory.mktemp("strict")
    with serving.server(folder, ideas=8, SANDKASSE_DOWNLOADS_AN_HOUR=2) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real Chromium."""
    with serving.browser() as opened:
        yield opened


def opened(chromium: Browser, strict: Server, path: str, language: str = "en") -> Page:
    """A page as the lead, drawn to the end."""
    page = visitor(chromium, strict.url, "lead", language).new_page()
    page.goto(strict.url + path)
    settled(page)
    return page


@pytest.mark.browser
def test_an_upload_and_a_download_have_the_headers(chromium: Browser, strict: Server) -> None:
    page, heard = opened(chromium, strict, "exchange"), []

    def hear(response: Response) -> None:
        if "/_stcore/upload_file/" in response.url or "/media/" in response.url:
            heard.append(response)

    page.context.on("response", hear)
    log = {"name": "log.csv", "mimeType": "text/csv", "buffer": b"idea,stage\n1,idea-bank\n"}
    with page.expect_response(lambda response: "/_stcore/upload_file/" in response.url):
        page.set_input_files('input[type="file"]', files=[log])
    settled(page)
    page.goto(strict.url + "agencies")
    settled(page)
    with page.context.expect_event("response", lambda response: "/media/" in response.url):
        page.get_by_role("button", name="Download as a table").click()
    ours = [response for response in heard if "/static/" not in response.url]
    assert {response.request.method for response in ours} >= {"PUT", "GET"}
    for response in ours:
        told = response.headers
        check_common({name.title(): value for name, value in told.items()})  # type: ignore[arg-type]
        assert told["cache-control"] == "no-store"
        assert "script-src" not in told["content-security-policy"]
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "nb"])
def test_one_download_too_many_says_when_it_may_be_tried_again(
    chromium: Browser, strict: Server, language: str
) -> None:
    with in_language(language):
        page = opened(chromium, strict, "agencies", language)
        button = page.get_by_role("button", name=_("Download as a table (CSV)"))
        refused = page.get_by_text(
            {"en": "That was too many times in a row", "nb": "Det ble for mange ganger"}[language]
        )
        for _time in range(3):
            if refused.count():
                break
            button.click()
            page.wait_for_timeout(1_500)
        expect(refused).to_be_visible()
        page.context.close()


def test_what_nobody_had_foreseen_is_told_with_a_reference() -> None:
    def fail() -> bytes:
        raise ValueError("Kari Nordmann")

    with in_language("nb"):
        made = downloads.when_asked(fail)
    with pytest.raises(downloads.NotMade, match="referanse") as failed:
        made()
    assert "Nordmann" not in failed.value.message


def test_a_refusal_is_told_in_its_own_words() -> None:
    def refuse() -> bytes:
        raise NotAllowed("No longer.")

    with pytest.raises(NotAllowed, match="No longer"):
        downloads.when_asked(refuse)()
