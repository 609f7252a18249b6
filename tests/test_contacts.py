"""Contact people: written, changed, found, and gone."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandkasse import clock, contacts
from sandkasse.contacts import Card, Filter
from sandkasse.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from tests.builders import CARD, contact, submitted

TODAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


def found(db, who, search="", **choices) -> list[str]:
    """The names that a search finds."""
    return [one.card.name for one in contacts.find(db, who, Filter(search, **choices)).rows]


# adding


def test_a_lead_adds_a_contact_person_whom_everybody_finds(db, cast):
    contact_id = contact(db, cast.lead)
    for who in (cast.student, cast.mentor, cast.member, cast.lead):
        (one,) = contacts.find(db, who, Filter()).rows
        assert (one.contact_id, one.agency_id, one.version) == (contact_id, "skatteetaten", 1)
        assert one.card == replace(CARD, phone="+4722222222")


def test_a_member_adds_one_to_the_own_agency_and_to_no_other(db, cast):
    contact(db, cast.member, "skatteetaten")
    with pytest.raises(NotAllowed):
        contact(db, cast.member, "nav")
    assert len(contacts.find(db, cast.lead, Filter()).rows) == 1


@pytest.mark.parametrize("who", ["student", "mentor", "nobody"])
def test_others_add_nobody(db, cast, who):
    with pytest.raises(NotAllowed):
        contact(db, getattr(cast, who))


def test_nobody_without_a_role_reads_the_directory(db, cast):
    contact_id = contact(db, cast.lead)
    for read in (
        lambda: contacts.find(db, cast.nobody, Filter()),
        lambda: contacts.get(db, cast.nobody, contact_id),
        lambda: contacts.depending(db, cast.nobody, [contact_id]),
    ):
        with pytest.raises(NotAllowed):
            read()


def test_an_agency_that_is_not_in_the_list_is_refused(db, cast):
    with pytest.raises(Invalid, match="Choose an agency"):
        contact(db, cast.lead, "the-moon")


@pytest.mark.parametrize(
    ("faulty", "field", "said"),
    [
        ({"name": "  "}, "name", "Write the name"),
        ({"name": "Kari\nNordmann"}, "name", "in one line"),
        ({"title": "x" * 121}, "title", "at most 120"),
        ({"phone": "call me"}, "phone", "no such phone number"),
        ({"phone": "12345"}, "phone", "no such phone number"),
        ({"email": "kari at skatteetaten"}, "email", "whole e-mail address"),
        ({"phone": "", "email": ""}, "phone", "a phone number or an e-mail"),
        ({"subject": "a\u202eb"}, "subject", "writing direction"),
        ({"valid_from": date(2026, 5, 2), "valid_to": date(2026, 5, 1)}, "valid_to", "before"),
    ],
)
def test_a_faulty_field_is_named_and_nothing_is_written(db, cast, faulty, field, said):
    with pytest.raises(InvalidFields) as refused:
        contact(db, cast.lead, **faulty)
    assert list(refused.value.problems) == [field]
    assert said in refused.value.problems[field]
    assert db.value("SELECT count(*) FROM contact") == 0


def test_all_faults_are_told_at_once(db, cast):
    with pytest.raises(InvalidFields) as refused:
        contact(db, cast.lead, name="", phone="x", email="y")
    assert set(refused.value.problems) == {"name", "phone", "email"}


# changing


def test_what_a_field_said_before_is_kept_with_who_changed_it(db, cast):
    contact_id = contact(db, cast.lead)
    contacts.change(db, cast.member, contact_id, replace(CARD, title="Head of section"), 1)
    latest, *first = contacts.history(db, cast.lead, contact_id)
    assert (latest.version, latest.field, latest.before, latest.after, latest.actor) == (
        2, "title", "Senior adviser", "Head of section", "Mona Member",
    )  # fmt: skip
    assert latest.recorded_at == TODAY
    assert {one.field for one in first} == {"name", "title", "phone", "email", "subject"}
    assert {(one.version, one.before, one.actor) for one in first} == {(1, None, "Lars Lead")}


def test_nothing_changed_writes_nothing(db, cast):
    contact_id = contact(db, cast.lead)
    before = db.version
    contacts.change(db, cast.lead, contact_id, replace(CARD, phone="+47 22222222"), 1)
    assert db.version == before


def test_the_second_of_two_who_edit_at_once_is_told_who_was_first(db, cast):
    contact_id = contact(db, cast.lead)
    contacts.change(db, cast.member, contact_id, replace(CARD, title="Director"), 1)
    with pytest.raises(Conflict, match="Mona Member"):
        contacts.change(db, cast.lead, contact_id, replace(CARD, title="Clerk"), 1)
    assert contacts.get(db, cast.lead, contact_id).card.title == "Director"


def test_even_the_same_change_made_twice_is_a_conflict_for_the_second(db, cast):
    contact_id = contact(db, cast.lead)
    contacts.change(db, cast.member, contact_id, replace(CARD, title="Director"), 1)
    with pytest.raises(Conflict):
        contacts.change(db, cast.lead, contact_id, replace(CARD, title="Director"), 1)


def test_a_member_of_another_agency_changes_nothing_and_reads_no_history(db, cast):
    contact_id = contact(db, cast.lead, "nav")
    with pytest.raises(NotAllowed):
        contacts.change(db, cast.member, contact_id, replace(CARD, title="Director"), 1)
    with pytest.raises(NotAllowed):
        contacts.history(db, cast.member, contact_id)


def test_somebody_who_is_not_there_cannot_be_changed(db, cast):
    with pytest.raises(NotFound):
        contacts.change(db, cast.lead, 99, CARD, 1)


def test_a_write_is_audited_without_what_was_written(db, cast):
    contact_id = contact(db, cast.lead)
    assert db.rows(
        "SELECT actor_id, subject FROM audit WHERE action = 'agency.edit_directory'"
    ) == [(cast.lead.person_id, f"contact:{contact_id}")]
    assert "Kari" not in db.value("SELECT string_agg(detail, ' ') FROM audit")


# leaving


def test_somebody_who_has_left_is_found_among_those_who_left(db, cast):
    contact_id = contact(db, cast.lead)
    contacts.mark_left(db, cast.member, contact_id, date(2026, 11, 22), 1)
    assert contacts.get(db, cast.student, contact_id).left
    assert found(db, cast.student) == []
    assert found(db, cast.student, left=True) == found(db, cast.student, left=None) == [CARD.name]


def test_on_the_last_day_one_is_still_there(db, cast):
    contact_id = contact(db, cast.lead, valid_to=clock.today())
    assert not contacts.get(db, cast.lead, contact_id).left
    assert found(db, cast.lead) == [CARD.name]


def test_leaving_can_be_taken_back(db, cast):
    contact_id = contact(db, cast.lead, valid_to=date(2026, 11, 1))
    contacts.mark_left(db, cast.lead, contact_id, None, 1)
    assert found(db, cast.lead) == [CARD.name]
    assert contacts.history(db, cast.lead, contact_id)[0].before == "2026-11-01"


# what depends on somebody


def matter(db, idea_id: int, contact_id: int, state: str = "agency") -> None:
    with db.transaction() as tx:
        tx.execute(
            """
            INSERT INTO touchpoint (idea_id, agency_id, title, contact_id, created_at, last_seq,
                state, state_at, opened_at)
            VALUES (?, 'skatteetaten', 'VAT', ?, ?, 1, ?, ?, ?)
            """,
            [idea_id, contact_id, clock.now(), state, clock.now(), clock.now()],
        )


def test_ideas_with_open_matters_depend_on_the_contact_person(db, cast):
    contact_id, other = contact(db, cast.lead), contact(db, cast.lead, name="Ola Dahl")
    ice = submitted(db, cast.student, title="Ice")
    snow = submitted(db, cast.stranger, title="Snow")
    for idea_id, state in ((ice, "agency"), (ice, "student"), (snow, "prepared")):
        matter(db, idea_id, contact_id, state)
    for state in ("decided", "closed"):
        matter(db, ice, other, state)
    depend = contacts.depending(db, cast.mentor, [contact_id, other])
    assert list(depend) == [contact_id]
    assert depend[contact_id].ideas == ((ice, "Ice"), (snow, "Snow"))
    assert contacts.depending(db, cast.mentor, [contact_id], most=1)[contact_id].total == 2


def test_nobody_learns_of_ideas_out_of_reach(db, cast):
    contact_id = contact(db, cast.lead)
    ice = submitted(db, cast.student, title="Ice")
    matter(db, ice, contact_id)
    matter(db, submitted(db, cast.stranger, title="Snow"), contact_id)
    assert contacts.depending(db, cast.student, [contact_id])[contact_id].ideas == ((ice, "Ice"),)
    assert contacts.depending(db, cast.student, [contact_id])[contact_id].total == 1
    assert contacts.depending(db, cast.member, [contact_id]) == {}


# finding


@pytest.mark.parametrize(
    "search", ["ka", "nor", "KARI n", "nord kari", "vat", "senior", "kari.nordmann@skat", "tax adm"]
)
def test_the_beginning_of_a_word_is_enough(db, cast, search):
    contact(db, cast.lead)
    contact(db, cast.lead, "nav", name="Ola Dahl", title="", subject="", email="ola@nav.example")
    assert found(db, cast.student, search) == [CARD.name]


def test_the_middle_of_a_word_finds_nobody(db, cast):
    contact(db, cast.lead)
    assert found(db, cast.student, "ordmann") == []


def test_accents_and_hyphens_do_not_matter_and_norwegian_letters_do(db, cast):
    contact(db, cast.lead, name="Ánne-Máret Åsø", email="", title="", subject="")
    assert found(db, cast.student, "anne mar") == ["Ánne-Máret Åsø"]
    assert found(db, cast.student, "aso") == []


def test_those_whose_name_begins_so_come_first(db, cast):
    contact(db, cast.lead, name="Anders Karlsen", email="")
    contact(db, cast.lead, name="Kari Zahl", email="")
    assert found(db, cast.student, "kar") == ["Kari Zahl", "Anders Karlsen"]


def test_a_search_goes_with_an_agency(db, cast):
    contact(db, cast.lead, "nav", name="Kari Hansen")
    contact(db, cast.lead)
    assert found(db, cast.student, "kari", agency_id="nav") == ["Kari Hansen"]


def test_long_lists_come_in_pages(db, cast):
    for n in range(5):
        contact(db, cast.lead, name=f"Kari {n}")
    page = contacts.find(db, cast.student, Filter("kari"), page=2, size=2)
    assert [one.card.name for one in page.rows] == ["Kari 2", "Kari 3"]
    assert page.total == 5


NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn", "Cf", "Zl", "Zp")),
    min_size=1,
    max_size=40,
).filter(str.strip)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=NAMES, data=st.data())
def test_everybody_is_found_by_every_beginning_of_every_word_of_the_name(db, cast, name, data):
    contact_id = contact(db, cast.lead, name=name, valid_from=date(2026, 1, 1))
    kept = contacts.get(db, cast.lead, contact_id).card.name
    word = data.draw(st.sampled_from(kept.split()))
    beginning = word[: data.draw(st.integers(1, len(word)))]
    rows = contacts.find(db, cast.student, Filter(beginning), size=1_000).rows
    assert contact_id in {one.contact_id for one in rows}


def test_a_card_is_empty_to_begin_with():
    assert not any(vars(Card()).values())
