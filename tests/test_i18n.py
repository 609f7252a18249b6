"""The catalogues hold every text of the code, and dates and numbers follow the language."""

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from sandkasse import i18n
from sandkasse.config import PROJECT_FOLDER
from sandkasse.i18n import _, ngettext_

KEYWORDS = {"_": None, "N_": None, "ngettext_": (1, 2)}
SCREENS = [
    PROJECT_FOLDER / "app.py",
    *sorted((PROJECT_FOLDER / "pages").glob("*.py")),
    *sorted((PROJECT_FOLDER / "sandkasse" / "ui").rglob("*.py")),
]


def texts_of_the_code() -> set[str | tuple[str, ...]]:
    """Every text marked for translation."""
    found: set[str | tuple[str, ...]] = set()
    for folder in ("pages", "sandkasse"):
        for _file, _line, message, _comments, _context in extract_from_dir(
            PROJECT_FOLDER / folder, keywords=KEYWORDS, method_map=[("**.py", "python")]
        ):
            found.add(message)
    return found


def placeholders(text: str) -> set[str]:
    """The named places in a text."""
    return set(re.findall(r"\{(\w+)\}", text))


def test_every_text_of_the_code_is_in_the_catalogue_and_no_other():
    entries = i18n.catalogue("nb")
    assert entries is not None
    known = {entry.id for entry in entries if entry.id}
    assert texts_of_the_code() == known


def test_no_text_is_marked_inside_an_f_string_where_it_is_not_extracted():
    for file in [PROJECT_FOLDER / "app.py", *(PROJECT_FOLDER / "pages").glob("*.py"),
                 *(PROJECT_FOLDER / "sandkasse").rglob("*.py")]:  # fmt: skip
        for outer in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(outer, ast.JoinedStr):
                continue
            marked = [
                call
                for call in ast.walk(outer)
                if isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id in KEYWORDS
                and isinstance(call.args[0], ast.Constant)
            ]
            assert not marked, f"{file}:{outer.lineno}"


def test_every_text_is_translated_with_the_same_places():
    entries = i18n.catalogue("nb")
    assert entries is not None
    for entry in entries:
        if not entry.id:
            continue
        originals = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        translated = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        assert all(translated), entry.id
        assert placeholders(translated[-1]) == placeholders(originals[-1]), entry.id


def test_what_begins_a_sentence_in_one_language_does_in_the_other():
    entries = i18n.catalogue("nb")
    assert entries is not None
    for entry in entries:
        originals = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        translated = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        for said in zip(originals, translated, strict=True):
            first = [text[:1] for text in said]
            if all(map(str.isalpha, first)):
                assert first[0].isupper() == first[1].isupper(), said


#: The arguments of Streamlit's elements that people read.
READ = {
    "label", "body", "help", "placeholder", "caption", "title", "alt", "text",
}  # fmt: skip
NOT_READ = {
    "html", "component", "container", "columns", "fragment", "cache_resource", "switch_page",
    "get", "pop", "form", "space", "Page", "page_link", "set_page_config", "vega_lite_chart",
}  # fmt: skip
PROPER_NAMES = {"Sandkasse", "Språk / Language"}


def plain_strings(path: Path) -> list[tuple[int, str]]:
    """Strings given straight to an element of Streamlit, not through a catalogue."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        if not (isinstance(owner, ast.Name) and owner.id == "st") or node.func.attr in NOT_READ:
            continue
        first = node.args[:1]
        named = [keyword.value for keyword in node.keywords if keyword.arg in READ]
        found += [
            (node.lineno, value.value)
            for value in [*first, *named]
            if isinstance(value, ast.Constant) and isinstance(value.value, str)
        ]
    return found


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.stem)
def test_no_text_on_a_screen_is_outside_the_catalogues(path):
    written = [(line, text) for line, text in plain_strings(path) if text not in PROPER_NAMES]
    assert written == []


def test_bokmaal_writes_dates_and_numbers_as_norwegians_do():
    with i18n.in_language("nb"):
        assert i18n.date_text(date(2026, 11, 3), "long") == "3. november 2026"
        assert i18n.date_text(date(2026, 11, 3), "short") == "03.11.2026"
        assert i18n.number_text(1234567.5, 1) == "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,5"
        assert i18n.percent_text(0.26) == "26\N{NO-BREAK SPACE}%"
        assert i18n.list_text(["a", "b", "c"]) == "a, b og c"


def test_the_day_of_a_source_is_written_as_any_other_and_a_year_alone_stays_one():
    with i18n.in_language("nb"):
        assert i18n.dated_text("2022-12-22") == "22. des. 2022"
        assert i18n.dated_text("2022") == "2022"
    with i18n.in_language("en"):
        assert i18n.dated_text("2022-12-22") == "22 Dec 2022"


def test_a_moment_is_shown_as_the_clock_in_oslo_shows_it():
    summer, winter = datetime(2026, 7, 1, 7, 5, tzinfo=UTC), datetime(2026, 1, 1, 8, 5, tzinfo=UTC)
    with i18n.in_language("nb"):
        assert i18n.time_text(summer).endswith("kl. 09.05")
        assert i18n.time_text(winter).endswith("kl. 09.05")
    with i18n.in_language("en"):
        assert i18n.time_text(winter) == "1 Jan 2026, 09:05"


def test_one_and_many_are_told_apart_in_both_languages():
    for language, one, many in (("nb", "1 idé", "2 ideer"), ("en", "1 idea", "2 ideas")):
        with i18n.in_language(language):
            assert ngettext_("{n} idea", "{n} ideas", 1).format(n=1) == one
            assert ngettext_("{n} idea", "{n} ideas", 2).format(n=2) == many


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        (["nb-NO", "en"], "nb"),
        (["nn", "en"], "nb"),
        (["de", "en-GB"], "en"),
        (["de"], "en"),
        ([], "nb"),
    ],
)
def test_the_browsers_language_decides(accepted, chosen):
    assert i18n.best_match(accepted) == chosen


def test_an_unknown_language_reads_the_default():
    with i18n.in_language("xx"):
        assert _("Board") == "Tavle"


@pytest.mark.parametrize(
    ("days", "english", "norwegian"),
    [(0.0, "less than a day", "under ett døgn"), (0.99, "less than a day", "under ett døgn"),
     (1.0, "1 day", "1 dag"), (2.9, "2 days", "2 dager")],
)  # fmt: skip
def test_a_length_below_a_day_is_not_a_day_of_the_calendar(days, english, norwegian):
    with i18n.in_language("en"):
        assert i18n.days_text(days) == english
    with i18n.in_language("nb"):
        assert i18n.days_text(days) == norwegian
