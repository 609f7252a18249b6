"""Applications: applied for, answered, begun and ended, and who sees what of it."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfWriter

from sandkasse import clock, notices
from sandkasse.application import Kind, NextStep
from sandkasse.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from sandkasse.notices import Notice
from sandkasse.people import Role
from sandkasse.recruitment import applications, assessments, candidates, papers, positions
from sandkasse.recruitment.applications import Applying
from sandkasse.recruitment.assessments import CRITERIA, Mark
from tests.builders import applied, contents, person, position

HIRED = (Kind.OFFER, Kind.ACCEPTED, Kind.STARTED)


def pdf(pages: int = 1, lock: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if lock:
        writer.encrypt(lock)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_two_students_are_hired_one_ends_and_the_seat_is_filled_again(db, cast):
    opened = position(db, cast.member, seats=2)
    first = applied(db, cast.student, opened, *HIRED, by=cast.member)
    second = applied(db, cast.stranger, opened, *HIRED, by=cast.member)
    third = applied(db, cast.teammate, opened, Kind.OFFER, Kind.ACCEPTED, by=cast.member)
    seats = [applications.get(db, cast.lead, one).seat_no for one in (first, second)]
    assert seats == [1, 2]
    before = contents(db)
    with pytest.raises(Invalid, match="none of the 2 seats is free"):
        applications.record(db, cast.member, third, Kind.STARTED, expected_seq=3)
    with pytest.raises(Invalid, match="Somebody else holds seat 1"):
        applications.record(db, cast.member, third, Kind.STARTED, expected_seq=3, seat_no=1)
    assert contents(db) == before
    yesterday = clock.now() - timedelta(days=1)
    with pytest.raises(Invalid, match="not begun at that time"):
        applications.record(
            db, cast.member, first, Kind.ENDED, expected_seq=4, reason="agreed",
            occurred_at=yesterday,
        )  # fmt: skip
    assert contents(db) == before


def test_a_seat_is_free_the_day_after_the_last(db, cast):
    opened = position(db, cast.member, seats=1)
    first = applied(db, cast.student, opened, Kind.OFFER, Kind.ACCEPTED, by=cast.member)
    second = applied(db, cast.stranger, opened, Kind.OFFER, Kind.ACCEPTED, by=cast.member)
    # Applications come in now; jobs are recorded as they happen. Here the clock is moved back.
    now = clock.now()
    db_rows = "UPDATE application_event SET occurred_at = occurred_at - INTERVAL 40 DAY"
    with db.transaction() as tx:
        tx.execute(db_rows)
    begun, ended = now - timedelta(days=30), now - timedelta(days=10)
    applications.record(db, cast.member, first, Kind.STARTED, expected_seq=3, occurred_at=begun)
    applications.record(
        db, cast.member, first, Kind.ENDED, expected_seq=4, occurred_at=ended, reason="agreed"
    )
    with pytest.raises(Invalid, match="none of the"):
        applications.record(
            db, cast.member, second, Kind.STARTED, expected_seq=3, occurred_at=ended
        )
    applications.record(
        db, cast.member, second, Kind.STARTED, expected_seq=3,
        occurred_at=ended + timedelta(days=1),
    )  # fmt: skip
    with pytest.raises(Invalid, match="Somebody else holds seat 1"):
        applications.correct(db, cast.member, first, seq=5, expected_seq=5)


def test_a_start_outside_the_seats_days_is_refused(db, cast):
    today = clock.today()
    opened = positions.create(
        db, cast.member, _described(),
        positions.seats(1, today + timedelta(days=5), today + timedelta(days=50)),
    )  # fmt: skip
    positions.open_position(db, cast.member, opened, None, expected_seq=1)
    one = applied(db, cast.student, opened, Kind.OFFER, Kind.ACCEPTED, by=cast.member)
    with pytest.raises(Invalid, match="is planned from"):
        applications.record(db, cast.member, one, Kind.STARTED, expected_seq=3, seat_no=1)
    with pytest.raises(Invalid, match="no seat of that number"):
        applications.record(db, cast.member, one, Kind.STARTED, expected_seq=3, seat_no=7)


def _described():
    from tests.builders import described

    return described()


def test_the_last_day_agreed_lies_within_the_seat(db, cast):
    opened = position(db, cast.member, ahead=20)
    one = applied(db, cast.student, opened, Kind.OFFER, Kind.ACCEPTED, by=cast.member)
    for days in (-5, 21):
        with pytest.raises(Invalid) as refused:
            applications.record(
                db, cast.member, one, Kind.STARTED, expected_seq=3,
                until_on=clock.today() + timedelta(days=days),
            )  # fmt: skip
        assert refused.value.field == "until_on"


def test_one_application_at_a_time_and_an_earlier_one_is_no_block(db, cast):
    opened = position(db, cast.member)
    first = applied(db, cast.student, opened, by=cast.member)
    with pytest.raises(Invalid, match="already"):
        applied(db, cast.student, opened, by=cast.member)
    applications.record(db, cast.student, first, Kind.WITHDRAWN, expected_seq=1)
    second = applied(db, cast.student, opened, by=cast.member)
    (known,) = applications.earlier(db, cast.member, second)
    assert (known.application_id, known.state) == (first, Kind.WITHDRAWN)
    assert [one.application_id for one in applications.mine(db, cast.student)] == [second, first]


def test_a_closed_position_takes_no_application(db, cast):
    opened = position(db, cast.member)
    positions.close(db, cast.member, opened, expected_seq=2)
    with pytest.raises(Invalid, match="does not take"):
        applied(db, cast.student, opened, by=cast.member)


def test_what_an_application_lacks_is_told_by_field(db, cast):
    opened = position(db, cast.member)
    faulty = Applying(" ", source="stars", graduation=clock.today() - timedelta(days=1))
    with pytest.raises(InvalidFields) as refused:
        applications.apply(db, cast.student, opened, faulty)
    assert set(refused.value.problems) == {"words", "source", "graduation"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7" + bytes(50_000_000), "larger than 5 MB"),
        (b"PK\x03\x04 a word file", "not a PDF"),
        (b"", "not a PDF"),
        (b"%PDF-1.7\nnothing of the kind", "damaged"),
        (pdf()[:200], "damaged"),
        (pdf(lock="secret"), "password"),
        (pdf(pages=21), "at most 20"),
    ],
)
def test_a_file_that_is_no_pdf_to_keep_is_refused(db, cast, content, words):
    opened = position(db, cast.member)
    before = contents(db)
    with pytest.raises(Invalid, match=words) as refused:
        applications.apply(db, cast.student, opened, Applying("Me", paper=("cv.pdf", content)))
    assert refused.value.field == "paper"
    assert contents(db) == before


def test_a_pdf_is_kept_and_fetched_by_those_who_may(db, cast):
    opened = position(db, cast.member)
    content = pdf(pages=2)
    one = applications.apply(
        db, cast.student, opened, Applying("Me", paper=("../../etc/min <cv>.pdf", content))
    )
    kept = applications.paper(db, cast.student, one)
    assert kept == papers.Paper("min cv.pdf", content, 2)
    assert applications.paper(db, cast.member, one) == kept
    other = person(db, "Una Udi", Role.MEMBER, agency_id="udi")
    for who in (cast.stranger, cast.mentor, other):
        with pytest.raises(NotFound):
            applications.paper(db, who, one)


def test_internal_words_never_reach_the_applicant(db, cast):
    opened = position(db, cast.member)
    one = applied(db, cast.student, opened, by=cast.member)
    applications.record(db, cast.member, one, Kind.NOTE, expected_seq=1, note="Shy")
    applications.record(
        db, cast.member, one, Kind.REJECTED, expected_seq=2, reason="filled", note="Too shy"
    )
    shown = applications.told(db, cast.student, one)
    assert [told.event.kind for told in shown] == [Kind.REJECTED, Kind.RECEIVED]
    assert shown[0].event.reason == "filled"
    assert {(told.event.note, told.actor, told.event.actor_id) for told in shown} == {
        (None, "", None)
    }
    assert [told.event.note for told in applications.told(db, cast.lead, one)] == [
        "Too shy", "Shy", None,
    ]  # fmt: skip


def test_an_applicant_who_is_a_colleague_is_an_applicant(db, cast):
    both = person(db, "Bea Both", Role.STUDENT, Role.MEMBER, agency_id="skatteetaten")
    opened = position(db, cast.member)
    one = applied(db, both, opened, by=cast.member)
    applications.record(db, cast.member, one, Kind.NOTE, expected_seq=1, note="A colleague")
    assert len(applications.told(db, both, one)) == 1
    with pytest.raises(NotAllowed):
        applications.record(db, both, one, Kind.OFFER, expected_seq=2)
    with pytest.raises(NotAllowed):
        assessments.listed(db, both, one)
    assert candidates.find(db, both, candidates.Filter()).total == 0


def test_an_assessor_of_another_agency_sees_nothing(db, cast):
    other = person(db, "Una Udi", Role.MEMBER, agency_id="udi")
    one = applied(db, cast.student, position(db, cast.member), by=cast.member)
    for attempt in (
        lambda: applications.get(db, other, one),
        lambda: applications.told(db, other, one),
        lambda: applications.record(db, other, one, Kind.OFFER, expected_seq=1),
        lambda: assessments.assess(db, other, one, {"skills": Mark(3)}),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert candidates.find(db, other, candidates.Filter()).total == 0
    assert not any(column.total for column in candidates.board(db, other, candidates.Filter()))


def test_whoever_was_second_is_told_who_was_first(db, cast):
    one = applied(db, cast.student, position(db, cast.member), Kind.SCREENED, by=cast.member)
    with pytest.raises(Conflict, match="Mona Member"):
        applications.record(db, cast.lead, one, Kind.OFFER, expected_seq=1)


def test_only_the_agency_says_what_the_agency_does(db, cast):
    one = applied(db, cast.student, position(db, cast.member), Kind.OFFER, by=cast.member)
    with pytest.raises(NotAllowed):
        applications.record(db, cast.student, one, Kind.REJECTED, expected_seq=2, reason="filled")
    applications.record(db, cast.student, one, Kind.ACCEPTED, expected_seq=2)
    assert applications.get(db, cast.member, one).state is Kind.ACCEPTED


def test_an_end_and_a_rejection_need_a_reason(db, cast):
    one = applied(db, cast.student, position(db, cast.member), by=cast.member)
    with pytest.raises(InvalidFields):
        applications.record(db, cast.member, one, Kind.REJECTED, expected_seq=1)
    with pytest.raises(InvalidFields):
        applications.record(db, cast.member, one, Kind.REJECTED, expected_seq=1, reason="other")
    with pytest.raises(Invalid):
        applications.record(db, cast.member, one, Kind.OFFER, expected_seq=1, reason="filled")


def test_what_came_after_is_asked_once(db, cast):
    opened = position(db, cast.member)
    one = applied(db, cast.student, opened, *HIRED, Kind.ENDED, by=cast.member)
    with pytest.raises(InvalidFields):
        applications.record(db, cast.student, one, Kind.NEXT, expected_seq=5)
    applications.record(
        db, cast.student, one, Kind.NEXT, expected_seq=5, next_step=NextStep.COMPANY
    )
    assert applications.get(db, cast.member, one).next_step is NextStep.COMPANY
    with pytest.raises(Invalid, match="already"):
        applications.record(
            db, cast.student, one, Kind.NEXT, expected_seq=6, next_step=NextStep.MOVED
        )


def test_both_sides_are_told(db, cast):
    opened = position(db, cast.member)
    one = applied(db, cast.student, opened, Kind.INTERVIEW, by=cast.member)
    applications.record(db, cast.student, one, Kind.WITHDRAWN, expected_seq=2)
    of_member = notices.mine(db, cast.member).rows
    assert [told.kind for told in of_member] == [
        Notice.APPLICATION_MOVED, Notice.APPLICATION_CAME,
    ]  # fmt: skip
    (of_student,) = notices.mine(db, cast.student).rows
    assert (of_student.kind, of_student.application_id) == (Notice.APPLICATION_MOVED, one)


def test_an_assessor_judges_before_seeing_the_others(db, cast):
    colleague = person(db, "Kim Colleague", Role.MEMBER, agency_id="skatteetaten")
    one = applied(db, cast.student, position(db, cast.member), Kind.INTERVIEW, by=cast.member)
    all_of = {criterion: Mark(2, "Weak") for criterion in CRITERIA}
    assessments.assess(db, colleague, one, all_of)
    seen = assessments.listed(db, cast.member, one)
    assert (seen.waiting, seen.others, seen.average) == (1, None, None)
    assessments.assess(db, cast.member, one, {"skills": Mark(5)})
    assert assessments.listed(db, cast.member, one).others is None
    assessments.assess(db, cast.member, one, {criterion: Mark(4) for criterion in CRITERIA})
    seen = assessments.listed(db, cast.member, one)
    assert seen.own["skills"] == Mark(4)
    assert seen.others is not None
    assert (seen.others[0].name, seen.others[0].marks["skills"].note) == ("Kim Colleague", "Weak")
    assert seen.average == dict.fromkeys(CRITERIA, 3.0)


def test_a_mark_out_of_range_is_refused(db, cast):
    one = applied(db, cast.student, position(db, cast.member), by=cast.member)
    for marks in ({"skills": Mark(6)}, {"looks": Mark(3)}, {}):
        with pytest.raises(Invalid):
            assessments.assess(db, cast.member, one, marks)


def test_the_board_and_the_list_hold_the_same(db, cast):
    opened = position(db, cast.member, seats=9)
    for who, kinds in ((cast.student, HIRED), (cast.stranger, ()), (cast.teammate, ())):
        applied(db, who, opened, *kinds, by=cast.member)
    wanted = candidates.Filter(position_id=opened)
    columns = {one.state: one for one in candidates.board(db, cast.member, wanted)}
    assert (columns[Kind.RECEIVED].total, columns[Kind.STARTED].total) == (2, 1)
    second = candidates.board(db, cast.member, wanted, [("received", 2)], size=1)
    (card,) = second[0].cards
    assert (second[0].total, card.name) == (2, "Tor Teammate")
    assert candidates.find(db, cast.member, wanted).total == 3
    found = candidates.find(db, cast.member, candidates.Filter(search="tor"))
    assert [one.name for one in found.rows] == ["Tor Teammate"]
    with pytest.raises(NotAllowed):
        candidates.find(db, cast.student, wanted)
