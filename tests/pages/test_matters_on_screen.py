"""What people do with matters and barriers on the pages, without a browser."""

import pytest

from sandkasse import barriers, exchange, mentoring, pipeline, touchpoints
from sandkasse.ledger import Party
from sandkasse.matter import Kind, Outcome, State
from sandkasse.touchpoints import Opening
from sandkasse.ui.text import paragraphs
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
    assert "from today" in app.info[0].value


def test_the_own_page_of_a_member_shows_what_waits_at_the_agency(app_cast, opened, matter):
    app = opened("home.py", app_cast.member)
    assert "Waiting at your agency (1)" in [header.value for header in app.header]
    assert "Do we need to register?" in said(app)


def handing(idea_id: int, to: str) -> None:
    """What the dialog for handing over holds, as a page of its own."""
    from sandkasse import ideas
    from sandkasse.ledger import Party
    from sandkasse.ui import page
    from sandkasse.ui.idea_view import turn

    visit = page.begin("Hand over")
    turn.form(visit, visit.read(ideas.get, idea_id), Party(to))


def test_a_mentor_hands_the_idea_to_the_project(app_database, app_cast):
    idea_id = submitted(app_database, app_cast.student)
    app = alone(handing, app_cast.mentor, idea_id, "project")
    app.button(key=f"hand-over-{idea_id}-1-project-do").click().run()
    assert not app.exception
    assert app_database.value("SELECT ball FROM idea") == Party.PROJECT
    assert seq(app_database, idea_id) == 2


def test_a_team_answers_when_it_says_that_it_is_ready(app_database, app_cast, opened):
    idea_id = submitted(app_database, app_cast.student)
    asked = "Whose are *the results*?"
    pipeline.hand_over(
        app_database, app_cast.mentor, idea_id, to=Party.STUDENT, expected_seq=1, note=asked
    )
    key = f"hand-over-{idea_id}-2-mentor"
    app = alone(handing, app_cast.student, idea_id, "mentor")
    app.text_area(key=f"{key}-note").set_value("They are ours.")
    app.button(key=f"{key}-do").click().run()
    assert not app.exception
    last = "SELECT ball, note FROM ledger ORDER BY seq DESC LIMIT 1"
    assert app_database.rows(last) == [("mentor", "They are ours.")]


def test_whose_turn_it_is_reads_so_and_what_was_asked(app_database, app_cast, opened):
    idea_id = submitted(app_database, app_cast.student, team="tor.teammate@uit.example")
    asked = "Whose are *the results*?"
    pipeline.hand_over(
        app_database, app_cast.mentor, idea_id, to=Party.STUDENT, expected_seq=1, note=asked
    )
    for who in (app_cast.student, app_cast.teammate):
        told = opened("idea.py", who, idea=idea_id).info[0].value
        assert told.startswith("**It is your turn**, from today.")
        assert f"Mari Mentor wrote: {paragraphs(asked)}" in told
    told = opened("idea.py", app_cast.mentor, idea=idea_id).info[0].value
    assert told == "The ball is with the student: from today."


def test_a_mentor_and_a_lead_read_that_it_is_their_turn(app_database, app_cast, opened):
    idea_id = submitted(app_database, app_cast.student)
    mentoring.take(app_database, app_cast.mentor, idea_id)
    mine = "**It is your turn**, from today."
    assert opened("idea.py", app_cast.mentor, idea=idea_id).info[0].value == mine
    theirs = opened("idea.py", app_cast.other_mentor, idea=idea_id).info[0].value
    assert theirs == "The ball is with a mentor: from today."
    pipeline.hand_over(app_database, app_cast.mentor, idea_id, to=Party.PROJECT, expected_seq=1)
    assert opened("idea.py", app_cast.lead, idea=idea_id).info[0].value == mine
    told = opened("idea.py", app_cast.mentor, idea=idea_id).info[0].value
    assert told == "The ball is with the project: from today."


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
