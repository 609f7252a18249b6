"""Student seats in the papers of a meeting."""

import io

import openpyxl
import pytest
from docx import Document
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from sandkasse import freezes, meetings, number_receipts
from sandkasse.application import Kind
from sandkasse.documents import papers, seat_exhibit
from sandkasse.documents.audience import Audience
from sandkasse.figures import Choice
from sandkasse.figures.frozen import SEATS
from sandkasse.figures.small_cells import HIDDEN
from sandkasse.meetings import agenda
from sandkasse.people import Role
from tests.builders import JOURNEY, applied, called, person, position, submitted

HIRED = (Kind.OFFER, Kind.ACCEPTED, Kind.STARTED)


@pytest.fixture
def meeting_id(db, cast):
    """A meeting of all sandboxes, when 5 of 7 seats at one agency and 2 at another are filled."""
    tax = position(db, cast.lead, seats=7)
    other = position(db, cast.lead, seats=4, agency_id="mattilsynet")
    for number in range(7):
        student = person(db, f"Student {number}", Role.STUDENT)
        applied(db, student, tax if number < 5 else other, *HIRED, by=cast.lead)
    return called(db, cast.lead, subproject_id=None, journey_id=None)


def sheet(db, actor, meeting_id, audience):
    """The rows of the sheet about seats; None where there is none."""
    made = papers.papers(db, actor, meeting_id, audience, ["figures.xlsx"])
    book = openpyxl.load_workbook(io.BytesIO(*made.values()))
    if "Seats" not in book.sheetnames:
        return None
    return [list(row) for row in book["Seats"].iter_rows(max_row=4, values_only=True)]


def test_the_project_reads_every_number(db, cast, meeting_id):
    head, *rows = sheet(db, cast.lead, meeting_id, Audience.PROJECT)
    assert head[2:4] == ["Seats", "Filled"]
    by_agency = {row[1]: row[2:4] for row in rows}
    assert by_agency == {
        "The Norwegian Tax Administration": [7, 5],
        "The Norwegian Food Safety Authority": [4, 2],
        None: [11, 7],
    }


def test_outside_small_counts_and_what_would_tell_them_are_hidden(db, cast, meeting_id):
    head, *rows = sheet(db, cast.lead, meeting_id, Audience.OUTSIDE)
    assert "Coverage" not in head
    by_agency = {row[1]: row[2:4] for row in rows}
    assert by_agency == {
        "The Norwegian Tax Administration": [7, 5],
        "The Norwegian Food Safety Authority": [4, "<5"],
        None: [11, HIDDEN],
    }


def test_a_member_reads_the_own_agencys_and_a_mentor_none(db, cast, meeting_id):
    rows = sheet(db, cast.member, meeting_id, Audience.PROJECT)
    assert [row[3] for row in rows if row[0] == "Student assistant"] == [5]
    assert sheet(db, cast.mentor, meeting_id, Audience.PROJECT) is None
    assert sheet(db, cast.lead, called(db, cast.lead), Audience.PROJECT) is None


def test_a_meeting_gets_its_papers_also_where_too_few_ideas_were_under_way(db, cast, meeting_id):
    submitted(db, cast.student)
    made = papers.papers(db, cast.lead, meeting_id, Audience.PROJECT, ["minutes.docx"])
    assert all(made.values())


def test_the_agenda_names_the_agency_whose_seats_are_taken_up(db, cast, meeting_id):
    ending = position(db, cast.member, seats=1, ahead=20)
    applied(db, cast.student, ending, *HIRED, by=cast.member)
    agenda.prepare(db, cast.member, meeting_id)
    for audience in Audience:
        made = papers.papers(db, cast.mentor, meeting_id, audience, ["agenda.docx"])
        document = Document(io.BytesIO(*made.values()))
        told = "\n".join(paragraph.text for paragraph in document.paragraphs)
        assert "Student seats: The Norwegian Tax Administration" in told


def slide(db, actor, meeting_id, audience):
    """The slide about seats: its words, and how many pictures it has."""
    made = papers.papers(db, actor, meeting_id, audience, ["figures.pptx"])
    last = list(Presentation(io.BytesIO(*made.values())).slides)[-1]
    words = "\n".join(one.text_frame.text for one in last.shapes if one.has_text_frame)
    return words, sum(one.shape_type == MSO_SHAPE_TYPE.PICTURE for one in last.shapes)


@pytest.mark.parametrize("audience", list(Audience))
def test_the_slide_has_a_chart_and_the_code_under_which_the_seats_were_frozen(
    db, cast, meeting_id, audience
):
    meetings.begin(db, cast.lead, meeting_id)
    freezes.freeze(db, cast.lead, meeting_id, Choice(JOURNEY))
    for who in (cast.lead, cast.member):
        (kept,) = freezes.of_meeting(db, who, meeting_id)
        words, pictures = slide(db, who, meeting_id, audience)
        assert pictures == 1
        assert number_receipts.shown(kept.codes[SEATS]) in words


def test_the_papers_show_the_seats_as_they_were_frozen(db, cast, meeting_id):
    meetings.begin(db, cast.lead, meeting_id)
    freezes.freeze(db, cast.lead, meeting_id, Choice(JOURNEY))
    before = sheet(db, cast.lead, meeting_id, Audience.PROJECT)
    late = position(db, cast.lead, seats=3)
    applied(db, person(db, "Late", Role.STUDENT), late, *HIRED, by=cast.lead)
    assert sheet(db, cast.lead, meeting_id, Audience.PROJECT) == before


def test_a_hidden_count_is_in_no_chart(db, cast, meeting_id):
    meeting = meetings.get(db, cast.lead, meeting_id)
    (shown,) = seat_exhibit.of_meeting(db, cast.lead, meeting, Choice(JOURNEY), Audience.OUTSIDE)
    bars, _inside, ends = (layer["data"]["values"] for layer in shown.chart["layer"])
    lengths = {(one["part"], one["to"] - one["from"]) for one in bars}
    assert lengths == {("Filled", 5), ("Empty", 2), ("Hidden", 4)}
    assert {one["words"] for one in ends} == {"5 of 7", "<5 of 4"}


def test_outside_few_seats_tell_neither_that_they_are_filled_nor_that_they_are_not(
    db, cast, meeting_id
):
    # Beside one seat, "<5" would say 1 if 0 were shown.
    single = position(db, cast.lead, seats=1, agency_id="nav")
    position(db, cast.lead, seats=1, agency_id="nve")
    position(db, cast.lead, seats=5, agency_id="politiet")
    applied(db, person(db, "Single", Role.STUDENT), single, *HIRED, by=cast.lead)
    meeting = meetings.get(db, cast.lead, meeting_id)
    (shown,) = seat_exhibit.of_meeting(db, cast.lead, meeting, Choice(JOURNEY), Audience.OUTSIDE)
    seats, filled = (column.cells for column in shown.columns[2:4])
    assert sorted(zip(seats[:-1], map(str, filled[:-1]), strict=True)) == [
        (1, "<5"), (1, "<5"), (4, "<5"), (5, "0"), (7, "5"),
    ]  # fmt: skip
    assert filled[-1] == HIDDEN
    assert "fewer than 5 seats" in shown.definition
