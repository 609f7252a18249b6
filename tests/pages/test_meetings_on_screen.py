"""Meetings on the screen: what each role sees and may do, and what is refused in words."""

import json
from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from sandkasse import clock, freezes, i18n, meetings, number_receipts, pipeline
from sandkasse.figures import Choice
from sandkasse.i18n import _, ngettext_
from sandkasse.meetings import agenda, receipts, resolutions
from sandkasse.meetings.receipts import Kind
from tests.builders import JOURNEY, begun, called, contents, seq, submitted
from tests.pages.conftest import alone, said, tables

HIDDEN = "Zinc under the ice"
VIEWS = ("agenda", "figures", "results", "people")


@pytest.fixture
def idea_id(app_database, app_cast):
    """The student's idea, which has waited long for the mentors and is not published."""
    idea_id = submitted(app_database, app_cast.student, title=HIDDEN)
    with app_database.transaction() as tx:
        tx.execute("UPDATE idea SET ball_at = ball_at - INTERVAL 20 DAY")
    return idea_id


@pytest.fixture
def meeting_id(app_database, app_cast, idea_id):
    """A meeting under way, with the idea on its agenda."""
    meeting_id = begun(app_database, app_cast.lead)
    agenda.prepare(app_database, app_cast.lead, meeting_id)
    return meeting_id


def decided(db, cast, meeting_id: int, idea_id: int, body: str = "Go on", **what) -> int:
    """The id of a decision of the meeting about the idea."""
    return resolutions.record(
        db, cast.mentor, meeting_id, Kind.DECISION, body, idea_id=idea_id, **what
    )


def planning(meeting_id: int | None) -> None:
    """What the dialog for planning holds, as a script of its own."""
    from sandkasse import meetings
    from sandkasse.ui import meeting_view, page

    visit = page.begin("Meeting", heading=False)
    meeting_view.form(visit, visit.read(meetings.get, meeting_id) if meeting_id else None)


def recording(meeting_id: int, replaces: int | None) -> None:
    """What the dialog for recording a result of the first item holds."""
    from sandkasse import meetings
    from sandkasse.meetings import agenda, receipts
    from sandkasse.ui import page, result_form

    visit = page.begin("Result", heading=False)
    meeting = visit.read(meetings.get, meeting_id)
    if replaces is None:
        result_form.draw(visit, meeting, visit.read(agenda.items, meeting_id)[0])
    else:
        found = visit.read(receipts.of_meeting, meeting_id)
        result_form.draw(
            visit, meeting, None, next(one for one in found if one.resolution_id == replaces)
        )


def following_up(meeting_id: int) -> None:
    """What the dialog on the first result of a meeting holds."""
    from sandkasse import meetings
    from sandkasse.meetings import receipts
    from sandkasse.ui import page, results_view

    visit = page.begin("Result", heading=False)
    found = visit.read(receipts.of_meeting, meeting_id)[0]
    results_view._follow_up(visit, visit.read(meetings.get, meeting_id), found)


def ending(meeting_id: int, how: str) -> None:
    """What the dialog for closing or cancelling a meeting holds."""
    from sandkasse import meetings
    from sandkasse.ui import meeting_view, page

    visit = page.begin("Meeting", heading=False)
    meeting_view.end(visit, visit.read(meetings.get, meeting_id), meeting_view.Ending(how))


def local_in(days: int) -> datetime:
    """The time so many days from now, as a field for it holds it."""
    return clock.local(clock.now() + timedelta(days=days)).replace(tzinfo=None, microsecond=0)


def wrong(app: AppTest) -> list[str]:
    """What the page says is wrong, as it is read."""
    return [error.value.replace("\\", "").replace("\N{WORD JOINER}", "") for error in app.error]


# ── what each role sees ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("who", ["mentor", "member", "lead"])
def test_each_role_sees_the_meetings_and_leads_alone_plan_them(
    app_database, app_cast, opened, who, language
):
    called(app_database, app_cast.lead)
    app = opened("meetings.py", getattr(app_cast, who), language)
    assert not app.exception
    assert "Service development" in said(app)
    assert ("plan" in [button.key for button in app.button]) == (who == "lead")
    with i18n.in_language(language):
        assert [header.value for header in app.header][:2] == [
            _("Planned and under way"), _("Earlier meetings"),
        ]  # fmt: skip


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_sub_projects_tell_how_many_meetings_each_held(
    app_database, app_cast, opened, language
):
    meetings.close(app_database, app_cast.lead, begun(app_database, app_cast.lead))
    told = said(opened("meetings.py", app_cast.member, language, view="subprojects"))
    expected = {
        "en": ("8 working meetings were held", "1 meeting held here", "Service development",
               "(22 Dec 2022)"),
        "nb": ("8 arbeidsmøter ble holdt", "1 møte er holdt her", "Tjenesteutvikling",
               "(22. des. 2022)"),
    }[language]  # fmt: skip
    for words in expected:
        assert words in told.replace("\\", "")
    assert "2022-12-22" not in told.replace("\\", "")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("who", ["mentor", "member"])
def test_no_view_tells_a_member_of_an_idea_that_is_not_published(
    app_database, app_cast, opened, idea_id, meeting_id, view, who
):
    (item,) = agenda.items(app_database, app_cast.mentor, meeting_id)
    agenda.edit_item(app_database, app_cast.mentor, item.item_id, title="", note=HIDDEN)
    decided(app_database, app_cast, meeting_id, idea_id, HIDDEN, reason=HIDDEN, next_step=HIDDEN)
    app = opened("meetings.py", getattr(app_cast, who), meeting=meeting_id, view=view)
    assert not app.exception
    if view in ("agenda", "results"):
        assert (HIDDEN in said(app)) == (who == "mentor")
        assert (f"not published (no. {idea_id})" in said(app)) == (who == "member")
    else:
        assert HIDDEN not in said(app)


def test_a_student_sees_receipts_of_the_own_idea_and_nothing_else_of_meetings(
    app_database, app_cast, opened, idea_id, meeting_id
):
    draft = decided(app_database, app_cast, meeting_id, idea_id, "A draft")
    sent = decided(
        app_database, app_cast, meeting_id, idea_id, "Talk to the port", reason="Nobody has asked",
        next_step="Ring them", due=clock.today() + timedelta(days=9), move_to="clarification",
    )  # fmt: skip
    resolutions.publish(app_database, app_cast.mentor, sent)
    told = said(opened("idea.py", app_cast.student, idea=idea_id))
    for words in (
        "Talk to the port", "Why: Nobody has asked", "What can be done now: Ring them",
        "at the latest", "Service development", "The idea moves to Clarification",
    ):  # fmt: skip
        assert words in told
    assert "A draft" not in told
    resolutions.publish(app_database, app_cast.mentor, draft)
    assert "A draft" in said(opened("idea.py", app_cast.student, idea=idea_id))
    assert "Talk to the port" not in said(opened("idea.py", app_cast.stranger, idea=idea_id))
    refused = opened("meetings.py", app_cast.student, meeting=meeting_id)
    assert "You do not have the right" in refused.error[0].value
    assert "Service development" not in said(refused)
    assert "News for you (2)" in [one.value for one in opened("home.py", app_cast.student).header]


def test_an_action_is_on_its_owners_page_until_it_is_done(
    app_database, app_cast, opened, meeting_id
):
    action = resolutions.record(
        app_database, app_cast.lead, meeting_id, Kind.ACTION, "Ring the port",
        owner_id=app_cast.member.person_id, due=clock.today(),
    )  # fmt: skip
    app = opened("home.py", app_cast.member)
    assert "To do after meetings (1)" in [header.value for header in app.header]
    assert "Ring the port" in said(app)
    assert "Ring the port" not in said(opened("home.py", app_cast.mentor))
    resolutions.mark_done(app_database, app_cast.member, action)
    assert "Ring the port" not in said(opened("home.py", app_cast.member))


# ── addresses that lead nowhere ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["nb", "en"])
def test_an_unknown_meeting_is_said_in_words_with_the_way_back(app_cast, opened, language):
    app = opened("meetings.py", app_cast.member, language, meeting=999_999)
    assert not app.exception
    with i18n.in_language(language):
        assert _("There is no such meeting.") in wrong(app)
        assert _("All meetings") in said(app)


@pytest.mark.parametrize(
    "query",
    [
        {"meeting": "abc"}, {"meeting": "9" * 30}, {"meeting": "-1"}, {"view": "nonsense"},
    ],
)  # fmt: skip
def test_an_address_with_nonsense_shows_the_list(app_database, app_cast, opened, query):
    called(app_database, app_cast.lead)
    app = opened("meetings.py", app_cast.member, **query)
    assert not app.exception
    assert not app.error
    assert "Service development" in said(app)


@pytest.mark.parametrize("view", [*VIEWS, "nonsense"])
def test_choices_that_are_not_there_are_passed_over(app_cast, opened, meeting_id, view):
    given = {"level": "x", "theme": "x", "line": "x", "freeze": "x", "kind": "x", "sandbox": "x"}
    app = opened("meetings.py", app_cast.lead, meeting=meeting_id, view=view, **given)
    assert not app.exception
    assert not app.error


# ── planning ────────────────────────────────────────────────────────────────────────────────


def test_a_lead_plans_a_meeting_of_a_sub_project(app_database, app_cast):
    app = alone(planning, app_cast.lead, None)
    app.text_input(key="meeting-new-title").set_value("Services")
    app.datetime_input(key="meeting-new-time").set_value(local_in(3))
    app.text_input(key="meeting-new-place").set_value("https://meet.example/a?b=c")
    app.selectbox(key="meeting-new-sub").set_value("service-innovation")
    app.selectbox(key="meeting-new-journey").set_value(JOURNEY)
    app.button(key="meeting-new-do").click().run()
    assert not app.exception
    (one,) = meetings.upcoming(app_database, app_cast.member)
    assert (one.title, one.subproject_id, one.journey_id) == (
        "Services", "service-innovation", JOURNEY,
    )  # fmt: skip
    assert one.link == "https://meet.example/a?b=c"


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize(
    ("title", "days", "place", "faults"),
    [
        ("", 3, "", ["Give the meeting a name."]),
        ("   ", None, "", ["Give the meeting a name.", "Choose a time that is still to come."]),
        ("A", -1, "", ["Choose a time that is still to come."]),
        (
            "A", 3, "javascript:alert(1)",
            ["Write a room, or a link that begins with https:// or http://."],
        ),
    ],
)  # fmt: skip
def test_a_faulty_plan_is_refused_beside_its_fields_and_kept(
    app_database, app_cast, title, days, place, faults, language
):
    before = contents(app_database)
    app = alone(planning, app_cast.lead, None, language=language)
    app.text_input(key="meeting-new-title").set_value(title)
    if days is not None:
        app.datetime_input(key="meeting-new-time").set_value(local_in(days))
    app.text_input(key="meeting-new-place").set_value(place)
    app.button(key="meeting-new-do").click().run()
    assert not app.exception
    with i18n.in_language(language):
        assert {_(fault) for fault in faults} <= set(wrong(app))
    assert app.text_input(key="meeting-new-title").value == title
    assert app.text_input(key="meeting-new-place").value == place
    assert contents(app_database) == before


def test_a_meeting_of_others_is_planned_by_nobody_but_a_lead(app_database, app_cast):
    before = contents(app_database)
    app = alone(planning, app_cast.mentor, None)
    app.text_input(key="meeting-new-title").set_value("Services")
    app.datetime_input(key="meeting-new-time").set_value(local_in(3))
    app.button(key="meeting-new-do").click().run()
    assert "You do not have the right" in app.error[0].value
    after = contents(app_database)
    (refusal,) = after.pop("audit")[len(before.pop("audit")) :]
    assert refusal[2:4] == (app_cast.mentor.person_id, "refused")
    assert after == before


def test_markup_in_a_meeting_is_shown_as_it_is_written(app_database, app_cast, opened):
    with app_database.transaction() as tx:
        tx.execute(
            "INSERT INTO meeting (title, starts_at, place, created_at) VALUES (?, ?, ?, ?)",
            [
                "<b>x</b> :red[no]",
                clock.now() + timedelta(days=1),
                "[a](javascript:b)",
                clock.now(),
            ],
        )
    (one,) = meetings.upcoming(app_database, app_cast.lead)
    app = opened("meetings.py", app_cast.lead, meeting=one.meeting_id)
    assert not app.exception
    assert app.title[0].value.startswith(r"\<b\>x\<\/b\>")
    assert "](javascript:" not in said(app)


# ── holding ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_meeting_begins_with_the_bridge_and_freezes_with_one_press(
    app_database, app_cast, opened, idea_id, language
):
    first = begun(app_database, app_cast.lead)
    freezes.freeze(app_database, app_cast.lead, first, Choice(JOURNEY))
    meetings.close(app_database, app_cast.lead, first)
    submitted(app_database, app_cast.student, title="New since then")
    following = called(app_database, app_cast.lead, 2)
    app = opened("meetings.py", app_cast.member, language, meeting=following)
    with i18n.in_language(language):
        assert app.header[0].value == _("Since the last meeting")
        app.button(key="begin").click().run()
        assert app.header[0].value == _("The bridge from the last meeting")
        told = said(app)
        assert f"{_('New')}: 1" in told.replace("\\", "")
        assert "New since then" not in told  # to a member, for it is not published
    app.button(key="freeze").click().run()
    assert not app.exception
    (kept,) = freezes.of_meeting(app_database, app_cast.lead, following)
    assert number_receipts.shown(kept.codes["cohort"]) in said(app)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_closed_meeting_where_nothing_was_frozen_says_so_and_asks_for_no_choice(
    app_database, app_cast, opened, meeting_id, language
):
    meetings.close(app_database, app_cast.lead, meeting_id)
    app = opened("meetings.py", app_cast.lead, language, meeting=meeting_id, view="figures")
    assert not app.exception
    with i18n.in_language(language):
        assert [one.value for one in app.info] == [_("No figures were frozen in this meeting.")]
    assert not app.selectbox
    assert not app.header


def test_a_closed_meeting_without_frozen_figures_keeps_the_bridge_that_leads_to_it(
    app_database, app_cast, opened, idea_id
):
    first = begun(app_database, app_cast.lead)
    freezes.freeze(app_database, app_cast.lead, first, Choice(JOURNEY))
    meetings.close(app_database, app_cast.lead, first)
    following = begun(app_database, app_cast.lead, 2)
    meetings.close(app_database, app_cast.lead, following)
    app = opened("meetings.py", app_cast.lead, meeting=following, view="figures")
    assert not app.exception
    assert app.header[0].value == "The bridge from the last meeting"
    assert "No figures were frozen in this meeting." in [one.value for one in app.caption]
    assert any(one.value.startswith("A bridge leads from") for one in app.caption)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_declined_idea_is_not_told_of_as_an_applicant_who_declined(
    app_database, app_cast, opened, meeting_id, idea_id, language
):
    pipeline.exit_idea(
        app_database, app_cast.mentor, idea_id, exit_id="declined", expected_seq=1,
        reason="not_fit",
    )  # fmt: skip
    freezes.freeze(app_database, app_cast.lead, meeting_id, Choice(JOURNEY))
    (kept,) = freezes.of_meeting(app_database, app_cast.lead, meeting_id)
    frozen = opened("meetings.py", app_cast.lead, language, meeting=meeting_id, view="figures")
    receipt = opened("funnel.py", app_cast.lead, language, receipt=kept.codes["cohort"])
    with i18n.in_language(language):
        expected = f"{_('Idea bank')}: {_('Declined')}"
        applicant = _("Declined by the applicant")
    for app in (frozen, receipt):
        numbers = list(tables(app)[0].iloc[:, 0])
        assert expected in numbers
        assert not any(applicant in one for one in numbers)


def test_proposals_are_taken_up_and_each_opens_its_results(app_database, app_cast, opened, idea_id):
    meeting_id = called(app_database, app_cast.lead)
    app = opened("meetings.py", app_cast.member, meeting=meeting_id)
    assert f"not published (no. {idea_id})" in said(app)
    app.button(key="take-all").click().run()
    assert not app.exception
    (item,) = agenda.items(app_database, app_cast.lead, meeting_id)
    assert "take-all" not in [button.key for button in app.button]
    assert agenda.SOURCE_NAMES[item.source] in said(app)
    meetings.begin(app_database, app_cast.lead, meeting_id)
    meetings.close(app_database, app_cast.lead, meeting_id)
    over = said(opened("meetings.py", app_cast.member, meeting=meeting_id))
    assert agenda.SOURCE_NAMES_THEN[item.source] in over
    assert agenda.SOURCE_NAMES[item.source] not in over


@pytest.mark.parametrize("language", ["nb", "en"])
def test_what_a_result_lacks_is_said_beside_its_field(
    app_database, app_cast, idea_id, meeting_id, language
):
    before = contents(app_database)
    (item,) = agenda.items(app_database, app_cast.mentor, meeting_id)
    key = f"result-{item.item_id}"
    app = alone(recording, app_cast.member, meeting_id, None, language=language)
    app.radio(key=f"{key}-kind").set_value(Kind.ACTION).run()
    app.text_area(key=f"{key}-body").set_value("  ")
    app.button(key=f"{key}-do").click().run()
    assert not app.exception
    with i18n.in_language(language):
        assert _("Choose who is to do it.") in wrong(app)
        assert _("Choose the day by which it is to be done.") in wrong(app)
    assert len(app.error) == 4  # the three fields, and that some need another look
    assert app.text_area(key=f"{key}-body").value == "  "
    assert contents(app_database) == before


def test_a_decision_with_a_move_is_recorded_published_and_carried_out(
    app_database, app_cast, opened, idea_id, meeting_id
):
    (item,) = agenda.items(app_database, app_cast.mentor, meeting_id)
    key = f"result-{item.item_id}"
    app = alone(recording, app_cast.mentor, meeting_id, None)
    app.radio(key=f"{key}-kind").set_value(Kind.DECISION).run()
    app.text_area(key=f"{key}-body").set_value("Go on")
    app.selectbox(key=f"{key}-move").set_value("to clarification").run()
    app.button(key=f"{key}-do").click().run()
    (one,) = receipts.of_meeting(app_database, app_cast.mentor, meeting_id)
    assert (one.idea_id, one.move_to) == (idea_id, "clarification")

    app = alone(following_up, app_cast.mentor, meeting_id)
    app.button(key="publish").click().run()
    app = alone(following_up, app_cast.mentor, meeting_id)
    app.text_area(key=f"carry-{one.resolution_id}-note").set_value("Known from the fair")
    app.button(key="carry-out").click().run()
    assert not app.exception
    (one,) = receipts.of_meeting(app_database, app_cast.mentor, meeting_id)
    assert one.published_at is not None
    assert one.carried_seq == seq(app_database, idea_id) == 2
    notes = app_database.rows("SELECT DISTINCT note FROM gate_mark WHERE outcome = 'waived'")
    assert notes == [("Known from the fair",)]
    with i18n.in_language("en"):
        day = i18n.date_text(clock.now())
    page = said(opened("meetings.py", app_cast.mentor, meeting=meeting_id, view="results"))
    assert f"It was carried out {day}." in page


def test_a_member_is_offered_neither_publishing_nor_carrying_out(
    app_database, app_cast, idea_id, meeting_id
):
    (item,) = agenda.items(app_database, app_cast.mentor, meeting_id)
    resolutions.record(
        app_database, app_cast.member, meeting_id, Kind.DECISION, "Go on",
        item_id=item.item_id, move_to="clarification",
    )  # fmt: skip
    app = alone(following_up, app_cast.member, meeting_id)
    assert not app.exception
    assert not {"publish", "carry-out"} & {button.key for button in app.button}


def test_a_decision_is_put_in_the_place_of_another(app_database, app_cast, idea_id, meeting_id):
    first = decided(app_database, app_cast, meeting_id, idea_id, "Wait")
    app = alone(recording, app_cast.mentor, meeting_id, first)
    key = f"result-for-{first}"
    app.radio(key=f"{key}-kind").set_value(Kind.DECISION).run()
    app.text_area(key=f"{key}-body").set_value("Go on after all")
    app.button(key=f"{key}-do").click().run()
    assert not app.exception
    old, new = receipts.of_meeting(app_database, app_cast.mentor, meeting_id)
    assert (old.superseded_by, new.supersedes, new.idea_id) == (new.resolution_id, first, idea_id)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_closing_asks_first_and_says_what_it_means(
    app_database, app_cast, opened, meeting_id, language
):
    app = alone(ending, app_cast.member, meeting_id, "close", language=language)
    with i18n.in_language(language):
        assert _("No figures are frozen. The next meeting will have no bridge from this one.") in (
            said(app)
        )
    app.button(key="close-do").click().run()
    assert not app.exception
    over = opened("meetings.py", app_cast.member, language, meeting=meeting_id)
    assert not {"begin", "close", "add-item", "change"} & {one.key for one in over.button}
    with i18n.in_language(language):
        assert _("Closed {time}.").split("{")[0] in said(over)


def test_only_leads_cancel(app_database, app_cast):
    meeting_id = called(app_database, app_cast.lead)
    refused = alone(ending, app_cast.member, meeting_id, "cancel")
    refused.button(key="cancel-do").click().run()
    assert "You do not have the right" in refused.error[0].value
    app = alone(ending, app_cast.lead, meeting_id, "cancel")
    app.button(key="cancel-do").click().run()
    assert meetings.get(app_database, app_cast.lead, meeting_id).cancelled_at is not None


# ── numbers ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_number_receipt_opens_its_view_and_tells_what_differs(
    app_database, app_cast, opened, idea_id, language
):
    code = number_receipts.issue(app_database, app_cast.lead, "cohort", Choice(JOURNEY))
    app = opened("funnel.py", app_cast.member, language, receipt=code.lower())
    assert not app.exception
    with i18n.in_language(language):
        assert _("Nothing differs today.") in said(app)
        assert _("The view as it was") in [header.value for header in app.header]
        pipeline.exit_idea(
            app_database, app_cast.lead, idea_id, exit_id="declined", expected_seq=1,
            reason="other", note="x",
        )  # fmt: skip
        app = opened("funnel.py", app_cast.member, language, receipt=code)
        told = ngettext_(
            "Today {n} number differs, because time has passed.",
            "Today {n} numbers differ, because time has passed.",
            2,
        )
        assert told.format(n=2) in said(app)
        assert _("What has happened since") in [header.value for header in app.header]


@pytest.mark.parametrize("code", ["0000-0000", "", "<script>", "x" * 200])
def test_an_unknown_code_is_said_in_words_with_room_for_another(app_cast, opened, code):
    app = opened("funnel.py", app_cast.member, receipt=code)
    assert not app.exception
    assert "No number receipt has this code" in app.error[0].value
    app.text_input(key="receipt-code").set_value("ABCD").run()
    assert not app.exception


def test_a_code_is_made_for_the_view_it_stands_for_alone(app_database, app_cast, opened, idea_id):
    code = number_receipts.issue(app_database, app_cast.lead, "cohort", Choice(JOURNEY))
    app = opened("funnel.py", app_cast.student, receipt=code)
    assert "You do not have the right" in app.error[0].value
    assert code not in said(app)


def test_what_is_superseded_leads_to_what_took_its_place_and_back(
    app_database, app_cast, opened, idea_id, meeting_id
):
    first = decided(app_database, app_cast, meeting_id, idea_id, "Wait")
    later = begun(app_database, app_cast.lead, 2)
    second = decided(app_database, app_cast, later, idea_id, "Go on", supersedes=first)

    def leads(meeting: int) -> list[tuple[int, str, int, bool]]:
        app = opened("meetings.py", app_cast.mentor, meeting=meeting, view="results", result=second)
        rows = json.loads(app.get_by_key("results").proto.json)["rows"]
        return [
            (row["id"], lead["text"], lead["to"], row["here"])
            for row in rows
            for lead in row["leads"]
        ]

    assert leads(meeting_id) == [(first, "See what took its place", second, False)]
    assert leads(later) == [(second, "See what it took the place of", first, True)]
    found = receipts.of_meeting(app_database, app_cast.mentor, meeting_id)
    assert [one.superseded_in for one in found] == [later]
