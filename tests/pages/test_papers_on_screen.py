"""Papers on the screen: offered to those who may have them, and made when they are asked for."""

import pytest

from sandkasse.database import Database
from sandkasse.documents import papers
from tests.builders import JOURNEY, Cast, called, submitted
from tests.pages.conftest import Opened, said


@pytest.fixture
def meeting_id(app_database: Database, app_cast: Cast) -> int:
    """A meeting that somebody has called."""
    return called(app_database, app_cast.lead)


@pytest.mark.parametrize(("language", "first"), [("nb", "Alle papirene"), ("en", "All papers")])
@pytest.mark.parametrize("role", ["mentor", "member", "lead"])
def test_a_meeting_offers_all_its_papers_and_each_alone(
    opened: Opened, app_cast: Cast, meeting_id: int, role: str, language: str, first: str
) -> None:
    app = opened(
        "meetings.py", getattr(app_cast, role), language, meeting=meeting_id, view="papers"
    )
    assert not app.exception
    offered = [button.proto.label for button in app.get("download_button")]
    assert offered[0].startswith(first)
    assert len(offered) == 1 + len(papers.PAPERS)


def test_people_outside_are_the_first_choice_and_it_says_what_that_means(
    opened: Opened, app_cast: Cast, meeting_id: int
) -> None:
    app = opened("meetings.py", app_cast.lead, meeting=meeting_id, view="papers")
    assert app.radio(key="papers-audience").value == "outside"
    assert "numbers below 5 are hidden" in said(app)
    app.radio(key="papers-audience").set_value("project").run()
    assert not app.exception
    assert "Do not pass it on." in said(app)
    assert "numbers below 5 are hidden" not in said(app)


def test_nothing_is_made_until_it_is_asked_for(
    opened: Opened, app_cast: Cast, meeting_id: int, app_database: Database
) -> None:
    opened("meetings.py", app_cast.lead, meeting=meeting_id, view="papers")
    assert app_database.value("SELECT count(*) FROM number_receipt") == 0


def test_a_student_is_offered_no_papers(opened: Opened, app_cast: Cast, meeting_id: int) -> None:
    app = opened("meetings.py", app_cast.student, meeting=meeting_id, view="papers")
    assert not app.get("download_button")


def test_the_view_on_the_funnel_can_be_taken_along(
    opened: Opened, app_cast: Cast, app_database: Database
) -> None:
    submitted(app_database, app_cast.student)
    for kind in ("cohort", "forecast"):
        app = opened("funnel.py", app_cast.member, sandbox=JOURNEY, kind=kind)
        assert "Take this view along" in said(app)
