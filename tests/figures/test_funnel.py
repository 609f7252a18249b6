"""The cohort funnel by hand: each history says in a line what it should count as.

The journey has the stages a, b, c, d. A row of a table below is one idea alone, with the stage
counts it gives: ``a`` etc. name the stages reached, then where it ended.
"""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from sandkasse import clock, figures
from sandkasse.database import Database
from sandkasse.errors import Invalid, NotAllowed
from sandkasse.figures import Choice, CohortFunnel
from sandkasse.people import Actor, Role
from tests.figures.ledgers import FIRST_DAY, LEAD, day, history, put

STUDENT = Actor(2, "Sara Student", frozenset({Role.STUDENT}))
MEMBER = Actor(3, "Mona Member", frozenset({Role.MEMBER}))
MENTOR = Actor(4, "Mari Mentor", frozenset({Role.MENTOR}))

ROAD = Choice("road")


def told(funnel: CohortFunnel) -> dict[str, tuple[int, int, dict[str, int], int]]:
    """Each stage's reached, advanced, left, open."""
    return {
        stage.stage_id: (stage.reached, stage.advanced, dict(stage.left), stage.open)
        for stage in funnel.stages
    }


def at(day_number: float, known: float | None = None) -> Choice:
    """The journey as of one day, as known on another."""
    return replace(ROAD, as_of=day(day_number), known_at=day(known or day_number))


HISTORIES = {
    # what it shows: (steps, furthest stage, how it had left or None while open)
    "plain": (["1 enter a", "5 move b"], "b", None),
    "a back-step takes nothing away": (
        ["1 enter a", "2 move b", "3 move c", "4 move a"], "c", None,
    ),
    "a skipped stage counts as reached": (["1 enter a", "2 move d"], "d", None),
    "an exit after a back-step is from the furthest stage": (
        ["1 enter a", "2 move c", "3 move b", "4 exit declined"], "c", "declined",
    ),
    "a voided move never was": (["1 enter a", "2 move b", "3 move c", "void 3 @4"], "b", None),
    "a voided exit leaves it open": (["1 enter a", "2 exit closed", "void 2 @3"], "a", None),
    "a back-dated move takes its place before the exit": (
        ["1 enter a", "9 exit withdrawn", "void 2 @10", "5 move b @11", "9 exit withdrawn @12"],
        "b", "withdrawn",
    ),
    "a move to the earlier stage, told later, does not undo the later one": (
        ["1 enter a", "8 move c", "4 move b @9"], "c", None,
    ),
    "re-opened is open": (["1 enter a", "2 exit closed", "3 reopen a"], "a", None),
    "re-opened and left again counts once, as it left last": (
        ["1 enter a", "2 exit closed", "3 reopen b", "4 exit declined"], "b", "declined",
    ),
    "merged has left": (["1 enter a", "2 move b", "3 exit merged"], "b", "merged"),
    "a merge taken back is open": (["1 enter a", "3 exit merged", "void 2 @5"], "a", None),
    "on hold is open": (["1 enter a", "2 hold"], "a", None),
    "completed before the last stage has left": (["1 enter a", "2 exit done"], "a", "completed"),
    "same moment, file's order: out": (
        ["1 enter a", "1 move b", "1 exit declined"], "b", "declined",
    ),
    "same moment, file's order: back in": (
        ["1 enter a", "1 exit declined", "1 reopen b"], "b", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("choice", [ROAD, at(400)], ids=["from the standing", "from the ledger"])
@pytest.mark.parametrize("what", HISTORIES)
def test_an_idea_counts_by_its_furthest_stage(db: Database, what: str, choice: Choice) -> None:
    steps, furthest, exit_kind = HISTORIES[what]
    put(db, history(*steps))
    expected: dict[str, tuple[int, int, dict[str, int], int]] = {}
    for stage in "abcd":
        if stage < furthest:
            expected[stage] = (1, 1, {}, 0)
        elif stage > furthest:
            expected[stage] = (0, 0, {}, 0)
        else:
            expected[stage] = (1, 0, {exit_kind: 1} if exit_kind else {}, 0 if exit_kind else 1)
    assert told(figures.cohort(db, LEAD, choice)) == expected


def test_completed_counts_as_advanced_in_the_last_stage_and_not_as_left(db: Database) -> None:
    put(db, history("1 enter a", "2 move d", "3 exit done"))
    put(db, history("1 enter a", "2 move d", "3 move b", "4 exit done"))  # furthest is still d
    put(db, history("1 enter a", "2 move d", "3 exit closed"))
    put(db, history("1 enter a", "2 move d"))
    assert told(figures.cohort(db, LEAD, ROAD))["d"] == (4, 2, {"closed": 1}, 1)


def test_as_of_leaves_out_what_happened_later(db: Database) -> None:
    put(db, history("1 enter a", "10 move b", "20 exit closed"))
    assert told(figures.cohort(db, LEAD, at(9, known=99)))["a"] == (1, 0, {}, 1)
    assert told(figures.cohort(db, LEAD, at(10, known=99)))["b"] == (1, 0, {}, 1)  # the boundary
    assert told(figures.cohort(db, LEAD, at(20, known=99)))["b"] == (1, 0, {"closed": 1}, 0)
    assert figures.cohort(db, LEAD, replace(ROAD, as_of=day(0), known_at=day(99))).n == 0


def test_known_at_leaves_out_what_was_recorded_later(db: Database) -> None:
    # On day 30 a mentor records that it came to b on day 10 already.
    put(db, history("1 enter a", "10 move b @30"))
    assert told(figures.cohort(db, LEAD, at(20, known=29)))["b"] == (0, 0, {}, 0)
    assert told(figures.cohort(db, LEAD, at(20, known=30)))["b"] == (1, 0, {}, 1)


def test_a_correction_counts_from_when_it_was_known(db: Database) -> None:
    # The move of day 10 was declared a mistake on day 15. A meeting on day 12 had seen it.
    put(db, history("1 enter a", "10 move b", "void 2 @15"))
    assert told(figures.cohort(db, LEAD, at(12, known=12)))["b"][0] == 1
    assert told(figures.cohort(db, LEAD, at(12, known=15)))["b"][0] == 0
    assert told(figures.cohort(db, LEAD, at(20, known=14)))["b"][0] == 1


def test_the_cohort_is_the_ideas_that_came_in_on_the_chosen_days_in_oslo(db: Database) -> None:
    midnight = clock.start_of(date(2020, 1, 10))  # 9 January 23:00 UTC
    for moment in (midnight - timedelta(microseconds=1), midnight):
        rows = history("1 enter a")
        put(db, [replace(rows[0], occurred_at=moment, recorded_at=moment)])
    january_10 = date(2020, 1, 10)
    assert figures.cohort(db, LEAD, replace(ROAD, until=date(2020, 1, 9))).n == 1
    assert figures.cohort(db, LEAD, replace(ROAD, since=january_10, until=january_10)).n == 1
    assert figures.cohort(db, LEAD, ROAD).n == 2


def test_only_the_chosen_journey_level_and_theme_count(db: Database) -> None:
    put(db, history("1 enter a"), level="BSc", theme="ocean")
    put(db, history("1 enter a"), level="MSc", theme="health")
    put(db, history("1 enter b", "2 move a"), journey="lane", level="MSc", theme="health")
    assert figures.cohort(db, LEAD, ROAD).n == 2
    assert figures.cohort(db, LEAD, replace(ROAD, level="MSc")).n == 1
    assert figures.cohort(db, LEAD, replace(ROAD, level="MSc", theme="ocean")).n == 0
    assert told(figures.cohort(db, LEAD, Choice("lane")))["a"] == (1, 0, {}, 1)
    assert figures.levels(db, LEAD, "road") == ["BSc", "MSc"]
    assert figures.themes(db, LEAD, "lane") == ["health"]


def test_shares_and_interval_are_of_the_stage_before(db: Database) -> None:
    for _ in range(3):
        put(db, history("1 enter a"))
    put(db, history("1 enter a", "2 move b"))
    first, second, third, fourth = figures.cohort(db, LEAD, ROAD).stages
    assert (first.share_of_first, first.share_of_previous, first.interval) == (1.0, None, None)
    assert (second.share_of_first, second.share_of_previous) == (0.25, 0.25)
    # Wilson, 1 of 4: (1 + z²/2 ± z·√(3/4 + z²/4)) / (4 + z²), z = 1.96
    assert second.interval == pytest.approx((0.0456, 0.6994), abs=0.0001)
    assert third.share_of_previous == 0.0
    assert (fourth.share_of_first, fourth.share_of_previous, fourth.interval) == (0.0, None, None)


def test_shares_are_undefined_when_nothing_came_in(db: Database) -> None:
    funnel = figures.cohort(db, LEAD, ROAD)
    assert funnel.n == 0
    assert {stage.share_of_first for stage in funnel.stages} == {None}


def test_median_days_are_read_off_the_curve_and_skipped_stages_have_no_time(db: Database) -> None:
    #  stage a: advanced after 2 (to b), 3 (straight to c), 4; left after 1; open 9 at day 10.
    #           incidence 0 (1), 1/5 (2), 2/5 (3), 3/5 (4): the median is 4.
    #  stage b: first and third only; the second was never there on its way, though it went back
    #           to b later. Advanced after 6, open 5: incidence 1 at day 6: 1/2 at 6? At risk at 5:
    #           two, one censored; at 6: one, advanced: incidence 1. The median is 6.
    put(db, history("1 enter a", "3 move b", "9 move c"))
    put(db, history("1 enter a", "4 move c", "5 move b"))
    put(db, history("1 enter a", "5 move b"))
    put(db, history("1 enter a", "2 exit declined"))
    put(db, history("1 enter a"))
    medians = figures.median_days_to_advance(db, LEAD, at(10))
    assert medians == {"a": 4.0, "b": 6.0, "c": None, "d": None}


def test_median_of_the_last_stage_is_the_time_to_completing(db: Database) -> None:
    put(db, history("1 enter a", "2 move d", "9 exit done"))
    put(db, history("1 enter a", "2 move d", "3 exit closed", "5 reopen d", "7 exit done"))
    assert figures.median_days_to_advance(db, LEAD, ROAD)["d"] == 5.0  # time away included


def test_median_is_zero_when_stages_are_passed_at_once(db: Database) -> None:
    put(db, history("1 enter a", "1 move b", "1 move c"))
    assert figures.median_days_to_advance(db, LEAD, at(9)) == {
        "a": 0.0, "b": 0.0, "c": None, "d": None,
    }  # fmt: skip


def test_a_stage_come_to_after_a_later_one_at_the_same_moment_has_no_time(db: Database) -> None:
    put(db, history("1 enter a", "2 move c", "2 move b", "4 move c"))
    assert figures.median_days_to_advance(db, LEAD, at(9))["b"] is None


def test_json_is_as_documented(db: Database) -> None:
    put(db, history("1 enter a", "3 move b"))
    put(db, history("1 enter a", "2 exit declined"))
    choice = at(10)
    funnel = figures.cohort(db, LEAD, choice)
    said = figures.to_json(funnel, figures.median_days_to_advance(db, LEAD, choice))
    assert json.loads(json.dumps(said)) == {
        "journey": "road",
        "kind": "cohort",
        "as_of": "2020-01-10T12:00:00+00:00",
        "known_at": "2020-01-10T12:00:00+00:00",
        "n": 2,
        "stages": [
            {
                "stage": "a", "reached": 2, "advanced": 1, "left": {"declined": 1}, "open": 0,
                "share_of_first": 1.0, "share_of_previous": None, "interval": None,
                "median_days_to_advance": 2.0,
            },
            {
                "stage": "b", "reached": 1, "advanced": 0, "left": {}, "open": 1,
                "share_of_first": 0.5, "share_of_previous": 0.5,
                "interval": pytest.approx([0.0945, 0.9055], abs=0.0001),
                "median_days_to_advance": None,
            },
            {
                "stage": "c", "reached": 0, "advanced": 0, "left": {}, "open": 0,
                "share_of_first": 0.0, "share_of_previous": 0.0,
                "interval": pytest.approx([0.0, 0.7935], abs=0.0001),
                "median_days_to_advance": None,
            },
            {
                "stage": "d", "reached": 0, "advanced": 0, "left": {}, "open": 0,
                "share_of_first": 0.0, "share_of_previous": None, "interval": None,
                "median_days_to_advance": None,
            },
        ],
    }  # fmt: skip


def test_the_moments_are_those_of_the_reading_when_none_were_chosen(db: Database) -> None:
    before = clock.now()
    funnel = figures.cohort(db, LEAD, ROAD)
    assert before <= funnel.as_of == funnel.known_at <= clock.now()
    assert funnel.as_of.tzinfo is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"journey_id": "moon"}, "journey_id"),
        ({"level": "Kindergarten"}, "level"),
        ({"since": date(2020, 2, 1), "until": date(2020, 1, 31)}, "since"),
        ({"since": date(1, 1, 1)}, "since"),
        ({"until": date(1899, 12, 31)}, "until"),
        ({"as_of": datetime(2999, 1, 1, tzinfo=UTC)}, "as_of"),
        ({"known_at": datetime(2999, 1, 1, tzinfo=UTC)}, "known_at"),
        ({"as_of": datetime(1, 1, 1, tzinfo=UTC)}, "as_of"),
    ],
)
def test_a_choice_that_cannot_be_answered_names_the_field(
    db: Database, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        figures.cohort(db, LEAD, replace(ROAD, **changes))  # type: ignore[arg-type]
    assert caught.value.field == field


def test_a_level_of_imported_ideas_can_be_chosen(db: Database) -> None:
    put(db, history("1 enter a"), level="Fagskole")
    assert figures.cohort(db, LEAD, replace(ROAD, level="Fagskole")).n == 1
    assert figures.levels(db, LEAD, "road") == ["Fagskole"]


def test_the_end_of_a_day_is_now_for_today() -> None:
    assert figures.end_of(None) is None
    assert figures.end_of(clock.today()) is None
    assert figures.end_of(FIRST_DAY.date()) == datetime(2020, 1, 1, 22, 59, 59, 999999, tzinfo=UTC)


def test_it_checks_access(db: Database) -> None:
    for read in (
        figures.cohort,
        figures.median_days_to_advance,
        figures.snapshot,
        figures.activity,
        figures.activity_series,
    ):
        with pytest.raises(NotAllowed):
            read(db, STUDENT, ROAD)
        for actor in (MEMBER, MENTOR, LEAD):
            read(db, actor, ROAD)
    with pytest.raises(NotAllowed):
        figures.levels(db, STUDENT, "road")
    with pytest.raises(NotAllowed):
        figures.records(db, STUDENT, ROAD, "a", "reached")
