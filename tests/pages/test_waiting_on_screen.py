"""The waiting figures on the screen: what each role sees, and what is behind a number."""

import pytest
from streamlit.testing.v1 import AppTest

from sandkasse import touchpoints
from sandkasse.database import Database
from sandkasse.matter import Kind, Outcome
from sandkasse.people import Actor
from sandkasse.touchpoints import Opening
from tests.builders import JOURNEY, Cast, submitted
from tests.pages.conftest import Opened, said, tables

AGENCIES = """
from sandkasse.people import actor_of
from sandkasse.ui import identity, store, waiting_view
from sandkasse.ui.page import Visit

identity.settle_language()
db = store.database()
waiting_view.agencies(Visit(db, actor_of(db, {person_id})))
"""


@pytest.fixture
def matters(app_database: Database, app_cast: Cast) -> list[int]:
    """Six ideas with a matter each: four decided by Skatteetaten, one open, and one with UDI."""
    found = []
    for number in range(6):
        idea_id = submitted(app_database, app_cast.student, title=f"Idea no. {number}")
        agency_id = "udi" if number == 5 else "skatteetaten"
        opening = Opening(agency_id, title=f"Matter no. {number}", sent=True)
        found.append(touchpoints.open_matter(app_database, app_cast.lead, idea_id, opening))
        if number < 4:
            touchpoints.record(
                app_database, app_cast.lead, found[-1], Kind.DECIDED, expected_seq=1,
                outcome=Outcome.APPROVED,
            )  # fmt: skip
    return found


def agencies_page(who: Actor, language: str = "en", **query: str) -> AppTest:
    """The part of the agencies' page that this is about, as ``who`` sees it."""
    app = AppTest.from_string(AGENCIES.format(person_id=who.person_id), default_timeout=30)
    app.session_state["language"] = language
    for name, value in query.items():
        app.query_params[name.replace("_", "-")] = value
    return app.run()


@pytest.mark.parametrize("role", ["mentor", "member", "lead"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_funnel_shows_whose_time_it_was(
    opened: Opened, app_cast: Cast, matters: list[int], role: str, language: str
) -> None:
    app = opened("funnel.py", getattr(app_cast, role), language, sandbox=JOURNEY, kind="waiting")
    assert not app.exception
    table = tables(app)[0]
    assert table.iloc[0, 1] == 6
    assert table.iloc[-1, 1] == 6


def test_the_ideas_behind_a_partys_time_are_listed(
    opened: Opened, app_cast: Cast, matters: list[int]
) -> None:
    app = opened("funnel.py", app_cast.mentor, sandbox=JOURNEY, kind="waiting", part="agency")
    assert "Idea no. 5" in said(app)
    hidden = opened("funnel.py", app_cast.member, sandbox=JOURNEY, kind="waiting", part="agency")
    assert "Idea no. 5" not in said(hidden)
    assert "not published" in said(hidden)


def test_the_page_behind_the_last_shows_the_last_and_one_hidden_idea_is_singular(
    app_database: Database, opened: Opened, app_cast: Cast
) -> None:
    idea_id = submitted(app_database, app_cast.student, title="The only one")
    with app_database.transaction() as tx:
        tx.execute("UPDATE ledger SET occurred_at = occurred_at - INTERVAL 3 DAY")
    query = {"sandbox": JOURNEY, "kind": "waiting", "part": "mentor", "page": "7"}
    app = opened("funnel.py", app_cast.mentor, **query)
    assert not app.exception
    assert f"idea?idea={idea_id}" in said(app)
    hidden = said(opened("funnel.py", app_cast.member, **query))
    assert "1 of them is not published, so it is counted but not shown." in hidden


def test_a_matter_closed_without_a_decision_is_called_the_same_everywhere(
    app_database: Database, app_cast: Cast, matters: list[int]
) -> None:
    touchpoints.record(app_database, app_cast.lead, matters[4], Kind.CLOSED, expected_seq=1)
    app = agencies_page(app_cast.mentor, of_agency="skatteetaten", part="withdrawn")
    assert not app.exception
    told = said(app).replace("\\", "")
    assert tables(app)[0].set_index("Agency")["Closed without a decision"].sum() == 1
    assert "1 was closed without a decision" in told
    assert "Closed without a decision – All purposes: 1" in told
    assert "Matter no. 4" in told
    assert "Withdrawn" not in told


def test_the_funnel_without_ideas_says_that_there_is_nothing_to_divide(
    opened: Opened, app_cast: Cast
) -> None:
    app = opened("funnel.py", app_cast.mentor, sandbox=JOURNEY, kind="waiting")
    assert not app.exception
    assert "nothing to divide" in said(app)


def test_each_agency_is_told_with_its_matters(app_cast: Cast, matters: list[int]) -> None:
    app = agencies_page(app_cast.mentor)
    assert not app.exception
    table = tables(app)[0].set_index("Agency")
    assert table.loc["The Norwegian Tax Administration", "n"] == 5
    assert table.loc["The Norwegian Tax Administration", "Answered"] == 4
    assert table.loc["UDI (immigration)", "Half within days"] == "too few"


def test_the_matters_behind_a_number_are_listed(app_cast: Cast, matters: list[int]) -> None:
    app = agencies_page(app_cast.mentor, of_agency="skatteetaten", part="open")
    assert "Matter no. 4" in said(app)
    assert "Matter no. 3" not in said(app)


def test_a_member_sees_no_other_agencys_matters(app_cast: Cast, matters: list[int]) -> None:
    own = said(agencies_page(app_cast.member, of_agency="skatteetaten"))
    assert "Matter no. 4" in own
    other = said(agencies_page(app_cast.member, of_agency="udi"))
    assert "Matter no. 5" not in other
    assert "another agency's" in other


def test_what_is_wrong_in_the_address_is_said_in_words(app_cast: Cast, matters: list[int]) -> None:
    app = agencies_page(app_cast.mentor, **{"from": "2026-02-01", "to": "2026-01-01"})
    assert not app.exception
    assert "ends before it begins" in app.error[0].value
    assert not agencies_page(app_cast.mentor, of_agency="nobody", part="none").exception


def test_without_a_matter_it_says_so(app_database: Database, app_cast: Cast) -> None:
    app = agencies_page(app_cast.mentor)
    assert "No matter was sent" in said(app)
