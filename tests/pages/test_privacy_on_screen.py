"""Privacy on the screen: the notice for anybody, one's own data, and what leads do."""

import pytest

from sandkasse import freezes, i18n, ideas, membership
from sandkasse.figures import Choice
from sandkasse.people import Role
from sandkasse.privacy import erasure, trail
from tests.builders import JOURNEY, begun, submitted
from tests.pages.conftest import said, tables


def press(app, label):
    next(one for one in app.button if one.label == label).click()
    return app.run()


def tick(app, label):
    next(one for one in app.checkbox if one.label == label).check()
    return app.run()


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_notice_is_read_without_signing_in(app_database, app_cast, opened, language):
    submitted(app_database, app_cast.student, title="Brine from the old mine")
    with i18n.in_language(language):
        app = opened("privacy.py", None, language)
    assert not app.exception
    text = said(app)
    assert ("ikke oppgitt ennå" if language == "nb" else "not set yet") in text
    assert "datatilsynet" in text.lower()
    assert "Brine" not in text


def test_what_there_is_to_set_up_is_told_to_leads_alone(app_database, app_cast, opened):
    for who in ("student", "mentor", "member"):
        assert "privacy.toml" not in said(opened("privacy.py", getattr(app_cast, who))), who
    assert "privacy.toml" not in said(opened("privacy.py", None))
    assert "privacy.toml" in said(opened("privacy.py", app_cast.lead))


@pytest.mark.parametrize(("who", "views"), [
    ("student", ["notice", "mine"]), ("nobody", ["notice", "mine"]),
    ("mentor", ["notice", "mine"]), ("lead", ["notice", "mine", "erasure", "retention"]),
])  # fmt: skip
def test_each_gets_the_views_that_are_for_them(app_database, app_cast, opened, who, views):
    app = opened("privacy.py", getattr(app_cast, who))
    titles = {"notice": "Notice", "mine": "My data", "erasure": "Erasure", "retention": "How long"}
    assert next(one for one in app.radio if one.label == "View").options == [
        titles[view] for view in views
    ]


def test_a_view_of_leads_asked_for_by_address_is_not_shown_to_others(
    app_database, app_cast, opened
):
    app = opened("privacy.py", app_cast.student, view="erasure")
    assert not app.exception
    assert "Who asks to be erased" not in said(app)


def test_a_student_asks_and_a_lead_looks_decides_and_the_student_is_gone(
    app_database, app_cast, opened
):
    idea_id = submitted(app_database, app_cast.student, title="Brine from the old mine")
    app = opened("privacy.py", app_cast.student, view="mine")
    app = tick(app, "I understand that this cannot be undone")
    app = press(app, "Ask to be erased")
    assert not app.exception
    assert "A project lead decides within a month" in said(app).replace("\\", "")
    number = app_cast.student.person_id
    app = opened("privacy.py", app_cast.lead, view="erasure", kind="person", number=number)
    assert not app.exception
    assert "Goes in any case" in said(app)
    assert "Sara Student" in said(app)
    assert [one.subject for one in trail.of_mine(app_database, app_cast.student)] == ["people"]
    app = tick(app, "I have looked at what goes; it cannot be undone")
    app = press(app, "Erase")
    assert not app.exception
    assert ideas.get(app_database, app_cast.lead, idea_id).description.title == f"SK-{idea_id}"
    assert erasure.done(app_database, app_cast.lead)[0].asked_by == number


def test_a_lead_refuses_with_a_reason_that_the_person_reads(app_database, app_cast, opened):
    erasure.ask(app_database, app_cast.nobody)
    number = app_cast.nobody.person_id
    app = opened("privacy.py", app_cast.lead, view="erasure", kind="person", number=number)
    app = press(app, "Refuse the request")
    assert "Give a reason" in app.error[0].value
    app.text_area[0].input("You are part of a case.").run()
    app = press(app, "Refuse the request")
    assert not app.exception
    app = opened("privacy.py", app_cast.nobody, view="mine")
    assert "You are part of a case" in said(app)


def test_retention_is_shown_before_it_acts(app_database, app_cast, opened):
    app = opened("privacy.py", app_cast.lead, view="retention")
    assert not app.exception
    assert "Nothing has been kept longer than it should." in said(app)
    with app_database.transaction() as tx:
        tx.execute("INSERT INTO draft VALUES (1, '{}', TIMESTAMP '2020-01-01')")
    app = opened("privacy.py", app_cast.lead, view="retention")
    app = tick(app, "I have looked at what goes; it cannot be undone")
    app = press(app, "Let it go")
    assert not app.exception
    assert app_database.value("SELECT count(*) FROM draft") == 0


def test_the_audit_page_filters_and_pages(app_database, app_cast, opened):
    submitted(app_database, app_cast.student)
    app = opened("audit.py", app_cast.lead, about="idea:1")
    assert not app.exception
    (table,) = tables(app)
    assert list(table["Who"]) == ["Sara Student"]
    assert list(table["What"]) == ["Submitted an idea"]
    assert list(table["About"]) == ["Idea 1"]


@pytest.mark.parametrize("about", ["Idea 1", "idé 1"])
def test_the_audit_page_takes_what_its_rows_say(app_database, app_cast, opened, about):
    submitted(app_database, app_cast.student)
    (table,) = tables(opened("audit.py", app_cast.lead, about=about))
    assert list(table["About"]) == ["Idea 1"]


def test_the_audit_page_tells_freezing_from_beginning_a_meeting(app_database, app_cast, opened):
    meeting_id = begun(app_database, app_cast.lead)
    freezes.freeze(app_database, app_cast.lead, meeting_id, Choice(JOURNEY))
    (table,) = tables(opened("audit.py", app_cast.lead, about=f"Meeting {meeting_id}"))
    assert list(table["What"]) == ["Froze figures", "Began a meeting", "Planned a meeting"]


def test_the_audit_page_says_the_particulars_in_words(app_database, app_cast, opened):
    membership.change_roles(
        app_database, app_cast.lead, app_cast.mentor.person_id, [Role.MENTOR, Role.LEAD]
    )
    app = opened("audit.py", app_cast.lead, about=f"person:{app_cast.mentor.person_id}")
    (table,) = tables(app)
    assert list(table["Particulars"]) == ["Roles: Lead and Mentor · Before: Mentor · Agency: –"]


NUMBER = "151086 95088"  # the example of python-stdnum's documentation; nobody's


def test_a_comment_with_an_identity_number_is_asked_about_and_can_be_sent(
    app_database, app_cast, opened
):
    idea_id = submitted(app_database, app_cast.student)
    app = opened("idea.py", app_cast.mentor, idea=idea_id)
    area = next(one for one in app.text_area if one.label == "Write to the team and the mentors")
    area.input(f"Is it {NUMBER}?")
    app = press(app, "Send")
    assert not app.exception
    assert "national identity number" in app.warning[0].value
    assert app_database.value("SELECT count(*) FROM comment") == 0
    app = press(app, "Send anyway")
    assert not app.exception
    assert app_database.value("SELECT body FROM comment") == f"Is it {NUMBER}?"
    assert not app.warning


def test_an_idea_with_an_identity_number_is_asked_about_and_can_be_changed(
    app_database, app_cast, opened
):
    app = opened("submit.py", app_cast.student)
    app.text_input(key="submit-title").input("Ice sensors")
    app.text_area(key="submit-problem").input(f"My number is {NUMBER}")
    app.selectbox(key="submit-level-en").select("MSc")
    app = press(app, "Submit the idea")
    assert "national identity number" in app.warning[0].value
    assert app_database.value("SELECT count(*) FROM idea") == 0
    app.text_area(key="submit-problem").input("Nobody knows how thick the ice is")
    app = press(app, "Submit the idea")
    assert not app.exception
    assert app_database.value("SELECT problem FROM idea") == "Nobody knows how thick the ice is"


def test_where_the_notice_has_its_knowledge_from_is_told_to_leads_alone(
    app_database, app_cast, opened
):
    assert "general knowledge" in said(opened("privacy.py", app_cast.lead))
    for who in (None, app_cast.student, app_cast.mentor):
        told = said(opened("privacy.py", who))
        assert "articles 12–21" in told
        assert "general knowledge" not in told
