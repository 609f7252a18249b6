"""Contact people out: a table that runs nothing, and cards that other programs read."""

import csv
import io
from datetime import date

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from sandkasse import contacts, exchange
from sandkasse.contacts import Card, Contact, Filter
from sandkasse.errors import NotAllowed
from sandkasse.exchange.vcards import vcard
from tests.builders import CARD, contact


def table(db, who, wanted=Filter(), language="en"):  # noqa: B008
    raw = exchange.contacts_csv(db, who, wanted, language)
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))


def cards(db, who, wanted=Filter()):  # noqa: B008
    text = exchange.contacts_vcards(db, who, wanted, "en").decode()
    return list(vobject.readComponents(text))


def test_a_table_says_all_that_is_written(db, cast):
    contact(db, cast.lead, valid_from=date(2026, 1, 5))
    assert table(db, cast.student) == [
        {
            "Agency": "The Norwegian Tax Administration",
            "Name": "Kari Nordmann",
            "Job title": "Senior adviser",
            "Phone": "22 22 22 22",
            "E-mail": "kari.nordmann@skatteetaten.example",
            "Ask about": "VAT for new companies",
            "First day": "2026-01-05",
            "Last day": "",
        }
    ]


def test_the_headings_and_agencies_are_in_the_language_asked_for(db, cast):
    contact(db, cast.lead)
    (row,) = table(db, cast.student, language="nb")
    assert "Skatteetaten" in row.values()


def test_a_cell_that_a_spreadsheet_would_run_is_shown_instead(db, cast):
    contact(db, cast.lead, name="=HYPERLINK(1)", title="@cmd", phone="+46 8 123 456 78")
    (row,) = table(db, cast.student)
    assert (row["Name"], row["Job title"]) == ("'=HYPERLINK(1)", "'@cmd")
    assert row["Phone"] == "'+46 8 123 456 78"


def test_what_was_searched_for_is_what_comes_out(db, cast):
    contact(db, cast.lead)
    contact(db, cast.lead, "nav", name="Ola Dahl", email="")
    assert [row["Name"] for row in table(db, cast.student, Filter("ola"))] == ["Ola Dahl"]
    assert [one.fn.value for one in cards(db, cast.student, Filter("ola"))] == ["Ola Dahl"]


def test_nobody_who_has_left_gets_into_an_address_book(db, cast):
    contact(db, cast.lead, valid_to=date(2020, 1, 1))
    assert cards(db, cast.student, Filter(left=None)) == []
    assert table(db, cast.student, Filter(left=None))[0]["Last day"] == "2020-01-01"


def test_nobody_without_a_role_takes_anything_along(db, cast):
    for make in (exchange.contacts_csv, exchange.contacts_vcards):
        with pytest.raises(NotAllowed):
            make(db, cast.nobody, Filter(), "en")


def test_a_card_is_read_by_other_programs(db, cast):
    contact_id = contact(db, cast.lead)
    (read,) = cards(db, cast.student)
    assert read.version.value == "4.0"
    assert read.fn.value == CARD.name
    assert read.org.value == ["The Norwegian Tax Administration"]
    assert read.title.value == CARD.title
    assert read.tel.value == "tel:+4722222222"
    assert read.email.value == CARD.email
    assert read.note.value == CARD.subject
    again = vcard(contacts.get(db, cast.lead, contact_id), "Tax")
    assert read.uid.value in again


LINES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=120).filter(
    lambda text: text == text.strip()
)
TEXTS = st.lists(LINES, min_size=1, max_size=3).map("\n".join)


def test_marks_that_mean_something_to_the_format_are_escaped():
    card = Card("Dahl, Ola; \\o/", "Head", subject="First line\nsecond")
    written = vcard(Contact(1, "nav", card, 1), "NAV; Narvik, nord")
    assert "FN:Dahl\\, Ola\\; \\\\o/\r\n" in written
    assert "NOTE:First line\\nsecond\r\n" in written
    assert vobject.readOne(written).org.value == ["NAV; Narvik, nord"]


@given(name=LINES, title=LINES, subject=TEXTS, agency=LINES)
def test_any_text_comes_back_from_a_card_as_it_was(name, title, subject, agency):
    card = Card(name, title, "+4722222222", "kari@nav.example", subject)
    written = vcard(Contact(1, "nav", card, 1), agency)
    read = vobject.readOne(written)
    assert read.fn.value == name
    assert read.title.value == title
    assert read.note.value == subject
    assert read.org.value == [agency]


@given(subject=TEXTS)
def test_a_card_keeps_the_formats_line_length_and_line_ends(subject):
    written = vcard(Contact(1, "nav", Card("Kari", subject=subject), 1), "NAV")
    lines = written.encode().split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)
    assert written.endswith("END:VCARD\r\n")
    for line in lines:
        line.decode()
