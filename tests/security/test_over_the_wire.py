"""What a real server sends to a browser: to each of the cast, on every page, and to who lies."""

import pytest

from sandkasse.config import PROJECT_FOLDER
from tests.browser.serving import Server
from tests.security import browsing
from tests.security.browsing import Session
from tests.security.calling import words_of
from tests.security.serving import addresses
from tests.security.world import PERSONA_OF, SECRETS, hidden_from, word

CAST = (*PERSONA_OF, "visitor")


#: What is shown in a dialog that is opened, or in a text's history.
BEHIND_A_DIALOG = {"quietideaearlier", "contactbefore", "taxassessment", "addressofthestranger"}


@pytest.mark.parametrize("who", CAST)
def test_nothing_that_somebody_may_not_read_reaches_the_browser(server: Server, world, who):
    leaked, read = {}, set()
    with browsing.session(server.url, world.id_of(who)) as opened:
        for page, query in addresses(world.ids):
            drawn = opened.run(page, **query)
            assert not drawn.exceptions, (page, query)
            assert not drawn.broken, (page, query)
            everything = drawn.sent + opened.files(drawn)
            read |= words_of(map(word, SECRETS), everything)
            if hidden := words_of(hidden_from(who), everything):
                leaked[page, str(query)] = hidden
    assert leaked == {}
    # What may be read is read: the net catches what it is to catch.
    assert set(map(word, set(SECRETS) - BEHIND_A_DIALOG)) - hidden_from(who) <= read


def test_every_page_is_opened(world):
    pages = {path.stem for path in (PROJECT_FOLDER / "pages").glob("*.py")}
    assert pages == {page for page, _query in addresses(world.ids)} - {""}


EVIL = ("-1", "0", "999999999999999", "9" * 300, "1e9", "٣", "NaN", "", "<script>", "1;--", "\x00")
NAMES = {
    "idea": ("idea",), "touchpoint": ("touchpoint",), "position": ("position",),
    "application": ("application",), "meetings": ("meeting", "view", "page"),
    "idea_bank": ("page", "sort", "stage", "sandbox", "level", "theme", "mine", "search", "holder"),
    "board": ("sandbox", "mentor", "level", "overdue", "search"),
    "funnel": ("kind", "sandbox", "level", "theme", "from", "to", "as-of", "known-at", "receipt",
               "stage", "target", "by", "agency"),
    "people": ("page", "role", "search"), "agencies": ("view", "page", "agency", "search"),
    "recruitment": ("view", "page", "agency", "search", "place", "position"),
}  # fmt: skip


@pytest.mark.parametrize("who", ["lead", "stranger"])
def test_nothing_breaks_on_addresses_that_no_page_makes(server: Server, world, who):
    found = []
    with browsing.session(server.url, world.id_of(who)) as opened:
        for page, names in NAMES.items():
            for name in names:
                for value in EVIL:
                    drawn = opened.run(page, **{name: value})
                    if drawn.exceptions or drawn.broken:
                        found.append((page, name, value))
    assert found == []


def test_people_who_take_turns_get_their_own(server: Server, world):
    """What is remembered for one is never shown to another: of two agencies, two teams, two roles,
    who open the same pages in turn."""
    found = []
    cast = ("tax", "registers", "student", "stranger", "mentor")
    sessions = {who: Session(server.url, world.id_of(who)) for who in cast}
    try:
        for page, query in addresses(world.ids):
            for who, opened in sessions.items():
                drawn = opened.run(page, **query)
                if leaked := words_of(hidden_from(who), drawn.sent):
                    found.append((who, page, query, leaked))
    finally:
        for opened in sessions.values():
            opened.close()
    assert found == []
