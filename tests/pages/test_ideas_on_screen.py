"""What people do with ideas on the pages, without a browser."""

import json
from datetime import date

import pytest

from sandkasse import drafts, ideas, limits, membership, mentoring, pipeline
from sandkasse.descriptions import Description
from sandkasse.ledger import Party
from sandkasse.ui.text import paragraphs
from tests.builders import DESCRIPTION, JOURNEY, submitted
from tests.pages.conftest import alone, said, tables


def fill(app, **texts):
    """Write texts into the form for a new idea."""
    for field, text in texts.items():
        widget = app.text_input if field == "title" else app.text_area
        widget(key=f"submit-{field}").set_value(text)
    return app


def test_a_student_submits_an_idea(app_database, app_cast, opened):
    app = opened("submit.py", app_cast.student)
    fill(app, title="Snow as a cooling store", problem="Cold stores use much power in summer.")
    app.selectbox(key="submit-level-en").set_value("MSc")
    app.button(key="submit-send").click().run()
    assert not app.exception
    assert app.title[0].value == "Snow as a cooling store"
    assert app_database.rows("SELECT title, stage_id FROM idea") == [
        ("Snow as a cooling store", "idea-bank")
    ]


def test_what_is_missing_is_said_beside_the_field_and_nothing_is_saved(
    app_database, app_cast, opened
):
    app = opened("submit.py", app_cast.student)
    app.button(key="submit-send").click().run()
    errors = [error.value for error in app.error]
    assert any("at least three letters" in error for error in errors)
    assert any("Choose a level" in error for error in errors)
    assert app_database.value("SELECT count(*) FROM idea") == 0


def test_what_was_chosen_and_typed_is_kept_when_the_language_is_switched(
    app_database, app_cast, opened
):
    app = opened("submit.py", app_cast.student)
    fill(app, title="Snow as a cooling store")
    app.selectbox(key="submit-level-en").set_value("MSc")
    app.selectbox(key="submit-theme-en").set_value("energy")
    app.multiselect(key="submit-agencies-en").set_value(["skatteetaten"]).run()
    app.session_state["language"] = "nb"
    app.run()
    assert not app.exception
    level = app.selectbox(key="submit-level-nb")
    assert (level.value, level.options) == ("MSc", ["Bachelor", "Master", "Ph.d."])
    assert app.selectbox(key="submit-theme-nb").value == "energy"
    agencies = app.multiselect(key="submit-agencies-nb")
    assert agencies.value == ["skatteetaten"]
    assert "Skatteetaten" in agencies.options
    assert app.text_input(key="submit-title").value == "Snow as a cooling store"
    app.selectbox(key="submit-level-nb").set_value("PhD").run()
    app.session_state["language"] = "en"
    app.run()
    assert app.selectbox(key="submit-level-en").value == "PhD"


def test_a_choice_can_be_emptied_again(app_database, app_cast, opened):
    app = opened("submit.py", app_cast.student)
    app.selectbox(key="submit-level-en").set_value("MSc")
    app.button(key="submit-keep").click().run()
    again = opened("submit.py", app_cast.student)
    assert again.selectbox(key="submit-level-en").value == "MSc"
    again.selectbox(key="submit-level-en").set_value(None).run()
    assert again.selectbox(key="submit-level-en").value is None


def test_a_draft_is_there_next_time(app_database, app_cast, opened):
    app = opened("submit.py", app_cast.student)
    fill(app, title="Half a thought")
    app.button(key="submit-keep").click().run()
    again = opened("submit.py", app_cast.student)
    assert again.text_input(key="submit-title").value == "Half a thought"
    assert opened("submit.py", app_cast.stranger).text_input(key="submit-title").value == ""


def test_what_is_written_is_kept_without_being_told_to(app_database, app_cast, opened):
    app = opened("submit.py", app_cast.student)
    assert app_database.value("SELECT count(*) FROM draft") == 0
    fill(app, title="Half a thought", problem="Quays are closed.").run()
    app.selectbox(key="submit-level-en").set_value("MSc").run()
    app.multiselect(key="submit-agencies-en").set_value(["skatteetaten"]).run()
    app.date_input(key="submit-graduation").set_value(date(2028, 6, 15)).run()
    assert "The draft is saved." in said(app)
    again = opened("submit.py", app_cast.student)
    assert again.text_input(key="submit-title").value == "Half a thought"
    assert drafts.find(app_database, app_cast.student) == (
        JOURNEY,
        Description(
            title="Half a thought", problem="Quays are closed.", level="MSc",
            agencies=("skatteetaten",), graduation=date(2028, 6, 15),
        ),
    )  # fmt: skip
    assert drafts.find(app_database, app_cast.stranger) is None


def test_the_last_words_are_kept_when_another_page_is_opened_at_once(
    app_database, app_cast, opened
):
    app = opened("submit.py", app_cast.student)
    fill(app, problem="Quays are closed.")
    app.switch_page("pages/idea_bank.py").run()
    assert not app.exception
    _journey_id, kept = drafts.find(app_database, app_cast.student)
    assert kept.problem == "Quays are closed."


def test_saving_a_draft_leaves_what_is_remembered_of_the_data(app_database, app_cast, opened):
    before = app_database.version
    app = opened("submit.py", app_cast.student)
    fill(app, title="Half a thought").run()
    assert drafts.find(app_database, app_cast.student) is not None
    assert app_database.version == before


def test_a_national_identity_number_is_in_no_draft(app_database, app_cast, opened):
    app = opened("submit.py", app_cast.student)
    fill(app, title="Half a thought", problem="Mine is 01010750160.").run()
    assert any("seems to hold a national identity number" in one.value for one in app.warning)
    assert "The draft is saved." not in said(app)
    assert "01010750160" not in str(app_database.rows("SELECT content FROM draft"))


def test_a_draft_that_cannot_be_saved_says_so(app_database, app_cast, opened):
    app = opened("submit.py", app_cast.student)
    limits.put_in_force({"writes": 0})
    fill(app, title="Half a thought").run()
    limits.put_in_force({})
    assert any("The draft is not saved" in one.value for one in app.warning)
    assert "The draft is saved." not in said(app)


def test_what_may_be_asked_for_is_said_above_the_button(app_database, app_cast, opened):
    told = said(opened("submit.py", app_cast.student))
    assert told.index("Anybody may ask a public body") < told.index("Submit the idea")


def test_a_similar_idea_that_has_left_says_how(app_database, app_cast, opened):
    idea_id = submitted(app_database, app_cast.student)
    pipeline.exit_idea(
        app_database, app_cast.mentor, idea_id, exit_id="closed", expected_seq=1, reason="no_need"
    )
    app = opened("submit.py", app_cast.student)
    fill(app, title="Ice sensor at the harbour", problem="Nobody knows how thick the ice is.").run()
    assert "Left from Idea bank" in said(app)
    assert "Closed" in said(app)


def test_similar_ideas_are_shown_while_writing(app_database, app_cast, opened):
    submitted(app_database, app_cast.student)
    app = opened("submit.py", app_cast.student)
    fill(app, title="Ice sensor at the harbour", problem="Nobody knows how thick the ice is.").run()
    assert DESCRIPTION.title in said(app)


@pytest.mark.parametrize(
    "nasty",
    [
        "**bold** <script>alert(1)</script> :red[no] $x$",
        "=1+1",
        "emoji 🧊 and [a link](javascript:alert(1))",
        "a -> b -- c >= d",
    ],
)
def test_user_text_is_shown_letter_by_letter(app_database, app_cast, opened, nasty):
    idea_id = submitted(app_database, app_cast.student, title=nasty, problem=nasty)
    app = opened("idea.py", app_cast.student, idea=idea_id)
    assert not app.exception
    assert any(paragraphs(nasty) in markdown.value for markdown in app.markdown)
    assert all(nasty not in markdown.value for markdown in app.markdown)


def moving_form(idea_id: int) -> None:
    """What the dialog for moving holds, as a page of its own."""
    import streamlit as st

    from sandkasse import ideas, journeys
    from sandkasse.ui import moving, page

    visit = page.begin("Move")
    if "idea" not in st.session_state:
        st.session_state["idea"] = visit.read(ideas.get, idea_id)
    idea = st.session_state["idea"]
    moving.form(visit, idea, visit.know(journeys.get, idea.journey_id))


def test_a_mentor_moves_an_idea_by_ticking_its_gates(app_database, app_cast, opened):
    idea_id = submitted(app_database, app_cast.student)
    app = alone(moving_form, app_cast.mentor, idea_id)
    for box in app.checkbox:
        box.check()
    app.button(key=f"move-{idea_id}-1-do").click().run()
    assert not app.exception
    assert app_database.value("SELECT stage_id FROM idea") == "clarification"


def test_a_gate_is_not_passed_over_in_silence(app_database, app_cast, opened):
    idea_id = submitted(app_database, app_cast.student)
    app = alone(moving_form, app_cast.mentor, idea_id)
    app.button(key=f"move-{idea_id}-1-do").click().run()
    assert any("why the gate is waived" in error.value for error in app.error)
    assert app_database.value("SELECT last_seq FROM idea") == 1


def test_somebody_who_comes_second_is_told_who_was_first(app_database, app_cast, opened):
    idea_id = submitted(app_database, app_cast.student)
    key = f"move-{idea_id}-1"
    app = alone(moving_form, app_cast.mentor, idea_id)
    pipeline.hold_idea(
        app_database, app_cast.other_mentor, idea_id, expected_seq=1, reason="studies"
    )
    choice = app.selectbox(key=f"{key}-choice")
    choice.select_index(choice.options.index("Put on hold")).run()
    app.selectbox(key=f"{key}-hold-reason-en").select_index(0).run()
    app.button(key=f"{key}-do").click().run()
    assert any("Odd Mentor changed this idea meanwhile" in error.value for error in app.error)
    assert app_database.value("SELECT last_seq FROM idea") == 2


def test_the_board_sends_cards_of_one_sandbox_only(app_database, app_cast, opened):
    submitted(app_database, app_cast.student)
    submitted(app_database, app_cast.lead, "one-office", title="A counter for all")
    board = opened("board.py", app_cast.mentor).get_by_key("board").proto
    titles = [
        card["title"] for column in json.loads(board.json)["columns"] for card in column["cards"]
    ]
    assert titles == [DESCRIPTION.title]


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_board_says_level_and_ball_in_words_and_has_a_key(
    app_database, app_cast, opened, language
):
    submitted(app_database, app_cast.student, title="One", level="MSc")
    second = submitted(app_database, app_cast.student, title="Two", level="BSc")
    pipeline.hand_over(app_database, app_cast.mentor, second, to=Party.STUDENT, expected_seq=1)
    app = opened("board.py", app_cast.mentor, language)
    columns = json.loads(app.get_by_key("board").proto.json)["columns"]
    marks = {
        card["title"]: [mark["text"] for mark in card["marks"]]
        for column in columns
        for card in column["cards"]
    }
    expected = {
        "en": (["Master", "With a mentor"], ["Bachelor", "With the student"], "orange edge"),
        "nb": (["Master", "Hos en mentor"], ["Bachelor", "Hos studenten"], "oransje kant"),
    }[language]
    assert (marks["One"], marks["Two"]) == expected[:2]
    assert expected[2] in " ".join(one.value for one in app.caption)


def test_a_blocked_person_is_out_at_the_next_click(app_database, app_cast, opened):
    app = opened("idea_bank.py", app_cast.mentor)
    assert app.title[0].value == "Idea bank"
    membership.block(app_database, app_cast.lead, app_cast.mentor.person_id, blocked=True)
    app.run()
    assert any("access has been closed" in error.value for error in app.error)


@pytest.mark.parametrize(
    ("file", "words"),
    [("privacy.py", "Who answers for the data"), ("accessibility.py", "axe")],
)
def test_whoever_is_not_let_in_still_reads_what_anybody_may(
    app_database, app_cast, opened, file, words
):
    membership.block(app_database, app_cast.lead, app_cast.mentor.person_id, blocked=True)
    app = opened(file, app_cast.mentor)
    assert not app.exception
    assert not app.error
    assert words in said(app)
    assert not app.get("radio")[1:]  # one's own data, of which the language is no part
    app.switch_page("pages/home.py").run()
    assert any("access has been closed" in error.value for error in app.error)


def test_a_member_sees_the_public_text_and_no_more(app_database, app_cast, opened):
    idea_id = submitted(app_database, app_cast.student)
    ideas.ask_to_publish(app_database, app_cast.student, idea_id, "Sensors that know the ice.")
    ideas.decide_publication(app_database, app_cast.mentor, idea_id, approved=True)
    page = said(opened("idea.py", app_cast.member, idea=idea_id))
    assert "Sensors that know the ice." in page
    assert DESCRIPTION.problem not in page


def test_a_new_idea_is_in_every_mentors_queue_until_one_takes_it(app_database, app_cast, opened):
    idea_id = submitted(app_database, app_cast.student)
    assert DESCRIPTION.title in said(opened("home.py", app_cast.mentor))
    mentoring.take(app_database, app_cast.other_mentor, idea_id)
    assert DESCRIPTION.title not in said(opened("home.py", app_cast.mentor))


def test_what_to_do_now_stands_before_the_text_of_the_idea(app_database, app_cast, opened):
    app = opened("idea.py", app_cast.student, idea=submitted(app_database, app_cast.student))
    headers = [header.value for header in app.header]
    assert headers.index("Now: Idea bank") < headers.index("What it is about")


def test_figures_on_the_page_are_those_of_the_package(app_database, app_cast, opened):
    for n in range(6):
        submitted(app_database, app_cast.student, title=f"Idea no. {n}")
    app = opened("funnel.py", app_cast.member, sandbox=JOURNEY)
    assert not app.exception
    table = tables(app)[0]
    assert table["Reached"].tolist()[0] == 6
