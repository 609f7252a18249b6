"""Importing with a preview, and exporting, on the page."""

from sandkasse import exchange
from tests.builders import JOURNEY

LOG = b"idea,stage,occurred_at,title\nA,idea-bank,2025-01-10,Ice cellar\n"


def upload(opened, who, content):
    """The page with a file chosen."""
    app = opened("exchange.py", who)
    app.file_uploader(key="import").upload("log.csv", content)
    return app.run()


def test_a_lead_sees_what_would_happen_and_loads_it(app_database, app_cast, opened):
    app = upload(opened, app_cast.lead, LOG)
    assert not app.exception
    assert any("1 new ideas" in text.value for text in app.markdown)
    assert app_database.value("SELECT count(*) FROM idea") == 0
    app.button(key="import-do").click().run()
    assert app_database.rows("SELECT ref, title FROM idea") == [("A", "Ice cellar")]


def test_faulty_rows_are_listed_and_nothing_can_be_loaded(app_database, app_cast, opened):
    app = upload(opened, app_cast.lead, LOG + b"B,nowhere,2025-01-10,\n")
    assert app.dataframe[0].value["Row"].tolist() == [3]
    assert all(button.key != "import-do" for button in app.button)


def test_a_file_that_is_no_log_is_refused_in_words(app_database, app_cast, opened):
    app = upload(opened, app_cast.lead, b"\x00\x01")
    assert not app.exception
    assert any("not a text file" in error.value for error in app.error)


MATTERS = b"""idea,matter,agency,event,occurred_at
A,T-1,skatteetaten,sent,2025-02-01
"""


def test_a_log_of_touchpoints_is_looked_at_and_loaded(app_database, app_cast, opened):
    exchange.import_log(app_database, app_cast.lead, LOG, JOURNEY)
    app = opened("exchange.py", app_cast.lead)
    app.radio(key="import-kind-en").set_value("touchpoints").run()
    app.file_uploader(key="import").upload("log.csv", MATTERS)
    app.run()
    assert not app.exception
    assert any("1 new matters" in text.value for text in app.markdown)
    assert app.dataframe[0].value["Matter"].tolist() == ["T-1"]
    app.button(key="import-do").click().run()
    assert app_database.rows("SELECT ref, state FROM touchpoint") == [("T-1", "agency")]


POSITIONS = b"""position,agency,title,seats,hours,from,to,occurred_at
TAX-1,skatteetaten,Studentmedarbeider,2,7.5,2025-01-01,2025-12-31,2024-11-03
"""
APPLICATIONS = b"""position,application,event,occurred_at,applicant
TAX-1,a,received,2024-11-05,Ada
"""


def test_positions_and_applications_are_looked_at_and_loaded(app_database, app_cast, opened):
    for kind, content, told in (
        ("positions", POSITIONS, "1 new positions"),
        ("applications", APPLICATIONS, "1 new applications"),
    ):
        app = opened("exchange.py", app_cast.lead)
        app.radio(key="import-kind-en").set_value(kind).run()
        app.file_uploader(key="import").upload("log.csv", content)
        app.run()
        assert not app.exception
        assert any(told in text.value for text in app.markdown)
        assert app.dataframe[0].value["Position"].tolist() == ["TAX-1"]
        app.button(key="import-do").click().run()
        assert not app.exception
    assert app_database.rows("SELECT name, state FROM application") == [("Ada", "received")]


def test_an_export_is_made_when_asked_for(app_database, app_cast, opened):
    app = opened("exchange.py", app_cast.lead)
    app.button(key="export-make").click().run()
    assert not app.exception
    assert app.get("download_button")
