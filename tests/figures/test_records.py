"""The ideas behind a number: the right ones, a page at a time, as far as they may be seen."""

from dataclasses import replace
from datetime import date
from itertools import chain

import pytest

from sandkasse import figures
from sandkasse.database import Database
from sandkasse.errors import Invalid, NotAllowed
from sandkasse.figures import Choice
from sandkasse.people import Actor, Role
from tests.figures.ledgers import LEAD, Told, day, history, put

ROAD = Choice("road")
MEMBER = Actor(3, "Mona Member", frozenset({Role.MEMBER}))
MENTOR = Actor(4, "Mari Mentor", frozenset({Role.MENTOR}))
STUDENT = Actor(2, "Sara Student", frozenset({Role.STUDENT}))


@pytest.fixture
def ideas(db: Database) -> list[Told]:
    """Open in a; on hold in b; declined in b; completed in d; gone from a to c and back."""
    return [
        put(db, history("1 enter a")),
        put(db, history("2 enter a", "5 move b", "6 hold")),
        put(db, history("3 enter a", "5 move b", "7 exit declined")),
        put(db, history("4 enter a", "6 move d", "8 exit done")),
        put(db, history("5 enter a", "7 move c", "9 move a")),
    ]


@pytest.mark.parametrize(
    ("figure", "stage", "part", "expected"),
    [
        ("cohort", None, "reached", [0, 1, 2, 3, 4]),
        ("cohort", "b", "reached", [1, 2, 3, 4]),
        ("cohort", "b", "advanced", [3, 4]),
        ("cohort", "b", "open", [1]),
        ("cohort", "b", "left", [2]),
        ("cohort", "b", "left:declined", [2]),
        ("cohort", "b", "left:closed", []),
        ("cohort", "d", "advanced", [3]),
        ("cohort", "d", "left", []),
        ("snapshot", "a", "active", [0, 4]),
        ("snapshot", "b", "on_hold", [1]),
        ("snapshot", "b", "open", [1]),
        ("snapshot", None, "left", [2, 3]),
        ("snapshot", None, "left:completed", [3]),
        ("activity", "b", "entered", [1, 2]),
        ("activity", "a", "entered", [0, 1, 2, 3, 4]),
        ("activity", "a", "forward", [1, 2, 3, 4]),
        ("activity", "c", "back", [4]),
        ("activity", None, "entered", [0, 1, 2, 3, 4]),
        ("activity", "b", "left:declined", [2]),
        ("activity", None, "left", [2, 3]),
        ("activity", "a", "reopened", []),
    ],
)
@pytest.mark.parametrize("past", [False, True])
def test_records_are_the_ideas_behind_the_number(
    db: Database,
    ideas: list[Told],
    figure: figures.Figure,
    stage: str | None,
    part: str,
    expected: list[int],
    past: bool,
) -> None:
    choice = replace(ROAD, as_of=day(30), known_at=day(30)) if past else ROAD
    found = figures.records(db, MENTOR, choice, stage, part, figure=figure)
    assert found.rows["idea_id"].tolist() == [ideas[at].idea_id for at in expected]
    assert (found.total, found.shown, found.hidden) == (len(expected), len(expected), 0)


def test_records_say_what_each_idea_is(db: Database, ideas: list[Told]) -> None:
    row = figures.records(db, LEAD, ROAD, "b", "left").rows.iloc[0]
    assert row["title"] == f"Idea {ideas[2].idea_id}"
    assert (row["level"], row["theme"]) == ("MSc", "ocean")
    assert (row["stage_id"], row["exit_kind"]) == ("b", "declined")
    assert row["first_at"].isoformat() == "2020-01-03T12:00:00"


def test_records_keep_to_the_choice(db: Database, ideas: list[Told]) -> None:
    third_on = replace(ROAD, since=date(2020, 1, 3))
    assert figures.records(db, LEAD, third_on, "a", "reached").total == 3
    early = replace(ROAD, as_of=day(5))
    assert figures.records(db, LEAD, early, "b", "left").total == 0
    assert figures.records(db, LEAD, replace(ROAD, level="PhD"), "a", "reached").total == 0


def test_records_come_in_pages_that_make_the_whole(db: Database, ideas: list[Told]) -> None:
    pages = [
        figures.records(db, LEAD, ROAD, "a", "reached", limit=2, offset=offset)
        for offset in (0, 2, 4, 6)
    ]
    assert [len(page.rows) for page in pages] == [2, 2, 1, 0]
    assert {page.total for page in pages} == {5}
    listed = chain.from_iterable(page.rows["idea_id"] for page in pages)
    assert list(listed) == [idea.idea_id for idea in ideas]


def test_a_member_sees_published_ideas_and_how_many_more_there_are(db: Database) -> None:
    put(db, history("1 enter a"), title="Secret", public_text="A draft")
    shown = put(
        db,
        history("2 enter a"),
        title="Ice sensors",
        public_text="Safer quays",
        publication="published",
    )
    found = figures.records(db, MEMBER, ROAD, "a", "open")
    assert found.rows["idea_id"].tolist() == [shown.idea_id]
    assert found.rows["public_text"].tolist() == ["Safer quays"]
    assert (found.total, found.shown, found.hidden) == (2, 1, 1)
    every = figures.records(db, MENTOR, ROAD, "a", "open").rows
    assert every["public_text"].tolist() == ["", "Safer quays"]


def test_a_student_may_not_see_records(db: Database) -> None:
    with pytest.raises(NotAllowed):
        figures.records(db, STUDENT, ROAD, "a", "reached")


@pytest.mark.parametrize(
    ("figure", "stage", "part", "field"),
    [
        ("cohort", "z", "reached", "stage_id"),
        ("cohort", None, "open", "stage_id"),
        ("cohort", "a", "active", "part"),
        ("cohort", "a", "open:declined", "part"),
        ("snapshot", "a", "reached", "part"),
        ("activity", "a", "", "part"),
    ],
)
def test_an_unknown_number_names_the_field(
    db: Database, figure: figures.Figure, stage: str | None, part: str, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        figures.records(db, LEAD, ROAD, stage, part, figure=figure)
    assert caught.value.field == field
