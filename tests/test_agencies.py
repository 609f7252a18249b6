"""The agencies' reference file."""

from pathlib import Path

import pytest

from sandkasse import agencies, start
from sandkasse.agencies import Agency
from sandkasse.database import Database
from sandkasse.errors import NotConfigured
from sandkasse.journeys import Text

TAX = '[[agencies]]\nid = "tax"\nname = { nb = "Skatt", en = "Tax" }\norgnr = "974761076"\n'
NAV = '[[agencies]]\nid = "nav"\nname = { nb = "NAV", en = "NAV" }\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "agencies.toml"


def test_the_shipped_agencies_are_the_pilots_fourteen(db: Database) -> None:
    listed = agencies.listed(db)
    assert [agency.id for agency in listed] == [
        "narvik-kommune", "bronnoysundregistrene", "nav", "nve", "politiet", "skatteetaten", "udi",
        "uit", "statsforvalteren", "fylkeskommunen", "bufdir", "mattilsynet", "vegvesenet", "imdi",
    ]  # fmt: skip
    assert all(agency.name.nb and agency.name.en for agency in listed)
    assert len({agency.orgnr for agency in listed}) == 14


def test_a_changed_file_changes_names_and_order_and_loses_nobody(
    tmp_path: Path, file: Path
) -> None:
    db = Database.open(tmp_path / "a.duckdb")
    file.write_text(TAX + NAV)
    agencies.sync(db, file)
    assert agencies.listed(db) == [
        Agency("tax", Text(nb="Skatt", en="Tax"), "974761076"),
        Agency("nav", Text(nb="NAV", en="NAV")),
    ]
    file.write_text(NAV.replace('en = "NAV"', 'en = "Welfare"'))
    agencies.sync(db, file)
    assert [(one.id, one.name.en) for one in agencies.listed(db)] == [
        ("nav", "Welfare"),
        ("tax", "Tax"),
    ]
    db.close()


def test_an_unchanged_file_writes_nothing(db: Database) -> None:
    before = db.version
    agencies.sync(db, start.AGENCIES_FILE)
    assert db.version == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("agencies = ", "Invalid value"),
        ("", "'agencies' is missing"),
        ('[[agencies]]\nid = "tax"\n', "'name' is missing"),
        ('[[agencies]]\nid = "tax"\nname = { nb = "Skatt" }\n', "'en' is missing"),
        (TAX + TAX, "tax is there more than once"),
        (
            TAX.replace("974761076", "974761077"),
            "077 is not an organisation number",
        ),
    ],
)
def test_a_faulty_file_is_refused_by_name(file: Path, content: str, said: str) -> None:
    file.write_text(content)
    with pytest.raises(NotConfigured) as refusal:
        agencies.load(file)
    assert said in refusal.value.message
    assert str(file) in refusal.value.message


def test_a_missing_file_is_refused_by_name(file: Path) -> None:
    with pytest.raises(NotConfigured, match=r"agencies\.toml"):
        agencies.load(file)
