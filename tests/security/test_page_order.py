"""Who asks for things out of order: a page before the door was ever opened, a part of somebody
else's page, and an address that no link makes."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.util import calc_hash

from sandkasse.config import PROJECT_FOLDER
from tests.browser.serving import Server
from tests.security import browsing
from tests.security.browsing import asking, holding, pressed
from tests.security.calling import words_of
from tests.security.serving import addresses
from tests.security.world import PERSONA_OF, SECRETS, hidden_from, word


def _rerun(query: str, *, page: str = "", script: str = "") -> BackMsg:
    message = BackMsg()
    asked = message.rerun_script
    asked.query_string, asked.page_name, asked.page_script_hash = query, page, script
    return message


#: What a page's script may be asked for by: its hash in Streamlit of today, and of earlier.
def _hashes(page: str) -> tuple[str, ...]:
    path = PROJECT_FOLDER / "pages" / f"{page}.py"
    return tuple(map(calc_hash, (page, str(path), f"pages/{page}.py")))


@pytest.mark.parametrize("who", [*PERSONA_OF, "visitor"])
def test_a_page_asked_for_before_the_door_tells_no_more_than_behind_it(server: Server, world, who):
    """The first thing that the session says is which script it wants; no page was drawn before."""
    leaked, titled = {}, 0
    pages = [(page, query) for page, query in addresses(world.ids) if page]
    for page, query in dict(pages).items():
        told = "&".join(f"{name.replace('_', '-')}={value}" for name, value in query.items())
        for script in _hashes(page):
            with browsing.session(server.url, world.id_of(who)) as opened:
                drawn = opened.send(_rerun(told, script=script))
                titled += any(kind == "heading" for kind, _element in drawn.elements)
                hidden = words_of(hidden_from(who), drawn.sent + opened.files(drawn))
                if hidden or drawn.exceptions or drawn.broken:
                    leaked[page, script] = hidden
    assert leaked == {}
    # The net catches something: pages were drawn.
    assert titled >= len(dict(pages))


def test_a_part_of_somebody_elses_page_is_not_drawn(server: Server, world):
    """Its number is the lead's; pressed by a stranger it tells and does nothing."""
    with (
        browsing.session(server.url, world.id_of("lead")) as lead,
        browsing.session(server.url, world.id_of("stranger")) as stranger,
        browsing.session(server.url, None) as visitor,
    ):
        people = lead.run("people")
        chosen = lead.run("people", asking(people.widget("people"), "opened", 3))
        agenda = lead.run("meetings", meeting=world.ids["meeting"], view="agenda")
        button = next(one for one in agenda.widgets if one.label == "Add an item")
        dialog = lead.run("meetings", pressed(button), meeting=world.ids["meeting"], view="agenda")
        parts = {chosen.fragment, dialog.fragment}
        assert all(parts)
        assert len(parts) == 2
        title, save = dialog.widget("item-title"), dialog.widget("item-do")
        for opened, who in ((stranger, "stranger"), (visitor, "visitor")):
            for part in sorted(parts):
                # Streamlit answers nothing to that: what is told by then comes with the next page.
                asked = _rerun(f"meeting={world.ids['meeting']}&view=agenda", page="meetings")
                asked.rerun_script.fragment_id = part
                asked.rerun_script.widget_states.widgets.extend(
                    [holding(title, "Zqforeign"), pressed(save)]
                )
                opened.socket.send(asked.SerializeToString())
                drawn = opened.run("home")
                assert not drawn.exceptions
                assert not words_of(hidden_from(who), drawn.sent)
        after = lead.run("meetings", meeting=world.ids["meeting"], view="agenda")
        assert "Zqforeign" not in after.sent


#: Addresses that no link and no browser makes.
FORGED = (
    "idea={idea}&idea=1", "idea=1&idea={idea}", "idea={idea}%00", "idea=%ff%fe{idea}",
    "idea[]={idea}",
    "idea={idea}&embed=true&embed_options=show_toolbar", "%69dea={idea}", "idea=%2B{idea}",
    "idea= {idea}", "idea={idea}.0", "idea=0x{idea}", "idea={idea}&" + "a=b&" * 5_000,
    "idea={idea}&__proto__[actor]=1", "idea={idea}&actor=8&person_id=8&sandkasse_persona=8",
    "idea={idea}&language=../../etc/passwd", "idea={idea}#fragment", "&&&===", "idea",
)  # fmt: skip


@pytest.mark.parametrize("who", ["visitor", "stranger"])
def test_a_forged_address_opens_nothing(server: Server, world, who):
    leaked = {}
    with browsing.session(server.url, world.id_of(who)) as opened:
        for page, name in (("idea", "quiet"), ("idea", "tax"), ("touchpoint", "matter")):
            for forged in FORGED:
                told = forged.format(idea=world.ids[name]).replace("idea", page)
                drawn = opened.send(_rerun(told, page=page))
                hidden = words_of(hidden_from(who), drawn.sent)
                if hidden or drawn.exceptions or drawn.broken:
                    leaked[page, told[:60]] = (hidden, drawn.alerts)
    assert leaked == {}


def test_the_secrets_are_seen_by_who_may(server: Server, world):
    """What is searched for above is really there: a lead who asks the same way reads it."""
    with browsing.session(server.url, world.id_of("lead")) as opened:
        drawn = opened.send(_rerun(f"idea={world.ids['quiet']}", script=calc_hash("idea")))
    assert words_of(map(word, SECRETS), drawn.sent)
