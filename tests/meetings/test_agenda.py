"""What a meeting should look at, and what was put on its agenda."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from sandkasse import clock, gates, i18n, ideas, integrity, meetings, pipeline, touchpoints
from sandkasse.application import Kind as Kinds
from sandkasse.documents import wording
from sandkasse.documents.audience import Audience, reader
from sandkasse.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from sandkasse.figures import seats
from sandkasse.figures.seats import SeatsDue
from sandkasse.ledger import Party
from sandkasse.meetings import agenda, grounds, resolutions
from sandkasse.meetings.agenda import Source, Why
from sandkasse.meetings.receipts import Kind
from sandkasse.touchpoints import Opening
from tests.builders import JOURNEY, applied, begun, called, contents, position, submitted


@pytest.fixture
def meeting_id(db, cast):
    """A meeting that is called."""
    return called(db, cast.lead, 9)


def aged(db, idea_id: int, days: float, *columns: str) -> None:
    """Let what the idea has been since (``columns``) be so many days old."""
    then = clock.now() - timedelta(days=days)
    with db.transaction() as tx:
        for column in columns:
            tx.execute(f"UPDATE idea SET {column} = ? WHERE idea_id = ?", [then, idea_id])


def waiting(db, cast, days: float = 15) -> int:
    """The id of an idea whose next step has been the mentors' for so many days."""
    idea_id = submitted(db, cast.student)
    aged(db, idea_id, days, "ball_at")
    return idea_id


def published(db, cast, idea_id: int) -> int:
    """The idea with its title published."""
    ideas.ask_to_publish(db, cast.student, idea_id, "Ice.")
    ideas.decide_publication(db, cast.mentor, idea_id, approved=True)
    return idea_id


def given(db, cast, days: int = 0, idea_id: int | None = None, **about) -> int:
    """The id of an action that a meeting, held and closed, gave to the mentor."""
    meeting_id = begun(db, cast.lead, **about)
    action = resolutions.record(
        db, cast.lead, meeting_id, Kind.ACTION, "Ring the port", idea_id=idea_id,
        owner_id=cast.mentor.person_id, due=clock.today() + timedelta(days=days),
    )  # fmt: skip
    meetings.close(db, cast.lead, meeting_id)
    return action


def of(db, actor, meeting_id: int, source: Source) -> list[agenda.Proposal]:
    """What is proposed from one source."""
    return [one for one in agenda.proposed(db, actor, meeting_id) if one.source is source]


def sources(db, actor, meeting_id: int) -> list[Source]:
    """Where the items of the agenda come from, in their order."""
    return [one.source for one in agenda.items(db, actor, meeting_id)]


def test_an_empty_bank_proposes_nothing(db, cast, meeting_id):
    assert agenda.proposed(db, cast.lead, meeting_id) == []
    assert agenda.prepare(db, cast.lead, meeting_id) == 0


@pytest.mark.parametrize(("days", "due"), [(13.9, False), (14.1, True)])
def test_a_decision_is_due_after_two_weeks_with_the_mentors(db, cast, meeting_id, days, due):
    idea_id = waiting(db, cast, days)
    found = of(db, cast.mentor, meeting_id, Source.DECISION_DUE)
    assert [one.idea_id for one in found] == ([idea_id] if due else [])
    if due:
        assert found[0].why.days == pytest.approx(days, abs=0.01)
        assert found[0].title == "Ice sensors for the harbour"


def test_no_decision_is_due_on_hold_with_the_team_gone_or_in_another_journey(db, cast, meeting_id):
    held, handed, left = (submitted(db, cast.student) for _ in range(3))
    other = submitted(db, cast.student, "one-office", level=None)
    pipeline.hold_idea(db, cast.mentor, held, expected_seq=1, reason="studies")
    pipeline.hand_over(db, cast.mentor, handed, to=Party.STUDENT, expected_seq=1)
    pipeline.withdraw_idea(db, cast.student, left, expected_seq=1, reason="team")
    for idea_id in (held, handed, left, other):
        aged(db, idea_id, 30, "ball_at")
    assert of(db, cast.mentor, meeting_id, Source.DECISION_DUE) == []
    everything = called(db, cast.lead, journey_id=None)
    found = of(db, cast.mentor, everything, Source.DECISION_DUE)
    assert [one.idea_id for one in found] == [other]


def test_an_idea_past_its_expected_days_is_proposed_with_both_numbers(db, cast, meeting_id):
    over, within, held, asking = (submitted(db, cast.student) for _ in range(4))
    expected = db.value(
        "SELECT expected_days FROM stage WHERE journey_id = ? AND stage_id = 'idea-bank'", [JOURNEY]
    )
    pipeline.hold_idea(db, cast.mentor, held, expected_seq=1, reason="studies")
    touchpoints.open_matter(db, cast.student, asking, Opening("nav", title="A", sent=True))
    for idea_id in (over, held, asking):
        aged(db, idea_id, expected + 2, "stage_at")
    aged(db, within, expected - 1, "stage_at")
    (found,) = of(db, cast.lead, meeting_id, Source.PAST_BAND)
    assert (found.idea_id, found.why.limit) == (over, expected)
    assert found.why.days == pytest.approx(expected + 2, abs=0.01)


def test_an_idea_is_held_to_what_the_stage_has_taken_once_enough_have_left_it(db, cast, meeting_id):
    # Twenty that left the idea bank after 1, 2, … 20 days: 85 % within 17 days (Kaplan–Meier with
    # nobody censored is the plain share). The journey expects 14.
    for days in range(1, 21):
        submitted_at = clock.now() - timedelta(days=30)
        with time_machine.travel(submitted_at, tick=False):
            idea_id = submitted(db, cast.student)
        with time_machine.travel(submitted_at + timedelta(days=days), tick=False):
            pipeline.withdraw_idea(db, cast.student, idea_id, expected_seq=1, reason="team")
    over, within = submitted(db, cast.student), submitted(db, cast.student)
    aged(db, over, 18, "stage_at")
    aged(db, within, 16, "stage_at")
    (found,) = of(db, cast.lead, meeting_id, Source.PAST_BAND)
    assert (found.idea_id, found.why.limit, found.why.observed) == (over, 17, True)


def test_a_level_with_days_of_its_own_is_held_to_them(db, cast, meeting_id):
    idea_id = submitted(db, cast.student)
    aged(db, idea_id, 100, "stage_at")
    with db.transaction() as tx:
        tx.execute("INSERT INTO expected_at_level VALUES (?, 'idea-bank', 'MSc', 365)", [JOURNEY])
    assert of(db, cast.lead, meeting_id, Source.PAST_BAND) == []


def test_an_idea_is_proposed_once_for_all_its_due_matters(db, cast, meeting_id):
    idea_id = submitted(db, cast.student)
    yesterday = clock.today() - timedelta(days=1)
    first = touchpoints.open_matter(
        db, cast.student, idea_id, Opening("nav", title="Benefits", follow_up=yesterday)
    )
    touchpoints.open_matter(
        db, cast.student, idea_id, Opening("udi", title="Permit", follow_up=yesterday)
    )
    touchpoints.open_matter(db, cast.student, idea_id, Opening("nve", title="Not due"))
    (found,) = of(db, cast.mentor, meeting_id, Source.OVERDUE_MATTER)
    assert (found.idea_id, found.touchpoint_id, found.why.matters) == (idea_id, first, 2)
    assert (found.why.words, found.why.agency_id, found.why.due) == ("Benefits", "nav", yesterday)


def test_a_member_is_told_of_the_own_agencys_matters_alone(db, cast, meeting_id):
    idea_id = submitted(db, cast.student)
    yesterday = clock.today() - timedelta(days=1)
    touchpoints.open_matter(
        db, cast.student, idea_id, Opening("nav", title="Benefits", follow_up=yesterday)
    )
    assert of(db, cast.member, meeting_id, Source.OVERDUE_MATTER) == []
    own = touchpoints.open_matter(
        db, cast.student, idea_id, Opening("skatteetaten", title="VAT", follow_up=yesterday)
    )
    (found,) = of(db, cast.member, meeting_id, Source.OVERDUE_MATTER)
    assert (found.touchpoint_id, found.title, found.why.words) == (own, None, "VAT")
    agenda.prepare(db, cast.lead, meeting_id)
    shown = {one.matter for one in agenda.items(db, cast.member, meeting_id)}
    assert shown == {None}  # the item names the other agency's matter, which came first


def test_open_actions_of_the_series_come_first_with_whose_they_are(db, cast, meeting_id):
    waiting(db, cast)
    action = given(db, cast, 3)
    given(db, cast, subproject_id="hosting-recruitment")
    found = agenda.proposed(db, cast.lead, meeting_id)
    assert [one.source for one in found] == [Source.ACTION, Source.DECISION_DUE]
    assert (found[0].resolution_id, found[0].why.words) == (action, "Ring the port")
    assert (found[0].why.owner, found[0].why.due) == (
        "Mari Mentor", clock.today() + timedelta(days=3),
    )  # fmt: skip


def test_a_meeting_of_no_series_is_told_of_all_open_actions(db, cast):
    actions = {given(db, cast), given(db, cast, subproject_id="hosting-recruitment")}
    this = called(db, cast.lead, subproject_id=None, journey_id=None)
    assert {one.resolution_id for one in of(db, cast.lead, this, Source.ACTION)} == actions


def test_an_action_stays_open_until_it_is_done(db, cast, meeting_id):
    action = given(db, cast)
    for later in (1, 2):
        closed = begun(db, cast.lead, later)
        assert agenda.prepare(db, cast.lead, closed) == 1
        meetings.close(db, cast.lead, closed)
    assert [one.resolution_id for one in of(db, cast.lead, meeting_id, Source.ACTION)] == [action]
    resolutions.mark_done(db, cast.mentor, action)
    assert of(db, cast.lead, meeting_id, Source.ACTION) == []
    resolutions.reopen(db, cast.mentor, action)
    assert [one.resolution_id for one in of(db, cast.lead, meeting_id, Source.ACTION)] == [action]


def test_what_moved_since_the_last_meeting_is_proposed_with_its_counts(db, cast, meeting_id):
    quiet, old = submitted(db, cast.student), submitted(db, cast.student)
    assert of(db, cast.lead, meeting_id, Source.CHANGED) == []
    last = begun(db, cast.lead)
    meetings.close(db, cast.lead, last)
    pipeline.hand_over(db, cast.mentor, quiet, to=Party.STUDENT, expected_seq=1)
    asked = [one.gate.id for one in gates.states(db, cast.mentor, old)]
    pipeline.move_idea(
        db, cast.mentor, old, to="clarification", expected_seq=1, note="x",
        gates=dict.fromkeys(asked, gates.Outcome.WAIVED),
    )  # fmt: skip
    pipeline.withdraw_idea(db, cast.student, old, expected_seq=2, reason="team")
    new = submitted(db, cast.student)
    found = of(db, cast.lead, meeting_id, Source.CHANGED)
    counts = [(one.idea_id, one.why.entered, one.why.moves, one.why.exits) for one in found]
    assert counts == [(new, 1, 0, 0), (old, 0, 1, 1)]
    assert found[0].why.since == meetings.get(db, cast.lead, last).closed_at


def test_what_was_undone_has_not_moved(db, cast, meeting_id):
    idea_id = submitted(db, cast.student)
    last = begun(db, cast.lead)
    meetings.close(db, cast.lead, last)
    pipeline.exit_idea(db, cast.mentor, idea_id, exit_id="closed", expected_seq=1, reason="learned")
    pipeline.undo(db, cast.mentor, idea_id, seq=2, expected_seq=2)
    assert of(db, cast.lead, meeting_id, Source.CHANGED) == []


def test_no_source_proposes_more_than_twenty(db, cast, meeting_id):
    for _ in range(21):
        waiting(db, cast)
    assert len(of(db, cast.lead, meeting_id, Source.DECISION_DUE)) == agenda.AT_MOST == 20
    assert agenda.prepare(db, cast.lead, meeting_id) == 20
    assert agenda.prepare(db, cast.lead, meeting_id) == 1


def test_what_is_taken_up_is_proposed_no_more(db, cast, meeting_id):
    idea_id = waiting(db, cast)
    (proposal,) = agenda.proposed(db, cast.lead, meeting_id)
    item_id = agenda.take_up(db, cast.member, meeting_id, proposal)
    assert agenda.proposed(db, cast.lead, meeting_id) == []
    (item,) = agenda.items(db, cast.lead, meeting_id)
    assert (item.item_id, item.position, item.source) == (item_id, 1, Source.DECISION_DUE)
    assert (item.idea_id, item.idea_title, item.whole) == (
        idea_id, "Ice sensors for the harbour", True,
    )  # fmt: skip
    before = contents(db)
    with pytest.raises(Conflict, match="already"):
        agenda.take_up(db, cast.lead, meeting_id, proposal)
    assert contents(db) == before
    agenda.remove_item(db, cast.lead, item_id)
    assert [one.same_as(proposal) for one in agenda.proposed(db, cast.lead, meeting_id)] == [True]


def test_what_another_meeting_took_up_is_still_proposed(db, cast, meeting_id):
    waiting(db, cast)
    agenda.prepare(db, cast.lead, called(db, cast.lead))
    assert len(agenda.proposed(db, cast.lead, meeting_id)) == 1


def test_one_idea_may_be_there_for_two_reasons(db, cast, meeting_id):
    idea_id = waiting(db, cast, 60)
    aged(db, idea_id, 60, "stage_at")
    agenda.prepare(db, cast.lead, meeting_id)
    assert sources(db, cast.lead, meeting_id) == [Source.DECISION_DUE, Source.PAST_BAND]


def test_members_do_not_see_titles_that_are_not_published(db, cast, meeting_id):
    hidden, shown = waiting(db, cast, 20), waiting(db, cast, 15)
    published(db, cast, shown)
    aged(db, shown, 15, "ball_at")
    titles = {one.idea_id: one.title for one in agenda.proposed(db, cast.member, meeting_id)}
    assert titles == {hidden: None, shown: "Ice sensors for the harbour"}
    agenda.prepare(db, cast.member, meeting_id)
    for who, seen, whole in (
        (cast.member, None, False),
        (cast.mentor, "Ice sensors for the harbour", True),
    ):
        items = {one.idea_id: one for one in agenda.items(db, who, meeting_id)}
        assert (items[hidden].idea_title, items[hidden].whole) == (seen, whole)
        assert items[shown].idea_title == "Ice sensors for the harbour"


def test_own_items_come_last_and_are_tidied(db, cast, meeting_id):
    waiting(db, cast)
    agenda.prepare(db, cast.lead, meeting_id)
    agenda.add_own(db, cast.member, meeting_id, "  Rooms in the town hall ", "Who has the key?")
    last = agenda.items(db, cast.mentor, meeting_id)[-1]
    assert (last.position, last.source) == (2, Source.OWN)
    assert (last.title, last.note) == ("Rooms in the town hall", "Who has the key?")
    assert (last.idea_id, last.idea_title, last.matter, last.action) == (None, None, None, None)


@pytest.mark.parametrize(
    ("title", "note", "field"),
    [(" ", "", "title"), ("x" * 121, "", "title"), ("Rooms", "x" * 2001, "note")],
)
def test_a_faulty_own_item_is_refused(db, cast, meeting_id, title, note, field):
    item_id = agenda.add_own(db, cast.lead, meeting_id, "Rooms")
    before = contents(db)
    for attempt in (
        lambda: agenda.add_own(db, cast.lead, meeting_id, title, note),
        lambda: agenda.edit_item(db, cast.lead, item_id, title=title, note=note),
    ):
        with pytest.raises(InvalidFields) as refused:
            attempt()
        assert set(refused.value.problems) == {field}
    assert contents(db) == before


def test_an_item_is_edited_and_what_it_said_is_kept(db, cast, meeting_id):
    item_id = agenda.add_own(db, cast.lead, meeting_id, "Rooms")
    agenda.edit_item(db, cast.mentor, item_id, title="Desks", note="Two")
    (item,) = agenda.items(db, cast.lead, meeting_id)
    assert (item.title, item.note) == ("Desks", "Two")
    assert "Rooms" in db.value("SELECT detail FROM audit ORDER BY audit_id DESC LIMIT 1")


def test_an_item_about_an_idea_needs_no_title(db, cast, meeting_id):
    waiting(db, cast)
    agenda.prepare(db, cast.lead, meeting_id)
    (item,) = agenda.items(db, cast.lead, meeting_id)
    agenda.edit_item(db, cast.lead, item.item_id, title="", note="Ask the team to come")
    assert agenda.items(db, cast.lead, meeting_id)[0].note == "Ask the team to come"


def test_items_are_moved_and_removed_and_stay_numbered(db, cast, meeting_id):
    ids = [agenda.add_own(db, cast.lead, meeting_id, title) for title in "abcd"]

    def order() -> str:
        items = agenda.items(db, cast.lead, meeting_id)
        assert [one.position for one in items] == list(range(1, len(items) + 1))
        return "".join(one.title for one in items)

    agenda.move_item(db, cast.mentor, ids[3], 1)
    assert order() == "dabc"
    agenda.move_item(db, cast.mentor, ids[3], 3)
    assert order() == "abdc"
    agenda.remove_item(db, cast.mentor, ids[1])
    assert order() == "adc"
    agenda.add_own(db, cast.lead, meeting_id, "e")
    assert order() == "adce"
    assert integrity.check(db) == []


def test_a_place_that_is_not_there_and_an_item_that_is_gone_are_refused(db, cast, meeting_id):
    first = agenda.add_own(db, cast.lead, meeting_id, "a")
    gone = agenda.add_own(db, cast.lead, meeting_id, "b")
    agenda.remove_item(db, cast.lead, gone)
    before = contents(db)
    for place in (0, 2, -1):
        with pytest.raises(Invalid, match="place"):
            agenda.move_item(db, cast.lead, first, place)
    for item_id in (gone, 999):
        for attempt in (
            lambda it=item_id: agenda.move_item(db, cast.lead, it, 1),
            lambda it=item_id: agenda.remove_item(db, cast.lead, it),
            lambda it=item_id: agenda.edit_item(db, cast.lead, it, title="c", note=""),
        ):
            with pytest.raises(NotFound):
                attempt()
    assert contents(db) == before


def test_students_neither_see_nor_change_an_agenda(db, cast, meeting_id):
    waiting(db, cast)
    (proposal,) = agenda.proposed(db, cast.lead, meeting_id)
    item_id = agenda.add_own(db, cast.lead, meeting_id, "a")
    before = contents(db)
    for who in (cast.student, cast.nobody):
        for attempt in (
            lambda who=who: agenda.items(db, who, meeting_id),
            lambda who=who: agenda.proposed(db, who, meeting_id),
            lambda who=who: agenda.take_up(db, who, meeting_id, proposal),
            lambda who=who: agenda.prepare(db, who, meeting_id),
            lambda who=who: agenda.add_own(db, who, meeting_id, "b"),
            lambda who=who: agenda.edit_item(db, who, item_id, title="b", note=""),
            lambda who=who: agenda.move_item(db, who, item_id, 1),
            lambda who=who: agenda.remove_item(db, who, item_id),
        ):
            with pytest.raises(NotAllowed):
                attempt()
    assert contents(db) == before


def test_seats_to_fill_are_proposed_to_those_who_see_them(db, cast):
    meeting_id = called(db, cast.lead, 9, subproject_id=None, journey_id=None)
    empty = position(db, cast.member, seats=3, before=29)
    applied(db, cast.student, empty, Kinds.OFFER, Kinds.ACCEPTED, Kinds.STARTED, by=cast.member)
    assert of(db, cast.mentor, meeting_id, Source.SEAT) == []
    # Empty for 28 days, this one included, is not long; a day more is.
    for days, proposed in ((27, 0), (1, 1)):
        with db.transaction() as tx:
            tx.execute("UPDATE position_event SET occurred_at = occurred_at - to_days(?)", [days])
        assert len(of(db, cast.lead, meeting_id, Source.SEAT)) == proposed
    (proposal,) = of(db, cast.member, meeting_id, Source.SEAT)
    due = proposal.why.seats
    assert (due.agency_id, due.seats, due.filled, due.empty) == ("skatteetaten", 3, 1, 2)
    assert (due.emptying, due.first_last) == (0, None)
    agenda.take_up(db, cast.lead, meeting_id, proposal)
    assert of(db, cast.lead, meeting_id, Source.SEAT) == []
    (item,) = agenda.items(db, cast.mentor, meeting_id)
    assert (item.source, item.agency_id) == (Source.SEAT, "skatteetaten")
    assert item.seats == "Student seats: The Norwegian Tax Administration"
    assert integrity.check(db) == []


def test_seats_that_end_soon_are_proposed_where_recruitment_belongs(db, cast):
    ending = position(db, cast.member, seats=1, ahead=55)
    applied(db, cast.student, ending, Kinds.OFFER, Kinds.ACCEPTED, Kinds.STARTED, by=cast.member)
    for subproject_id, journey_id, proposed in (
        (None, None, True),
        ("hosting-recruitment", None, True),
        ("hosting-recruitment", JOURNEY, True),
        ("service-innovation", None, False),
        (None, JOURNEY, False),
    ):
        about = {"subproject_id": subproject_id, "journey_id": journey_id}
        found = of(db, cast.lead, called(db, cast.lead, 9, **about), Source.SEAT)
        assert bool(found) is proposed, about
    (due,) = seats.due(db, cast.lead)
    assert (due.emptying, due.first_last, due.empty) == (1, clock.today() + timedelta(days=55), 0)
    later = position(db, cast.member, seats=1, ahead=56)
    applied(db, cast.stranger, later, Kinds.OFFER, Kinds.ACCEPTED, Kinds.STARTED, by=cast.member)
    assert seats.due(db, cast.lead) == (replace(due, seats=2, filled=2),)


def test_an_item_keeps_the_numbers_for_which_it_was_proposed(db, cast, meeting_id):
    waiting(db, cast, 20)
    agenda.prepare(db, cast.lead, meeting_id)
    with time_machine.travel(clock.now() + timedelta(days=30)):
        (item,) = agenda.items(db, cast.lead, meeting_id)
    assert item.why is not None
    assert round(item.why.days) == 20
    with i18n.in_language("en"):
        told = wording.proposed_then(item, Audience.PROJECT)
        assert told.startswith("with the mentors for 20 days, as it was ")
        # The idea is not published: nothing is told of it outside.
        (unseen,) = agenda.items(db, reader(cast.lead, Audience.OUTSIDE), meeting_id)
        assert wording.proposed_then(unseen, Audience.OUTSIDE) == ""


def test_an_item_of_ones_own_has_no_numbers(db, cast, meeting_id):
    agenda.add_own(db, cast.lead, meeting_id, "Coffee")
    (item,) = agenda.items(db, cast.lead, meeting_id)
    assert (item.why, item.proposed_at) == (None, None)
    assert wording.proposed_then(item, Audience.PROJECT) == ""


@pytest.mark.parametrize("why", [
    Why(days=47.2, limit=41.0, observed=True),
    Why(since=datetime(2026, 1, 5, 12, tzinfo=UTC), entered=1, moves=2, exits=1),
    Why(agency_id="nav", matters=2, due=date(2026, 3, 1), days=3.5),
    Why(agency_id="nav", seats=SeatsDue("nav", 3, 1, 1, date(2026, 5, 1), 1)),
])  # fmt: skip
def test_what_is_kept_is_read_as_it_was(why):
    assert grounds.from_text(grounds.as_text(why)) == why


def test_what_people_wrote_and_who_they_are_is_not_kept():
    kept = grounds.as_text(Why(words="Ring the port", owner="Mari Mentor", days=1.0))
    assert "Mari" not in kept
    assert "port" not in kept
