"""Every field that one writes in says how much it takes, and every upload how large it may be."""

import ast

import pytest

from sandkasse.config import PROJECT_FOLDER

SCREENS = [
    *sorted((PROJECT_FOLDER / "pages").glob("*.py")),
    *sorted((PROJECT_FOLDER / "sandkasse" / "ui").rglob("*.py")),
]
LIMIT = {
    "text_input": "max_chars",
    "text_area": "max_chars",
    "chat_input": "max_chars",
    "file_uploader": "max_upload_size",
}


def fields() -> list[tuple[str, str, set[str | None]]]:
    """Where a field is, what kind it is, and which options it is given."""
    return [
        (f"{path.name}:{node.lineno}", node.func.attr, {option.arg for option in node.keywords})
        for path in SCREENS
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LIMIT
    ]


@pytest.mark.parametrize(("where", "kind", "given"), fields(), ids=[one[0] for one in fields()])
def test_a_field_has_a_limit(where: str, kind: str, given: set[str | None]) -> None:
    assert LIMIT[kind] in given, where


def test_the_fields_are_found() -> None:
    assert len(fields()) > 25
