"""Every public function as everybody: who is let in, and that the answer tells no secret.

The functions find themselves by their signature. What is written down is who of the cast is let
in; a new function fails here until somebody has thought about it.
"""

import ast
import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandkasse.config import PROJECT_FOLDER
from sandkasse.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.security import calling
from tests.security.calling import PARTS
from tests.security.expected import KEEP_TRACES, LET_IN, WHO, WITHOUT_ACTOR, WRITES
from tests.security.world import hidden_from

FUNCTIONS = {name: one for name, one in calling.public().items() if name not in PARTS}
#: Those that are about one thing in particular.
ABOUT_ONE = [
    name
    for name, one in FUNCTIONS.items()
    if {"idea_id", "touchpoint_id", "application_id", "position_id", "resolution_id"}
    & set(inspect.signature(one).parameters)
]
#: Other things of the world that a function is given in place of the usual ones.
OTHERS = (
    {"quiet": "tax", "matter": "other_matter", "application": "other_application",
     "position": "draft", "decision": "action"},
    {"quiet": "open", "position": "other_position"},
)  # fmt: skip


def _folders(given: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Somewhere to write, for what exports."""
    folder.mkdir()
    return given | {name: folder / name for name in ("folder", "file") if name in given}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_is_let_in_or_refused_and_told_no_secret(
    furnished, furnished_once, undone, tmp_path, name
):
    one, world = FUNCTIONS[name], furnished[1]
    answers, secrets = "", {}
    for who in WHO:
        given = _folders(calling.arguments(name, one, furnished_once, world), tmp_path / who)
        undone.clear()
        try:
            told = calling.called(one, furnished_once, world.cast[who], given)
            answers += "y"
            secrets[who] = calling.words_of(hidden_from(who), told)
            assert not undone or name in (*WRITES, *KEEP_TRACES)
        except (NotAllowed, NotFound) as refused:
            answers += "n" if isinstance(refused, NotAllowed) else "u"
            assert not undone, f"{who} was refused, and yet something was written"
        except (Invalid, Conflict):
            answers += "i"
    assert {who: found for who, found in secrets.items() if found} == {}
    assert answers == LET_IN[name]


@pytest.mark.parametrize("name", ABOUT_ONE)
@pytest.mark.parametrize("others", OTHERS, ids=["others", "published"])
def test_what_is_told_of_other_things_holds_no_secret(
    furnished, furnished_once, undone, tmp_path, name, others
):
    one, world = FUNCTIONS[name], furnished[1]
    ids = world.ids | {usual: world.ids[other] for usual, other in others.items()}
    secrets = {}
    for who in WHO:
        given = calling.arguments(name, one, furnished_once, replace(world, ids=ids))
        given = _folders(given, tmp_path / who)
        undone.clear()
        try:
            told = calling.called(one, furnished_once, world.cast[who], given)
            secrets[who] = calling.words_of(hidden_from(who), told)
        except (NotAllowed, NotFound):
            assert not undone, f"{who} was refused, and yet something was written"
        except (Invalid, Conflict):
            continue
    assert {who: found for who, found in secrets.items() if found} == {}


def test_every_function_for_somebody_is_thought_of():
    assert set(LET_IN) == set(FUNCTIONS)
    assert set(PARTS) <= set(calling.public())


def test_who_may_read_a_secret_can():
    """The net has no holes of its own: each word is found by those who may read it."""
    assert all(hidden_from(who) for who in WHO)


def _named_by(files: list[Path]) -> dict[str, set[str]]:
    """The functions that take a database and that these files name, with the files."""
    every = calling.taking_a_database()
    by_id = {id(one): name for name, one in every.items()}
    found: dict[str, set[str]] = {}
    for file in files:
        tree = ast.parse(file.read_text("utf-8"))
        spaces = _imported(tree)
        for node in ast.walk(tree):
            named = _resolved(node, spaces)
            if id(named) in by_id:
                where = str(file.relative_to(PROJECT_FOLDER))
                found.setdefault(by_id[id(named)], set()).add(where)
    return found


def _imported(tree: ast.Module) -> dict[str, Any]:
    spaces: dict[str, Any] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sandkasse"):
            code = ast.unparse(node)
            exec(code, spaces)  # noqa: S102  (the project's own imports)
    return spaces


def _resolved(node: ast.AST, spaces: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return spaces.get(node.id)
    if isinstance(node, ast.Attribute):
        whole = _resolved(node.value, spaces)
        return getattr(whole, node.attr, None) if inspect.ismodule(whole) else None
    return None


def _screens() -> list[Path]:
    folder = PROJECT_FOLDER
    return [
        folder / "app.py",
        *(folder / "pages").glob("*.py"),
        *(folder / "sandkasse" / "ui").rglob("*.py"),
        folder / "sandkasse" / "local_socket.py",
        folder / "sandkasse" / "commands.py",
    ]


def test_no_screen_or_socket_reaches_a_part_of_another_function():
    assert set(_named_by(_screens())) & set(PARTS) == set()


def test_what_screens_read_without_an_actor_is_for_everybody_or_checked_before():
    named = {name for name in _named_by(_screens()) if name not in calling.public()}
    assert named == set(WITHOUT_ACTOR)
