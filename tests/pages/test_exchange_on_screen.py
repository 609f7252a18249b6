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
    app.radio(key="import-kind").set_value("touchpoints").run()
    app.file_uploader(key="import").upload("log.csv", MATTERS)
    app.run()
    assert not app.exception
    assert any("1 new matters" in text.value for text in app.markdown)
    assert app.dataframe[0].value["Matter"].tolist() == ["T-1"]
    app.button(key="import-do").click().run()
    assert app_database.rows("SELECT ref, state FROM touchpoint") == [("T-1", "agency")]


def test_an_export_is_made_when_asked_for(app_database, app_cast, opened):
    app = opened("exchange.py", app_cast.lead)
    app.button(key="export-make").click().run()
    assert not app.exception
    assert app.get("download_button")
