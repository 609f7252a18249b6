"""What was frozen is found again, whatever is recorded later, and every bridge is balanced."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sandkasse import clock, freezes, meetings, number_receipts, pipeline
from sandkasse.database import Database
from sandkasse.errors import Conflict, Invalid, NotAllowed, NotFound
from sandkasse.figures import Choice, bridge, frozen, presence
from sandkasse.figures.choice import Question, ask
from sandkasse.people import Actor, Role
from tests.builders import submitted
from tests.figures import ledgers
from tests.figures.ledgers import LEAD, STAGES, Told, day, history, put
from tests.figures.test_flow_against_slow import open_at
from tests.figures.test_funnel_against_slow import days, many_ideas, told

ROAD = Choice("road")
STUDENT = Actor(9, "Sara Student", frozenset({Role.STUDENT}))


def planned(db: Database, starts_at: datetime) -> int:
    return meetings.plan(db, LEAD, "Tjenesteutvikling", starts_at + timedelta(days=1), "Narvik")


def recorded_by(ideas: Sequence[Told], moment: datetime) -> list[Told]:
    """The ideas as they had been recorded by then."""
    known = [
        replace(idea, rows=tuple(row for row in idea.rows if row.recorded_at <= moment))
        for idea in ideas
    ]
    return [idea for idea in known if idea.rows]


def forget(db: Database) -> None:
    """Take away the freezes of other tests."""
    with db.transaction() as tx:
        for table in ("meeting", "frozen_figure", "number_receipt"):
            tx.execute(f"DELETE FROM {table}")


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example([[]] * 20, 19, 1, None)
@given(many_ideas, days, st.integers(1, 30), st.sampled_from([None, "BSc"]))
def test_what_was_frozen_is_reproduced_and_every_bridge_is_balanced(
    db: Database, attempts: list[list[int]], at: int, later: int, level: str | None
) -> None:
    ledgers.clear(db)
    forget(db)
    start = ledgers.next_id(db)
    ideas = [told(number, start + number, each) for number, each in enumerate(attempts)]
    with db.transaction() as tx:
        tx.execute("SELECT nextval('idea_ids') FROM range(?)", [len(ideas)])
    choice = replace(ROAD, level=level)
    then, now = day(at) + timedelta(hours=1), day(at + later) + timedelta(hours=1)
    with time_machine.travel(then, tick=False):
        if recorded := recorded_by(ideas, then):
            ledgers.put_all(db, recorded)
        meeting_id = planned(db, then)
        freezes.freeze(db, LEAD, meeting_id, choice)
    ledgers.clear(db)
    with time_machine.travel(now, tick=False):
        if recorded := recorded_by(ideas, now):
            ledgers.put_all(db, recorded)
        (kept,) = freezes.of_meeting(db, LEAD, meeting_id)
        for kind in freezes.REVIEWED:
            assert frozen.numbers(db, LEAD, kind, kept.choice) == kept.numbers[kind]
            receipt = number_receipts.find(db, LEAD, kept.codes[kind])
            assert receipt.numbers == kept.numbers[kind]
            assert receipt.choice == frozen.settled(db, LEAD, kind, kept.choice)
        assert kept.open_ids == open_at(ideas, choice, then, then)
        drawn = freezes.bridge(db, LEAD, kept, choice)
        assert drawn.opening == len(kept.open_ids)
        assert drawn.opening + sum(line.sign * line.n for line in drawn.lines) == drawn.closing
        assert drawn.closing == len(open_at(ideas, choice, now, now))
        for kind in freezes.REVIEWED:
            for change in freezes.changes(db, LEAD, kept, kind):
                assert change.then == kept.numbers[kind].get(change.key)


@pytest.fixture
def bank(db: Database) -> Database:
    """Three ideas, one of which left on day 6, which was recorded on day 12; no freeze yet."""
    forget(db)
    put(db, history("1 enter a", "5 move b"))
    put(db, history("2 enter a"))
    put(db, history("3 enter a", "6 exit declined @12"))
    return db


@time_machine.travel(day(10), tick=False)
def frozen_on_day_10(db: Database) -> freezes.Freeze:
    meeting_id = planned(db, day(10))
    freezes.freeze(db, LEAD, meeting_id, ROAD)
    return freezes.of_meeting(db, LEAD, meeting_id)[0]


def test_a_back_dated_exit_is_found_later_and_a_later_move_is_not(bank: Database) -> None:
    kept = frozen_on_day_10(bank)
    put(bank, history("11 enter a"))
    changes = {one.key: one for one in freezes.changes(bank, LEAD, kept, "cohort")}
    left = changes["a.declined"]
    assert (left.then, left.known, left.now, left.found_later) == (None, 1, 1, 1)
    came = changes["a.reached"]
    assert (came.then, came.known, came.now, came.found_later) == (3, 3, 4, 0)
    drawn = freezes.bridge(bank, LEAD, kept, ROAD)
    lines = {line.kind: line.n for line in drawn.lines if line.n}
    assert (drawn.opening, lines, drawn.closing) == (3, {"found_out": 1, "new": 1}, 3)


def test_the_bridge_leads_from_the_last_freeze_of_the_same_choice(bank: Database) -> None:
    kept = frozen_on_day_10(bank)
    with time_machine.travel(day(20), tick=False):
        following = planned(bank, day(20))
        assert freezes.before(bank, LEAD, following, ROAD) == kept
        assert freezes.before(bank, LEAD, following, replace(ROAD, level="BSc")) is None
        freezes.freeze(bank, LEAD, following, ROAD)
    assert freezes.before(bank, LEAD, following, ROAD) == kept
    assert freezes.before(bank, LEAD, kept.meeting_id, ROAD) is None


def test_nothing_is_frozen_for_a_meeting_that_is_not_there_or_over(bank: Database) -> None:
    with pytest.raises(NotFound):
        freezes.freeze(bank, LEAD, 999_999, ROAD)
    with time_machine.travel(day(10), tick=False):
        meeting_id = planned(bank, day(10))
        meetings.cancel(bank, LEAD, meeting_id)
        with pytest.raises(Invalid):
            freezes.freeze(bank, LEAD, meeting_id, ROAD)
    with pytest.raises(NotAllowed):
        freezes.freeze(bank, STUDENT, meeting_id, ROAD)
    assert freezes.of_meeting(bank, LEAD, meeting_id) == []


def test_a_receipt_is_the_same_for_the_same_figure_and_read_as_people_write_it(
    bank: Database,
) -> None:
    past = replace(ROAD, as_of=day(10), known_at=day(10))
    code = number_receipts.issue(bank, LEAD, "cohort", past)
    assert number_receipts.issue(bank, LEAD, "cohort", past) == code
    assert number_receipts.issue(bank, LEAD, "snapshot", past) != code
    written = number_receipts.shown(code).lower().replace("1", "l").replace("0", "o")
    assert number_receipts.find(bank, LEAD, f" {written} ").choice == past
    assert len(code) == 8


def test_a_receipt_tells_what_differs_and_why(bank: Database) -> None:
    code = number_receipts.issue(
        bank, LEAD, "cohort", replace(ROAD, as_of=day(10), known_at=day(10))
    )
    differing = [one for one in number_receipts.compare(bank, LEAD, code) if one.differs]
    assert {one.key: (one.then, one.found_later) for one in differing} == {
        "a.open": (2, -1),
        "a.declined": (None, 1),
    }


def test_a_receipt_for_what_is_not_there_is_refused(bank: Database) -> None:
    before = bank.value("SELECT count(*) FROM number_receipt")
    with pytest.raises(NotFound):
        number_receipts.find(bank, LEAD, "0000-0000")
    with pytest.raises(Invalid):
        number_receipts.issue(bank, LEAD, "horoscope", ROAD)
    with pytest.raises(NotAllowed):
        number_receipts.issue(bank, STUDENT, "cohort", ROAD)
    with pytest.raises(NotAllowed):
        number_receipts.find(bank, STUDENT, "0000-0000")
    assert bank.value("SELECT count(*) FROM number_receipt") == before


@pytest.mark.parametrize("kind", frozen.KINDS)
def test_every_kind_of_figure_can_be_kept(bank: Database, kind: str) -> None:
    code = number_receipts.issue(bank, LEAD, kind, ROAD)
    receipt = number_receipts.find(bank, LEAD, code)
    assert receipt.numbers
    assert not [one for one in number_receipts.compare(bank, LEAD, code) if one.then != one.known]


# ── the same through everything that people can do ──────────────────────────────────────────
# What is done, with which idea, how many days after the last, and how many days back it happened.
EVERYTHING = st.lists(
    st.tuples(
        st.sampled_from(["add", "move", "leave", "correct", "merge", "erase", "freeze"]),
        st.integers(0, 5),
        st.integers(0, 9),
        st.integers(0, 15),
    ),
    min_size=6,
    max_size=24,
)


def scrub(db: Database, idea_id: int) -> None:
    """Take a person's words and name out of an idea, and keep its skeleton of times and stages."""
    with db.transaction() as tx:
        tx.execute(
            "UPDATE idea SET title = '', problem = '', solution = '', search_text = '', "
            "submitted_by = NULL WHERE idea_id = ?",
            [idea_id],
        )
        tx.execute("UPDATE ledger SET note = NULL, actor_id = NULL WHERE idea_id = ?", [idea_id])


def do(db: Database, what: str, idea_ids: list[int], which: int, back: int) -> None:
    """Do something with one of the ideas, which happened some days ago; nothing where it may not
    be done."""
    idea_id = idea_ids[which % len(idea_ids)]
    last, here = db.one("SELECT last_seq, stage_id FROM idea WHERE idea_id = ?", [idea_id]) or (
        0,
        "",
    )
    when = clock.now() - timedelta(days=back)
    with contextlib.suppress(Invalid, Conflict):
        if what == "move":
            to = STAGES["road"][which % 4]
            pipeline.move_idea(
                db, LEAD, idea_id, to=to, expected_seq=last, occurred_at=when,
                reason=None if to > here else "not_ready",
            )  # fmt: skip
        elif what == "leave":
            exit_id = ["declined", "withdrawn", "closed", "done"][which % 4]
            pipeline.exit_idea(
                db, LEAD, idea_id, exit_id=exit_id, expected_seq=last, reason="other", note="x",
                occurred_at=when,
            )  # fmt: skip
        elif what == "correct":
            pipeline.undo(db, LEAD, idea_id, seq=last, expected_seq=last)
        elif what == "merge":
            into = idea_ids[(which + 1) % len(idea_ids)]
            pipeline.merge_ideas(db, LEAD, idea_id, into=into, expected_seq=last)
        elif what == "erase":
            scrub(db, idea_id)


def open_now(db: Database) -> set[int]:
    """The ideas that have not left, by the standing that each keeps."""
    return {idea_id for (idea_id,) in db.rows("SELECT idea_id FROM idea WHERE exit_id IS NULL")}


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example([
    ("add", 0, 0, 0), ("add", 0, 1, 0), ("add", 0, 1, 0), ("add", 0, 1, 0), ("freeze", 0, 6, 0),
    ("leave", 3, 4, 6), ("move", 1, 3, 0), ("merge", 0, 0, 0), ("leave", 2, 4, 0),
    ("erase", 1, 0, 0), ("freeze", 0, 2, 0), ("correct", 0, 1, 0), ("correct", 2, 1, 0),
])  # fmt: skip
@given(EVERYTHING)
def test_frozen_figures_outlive_adding_backdating_correcting_merging_and_erasing(
    db: Database, happened: list[tuple[str, int, int, int]]
) -> None:
    ledgers.clear(db)
    forget(db)
    moment, kept, idea_ids = day(1), [], []
    with time_machine.travel(moment, tick=False) as travel:
        for what, which, days_on, back in [("add", 0, 0, 0), *happened]:
            moment += timedelta(days=days_on, minutes=1)
            travel.move_to(moment)
            if what == "add":
                idea_ids.append(submitted(db, LEAD, "road"))
            elif what == "freeze":
                meeting_id = planned(db, moment)
                freezes.freeze(db, LEAD, meeting_id, ROAD)
                kept.append((*freezes.of_meeting(db, LEAD, meeting_id), open_now(db)))
            else:
                do(db, what, idea_ids, which, back)
        for frozen_then, was_open in kept:
            reproduced_and_balanced(db, frozen_then, was_open)


def reproduced_and_balanced(db: Database, kept: freezes.Freeze, was_open: set[int]) -> None:
    """Hold a freeze and the bridge from it to what the database said then and says now."""
    assert kept.open_ids == was_open
    for kind in freezes.REVIEWED:
        assert frozen.numbers(db, LEAD, kind, kept.choice) == kept.numbers[kind]
    drawn = freezes.bridge(db, LEAD, kept, ROAD)
    assert drawn.opening_ids == was_open
    assert drawn.closing_ids == open_now(db)
    assert drawn.opening + sum(line.sign * line.n for line in drawn.lines) == drawn.closing
    for bar in ("opening", *(line.kind for line in drawn.lines), "closing"):
        listed = bridge.records(db, LEAD, drawn, bar)
        assert listed.total == listed.shown == len(drawn.ideas(bar))
        assert set(listed.rows["idea_id"]) == drawn.ideas(bar)


def test_a_bridge_has_no_other_bars(bank: Database) -> None:
    drawn = freezes.bridge(bank, LEAD, frozen_on_day_10(bank), ROAD)
    with pytest.raises(Invalid):
        bridge.records(bank, LEAD, drawn, "promised")
    with pytest.raises(NotAllowed):
        bridge.records(bank, STUDENT, drawn, "opening")


def test_the_bridge_of_a_meeting_that_is_over_never_begins_after_it(bank: Database) -> None:
    with time_machine.travel(day(8), tick=False):
        over = planned(bank, day(8))
        meetings.begin(bank, LEAD, over)
        meetings.close(bank, LEAD, over)
    frozen_on_day_10(bank)
    assert freezes.before(bank, LEAD, over, ROAD) is None


def test_the_bridge_leads_from_the_same_series_before_any_other(bank: Database) -> None:
    with time_machine.travel(day(10), tick=False):
        own, following = (
            meetings.plan(bank, LEAD, "Own", day(30 + n), "", subproject_id="hosting-recruitment")
            for n in range(2)
        )
        freezes.freeze(bank, LEAD, own, ROAD)
    with time_machine.travel(day(11), tick=False):
        freezes.freeze(bank, LEAD, planned(bank, day(11)), ROAD)
    earlier = freezes.before(bank, LEAD, following, ROAD)
    assert earlier is not None
    assert earlier.meeting_id == own


def test_a_receipt_leads_to_what_has_happened_since(bank: Database) -> None:
    code = number_receipts.issue(
        bank, LEAD, "cohort", replace(ROAD, as_of=day(10), known_at=day(10))
    )
    drawn = number_receipts.bridge_to_now(bank, LEAD, code)
    assert (drawn.opening, drawn.closing) == (3, 2)
    assert {line.kind: line.n for line in drawn.lines if line.n} == {"found_out": 1}


def test_a_write_while_figures_are_read_is_not_in_them(
    bank: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    exact = replace(ROAD, as_of=now, known_at=now)
    before = frozen.numbers(bank, LEAD, "snapshot", exact)
    written = []

    def interrupted(*asked: object) -> Question:
        question = ask(*asked)  # type: ignore[arg-type]
        if not written:
            written.append(put(bank, history("4 enter a", "5 move b @99999")))
        return question

    monkeypatch.setattr(presence, "ask", interrupted)
    assert frozen.numbers(bank, LEAD, "snapshot", exact)["a.active"] == before["a.active"] + 1
    assert written


def test_a_level_that_was_corrected_since_is_then_what_it_was_known_as(
    bank: Database,
) -> None:
    choice = replace(ROAD, level="MSc", theme="ocean")
    with time_machine.travel(day(10), tick=False):
        meeting_id = planned(bank, day(10))
        freezes.freeze(bank, LEAD, meeting_id, choice)
    (kept,) = freezes.of_meeting(bank, LEAD, meeting_id)
    ids = [idea_id for (idea_id,) in bank.rows("SELECT idea_id FROM idea ORDER BY idea_id")]
    with bank.transaction() as tx:
        edits = [("level", "PhD", "BSc", 2), ("level", "MSc", "PhD", 1), ("theme", "ocean", "", 3)]
        for field, before, after, version in edits:
            tx.execute(
                "INSERT INTO idea_edit VALUES (?, ?, ?, ?, ?, NULL, ?)",
                [ids[0], version, field, before, after, day(10 + version)],
            )
        tx.execute("UPDATE idea SET level = 'BSc', theme = '' WHERE idea_id = ?", [ids[0]])
    for kind in freezes.REVIEWED:
        assert frozen.numbers(bank, LEAD, kind, kept.choice) == kept.numbers[kind]
    changes = {one.key: one for one in freezes.changes(bank, LEAD, kept, "cohort")}
    came = changes["a.reached"]
    assert (came.then, came.now) == (3, 2)
