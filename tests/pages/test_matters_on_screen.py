"""What people do with matters and barriers on the pages, without a browser."""

import pytest

from sandkasse import barriers, exchange, touchpoints
from sandkasse.ledger import Party
from sandkasse.matter import Kind, Outcome, State
from sandkasse.touchpoints import Opening
from tests.builders import seq, submitted
from tests.pages.conftest import alone, said


@pytest.fixture
def matter(app_database, app_cast):
    """A matter of the student's with the Tax Administration that has been sent."""
    idea_id = submitted(app_database, app_cast.student)
    return touchpoints.open_matter(
        app_database, app_cast.student, idea_id,
        Opening("skatteetaten", title="Do we need to register?", sent=True),
    )  # fmt: skip


def choose(app, touchpoint_id: int, seq: int, kind: Kind):
    """Choose what has happened."""
    app.selectbox(key=f"event-{touchpoint_id}-{seq}-kind-en").set_value(kind.value).run()
    return app


def test_a_member_records_the_decision_of_the_own_agency(app_database, app_cast, opened, matter):
    app = choose(
        opened("touchpoint.py", app_cast.member, touchpoint=matter), matter, 1, Kind.DECIDED
    )
    app.selectbox(key=f"event-{matter}-1-outcome-en").set_value(Outcome.APPROVED.value)
    app.button(key=f"event-{matter}-1-do").click().run()
    assert not app.exception
    assert touchpoints.get(app_database, app_cast.student, matter).outcome is Outcome.APPROVED


def test_a_decision_without_an_outcome_is_refused_beside_its_field(
    app_database, app_cast, opened, matter
):
    app = choose(
        opened("touchpoint.py", app_cast.member, touchpoint=matter), matter, 1, Kind.DECIDED
    )
    app.button(key=f"event-{matter}-1-do").click().run()
    assert [error.value for error in app.error] == ["Say what the agency decided\\."]
    assert touchpoints.get(app_database, app_cast.student, matter).last_seq == 1


def test_a_member_is_offered_what_an_agency_does_and_the_team_everything(app_cast, opened, matter):
    key = f"event-{matter}-1-kind-en"
    of_member = opened("touchpoint.py", app_cast.member, touchpoint=matter).selectbox(key=key)
    of_team = opened("touchpoint.py", app_cast.student, touchpoint=matter).selectbox(key=key)
    assert "Closed without a decision" not in of_member.options
    assert "Closed without a decision" in of_team.options


def correcting_a_matter(touchpoint_id: int) -> None:
    """What the dialog for correcting a matter's second event holds, as a script of its own."""
    from sandkasse import touchpoints
    from sandkasse.ui import correcting, page

    correcting.ask(
        page.begin("Matter", heading=False), "Receipt", touchpoints.correct, touchpoint_id,
        seq=2, expected_seq=2,
    )  # fmt: skip


def test_a_mentor_is_asked_before_an_event_of_a_matter_is_corrected(
    app_database, app_cast, opened, matter
):
    touchpoints.record(
        app_database, app_cast.member, matter, Kind.DECIDED, expected_seq=1,
        outcome=Outcome.APPROVED,
    )  # fmt: skip
    app = opened("touchpoint.py", app_cast.mentor, touchpoint=matter)
    assert app.button(key="void-2").label == "Correct: this did not happen"
    app.button(key="void-2").click().run()
    assert not app.exception
    assert touchpoints.get(app_database, app_cast.mentor, matter).state is State.DECIDED
    app = alone(correcting_a_matter, app_cast.mentor, matter)
    app.button(key="void-2-do").click().run()
    assert not app.exception
    assert touchpoints.get(app_database, app_cast.mentor, matter).state is State.AGENCY


def test_the_idea_says_which_agency_has_the_ball(app_database, app_cast, opened, matter):
    app = opened("idea.py", app_cast.student, idea=1)
    assert "The Norwegian Tax Administration" in app.info[0].value
    assert "since today" in app.info[0].value


def test_the_own_page_of_a_member_shows_what_waits_at_the_agency(app_cast, opened, matter):
    app = opened("home.py", app_cast.member)
    assert "Waiting at your agency (1)" in [header.value for header in app.header]
    assert "Do we need to register?" in said(app)


def test_a_mentor_hands_the_idea_to_the_project(app_database, app_cast, opened):
    idea_id = submitted(app_database, app_cast.student)
    app = opened("idea.py", app_cast.mentor, idea=idea_id)
    app.button(key="hand-over-project").click().run()
    assert not app.exception
    assert app_database.value("SELECT ball FROM idea") == Party.PROJECT
    assert seq(app_database, idea_id) == 2


def test_whoever_writes_of_a_barrier_is_told_of_those_who_met_it(
    app_database, app_cast, opened, matter
):
    barriers.name(app_database, app_cast.student, matter, "No bank gives founders an account")
    app = opened("submit.py", app_cast.stranger)
    app.text_input(key="submit-title").set_value("A bank for founders")
    app.text_area(key="submit-problem").set_value(
        "No bank gives us an account for our money."
    ).run()
    assert "No bank gives founders an account" in said(app)


def test_a_barrier_with_a_formula_is_shown_by_a_sheet_and_not_run(app_database, app_cast, matter):
    barriers.name(app_database, app_cast.student, matter, "=HYPERLINK(1)")
    table = exchange.barrier_table(app_database, app_cast.lead, "skatteetaten").decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in table.splitlines()[1]


def opening_dialog(idea_id: int) -> None:
    """What the dialog for a new matter holds, as a script of its own."""
    from sandkasse import ideas
    from sandkasse.ui import page, touchpoint_view

    visit = page.begin("Matter", heading=False)
    touchpoint_view._open(visit, visit.read(ideas.get, idea_id))


def test_a_student_opens_a_matter_that_is_sent(app_database, app_cast):
    idea_id = submitted(app_database, app_cast.student)
    app = alone(opening_dialog, app_cast.student, idea_id)
    app.selectbox(key="matter-agency").set_value("skatteetaten").run()
    app.text_input(key="matter-title").set_value("May we sell ice?")
    app.checkbox(key="matter-sent").check()
    app.button(key="matter-open-do").click().run()
    assert not app.exception
    assert app_database.value("SELECT ball_agencies FROM idea") == "skatteetaten"
