"""What a page leaves in the browser: how it is looked at, and nothing of people or their ideas."""

import json

import pytest

from sandkasse.ui.document import PERSONA_COOKIE
from tests.browser.serving import settled, visitor

pytestmark = pytest.mark.browser

PATHS = ("home", "idea_bank", "idea?idea=1", "board", "people", "meetings?meeting=6", "audit")
#: Everything that scripts of this address could find again, and what is written on the page.
_KEPT = """async () => ({
    local: {...localStorage}, session: {...sessionStorage}, cookies: document.cookie,
    databases: await indexedDB.databases(), caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""


def test_a_browser_keeps_nothing_that_stood_on_the_pages(served, chromium):
    page = visitor(chromium, served.url, "lead").new_page()
    shown: list[str] = []
    for path in PATHS:
        page.goto(served.url + path)
        settled(page)
        shown += page.locator("[data-testid=stMain]").inner_text().splitlines()
        # Titles and names stand in components, whose insides are no part of the page's own text.
        shown += page.locator("[data-testid=stMain] li").all_inner_texts()
    kept = page.evaluate(_KEPT)
    assert (kept["databases"], kept["caches"], kept["workers"]) == ([], [], 0)
    cookies = {one.split("=")[0].strip() for one in kept["cookies"].split(";")}
    assert cookies <= {"_streamlit_xsrf", "sandkasse_language", PERSONA_COOKIE}
    stored = json.dumps([kept["local"], kept["session"]], ensure_ascii=False)
    lines = {line.strip() for one in shown for line in one.splitlines() if len(line.strip()) > 12}
    assert len(lines) > 200
    assert {line for line in lines if line in stored} == set()
    page.context.close()
