"""The record of processing says what the code does."""

from sandkasse.config import PROJECT_FOLDER
from sandkasse.people import Role
from sandkasse.privacy import body, processing, retention
from sandkasse.privacy.body import Body


def test_docs_hold_the_record_that_the_code_prints():
    written = (PROJECT_FOLDER / "docs" / "processing.md").read_text("utf-8")
    assert written == processing.document(), "Run make processing."


def test_who_sees_a_class_follows_from_the_rights():
    by_id = {one.id: one for one in retention.classes()}
    assert processing.roles_that_see(by_id["audit"]) == [Role.LEAD]
    assert processing.roles_that_see(by_id["draft"]) == []


def test_what_is_not_set_is_empty_and_a_set_file_is_read(tmp_path):
    assert body.body().controller == ""
    path = tmp_path / "privacy.toml"
    path.write_text('controller = " The body "\n', "utf-8")
    assert body.body(path) == Body(controller="The body")
