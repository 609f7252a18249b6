"""The audit's chain: what somebody does to its rows behind the program's back is found."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from sandkasse import audit, comments, integrity
from sandkasse.audit import Head
from sandkasse.database import Database, migrations
from sandkasse.errors import Invalid
from tests import builders
from tests.builders import Cast, submitted

KINDS = ("UPDATE audit SET subject = 'idea:99'", "UPDATE audit SET actor_id = 99",
         "UPDATE audit SET recorded_at = recorded_at + INTERVAL 1 SECOND",
         "UPDATE audit SET action = 'idea.edit'",
         "UPDATE audit SET detail = '{\"fields\": [\"title\"]}'",
         "UPDATE audit SET hash = repeat('0', 64)", "DELETE FROM audit")  # fmt: skip


@pytest.fixture
def filled(db: Database, cast: Cast) -> Database:
    """Five rows of audit: an idea, three comments, an edit of a meeting's text."""
    idea_id = submitted(db, cast.student)
    for number in range(3):
        comments.say(db, cast.mentor, idea_id, f"Word {number}")
    builders.called(db, cast.lead)
    assert findings(db) == []
    return db


def findings(db: Database, kept: Head | None = None) -> list[str]:
    with db.reading() as reader:
        return [flaw.sentence for flaw in audit.flaws(reader, kept)]


def after(db: Database, *statements: str) -> list[str]:
    """What is found once another hand ran these on the file."""
    db.close()
    with closing(duckdb.connect(str(db.path))) as connection:
        for statement in statements:
            connection.execute(statement)
    with closing(Database.open(db.path)) as again:
        return findings(again)


@pytest.mark.parametrize("where", ["(SELECT min(audit_id) FROM audit)",
                                   "(SELECT max(audit_id) FROM audit)",
                                   "(SELECT max(audit_id) - 2 FROM audit)"])  # fmt: skip
@pytest.mark.parametrize("done", KINDS)
def test_a_changed_or_removed_row_is_found_wherever_it_is(filled, done, where):
    assert after(filled, f"{done} WHERE audit_id = {where}")


def test_an_inserted_row_is_found(filled):
    copied = "recorded_at, actor_id, action, subject, detail, salt, digest, hash"
    assert after(
        filled,
        f"INSERT INTO audit ({copied}) SELECT {copied} FROM audit ORDER BY audit_id DESC LIMIT 1",
    )


def test_two_rows_that_changed_places_are_found(filled):
    first, last = "(SELECT min(audit_id) FROM audit)", "(SELECT max(audit_id) FROM audit)"
    assert after(
        filled,
        f"UPDATE audit SET audit_id = CASE WHEN audit_id = {first} THEN {last} ELSE {first} END "
        f"WHERE audit_id IN ({first}, {last})",
    )


def test_all_rows_gone_is_found(filled):
    assert after(filled, "DELETE FROM audit")


def test_a_text_emptied_without_an_erasure_is_found(filled):
    gone = after(filled, "UPDATE audit SET detail = NULL, salt = NULL WHERE detail IS NOT NULL")
    assert "lost its particulars without an erasure" in gone[0]


def test_a_kept_head_shows_an_audit_that_was_written_anew(filled, cast):
    with filled.reading() as reader:
        kept = audit.read_head(str(audit.head(reader)))
    comments.say(filled, cast.mentor, 1, "One more")
    assert findings(filled, kept) == []
    filled.close()
    # Somebody with the whole file makes another chain, as the program would.
    with closing(duckdb.connect(str(filled.path))) as connection:
        connection.execute("UPDATE audit SET actor_id = 99")
        rows = connection.execute("SELECT audit_id FROM audit ORDER BY audit_id").fetchall()
    with closing(Database.open(filled.path)) as again:
        before = ""
        for (audit_id, told, _hash), (row_id,) in zip(_chain(again), rows, strict=True):
            assert audit_id == row_id
            before = audit._sha256(f"{before}|{told}")
            with again.transaction() as tx:
                tx.execute("UPDATE audit SET hash = ? WHERE audit_id = ?", [before, audit_id])
        assert findings(again) == []
        assert findings(again, kept) == ["The audit is not the one that the kept head is of."]


def _chain(db: Database) -> list[tuple[int, str, str | None]]:
    with db.reading() as reader:
        return list(audit._chain(reader))


def test_a_kept_head_shows_that_rows_are_lost(filled):
    assert findings(filled, Head(10_000, "0" * 64)) == [
        "The audit has lost rows since the head was kept."
    ]


@pytest.mark.parametrize("text", ["", "7", "x:" + "0" * 64, "7:abc", "-1:" + "0" * 64])
def test_a_text_that_is_no_head_is_refused(text):
    with pytest.raises(Invalid):
        audit.read_head(text)


def test_the_command_line_check_tells_of_it(filled):
    with filled.transaction() as tx:
        tx.execute("UPDATE audit SET actor_id = 99 WHERE action = 'idea.comment'")
    assert [one.rule for one in integrity.check(filled)].count("audit") == 3


def test_reopening_goes_on_with_the_chain(filled, cast):
    filled.close()
    with closing(Database.open(filled.path)) as again:
        comments.say(again, cast.mentor, 1, "After a night")
        assert findings(again) == []


def test_a_write_that_fails_leaves_the_chain_as_it_was(filled, cast):
    with pytest.raises(Invalid):
        comments.say(filled, cast.mentor, 1, "")
    with pytest.raises(RuntimeError):
        _append_and_fail(filled)
    comments.say(filled, cast.mentor, 1, "Again")
    assert findings(filled) == []


def _append_and_fail(db: Database) -> None:
    with db.transaction() as tx:
        audit.append(db, tx, audit.Entry("idea.comment", 1, "idea:1", {"a": 1}))
        raise RuntimeError


@pytest.mark.parametrize("spoil", [None, "UPDATE audit SET actor_id = 7 WHERE audit_id = 2",
                                   "DELETE FROM audit WHERE audit_id = 3"])  # fmt: skip
def test_rows_from_before_the_chain_are_covered_by_the_migration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: str | None
) -> None:
    path = tmp_path / "old.duckdb"
    ours = migrations.shipped()
    with monkeypatch.context() as before:
        before.setattr(migrations, "shipped", lambda: [m for m in ours if m.name < "0007"])
        Database.open(path).close()
    _run(path, """INSERT INTO audit (recorded_at, actor_id, action, subject, detail)
                  SELECT TIMESTAMP '2026-01-01 12:00:00.123456' + INTERVAL (n) HOUR,
                         CASE WHEN n % 2 = 0 THEN n END, 'idea.move', 'idea:' || n,
                         CASE WHEN n % 3 = 0 THEN '{"ø": 1}' END
                  FROM range(6) AS t(n)""")  # fmt: skip
    with closing(Database.open(path)) as db:
        assert audit.head(db).entries == 6
        cast = builders.cast(db)
        with db.transaction() as tx:
            audit.append(db, tx, audit.Entry("idea.move", cast.lead.person_id, "idea:1", {"n": 1}))
        assert findings(db) == []
        if spoil is not None:
            with db.transaction() as tx:
                tx.execute(spoil)
            assert "before it was chained" in findings(db)[0]


def _run(path: Path, statement: str) -> None:
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute(statement)


def test_the_chain_covers_any_text(db: Database, cast: Cast) -> None:
    strange: Callable[[int], str] = lambda n: "æ|\n\x00'\"" * n  # noqa: E731
    for number in range(5):
        with db.transaction() as tx:
            entry = audit.Entry("idea.move", None, None, {"said": strange(number)})
            audit.append(db, tx, entry)
    assert findings(db) == []
