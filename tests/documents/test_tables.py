"""The tables of figures, which screens and papers share."""

from sandkasse.documents import inside, tables
from sandkasse.documents.exhibit import Column, Table
from sandkasse.figures import Choice, cohort, waiting
from sandkasse.figures.flow.ageing import ageing
from sandkasse.figures.flow.trend import trend
from sandkasse.figures.waiting import PARTIES, PARTY_WORDS, WaitingChoice
from sandkasse.i18n import _
from sandkasse.ui.table import told
from tests.builders import JOURNEY
from tests.documents.conftest import Held


def test_screen_and_paper_show_the_same_but_for_what_is_meant_for_one(held: Held) -> None:
    made = {"cohort": (tables.cohort, cohort), "ages": (tables.ages, ageing),
            "trend": (tables.trend, trend)}  # fmt: skip
    for kind, (build, read) in made.items():
        table = build(read(held.db, held.cast.lead, Choice(JOURNEY)))
        paper = inside.exhibit(held.db, held.cast.lead, kind, Choice(JOURNEY))
        read_on_paper = [one.heading for one in paper.columns_in("text")]
        on_screen = [one.heading for one in table.on_screen() if one.only != "screen"]
        assert on_screen == read_on_paper, kind
        assert table.note == paper.definition
        assert not any(one.only == "screen" for one in paper.columns)


def test_the_screen_gets_words_to_read_and_numbers_to_sort_by() -> None:
    table = Table(
        (
            Column("Stage", ("Idea bank", "Sandbox"), "words"),
            Column("Ideas", (1234, None)),
            Column("Share", (0.5, "<5"), "share"),
            Column("Days", (1.0, 2.0), "days", "sheet"),
        ),
        "A table", "What it means.", "What the screen adds.",
    )  # fmt: skip
    assert told(table, tall=True) == {
        "label": "A table",
        "note": "What it means. What the screen adds.",
        "sideways": "3 columns: scroll sideways to see all of them.",
        "tall": True,
        "columns": [
            {"heading": "Stage", "cells": ["Idea bank", "Sandbox"]},
            {"heading": "Ideas", "cells": ["1,234", "–"], "numbers": [1234, None]},
            {"heading": "Share", "cells": ["50%", "<5"], "numbers": [0.5, None]},
        ],
    }


def test_who_owed_nothing_has_no_column_where_people_read(held: Held) -> None:
    figure = waiting.division(held.db, held.cast.lead, WaitingChoice(JOURNEY))
    owed = [_(PARTY_WORDS[party]) for party in PARTIES if figure.whole.days[party]]
    table = tables.waiting(figure)
    assert 0 < len(owed) < len(PARTIES)
    assert [one.heading for one in table.on_screen() if one.only == "text"] == owed
    in_sheet = [one.heading for one in table.columns if one.only == "sheet"]
    assert in_sheet == [_(PARTY_WORDS[party]) for party in PARTIES]
