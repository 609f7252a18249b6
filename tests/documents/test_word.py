"""Agenda and minutes, as Word's own library reads them."""

import io
import re

import pytest
from docx import Document
from docx.oxml.ns import qn

from sandkasse import freezes, i18n, number_receipts
from sandkasse.documents import agenda
from sandkasse.documents.audience import Audience
from sandkasse.errors import NotAllowed, NotFound
from tests.documents.conftest import KNOWN, UNSHARED, WHY, Held

PROJECT, OUTSIDE = Audience.PROJECT, Audience.OUTSIDE


def words(file: bytes) -> str:
    """All that stands in a document."""
    document = Document(io.BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    footers = [one.text for section in document.sections for one in section.footer.paragraphs]
    return "\n".join([*(one.text for one in document.paragraphs), *cells, *footers])


def headings(file: bytes) -> list[str]:
    """The headings, real ones, in their order."""
    return [
        one.text
        for one in Document(io.BytesIO(file)).paragraphs
        if one.style.name.startswith(("Heading", "Title"))
    ]


def test_the_agenda_says_when_where_who_and_what(held: Held) -> None:
    made = held.papers(PROJECT)["agenda.docx"]
    told = words(made)
    for text in ("Service development", "Campus Narvik", "Mari Mentor", "Åse Ødegård",
                 "Proposed because: A decision is due", "Rooms & money <b>"):  # fmt: skip
        assert text in told
    assert headings(made)[0] == "Agenda: Service development"
    assert [one for one in headings(made) if one[0].isdigit()] == [
        "1. Rooms & money <b>",
        f"2. About {held.secret_id} – {UNSHARED}",
        f"3. About {held.public_id} – {KNOWN}",
    ]


def test_the_minutes_say_who_came_and_what_came_of_it(held: Held) -> None:
    told = words(held.papers(PROJECT)["minutes.docx"])
    for text in (
        "Present", "Mona Member, The Norwegian Tax Administration", "Draft: the meeting",
        f"Decision: {UNSHARED}: Glow on", f"Why: {WHY}", "What can be done now: Dive",
        "Action: Call the harbour", "Mari Mentor · by ", "Information: New rooms in June",
    ):  # fmt: skip
        assert text in told, text


def test_what_was_superseded_is_struck_and_says_so(held: Held) -> None:
    document = Document(io.BytesIO(held.papers(PROJECT)["minutes.docx"]))
    struck = [run.text for one in document.paragraphs for run in one.runs if run.font.strike]
    assert struck == ["Meet on Mondays"]
    assert "superseded by a later one" in words(held.papers(PROJECT)["minutes.docx"])


def test_outside_nothing_is_told_of_unpublished_ideas_and_nobody_is_named(held: Held) -> None:
    made = held.papers(OUTSIDE)
    for kind in ("agenda.docx", "minutes.docx"):
        told = words(made[kind])
        for hidden in (
            UNSHARED, WHY, "Glow on", "Dive", f"Note on {held.secret_id}", "Perhaps sell",
            "Not told the team yet", "Mari Mentor", "Åse Ødegård", "Mona Member",
        ):  # fmt: skip
            assert hidden not in told, (kind, hidden)
        assert KNOWN in told
        assert "An idea that is not published" in told
    assert f"Decision: {KNOWN}: Knit on" in told
    assert "3 people: The Norwegian Tax Administration" in words(made["agenda.docx"])


def test_a_member_who_makes_papers_reads_no_title_that_is_not_shared(held: Held) -> None:
    made = agenda.agenda(held.db, held.cast.member, held.meeting_id, PROJECT)
    assert UNSHARED not in words(made)


def test_every_figure_has_the_receipt_of_the_freeze(held: Held) -> None:
    told = words(held.papers(PROJECT)["minutes.docx"])
    (kept,) = freezes.of_meeting(held.db, held.cast.lead, held.meeting_id)
    for kind, code in kept.codes.items():
        assert number_receipts.shown(code) in told
        receipt = number_receipts.find(held.db, held.cast.lead, number_receipts.shown(code))
        assert (receipt.kind, receipt.numbers) == (kind, kept.numbers[kind])


@pytest.mark.parametrize(
    ("language", "tag", "title"), [("nb", "nb-NO", "Referat"), ("en", "en-GB", "Minutes")]
)
def test_a_document_says_its_language_and_title_and_names_no_author(
    held: Held, language: str, tag: str, title: str
) -> None:
    document = Document(io.BytesIO(held.papers(PROJECT, language)["minutes.docx"]))
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == tag
    about = document.core_properties
    assert about.title == f"{title}: Service development"
    assert (about.author, about.comments) == ("Sandkasse", "")
    assert about.last_modified_by == "Sandkasse"


def test_pictures_and_tables_are_described_and_headings_of_tables_marked(held: Held) -> None:
    document = Document(io.BytesIO(held.papers(PROJECT)["minutes.docx"]))
    assert len(document.inline_shapes) == 8
    for shape in document.inline_shapes:
        assert "The same numbers stand in the table." in shape._inline.docPr.get("descr")
    assert len(document.tables) == 8
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_what_people_wrote_is_plain_text_without_what_breaks_or_deceives(held: Held) -> None:
    told = words(held.papers(PROJECT)["agenda.docx"])
    assert "=1+1evil long long" in told
    assert re.search(r"… \(shortened; 100,0\d\d characters in all\)", told)


def test_nothing_in_a_document_is_fetched_from_elsewhere(held: Held) -> None:
    for kind in ("agenda.docx", "minutes.docx"):
        document = Document(io.BytesIO(held.papers(PROJECT)[kind]))
        for part in document.part.package.iter_parts():
            assert not [rel for rel in part.rels.values() if rel.is_external]


def test_papers_are_for_those_who_see_meetings(held: Held) -> None:
    for who in (held.cast.student, held.cast.nobody):
        with pytest.raises(NotAllowed):
            agenda.agenda(held.db, who, held.meeting_id, OUTSIDE)
    with pytest.raises(NotFound), i18n.in_language("en"):
        agenda.agenda(held.db, held.cast.lead, 999_999, OUTSIDE)
