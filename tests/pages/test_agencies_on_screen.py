"""The directory on the page: what each role sees, finds, adds and changes."""

import json
from datetime import date

import pytest

from sandkasse import contacts
from sandkasse.contacts import Filter
from tests.builders import CARD, contact
from tests.pages.conftest import alone, said

_DAY = date(2026, 10, 1)


def listed(app, key):
    """The titles of a list on the page; none when it is not there."""
    try:
        return [row["title"] for row in json.loads(app.get_by_key(key).proto.json)["rows"]]
    except KeyError:
        return []


@pytest.mark.parametrize("who", ["student", "mentor", "member", "lead"])
def test_everybody_reads_the_directory_and_what_agencies_do(app_database, app_cast, opened, who):
    contact(app_database, app_cast.lead)
    app = opened("agencies.py", getattr(app_cast, who))
    assert not app.exception
    assert listed(app, "contacts") == [CARD.name]
    assert "The Brønnøysund Register Centre" in listed(app, "agencies")
    assert len(listed(app, "agencies")) == 14


@pytest.mark.parametrize(
    ("who", "may"), [("student", False), ("mentor", False), ("member", True), ("lead", True)]
)
def test_only_leads_and_members_are_offered_to_add_somebody(app_cast, opened, who, may):
    app = opened("agencies.py", getattr(app_cast, who))
    assert any(button.key == "contact-new" for button in app.button) == may


def test_two_letters_of_a_name_find_the_person(app_database, app_cast, opened):
    contact(app_database, app_cast.lead)
    contact(app_database, app_cast.lead, "nav", name="Ola Dahl", subject="", email="")
    app = opened("agencies.py", app_cast.student, search="da")
    assert listed(app, "contacts") == ["Ola Dahl"]


def test_a_search_finds_what_an_agency_does(app_cast, opened):
    app = opened("agencies.py", app_cast.student, search="food")
    assert listed(app, "agencies") == ["The Norwegian Food Safety Authority"]


def test_who_took_no_active_part_is_told_with_the_day_of_the_report(app_cast, opened):
    app = opened("agencies.py", app_cast.student, search="roads")
    (row,) = json.loads(app.get_by_key("agencies").proto.json)["rows"]
    assert [mark["text"] for mark in row["marks"]] == ["Not active in the pilot"]
    assert "22 December 2022" in row["text"]


def test_a_search_that_fits_nobody_says_what_to_do(app_cast, opened):
    app = opened("agencies.py", app_cast.student, search="zzz")
    assert any("beginning of a name" in text.value for text in app.markdown)


def test_whoever_has_left_is_shown_as_such(app_database, app_cast, opened):
    contact_id = contact(app_database, app_cast.lead)
    contacts.mark_left(app_database, app_cast.lead, contact_id, _DAY, 1)
    app = opened("agencies.py", app_cast.student)
    assert (listed(app, "contacts"), listed(app, "left")) == ([], [CARD.name])
    assert "Left 1 Oct 2026" in said(app)


def test_nothing_written_is_read_as_markdown(app_database, app_cast, opened):
    contact(app_database, app_cast.lead, name="**bold** :smile:", subject="$x$ [a](b)")
    app = opened("agencies.py", app_cast.student, contact=1)
    assert not app.exception
    assert all("**bold**" not in text.value for text in [*app.markdown, *app.caption])


def test_an_address_that_names_nobody_is_refused_in_words(app_cast, opened):
    app = opened("agencies.py", app_cast.student, contact=99)
    assert not app.exception
    assert any("no such contact person" in error.value for error in app.error)


def adding_form() -> None:
    """What the dialog for somebody new holds, as a page of its own."""
    from sandkasse import agencies
    from sandkasse.ui import contact_dialog, page

    visit = page.begin("New")
    named = {one.id: one.name.en for one in visit.know(agencies.listed)}
    contact_dialog.add(visit, named, None)


def showing_form(contact_id: int) -> None:
    """What the dialog of a contact person holds, read once, as a page of its own."""
    import streamlit as st

    from sandkasse import contacts
    from sandkasse.ui import contact_dialog, page

    visit = page.begin("Contact")
    if "contact" not in st.session_state:
        st.session_state["contact"] = visit.read(contacts.get, contact_id)
    contact_dialog.show(visit, st.session_state["contact"], {"skatteetaten": "Tax"})


def part(app, contact_id, name):
    """Choose what to do in the dialog of a contact person."""
    return app.radio(key=f"contact-{contact_id}-part").set_value(name).run()


def test_a_member_adds_somebody_to_the_own_agency(app_database, app_cast):
    app = alone(adding_form, app_cast.member)
    assert app.selectbox(key="contact-new-agency").options == ["The Norwegian Tax Administration"]
    app.text_input(key="contact-new-name").set_value("Kari Nordmann")
    app.text_input(key="contact-new-phone").set_value("22222222")
    app.button(key="contact-new-save").click().run()
    assert not app.exception
    (one,) = contacts.find(app_database, app_cast.lead, Filter()).rows
    assert (one.agency_id, one.card.phone) == ("skatteetaten", "+4722222222")


def test_what_is_wrong_is_said_beside_its_field(app_database, app_cast):
    app = alone(adding_form, app_cast.member)
    app.text_input(key="contact-new-phone").set_value("call me")
    app.button(key="contact-new-save").click().run()
    errors = " ".join(error.value for error in app.error)
    assert "Write the name" in errors
    assert "no such phone number" in errors
    assert app_database.value("SELECT count(*) FROM contact") == 0


def test_a_member_changes_and_reads_what_was_changed(app_database, app_cast):
    contact_id = contact(app_database, app_cast.lead)
    app = part(alone(showing_form, app_cast.member, contact_id), contact_id, "change")
    app.text_input(key=f"contact-{contact_id}-1-change-title").set_value("Director")
    app.button(key=f"contact-{contact_id}-1-change-save").click().run()
    assert contacts.get(app_database, app_cast.lead, contact_id).card.title == "Director"
    again = part(alone(showing_form, app_cast.member, contact_id), contact_id, "history")
    rows = json.loads(again.get_by_key(f"contact-{contact_id}-2-history").proto.json)["rows"]
    assert rows[0]["text"] == "Senior adviser → Director"


def test_whoever_saves_second_is_told_and_loses_nothing(app_database, app_cast):
    contact_id = contact(app_database, app_cast.lead)
    app = part(alone(showing_form, app_cast.lead, contact_id), contact_id, "change")
    contacts.mark_left(app_database, app_cast.member, contact_id, _DAY, 1)
    app.text_input(key=f"contact-{contact_id}-1-change-title").set_value("Director")
    app.button(key=f"contact-{contact_id}-1-change-save").click().run()
    assert any("Mona Member" in error.value for error in app.error)
    assert app.text_input(key=f"contact-{contact_id}-1-change-title").value == "Director"


def test_a_lead_says_that_somebody_has_left_and_takes_it_back(app_database, app_cast):
    contact_id = contact(app_database, app_cast.lead)
    app = part(alone(showing_form, app_cast.lead, contact_id), contact_id, "leaving")
    app.button(key=f"contact-{contact_id}-1-leaving-save").click().run()
    assert contacts.get(app_database, app_cast.lead, contact_id).left
    again = part(alone(showing_form, app_cast.lead, contact_id), contact_id, "leaving")
    again.button(key=f"contact-{contact_id}-2-leaving-stays").click().run()
    assert not contacts.get(app_database, app_cast.lead, contact_id).left


@pytest.mark.parametrize("who", ["student", "mentor"])
def test_others_look_and_are_offered_nothing_more(app_database, app_cast, who):
    contact_id = contact(app_database, app_cast.lead)
    app = alone(showing_form, getattr(app_cast, who), contact_id)
    assert not app.exception
    assert not app.get("button_group")
    assert not list(app.main.button)
