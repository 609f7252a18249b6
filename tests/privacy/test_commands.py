"""The commands about the audit and retention, on a file and through the running app."""

import sys
from contextlib import closing

import pytest
from typer.testing import CliRunner

from sandkasse import audit, config, drafts
from sandkasse.cli.program import program
from sandkasse.database import Database
from sandkasse.local_socket import serve_socket
from tests import builders


@pytest.fixture
def sandkasse(db, cast, monkeypatch):
    """Run a command on the test's database, which is closed for it."""
    drafts.save(db, cast.student, builders.JOURNEY, builders.DESCRIPTION)
    monkeypatch.setenv("SANDKASSE_DATABASE", str(db.path))
    config.settings.cache_clear()

    def run(*arguments, code=0):
        answer = CliRunner().invoke(program, list(arguments))
        assert answer.exit_code == code, (answer.output, answer.exception)
        return answer.output

    yield run
    config.settings.cache_clear()


def test_the_head_is_printed_alone_and_verifies(db, sandkasse):
    kept = str(audit.head(db))
    db.close()
    assert sandkasse("audit", "--head").strip() == kept
    assert "none changed" in sandkasse("audit", "--verify", kept)
    lost = sandkasse("audit", "--verify", "99:" + "0" * 64, code=1)
    assert "has lost rows" in lost


def test_a_changed_row_gives_exit_code_1(db, sandkasse):
    with db.transaction() as tx:
        tx.execute("UPDATE audit SET actor_id = 99")
    db.close()
    assert "is not as it was written" in sandkasse("audit", code=1)


def test_retention_tells_and_then_acts_and_says_which_is_wanted(db, sandkasse):
    with db.transaction() as tx:
        tx.execute("UPDATE draft SET saved_at = TIMESTAMP '2020-01-01'")
    db.close()
    assert "draft (delete" in sandkasse("retention", "--dry-run")
    with closing(Database.open(db.path)) as again:
        assert again.value("SELECT count(*) FROM draft") == 1
    assert "1 row done" in sandkasse("retention", "--apply")
    assert "0 rows done" in sandkasse("retention", "--apply")
    assert sandkasse("retention", code=2)
    assert sandkasse("retention", "--apply", "--dry-run", code=2)


@pytest.mark.skipif(sys.platform == "win32", reason="no Unix sockets")
def test_they_work_while_the_app_has_the_database(db, sandkasse, tmp_path):
    server = serve_socket(db)
    try:
        # A process of its own finds the file held; here the app is asked as that one would ask.
        from sandkasse.local_socket import ask

        assert ask(db.path, "audit", {"verify": None})["flaws"] == []
        assert ask(db.path, "retention", {"apply": False})["done"] == {}
    finally:
        server.stop()
