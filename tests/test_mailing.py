"""Notices by mail, against a real mail server: once, later, or not at all, and never twice."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message

import pytest
import time_machine
from aiosmtpd.controller import Controller
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandkasse import clock, comments, config, mailing, membership, notices
from sandkasse.notices import Mail
from sandkasse.sign_in import Claims, Provider, SignInRules
from tests.builders import applied, position, submitted

MORNING = datetime(2026, 3, 2, 10, tzinfo=UTC)


class Box:
    """What the server was handed, and how it answers."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.answer = "250 OK"
        self.pause = 0.0

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
        if self.pause:
            time.sleep(self.pause)
        if self.answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content))
        return self.answer


@contextmanager
def server() -> Iterator[tuple[Box, config.Settings]]:
    """A mail server on a free port, and the settings that name it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, to_port(port)
    finally:
        controller.stop()


def to_port(port: int) -> config.Settings:
    """Settings for a mail server on this port."""
    return config.Settings(
        smtp_host="127.0.0.1", smtp_port=port, smtp_tls=False, smtp_from="app@sandkasse.example",
        web_address="https://sandkasse.example/",
    )  # fmt: skip


@pytest.fixture
def idea_id(db, cast):
    """The student's idea; the student wants mail at once."""
    notices.choose_mail(db, cast.student, Mail.AT_ONCE)
    return submitted(db, cast.student, title="A secret sensor")


def last(db) -> list[str]:
    """How each mail stands, by notice."""
    rows = db.rows(
        "SELECT arg_max(kind, seq) FROM mail_event GROUP BY notice_id ORDER BY notice_id"
    )
    return [kind for (kind,) in rows]


def test_a_notice_is_mailed_once_with_its_link_and_nothing_private(db, cast, idea_id):
    comments.say(db, cast.mentor, idea_id, "Look at the private thing")
    with server() as (box, to):
        assert mailing.send_due(db, to) == 1
        assert mailing.send_due(db, to) == 0
    (mail,) = box.mails
    assert mail["To"] == "sara.student@uit.example"
    assert mail["Message-ID"]
    body = str(mail.get_payload(decode=True), "utf-8")
    assert f"https://sandkasse.example/idea?idea={idea_id}" in body
    assert "secret" not in mail.as_string()
    assert "private" not in mail.as_string()
    assert last(db) == ["sent"]


def test_news_about_an_application_links_to_the_application(db, cast):
    notices.choose_mail(db, cast.member, Mail.AT_ONCE)
    one = applied(db, cast.student, position(db, cast.member), by=cast.member)
    with server() as (box, to):
        assert mailing.send_due(db, to) == 1
    body = str(box.mails[0].get_payload(decode=True), "utf-8")
    assert f"https://sandkasse.example/application?application={one}" in body


def test_mail_is_in_the_readers_language(db, cast, idea_id):
    membership.remember_language(db, cast.student, "nb")
    comments.say(db, cast.mentor, idea_id, "Hei")
    with server() as (box, to):
        mailing.send_due(db, to)
    assert "samtalen" in str(box.mails[0].get_payload(decode=True), "utf-8")


def test_a_digest_gathers_a_day_and_comes_in_the_morning(db, cast, idea_id):
    notices.choose_mail(db, cast.student, Mail.DAILY)
    with server() as (box, to):
        with time_machine.travel(MORNING, tick=False):
            comments.say(db, cast.mentor, idea_id, "One")
        with time_machine.travel(MORNING + timedelta(hours=2), tick=False):
            comments.say(db, cast.mentor, idea_id, "Two")
            assert mailing.send_due(db, to) == 0
        with time_machine.travel(MORNING + timedelta(hours=21), tick=False):
            assert mailing.send_due(db, to) == 1
    body = str(box.mails[0].get_payload(decode=True), "utf-8")
    assert body.count("https://sandkasse.example/idea") == 2


def test_a_server_that_is_down_is_tried_again_later(db, cast, idea_id):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = to_port(free.getsockname()[1])
    with time_machine.travel(MORNING, tick=False):
        comments.say(db, cast.mentor, idea_id, "Hello")
        assert mailing.send_due(db, nobody) == 0
        assert last(db) == ["failed"]
        with server() as (box, to):
            assert mailing.send_due(db, to) == 0  # not yet
            with time_machine.travel(MORNING + timedelta(minutes=2), tick=False):
                assert mailing.send_due(db, to) == 1
    assert len(box.mails) == 1


@pytest.mark.parametrize(
    ("answer", "ends"), [("550 No such person", "given_up"), ("451 Come back later", "failed")]
)
def test_a_refusal_for_good_is_given_up_and_another_tried_again(db, cast, idea_id, answer, ends):
    comments.say(db, cast.mentor, idea_id, "Hello")
    with server() as (box, to):
        box.answer = answer
        assert mailing.send_due(db, to) == 0
    assert last(db) == [ends]
    assert notices.mine(db, cast.student).unread == 1


def test_after_the_last_attempt_it_is_given_up(db, cast, idea_id):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = to_port(free.getsockname()[1])
    with time_machine.travel(MORNING, tick=False):
        comments.say(db, cast.mentor, idea_id, "Hello")
    for day in range(6):
        with time_machine.travel(MORNING + timedelta(days=day), tick=False):
            mailing.send_due(db, nobody)
    assert last(db) == ["given_up"]


def test_a_server_that_is_too_slow_may_have_taken_it_so_it_is_not_sent_again(
    db, cast, idea_id, monkeypatch
):
    monkeypatch.setattr(mailing, "_TIMEOUT_SECONDS", 0.3)
    comments.say(db, cast.mentor, idea_id, "Hello")
    with server() as (box, to):
        box.pause = 1.0
        assert mailing.send_due(db, to) == 0
        time.sleep(1.2)
        box.pause = 0
        assert mailing.send_due(db, to) == 0
    assert last(db) == ["given_up"]


def test_what_a_crash_left_half_done_is_not_sent_again(db, cast, idea_id):
    comments.say(db, cast.mentor, idea_id, "Hello")
    with db.transaction() as tx:
        tx.execute(
            "INSERT INTO mail_event (notice_id, seq, kind, recorded_at) "
            "SELECT notice_id, 2, 'trying', now()::TIMESTAMP FROM mail_event"
        )
    with server() as (box, to):
        assert mailing.give_up_interrupted(db) == 1
        assert mailing.send_due(db, to) == 0
    assert box.mails == []
    assert last(db) == ["given_up"]


def test_whose_access_has_ended_is_told_nothing_more_and_waits_in_nobodys_way(db, cast, idea_id):
    def seen(*affiliations):
        claims = Claims(
            subject, "Sara Student", email="sara.student@uit.example", provider="feide",
            affiliations=affiliations, session=f"s-{affiliations}", issued_at=clock.now(),
        )  # fmt: skip
        membership.sign_in(db, claims, config.Settings(), rules)

    rules = SignInRules(providers={"feide": Provider(affiliations=("student",))})
    subject = db.value("SELECT subject FROM person WHERE person_id = ?", [cast.student.person_id])
    with server() as (box, to):
        with time_machine.travel(MORNING, tick=False):
            seen("student")
        with time_machine.travel(MORNING + timedelta(days=89), tick=False):
            seen("alum")
            comments.say(db, cast.mentor, idea_id, "In time")
            assert mailing.send_due(db, to, grace_days=90) == 1
        with time_machine.travel(MORNING + timedelta(days=90), tick=False):
            comments.say(db, cast.mentor, idea_id, "Too late")
            assert mailing.send_due(db, to, grace_days=90) == 0
    assert len(box.mails) == 1
    assert last(db) == ["sent", "given_up"]
    assert db.value("SELECT detail FROM mail_event WHERE kind = 'given_up'") == "access ended"


def test_the_worker_sends_by_itself_until_it_is_stopped(db, cast, idea_id):
    with server() as (box, to):
        worker = mailing.Worker(mailing.steps(db, to), pause=0.05)
        comments.say(db, cast.mentor, idea_id, "Hello")
        give_up = time.monotonic() + 10
        while not box.mails and time.monotonic() < give_up:
            time.sleep(0.05)
        worker.stop()
        assert len(box.mails) == 1
        assert "rounds" not in {thread.name for thread in threading.enumerate()}


def test_without_a_mail_server_no_mail_is_tried(db):
    assert len(mailing.steps(db, config.Settings())) == 1


def test_the_password_is_in_no_text_of_the_settings():
    assert "hunter2" not in repr(config.Settings(smtp_password="hunter2"))  # noqa: S106


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(["ok", "451", "550", "crash"]), max_size=6))
def test_whatever_happens_each_notice_is_sent_at_most_once(db, cast, events):
    with db.transaction() as tx:
        for table in ("notice", "mail_event"):
            tx.execute(f"DELETE FROM {table}")
    notices.choose_mail(db, cast.student, Mail.AT_ONCE)
    idea_id = submitted(db, cast.student)
    with server() as (box, to):
        for number, event in enumerate(events):
            with time_machine.travel(MORNING + timedelta(days=number), tick=False):
                comments.say(db, cast.mentor, idea_id, "Hello")
                if event == "crash":
                    with db.transaction() as tx:
                        tx.execute(
                            "INSERT INTO mail_event (notice_id, seq, kind, recorded_at) "
                            "SELECT notice_id, max(seq) + 1, 'trying', now()::TIMESTAMP "
                            "FROM mail_event GROUP BY notice_id "
                            "HAVING arg_max(kind, seq) IN ('queued', 'failed')"
                        )
                    mailing.give_up_interrupted(db)
                box.answer = {"451": "451 Later", "550": "550 No"}.get(event, "250 OK")
                mailing.send_due(db, to)
    ids = [mail["Message-ID"] for mail in box.mails]
    sent = db.value("SELECT count(*) FROM mail_event WHERE kind = 'sent'")
    twice = db.rows(
        "SELECT notice_id FROM mail_event WHERE kind = 'sent' GROUP BY notice_id "
        "HAVING count(*) > 1"
    )
    assert len(ids) == len(set(ids)) == sent
    assert twice == []
