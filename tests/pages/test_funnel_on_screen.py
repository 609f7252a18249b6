"""The flow figures on the funnel's page: what each role sees, and what odd addresses do."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from sandkasse import i18n
from sandkasse.database import Database
from sandkasse.people import Actor
from tests.builders import JOURNEY, Cast
from tests.figures.ledgers import Told, history, next_id, put_all
from tests.pages.conftest import Opened, said, tables

KINDS = ("times", "ages", "flow", "trend", "paths", "forecast")
#: When the histories below are looked at, so that the last year has something to forecast from.
THEN = {"sandbox": JOURNEY, "as_of": "2020-08-01"}

Shown = Callable[..., AppTest]


def fill(db: Database, many: int) -> None:
    """Ideas that go on, leave, go back and are still there, the first of them published."""
    told = []
    for number in range(many):
        begins = 1 + 9 * number
        ways = [
            (f"{begins + 12} move clarification", f"{begins + 40} move need-test"),
            (f"{begins + 20} move clarification",),
            (f"{begins + 7} exit declined",),
            (f"{begins + 9} move clarification", f"{begins + 30} move idea-bank"),
        ]
        rows = history(f"{begins} enter idea-bank", *ways[number % 4])
        told.append(Told(next_id(db), JOURNEY, ("BSc", "MSc")[number % 2], "ocean", tuple(rows)))
    put_all(db, told)
    with db.transaction() as tx:
        tx.execute(
            "UPDATE idea SET publication = 'published', public_text = 'Words.' WHERE idea_id = ?",
            [told[0].idea_id],
        )


@pytest.fixture
def shown(opened: Opened) -> Shown:
    """The funnel as somebody sees it; each kind in the same visit."""

    def show(who: Actor, language: str = "en", **query: str) -> AppTest:
        return opened("funnel.py", who, language, **(THEN | query))

    return show


def to(app: AppTest, **query: str) -> AppTest:
    """The same visit with other choices in the address."""
    for name, value in query.items():
        app.query_params[name.replace("_", "-")] = value
    app.run()
    assert not app.exception, query
    return app


@pytest.mark.parametrize("language", ["nb", "en"])
def test_each_figure_is_said_drawn_tabled_and_opened(
    app_database: Database, app_cast: Cast, shown: Shown, language: str
) -> None:
    fill(app_database, 24)
    ideas = {"nb": "Ideene bak et tall", "en": "The ideas behind a number"}[language]
    with i18n.in_language(language):
        app = shown(app_cast.mentor, language)
        what = {"nb": "Hvor langt ideene", "en": "How far the ideas"}[language]
        assert app.caption[0].value.startswith(what)
        for kind in KINDS:
            to(app, kind=kind)
            assert not app.error, kind
            assert any(one.value.startswith("n = ") for one in app.caption), kind
            charts = app.get("vega_lite_chart")
            assert charts, kind
            # A chart is told in a sentence, for who does not see it.
            assert all(one.proto.alt for one in charts), kind
            assert len(tables(app)) >= 1, kind
            assert ideas in [one.value for one in app.header], kind


def test_a_member_is_shown_published_ideas_and_no_student_by_name(
    app_database: Database, app_cast: Cast, shown: Shown
) -> None:
    fill(app_database, 24)
    first = app_database.value("SELECT min(idea_id) FROM idea")
    app = shown(app_cast.member)
    for kind in KINDS:
        to(app, kind=kind)
        words = said(app)
        assert f"Idea {first + 1}" not in words, kind
        assert "not published" in words, kind
        assert "Why is an idea counted" not in words, kind
        assert "Before graduation" not in words, kind


def test_a_student_is_refused(app_database: Database, app_cast: Cast, shown: Shown) -> None:
    fill(app_database, 3)
    app = shown(app_cast.student, kind="times")
    assert "do not have the right" in app.error[0].value
    assert not app.caption


@pytest.mark.parametrize(("many", "says"), [
    (0, {"times": "No ideas came in", "ages": "No idea is open", "flow": "Nothing has moved",
         "trend": "No ideas came in", "paths": "Nothing moved", "forecast": "not enough data"}),
    (1, {"times": "too few to say how long it takes", "ages": "Of 1 open ideas",
         "flow": "In a month, on average", "trend": "still on", "paths": "3 steps in all",
         "forecast": "not enough data"}),
])  # fmt: skip
def test_with_next_to_nothing_it_says_so(
    app_database: Database, app_cast: Cast, shown: Shown, many: int, says: dict[str, str]
) -> None:
    if many:
        fill(app_database, many)
    app = shown(app_cast.lead)
    for kind in KINDS:
        to(app, kind=kind)
        assert not app.error, kind
        assert says[kind] in said(app), kind


def test_what_makes_no_sense_in_the_address_is_taken_for_the_usual(
    app_database: Database, app_cast: Cast, shown: Shown
) -> None:
    fill(app_database, 12)
    app = shown(app_cast.mentor)
    odd = {
        "from": "2026-13-45", "goal": "1e9", "of_stage": "zzz", "part": "zzz", "group": "zzz",
        "target": "zzz", "terms": "hogwarts", "quarter": "2020", "period": "x", "path": "a b",
        "exit": "a", "of": "zzz", "week": "-1", "page": "9999999", "by": "zzz",
        "level": "zzz", "theme": "zzz",
    }  # fmt: skip
    for kind in ("zzz", *KINDS):
        to(app, kind=kind, **odd)
        assert not app.error, kind


def test_a_day_that_cannot_be_is_refused_in_words(
    app_database: Database, app_cast: Cast, shown: Shown
) -> None:
    fill(app_database, 24)
    app = shown(app_cast.mentor)
    to(app, kind="times", to="2019-01-01", **{"from": "2020-01-01"})
    assert "ends before it begins" in app.error[0].value
    to(app, kind="forecast", by="2028-01-01")
    assert "within five years" in app.error[0].value


NUMBERS = [
    ({"kind": "times", "of_stage": "idea-bank", "part": "left"}, "Left – Idea bank: 6"),
    ({"kind": "times", "by": "level", "group": "BSc", "part": "all"}, "Came to the stage"),
    ({"kind": "ages", "of_stage": "need-test", "part": "all"}, "All open ideas: 5"),
    ({"kind": "flow", "of": "entered", "period": "2020-01-01"}, ": 4"),
    ({"kind": "flow", "of": "exit"}, "Idea bank · Declined · No reason: 6"),
    ({"kind": "trend", "quarter": "2020-01-01", "part": "all"}, "The whole cohort – Q1 2020: 11"),
    ({"kind": "paths", "path": "clarification idea-bank"}, "Clarification → Idea bank: 5"),
    ({"kind": "forecast", "target": "clarification"}, "Came to Clarification: 17"),
]


def test_every_number_opens_to_its_ideas_and_each_says_why(
    app_database: Database, app_cast: Cast, shown: Shown
) -> None:
    fill(app_database, 24)
    app = shown(app_cast.mentor)
    first = app_database.value("SELECT min(idea_id) FROM idea")
    for query, told in NUMBERS:
        to(app, **query)
        captions = [one.value.replace("\\", "") for one in app.caption]
        assert any(told in one for one in captions), (query, captions)
    to(app, kind="times", by="", of_stage="idea-bank", part="advanced")
    app.session_state["why-page"] = True
    app.session_state["why-idea-page"] = first
    app.run()
    assert not app.exception
    words = " ".join(one.value.replace("\\", "") for one in app.markdown)
    assert "**It is counted.**" in words
    assert "The rule: It came to Idea bank before any later stage" in words
    assert "went from Idea bank to Clarification" in words


def test_ages_can_be_read_in_study_weeks(
    app_database: Database, app_cast: Cast, shown: Shown
) -> None:
    fill(app_database, 24)
    app = shown(app_cast.mentor)
    to(app, kind="ages", terms="uit")
    words = said(app)
    assert "A study week is five weekdays" in words
    assert "Study weeks in the stage" in words
    to(app, kind="forecast", terms="uit", target="clarification")
    assert "In study weeks" in tables(app)[0].columns


def test_before_graduation_is_listed_by_day_for_mentors(
    app_database: Database, app_cast: Cast, shown: Shown
) -> None:
    fill(app_database, 24)
    with app_database.transaction() as tx:
        tx.execute("UPDATE idea SET graduation = DATE '2021-06-01'")
    app = shown(app_cast.mentor, kind="forecast")
    app.session_state["before-graduation"] = True
    app.run()
    assert not app.exception
    assert "graduates 1 Jun 2021, in 304 days" in said(app)
