"""Whoever may not see a thing cannot tell it from one that is not there: neither by what is said,
nor by how much is asked of the database on the way, which is what the time would show."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from sandkasse import ideas, touchpoints
from sandkasse.database import Database
from sandkasse.database.gateway import Reader, Transaction
from sandkasse.errors import NotAllowed, NotFound, SandkasseError
from sandkasse.people import Actor
from sandkasse.recruitment import applications
from tests.security import calling
from tests.security.calling import PARTS
from tests.security.expected import WHO

#: By the name of a parameter: what reads the one thing that it names, or says that there is none.
SEES: dict[str, Callable[[Database, Actor, int], Any]] = {
    "idea_id": ideas.get,
    "touchpoint_id": touchpoints.get,
    "application_id": applications.get,
}
NOT_THERE = 987_654_321
#: Whoever takes part in meetings may know that an idea is there: agendas name the number of one
#: that is not published.
KNOWN_IN_MEETINGS = ("meetings.receipts.place_of",)
ABOUT_ONE = {
    name: parameter
    for name, one in calling.public().items()
    if name not in (*PARTS, *KNOWN_IN_MEETINGS)
    for parameter in SEES
    if parameter in inspect.signature(one).parameters
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that is given to the database."""
    heard: list[str] = []

    def listened(given: Callable[..., Any]) -> Callable[..., Any]:
        def listening(self: Any, sql: str, *rest: Any, **named: Any) -> Any:
            heard.append(sql)
            return given(self, sql, *rest, **named)

        return listening

    for kind in (Reader, Transaction, Database):
        for verb in ("rows", "one", "value", "frame", "columns", "execute", "executemany"):
            if verb in vars(kind):
                monkeypatch.setattr(kind, verb, listened(vars(kind)[verb]))
    return heard


def answer(one: Callable[..., Any], db: Database, actor: Actor, given: dict[str, Any]) -> Any:
    """How somebody is refused; None: not at all."""
    try:
        calling.called(one, db, actor, given)
    except (NotAllowed, NotFound) as refused:
        return type(refused), refused.message
    except SandkasseError:
        return None
    return None


def sees(db: Database, actor: Actor, parameter: str, key: int) -> bool:
    """Whether somebody may see the thing at all."""
    try:
        SEES[parameter](db, actor, key)
    except (NotAllowed, NotFound):
        return False
    return True


@pytest.mark.parametrize("name", ABOUT_ONE)
@pytest.mark.usefixtures("undone")
def test_what_is_hidden_is_as_what_is_not_there(furnished, furnished_once, asked, name):
    one, world, parameter = calling.public()[name], furnished[1], ABOUT_ONE[name]
    given = calling.arguments(name, one, furnished_once, world)
    if given.get(parameter) is None:
        return
    differ = {}
    for who in WHO:
        actor = world.cast[who]
        if sees(furnished_once, actor, parameter, given[parameter]):
            continue
        told = []
        for key in (given[parameter], NOT_THERE):
            asked.clear()
            told.append((answer(one, furnished_once, actor, {**given, parameter: key}), [*asked]))
        if told[0] != told[1]:
            differ[who] = told
    assert differ == {}
