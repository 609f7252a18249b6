"""Synthetic data: lawful, plausible, never anybody's, and the same again for the same seed."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
import time_machine

from sandkasse import (
    ball,
    clock,
    demo,
    freezes,
    integrity,
    journeys,
    ledger,
    matter,
    meetings,
    orgnr,
    people,
    pipeline,
    purposes,
    standing,
    subprojects,
)
from sandkasse.config import PROJECT_FOLDER
from sandkasse.database import Database
from sandkasse.demo import PERSONAS
from sandkasse.demo.columns import COLUMNS
from sandkasse.errors import Invalid, NotFound
from sandkasse.figures import Choice, frozen
from sandkasse.ledger import Kind
from sandkasse.meetings import agenda, receipts
from sandkasse.needs import NEEDS
from sandkasse.notices import Notice
from sandkasse.people import OPERATOR, Role
from sandkasse.reasons import OTHER, REASONS, Occasion
from sandkasse.texts import LIMITS, problem_with
from sandkasse.themes import THEMES

A_MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
SEEDS = (1, 2, 3)
MEETING_TABLES = (
    "meeting", "attendance", "agenda_item", "resolution", "resolution_event", "frozen_figure",
    "number_receipt",
)  # fmt: skip


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(A_MONDAY, tick=False):
        yield


def know_agencies(database: Database) -> None:
    """Put the shipped agencies where ideas and members find them."""
    agencies = tomllib.loads((PROJECT_FOLDER / "data" / "agencies.toml").read_text("utf-8"))
    with database.transaction() as tx:
        tx.executemany(
            "INSERT INTO agency (agency_id, position, name_nb, name_en) VALUES (?, ?, ?, ?)",
            [
                [agency["id"], position, agency["name"]["nb"], agency["name"]["en"]]
                for position, agency in enumerate(agencies["agencies"])
            ],
        )


def filled(path: Path, ideas: int, seed: int = 1, journey_id: str | None = None) -> Database:
    """A database of its own with synthetic data."""
    database = Database.open(path)
    shipped = journeys.load_folder(PROJECT_FOLDER / "data" / "journeys")
    journeys.sync(database, shipped, source="shipped")
    know_agencies(database)
    demo.fill(database, ideas=ideas, seed=seed, journey_id=journey_id)
    return database


@pytest.fixture(scope="module", params=SEEDS)
def full(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """The demonstration as it is by default, from several seeds; tests only read it."""
    with time_machine.travel(A_MONDAY, tick=False):
        database = filled(tmp_path_factory.mktemp("demo") / "full.duckdb", 160, request.param)
    yield database
    database.close()


def content(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the tables that synthetic data fills."""
    return {
        table: sorted(database.rows(f"SELECT * FROM {table}"), key=repr)
        for table in (*COLUMNS, *MEETING_TABLES)
    }


def test_the_same_seed_gives_the_same_rows(tmp_path: Path) -> None:
    first, again = filled(tmp_path / "a.duckdb", 60), filled(tmp_path / "b.duckdb", 60)
    assert content(first) == content(again)


def test_another_seed_gives_other_rows(tmp_path: Path) -> None:
    first, other = filled(tmp_path / "a.duckdb", 60), filled(tmp_path / "b.duckdb", 60, seed=2)
    assert content(first)["ledger"] != content(other)["ledger"]


@pytest.mark.parametrize("ideas", [0, 1, 9, 47])
def test_as_many_ideas_as_asked_are_made(db: Database, ideas: int) -> None:
    report = demo.fill(db, ideas=ideas, seed=5)
    assert report.ideas == ideas == db.value("SELECT count(*) FROM idea")
    assert report.ledger_rows == db.value("SELECT count(*) FROM ledger")
    assert report.people == db.value("SELECT count(*) FROM person")


def test_every_history_follows_the_law(full: Database) -> None:
    for idea_id, journey_id in full.rows("SELECT idea_id, journey_id FROM idea"):
        positions = {stage.id: stage.position for stage in journeys.get(full, journey_id).stages}
        ledger.replay(pipeline.history(full, idea_id), positions)


def test_the_standing_kept_is_what_the_ledger_says(full: Database) -> None:
    for idea_id, journey_id, stage_id, furthest, owner, exit_id, held_at in full.rows(
        "SELECT idea_id, journey_id, stage_id, furthest, ball, exit_id, held_at FROM idea"
    ):
        positions = {stage.id: stage.position for stage in journeys.get(full, journey_id).stages}
        rows = pipeline.history(full, idea_id)
        told = ledger.replay(rows, positions)
        assert (stage_id, furthest) == (told.stage_id, told.furthest)
        assert owner == ball.replay(rows, standing.matters(full, idea_id)).party
        assert (exit_id, held_at) == (told.exit_id, told.held_at)


def test_each_row_says_where_the_idea_was_when_it_was_recorded(full: Database) -> None:
    for (idea_id,) in full.rows("SELECT idea_id FROM idea"):
        rows = pipeline.history(full, idea_id)
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        assert rows[0].from_stage is None
        for row in rows[1:]:
            staged = [r for r in ledger.effective(rows[: row.seq - 1]) if r.stage_id]
            assert row.from_stage == staged[-1].stage_id


def test_nothing_is_recorded_before_it_happened_or_in_the_future(full: Database) -> None:
    early, late = full.one(
        "SELECT min(recorded_at - occurred_at) >= INTERVAL 0 SECOND, max(recorded_at) FROM ledger"
    ) or (None, None)
    assert early
    assert late <= clock.now()
    for table in ("comment", "mentoring", "gate_mark", "idea_edit", "role_change"):
        assert full.value(f"SELECT max(recorded_at) FROM {table}") <= clock.now()


def test_rows_are_recorded_in_the_order_of_their_numbers(full: Database) -> None:
    for table, number in (
        ("ledger", "seq"), ("gate_mark", "seq"), ("mentoring", "seq"), ("idea_edit", "version"),
    ):  # fmt: skip
        assert not full.value(
            f"""
            SELECT count(*) FROM {table} AS a JOIN {table} AS b USING (idea_id)
            WHERE a.{number} < b.{number} AND a.recorded_at > b.recorded_at
            """
        )


def test_some_rows_are_back_dated_and_some_times_estimated(full: Database) -> None:
    share, estimated = full.one(
        """
        SELECT avg((recorded_at - occurred_at > INTERVAL 1 DAY)::INT),
               count(*) FILTER (timing = 'estimated')
        FROM ledger
        """
    ) or (0, 0)
    assert 0.03 < share < 0.2
    assert estimated


def test_everything_that_can_happen_happens(full: Database) -> None:
    happened = {kind for (kind,) in full.rows("SELECT DISTINCT kind FROM ledger")}
    assert happened == set(Kind)
    journey = journeys.get(full, "student-startup")
    somewhere = dict(
        full.rows(
            """
            SELECT stage_id, count(*) FROM idea
            WHERE journey_id = 'student-startup' AND exit_id IS NULL GROUP BY stage_id
            """
        )
    )
    assert set(somewhere) == {stage.id for stage in journey.stages}
    gone = {kind for (kind,) in full.rows("SELECT DISTINCT exit_kind FROM idea")}
    assert gone == {None, *(way.kind for way in journey.exits)}
    assert full.value("SELECT count(*) FROM ledger WHERE from_stage IS NOT NULL AND reason IN "
                      "('not_ready', 'new_facts', 'new_direction') AND kind = 'move'")  # fmt: skip


def test_fewer_and_fewer_get_further(full: Database) -> None:
    reached = [
        full.value(
            "SELECT count(*) FROM idea WHERE journey_id = 'student-startup' AND furthest >= ?",
            [position],
        )
        for position in range(7)
    ]
    assert reached == sorted(reached, reverse=True)
    assert 0.65 < reached[1] / reached[0] < 0.95
    assert 0.03 < reached[6] / reached[0] < 0.25


def test_more_ideas_come_early_in_the_semesters(tmp_path: Path) -> None:
    many = filled(tmp_path / "many.duckdb", 3_000)
    by_month = dict(many.rows("SELECT month(first_at), count(*) FROM idea GROUP BY ALL"))
    busy = [by_month[month] for month in (1, 2, 9, 10)]
    assert min(busy) > 2 * max(by_month[month] for month in (6, 7, 12))


def test_it_looks_alive_today(full: Database) -> None:
    late, held, new, requested, published, unmentored = (
        full.one(
            """
        SELECT count(*) FILTER (days_between > s.expected_days),
               count(*) FILTER (i.held_at IS NOT NULL),
               count(*) FILTER (i.last_seq = 1),
               count(*) FILTER (i.publication = 'requested'),
               count(*) FILTER (i.publication = 'published'),
               count(*) FILTER (i.idea_id NOT IN (SELECT idea_id FROM mentor_of))
        FROM (SELECT *, earlier_days + epoch($now - stage_at) / 86400 AS days_between
              FROM idea WHERE exit_id IS NULL) AS i
        JOIN stage AS s ON s.journey_id = i.journey_id AND s.stage_id = i.stage_id
        """,
            {"now": clock.now()},
        )
        or ()
    )
    assert min(late, held, new, requested, published, unmentored) > 0
    waits = dict(full.rows("SELECT ball, count(*) FROM idea WHERE exit_id IS NULL GROUP BY ball"))
    assert min(waits["student"], waits["mentor"]) > 5
    assert (clock.now() - full.value("SELECT max(recorded_at) FROM ledger")).days < 4


def test_both_journeys_are_travelled(full: Database) -> None:
    ideas = dict(full.rows("SELECT journey_id, count(*) FROM idea GROUP BY journey_id"))
    assert 3 <= ideas["one-office"] < 25 < ideas["student-startup"]


def test_one_journey_alone_is_travelled_when_asked(tmp_path: Path) -> None:
    one = filled(tmp_path / "one.duckdb", 50, journey_id="one-office")
    assert one.rows("SELECT DISTINCT journey_id FROM idea") == [("one-office",)]


def test_an_unknown_journey_is_refused_and_nothing_written(db: Database) -> None:
    with pytest.raises(NotFound):
        demo.fill(db, ideas=3, seed=1, journey_id="nowhere")
    assert db.value("SELECT count(*) FROM person") == 0


def test_a_database_with_ideas_is_left_alone(db: Database) -> None:
    demo.fill(db, ideas=2, seed=1)
    with pytest.raises(Invalid, match="empty"):
        demo.fill(db, ideas=2, seed=2)
    assert db.value("SELECT count(*) FROM idea") == 2


def test_a_negative_number_is_refused(db: Database) -> None:
    with pytest.raises(Invalid, match="negative"):
        demo.fill(db, ideas=-1, seed=1)


def test_the_database_says_that_it_is_a_demonstration_and_the_audit_who_made_it(
    db: Database,
) -> None:
    demo.fill(db, ideas=3, seed=1)
    assert db.rows("SELECT name, value FROM fact WHERE name = 'origin'") == [("origin", "demo")]
    assert db.rows("SELECT action, subject FROM audit WHERE subject = 'demo'") == [
        ("exchange.import", "demo")
    ]


def test_there_are_meetings_behind_and_ahead(full: Database) -> None:
    behind, ahead = full.one(
        "SELECT count(*) FILTER (starts_at < $now), count(*) FILTER (starts_at > $now) "
        "FROM meeting",
        {"now": clock.now()},
    ) or (0, 0)
    assert min(behind, ahead) >= 1


def test_every_sub_project_has_held_meetings_and_has_one_to_come(full: Database) -> None:
    found = full.rows(
        """
        SELECT subproject_id, count(*) FILTER (closed_at IS NOT NULL),
               count(*) FILTER (starts_at > $now)
        FROM meeting GROUP BY subproject_id
        """,
        {"now": clock.now()},
    )
    assert {one for one, _held, _ahead in found} == {
        one.id for one in subprojects.current(clock.today())
    }
    assert all(held >= 3 and ahead >= 1 for _one, held, ahead in found)
    assert not full.value("SELECT count(*) FROM meeting WHERE closed_at > ?", [clock.now()])


def test_meetings_led_to_what_a_screen_has_to_show(full: Database) -> None:
    outcome = full.frame(f"FROM resolution JOIN ({receipts.OUTCOME}) USING (resolution_id)")
    actions = outcome[outcome["kind"] == "action"]
    today = pd.Timestamp(clock.today())
    assert actions["done_at"].notna().sum() >= 2
    waiting = actions[actions["done_at"].isna()]
    assert (waiting["due"] < today).any()
    assert (waiting["due"] > today).any()
    decisions = outcome[outcome["kind"] == "decision"]
    assert decisions["carried_seq"].notna().sum() >= 2
    assert decisions["superseded_by"].notna().any()
    assert decisions["published_at"].isna().any()
    assert set(decisions["resolution_id"]) >= set(decisions["superseded_by"].dropna())


def test_a_persona_has_a_receipt_and_another_an_action(full: Database) -> None:
    student, member = (
        people.actor_of(full, full.value("SELECT person_id FROM person WHERE subject = ?", [one]))
        for one in ("demo:student-bsc", "demo:member-tax")
    )
    ideas_of = full.rows("SELECT idea_id FROM team_of WHERE person_id = ?", [student.person_id])
    assert any(receipts.of_idea(full, student, idea_id) for (idea_id,) in ideas_of)
    assert receipts.own_actions(full, member)


def test_the_next_meeting_opens_with_a_bridge_and_an_agenda(full: Database) -> None:
    meeting = next(
        one for one in meetings.upcoming(full, OPERATOR) if one.journey_id == "student-startup"
    )
    assert agenda.items(full, OPERATOR, meeting.meeting_id)
    assert agenda.proposed(full, OPERATOR, meeting.meeting_id)
    choice = Choice("student-startup")
    earlier = freezes.before(full, OPERATOR, meeting.meeting_id, choice)
    assert earlier is not None
    assert freezes.before(full, OPERATOR, earlier.meeting_id, choice) is not None
    for kind in freezes.REVIEWED:
        assert frozen.numbers(full, OPERATOR, kind, earlier.choice) == earlier.numbers[kind]
    drawn = freezes.bridge(full, OPERATOR, earlier, choice)
    assert drawn.opening + sum(one.sign * one.n for one in drawn.lines) == drawn.closing


def test_nobody_is_real_and_nobody_is_two(full: Database) -> None:
    people = full.rows("SELECT name, subject, email FROM person")
    assert all(subject.startswith("demo:") for _, subject, _ in people)
    assert all(email.endswith(".example") and email.isascii() for _, _, email in people)
    assert len({subject for _, subject, _ in people}) == len(people)
    assert len({email for _, _, email in people}) == len(people)
    assert all(len(name) <= LIMITS["name"] for name, _, _ in people)


def test_each_persona_is_somebody_with_one_role(full: Database) -> None:
    assert len({persona.slug for persona in PERSONAS}) == len(PERSONAS)
    assert len({persona.name for persona in PERSONAS}) == len(PERSONAS)
    for persona in PERSONAS:
        assert full.rows(
            """
            SELECT p.name, p.email, p.level, p.agency_id, r.role
            FROM person AS p JOIN current_role_of AS r USING (person_id) WHERE p.subject = ?
            """,
            [persona.subject],
        ) == [(persona.name, persona.email, persona.level, persona.agency_id, persona.role.value)]


def test_members_come_from_agencies_that_are_known(full: Database) -> None:
    known = {agency for (agency,) in full.rows("SELECT agency_id FROM agency")}
    named = {
        agency
        for (agency,) in full.rows("SELECT agency_id FROM person WHERE agency_id IS NOT NULL")
    }
    asked = {
        agency
        for (agencies,) in full.rows("SELECT agencies FROM idea")
        for agency in agencies.split()
    }
    assert named <= known
    assert asked <= known
    assert asked


def test_student_personas_have_ideas_in_different_stages_and_one_to_answer_now(
    full: Database,
) -> None:
    for persona in PERSONAS:
        if persona.role is Role.STUDENT:
            ideas = full.rows(
                """
                SELECT i.stage_id, coalesce(i.exit_id, ''), i.ball, i.held_at
                FROM idea AS i JOIN person AS p ON p.person_id = i.submitted_by
                WHERE p.subject = ?
                """,
                [persona.subject],
            )
            assert 2 <= len(ideas) <= 3
            assert len({(stage, gone) for stage, gone, _, _ in ideas}) == len(ideas)
            assert any(
                ball == "student" and not gone and held is None for _, gone, ball, held in ideas
            )


def test_mentor_personas_have_ideas_and_a_queue(full: Database) -> None:
    for persona in PERSONAS:
        if persona.role is Role.MENTOR:
            open_ideas, queue = full.one(
                """
                SELECT count(*), count(*) FILTER (i.ball = 'mentor')
                FROM mentor_of AS m JOIN idea AS i USING (idea_id)
                JOIN person AS p ON p.person_id = m.mentor_id
                WHERE p.subject = ? AND i.exit_id IS NULL
                """,
                [persona.subject],
            ) or (0, 0)
            assert open_ideas >= 6
            assert queue >= 1


def test_only_mentors_and_leads_act_for_mentors(full: Database) -> None:
    assert not full.value(
        """
        SELECT count(*) FROM ledger AS l JOIN idea AS i USING (idea_id)
        WHERE l.actor_id <> i.submitted_by AND l.actor_id NOT IN
            (SELECT person_id FROM current_role_of WHERE role IN ('mentor', 'lead'))
        """
    )


def test_a_merged_idea_names_one_that_was_still_there(full: Database) -> None:
    merged = full.rows(
        """
        SELECT i.journey_id = o.journey_id, o.exit_at IS NULL OR o.exit_at > i.exit_at,
               o.first_at <= i.exit_at
        FROM idea AS i LEFT JOIN idea AS o ON o.idea_id = i.merged_into
        WHERE i.exit_kind = 'merged'
        """
    )
    assert merged
    assert set(merged) == {(True, True, True)}


def test_reasons_are_from_the_lists_and_other_says_what(full: Database) -> None:
    codes = {code for occasion in Occasion for code in REASONS[occasion]}
    used = full.rows("SELECT reason, note, kind FROM ledger WHERE reason IS NOT NULL")
    assert {reason for reason, _, _ in used} <= codes
    assert all(note for reason, note, _ in used if reason == OTHER)
    assert not full.value(
        "SELECT count(*) FROM ledger WHERE kind IN ('hold', 'exit', 'reopen', 'void') "
        "AND reason IS NULL"
    )


def test_an_idea_passed_every_gate_of_the_stage_it_left_forward(full: Database) -> None:
    for journey in journeys.all_journeys(full):
        for level in (None, "BSc", "MSc", "PhD"):
            first, second = journey.for_level(level).stages[:2]
            passed = full.rows(
                """
                SELECT i.idea_id, list(g.gate_id) FILTER (g.outcome IN ('met', 'waived'))
                FROM idea AS i LEFT JOIN gate_mark AS g
                    ON g.idea_id = i.idea_id AND g.stage_id = ?
                WHERE i.journey_id = ? AND i.level IS NOT DISTINCT FROM ? AND i.stage_id = ?
                GROUP BY i.idea_id
                """,
                [first.id, journey.id, level, second.id],
            )
            for _, gates in passed:
                assert {gate.id for gate in first.gates} <= set(gates or [])


def test_a_waived_gate_says_why(full: Database) -> None:
    assert not full.value(
        "SELECT count(*) FROM gate_mark WHERE outcome = 'waived' AND note IS NULL"
    )


def test_what_an_idea_says_now_is_what_its_last_edit_says(full: Database) -> None:
    for field in ("title", "solution", "audience", "publication", "public_text"):
        last = full.rows(
            f"""
            SELECT i.{field}, arg_max(e.after, e.version)
            FROM idea_edit AS e JOIN idea AS i USING (idea_id)
            WHERE e.field = ? GROUP BY i.idea_id, i.{field}
            """,
            [field],
        )
        assert last
        assert all(now == edited for now, edited in last)


def test_only_ideas_with_a_public_text_are_published(full: Database) -> None:
    assert not full.value(
        "SELECT count(*) FROM idea WHERE (publication = 'private') <> (public_text = '')"
    )


def test_texts_keep_to_the_limits_and_leave_no_gaps(full: Database) -> None:
    columns = ("title", "problem", "solution", "audience", "needs", "public_text")
    for row in full.rows(f"SELECT {', '.join(columns)} FROM idea"):
        for text, field in zip(row, columns, strict=True):
            assert problem_with(text, field) is None
            assert text == " ".join(text.split())
            assert "{" not in text
        assert all(row[:4])


def test_the_ideas_look_different(full: Database) -> None:
    titles = Counter(title for (title,) in full.rows("SELECT title FROM idea"))
    assert len(titles) > 0.99 * titles.total()
    problems = Counter(problem for (problem,) in full.rows("SELECT problem FROM idea"))
    assert len(problems) > 0.85 * problems.total()
    themes = {theme for (theme,) in full.rows("SELECT DISTINCT theme FROM idea")}
    assert themes == set(THEMES)


def test_every_matter_follows_the_law_and_stays_within_the_life_of_its_idea(
    full: Database,
) -> None:
    ideas = full.rows(
        "SELECT idea_id, first_at, coalesce(exit_at, $now) FROM idea", {"now": clock.now()}
    )
    for idea_id, first, last in ideas:
        for one in standing.matters(full, idea_id):
            matter.replay(one.events)
            assert all(first <= event.occurred_at <= last for event in one.events)
            assert [event.seq for event in one.events] == list(range(1, len(one.events) + 1))
            recorded = [event.recorded_at for event in one.events]
            assert recorded == sorted(recorded)
            assert recorded[-1] <= clock.now()
            assert all(event.occurred_at <= event.recorded_at for event in one.events)


def test_everything_that_can_happen_in_a_matter_happens(tmp_path: Path) -> None:
    many = filled(tmp_path / "many.duckdb", 600)
    happened = {kind for (kind,) in many.rows("SELECT DISTINCT kind FROM touchpoint_event")}
    assert happened == set(matter.Kind)
    states = {state for (state,) in many.rows("SELECT DISTINCT state FROM touchpoint")}
    assert states == set(matter.State)
    decided = many.rows("SELECT DISTINCT outcome FROM touchpoint WHERE outcome IS NOT NULL")
    assert {outcome for (outcome,) in decided} == set(matter.Outcome)
    assert 2.5 < many.value("SELECT count(*) FROM touchpoint") / 600 < 3.6


def test_agencies_take_different_times_and_some_have_the_ball(full: Database) -> None:
    days = full.rows(
        "SELECT agency_id, median(agency_days) FROM touchpoint WHERE outcome IS NOT NULL "
        "GROUP BY agency_id"
    )
    medians = [median for _agency, median in days]
    assert max(medians) > 2 * min(medians)
    assert (
        5 < full.value("SELECT count(*) FROM idea WHERE ball = 'agency' AND exit_id IS NULL") < 60
    )


def test_contact_people_are_nobodys_and_some_have_left(full: Database) -> None:
    people = full.rows("SELECT agency_id, email, valid_to FROM contact")
    assert {agency for agency, _, _ in people} == {
        agency for (agency,) in full.rows("SELECT agency_id FROM agency")
    }
    assert all(email == email.lower() and email.endswith(".example") for _, email, _ in people)
    left = [day for _, _, day in people if day is not None]
    assert 0 < len(left) < len(people) / 2
    assert all(day < clock.today() for day in left)
    assert not full.value(
        """
        SELECT count(*) FROM touchpoint AS t JOIN contact AS c ON c.contact_id = t.contact_id
        WHERE c.agency_id <> t.agency_id OR t.opened_at::DATE < c.valid_from
        """
    )


def test_some_barriers_are_met_by_three_ideas_or_more(full: Database) -> None:
    met = full.rows(
        """
        SELECT count(DISTINCT t.idea_id) FROM touchpoint AS t
        JOIN barrier AS b ON b.barrier_id = t.barrier_id AND b.agency_id = t.agency_id
        GROUP BY b.barrier_id
        """
    )
    assert sum(ideas >= 3 for (ideas,) in met) >= 2
    assert full.value("SELECT count(*) FROM barrier WHERE answer <> ''")


def test_a_student_waits_for_the_agency_whose_member_has_matters_to_look_at(
    full: Database,
) -> None:
    assert full.value(
        """
        SELECT count(*) FROM idea AS i JOIN person AS p ON p.person_id = i.submitted_by
        WHERE p.subject = 'demo:student-msc' AND i.ball = 'agency'
          AND i.ball_agencies = 'skatteetaten' AND i.exit_id IS NULL
        """
    )
    assert full.value("SELECT count(*) FROM touchpoint WHERE agency_id = 'skatteetaten' "
                      "AND state = 'agency'") >= 3  # fmt: skip


def test_a_matter_is_about_a_purpose_of_the_catalogue_or_says_what_it_is_about(
    full: Database,
) -> None:
    for agency_id, purpose_id, title in full.rows(
        "SELECT DISTINCT agency_id, purpose_id, title FROM touchpoint"
    ):
        purpose = purposes.find(purpose_id)
        assert purpose.agency_id == agency_id if purpose else title
        assert problem_with(title, "title") is None


def test_companies_have_numbers_that_no_company_has(full: Database) -> None:
    numbers = [number for (number,) in full.rows("SELECT orgnr FROM company")]
    assert len(set(numbers)) == len(numbers) > 0
    assert all(number.startswith("3") and orgnr.checked(number) == number for number in numbers)
    assert not full.value(
        "SELECT count(*) FROM company AS c WHERE NOT EXISTS (FROM ledger AS l "
        "WHERE l.idea_id = c.idea_id AND l.stage_id IN ('first-sale', 'growth'))"
    )
    assert not full.value(
        """
        SELECT count(*) FROM company_reading AS r JOIN company AS c USING (orgnr)
        WHERE r.read_at < c.recorded_at OR r.registered_on > r.read_at::DATE
           OR r.deleted_on > r.read_at::DATE
        """
    )


def test_some_companies_are_gone(tmp_path: Path) -> None:
    many = filled(tmp_path / "many.duckdb", 900)
    readings = many.rows("SELECT DISTINCT outcome FROM company_reading ORDER BY ALL")
    assert readings == [("deleted",), ("found",)]


def test_needs_are_known_and_said_by_some_teams(full: Database) -> None:
    said = {need for (need,) in full.rows("SELECT DISTINCT need FROM need_mark")}
    assert said == set(NEEDS)
    ideas = full.value("SELECT count(*) FROM idea WHERE journey_id = 'student-startup'")
    assert 0.3 < full.value("SELECT count(DISTINCT idea_id) FROM need_mark") / ideas < 0.8


def test_personas_are_told_of_their_own_ideas_and_some_of_it_is_unread(full: Database) -> None:
    told = full.rows("SELECT DISTINCT person_id, idea_id FROM notice WHERE idea_id IS NOT NULL")
    concerned = set(full.rows("SELECT person_id, idea_id FROM team_of"))
    concerned |= set(full.rows("SELECT mentor_id, idea_id FROM mentor_of"))
    assert told
    assert set(told) <= concerned
    kinds = {kind for (kind,) in full.rows("SELECT DISTINCT kind FROM notice")}
    assert {"ball", "move"} <= kinds <= {kind.value for kind in Notice}
    unread = full.value("SELECT count(*) FROM notice WHERE read_at IS NULL")
    assert 0 < unread < full.value("SELECT count(*) FROM notice")


@pytest.mark.parametrize("month", [1, 5, 6, 7, 9, 12])
def test_on_any_day_those_who_work_still_study(db, month):
    with time_machine.travel(datetime(2027, month, 16, 9, 0, tzinfo=UTC), tick=False):
        demo.fill(db, ideas=120, seed=month)
        today = clock.today()
        assert integrity.check(db) == []
        working = db.rows(
            "SELECT graduation FROM application WHERE started_on IS NOT NULL AND ended_on IS NULL"
        )
        assert working
        assert all(graduation > today for (graduation,) in working)
        assert not db.value(
            "SELECT count(*) FROM application WHERE graduation < started_on "
            "OR graduation < ended_on OR graduation <= received_at::DATE"
        )
        too_early = """
            SELECT count(*) FROM application_event AS e JOIN application AS a USING (application_id)
            WHERE e.reason = 'graduated' AND a.graduation > e.occurred_at::DATE
        """
        assert not db.value(too_early)
