"""Random ledgers: the figures in SQL and the slow ones in plain Python say the same."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandkasse import clock, figures
from sandkasse.database import Database
from sandkasse.figures import Choice
from sandkasse.ledger import Broken, Kind, Row, replay
from tests.figures import ledgers, slow_funnel
from tests.figures.ledgers import EXITS, LEAD, STAGES, Told

FOREVER = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
LEVELS, THEMES = ("BSc", "MSc"), ("ocean", "health")

# A history is a list of numbers, each read as one attempt to write a row; what the ledger's law
# refuses is left out. Whole days make happenings of the same moment common.
histories = st.lists(st.integers(0, 2**24 - 1), max_size=12)
many_ideas = st.lists(histories, min_size=20, max_size=40)
days = st.integers(0, 45)


def told(number: int, idea_id: int, attempts: Sequence[int]) -> Told:
    """The idea that ``attempts`` make."""
    journey = "lane" if number % 4 == 0 else "road"
    positions = {stage: at for at, stage in enumerate(STAGES[journey])}
    start = ledgers.day(1 + number % 9)
    stage = STAGES[journey][number % 5 == 1]
    rows = [Row(1, Kind.ENTER, start, start + timedelta(days=number % 3), stage_id=stage)]
    for attempt in attempts:
        row = _attempted(attempt, rows, journey)
        try:
            replay([*rows, row], positions)
        except Broken:
            continue
        rows.append(row)
    return Told(idea_id, journey, LEVELS[number % 2], THEMES[number % 7 % 2], tuple(rows))


def _attempted(attempt: int, rows: Sequence[Row], journey: str) -> Row:
    attempt, what = divmod(attempt, 12)
    attempt, which = divmod(attempt, 8)
    attempt, gap = divmod(attempt, 8)
    attempt, back = divmod(attempt, 4)
    recorded = rows[-1].recorded_at + timedelta(days=gap)
    occurred = recorded - timedelta(days=attempt % 12 if back == 0 else 0)
    kind = (
        [Kind.MOVE] * 5
        + [Kind.HOLD, Kind.RESUME, Kind.EXIT, Kind.EXIT, Kind.REOPEN, Kind.HANDOVER, Kind.VOID]
    )[what]
    row = Row(rows[-1].seq + 1, kind, occurred, recorded)
    if kind in (Kind.MOVE, Kind.REOPEN):
        return replace(row, stage_id=STAGES[journey][which % len(STAGES[journey])])
    if kind is Kind.EXIT:
        return replace(row, exit_id=list(EXITS)[which % len(EXITS)])
    return replace(row, voids_seq=1 + which % len(rows)) if kind is Kind.VOID else row


def moments(choice: Choice) -> tuple[datetime, datetime, datetime, datetime]:
    """The choice's period and moments as the slow figures take them."""
    return (
        clock.start_of(choice.since) if choice.since else FOREVER[0],
        clock.end_of(choice.until) if choice.until else FOREVER[1],
        choice.as_of or clock.now(),
        choice.known_at or clock.now(),
    )


def among(ideas: Sequence[Told], choice: Choice) -> list[Told]:
    """The ideas of the chosen level and theme."""
    return [
        idea
        for idea in ideas
        if choice.level in (None, idea.level) and choice.theme in (None, idea.theme)
    ]


def choices(journey: str, first: int, as_of: int, known: int) -> list[Choice]:
    """The present twice (from the standing, and from the ledger), and the past, narrowed."""
    now = clock.now()
    since = date(2020, 1, 1) + timedelta(days=first % 9)
    past = Choice(journey, as_of=ledgers.day(as_of), known_at=ledgers.day(known))
    return [
        Choice(journey),
        Choice(journey, as_of=now, known_at=now),
        Choice(journey, level="BSc", since=since, until=since + timedelta(days=4)),
        past,
        replace(past, theme="ocean", since=since),
    ]


def agree_on_cohort(db: Database, ideas: Sequence[Told], choice: Choice) -> None:
    funnel = figures.cohort(db, LEAD, choice)
    slow = slow_funnel.cohort(among(ideas, choice), choice.journey_id, *moments(choice))
    assert [
        {
            "stage": stage.stage_id,
            "reached": stage.reached,
            "advanced": stage.advanced,
            "left": stage.left,
            "open": stage.open,
        }
        for stage in funnel.stages
    ] == slow
    assert funnel.n == slow[0]["reached"]


def agree_on_medians(db: Database, ideas: Sequence[Told], choice: Choice) -> None:
    if choice.as_of is None:  # two readings of the clock differ; the ledger's path is exact
        return
    medians = figures.median_days_to_advance(db, LEAD, choice)
    assert medians == slow_funnel.medians(among(ideas, choice), choice.journey_id, *moments(choice))


def agree_on_snapshot(db: Database, ideas: Sequence[Told], choice: Choice) -> None:
    snapshot = figures.snapshot(db, LEAD, choice)
    inside, left = slow_funnel.snapshot(
        among(ideas, choice), choice.journey_id, *moments(choice)[2:]
    )
    for stage in snapshot.stages:
        assert stage.active == inside[stage.stage_id, False]
        assert stage.on_hold == inside[stage.stage_id, True]
    assert snapshot.left == left
    assert snapshot.n == inside.total() + left.total()


def agree_on_activity(db: Database, ideas: Sequence[Told], choice: Choice) -> None:
    activity = figures.activity(db, LEAD, choice)
    slow = slow_funnel.steps(among(ideas, choice), choice.journey_id, *moments(choice))
    assert activity.n == slow.total()
    for stage in activity.stages:
        into, out, left = Counter[str](), Counter[str](), Counter[str]()
        for (change, before, after, exit_kind), n in slow.items():
            if after == stage.stage_id:
                into["reopened" if change == "reopened" else "entered"] += n
            if before == stage.stage_id:
                out[change] += n
                left[exit_kind] += n
        assert (stage.entered, stage.reopened) == (into["entered"], into["reopened"])
        assert (stage.forward, stage.back) == (out["forward"], out["back"])
        assert stage.left == {kind: n for kind, n in left.items() if kind}


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(many_ideas, days, days, days)
def test_figures_agree_with_plain_python_on_any_ledger(
    db: Database, attempts: list[list[int]], first: int, as_of: int, known: int
) -> None:
    ledgers.clear(db)
    start = ledgers.next_id(db)
    ideas = [told(number, start + number, each) for number, each in enumerate(attempts)]
    with db.transaction() as tx:
        tx.execute("SELECT nextval('idea_ids') FROM range(?)", [len(ideas)])
    ledgers.put_all(db, ideas)
    for choice in choices("lane" if first % 4 == 0 else "road", first, as_of, known):
        agree_on_cohort(db, ideas, choice)
        agree_on_medians(db, ideas, choice)
        agree_on_snapshot(db, ideas, choice)
        agree_on_activity(db, ideas, choice)
