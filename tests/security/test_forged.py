"""Widgets that lie: choices that were not offered, buttons that were not shown, files that were
not sent, and other people's sessions."""

import os
import urllib.error
import urllib.request
from contextlib import closing

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import InvalidStatus

from sandkasse.access import Action
from sandkasse.database import Database
from sandkasse.lookups import REFUSED
from tests.browser.serving import Server
from tests.builders import contents
from tests.security import browsing
from tests.security.browsing import Session, Widget, asking, holding, pressed
from tests.security.calling import words_of
from tests.security.serving import addresses, furnished_server
from tests.security.world import hidden_from

#: Whether there is time for all lies (``make fuzz``).
FUZZ = bool(os.environ.get("SANDKASSE_FUZZ"))


def _state(widget: Widget, **value) -> WidgetState:
    return WidgetState(id=widget.id, **value)


def lies(widget: Widget) -> list[WidgetState]:
    """What a widget of this kind would never hold."""
    text = ["Zq-not-an-option", "a" * 100_000, "\x00\u202e", "{0.__class__} %s {n}", "-1"]
    numbers = [-(2**53), 2**53, -1, 10**6]
    kind = widget.kind
    if kind in ("selectbox", "text_input", "text_area"):
        return [_state(widget, string_value=one) for one in text]
    if kind == "radio":
        return [holding(widget, one) for one in text] + [
            _state(widget, int_value=one) for one in numbers
        ]
    if kind in ("multiselect", "date_input", "date_time_input", "time_input", "button_group"):
        states = []
        for one in (["Zq-not-an-option"] * 50, ["0001-01-01"], ["9999-12-31"], [""]):
            state = WidgetState(id=widget.id)
            state.string_array_value.data.extend(one)
            states.append(state)
        return states
    if kind in ("number_input", "slider"):
        return [_state(widget, double_value=float(one)) for one in numbers] + [
            _state(widget, double_value=float("nan")), _state(widget, double_value=float("inf"))
        ]  # fmt: skip
    if kind == "pagination":
        return [_state(widget, int_value=one) for one in numbers]
    if kind == "bidi_component":
        names = ("opened", "acted", "moved", "paged", "changed")
        values = [
            "x", -1, 2**60, None, {}, [], {"idea": "x", "to": "x"}, {"stage": 1, "page": "y"},
            {"idea": 1, "to": "growth"}, {"stage": "idea-bank", "page": -(2**60)},
        ]  # fmt: skip
        return [asking(widget, name, value) for name in names for value in values]
    if kind == "file_uploader":
        state = WidgetState(id=widget.id)
        state.file_uploader_state_value.uploaded_file_info.add(
            file_id="none", name="../../etc/passwd", size=2**40
        )
        return [state]
    return []


#: Kinds of which Streamlit itself fails to read a lie, before a line of ours has run: the page says
#: that something went wrong, with a reference.
READ_BY_STREAMLIT = {"radio", "number_input"}


@pytest.mark.parametrize("who", ["lead", "stranger"])
def test_choices_that_were_not_offered_break_nothing_and_tell_nothing(server: Server, world, who):
    faults, told = [], 0
    with browsing.session(server.url, world.cast[who].person_id) as opened:
        for page, query in addresses(world.ids):
            for widget in {one.id: one for one in opened.run(page, **query).widgets}.values():
                every = [] if widget.key in ("document", "language-switch") else lies(widget)
                # One lie a widget in turn; all of them when there is time.
                for lie in every if FUZZ else every[told % len(every) :][:1] if every else []:
                    told += 1
                    drawn = opened.run(page, lie, **query)
                    leaked = words_of(hidden_from(who), drawn.sent)
                    broken = drawn.broken and widget.kind not in READ_BY_STREAMLIT
                    if drawn.exceptions or broken or leaked:
                        faults.append((page, query, widget.kind, widget.key, leaked))
    assert faults == []
    assert told > 20


def _fresh(tmp_path_factory, furnished):
    return furnished_server(tmp_path_factory.mktemp("replayed"), furnished[0])


def test_buttons_that_were_not_shown_do_nothing(tmp_path_factory, furnished, world):
    """Each button and form of a lead and a mentor, pressed by those who were not shown it."""
    with _fresh(tmp_path_factory, furnished) as server:
        shown: dict[tuple[str, str], dict[str, Widget]] = {}
        for who in ("lead", "mentor", "tax", "student"):
            with browsing.session(server.url, world.cast[who].person_id) as opened:
                for page, query in addresses(world.ids):
                    found = shown.setdefault((page, str(query)), {})
                    found |= {one.id: one for one in opened.run(page, **query).widgets}
        answers = []
        for who in ("stranger", "registers", "visitor"):
            with browsing.session(server.url, world.id_of(who)) as opened:
                for page, query in addresses(world.ids):
                    own = {one.id for one in opened.run(page, **query).widgets}
                    others = [
                        one
                        for key, one in shown[page, str(query)].items()
                        if key not in own and one.kind in ("button", "download_button")
                    ]
                    for widget in others:
                        drawn = opened.run(page, pressed(widget), **query)
                        leaked = words_of(hidden_from(who), drawn.sent)
                        if drawn.exceptions or drawn.broken or leaked:
                            answers.append((who, page, query, widget.key, leaked))
        assert answers == []
        path = server.database
    before, after = (_settled(one) for one in (furnished[0], path))
    assert after == before


def _settled(path) -> dict[str, list[tuple[object, ...]]]:
    """All that a database holds, but what the app keeps by itself: that deadlines are near, who
    looked up what, and who was refused what."""
    looking = [action.value for action in Action if action.name.startswith("SEE_")] + [REFUSED]
    with closing(Database.open(path)) as db:
        held = contents(db)
        held["audit"] = db.rows(
            "FROM audit WHERE action NOT IN (SELECT unnest(?)) ORDER BY ALL", [looking]
        )
        held["notice"] = db.rows("FROM notice WHERE kind <> 'deadline' ORDER BY ALL")
        return held


@pytest.mark.parametrize("who", ["stranger", "registers", "tax", "student", "mentor", "lead"])
def test_what_opens_at_a_press_tells_no_secret_and_breaks_nothing(
    tmp_path_factory, furnished, world, who
):
    """Each button and expander that somebody is shown, pressed once: dialogs, forms, lists."""
    faults = []
    with (
        _fresh(tmp_path_factory, furnished) as server,
        browsing.session(server.url, world.cast[who].person_id) as opened,
    ):
        for page, query in addresses(world.ids):
            for widget in {one.id: one for one in opened.run(page, **query).widgets}.values():
                if widget.key == "sign-out" or widget.kind not in _OPENS:
                    continue
                drawn = opened.run(page, _OPENS[widget.kind](widget), **query)
                secrets = hidden_from(who) if who not in ("mentor", "lead") else set()
                leaked = words_of(secrets, drawn.sent + opened.files(drawn))
                if drawn.exceptions or drawn.broken or leaked:
                    faults.append((page, query, widget.kind, widget.key, leaked))
    assert faults == []


_OPENS = {
    "button": pressed,
    "expandable": lambda widget: holding(widget, True),
    "popover": lambda widget: holding(widget, True),
    "checkbox": lambda widget: holding(widget, True),
}


def test_what_one_visitor_asks_for_does_not_stop_the_others(server: Server, world):
    with (
        browsing.session(server.url, world.cast["student"].person_id) as victim,
        browsing.session(server.url, None) as attacker,
    ):
        victim.run("home")
        attacker.run("")
        for message in (BackMsg(clear_cache=True), BackMsg(debug_shutdown_runtime=True)):
            attacker.socket.send(message.SerializeToString())
        attacker.socket.send(BackMsg(load_git_info=True).SerializeToString())
        told = attacker.run("home")
        assert not any(one.WhichOneof("type") == "git_info_changed" for one in told.messages)
        for page in ("home", "idea_bank", "submit"):
            drawn = victim.run(page)
            assert not drawn.broken
            assert not drawn.exceptions
            assert len(drawn.widgets) > 2


def test_a_page_of_another_origin_gets_no_socket(server: Server):
    with pytest.raises(InvalidStatus):
        Session(server.url, None, origin="https://evil.example")


def _put(server: Server, path: str, *, token: str = "", cookie: str = "") -> int:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="x.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF-1.7\r\n--b--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b", "X-Xsrftoken": token,
               "Cookie": f"_streamlit_xsrf={cookie}"}  # fmt: skip
    request = urllib.request.Request(  # noqa: S310
        f"{server.url}_stcore/upload_file/{path}", data=body, headers=headers, method="PUT"
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_file_comes_in_only_with_a_session_and_the_token_of_the_page(server: Server, world):
    _status, page = Session(server.url, None).fetch("/")
    assert b"<html" in page
    with browsing.session(server.url, world.cast["student"].person_id) as opened:
        opened.run("home")
        assert _put(server, f"{opened.session_id}/one") == 403
        assert _put(server, f"{opened.session_id}/one", token="a" * 32, cookie="b" * 32) == 403
        assert _put(server, "no-such-session/one", token="a" * 32, cookie="a" * 32) == 400


def test_a_file_of_somebody_else_has_an_address_that_cannot_be_guessed(server: Server, world):
    """Its name is the hash of what it holds, and nothing lists the names."""
    with browsing.session(server.url, world.cast["student"].person_id) as opened:
        drawn = opened.run("application", application=world.ids["application"])
        (address,) = drawn.media
        assert len(address.rpartition("/")[2].partition(".")[0]) == 32
        assert opened.fetch(address)[0] == 200
        assert opened.fetch("/media/")[0] in (404, 405)
        assert opened.fetch(f"/media/{'0' * 32}.pdf")[0] == 404


def test_a_file_that_is_not_made_yet_has_an_address_that_cannot_be_guessed(server, world):
    with browsing.session(server.url, world.cast["tax"].person_id) as member:
        found = member.run("meetings", meeting=world.ids["meeting"], view="papers").deferred
        assert len(found) == 6
        assert {len(one) for one in found} == {32}
        assert member.made("0" * 32) == ""
        own = member.session_id
        member.session_id = "somebody-else"
        assert {member.made(one) for one in found} == {""}
        member.session_id = own


def _add_dialog(session: Session, meeting: int):
    """The dialog in which an item is added to an agenda, open."""
    drawn = session.run("meetings", meeting=meeting, view="agenda")
    button = next(one for one in drawn.widgets if one.label == "Add an item")
    return session.run("meetings", pressed(button), meeting=meeting, view="agenda")


def test_once_the_access_is_closed_an_open_dialog_and_a_download_are_refused(
    tmp_path_factory, furnished, world
):
    meeting, tax = world.ids["meeting"], world.cast["tax"].person_id
    with (
        _fresh(tmp_path_factory, furnished) as server,
        browsing.session(server.url, tax) as papers,
        browsing.session(server.url, tax) as agenda,
        browsing.session(server.url, world.cast["lead"].person_id) as lead,
    ):
        offered = papers.run("meetings", meeting=meeting, view="papers")
        first, second, *_others = sorted(offered.deferred)
        assert papers.made(first)
        dialog = _add_dialog(agenda, meeting)
        people = lead.run("people")
        chosen = lead.run("people", asking(people.widget("people"), "opened", tax))
        block = chosen.widget(f"person-{tax}-block")
        lead.run("people", pressed(block), fragment=chosen.fragment)
        assert papers.made(second) == ""
        title, save = dialog.widget("item-title"), dialog.widget("item-do")
        after = agenda.run(
            "meetings", holding(title, "Zqnewitem"), pressed(save), fragment=dialog.fragment,
            meeting=meeting, view="agenda",
        )  # fmt: skip
        assert any("access has been closed" in alert for alert in after.alerts)
        seen = lead.run("meetings", meeting=meeting, view="agenda")
        assert "Zqnewitem" not in seen.sent
