"""Every form of the app with fields for words: who opens it, and how.

What opens it is pressed step by step: ``press:KEY`` a button, ``open:KEY`` an expander, ``row:KEY``
what can be done with the first row of a list, or ``row:KEY=ID`` with that one, ``choose:KEY=WORDS``
a choice. ``KEY`` is a part of what the page calls it, and ``{name}`` the id of something of the
world.
"""

import ast
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from streamlit.proto.WidgetStates_pb2 import WidgetState

from sandkasse.config import PROJECT_FOLDER
from tests.security.browsing import Drawn, Session, Widget, asking, holding, pressed
from tests.security.world import World

FIELDS = ("text_input", "text_area")


class Form(NamedTuple):
    """A form: whose it is, on which page, and the steps that open it. Values of ``about`` that
    name something of the world stand for its id. ``again`` is pressed where it cannot be opened
    since it was sent."""

    who: str
    page: str
    about: dict[str, str]
    steps: tuple[str, ...] = ()
    again: str = ""

    @property
    def called(self) -> str:
        """Its name in a test's."""
        return "-".join([self.who, self.page or "home", *self.about.values(), *self.steps])

    def query(self, world: World) -> dict[str, object]:
        """The page's query."""
        return {name: world.ids.get(value, value) for name, value in self.about.items()}


QUIET, APPLICATION, AGENDA, RESULTS = (
    {"idea": "quiet"}, {"application": "application"}, {"meeting": "meeting", "view": "agenda"},
    {"meeting": "meeting", "view": "results"},
)  # fmt: skip
FORMS = (
    Form("lead", "submit", {}),
    Form("lead", "idea", QUIET),
    Form("lead", "idea", QUIET, ("press:edit",)),
    Form("lead", "idea", QUIET, ("press:matter-new",)),
    Form("lead", "idea", QUIET, ("press:company-join",)),
    Form("lead", "idea", {"idea": "tax"}, ("press:merge",)),
    Form("mentor", "idea", {"idea": "open"}, ("press:move",)),
    Form("mentor", "idea", {"idea": "open"}, ("row:history",)),
    Form("lead", "idea", {"idea": "tax"}, ("press:withdraw",)),
    Form("student", "idea", {"idea": "open"}, ("row:checklist",)),
    Form("student", "idea", {"idea": "open"}, ("press:publish-ask",), "press:publish-undo"),
    Form("student", "home", {}, ("press:own-day",)),
    Form("lead", "idea_bank", {}),
    Form("lead", "touchpoint", {"touchpoint": "other_matter"}, ("choose:-kind=Note",)),
    Form("lead", "touchpoint", {"touchpoint": "matter"}, ("press:matter-describe",)),
    Form("lead", "agencies", {"view": "directory"}, ("press:contact-new",)),
    Form("lead", "agencies", {"view": "barriers"}, ("row:barriers",)),
    Form("lead", "meetings", {}, ("press:plan",)),
    Form("lead", "meetings", AGENDA, ("press:change",)),
    Form("lead", "meetings", AGENDA, ("press:add-item",)),
    Form("lead", "meetings", AGENDA, ("row:agenda",)),
    Form("lead", "meetings", {"meeting": "meeting", "view": "people"}),
    Form("lead", "meetings", RESULTS, ("press:record",)),
    Form("lead", "meetings", RESULTS, ("press:record", "choose:-kind=Decision")),
    Form("lead", "meetings", RESULTS, ("row:results={action}",)),
    Form("lead", "recruitment", {"view": "kept"}, ("press:position-new",)),
    Form("lead", "position", {"position": "position"}, ("press:position-edit",)),
    Form("stranger", "position", {"position": "position"}),
    Form("tax", "application", APPLICATION, ("choose:-kind=Write an internal note",)),
    Form("tax", "application", APPLICATION, ("choose:-kind=Reject",)),
    Form("lead", "application", {"application": "3"}),
    Form("lead", "funnel", {"kind": "cohort"}, ("open:number receipt",)),
    Form("lead", "audit", {}),
    Form("lead", "privacy", {"view": "erasure", "kind": "idea", "number": "quiet"}),
)


@dataclass
class Opened:
    """A form on the screen: its own fields and buttons, and what has to be said again so that it
    stays there."""

    drawn: Drawn
    fields: list[Widget]
    buttons: list[Widget]
    held: list[WidgetState] = field(default_factory=list)
    fragment: str = ""


def opened(session: Session, form: Form, world: World) -> Opened | None:
    """The form; None where what opens it is gone, as an idea is that was withdrawn."""
    query = form.query(world)
    drawn = session.run(form.page, **query)
    again = _pressed(drawn, form.again) if form.again else None
    if again is not None:
        drawn = session.run(form.page, again[0], **query)
    before = {one.id for one in drawn.widgets} if form.steps else set()
    held: list[WidgetState] = []
    fragment = ""
    for step in form.steps:
        found = _pressed(drawn, step.format(**world.ids))
        if found is None:
            return None
        state, stays = found
        drawn = session.run(form.page, *held, state, fragment=fragment, **query)
        held += [state] if stays else []
        fragment = "" if stays and not fragment else drawn.fragment
    new = [one for one in drawn.widgets if one.id not in before]
    return Opened(
        drawn,
        [one for one in new if one.kind in FIELDS],
        [one for one in new if one.kind == "button" and one.key != "sign-out"],
        held,
        fragment,
    )


def _pressed(drawn: Drawn, step: str) -> tuple[WidgetState, bool] | None:
    """What a browser says of a step, and whether it goes on saying it."""
    how, key = step.split(":", 1)
    key, _sign, words = key.partition("=")
    for one in drawn.widgets:
        if how == "press" and one.kind == "button" and key in one.key:
            return pressed(one), False
        if how == "choose" and one.kind in ("selectbox", "radio") and key in one.key:
            return holding(one, words), True
        if how == "open" and key in one.label:
            return holding(one, True), True
        if how == "row" and one.kind == "bidi_component" and one.key == key:
            rows = json.loads(one.element.json)["rows"]  # type: ignore[attr-defined]
            acting = [row["id"] for row in rows if row.get("action")]
            acting = [one for one in acting if words in ("", str(one))]
            return (asking(one, "acted", acting[0]), False) if acting else None
    return None


def fields_in_the_code() -> dict[str, re.Pattern[str]]:
    """What every field for words in the screens' code may be called, by where it is made."""
    found = {}
    screens = [PROJECT_FOLDER / "sandkasse" / "ui", PROJECT_FOLDER / "pages"]
    for path in sorted(file for folder in screens for file in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr in FIELDS:
                assert isinstance(node, ast.Call)
                keys = [one.value for one in node.keywords if one.arg == "key"]
                found[f"{path.relative_to(PROJECT_FOLDER)}:{node.lineno}"] = _pattern(keys)
    return found


def _pattern(keys: Sequence[ast.expr]) -> re.Pattern[str]:
    if not keys:
        return re.compile("a field for words needs a key of its own")
    key = keys[0]
    if isinstance(key, ast.Constant):
        return re.compile(re.escape(str(key.value)))
    if isinstance(key, ast.JoinedStr):
        parts = [
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"
            for part in key.values
        ]
        return re.compile("".join(parts))
    # The searches in the address: what makes their keys is in one place.
    return re.compile("choice-.+")
