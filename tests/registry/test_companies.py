"""The companies that ideas became, and how many of them live on."""

import json
import socket
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandkasse import clock, registry
from sandkasse.errors import Invalid, NotAllowed, NotFound
from sandkasse.figures.statistics import wilson
from sandkasse.figures.survival import survival
from sandkasse.registry import Client, Finding
from tests.builders import submitted
from tests.registry.register import BANKRUPT, DELETED, FOUND, UNKNOWN, entity, register


@pytest.fixture
def held():
    """A register."""
    with register() as running:
        yield running


@pytest.fixture
def client(held):
    """A client of it that does not wait long."""
    with Client(held.url, timeout=0.5, pause=0.01) as asking:
        yield asking


def test_an_idea_is_joined_to_its_company_with_the_date_it_was_read(db, cast, client):
    idea_id = submitted(db, cast.student)
    registry.join(db, cast.student, idea_id, "310 000 019", client)
    reading = registry.of_idea(db, cast.mentor, idea_id)
    assert reading is not None
    assert reading.company is not None
    assert (reading.orgnr, reading.company.finding) == (FOUND, Finding.FOUND)
    assert reading.read_at is not None
    assert abs(reading.read_at - clock.now()) < timedelta(minutes=1)


@pytest.mark.parametrize("text", ["310000018", "12345", "", "ABC", UNKNOWN])
def test_a_wrong_or_unknown_number_changes_nothing(db, cast, client, text):
    idea_id = submitted(db, cast.student)
    with pytest.raises(Invalid):
        registry.join(db, cast.student, idea_id, text, client)
    assert registry.of_idea(db, cast.student, idea_id) is None


def test_a_register_out_of_reach_holds_nobody_up(db, cast):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    idea_id = submitted(db, cast.student)
    with Client(address, attempts=1) as nobody:
        registry.join(db, cast.student, idea_id, FOUND, nobody)
    reading = registry.of_idea(db, cast.student, idea_id)
    assert reading == registry.Reading(FOUND, None, None)


def test_parting_keeps_what_was_read(db, cast, client):
    idea_id = submitted(db, cast.student)
    registry.join(db, cast.student, idea_id, FOUND, client)
    registry.part(db, cast.student, idea_id)
    assert registry.of_idea(db, cast.student, idea_id) is None
    assert db.value("SELECT count(*) FROM company_reading") == 1


def test_it_checks_access_before_anything_is_asked(db, cast, client, held):
    idea_id = submitted(db, cast.student)
    with pytest.raises(NotFound):
        registry.join(db, cast.stranger, idea_id, FOUND, client)
    with pytest.raises((NotAllowed, NotFound)):
        registry.join(db, cast.member, idea_id, FOUND, client)
    assert held.asked == []


def test_a_refresh_reads_what_changed_and_goes_on_from_there(db, cast, client, held):
    for orgnr in (FOUND, BANKRUPT):
        registry.join(db, cast.student, submitted(db, cast.student, title=orgnr), orgnr, client)
    held.updates = [(10, FOUND), (11, FOUND), (12, BANKRUPT)]
    held.entities[FOUND] = held.entities[DELETED][0], {
        **entity(FOUND), "slettedato": "2026-01-01", "respons_klasse": "SlettetEnhet",
    }  # fmt: skip
    assert registry.refresh(db, client) == registry.Refreshed(2, 2, 12)
    assert registry.refresh(db, client) == registry.Refreshed(2, 0, 12)
    outcomes = db.rows(
        "SELECT outcome FROM company_reading WHERE orgnr = ? ORDER BY read_at", [FOUND]
    )
    assert outcomes == [("found",), ("deleted",)]


def test_a_company_that_was_never_read_is_read_at_the_next_refresh(db, cast, client, held):
    with db.transaction() as tx:
        tx.execute(
            "INSERT INTO company (idea_id, seq, orgnr, recorded_at) VALUES (?, 1, ?, ?)",
            [submitted(db, cast.student), FOUND, clock.now()],
        )
    assert registry.refresh(db, client).read == 1


def read(db, orgnr: str, day: datetime, registered: str, **what: object) -> None:
    """The register was read about a company on this day."""
    row = {"outcome": "found", "deleted_on": None, "bankrupt": False, **what}
    with db.transaction() as tx:
        tx.execute(
            "INSERT INTO company_reading (orgnr, read_at, outcome, registered_on, deleted_on, "
            "bankrupt) VALUES (?, ?, ?, ?, ?, ?)",
            [orgnr, day, row["outcome"], registered, row["deleted_on"], row["bankrupt"]],
        )
        if not tx.value("SELECT count(*) FROM company WHERE orgnr = ?", [orgnr]):
            tx.execute(
                "INSERT INTO company (idea_id, seq, orgnr, recorded_at) VALUES (?, 1, ?, ?)",
                [int(orgnr), orgnr, datetime(2020, 1, 1, tzinfo=UTC)],
            )


def at(year: int, month: int = 6) -> datetime:
    """The first of a month."""
    return datetime(year, month, 1, tzinfo=UTC)


def test_survival_of_a_worked_table(db, cast):
    with time_machine.travel(at(2026), tick=False):
        read(db, "1", at(2026, 5), "2024-01-01")  # lives, two years old
        read(db, "2", at(2026, 5), "2024-01-01", outcome="deleted", deleted_on="2024-07-01")
        read(db, "3", at(2026, 5), "2024-01-01", outcome="deleted", deleted_on="2025-07-01")
        read(db, "4", at(2025, 2), "2024-01-01", bankrupt=True)  # bankrupt when first read after
        read(db, "5", at(2024, 5), "2024-01-01")  # never read after its first year
        read(db, "6", at(2026, 5), "2026-01-01")  # too young
        read(db, "7", at(2025, 2), "2024-01-01", bankrupt=True)  # as the fourth, and deleted since
        read(db, "7", at(2026, 5), "2024-01-01", outcome="deleted", deleted_on="2025-07-01")
        one, three, five = survival(db, cast.lead)
    assert (one.n, one.living, one.too_young, one.unknown) == (5, 2, 1, 1)
    assert one.interval == wilson(2, 5)
    assert (three.n, three.too_young) == (0, 7)
    assert (five.n, five.interval) == (0, None)


def test_survival_as_it_was_known(db, cast):
    with time_machine.travel(at(2026), tick=False):
        read(db, "1", at(2025, 3), "2024-01-01")
        read(db, "1", at(2026, 5), "2024-01-01", outcome="deleted", deleted_on="2024-12-01")
        now = survival(db, cast.lead)[0]
        then = survival(db, cast.lead, as_of=at(2025, 4), known_at=at(2025, 4))[0]
    assert (now.living, then.living) == (0, 1)
    with pytest.raises(NotAllowed):
        survival(db, cast.student)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.integers(2018, 2025),
            st.one_of(st.none(), st.integers(0, 80)),
            st.lists(st.tuples(st.integers(0, 90), st.booleans()), min_size=1, max_size=4),
        ),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_survival_agrees_with_a_slow_count(db, cast, companies):
    with db.transaction() as tx:
        tx.execute("DELETE FROM company")
        tx.execute("DELETE FROM company_reading")
    today = at(2026)
    expected = {years: [0, 0, 0, 0] for years in (1, 3, 5)}
    with time_machine.travel(today, tick=False):
        for number, (year, deleted_after, readings) in enumerate(companies, 1):
            registered = datetime(year, 1, 1, tzinfo=UTC)
            deleted = None
            if deleted_after is not None:
                deleted = (registered + timedelta(days=30 * deleted_after)).date()
            told = []
            for months, bankrupt in sorted(readings):
                moment = min(registered + timedelta(days=30 * months, hours=number), today)
                gone = deleted is not None and deleted <= moment.date()
                told.append((moment, bankrupt, gone))
                read(
                    db, str(number), moment, registered.date().isoformat(), bankrupt=bankrupt,
                    outcome="deleted" if gone else "found",
                    deleted_on=deleted.isoformat() if gone else None,
                )  # fmt: skip
            known_deleted = deleted if any(gone for *_rest, gone in told) else None
            for years, row in expected.items():
                day = registered.replace(year=year + years).date()
                if day > today.date():
                    row[2] += 1
                    continue
                start = datetime(day.year, day.month, day.day, tzinfo=UTC)
                after = [bankrupt for moment, bankrupt, _gone in told if moment >= start]
                known = bool(after) or known_deleted is not None
                row[3] += not known
                row[0] += known
                deleted_by_then = known_deleted is not None and known_deleted <= day
                row[1] += known and not deleted_by_then and not (after and after[0])
        found = {
            one.years: [one.n, one.living, one.too_young, one.unknown]
            for one in survival(db, cast.lead)
        }
    assert found == expected, json.dumps(companies)
