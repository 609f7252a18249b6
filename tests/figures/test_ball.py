"""Who has the ball: worked examples, and the law in Python against the one in SQL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandkasse import ball, matter, standing
from sandkasse.ball import PARKED, Matter, Turn
from sandkasse.database import Database
from sandkasse.ledger import BALL_AFTER, Kind, Party, Row
from sandkasse.matter import Event
from tests.figures import ledgers
from tests.figures.ledgers import Told, day
from tests.figures.test_funnel_against_slow import histories, told

FOREVER = datetime(2200, 1, 1, tzinfo=UTC)
SENT, QUESTION, ANSWER, DECIDED, CLOSED = (
    matter.Kind.SENT, matter.Kind.QUESTION, matter.Kind.ANSWER, matter.Kind.DECIDED,
    matter.Kind.CLOSED,
)  # fmt: skip


def history(*steps: str) -> list[Row]:
    """Rows as :func:`tests.figures.ledgers.history` reads them, each with the ball it gives."""
    return [with_ball(row) for row in ledgers.history(*steps)]


def with_ball(row: Row) -> Row:
    """The row with the ball that the app gives to such a row."""
    if row.kind is Kind.HANDOVER:
        return replace(row, ball=[Party.MENTOR, Party.STUDENT, Party.PROJECT][row.seq % 3])
    return replace(row, ball=BALL_AFTER.get(row.kind))


def a_matter(key: int, agency_id: str, *steps: tuple[matter.Kind, float]) -> Matter:
    """A touchpoint in which these things happened on these days."""
    events = [Event(n, kind, day(at), day(at)) for n, (kind, at) in enumerate(steps, 1)]
    return Matter(key, agency_id, tuple(events))


def days_by_party(turns: Sequence[Turn], until: datetime) -> dict[str, float]:
    """Whole days each party had the ball."""
    found: dict[str, float] = {}
    for turn in turns:
        length = ((turn.ends_at or until) - turn.begins_at) / timedelta(days=1)
        found[turn.party] = found.get(turn.party, 0) + length
    return found


def test_an_idea_that_came_in_is_with_a_mentor_until_it_is_moved():
    told = ball.replay(history("1 enter a", "4 move b"))
    assert told.party is Party.STUDENT
    assert told.turns == (
        Turn("a", "mentor", day(1), day(4)),
        Turn("b", "student", day(4)),
    )


def test_what_is_sent_is_with_the_agency_until_it_decides():
    vat = a_matter(1, "skatteetaten", (SENT, 5), (DECIDED, 15))
    told = ball.replay(history("1 enter a", "3 move b"), [vat])
    assert days_by_party(told.turns, day(20)) == {"mentor": 2, "student": 2 + 5, "agency": 10}
    assert (told.party, told.since) == (Party.STUDENT, day(15))


def test_two_agencies_at_once_count_once_for_the_idea():
    vat = a_matter(1, "skatteetaten", (SENT, 5), (DECIDED, 15))
    permit = a_matter(2, "udi", (SENT, 10), (QUESTION, 20))
    told = ball.replay(history("1 enter a", "3 move b"), [vat, permit])
    assert days_by_party(told.turns, day(22))["agency"] == 15
    assert (told.party, told.since) == (Party.STUDENT, day(20))


def test_the_ball_names_every_agency_that_has_an_unanswered_matter():
    vat = a_matter(1, "skatteetaten", (SENT, 5))
    permit = a_matter(2, "udi", (SENT, 10))
    told = ball.replay(history("1 enter a", "3 move b"), [vat, permit])
    assert (told.agencies, told.since) == (("skatteetaten", "udi"), day(5))


def test_whoever_is_handed_the_ball_while_an_agency_waits_has_it():
    vat = a_matter(1, "skatteetaten", (SENT, 5), (DECIDED, 15))
    told = ball.replay(history("1 enter a", "3 move b", "8 move c"), [vat])
    assert days_by_party(told.turns, day(20)) == {"mentor": 2, "student": 2 + 12, "agency": 3}


def test_a_hold_parks_the_ball_and_gives_it_back_to_whom_it_was_with():
    vat = a_matter(1, "skatteetaten", (SENT, 5), (DECIDED, 30))
    told = ball.replay(history("1 enter a", "3 move b", "8 hold", "10 resume"), [vat])
    parties = [turn.party for turn in told.turns]
    assert parties == ["mentor", "student", "agency", PARKED, "agency", "student"]


def test_after_an_exit_the_ball_is_nobodys():
    told = ball.replay(history("1 enter a", "3 exit closed", "9 reopen a"))
    assert told.turns == (Turn("a", "mentor", day(1), day(3)), Turn("a", "student", day(9)))


# ── the law in Python against the law in SQL ────────────────────────────────────────────────

FEW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
attempts = st.lists(st.integers(0, 2**20 - 1), max_size=8)
ideas = st.lists(st.tuples(histories, st.lists(attempts, max_size=3)), min_size=15, max_size=25)


def matters_of(idea_id: int, start: datetime, lists: Sequence[Sequence[int]]) -> list[Matter]:
    """The matters that these numbers make: each is read as an attempt, and skipped if refused."""
    found = []
    for number, tries in enumerate(lists):
        opened = start + timedelta(days=number * 2)
        first = matter.Kind.SENT if number % 2 else matter.Kind.PREPARED
        events = [Event(1, first, opened, opened + timedelta(days=number))]
        for one in tries:
            event = _attempted(one, events)
            try:
                matter.replay([*events, event])
            except matter.Broken:
                continue
            events.append(event)
        agency = ("skatteetaten", "udi", "nav")[number % 3]
        found.append(Matter(idea_id * 10 + number, agency, tuple(events)))
    return found


def _attempted(number: int, events: Sequence[Event]) -> Event:
    number, what = divmod(number, 12)
    number, gap = divmod(number, 6)
    number, back = divmod(number, 4)
    recorded = events[-1].recorded_at + timedelta(days=gap)
    occurred = recorded - timedelta(days=number % 10 if back == 0 else 0)
    kinds = [*matter.Kind][1:]
    kind = [*kinds, SENT, ANSWER, DECIDED][what % (len(kinds) + 3)]
    event = Event(events[-1].seq + 1, kind, occurred, recorded)
    if kind is matter.Kind.VOID:
        return replace(event, occurred_at=recorded, voids_seq=1 + number % len(events))
    return event


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ideas, st.integers(0, 40), st.integers(0, 60))
def test_python_and_sql_tell_the_same_turns_at_any_time(db, many, as_of_day, known_day):
    kept = put(db, many)
    for as_of, known_at in ((FOREVER, FOREVER), (day(as_of_day), day(known_day))):
        found = turns_in_sql(db, as_of, known_at)
        for idea_id, (rows, matters) in kept.items():
            seen = [row for row in rows if row.recorded_at <= known_at]
            seen = [row for row in seen if row.kind is Kind.VOID or row.occurred_at <= as_of]
            if not replayable(seen):
                assert found.get(idea_id, []) == []
                continue
            then = ball.replay(seen, [cut(one, as_of, known_at) for one in matters])
            assert found.get(idea_id, []) == list(then.turns), (idea_id, rows, matters)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ideas)
def test_what_ideas_and_touchpoints_keep_is_what_python_tells(db, many):
    kept = put(db, many)
    with db.transaction() as tx:
        standing.refresh_standing(tx)
    for idea_id, (rows, matters) in kept.items():
        told = ball.replay(rows, matters)
        row = db.one(
            "SELECT ball, ball_at, ball_agencies, turn_at FROM idea WHERE idea_id = ?", [idea_id]
        )
        lasting = [turn.begins_at for turn in told.turns if turn.ends_at is None]
        now = (told.party, told.since, " ".join(told.agencies), lasting[0] if lasting else None)
        assert row == now
        for one in matters:
            compare_matter(db, one)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ideas, st.integers(0, 60))
def test_the_divided_time_of_an_idea_is_its_time_in_the_journey(db, many, until_day):
    until = day(until_day + 120)
    for idea_id, (rows, matters) in put(db, many).items():
        told = ball.replay(rows, matters)
        divided = sum(days_by_party(told.turns, until).values())
        assert divided == pytest.approx(days_inside(rows, until)), idea_id


def put(db: Database, many: Sequence[Any]) -> dict[int, tuple[list[Row], list[Matter]]]:
    """Write these ideas and matters into the database; what was written, by idea."""
    ledgers.clear(db)
    first = ledgers.next_id(db)
    ideas = [
        with_balls(told(number, first * 100 + number, steps))
        for number, (steps, _lists) in enumerate(many)
    ]
    kept = {
        idea.idea_id: (
            list(idea.rows), matters_of(idea.idea_id, idea.rows[0].occurred_at, lists)
        )
        for idea, (_steps, lists) in zip(ideas, many, strict=True)
    }  # fmt: skip
    ledgers.put_all(db, ideas)
    put_matters(db, {idea_id: matters for idea_id, (_rows, matters) in kept.items()})
    return kept


def with_balls(idea: Told) -> Told:
    """The idea with the ball that the app gives in each of its rows."""
    return replace(idea, rows=tuple(map(with_ball, idea.rows)))


def put_matters(db: Database, by_idea: dict[int, list[Matter]]) -> None:
    """Write these matters into the database."""
    with db.transaction() as tx:
        tx.execute("DELETE FROM touchpoint")
        tx.execute("DELETE FROM touchpoint_event")
        described = [
            {"touchpoint_id": one.touchpoint_id, "idea_id": idea_id, "agency_id": one.agency_id,
             "created_at": naive(one.events[0].recorded_at), "last_seq": 0, "state": "",
             "state_at": naive(one.events[0].recorded_at),
             "opened_at": naive(one.events[0].recorded_at)}
            for idea_id, matters in by_idea.items()
            for one in matters
        ]  # fmt: skip
        happened = [
            {"touchpoint_id": one.touchpoint_id, "seq": event.seq, "kind": event.kind.value,
             "voids_seq": event.voids_seq, "occurred_at": naive(event.occurred_at),
             "recorded_at": naive(event.recorded_at)}
            for matters in by_idea.values()
            for one in matters
            for event in one.events
        ]  # fmt: skip
        if described:
            tx.insert_frame("touchpoint", pd.DataFrame(described))
            events = pd.DataFrame(happened).astype({"voids_seq": "Int64"})
            tx.insert_frame("touchpoint_event", events)
        standing.refresh_standing(tx)


def compare_matter(db: Database, one: Matter) -> None:
    """Hold the standing that a touchpoint keeps to what its events tell."""
    state = matter.replay(one.events)
    row = db.one(
        "SELECT state, state_at, opened_at, sent_at, agency_days, decided_days, questions "
        "FROM touchpoint WHERE touchpoint_id = ?",
        [one.touchpoint_id],
    )
    assert row is not None
    assert row[:4] == (state.state, state.state_at, state.opened_at, state.sent_at)
    assert row[4:] == pytest.approx((state.agency_days, state.decided_days, state.questions))


def turns_in_sql(db: Database, as_of: datetime, known_at: datetime) -> dict[int, list[Turn]]:
    """All turns by idea, as the macro tells them."""
    found: dict[int, list[Turn]] = {}
    for idea_id, *turn in db.rows(
        "SELECT idea_id, stage_id, party, begins_at, ends_at FROM turn_of($as_of, $known_at) "
        "ORDER BY idea_id, begins_at",
        {"as_of": as_of, "known_at": known_at},
    ):
        found.setdefault(idea_id, []).append(Turn(*turn))
    return found


def cut(one: Matter, as_of: datetime, known_at: datetime) -> Matter:
    """The matter as it was at this time, as known then."""
    events = [event for event in one.events if event.recorded_at <= known_at]
    return replace(
        one,
        events=tuple(
            event
            for event in events
            if event.kind is matter.Kind.VOID or event.occurred_at <= as_of
        ),
    )


def replayable(rows: Sequence[Row]) -> bool:
    """Whether the idea had come in."""
    return bool([row for row in rows if row.kind is Kind.ENTER])


def days_inside(rows: Sequence[Row], until: datetime) -> float:
    """Days in the journey, counted independently: from each way in to the next way out."""
    voided = {row.voids_seq for row in rows if row.kind is Kind.VOID}
    counting = sorted(
        (row for row in rows if row.kind is not Kind.VOID and row.seq not in voided),
        key=lambda row: (row.occurred_at, row.seq),
    )
    total, since = timedelta(0), None
    for row in counting:
        if row.kind in (Kind.ENTER, Kind.REOPEN):
            since = row.occurred_at
        elif row.kind is Kind.EXIT and since is not None:
            total, since = total + (row.occurred_at - since), None
    if since is not None:
        total += until - since
    return total / timedelta(days=1)


def naive(moment: datetime) -> datetime:
    """The moment as the file keeps it."""
    return moment.astimezone(UTC).replace(tzinfo=None)
