"""Signing in for real: two providers in a process of their own, the app in another, and Chromium
between them. One provider behaves as Feide is documented to.
"""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from sandkasse import clock
from tests.browser import serving
from tests.browser.serving import NARROW, WIDE, settled
from tests.proxying import proxy
from tests.sign_in.provider import CLIENT, SECRET

pytestmark = pytest.mark.browser

WAIT = 20_000
SESSION_HOURS = 12
DISCOVERY = ".well-known/openid-configuration"


def at_feide(sub: str, name: str, *affiliations: str, **userinfo: Any) -> dict[str, Any]:
    """Somebody as Feide tells of them: nothing in the ID token, the affiliation apart."""
    login = name.split()[0].lower()
    told = {
        "name": name,
        "email": f"{login}@uit.example",
        "email_verified": False,
        "https://n.feide.no/claims/eduPersonPrincipalName": f"{login}@uit.no",
    }
    return {
        "sub": sub,
        "userinfo": {**told, **userinfo},
        "extended": {"eduPersonAffiliation": list(affiliations)},
    }


def at_entra(sub: str, name: str, email: str) -> dict[str, Any]:
    """Somebody as a provider tells of them that puts all in the ID token."""
    return {"sub": sub, "token": {"name": name, "email": email, "email_verified": True}}


FEIDE = {
    "lars": at_feide("lars-1", "Lars Lead", "employee"),
    "sara": at_feide("sara-1", "Sara Student", "student", "member"),
    "eva": at_feide("eva-1", "Eva Employee", "employee"),
    "odd": at_feide("odd-1", "Odd Ended", "student"),
    "bo": at_feide("bo-1", "Bo Blocked", "student"),
    "gro": at_feide("gro-1", "Gro Gone", "student"),
    "ina": at_feide("ina-1", "Ina Idle", "alum"),
}
ENTRA = {
    "mona": at_entra("mona-1", "Mona Member", "mona@skatteetaten.example"),
    "thief": at_entra("thief-1", "Sara Student", "sara@uit.example"),
}


@dataclass
class World:
    """The app, its providers, and a browser."""

    url: str
    providers: str
    chromium: Browser
    lead: Page | None = None

    def steer(self, name: str, **wanted: Any) -> dict[str, Any]:
        """Change what a provider holds, or what goes wrong there."""
        request = urllib.request.Request(  # noqa: S310
            f"{self.providers}/{name}/control", json.dumps(wanted).encode(), method="POST"
        )
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return dict(json.load(answer))

    def visitor(self, language: str = "en") -> Page:
        """A browser nobody has signed in with."""
        return serving.visitor(self.chromium, self.url, None, language).new_page()

    def looking(self, page: Page, language: str, width: int, scheme: str) -> Page:
        """Another window of whoever has this one, to look at in another way."""
        seen = serving.visitor(self.chromium, self.url, None, language, width, scheme)
        others = [one for one in page.context.cookies() if one["name"] != "sandkasse_language"]
        seen.add_cookies(others)  # type: ignore[arg-type]
        return seen.new_page()

    def as_lead(self) -> Page:
        """The lead's window, the same for all tests."""
        self.lead = self.lead or self.signed_in("lars")
        return self.lead

    def signed_in(self, login: str, provider: str = "Feide", page: Page | None = None) -> Page:
        """Somebody who has just come back from the provider."""
        page = page or self.visitor()
        page.goto(self.url)
        page.get_by_role("button", name=f"Sign in with {provider}").click(timeout=WAIT)
        page.get_by_role("link", name=login, exact=True).click(timeout=WAIT)
        page.wait_for_url(re.compile(re.escape(self.url)), timeout=WAIT)
        settled(page)
        return page


SETTINGS = """
session_hours = {hours}
grace_days = 0
[providers.feide]
label = "Feide"
extended_userinfo = "{providers}/feide/extended"
affiliations = ["student", "employee"]
[providers.entra]
label = "Entra ID"
[[rules]]
provider = "feide"
affiliation = "student"
realm = "uit.no"
role = "student"
[[rules]]
provider = "entra"
email_domain = "skatteetaten.example"
role = "member"
agency = "skatteetaten"
"""

SECRETS = """
[auth]
redirect_uri = "{url}oauth2callback"
cookie_secret = "forty-letters-that-nobody-else-can-know!"
expose_tokens = ["access"]
"""

SECTION = """
[auth.{name}]
client_id = "{client}"
client_secret = "{secret}"
server_metadata_url = "{providers}/{name}/.well-known/openid-configuration"
client_kwargs = {{ scope = "openid profile email" }}
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[World]:
    """The app and two providers, each a process of its own."""
    port = serving.free_port()
    with served(tmp_path_factory.mktemp("signing-in"), chromium, port) as made:
        yield made


@contextmanager
def served(
    folder: Path, chromium: Browser, port: int, url: str | None = None, **more: object
) -> Iterator[World]:
    """The app at a port, and two providers that send people back to ``url``, where they reach it.
    ``more`` are further settings of the app."""
    url, providers_port = url or f"http://localhost:{port}/", serving.free_port()
    providers = f"http://localhost:{providers_port}"
    sections = [
        SECTION.format(name=name, client=CLIENT, secret=SECRET, providers=providers)
        for name in ("feide", "entra")
    ]
    nowhere = f"http://localhost:{serving.free_port()}"
    sections.append(SECTION.format(name="gone", client=CLIENT, secret=SECRET, providers=nowhere))
    (folder / "secrets.toml").write_text(SECRETS.format(url=url) + "".join(sections), "utf-8")
    settings = folder / "sign_in.toml"
    settings.write_text(SETTINGS.format(hours=SESSION_HOURS, providers=providers), "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.sign_in.provider", str(providers_port), "feide", "entra"]
    )
    try:
        serving.wait(f"{providers}/feide/jwks", process)
        more.update(SANDKASSE_SIGN_IN=settings, SANDKASSE_LEADS=f"{providers}/feide|lars-1")
        with serving.server(folder, 0, port, **more):
            made = World(url, providers, chromium)
            made.steer("feide", people=FEIDE)
            made.steer("entra", people=ENTRA)
            yield made
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()


@pytest.fixture(autouse=True)
def sound(world: World, chromium: Browser) -> Iterator[None]:
    """Nothing goes wrong with the providers unless the test says so; its windows are closed."""
    world.steer("feide", faults={}, people=FEIDE)
    world.steer("entra", faults={}, people=ENTRA)
    yield
    for context in chromium.contexts:
        if world.lead is None or context != world.lead.context:
            context.close()


def says(page: Page, text: str | re.Pattern[str]) -> None:
    """Wait until the page says this."""
    expect(page.get_by_text(text).first).to_be_visible(timeout=WAIT)


def headed(page: Page, heading: str) -> None:
    """Wait until the page has this heading."""
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible(timeout=WAIT)


def is_outside(page: Page) -> None:
    """Wait until the page offers nothing but to sign in."""
    expect(page.get_by_role("button", name="Sign in with Feide")).to_be_visible(timeout=WAIT)
    assert page.get_by_role("link", name="Idea bank").count() == 0


def dialog_of(page: Page, world: World, name: str) -> None:
    """A lead opens the dialog about somebody."""
    page.goto(world.url + "people?search=" + name.replace(" ", "%20"))
    settled(page)
    page.get_by_role("list", name="People").get_by_role("link", name=name).first.click()
    expect(page.get_by_role("dialog")).to_be_visible(timeout=WAIT)


def axe_faults(page: Page) -> list[str]:
    """What axe finds wrong on a page."""
    return [
        f"{fault['id']}: {node['html'][:120]}"
        for fault in Axe().run(page).response["violations"]
        for node in fault["nodes"]
    ]


def identity_cookie(context: BrowserContext) -> dict[str, Any]:
    """The cookie that says who is signed in."""
    return next(dict(one) for one in context.cookies() if one["name"] == "_streamlit_user")


def test_a_student_is_let_in_by_rule_with_the_name_from_the_userinfo_endpoint(world):
    page = world.signed_in("sara")
    headed(page, "My page")
    says(page, "Sara Student · Student")
    assert world.steer("feide")["asked"][-2:] == ["userinfo", "extended"]


def test_whoever_returns_is_in_at_once_and_the_provider_is_not_asked_again(world):
    page = world.signed_in("sara")
    before = len(world.steer("feide")["asked"])
    again = page.context.new_page()
    again.goto(world.url + "idea_bank")
    headed(again, "Idea bank")
    assert len(world.steer("feide")["asked"]) == before


def test_signing_out_ends_the_session_in_every_window_and_for_a_copied_cookie(world):
    page = world.signed_in("sara")
    other = page.context.new_page()
    other.goto(world.url)
    headed(other, "My page")
    copied = identity_cookie(page.context)
    page.get_by_role("button", name="Sign out").click()
    is_outside(page)
    assert "endsession" in world.steer("feide")["asked"]

    other.get_by_role("link", name="Idea bank").click()
    says(other, "You have signed out, or were away for long.")
    thief = world.visitor()
    thief.context.add_cookies([copied])  # type: ignore[list-item]
    thief.goto(world.url + "idea_bank")
    says(thief, "You have signed out, or were away for long.")


def test_a_sign_in_is_seen_and_ended_from_another_browser(world):
    phone = world.signed_in("sara")
    desk = world.signed_in("sara")
    desk.goto(world.url + "privacy?view=mine")
    headed(desk, "Privacy")
    expect(desk.get_by_text("This browser")).to_have_count(1)
    ends = desk.get_by_role("button", name=re.compile("End it"))
    while ends.count():
        left = ends.count()
        ends.first.click()
        expect(ends).to_have_count(left - 1)
    phone.get_by_role("link", name="Idea bank").click()
    says(phone, "You have signed out, or were away for long.")
    desk.get_by_role("link", name="Idea bank").click()
    headed(desk, "Idea bank")


def test_whom_no_rule_fits_waits_and_reaches_nothing_until_a_lead_gives_a_role(world):
    page = world.signed_in("eva")
    headed(page, "You are signed in, and wait for a role")
    for address in ("idea_bank", "people", "board", "funnel", "submit", "idea?idea=1"):
        page.goto(world.url + address)
        headed(page, "You are signed in, and wait for a role")
        assert page.get_by_role("link", name="Idea bank").count() == 0

    lead = world.as_lead()
    lead.goto(world.url + "people")
    settled(lead)
    says(lead, "1 person waits for a role")
    lead.get_by_role("list", name="1 person waits").get_by_role("link").first.click()
    lead.get_by_role("combobox", name="Roles").click()
    lead.get_by_role("option", name="Mentor", exact=True).click()
    lead.keyboard.press("Tab")  # closes the list; the rest of the dialog is out of reach before
    lead.get_by_role("dialog").get_by_role("button", name="Save").click()
    says(lead, "Saved.")

    page.get_by_role("button", name="Look again").click()
    page.goto(world.url)
    says(page, "Eva Employee · Mentor")


def test_two_providers_at_once_each_by_its_own_rules(world):
    page = world.signed_in("mona", "Entra ID")
    says(page, "Mona Member · Member")
    student = world.signed_in("sara")
    says(student, "Sara Student · Student")


def test_another_subject_with_the_same_address_is_another_person(world):
    world.signed_in("sara")
    page = world.signed_in("thief", "Entra ID")
    headed(page, "You are signed in, and wait for a role")


def test_a_changed_name_and_address_stay_the_same_person(world):
    world.signed_in("gro")
    changed = at_feide("gro-1", "Gro Newname", "student", email="gro.newname@uit.example")
    world.steer("feide", people={**FEIDE, "gro": changed})
    page = world.signed_in("gro")
    says(page, "Gro Newname · Student")
    lead = world.as_lead()
    lead.goto(world.url + "people?search=gro")
    settled(lead)
    says(lead, "1 person")
    says(lead, "gro.newname@uit.example")


def test_whoever_a_lead_blocks_is_out_at_the_next_click(world):
    page = world.signed_in("bo")
    page.goto(world.url + "idea_bank")
    headed(page, "Idea bank")
    lead = world.as_lead()
    dialog_of(lead, world, "Bo Blocked")
    lead.get_by_role("button", name="Close the access").click()
    says(lead, "Saved.")

    page.get_by_role("link", name="New idea").click()
    says(page, "Your access has been closed.")
    assert page.get_by_role("link", name="Idea bank").count() == 0
    page.goto(world.url)
    says(page, "Your access has been closed.")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_access_ends_with_the_affiliation_and_a_lead_can_extend_it(world):
    world.signed_in("odd")
    world.steer("feide", people={**FEIDE, "odd": at_feide("odd-1", "Odd Ended", "alum")})
    page = world.signed_in("odd")
    says(page, re.compile("you are no longer seen as a student or an employee"))
    assert page.get_by_role("link", name="Idea bank").count() == 0

    lead = world.as_lead()
    dialog_of(lead, world, "Odd Ended")
    says(lead, "Feide said «alum».")
    lead.get_by_role("spinbutton", name="day, Keep the access until this day").focus()
    lead.keyboard.type((clock.today() + timedelta(days=30)).strftime("%d%m%Y"))
    lead.keyboard.press("Escape")  # closes the calendar
    lead.get_by_role("button", name="Keep until then").click()
    says(lead, "Saved.")

    page.goto(world.url)
    headed(page, "My page")
    says(page, re.compile("no longer says that you are a student"))


def test_a_session_that_is_too_old_asks_to_sign_in_again(world):
    world.steer("feide", faults={"seconds_ago": SESSION_HOURS * 3600 - 8})
    page = world.signed_in("sara")
    headed(page, "My page")
    page.wait_for_timeout(8_500)
    page.get_by_role("link", name="Idea bank").click()
    says(page, "You signed in too long ago.")
    is_outside(page)
    world.steer("feide", faults={})
    page.get_by_role("button", name="Sign in with Feide").click()
    page.get_by_role("link", name="sara", exact=True).click()
    headed(page, "My page")


@pytest.mark.parametrize(
    ("faults", "told"),
    [
        ({"audience": "another-app"}, "You signed in to another service"),
        ({"audience": ["another-app"]}, "You signed in to another service"),
        ({"issuer": "https://evil.example"}, "something went wrong between us"),
        ({"forged": True}, "something went wrong between us"),
        ({"shared_key": True}, "something went wrong between us"),
        ({"swapped": True}, "something went wrong between us"),
        ({"claims": {"nonce": "of another sign-in"}}, "something went wrong between us"),
        ({"claims": {"exp": 1_700_000_000}}, "something went wrong between us"),
        ({"claims": {"nbf": 4_000_000_000}}, "something went wrong between us"),
        ({"token": 500}, "something went wrong between us"),
        ({"denies": True}, "the sign-in was stopped"),
    ],
)
def test_a_token_that_is_not_for_us_or_not_to_be_had_lets_nobody_in(world, faults, told):
    world.steer("feide", faults=faults)
    page = world.signed_in("sara")
    says(page, re.compile(told))
    is_outside(page)


def test_an_answer_to_a_sign_in_that_was_never_begun_or_is_used_again_lets_nobody_in(world):
    forged = world.visitor()
    forged.goto(world.url + "oauth2callback?state=guessed&code=stolen")
    says(forged, re.compile("something went wrong between us"))
    is_outside(forged)

    answers: list[str] = []
    page = world.visitor()
    page.on("request", lambda asked: answers.append(asked.url))
    world.signed_in("sara", page=page)
    headed(page, "My page")
    (answer,) = [url for url in answers if "/oauth2callback?" in url]
    # In another browser, into which somebody was lured, and in the same one once more.
    lured = world.visitor()
    lured.goto(answer)
    says(lured, re.compile("something went wrong between us"))
    is_outside(lured)
    asked = len(world.steer("feide")["asked"])
    page.goto(answer)
    headed(page, "My page")
    assert "token" not in world.steer("feide")["asked"][asked:]


def test_scripts_and_other_sites_cannot_use_the_cookie_and_nothing_is_left_after_signing_out(world):
    page = world.signed_in("sara")
    headed(page, "My page")
    ours = [one for one in page.context.cookies() if one["name"].startswith("_streamlit_user")]
    assert {(one["httpOnly"], one["sameSite"], one["path"]) for one in ours} == {(True, "Lax", "/")}
    page.get_by_role("button", name="Sign out").click()
    is_outside(page)
    left = page.evaluate(
        """async () => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie,
            document.documentElement.outerHTML, (await indexedDB.databases()).length,
            (await caches.keys()).length])"""
    )
    assert "Sara" not in left
    assert left.endswith(",0,0]")
    assert [one["name"] for one in page.context.cookies() if "user" in one["name"]] == []


def test_behind_tls_a_sign_in_is_kept_for_this_host_alone_and_no_other_cookie_is_believed(
    tmp_path, chromium
):
    port, tls = serving.free_port(), serving.free_port()
    url = f"https://localhost:{tls}/"
    with proxy(tmp_path, port, tls), served(
        tmp_path, chromium, port, url, SANDKASSE_WEB_ADDRESS=url.rstrip("/")
    ) as world:  # fmt: skip
        context = chromium.new_context(ignore_https_errors=True, locale="en-GB")
        page = world.signed_in("sara", page=context.new_page())
        headed(page, "My page")
        ours = [dict(one) for one in context.cookies() if "_streamlit_user" in str(one["name"])]
        assert {str(one["name"]).split("_streamlit")[0] for one in ours} == {"__Host-"}
        kept = {(one["secure"], one["httpOnly"], one["path"]) for one in ours}
        assert kept == {(True, True, "/")}
        context.clear_cookies()
        # By the names that a neighbour under the same domain could set, or somebody without TLS.
        planted = [{**one, "name": str(one["name"]).removeprefix("__Host-")} for one in ours]
        context.add_cookies(planted)  # type: ignore[arg-type]
        page.goto(world.url)
        is_outside(page)
        context.add_cookies(ours)  # type: ignore[arg-type]
        page.goto(world.url)
        headed(page, "My page")
        page.get_by_role("button", name="Sign out").click()
        is_outside(page)
        left = {str(one["name"]) for one in context.cookies()}
        assert not any(name.startswith("__Host-_streamlit_user") for name in left)


def test_a_cookie_that_was_tampered_with_is_nobody(world):
    page = world.signed_in("sara")
    cookie = identity_cookie(page.context)
    middle = len(cookie["value"]) // 2
    letter = "A" if cookie["value"][middle] != "A" else "B"
    cookie["value"] = cookie["value"][:middle] + letter + cookie["value"][middle + 1 :]
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(world.url + "idea_bank")
    is_outside(page)


def test_userinfo_that_is_down_lets_nobody_in_until_it_answers_again(world):
    world.steer("feide", faults={"extended": 503})
    page = world.signed_in("sara")
    says(page, "Feide answered something we cannot use.")
    assert page.get_by_role("link", name="Idea bank").count() == 0
    world.steer("feide", faults={})
    page.get_by_role("button", name="Try again").click()
    headed(page, "My page")


def test_a_provider_that_is_down_is_told_of_before_anybody_is_sent_there(world):
    page = world.visitor()
    page.goto(world.url)
    page.get_by_role("button", name="Sign in with Gone").click(timeout=WAIT)
    says(page, "Gone does not answer just now.")
    is_outside(page)


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("nb", NARROW, "dark"), ("en", WIDE, "light")]
)
def test_axe_finds_nothing_on_what_is_seen_before_one_is_in(world, language, width, scheme):
    waiting, out = world.signed_in("ina"), world.visitor()
    world.steer("feide", faults={"extended": 503})
    turned_away = world.signed_in("gro")
    for seen, address in ((waiting, ""), (out, "?sign-in=failed"), (turned_away, "")):
        page = world.looking(seen, language, width, scheme)
        page.goto(world.url + address)
        settled(page)
        expect(page.locator("html")).to_have_attribute("lang", language, timeout=WAIT)
        assert axe_faults(page) == []


def test_a_provider_that_goes_down_on_the_way_there_is_told_of_too(world):
    def goes_down(route: Route) -> None:
        world.steer("feide", faults={DISCOVERY: 503})
        route.continue_()

    page = world.visitor()
    page.route("**/auth/login*", goes_down)
    page.goto(world.url)
    page.get_by_role("button", name="Sign in with Feide").click(timeout=WAIT)
    says(page, re.compile("something went wrong between us"))
    is_outside(page)
