"""What a browser claims that was asked for on the board is believed only of what it was shown."""

import pytest

from sandkasse.ui.board_view import Asked, Moved, heard

COLUMNS = [
    {"id": "idea-bank", "pages": 3, "cards": [{"id": 1}, {"id": 2}]},
    {"id": "growth", "pages": 1, "cards": []},
]


def test_what_was_asked_for_of_what_is_shown_is_heard():
    assert heard(COLUMNS, 1, None, None) == Asked(opened=1)
    dragged = heard(COLUMNS, None, {"idea": 2, "to": "growth", "seq": 4}, None)
    assert dragged == Asked(moved=Moved(2, "growth", 4))
    pressed = heard(COLUMNS, None, {"idea": 2, "to": None, "seq": 4}, None)
    assert pressed == Asked(moved=Moved(2, None, 4))
    paged = heard(COLUMNS, None, None, {"stage": "idea-bank", "page": 3})
    assert paged == Asked(paged=("idea-bank", 3))


@pytest.mark.parametrize("opened", [3, -1, "1", [1], {}, 2**70, 1.5])
def test_a_card_that_is_not_shown_is_not_opened(opened):
    assert heard(COLUMNS, opened, None, None) == Asked()


@pytest.mark.parametrize(
    "moved",
    [
        {"idea": 3, "to": "growth", "seq": 4},
        {"idea": 1, "to": "nowhere", "seq": 4},
        {"idea": 1, "to": "growth"},
        {"idea": 1, "to": "growth", "seq": "4"},
        {"to": "growth", "seq": 4},
        {"idea": [1], "to": ["growth"], "seq": 4},
        [1, "growth"],
        "growth",
    ],
)
def test_a_card_is_not_moved_where_it_cannot_go(moved):
    assert heard(COLUMNS, None, moved, None) == Asked()


@pytest.mark.parametrize(
    "paged",
    [
        {"stage": "idea-bank", "page": 4},
        {"stage": "idea-bank", "page": 0},
        {"stage": "idea-bank", "page": "2"},
        {"stage": "nowhere", "page": 1},
        {},
        7,
    ],
)
def test_a_page_that_is_not_there_is_not_shown(paged):
    assert heard(COLUMNS, None, None, paged) == Asked()
