"""The catalogue of what ideas ask of agencies."""

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sandkasse import agencies, clock, purposes, start
from sandkasse.errors import NotConfigured

ENTRY = """
[[purposes]]
id = "a"
agency = "nav"
name = { nb = "A", en = "A" }
text = { nb = "T", en = "T" }
source = "https://nav.no/a"
checked = 2026-01-01
"""


def written(folder: Path, text: str) -> Path:
    """A catalogue of this text."""
    path = folder / "touchpoints.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_purpose_says_what_where_and_when_in_both_languages():
    known = {agency.id for agency in agencies.load(start.AGENCIES_FILE)}
    assert len(purposes.listed()) >= 20
    for one in purposes.listed():
        assert one.agency_id in known, one.id
        for text in (one.name, one.text):
            assert text.nb, one.id
            assert text.en, one.id
            assert text.nb != text.en or text is one.name, one.id
        assert urlsplit(one.source).scheme in ("https", "http"), one.id
        assert one.checked <= clock.today()
        assert (one.typical_days is None) == (one.typical_note is None), one.id


def test_what_the_issue_names_is_there():
    ids = {one.id for one in purposes.listed()}
    assert {
        "register-company", "vat-registration", "tax-card", "payroll-reporting", "residence-permit",
        "benefit-while-starting", "food-business", "energy-licence", "police-certificate",
    } <= ids  # fmt: skip


def test_a_source_read_over_a_year_ago_is_stale():
    one = purposes.listed()[0]
    assert not one.stale(date(2027, 11, 23))
    assert one.stale(date(2027, 11, 24))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ENTRY + ENTRY, "more than once"),
        (ENTRY.replace("checked = 2026-01-01", ""), "checked"),
        (ENTRY + "surprise = 1\n", "surprise"),
        (ENTRY.replace('nb = "T"', 'nb = ""'), "nb"),
        ("[[wrong]]\n", "purposes"),
        ("x = [", "touchpoints.toml"),
    ],
)
def test_a_faulty_catalogue_is_refused_naming_the_file_and_the_fault(tmp_path, text, says):
    with pytest.raises(NotConfigured, match=says) as refused:
        purposes.load(written(tmp_path, text))
    assert "touchpoints.toml" in refused.value.message
