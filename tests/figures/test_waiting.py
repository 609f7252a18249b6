"""Waiting figures on small examples worked out by hand.

Day d is noon UTC of d January 2020, as in :mod:`tests.figures.ledgers`.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from sandkasse import figures
from sandkasse.agencies import sync
from sandkasse.database import Database
from sandkasse.errors import Invalid, NotAllowed, NotFound
from sandkasse.figures import waiting
from sandkasse.figures.waiting import WaitingChoice
from sandkasse.i18n import in_language
from sandkasse.matter import Event, Kind
from sandkasse.people import Actor, Role
from tests.figures.ledgers import LEAD, Told, day, put
from tests.figures.test_ball import Matter, history, put_matters

SENT, QUESTION, ANSWER, DECIDED, CLOSED, REOPENED, VOID = (
    Kind.SENT, Kind.QUESTION, Kind.ANSWER, Kind.DECIDED, Kind.CLOSED, Kind.REOPENED, Kind.VOID,
)  # fmt: skip
AGENCIES = """
[[agencies]]
id = "skatteetaten"
name = { nb = "Skatteetaten", en = "Skatteetaten" }
[[agencies]]
id = "udi"
name = { nb = "UDI", en = "UDI" }
[[agencies]]
id = "nav"
name = { nb = "NAV", en = "NAV" }
"""
STUDENT = Actor(2, "Sara Student", frozenset({Role.STUDENT}))
MEMBER = Actor(3, "Mona Member", frozenset({Role.MEMBER}), agency_id="udi")
MENTOR = Actor(4, "Mari Mentor", frozenset({Role.MENTOR}))

#: As of the end of the histories, by what is kept (while it is kept only up to then) and by events.
THEN = WaitingChoice(as_of=day(31), known_at=day(31))

Step = tuple[Kind, float] | tuple[Kind, float, float] | tuple[Kind, float, float, int]


@pytest.fixture(autouse=True)
def _agencies(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "agencies.toml"
    path.write_text(AGENCIES, encoding="utf-8")
    sync(db, path)
    put_matters(db, {})


def matter(key: int, agency_id: str, *steps: Step) -> Matter:
    """A touchpoint: (what, on day) or (what, on day, recorded on day, row that it voids)."""
    events = []
    for seq, (kind, at, *rest) in enumerate(steps, 1):
        recorded = rest[0] if rest else at
        voids = rest[1] if len(rest) > 1 else None
        events.append(Event(seq, kind, day(at), day(recorded), voids_seq=voids))
    return Matter(key, agency_id, tuple(events))


def idea(db: Database, *steps: str) -> Told:
    """An idea with this history."""
    return put(db, history(*steps))


def divided(db: Database, choice: WaitingChoice = THEN, actor: Actor = LEAD) -> dict[str, float]:
    """Days by party, without those who had none."""
    days = waiting.division(db, actor, choice).whole.days
    return {party: n for party, n in days.items() if n}


def of_agency(db: Database, agency_id: str, choice: WaitingChoice = THEN) -> waiting.Waits:
    """The waits of one agency."""
    told = {one.agency_id: one.waits for one in waiting.waits(db, LEAD, choice).agencies}
    return told[agency_id]


def test_two_agencies_at_once_count_once_for_the_idea_and_fully_for_each(db):
    one = idea(db, "1 enter a", "3 move b")
    put_matters(db, {one.idea_id: [
        matter(1, "skatteetaten", (SENT, 5), (DECIDED, 15)),
        matter(2, "udi", (SENT, 10), (DECIDED, 20)),
    ]})  # fmt: skip
    assert divided(db) == {"mentor": 2, "student": 2 + 11, "agency": 15}
    found = waiting.records(db, LEAD, THEN).rows
    assert dict(zip(found["agency_id"], found["days"], strict=True)) == {
        "skatteetaten": 10, "udi": 10
    }  # fmt: skip


def test_the_time_of_a_question_is_the_students(db):
    one = idea(db, "1 enter a", "3 move b")
    put_matters(db, {one.idea_id: [
        matter(1, "udi", (SENT, 5), (QUESTION, 8), (ANSWER, 18), (DECIDED, 20))
    ]})  # fmt: skip
    assert divided(db) == {"mentor": 2, "student": 2 + 10 + 11, "agency": 3 + 2}
    assert waiting.records(db, LEAD, THEN).rows["days"].tolist() == [5]
    assert of_agency(db, "udi").questions == 1


def test_a_hold_is_nobodys_time_but_the_agency_still_has_the_matter(db):
    one = idea(db, "1 enter a", "3 move b", "8 hold", "18 resume")
    put_matters(db, {one.idea_id: [matter(1, "udi", (SENT, 5), (DECIDED, 25))]})
    assert divided(db) == {"mentor": 2, "student": 2 + 6, "agency": 3 + 7, "parked": 10}
    assert waiting.records(db, LEAD, THEN).rows["days"].tolist() == [20]


def test_a_matter_taken_up_again_keeps_its_first_decision(db):
    one = idea(db, "1 enter a", "3 move b")
    put_matters(db, {one.idea_id: [
        matter(1, "udi", (SENT, 5), (DECIDED, 9), (REOPENED, 10), (SENT, 11), (DECIDED, 21))
    ]})  # fmt: skip
    assert waiting.records(db, LEAD, THEN, part="answered").rows["days"].tolist() == [4]
    assert divided(db)["agency"] == 4 + 10


def test_time_after_an_exit_is_not_divided(db):
    idea(db, "1 enter a", "3 exit closed", "9 reopen a", "11 exit closed")
    assert divided(db) == {"mentor": 2, "student": 2}


def test_a_correction_counts_from_when_it_was_recorded(db):
    one = idea(db, "1 enter a", "3 move b")
    put_matters(db, {one.idea_id: [
        matter(1, "udi", (SENT, 5), (DECIDED, 9), (VOID, 20, 20, 2))
    ]})  # fmt: skip
    assert of_agency(db, "udi").open == 1
    assert divided(db)["agency"] == 31 - 5
    before = WaitingChoice(as_of=day(31), known_at=day(19))
    assert of_agency(db, "udi", before).answered == 1
    assert divided(db, before)["agency"] == 4


def test_what_was_recorded_late_counts_from_when_it_happened(db):
    one = idea(db, "1 enter a", "3 move b")
    put_matters(db, {one.idea_id: [matter(1, "udi", (SENT, 5, 15), (DECIDED, 12, 16))]})
    assert divided(db)["agency"] == 7
    assert "agency" not in divided(db, WaitingChoice(as_of=day(14), known_at=day(14)))
    then = WaitingChoice(as_of=day(10), known_at=day(31))
    assert divided(db, then) == {"mentor": 2, "student": 2, "agency": 5}
    assert of_agency(db, "udi", then).longest == waiting.Longest(5, 1)


def test_a_period_cuts_off_what_lies_outside_it(db):
    one = idea(db, "1 enter a", "3 move b")
    put_matters(db, {one.idea_id: [matter(1, "udi", (SENT, 5), (DECIDED, 15))]})
    # From midnight to midnight in Norway, an hour ahead of UTC: half a day to each side of noon.
    week = WaitingChoice(since=date(2020, 1, 4), until=date(2020, 1, 10), as_of=day(31))
    assert divided(db, week) == pytest.approx({"student": 13 / 24 + 1, "agency": 7 - 1 - 13 / 24})
    assert sum(divided(db, week).values()) == pytest.approx(7)


@pytest.mark.parametrize(
    ("choice", "n"),
    [
        (WaitingChoice(since=date(2020, 1, 6)), 0),
        (WaitingChoice(since=date(2020, 1, 5), until=date(2020, 1, 5)), 1),
        (WaitingChoice(until=date(2020, 1, 4)), 0),
        (WaitingChoice(level="PhD"), 0),
        (WaitingChoice(journey_id="lane"), 0),
        (WaitingChoice(journey_id="road", level="MSc", agency_id="udi"), 1),
        (WaitingChoice(agency_id="nav"), 0),
    ],
)
def test_matters_are_those_sent_in_the_chosen_days_by_the_chosen_ideas(db, choice, n):
    one = idea(db, "1 enter a", "3 move b")
    put_matters(db, {one.idea_id: [matter(1, "udi", (SENT, 5), (DECIDED, 15))]})
    assert waiting.waits(db, LEAD, choice).n == n


def test_time_is_divided_among_the_ideas_that_sent_something_to_the_chosen_agency(db):
    one, _other = idea(db, "1 enter a", "3 move b"), idea(db, "1 enter a")
    put_matters(db, {one.idea_id: [matter(1, "udi", (SENT, 5), (DECIDED, 15))]})
    figure = waiting.division(db, LEAD, WaitingChoice(agency_id="udi", as_of=day(31)))
    assert (figure.whole.n, figure.whole.total) == (1, 30)


def test_each_stage_has_its_own_days_and_ideas(db):
    idea(db, "1 enter a", "3 move b", "13 move a")
    idea(db, "5 enter a")
    figure = waiting.division(db, LEAD, WaitingChoice("road", as_of=day(31)))
    told = {one.stage_id: (one.shares.n, one.shares.total) for one in figure.stages}
    assert told == {"a": (2, 2 + 18 + 26), "b": (1, 10), "c": (0, 0), "d": (0, 0)}
    assert figure.whole.n == 2
    assert figure.stages[1].shares.share("student") == 1
    assert figure.stages[2].shares.share("student") is None


def test_what_ideas_keep_says_now_what_the_ledger_says(db):
    one = idea(db, "1 enter a", "3 move b", "8 hold")
    put_matters(db, {one.idea_id: [
        matter(1, "udi", (SENT, 5)), matter(2, "nav", (SENT, 6), (CLOSED, 9)),
    ]})  # fmt: skip
    kept = waiting.division(db, LEAD, WaitingChoice())
    told = waiting.division(db, LEAD, WaitingChoice(as_of=kept.as_of, known_at=kept.as_of))
    assert dict(kept.whole.days) == pytest.approx(dict(told.whole.days))
    assert kept.whole.days["parked"] > 2000
    assert waiting.waits(db, LEAD, WaitingChoice()).agencies[0].waits.open == 1


# ── how long agencies take ──────────────────────────────────────────────────────────────────


def sent_for(db: Database, *fates: tuple[Kind | None, float]) -> None:
    """Matters with UDI, one each idea, sent on day 1: what ended each, and after how many days."""
    kept = {}
    for key, (kind, after) in enumerate(fates, 1):
        ends: Sequence[Step] = [(kind, 1 + after)] if kind else []
        kept[idea(db, "1 enter a").idea_id] = [matter(key, "udi", (SENT, 1), *ends)]
    put_matters(db, kept)


def test_matters_without_a_decision_count_for_as_long_as_they_have_waited(db):
    """By hand. Ten matters: decided after 2, 4, 4, 6, 9 and 20 days; closed undecided after 5 and
    10; unanswered on the thirtieth day.

    day  at risk  decided  still waiting
      2       10        1  9/10             = 0.9
      4        9        2  0.9 · 7/9        = 0.7
      6        6        1  0.7 · 5/6        = 0.5833
      9        5        1  0.5833 · 4/5     = 0.4667   half are decided within 9 days
     20        3        1  0.4667 · 2/3     = 0.3111   85 % cannot be said yet
    """
    sent_for(
        db, (DECIDED, 2), (DECIDED, 4), (DECIDED, 4), (CLOSED, 5), (DECIDED, 6), (DECIDED, 9),
        (CLOSED, 10), (DECIDED, 20), (None, 0), (None, 0),
    )  # fmt: skip
    waits = of_agency(db, "udi")
    assert (waits.n, waits.answered, waits.open, waits.withdrawn) == (10, 6, 2, 2)
    assert waits.median is not None
    assert waits.median.time == 9
    assert waits.most is not None
    assert waits.most.time is None
    assert waits.longest == waiting.Longest(30, 9)


def test_a_day_begun_is_waited_when_the_agency_decides_in_it(db):
    sent_for(db, *[(DECIDED, 3.25)] * 5)
    median = of_agency(db, "udi").median
    assert median is not None
    assert median.time == 4


def test_fewer_than_five_matters_give_no_median(db):
    sent_for(db, *[(DECIDED, 3)] * 4)
    assert of_agency(db, "udi").median is None
    sent_for(db, *[(DECIDED, 3)] * 5)
    assert of_agency(db, "udi").median is not None


def test_purposes_stand_by_themselves_below_their_agency(db):
    sent_for(db, (DECIDED, 3), (DECIDED, 3), (None, 0))
    with db.transaction() as tx:
        tx.execute("UPDATE touchpoint SET purpose_id = 'vat' WHERE touchpoint_id < 3")
    (agency,) = waiting.waits(db, LEAD, THEN).agencies
    assert [(one.purpose_id, one.waits.n) for one in agency.purposes] == [("vat", 2), ("", 1)]
    assert agency.purposes[1].name is None
    assert waiting.records(db, LEAD, THEN, "udi", "vat").total == 2
    assert waiting.records(db, LEAD, THEN, "udi", "").total == 1


def test_the_trend_has_every_quarter_from_the_first_to_the_last(db):
    one = idea(db, "1 enter a")
    put_matters(db, {one.idea_id: [
        matter(1, "udi", (SENT, 5), (DECIDED, 15)),
        # 31 March 23:30 UTC is the first of April in Norway.
        matter(2, "udi", (SENT, 91.48)),
        matter(3, "udi", (SENT, 300)),
    ]})  # fmt: skip
    told = waiting.trend(db, LEAD, WaitingChoice(as_of=day(310))).quarters
    assert [(one.begins.isoformat(), one.n, one.answered) for one in told] == [
        ("2020-01-01", 1, 1), ("2020-04-01", 1, 0), ("2020-07-01", 0, 0), ("2020-10-01", 1, 0)
    ]  # fmt: skip


def test_nothing_sent_is_no_trend(db):
    assert waiting.trend(db, LEAD, WaitingChoice()).quarters == ()
    assert waiting.waits(db, LEAD, WaitingChoice()).agencies == ()


# ── what is behind, and who may see it ──────────────────────────────────────────────────────


def test_a_member_sees_the_figures_of_all_and_the_matters_of_their_own_agency(db):
    one = idea(db, "1 enter a", "3 move b")
    put_matters(db, {one.idea_id: [
        matter(1, "skatteetaten", (SENT, 5)), matter(2, "udi", (SENT, 6), (DECIDED, 9))
    ]})  # fmt: skip
    assert waiting.waits(db, MEMBER, THEN).n == 2
    found = waiting.records(db, MEMBER, THEN)
    assert found.rows["touchpoint_id"].tolist() == [2]
    assert (found.total, found.shown, found.hidden) == (2, 1, 1)
    assert waiting.records(db, MENTOR, THEN).shown == 2


def test_the_matters_behind_come_in_pages_the_longest_first(db):
    sent_for(db, (DECIDED, 2), (None, 0), (CLOSED, 5), (DECIDED, 4))
    whole = waiting.records(db, LEAD, THEN).rows["touchpoint_id"].tolist()
    assert whole == [2, 3, 4, 1]
    pages = [waiting.records(db, LEAD, THEN, limit=3, offset=at) for at in (0, 3, 6)]
    assert [page.rows["touchpoint_id"].tolist() for page in pages] == [[2, 3, 4], [1], []]
    assert {page.total for page in pages} == {4}


def test_the_ideas_behind_a_partys_days_are_those_that_took_longest(db):
    first, second = idea(db, "1 enter a", "3 move b"), idea(db, "1 enter a")
    choice = WaitingChoice("road", as_of=day(31))
    found = waiting.ideas(db, MENTOR, choice, "a", "mentor")
    assert found.rows["idea_id"].tolist() == [second.idea_id, first.idea_id]
    assert found.rows["days"].tolist() == [30, 2]
    assert waiting.ideas(db, MENTOR, choice, None, "student").total == 1
    assert waiting.ideas(db, MEMBER, choice, "a", "mentor").hidden == 2


def test_it_checks_access(db):
    for read in (waiting.division, waiting.waits, waiting.trend, waiting.records):
        with pytest.raises(NotAllowed):
            read(db, STUDENT, THEN)
    with pytest.raises(NotAllowed):
        waiting.ideas(db, STUDENT, THEN, None, "student")


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (WaitingChoice("nowhere"), "journey_id"),
        (WaitingChoice(level="none"), "level"),
        (WaitingChoice(agency_id="nobody"), "agency_id"),
        (WaitingChoice(since=date(2020, 1, 2), until=date(2020, 1, 1)), "since"),
        (WaitingChoice(since=date(1820, 1, 2)), "since"),
        (WaitingChoice(as_of=day(100_000)), "as_of"),
        (WaitingChoice(known_at=day(100_000)), "known_at"),
    ],
)
def test_a_choice_that_cannot_be_answered_names_its_field(db, choice, field):
    with pytest.raises(Invalid) as caught:
        waiting.waits(db, LEAD, choice)
    assert caught.value.field == field


def test_an_unknown_number_is_refused(db):
    for asked in (lambda: waiting.records(db, LEAD, THEN, part="lost"),
                  lambda: waiting.ideas(db, LEAD, THEN, None, "nobody"),
                  lambda: waiting.ideas(db, LEAD, THEN, "z", "student")):  # fmt: skip
        with pytest.raises(Invalid):
            asked()


# ── in words ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def _english():
    with in_language("en"):
        yield


@pytest.mark.usefixtures("_english")
def test_a_division_is_said_in_a_sentence(db):
    for _number in range(5):
        idea(db, "1 enter a", "7 move b")
    assert figures.sentence(waiting.division(db, LEAD, THEN)) == (
        "Of the 150 days of 5 ideas, the student had the ball for 80% and the mentors for 20%."
    )


@pytest.mark.usefixtures("_english")
def test_few_ideas_give_no_shares(db):
    assert "nothing to divide" in figures.sentence(waiting.division(db, LEAD, THEN))
    idea(db, "1 enter a")
    said = figures.sentence(waiting.division(db, LEAD, THEN))
    assert said == "1 idea was in its journey, for 30 days: too few to give shares."


@pytest.mark.usefixtures("_english")
def test_an_agencys_waits_are_said_in_a_sentence(db):
    sent_for(db, *[(DECIDED, n) for n in (2, 3, 4, 5, 6, 7, 8)], (None, 0), (CLOSED, 9))
    times = waiting.waits(db, LEAD, THEN)
    assert figures.sentence(times.agencies[0]) == (
        "UDI has decided 7 of 9 matters; half within 6 days (at least 2), 1 is unanswered, "
        "the longest for 30 days, 1 was closed without a decision."
    )
    assert figures.sentence(times) == "9 matters were sent to 1 agency; 1 is unanswered."


@pytest.mark.usefixtures("_english")
def test_what_cannot_be_said_yet_is_said_so(db):
    sent_for(db, (DECIDED, 2), *[(None, 0)] * 5)
    said = figures.sentence(waiting.waits(db, LEAD, THEN).agencies[0])
    assert "how long half of them take cannot be said yet" in said
    sent_for(db, (DECIDED, 2))
    said = figures.sentence(waiting.waits(db, LEAD, THEN).agencies[0])
    assert said == "UDI has decided 1 of 1 matter; too few to say how long it takes."


def test_why_tells_an_ideas_turns(db: Database) -> None:
    # Coming in gives the ball to the mentors, a move to the student.
    idea = put(db, history("1 enter a", "5 move b"))
    answer = waiting.why(db, LEAD, THEN, "b", "student", idea.idea_id)
    assert answer.counted
    assert [(one.occurred_at, one.words) for one in answer.used] == [
        (day(1), "Mentors, in Stage a: 4.0 days"),
        (day(5), "Student, in Stage b: 26.0 days"),
    ]
    other = waiting.why(db, LEAD, THEN, "a", "student", idea.idea_id)
    assert (other.counted, other.missing) == (False, "It has no such turn in the chosen time.")
    late = WaitingChoice(since=date(2020, 1, 20), as_of=day(31), known_at=day(31))
    assert not waiting.why(db, LEAD, late, None, "mentor", idea.idea_id).counted
    with pytest.raises(Invalid):
        waiting.why(db, LEAD, THEN, None, "nobody", idea.idea_id)
    for actor in (STUDENT, MEMBER):
        with pytest.raises((NotAllowed, NotFound)):
            waiting.why(db, actor, THEN, None, "student", idea.idea_id)
