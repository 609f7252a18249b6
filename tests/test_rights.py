"""The table of rights in words says what the code does."""

from sandkasse import rights
from sandkasse.access import RIGHTS, Action
from sandkasse.config import PROJECT_FOLDER


def test_docs_hold_the_table_that_the_code_prints():
    written = (PROJECT_FOLDER / "docs" / "rights.md").read_text("utf-8")
    assert written == rights.document(), "Run make rights."


def test_every_action_is_put_in_words_once():
    assert not set(rights.SEEN) & set(rights.DONE)
    assert set(rights.SEEN) | set(rights.DONE) == set(Action) == set(RIGHTS)
