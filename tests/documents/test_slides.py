"""Slides, as PowerPoint's own library reads them."""

import io

import pytest
from pptx import Presentation
from pptx.presentation import Presentation as Deck

from sandkasse import freezes, number_receipts
from sandkasse.documents.audience import Audience
from sandkasse.figures import cohort
from tests.documents.conftest import Held

PROJECT, OUTSIDE = Audience.PROJECT, Audience.OUTSIDE


def deck(held: Held, audience: Audience, language: str = "en") -> Deck:
    return Presentation(io.BytesIO(held.papers(audience, language)["figures.pptx"]))


def titles(slides: Deck) -> list[str]:
    return [slide.shapes.title.text for slide in slides.slides]


def table(slides: Deck, title: str) -> list[list[str]]:
    """The table on the slide with a title, its heading first."""
    (slide,) = [one for one in slides.slides if one.shapes.title.text.startswith(title)]
    (frame,) = [one for one in slide.shapes if one.has_table]
    return [[cell.text for cell in row.cells] for row in frame.table.rows]


@pytest.mark.parametrize("audience", [PROJECT, OUTSIDE])
def test_there_is_a_title_and_a_slide_for_each_figure(held: Held, audience: Audience) -> None:
    assert [one.split(":")[0] for one in titles(deck(held, audience))] == [
        "Service development", "Cohort", "Snapshot", "Time", "Age", "Flow", "Waiting",
        "Forecast", "Bridge",
    ]  # fmt: skip


def test_each_figure_has_its_sentence_chart_table_receipt_and_moment(held: Held) -> None:
    (kept,) = freezes.of_meeting(held.db, held.cast.lead, held.meeting_id)
    codes = list(map(number_receipts.shown, kept.codes.values()))
    for slide, code in zip(list(deck(held, PROJECT).slides)[1:8], codes, strict=True):
        pictures = [one for one in slide.shapes if one.shape_type == 13]
        assert len(pictures) == 1
        assert "The same numbers stand in the table." in pictures[0]._element.xpath(".//p:cNvPr")[
            0
        ].get("descr")
        assert next(one for one in slide.shapes if one.has_table).table.first_row
        told = "\n".join(one.text_frame.text for one in slide.shapes if one.has_text_frame)
        assert f"Number receipt: {code}" in told
        assert "n = " in told
        assert "as of " in told
        assert "For the project. Do not pass it on." in told


def test_the_table_says_what_the_figure_says(held: Held) -> None:
    (kept,) = freezes.of_meeting(held.db, held.cast.lead, held.meeting_id)
    figure = cohort(held.db, held.cast.lead, kept.choice)
    heading, *rows = table(deck(held, PROJECT), "Cohort")
    assert heading == [
        "Stage", "Reached", "Share of the previous stage", "Went on", "Still open", "Left",
    ]  # fmt: skip
    for row, stage in zip(rows, figure.stages, strict=True):
        assert [row[1], row[3], row[4], row[5]] == [
            str(n) for n in (stage.reached, stage.advanced, stage.open, sum(stage.left.values()))
        ]


def test_every_word_has_the_language_of_the_slides(held: Held) -> None:
    slides = deck(held, PROJECT, "nb")
    assert titles(slides)[1] == "Kull: hvor langt de kom"
    tags = {
        run.get("lang")
        for slide in slides.slides
        for run in slide._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}rPr")
    }
    assert tags == {"nb-NO"}
    assert slides.core_properties.author == "Sandkasse"


def test_nothing_on_a_slide_stands_outside_it(held: Held) -> None:
    for audience in Audience:
        slides = deck(held, audience)
        for slide in slides.slides:
            for shape in slide.shapes:
                assert 0 <= shape.left <= shape.left + shape.width <= slides.slide_width
                assert 0 <= shape.top <= shape.top + shape.height <= slides.slide_height
