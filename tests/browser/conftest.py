"""One server and one browser for all browser tests of a worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import serving
from tests.browser.serving import Server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demonstration of sixty ideas on a port of its own."""
    folder: Path = tmp_path_factory.mktemp("served")
    with serving.server(folder, ideas=60) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real Chromium."""
    with serving.browser() as opened:
        yield opened


@pytest.fixture(autouse=True)
def nothing_is_refused() -> Iterator[None]:
    """On no page does Chromium refuse anything by the policy that the page came with."""
    serving.refusals()
    yield
    assert serving.refusals() == []
