"""What is kept of the ledger is, however it grew, what a reading of all of it gives."""

from dataclasses import fields

import numpy as np
import pytest

from sandkasse import figures
from sandkasse.database import Database
from sandkasse.figures import Choice, choice
from sandkasse.figures import history as told
from sandkasse.ledger import Row
from tests.figures import ledgers
from tests.figures.ledgers import LEAD, day, history, put

ROAD = Choice("road")


def kept(db: Database, asked: Choice = ROAD) -> told.History:
    return told.read(db, choice.ask(db, LEAD, asked))


def read_anew(db: Database, asked: Choice = ROAD) -> told.History:
    told._kept.clear()
    return kept(db, asked)


def same(one: told.History, other: told.History) -> bool:
    names = [field.name for field in fields(told.History)]
    columns = [name for name in names if name not in ("journey", "as_of", "known")]
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in columns)


def append(db: Database, idea_id: int, rows: list[Row]) -> None:
    with db.transaction() as tx:
        for row in rows:
            tx.execute(
                "INSERT INTO ledger (idea_id, seq, kind, stage_id, exit_id, voids_seq, "
                "occurred_at, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [idea_id, row.seq, row.kind.value, row.stage_id, row.exit_id, row.voids_seq,
                 row.occurred_at, row.recorded_at],
            )  # fmt: skip


@pytest.fixture
def first(db: Database) -> int:
    """An idea between others, of which one is of another journey."""
    put(db, history("1 enter a", "5 move b"))
    idea = put(db, history("2 enter a", "6 move b", "9 move c")).idea_id
    put(db, history("3 enter b", "4 move a"), journey="lane")
    put(db, history("3 enter a", "7 exit declined"))
    kept(db)
    return idea


@pytest.mark.parametrize(
    "steps",
    [
        ("12 move d",),
        ("4 move b @12",),
        ("void 3 @12",),
        ("void 2 @12", "13 move d", "14 exit done"),
    ],
)
def test_an_idea_that_went_on_is_read_again(db: Database, first: int, steps: tuple[str]) -> None:
    before = history("2 enter a", "6 move b", "9 move c")
    append(db, first, history("2 enter a", "6 move b", "9 move c", *steps)[len(before) :])
    assert same(kept(db), read_anew(db))


def test_a_new_idea_comes_after_the_others(db: Database, first: int) -> None:
    put(db, history("1 enter a", "8 move d"))
    put(db, history("1 enter b"), journey="lane")
    assert kept(db).n == 4
    assert same(kept(db), read_anew(db))


def test_only_what_is_new_is_read(
    db: Database, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(db, history("1 enter a"))
    monkeypatch.setattr(told, "_read", None)
    assert kept(db).n == 4


def test_much_that_is_new_is_read_with_all_the_rest(
    db: Database, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told, "_FEW", 1)
    put(db, history("1 enter a"))
    put(db, history("1 enter a"))
    assert same(kept(db), read_anew(db))


def test_a_ledger_that_was_emptied_is_read_anew(db: Database, first: int) -> None:
    ledgers.clear(db)
    assert not kept(db).n
    put(db, history("1 enter a", "2 move b"))
    assert kept(db).n == 1
    assert same(kept(db), read_anew(db))


def test_what_was_known_earlier_stays_as_it_was(db: Database, first: int) -> None:
    asked = Choice("road", known_at=day(11), as_of=day(11))
    before = kept(db, asked)
    append(db, first, history("1 enter a", "1 enter a", "1 enter a", "void 2 @12")[3:])
    assert same(kept(db, asked), before)
    assert same(kept(db, asked), read_anew(db, asked))


def test_figures_see_what_was_written_last(db: Database, first: int) -> None:
    assert figures.activity(db, LEAD, ROAD).forward == 3
    append(db, first, history("2 enter a", "6 move b", "9 move c", "12 move d")[3:])
    assert figures.activity(db, LEAD, ROAD).forward == 4
