"""Student positions on the screen, from the list to the seats, as each role."""

from datetime import date, timedelta

import pytest

from sandkasse import clock, contacts, freezes, i18n, number_receipts
from sandkasse.application import Kind
from sandkasse.figures import Choice
from sandkasse.figures import seats as seat_figures
from sandkasse.figures.frozen import SEATS
from sandkasse.figures.seats import Held, SeatRow, SeatsChoice, SeatState
from sandkasse.journeys import Text
from sandkasse.meetings import agenda
from sandkasse.recruitment import applications, positions, workload
from sandkasse.ui.recruitment_view import seat_board
from tests.builders import JOURNEY, applied, begun, called, contact, described, position
from tests.pages.conftest import alone, said, tables

HIRED = (Kind.OFFER, Kind.ACCEPTED, Kind.STARTED)


@pytest.fixture
def place(app_database, app_cast) -> int:
    return position(app_database, app_cast.member, seats=15)


def button(app, label):
    return next(one for one in app.button if one.label == label)


def test_a_student_finds_a_position_and_applies(app_database, app_cast, opened, place):
    app = opened("recruitment.py", app_cast.student)
    assert not app.exception
    assert "1 open position" in said(app)
    app = opened("position.py", app_cast.student, position=place)
    assert app.title[0].value == "Student assistant"
    button(app, "Send the application").click().run()
    assert "why you apply" in app.error[0].value
    app.text_area(key=f"apply-{place}-words").set_value("I like *numbers*.")
    button(app, "Send the application").click().run()
    assert not app.exception
    (mine,) = applications.mine(app_database, app_cast.student)
    assert mine.words == "I like *numbers*."


def test_the_agency_offers_and_the_student_accepts(app_database, app_cast, opened, place):
    one = applied(app_database, app_cast.student, place, by=app_cast.member)
    app = opened("application.py", app_cast.member, application=one)
    app.selectbox(key=f"apply-event-{one}-1-kind-en").set_value("offer").run()
    button(app, "Offer a seat").click().run()
    assert not app.exception
    app = opened("application.py", app_cast.student, application=one)
    assert "You have an offer" in app.info[0].value
    app.selectbox(key=f"apply-event-{one}-2-kind-en").set_value("accepted").run()
    button(app, "Accept the offer").click().run()
    assert applications.get(app_database, app_cast.member, one).state is Kind.ACCEPTED


def test_internal_words_and_marks_are_not_on_the_applicants_page(
    app_database, app_cast, opened, place
):
    one = applied(app_database, app_cast.student, place, Kind.INTERVIEW, by=app_cast.member)
    applications.record(
        app_database, app_cast.member, one, Kind.NOTE, expected_seq=2, note="Rather shy"
    )
    assert "Rather shy" in said(opened("application.py", app_cast.member, application=one))
    own = said(opened("application.py", app_cast.student, application=one))
    assert "Rather shy" not in own
    assert "After the interview" not in own
    assert "Mona Member" not in own


def correcting_an_application(application_id: int, seq: int) -> None:
    """What the dialog for correcting an event of an application holds, as a script of its own."""
    from sandkasse.recruitment import applications
    from sandkasse.ui import correcting, page

    correcting.ask(
        page.begin("Application", heading=False), "Interview", applications.correct,
        application_id, seq=seq, expected_seq=seq,
    )  # fmt: skip


def test_the_agency_is_asked_before_it_corrects_an_event(app_database, app_cast, opened, place):
    one = applied(app_database, app_cast.student, place, Kind.INTERVIEW, by=app_cast.member)
    app = opened("application.py", app_cast.member, application=one)
    assert app.button(key="void-2").label == "Correct: this did not happen"
    app.button(key="void-2").click().run()
    assert not app.exception
    assert applications.get(app_database, app_cast.member, one).state is Kind.INTERVIEW
    assert app.button(key="void-2-do").label == "Correct"
    app = alone(correcting_an_application, app_cast.member, one, 2)
    app.button(key="void-2-do").click().run()
    assert not app.exception
    assert applications.get(app_database, app_cast.member, one).state is Kind.RECEIVED


def test_a_correction_that_somebody_came_before_is_refused_in_the_dialog(
    app_database, app_cast, place
):
    one = applied(app_database, app_cast.student, place, Kind.INTERVIEW, by=app_cast.member)
    app = alone(correcting_an_application, app_cast.member, one, 2)
    applications.record(
        app_database, app_cast.member, one, Kind.NOTE, expected_seq=2, note="Rather shy"
    )
    app.button(key="void-2-do").click().run()
    assert len(app.error) == 1
    assert applications.get(app_database, app_cast.member, one).state is Kind.INTERVIEW


def test_nobody_else_sees_an_application(app_database, app_cast, opened, place):
    one = applied(app_database, app_cast.student, place, by=app_cast.member)
    app = opened("application.py", app_cast.stranger, application=one)
    assert "There is no such application" in app.error[0].value
    assert "numbers" not in said(app)


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("view", ["kept", "board", "applications", "seats"])
def test_the_agency_sees_its_views(app_database, app_cast, opened, place, view, language):
    applied(app_database, app_cast.student, place, *HIRED, by=app_cast.member)
    app = opened("recruitment.py", app_cast.member, language, view=view)
    assert not app.exception
    assert not app.error
    if view == "seats":
        words = {"nb": "1 av 15 plasser", "en": "1 of 15 seats"}
        assert words[language] in said(app)


@pytest.mark.parametrize(("language", "words"), [("nb", "14 av 15 plasser ledige"),
                                                 ("en", "14 of 15 seats free")])  # fmt: skip
def test_a_student_is_told_how_many_seats_can_be_had(
    app_database, app_cast, opened, place, language, words
):
    applied(app_database, app_cast.student, place, *HIRED, by=app_cast.member)
    one = said(opened("position.py", app_cast.stranger, language, position=place))
    assert words in one
    positions.close(app_database, app_cast.member, place, expected_seq=2)
    closed = said(opened("position.py", app_cast.stranger, language, position=place))
    assert {"nb": "15 plasser", "en": "15 seats"}[language] in closed
    assert words not in closed


def test_the_chart_of_seats_has_a_row_for_each_that_the_table_has(app_database, app_cast, place):
    today = clock.today()
    later = positions.seats(2, today + timedelta(days=9), today + timedelta(days=99))
    coming = positions.create(app_database, app_cast.member, described(), later)
    positions.open_position(app_database, app_cast.member, coming, None, expected_seq=1)
    board = seat_figures.board(app_database, app_cast.lead, SeatsChoice())
    rows = seat_board.timeline(board, "#000000", "en")["encoding"]["y"]["scale"]["domain"]
    # Both positions have the same title, and yet each seat a row of its own.
    assert len(set(rows)) == len(rows) == board.total == 17


@pytest.mark.parametrize(("last_day", "said"), [(20, "Empty again"), (18, "Ended")])
def test_a_seat_that_is_to_be_held_again_stands_empty_and_has_not_ended(last_day, said):
    held = Held(1, "", date(2026, 1, 5), date(2026, 1, 18), date(2026, 1, 18), None)
    seat = SeatRow(
        1, Text("T", "T"), "skatteetaten", 7.5, 1, date(2026, 1, 5), date(2026, 1, last_day),
        SeatState.ENDED, (held,), (),
    )  # fmt: skip
    with i18n.in_language("en"):
        assert seat_board._stands(seat, date(2026, 1, 19)) == said


def test_the_own_page_tells_of_applications_seats_and_hours(app_database, app_cast, opened, place):
    workload.say_hours(app_database, app_cast.student, 5.0, 1.0)
    applied(app_database, app_cast.student, place, *HIRED, by=app_cast.member)
    student = opened("home.py", app_cast.student)
    assert not student.exception
    assert "than the 5" in student.warning[0].value.replace("\\", "")
    member = said(opened("home.py", app_cast.member))
    assert "Your agency's seats" in member
    assert "hours that" not in member
    assert "Students to look after (1)" in said(opened("home.py", app_cast.lead))


def test_one_seat_gets_days_of_its_own_and_keeps_them(app_database, app_cast, opened):
    place = position(app_database, app_cast.member, seats=3)
    own = clock.today() + timedelta(days=20)
    app = opened("position.py", app_cast.member, position=place)
    app.button(key="position-seat").click().run()
    app.selectbox(key="position-seat-2").set_value(2)
    app.button(key="position-seat").click().run()
    app.date_input(key="position-seat-2-2-ends").set_value(own)
    app.button(key="position-seat").click()
    app.button(key="position-seat-do").click().run()
    assert not app.exception
    app = opened("position.py", app_cast.member, position=place)
    app.button(key="position-plan").click().run()
    assert any("keep them\\: seat 2" in one.value for one in app.caption)
    later = clock.today() + timedelta(days=300)
    app.number_input(key="position-plan-3-seats").set_value(4)
    app.date_input(key="position-plan-3-ends").set_value(later)
    app.button(key="position-plan").click()
    app.button(key="position-plan-do").click().run()
    planned = positions.planned(app_database, app_cast.member, place)
    assert [seat.ends_on for seat in planned] == [later, own, later, later]


def test_students_read_whom_to_ask(app_database, app_cast, opened):
    whom = contact(app_database, app_cast.member, phone="22 22 22 22")
    place = position(app_database, app_cast.member)
    app = opened("position.py", app_cast.member, position=place)
    app.button(key="position-edit").click().run()
    app.selectbox(key=f"position-edit-{place}-contact-skatteetaten").set_value(whom)
    app.button(key="position-edit").click()
    app.button(key="position-edit-do").click().run()
    assert not app.exception
    told = said(opened("position.py", app_cast.student, position=place))
    assert f"Ask {contacts.get(app_database, app_cast.student, whom).card.name}" in told


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_meeting_reads_how_many_seats_are_to_be_filled(app_database, app_cast, opened, language):
    soon = position(app_database, app_cast.member, seats=2, ahead=20)
    applied(app_database, app_cast.student, soon, *HIRED, by=app_cast.member)
    meeting_id = called(app_database, app_cast.lead, subproject_id=None, journey_id=None)
    words = {"nb": "1 av 2 plasser besatt; 1 snart ledig", "en": "1 of 2 seats filled; 1 soon"}
    query = {"meeting": meeting_id, "view": "agenda"}
    for taken in (False, True):
        for who, told in (("lead", True), ("member", True), ("mentor", False)):
            app = opened("meetings.py", getattr(app_cast, who), language, **query)
            assert not app.exception
            assert (words[language] in said(app)) is told, (who, taken)
        if not taken:
            agenda.prepare(app_database, app_cast.lead, meeting_id)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_number_receipt_opens_the_seats_as_they_were(
    app_database, app_cast, opened, place, language
):
    code = number_receipts.issue(app_database, app_cast.member, SEATS, SeatsChoice())
    applied(app_database, app_cast.student, place, *HIRED, by=app_cast.member)
    app = opened("funnel.py", app_cast.lead, language, receipt=code)
    assert not app.exception
    assert {"nb": "0 av 15 plasser", "en": "0 of 15 seats"}[language] in said(app)
    table = tables(app)[0]
    assert list(table.iloc[1, 1:3]) == [0, 1]
    refused = opened("funnel.py", app_cast.mentor, receipt=code)
    assert "You do not have the right" in refused.error[0].value
    assert code not in said(refused)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_lead_joins_an_imported_applicant_and_takes_it_back(
    app_database, app_cast, opened, place, language
):
    one = applied(app_database, app_cast.student, place, by=app_cast.member)
    with app_database.transaction() as tx:
        tx.execute("UPDATE application SET person_id = NULL, name = 'Sara', ref = 'a'")
    app = opened("application.py", app_cast.lead, language, application=one)
    app.text_input(key=f"join-{one}-search").set_value(app_cast.student.name).run()
    app.selectbox(key=f"join-{one}-person").set_value(app_cast.student.person_id).run()
    app.button(key=f"join-{one}").click().run()
    assert not app.exception
    found = applications.get(app_database, app_cast.lead, one)
    assert found.person_id == app_cast.student.person_id
    app.button(key=f"part-{one}").click().run()
    assert applications.get(app_database, app_cast.lead, one).person_id is None
    for who in (app_cast.member, app_cast.mentor):
        keys = [one.key for one in opened("application.py", who, application=one).text_input]
        assert f"join-{one}-search" not in keys


@pytest.mark.parametrize("role", ["lead", "member", "mentor"])
def test_the_frozen_figures_of_a_meeting_have_seats_for_who_sees_them(
    app_database, app_cast, opened, place, role
):
    about = {"subproject_id": None, "journey_id": None}
    meeting_id = begun(app_database, app_cast.lead, **about)
    freezes.freeze(app_database, app_cast.mentor, meeting_id, Choice(JOURNEY))
    app = opened(
        "meetings.py", getattr(app_cast, role), meeting=meeting_id, view="figures", kind="seats"
    )
    assert not app.exception
    found = "All seats: Seats" in list(tables(app)[0].iloc[:, 0])
    assert found is (role != "mentor")
