"""One person does what costs others something only so often within an hour."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from sandkasse import comments, drafts, exchange, limits, rates, registry
from sandkasse.access import Action
from sandkasse.config import Settings
from sandkasse.contacts import Filter
from sandkasse.documents import papers
from sandkasse.documents.audience import Audience
from sandkasse.errors import NotAllowed
from sandkasse.figures import Choice
from sandkasse.i18n import in_language
from sandkasse.people import OPERATOR
from sandkasse.rates import TooMany
from sandkasse.registry import Client
from tests import builders
from tests.builders import DESCRIPTION, JOURNEY, contents
from tests.registry.register import FOUND, register

START = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def hour():
    """A clock that a test moves, and limits of two of each kind."""
    rates.forget_all()
    limits.put_in_force(dict.fromkeys(limits.KINDS, 2) | {"writes": 50})
    with time_machine.travel(START, tick=False) as moved:
        yield moved
    limits.put_in_force({})
    rates.forget_all()


def test_the_third_idea_within_an_hour_is_refused_and_changes_nothing(db, cast, hour):
    builders.submitted(db, cast.student)
    builders.submitted(db, cast.student)
    before = contents(db)
    with pytest.raises(TooMany, match="Try again in 1 hour"):
        builders.submitted(db, cast.student)
    assert contents(db) == before
    builders.submitted(db, cast.teammate)
    hour.shift(timedelta(hours=1))
    builders.submitted(db, cast.student)


def test_it_is_told_in_norwegian(db, cast, hour):
    for _time in range(2):
        builders.submitted(db, cast.student)
    with in_language("nb"), pytest.raises(TooMany, match="Prøv igjen om 1 time"):
        builders.submitted(db, cast.student)


def test_comments_are_limited(db, cast, hour):
    idea_id = builders.submitted(db, cast.student)
    for word in ("One", "Two"):
        comments.say(db, cast.student, idea_id, word)
    with pytest.raises(TooMany):
        comments.say(db, cast.student, idea_id, "Three")


def test_whoever_has_no_right_is_told_so_and_not_counted(db, cast, hour):
    for _time in range(3):
        with pytest.raises(NotAllowed):
            builders.submitted(db, cast.member)


def test_the_company_register_is_not_asked_a_third_time(db, cast, hour):
    idea_id = builders.submitted(db, cast.student)
    with register() as held, Client(held.url) as client:
        registry.join(db, cast.student, idea_id, FOUND, client)
        registry.read_again(db, cast.student, idea_id, client)
        for look_up in (
            lambda: registry.read_again(db, cast.student, idea_id, client),
            lambda: registry.join(db, cast.student, idea_id, FOUND, client),
        ):
            with pytest.raises(TooMany):
                look_up()
        assert len(held.asked) == 2


@pytest.mark.parametrize(
    "make",
    [
        lambda db, who: exchange.export_zip(db, who),
        lambda db, who: exchange.contacts_csv(db, who, Filter(), "en"),
        lambda db, who: exchange.contacts_vcards(db, who, Filter(), "en"),
        lambda db, who: papers.of_view(
            db, who, "cohort", Choice(JOURNEY), Audience.PROJECT, "xlsx"
        ),
    ],
    ids=["export", "contacts", "vcards", "view"],
)
def test_downloads_are_limited(db, cast, hour, make):
    for _time in range(2):
        make(db, cast.lead)
    with pytest.raises(TooMany):
        make(db, cast.lead)


def test_papers_of_a_meeting_are_limited_for_people_and_not_for_the_operator(db, cast, hour):
    meeting_id = builders.called(db, cast.lead)
    for _time in range(2):
        papers.papers(db, cast.lead, meeting_id, only=["agenda.docx"])
    with pytest.raises(TooMany):
        papers.papers(db, cast.lead, meeting_id, only=["agenda.docx"])
    for _time in range(3):
        papers.papers(db, OPERATOR, meeting_id, only=["agenda.docx"])


def test_writes_of_any_kind_are_limited_in_all(db, cast, hour):
    limits.put_in_force({"writes": 3})
    for number in range(3):
        drafts.save(db, cast.student, JOURNEY, replace(DESCRIPTION, title=f"Ice {number}"))
    with pytest.raises(TooMany):
        drafts.save(db, cast.student, JOURNEY, DESCRIPTION)


def test_nothing_is_limited_before_the_server_begins(db, cast):
    for _time in range(25):
        builders.submitted(db, cast.student)


def test_each_limit_has_a_setting_and_each_action_exists():
    assert set(Settings().hourly) == set(limits.KINDS)
    assert all(limit >= 20 for limit in Settings().hourly.values())
    assert set(limits._COUNTED) <= {action.value for action in Action}
    assert set(limits._COUNTED.values()) <= set(limits.KINDS)
