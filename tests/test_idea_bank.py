"""Finding ideas: search, filters, queues, and what is alike."""

from datetime import timedelta

import duckdb
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from sandkasse import board, clock, idea_bank, ideas, mentoring, pipeline, search
from sandkasse.errors import Invalid
from sandkasse.idea_bank import Filter, Sort
from sandkasse.ledger import Party
from tests.builders import JOURNEY, submitted


def titles(db, who, **wanted):
    """The titles that a search finds, in its order."""
    return [idea.title for idea in idea_bank.find(db, who, Filter(**wanted)).rows]


@pytest.mark.parametrize(
    ("written", "sought", "found"),
    [
        ("Måling av sjøis", "MÅLING", True),
        ("Måling av sjøis", "maling", False),
        ("Smørbrød på nett", "smörbröd", True),
        ("Café i fjellet", "cafe", True),
        ("Sámi giella", "sami", True),
        ("Čáhci ja ŋuovva", "cahci nuovva", True),
        ("Rail and harbour", "harbour rail", True),
        ("Rail and harbour", "harbour ship", False),
    ],
)
def test_search_folds_case_and_accents_but_not_norwegian_letters(db, cast, written, sought, found):
    submitted(db, cast.student, title=written, problem="-", solution="", audience="")
    assert bool(titles(db, cast.mentor, search=sought)) is found


def test_each_sees_what_is_theirs_to_see(db, cast):
    submitted(db, cast.student, title="Mine")
    submitted(db, cast.stranger, title="Not mine")
    assert titles(db, cast.student) == ["Mine"]
    assert set(titles(db, cast.mentor)) == {"Mine", "Not mine"}
    assert titles(db, cast.member) == []


def test_filters_narrow_the_list(db, cast):
    submitted(db, cast.student, title="Ocean", theme="ocean", level="BSc")
    submitted(db, cast.student, title="Space", theme="space", level="PhD")
    assert titles(db, cast.mentor, theme="space") == ["Space"]
    assert titles(db, cast.mentor, level="BSc") == ["Ocean"]
    assert titles(db, cast.mentor, stage_id="left") == []
    assert titles(db, cast.mentor, journey_id="one-office") == []


def test_pages_and_order_cover_every_idea_once(db, cast):
    for n in range(45):
        submitted(db, cast.student, title=f"Idea {n:02}")
    seen = []
    for page in (1, 2, 3):
        found = idea_bank.find(db, cast.mentor, Filter(sort=Sort.TITLE), page)
        assert found.total == 45
        seen += [idea.title for idea in found.rows]
    assert seen == [f"Idea {n:02}" for n in range(45)]


def test_what_waits_for_me_follows_the_ball(db, cast):
    idea_id = submitted(db, cast.student, title="Ping")
    assert titles(db, cast.mentor, waiting_for_me=True) == ["Ping"]
    assert titles(db, cast.student, waiting_for_me=True) == []
    pipeline.hand_over(db, cast.mentor, idea_id, to=Party.STUDENT, expected_seq=1)
    assert titles(db, cast.mentor, waiting_for_me=True) == []
    assert titles(db, cast.student, waiting_for_me=True) == ["Ping"]


def test_what_is_with_the_project_waits_for_a_lead_and_no_mentor(db, cast):
    idea_id = submitted(db, cast.student, title="Big")
    pipeline.hand_over(db, cast.mentor, idea_id, to=Party.PROJECT, expected_seq=1)
    assert titles(db, cast.lead, waiting_for_me=True) == ["Big"]
    assert titles(db, cast.mentor, waiting_for_me=True) == []


def test_an_idea_with_a_mentor_waits_for_that_mentor_only(db, cast):
    mentoring.take(db, cast.mentor, submitted(db, cast.student, title="Taken"))
    assert titles(db, cast.mentor, waiting_for_me=True) == ["Taken"]
    assert titles(db, cast.other_mentor, waiting_for_me=True) == []


def test_similar_ideas_are_those_one_may_see(db, cast):
    submitted(db, cast.student)
    title, problem = "Harbour ice sensors", "Nobody knows how thick the ice at the quays is."
    assert len(idea_bank.similar(db, cast.mentor, title, problem)) == 1
    assert idea_bank.similar(db, cast.stranger, title, problem) == []
    assert idea_bank.similar(db, cast.mentor, "Bread by post", "Bakers lack customers.") == []


def test_mentors_share_and_hand_over(db, cast):
    idea_id = submitted(db, cast.student)
    mentoring.take(db, cast.mentor, idea_id)
    mentoring.hand_over(db, cast.mentor, idea_id, cast.other_mentor.person_id)
    assert mentoring.mentors_of(db, [idea_id]) == {
        idea_id: [(cast.other_mentor.person_id, "Odd Mentor")]
    }
    with pytest.raises(Invalid):
        mentoring.leave(db, cast.mentor, idea_id)
    with pytest.raises(Invalid):
        mentoring.share(db, cast.lead, idea_id, cast.student.person_id)
    loads = {load.name: load.open for load in mentoring.loads(db, cast.lead)}
    assert loads == {"Odd Mentor": 1, "Mari Mentor": 0}


def test_the_board_counts_all_and_shows_a_page(db, cast):
    for n in range(11):
        submitted(db, cast.student, title=f"Idea {n}")
    first, second = (
        board.columns(db, cast.mentor, board.Filter(JOURNEY), [("idea-bank", page)])[0]
        for page in (1, 2)
    )
    assert (first.total, len(first.cards), len(second.cards)) == (11, 8, 3)
    assert {card.idea_id for card in first.cards}.isdisjoint(card.idea_id for card in second.cards)


def test_the_board_filters_by_mentor_and_by_none(db, cast):
    mine, free = submitted(db, cast.student), submitted(db, cast.student)
    mentoring.take(db, cast.mentor, mine)

    def shown(mentor_id):
        columns = board.columns(db, cast.lead, board.Filter(JOURNEY, mentor_id=mentor_id))
        return [card.idea_id for column in columns for card in column.cards]

    assert shown(cast.mentor.person_id) == [mine]
    assert shown(0) == [free]
    assert sorted(shown(None)) == [mine, free]


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert search.fold(search.fold(text)) == search.fold(text)


@given(st.text(max_size=60))
def test_a_text_is_found_by_itself_in_capitals(text):
    assert search.fold(text.upper()) == search.fold(text.upper().lower())


def test_the_expected_time_is_that_of_the_level_everywhere(db, cast):
    """Clarification: 60 days for a PhD, 21 in general (the student founder journey)."""
    phd, msc = submitted(db, cast.student, level="PhD"), submitted(db, cast.student, level="BSc")
    ages = {phd: 40, msc: 40}
    with db.transaction() as tx:
        for idea_id, days in ages.items():
            tx.execute(
                "UPDATE idea SET stage_id = 'clarification', stage_at = ? WHERE idea_id = ?",
                [clock.now() - timedelta(days=days), idea_id],
            )
    late = idea_bank.find(db, cast.mentor, Filter(overdue=True)).rows
    assert [(idea.idea_id, idea.expected_days) for idea in late] == [(msc, 21)]
    columns = board.columns(db, cast.mentor, board.Filter(JOURNEY))
    cards = {card.idea_id: card for column in columns for card in column.cards}
    assert (cards[phd].expected_days, cards[phd].overdue) == (60, False)
    assert (cards[msc].expected_days, cards[msc].overdue) == (21, True)
    only_late = board.columns(db, cast.mentor, board.Filter(JOURNEY, overdue=True))
    assert [card.idea_id for column in only_late for card in column.cards] == [msc]


def _published(db, cast, **said):
    idea_id = submitted(db, cast.student, **said)
    ideas.ask_to_publish(db, cast.student, idea_id, "Måler isen på kaia. Straße.")
    ideas.decide_publication(db, cast.mentor, idea_id, approved=True)
    return idea_id


def test_a_search_does_not_tell_what_is_not_published(db, cast):
    _published(db, cast, title="Ice", problem="Secretword in the problem", audience="hiddenones")
    for who in (cast.stranger, cast.member):
        assert titles(db, who, search="secretword") == []
        assert titles(db, who, search="hiddenones") == []
        assert titles(db, who, search="MÅLER kaia ice strasse") == ["Ice"]
        assert titles(db, who, search="maler") == []
    for who in (cast.student, cast.mentor, cast.lead):
        assert titles(db, who, search="secretword") == ["Ice"]


def test_likeness_does_not_tell_what_is_not_published(db, cast):
    _published(db, cast, title="Thing", problem="Mackerel swimming through turbulent channels")
    words = ("Another", "Mackerel swimming through turbulent channels")
    assert idea_bank.similar(db, cast.stranger, *words) == []
    assert [one.title for one in idea_bank.similar(db, cast.mentor, *words)] == ["Thing"]


def test_filters_do_not_tell_how_an_unshared_idea_stands(db, cast):
    _published(db, cast, title="Ice")
    assert titles(db, cast.mentor, unmentored=True) == ["Ice"]
    assert titles(db, cast.stranger, unmentored=True) == []
    with time_machine.travel(clock.now() + timedelta(days=900), tick=False):
        assert titles(db, cast.mentor, overdue=True) == ["Ice"]
        assert titles(db, cast.stranger, overdue=True) == []
    (seen,) = idea_bank.find(db, cast.stranger, Filter()).rows
    assert (seen.first_at, seen.ball, seen.ball_at, seen.whole) == (None, "", None, False)


@given(st.text(alphabet="aåAÅæøÆØäöÄÖéÉèüßþđŋŧčšáñ KLMz0-.", max_size=30))
def test_the_database_folds_as_the_search_does(text):
    with duckdb.connect() as connection:
        sql = f"SELECT {search.folded('?')}"
        ((folded_there,),) = connection.execute(sql, [text]).fetchall()
    assert " ".join(folded_there.split()) == search.fold(text)
